/* Whether a run goes back, and for which reason. */
#include <errno.h>

#include "trial.h"

/* Something to take back, and a failure. */
#define FAILS \
	"inputs: {slow: {type: bool, default: true}}\n" \
	"steps:\n" \
	"  - {id: up, shell: echo >up, undo: [{shell: rm up}]}\n" \
	"  - {id: bad, run: 'false'}\n" \
	"verify:\n" \
	"  - {run: test ! -e up, effect: read}\n"

static const char *reason(struct trial *trial)
{
	return trial_field(trial, EVENT_ROLLBACK_OPENED, NULL, "reason");
}

/* The note of the answer to whether to roll back. */
static const char *declined(struct trial *trial)
{
	return trial_field(trial, EVENT_ASK_ANSWERED, NULL, "note");
}

static void the_first_condition_that_holds_is_the_reason(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, FAILS
				   "rollback:\n"
				   "  mode: automatic\n"
				   "  conditions:\n"
				   "    - {reason: asked, ask: Was it?}\n"
				   "    - {reason: never, when: \"steps.bad.status == 'x'\"}\n"
				   "    - {reason: slow, when: inputs.slow}\n"
				   "    - {reason: later, when: 'true'}\n"),
			 3);
	assert_string_equal(reason(trial), "slow");
	assert_string_equal(trial_field(trial, EVENT_ROLLBACK_OPENED, NULL, "how"), "automatic");
	assert_string_equal(closed(trial, "status"), "rolled_back");
	assert_string_equal(trial_file(trial, "up"), strerror(ENOENT));
}

static void without_conditions_it_is_the_failure(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, FAILS "rollback: {mode: automatic}\n"), 3);
	assert_string_equal(reason(trial), "failed");
}

static void a_condition_that_errs_is_told_and_does_not_hold(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   FAILS "rollback:\n"
					 "  mode: automatic\n"
					 "  conditions:\n"
					 "    - {reason: broken, when: \"int(run.id) == 1\"}\n"),
			 1);
	assert_null(trial_find(trial, EVENT_ROLLBACK_OPENED, NULL));
	assert_non_null(strstr(trial_field(trial, EVENT_STEP_WAITING, NULL, "msg"),
			       "condition 'broken' could not be tried: "));
	assert_string_equal(declined(trial), "no condition holds");
	/* It is not known to be false. */
	assert_non_null(strstr(closed(trial, "next"), "--reason broken"));
}

#define QUESTIONS \
	"rollback:\n" \
	"  mode: automatic\n" \
	"  conditions:\n" \
	"    - {reason: one, ask: 'Was it one?'}\n" \
	"    - {reason: two, ask: 'Was it two?'}\n" \
	"    - {reason: three, ask: 'Was it three?'}\n"

static void questions_are_asked_one_after_another(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "condition one=no,condition two=yes");
	assert_int_equal(trial_run(trial, FAILS QUESTIONS), 3);
	assert_string_equal(reason(trial), "two");
	trial_answers(trial, "condition one=no,condition two=no,condition three=no");
	assert_int_equal(trial_run(trial, FAILS QUESTIONS), 1);
	assert_null(trial_find(trial, EVENT_ROLLBACK_OPENED, NULL));
	assert_non_null(strstr(closed(trial, "next"), "--reason REASON"));
}

static void without_a_terminal_questions_count_as_no(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, FAILS QUESTIONS), 1);
	assert_string_equal(declined(trial), "no condition holds");
	assert_non_null(strstr(closed(trial, "next"), "--reason one"));
}

static void the_mode_ask_asks(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "rollback=yes");
	assert_int_equal(trial_run(trial, FAILS), 3); /* also without the key */
	assert_string_equal(trial_field(trial, EVENT_ROLLBACK_OPENED, NULL, "how"), "asked");
	trial_answers(trial, "rollback=no");
	assert_int_equal(trial_run(trial, FAILS), 1);
	assert_string_equal(trial_file(trial, "up"), "\n");
	trial_answers(trial, NULL);
	assert_int_equal(trial_run(trial, FAILS), 1);
	assert_string_equal(declined(trial), "nobody could be asked");
}

static void the_mode_manual_leaves_it_to_the_operator(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, FAILS "rollback: {mode: manual, conditions: "
						"[{reason: down, when: 'true'}]}\n"),
			 1);
	assert_string_equal(declined(trial), "rollback is manual");
	assert_string_equal(closed(trial, "condition"), "down");
	assert_non_null(strstr(closed(trial, "next"), "--reason down"));
}

static void what_cannot_go_back_asks_nobody(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "");
	trial->hear = trial_reply;
	trial_plan(trial, "steps:\n  - shell: exit 1\n");
	assert_int_equal(trial_go(trial), 1);
	assert_string_equal(declined(trial), "the runbook has no rollback");
	assert_null(strstr(closed(trial, "next"), "runbook rollback"));
}

static void its_inputs_are_recorded(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial,
			  FAILS "rollback: {mode: automatic, inputs: {dump: {default: none}}}\n"),
		3);
	assert_string_equal(trial_field(trial, EVENT_ROLLBACK_OPENED, NULL, "inputs"),
			    "{\"dump\":\"none\"}");
	assert_null(strstr(trial_field(trial, EVENT_RUN_OPENED, NULL, "inputs"), "dump"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(the_first_condition_that_holds_is_the_reason),
		TRIAL(without_conditions_it_is_the_failure),
		TRIAL(a_condition_that_errs_is_told_and_does_not_hold),
		TRIAL(questions_are_asked_one_after_another),
		TRIAL(without_a_terminal_questions_count_as_no),
		TRIAL(the_mode_ask_asks),
		TRIAL(the_mode_manual_leaves_it_to_the_operator),
		TRIAL(what_cannot_go_back_asks_nobody),
		TRIAL(its_inputs_are_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
