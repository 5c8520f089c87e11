#include <math.h>

#include "support.h"

static struct value numbered(size_t count, struct arena *arena)
{
	struct value_map_builder builder;

	value_map_init(&builder, arena);
	for (size_t i = 0; i < count; i++)
		value_map_set(&builder, arena_format(arena, "key-%zu", i), value_int((int64_t)i));
	return value_map_end(&builder);
}

static void keeps_order_and_finds_every_key(void **state)
{
	static const size_t sizes[] = { 0, 1, 8, 9, 100, 5000 };

	for (size_t k = 0; k < COUNT(sizes); k++) {
		struct value map = numbered(sizes[k], *state);
		struct value key;
		struct value field;

		assert_int_equal(map.kind, VALUE_MAP);
		assert_int_equal(value_count(map), sizes[k]);
		assert_int_equal(map.map->index != NULL, sizes[k] > 8);
		for (size_t i = 0; i < sizes[k]; i++) {
			assert_true(value_entry_at(map, i, *state, &key, &field));
			assert_int_equal(field.integer, i);
			assert_true(value_get(map, key, *state, &field));
			assert_int_equal(field.integer, i);
		}
		assert_false(value_entry_at(map, sizes[k], *state, &key, &field));
		assert_false(value_field(map, "key-", *state, &field));
	}
}

static void finds_numbers_on_one_line(void **state)
{
	struct value_map_builder builder;
	struct value map;
	struct value field;

	for (int extra = 0; extra < 20; extra += 19) {
		value_map_init(&builder, *state);
		value_map_put(&builder, value_int(5), value_cstring("five"));
		value_map_put(&builder, value_uint(UINT64_MAX), value_cstring("largest"));
		value_map_put(&builder, value_bool(true), value_cstring("true"));
		value_map_put(&builder, value_int(9007199254740993), value_cstring("odd"));
		for (int i = 0; i < extra; i++)
			value_map_put(&builder, value_int(100 + i), value_null());
		map = value_map_end(&builder);
		assert_true(value_get(map, value_double(5), *state, &field));
		assert_true(value_get(map, value_uint(5), *state, &field));
		assert_true(text_is(value_text(field), "five"));
		assert_false(value_get(map, value_double(5.5), *state, &field));
		assert_false(value_get(map, value_double(9007199254740992.0), *state, &field));
		assert_false(value_get(map, value_double(18446744073709551616.0), *state, &field));
		assert_false(value_get(map, value_double(NAN), *state, &field));
		assert_false(value_get(map, value_int(-1), *state, &field));
		assert_false(value_get(map, value_int(1), *state, &field));
		assert_false(value_get(map, value_cstring("5"), *state, &field));
		assert_true(value_get(map, value_bool(true), *state, &field));
	}
}

static void refuses_keys_that_stand_twice(void **state)
{
	for (int extra = 0; extra < 20; extra += 19) {
		struct value_map_builder builder;
		struct value map;

		value_map_init(&builder, *state);
		for (int i = 0; i < extra; i++)
			value_map_put(&builder, value_int(100 + i), value_null());
		value_map_put(&builder, value_int(1), value_null());
		value_map_put(&builder, value_uint(1), value_null());
		map = value_map_end(&builder);
		assert_int_equal(map.kind, VALUE_ERROR);
		assert_string_equal(map.error->message, "the key 1 stands twice in a map");
	}
}

static void does_not_name_a_secret_key(void **state)
{
	struct value_map_builder builder;
	struct value key = value_mark(value_cstring("hunter2"), VALUE_SECRET);

	value_map_init(&builder, *state);
	value_map_put(&builder, key, value_null());
	value_map_put(&builder, key, value_null());
	assert_string_equal(value_map_end(&builder).error->message,
			    "the key (secret) stands twice in a map");
}

static void refuses_keys_of_other_kinds(void **state)
{
	const struct value keys[] = { value_null(), value_double(1), value_bytes(TEXT("a")),
				      value_list(NULL, 0, *state), value_duration(1) };

	for (size_t i = 0; i < COUNT(keys); i++) {
		struct value_map_builder builder;

		value_map_init(&builder, *state);
		value_map_put(&builder, keys[i], value_null());
		assert_int_equal(value_map_end(&builder).kind, VALUE_ERROR);
	}
}

static void reads_objects_as_maps(void **state)
{
	struct value object = value_object(&sample_class, NULL, *state);
	struct value field;
	struct value forced;

	assert_int_equal(value_count(object), 3);
	assert_true(value_field(object, "a", *state, &field));
	assert_int_equal(field.integer, 1);
	assert_true(value_field(object, "broken", *state, &field));
	assert_int_equal(field.kind, VALUE_ERROR);
	assert_false(value_field(object, "c", *state, &field));
	assert_false(value_get(object, value_int(1), *state, &field));
	assert_string_equal(value_type_of(object)->name, "map");
	forced = value_force(object, *state);
	assert_int_equal(forced.kind, VALUE_MAP);
	assert_string_equal(to_json(forced, *state), "{\"a\":1,\"b\":[true]}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_order_and_finds_every_key), TEST(finds_numbers_on_one_line),
		TEST(refuses_keys_that_stand_twice),   TEST(does_not_name_a_secret_key),
		TEST(refuses_keys_of_other_kinds),     TEST(reads_objects_as_maps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
