#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/module.h"
#include "base/module_builtin.h"

static void finds_what_is_linked_in(void **state)
{
	struct arena arena;
	const char *error = NULL;

	(void)state;
	arena_init(&arena);
	for (const struct module_builtin *builtin = module_builtins; builtin->name; builtin++) {
		assert_ptr_equal(module_open(builtin->name, &arena, &error), builtin->table);
		assert_null(error);
	}
	arena_done(&arena);
}

static void names_the_places_where_a_module_is_missing(void **state)
{
	struct arena arena;
	const char *error = NULL;

	(void)state;
	arena_init(&arena);
	assert_null(module_open("telepathy", &arena, &error));
	assert_non_null(strstr(error, "module 'telepathy'"));
	assert_non_null(strstr(error, "/modules/telepathy.so or /"));
	assert_non_null(strstr(error, "/runbook/telepathy.so: no such file"));
	arena_done(&arena);
}

static void embeds_files_with_their_exact_length(void **state)
{
	(void)state;
	for (const struct embedded_file *file = embedded_files; file->name; file++)
		assert_int_equal(strlen(file->text), file->len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_linked_in),
		cmocka_unit_test(names_the_places_where_a_module_is_missing),
		cmocka_unit_test(embeds_files_with_their_exact_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
