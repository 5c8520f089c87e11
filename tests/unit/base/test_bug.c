/* A defect of ours: what it says, the report that it leaves, and how it ends. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bug.h"

#define LONG 4096

/* What a child says that meets a bug, with that folder for temporary files. */
static void meet_bug(const char *folder, const char *word, char said[LONG])
{
	int ends[2], status;
	size_t len = 0;
	ssize_t count;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		setenv("TMPDIR", folder, 1);
		bug("slot %s is lost", word);
	}
	close(ends[1]);
	while ((count = read(ends[0], said + len, LONG - 1 - len)) > 0)
		len += (size_t)count;
	said[len] = '\0';
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void says_where_it_is_and_leaves_a_report(void **state)
{
	char folder[] = "/tmp/runbook-bug-test-XXXXXX";
	char said[LONG], path[256], report[LONG] = { 0 };
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(folder));
	meet_bug(folder, "seven", said);
	assert_ptr_equal(strstr(said, "internal error: slot seven is lost ("), said);
	assert_non_null(strstr(said, "test_bug.c:"));
	assert_non_null(strstr(said, "'runbook status'"));
	const char *at = strstr(said, folder);
	assert_non_null(at);
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(at, ":"), at);
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_true(fread(report, 1, sizeof(report) - 1, file) > 0);
	fclose(file);
	assert_ptr_equal(strstr(report, "internal error: slot seven is lost ("), report);
	assert_non_null(strstr(report, "\nprogram: runbook "));
	assert_non_null(strstr(report, "\ncommand: "));
	assert_non_null(strstr(report, "unit.base.bug")); /* us, and where in us */
	assert_non_null(strstr(report, "\nsystem: Linux "));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void says_it_without_a_place_for_the_report_too(void **state)
{
	char said[LONG];

	(void)state;
	meet_bug("/nowhere/at/all", "eight", said);
	assert_ptr_equal(strstr(said, "internal error: slot eight is lost ("), said);
	assert_null(strstr(said, "/nowhere"));
}

static void cuts_a_message_that_is_long(void **state)
{
	char word[2000], said[LONG];

	(void)state;
	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	meet_bug("/nowhere", word, said);
	assert_non_null(strstr(said, "xxx\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_where_it_is_and_leaves_a_report),
		cmocka_unit_test(says_it_without_a_place_for_the_report_too),
		cmocka_unit_test(cuts_a_message_that_is_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
