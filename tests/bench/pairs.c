/*
 * pairs ROUNDS TIMES COMMAND... -- FLOOR...: starts both in turn and prints a line for each round:
 * nanoseconds that a start of the command took and its largest resident set in KiB, and the same of
 * the floor. What both print is thrown away. A sample is TIMES starts in a row; the first round
 * does not count; which of the two comes first alternates.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct sample {
	double ns; /* of one start */
	long kib;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static _Noreturn void fail(const char *what, char *const *command)
{
	fprintf(stderr, "pairs: %s: %s\n", *command, what);
	exit(1);
}

static long start_once(char *const *command, const posix_spawn_file_actions_t *quiet)
{
	struct rusage usage;
	pid_t pid;
	int status;

	if (posix_spawn(&pid, *command, quiet, NULL, command, environ) != 0)
		fail("cannot be started", command);
	if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail("failed", command);
	return usage.ru_maxrss;
}

static struct sample take(char *const *command, int times)
{
	struct sample sample = { 0 };
	posix_spawn_file_actions_t quiet;
	double start;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	start = now();
	for (int i = 0; i < times; i++)
		sample.kib = start_once(command, &quiet);
	sample.ns = (now() - start) / times;
	posix_spawn_file_actions_destroy(&quiet);
	return sample;
}

int main(int argc, char **argv)
{
	int middle = 3;

	while (middle < argc && strcmp(argv[middle], "--") != 0)
		middle++;
	if (middle == 3 || middle + 1 >= argc) {
		fprintf(stderr, "usage: pairs ROUNDS TIMES COMMAND... -- FLOOR...\n");
		return 2;
	}
	argv[middle] = NULL;
	for (int round = 0, rounds = atoi(argv[1]); round <= rounds; round++) {
		char *const *commands[2] = { argv + 3, argv + middle + 1 };
		struct sample samples[2];

		for (int i = 0; i < 2; i++) {
			int which = (i + round) % 2;

			samples[which] = take(commands[which], atoi(argv[2]));
		}
		if (round > 0)
			printf("%.0f %ld %.0f %ld\n", samples[0].ns, samples[0].kib, samples[1].ns,
			       samples[1].kib);
	}
	return 0;
}
