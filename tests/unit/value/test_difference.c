/* Where two values differ. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/value.h"

#define MAX 3

static struct value read(const char *json, struct arena *arena)
{
	struct json_error error;
	struct value value;
	if (!json_read(text_of(json), arena, &value, &error))
		fail_msg("%s: %s", json, error.message);
	return value;
}

static void write_side(struct buffer *out, bool there, struct value value)
{
	if (there)
		value_show(out, value, 100);
	else
		buffer_putc(out, '-');
}

/* "2: [1]["a"] 5 6; [3] - 7": how many, and of each its path and both sides. */
static const char *differences(struct value left, struct value right, struct arena *arena)
{
	struct value_difference found[MAX];
	struct buffer out;
	size_t count = value_differences(left, right, arena, found, MAX);

	buffer_init(&out, arena);
	buffer_printf(&out, "%zu:", count);
	for (size_t i = 0; i < count && i < MAX; i++) {
		buffer_putc(&out, ' ');
		for (size_t k = 0; k < found[i].depth; k++) {
			buffer_putc(&out, '[');
			value_show(&out, found[i].path[k], 100);
			buffer_putc(&out, ']');
		}
		buffer_putc(&out, ' ');
		write_side(&out, found[i].in_left, found[i].left);
		buffer_putc(&out, ' ');
		write_side(&out, found[i].in_right, found[i].right);
		buffer_putc(&out, ';');
	}
	return buffer_string(&out);
}

static void names_the_places_that_differ(void **state)
{
	static const char *const rows[][3] = {
		{ "[]", "[]", "0:" },
		{ "{\"a\": 1, \"b\": [2]}", "{\"b\": [2.0], \"a\": 1}", "0:" },
		{ "1", "2", "1:  1 2;" },
		{ "[1, 2]", "[1, 3]", "1: [1] 2 3;" },
		{ "[1]", "[1, [2]]", "1: [1] - [2];" },
		{ "[1, null]", "[1]", "1: [1] null -;" },
		{ "[1]", "{\"a\": 1}", "1:  [1] {\"a\":1};" },
		{ "{\"a\": 1, \"b\": 2}", "{\"b\": 3, \"c\": 4}",
		  "3: [\"a\"] 1 -; [\"b\"] 2 3; [\"c\"] - 4;" },
		{ "[{\"a\": [1, 2]}, {}]", "[{\"a\": [1, \"2\"]}, []]",
		  "2: [0][\"a\"][1] 2 \"2\"; [1] {} [];" },
		{ "[1, 2, 3, 4, 5]", "[2, 3, 4, 5, 6, 7]", "6: [0] 1 2; [1] 2 3; [2] 3 4;" },
	};
	struct arena arena;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(
			differences(read(rows[i][0], &arena), read(rows[i][1], &arena), &arena),
			rows[i][2]);
	arena_done(&arena);
}

/* What is read out of a list that is secret as a whole is secret. */
static void secrets_stay_marked(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	struct value secret = value_mark(read("[\"hidden\", 2]", &arena), VALUE_SECRET);
	assert_string_equal(differences(secret, read("[1, 2]", &arena), &arena),
			    "1: [0] (secret) 1;");
	struct value_map_builder map;
	value_map_init(&map, &arena);
	value_map_set(&map, "key", value_mark(value_cstring("hidden"), VALUE_SECRET));
	value_map_set(&map, "of", value_cstring("a"));
	assert_string_equal(differences(read("{\"key\": \"x\", \"of\": \"b\"}", &arena),
					value_map_end(&map), &arena),
			    "2: [\"key\"] \"x\" (secret); [\"of\"] \"b\" \"a\";");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_places_that_differ),
		cmocka_unit_test(secrets_stay_marked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
