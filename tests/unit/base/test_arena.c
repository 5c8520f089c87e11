#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/list.h"

static void gives_zeroed_aligned_memory(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t size = 0; size < 300; size += 7) {
		unsigned char *bytes = arena_alloc(&arena, size);

		assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
	arena_done(&arena);
}

static void is_zeroed_again_after_a_reset(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	memset(arena_alloc(&arena, 3000), 0xff, 3000);
	arena_reset(&arena);
	assert_int_equal(arena.used, 0);
	for (int round = 0; round < 3; round++) {
		unsigned char *bytes = arena_alloc(&arena, 3000);

		for (size_t i = 0; i < 3000; i++)
			assert_int_equal(bytes[i], 0);
	}
	arena_done(&arena);
}

static void holds_objects_larger_than_a_block(void **state)
{
	const size_t size = (size_t)3 << 20;
	struct arena arena;
	char *small, *large;

	(void)state;
	arena_init(&arena);
	small = arena_string(&arena, "small");
	large = arena_alloc(&arena, size);
	large[size - 1] = 'x';
	assert_string_equal(arena_string(&arena, "after"), "after");
	assert_string_equal(small, "small");
	assert_int_equal(large[size - 1], 'x');
	arena_done(&arena);
}

/* A large object takes nothing from the block being filled: large and small ones
 * in turn stay zeroed, apart, and what was filled before is as it was. */
static void goes_on_filling_beside_large_objects(void **state)
{
	const size_t size = (size_t)100 << 10;
	char *last = NULL;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	arena_string(&arena, "first");
	for (int i = 0; i < 100; i++) {
		char *large = arena_alloc(&arena, size + (size_t)i * 8000);
		char *small = arena_alloc(&arena, 100);

		assert_int_equal(large[0] | large[size - 1] | small[0] | small[99], 0);
		memset(large, 'l', size);
		memset(small, 's', 100);
		if (last)
			assert_int_equal(last[99], 's');
		last = small;
	}
	assert_true(arena.used > 100 * size);
	arena_reset(&arena);
	assert_int_equal(*(char *)arena_alloc(&arena, size), 0);
	arena_done(&arena);
}

struct trace {
	char order[8];
	size_t count;
};

struct mark {
	struct trace *trace;
	char name;
};

static void leave_mark(void *data)
{
	struct mark *mark = data;

	mark->trace->order[mark->trace->count++] = mark->name;
}

static void defer_mark(struct arena *arena, struct trace *trace, char name)
{
	struct mark *mark = arena_new(arena, struct mark);

	*mark = (struct mark){ trace, name };
	arena_defer(arena, leave_mark, mark);
}

static void runs_what_was_deferred_latest_first_and_once(void **state)
{
	struct trace trace = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	defer_mark(&arena, &trace, 'a');
	defer_mark(&arena, &trace, 'b');
	defer_mark(&arena, &trace, 'c');
	arena_reset(&arena);
	assert_string_equal(trace.order, "cba");
	defer_mark(&arena, &trace, 'd');
	arena_done(&arena);
	assert_string_equal(trace.order, "cbad");
}

static void formats(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_string_equal(arena_format(&arena, "%s-%d", "step", 12), "step-12");
	assert_string_equal(arena_format(&arena, "%s", ""), "");
	assert_string_equal(arena_copy(&arena, NULL, 0), "");
	assert_int_equal(arena_text(&arena, TEXT("a\0b")).len, 3);
	arena_done(&arena);
}

/* An object that was extended in place, one that was not the latest, and one whose block is full.
 */
static void grows_objects(void **state)
{
	struct arena arena;
	unsigned char *first, *second;

	(void)state;
	arena_init(&arena);
	first = memset(arena_grow(&arena, NULL, 0, 10), 'a', 10);
	second = memset(arena_alloc(&arena, 10), 'b', 10);
	second = arena_grow(&arena, second, 10, 40);
	first = arena_grow(&arena, first, 10, 100);
	first = memset(arena_grow(&arena, first, 100, 5000), 'a', 10);
	for (size_t i = 0; i < 40; i++)
		assert_int_equal(second[i], i < 10 ? 'b' : 0);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(first[i], i < 10 ? 'a' : 0);
	arena_reset(&arena);
	assert_int_equal(*(char *)arena_alloc(&arena, 5000), 0);
	arena_done(&arena);
}

static void keeps_objects_aligned_behind_texts(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 20; i++) {
		const char *text = arena_format(&arena, "%*d", i, 7);
		double *object = arena_new(&arena, double);

		assert_int_equal((uintptr_t)object % alignof(max_align_t), 0);
		*object = 1;
		assert_int_equal(strlen(text), i ? i : 1);
	}
	arena_done(&arena);
}

static void lists_keep_their_elements_while_they_grow(void **state)
{
	LIST(size_t) list = { 0 };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < 1000; i++)
		*list_add(&list, &arena) = i * i;
	assert_int_equal(list.count, 1000);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(list.at[i], i * i);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_zeroed_aligned_memory),
		cmocka_unit_test(is_zeroed_again_after_a_reset),
		cmocka_unit_test(holds_objects_larger_than_a_block),
		cmocka_unit_test(goes_on_filling_beside_large_objects),
		cmocka_unit_test(grows_objects),
		cmocka_unit_test(keeps_objects_aligned_behind_texts),
		cmocka_unit_test(runs_what_was_deferred_latest_first_and_once),
		cmocka_unit_test(formats),
		cmocka_unit_test(lists_keep_their_elements_while_they_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
