/* What expressions see of the run: steps, run and error are objects whose fields are read from the
 * state when they are asked for. */

#include "base/file.h"
#include "run/internal.h"

/* ---- a step -------------------------------------------------------------------------------- */

struct step_view {
	const struct engine *engine;
	const struct plan_node *node;
};

static struct value text_value(const char *text)
{
	return value_cstring(text ? text : "");
}

/* Of a step that its done_when found done: what that has captured. A map, or null. */
static struct value step_outputs(const struct engine *engine, int32_t slot)
{
	const struct step_state *step = &engine->state.steps[slot];
	int32_t done_when = engine->setup.plan->nodes[slot]->done_when;
	bool done = step->status == STEP_ALREADY_DONE && done_when != PLAN_NONE;
	return done ? engine->state.steps[done_when].outputs : step->outputs;
}

struct value step_output(const struct engine *engine, const struct plan_node *node,
			 struct text name, struct arena *arena, bool *found)
{
	struct value outputs = step_outputs(engine, node->slot);
	struct value out = value_null();
	*found = value_is(outputs, VALUE_MAP) &&
		 value_get(outputs, value_string(name), arena, &out);
	return out;
}

static struct value step_duration(const struct engine *engine, const struct step_state *step)
{
	int64_t end = step->status == STEP_RUNNING ? engine->state.ms : step->ended_ms;
	return value_duration((end - step->started_ms) * NS_PER_MS);
}

/* Of a loop: what each round gives, in order. */
static struct value loop_results(const struct engine *engine, const struct plan_node *node,
				 struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	struct lines results = { 0 };
	node = plan->nodes[node->slot]; /* as it was opened */
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		struct value outputs = step_outputs(engine, at);
		struct value_map_builder none;
		value_map_init(&none, arena);
		*list_add(&results, arena) = value_is(outputs, VALUE_MAP) ? outputs
									  : value_map_end(&none);
	}
	return value_mark(value_list(results.at, results.count, arena), VALUE_OUTSIDE);
}

static bool step_get(const struct value_object *object, struct text key, struct arena *arena,
		     struct value *out)
{
	const struct step_view *view = object->data;
	const struct step_state *step = &view->engine->state.steps[view->node->slot];
	bool found = true;
	if (text_is(key, "status"))
		*out = text_value(step_status_name(step->status));
	else if (text_is(key, "ok"))
		*out = value_bool(step->status == STEP_SUCCEEDED ||
				  step->status == STEP_ALREADY_DONE);
	else if (text_is(key, "attempts"))
		*out = value_int(step->attempts);
	else if (text_is(key, "duration"))
		*out = step_duration(view->engine, step);
	else if (view->node->kind == PLAN_LOOP && text_is(key, "results"))
		*out = loop_results(view->engine, view->node, arena);
	else if (text_is(key, "started_at") && step->started_seq)
		*out = value_timestamp(step->started_wall / NS_PER_S,
				       (uint32_t)(step->started_wall % NS_PER_S));
	else
		*out = value_mark(step_output(view->engine, view->node, key, arena, &found),
				  VALUE_OUTSIDE);
	return found;
}

static bool step_key(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const fixed[] = { "status", "ok", "attempts", "duration" };
	const struct step_view *view = object->data;
	const struct step_state *step = &view->engine->state.steps[view->node->slot];
	if (index < 4) {
		*key = text_of(fixed[index]);
		return true;
	}
	if (!value_is(step->outputs, VALUE_MAP) || index - 4 >= step->outputs.map->count)
		return false;
	*key = value_text(step->outputs.map->entries[index - 4].key);
	return true;
}

static const struct value_object_class step_class = { step_get, step_key };

/* ---- steps --------------------------------------------------------------------------------- */

struct scope_view {
	const struct engine *engine;
	const struct plan_scope *scope;
};

static bool steps_get(const struct value_object *object, struct text key, struct arena *arena,
		      struct value *out)
{
	const struct scope_view *view = object->data;
	const struct plan_node *node = map_get(view->scope->ids, key);
	if (!node)
		return false;
	node = view->engine->setup.plan->nodes[plan_seen(view->scope, node->slot)];
	if (!view->engine->state.step_count) { /* the name of a lock is wanted before the run */
		*out = value_error(arena, FAIL_EXPRESSION, "no step has run yet");
		return true;
	}
	struct step_view *step = arena_new(arena, struct step_view);
	*step = (struct step_view){ view->engine, node };
	*out = value_object(&step_class, step, arena);
	return true;
}

static bool steps_key(const struct value_object *object, size_t index, struct text *key)
{
	const struct scope_view *view = object->data;
	if (index >= view->scope->ids->count)
		return false;
	*key = view->scope->ids->at[index].key;
	return true;
}

static const struct value_object_class steps_class = { steps_get, steps_key };

/* ---- run ----------------------------------------------------------------------------------- */

static struct value map_text(struct value map, const char *key)
{
	struct value out;
	return value_is(map, VALUE_MAP) && value_field(map, key, NULL, &out) ? out
									     : value_cstring("");
}

static struct value run_status_value(const struct engine *engine)
{
	const struct state *state = &engine->state;
	if (engine->ending == RUN_ROLLBACK_UNMET)
		return value_cstring(run_status_names[RUN_ROLLBACK_FAILED]);
	if (engine->ending != RUN_GOING)
		return value_cstring(run_status_names[engine->ending]);
	if (state->phase == RUN_ROLLING_BACK)
		return value_cstring("failed");
	if (state->cancelled)
		return value_cstring("cancelled");
	return value_cstring(failed_leaf(engine) >= 0 ? "failed" : "succeeded");
}

static struct value run_started(const struct engine *engine)
{
	int64_t wall = engine->state.opened_wall;
	return value_timestamp(wall / NS_PER_S, (uint32_t)(wall % NS_PER_S));
}

/* A called runbook is not run by itself: of it there is no last run. */
static bool has_last(const struct scope_view *view)
{
	return view->scope->kind == SCOPE_DOCUMENT && value_is(view->engine->last, VALUE_MAP);
}

static bool run_get(const struct value_object *object, struct text key, struct arena *arena,
		    struct value *out)
{
	const struct scope_view *view = object->data;
	const struct engine *engine = view->engine;
	if (text_is(key, "id"))
		*out = text_value(engine->folder.id);
	else if (text_is(key, "name"))
		*out = text_value(engine->setup.plan->title);
	else if (text_is(key, "user"))
		*out = text_value(engine->user);
	else if (text_is(key, "host"))
		*out = text_value(engine->host);
	else if (text_is(key, "dir"))
		*out = text_value(file_join(engine->folder.path, "files", arena));
	else if (text_is(key, "status"))
		*out = run_status_value(engine);
	else if (text_is(key, "reason"))
		*out = map_text(engine->state.rollback, "reason");
	else if (text_is(key, "rolling_back"))
		*out = value_bool(engine->state.phase == RUN_ROLLING_BACK);
	else if (text_is(key, "started_at"))
		*out = run_started(engine);
	else if (text_is(key, "last") && has_last(view))
		*out = engine->last;
	else
		return false;
	return true;
}

static bool run_key(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const names[] = { "id",         "name",   "user",   "host",
					     "dir",        "status", "reason", "rolling_back",
					     "started_at", "last" };
	if (index >= sizeof(names) / sizeof(names[0]) - !has_last(object->data))
		return false;
	*key = text_of(names[index]);
	return true;
}

static const struct value_object_class run_class = { run_get, run_key };

/* ---- error --------------------------------------------------------------------------------- */

static int32_t failed_below(const struct engine *engine, const struct plan_node *node)
{
	const struct plan *plan = engine->setup.plan;
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		const struct step_state *step = &engine->state.steps[at];
		bool section = plan->nodes[at]->kind == PLAN_SECTION;
		if (!section && ((step->status != STEP_FAILED && step->status != STEP_LOST) ||
				 step->continued || step->again))
			continue;
		int32_t deeper = failed_below(engine, plan->nodes[at]);
		if (deeper >= 0 || !section)
			return deeper >= 0 ? deeper : at;
	}
	return -1;
}

/* The innermost step that failed first; -1 if none did. */
int32_t failed_leaf(const struct engine *engine)
{
	static const enum section order[] = { SECTION_PRECONDITIONS, SECTION_STEPS,
					      SECTION_VERIFY };
	for (size_t i = 0; i < 3; i++) {
		int32_t section = engine->setup.plan->sections[order[i]];
		int32_t failed = section == PLAN_NONE
					 ? -1
					 : failed_below(engine, engine->setup.plan->nodes[section]);
		if (failed >= 0)
			return failed;
	}
	return -1;
}

const char *step_shown(const struct engine *engine, const struct plan_node *node,
		       struct arena *arena)
{
	const struct step_state *step = &engine->state.steps[node->slot];
	if (step->name)
		return step->name;
	if (node->kind != PLAN_STEP && step->text)
		return step->text;
	if (!step->text || !node->type || !strstr(node->title, "${{"))
		return node->title;
	return arena_format(arena, "%s %.*s", node->type->name, (int)strcspn(step->text, "\n"),
			    step->text);
}

static const char *error_step(const struct engine *engine, int32_t slot)
{
	const struct plan *plan = engine->setup.plan;
	/* The label of the step itself, else of what holds it: a library step has the id. */
	for (int32_t at = slot; at != PLAN_NONE; at = plan->nodes[at]->parent)
		if (plan->nodes[at]->label && plan->nodes[at]->scope->kind != SCOPE_LIBRARY)
			return plan->nodes[at]->label;
	return slot == PLAN_NONE ? "" : plan->nodes[slot]->path;
}

static bool error_get(const struct value_object *object, struct text key, struct arena *arena,
		      struct value *out)
{
	const struct scope_view *view = object->data;
	int32_t slot = view->engine->failed_slot;
	(void)arena;
	if (text_is(key, "step"))
		*out = text_value(slot < 0 ? "" : error_step(view->engine, slot));
	else if (text_is(key, "message"))
		*out = text_value(view->engine->failed_message);
	else if (text_is(key, "class"))
		*out = text_value(view->engine->failed_class);
	else
		return false;
	return true;
}

static bool error_key(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const names[] = { "step", "message", "class" };
	(void)object;
	if (index >= 3)
		return false;
	*key = text_of(names[index]);
	return true;
}

static const struct value_object_class error_class = { error_get, error_key };

void instance_bind(struct engine *engine, struct instance *instance)
{
	struct scope_view *view = arena_new(engine->arena, struct scope_view);
	*view = (struct scope_view){ engine, instance->scope };
	instance->names[NAME_STEPS] = value_object(&steps_class, view, engine->arena);
	instance->names[NAME_RUN] = value_object(&run_class, view, engine->arena);
	instance->names[NAME_ERROR] = value_object(&error_class, view, engine->arena);
	instance->names[NAME_VARS] = instance->names[NAME_ENV] = value_null();
	instance->names[NAME_ITEM] = instance->names[NAME_INDEX] = value_null();
}

void instance_bind_round(struct engine *engine, struct instance *instance,
			 const struct plan_scope *scope, const struct instance *around)
{
	struct scope_view *view = arena_new(engine->arena, struct scope_view);
	*view = (struct scope_view){ engine, scope };
	*instance = *around;
	instance->scope = scope;
	instance->names[NAME_STEPS] = value_object(&steps_class, view, engine->arena);
}
