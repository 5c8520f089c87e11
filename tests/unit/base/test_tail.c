#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/tail.h"

static void assert_kept(const struct tail *tail, const char *kept, uint64_t dropped)
{
	assert_true(text_is(tail_text(tail), kept));
	assert_int_equal(tail->dropped, dropped);
}

static void keeps_what_fits(void **state)
{
	struct arena arena;
	struct tail tail;

	(void)state;
	arena_init(&arena);
	tail_init(&tail, 4, &arena);
	assert_kept(&tail, "", 0);
	tail_add(&tail, TEXT("ab"));
	tail_add(&tail, TEXT(""));
	tail_add(&tail, TEXT("cd"));
	assert_kept(&tail, "abcd", 0);
	arena_done(&arena);
}

static void drops_what_came_first(void **state)
{
	struct arena arena;
	struct tail tail;

	(void)state;
	arena_init(&arena);
	tail_init(&tail, 4, &arena);
	tail_add(&tail, TEXT("abc"));
	tail_add(&tail, TEXT("de"));
	assert_kept(&tail, "bcde", 1);
	tail_add(&tail, TEXT("0123456789"));
	assert_kept(&tail, "6789", 11);
	tail_add(&tail, TEXT("wxyz"));
	assert_kept(&tail, "wxyz", 15);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_fits),
		cmocka_unit_test(drops_what_came_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
