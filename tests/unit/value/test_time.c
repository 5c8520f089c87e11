#include "support.h"

static void timestamps_read_and_write(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: refused */
	} cases[] = {
		{ "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z" },
		{ "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z" },
		{ "1900-02-29T00:00:00Z", NULL },
		{ "2023-02-29T00:00:00Z", NULL },
		{ "2024-04-31T00:00:00Z", NULL },
		{ "2024-01-01T02:00:00+02:00", "2024-01-01T00:00:00Z" },
		{ "2024-01-01T00:00:00-00:30", "2024-01-01T00:30:00Z" },
		{ "2024-01-01T00:00:00.1234567899Z", "2024-01-01T00:00:00.123456789Z" },
		{ "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z" },
		{ "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z" },
		{ "0001-01-01T00:00:00+00:01", NULL },
		{ "0000-12-31T23:59:59-00:01", "0001-01-01T00:00:59Z" },
		{ "9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z" },
		{ "9999-12-31T23:59:59-00:01", NULL },
		{ "2024-01-01t00:00:00Z", NULL },
		{ "2024-01-01T00:00:00z", NULL },
		{ "2024-01-01 00:00:00Z", NULL },
		{ "2024-01-01T24:00:00Z", NULL },
		{ "2024-01-01T23:59:60Z", NULL },
		{ "2024-01-01T00:00:00", NULL },
		{ "2024-01-01T00:00:00.Z", NULL },
		{ "2024-01-01T00:00:00,5Z", NULL },
		{ "2024-01-01T00:00:00+0200", NULL },
		{ "2024-01-01T00:00:00+24:00", NULL },
		{ "2024-01-01T00:00:00Zx", NULL },
		{ "2024-1-1T00:00:00Z", NULL },
		{ "2024-00-01T00:00:00Z", NULL },
		{ "2024-01-00T00:00:00Z", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct value timestamp;
		struct buffer out;

		if (value_read_timestamp(text_of(cases[i].text), &timestamp) != !!cases[i].written)
			fail_msg("%s", cases[i].text);
		if (!cases[i].written)
			continue;
		buffer_init(&out, *state);
		value_write_timestamp(&out, timestamp);
		assert_string_equal(buffer_string(&out), cases[i].written);
	}
}

static void durations_read_and_write(void **state)
{
	static const struct {
		const char *text;
		const char *written; /* NULL: refused */
	} cases[] = {
		{ "1h30m", "5400s" },
		{ "-1h30m", "-5400s" },
		{ "+1h", "3600s" },
		{ "1m1h1m", "3720s" },
		{ ".5s", "0.5s" },
		{ "5.s", "5s" },
		{ "1.5ms", "0.0015s" },
		{ "1us", "0.000001s" },
		{ "1\u00b5s", "0.000001s" },
		{ "1\u03bcs", "0.000001s" },
		{ "0.9ns", "0s" },
		{ "0.333333333333333333333333h", "1199.999999999s" },
		{ "0", "0s" },
		{ "-0", "0s" },
		{ "9223372036.854775807s", "9223372036.854775807s" },
		{ "9223372036.854775808s", NULL },
		{ "-9223372036.854775808s", "-9223372036.854775808s" },
		{ "99999999999999999999s", NULL },
		{ "5124095576030431h", NULL },
		{ "1d", NULL },
		{ "1w", NULL },
		{ "1", NULL },
		{ "00", NULL },
		{ "h", NULL },
		{ ".s", NULL },
		{ "1h-30m", NULL },
		{ "1 h", NULL },
		{ "1H", NULL },
		{ "-", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct value duration;
		struct buffer out;

		if (value_read_duration(text_of(cases[i].text), &duration) != !!cases[i].written)
			fail_msg("%s", cases[i].text);
		if (!cases[i].written)
			continue;
		buffer_init(&out, *state);
		value_write_duration(&out, duration);
		assert_string_equal(buffer_string(&out), cases[i].written);
	}
}

/* What a clock in a zone shows, or NULL for one that there is not. */
static const char *clock_in(const char *zone, const char *instant, struct arena *arena)
{
	struct value timestamp;
	struct civil civil;

	assert_true(value_read_timestamp(text_of(instant), &timestamp));
	if (value_civil(timestamp, text_of(zone), arena, &civil))
		return NULL;
	return arena_format(arena, "%04d-%02d-%02d %02d:%02d:%02d %d %d", (int)civil.year,
			    civil.month, civil.day, civil.hour, civil.minute, civil.second,
			    civil.weekday, civil.yearday);
}

static void clocks_show_what_zones_say(void **state)
{
	static const struct {
		const char *zone, *instant, *shown;
	} cases[] = {
		{ "UTC", "2024-12-31T23:30:00Z", "2024-12-31 23:30:00 2 365" },
		{ "UTC", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 1 0" },
		{ "+01:00", "2024-12-31T23:30:00Z", "2025-01-01 00:30:00 3 0" },
		{ "05:30", "2024-01-01T00:00:00Z", "2024-01-01 05:30:00 1 0" },
		{ "-05:30", "2024-01-01T00:00:00Z", "2023-12-31 18:30:00 0 364" },
		/* Both sides of a change to summer time and back. */
		{ "Europe/Berlin", "2024-03-31T00:59:59Z", "2024-03-31 01:59:59 0 90" },
		{ "Europe/Berlin", "2024-03-31T01:00:00Z", "2024-03-31 03:00:00 0 90" },
		{ "Europe/Berlin", "2024-10-27T00:59:59Z", "2024-10-27 02:59:59 0 300" },
		{ "Europe/Berlin", "2024-10-27T01:00:00Z", "2024-10-27 02:00:00 0 300" },
		/* Behind the last transition that the file lists: its rule. */
		{ "Europe/Berlin", "2060-07-01T00:00:00Z", "2060-07-01 02:00:00 4 182" },
		{ "Europe/Berlin", "2060-12-01T00:00:00Z", "2060-12-01 01:00:00 3 335" },
		{ "Australia/Sydney", "2060-01-01T00:00:00Z", "2060-01-01 11:00:00 4 0" },
		{ "Australia/Sydney", "2060-07-01T00:00:00Z", "2060-07-01 10:00:00 4 182" },
		{ "Asia/Kathmandu", "2060-07-01T00:00:00Z", "2060-07-01 05:45:00 4 182" },
		/* Before the first: local mean time. */
		{ "Europe/Berlin", "1850-01-01T00:00:00Z", "1850-01-01 00:53:28 2 0" },
		{ "America/St_Johns", "2009-02-13T02:00:00Z", "2009-02-12 22:30:00 4 42" },
	};

	if (!clock_in("Europe/Berlin", "2024-01-01T00:00:00Z", *state))
		skip(); /* the machine has no time zone database */
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(clock_in(cases[i].zone, cases[i].instant, *state),
				    cases[i].shown);
}

static void refuses_what_is_no_zone(void **state)
{
	static const char *const names[] = {
		"",       "Local",     "utc",          "Z",         "+24:00",
		"+05:60", "+5:00",     "+0500",        "Europe",    "Invalid/Zone",
		"/UTC",   "Europe/",   "Etc//UTC",     "../UTC",    "../../../etc/passwd",
		"Etc/..", "tzdata.zi", "zone1970.tab", "Etc/UTC\n",
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (clock_in(names[i], "2024-01-01T00:00:00Z", *state))
			fail_msg("%s", names[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(timestamps_read_and_write),
		TEST(durations_read_and_write),
		TEST(clocks_show_what_zones_say),
		TEST(refuses_what_is_no_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
