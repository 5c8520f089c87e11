#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/map.h"

#define MANY 5000

static int setup(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	arena_done(*state);
	return 0;
}

static void finds_nothing_in_an_empty_map(void **state)
{
	struct map map;

	map_init(&map, *state);
	assert_null(map_get(&map, TEXT("a")));
	assert_null(map_get(&map, (struct text){ 0 }));
}

static void replaces_and_gives_what_stood_there(void **state)
{
	int one = 1, two = 2;
	struct map map;

	map_init(&map, *state);
	assert_null(map_set(&map, TEXT("a"), &one));
	assert_ptr_equal(map_set(&map, TEXT("a"), &two), &one);
	assert_ptr_equal(map_get(&map, TEXT("a")), &two);
	assert_int_equal(map.count, 1);
}

static void tells_keys_with_nul_bytes_apart(void **state)
{
	int one = 1, two = 2;
	struct map map;

	map_init(&map, *state);
	map_set(&map, TEXT("a\0b"), &one);
	map_set(&map, TEXT("a\0c"), &two);
	assert_ptr_equal(map_get(&map, TEXT("a\0b")), &one);
	assert_null(map_get(&map, TEXT("a")));
}

static struct text key_of(size_t number, struct arena *arena)
{
	return text_of(arena_format(arena, "key %zu", number));
}

/* More than half as many keys as slots at every growth, so that many share a slot. */
static void keeps_order_and_values_while_it_grows(void **state)
{
	static int values[MANY];
	struct map map;

	map_init(&map, *state);
	for (size_t i = 0; i < MANY; i++) {
		assert_null(map_set(&map, key_of(i, *state), &values[i]));
		assert_ptr_equal(map_get(&map, key_of(i / 2, *state)), &values[i / 2]);
		assert_null(map_get(&map, key_of(i + 1, *state)));
	}
	assert_int_equal(map.count, MANY);
	assert_true(map.index_size >= 2 * MANY);
	for (size_t i = 0; i < MANY; i++) {
		assert_true(text_equal(map.at[i].key, key_of(i, *state)));
		assert_ptr_equal(map_get(&map, key_of(i, *state)), &values[i]);
	}
	assert_ptr_equal(map_set(&map, key_of(7, *state), &values[0]), &values[7]);
	assert_int_equal(map.count, MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_nothing_in_an_empty_map, setup, teardown),
		cmocka_unit_test_setup_teardown(replaces_and_gives_what_stood_there, setup,
						teardown),
		cmocka_unit_test_setup_teardown(tells_keys_with_nul_bytes_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(keeps_order_and_values_while_it_grows, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
