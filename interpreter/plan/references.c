/* What expressions refer to: steps that have run by then, and outputs that must be kept for them.
 */

#include "plan/internal.h"

/* An expression and the place from which it looks. */
struct look {
	struct planner *planner;
	const struct plan_scope *scope;
	const struct step_build *from; /* NULL: the end of the scope, where all has run */
	bool late;                     /* `error` and rollback.inputs may be named */
	bool any_order;                /* an undo, rollback step or finally sees every name */
};

static const char *const always_there[] = { "status", "ok", "attempts", NULL };

static bool is_always_there(struct text field)
{
	for (const char *const *name = always_there; *name; name++)
		if (text_is(field, *name))
			return true;
	return false;
}

/* ---- what must be kept --------------------------------------------------------------------- */

static void keep_all(struct planner *planner, struct step_build *step);

/* What an expression reads of a step. */
struct named {
	struct text output;
	struct text field; /* of it; empty: all of it */
	struct span span;  /* without a source: it may be that nothing is meant */
};

static void keep(struct planner *planner, struct step_build *step, struct named named)
{
	if (!step->kept.arena)
		map_init(&step->kept, planner->arena);
	if (is_always_there(named.output))
		return;
	if (step->pattern) {
		if (text_is(named.output, "results"))
			keep_all(planner, step->pattern);
		return;
	}
	asked_note(planner, step, named.output, named.field, named.span);
	map_set(&step->kept, named.output, step);
	if (step->node.kind != PLAN_LIBRARY || step->node.computed)
		return;
	/* The outputs of a library step are those of its last step. */
	int32_t last = PLAN_NONE;
	for (int32_t at = step->node.child; at != PLAN_NONE; at = planner->nodes.at[at]->node.next)
		last = at;
	if (last != PLAN_NONE)
		keep(planner, planner->nodes.at[last], named);
}

static void keep_all(struct planner *planner, struct step_build *step)
{
	if (step->pattern)
		step = step->pattern;
	for (const struct output *output = step->node.outputs; output && output->name; output++)
		keep(planner, step, (struct named){ .output = text_of(output->name) });
	for (size_t i = 0; i < step->node.capture_count; i++)
		keep(planner, step,
		     (struct named){ .output = text_of(step->node.captures[i].name) });
}

/* ---- order --------------------------------------------------------------------------------- */

static bool is_around(const struct planner *planner, const struct step_build *outer,
		      const struct step_build *inner)
{
	for (int32_t at = inner->node.slot; at != PLAN_NONE;
	     at = planner->nodes.at[at]->node.parent)
		if (at == outer->node.slot)
			return true;
	return false;
}

static void look_order(const struct look *look, const struct step_build *target, struct span span)
{
	struct planner *planner = look->planner;
	const char *id = target->node.id ? target->node.id : target->node.title;
	if (!look->from || look->any_order)
		return;
	if (target == look->from) {
		diag_at(planner->diags, span, RB0220, "step '%s' cannot refer to itself by its id",
			id);
		diag_hint(planner->diags,
			  "In assert, capture and retry its outputs are bare names.");
		return;
	}
	bool around = is_around(planner, target, look->from);
	bool same = graph_root(planner, target->node.slot) ==
		    graph_root(planner, look->from->node.slot);
	if (!around && (same ? graph_is_before(planner, target->node.slot, look->from->node.slot)
			     : target->node.slot < look->from->node.slot))
		return;
	bool later = !same || graph_is_before(planner, look->from->node.slot, target->node.slot);
	diag_at(planner->diags, span, RB0220,
		around  ? "step '%s' has not ended here"
		: later ? "step '%s' runs later"
			: "step '%s' may not have ended here",
		id);
	diag_note(planner->diags, target->node.span, "it stands here");
	if (around || later)
		diag_hint(planner->diags, "An expression can use only what ran before it.");
	else
		diag_hint(planner->diags, "Let this step wait for it: 'needs: [%s]'.", id);
}

/* Why a step may have given nothing. */
struct absence {
	const char *why;         /* NULL: it has surely run well */
	const struct node *node; /* what says so, or NULL */
	const char *note;        /* about that */
};

/* What makes the target conditional, but not the looker too: the step around both whose `when` is
 * meant is passed over. */
static const struct step_build *condition_of(const struct look *look,
					     const struct step_build *target)
{
	const struct planner *planner = look->planner;
	for (const struct step_build *at = target; at->node.conditional;) {
		bool both = look->from && at != target && is_around(planner, at, look->from);
		if (at->node.when && !both)
			return at;
		if (at->node.parent == PLAN_NONE)
			break;
		at = planner->nodes.at[at->node.parent];
	}
	return NULL;
}

static struct absence absence_of(const struct look *look, const struct step_build *target)
{
	const struct step_build *condition = condition_of(look, target);
	struct absence absence = { 0 };
	if (target->node.on_failure == ON_FAILURE_CONTINUE) {
		absence.why = "may have failed";
		absence.node = node_get(target->node.node, "on_failure");
		absence.note = "the run goes on when it fails";
	} else if (condition) {
		absence.why = "may not have run";
		absence.node = node_get(condition->node.node, "when");
		absence.note = "it runs only when this is true";
	} else if (look->late && look->from && !look->from->room.undo) {
		absence.why = "may not have run";
	}
	return absence;
}

/* A step that runs only when the other one did well. */
static bool is_asked_for(const struct look *look, struct text id)
{
	const struct planner *planner = look->planner;
	int32_t at = look->from ? look->from->node.slot : PLAN_NONE;
	for (; at != PLAN_NONE; at = planner->nodes.at[at]->node.parent)
		if (planner->nodes.at[at]->node.scope == look->scope &&
		    expr_asks_for_ok(planner->nodes.at[at]->node.when, id))
			return true;
	return false;
}

/* What may stand in place of a value of the type. */
static const char *stand_in(const struct type *type)
{
	switch (type->kind) {
	case TYPE_STRING:
		return "''";
	case TYPE_BOOL:
		return "false";
	case TYPE_INT:
	case TYPE_DOUBLE:
		return "0";
	case TYPE_LIST:
		return "[]";
	case TYPE_MAP:
		return "{}";
	default:
		return "null";
	}
}

static const char *stand_in_of(const struct namespace *namespace, const struct expr_reference *name)
{
	const struct type_field *step = type_object_get(namespace->steps, name->path[1]);
	const struct type_field *field = step && step->type->kind == TYPE_OBJECT
						 ? type_object_get(step->type, name->path[2])
						 : NULL;
	return field ? stand_in(field->type) : "''";
}

static void look_absent(const struct look *look, const struct step_build *target,
			const struct expr_reference *reference, struct span span)
{
	struct diags *diags = look->planner->diags;
	if (reference->count < 3 || reference->guard || is_always_there(reference->path[2]))
		return;
	struct absence absence = absence_of(look, target);
	struct text step = reference->path[1], field = reference->path[2];
	if (!absence.why || is_asked_for(look, step))
		return;
	diag_at(diags, span, RB0221, "'%.*s' may be absent here: step '%.*s' %s", TEXT_ARG(field),
		TEXT_ARG(step), absence.why);
	if (absence.node)
		diag_note(diags, absence.node->span, "%s", absence.note);
	diag_hint(diags, "Write steps.%.*s.?%.*s.orValue(%s), or what else holds then.",
		  TEXT_ARG(step), TEXT_ARG(field),
		  stand_in_of(look->planner->namespaces.at[look->scope->index], reference));
	if (absence.node && look->from && !look->late)
		diag_hint(diags,
			  "Or let this step run only when that one did: when: "
			  "steps.%.*s.ok",
			  TEXT_ARG(step));
}

/* ---- one reference ------------------------------------------------------------------------- */

static void look_twins(const struct look *look, const struct namespace *namespace, struct text id,
		       struct span span)
{
	const struct step_build *first = map_get(&namespace->ids, id);
	const struct step_build *second = map_get(&namespace->twins, id);
	if (!second || node_get(first->node.node, "id"))
		return;
	diag_at(look->planner->diags, span, RB0219, "'%.*s' is the name of two steps",
		TEXT_ARG(id));
	diag_note(look->planner->diags, first->node.span, "one");
	diag_note(look->planner->diags, second->node.span, "the other");
	diag_hint(look->planner->diags, "Give the one that is meant an 'id'.");
}

/* From outside of a loop a step in it is none: it runs once for each item. True after a complaint.
 */
static bool look_rounds(const struct look *look, const struct step_build *target, struct span span)
{
	int32_t loop = loop_around(look->planner, target->node.slot);
	const struct step_build *around = loop == PLAN_NONE ? NULL : look->planner->nodes.at[loop];
	if (!around || (look->from && is_around(look->planner, around, look->from)))
		return false;
	diag_at(look->planner->diags, span, RB0220, "step '%s' runs once for each item",
		target->node.id);
	diag_note(look->planner->diags, around->node.span, "for each item of this one");
	diag_hint(look->planner->diags,
		  "Outside of a for_each its results are known: "
		  "steps.%s.results.",
		  around->node.id ? around->node.id : "ID");
	return true;
}

/* From that part of its path on. */
static struct named named_by(const struct expr_reference *reference, size_t from, struct span span)
{
	struct text field = reference->count > from + 1 ? reference->path[from + 1] : TEXT("");
	return (struct named){ reference->path[from], field, span };
}

static void look_step(const struct look *look, const struct expr_reference *reference,
		      struct span span)
{
	const struct namespace *namespace = look->planner->namespaces.at[look->scope->index];
	if (reference->count == 1) {
		for (size_t i = 0; i < namespace->ids.count; i++)
			keep_all(look->planner, namespace->ids.at[i].value);
		return;
	}
	struct step_build *target = map_get(&namespace->ids, reference->path[1]);
	if (!target)
		return; /* told by the compiler, with the nearest id */
	look_twins(look, namespace, reference->path[1], span);
	if (look_rounds(look, target, span))
		return;
	look_order(look, target, span);
	look_absent(look, target, reference, span);
	if (reference->count == 2)
		keep_all(look->planner, target);
	else
		keep(look->planner, target, named_by(reference, 2, span));
}

static void look_input(const struct look *look, const struct expr_reference *reference,
		       struct span span)
{
	bool verify = look->from && look->from->node.section == SECTION_VERIFY;
	if (reference->count < 2 || look->late || verify)
		return;
	const struct input *input = input_find(look->scope->inputs, look->scope->input_count,
					       reference->path[1]);
	if (!input || !input->rollback)
		return;
	diag_at(look->planner->diags, span, RB0235, "'%s' is an input of the rollback",
		input->name);
	diag_note(look->planner->diags, input->span, "declared here");
	diag_hint(look->planner->diags, "It is known in undo, verify, finally and in 'rollback'.");
}

/* item and index: in a for_each of the same document. */
static void look_item(const struct look *look, struct text name, struct span span)
{
	if (look->from && loop_around(look->planner, look->from->node.slot) != PLAN_NONE)
		return;
	diag_at(look->planner->diags, span, RB0244, "there is no '%.*s' here", TEXT_ARG(name));
	diag_hint(look->planner->diags, "It is known in a step with 'for_each'.");
}

/* A bare output of a library step is one of its last step's. */
static void look_output(const struct look *look, const struct expr_reference *reference,
			struct span span)
{
	struct planner *planner = look->planner;
	struct step_build *step = planner->nodes.at[look->from->node.slot];
	struct named named = named_by(reference, 0, span);
	for (const struct output *output = step->node.outputs; output && output->name; output++) {
		if (!text_is(named.output, output->name))
			continue;
		if (step->node.kind == PLAN_LIBRARY)
			keep(planner, step, named);
		else
			asked_note(planner, step, named.output, named.field, span);
	}
}

static void look_expr(const struct look *look, const struct expr *expr)
{
	size_t count = 0;
	const struct expr_reference *references = expr ? expr_references(expr, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		struct span span = expr_span(expr, references[i].from, references[i].to);
		use_note(look->planner, look->scope, &references[i]);
		if (text_is(references[i].path[0], "steps")) {
			look_step(look, &references[i], span);
		} else if (text_is(references[i].path[0], "inputs")) {
			look_input(look, &references[i], span);
		} else if (text_is(references[i].path[0], "run")) {
			last_look(look->planner, look->scope, look->from, &references[i], span);
		} else if (text_is(references[i].path[0], "item") ||
			   text_is(references[i].path[0], "index")) {
			look_item(look, references[i].path[0], span);
		} else if (text_is(references[i].path[0], "error") && !look->late) {
			diag_at(look->planner->diags, span, RB0222, "there is no 'error' here");
			diag_hint(look->planner->diags,
				  "It is known in rollback, its conditions, undo and finally.");
		} else if (look->from) {
			look_output(look, &references[i], span);
		}
	}
}

static void look_bound(const struct look *look, const struct bound *bound)
{
	for (size_t i = 0; bound && field_expr(bound, i); i++)
		look_expr(look, field_expr(bound, i));
}

static void look_template(const struct look *look, const struct template *template)
{
	for (size_t i = 0; template && i < template->count; i++)
		look_expr(look, template->pieces[i].expr);
}

/* ---- a step -------------------------------------------------------------------------------- */

static void look_one(void *data, const struct plan_scope *scope, const struct expr *expr)
{
	struct look look = *(const struct look *)data;
	look.scope = scope;
	look_expr(&look, expr);
}

static void look_node(struct planner *planner, const struct step_build *step)
{
	const struct plan_node *node = &step->node;
	struct look look = { planner, node->scope, step, node->late,
			     step->room.undo || (node->late && node->section == SECTION_FINALLY) };
	node_exprs(node, look_one, &look);
	struct look after = { planner, node->inner, NULL, node->late, true };
	for (const struct plan_output *output = node->computed; output && output->name; output++)
		look_expr(&after, output->expr);
}

/* What stands outside of the steps: before all of them, or behind. */
static void look_scope(struct planner *planner, const struct plan_scope *scope)
{
	struct look before = { planner, scope, NULL, false, true };
	struct look rollback = { planner, scope, NULL, true, true };
	for (size_t i = 0; i < scope->var_count; i++)
		for (size_t k = 0; field_value_expr(scope->vars[i].value, k); k++)
			look_expr(&before, field_value_expr(scope->vars[i].value, k));
	look_bound(&before, scope->env);
	look_bound(&before, scope->defaults);
	for (const struct plan_output *output = scope->outputs; output && output->name; output++)
		look_expr(&before, output->expr);
	look_bound(&rollback, scope->rollback_env);
}

static void look_document(struct planner *planner)
{
	const struct plan_scope *scope = planner->plan->scopes[0];
	struct look look = { planner, scope, NULL, true, true };
	const struct plan_rollback *rollback = &planner->plan->rollback;
	for (size_t i = 0; i < rollback->condition_count; i++) {
		look_expr(&look, rollback->conditions[i].when);
		look_template(&look, rollback->conditions[i].ask);
	}
	for (size_t i = 0; i < planner->locks.count; i++) {
		look = (struct look){ planner, planner->lock_scopes.at[i], NULL, false, true };
		look_template(&look, planner->locks.at[i]);
	}
	for (size_t i = 0; i < planner->plan->scope_count; i++)
		look_scope(planner, planner->plan->scopes[i]);
}

static void kept_freeze(struct planner *planner, struct step_build *step)
{
	struct text *kept = arena_array(planner->arena, struct text, step->kept.count);
	for (size_t i = 0; i < step->kept.count; i++)
		kept[i] = step->kept.at[i].key;
	step->node.kept = kept;
	step->node.kept_count = step->kept.count;
}

void references_check(struct planner *planner)
{
	for (size_t i = 0; i < planner->nodes.count; i++)
		look_node(planner, planner->nodes.at[i]);
	look_document(planner);
	for (size_t i = 0; i < planner->nodes.count; i++)
		kept_freeze(planner, planner->nodes.at[i]);
	for (size_t i = 0; i < planner->nodes.count; i++)
		asked_freeze(planner, planner->nodes.at[i]);
}
