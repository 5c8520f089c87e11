#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static void doubles_are_short_and_read_back(void **state)
{
	static const struct {
		double real;
		const char *text;
	} cases[] = {
		{ 0.1, "0.1" },
		{ 1, "1" },
		{ 1e6, "1000000" },
		{ 1e20, "100000000000000000000" },
		{ 1e21, "1e+21" },
		{ 123456789012345680000.0, "123456789012345680000" },
		{ 1.5e-5, "0.000015" },
		{ 1e-6, "0.000001" },
		{ 1e-7, "1e-7" },
		{ 1.25e-7, "1.25e-7" },
		{ 5e-324, "5e-324" },
		{ 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ 0.30000000000000004, "0.30000000000000004" },
		{ 4.887898181599368e-150, "4.887898181599368e-150" }, /* a power of two */
		{ 9007199254740993.0, "9007199254740992" },
		{ -4.5, "-4.5" },
		{ -0.0, "-0" },
		{ NAN, "NaN" },
		{ INFINITY, "Infinity" },
		{ -INFINITY, "-Infinity" },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer out;

		buffer_init(&out, *state);
		value_write_double(&out, cases[i].real);
		assert_string_equal(buffer_string(&out), cases[i].text);
	}
}

static void random_doubles_read_back(void **state)
{
	uint64_t bits = 88172645463325252;

	for (int i = 0; i < 20000; i++) {
		struct buffer out;
		double real;

		bits ^= bits << 13;
		bits ^= bits >> 7;
		bits ^= bits << 17;
		memcpy(&real, &bits, sizeof(real));
		if (!isfinite(real))
			continue;
		buffer_init(&out, *state);
		value_write_double(&out, real);
		assert_true(strtod(buffer_string(&out), NULL) == real);
		arena_reset(*state);
	}
}

static void values_inside_text(void **state)
{
	const struct {
		struct value value;
		const char *text; /* NULL: it has none */
	} cases[] = {
		{ value_cstring("as \"it\" is"), "as \"it\" is" },
		{ value_bool(false), "false" },
		{ value_int(INT64_MIN), "-9223372036854775808" },
		{ value_uint(UINT64_MAX), "18446744073709551615" },
		{ value_double(0.5), "0.5" },
		{ value_double(NAN), "NaN" },
		{ value_duration(5400000000000), "5400s" },
		{ value_timestamp(0, 0), "1970-01-01T00:00:00Z" },
		{ value_bytes(TEXT("b\303\251")), "b\303\251" },
		{ value_bytes(TEXT("\xff")), NULL },
		{ from_json("[1, \"a\", null]", *state), "[1,\"a\",null]" },
		{ from_json("{\"a\": {}}", *state), "{\"a\":{}}" },
		{ value_null(), NULL },
		{ value_type_value(value_type_named(TEXT("int"))), NULL },
		{ value_optional(NULL, *state), NULL },
		{ value_unknown("steps.a.text", *state), NULL },
		{ value_error(*state, FAIL_EXPRESSION, "no such key"), NULL },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *why = NULL;
		struct text text;
		bool good = value_to_text(cases[i].value, *state, &text, &why);

		assert_int_equal(good, cases[i].text != NULL);
		if (good)
			assert_true(text_is(text, cases[i].text));
		else
			assert_true(why && *why);
	}
}

static void people_see_what_machines_do_not(void **state)
{
	assert_string_equal(shown(value_cstring("a\n\"b\""), 60, *state), "\"a\\n\\\"b\\\"\"");
	assert_string_equal(shown(value_unknown("steps.a.text", *state), 60, *state),
			    "<steps.a.text>");
	assert_string_equal(shown(value_double(INFINITY), 60, *state), "\"Infinity\"");
	assert_string_equal(shown(value_optional(NULL, *state), 60, *state), "null");
}

static void what_is_shown_is_cut_at_a_character(void **state)
{
	const char *text = "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9";

	assert_string_equal(shown(value_cstring("abcdef"), 8, *state), "\"abcdef\"");
	assert_string_equal(shown(value_cstring("abcdefg"), 8, *state), "\"abcd\u2026");
	assert_string_equal(shown(value_cstring(text), 9, *state), "\"\u00e9\u00e9\u2026");
	assert_string_equal(shown(value_cstring(text), 10, *state), "\"\u00e9\u00e9\u00e9\u2026");
	assert_string_equal(shown(from_json("[1,2,3,4,5,6,7,8,9]", *state), 9, *state),
			    "[1,2,3\u2026");
}

static void a_copy_lives_on_its_own(void **state)
{
	static const char json[] = "{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":\"y\\n\"}}";
	struct arena other;
	struct value copy;

	arena_init(&other);
	copy = value_copy(from_json(arena_string(&other, json), &other), *state);
	arena_done(&other);
	assert_string_equal(to_json(copy, *state), json);

	arena_init(&other);
	copy = value_copy(value_unknown(arena_string(&other, "later"), &other), *state);
	arena_done(&other);
	assert_string_equal(shown(copy, 60, *state), "<later>");

	arena_init(&other);
	copy = value_copy(value_error(&other, FAIL_LIMIT, "too %s", "much"), *state);
	arena_done(&other);
	assert_string_equal(copy.error->message, "too much");
	assert_int_equal(copy.error->failure, FAIL_LIMIT);
}

static void unknowns_are_found(void **state)
{
	struct value unknown = value_unknown("later", *state);
	struct value list = value_list(&unknown, 1, *state);
	struct value_map_builder builder;

	value_map_init(&builder, *state);
	value_map_set(&builder, "list", list);
	assert_true(value_has_unknown(unknown));
	assert_true(value_has_unknown(list));
	assert_true(value_has_unknown(value_map_end(&builder)));
	assert_true(value_has_unknown(value_optional(&unknown, *state)));
	assert_false(value_has_unknown(from_json("{\"a\":[1]}", *state)));
	assert_false(value_has_unknown(value_object(&sample_class, NULL, *state)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(doubles_are_short_and_read_back),
		TEST(random_doubles_read_back),
		TEST(values_inside_text),
		TEST(people_see_what_machines_do_not),
		TEST(what_is_shown_is_cut_at_a_character),
		TEST(a_copy_lives_on_its_own),
		TEST(unknowns_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
