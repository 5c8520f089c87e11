/* What a run prints, event by event. */
#include "support.h"

static const struct report_options plain, quiet = { .quiet = true }, verbose = { .verbose = true };

static void open_with(struct stage *stage, const struct report_options *options)
{
	stage_begin(stage, options);
	stage_tell(stage, EVENT_RUN_OPENED, nowhere, 0,
		   "{\"program\":\"1.0\",\"document\":\"t.yaml\",\"actor\":{\"user\":\"al\","
		   "\"host\":\"ops\"}," OUTLINE "}");
}

/* The first step of the group, from its beginning to its end after so many ms. */
static void run_first(struct stage *stage, int64_t ms, const char *end)
{
	stage_tell(stage, EVENT_STEP_STARTED, group, 0, "{\"text\":\"Group\"}");
	stage_tell(stage, EVENT_STEP_STARTED, first, 0, "{\"text\":\"make all\"}");
	stage_tell(stage, EVENT_STEP_ENDED, first, ms, end);
}

static void a_run_begins_with_who_and_what(void **state)
{
	struct stage *stage = *state;
	stage_tell(stage, EVENT_RUN_OPENED, nowhere, 0,
		   "{\"program\":\"1.0\",\"document\":\"t.yaml\",\"revision\":"
		   "\"0123456789abcdef\",\"actor\":{\"user\":\"al\",\"host\":\"ops\"},"
		   "\"inputs\":[{\"name\":\"a\",\"source\":\"flag\",\"value\":1},"
		   "{\"name\":\"b\",\"source\":\"env\",\"secret\":true}]," OUTLINE "}");
	const char *told = stage_told(stage);
	assert_non_null(strstr(told, "runbook 1.0  t.yaml  run 7K3Q  "));
	assert_non_null(strstr(told, "  al@ops  git 0123456\n"));
	assert_non_null(strstr(told, "inputs  a = 1 (flag)   b = (secret) (env)\n"));
	stage_tell(stage, EVENT_LOCK_TAKEN, nowhere, 0, "{\"name\":\"prod\"}");
	assert_string_equal(stage_told(stage), "lock    prod  (on ops only)\n");
	open_with(stage, &plain);
	stage->out.len = 0;
	stage_tell(stage, EVENT_LOCK_TAKEN, nowhere, 0, "{\"name\":\"/srv/t.yaml\"}");
	assert_string_equal(stage_told(stage), "");
	open_with(stage, &quiet);
	assert_string_equal(stage_told(stage), "");
}

static void a_step_is_a_line(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &plain);
	stage->out.len = 0;
	run_first(stage, 1234,
		  "{\"status\":\"succeeded\",\"outputs\":{\"n\":7,\"long\":\"a\\nb\"}}");
	assert_string_equal(stage_told(stage),
			    "\n1. Group\n"
			    "  1.1  ok         1.2s  First                            n = 7\n");
	open_with(stage, &quiet);
	run_first(stage, 1234, "{\"status\":\"succeeded\"}");
	assert_string_equal(stage_told(stage), "");
}

static void attempts_stand_together(void **state)
{
	struct stage *stage = *state;
	struct place again = first;
	open_with(stage, &plain);
	run_first(stage, 1000,
		  "{\"status\":\"failed\",\"class\":\"connect\",\"again\":500,\"msg\":\"m\"}");
	assert_null(strstr(stage_told(stage), "failed"));
	for (again.attempt = 2; again.attempt <= 3; again.attempt++) {
		stage_tell(stage, EVENT_STEP_STARTED, again, 1500, "{\"text\":\"make all\"}");
		stage_tell(stage, EVENT_STEP_ENDED, again, 2000,
			   again.attempt == 2
				   ? "{\"status\":\"failed\",\"class\":\"exit\","
				     "\"again\":1,\"actual\":\"3\"}"
				   : "{\"status\":\"failed\",\"class\":\"exit\",\"code\":"
				     "\"RB0403\",\"actual\":\"3\",\"expected\":\"0\","
				     "\"msg\":\"unexpected exit code\"}");
	}
	assert_string_equal(
		stage_told(stage),
		"  1.1  failed     2.0s  First                            3 attempts, the last one "
		"below\n\n"
		"error[RB0403]: unexpected exit code\n"
		"      |   expected: 0\n"
		"      |   actual:   3\n"
		"      = attempts: 1 no connection, 2-3 exit 3\n");
	open_with(stage, &verbose);
	run_first(stage, 1000,
		  "{\"status\":\"failed\",\"class\":\"connect\",\"again\":500,\"msg\":\"m\"}");
	assert_non_null(strstr(stage_told(stage),
			       "again      1.0s  First                            attempt 1: no "
			       "connection; the next in 0.5s\n"));
}

static void what_fails_in_a_library_is_told_below_its_step(void **state)
{
	static const char *const end = "{\"status\":\"failed\",\"code\":\"RB0403\",\"msg\":"
				       "\"bad\",\"stdout\":\"one\\ntwo\\n\"}";
	struct stage *stage = *state;
	open_with(stage, &plain);
	stage_tell(stage, EVENT_STEP_STARTED, group, 0, "{\"text\":\"Group\"}");
	stage_tell(stage, EVENT_STEP_STARTED, library, 0, "{\"text\":\"look x\"}");
	stage_tell(stage, EVENT_STEP_STARTED, inner, 0, "{\"text\":\"test x\"}");
	stage->out.len = 0;
	stage_tell(stage, EVENT_STEP_ENDED, inner, 100, end);
	assert_string_equal(stage_told(stage), "");
	stage_tell(stage, EVENT_STEP_ENDED, library, 100,
		   "{\"status\":\"failed\",\"code\":\"RB0507\",\"msg\":\"bad\"}");
	assert_string_equal(stage_told(stage), "  1.2  failed     0.1s  look x\n\n"
					       "error[RB0403]: bad\n"
					       "  out | one\n"
					       "  out | two\n"
					       "      = called:   t.yaml:6\n");
}

static void questions_and_their_answers(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &plain);
	run_first(stage, 1, "{\"status\":\"succeeded\"}");
	stage->out.len = 0;
	stage_tell(stage, EVENT_ASK_ANSWERED, nowhere, 2,
		   "{\"ask\":\"data-lost\",\"answer\":\"no\",\"by\":\"al\",\"how\":\"terminal\","
		   "\"note\":\"all there\"}");
	assert_string_equal(stage_told(stage),
			    "  data-lost: no, by al at the terminal: all there\n");
	stage_tell(stage, EVENT_ASK_ANSWERED, first, 2,
		   "{\"ask\":\"a\",\"answer\":\"done\",\"by\":\"al\",\"how\":\"flag\"}");
	assert_string_equal(stage_told(stage), "  1.1  done             First                  "
					       "          by flag --done (al)\n");
	stage_tell(stage, EVENT_ASK_ANSWERED, first, 2,
		   "{\"ask\":\"a\",\"answer\":\"no\",\"how\":\"nobody\"}");
	assert_string_equal(stage_told(stage), "");
}

static void a_rollback_has_a_heading_and_its_undos(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &plain);
	run_first(stage, 1, "{\"status\":\"succeeded\"}");
	stage->out.len = 0;
	stage_tell(stage, EVENT_ROLLBACK_OPENED, nowhere, 2,
		   "{\"reason\":\"api-down\",\"how\":\"operator\",\"by\":\"al\",\"inputs\":"
		   "{\"db\":true},\"changed\":[\"token\"]}");
	stage_tell(stage, EVENT_UNDO_STARTED, first, 3, "{}");
	stage_tell(stage, EVENT_STEP_STARTED, back, 3, "{\"text\":\"undo it\"}");
	stage_tell(stage, EVENT_STEP_ENDED, back, 4, "{\"status\":\"succeeded\"}");
	stage_tell(stage, EVENT_STEP_STARTED, check, 5, "{\"text\":\"GET /\"}");
	stage_tell(stage, EVENT_STEP_ENDED, check, 6, "{\"status\":\"succeeded\"}");
	assert_string_equal(stage_told(stage),
			    "\nrolling back   reason api-down   by al\n"
			    "inputs  db = true\n"
			    "  notice: secret 'token' has changed since the run\n"
			    "undo of 1.1  First\n"
			    "  1.1.undo.1  ok         0.0s  Back\n"
			    "verify again\n"
			    "  2.1  ok         0.0s  Check\n");
}

static void a_run_ends_with_what_to_type(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &plain);
	run_first(stage, 1, "{\"status\":\"succeeded\"}");
	stage->out.len = 0;
	stage_tell(stage, EVENT_RUN_CLOSED, nowhere, 65000,
		   "{\"status\":\"failed\",\"exit\":1,\"msg\":\"failed\",\"step\":\"2.1\","
		   "\"condition\":\"api-down\",\"counts\":{\"steps\":2,\"assertions\":1,"
		   "\"warnings\":0},\"in_effect\":[{\"slot\":2,\"path\":\"1.1\"},{\"slot\":8,"
		   "\"path\":\"2.1\",\"half\":true}],\"by_hand\":[\"restart it\"],"
		   "\"next\":[\"runbook rollback 7K3Q\",\"runbook show 7K3Q\"]}");
	assert_string_equal(stage_told(stage),
			    "\nfailed  Test   at 2.1   2 steps, 1 assertion, 0 warnings   1m05s\n"
			    "  rollback condition met: api-down\n"
			    "  still in effect:\n"
			    "    1.1  First\n"
			    "    2.1  Check   (may be half done)\n"
			    "  to be done by hand:\n"
			    "    restart it\n"
			    "  next: runbook rollback 7K3Q\n"
			    "        runbook show 7K3Q\n");
}

static void what_was_told_before_is_not_told_again(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &plain);
	stage->out.len = 0;
	struct event event = stage_event(stage, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	event.past = true;
	story_event(stage->story, &event, &stage->out);
	event = stage_event(stage, EVENT_STEP_ENDED, first, 9, "{\"status\":\"succeeded\"}");
	event.past = true;
	story_event(stage->story, &event, &stage->out);
	assert_string_equal(stage_told(stage), "");
	stage_tell(stage, EVENT_RUN_RESUMED, nowhere, 10,
		   "{\"actor\":{\"user\":\"al\"},\"note\":\"disk is free\"}");
	assert_string_equal(stage_told(stage), "\nresuming   by al   disk is free\n");
}

static void output_comes_in_whole_lines(void **state)
{
	struct stage *stage = *state;
	open_with(stage, &verbose);
	stage_tell(stage, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	stage->out.len = 0;
	stage_tell(stage, EVENT_STEP_OUTPUT, first, 1, "{\"stream\":\"stdout\",\"text\":\"on\"}");
	assert_string_equal(stage_told(stage), "");
	stage_tell(stage, EVENT_STEP_OUTPUT, first, 1,
		   "{\"stream\":\"stderr\",\"text\":\"bad\\n\"}");
	assert_string_equal(stage_told(stage), "\n  1.1  err | bad\n");
	stage_tell(stage, EVENT_STEP_OUTPUT, first, 1,
		   "{\"stream\":\"stdout\",\"text\":\"e\\ntwo\\nthr\"}");
	assert_string_equal(stage_told(stage), "  1.1  out | one\n  1.1  out | two\n");
	stage_tell(stage, EVENT_STEP_ENDED, first, 2, "{\"status\":\"succeeded\"}");
	assert_string_equal(stage_told(stage), "  1.1  out | thr\n"
					       "  1.1  ok         0.0s  First\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_begins_with_who_and_what),
		TEST(a_step_is_a_line),
		TEST(attempts_stand_together),
		TEST(what_fails_in_a_library_is_told_below_its_step),
		TEST(questions_and_their_answers),
		TEST(a_rollback_has_a_heading_and_its_undos),
		TEST(a_run_ends_with_what_to_type),
		TEST(what_was_told_before_is_not_told_again),
		TEST(output_comes_in_whole_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
