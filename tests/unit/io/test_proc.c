/* When a process began: by the clock and by /proc it is the same tick. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "io/internal.h"

#define MANY 200

static pid_t begin(int64_t *earliest, int64_t *latest)
{
	*earliest = clock_boot(&clock_system);
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	*latest = clock_boot(&clock_system);
	assert_true(pid > 0);
	return pid;
}

static void the_clock_tells_the_tick_that_proc_tells(void **state)
{
	(void)state;
	for (int i = 0; i < MANY; i++) {
		int64_t earliest, latest;
		struct proc proc;
		pid_t pid = begin(&earliest, &latest);

		assert_true(proc_read(pid, &proc));
		assert_int_equal(proc_started(pid, earliest, latest), proc.started);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
	}
}

static void between_moments_of_two_ticks_proc_is_asked(void **state)
{
	int64_t earliest, latest;
	struct proc proc;
	pid_t pid = begin(&earliest, &latest);

	(void)state;
	assert_true(proc_read(pid, &proc));
	assert_int_equal(proc_started(pid, earliest - NS_PER_S, latest), proc.started);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_clock_tells_the_tick_that_proc_tells),
		cmocka_unit_test(between_moments_of_two_ticks_proc_is_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
