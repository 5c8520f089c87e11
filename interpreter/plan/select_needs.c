/* What a part of a runbook still evaluates, and a step that is left out would have given. */

#include "plan/internal.h"

struct needs {
	const struct plan *plan;
	struct arena *arena;
	struct diags *diags;
	const struct plan_node *from; /* that looks; NULL: none of the steps */
	bool good;
};

static bool is_always_there(struct text field)
{
	static const char *const names[] = { "status", "ok", "attempts", "duration" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(field, names[i]))
			return true;
	return false;
}

/* steps.ID.?FIELD; behind the field it is too late. */
static bool is_guarded(const struct expr_reference *reference)
{
	return reference->guard > 0 && reference->guard <= 2;
}

/* A step that runs only when the other one did well, or an expression that asks for that itself. */
static bool is_asked_for(const struct needs *needs, const struct plan_scope *scope,
			 const struct expr *expr, struct text id)
{
	const struct plan_node *at = needs->from;
	for (; at; at = at->parent == PLAN_NONE ? NULL : needs->plan->nodes[at->parent])
		if (at->scope == scope && expr_asks_for_ok(at->when, id))
			return true;
	return expr_asks_for_ok(expr, id);
}

/* What lets the step run too; word: of its id. */
static const char *way_out(const struct needs *needs, const struct plan_node *target)
{
	const char *by = target->left_out, *id = target->label;
	if (strstr(by, "--skip"))
		return "Let that step run: leave --skip of it out.";
	if (!id)
		return "Let that step run: give it an 'id' by which it can be chosen.";
	return strcmp(by, "--start-at") == 0
		       ? arena_format(needs->arena, "Let that step run: --start-at %s", id)
		       : arena_format(needs->arena, "Let that step run too: --only %s", id);
}

static void complain(struct needs *needs, const struct plan_node *target,
		     const struct expr_reference *reference, struct span span)
{
	struct text id = reference->path[1], field = reference->path[2];
	diag_at(needs->diags, span, RB0270,
		"'%.*s' of step '%.*s' is needed here, and it is left out by %s", TEXT_ARG(field),
		TEXT_ARG(id), target->left_out);
	diag_note(needs->diags, target->span, "the step that is left out");
	diag_hint(needs->diags, "%s", way_out(needs, target));
	diag_hint(needs->diags, "Or write steps.%.*s.?%.*s.orValue(...), where it may be absent.",
		  TEXT_ARG(id), TEXT_ARG(field));
	needs->good = false;
}

static void look(void *data, const struct plan_scope *scope, const struct expr *expr)
{
	struct needs *needs = data;
	size_t count = 0;
	const struct expr_reference *references = expr ? expr_references(expr, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		const struct expr_reference *reference = &references[i];
		if (reference->count < 3 || is_guarded(reference) || reference->tested ||
		    !text_is(reference->path[0], "steps") || is_always_there(reference->path[2]))
			continue;
		const struct plan_node *target = map_get(scope->ids, reference->path[1]);
		target = target ? needs->plan->nodes[target->slot] : NULL;
		if (target && target->left_out &&
		    !is_asked_for(needs, scope, expr, reference->path[1]))
			complain(needs, target, reference,
				 expr_span(expr, reference->from, reference->to));
	}
}

static void look_bound(struct needs *needs, const struct plan_scope *scope,
		       const struct bound *bound)
{
	for (size_t i = 0; bound && field_expr(bound, i); i++)
		look(needs, scope, field_expr(bound, i));
}

/* What stands beside the steps of a document. */
static void look_scope(struct needs *needs, const struct plan_scope *scope)
{
	needs->from = NULL;
	if (scope->node != PLAN_NONE && needs->plan->nodes[scope->node]->left_out)
		return;
	for (const struct plan_output *output = scope->outputs; output && output->name; output++)
		look(needs, scope, output->expr);
	look_bound(needs, scope, scope->rollback_env);
}

static void look_rollback(struct needs *needs)
{
	const struct plan_rollback *rollback = &needs->plan->rollback;
	const struct plan_scope *scope = needs->plan->scopes[0];
	needs->from = NULL;
	for (size_t i = 0; i < rollback->condition_count; i++) {
		const struct template *ask = rollback->conditions[i].ask;
		look(needs, scope, rollback->conditions[i].when);
		for (size_t k = 0; ask && k < ask->count; k++)
			look(needs, scope, ask->pieces[k].expr);
	}
}

bool plan_select_check(const struct plan *plan, struct arena *arena, struct diags *diags)
{
	struct needs needs = { .plan = plan, .arena = arena, .diags = diags, .good = true };
	for (size_t i = 0; i < plan->node_count; i++) {
		needs.from = plan->nodes[i];
		if (!needs.from->left_out && !needs.from->previews)
			node_exprs(needs.from, look, &needs);
	}
	look_rollback(&needs);
	for (size_t i = 0; i < plan->scope_count; i++)
		look_scope(&needs, plan->scopes[i]);
	return needs.good;
}
