/* Commands that are stopped, and those that do not want to. */
#include "unit/io/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>

static struct arena arena;
static struct loop *loop;
static struct command command;
static int64_t begin;

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	loop = loop_open(&clock_system, &arena, &failure);
	begin = clock_boot(&clock_system);
	return loop == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static int64_t elapsed(void)
{
	return clock_boot(&clock_system) - begin;
}

/* With the id of this test in place of 777: nobody else's `sleep` has such an argument. */
static const char *own(const char *text)
{
	struct buffer out;

	buffer_init(&out, &arena);
	for (const char *next; (next = strstr(text, "777")); text = next + 3)
		buffer_printf(&out, "%.*s%d", (int)(next - text), text, (int)getpid());
	buffer_puts(&out, text);
	return buffer_string(&out);
}

/* Starts the script and turns the loop until it has written "ready". */
static void begin_script(struct command *which, const char *script)
{
	command_begin(which, loop, &arena, command_script(&arena, own(script)));
	while (!strstr(buffer_string(&which->output[PROCESS_STDOUT]), "ready")) {
		assert_int_equal(which->endings, 0);
		loop_run_once(loop);
	}
	begin = clock_boot(&clock_system);
}

static void stop(struct command *which, int64_t grace)
{
	process_stop(which->process, grace);
	assert_int_equal(which->endings, 0);
	command_finish(which);
	assert_true(which->end.stopped);
}

/* Whether any process has a command that ends so. */
static bool lives(const char *words)
{
	struct command pgrep;
	const char *pattern = arena_format(&arena, "%s$", own(words));
	struct process_args args = { .argv = (const char *[]){ "pgrep", "-f", pattern, NULL } };

	command_run(&pgrep, loop, &arena, args);
	assert_int_equal(pgrep.end.failure.class, IO_NONE);
	return pgrep.end.code == 0;
}

static void assert_signaled(int signal)
{
	assert_true(command.end.signaled);
	assert_int_equal(command.end.code, signal);
}

static void ends_one_that_obeys(void **state)
{
	(void)state;
	begin_script(&command, "echo ready; exec sleep 30");
	stop(&command, PROCESS_GRACE);
	assert_signaled(SIGTERM);
	assert_false(command.end.killed);
	assert_int_equal(command.end.left_count, 0);
	assert_true(elapsed() < NS_PER_S);
}

static void lets_one_clean_up(void **state)
{
	(void)state;
	begin_script(&command, "trap 'sleep 0.2; echo cleaned; exit 9' TERM; echo ready;"
			       "while :; do sleep 0.05; done");
	stop(&command, PROCESS_GRACE);
	command_assert_exit(&command, 9);
	command_assert_output(&command, PROCESS_STDOUT, "ready\ncleaned\n");
	assert_false(command.end.killed);
}

static void kills_one_that_ignores_the_signal(void **state)
{
	(void)state;
	begin_script(&command, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
	stop(&command, 300 * NS_PER_MS);
	assert_signaled(SIGKILL);
	assert_true(command.end.killed);
	assert_int_equal(command.end.left_count, 0);
	assert_in_range(elapsed(), 300 * NS_PER_MS, 1300 * NS_PER_MS);
}

static void continues_one_that_is_suspended(void **state)
{
	(void)state;
	begin_script(&command, "trap 'exit 5' TERM; echo ready; kill -STOP $$; exit 6");
	/* Until it is. */
	for (int i = 0; i < 100; i++) {
		char state_of = '?';
		char *path = arena_format(&arena, "/proc/%d/stat", (int)command.pid);
		FILE *file = fopen(path, "r");

		assert_non_null(file);
		assert_int_equal(fscanf(file, "%*d (sh) %c", &state_of), 1);
		fclose(file);
		if (state_of == 'T')
			break;
		usleep(10000);
	}
	stop(&command, PROCESS_GRACE);
	command_assert_exit(&command, 5);
	assert_true(elapsed() < NS_PER_S);
}

static void ends_the_whole_tree(void **state)
{
	static const char script[] =
		"sleep 77701 & (sleep 77702 & sleep 77703 & wait) & setsid sleep 77704 &"
		"setsid sh -c 'sleep 77705 & wait' & sleep 0.1; echo ready; wait";

	(void)state;
	begin_script(&command, script);
	assert_true(lives("sleep 77705"));
	begin = clock_boot(&clock_system);
	stop(&command, PROCESS_GRACE);
	assert_signaled(SIGTERM);
	assert_int_equal(command.end.left_count, 0);
	assert_false(command.end.output_open);
	assert_true(elapsed() < NS_PER_S);
	assert_false(lives("sleep 7770[1-5]"));
}

static void ends_daemons_that_fled(void **state)
{
	/* Twice forked, with a session of its own, ignoring SIGTERM, without our pipes. */
	static const char script[] = "(setsid sh -c '(trap \"\" TERM; sleep 77711; sleep 77712) "
				     ">/dev/null 2>&1 </dev/null & exit' &);"
				     "sleep 0.1; echo ready; exec sleep 77713";

	(void)state;
	begin_script(&command, script);
	stop(&command, 200 * NS_PER_MS);
	assert_signaled(SIGTERM);
	assert_true(command.end.killed);
	assert_int_equal(command.end.left_count, 0);
	assert_in_range(elapsed(), 200 * NS_PER_MS, 1200 * NS_PER_MS);
	assert_false(lives("sleep 7771[1-3]"));
}

static void ends_children_that_outlive_the_command(void **state)
{
	(void)state;
	begin_script(&command,
		     "(trap '' TERM; while :; do sleep 0.05; done) & sleep 0.1; echo ready; wait");
	stop(&command, 200 * NS_PER_MS);
	assert_signaled(SIGTERM);
	assert_true(command.end.killed);
	assert_int_equal(command.end.left_count, 0);
	assert_in_range(elapsed(), 200 * NS_PER_MS, 1200 * NS_PER_MS);
}

static void ends_one_that_keeps_forking(void **state)
{
	(void)state;
	begin_script(&command, "trap '' TERM; echo ready;"
			       "while :; do (sleep 77721 &) ; sleep 0.01; done");
	stop(&command, 100 * NS_PER_MS);
	assert_signaled(SIGKILL);
	assert_int_equal(command.end.left_count, 0);
	assert_false(lives("sleep 77721"));
}

static void shortens_the_grace_at_the_second_call(void **state)
{
	(void)state;
	begin_script(&command, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
	process_stop(command.process, PROCESS_GRACE);
	process_stop(command.process, 2 * PROCESS_GRACE);
	loop_run_once(loop);
	stop(&command, 0);
	assert_signaled(SIGKILL);
	assert_true(elapsed() < NS_PER_S);
	/* After the end it does nothing. */
	process_stop(command.process, 0);
	assert_int_equal(command.endings, 1);
}

static void stops_one_that_was_not_started_yet(void **state)
{
	(void)state;
	command_begin(&command, loop, &arena, command_script(&arena, "echo never"));
	stop(&command, 0);
	assert_int_equal(command.end.failure.class, IO_CANCELLED);
	assert_int_equal(command.pid, 0);
	assert_int_equal(command.bytes, 0);
}

static void stops_what_is_left_while_output_is_drained(void **state)
{
	(void)state;
	command_begin(
		&command, loop, &arena,
		command_script(&arena, "(trap '' TERM; while :; do echo x; sleep 0.05; done)&"));
	while (command.bytes < 2 * 3)
		loop_run_once(loop);
	stop(&command, 100 * NS_PER_MS);
	command_assert_exit(&command, 0);
	assert_true(command.end.killed);
	assert_false(command.end.output_open);
	assert_int_equal(command.end.left_count, 0);
	assert_true(elapsed() < 1500 * NS_PER_MS);
}

static void leaves_others_alone(void **state)
{
	static struct command other;
	struct command daemon;

	(void)state;
	/* Left behind by a command before. */
	command_run(&daemon, loop, &arena,
		    command_script(&arena, own("setsid sleep 77731 >/dev/null 2>&1 &")));
	assert_int_equal(daemon.end.left_count, 1);
	begin_script(&other, "sleep 77732 & echo ready; wait");
	begin_script(&command, "(sleep 77733 >/dev/null 2>&1 &); echo ready; exec sleep 77734");
	stop(&command, PROCESS_GRACE);
	assert_signaled(SIGTERM);
	assert_int_equal(command.end.left_count, 0);
	assert_int_equal(other.endings, 0);
	assert_false(lives("sleep 7773[34]"));
	assert_true(lives("sleep 77731"));
	assert_true(lives("sleep 77732"));
	stop(&other, PROCESS_GRACE);
	assert_true(lives("sleep 77731"));
	assert_int_equal(kill(daemon.end.left[0].pid, SIGKILL), 0);
}

/* Whether groups may be made here, and are used. */
static bool has_groups(const struct command *which)
{
	const char *path = arena_format(&arena, "/proc/%d/cgroup", (int)which->pid);
	char bytes[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, bytes, sizeof(bytes) - 1);

	close(fd);
	assert_true(len > 0);
	bytes[len] = '\0';
	return strstr(bytes, "/runbook.") != NULL;
}

/* Twice forked, with a session of its own, deaf to SIGTERM, without our pipes, and no environment
 * that could tell whose it is. */
#define DAEMON(number) \
	"(setsid env -i /bin/sh -c '(trap \"\" TERM; while :; do /bin/sleep " number "; done) " \
	">/dev/null 2>&1 </dev/null & exit' &); sleep 0.1; echo ready; exec sleep 77750"

static void ends_its_own_daemons_beside_others(void **state)
{
	static struct command first, third;

	(void)state;
	begin_script(&first, DAEMON("77751"));
	begin_script(&command, DAEMON("77752"));
	begin_script(&third, DAEMON("77753"));
	if (!has_groups(&command)) {
		stop(&first, 0);
		stop(&third, 0);
		stop(&command, 0); /* the last ends what nobody knew the owner of */
		assert_false(lives("sleep 7775[1-3]"));
		skip();
	}
	assert_false(has_groups(&first));
	stop(&command, 100 * NS_PER_MS);
	assert_int_equal(command.end.left_count, 0);
	assert_false(lives("sleep 77752"));
	assert_true(lives("sleep 77751"));
	assert_true(lives("sleep 77753"));
	stop(&first, 100 * NS_PER_MS);
	assert_int_equal(first.end.left_count, 0);
	assert_false(lives("sleep 77751"));
	assert_true(lives("sleep 77753"));
	stop(&third, 100 * NS_PER_MS);
	assert_int_equal(third.end.left_count, 0);
	assert_false(lives("sleep 77753"));
}

static void dies_with_its_arena(void **state)
{
	struct arena attempt;

	(void)state;
	arena_init(&attempt);
	command_begin(
		&command, loop, &attempt,
		command_script(&attempt, own("setsid sleep 77741 & echo ready; sleep 77742")));
	while (command.bytes == 0)
		loop_run_once(loop);
	arena_done(&attempt);
	assert_int_equal(command.endings, 0);
	usleep(100000);
	assert_false(lives("sleep 7774[12]"));
}

static void heard(void *data, int signal)
{
	process_stop(data, signal == SIGINT ? PROCESS_GRACE : 0);
}

static void can_be_stopped_by_signals_while_it_runs(void **state)
{
	(void)state;
	signal(SIGINT, SIG_DFL);
	arena_done(&arena);
	setup(state);
	begin_script(&command, "trap '' TERM; echo ready; while :; do sleep 0.05; done");
	loop_on_signal(loop, heard, command.process);
	raise(SIGINT);
	loop_run_once(loop);
	assert_int_equal(command.endings, 0);
	raise(SIGTERM);
	command_finish(&command);
	assert_signaled(SIGKILL);
	assert_true(elapsed() < NS_PER_S);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ends_one_that_obeys),
		TEST(lets_one_clean_up),
		TEST(kills_one_that_ignores_the_signal),
		TEST(continues_one_that_is_suspended),
		TEST(ends_the_whole_tree),
		TEST(ends_daemons_that_fled),
		TEST(ends_children_that_outlive_the_command),
		TEST(ends_one_that_keeps_forking),
		TEST(shortens_the_grace_at_the_second_call),
		TEST(stops_one_that_was_not_started_yet),
		TEST(stops_what_is_left_while_output_is_drained),
		TEST(leaves_others_alone),
		TEST(ends_its_own_daemons_beside_others),
		TEST(dies_with_its_arena),
		TEST(can_be_stopped_by_signals_while_it_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
