/* for_each: its items become rounds, which are nodes of the plan as all others. */

#include "run/internal.h"

/* ---- room ---------------------------------------------------------------------------------- */

static void grow_instances(struct engine *engine)
{
	struct instances *instances = &engine->instances;
	struct instance *at = arena_array(engine->arena, struct instance, engine->scope_room);
	for (size_t i = 0; i < instances->count; i++)
		at[i] = instances->at[i];
	instances->at = at;
}

static void grow_slots(struct engine *engine, size_t count, size_t room)
{
	bool *expired = arena_array(engine->arena, bool, room);
	struct passed *passed = arena_array(engine->arena, struct passed, room);
	struct limit *limits = arena_array(engine->arena, struct limit, room);
	struct expiry **timers = arena_array(engine->arena, struct expiry *, room);
	uint8_t *effects = arena_array(engine->arena, uint8_t, room);
	for (size_t i = 0; i < count; i++) {
		expired[i] = engine->expired[i];
		passed[i] = engine->passed[i];
		limits[i] = engine->limits[i];
		timers[i] = engine->timers[i];
		effects[i] = engine->effects[i];
	}
	engine->expired = expired;
	engine->passed = passed;
	engine->limits = limits;
	engine->timers = timers;
	engine->effects = effects;
	engine->room = room;
}

void engine_grow(struct engine *engine)
{
	struct plan *plan = &engine->plan;
	if (plan->scope_count > engine->scope_room) {
		engine->scope_room = plan->scope_count * 2;
		grow_instances(engine);
	}
	engine->instances.count = plan->scope_count;
	if (plan->node_count > engine->room)
		grow_slots(engine, engine->room, plan->node_count * 2);
}

/* ---- names --------------------------------------------------------------------------------- */

void round_bind(struct engine *engine, const struct plan_scope *scope, struct value items)
{
	struct instance *instance = &engine->instances.at[scope->index];
	const struct plan_round *round = scope->round;
	instance_bind_round(engine, instance, scope, &engine->instances.at[round->of->index]);
	instance->names[NAME_INDEX] = value_int(round->index);
	instance->names[NAME_ITEM] =
		value_is(items, VALUE_LIST) && (size_t)round->index < value_count(items)
			? value_item(items, (size_t)round->index)
			: value_error(engine->arena, FAIL_EXPRESSION, "the items were not kept");
}

/* at: what an error is in, where that is known. */
static struct value items_now(struct engine *engine, const struct plan_node *node,
			      struct arena *arena, const struct expr **at)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	*at = node->loop->items;
	return node->loop->items ? expr_eval(node->loop->items, &scope, arena)
				 : field_value_eval(node->loop->listed, &scope, arena, at);
}

bool items_restore(struct engine *engine, int32_t loop, struct value *items,
		   struct failure *failure)
{
	const struct expr *at;
	*items = engine->state.steps[loop].items;
	if (value_is(*items, VALUE_LIST) && !(items->flags & VALUE_SECRET))
		return true;
	*items = items_now(engine, engine->plan.nodes[loop], engine->arena, &at);
	if (value_is(*items, VALUE_LIST))
		*items = value_force(*items, engine->arena);
	return secrets_mask(engine, *items, failure);
}

/* ---- opening ------------------------------------------------------------------------------- */

void loop_unroll(struct engine *engine, const struct event *event)
{
	plan_unroll(&engine->plan, event->slot, (size_t)event_int(event, "count", 0),
		    engine->arena);
	engine_grow(engine);
}

static bool items_find(struct engine *engine, const struct plan_node *node, struct value *items,
		       struct failure *failure)
{
	const struct expr *at;
	*items = items_now(engine, node, &engine->tick, &at);
	*failure = (struct failure){ .class = "expression",
				     .message = "'for_each' goes over a list; this is none",
				     .span = node->loop->span };
	if (value_is(*items, VALUE_ERROR) && at)
		*failure = failure_of(at, *items);
	if (!value_is(*items, VALUE_LIST))
		return false;
	*items = value_force(*items, &engine->tick);
	if (plan_has_room(&engine->plan, node->slot, value_count(*items)))
		return true;
	*failure = (struct failure){
		.class = "resource",
		.message = arena_format(&engine->tick, "%zu items are more than a run has room for",
					value_count(*items)),
		.hint = "Leave so many to a program that goes over them by itself.",
		.span = node->loop->span,
	};
	return false;
}

void loop_begin(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	struct event_builder event;
	struct failure failure;
	struct value items;
	int32_t size = node->loop->size;
	if (!items_find(engine, node, &items, &failure) || !secrets_mask(engine, items, &failure)) {
		step_fail(engine, node, number, &failure);
		return;
	}
	event_of(engine, &event, EVENT_STEP_STARTED, node, number);
	event_set(&event, "text", value_cstring(node->title));
	engine_append(engine, &event);
	event_of(engine, &event, EVENT_LOOP_OPENED, node, number);
	event_set(&event, "count", value_int((int64_t)value_count(items)));
	event_set(&event, "size", value_int(size));
	event_set(&event, "items", items);
	size_t scopes = engine->plan.scope_count;
	engine_append(engine, &event); /* which unrolls it */
	for (size_t i = scopes; i < engine->plan.scope_count; i++)
		if (engine->plan.scopes[i]->round->around)
			round_bind(engine, engine->plan.scopes[i],
				   engine->state.steps[node->slot].items);
}
