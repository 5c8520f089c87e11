/* What a step offers to expressions: the type of steps.ID. */

#include "plan/internal.h"

static void add(struct planner *planner, struct type *object, const char *name,
		const struct type *type)
{
	type_object_add(object, text_of(name), type, (struct span){ 0 }, planner->arena);
}

static struct type *step_type_new(struct planner *planner, const struct output *outputs)
{
	struct type *type = type_object("output", true, planner->arena);
	add(planner, type, "status", &type_string);
	add(planner, type, "ok", &type_bool);
	add(planner, type, "attempts", &type_int);
	add(planner, type, "started_at", &type_timestamp);
	add(planner, type, "duration", &type_duration);
	for (; outputs && outputs->name; outputs++)
		add(planner, type, outputs->name, outputs->type);
	return type;
}

/* All steps of a verb share its type; those with captures have one over it. */
static const struct type *step_type_shared(struct planner *planner, const struct output *outputs)
{
	struct text key = { (const char *)&outputs, sizeof(outputs) };
	struct type *type = map_get(&planner->step_types, key);
	if (type)
		return type;
	type = step_type_new(planner, outputs);
	map_set(&planner->step_types, arena_text(planner->arena, key), type);
	return type;
}

static void declare_captures(struct planner *planner, struct step_build *step,
			     const struct node *captures)
{
	for (uint32_t i = 0; i < captures->count; i++) {
		const struct node *key = &captures->entries[i].key;
		if (!name_check(planner, key, "the name of a capture"))
			continue;
		if (type_object_get(step->own_type, key->text)) {
			diag_at(planner->diags, key->span, RB0208,
				"capture '%.*s' is named like something that the step already has",
				TEXT_ARG(key->text));
			diag_hint(planner->diags, "Give the capture another name.");
			continue;
		}
		type_object_add(step->own_type, key->text, &type_dyn, key->span, planner->arena);
	}
}

/* Of a sensitive step: all that it gives is secret. */
static struct type *step_type_sensitive(struct planner *planner, const struct output *outputs)
{
	struct type *type = step_type_new(planner, outputs);
	for (; outputs && outputs->name; outputs++)
		type_object_secret(type, text_of(outputs->name));
	return type;
}

static bool is_sensitive(const struct step_build *step)
{
	const struct node *node = node_get(step->node.node, "sensitive");
	return node && node->kind == NODE_SCALAR && text_is(node->text, "true");
}

void step_declare(struct planner *planner, struct step_build *step)
{
	const struct node *captures = node_get(step->node.node, "capture");
	const struct type *type = is_sensitive(step)
					  ? step_type_sensitive(planner, step->node.outputs)
					  : step_type_shared(planner, step->node.outputs);
	if (step->node.kind == PLAN_LOOP) {
		struct type *rounds = step_type_new(planner, NULL);
		add(planner, rounds, "results", type_list(&type_dyn, planner->arena));
		captures = NULL;
		type = rounds;
	}
	if (captures && captures->kind == NODE_MAP) {
		step->own_type = type_object_over(type, planner->arena);
		declare_captures(planner, step, captures);
		type = step->own_type;
	}
	if (step->node.id)
		type_object_add(step->room.namespace->steps, text_of(step->node.id), type,
				step->node.node->span, planner->arena);
}

void step_declare_flawed(struct planner *planner, struct step_build *step)
{
	step->flawed = true;
	if (!node_get(step->node.node, "id") && !node_get(step->node.node, "name"))
		return;
	step_name(planner, step, true);
	if (step->node.id)
		type_object_add(step->room.namespace->steps, text_of(step->node.id), &type_dyn,
				step->node.node->span, planner->arena);
}
