/* What the tests of value share: an arena a test, and JSON as the way to write values down. */
#ifndef TESTS_VALUE_SUPPORT_H
#define TESTS_VALUE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/value.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_setup, arena_teardown)

static int arena_setup(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int arena_teardown(void **state)
{
	arena_done(*state);
	return 0;
}

/* The value that the JSON means. */
static inline struct value from_json(const char *json, struct arena *arena)
{
	struct json_error error;
	struct value value;

	if (!json_read(text_of(json), arena, &value, &error))
		fail_msg("%s: at %zu, %s", json, error.offset, error.message);
	return value;
}

static inline const char *to_json(struct value value, struct arena *arena)
{
	struct buffer out;

	buffer_init(&out, arena);
	json_write(&out, value);
	return buffer_string(&out);
}

static inline const char *shown(struct value value, size_t max, struct arena *arena)
{
	struct buffer out;

	buffer_init(&out, arena);
	value_show(&out, value, max);
	return buffer_string(&out);
}

/* An object with the fields "a": 1, "b": [true] and "broken", which cannot be read. */
static inline bool sample_get(const struct value_object *object, struct text key,
			      struct arena *arena, struct value *out)
{
	(void)object;
	if (text_is(key, "a"))
		*out = value_int(1);
	else if (text_is(key, "b"))
		*out = from_json("[true]", arena);
	else if (text_is(key, "broken"))
		*out = value_error(arena, FAIL_EXPRESSION, "no JSON");
	else
		return false;
	return true;
}

static inline bool sample_key(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const keys[] = { "a", "broken", "b" };

	(void)object;
	if (index >= COUNT(keys))
		return false;
	*key = text_of(keys[index]);
	return true;
}

static const struct value_object_class sample_class = { .get = sample_get, .key = sample_key };

#endif
