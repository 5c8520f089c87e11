/* run.last: the last run of this runbook that ended well, as this one has seen it. */

#include "run/internal.h"

/* A secret was kept nowhere: what the last run handed on so is not there. */
static struct value outputs_kept(struct value outputs, struct arena *arena)
{
	struct value_map_builder map;
	struct value key, value;
	value_map_init(&map, arena);
	for (size_t i = 0;
	     value_is(outputs, VALUE_MAP) && value_entry_at(outputs, i, arena, &key, &value); i++)
		if (!value_is(value, VALUE_ERROR))
			value_map_put(&map, key, value);
	return value_map_end(&map);
}

static struct value last_value(const struct run_folder *run, const struct run_end *end,
			       struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "id", value_cstring(run->id));
	value_map_set(&map, "finished_at",
		      value_timestamp(end->wall / NS_PER_S, (uint32_t)(end->wall % NS_PER_S)));
	value_map_set(&map, "outputs", outputs_kept(end->outputs, arena));
	return value_map_end(&map);
}

bool run_last(struct store *store, const struct plan *plan, struct arena *arena, struct value *last,
	      struct store_error *error)
{
	struct run_folder run;
	struct run_end end;
	*error = (struct store_error){ 0 };
	*last = value_null();
	if (!plan->names_last)
		return true;
	if (store_last_good(store, plan->path, &run, &end, error))
		*last = value_mark(last_value(&run, &end, arena), VALUE_OUTSIDE);
	return !error->message;
}

bool last_find(struct engine *engine, bool *changed, struct store_error *error)
{
	struct value id = value_null(), before = engine->last, was = value_null();
	if (!run_last(engine->setup.store, engine->setup.plan, engine->arena, &engine->last, error))
		return false;
	value_field(engine->last, "id", NULL, &id);
	value_field(before, "id", NULL, &was);
	*changed = !value_equal(id, was);
	return true;
}

/* That there was none is recorded, too: a map without fields. */
void last_put(const struct engine *engine, struct event_builder *event)
{
	struct value_map_builder none;
	value_map_init(&none, engine->arena);
	if (engine->setup.plan->names_last)
		event_set(event, "last",
			  value_is(engine->last, VALUE_MAP) ? engine->last : value_map_end(&none));
}

struct value run_last_recorded(struct value opened)
{
	struct value last = value_null();
	bool any = value_field(opened, "last", NULL, &last) && value_is(last, VALUE_MAP) &&
		   value_count(last) > 0;
	return any ? value_mark(last, VALUE_OUTSIDE) : value_null();
}

bool last_restore(struct engine *engine, bool *looked, struct store_error *error)
{
	struct value last = value_null();
	bool changed;
	*looked = false;
	engine->last = run_last_recorded(engine->state.opened);
	if (!engine->setup.plan->names_last ||
	    (value_field(engine->state.opened, "last", NULL, &last) && value_is(last, VALUE_MAP)))
		return true;
	*looked = true;
	return last_find(engine, &changed, error);
}
