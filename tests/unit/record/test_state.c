#include "fixture.h"

#define SLOTS 6

struct folding {
	struct fixture *fixture;
	struct state state;
	uint64_t seq;
	int64_t ms;
};

static struct value outline(struct fixture *fixture)
{
	static const int parents[SLOTS] = { -1, 0, 0, 2, 2, -1 };
	struct value *rows = arena_array(&fixture->arena, struct value, SLOTS);

	for (int i = 0; i < SLOTS; i++) {
		struct value_map_builder row;

		value_map_init(&row, &fixture->arena);
		value_map_set(&row, "slot", value_int(i));
		if (parents[i] >= 0)
			value_map_set(&row, "parent", value_int(parents[i]));
		rows[i] = value_map_end(&row);
	}
	return value_list(rows, SLOTS, &fixture->arena);
}

static bool apply(struct folding *folding, struct event event)
{
	event.seq = ++folding->seq;
	event.ms = folding->ms += 10;
	event.wall = fixture_now + event.ms * NS_PER_MS;
	return state_apply(&folding->state, &event);
}

static bool step(struct folding *folding, enum event_type type, int32_t slot, uint32_t attempt,
		 const char *field, struct value value)
{
	return apply(folding, fixture_event(folding->fixture, type, slot, attempt, field, value));
}

static bool start(struct folding *folding, int32_t slot, uint32_t attempt)
{
	return step(folding, EVENT_STEP_STARTED, slot, attempt, "effect", value_cstring("write"));
}

static bool end(struct folding *folding, int32_t slot, const char *status)
{
	return step(folding, EVENT_STEP_ENDED, slot, 1, "status", value_cstring(status));
}

static bool end_with(struct folding *folding, int32_t slot, const char *status, const char *field,
		     struct value value)
{
	struct event_builder builder;

	event_begin(&builder, EVENT_STEP_ENDED, &folding->fixture->arena);
	event_step(&builder, slot, "1", "build", 1);
	event_set(&builder, "status", value_cstring(status));
	event_set(&builder, "class", value_cstring("exit"));
	event_set(&builder, "msg", value_cstring("exit code 1"));
	event_set(&builder, field, value);
	return apply(folding, event_end(&builder));
}

static bool ask(struct folding *folding, int32_t slot, const char *id)
{
	return step(folding, EVENT_ASK_OPENED, slot, 0, "ask", value_cstring(id));
}

static bool answer(struct folding *folding, const char *id, const char *text)
{
	struct event_builder builder;

	event_begin(&builder, EVENT_ASK_ANSWERED, &folding->fixture->arena);
	event_set(&builder, "ask", value_cstring(id));
	event_set(&builder, "answer", value_cstring(text));
	event_set(&builder, "by", value_cstring("alice"));
	return apply(folding, event_end(&builder));
}

static struct folding begin(struct fixture *fixture)
{
	struct folding folding = { .fixture = fixture };

	state_init(&folding.state, &fixture->arena);
	assert_true(step(&folding, EVENT_RUN_OPENED, -1, 0, "outline", outline(fixture)));
	assert_int_equal(folding.state.step_count, SLOTS);
	return folding;
}

static void nothing_comes_before_the_opening(void **state)
{
	struct folding folding = { .fixture = *state };

	state_init(&folding.state, &folding.fixture->arena);
	assert_false(start(&folding, 0, 1));
	assert_int_equal(folding.state.seq, 0);
}

static void an_attempt_starts_and_ends(void **state)
{
	struct folding folding = begin(*state);
	const struct step_state *build = &folding.state.steps[1];

	assert_true(start(&folding, 1, 1));
	assert_int_equal(build->status, STEP_RUNNING);
	assert_int_equal(build->attempts, 1);
	assert_int_equal(build->started_ms, 20);
	assert_int_equal(build->started_seq, 2);
	assert_true(build->effect);
	assert_true(end_with(&folding, 1, "succeeded", "outputs", value_int(5)));
	assert_int_equal(build->status, STEP_SUCCEEDED);
	assert_int_equal(build->ended_ms, 30);
	assert_int_equal(build->ended_seq, 3);
	assert_int_equal(build->outputs.integer, 5);
	assert_int_equal(folding.state.failed_slot, -1);
	assert_int_equal(folding.state.seq, 3);
	assert_int_equal(folding.state.ms, 30);
}

static void what_cannot_follow_is_refused(void **state)
{
	struct folding folding = begin(*state);

	assert_false(start(&folding, SLOTS, 1));
	assert_false(start(&folding, 1, 2));
	assert_false(end(&folding, 1, "succeeded"));
	assert_false(end(&folding, 1, "lost"));
	assert_false(end(&folding, 1, "skipped"));
	assert_false(end(&folding, 1, "exploded"));
	assert_false(step(&folding, EVENT_STEP_LOST, 1, 1, NULL, value_null()));
	assert_false(step(&folding, EVENT_UNDO_ENDED, 1, 0, "status", value_cstring("succeeded")));
	assert_false(step(&folding, EVENT_UNDO_STARTED, 77, 0, NULL, value_null()));
	assert_false(step(&folding, EVENT_LOOP_OPENED, 1, 0, "count", value_int(-1)));
	assert_false(answer(&folding, "go", "yes"));
	assert_true(start(&folding, 1, 1));
	assert_false(start(&folding, 1, 2)); /* it runs */
	assert_false(step(&folding, EVENT_STEP_SKIPPED, 1, 0, "reason", value_cstring("when")));
	assert_int_equal(folding.state.steps[1].status, STEP_RUNNING);
	assert_int_equal(folding.state.seq, 13);
}

static void a_failed_attempt_waits_for_the_next(void **state)
{
	struct folding folding = begin(*state);
	const struct step_state *build = &folding.state.steps[1];

	assert_true(start(&folding, 1, 1));
	assert_true(end_with(&folding, 1, "failed", "again", value_int(2000)));
	assert_int_equal(build->status, STEP_WAITING);
	assert_int_equal(build->again_ms, 30 + 2000);
	assert_string_equal(build->class, "exit");
	assert_int_equal(folding.state.failed_slot, -1);
	assert_true(start(&folding, 1, 2));
	assert_int_equal(build->attempts, 2);
	assert_int_equal(build->started_ms, 20);
	assert_int_equal(build->attempt_ms, 40);
	assert_true(end(&folding, 1, "succeeded"));
	assert_null(build->class);
	assert_null(build->message);
}

static void the_first_failure_stops_the_run(void **state)
{
	struct folding folding = begin(*state);

	assert_true(end(&folding, 3, "failed")); /* a value was wrong: nothing started */
	assert_true(end(&folding, 2, "failed"));
	assert_int_equal(folding.state.failed_slot, 3);
	assert_int_equal(folding.state.steps[3].status, STEP_FAILED);
}

static void a_failure_that_continues_stops_nothing(void **state)
{
	struct folding folding = begin(*state);

	assert_true(end_with(&folding, 1, "failed", "continued", value_bool(true)));
	assert_int_equal(folding.state.failed_slot, -1);
	assert_true(folding.state.steps[1].continued);
	/* a member's failure ends at the group that continues */
	assert_true(end(&folding, 3, "failed"));
	assert_int_equal(folding.state.failed_slot, 3);
	assert_true(end_with(&folding, 2, "failed", "continued", value_bool(true)));
	assert_int_equal(folding.state.failed_slot, -1);
}

static void skips_say_why(void **state)
{
	struct folding folding = begin(*state);

	assert_true(step(&folding, EVENT_STEP_SKIPPED, 1, 0, "reason", value_cstring("when")));
	assert_true(step(&folding, EVENT_STEP_SKIPPED, 3, 0, "reason", value_cstring("done")));
	assert_int_equal(folding.state.steps[1].status, STEP_SKIPPED);
	assert_int_equal(folding.state.steps[3].status, STEP_ALREADY_DONE);
}

static void losses_cancels_and_warnings_are_kept(void **state)
{
	struct folding folding = begin(*state);
	struct value warnings[2] = { value_int(1), value_int(2) };

	assert_true(start(&folding, 1, 1));
	assert_true(
		step(&folding, EVENT_STEP_LOST, 1, 1, "msg", value_cstring("the machine died")));
	assert_int_equal(folding.state.steps[1].status, STEP_LOST);
	assert_string_equal(folding.state.steps[1].message, "the machine died");
	assert_true(start(&folding, 3, 1));
	assert_true(end_with(&folding, 3, "succeeded", "warnings",
			     value_list(warnings, 2, &folding.fixture->arena)));
	assert_int_equal(folding.state.steps[3].warnings, 2);
	/* Of several attempts those of the last one. */
	assert_true(start(&folding, 3, 2));
	assert_true(end_with(&folding, 3, "failed", "warnings",
			     value_list(warnings, 1, &folding.fixture->arena)));
	assert_int_equal(folding.state.steps[3].warnings, 1);
	assert_false(folding.state.cancelled);
	assert_true(start(&folding, 4, 1));
	assert_true(end(&folding, 4, "cancelled"));
	assert_true(folding.state.cancelled);
}

static void questions_wait_and_are_answered(void **state)
{
	struct folding folding = begin(*state);
	const struct ask_state *go;

	assert_null(state_ask(&folding.state, "go"));
	assert_true(start(&folding, 1, 1));
	assert_true(ask(&folding, 1, "go"));
	assert_int_equal(folding.state.steps[1].status, STEP_WAITING);
	go = state_ask(&folding.state, "go");
	assert_non_null(go);
	assert_false(go->answered);
	assert_int_equal(go->slot, 1);
	assert_true(answer(&folding, "go", "yes"));
	assert_int_equal(folding.state.steps[1].status, STEP_RUNNING);
	go = state_ask(&folding.state, "go");
	assert_true(go->answered);
	assert_string_equal(go->answer, "yes");
	assert_string_equal(go->by, "alice");
	assert_null(go->note);
	assert_false(answer(&folding, "go", "no")); /* once */
	/* a gate before the start */
	assert_true(ask(&folding, 3, "drop"));
	assert_int_equal(folding.state.steps[3].status, STEP_WAITING);
	assert_true(answer(&folding, "drop", "yes"));
	assert_int_equal(folding.state.steps[3].status, STEP_NOT_RUN);
	/* one that belongs to no step */
	assert_true(ask(&folding, -1, "rollback"));
	assert_true(answer(&folding, "rollback", "no"));
	assert_false(ask(&folding, 99, "nowhere"));
}

static void an_answer_takes_a_failure_back(void **state)
{
	struct folding folding = begin(*state);

	assert_true(end(&folding, 1, "failed"));
	assert_true(ask(&folding, 1, "build"));
	assert_true(answer(&folding, "build", "stop"));
	assert_int_equal(folding.state.failed_slot, 1);
	assert_true(ask(&folding, 1, "build"));
	assert_true(answer(&folding, "build", "go_on"));
	assert_int_equal(folding.state.steps[1].warnings, 1);
	assert_int_equal(folding.state.failed_slot, -1);
	assert_true(folding.state.steps[1].continued);
}

static void undos_and_rollbacks_are_kept(void **state)
{
	struct folding folding = begin(*state);

	assert_true(start(&folding, 1, 1));
	assert_true(end(&folding, 1, "succeeded"));
	assert_true(step(&folding, EVENT_ROLLBACK_OPENED, -1, 0, "reason", value_cstring("down")));
	assert_int_equal(folding.state.phase, RUN_ROLLING_BACK);
	assert_true(step(&folding, EVENT_UNDO_STARTED, 1, 0, NULL, value_null()));
	assert_int_equal(folding.state.steps[1].undo, STEP_RUNNING);
	assert_false(step(&folding, EVENT_UNDO_STARTED, 1, 0, NULL, value_null()));
	assert_true(step(&folding, EVENT_UNDO_ENDED, 1, 0, "status", value_cstring("succeeded")));
	assert_int_equal(folding.state.steps[1].status, STEP_UNDONE);
	assert_true(step(&folding, EVENT_UNDO_ENDED, 3, 0, "status", value_cstring("skipped")));
	assert_int_equal(folding.state.steps[3].undo, STEP_SKIPPED);
	assert_int_equal(folding.state.steps[3].status, STEP_NOT_RUN);
}

static void a_closed_run_opens_again_by_what_happens(void **state)
{
	struct folding folding = begin(*state);

	assert_true(step(&folding, EVENT_RUN_CLOSED, -1, 0, "status", value_cstring("parked")));
	assert_int_equal(folding.state.phase, RUN_CLOSED);
	assert_int_equal(folding.state.closed.kind, VALUE_MAP);
	assert_true(start(&folding, 1, 1));
	assert_int_equal(folding.state.phase, RUN_OPEN);
	assert_int_equal(folding.state.closed.kind, VALUE_NULL);
}

static void what_begins_anew_has_members_that_begin_anew(void **state)
{
	struct folding folding = begin(*state);

	assert_true(start(&folding, 0, 1));
	assert_true(start(&folding, 2, 1));
	assert_false(start(&folding, 2, 1));
	/* the program was killed: of the group in it no end is recorded */
	assert_true(end(&folding, 0, "failed"));
	assert_true(start(&folding, 0, 1));
	assert_true(start(&folding, 2, 1));
	assert_false(start(&folding, 2, 1));
}

static bool loop(struct folding *folding, int32_t slot, int64_t count, int64_t size)
{
	struct event_builder builder;

	event_begin(&builder, EVENT_LOOP_OPENED, &folding->fixture->arena);
	event_step(&builder, slot, "1", "build", 1);
	event_set(&builder, "count", value_int(count));
	event_set(&builder, "size", value_int(size));
	return apply(folding, event_end(&builder));
}

static void loops_get_copies_of_their_slots(void **state)
{
	struct folding folding = begin(*state);

	assert_true(loop(&folding, 2, 3, 2));
	assert_int_equal(folding.state.step_count, SLOTS + 3 * 2);
	assert_int_equal(folding.state.steps[SLOTS + 5].parent, 2);
	/* a loop around it: its members are 1, 2 and the two in 2 */
	assert_true(loop(&folding, 0, 2, 4));
	assert_int_equal(folding.state.step_count, SLOTS + 6 + 2 * 4);
	assert_int_equal(folding.state.steps[SLOTS + 6 + 4 + 3].parent, SLOTS + 6 + 4 + 1);
	/* opened again, its pattern is still the one behind it */
	assert_true(loop(&folding, 0, 1, 4));
	assert_int_equal(folding.state.step_count, SLOTS + 6 + 3 * 4);
	assert_true(loop(&folding, 0, 0, 4));
	assert_false(loop(&folding, 0, 1 << 24, 4));
	assert_false(loop(&folding, 0, 1, 0));
	assert_false(loop(&folding, SLOTS + 6 + 3 * 4 - 1, 1, 1));
	assert_int_equal(folding.state.step_count, SLOTS + 6 + 3 * 4);
}

static void live_and_unknown_events_change_nothing(void **state)
{
	struct folding folding = begin(*state);
	struct event unknown = { .type = EVENT_TYPE_COUNT, .seq = 99 };

	assert_true(step(&folding, EVENT_STEP_OUTPUT, 1, 1, "text", value_cstring("x")));
	assert_true(state_apply(&folding.state, &unknown));
	assert_int_equal(folding.state.seq, 1);
}

static void outlines_of_damaged_journals_are_survived(void **state)
{
	struct fixture *fixture = *state;
	struct folding folding = { .fixture = fixture };
	struct value_map_builder builder;
	struct value rows[4] = { value_int(1) };

	for (int i = 1; i < 4; i++) {
		value_map_init(&builder, &fixture->arena);
		value_map_set(&builder, "slot", i < 3 ? value_int(2 - i) : value_int(INT64_MAX));
		value_map_set(&builder, "parent", value_int(i - 1)); /* a cycle */
		rows[i] = value_map_end(&builder);
	}
	state_init(&folding.state, &fixture->arena);
	assert_true(step(&folding, EVENT_RUN_OPENED, -1, 0, "outline",
			 value_list(rows, 4, &fixture->arena)));
	assert_int_equal(folding.state.step_count, 2);
	assert_true(end(&folding, 0, "failed"));
	assert_true(end_with(&folding, 1, "failed", "continued", value_bool(true)));
}

/* ---- replay equals live -------------------------------------------------------------------- */

static unsigned chance(unsigned below)
{
	static uint64_t seed = 7;

	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

static struct value any_value(struct fixture *fixture, unsigned depth)
{
	static const char *const texts[] = { "",
					     "x",
					     "secret",
					     "hunter2hunter2",
					     "a hunter2hunter2",
					     "Gr\xc3\xb6\xc3\x9f",
					     "\n\"\\",
					     "\xff" };
	struct value items[3];
	struct value_map_builder map;

	switch (chance(depth ? 12 : 8)) {
	case 0:
		return value_null();
	case 1:
		return value_bool(chance(2));
	case 2:
		return value_int((int64_t)chance(1000) - 500);
	case 3:
		return value_uint(chance(9));
	case 4:
		return value_double(chance(100) / 4.0);
	case 5:
		return value_mark(value_cstring("marked"), VALUE_SECRET);
	case 6:
		return value_timestamp(chance(1u << 30), chance(1000) * 1000000);
	case 7:
		return value_bytes(text_of(texts[chance(8)]));
	case 8:
	case 9:
		for (int i = 0; i < 3; i++)
			items[i] = any_value(fixture, depth - 1);
		return value_list(
			memcpy(arena_array(&fixture->arena, struct value, 3), items, sizeof(items)),
			3, &fixture->arena);
	default:
		value_map_init(&map, &fixture->arena);
		value_map_set(&map, texts[1 + chance(4)], any_value(fixture, depth - 1));
		return value_map_end(&map);
	}
}

static struct event any_event(struct fixture *fixture, const struct state *state)
{
	static const char *const statuses[] = { "succeeded", "failed", "cancelled", "skipped" };
	static const char *const answers[] = { "yes", "no", "again", "go_on" };
	static const char *const ids[] = { "go", "rollback", "hunter2hunter2" };
	enum event_type type = (enum event_type)chance(EVENT_TYPE_COUNT);
	int32_t slot = (int32_t)chance(SLOTS + 1);
	struct event_builder builder;

	event_begin(&builder, type, &fixture->arena);
	event_step(&builder, slot, "1.2", chance(2) ? "build" : NULL,
		   slot < SLOTS ? state->steps[slot].attempts + 1 : 1);
	if (event_field(type, TEXT("status")))
		event_set(&builder, "status", value_cstring(statuses[chance(4)]));
	if (event_field(type, TEXT("outputs")) && chance(2))
		event_set(&builder, "outputs", any_value(fixture, 3));
	if (event_field(type, TEXT("inputs")) && chance(2))
		event_set(&builder, "inputs",
			  value_mark(any_value(fixture, 3), chance(2) ? VALUE_OUTSIDE : 0));
	if (event_field(type, TEXT("again")) && chance(3) == 0)
		event_set(&builder, "again", value_int(chance(5000)));
	if (event_field(type, TEXT("continued")) && chance(3) == 0)
		event_set(&builder, "continued", value_bool(true));
	if (event_field(type, TEXT("ask")))
		event_set(&builder, "ask", value_cstring(ids[chance(3)]));
	if (event_field(type, TEXT("answer")))
		event_set(&builder, "answer", value_cstring(answers[chance(4)]));
	if (event_field(type, TEXT("effect")))
		event_set(&builder, "effect", value_cstring(chance(2) ? "write" : "read"));
	if (event_field(type, TEXT("msg")))
		event_set_text(&builder, "msg", TEXT("it was hunter2hunter2 \xff"));
	if (event_field(type, TEXT("count")))
		event_set(&builder, "count", value_int(chance(3)));
	if (type == EVENT_RUN_OPENED)
		event_set(&builder, "outline", outline(fixture));
	return event_end(&builder);
}

/* A secret is all that a replay does not know; and, but for inputs, what is data. */
static void assert_same_value(struct value a, struct value b, bool outside)
{
	struct buffer x, y;
	struct arena arena;

	arena_init(&arena);
	buffer_init(&x, &arena);
	buffer_init(&y, &arena);
	keep_write(&x, a, outside);
	keep_write(&y, b, outside);
	assert_true(text_equal(buffer_text(&x), buffer_text(&y)));
	arena_done(&arena);
}

static void assert_same_text(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a)
		assert_string_equal(a, b);
}

static void assert_same_step(const struct step_state *a, const struct step_state *b)
{
	assert_int_equal(a->status, b->status);
	assert_int_equal(a->undo, b->undo);
	assert_int_equal(a->attempts, b->attempts);
	assert_int_equal(a->started_wall, b->started_wall);
	assert_int_equal(a->started_ms, b->started_ms);
	assert_int_equal(a->attempt_ms, b->attempt_ms);
	assert_int_equal(a->ended_ms, b->ended_ms);
	assert_int_equal(a->again_ms, b->again_ms);
	assert_int_equal(a->started_seq, b->started_seq);
	assert_int_equal(a->ended_seq, b->ended_seq);
	assert_same_text(a->class, b->class);
	assert_same_text(a->message, b->message);
	assert_same_value(a->outputs, b->outputs, true);
	assert_same_value(a->inputs, b->inputs, false);
	assert_same_value(a->vars, b->vars, false);
	assert_int_equal(a->effect, b->effect);
	assert_int_equal(a->effect_before, b->effect_before);
	assert_int_equal(a->continued, b->continued);
	assert_int_equal(a->warnings, b->warnings);
	assert_int_equal(a->parent, b->parent);
}

static void assert_same_state(const struct state *a, const struct state *b)
{
	assert_int_equal(a->phase, b->phase);
	assert_int_equal(a->opened_wall, b->opened_wall);
	assert_int_equal(a->step_count, b->step_count);
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->ms, b->ms);
	assert_int_equal(a->failed_slot, b->failed_slot);
	assert_int_equal(a->cancelled, b->cancelled);
	assert_same_value(a->opened, b->opened, true);
	assert_same_value(a->rollback, b->rollback, true);
	assert_same_value(a->closed, b->closed, true);
	for (size_t i = 0; i < a->step_count; i++)
		assert_same_step(&a->steps[i], &b->steps[i]);
	assert_int_equal(a->asks.count, b->asks.count);
	for (size_t i = 0; i < a->asks.count; i++) {
		assert_same_text(a->asks.at[i].ask, b->asks.at[i].ask);
		assert_same_text(a->asks.at[i].answer, b->asks.at[i].answer);
		assert_int_equal(a->asks.at[i].answered, b->asks.at[i].answered);
		assert_int_equal(a->asks.at[i].slot, b->asks.at[i].slot);
		assert_int_equal(a->asks.at[i].opened_seq, b->asks.at[i].opened_seq);
		assert_int_equal(a->asks.at[i].answered_wall, b->asks.at[i].answered_wall);
	}
}

static bool replay(const struct event *event, void *data)
{
	return state_apply(data, event);
}

static void live_run(struct fixture *fixture, struct state *live, struct arena *arena)
{
	struct journal *journal = journal_open(&fixture->run, &fixture_clock, fixture->mask, arena,
					       &fixture->error);

	assert_non_null(journal);
	for (unsigned i = 0; i < 60; i++) {
		struct event event = i ? any_event(fixture, live)
				       : fixture_event(fixture, EVENT_RUN_OPENED, -1, 0, "outline",
						       outline(fixture));
		struct state probe;

		/* Only what can follow goes to the journal. */
		state_init(&probe, arena);
		fixture_now += chance(3000) * NS_PER_MS / 7;
		probe = *live;
		probe.steps = arena_array(arena, struct step_state, live->step_count + 1);
		if (live->step_count)
			memcpy(probe.steps, live->steps, live->step_count * sizeof(*live->steps));
		probe.asks.at = arena_array(arena, struct ask_state, live->asks.count + 1);
		probe.asks.cap = live->asks.count;
		if (live->asks.count)
			memcpy(probe.asks.at, live->asks.at,
			       live->asks.count * sizeof(*live->asks.at));
		if (!state_apply(&probe, &event))
			continue;
		journal_append(journal, &event, arena);
		assert_true(state_apply(live, &event));
		if (chance(3) == 0)
			assert_true(journal_commit(journal, &fixture->error));
	}
	assert_true(journal_commit(journal, &fixture->error));
}

static void a_replay_gives_the_state_that_was(void **state)
{
	struct fixture *fixture = *state;
	size_t events = 0;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	for (int round = 0; round < 40; round++) {
		struct arena arena;
		struct state live, replayed;

		arena_init(&arena);
		state_init(&live, &arena);
		state_init(&replayed, &arena);
		assert_true(
			store_create(&fixture->store, fixture_now, &fixture->run, &fixture->error));
		live_run(fixture, &live, &arena);
		if (journal_read(&fixture->run, &arena, replay, &replayed, &fixture->error) !=
		    JOURNAL_WHOLE)
			fail_msg("%s", fixture->error.message);
		assert_same_state(&live, &replayed);
		events += live.seq;
		arena_done(&arena);
	}
	assert_true(events > 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(nothing_comes_before_the_opening),
		fixture_test(an_attempt_starts_and_ends),
		fixture_test(what_cannot_follow_is_refused),
		fixture_test(a_failed_attempt_waits_for_the_next),
		fixture_test(the_first_failure_stops_the_run),
		fixture_test(a_failure_that_continues_stops_nothing),
		fixture_test(skips_say_why),
		fixture_test(losses_cancels_and_warnings_are_kept),
		fixture_test(questions_wait_and_are_answered),
		fixture_test(an_answer_takes_a_failure_back),
		fixture_test(undos_and_rollbacks_are_kept),
		fixture_test(a_closed_run_opens_again_by_what_happens),
		fixture_test(what_begins_anew_has_members_that_begin_anew),
		fixture_test(loops_get_copies_of_their_slots),
		fixture_test(live_and_unknown_events_change_nothing),
		fixture_test(outlines_of_damaged_journals_are_survived),
		fixture_test(a_replay_gives_the_state_that_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
