/* Ten thousand terms need no more stack than ten, to be compiled and to be evaluated. */
#include "fixture.h"

#include "support/valgrind.h"
#include <pthread.h>

#define STACK (1u << 20)
#define PAINT 0x5a

struct job {
	const char *term, *operator;
	int count;
	struct value value;
};

static void *work(void *data)
{
	struct job *job = data;
	struct fixture fixture;
	struct buffer text;
	struct arena arena;

	arena_init(&arena);
	buffer_init(&text, &arena);
	for (int i = 0; i < job->count; i++)
		buffer_printf(&text, "%s%s", i ? job->operator : "", job->term);
	fixture_init(&fixture);
	fixture_name(&fixture, "x", &type_dyn, value_int(1));
	fixture_name(&fixture, "t", &type_dyn, value_bool(true));
	job->value = fixture_eval(&fixture, buffer_string(&text));
	fixture_done(&fixture);
	arena_done(&arena);
	return NULL;
}

/* Bytes of the stack that were written to. */
static size_t depth(struct job *job)
{
	pthread_attr_t attributes;
	pthread_t thread;
	unsigned char *stack = aligned_alloc(4096, STACK);
	size_t untouched = 0;

	assert_non_null(stack);
	memset(stack, PAINT, STACK);
	assert_int_equal(pthread_attr_init(&attributes), 0);
	assert_int_equal(pthread_attr_setstack(&attributes, stack, STACK), 0);
	assert_int_equal(pthread_create(&thread, &attributes, work, job), 0);
	pthread_join(thread, NULL);
	pthread_attr_destroy(&attributes);
	while (untouched < STACK && stack[untouched] == PAINT)
		untouched++;
	free(stack);
	return STACK - untouched;
}

static void long_chains_need_no_deeper_stack(void **state)
{
	static const char *const rows[][2] = {
		{ "1", " + " }, { "x", " + " },  { "x", " - " },
		{ "x", " * " }, { "t", " && " }, { "t", " || " },
	};
	(void)state;
	if (under_valgrind()) /* it reads a stack that has been left */
		skip();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct job few = { .term = rows[i][0], .operator= rows[i][1], .count = 10 };
		struct job many = { .term = rows[i][0], .operator= rows[i][1], .count = 10000 };
		size_t shallow = depth(&few);
		size_t deep = depth(&many);
		assert_true(many.value.kind == VALUE_INT || many.value.kind == VALUE_BOOL);
		if (i < 2)
			assert_int_equal(many.value.integer, 10000);
		if (deep > shallow + 4096)
			fail_msg("%s: %zu bytes of stack, %zu for ten", rows[i][1], deep, shallow);
	}
}

/* What does nest is deeper: the measuring works. */
static void nesting_is_seen(void **state)
{
	struct job flat = { .term = "x", .operator= " + ", .count = 100 };
	char text[256] = "";
	struct job nested = { .term = text, .operator= "", .count = 1 };
	(void)state;
	if (under_valgrind())
		skip();
	for (int i = 0; i < 100; i++)
		text[i] = '(', text[101 + i] = ')';
	text[100] = 'x';
	assert_true(depth(&nested) > depth(&flat) + 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_chains_need_no_deeper_stack),
		cmocka_unit_test(nesting_is_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
