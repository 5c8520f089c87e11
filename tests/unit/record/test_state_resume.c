/* What run.resumed does to a run that had stopped. */
#include "fixture.h"

#define SLOTS 4 /* a group of two steps, and a step behind it */

struct resuming {
	struct fixture *fixture;
	struct state state;
	uint64_t seq;
};

static bool apply(struct resuming *run, struct event event)
{
	event.seq = ++run->seq;
	event.wall = fixture_now + (int64_t)event.seq;
	return state_apply(&run->state, &event);
}

static bool put(struct resuming *run, enum event_type type, int32_t slot, uint32_t attempt,
		const char *field, const char *text)
{
	return apply(run,
		     fixture_event(run->fixture, type, slot, attempt, field, value_cstring(text)));
}

static void start(struct resuming *run, int32_t slot)
{
	assert_true(put(run, EVENT_STEP_STARTED, slot, 1, "effect", "write"));
}

static void end(struct resuming *run, int32_t slot, const char *status)
{
	assert_true(put(run, EVENT_STEP_ENDED, slot, 1, "status", status));
}

static struct resuming begin(struct fixture *fixture)
{
	static const int parents[SLOTS] = { -1, 0, 0, -1 };
	struct resuming run = { .fixture = fixture };
	struct value rows[SLOTS];

	for (int i = 0; i < SLOTS; i++) {
		struct value_map_builder row;

		value_map_init(&row, &fixture->arena);
		value_map_set(&row, "slot", value_int(i));
		value_map_set(&row, "parent", value_int(parents[i]));
		rows[i] = value_map_end(&row);
	}
	state_init(&run.state, &fixture->arena);
	assert_true(apply(&run, fixture_event(fixture, EVENT_RUN_OPENED, -1, 0, "outline",
					      value_list(rows, SLOTS, &fixture->arena))));
	return run;
}

static void resume(struct resuming *run, bool abort)
{
	assert_true(apply(run, fixture_event(run->fixture, EVENT_RUN_RESUMED, -1, 0, "abort",
					     value_bool(abort))));
}

static void what_failed_begins_anew_where_it_stands(void **state)
{
	struct resuming run = begin(*state);
	const struct step_state *steps = run.state.steps;

	start(&run, 0);
	start(&run, 1);
	end(&run, 1, "succeeded");
	start(&run, 2);
	end(&run, 2, "failed");
	end(&run, 0, "failed");
	assert_true(put(&run, EVENT_RUN_CLOSED, -1, 0, "status", "failed"));
	assert_int_equal(run.state.failed_slot, 2);
	resume(&run, false);
	assert_int_equal(steps[0].status, STEP_RUNNING); /* it goes on around it */
	assert_false(steps[0].again);
	assert_int_equal(steps[1].status, STEP_SUCCEEDED);
	assert_true(steps[2].again);
	assert_int_equal(run.state.failed_slot, -1);
	assert_int_equal(run.state.phase, RUN_OPEN);
	start(&run, 2);
	assert_false(steps[2].again);
}

static void only_what_ended_well_is_begun_anew_for_its_result(void **state)
{
	struct resuming run = begin(*state);

	start(&run, 0);
	start(&run, 1);
	end(&run, 1, "succeeded");
	assert_false(put(&run, EVENT_STEP_AGAIN, 0, 0, "msg", "it runs"));
	assert_false(put(&run, EVENT_STEP_AGAIN, 2, 0, "msg", "it has not run"));
	assert_true(put(&run, EVENT_STEP_AGAIN, 1, 0, "msg", "its result is forgotten"));
	assert_true(run.state.steps[1].again);
	start(&run, 1);
	assert_false(run.state.steps[1].again);
}

static void a_structure_that_failed_by_itself_begins_as_a_whole(void **state)
{
	struct resuming run = begin(*state);

	start(&run, 0);
	start(&run, 1);
	end(&run, 1, "succeeded");
	end(&run, 0, "failed"); /* its assertion */
	resume(&run, false);
	assert_int_equal(run.state.steps[0].status, STEP_FAILED);
	assert_true(run.state.steps[0].again);
	start(&run, 0);
}

static void what_was_lost_waits_for_its_answer(void **state)
{
	static const struct {
		const char *answer;
		enum step_status status;
		bool again, aborted;
	} answers[] = {
		{ "again", STEP_LOST, true, false },
		{ "done", STEP_SUCCEEDED, false, false },
		{ "skip", STEP_SKIPPED, false, false },
		{ "abort", STEP_LOST, false, true },
	};
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct resuming run = begin(*state);
		const struct step_state *step = &run.state.steps[3];
		struct event_builder ask;

		start(&run, 3);
		resume(&run, false);
		assert_true(put(&run, EVENT_STEP_LOST, 3, 1, "msg", "killed"));
		assert_int_equal(step->status, STEP_LOST);
		assert_false(step->again);
		event_begin(&ask, EVENT_ASK_OPENED, &run.fixture->arena);
		event_step(&ask, 3, "2", "deploy", 0);
		event_set(&ask, "ask", value_cstring("lost 2"));
		event_set(&ask, "kind", value_cstring("lost"));
		assert_true(apply(&run, event_end(&ask)));
		assert_int_equal(step->status, STEP_LOST);
		event_begin(&ask, EVENT_ASK_ANSWERED, &run.fixture->arena);
		event_set(&ask, "ask", value_cstring("lost 2"));
		event_set(&ask, "answer", value_cstring(answers[i].answer));
		assert_true(apply(&run, event_end(&ask)));
		assert_int_equal(step->status, answers[i].status);
		assert_int_equal(step->again, answers[i].again);
		assert_int_equal(run.state.aborted, answers[i].aborted);
	}
}

static void an_abort_leaves_all_as_it_is(void **state)
{
	struct resuming run = begin(*state);

	start(&run, 3);
	end(&run, 3, "failed");
	resume(&run, true);
	assert_false(run.state.steps[3].again);
	assert_int_equal(run.state.failed_slot, 3);
	assert_true(run.state.aborted && run.state.cancelled);
	resume(&run, false);
	assert_true(run.state.steps[3].again);
	assert_false(run.state.aborted || run.state.cancelled);
}

static void a_gate_is_asked_again_and_its_time_goes_on(void **state)
{
	struct resuming run = begin(*state);
	const struct step_state *step = &run.state.steps[3];

	start(&run, 3);
	assert_true(put(&run, EVENT_ASK_OPENED, 3, 0, "ask", "go"));
	int64_t asked = run.state.asks.at[0].opened_wall;
	assert_true(put(&run, EVENT_RUN_CLOSED, -1, 0, "status", "parked"));
	resume(&run, false);
	assert_int_equal(run.state.asks.count, 0);
	assert_true(step->again);
	start(&run, 3);
	assert_true(put(&run, EVENT_ASK_OPENED, 3, 0, "ask", "go"));
	assert_int_equal(run.state.asks.at[0].opened_wall, asked);
}

/* Other documents: a new step before the group, and one more in it. */
static struct value other_outline(struct fixture *fixture, const int *parents, int count)
{
	struct value *rows = arena_array(&fixture->arena, struct value, (size_t)count);

	for (int i = 0; i < count; i++) {
		struct value_map_builder row;

		value_map_init(&row, &fixture->arena);
		value_map_set(&row, "slot", value_int(i));
		value_map_set(&row, "parent", value_int(parents[i]));
		rows[i] = value_map_end(&row);
	}
	return value_list(rows, (size_t)count, &fixture->arena);
}

static struct value ints(struct fixture *fixture, const int *from, int count)
{
	struct value *items = arena_array(&fixture->arena, struct value, (size_t)count);

	for (int i = 0; i < count; i++)
		items[i] = value_int(from[i]);
	return value_list(items, (size_t)count, &fixture->arena);
}

static bool go_on(struct resuming *run, const int *slots, int count, const int *anew)
{
	static const int parents[] = { -1, -1, 1, 1, 1, -1 };
	struct fixture *fixture = run->fixture;
	struct event_builder event;

	event_begin(&event, EVENT_RUN_RESUMED, &fixture->arena);
	event_set(&event, "outline", other_outline(fixture, parents, 6));
	event_set(&event, "slots", ints(fixture, slots, count));
	if (anew)
		event_set(&event, "anew", ints(fixture, anew, 1));
	return apply(run, event_end(&event));
}

static struct resuming failed_in_the_group(struct fixture *fixture)
{
	struct resuming run = begin(fixture);

	start(&run, 0);
	start(&run, 1);
	end(&run, 1, "succeeded");
	start(&run, 2);
	end(&run, 2, "failed");
	end(&run, 0, "failed");
	assert_true(put(&run, EVENT_RUN_CLOSED, -1, 0, "status", "failed"));
	return run;
}

static void steps_take_what_is_known_of_them_to_other_slots(void **state)
{
	static const int slots[] = { -1, 0, 1, -1, 2, 3 };
	struct resuming run = failed_in_the_group(*state);
	uint64_t ended = run.state.steps[1].ended_seq;

	assert_int_equal(run.state.steps[2].log, 2);
	assert_true(go_on(&run, slots, 6, NULL));
	const struct step_state *steps = run.state.steps;
	assert_int_equal(run.state.step_count, 6);
	assert_int_equal(steps[0].started_seq, 0);
	assert_int_equal(steps[1].status, STEP_RUNNING);
	assert_int_equal(steps[2].status, STEP_SUCCEEDED);
	assert_int_equal(steps[2].ended_seq, ended);
	assert_int_equal(steps[3].status, STEP_NOT_RUN);
	assert_true(steps[4].again);
	assert_int_equal(steps[4].parent, 1);
	/* What begins now has a log that no other has had. */
	start(&run, 3);
	assert_int_equal(steps[3].log, 3 + SLOTS);
	assert_int_equal(steps[4].log, 2);
}

static void what_is_used_begins_anew_as_a_whole(void **state)
{
	static const int slots[] = { -1, 0, 1, -1, 2, 3 }, anew[] = { 1 };
	struct resuming run = failed_in_the_group(*state);

	assert_true(go_on(&run, slots, 6, anew));
	assert_true(run.state.steps[1].again);
}

static void slots_that_do_not_fit_are_damage(void **state)
{
	static const int twice[] = { -1, 0, 1, 1, 2, 3 }, beyond[] = { -1, 0, 1, -1, 2, 4 };
	static const int right[] = { -1, 0, 1, -1, 2, 3 };
	struct resuming run = failed_in_the_group(*state);

	assert_false(go_on(&run, twice, 6, NULL));
	assert_false(go_on(&run, beyond, 6, NULL));
	assert_false(go_on(&run, right, 5, NULL));
	assert_int_equal(run.state.step_count, SLOTS);
	assert_int_equal(run.state.steps[0].status, STEP_FAILED);
	assert_true(go_on(&run, right, 6, NULL));
}

static void a_rollback_by_other_documents_leaves_all_as_it_ended(void **state)
{
	static const int slots[] = { -1, 0, 1, -1, 2, 3 }, parents[] = { -1, -1, 1, 1, 1, -1 };
	struct resuming run = failed_in_the_group(*state);
	struct event_builder event;

	event_begin(&event, EVENT_RUN_CHANGED, &run.fixture->arena);
	event_set(&event, "outline", other_outline(run.fixture, parents, 6));
	event_set(&event, "slots", ints(run.fixture, slots, 6));
	assert_true(apply(&run, event_end(&event)));
	assert_int_equal(run.state.steps[1].status, STEP_FAILED);
	assert_int_equal(run.state.steps[4].status, STEP_FAILED);
	assert_false(run.state.steps[4].again);
	assert_int_equal(run.state.failed_slot, 4);
}

/* What documents name that did not name it before is taken; what they do not, stays. */
static void what_the_run_sees_of_the_last_one_is_kept(void **state)
{
	static const int parents[] = { -1, -1, 1, 1, 1, -1 };
	struct resuming run = failed_in_the_group(*state);
	struct fixture *fixture = run.fixture;
	struct event_builder event;
	struct value last;

	assert_false(value_field(run.state.opened, "last", NULL, &last));
	for (int i = 0; i < 2; i++) {
		event_begin(&event, EVENT_RUN_RESUMED, &fixture->arena);
		event_set(&event, "outline", other_outline(fixture, parents, i ? 6 : SLOTS));
		if (i)
			event_set(&event, "slots",
				  ints(fixture, (const int[]){ -1, 0, 1, -1, 2, 3 }, 6));
		else
			event_set(&event, "last", value_cstring("seen"));
		assert_true(apply(&run, event_end(&event)));
		assert_string_equal(value_field_text(run.state.opened, "last", &fixture->arena),
				    "seen");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(what_failed_begins_anew_where_it_stands),
		fixture_test(only_what_ended_well_is_begun_anew_for_its_result),
		fixture_test(a_structure_that_failed_by_itself_begins_as_a_whole),
		fixture_test(what_was_lost_waits_for_its_answer),
		fixture_test(an_abort_leaves_all_as_it_is),
		fixture_test(a_gate_is_asked_again_and_its_time_goes_on),
		fixture_test(steps_take_what_is_known_of_them_to_other_slots),
		fixture_test(what_is_used_begins_anew_as_a_whole),
		fixture_test(slots_that_do_not_fit_are_damage),
		fixture_test(a_rollback_by_other_documents_leaves_all_as_it_ended),
		fixture_test(what_the_run_sees_of_the_last_one_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
