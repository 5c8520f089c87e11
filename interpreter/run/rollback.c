/* Whether to go back: conditions first, then the mode. */

#include "run/internal.h"

/* The values of rollback.inputs, by name; null where there are none. */
static struct value inputs_given(const struct engine *engine)
{
	const struct plan_scope *scope = engine->setup.plan->scopes[0];
	struct value_map_builder map;
	value_map_init(&map, engine->arena);
	for (size_t i = 0; i < scope->input_count; i++)
		if (scope->inputs[i].rollback)
			value_map_set(&map, scope->inputs[i].name, engine->setup.inputs[i]);
	return map.count ? value_map_end(&map) : value_null();
}

void rollback_begin(struct engine *engine, const char *reason, const char *how)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_ROLLBACK_OPENED, NULL, 0);
	event_set(&event, "reason", value_cstring(reason));
	event_set(&event, "how", value_cstring(how));
	event_set(&event, "by", value_cstring(engine->user));
	if (strcmp(how, "operator") == 0) {
		event_set(&event, "actor", actor_value(engine, &engine->tick));
		event_set(&event, "command", words_value(engine->setup.command, &engine->tick));
	}
	struct value inputs = inputs_given(engine);
	if (!value_is(inputs, VALUE_NULL))
		event_set(&event, "inputs", inputs);
	struct value changed = secrets_changed(engine, &engine->tick);
	if (!value_is(changed, VALUE_NULL))
		event_set(&event, "changed", changed);
	engine_append(engine, &event);
}

static void decline(struct engine *engine, const char *note)
{
	const struct question question = { .kind = "rollback", .text = "Roll back?" };
	if (!state_ask(&engine->state, "rollback")) {
		bool interactive = engine->setup.interactive;
		engine->setup.interactive = true; /* asked and answered here: nothing parks */
		ask_open(engine, "rollback", NULL, &question, &engine->tick);
		engine->setup.interactive = interactive;
	}
	const struct ask_state *ask = state_ask(&engine->state, "rollback");
	if (!ask->answered)
		ask_put_answer(engine, "rollback", -1, "no", "nobody", note);
}

/* An error where it cannot be tried. */
static struct value try_when(struct engine *engine, const struct plan_condition *condition)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[0], &engine->instances);
	return expr_eval(condition->when, &scope, &engine->tick);
}

static bool when_holds(struct engine *engine, const struct plan_condition *condition)
{
	struct value value = try_when(engine, condition);
	if (value_is(value, VALUE_BOOL))
		return value.boolean;
	struct event_builder event;
	event_of(engine, &event, EVENT_STEP_WAITING, NULL, 0);
	event_set(&event, "msg",
		  value_cstring(arena_format(
			  &engine->tick, "condition '%s' could not be tried: %s", condition->reason,
			  value_is(value, VALUE_ERROR) ? value.error->message
						       : "it is neither true nor false")));
	engine_append(engine, &event);
	return false;
}

/* NULL while a question is open; *pending says so. */
static const char *condition_met(struct engine *engine, bool *pending)
{
	const struct plan_rollback *rollback = &engine->setup.plan->rollback;
	*pending = false;
	for (size_t i = 0; i < rollback->condition_count; i++)
		if (rollback->conditions[i].when && when_holds(engine, &rollback->conditions[i]))
			return rollback->conditions[i].reason;
	for (size_t i = 0; i < rollback->condition_count && engine->setup.interactive; i++) {
		const struct plan_condition *condition = &rollback->conditions[i];
		if (!condition->ask)
			continue;
		const char *ask = arena_format(engine->arena, "condition %s", condition->reason);
		const struct ask_state *state = state_ask(&engine->state, ask);
		if (state && state->answered && strcmp(state->answer, "yes") == 0)
			return condition->reason;
		if (state)
			continue;
		struct expr_scope scope = instance_scope(&engine->instances.at[0],
							 &engine->instances);
		struct value text = template_eval(condition->ask, &scope, &engine->tick, NULL);
		const struct question question = {
			.kind = "condition",
			.text = value_is(text, VALUE_STRING)
					? arena_text(&engine->tick, value_text(text)).ptr
					: condition->reason,
		};
		ask_open(engine, ask, NULL, &question, &engine->tick);
		*pending = true;
		return NULL;
	}
	return NULL;
}

/* Whether it is known not to hold. */
static bool is_ruled_out(struct engine *engine, const struct plan_condition *condition)
{
	const char *ask = arena_format(&engine->tick, "condition %s", condition->reason);
	const struct ask_state *asked = state_ask(&engine->state, ask);
	if (!condition->when)
		return asked && asked->answered && strcmp(asked->answer, "no") == 0;
	struct value value = try_when(engine, condition);
	return value_is(value, VALUE_BOOL) && !value.boolean;
}

const char *rollback_offered(struct engine *engine)
{
	const struct plan_rollback *rollback = &engine->setup.plan->rollback;
	const char *offered = rollback->condition_count ? "REASON" : NULL;
	if (engine->condition)
		return engine->condition;
	for (size_t i = rollback->condition_count; i > 0; i--)
		if (!is_ruled_out(engine, &rollback->conditions[i - 1]))
			offered = rollback->conditions[i - 1].reason;
	return offered;
}

static void rollback_ask(struct engine *engine, const char *reason)
{
	const struct ask_state *ask = state_ask(&engine->state, "rollback");
	if (ask && ask->answered) {
		if (strcmp(ask->answer, "yes") == 0)
			rollback_begin(engine, reason, "asked");
		return;
	}
	if (!engine->setup.interactive) {
		decline(engine, "nobody could be asked");
		return;
	}
	const struct question question = {
		.kind = "rollback",
		.text = engine->condition
				? arena_format(&engine->tick, "The run has failed (%s). Roll back?",
					       reason)
				: "The run has failed. Roll back?",
	};
	ask_open(engine, "rollback", NULL, &question, &engine->tick);
}

void rollback_consider(struct engine *engine)
{
	const struct plan *plan = engine->setup.plan;
	bool undo = false, pending = false;
	for (size_t i = 0; i < plan->node_count; i++)
		undo = undo || plan->nodes[i]->undo != PLAN_NONE;
	if (!plan->rollback.declared && !undo) {
		decline(engine, "the runbook has no rollback");
		return;
	}
	const char *reason = "failed";
	if (plan->rollback.condition_count) {
		reason = condition_met(engine, &pending);
		if (pending)
			return;
		engine->condition = reason;
	}
	if (!reason)
		decline(engine, "no condition holds");
	else if (plan->rollback.mode == ROLLBACK_AUTOMATIC)
		rollback_begin(engine, reason, "automatic");
	else if (plan->rollback.mode == ROLLBACK_MANUAL)
		decline(engine, "rollback is manual");
	else
		rollback_ask(engine, reason);
}
