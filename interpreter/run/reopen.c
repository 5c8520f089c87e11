/* How a run that has stopped goes on: for its rollback, or from where it was. */

#include "run/internal.h"

/* Another plan than that of the run has no such loop. */
static bool can_unroll(const struct engine *engine, const struct event *event)
{
	int64_t count = event_int(event, "count", -1);
	bool known = event->slot >= 0 && (size_t)event->slot < engine->plan.node_count &&
		     engine->plan.nodes[event->slot]->kind == PLAN_LOOP;
	return known && count >= 0 && plan_has_room(&engine->plan, event->slot, (size_t)count) &&
	       event_int(event, "size", -1) == engine->plan.nodes[event->slot]->loop->size;
}

static bool replay(const struct event *event, void *data)
{
	struct engine *engine = data;
	struct event past = *event;
	past.past = event->type != EVENT_RUN_OPENED;
	engine->held += (size_t)event_int(event, "held", 0);
	for (size_t i = 0; i < engine->setup.sink_count; i++)
		engine->setup.sinks[i].event(engine->setup.sinks[i].data, &past);
	if (event->type == EVENT_LOOP_OPENED && !can_unroll(engine, event))
		return false;
	if (!state_apply(&engine->state, event))
		return false;
	if (event->type == EVENT_LOOP_OPENED)
		loop_unroll(engine, event);
	return true;
}

/* The names of the document, and of the calls and library steps that were open: from what the run
 * recorded. A secret, which is kept nowhere, is read from its source again. */
static bool restore_instances(struct engine *engine, struct failure *failure)
{
	const struct plan *plan = engine->setup.plan;
	struct value items = value_null(); /* of the loop to whose rounds it has come */
	for (size_t i = 0; i < plan->scope_count; i++) {
		struct instance *instance = &engine->instances.at[i];
		const struct plan_scope *scope = plan->scopes[i];
		const struct step_state *use = scope->node == PLAN_NONE
						       ? NULL
						       : &engine->state.steps[scope->node];
		struct value vars = use ? use->vars : value_null();
		if (scope->round && scope->round->around) {
			if (scope->round->index == 0 &&
			    !items_restore(engine, scope->round->loop, &items, failure))
				return false;
			round_bind(engine, scope, items);
			continue;
		}
		if (use && !value_is(use->inputs, VALUE_MAP))
			continue;
		instance->scope = scope;
		instance_bind(engine, instance);
		if (!use)
			value_field(engine->state.opened, "vars", engine->arena, &vars);
		instance_restore(&engine->instances, instance,
				 use ? use->inputs : inputs_value(engine), vars, engine->arena);
		if (!secrets_mask_names(engine, instance, failure))
			return false;
	}
	return true;
}

/* ---- refusals ------------------------------------------------------------------------------ */

static const char *actor_text(const struct engine *engine, const char *key)
{
	return value_field_text(engine->state.actor, key, engine->arena);
}

static struct engine *refuse_running(const struct engine *engine, const struct store_error *error,
				     struct run_refusal *refusal)
{
	struct value pid = value_null();
	value_field(engine->state.actor, "pid", NULL, &pid);
	return refuse(refusal, 6,
		      arena_format(engine->arena, "%s (pid %d, %s@%s)", error->message,
				   value_is(pid, VALUE_INT) ? (int)pid.integer : 0,
				   actor_text(engine, "user"), actor_text(engine, "host")),
		      "Wait until it has ended, or stop it.");
}

/* Between the look at it and its lock somebody else has gone on with it. */
static bool is_as_it_was(const struct engine *engine, const struct run_again *again,
			 struct run_refusal *refusal)
{
	const char *id = engine->folder.short_id;
	if (engine->state.seq == again->seq && journal_seq(engine->journal) == again->seq)
		return true;
	refuse(refusal, 6,
	       arena_format(engine->arena, "somebody else has gone on with run %s meanwhile", id),
	       arena_format(engine->arena, "See what came of it: runbook show %s", id));
	return false;
}

/* Its steps were described by others than the program and the documents that are here now. */
static bool is_same(const struct engine *engine, const struct run_again *again,
		    struct run_refusal *refusal)
{
	const char *program = value_field_text(engine->state.opened, "program", engine->arena);
	if (!again->back && strcmp(program, RUNBOOK_VERSION) != 0) {
		refuse(refusal, 9,
		       arena_format(engine->arena,
				    "the run was made by version %s of the program, this is %s",
				    program, RUNBOOK_VERSION),
		       "It can be shown and rolled back, not resumed.");
		return false;
	}
	if (again->other || engine->state.step_count == engine->setup.plan->node_count)
		return true;
	refuse(refusal, 9, "the run was made by another version of the program or of its documents",
	       NULL);
	return false;
}

/* A rollback notes it and goes on. */
static bool secrets_same(struct engine *engine, const struct run_again *again,
			 struct run_refusal *refusal)
{
	struct value changed = secrets_changed(engine, engine->arena);
	if (again->back || value_is(changed, VALUE_NULL))
		return true;
	const char *name = arena_text(&engine->tick, value_text(value_item(changed, 0))).ptr;
	refuse(refusal, 9,
	       arena_format(engine->arena, "secret '%s' is another one than in the run", name),
	       "Give the one with which the run began, or roll the run back.");
	return false;
}

/* ---- opening again ------------------------------------------------------------------------- */

/* What the run goes on with, and what of it is another thing than before. */
static bool put_accepted(struct engine *engine, struct event_builder *event,
			 const struct run_again *again, struct store_error *error)
{
	bool looked;
	if (!put_documents(engine, event, error) || !last_restore(engine, &looked, error))
		return false;
	if (looked)
		last_put(engine, event);
	if (value_is(again->slots, VALUE_LIST))
		event_set(event, "slots", again->slots);
	if (value_is(again->accepted, VALUE_LIST))
		event_set(event, "accepted", again->accepted);
	return true;
}

/* Before a rollback begins, which then goes by them. */
static bool put_changed(struct engine *engine, const struct run_again *again,
			struct store_error *error)
{
	struct event_builder event;
	if (!again->other)
		return true;
	event_of(engine, &event, EVENT_RUN_CHANGED, NULL, 0);
	event_set(&event, "actor", actor_value(engine, &engine->tick));
	if (!put_accepted(engine, &event, again, error))
		return false;
	engine_append(engine, &event);
	return true;
}

static bool put_resumed(struct engine *engine, const struct run_again *again,
			struct store_error *error)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_RUN_RESUMED, NULL, 0);
	event_set(&event, "actor", actor_value(engine, &engine->tick));
	event_set(&event, "command", words_value(engine->setup.command, &engine->tick));
	if (again->abort)
		event_set(&event, "abort", value_bool(true));
	if (value_is(engine->state.rollback, VALUE_MAP))
		event_set(&event, "reason",
			  value_cstring(value_field_text(engine->state.rollback, "reason",
							 &engine->tick)));
	if (again->back)
		event_set(&event, "how", value_cstring("operator"));
	if (again->note)
		event_set(&event, "note", value_cstring(again->note));
	if (again->other && !put_accepted(engine, &event, again, error))
		return false;
	if (value_is(again->anew, VALUE_LIST))
		event_set(&event, "anew", again->anew);
	engine_append(engine, &event);
	return true;
}

static void structures_reopen(struct engine *engine)
{
	for (size_t i = 0; i < engine->state.step_count; i++) {
		const struct plan_node *node = engine->setup.plan->nodes[i];
		bool bounded = node->kind != PLAN_STEP && node->kind != PLAN_LOOP;
		if (bounded && engine->state.steps[i].status == STEP_RUNNING)
			structure_reopen(engine, node);
	}
}

/* In a rollback only a second signal stops what comes next. */
static void abort_run(struct engine *engine)
{
	engine->stops = engine->state.phase == RUN_ROLLING_BACK ? 2 : 1;
	for (size_t i = 0; i < engine->state.step_count; i++) {
		struct event_builder event;
		if (engine->state.steps[i].status != STEP_WAITING)
			continue;
		event_of(engine, &event, EVENT_STEP_ENDED, engine->setup.plan->nodes[i], 0);
		event_set(&event, "status", value_cstring("cancelled"));
		event_set(&event, "class", value_cstring("cancelled"));
		event_set(&event, "code", value_cstring("RB0505"));
		event_set(&event, "msg", value_cstring("cancelled"));
		engine_append(engine, &event);
	}
}

/* The events with which it goes on. NULL: *refusal, and none is recorded. */
static struct engine *go_on(struct engine *engine, const struct run_again *again,
			    struct run_refusal *refusal)
{
	lost_record(engine);
	engine->failed_slot = failed_leaf(engine);
	if (again->reason)
		rollback_begin(engine, again->reason, "operator");
	if (!lost_settle(engine, again, refusal))
		return NULL;
	if (again->abort)
		abort_run(engine);
	else
		structures_reopen(engine);
	locks_put(engine);
	if (!again->reason && !again->abort && !engine->setup.interactive)
		lost_close(engine);
	if (!again->reason && !again->abort && !engine->closed)
		forgotten_begin_anew(engine);
	return engine_commit(engine) ? engine : refuse_store(refusal, &engine->error);
}

struct engine *run_reopen(const struct run_setup *setup, struct run_folder *folder,
			  const struct run_again *again, struct run_refusal *refusal)
{
	struct engine *engine = engine_new(setup);
	struct store_error error;
	struct failure failure;
	engine->folder = *folder;
	if (journal_read(folder, engine->arena, replay, engine, &error) == JOURNAL_DAMAGED)
		return refuse_store(refusal, &error);
	if (!is_same(engine, again, refusal))
		return NULL;
	engine->journal = journal_open(folder, loop_clock(setup->loop), setup->mask, engine->arena,
				       &error);
	if (!engine->journal && error.held)
		return refuse_running(engine, &error, refusal);
	if (!engine->journal)
		return refuse_store(refusal, &error);
	if (!is_as_it_was(engine, again, refusal))
		return NULL;
	engine->last = run_last_recorded(engine->state.opened);
	if (again->reason ? !put_changed(engine, again, &error)
			  : !put_resumed(engine, again, &error))
		return refuse_store(refusal, &error);
	if (!restore_instances(engine, &failure))
		return refuse(refusal, 2, failure.message, failure.hint);
	if (!secrets_same(engine, again, refusal) || !locks_take(engine, refusal) ||
	    !lost_check(engine, refusal))
		return NULL;
	bool back = again->back || engine->state.rollback_seq > 0;
	if (back && !again->abort && !later_check(engine, again, refusal))
		return NULL;
	loop_remove_left(setup->loop);
	return go_on(engine, again, refusal);
}
