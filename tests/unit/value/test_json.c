#include <stdlib.h>
#include <string.h>

#include "support.h"

static void writes_what_it_read(void **state)
{
	static const struct {
		const char *json;
		const char *written;
	} cases[] = {
		{ " null ", "null" },
		{ "[ true , false ]", "[true,false]" },
		{ "[]", "[]" },
		{ "{}", "{}" },
		{ "{ \"b\" : 1 , \"a\" : [ { } ] }", "{\"b\":1,\"a\":[{}]}" },
		{ "\"\"", "\"\"" },
		{ "\"\\u00e9 \\ud83d\\ude00 \\/ \\b\\f\\n\\r\\t\"", "\"é 😀 / \\b\\f\\n\\r\\t\"" },
		{ "\"\\u0000\\u001f\\u007f\"", "\"\\u0000\\u001f\\u007f\"" },
		{ "\"\\u2027\\u2028\\u2029\"", "\"\u2027\\u2028\\u2029\"" },
		{ "\"\\u0080\\u009f\\u00a0\"", "\"\\u0080\\u009f\u00a0\"" },
		{ "\"\\u200b\\u202e\\u2066\\ufeff\"", "\"\\u200b\\u202e\\u2066\\ufeff\"" },
		{ "0", "0" },
		{ "-0", "0" },
		{ "-0.0", "-0" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "9223372036854775808", "9223372036854775808" },
		{ "18446744073709551615", "18446744073709551615" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "1e2", "100" },
		{ "1E+2", "100" },
		{ "1.25e-2", "0.0125" },
		{ "1e-400", "0" },
		{ "18446744073709551616.0", "18446744073709552000" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(to_json(from_json(cases[i].json, *state), *state),
				    cases[i].written);
}

static void numbers_have_the_kind_that_they_are_written_in(void **state)
{
	assert_int_equal(from_json("5", *state).kind, VALUE_INT);
	assert_int_equal(from_json("-5", *state).kind, VALUE_INT);
	assert_int_equal(from_json("9223372036854775807", *state).kind, VALUE_INT);
	assert_int_equal(from_json("9223372036854775808", *state).kind, VALUE_UINT);
	assert_int_equal(from_json("5.0", *state).kind, VALUE_DOUBLE);
	assert_int_equal(from_json("5e0", *state).kind, VALUE_DOUBLE);
}

static void refuses_what_is_no_json(void **state)
{
	static const struct {
		const char *json;
		size_t offset;
	} cases[] = {
		{ "", 0 },
		{ "  ", 2 },
		{ "nul", 0 },
		{ "True", 0 },
		{ "nan", 0 },
		{ "1 2", 2 },
		{ "null,", 4 },
		{ "[1,]", 3 },
		{ "[1 2]", 3 },
		{ "[,1]", 1 },
		{ "{\"a\":1,}", 7 },
		{ "{\"a\" 1}", 5 },
		{ "{a:1}", 1 },
		{ "{1:1}", 1 },
		{ "{\"a\":}", 5 },
		{ "'a'", 0 },
		{ "\"a", 2 },
		{ "\"\\x\"", 3 },
		{ "\"\\u12g4\"", 5 },
		{ "\"\\ud800\"", 1 },
		{ "\"\\ud800\\n\"", 1 },
		{ "\"\\ud800\\u0041\"", 1 },
		{ "\"\\udc00\"", 1 },
		{ "\"a\nb\"", 2 },
		{ "\"a\\\nb\"", 4 },
		{ "01", 1 },
		{ "+1", 0 },
		{ "-", 1 },
		{ ".5", 0 },
		{ "5.", 2 },
		{ "5.e1", 2 },
		{ "1e", 2 },
		{ "1e+", 3 },
		{ "0x10", 1 },
		{ "1e400", 0 },
		{ "18446744073709551616", 0 },
		{ "-9223372036854775809", 0 },
		{ "123456789012345678901234567890", 0 },
		{ "\xef\xbb\xbf{}", 0 },
		{ "\"\xff\"", 1 },
		{ "\"\xed\xa0\x80\"", 1 },
		{ "// a\n1", 0 },
		{ "{\"a\":1,\"b\":2,\"a\":3}", 0 },
		{ "[{\"a\":1,\"\\u0061\":3}]", 1 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct json_error error = { .offset = SIZE_MAX };
		struct value value;

		if (json_read(text_of(cases[i].json), *state, &value, &error))
			fail_msg("accepted: %s", cases[i].json);
		if (error.offset != cases[i].offset)
			fail_msg("%s: at %zu: %s", cases[i].json, error.offset, error.message);
		assert_true(error.message && *error.message);
	}
}

static bool reads(const char *json, size_t len, struct arena *arena)
{
	struct json_error error;
	struct value value;

	return json_read((struct text){ json, len }, arena, &value, &error);
}

static void ends_at_a_depth(void **state)
{
	char json[2 * JSON_MAX_DEPTH + 2];

	memset(json, '[', JSON_MAX_DEPTH + 1);
	memset(json + JSON_MAX_DEPTH + 1, ']', JSON_MAX_DEPTH + 1);
	assert_true(reads(json + 1, 2 * JSON_MAX_DEPTH, *state));
	assert_false(reads(json, 2 * JSON_MAX_DEPTH + 2, *state));
}

/* No prefix is read beyond its end (the sanitizer looks), and none is taken for the whole. */
static void refuses_every_prefix(void **state)
{
	static const char json[] =
		"{\"a\\u00e9\\ud83d\\ude00\":[1,-2.5e+3,true,false,null,\"x\\n\"],"
		"\"b\":{\"c\":[{},[],18446744073709551615]},\"\u00e9\":\"\u20ac\"}";

	assert_true(reads(json, sizeof(json) - 1, *state));
	for (size_t len = 0; len < sizeof(json) - 1; len++) {
		char *prefix = malloc(len ? len : 1);

		memcpy(prefix, json, len);
		assert_false(reads(prefix, len, *state));
		free(prefix);
	}
}

/* Every single byte changed: read or refused, but never beyond the end. */
static void survives_every_changed_byte(void **state)
{
	static const char json[] = "{\"a\\u00e9\":[1,-2.5e+3,true,null],\"b\":\"\u20ac\"}";
	static const char bytes[] = "\0\"\\[]{},:0e-.u\xff\x80t ";

	for (size_t i = 0; i < sizeof(json) - 1; i++) {
		for (size_t k = 0; k < sizeof(bytes) - 1; k++) {
			char changed[sizeof(json) - 1];
			struct json_error error = { .offset = 0 };
			struct value value;

			memcpy(changed, json, sizeof(changed));
			changed[i] = bytes[k];
			if (json_read((struct text){ changed, sizeof(changed) }, *state, &value,
				      &error))
				assert_int_equal(value.kind, VALUE_MAP);
			else
				assert_true(error.offset <= sizeof(changed));
			arena_reset(*state);
		}
	}
}

static void strings_borrow_from_the_text(void **state)
{
	const char *json = "[\"plain\",\"with \\n\"]";
	struct value list = from_json(json, *state);

	assert_ptr_equal(value_item(list, 0).bytes, json + 2);
	assert_true(value_item(list, 0).flags & VALUE_ASCII);
	assert_true(text_is(value_text(value_item(list, 1)), "with \n"));
}

static void writes_what_json_has_no_form_for(void **state)
{
	struct value_map_builder builder;

	value_map_init(&builder, *state);
	value_map_put(&builder, value_int(-1), value_bytes(TEXT("a\xff")));
	value_map_put(&builder, value_bool(true), value_double(1.0 / 0.0));
	value_map_put(&builder, value_uint(7), value_duration(1500000000));
	value_map_set(&builder, "t", value_timestamp(0, 5000000));
	value_map_set(&builder, "y", value_type_value(value_type_named(TEXT("int"))));
	assert_string_equal(to_json(value_map_end(&builder), *state),
			    "{\"-1\":\"Yf8=\",\"true\":\"Infinity\",\"7\":\"1.5s\","
			    "\"t\":\"1970-01-01T00:00:00.005Z\",\"y\":\"int\"}");
}

static void pads_base64(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" },        { "f", "Zg==" },        { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" }, { "\xff\xfe", "//4=" }
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer out;

		buffer_init(&out, *state);
		value_write_base64(&out, text_of(cases[i][0]));
		assert_string_equal(buffer_string(&out), cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writes_what_it_read),
		TEST(numbers_have_the_kind_that_they_are_written_in),
		TEST(refuses_what_is_no_json),
		TEST(ends_at_a_depth),
		TEST(refuses_every_prefix),
		TEST(survives_every_changed_byte),
		TEST(strings_borrow_from_the_text),
		TEST(writes_what_json_has_no_form_for),
		TEST(pads_base64),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
