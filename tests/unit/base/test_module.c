#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/bug.h"
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

/* The words of our own failure, read from a child whose standard error is a pipe. */
static void says_where_a_bug_is(void **state)
{
	char words[200] = { 0 };
	int ends[2], status;
	size_t len = 0;
	ssize_t count;
	pid_t child;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		bug("slot %d is lost", 7);
	}
	close(ends[1]);
	while ((count = read(ends[0], words + len, sizeof(words) - 1 - len)) > 0)
		len += (size_t)count;
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	assert_ptr_equal(strstr(words, "internal error: slot 7 is lost ("), words);
	assert_non_null(strstr(words, "test_module.c:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_is_linked_in),
		cmocka_unit_test(names_the_places_where_a_module_is_missing),
		cmocka_unit_test(embeds_files_with_their_exact_length),
		cmocka_unit_test(says_where_a_bug_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
