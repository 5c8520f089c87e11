/* rollback: mode, conditions, environment; its steps are a section like the others. */

#include "plan/internal.h"

struct rollback_keys {
	int mode;
	bool verify;
	const struct node *conditions, *env, *steps;
};

static const char *const modes[] = { "ask", "automatic", "manual", NULL };

const struct field rollback_rows[] = {
	CHOICE(struct rollback_keys, mode, .choices = modes, .dflt = "ask",
	       .doc = "ask on a terminal, automatic, or manual: only by 'runbook rollback RUN'."),
	NODE(struct rollback_keys, conditions,
	     .doc = "List of {reason, when} and {reason, ask}; without it a rollback is always "
		    "offered."),
	NODE(struct rollback_keys, env,
	     .doc = "Environment of undo, rollback steps and the second verify."),
	NODE(struct rollback_keys, steps, .doc = "Steps after the undos."),
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
	NODE(struct condition_keys, when, .doc = "CEL, bool; may use error."),
	NODE(struct condition_keys, ask, .doc = "Question to the operator."),
	{ 0 },
};

static bool condition_read(struct planner *planner, struct namespace *namespace,
			   const struct node *node, struct plan_condition *condition)
{
	struct field_context context = { .what = "a condition", .elsewhere = key_elsewhere };
	struct condition_keys keys = { 0 };
	if (!field_load(condition_rows, node, &context, &keys, planner->arena, planner->diags))
		return false;
	if (!keys.when == !keys.ask) {
		diag_at(planner->diags, node->span, RB0230,
			"a condition has either 'when' or 'ask'");
		diag_hint(planner->diags,
			  "Write: {reason: NAME, when: EXPRESSION}, or {reason: NAME, "
			  "ask: QUESTION}");
		return false;
	}
	condition->reason = keys.reason;
	if (keys.when)
		condition->when = template_read_expr(keys.when, &namespace->options, planner->arena,
						     planner->diags);
	else
		condition->ask = public_read(planner, keys.ask, &namespace->options, "ask");
	return condition->when || condition->ask;
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

void rollback_read(struct planner *planner, struct namespace *namespace, const struct node *node)
{
	struct plan_rollback *rollback = &planner->plan->rollback;
	struct field_context context = { .what = "rollback", .elsewhere = key_elsewhere };
	struct rollback_keys keys = { 0 };
	rollback->verify = true;
	if (!node)
		return;
	if (!field_load(rollback_rows, node, &context, &keys, planner->arena, planner->diags))
		return;
	rollback->declared = true;
	rollback->mode = (enum rollback_mode)keys.mode;
	rollback->verify = keys.verify;
	rollback->env = env_read(planner, namespace, keys.env);
	if (keys.conditions)
		conditions_read(planner, namespace, keys.conditions, rollback);
}
