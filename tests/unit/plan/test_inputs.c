/* Inputs: declarations, and texts and values converted to their types within their bounds. */
#include "support.h"

/* What the input makes of a text. */
static const char *from(struct desk *desk, const char *input, const char *text)
{
	return desk_show(desk,
			 input_from_text(desk_input(desk, input), text_of(text), &desk->arena));
}

static void texts_become_values_of_the_type(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *input, *text, *value;
	} rows[] = {
		{ "text", "1.20", "\"1.20\"" },
		{ "text", "", "\"\"" },
		{ "text", "\xff", "error: is not UTF-8" },
		{ "int", "-7", "-7" },
		{ "int", "9223372036854775807", "9223372036854775807" },
		{ "int", "9223372036854775808",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "int", "+7",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "int", " 7",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "int", "7x",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "int", "-",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "int", "",
		  "error: is not an int of 64 bits: decimal digits, with '-' if need be" },
		{ "float", "2", "2" },
		{ "float", "2.5e1", "25" },
		{ "float", "\"2\"", "error: is not a number" },
		{ "float", "0x10", "error: is not a number" },
		{ "bool", "true", "true" },
		{ "bool", "false", "false" },
		{ "bool", "yes", "error: is not a bool: true or false" },
		{ "bool", "True", "error: is not a bool: true or false" },
		{ "wait", "1m30s", "\"90s\"" },
		{ "wait", "90", "error: is not a duration: missing unit" },
		{ "wait", "soon", "error: is not a duration, such as 90s, 1h30m or 250ms" },
		{ "file", "a b", "\"a b\"" },
		{ "url", "https://example.org/a", "\"https://example.org/a\"" },
		{ "url", "https://",
		  "error: is not a URL: it must begin with http:// or https:// and a host" },
		{ "url", "ftp://example.org",
		  "error: is not a URL: it must begin with http:// or https:// and a host" },
		{ "url", "http://a b",
		  "error: is not a URL: it holds a blank, a control character or a backslash" },
		{ "url", "http://a\\b",
		  "error: is not a URL: it holds a blank, a control character or a backslash" },
		{ "url", "http://a\x7f",
		  "error: is not a URL: it holds a blank, a control character or a backslash" },
		{ "list", "[1, \"a\"]", "[1,\"a\"]" },
		{ "list", "{}", "error: is not a JSON list" },
		{ "map", "{\"a\": [true]}", "{\"a\":[true]}" },
		{ "map", "[]", "error: is not a JSON map" },
	};
	assert_good(desk, "inputs:\n"
			  "  text: {}\n"
			  "  int: {type: int}\n"
			  "  float: {type: float}\n"
			  "  bool: {type: bool}\n"
			  "  wait: {type: duration}\n"
			  "  file: {type: path}\n"
			  "  url: {type: url}\n"
			  "  list: {type: list}\n"
			  "  map: {type: map}\n"
			  "steps: [{say: hello}]\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(from(desk, rows[i].input, rows[i].text), rows[i].value);
	assert_non_null(strstr(from(desk, "list", "[1"), "error: is not JSON at byte 3"));
	assert_true(value_is(input_from_text(desk_input(desk, "int"), TEXT("7\0x"), &desk->arena),
			     VALUE_ERROR));
}

static void values_of_expressions_become_values_of_the_type(void **state)
{
	struct desk *desk = *state;
	struct value list = value_list(NULL, 0, &desk->arena);
	assert_good(desk, "inputs:\n"
			  "  text: {}\n"
			  "  int: {type: int, max: 9}\n"
			  "  float: {type: float}\n"
			  "  url: {type: url}\n"
			  "  list: {type: list}\n"
			  "steps: [{say: hello}]\n");
	const struct {
		const char *input;
		struct value from;
		const char *to;
	} rows[] = {
		{ "text", value_int(5), "\"5\"" },
		{ "text", value_bool(true), "\"true\"" },
		{ "text", list, "error: is list, not string" },
		{ "text", value_null(), "error: is null_type, not string" },
		{ "int", value_int(9), "9" },
		{ "int", value_cstring("9"), "9" },
		{ "int", value_int(10), "error: is above the greatest value 9" },
		{ "int", value_double(1), "error: is double, not int" },
		{ "float", value_int(2), "2" },
		{ "url", value_cstring("file:///etc/passwd"),
		  "error: is not a URL: it must begin with http:// or https:// and a host" },
		{ "list", list, "[]" },
		{ "list", value_cstring("[1]"), "[1]" },
		{ "list", value_int(1), "error: is int, not list" },
		{ "int", value_error(&desk->arena, FAIL_EXPRESSION, "broken"), "error: broken" },
		{ "int", value_unknown("later", &desk->arena), "<later>" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
			desk_show(desk, input_from_value(desk_input(desk, rows[i].input),
							 rows[i].from, &desk->arena)),
			rows[i].to);
}

static void a_computed_value_stays_data(void **state)
{
	struct desk *desk = *state;
	struct value data = value_mark(value_cstring("7"), VALUE_OUTSIDE);
	struct value secret = value_mark(value_int(7), VALUE_SECRET);
	assert_good(desk, "inputs: {text: {}, int: {type: int}}\nsteps: [{say: hello}]\n");
	const struct input *text = desk_input(desk, "text"), *number = desk_input(desk, "int");
	assert_int_equal(input_from_value(number, data, &desk->arena).flags & VALUE_TAINT,
			 VALUE_OUTSIDE);
	assert_int_equal(input_from_value(text, data, &desk->arena).flags & VALUE_TAINT,
			 VALUE_OUTSIDE);
	assert_int_equal(input_from_value(text, secret, &desk->arena).flags & VALUE_TAINT,
			 VALUE_SECRET);
	assert_int_equal(input_from_value(number, secret, &desk->arena).flags & VALUE_TAINT,
			 VALUE_SECRET);
}

static void values_stay_within_their_bounds(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *input, *text, *value;
	} rows[] = {
		{ "port", "1", "1" },
		{ "port", "0", "error: is below the least value 1" },
		{ "port", "65535", "65535" },
		{ "port", "65536", "error: is above the greatest value 65535" },
		{ "part", "0.5", "0.5" },
		{ "part", "1.1", "error: is above the greatest value 1" },
		{ "wait", "1s", "\"1s\"" },
		{ "wait", "999ms", "error: is below the least value 1s" },
		{ "stage", "blue", "\"blue\"" },
		{ "stage", "red", "error: is none of 'blue', 'green'" },
		{ "count", "2", "2" },
		{ "count", "3", "error: is none of '1', '2'" },
		{ "image", "app:v1.2.3", "\"app:v1.2.3\"" },
		{ "image", "app:v1.2.3 ",
		  "error: does not match the pattern '.+:v[0-9]+[.][0-9]+[.][0-9]+'" },
		{ "image", "app:v1.2.3\nx",
		  "error: does not match the pattern '.+:v[0-9]+[.][0-9]+[.][0-9]+'" },
		{ "either", "a", "\"a\"" },
		{ "either", "xb", "error: does not match the pattern 'a|b'" },
		{ "either", "ax", "error: does not match the pattern 'a|b'" },
		{ "tag", "v1", "\"v1\"" },
		{ "tag", "my-latest", "error: is refused: it matches 'latest|edge'" },
	};
	assert_good(desk, "inputs:\n"
			  "  port: {type: int, min: 1, max: 65535}\n"
			  "  part: {type: float, min: 0, max: 1}\n"
			  "  wait: {type: duration, min: 1s}\n"
			  "  stage: {choices: [blue, green]}\n"
			  "  count: {type: int, choices: ['1', '2']}\n"
			  "  image: {pattern: '.+:v[0-9]+[.][0-9]+[.][0-9]+'}\n"
			  "  either: {pattern: a|b}\n"
			  "  tag: {refuse: latest|edge}\n"
			  "steps: [{say: hello}]\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(from(desk, rows[i].input, rows[i].text), rows[i].value);
}

static void a_secret_is_marked_and_never_in_a_message(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "inputs:\n"
			  "  pin: {secret: true, pattern: '[0-9]+'}\n"
			  "  limit: {secret: true, type: int, max: 5}\n"
			  "steps: [{say: hello}]\n");
	const struct input *pin = desk_input(desk, "pin");
	struct value good = input_from_text(pin, TEXT("12345678"), &desk->arena);
	assert_true(good.flags & VALUE_SECRET);
	assert_string_equal(desk_show(desk, good), "(secret)");
	assert_string_equal(from(desk, "pin", "hunter22"),
			    "error: does not match the pattern '[0-9]+'");
	assert_string_equal(from(desk, "limit", "hunter22"),
			    "error: is not an int of 64 bits: decimal digits, with '-' if need be");
	assert_string_equal(from(desk, "limit", "77"), "error: is above the greatest value 5");
}

static void defaults_are_converted_when_the_plan_is_made(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "inputs:\n"
			  "  text: {default: 08}\n"
			  "  int: {type: int, default: 8}\n"
			  "  wait: {type: duration, default: 2m}\n"
			  "  list: {type: list, default: [a, 2, true]}\n"
			  "  map: {type: map, default: {a: 1}}\n"
			  "  none: {}\n"
			  "steps: [{say: hello}]\n");
	assert_string_equal(desk_show(desk, desk_input(desk, "text")->value), "\"08\"");
	assert_string_equal(desk_show(desk, desk_input(desk, "int")->value), "8");
	assert_string_equal(desk_show(desk, desk_input(desk, "wait")->value), "\"120s\"");
	assert_string_equal(desk_show(desk, desk_input(desk, "list")->value), "[\"a\",2,true]");
	assert_string_equal(desk_show(desk, desk_input(desk, "map")->value), "{\"a\":1}");
	assert_null(desk_input(desk, "none")->dflt);
}

static void declarations_that_cannot_hold_are_told(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *declaration, *told;
	} rows[] = {
		{ "a: {type: int, default: x}",
		  "RB0202 3:34: the default of 'a' is not an int of 64 bits: decimal digits, with "
		  "'-' if need be" },
		{ "a: {type: int, max: 5, default: 6}",
		  "RB0202 3:42: the default of 'a' is above the greatest value 5" },
		{ "a: {choices: [x, y], default: z}",
		  "RB0202 3:40: the default of 'a' is none of 'x', 'y'" },
		{ "a: {type: list, default: {b: 1}}",
		  "RB0202 3:35: the default of 'a' is map, not list" },
		{ "a: {type: int, min: low}",
		  "RB0202 3:30: 'min' of an input of type int cannot be 'low'" },
		{ "a: {max: 5}", "RB0202 3:19: 'max' of an input of type string cannot be '5'" },
		{ "a: {type: words}",
		  "RB0202 3:20: an input of type 'words' belongs to a library step" },
		{ "a: {secret: true, default: x}",
		  "RB0202 3:37: secret 'a' cannot have a default" },
		{ "a: {pattern: '('}", NULL },
		{ "a: {type: integer}",
		  "RB0110 3:20: 'type': unknown choice 'integer'; it is one of string, int, float, "
		  "bool, duration, path, url, list, map, words" },
		{ "a: text", "RB0102 3:13: input 'a' is a map of its properties; found text" },
		{ "A: {}", "RB0201 3:10: 'A' cannot be the name of an input" },
		{ "in: {}", "RB0201 3:10: 'in' cannot be the name of an input: it is a word of the "
			    "expression language" },
		{ "a: {typ: int}", "RB0101 3:14: unknown key 'typ' in an input" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_plan(desk, arena_format(&desk->arena, "inputs: {%s}\nsteps: [{say: hi}]\n",
					     rows[i].declaration));
		const char *told = desk_told(desk);
		if (rows[i].told)
			assert_string_equal(told, rows[i].told);
		else
			assert_non_null(strstr(told, "the pattern cannot be used"));
	}
}

static void declarations_keep_what_people_are_told(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "inputs:\n"
			  "  stage: {description: Where to, env: STAGE, prompt: Which stage?,\n"
			  "          hint: 'It is blue or green.'}\n"
			  "steps: [{say: hi}]\n");
	const struct input *stage = desk_input(desk, "stage");
	assert_string_equal(stage->description, "Where to");
	assert_string_equal(stage->env, "STAGE");
	assert_string_equal(stage->prompt, "Which stage?");
	assert_string_equal(stage->hint, "It is blue or green.");
	assert_false(stage->secret);
	assert_int_equal(source_position(stage->span.source, stage->span.from).line, 4);
}

static void bad_patterns_are_both_told(void **state)
{
	struct desk *desk = *state;
	desk_plan(desk, "inputs: {a: {pattern: '(', refuse: '['}}\nsteps: [{say: hi}]\n");
	assert_int_equal(desk->diags.errors, 2);
	assert_non_null(strstr(desk_told(desk), "'pattern': the pattern cannot be used: "));
	assert_non_null(strstr(desk_told(desk), "'refuse': the pattern cannot be used: "));
}

static void static_types_follow_the_declared_ones(void **state)
{
	struct desk *desk = *state;
	static const char *const types[][2] = {
		{ "string", "string" },  { "int", "int" },           { "float", "double" },
		{ "bool", "bool" },      { "duration", "duration" }, { "path", "string" },
		{ "list", "list(dyn)" }, { "map", "map(dyn, dyn)" },
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		assert_good(desk, arena_format(&desk->arena,
					       "inputs: {a: {type: %s}}\nsteps: [{say: hi}]\n",
					       types[i][0]));
		assert_string_equal(
			type_name(input_static_type(desk_input(desk, "a")), &desk->arena),
			types[i][1]);
	}
	assert_good(desk, "inputs: {a: {type: url}}\nsteps: [{say: hi}]\n");
	assert_ptr_equal(input_static_type(desk_input(desk, "a")), &type_url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(texts_become_values_of_the_type),
		DESK(values_of_expressions_become_values_of_the_type),
		DESK(a_computed_value_stays_data),
		DESK(values_stay_within_their_bounds),
		DESK(a_secret_is_marked_and_never_in_a_message),
		DESK(defaults_are_converted_when_the_plan_is_made),
		DESK(declarations_that_cannot_hold_are_told),
		DESK(declarations_keep_what_people_are_told),
		DESK(bad_patterns_are_both_told),
		DESK(static_types_follow_the_declared_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
