/*
 * A warm evaluation that fits one block of an arena (1 MiB) asks the system for nothing: what
 * malloc and its like, mmap, brk and sbrk are asked for is counted. The C library's own malloc does
 * the work.
 */
#include "fixture.h"
#include "support/valgrind.h"

#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_OBJECT_A_BLOCK
#endif
#endif

#ifndef ONE_OBJECT_A_BLOCK
#include <sys/mman.h>
#include <sys/syscall.h>

static size_t asked;

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
	asked++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	asked++;
	return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
	asked++;
	return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	asked++;
	return __libc_memalign(align, size);
}

int posix_memalign(void **memory, size_t align, size_t size)
{
	asked++;
	*memory = __libc_memalign(align, size);
	return *memory ? 0 : 12;
}

void *mmap(void *at, size_t len, int protection, int flags, int file, off_t offset)
{
	asked++;
	return (void *)syscall(SYS_mmap, at, len, protection, flags, file, offset);
}

static const char *const texts[] = {
	"user.age >= 18 && 'admin' in user.roles",
	"numbers.filter(i, i > 4).map(i, double(i) / 2.5).exists(d, d > 7.5)",
	"user.roles.map(r, r + '!').join(', ').split(',').size() == 3",
	"numbers.map(i, {'n': i, 'odd': i % 2 == 1}).filter(m, m.odd).size() == 50",
	"numbers.map(i, -i).sort().distinct().reverse()[0] == 0",
	"user.roles.all(r, r.matches('^[a-z]+$'))",
	"user.roles.all(r, r.matches(user.pattern))",
	"'%s is %d'.format([user.roles[0], user.age]) == 'viewer is 42'",
	"timestamp('2026-03-02T13:21:40Z').getHours() + user.age == 55",
	"user.?name.orValue('nobody') == 'nobody'",
	"!(1 / (user.age - 42) > 0 || false) || true",
	"json.unmarshal('{\"a\": [1, ' + string(user.age) + ']}').a[1] == 42",
	"lists.range(10000 + user.age).map(i, i * 2).filter(i, i % 3 == 0).size() > 3000",
};

static void declare(struct fixture *fixture)
{
	struct json_error error;
	struct value user;
	struct value *numbers = arena_array(&fixture->arena, struct value, 100);

	assert_true(json_read(TEXT("{\"age\": 42, \"roles\": [\"viewer\", \"editor\", \"admin\"], "
				   "\"pattern\": \"^[a-z]+$\"}"),
			      &fixture->arena, &user, &error));
	for (int i = 0; i < 100; i++)
		numbers[i] = value_int(i);
	fixture_name(fixture, "user", &type_dyn, user);
	fixture_name(fixture, "numbers", &type_dyn, value_list(numbers, 100, &fixture->arena));
	fixture->scope.values = fixture->values;
	fixture->scope.count = fixture->count;
}

static void evaluate(struct fixture *fixture, const char *text, struct arena *arena)
{
	struct value value = expr_eval(fixture->expr, &fixture->scope, arena);
	if (value.kind != VALUE_BOOL || !value.boolean)
		fail_msg("%s: %s", text,
			 value.kind == VALUE_ERROR ? value.error->message : "not true");
	arena_reset(arena);
}

static void a_warm_evaluation_allocates_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct fixture fixture;
		struct arena attempt;
		fixture_init(&fixture);
		arena_init(&attempt);
		declare(&fixture);
		if (!fixture_compile(&fixture, text_of(texts[i])))
			fail_msg("%s: %s", texts[i], fixture.diags.first->message);
		for (int warm = 0; warm < 4; warm++)
			evaluate(&fixture, texts[i], &attempt);
		size_t before = asked;
		void *end = sbrk(0);
		for (int again = 0; again < 10; again++)
			evaluate(&fixture, texts[i], &attempt);
		if (asked != before)
			fail_msg("%s: %zu requests", texts[i], asked - before);
		assert_ptr_equal(sbrk(0), end);
		arena_done(&attempt);
		fixture_done(&fixture);
	}
}

/* Without a warm arena each evaluation asks: the counting works. */
static void a_cold_evaluation_is_counted(void **state)
{
	struct fixture fixture;
	struct arena attempt;
	(void)state;
	if (under_valgrind()) /* whose own malloc takes the place of the one that counts */
		skip();
	fixture_init(&fixture);
	declare(&fixture);
	assert_non_null(fixture_compile(&fixture, text_of(texts[1])));
	for (int i = 0; i < 10; i++) {
		size_t before = asked;
		arena_init(&attempt);
		evaluate(&fixture, texts[1], &attempt);
		arena_done(&attempt);
		assert_true(asked > before);
	}
	size_t before = asked;
	munmap(mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), 1);
	assert_int_equal(asked, before + 1);
	fixture_done(&fixture);
}
#else
static void a_warm_evaluation_allocates_nothing(void **state)
{
	(void)state;
	skip(); /* with the sanitizers every object of an arena is one of malloc's */
}

static void a_cold_evaluation_is_counted(void **state)
{
	(void)state;
	skip();
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_warm_evaluation_allocates_nothing),
		cmocka_unit_test(a_cold_evaluation_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
