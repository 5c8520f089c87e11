/* wait, say, and the gates approve and manual. */
#include "support.h"

static void wait_ends_when_its_time_has_come(void **state)
{
	struct host *host = *state;
	int64_t before = loop_now(host->loop);
	assert_succeeds(host, "wait: 30ms");
	assert_true(loop_now(host->loop) - before >= 30 * NS_PER_MS);
	assert_true(value_is(host->outputs, VALUE_NULL));
	assert_succeeds(host, "wait: 0s");
}

static void wait_can_be_ended_early(void **state)
{
	struct host *host = *state;
	host_start(host, "wait: 1h");
	assert_int_equal(host->finished, 0);
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_string_equal(host->outcome.class, "cancelled");
	/* Its timer is gone: the next step is not ended by it. */
	assert_succeeds(host, "wait: 1ms");
}

static void say_has_said_it(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "say: hello ${{ data }}");
	assert_int_equal(host->questions, 0);
}

static void approve_asks_and_hears(void **state)
{
	struct host *host = *state;
	const struct answer yes = { .answer = "yes",
				    .by = "alice",
				    .how = "terminal",
				    .wall = INT64_C(1772456531000) * NS_PER_MS };
	host_start(host,
		   "approve: Deploy ${{ data }}?\nby: [alice, '@ops']\nmust_type: prod\nshow: "
		   "a list");
	assert_int_equal(host->questions, 1);
	assert_int_equal(host->finished, 0);
	assert_string_equal(host->question.kind, "approve");
	assert_string_equal(host->question.text, "Deploy a b?");
	assert_string_equal(host->question.must_type, "prod");
	assert_string_equal(host->question.show, "a list");
	assert_int_equal(host->question.by.count, 2);
	assert_string_equal(host->question.by.at[1], "@ops");
	assert_null(host->question.evidence);
	host->task.answered(&host->task, &yes);
	assert_string_equal(host_outcome(host), "");
	assert_string_equal(host_output(host, "by"), "\"alice\"");
	assert_string_equal(host_output(host, "at"), "\"2026-03-02T13:02:11Z\"");
	assert_string_equal(host_output(host, "note"), "\"\"");
}

static void a_refusal_fails_the_gate(void **state)
{
	struct host *host = *state;
	struct answer no = { .answer = "no", .by = "bob", .how = "terminal" };
	host_start(host, "approve: Deploy?");
	host->task.answered(&host->task, &no);
	assert_string_equal(host_outcome(host), "rejected RB0405: refused by bob");
	no.note = "not on a Friday";
	host_start(host, "approve: Deploy?");
	host->task.answered(&host->task, &no);
	assert_string_equal(host_outcome(host), "rejected RB0405: refused by bob: not on a Friday");
}

static void manual_asks_for_what_a_person_does(void **state)
{
	struct host *host = *state;
	const struct answer yes = { .answer = "yes", .by = "bob", .how = "flag", .note = "OPS-7" };
	host_start(host, "manual: Switch the pool\nevidence: the ticket");
	assert_string_equal(host->question.kind, "manual");
	assert_string_equal(host->question.text, "Switch the pool");
	assert_string_equal(host->question.evidence, "the ticket");
	assert_null(host->question.must_type);
	host->task.answered(&host->task, &yes);
	assert_string_equal(host_outcome(host), "");
	assert_string_equal(host_output(host, "note"), "\"OPS-7\"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(wait_ends_when_its_time_has_come),
		HOST(wait_can_be_ended_early),
		HOST(say_has_said_it),
		HOST(approve_asks_and_hears),
		HOST(a_refusal_fails_the_gate),
		HOST(manual_asks_for_what_a_person_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
