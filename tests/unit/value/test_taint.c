/* What is secret or comes from outside stays so, and taints nothing beside it. */
#include "support.h"

static struct value secret(const char *text)
{
	return value_mark(value_cstring(text), VALUE_SECRET);
}

static void a_container_has_the_taint_of_its_items(void **state)
{
	struct value items[] = { value_int(1), secret("s"),
				 value_mark(value_int(2), VALUE_OUTSIDE) };
	struct value list = value_list(items, 3, *state);
	struct value_map_builder builder;
	struct value field;
	struct value map;

	assert_int_equal(list.flags, VALUE_SECRET | VALUE_OUTSIDE);
	assert_int_equal(value_list(items, 1, *state).flags, 0);
	assert_int_equal(value_item(list, 0).flags, 0);
	assert_int_equal(value_item(list, 1).flags & VALUE_TAINT, VALUE_SECRET);
	value_map_init(&builder, *state);
	value_map_set(&builder, "open", value_int(1));
	value_map_set(&builder, "list", list);
	map = value_map_end(&builder);
	assert_int_equal(map.flags, VALUE_TAINT);
	assert_true(value_field(map, "open", *state, &field));
	assert_int_equal(field.flags, 0);
	assert_int_equal(value_optional(&items[1], *state).flags, VALUE_SECRET);
}

static void a_marked_container_taints_what_is_read(void **state)
{
	struct value map = value_mark(from_json("{\"a\": [1, {\"b\": 2}]}", *state), VALUE_SECRET);
	struct value list;
	struct value key;
	struct value inner;

	assert_true(value_field(map, "a", *state, &list));
	assert_int_equal(list.flags, VALUE_SECRET);
	assert_true(value_field(value_item(list, 1), "b", *state, &inner));
	assert_int_equal(inner.flags, VALUE_SECRET);
	assert_true(value_entry_at(map, 0, *state, &key, &list));
	assert_int_equal(key.flags & VALUE_TAINT, VALUE_SECRET);
	assert_true(value_held(value_mark(value_optional(&inner, *state), VALUE_OUTSIDE), &inner));
	assert_int_equal(inner.flags, VALUE_TAINT);
	map = value_mark(value_object(&sample_class, NULL, *state), VALUE_SECRET);
	assert_true(value_field(map, "a", *state, &inner));
	assert_int_equal(inner.flags, VALUE_SECRET);
	assert_true(value_field(value_force(map, *state), "a", *state, &inner));
	assert_int_equal(inner.flags, VALUE_SECRET);
}

static void a_copy_keeps_the_taint(void **state)
{
	struct value items[] = { value_int(1), secret("s") };
	struct value list = value_list(items, 2, *state);
	struct value copy = value_copy(list, *state);
	struct value map = value_mark(from_json("{\"a\": 1}", *state), VALUE_OUTSIDE);
	struct value field;

	assert_int_equal(copy.flags, VALUE_SECRET);
	assert_int_equal(value_item(copy, 0).flags, 0);
	assert_int_equal(value_item(copy, 1).flags & VALUE_TAINT, VALUE_SECRET);
	assert_true(value_field(value_copy(map, *state), "a", *state, &field));
	assert_int_equal(field.flags, VALUE_OUTSIDE);
}

static void a_secret_is_not_shown(void **state)
{
	struct value items[] = { value_int(1), secret("hunter2"), value_cstring("x") };
	struct value list = value_list(items, 3, *state);

	assert_string_equal(shown(secret("hunter2"), 60, *state), "(secret)");
	assert_string_equal(shown(list, 60, *state), "[1,(secret),\"x\"]");
	assert_string_equal(shown(value_mark(list, VALUE_SECRET), 60, *state), "(secret)");
	assert_string_equal(shown(value_mark(value_int(5), VALUE_OUTSIDE), 60, *state), "5");
	list = value_mark(value_object(&sample_class, NULL, *state), VALUE_SECRET);
	assert_string_equal(shown(list, 60, *state), "(secret)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_container_has_the_taint_of_its_items),
		TEST(a_marked_container_taints_what_is_read),
		TEST(a_copy_keeps_the_taint),
		TEST(a_secret_is_not_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
