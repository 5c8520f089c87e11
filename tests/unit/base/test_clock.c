#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/clock.h"

static struct arena arena;

static void reads_two_clocks(void **state)
{
	int64_t boot = clock_boot(&clock_system);

	(void)state;
	assert_true(clock_wall(&clock_system) / NS_PER_S >= (int64_t)time(NULL) - 1);
	assert_true(clock_boot(&clock_system) >= boot);
}

static int64_t fixed(const struct clock *clock)
{
	return *(const int64_t *)clock->data;
}

static void takes_a_clock_of_a_test(void **state)
{
	int64_t now = 42;
	struct clock clock = { fixed, fixed, &now };

	(void)state;
	assert_int_equal(clock_wall(&clock), 42);
	now = 43;
	assert_int_equal(clock_boot(&clock), 43);
}

static void writes_utc_with_milliseconds(void **state)
{
	(void)state;
	assert_string_equal(clock_utc(0, &arena), "1970-01-01T00:00:00.000Z");
	assert_string_equal(clock_utc(INT64_C(1772457700311999999), &arena),
			    "2026-03-02T13:21:40.311Z");
	assert_string_equal(clock_utc(-1, &arena), "1969-12-31T23:59:59.999Z");
	assert_string_equal(clock_utc(-NS_PER_S, &arena), "1969-12-31T23:59:59.000Z");
}

static void writes_local_time_with_its_zone(void **state)
{
	(void)state;
	setenv("TZ", "CET-1", 1);
	tzset();
	assert_string_equal(clock_local(INT64_C(1772456531) * NS_PER_S, &arena),
			    "2026-03-02 14:02:11 CET");
}

static void writes_spans_for_people(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ -5, "0.0s" },        { 0, "0.0s" },        { 49, "0.0s" },
		{ 50, "0.1s" },        { 200, "0.2s" },      { 41700, "41.7s" },
		{ 59949, "59.9s" },    { 59950, "1m00s" },   { 724000, "12m04s" },
		{ 3599400, "59m59s" }, { 3599500, "1h00m" }, { 3720000, "1h02m" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(clock_span(cases[i].ms * NS_PER_MS, &arena), cases[i].text);
}

static void writes_durations_as_documents_do(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ -5, "0ms" },     { 0, "0ms" },         { 1, "1ms" },
		{ 250, "250ms" },  { 1500, "1s500ms" },  { 90000, "1m30s" },
		{ 600000, "10m" }, { 5400000, "1h30m" }, { 3600001, "1h1ms" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(clock_written(cases[i].ms * NS_PER_MS, &arena), cases[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_two_clocks),
		cmocka_unit_test(takes_a_clock_of_a_test),
		cmocka_unit_test(writes_utc_with_milliseconds),
		cmocka_unit_test(writes_local_time_with_its_zone),
		cmocka_unit_test(writes_spans_for_people),
		cmocka_unit_test(writes_durations_as_documents_do),
	};
	int failed;

	arena_init(&arena);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_done(&arena);
	return failed;
}
