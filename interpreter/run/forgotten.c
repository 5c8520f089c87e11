/* Secrets that steps have found out are kept nowhere: who only looked looks again. */

#include "run/internal.h"

static bool holds_forgotten(struct value value, struct arena *arena)
{
	struct value key, item;
	if (value_is(value, VALUE_ERROR))
		return (value.flags & VALUE_SECRET) != 0;
	if (value_is(value, VALUE_MAP))
		for (size_t i = 0; value_entry_at(value, i, arena, &key, &item); i++)
			if (holds_forgotten(item, arena))
				return true;
	if (value_is(value, VALUE_LIST))
		for (size_t i = 0; i < value_count(value); i++)
			if (holds_forgotten(value_item(value, i), arena))
				return true;
	return false;
}

static bool has_effect(const struct engine *engine, const struct plan_node *node)
{
	if (engine->state.steps[node->slot].effect)
		return true;
	for (int32_t at = node->child; at != PLAN_NONE; at = engine->setup.plan->nodes[at]->next)
		if (has_effect(engine, engine->setup.plan->nodes[at]))
			return true;
	return false;
}

/* Whether it stands in the part that has not ended; *section is the slot of that. */
static bool stands_open(const struct engine *engine, const struct plan_node *node, int32_t *section)
{
	const struct plan *plan = engine->setup.plan;
	while (node->parent != PLAN_NONE) {
		node = plan->nodes[node->parent];
		if (node->kind != PLAN_SECTION &&
		    engine->state.steps[node->slot].status != STEP_RUNNING)
			return false;
	}
	*section = node->slot;
	return true;
}

/* Whether nothing is left but to tidy up, or to say how the run has ended. */
static bool work_is_over(const struct engine *engine)
{
	const struct plan *plan = engine->setup.plan;
	struct intent intent = engine_next(engine);
	int32_t section = PLAN_NONE;
	return intent.kind == INTENT_CLOSE ||
	       (intent.slot >= 0 && stands_open(engine, plan->nodes[intent.slot], &section) &&
		section == plan->sections[SECTION_FINALLY]);
}

static bool is_forgotten(const struct engine *engine, const struct plan_node *node)
{
	const struct step_state *step = &engine->state.steps[node->slot];
	int32_t section;
	return step->status == STEP_SUCCEEDED && !step->again &&
	       holds_forgotten(step->outputs, engine->arena) && !has_effect(engine, node) &&
	       stands_open(engine, node, &section);
}

void forgotten_begin_anew(struct engine *engine)
{
	const struct plan *plan = engine->setup.plan;
	if (engine->state.phase != RUN_OPEN || work_is_over(engine))
		return;
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		struct event_builder event;
		if (!is_forgotten(engine, node))
			continue;
		event_of(engine, &event, EVENT_STEP_AGAIN, node, 0);
		event_set(&event, "msg",
			  value_cstring("what it has found out is a secret, and kept nowhere"));
		engine_append(engine, &event);
		/* The way was walked over it as over one that is done. */
		engine->passed[node->parent] = (struct passed){ 0 };
	}
}
