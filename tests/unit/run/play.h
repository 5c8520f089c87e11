/* A run that is played by hand: a plan from a document in memory, a state, and the events that an
 * engine would record. `decide` says what is next. */
#ifndef TESTS_UNIT_RUN_PLAY_H
#define TESTS_UNIT_RUN_PLAY_H

#include "run/run.h"
#include "unit/plan/support.h"

struct play {
	struct desk *desk;
	const struct plan *plan;
	struct state state;
	struct decide decide;
	bool *expired; /* by slot */
	uint64_t seq;
};

/* The outline as far as the state reads it. */
static inline struct value play_outline(const struct plan *plan, struct arena *arena)
{
	struct value *rows = arena_array(arena, struct value, plan->node_count);
	for (size_t i = 0; i < plan->node_count; i++) {
		struct value_map_builder row;
		value_map_init(&row, arena);
		value_map_set(&row, "slot", value_int((int64_t)i));
		value_map_set(&row, "parent", value_int(plan->nodes[i]->parent));
		rows[i] = value_map_end(&row);
	}
	return value_list(rows, plan->node_count, arena);
}

/* Applies an event to the state. */
static inline bool play_apply(struct play *play, struct event_builder *builder)
{
	struct event event = event_end(builder);
	event.seq = ++play->seq;
	event.ms = play->decide.now;
	return state_apply(&play->state, &event);
}

static inline void play_begin_event(struct play *play, struct event_builder *event,
				    enum event_type type, int32_t slot, uint32_t attempt)
{
	event_begin(event, type, &play->desk->arena);
	if (slot >= 0)
		event_step(event, slot, play->plan->nodes[slot]->path, play->plan->nodes[slot]->id,
			   attempt);
}

/* A run of "runbook: 1", a name, then the text. */
static inline struct play play_open(struct desk *desk, const char *text)
{
	struct play play = { .desk = desk };
	struct event_builder event;
	play.plan = desk_plan(desk, text);
	if (!play.plan)
		fail_msg("%s", desk_told(desk));
	state_init(&play.state, &desk->arena);
	play_begin_event(&play, &event, EVENT_RUN_OPENED, -1, 0);
	event_set(&event, "outline", play_outline(play.plan, &desk->arena));
	assert_true(play_apply(&play, &event));
	play.expired = arena_array(&desk->arena, bool, play.plan->node_count);
	play.decide = (struct decide){
		.plan = play.plan,
		.expired = play.expired,
		.passed = arena_array(&desk->arena, struct passed, play.plan->node_count),
	};
	return play;
}

/* ---- what decide says ---------------------------------------------------------------------- */

/* "begin 1", "retry 2.1", "end 2 failed by 2.1", "undo 1", "undone 1 succeeded", "rollback by 2",
 * "close failed 1 by 2", "wait", "wait 500" */
static inline const char *play_next(struct play *play)
{
	static const char *const words[] = {
		[INTENT_WAIT] = "wait",         [INTENT_BEGIN] = "begin",
		[INTENT_RETRY] = "retry",       [INTENT_END] = "end",
		[INTENT_UNDO_BEGIN] = "undo",   [INTENT_UNDO_END] = "undone",
		[INTENT_ROLLBACK] = "rollback", [INTENT_CLOSE] = "close",
	};
	struct buffer out;
	play->decide.state = &play->state;
	struct intent intent = decide(&play->decide);
	buffer_init(&out, &play->desk->arena);
	buffer_puts(&out, words[intent.kind]);
	if (intent.slot >= 0)
		buffer_printf(&out, " %s", play->plan->nodes[intent.slot]->path);
	if (intent.due)
		buffer_printf(&out, " %lld", (long long)intent.due);
	if (intent.kind == INTENT_END || intent.kind == INTENT_UNDO_END)
		buffer_printf(&out, " %s", step_status_name(intent.status));
	if (intent.kind == INTENT_CLOSE)
		buffer_printf(&out, " %s %d", run_status_names[intent.run], intent.exit);
	if (intent.culprit >= 0 && intent.kind != INTENT_WAIT)
		buffer_printf(&out, " by %s", play->plan->nodes[intent.culprit]->path);
	return buffer_string(&out);
}

#define expect(play, next) assert_string_equal(play_next(play), (next))

/* ---- what happens -------------------------------------------------------------------------- */

static inline int32_t play_slot(struct play *play, const char *path)
{
	return desk_node(play->desk, path)->slot;
}

static inline void play_step(struct play *play, const char *path, enum event_type type,
			     uint32_t attempt, const char *field, const char *value)
{
	struct event_builder event;
	play_begin_event(play, &event, type, play_slot(play, path), attempt);
	if (field)
		event_set(&event, field, value_cstring(value));
	if (!play_apply(play, &event))
		fail_msg("%s of %s cannot follow", event_name(type), path);
}

/* An attempt starts: the next one where decide wants a retry, else a first one. A step changes what
 * its effect says. */
static inline void play_start(struct play *play, const char *path)
{
	const struct plan_node *node = desk_node(play->desk, path);
	play->decide.state = &play->state;
	bool again = decide(&play->decide).kind == INTENT_RETRY;
	play_step(play, path, EVENT_STEP_STARTED,
		  again ? play->state.steps[node->slot].attempts + 1 : 1, "effect",
		  node->kind == PLAN_STEP ? effect_name((enum effect)node->effect) : "none");
}

static inline void play_end(struct play *play, const char *path, const char *status)
{
	play_step(play, path, EVENT_STEP_ENDED, 1, "status", status);
}

/* An attempt from start to end. */
static inline void play_run(struct play *play, const char *path, const char *status)
{
	play_start(play, path);
	expect(play, "wait");
	play_end(play, path, status);
}

static inline void play_skip(struct play *play, const char *path)
{
	play_step(play, path, EVENT_STEP_SKIPPED, 0, "reason", "when");
}

/* A failed end that is followed by another attempt, or that lets the run go on. */
static inline void play_end_with(struct play *play, const char *path, const char *field,
				 struct value value)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_STEP_ENDED, play_slot(play, path), 1);
	event_set(&event, "status", value_cstring("failed"));
	event_set(&event, field, value);
	assert_true(play_apply(play, &event));
}

static inline void play_ask(struct play *play, const char *path, const char *ask, const char *kind)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_ASK_OPENED, path ? play_slot(play, path) : -1, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "kind", value_cstring(kind));
	assert_true(play_apply(play, &event));
}

static inline void play_answer(struct play *play, const char *path, const char *ask,
			       const char *answer)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_ASK_ANSWERED, path ? play_slot(play, path) : -1, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "answer", value_cstring(answer));
	assert_true(play_apply(play, &event));
}

static inline void play_rollback(struct play *play)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_ROLLBACK_OPENED, -1, 0);
	event_set(&event, "reason", value_cstring("failed"));
	event_set(&event, "how", value_cstring("automatic"));
	assert_true(play_apply(play, &event));
}

static inline void play_no_rollback(struct play *play)
{
	play_ask(play, NULL, "rollback", "rollback");
	play_answer(play, NULL, "rollback", "no");
}

static inline void play_close(struct play *play, const char *status)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_RUN_CLOSED, -1, 0);
	event_set(&event, "status", value_cstring(status));
	assert_true(play_apply(play, &event));
}

static inline void play_undo(struct play *play, const char *path)
{
	play_step(play, path, EVENT_UNDO_STARTED, 0, NULL, NULL);
}

static inline void play_undone(struct play *play, const char *path, const char *status)
{
	play_step(play, path, EVENT_UNDO_ENDED, 0, "status", status);
}

#endif
