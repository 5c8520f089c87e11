/* Inputs and vars that are declared and never named. */

#include "plan/internal.h"

static void use(struct map *map, bool *all, const struct expr_reference *reference,
		struct arena *arena)
{
	if (!map->arena)
		map_init(map, arena);
	if (reference->count < 2)
		*all = true;
	else
		map_set(map, reference->path[1], map);
}

void use_note(struct planner *planner, const struct plan_scope *scope,
	      const struct expr_reference *reference)
{
	struct namespace *namespace = planner->namespaces.at[scope->index];
	if (text_is(reference->path[0], "inputs"))
		use(&namespace->used_inputs, &namespace->all_inputs, reference, planner->arena);
	else if (text_is(reference->path[0], "vars"))
		use(&namespace->used_vars, &namespace->all_vars, reference, planner->arena);
}

static bool is_used(const struct map *map, bool all, const char *name)
{
	return all || (map->arena && map_get(map, text_of(name)));
}

static void warn(struct planner *planner, struct span span, const char *what, const char *name)
{
	diag_at(planner->diags, span, RB0243, "%s '%s' is never used", what, name);
	diag_hint(planner->diags, "Write ${{ %ss.%s }} where it is meant, or remove it.", what,
		  name);
}

/* A secret is masked in all output, used or not. */
static void inputs_check(struct planner *planner, const struct namespace *namespace, size_t first)
{
	for (size_t i = first; i < namespace->scope.input_count; i++) {
		const struct input *input = &namespace->scope.inputs[i];
		if (!input->secret && !input->fragment &&
		    !is_used(&namespace->used_inputs, namespace->all_inputs, input->name))
			warn(planner, input->span, "input", input->name);
	}
}

/* Those of a fragment are there for others, too. */
static void vars_check(struct planner *planner, const struct namespace *namespace)
{
	for (size_t i = 0; i < namespace->scope.var_count; i++) {
		const struct plan_var *var = &namespace->scope.vars[i];
		if (var->span.source == namespace->document->source &&
		    !is_used(&namespace->used_vars, namespace->all_vars, var->name))
			warn(planner, var->span, "var", var->name);
	}
}

/* What the library itself declares is for all of its steps. */
static void library_inputs_check(struct planner *planner, const struct document *document)
{
	for (size_t i = 0; i < planner->nodes.count; i++) {
		const struct step_build *step = planner->nodes.at[i];
		if (step->library && step->inner && step->use->library->document == document)
			inputs_check(planner, step->inner, step->use->library->inputs.count);
	}
}

void unused_check(struct planner *planner, const struct document *document)
{
	if (document->kind == DOCUMENT_LIBRARY)
		library_inputs_check(planner, document);
	if (document->kind != DOCUMENT_RUNBOOK)
		return;
	inputs_check(planner, planner->namespaces.at[0], 0);
	vars_check(planner, planner->namespaces.at[0]);
}
