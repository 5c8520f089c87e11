/* Which names are secret because of what they are computed from, and where such a secret stands
 * though none may. Reading has known the inputs only: what a name is made of may stand behind it.
 */

#include "plan/internal.h"

static bool any_secret(const struct planner *planner)
{
	for (size_t i = 0; i < planner->namespaces.count; i++) {
		const struct plan_scope *scope = &planner->namespaces.at[i]->scope;
		for (size_t k = 0; k < scope->input_count; k++)
			if (scope->inputs[k].secret)
				return true;
	}
	for (size_t i = 0; i < planner->nodes.count; i++)
		if (planner->nodes.at[i]->node.sensitive)
			return true;
	return false;
}

/* ---- marking ------------------------------------------------------------------------------- */

static bool mark_scope(struct planner *planner, const struct namespace *namespace)
{
	const struct plan_scope *scope = &namespace->scope;
	bool news = false;
	for (size_t i = 0; i < scope->var_count; i++)
		news |= field_value_mark(scope->vars[i].value, namespace->vars,
					 text_of(scope->vars[i].name), planner->arena);
	if (scope->env)
		news |= field_mark(scope->env, "env", namespace->env, planner->arena);
	return news;
}

/* The inputs of a use, from what it gives. */
static bool mark_inputs(struct planner *planner, const struct step_build *step)
{
	const struct plan_scope *scope = &step->inner->scope;
	bool news = false;
	for (size_t i = 0; i < scope->with_count; i++) {
		struct text name = text_of(scope->inputs[scope->with[i].input].name);
		if (scope->with[i].value)
			news |= field_value_mark(scope->with[i].value, step->inner->inputs, name,
						 planner->arena);
	}
	return news;
}

static bool mark_captures(struct planner *planner, const struct step_build *step)
{
	bool news = false;
	for (size_t i = 0; step->own_type && i < step->node.capture_count; i++) {
		const struct plan_capture *capture = &step->node.captures[i];
		if (capture->expr && expr_secret(capture->expr, planner->arena))
			news |= type_object_secret(step->own_type, text_of(capture->name));
	}
	return news;
}

/* What a use hands on, under its id and to its own assertions and captures. */
static bool mark_outputs(struct planner *planner, const struct step_build *step)
{
	const struct plan_node *node = &step->node;
	const struct type_field *own = NULL;
	bool news = false;
	if (node->id)
		own = type_object_get(step->room.namespace->steps, text_of(node->id));
	for (const struct plan_output *output = node->computed; output && output->name; output++) {
		if (!expr_secret(output->expr, planner->arena))
			continue;
		news |= own && type_object_secret(own->type, text_of(output->name));
		news |= node->after &&
			type_object_secret(node->after->names, text_of(output->name));
	}
	return news;
}

static bool mark_all(struct planner *planner)
{
	bool news = false;
	for (size_t i = 0; i < planner->namespaces.count; i++)
		news |= mark_scope(planner, planner->namespaces.at[i]);
	for (size_t i = 0; i < planner->nodes.count; i++) {
		const struct step_build *step = planner->nodes.at[i];
		if (step->inner)
			news |= mark_inputs(planner, step);
		news |= mark_captures(planner, step);
		news |= mark_outputs(planner, step);
	}
	return news;
}

/* ---- looking again ------------------------------------------------------------------------- */

static void check_scope(struct planner *planner, const struct plan_scope *scope)
{
	for (size_t i = 0; i < scope->var_count; i++)
		field_value_check_secrets(scope->vars[i].value, planner->arena, planner->diags);
}

static void check_bound(struct planner *planner, const struct plan_scope *scope,
			const struct bound *bound)
{
	if (!bound || field_check_secrets(bound, planner->arena, planner->diags))
		return;
	for (; scope && scope->node != PLAN_NONE; scope = scope->outer)
		diag_note(planner->diags, planner->nodes.at[scope->node]->node.span,
			  "it is given to the step here");
}

static void check_use(struct planner *planner, const struct plan_scope *inner)
{
	for (size_t i = 0; i < inner->with_count; i++) {
		const struct plan_with *with = &inner->with[i];
		if (with->words)
			place_check_secrets(with->words, planner->arena, planner->diags);
	}
}

static void check_rest(struct planner *planner)
{
	const struct plan_rollback *rollback = &planner->plan->rollback;
	for (size_t i = 0; i < rollback->condition_count; i++)
		if (rollback->conditions[i].ask)
			field_public(rollback->conditions[i].ask, "ask", planner->arena,
				     planner->diags);
	for (size_t i = 0; i < planner->locks.count; i++)
		field_public(planner->locks.at[i], "lock", planner->arena, planner->diags);
}

void secrecy_check(struct planner *planner)
{
	if (!any_secret(planner))
		return;
	while (mark_all(planner))
		;
	for (size_t i = 0; i < planner->namespaces.count; i++)
		check_scope(planner, &planner->namespaces.at[i]->scope);
	for (size_t i = 0; i < planner->nodes.count; i++) {
		const struct step_build *step = planner->nodes.at[i];
		check_bound(planner, step->node.scope, step->node.keys);
		check_bound(planner, step->node.scope, step->node.args);
		if (step->inner)
			check_use(planner, &step->inner->scope);
	}
	check_rest(planner);
}
