/*
 * hygiene [ROUNDS]: commands that do not want to end are stopped so many times each (default 3),
 * alone and beside another command that does the same; nothing of them may live afterwards. Each is
 * known by its argument, so that no other test is disturbed by this one.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>

#include "unit/io/command.h"

#define GRACE (50 * NS_PER_MS)
#define LATEST (GRACE + 3 * NS_PER_S) /* on a machine that is busy with other tests */

/* @: an argument of sleep that nobody else has. Each says "ready" when it is as bad as it gets. */
static const struct nasty {
	const char *name;
	const char *script;
} nasties[] = {
	{ "obeys", "echo ready; exec sleep @" },
	{ "ignores SIGTERM", "trap '' TERM INT HUP; echo ready; sleep @; sleep @; sleep @" },
	{ "has children", "sleep @ & (sleep @ & sleep @ & wait) & echo ready; wait" },
	{ "holds the pipes", "(trap '' TERM; sleep @; sleep @) & echo ready; exec sleep @" },
	{ "has fled", "setsid sleep @ & echo ready; wait" },
	{ "has fled twice", "(setsid sh -c 'sleep @ & exec sleep @' &); echo ready; exec sleep @" },
	{ "is a daemon that ignores SIGTERM",
	  "(setsid env -i /bin/sh -c 'trap \"\" TERM; echo ready; exec >/dev/null 2>&1; "
	  "/bin/sleep @; /bin/sleep @; /bin/sleep @' &); exec sleep @" },
	{ "stops itself", "sleep @ & echo ready; kill -STOP $$; sleep @" },
	{ "has stopped children",
	  "sh -c 'trap \"\" TERM; kill -STOP $$; sleep @' & sleep @ & echo ready; wait" },
	{ "keeps forking", "trap '' TERM; echo ready; while :; do (sleep @ &); sleep 0.01; done" },
	{ "forks when it is told to end", "trap '(setsid sleep @ &) ; sleep @' TERM; echo ready; "
					  "sleep 0.01; sleep @ & wait; sleep @" },
	{ "closes its outputs", "echo ready; exec >&- 2>&-; trap '' TERM; sleep @; sleep @" },
	{ "leaves an orphan and ends", "(setsid sleep @ >/dev/null 2>&1 &); echo ready" },
};

static struct arena arena;
static struct loop *loop;
static int rounds = 3;
static unsigned count; /* of scripts that were made: each has a mark of its own */

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	loop = loop_open(&clock_system, &arena, &failure);
	return loop == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static const char *with_mark(const char *script, const char *mark)
{
	struct buffer out;

	buffer_init(&out, &arena);
	for (; *script; script++) {
		if (*script == '@')
			buffer_puts(&out, mark);
		else
			buffer_putc(&out, *script);
	}
	return buffer_string(&out);
}

/* How many processes have that argument. A shell has it as a part of its script. */
static int living(const char *mark)
{
	DIR *folder = opendir("/proc");
	int found = 0;

	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		char path[300], words[4096];
		int fd;
		ssize_t len;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		fd = strtol(entry->d_name, NULL, 10) > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		if (fd < 0)
			continue;
		len = read(fd, words, sizeof(words));
		close(fd);
		found += len > 0 && memmem(words, (size_t)len, mark, strlen(mark)) != NULL;
	}
	closedir(folder);
	return found;
}

/* In the middle of an exec a process has no arguments. */
static void assert_lives(const char *mark)
{
	for (int tries = 0; living(mark) == 0; tries++) {
		assert_true(tries < 1000);
		usleep(1000);
	}
}

static const char *begin(struct command *command, const struct nasty *nasty)
{
	const char *mark = arena_format(&arena, "9%d.%u", (int)getpid(), ++count);

	command_begin(command, loop, &arena,
		      command_script(&arena, with_mark(nasty->script, mark)));
	while (!strstr(buffer_string(&command->output[PROCESS_STDOUT]), "ready"))
		loop_run_once(loop);
	return mark;
}

static void end(struct command *command, const struct nasty *nasty, const char *mark)
{
	int64_t begun = clock_boot(&clock_system);

	process_stop(command->process, GRACE);
	command_finish(command);
	if (living(mark) || command->end.left_count)
		fail_msg("%s: %d live, %zu are reported", nasty->name, living(mark),
			 command->end.left_count);
	if (clock_boot(&clock_system) - begun > LATEST)
		fail_msg("%s: it took too long", nasty->name);
}

static void alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nasties) / sizeof(nasties[0]); i++) {
		for (int round = 0; round < rounds; round++) {
			struct command *command = arena_new(&arena, struct command);
			const char *mark = begin(command, &nasties[i]);

			end(command, &nasties[i], mark);
		}
		print_message("%s: %d rounds\n", nasties[i].name, rounds);
	}
}

static bool has_group(const struct command *command)
{
	char path[64], words[4096];
	int fd;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", (int)command->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = read(fd, words, sizeof(words));
	close(fd);
	return len > 0 && memmem(words, (size_t)len, "/runbook.", 9);
}

/* The other one must not notice. */
static void beside_another(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nasties) / sizeof(nasties[0]); i++) {
		for (int round = 0; round < rounds; round++) {
			const struct nasty *nasty = &nasties[i];
			struct command *first = arena_new(&arena, struct command);
			struct command *second = arena_new(&arena, struct command);
			const char *one = begin(first, &nasties[0]);
			const char *two = begin(second, nasty);

			if (i == 0 && !has_group(second)) {
				end(second, &nasties[0], "nothing");
				end(first, &nasties[0], one);
				print_message("no control groups can be made here\n");
				skip();
			}
			end(second, nasty, two);
			assert_int_equal(first->endings, 0);
			assert_lives(one);
			end(first, &nasties[0], one);
		}
	}
}

/* What is not stopped is found: that is what this looks for. */
static void survivors_are_seen(void **state)
{
	struct command *command = arena_new(&arena, struct command);
	const char *mark = begin(command, &nasties[0]);

	(void)state;
	assert_lives(mark);
	end(command, &nasties[0], mark);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(survivors_are_seen),
		TEST(alone),
		TEST(beside_another),
	};

	if (argc > 1)
		rounds = (int)strtol(argv[1], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
