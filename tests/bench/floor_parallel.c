/* The floor of steps that run at the same time: floor_parallel COUNT AT_ONCE COMMAND... runs a
 * command COUNT times, and keeps AT_ONCE of them going. */
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>

extern char **environ;

static bool start(char *const *command)
{
	pid_t pid;

	return posix_spawnp(&pid, *command, NULL, NULL, command, environ) == 0;
}

int main(int argc, char **argv)
{
	int count = argc > 3 ? atoi(argv[1]) : 0, at_once = argc > 3 ? atoi(argv[2]) : 0;
	int status;

	for (int started = 0, ended = 0; ended < count; ended++) {
		for (; started < count && started - ended < at_once; started++)
			if (!start(argv + 3))
				return 1;
		if (wait(&status) < 0 || status != 0)
			return 1;
	}
	return count > 0 ? 0 : 1;
}
