/* retry: its forms, and which failures are tried again. */
#include "support.h"

static const struct plan_retry *retry(struct desk *desk, const char *text)
{
	assert_good(desk, arena_format(&desk->arena, "steps: [{run: a, retry: %s}]\n", text));
	return desk_node(desk, "1")->retry;
}

static struct retry_limits limits(struct desk *desk, const char *text)
{
	const struct plan_retry *made = retry(desk, text);
	const struct expr_scope scope = { 0 };
	struct retry_limits limits;
	struct failure failure;
	if (!plan_retry_limits(made, &scope, &desk->arena, &limits, &failure))
		fail_msg("%s: %s", text, failure.message);
	return limits;
}

static void without_the_key_there_is_one_attempt(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a}]\n");
	assert_null(desk_node(desk, "1")->retry);
}

static void a_number_is_that_many_attempts(void **state)
{
	const struct retry_limits five = limits(*state, "5");
	assert_int_equal(five.attempts, 5);
	assert_int_equal(five.every, NS_PER_S);
	assert_int_equal(five.max_every, 60 * NS_PER_S);
	assert_int_equal(five.within, 0);
	assert_true(five.backoff == 1 && five.jitter == 0);
	assert_null(retry(*state, "5")->when);
	assert_int_equal(limits(*state, "1").attempts, 1);
	assert_int_equal(limits(*state, "1000").attempts, 1000);
}

static void a_map_says_more(void **state)
{
	static const char *const text =
		"{attempts: 4, every: 250ms, backoff: 1.5, max_every: 2s, jitter: 0.5, within: "
		"1m, on: [exit, timeout], when: exit_code != 2}";
	const struct retry_limits all = limits(*state, text);
	assert_int_equal(all.attempts, 4);
	assert_int_equal(all.every, 250 * NS_PER_MS);
	assert_int_equal(all.max_every, 2 * NS_PER_S);
	assert_int_equal(all.within, 60 * NS_PER_S);
	assert_true(all.backoff == 1.5 && all.jitter == 0.5);
	assert_int_equal(all.on.count, 2);
	assert_non_null(retry(*state, text)->when);
	assert_int_equal(limits(*state, "{every: 2s}").attempts, 3);
	assert_int_equal(limits(*state, "{within: 1m}").attempts, 0);
}

static void limits_may_be_computed(void **state)
{
	struct desk *desk = *state;
	const struct expr_scope scope = { 0 };
	struct retry_limits computed = limits(
		desk, "{attempts: '${{ 2 + 2 }}', within: \"${{ duration('3s') }}\"}");
	struct failure failure;
	assert_int_equal(computed.attempts, 4);
	assert_int_equal(computed.within, 3 * NS_PER_S);
	assert_false(plan_retry_limits(retry(desk, "'${{ 2000 - 999 }}'"), &scope, &desk->arena,
				       &computed, &failure));
	assert_non_null(strstr(failure.message, "larger than the maximum 1000"));
}

static void bad_forms_are_told(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *retry, *told;
	} rows[] = {
		{ "0", "RB0105 3:25: 'retry' is 0, smaller than the minimum 1" },
		{ "1001", "'retry' is 1001, larger than the maximum 1000" },
		{ "-1", "'retry' is -1, smaller than the minimum 1" },
		{ "often", "RB0106 3:25: 'retry': expected an int; found 'often'" },
		{ "''", "'retry': expected an int; found ''" },
		{ "' 3'", "'retry': expected an int; found ' 3'" },
		{ "+3", "'retry': expected an int; found '+3'" },
		{ "3.0", "'retry': expected an int; found '3.0'" },
		{ "99999999999999999999", "larger than the maximum 1000" },
		{ "{backoff: 0.5}", "'backoff' is 0.5, smaller than the minimum 1" },
		{ "{backoff: x}", "'backoff': expected a number; found 'x'" },
		{ "{backoff: nan}", "'backoff': expected a number; found 'nan'" },
		{ "{backoff: inf}", "'backoff': expected a number; found 'inf'" },
		{ "{backoff: [2]}", "'backoff': expected number; found list" },
		{ "{backoff: ''}", "'backoff': expected a number; found ''" },
		{ "{backoff: 101}", "'backoff' is 101, larger than the maximum 100" },
		{ "{jitter: 1.5}", "'jitter' is 1.5, larger than the maximum 1" },
		{ "{jitter: -0.1}", "'jitter' is -0.1, smaller than the minimum 0" },
		{ "{on: [exist]}", "'exist' is no class of failure" },
		{ "{on: everything}", "'everything' is no class of failure" },
		{ "{attempts: 0}", "RB0105" },
		{ "{attempts: 1001}", "RB0105" },
		{ "{every: 5}", "RB0107" },
		{ "{tries: 5}", "unknown key 'tries' in retry" },
		{ "{when: nope}", "unknown name 'nope'" },
		{ "{within: '${{ exit_code }}'}", "unknown name 'exit_code'" },
		{ "{on: '${{ run.id }}'}", "no interpolation is possible here" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_plan(desk, arena_format(&desk->arena, "steps: [{run: a, retry: %s}]\n",
					     rows[i].retry));
		if (desk->diags.errors != 1 || !strstr(desk_told(desk), rows[i].told))
			fail_msg("%s: %s", rows[i].retry, desk_told(desk));
	}
	desk_plan(desk, "steps: [{run: a, retry: {on: [exist]}}]\n");
	assert_true(desk_hints(desk, "'exit'"));
}

static void what_cannot_end_otherwise_is_not_tried_again(void **state)
{
	static const char *const again[] = { "exit", "signal", "timeout", "assertion", "connect",
					     "dns",  "tls",    "http",    "sql",       "resource" };
	static const char *const final[] = { "cancelled", "rejected",   "refused",  "expression",
					     "capture",   "permission", "not_found" };
	const struct retry_limits plain = limits(*state, "3");
	for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
		assert_true(plan_retries(&plain, again[i], NULL));
	for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++)
		assert_false(plan_retries(&plain, final[i], NULL));
}

static void on_names_the_classes_that_are_tried_again(void **state)
{
	const struct retry_limits some = limits(*state, "{on: [not_found, exit]}");
	assert_true(plan_retries(&some, "exit", NULL));
	assert_true(plan_retries(&some, "not_found", NULL));
	assert_false(plan_retries(&some, "timeout", NULL));
	const struct retry_limits one = limits(*state, "{on: timeout}");
	assert_true(plan_retries(&one, "timeout", NULL));
	assert_false(plan_retries(&one, "exit", NULL));
}

static void a_state_of_a_database_can_be_named(void **state)
{
	const struct retry_limits some = limits(*state,
						"{on: ['sql:40001', 'sql:08', 'sql:SQLITE_BUSY']}");
	assert_true(plan_retries(&some, "sql", "40001"));
	assert_false(plan_retries(&some, "sql", "40P01"));
	assert_true(plan_retries(&some, "connect", "08006"));
	assert_true(plan_retries(&some, "sql", "SQLITE_BUSY"));
	assert_false(plan_retries(&some, "sql", "SQLITE_BUSY_SNAPSHOT"));
	assert_false(plan_retries(&some, "sql", NULL));
	assert_false(plan_retries(&some, "connect", NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(without_the_key_there_is_one_attempt),
		DESK(a_number_is_that_many_attempts),
		DESK(a_map_says_more),
		DESK(limits_may_be_computed),
		DESK(bad_forms_are_told),
		DESK(what_cannot_end_otherwise_is_not_tried_again),
		DESK(on_names_the_classes_that_are_tried_again),
		DESK(a_state_of_a_database_can_be_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
