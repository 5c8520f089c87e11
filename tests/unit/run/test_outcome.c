/* How an attempt that was to be stopped ended. */
#include "trial.h"

#include "run/internal.h"

static void a_command_that_is_stopped_has_timed_out(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - shell: trap 'exit 0' TERM; while :; do sleep 0.05; done\n"
				   "    timeout: 300ms\n"),
			 1);
	assert_string_equal(trial_failure(trial, "1"), "timeout: timed out after 0.3s");
}

/* The timer that came when the command had ended already, and its end was not yet heard of. */
static void expire(struct trial *trial, const struct event *event)
{
	if (event->type == EVENT_STEP_SPAWNED)
		trial->engine->attempts.at[0]->timed_out = true;
}

static void what_was_done_before_the_stop_is_not_done_again(void **state)
{
	struct trial *trial = *state;
	trial->hear = expire;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - run: echo once\n"
					  "    timeout: 1h\n"
					  "    retry: {attempts: 2, every: 1ms}\n"
					  "    assert: [text == 'once']\n"),
			 0);
	assert_int_equal(trial_count(trial, EVENT_STEP_STARTED, "1"), 1);
	assert_string_equal(trial_failure(trial, "1"), "");
	assert_string_equal(ended(trial, "1", "lines"),
			    "[{\"label\":\"note\",\"text\":\"was done before its timeout of 1h00m "
			    "stopped it\"}]");
}

/* ---- on_failure: continue ------------------------------------------------------------------ */

static void a_failure_that_the_run_goes_on_without_is_a_warning(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - id: first\n"
					  "    run: 'false'\n"
					  "    retry: {attempts: 3, every: 1ms}\n"
					  "    on_failure: continue\n"
					  "  - say: It goes on\n"
					  "    when: 1 / (steps.first.exit_code - 1) == 1\n"
					  "    on_failure: continue\n"
					  "  - group: Together\n"
					  "    on_failure: continue\n"
					  "    steps:\n"
					  "      - run: 'false'\n"),
			 0);
	assert_string_equal(ended(trial, "1", "warnings"),
			    "[{\"msg\":\"it failed, and the run goes on\",\"file\":\"main.yaml\","
			    "\"line\":7}]");
	assert_string_equal(ended(trial, "3.1", "warnings"), "none");
	assert_string_equal(closed(trial, "status"), "succeeded");
	assert_string_equal(closed(trial, "counts"),
			    "{\"steps\":2,\"assertions\":0,\"warnings\":3}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(a_command_that_is_stopped_has_timed_out),
		TRIAL(what_was_done_before_the_stop_is_not_done_again),
		TRIAL(a_failure_that_the_run_goes_on_without_is_a_warning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
