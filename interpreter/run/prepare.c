/* Intents to events: evaluates conditions, inputs and arguments; touches nothing outside. */

#include "run/internal.h"

/* ---- what people are shown ----------------------------------------------------------------- */

static struct value show_text(const struct plan_node *node, const struct expr_scope *scope,
			      struct arena *arena)
{
	struct buffer text;
	buffer_init(&text, arena);
	if (node->sensitive)
		return value_cstring(node->title);
	if (node->args)
		step_show(&text, node->type, node->args, scope, arena);
	return value_string(buffer_text(&text));
}

/* A step that has not begun is called with values as far as they are known: a round by its item. */
static void put_shown(struct engine *engine, const struct plan_node *node,
		      struct event_builder *event)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	struct buffer name;
	buffer_init(&name, &engine->tick);
	if (!strstr(node->title, "${{"))
		return;
	if (node->keys && field_show_one(&name, node->keys, "name", &scope, &engine->tick))
		event_set_text(event, "name", buffer_text(&name));
	else
		event_set(event, "text", show_text(node, &scope, &engine->tick));
}

static void step_skip(struct engine *engine, const struct plan_node *node, const char *reason)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_STEP_SKIPPED, node, 0);
	event_set(&event, "reason", value_cstring(reason));
	if (node->left_out)
		event_set(&event, "by", value_cstring(node->left_out));
	put_shown(engine, node, &event);
	engine_append(engine, &event);
}

/* ---- failures before a start --------------------------------------------------------------- */

void step_fail(struct engine *engine, const struct plan_node *node, uint32_t number,
	       const struct failure *failure)
{
	struct event_builder event;
	struct lines lines = { 0 }, warnings = { 0 };
	event_of(engine, &event, EVENT_STEP_ENDED, node, number);
	event_set(&event, "status", value_cstring("failed"));
	event_set(&event, "class", value_cstring(failure->class));
	event_set(&event, "code", value_cstring(diag_info(failure_code(failure))->name));
	/* The words may stand in the attempt's arena, which ends before the event is written. */
	event_set(&event, "msg", value_cstring(arena_string(&engine->tick, failure->message)));
	put_place(&event, failure->span.source ? failure->span : node->span, &engine->tick);
	if (failure->hint)
		line_add(&lines, &engine->tick, "hint", arena_string(&engine->tick, failure->hint));
	put_lines(&event, "lines", &lines, &engine->tick);
	if (node->on_failure == ON_FAILURE_CONTINUE)
		put_continued(&event, node, &warnings, &engine->tick);
	put_lines(&event, "warnings", &warnings, &engine->tick);
	put_shown(engine, node, &event);
	engine_append(engine, &event);
}

/* ---- conditions ---------------------------------------------------------------------------- */

/* Whether the step runs; false after an event that says why not. What is left out is not asked. */
static bool condition_holds(struct engine *engine, const struct plan_node *node)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	if (node->left_out) {
		step_skip(engine, node, "left_out");
		return false;
	}
	if (!node->when)
		return true;
	struct value value = expr_eval(node->when, &scope, &engine->tick);
	if (value_is(value, VALUE_BOOL) && value.boolean)
		return true;
	if (value_is(value, VALUE_BOOL)) {
		step_skip(engine, node, "when");
		return false;
	}
	struct failure failure = {
		.class = "expression",
		.message = "'when' is neither true nor false",
		.span = expr_span(node->when, 0, (uint32_t)expr_text(node->when).len),
	};
	if (value_is(value, VALUE_ERROR))
		failure = failure_of(node->when, value);
	step_fail(engine, node, 0, &failure);
	return false;
}

/* ---- effects ------------------------------------------------------------------------------- */

static bool effect_of_text(struct engine *engine, const struct plan_node *node, enum effect *effect,
			   struct failure *failure)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->effect_scope->index],
						 &engine->instances);
	return plan_effect(node, &scope, &engine->tick, effect, failure);
}

static bool effect_now(struct engine *engine, const struct plan_node *node, enum effect *effect,
		       struct failure *failure)
{
	*effect = (enum effect)node->effect;
	if (node->effect_owner != PLAN_NONE && node->effect_owner != node->slot)
		*effect = (enum effect)engine->effects[node->effect_owner];
	else if (node->effect_text && !effect_of_text(engine, node, effect, failure))
		return false;
	engine->effects[node->slot] = (uint8_t)*effect;
	return true;
}

/* ---- structures ---------------------------------------------------------------------------- */

static void expire(void *data)
{
	struct expiry *expiry = data;
	expiry->engine->expired[expiry->slot] = true;
}

/* "group 2's timeout": what is within it says whose it is. */
static struct limit limit_of(const struct plan_node *node, const char *key, int64_t time,
			     struct arena *arena)
{
	static const char *const kinds[] = {
		[PLAN_GROUP] = "group", [PLAN_LIBRARY] = "step", [PLAN_CALL] = "call"
	};
	struct limit limit = { time, time, NULL };
	limit.whose = node->kind == PLAN_STEP ? arena_format(arena, "the step's %s", key)
					      : arena_format(arena, "%s %s's %s", kinds[node->kind],
							     node->path, key);
	return limit;
}

/* What is left of retry.within cuts the attempt that runs. */
static bool within_cut(struct engine *engine, const struct plan_node *node, uint32_t number,
		       struct limit *limit, struct failure *failure)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	struct retry_limits limits;
	if (!node->retry)
		return true;
	if (!plan_retry_limits(node->retry, &scope, &engine->tick, &limits, failure))
		return false;
	if (!limits.within)
		return true;
	int64_t used = number == 1
			       ? 0
			       : (engine_now(engine) - engine->state.steps[node->slot].started_ms) *
					 NS_PER_MS;
	int64_t left = limits.within - used;
	if (left <= 0)
		left = NS_PER_MS;
	if (limit->left && limit->left <= left)
		return true;
	*limit = limit_of(node, "retry.within", limits.within, engine->arena);
	limit->left = left;
	return true;
}

static void structure_timeout(struct engine *engine, const struct plan_node *node)
{
	if (engine->limits[node->slot].left <= 0)
		return;
	struct expiry *expiry = engine->timers[node->slot];
	if (!expiry)
		expiry = arena_new(engine->arena, struct expiry);
	engine->timers[node->slot] = expiry;
	engine->expired[node->slot] = false;
	timer_stop(&expiry->timer);
	expiry->engine = engine;
	expiry->slot = node->slot;
	expiry->timer.fire = expire;
	expiry->timer.data = expiry;
	timer_start(&expiry->timer, engine->setup.loop, engine->limits[node->slot].left);
}

bool names_open(struct engine *engine, const struct plan_scope *scope, struct failure *failure)
{
	struct instance *instance = &engine->instances.at[scope->index];
	instance->scope = scope;
	instance_bind(engine, instance);
	return instance_open(&engine->instances, instance, engine->arena, failure) &&
	       secrets_mask_names(engine, instance, failure);
}

static bool begin_inner(struct engine *engine, const struct plan_node *node,
			struct event_builder *event, struct failure *failure)
{
	const struct instance *instance = &engine->instances.at[node->inner->index];
	if (!names_open(engine, node->inner, failure))
		return false;
	event_set(event, "inputs", instance->names[NAME_INPUTS]);
	if (node->kind == PLAN_CALL)
		event_set(event, "vars", instance->names[NAME_VARS]);
	return true;
}

static bool keys_bind(struct engine *engine, const struct plan_node *node, struct step_keys *keys,
		      struct arena *arena, struct failure *failure)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	*keys = (struct step_keys){ 0 };
	return !node->keys || field_bind(node->keys, &scope, arena, keys, failure);
}

static void begin_structure(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	struct failure failure = { 0 };
	struct event_builder event;
	struct step_keys keys;
	enum effect effect;
	struct limit *limit = &engine->limits[node->slot];
	event_of(engine, &event, EVENT_STEP_STARTED, node, number);
	if (!keys_bind(engine, node, &keys, &engine->tick, &failure) ||
	    (node->inner && !begin_inner(engine, node, &event, &failure)) ||
	    !effect_now(engine, node, &effect, &failure)) {
		step_fail(engine, node, number, &failure);
		return;
	}
	*limit = limit_of(node, "timeout", keys.timeout, engine->arena);
	if (!within_cut(engine, node, number, limit, &failure)) {
		step_fail(engine, node, number, &failure);
		return;
	}
	if (node->effect_text && !destructive_allowed(engine, node, effect))
		return;
	event_set(&event, "text", value_cstring(keys.name ? keys.name : node->title));
	if (keys.note && number == 1)
		event_set(&event, "note", value_cstring(keys.note));
	engine_append(engine, &event);
	structure_timeout(engine, node);
}

void structure_reopen(struct engine *engine, const struct plan_node *node)
{
	struct failure failure;
	struct step_keys keys;
	enum effect effect;
	/* They could be computed when it began; what no longer can bounds nothing. */
	if (effect_now(engine, node, &effect, &failure) &&
	    keys_bind(engine, node, &keys, &engine->tick, &failure)) {
		engine->limits[node->slot] = limit_of(node, "timeout", keys.timeout, engine->arena);
		structure_timeout(engine, node);
	}
}

/* ---- steps --------------------------------------------------------------------------------- */

/* defaults.timeout of the document in which the step, or the use of its library, stands. */
static bool default_timeout(struct engine *engine, const struct plan_node *node, int64_t *timeout,
			    struct failure *failure)
{
	const struct plan_scope *scope = node->scope;
	struct scope_defaults defaults;
	if (node->type->kind != STEP_KIND_WORK || strcmp(node->type->name, "wait") == 0)
		return true;
	while (scope->kind == SCOPE_LIBRARY)
		scope = scope->outer;
	if (!scope_defaults_bind(engine, scope, &engine->tick, &defaults, failure))
		return false;
	*timeout = defaults.timeout;
	return true;
}

static bool attempt_limit(struct attempt *attempt, const struct step_keys *keys,
			  struct failure *failure)
{
	const struct plan_node *node = attempt->node;
	int64_t timeout = keys->timeout;
	const char *hint;
	if (!timeout && node->type && !default_timeout(attempt->engine, node, &timeout, failure))
		return false;
	if (!timeout && node->type && node->type->timeout)
		field_duration(text_of(node->type->timeout), NULL, &timeout, &hint);
	attempt->limit = limit_of(node, "timeout", timeout, &attempt->arena);
	return within_cut(attempt->engine, node, attempt->number, &attempt->limit, failure);
}

static bool attempt_prepare(struct engine *engine, struct attempt *attempt, struct step_keys *keys,
			    enum effect *effect, struct failure *failure)
{
	const struct plan_node *node = attempt->node;
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	struct surroundings surroundings;
	if (!keys_bind(engine, node, keys, &attempt->arena, failure) ||
	    !effect_now(engine, node, effect, failure) || !attempt_limit(attempt, keys, failure))
		return false;
	if (!node->type)
		return true;
	attempt->args = arena_alloc(&attempt->arena, node->type->size ? node->type->size : 1);
	if (!field_bind(node->args, &scope, &attempt->arena, attempt->args, failure) ||
	    !secrets_mask_bound(engine, node->args, &scope, failure) ||
	    !surroundings_make(engine, node, &attempt->arena, &surroundings, failure))
		return false;
	attempt->task.env = surroundings.env;
	attempt->task.cwd = surroundings.cwd;
	return true;
}

static void begin_step(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	struct attempt *attempt = attempt_new(engine, node, number);
	struct failure failure = { 0 };
	struct event_builder event;
	struct step_keys keys;
	enum effect effect;
	if (!attempt_prepare(engine, attempt, &keys, &effect, &failure)) {
		step_fail(engine, node, number, &failure);
		*list_add(&engine->finished, engine->arena) = attempt;
		return;
	}
	if (!destructive_allowed(engine, node, effect)) {
		*list_add(&engine->finished, engine->arena) = attempt;
		return;
	}
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	event_of(engine, &event, EVENT_STEP_STARTED, node, number);
	event.event.may_wait = effect < EFFECT_WRITE;
	event_set(&event, "effect", value_cstring(effect_name(effect)));
	event_set(&event, "text", show_text(node, &scope, &engine->tick));
	if (keys.name)
		event_set(&event, "name", value_cstring(arena_string(&engine->tick, keys.name)));
	if (keys.note && number == 1)
		event_set(&event, "note", value_cstring(arena_string(&engine->tick, keys.note)));
	engine_append(engine, &event);
	*list_add(&engine->attempts, engine->arena) = attempt;
}

static void begin(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	if (node->kind == PLAN_LOOP)
		loop_begin(engine, node, number);
	else if (node->kind == PLAN_STEP)
		begin_step(engine, node, number);
	else
		begin_structure(engine, node, number);
}

void prepare_begin(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	if (number == 1 && !condition_holds(engine, node))
		return;
	if (number == 1 && node->done_when != PLAN_NONE)
		prepare_begin(engine, engine->setup.plan->nodes[node->done_when], 1);
	else
		begin(engine, node, number);
}

/* Whether the failure of done_when says that the step is not done; others say that it could not
 * look.
 */
static bool says_no(const struct step_state *looked)
{
	static const char *const classes[] = { "exit", "http", "assertion" };
	for (size_t i = 0; looked->status == STEP_FAILED && looked->class && i < 3; i++)
		if (strcmp(looked->class, classes[i]) == 0)
			return true;
	return looked->status == STEP_SKIPPED;
}

void prepare_probed(struct engine *engine, const struct plan_node *node)
{
	const struct step_state *looked = &engine->state.steps[node->done_when];
	if (looked->status == STEP_SUCCEEDED) {
		step_skip(engine, node, "done");
		return;
	}
	if (says_no(looked)) {
		begin(engine, node, 1);
		return;
	}
	const struct failure failure = {
		.class = looked->class ? looked->class : "cancelled",
		.message = arena_format(&engine->tick, "cannot look whether it is done: %s",
					looked->message ? looked->message : "stopped"),
		.span = engine->setup.plan->nodes[node->done_when]->span,
	};
	step_fail(engine, node, 0, &failure);
}

/* A step that waits, for a person or for its next attempt, and that nothing is waited for any more:
 * something beside it has failed. */
static void step_give_up(struct engine *engine, const struct plan_node *node, int32_t culprit)
{
	const struct step_state *failed = &engine->state.steps[culprit];
	const struct step_state *step = &engine->state.steps[node->slot];
	struct attempt *attempt = attempt_find(engine, node->slot);
	struct event_builder event;
	if (attempt)
		attempt_drop(attempt);
	event_of(engine, &event, EVENT_STEP_ENDED, node, step->attempts);
	event_set(&event, "status", value_cstring(step_status_name(STEP_CANCELLED)));
	event_set(&event, "class", value_cstring(failed->class ? failed->class : "cancelled"));
	event_set(&event, "code", value_cstring(diag_info(RB0507)->name));
	event_set(&event, "msg",
		  value_cstring(arena_format(&engine->tick, "given up: %s has failed",
					     engine->setup.plan->nodes[culprit]->path)));
	engine_append(engine, &event);
}

void prepare_end(struct engine *engine, const struct intent *intent)
{
	const struct plan_node *node = engine->setup.plan->nodes[intent->slot];
	if (node->kind == PLAN_STEP) {
		step_give_up(engine, node, intent->culprit);
		return;
	}
	if (engine->timers[node->slot])
		timer_stop(&engine->timers[node->slot]->timer);
	outcome_structure(engine, node, intent->status, intent->culprit);
}
