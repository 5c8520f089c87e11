/* What lives of a program that died: found by number and start, or by its environment. */
#include "unit/io/command.h"

#include <stdio.h>
#include <sys/wait.h>

/* A process that waits until its input ends, with one variable more. */
static pid_t spawn(const char *variable, int *input)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		const char *const env[] = { "FIRST=1", variable, NULL };
		const char *const argv[] = { "/bin/sh", "-c", "read word; exit", NULL };

		dup2(ends[0], 0);
		close(ends[1]);
		execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)env);
		_exit(127);
	}
	*input = ends[1];
	close(ends[0]);
	return pid;
}

static void wait_until_it_has(const char *const *entries, struct arena *arena, size_t wanted)
{
	struct survivor *found;
	size_t count = wanted + 1;

	while (count != wanted)
		survivors_find(entries, &found, &count, arena);
}

static void a_process_is_found_by_its_environment(void **state)
{
	struct arena arena;
	struct survivor *found, survivor;
	size_t count;
	int input;

	(void)state;
	arena_init(&arena);
	const char *mine = arena_format(&arena, "RUNBOOK_TEST_SURVIVOR=%d", (int)getpid());
	const char *const both[] = { "FIRST=1", mine, NULL };
	const char *const wrong[] = { mine, "FIRST=2", NULL };
	const char *const part[] = { arena_format(&arena, "RUNBOOK_TEST_SURVIVOR=%d0", getpid()),
				     NULL };
	pid_t pid = spawn(mine, &input);
	wait_until_it_has(both, &arena, 1);
	survivors_find(both, &found, &count, &arena);
	assert_int_equal(count, 1);
	assert_int_equal(found[0].pid, pid);
	assert_true(survivor_read(pid, found[0].started, &survivor));
	assert_false(survivor_read(pid, found[0].started + 1, &survivor)); /* another of that number
									    */
	uint64_t started = found[0].started;
	survivors_find(wrong, &found, &count, &arena);
	assert_int_equal(count, 0);
	survivors_find(part, &found, &count, &arena);
	assert_int_equal(count, 0);
	kill(pid, SIGKILL);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_false(survivor_read(pid, started, &survivor)); /* ended, and not waited for */
	survivors_find(both, &found, &count, &arena);
	assert_int_equal(count, 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_false(survivor_read(pid, started, &survivor));
	close(input);
	arena_done(&arena);
}

static void a_boot_has_a_name(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	assert_int_equal(strlen(machine_boot(&arena)), 36);
	assert_string_equal(machine_boot(&arena), machine_boot(&arena));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_is_found_by_its_environment),
		cmocka_unit_test(a_boot_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
