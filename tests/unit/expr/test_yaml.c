/* yaml.parse: what scalars are, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "expr/functions.h"

static struct value parse(struct value text, struct arena *arena)
{
	struct function_call call = { .arena = arena, .fuel = 100000 };

	return functions_yaml[0].call(&call, &text, 1);
}

static void scalars_are_what_json_says_or_text(void **state)
{
	static const char *const cases[][2] = {
		{ "a: 5\nb: -1.5\nc: true\nd: null\ne: ~\nf:\n",
		  "{\"a\":5,\"b\":-1.5,\"c\":true,\"d\":null,\"e\":null,\"f\":null}" },
		{ "[1.2.3, 08, yes, '5', \"null\", a b]",
		  "[\"1.2.3\",\"08\",\"yes\",\"5\",\"null\",\"a b\"]" },
		{ "- {}\n- []\n- |\n  x\n", "[{},[],\"x\\n\"]" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buffer out;

		buffer_init(&out, &arena);
		json_write(&out, parse(value_cstring(cases[i][0]), &arena));
		assert_string_equal(buffer_string(&out), cases[i][1]);
	}
	arena_done(&arena);
}

static void refuses_what_the_profile_has_not(void **state)
{
	static const char *const cases[] = { "a: &x 1\nb: *x\n", "a: !!str 1\n", "a: 1\na: 2\n",
					     "[1", "a: 1\n---\nb: 2\n" };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value value = parse(value_cstring(cases[i]), &arena);

		assert_int_equal(value.kind, VALUE_ERROR);
		assert_non_null(strstr(value.error->message, "profile of runbooks: "));
	}
	arena_done(&arena);
}

static void does_not_tell_a_secret(void **state)
{
	struct arena arena;
	struct value secret = value_mark(value_cstring("hunter: 1\nhunter: 2\n"), VALUE_SECRET);

	(void)state;
	arena_init(&arena);
	assert_string_equal(parse(secret, &arena).error->message,
			    "the text is not YAML in the profile of runbooks");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scalars_are_what_json_says_or_text),
		cmocka_unit_test(refuses_what_the_profile_has_not),
		cmocka_unit_test(does_not_tell_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
