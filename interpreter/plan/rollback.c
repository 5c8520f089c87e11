/* rollback: mode, conditions, inputs, environment; its preconditions and steps are sections like
 * the others. */

#include "plan/internal.h"

struct rollback_keys {
	int mode;
	bool verify;
	const struct node *conditions, *inputs, *env, *preconditions, *steps;
};

static const char *const modes[] = { "ask", "automatic", "manual", NULL };

const struct field rollback_rows[] = {
	CHOICE(struct rollback_keys, mode, .choices = modes, .dflt = "ask",
	       .doc = "ask on a terminal, automatic, or manual: only by 'runbook rollback RUN'."),
	NODE(struct rollback_keys, conditions, .form = "list of maps",
	     .doc = "List of {reason, when} and {reason, ask}; without it a rollback is always "
		    "offered."),
	NODE(struct rollback_keys, inputs, .form = "map of names to inputs",
	     .doc = "Inputs of a rollback, each with a default; given to 'runbook rollback RUN', "
		    "and "
		    "inputs.NAME in undo, verify and everything of a rollback."),
	NODE(struct rollback_keys, env, .form = "map of names to texts",
	     .doc = "Environment of undo, rollback steps and the second verify."),
	NODE(struct rollback_keys, preconditions, .form = "list of steps",
	     .doc = "Steps that change nothing and must all hold before the first undo; else "
		    "nothing "
		    "is undone."),
	NODE(struct rollback_keys, steps, .form = "list of steps", .doc = "Steps after the undos."),
	BOOL(struct rollback_keys, verify, .dflt = "true",
	     .doc = "false: verify is not run again, and the rollback counts as unverified."),
	{ 0 },
};

struct condition_keys {
	const char *reason;
	const struct node *when, *ask;
};

const struct field condition_rows[] = {
	STRING(struct condition_keys, reason, .flags = FIELD_LITERAL | FIELD_REQUIRED,
	       .doc = "Its name, for --reason and the record."),
	NODE(struct condition_keys, when, .form = "CEL, bool", .doc = "CEL, bool; may use error."),
	NODE(struct condition_keys, ask, .form = "text", .doc = "Question to the operator."),
	{ 0 },
};

static bool condition_read(struct planner *planner, struct namespace *namespace,
			   const struct node *node, struct plan_condition *condition)
{
	struct field_context context = { .what = "a condition", .elsewhere = key_elsewhere };
	struct condition_keys keys = { 0 };
	bool good = field_load(condition_rows, node, &context, &keys, planner->arena,
			       planner->diags);
	if (good && !keys.when == !keys.ask) {
		diag_at(planner->diags, node->span, RB0230,
			"a condition has either 'when' or 'ask'");
		diag_hint(planner->diags,
			  "Write: {reason: NAME, when: EXPRESSION}, or {reason: NAME, "
			  "ask: QUESTION}");
		good = false;
	}
	condition->reason = keys.reason;
	if (keys.when)
		condition->when = template_read_expr(keys.when, &namespace->options, planner->arena,
						     planner->diags);
	else if (keys.ask)
		condition->ask = public_read(planner, keys.ask, &namespace->options, "ask");
	bool_check(planner, condition->when, "'when'");
	return good && (condition->when || condition->ask);
}

static void conditions_read(struct planner *planner, struct namespace *namespace,
			    const struct node *node, struct plan_rollback *rollback)
{
	if (node->kind != NODE_LIST || node->count == 0) {
		diag_at(planner->diags, node->span, RB0230,
			"'conditions' is a list with at least one condition");
		diag_hint(
			planner->diags,
			"Write: conditions: [{reason: NAME, when: EXPRESSION}]; without the key a "
			"rollback is always offered.");
		return;
	}
	struct plan_condition *conditions = arena_array(planner->arena, struct plan_condition,
							node->count);
	size_t count = 0;
	for (uint32_t i = 0; i < node->count; i++)
		if (condition_read(planner, namespace, &node->items[i], &conditions[count]))
			count++;
	rollback->conditions = conditions;
	rollback->condition_count = count;
}

/* ---- inputs -------------------------------------------------------------------------------- */

static void input_check(struct planner *planner, const struct input *input)
{
	if (input->secret) {
		diag_at(planner->diags, input->span, RB0234,
			"'%s' of a rollback cannot be a secret: it would have no default",
			input->name);
		diag_hint(planner->diags, "Declare the secret in the runbook's own 'inputs': a "
					  "rollback reads it again.");
	} else if (!input->dflt) {
		diag_at(planner->diags, input->span, RB0234, "'%s' of a rollback has no default",
			input->name);
		diag_hint(planner->diags, "Add 'default': nobody is asked before a rollback that "
					  "goes ahead by itself.");
	}
}

/* Behind those of the document, so that one name is declared once. */
void rollback_inputs_read(struct planner *planner, const struct node *rollback,
			  struct inputs *inputs)
{
	size_t own = inputs->count;
	if (!rollback || rollback->kind != NODE_MAP)
		return;
	inputs_read(planner, node_get(rollback, "inputs"), NULL, false, inputs);
	for (size_t i = own; i < inputs->count; i++) {
		inputs->at[i].rollback = true;
		input_check(planner, &inputs->at[i]);
	}
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* Of a called runbook only the environment counts: mode and conditions are the caller's. */
void rollback_read(struct planner *planner, struct namespace *namespace)
{
	const struct node *node = namespace->document->rollback;
	struct field_context context = { .what = "rollback", .elsewhere = key_elsewhere };
	struct rollback_keys keys = { .verify = true };
	struct plan_rollback rollback = { .declared = node != NULL };
	/* What could be read is looked at all the same. */
	if (node)
		field_load(rollback_rows, node, &context, &keys, planner->arena, planner->diags);
	namespace->scope.rollback_env = env_read(planner, namespace, keys.env);
	rollback.mode = (enum rollback_mode)keys.mode;
	rollback.verify = keys.verify;
	if (keys.conditions)
		conditions_read(planner, namespace, keys.conditions, &rollback);
	if (namespace->scope.kind == SCOPE_DOCUMENT)
		planner->plan->rollback = rollback;
}

/* Where the document itself uses what goes back: of what a call brings that is the call. */
static struct span span_of_undo(const struct planner *planner, const struct plan_node *node)
{
	const struct node *undo = node_get(node->node, "undo");
	struct span span = undo ? undo->span : node->span;
	for (int32_t at = node->slot; at != PLAN_NONE; at = planner->nodes.at[at]->node.parent)
		if (planner->nodes.at[at]->node.kind == PLAN_CALL)
			span = planner->nodes.at[at]->node.span;
	return span;
}

/* Where the document says that it can go back; false: nowhere. */
static bool goes_back_at(const struct planner *planner, const struct document *document,
			 struct span *span)
{
	if (document->rollback) {
		*span = document->rollback->span;
		return true;
	}
	for (size_t i = 0; i < planner->nodes.count; i++) {
		const struct plan_node *node = &planner->nodes.at[i]->node;
		if (node->undo == PLAN_NONE)
			continue;
		*span = span_of_undo(planner, node);
		return true;
	}
	return false;
}

void rollback_check(struct planner *planner, const struct document *document)
{
	const struct plan *plan = planner->plan;
	struct span span;
	if (document->kind != DOCUMENT_RUNBOOK || plan->sections[SECTION_VERIFY] != PLAN_NONE ||
	    (document->rollback && !plan->rollback.verify) ||
	    !goes_back_at(planner, document, &span))
		return;
	diag_at(planner->diags, span, RB0246,
		"nothing verifies a rollback: it will always end with exit 4");
	diag_hint(planner->diags,
		  "Add 'verify', or say that it is meant: rollback: {verify: false}");
}

/* ---- for people ---------------------------------------------------------------------------- */

static bool can_go_back(const struct plan *plan)
{
	bool can = plan->rollback.declared;
	for (size_t i = 0; i < plan->node_count; i++)
		can = can || plan->nodes[i]->undo != PLAN_NONE;
	return can;
}

void rollback_show(struct buffer *out, const struct plan *plan)
{
	static const char *const meanings[] = {
		[ROLLBACK_ASK] = "asked for on a terminal",
		[ROLLBACK_AUTOMATIC] = "goes ahead by itself",
		[ROLLBACK_MANUAL] = "only by 'runbook rollback RUN'",
	};
	const struct plan_rollback *rollback = &plan->rollback;
	if (!can_go_back(plan))
		return;
	buffer_printf(out, "rollback mode   %s: %s\n", modes[rollback->mode],
		      meanings[rollback->mode]);
	for (size_t i = 0; i < rollback->condition_count; i++) {
		const struct plan_condition *condition = &rollback->conditions[i];
		buffer_puts(out, "  ");
		text_neutralise(out, text_of(condition->reason), false);
		buffer_puts(out, condition->when ? ": when " : ": asks ");
		text_neutralise(out,
				condition->when ? expr_text(condition->when)
						: condition->ask->node->text,
				false);
		buffer_putc(out, '\n');
	}
	if (rollback->condition_count == 0)
		buffer_puts(out, "  whenever the run fails and has changed something\n");
	if (!rollback->verify)
		buffer_puts(out, "  verify is not run again: it stays unverified, exit 4\n");
	else if (plan->sections[SECTION_VERIFY] == PLAN_NONE)
		buffer_puts(out, "  there is no verify: it stays unverified, exit 4\n");
}
