#include <math.h>

#include "support.h"

#define NONE 9 /* the two have no order */

static int order_of(struct value a, struct value b)
{
	int order;

	if (!value_compare(a, b, &order))
		return NONE;
	return (order > 0) - (order < 0);
}

static void orders_numbers_on_one_line(void **state)
{
	const struct {
		struct value a, b;
		int order;
	} cases[] = {
		{ value_int(-1), value_uint(UINT64_MAX), -1 },
		{ value_int(INT64_MIN), value_double(-9223372036854775808.0), 0 },
		{ value_int(INT64_MAX), value_double(9223372036854775808.0), 0 },
		{ value_int(INT64_MAX), value_double(1e19), -1 },
		{ value_int(INT64_MIN), value_double(-1e19), 1 },
		{ value_uint(UINT64_MAX), value_double(18446744073709551616.0), 0 },
		{ value_uint(UINT64_MAX), value_double(INFINITY), -1 },
		{ value_uint(0), value_double(-0.5), 1 },
		{ value_double(1.5), value_int(1), 1 },
		{ value_double(-0.0), value_int(0), 0 },
		{ value_double(NAN), value_int(0), NONE },
		{ value_int(0), value_double(NAN), NONE },
		{ value_double(NAN), value_double(NAN), NONE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int reverse = cases[i].order == NONE ? NONE : -cases[i].order;

		assert_int_equal(order_of(cases[i].a, cases[i].b), cases[i].order);
		assert_int_equal(order_of(cases[i].b, cases[i].a), reverse);
		assert_int_equal(value_equal(cases[i].a, cases[i].b), cases[i].order == 0);
	}
}

static void orders_within_a_kind(void **state)
{
	const struct value rising[][2] = {
		{ value_bool(false), value_bool(true) },
		{ value_cstring("a"), value_cstring("b") },
		{ value_cstring("a"), value_cstring("aa") },
		{ value_cstring("z"), value_cstring("\u00e9") },
		{ value_bytes(TEXT("\0")), value_bytes(TEXT("\1")) },
		{ value_duration(-1), value_duration(1) },
		{ value_timestamp(5, 1), value_timestamp(5, 2) },
		{ value_timestamp(-5, 9), value_timestamp(5, 2) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rising); i++) {
		assert_int_equal(order_of(rising[i][0], rising[i][1]), -1);
		assert_int_equal(order_of(rising[i][1], rising[i][0]), 1);
		assert_int_equal(order_of(rising[i][0], rising[i][0]), 0);
	}
	assert_int_equal(order_of(value_cstring("1"), value_int(1)), NONE);
	assert_int_equal(order_of(value_null(), value_null()), NONE);
	assert_int_equal(order_of(value_duration(0), value_timestamp(0, 0)), NONE);
}

static void equals_containers_deep(void **state)
{
	static const struct {
		const char *a, *b;
		bool equal;
	} cases[] = {
		{ "[]", "[]", true },
		{ "[1, [2.0]]", "[1.0, [2]]", true },
		{ "[1, 2]", "[1]", false },
		{ "[1, 2]", "[2, 1]", false },
		{ "{\"a\": 1, \"b\": [null]}", "{\"b\": [null], \"a\": 1}", true },
		{ "{\"a\": 1}", "{\"a\": 2}", false },
		{ "{\"a\": 1}", "{\"b\": 1}", false },
		{ "{\"a\": 1}", "{\"a\": 1, \"b\": 2}", false },
		{ "[]", "{}", false },
		{ "null", "false", false },
		{ "\"1\"", "1", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct value a = from_json(cases[i].a, *state);
		struct value b = from_json(cases[i].b, *state);

		assert_int_equal(value_equal(a, b), cases[i].equal);
		assert_int_equal(value_equal(b, a), cases[i].equal);
	}
}

static void equals_what_has_no_json(void **state)
{
	struct value nan = value_double(NAN);
	struct value one = value_int(1);
	struct value object = value_object(&sample_class, NULL, *state);

	assert_false(value_equal(value_list(&nan, 1, *state), value_list(&nan, 1, *state)));
	assert_true(value_equal(value_optional(NULL, *state), value_optional(NULL, *state)));
	assert_false(value_equal(value_optional(NULL, *state), value_optional(&one, *state)));
	assert_true(value_equal(value_optional(&one, *state), value_optional(&one, *state)));
	assert_true(value_equal(object, from_json("{\"a\":1,\"b\":[true]}", *state)));
	assert_true(value_equal(from_json("{\"a\":1,\"b\":[true]}", *state), object));
	assert_false(value_equal(object, from_json("{\"a\":1}", *state)));
	assert_true(value_equal(value_type_value(value_type_of(one)),
				value_type_value(value_type_named(TEXT("int")))));
	assert_false(value_equal(value_bytes(TEXT("a")), value_cstring("a")));
	assert_false(value_equal(value_duration(5), value_timestamp(5, 0)));
}

static void hashes_equal_values_alike(void **state)
{
	const struct value same[][2] = {
		{ value_int(5), value_uint(5) },
		{ value_int(5), value_double(5) },
		{ value_int(-5), value_double(-5) },
		{ value_double(-0.0), value_int(0) },
		{ value_uint(UINT64_C(1) << 63), value_double(9223372036854775808.0) },
		{ value_int(9007199254740993), value_double(9007199254740992.0) },
		{ value_int(-9007199254740993), value_double(-9007199254740992.0) },
		{ value_uint(9007199254740993), value_int(9007199254740993) },
		{ value_int(INT64_MAX), value_double(9223372036854775808.0) },
		{ value_uint(UINT64_MAX), value_double(18446744073709551616.0) },
		{ from_json("[1, 2]", *state), from_json("[1.0, 2]", *state) },
		{ from_json("{\"a\": [1], \"b\": {}}", *state),
		  from_json("{\"b\": {}, \"a\": [1.0]}", *state) },
		{ value_object(&sample_class, NULL, *state),
		  value_force(value_object(&sample_class, NULL, *state), *state) },
	};

	for (size_t i = 0; i < COUNT(same); i++) {
		assert_true(value_equal(same[i][0], same[i][1]));
		assert_int_equal(value_hash(same[i][0], 7), value_hash(same[i][1], 7));
	}
	assert_int_not_equal(value_hash(value_cstring("a"), 7), value_hash(value_cstring("b"), 7));
	assert_int_not_equal(value_hash(value_cstring("a"), 7), value_hash(value_cstring("a"), 8));
	assert_int_not_equal(value_hash(from_json("[{\"a\": 1}]", *state), 7),
			     value_hash(from_json("[{\"a\": 2}]", *state), 7));
	assert_int_not_equal(value_hash(value_cstring("a"), 7),
			     value_hash(value_string(TEXT("a\0")), 7));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(orders_numbers_on_one_line), TEST(orders_within_a_kind),
		TEST(equals_containers_deep),     TEST(equals_what_has_no_json),
		TEST(hashes_equal_values_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
