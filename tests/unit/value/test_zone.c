/* The reader of time zone files, with files made here. */
#include <string.h>

#include "support.h"
#include "value/internal.h"

static void put_number(struct buffer *out, int64_t number, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		buffer_putc(out, (char)((uint64_t)number >> (8 * i)));
}

static void put_header(struct buffer *out, int times, int types)
{
	buffer_puts(out, "TZif2");
	for (int i = 0; i < 15; i++)
		buffer_putc(out, '\0');
	put_number(out, 0, 4);
	put_number(out, 0, 4);
	put_number(out, 0, 4);
	put_number(out, times, 4);
	put_number(out, types, 4);
	put_number(out, 4, 4);
}

/* UTC+1 before 1000, UTC+2 from then to 2000, then as the rule says. */
static struct text make_file(const char *rule, struct arena *arena)
{
	struct buffer out;

	buffer_init(&out, arena);
	put_header(&out, 0, 0);
	buffer_add(&out, TEXT("abc\0"));
	put_header(&out, 2, 2);
	put_number(&out, 1000, 8);
	put_number(&out, 2000, 8);
	put_number(&out, 1, 1);
	put_number(&out, 0, 1);
	for (int i = 1; i <= 2; i++) {
		put_number(&out, 3600 * i, 4);
		put_number(&out, 0, 2);
	}
	buffer_add(&out, TEXT("abc\0"));
	buffer_printf(&out, "\n%s\n", rule);
	return buffer_text(&out);
}

static void reads_transitions_and_rule(void **state)
{
	struct text file = make_file("X-5", *state);
	int32_t offset;

	assert_null(zone_offset(file, 999, &offset));
	assert_int_equal(offset, 3600);
	assert_null(zone_offset(file, 1000, &offset));
	assert_int_equal(offset, 7200);
	assert_null(zone_offset(file, 1999, &offset));
	assert_int_equal(offset, 7200);
	assert_null(zone_offset(make_file("XXX-5", *state), 2000, &offset));
	assert_int_equal(offset, 5 * 3600);
	/* Without a rule, or with one that makes no sense, what was last stays. */
	assert_null(zone_offset(make_file("", *state), 2000, &offset));
	assert_int_equal(offset, 3600);
	assert_null(zone_offset(file, 2000, &offset));
	assert_int_equal(offset, 3600);
}

static void refuses_every_prefix(void **state)
{
	struct text file = make_file("XXX-5", *state);
	size_t whole = file.len - strlen("\nXXX-5\n");
	int32_t offset;

	for (size_t len = 0; len < whole; len++) {
		struct text prefix = { arena_copy(*state, file.ptr, len), len };

		assert_non_null(zone_offset(prefix, 1500, &offset));
	}
	assert_null(zone_offset(text_slice(file, 0, whole), 1500, &offset));
}

static void refuses_types_that_are_not_there(void **state)
{
	struct text file = make_file("", *state);
	char *bytes = arena_copy(*state, file.ptr, file.len);
	size_t index = 44 + 4 + 44 + 16;
	int32_t offset;

	assert_int_equal(bytes[index], 1);
	bytes[index] = 2;
	assert_non_null(zone_offset((struct text){ bytes, file.len }, 1500, &offset));
}

static void follows_rules(void **state)
{
	static const struct {
		const char *rule;
		const char *instant;
		int32_t offset; /* seconds; 1: the rule is none */
	} cases[] = {
		{ "UTC0", "2030-07-01T00:00:00Z", 0 },
		{ "<+0330>-3:30", "2030-07-01T00:00:00Z", 12600 },
		{ "<-03>3", "2030-07-01T00:00:00Z", -10800 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T00:59:59Z", 3600 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-03-31T01:00:00Z", 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T00:59:59Z", 7200 },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2030-10-27T01:00:00Z", 3600 },
		/* Summer around the turn of the year. */
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2030-01-01T00:00:00Z", 39600 },
		{ "AEST-10AEDT,M10.1.0,M4.1.0/3", "2030-07-01T00:00:00Z", 36000 },
		/* Ireland's winter time is a summer time that goes back. */
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2030-01-01T00:00:00Z", 0 },
		{ "IST-1GMT0,M10.5.0,M3.5.0/1", "2030-07-01T00:00:00Z", 3600 },
		/* Hours below zero and beyond a day. */
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7200 },
		{ "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3600 },
		{ "EET-2EEST,M3.4.4/50,M10.4.4/50", "2030-03-30T00:00:00Z", 10800 },
		/* Day 60 without leap days is 1 March; day 59 with them is 29 February. */
		{ "AAA0BBB,J60/0,J300/0", "2028-02-29T23:59:59Z", 0 },
		{ "AAA0BBB,J60/0,J300/0", "2028-03-01T00:00:00Z", 3600 },
		{ "AAA0BBB,59/0,300/0", "2028-02-29T00:00:00Z", 3600 },
		{ "", "2030-07-01T00:00:00Z", 1 },
		{ "AB0", "2030-07-01T00:00:00Z", 1 },
		{ "ABC", "2030-07-01T00:00:00Z", 1 },
		{ "<AB0", "2030-07-01T00:00:00Z", 1 },
		{ "ABC168", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF,M3.5.0", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF,M13.5.0,M4.5.0", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF,M3.6.0,M4.5.0", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF,J0,J5", "2030-07-01T00:00:00Z", 1 },
		{ "ABC0DEF,M3.5.0,M4.5.0x", "2030-07-01T00:00:00Z", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct value timestamp;
		int32_t offset = 1;

		assert_true(value_read_timestamp(text_of(cases[i].instant), &timestamp));
		if (zone_rule_offset(text_of(cases[i].rule), timestamp.integer, &offset) !=
		    (cases[i].offset != 1))
			fail_msg("%s", cases[i].rule);
		if (cases[i].offset != 1)
			assert_int_equal(offset, cases[i].offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_transitions_and_rule),
		TEST(refuses_every_prefix),
		TEST(refuses_types_that_are_not_there),
		TEST(follows_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
