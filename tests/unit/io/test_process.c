/* Commands that run and end by themselves; test_process_stop.c has those that do not. */
#include "unit/io/command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "support/valgrind.h"

static struct arena arena;
static struct loop *loop;
static struct command command;
static char folder[64];

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	snprintf(folder, sizeof(folder), "/tmp/runbook-process-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	signal(SIGUSR1, SIG_IGN); /* as whoever starts us may have done */
	loop = loop_open(&clock_system, &arena, &failure);
	return loop == NULL;
}

static int teardown(void **state)
{
	(void)state;
	command_run(&command, loop, &arena,
		    (struct process_args){ .argv = (const char *[]){ "rm", "-rf", folder, NULL } });
	arena_done(&arena);
	return 0;
}

static void run_script(const char *script)
{
	command_run(&command, loop, &arena, command_script(&arena, script));
}

static void put_file(const char *name, const char *content, mode_t mode)
{
	const char *path = file_join(folder, name, &arena);

	assert_int_equal(file_write(AT_FDCWD, path, text_of(content), mode), 0);
}

static void keeps_both_outputs_apart(void **state)
{
	(void)state;
	run_script("echo out; echo err >&2; printf 'a\\0b'");
	command_assert_exit(&command, 0);
	assert_true(text_equal(buffer_text(&command.output[PROCESS_STDOUT]), TEXT("out\na\0b")));
	command_assert_output(&command, PROCESS_STDERR, "err\n");
	assert_false(command.end.stopped || command.end.killed || command.end.output_open);
	assert_int_equal(command.end.left_count, 0);
}

static void tells_exit_codes_and_signals(void **state)
{
	(void)state;
	for (int code = 0; code < 256; code += 51) {
		run_script(arena_format(&arena, "exit %d", code));
		command_assert_exit(&command, code);
	}
	run_script("kill -KILL $$");
	assert_true(command.end.signaled);
	assert_int_equal(command.end.code, SIGKILL);
	assert_false(command.end.stopped || command.end.killed);
	run_script("exit 127");
	command_assert_exit(&command, 127);
}

static void names_the_process_that_it_spawned(void **state)
{
	(void)state;
	run_script("echo $$; sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20");
	command_assert_exit(&command, 0);
	command_assert_output(&command, PROCESS_STDOUT,
			      arena_format(&arena, "%d\n%llu\n", (int)command.pid,
					   (unsigned long long)command.started));
}

static void gives_a_session_of_its_own_and_clean_signals(void **state)
{
	static const char script[] =
		"sed 's/.*) //' /proc/$$/stat | cut -d' ' -f4,3; (: </dev/tty) 2>/dev/null && echo "
		"tty;"
		"grep -E 'SigBlk|SigIgn' /proc/self/status";

	(void)state;
	run_script(script);
	command_assert_output(&command, PROCESS_STDOUT,
			      arena_format(&arena,
					   "%d %d\nSigBlk:\t0000000000000000\n"
					   "SigIgn:\t0000000000000000\n",
					   (int)command.pid, (int)command.pid));
}

static void gives_no_descriptor_but_three(void **state)
{
	static const char script[] = "ls /proc/self/fd; readlink /proc/self/fd/0";
	int inherited = open("/dev/null", O_RDWR);
	int high = dup2(inherited, 300);

	(void)state;
	assert_int_equal(high, 300);
	/* 3 is the folder that ls reads. */
	run_script(script);
	command_assert_output(&command, PROCESS_STDOUT, "0\n1\n2\n3\n/dev/null\n");
	close(inherited);
	close(high);
}

static void gives_exactly_the_environment(void **state)
{
	const char *const env[] = { "PATH=/usr/bin:/bin", "A=1", "B=x y\n'\"", NULL };

	(void)state;
	command_run(
		&command, loop, &arena,
		(struct process_args){ .argv = (const char *[]){ "env", "-0", NULL }, .env = env });
	assert_true(text_equal(buffer_text(&command.output[PROCESS_STDOUT]),
			       TEXT("PATH=/usr/bin:/bin\0A=1\0B=x y\n'\"\0")));
}

static void starts_in_its_folder(void **state)
{
	struct process_args args = command_script(&arena, "pwd");

	(void)state;
	args.cwd = folder;
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, arena_format(&arena, "%s\n", folder));
	put_file("here", "#!/bin/sh\necho found\n", 0755);
	args.argv = (const char *[]){ "./here", NULL };
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, "found\n");
}

static void searches_the_path_of_the_environment(void **state)
{
	const char *path = arena_format(&arena, "PATH=/nowhere:%s:/bin", folder);
	const char *const env[] = { path, NULL };
	const char *const without[] = { "A=1", NULL };
	struct process_args args = { .argv = (const char *[]){ "tool", NULL }, .env = env };

	(void)state;
	put_file("tool", "#!/bin/sh\necho mine\n", 0755);
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, "mine\n");
	args.argv = (const char *[]){ "true", NULL };
	args.env = without;
	command_run(&command, loop, &arena, args);
	command_assert_exit(&command, 0);
}

static void reads_nothing_unless_it_is_given(void **state)
{
	struct process_args args = command_script(&arena, "read x && echo got || echo nothing");

	(void)state;
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, "nothing\n");
	args.input = TEXT("line\n");
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, "got\n");
	args.input = TEXT("");
	command_run(&command, loop, &arena, args);
	command_assert_output(&command, PROCESS_STDOUT, "nothing\n");
}

static void takes_an_input_larger_than_a_pipe(void **state)
{
	size_t len = 5 << 20;
	char *bytes = arena_alloc(&arena, len);
	struct process_args args = { .argv = (const char *[]){ "cat", NULL } };

	(void)state;
	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 31 % 251);
	args.input = (struct text){ bytes, len };
	command_run(&command, loop, &arena, args);
	command_assert_exit(&command, 0);
	assert_true(text_equal(buffer_text(&command.output[PROCESS_STDOUT]), args.input));
	/* One that does not read it is not disturbed. */
	args.argv = (const char *[]){ "true", NULL };
	command_run(&command, loop, &arena, args);
	command_assert_exit(&command, 0);
}

static void needs_no_memory_for_output_that_nobody_keeps(void **state)
{
	struct rusage before, after;

	(void)state;
	getrusage(RUSAGE_SELF, &before);
	command_begin(&command, loop, &arena,
		      command_script(&arena, "head -c 64M /dev/zero; head -c 1M /dev/zero >&2"));
	command.keeps_bytes = false;
	command_finish(&command);
	getrusage(RUSAGE_SELF, &after);
	command_assert_exit(&command, 0);
	assert_int_equal(command.bytes, 65 << 20);
	assert_in_range(after.ru_maxrss - before.ru_maxrss, 0, 1024);
}

static void reads_both_outputs_when_both_are_full(void **state)
{
	(void)state;
	command_begin(
		&command, loop, &arena,
		command_script(&arena, "head -c 3M /dev/zero & head -c 3M /dev/zero >&2; wait"));
	command_finish(&command);
	command_assert_exit(&command, 0);
	assert_int_equal(command.output[0].len, 3 << 20);
	assert_int_equal(command.output[1].len, 3 << 20);
}

static void lives_with_closed_outputs(void **state)
{
	int64_t begin = clock_boot(&clock_system);

	(void)state;
	run_script("echo a; exec >&- 2>&-; sleep 0.1; exit 3");
	command_assert_exit(&command, 3);
	command_assert_output(&command, PROCESS_STDOUT, "a\n");
	assert_true(clock_boot(&clock_system) - begin >= 100 * NS_PER_MS);
}

static int count_descriptors(void)
{
	int count = 0;

	for (int fd = 0; fd < 1024; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void runs_a_thousand_one_after_another(void **state)
{
	int before = count_descriptors();
	struct arena attempt;

	(void)state;
	arena_init(&attempt);
	for (int i = 0; i < 1000; i++) {
		command_run(&command, loop, &attempt,
			    (struct process_args){ .argv = (const char *[]){ "true", NULL } });
		command_assert_exit(&command, 0);
		arena_reset(&attempt);
	}
	arena_done(&attempt);
	assert_int_equal(count_descriptors(), before);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void runs_many_at_once(void **state)
{
	enum { COUNT = 50 };
	static struct command commands[COUNT];

	(void)state;
	for (int i = 0; i < COUNT; i++)
		command_begin(
			&commands[i], loop, &arena,
			command_script(&arena, arena_format(&arena, "echo %d; exit %d", i, i)));
	for (int i = 0; i < COUNT; i++) {
		command_finish(&commands[i]);
		command_assert_exit(&commands[i], i);
		command_assert_output(&commands[i], PROCESS_STDOUT,
				      arena_format(&arena, "%d\n", i));
		assert_int_equal(commands[i].end.left_count, 0);
	}
}

static void assert_failure(enum io_class class, const char *code, const char *message)
{
	assert_int_equal(command.pid, 0);
	assert_int_equal(command.end.failure.class, class);
	assert_string_equal(command.end.failure.message, message);
	if (code)
		assert_string_equal(command.end.failure.code, code);
	else
		assert_null(command.end.failure.code);
}

static void fail_to_run(const char *program)
{
	command_run(&command, loop, &arena,
		    (struct process_args){ .argv = (const char *[]){ program, "x", NULL } });
}

static void says_which_program_is_not_there(void **state)
{
	(void)state;
	if (under_valgrind())
		skip(); /* it ends a child whose exec fails */
	fail_to_run("no-such-tool");
	assert_failure(IO_NOT_FOUND, NULL,
		       "program 'no-such-tool' not found (PATH=/usr/bin:/bin:/usr/sbin:/sbin)");
	fail_to_run("/no/such/tool");
	assert_failure(IO_NOT_FOUND, "ENOENT",
		       "program '/no/such/tool' not found: No such file or directory");
	fail_to_run("/etc/passwd/tool");
	assert_failure(IO_NOT_FOUND, "ENOTDIR", "cannot run '/etc/passwd/tool': Not a directory");
}

static void says_why_a_program_cannot_run(void **state)
{
	const char *plain = file_join(folder, "plain", &arena);
	const char *text = file_join(folder, "text", &arena);
	const char *script = file_join(folder, "script", &arena);
	const char *const env[] = { arena_format(&arena, "PATH=%s", folder), NULL };

	(void)state;
	if (under_valgrind())
		skip(); /* it ends a child whose exec fails */
	put_file("plain", "x", 0644);
	put_file("text", "no program\n", 0755);
	put_file("script", "#!/no/such/interpreter\n", 0755);
	fail_to_run(plain);
	assert_failure(IO_PERMISSION, "EACCES",
		       arena_format(&arena, "cannot run '%s': Permission denied", plain));
	fail_to_run(folder);
	assert_failure(IO_PERMISSION, "EACCES",
		       arena_format(&arena, "cannot run '%s': Permission denied", folder));
	fail_to_run(text);
	assert_failure(IO_RESOURCE, "ENOEXEC",
		       arena_format(&arena,
				    "cannot run '%s': no program, and no script that begins with "
				    "'#!': Exec format error",
				    text));
	fail_to_run(script);
	assert_failure(IO_NOT_FOUND, "ENOENT",
		       arena_format(&arena,
				    "cannot run '%s': its interpreter is missing: "
				    "No such file or directory",
				    script));
	command_run(&command, loop, &arena,
		    (struct process_args){ .argv = (const char *[]){ "plain", NULL }, .env = env });
	assert_failure(IO_PERMISSION, "EACCES",
		       arena_format(&arena, "cannot run '%s': Permission denied", plain));
}

static void says_which_folder_cannot_be_entered(void **state)
{
	struct process_args args = { .argv = (const char *[]){ "true", NULL } };
	const char *file = file_join(folder, "file", &arena);

	(void)state;
	if (under_valgrind())
		skip(); /* its child does not share our memory until the exec */
	put_file("file", "x", 0644);
	args.cwd = "/no/such/folder";
	command_run(&command, loop, &arena, args);
	assert_failure(IO_NOT_FOUND, "ENOENT",
		       "cannot enter the folder '/no/such/folder': No such file or directory");
	args.cwd = file;
	command_run(&command, loop, &arena, args);
	assert_failure(IO_NOT_FOUND, "ENOTDIR",
		       arena_format(&arena, "cannot enter the folder '%s': Not a directory", file));
}

static void says_that_arguments_are_too_large(void **state)
{
	char *large = arena_alloc(&arena, (200 << 10) + 1);

	(void)state;
	if (under_valgrind())
		skip(); /* it ends a child whose exec fails */
	memset(large, 'x', 200 << 10);
	command_run(&command, loop, &arena,
		    (struct process_args){ .argv = (const char *[]){ "true", large, NULL } });
	assert_failure(IO_RESOURCE, "E2BIG",
		       "cannot run '/usr/bin/true': its arguments and environment are too large "
		       "(128 KiB for one of them): Argument list too long");
}

static void says_that_descriptors_are_used_up(void **state)
{
	struct rlimit old, low;
	int next = dup(0);

	(void)state;
	close(next);
	getrlimit(RLIMIT_NOFILE, &old);
	low = old;
	for (int more = 0; more < 4; more++) {
		low.rlim_cur = (rlim_t)(next + more);
		setrlimit(RLIMIT_NOFILE, &low);
		fail_to_run("true");
		setrlimit(RLIMIT_NOFILE, &old);
		assert_failure(IO_RESOURCE, "EMFILE",
			       "cannot make a pipe for the output: Too many open files");
	}
	assert_int_equal(dup(0), next);
	close(next);
}

static void tries_again_when_there_is_no_room_for_a_process(void **state)
{
	struct rlimit old, none;
	int64_t begin = clock_boot(&clock_system);

	(void)state;
	/* The limit does not bind root. */
	if (geteuid() == 0)
		skip();
	getrlimit(RLIMIT_NPROC, &old);
	none = old;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NPROC, &none);
	fail_to_run("true");
	setrlimit(RLIMIT_NPROC, &old);
	assert_failure(IO_RESOURCE, "EAGAIN",
		       "cannot start a process for '/usr/bin/true': "
		       "Resource temporarily unavailable");
	assert_in_range(clock_boot(&clock_system) - begin, 700 * NS_PER_MS, 1500 * NS_PER_MS);
}

static void notices_what_is_left_behind(void **state)
{
	int64_t begin = clock_boot(&clock_system);
	pid_t pid;

	(void)state;
	/* Its output is its own: only its being there shows. */
	run_script("sleep 30 >/dev/null 2>&1 & echo $!");
	command_assert_exit(&command, 0);
	assert_in_range(clock_boot(&clock_system) - begin, 200 * NS_PER_MS, 1000 * NS_PER_MS);
	assert_int_equal(command.end.left_count, 1);
	assert_false(command.end.output_open);
	assert_string_equal(command.end.left[0].name, "sleep");
	pid = command.end.left[0].pid;
	command_assert_output(&command, PROCESS_STDOUT, arena_format(&arena, "%d\n", (int)pid));
	/* The next one is not asked to wait for it, nor told of it. */
	begin = clock_boot(&clock_system);
	run_script("exit 0");
	assert_int_equal(command.end.left_count, 0);
	assert_true(clock_boot(&clock_system) - begin < 150 * NS_PER_MS);
	assert_int_equal(kill(pid, SIGKILL), 0);
}

static void does_not_wait_for_who_holds_the_output(void **state)
{
	int64_t begin = clock_boot(&clock_system);

	(void)state;
	run_script("echo first; (setsid sh -c 'sleep 0.05; echo later; exec sleep 30' &)");
	command_assert_exit(&command, 0);
	assert_in_range(clock_boot(&clock_system) - begin, 200 * NS_PER_MS, 1500 * NS_PER_MS);
	assert_true(command.end.output_open);
	command_assert_output(&command, PROCESS_STDOUT, "first\nlater\n");
	assert_int_equal(command.end.left_count, 1);
	assert_string_equal(command.end.left[0].name, "sleep");
	assert_int_equal(kill(command.end.left[0].pid, SIGKILL), 0);
}

static void reads_an_endless_output_for_two_seconds_only(void **state)
{
	int64_t begin = clock_boot(&clock_system);

	(void)state;
	run_script("(while :; do echo x; sleep 0.05; done) & exit 4");
	command_assert_exit(&command, 4);
	assert_in_range(clock_boot(&clock_system) - begin, 2 * NS_PER_S, 3 * NS_PER_S);
	assert_true(command.end.output_open);
	assert_in_range(command.end.left_count, 1, 2);
	for (size_t i = 0; i < command.end.left_count; i++)
		kill(command.end.left[i].pid, SIGKILL);
}

static void waits_a_moment_for_children_that_are_about_to_end(void **state)
{
	(void)state;
	run_script("(sleep 0.1; echo late) & (sleep 0.05 >/dev/null 2>&1) & exit 0");
	command_assert_exit(&command, 0);
	command_assert_output(&command, PROCESS_STDOUT, "late\n");
	assert_int_equal(command.end.left_count, 0);
	assert_false(command.end.output_open);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_both_outputs_apart),
		TEST(tells_exit_codes_and_signals),
		TEST(names_the_process_that_it_spawned),
		TEST(gives_a_session_of_its_own_and_clean_signals),
		TEST(gives_no_descriptor_but_three),
		TEST(gives_exactly_the_environment),
		TEST(starts_in_its_folder),
		TEST(searches_the_path_of_the_environment),
		TEST(reads_nothing_unless_it_is_given),
		TEST(takes_an_input_larger_than_a_pipe),
		TEST(needs_no_memory_for_output_that_nobody_keeps),
		TEST(reads_both_outputs_when_both_are_full),
		TEST(lives_with_closed_outputs),
		TEST(runs_a_thousand_one_after_another),
		TEST(runs_many_at_once),
		TEST(says_which_program_is_not_there),
		TEST(says_why_a_program_cannot_run),
		TEST(says_which_folder_cannot_be_entered),
		TEST(says_that_arguments_are_too_large),
		TEST(says_that_descriptors_are_used_up),
		TEST(tries_again_when_there_is_no_room_for_a_process),
		TEST(notices_what_is_left_behind),
		TEST(does_not_wait_for_who_holds_the_output),
		TEST(reads_an_endless_output_for_two_seconds_only),
		TEST(waits_a_moment_for_children_that_are_about_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
