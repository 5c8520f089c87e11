/* The tick: decide, prepare, commit, tell, start; then wait. */

#include <signal.h>

#include "base/bug.h"
#include "run/internal.h"

int64_t engine_now(const struct engine *engine)
{
	return journal_now(engine->journal);
}

void event_of(struct engine *engine, struct event_builder *event, enum event_type type,
	      const struct plan_node *node, uint32_t attempt)
{
	event_begin(event, type, &engine->tick);
	if (node)
		event_step(event, node->slot, node->path, node->id, attempt);
}

/* The only way by which something happens: recorded, folded, kept for the sinks. */
void engine_append(struct engine *engine, struct event_builder *builder)
{
	struct event event = event_end(builder);
	journal_append(engine->journal, &event, &engine->tick);
	if (!state_apply(&engine->state, &event))
		bug("event %s cannot follow at slot %d", event_name(event.type), event.slot);
	if (event.type == EVENT_LOOP_OPENED)
		loop_unroll(engine, &event);
	*list_add(&engine->pending, engine->arena) = event;
}

static void tell(struct engine *engine, const struct event *event)
{
	for (size_t k = 0; k < engine->setup.sink_count; k++)
		engine->setup.sinks[k].event(engine->setup.sinks[k].data, event);
}

/* Its start is recorded and its end is not: the next that reads the record cannot say what it did.
 */
static void tell_unrecorded(struct engine *engine, const struct event *ended)
{
	const struct plan_node *node = engine->setup.plan->nodes[ended->slot];
	struct event_builder builder;
	struct event event;
	if (engine->state.steps[ended->slot].attempt_seq >= engine->unrecorded)
		return; /* it was only announced */
	event_of(engine, &builder, EVENT_STEP_WAITING, NULL, 0);
	event_set(
		&builder, "msg",
		value_cstring(arena_format(&engine->tick, "the end of %s could not be recorded: %s",
					   step_shown(engine, node, &engine->tick),
					   event_text(ended, "status", &engine->tick))));
	event = event_end(&builder);
	journal_append(engine->journal, &event, &engine->tick);
	tell(engine, &event);
	if (engine->effects[ended->slot] >= EFFECT_WRITE)
		engine->exit = 5;
}

/* What is told has happened; what cannot be recorded is not told as if it were. */
static void tell_pending(struct engine *engine)
{
	for (size_t i = 0; i < engine->pending.count; i++) {
		const struct event *event = &engine->pending.at[i];
		if (!engine->broken || !event_recorded(event->type))
			tell(engine, event);
		else if (event->type == EVENT_STEP_ENDED)
			tell_unrecorded(engine, event);
	}
}

static void break_off(struct engine *engine)
{
	engine->broken = engine->full = true;
	engine->unrecorded = UINT64_MAX;
	for (size_t i = engine->pending.count; i > 0; i--)
		if (event_recorded(engine->pending.at[i - 1].type))
			engine->unrecorded = engine->pending.at[i - 1].seq;
}

static bool journal_is_due(const struct engine *engine)
{
	int64_t due = journal_due(engine->journal);

	return due > 0 && engine_now(engine) >= due;
}

/* After the commit the sinks hear of what happened; before it nobody does. */
bool engine_commit(struct engine *engine)
{
	if (engine->pending.count == 0 && !journal_is_due(engine))
		return true;
	struct store_error error;
	if (!engine->broken && !journal_commit(engine->journal, &error)) {
		engine->error = error;
		break_off(engine);
	} else if (!engine->full && journal_is_full(engine->journal, &engine->error)) {
		engine->full = true;
	}
	if (engine->full && engine->exit != 5)
		engine->exit = 8;
	tell_pending(engine);
	engine->pending.count = 0;
	arena_reset(&engine->tick);
	return !engine->full;
}

/* ---- intents ------------------------------------------------------------------------------- */

static void undo_begin(struct engine *engine, const struct plan_node *node)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_UNDO_STARTED, node, 0);
	engine_append(engine, &event);
}

static void undo_end(struct engine *engine, const struct intent *intent)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_UNDO_ENDED, engine->setup.plan->nodes[intent->slot], 0);
	event_set(&event, "status", value_cstring(step_status_name(intent->status)));
	engine_append(engine, &event);
}

/* Which failure stopped the run: kept, because the second verify gives its steps new ends. */
static void failure_note(struct engine *engine)
{
	if (engine->failed_slot >= 0 || engine->failed_class)
		return;
	engine->failed_slot = failed_leaf(engine);
	if (engine->failed_slot < 0 && engine->expired_run) { /* while nothing ran */
		engine->failed_message = limit_text(&engine->limit, engine->arena);
		engine->failed_class = "timeout";
	}
	if (engine->failed_slot < 0)
		return;
	engine->failed_message = engine->state.steps[engine->failed_slot].message;
	engine->failed_class = engine->state.steps[engine->failed_slot].class;
}

static void act(struct engine *engine, const struct intent *intent)
{
	const struct plan_node *node = intent->slot >= 0 ? engine->setup.plan->nodes[intent->slot]
							 : NULL;
	engine->ending = intent->run;
	if (intent->run != RUN_GOING)
		failure_note(engine); /* before what comes last asks for it */
	switch (intent->kind) {
	case INTENT_WAIT:
		break;
	case INTENT_BEGIN:
		prepare_begin(engine, node, 1);
		break;
	case INTENT_PROBED:
		prepare_probed(engine, node);
		break;
	case INTENT_RETRY:
		prepare_begin(engine, node, engine->state.steps[intent->slot].attempts + 1);
		break;
	case INTENT_END:
		prepare_end(engine, intent);
		break;
	case INTENT_UNDO_BEGIN:
		undo_begin(engine, node);
		break;
	case INTENT_UNDO_END:
		undo_end(engine, intent);
		break;
	case INTENT_ROLLBACK:
		failure_note(engine);
		rollback_consider(engine);
		break;
	case INTENT_CLOSE:
		close_run(engine, intent);
		break;
	}
}

/* Steps that run; one that waits for an answer keeps nobody from his turn. */
static size_t running(const struct engine *engine)
{
	size_t count = 0;
	for (size_t i = 0; i < engine->attempts.count; i++) {
		int32_t slot = engine->attempts.at[i]->node->slot;
		count += engine->state.steps[slot].status == STEP_RUNNING;
	}
	return count;
}

struct intent engine_next(const struct engine *engine)
{
	size_t jobs = engine->setup.jobs ? engine->setup.jobs : RUN_JOBS;
	const struct decide decide_of = {
		.plan = engine->setup.plan,
		.state = &engine->state,
		.now = engine_now(engine),
		.stopping = engine->stops > 0 || engine->expired_run,
		.forced = engine->stops > 1,
		.expired_run = engine->expired_run,
		.expired = engine->expired,
		.passed = engine->passed,
		.full = running(engine) >= jobs,
	};
	return decide(&decide_of);
}

/* ---- the tick ------------------------------------------------------------------------------ */

/* Takes the ends that have come. */
static void take_ends(struct engine *engine)
{
	size_t kept = 0;
	for (size_t i = 0; i < engine->attempts.count; i++) {
		struct attempt *attempt = engine->attempts.at[i];
		if (!attempt->ended) {
			engine->attempts.at[kept++] = attempt;
			continue;
		}
		outcome_record(engine, attempt);
		/* Its arena holds what the pending events show. */
		*list_add(&engine->finished, engine->arena) = attempt;
	}
	engine->attempts.count = kept;
}

/* Decides until there is something to wait for; what was prepared starts after the commit. */
static struct intent decide_all(struct engine *engine)
{
	struct intent intent = engine_next(engine);
	while (!engine->closed && intent.kind != INTENT_WAIT) {
		act(engine, &intent);
		if (engine->closed)
			break;
		intent = engine_next(engine);
	}
	return intent;
}

static void due(void *data)
{
	(void)data; /* the loop has turned: decide is asked again */
}

static bool any_question(const struct state *state)
{
	for (size_t i = 0; i < state->asks.count; i++)
		if (!state->asks.at[i].answered)
			return true;
	return false;
}

/* Whether nothing goes on before somebody answers. */
static bool waits_for_answer(const struct engine *engine, const struct intent *intent)
{
	if (intent->kind != INTENT_WAIT || intent->due > 0 || !any_question(&engine->state))
		return false;
	for (size_t i = 0; i < engine->attempts.count; i++) {
		const struct attempt *attempt = engine->attempts.at[i];
		if (engine->state.steps[attempt->node->slot].status != STEP_WAITING)
			return false;
	}
	return true;
}

void cancel_all(struct engine *engine, const struct limit *expired)
{
	for (size_t i = 0; i < engine->attempts.count; i++)
		attempt_cancel(engine->attempts.at[i], expired);
}

/* When something is to be done though nothing happens: of decide, or of the journal. 0: never. */
static int64_t next_due(const struct engine *engine, const struct intent *intent)
{
	int64_t decided = intent->kind == INTENT_WAIT ? intent->due : 0;
	int64_t journal = journal_due(engine->journal);

	if (decided <= 0 || journal <= 0)
		return decided > 0 ? decided : journal;
	return decided < journal ? decided : journal;
}

static void wait_until(struct engine *engine, const struct intent *intent)
{
	int64_t at = next_due(engine, intent);

	timer_stop(&engine->due);
	if (at > 0) {
		engine->due.fire = due;
		timer_start(&engine->due, engine->setup.loop,
			    (at - engine_now(engine)) * NS_PER_MS);
	}
	if (waits_for_answer(engine, intent))
		timeout_wait(engine);
	else
		loop_run_once(engine->setup.loop);
}

static void drop_finished(struct engine *engine)
{
	for (size_t i = 0; i < engine->finished.count; i++) {
		arena_done(&engine->finished.at[i]->arena);
		*list_add(&engine->spare, engine->arena) = engine->finished.at[i];
	}
	engine->finished.count = 0;
}

/* The limit of a structure around it that has passed, or NULL. */
static const struct limit *expired_around(const struct engine *engine,
					  const struct attempt *attempt)
{
	for (int32_t at = attempt->node->parent; at != PLAN_NONE;
	     at = engine->setup.plan->nodes[at]->parent)
		if (engine->expired[at])
			return &engine->limits[at];
	return NULL;
}

/* What a group's timeout has passed over ends with it. */
static void cancel_expired(struct engine *engine)
{
	for (size_t i = 0; i < engine->attempts.count; i++) {
		struct attempt *attempt = engine->attempts.at[i];
		const struct limit *expired = expired_around(engine, attempt);
		if (!attempt->ended && !attempt->expired && expired)
			attempt_cancel(attempt, expired);
	}
}

/* What was announced in this tick. Gives whether there was any. */
static bool start_all(struct engine *engine)
{
	bool any = false;
	for (size_t i = 0; i < engine->attempts.count; i++) {
		if (engine->attempts.at[i]->started)
			continue;
		attempt_start(engine->attempts.at[i]);
		any = engine->begun = true;
	}
	return any;
}

/* What the operator should know of the journal, once. */
static void journal_tell(struct engine *engine)
{
	const char *text = journal_notice(engine->journal);
	if (text && text != engine->told)
		engine_notice(engine, text);
	engine->told = text;
}

static bool tick(struct engine *engine)
{
	journal_tell(engine);
	take_ends(engine);
	struct intent intent = decide_all(engine);
	if (!engine->closed && engine->parked && waits_for_answer(engine, &intent))
		park_run(engine); /* somebody who is not here */
	bool recorded = engine_commit(engine);
	drop_finished(engine);
	if (!recorded || engine->closed)
		return false;
	if (start_all(engine))
		return true;
	wait_until(engine, &intent);
	cancel_expired(engine);
	return true;
}

/* A run of which nothing was started holds nobody up: it is told as cancelled, with the code that
 * says why. */
static void close_unbegun(struct engine *engine)
{
	const struct intent intent = {
		.kind = INTENT_CLOSE, .slot = -1, .culprit = -1, .run = RUN_CANCELLED, .exit = 8
	};
	if (engine->closed || engine->broken || engine->begun || engine->state.resumed_seq ||
	    engine->state.rollback_seq)
		return;
	close_run(engine, &intent);
	engine_commit(engine);
}

/* The store takes nothing new. What runs is allowed to end, and the reserve takes its result; what
 * was only announced is closed as cancelled. Of a parked run the questions stay open in the record.
 */
static void drain(struct engine *engine)
{
	for (size_t i = 0; i < engine->attempts.count && !engine->closed; i++) {
		struct attempt *attempt = engine->attempts.at[i];
		if (!attempt->started)
			attempt_cancel(attempt, NULL);
		while (!attempt->ended)
			loop_run_once(engine->setup.loop);
	}
	if (!engine->closed && engine->attempts.count > 0) {
		take_ends(engine);
		engine_commit(engine);
	}
	close_unbegun(engine);
	for (size_t i = 0; i < engine->attempts.count; i++) {
		timer_stop(&engine->attempts.at[i]->timer);
		*list_add(&engine->finished, engine->arena) = engine->attempts.at[i];
	}
	engine->attempts.count = 0;
	drop_finished(engine);
}

static void on_signal(void *data, int signal)
{
	struct engine *engine = data;
	if (signal != SIGWINCH)
		run_stop(engine);
}

int run_loop(struct engine *engine)
{
	loop_on_signal(engine->setup.loop, on_signal, engine);
	timeout_start(engine);
	while (tick(engine))
		;
	drain(engine);
	loop_on_signal(engine->setup.loop, NULL, NULL);
	timer_stop(&engine->whole);
	timer_stop(&engine->due);
	return engine->exit;
}

void engine_notice(struct engine *engine, const char *text)
{
	struct event_builder event;
	event_of(engine, &event, EVENT_STEP_WAITING, NULL, 0);
	event_set(&event, "msg", value_cstring(text));
	engine_append(engine, &event);
}

void run_stop(struct engine *engine)
{
	engine->stops++;
	/* In a rollback the first signal only warns: half a rollback is worse than a late one. */
	if (engine->state.phase == RUN_ROLLING_BACK && engine->stops < 2) {
		engine_notice(engine, "a rollback is not stopped halfway; Ctrl-C again stops it");
		return;
	}
	if (engine->stops == 1)
		engine_notice(engine,
			      "stopping: what runs is being ended; Ctrl-C again ends it at once");
	cancel_all(engine, NULL);
}

struct store_error run_store_error(const struct engine *engine)
{
	return engine->error;
}

const struct run_folder *run_folder_of(const struct engine *engine)
{
	return &engine->folder;
}

const struct state *run_state(const struct engine *engine)
{
	return &engine->state;
}
