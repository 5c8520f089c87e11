/* decide as a pure function: what is next, from counters and statuses only. */
#include "play.h"

static void steps_run_one_after_another(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}, {run: b}]\n");
	expect(&play, "begin 1");
	expect(&play, "begin 1"); /* asking changes nothing */
	play_run(&play, "1", "succeeded");
	expect(&play, "begin 2");
	play_run(&play, "2", "succeeded");
	expect(&play, "close succeeded 0");
	play_close(&play, "succeeded");
	expect(&play, "wait");
}

static void sections_follow_one_another(void **state)
{
	struct play play = play_open(*state, "preconditions: [{run: p, effect: read}]\n"
					     "steps: [{run: s}]\n"
					     "verify: [{run: v, effect: read}]\n"
					     "finally: [{run: f}]\n");
	static const char *const order[] = { "0.1", "1", "2.1", "3.1" };
	for (size_t i = 0; i < 4; i++) {
		expect(&play, arena_format(&play.desk->arena, "begin %s", order[i]));
		play_run(&play, order[i], "succeeded");
	}
	expect(&play, "close succeeded 0");
}

static void a_skipped_step_is_done(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}, {group: G, steps: [{run: b}]}, "
					     "{run: c}]\n");
	play_skip(&play, "1");
	expect(&play, "begin 2");
	play_skip(&play, "2");
	expect(&play, "begin 3");
	play_run(&play, "3", "succeeded");
	expect(&play, "close succeeded 0");
}

static void a_failure_stops_the_run(void **state)
{
	struct play play = play_open(*state,
				     "steps: [{run: a, effect: read}, {run: b}]\n"
				     "verify: [{run: v, effect: read}]\nfinally: [{run: f}]\n");
	play_run(&play, "1", "failed");
	/* Nothing has changed: there is nothing to roll back. */
	expect(&play, "begin 4.1");
	play_run(&play, "4.1", "succeeded");
	expect(&play, "close failed 1 by 1");
}

static void a_failure_after_a_change_is_a_question_of_rollback(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}, {run: b}]\nfinally: [{run: f}]\n");
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	expect(&play, "rollback by 2");
	play_ask(&play, NULL, "rollback", "rollback");
	expect(&play, "wait");
	play_answer(&play, NULL, "rollback", "no");
	expect(&play, "begin 3.1");
	play_run(&play, "3.1", "succeeded");
	expect(&play, "close failed 1 by 2");
}

static void all_preconditions_are_tried(void **state)
{
	struct play play = play_open(*state, "preconditions: [{run: a, effect: read}, "
					     "{run: b, effect: read}, {run: c, effect: read}]\n"
					     "steps: [{run: s}]\nfinally: [{run: f}]\n");
	play_run(&play, "0.1", "failed");
	expect(&play, "begin 0.2");
	play_run(&play, "0.2", "succeeded");
	play_run(&play, "0.3", "failed");
	expect(&play, "close unmet 11 by 0.1");
}

static void all_of_finally_is_tried(void **state)
{
	struct play play = play_open(*state, "steps: [{run: s, effect: read}]\n"
					     "finally: [{run: a}, {run: b}]\n");
	play_run(&play, "1", "succeeded");
	play_run(&play, "2.1", "failed");
	expect(&play, "begin 2.2");
	play_run(&play, "2.2", "succeeded");
	/* A good run fails by it. */
	expect(&play, "close failed 1 by 2.1");
}

static void finally_never_hides_the_first_error(void **state)
{
	struct play play = play_open(*state, "steps: [{run: s, effect: read}]\n"
					     "finally: [{run: a}]\n");
	play_run(&play, "1", "failed");
	play_run(&play, "2.1", "failed");
	expect(&play, "close failed 1 by 1");
}

/* ---- structures ---------------------------------------------------------------------------- */

static void a_group_begins_its_members_and_ends_with_them(void **state)
{
	struct play play = play_open(*state, "steps: [{group: G, steps: [{run: a}, {run: b}]}, "
					     "{run: c}]\n");
	expect(&play, "begin 1");
	play_start(&play, "1");
	expect(&play, "begin 1.1");
	play_run(&play, "1.1", "succeeded");
	expect(&play, "begin 1.2");
	play_run(&play, "1.2", "succeeded");
	expect(&play, "end 1 succeeded");
	play_end(&play, "1", "succeeded");
	expect(&play, "begin 2");
}

static void a_member_that_fails_fails_its_group(void **state)
{
	struct play play = play_open(*state, "steps: [{group: G, steps: [{group: H, steps: [{run: "
					     "a, effect: read}, {run: b}]}, {run: c}]}]\n");
	play_start(&play, "1");
	play_start(&play, "1.1");
	play_run(&play, "1.1.1", "failed");
	expect(&play, "end 1.1 failed by 1.1.1");
	play_end(&play, "1.1", "failed");
	expect(&play, "end 1 failed by 1.1");
	play_end(&play, "1", "failed");
	expect(&play, "close failed 1 by 1");
}

static void a_group_that_may_fail_lets_the_run_go_on(void **state)
{
	struct play play = play_open(*state, "steps: [{group: G, on_failure: continue, steps: "
					     "[{run: a}]}, {run: b}]\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "failed");
	expect(&play, "end 1 failed by 1.1");
	play_end_with(&play, "1", "continued", value_bool(true));
	expect(&play, "begin 2");
	play_run(&play, "2", "succeeded");
	expect(&play, "close succeeded 0");
}

static void a_call_runs_its_sections(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\npreconditions: [{run: p, effect: read}]\n"
		 "steps: [{run: s}]\nverify: [{run: v}]\nfinally: [{run: f}]\n");
	struct play play = play_open(desk, "steps: [{call: ./sub.yaml}]\n");
	play_start(&play, "1");
	expect(&play, "begin 1.0.1");
	play_run(&play, "1.0.1", "succeeded");
	play_run(&play, "1.1", "failed");
	/* verify is left out, finally is not */
	expect(&play, "begin 1.3.1");
	play_run(&play, "1.3.1", "succeeded");
	expect(&play, "end 1 failed by 1.1");
}

static void a_call_whose_preconditions_are_not_met_does_nothing(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\npreconditions: [{run: p, effect: read}, {run: q, effect: "
		 "read}]\nsteps: [{run: s}]\nfinally: [{run: f}]\n");
	struct play play = play_open(desk, "steps: [{call: ./sub.yaml}]\n");
	play_start(&play, "1");
	play_run(&play, "1.0.1", "failed");
	expect(&play, "begin 1.0.2"); /* all are tried */
	play_run(&play, "1.0.2", "succeeded");
	expect(&play, "end 1 failed by 1.0.1");
}

static void a_call_tries_all_of_its_finally(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: s}]\nfinally: [{run: f}, {run: g}]\n");
	struct play play = play_open(desk, "steps: [{call: ./sub.yaml}]\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play_run(&play, "1.2.1", "failed");
	expect(&play, "begin 1.2.2");
	play_run(&play, "1.2.2", "succeeded");
	expect(&play, "end 1 failed by 1.2.1");
}

/* ---- retry --------------------------------------------------------------------------------- */

static void another_attempt_waits_for_its_time(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, retry: 3}]\n");
	play_start(&play, "1");
	play.decide.now = 100;
	play_end_with(&play, "1", "again", value_int(50));
	expect(&play, "wait 150");
	play.decide.now = 149;
	expect(&play, "wait 150");
	play.decide.now = 150;
	expect(&play, "retry 1");
	play_run(&play, "1", "succeeded");
	expect(&play, "close succeeded 0");
	assert_int_equal(play.state.steps[play_slot(&play, "1")].attempts, 2);
}

static void a_library_step_that_is_tried_again_runs_all_of_its_steps_again(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "two.yaml",
		 "library: 1\nname: two\nsteps: {two: {steps: [{run: a}, {run: b}]}}\n");
	struct play play = play_open(desk, "import: [./two.yaml]\nsteps: [{two: {}, retry: 2}]\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play_run(&play, "1.2", "failed");
	expect(&play, "end 1 failed by 1.2");
	play_end_with(&play, "1", "again", value_int(0));
	expect(&play, "retry 1");
	play_start(&play, "1");
	expect(&play, "begin 1.1");
	play_run(&play, "1.1", "succeeded");
	expect(&play, "begin 1.2");
	play_run(&play, "1.2", "succeeded");
	expect(&play, "end 1 succeeded");
}

/* ---- questions ----------------------------------------------------------------------------- */

static void a_gate_waits_for_its_answer(void **state)
{
	struct play play = play_open(*state, "steps: [{approve: go, id: go}, {run: a}]\n");
	play_start(&play, "1");
	play_ask(&play, "1", "go", "approve");
	expect(&play, "wait");
	play_answer(&play, "1", "go", "yes");
	expect(&play, "wait"); /* the verb has not ended its attempt */
	play_end(&play, "1", "succeeded");
	expect(&play, "begin 2");
}

static void a_question_before_the_first_attempt_holds_it_back(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, id: a, effect: destructive}]\n");
	expect(&play, "begin 1");
	play_ask(&play, "1", "a", "destructive");
	expect(&play, "wait");
	play_answer(&play, "1", "a", "yes");
	expect(&play, "begin 1");
	play_run(&play, "1", "succeeded");
	expect(&play, "close succeeded 0");
}

static void a_failure_may_be_asked_about(void **state)
{
	struct desk *desk = *state;
	static const char *const text = "steps: [{run: a, on_failure: ask}, {run: b}]\n";
	struct play again = play_open(desk, text);
	play_run(&again, "1", "failed");
	play_ask(&again, "1", "failure 1", "failure");
	expect(&again, "wait");
	play_answer(&again, "1", "failure 1", "again");
	expect(&again, "retry 1");
	play_start(&again, "1");
	play_end(&again, "1", "failed");
	/* The old answer does not count for the new failure, soon as that came. */
	expect(&again, "rollback by 1");
	play_ask(&again, "1", "failure 1", "failure");
	expect(&again, "wait");
	play_answer(&again, "1", "failure 1", "go_on");
	expect(&again, "begin 2");
	struct play stop = play_open(desk, text);
	play_run(&stop, "1", "failed");
	play_ask(&stop, "1", "failure 1", "failure");
	play_answer(&stop, "1", "failure 1", "stop");
	expect(&stop, "rollback by 1");
	struct play alone = play_open(desk, text);
	play_run(&alone, "1", "failed"); /* nobody could be asked */
	expect(&alone, "rollback by 1");
}

/* ---- rollback ------------------------------------------------------------------------------ */

static const char *const release = "steps:\n"
				   "  - {run: a, undo: [{run: undo a}]}\n"
				   "  - {run: b, undo: {after: any, steps: [{run: undo b}]}}\n"
				   "  - {run: c, undo: [{run: undo c}]}\n"
				   "  - {run: d, undo: [{run: undo d}]}\n"
				   "verify: [{run: v, effect: read}]\n"
				   "rollback: {steps: [{run: r}]}\n"
				   "finally: [{run: f}]\n";

static void undos_run_backwards_then_rollback_then_verify(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "succeeded");
	play_run(&play, "3", "failed");
	expect(&play, "rollback by 3");
	play_rollback(&play);
	expect(&play, "undo 2"); /* 3 failed and has no 'after: any'; 4 never ran */
	play_undo(&play, "2");
	expect(&play, "begin 2.undo.1");
	play_run(&play, "2.undo.1", "succeeded");
	expect(&play, "undone 2 succeeded");
	play_undone(&play, "2", "succeeded");
	expect(&play, "undo 1");
	play_undo(&play, "1");
	play_run(&play, "1.undo.1", "succeeded");
	play_undone(&play, "1", "succeeded");
	expect(&play, "begin R.1");
	play_run(&play, "R.1", "succeeded");
	expect(&play, "begin 5.1");
	play_run(&play, "5.1", "succeeded");
	expect(&play, "begin 6.1");
	play_run(&play, "6.1", "succeeded");
	expect(&play, "close rolled_back 3 by 3");
}

static void after_any_undoes_what_failed_or_was_lost(void **state)
{
	struct desk *desk = *state;
	static const char *const ends[] = { "failed", "lost" };
	for (size_t i = 0; i < 2; i++) {
		struct play play = play_open(desk, release);
		play_run(&play, "1", "succeeded");
		play_run(&play, "2", ends[i]);
		expect(&play, i == 0 ? "rollback by 2" : "close unsure 5 by 2");
		play_rollback(&play);
		expect(&play, "undo 2");
	}
	/* Not what was never started. */
	struct play play = play_open(desk, release);
	play_run(&play, "1", "failed");
	play_rollback(&play);
	expect(&play, "begin R.1");
}

static void an_undo_that_fails_ends_the_rollback(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "succeeded");
	play_run(&play, "3", "failed");
	play_rollback(&play);
	play_undo(&play, "2");
	play_run(&play, "2.undo.1", "failed");
	expect(&play, "undone 2 failed by 2.undo.1");
	play_undone(&play, "2", "failed");
	expect(&play, "begin 6.1"); /* finally, and nothing else */
	play_run(&play, "6.1", "succeeded");
	expect(&play, "close rollback_failed 4 by 2");
}

static void a_rollback_that_nobody_checked_is_none(void **state)
{
	struct desk *desk = *state;
	static const char *const texts[] = {
		"steps: [{run: a}, {run: b}]\n",
		"steps: [{run: a}, {run: b}]\nverify: [{run: v}]\nrollback: {verify: false}\n",
	};
	for (size_t i = 0; i < 2; i++) {
		struct play play = play_open(desk, texts[i]);
		play_run(&play, "1", "succeeded");
		play_run(&play, "2", "failed");
		play_rollback(&play);
		expect(&play, "close rollback_failed 4");
	}
	/* Skipping all of verify checks nothing either. */
	struct play play = play_open(desk, "steps: [{run: a}]\nverify: [{run: v, when: 1 == 1}]\n");
	play_run(&play, "1", "failed");
	play_rollback(&play);
	play_skip(&play, "2.1");
	expect(&play, "close rollback_failed 4");
}

static void a_verify_that_fails_again_ends_with_4(void **state)
{
	struct play play = play_open(*state,
				     "steps: [{run: a}]\n"
				     "verify: [{run: v, effect: read}, {run: w, effect: read}]\n");
	play_run(&play, "1", "succeeded");
	play_run(&play, "2.1", "failed");
	play_rollback(&play);
	expect(&play, "begin 2.1"); /* again, though it has run */
	play_run(&play, "2.1", "failed");
	expect(&play, "close rollback_failed 4 by 2.1");
}

static void undos_of_members_come_before_that_of_their_group(void **state)
{
	struct play play = play_open(*state, "steps:\n"
					     "  - group: G\n"
					     "    undo: [{run: undo G}]\n"
					     "    steps: [{run: a, undo: [{run: undo a}]}, "
					     "{run: b, undo: [{run: undo b}]}]\n"
					     "  - run: c\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play_run(&play, "1.2", "succeeded");
	play_end(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	play_rollback(&play);
	static const char *const order[] = { "1.2", "1.1", "1" };
	for (size_t i = 0; i < 3; i++) {
		expect(&play, arena_format(&play.desk->arena, "undo %s", order[i]));
		play_undo(&play, order[i]);
		play_run(&play, arena_format(&play.desk->arena, "%s.undo.1", order[i]),
			 "succeeded");
		play_undone(&play, order[i], "succeeded");
	}
	expect(&play, "close rollback_failed 4"); /* nothing to verify */
}

static void a_call_is_undone_once_something_in_it_has_changed(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: r, effect: read}, {run: w}]\n"
		 "rollback: {steps: [{run: back}]}\n");
	static const char *const text = "steps: [{call: ./sub.yaml, undo: [{run: own}]}]\n";
	struct play play = play_open(desk, text);
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play_run(&play, "1.2", "failed");
	play_end(&play, "1", "failed");
	play_rollback(&play);
	expect(&play, "undo 1");
	play_undo(&play, "1");
	expect(&play, "begin 1.R.1"); /* its rollback steps, then the undo that stands at the call
				       */
	play_run(&play, "1.R.1", "succeeded");
	expect(&play, "begin 1.undo.1");
	play_run(&play, "1.undo.1", "succeeded");
	expect(&play, "undone 1 succeeded");
	struct play harmless = play_open(desk, text);
	play_start(&harmless, "1");
	play_run(&harmless, "1.1", "failed");
	play_end(&harmless, "1", "failed");
	play_rollback(&harmless);
	expect(&harmless, "close rollback_failed 4");
}

static void a_call_without_rollback_steps_is_undone_by_the_undo_that_stands_at_it(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml", "runbook: 1\nname: Sub\nsteps: [{run: w}]\n");
	struct play play = play_open(desk, "steps: [{call: ./sub.yaml, undo: [{run: one}, {run: "
					   "two}]}, {run: a}]\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play_end(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	play_rollback(&play);
	play_undo(&play, "1");
	expect(&play, "begin 1.undo.1");
	play_run(&play, "1.undo.1", "succeeded");
	expect(&play, "begin 1.undo.2");
	play_run(&play, "1.undo.2", "succeeded");
	expect(&play, "undone 1 succeeded");
}

static void what_only_the_second_verify_started_is_not_undone(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}]\n"
					     "verify: [{run: v, undo: [{run: undo v}]}]\n");
	play_run(&play, "1", "failed");
	play_rollback(&play);
	expect(&play, "begin 2.1");
	play_run(&play, "2.1", "succeeded");
	expect(&play, "close rolled_back 3 by 1");
}

static void a_group_of_skipped_steps_verifies_nothing(void **state)
{
	struct play play = play_open(*state,
				     "steps: [{run: a}]\n"
				     "verify: [{group: G, steps: [{run: v, when: 1 == 1}]}]\n");
	play_run(&play, "1", "failed");
	play_rollback(&play);
	play_start(&play, "2.1");
	play_skip(&play, "2.1.1");
	play_end(&play, "2.1", "succeeded");
	expect(&play, "close rollback_failed 4");
}

static void what_finally_changes_is_no_reason_to_roll_back(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, effect: read}]\n"
					     "finally: [{run: f}, {run: g}]\n"
					     "rollback: {mode: automatic}\n");
	play_run(&play, "1", "failed");
	play_run(&play, "2.1", "succeeded");
	expect(&play, "begin 2.2");
	play_run(&play, "2.2", "succeeded");
	expect(&play, "close failed 1 by 1");
}

/* ---- stopping ------------------------------------------------------------------------------ */

static void a_signal_starts_nothing_new_but_finally(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play_start(&play, "2");
	play.decide.stopping = true;
	expect(&play, "wait");
	play_end(&play, "2", "cancelled");
	expect(&play, "begin 6.1");
	play_run(&play, "6.1", "succeeded");
	expect(&play, "close cancelled 10 by 2");
}

static void a_second_signal_leaves_finally_out(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play.decide.stopping = play.decide.forced = true;
	expect(&play, "close cancelled 10");
}

static void a_good_run_whose_finally_is_cancelled_is_cancelled(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}]\nfinally: [{run: f}, {run: g}]\n");
	play_run(&play, "1", "succeeded");
	play_start(&play, "2.1");
	play.decide.stopping = play.decide.forced = true;
	play_end(&play, "2.1", "cancelled");
	expect(&play, "close cancelled 10 by 2.1");
	struct play early = play_open(*state, "steps: [{run: a}]\nfinally: [{run: f}]\n");
	play_run(&early, "1", "succeeded");
	early.decide.stopping = early.decide.forced = true;
	expect(&early, "close cancelled 10");
}

static void a_signal_before_the_preconditions_are_met_changes_nothing(void **state)
{
	struct play play = play_open(*state,
				     "preconditions: [{run: a, effect: read}, {run: b, "
				     "effect: read}]\nsteps: [{run: s}]\nfinally: [{run: f}]\n");
	play_run(&play, "0.1", "succeeded");
	play.decide.stopping = true;
	expect(&play, "close cancelled 10");
	struct play failed = play_open(*state, "preconditions: [{run: a, effect: read}]\n"
					       "steps: [{run: s}]\n");
	failed.decide.stopping = true;
	play_step(&failed, "0.1", EVENT_STEP_ENDED, 1, "status", "cancelled");
	expect(&failed, "close cancelled 10 by 0.1");
}

static void a_step_between_two_attempts_is_not_tried_again(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, retry: 3}]\n");
	play_start(&play, "1");
	play_end_with(&play, "1", "again", value_int(1000));
	play.decide.stopping = true;
	expect(&play, "close cancelled 10 by 1");
}

static void a_run_that_took_too_long_has_failed(void **state)
{
	struct play play = play_open(*state, "timeout: 1m\nsteps: [{run: a}, {run: b}]\n"
					     "finally: [{run: f}]\n");
	play_run(&play, "1", "succeeded");
	play_start(&play, "2");
	play.decide.stopping = play.decide.expired_run = true;
	play_end(&play, "2", "failed");
	expect(&play, "rollback by 2");
	play_no_rollback(&play);
	expect(&play, "begin 3.1");
	play_run(&play, "3.1", "succeeded");
	expect(&play, "close failed 1 by 2");
}

static void in_a_rollback_a_first_signal_only_warns(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	play_rollback(&play);
	play.decide.stopping = true;
	expect(&play, "undo 2");
	play_undo(&play, "2");
	expect(&play, "begin 2.undo.1");
	play_run(&play, "2.undo.1", "succeeded");
	play_undone(&play, "2", "succeeded");
	play.decide.forced = true;
	expect(&play, "close rollback_failed 4 by 1");
}

static void a_group_whose_time_is_over_starts_nothing_new(void **state)
{
	struct play play = play_open(*state, "steps: [{group: G, timeout: 1m, steps: [{run: a}, "
					     "{run: b}]}]\n");
	play_start(&play, "1");
	play_run(&play, "1.1", "succeeded");
	play.expired[play_slot(&play, "1")] = true;
	expect(&play, "end 1 failed");
	/* Also when all of it has been done by then. */
	struct play done = play_open(*state,
				     "steps: [{group: G, timeout: 1m, steps: [{run: a}]}]\n");
	play_start(&done, "1");
	play_start(&done, "1.1");
	done.expired[play_slot(&done, "1")] = true;
	play_end(&done, "1.1", "succeeded");
	expect(&done, "end 1 failed");
}

static void a_cancelled_member_cancels_its_group(void **state)
{
	struct play play = play_open(*state, "steps: [{group: G, steps: [{run: a}]}]\n");
	play_start(&play, "1");
	play_start(&play, "1.1");
	play.decide.stopping = true;
	play_end(&play, "1.1", "cancelled");
	expect(&play, "end 1 cancelled by 1.1");
	play_end(&play, "1", "cancelled");
	expect(&play, "close cancelled 10 by 1");
}

/* Nobody can say what it has done: nothing more is started, neither a rollback nor finally. */
static void a_lost_step_ends_with_5(void **state)
{
	struct desk *desk = *state;
	struct play play = play_open(desk, "steps: [{run: a}, {run: b}]\nfinally: [{run: c}]\n");
	play_run(&play, "1", "lost");
	expect(&play, "close unsure 5 by 1");
	/* What is not known goes before what is: not a cancelled run, and not a failed finally. */
	play.decide.stopping = true;
	expect(&play, "close unsure 5 by 1");
	struct play last = play_open(desk, "steps: [{run: a, effect: read}]\n"
					   "finally: [{run: b}, {run: c}]\n");
	play_run(&last, "1", "failed");
	play_run(&last, "2.1", "failed");
	play_run(&last, "2.2", "lost");
	expect(&last, "close unsure 5 by 2.2");
}

static void a_lost_member_loses_what_holds_it(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: a}, {run: b}]\n"
		 "finally: [{run: c}]\n");
	struct play play = play_open(
		desk, "steps: [{group: G, timeout: 1m, steps: [{call: ./sub.yaml}]}]\n");
	play_start(&play, "1");
	play_start(&play, "1.1");
	play_run(&play, "1.1.1", "lost");
	play.expired[play_slot(&play, "1")] = true;
	expect(&play, "end 1.1 lost by 1.1.1");
	play_end(&play, "1.1", "lost");
	expect(&play, "end 1 lost by 1.1");
	play_end(&play, "1", "lost");
	expect(&play, "close unsure 5 by 1");
}

static void a_lost_step_that_may_fail_lets_the_run_go_on(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, on_failure: continue}, {run: b}]\n");
	struct event_builder event;
	play_start(&play, "1");
	play_begin_event(&play, &event, EVENT_STEP_ENDED, play_slot(&play, "1"), 1);
	event_set(&event, "status", value_cstring("lost"));
	event_set(&event, "continued", value_bool(true));
	assert_true(play_apply(&play, &event));
	expect(&play, "begin 2");
}

static void a_lost_undo_ends_with_5(void **state)
{
	struct play play = play_open(*state, release);
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	play_rollback(&play);
	play_undo(&play, "2");
	play_run(&play, "2.undo.1", "lost");
	expect(&play, "undone 2 lost by 2.undo.1");
	play_undone(&play, "2", "lost");
	expect(&play, "close unsure 5 by 2");
}

static void resume(struct play *play)
{
	struct event_builder event;
	play_begin_event(play, &event, EVENT_RUN_RESUMED, -1, 0);
	assert_true(play_apply(play, &event));
}

/* It has tidied up behind all that was done: resuming it does not tidy up again. */
static void what_finally_has_done_stays_done(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a}]\nfinally: [{run: f}, {run: g}]\n");
	play_run(&play, "1", "succeeded");
	play_run(&play, "2.1", "succeeded");
	play_run(&play, "2.2", "lost");
	play_close(&play, "unsure");
	resume(&play);
	play_ask(&play, "2.2", "lost 2.2", "lost");
	play_answer(&play, "2.2", "lost 2.2", "done");
	expect(&play, "close succeeded 0");
}

static void finally_runs_again_behind_what_a_resume_has_done(void **state)
{
	struct play play = play_open(*state, "steps: [{run: a, undo: [{run: u}]}, {run: b}]\n"
					     "finally: [{run: f}]\n");
	play_run(&play, "1", "succeeded");
	play_run(&play, "2", "failed");
	play_no_rollback(&play);
	play_run(&play, "3.1", "succeeded");
	expect(&play, "close failed 1 by 2");
	play_close(&play, "failed");
	resume(&play);
	play_run(&play, "2", "succeeded");
	expect(&play, "begin 3.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(what_finally_has_done_stays_done),
		DESK(finally_runs_again_behind_what_a_resume_has_done),
		DESK(steps_run_one_after_another),
		DESK(sections_follow_one_another),
		DESK(a_skipped_step_is_done),
		DESK(a_failure_stops_the_run),
		DESK(a_failure_after_a_change_is_a_question_of_rollback),
		DESK(all_preconditions_are_tried),
		DESK(all_of_finally_is_tried),
		DESK(finally_never_hides_the_first_error),
		DESK(a_group_begins_its_members_and_ends_with_them),
		DESK(a_member_that_fails_fails_its_group),
		DESK(a_group_that_may_fail_lets_the_run_go_on),
		DESK(a_call_runs_its_sections),
		DESK(a_call_whose_preconditions_are_not_met_does_nothing),
		DESK(a_call_tries_all_of_its_finally),
		DESK(another_attempt_waits_for_its_time),
		DESK(a_library_step_that_is_tried_again_runs_all_of_its_steps_again),
		DESK(a_gate_waits_for_its_answer),
		DESK(a_question_before_the_first_attempt_holds_it_back),
		DESK(a_failure_may_be_asked_about),
		DESK(undos_run_backwards_then_rollback_then_verify),
		DESK(after_any_undoes_what_failed_or_was_lost),
		DESK(an_undo_that_fails_ends_the_rollback),
		DESK(a_rollback_that_nobody_checked_is_none),
		DESK(a_verify_that_fails_again_ends_with_4),
		DESK(undos_of_members_come_before_that_of_their_group),
		DESK(a_call_is_undone_once_something_in_it_has_changed),
		DESK(a_call_without_rollback_steps_is_undone_by_the_undo_that_stands_at_it),
		DESK(what_only_the_second_verify_started_is_not_undone),
		DESK(a_group_of_skipped_steps_verifies_nothing),
		DESK(what_finally_changes_is_no_reason_to_roll_back),
		DESK(a_good_run_whose_finally_is_cancelled_is_cancelled),
		DESK(a_signal_starts_nothing_new_but_finally),
		DESK(a_second_signal_leaves_finally_out),
		DESK(a_signal_before_the_preconditions_are_met_changes_nothing),
		DESK(a_step_between_two_attempts_is_not_tried_again),
		DESK(a_run_that_took_too_long_has_failed),
		DESK(in_a_rollback_a_first_signal_only_warns),
		DESK(a_group_whose_time_is_over_starts_nothing_new),
		DESK(a_cancelled_member_cancels_its_group),
		DESK(a_lost_step_ends_with_5),
		DESK(a_lost_member_loses_what_holds_it),
		DESK(a_lost_step_that_may_fail_lets_the_run_go_on),
		DESK(a_lost_undo_ends_with_5),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
