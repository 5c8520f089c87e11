/* Which outputs of a step its verb is asked for, and which of them it cannot give. */

#include "plan/internal.h"

static bool is_output(const struct plan_node *node, struct text name)
{
	for (const struct output *output = node->outputs; output && output->name; output++)
		if (text_is(name, output->name))
			return true;
	return false;
}

static void complain(struct planner *planner, const struct plan_node *node, struct text output,
		     struct text field, struct span span)
{
	struct lack lack = { 0 };
	if (span.source && node->args && node->type->lacks)
		lack = node->type->lacks(node->args, output, field);
	if (!lack.needs)
		return;
	diag_at(planner->diags, span, RB0413, "'%.*s%s%.*s' needs '%s'%s%s%s%s%s", TEXT_ARG(output),
		field.len ? "." : "", TEXT_ARG(field), lack.needs, lack.other ? " or '" : "",
		lack.other ? lack.other : "", lack.other ? "'" : "", lack.because ? ": " : "",
		lack.because ? lack.because : "");
	diag_hint(planner->diags, "%s", lack.hint);
}

void asked_note(struct planner *planner, struct step_build *step, struct text output,
		struct text field, struct span span)
{
	const struct plan_node *node = &step->node;
	const char *name;
	if (node->kind != PLAN_STEP || !node->type || !node->type->selects ||
	    !is_output(node, output))
		return;
	complain(planner, node, output, field, span);
	if (!step->asked) {
		step->asked = arena_new(planner->arena, struct map);
		map_init(step->asked, planner->arena);
	}
	name = arena_format(planner->arena, "%.*s%s%.*s", TEXT_ARG(output), field.len ? "." : "",
			    TEXT_ARG(field));
	map_set(step->asked, text_of(name), step);
}

void asked_freeze(struct planner *planner, struct step_build *step)
{
	struct text *names;

	if (!step->asked)
		return;
	names = arena_array(planner->arena, struct text, step->asked->count);
	for (size_t i = 0; i < step->asked->count; i++)
		names[i] = step->asked->at[i].key;
	step->node.asked = (struct asked){ names, step->asked->count };
}
