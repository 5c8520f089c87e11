#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/io.h"

static struct arena arena;
static struct loop *loop;
static char seen[64]; /* what happened, a letter each */

static void note(char letter)
{
	size_t len = strlen(seen);

	assert_in_range(len, 0, sizeof(seen) - 2);
	seen[len] = letter;
	seen[len + 1] = '\0';
}

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	memset(seen, 0, sizeof(seen));
	/* Whoever runs the tests in the background has these ignored. */
	signal(SIGINT, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	loop = loop_open(&clock_system, &arena, &failure);
	return loop == NULL;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

struct named {
	struct timer timer;
	struct watch watch;
	char name;
	struct named *other; /* to stop, or to start */
};

static void fire_and_note(void *data)
{
	note(((struct named *)data)->name);
}

static void fire_and_quit(void *data)
{
	fire_and_note(data);
	loop_quit(loop);
}

static struct named *make(char name, void (*fire)(void *data))
{
	struct named *named = arena_new(&arena, struct named);

	named->name = name;
	named->timer = (struct timer){ .fire = fire, .data = named };
	return named;
}

static void fires_timers_in_order_of_time(void **state)
{
	static const struct {
		char name;
		int ms;
	} rows[] = { { 'd', 30 }, { 'b', 10 }, { 'a', -5 }, { 'e', 40 }, { 'c', 20 } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		timer_start(&make(rows[i].name, fire_and_note)->timer, loop,
			    rows[i].ms * NS_PER_MS);
	timer_start(&make('.', fire_and_quit)->timer, loop, 50 * NS_PER_MS);
	loop_run(loop);
	assert_string_equal(seen, "abcde.");
}

static void fires_timers_of_one_moment_in_order_of_start(void **state)
{
	struct named *timers[20];

	(void)state;
	for (int i = 0; i < 20; i++)
		timers[i] = make((char)('a' + i), fire_and_note);
	for (int i = 0; i < 20; i++)
		timer_start(&timers[i]->timer, loop, 0);
	loop_run_once(loop);
	assert_string_equal(seen, "abcdefghijklmnopqrst");
}

static void fires_no_timer_early(void **state)
{
	int64_t begin = clock_boot(&clock_system);

	(void)state;
	timer_start(&make('.', fire_and_quit)->timer, loop, 30 * NS_PER_MS);
	loop_run(loop);
	assert_true(clock_boot(&clock_system) - begin >= 30 * NS_PER_MS);
	assert_string_equal(seen, ".");
}

static void stop_other(void *data)
{
	struct named *named = data;

	note(named->name);
	timer_stop(&named->other->timer);
}

static void stops_a_timer_of_the_same_turn(void **state)
{
	struct named *first = make('a', stop_other);

	(void)state;
	first->other = make('b', fire_and_note);
	timer_start(&first->timer, loop, 0);
	timer_start(&first->other->timer, loop, 0);
	timer_start(&make('.', fire_and_quit)->timer, loop, NS_PER_MS);
	loop_run(loop);
	assert_string_equal(seen, "a.");
	timer_stop(&first->other->timer);
	timer_stop(&first->timer);
}

static void start_again(void *data)
{
	struct named *named = data;

	note(named->name);
	timer_start(&named->timer, loop, 0);
}

static void gives_a_timer_started_in_a_callback_a_later_turn(void **state)
{
	struct named *again = make('a', start_again);

	(void)state;
	timer_start(&again->timer, loop, 0);
	loop_run_once(loop);
	assert_string_equal(seen, "a");
	loop_run_once(loop);
	assert_string_equal(seen, "aa");
}

static void moves_a_timer_that_is_started_again(void **state)
{
	struct named *moved = make('m', fire_and_note);

	(void)state;
	timer_start(&moved->timer, loop, 0);
	timer_start(&make('a', fire_and_note)->timer, loop, NS_PER_MS);
	timer_start(&moved->timer, loop, 5 * NS_PER_MS);
	timer_start(&make('.', fire_and_quit)->timer, loop, 10 * NS_PER_MS);
	loop_run(loop);
	assert_string_equal(seen, "am.");
}

static void fires_a_thousand_timers_in_order(void **state)
{
	static int64_t last;
	struct named *timers[1000];
	uint32_t random = 1;

	(void)state;
	last = 0;
	for (int i = 0; i < 1000; i++) {
		timers[i] = make('x', NULL);
		random = random * 1103515245 + 12345;
		timer_start(&timers[i]->timer, loop, (random >> 16) % 1000 + 1);
	}
	/* Every third is taken out of the middle of the heap. */
	for (int i = 0; i < 1000; i += 3)
		timer_stop(&timers[i]->timer);
	for (int left = 1000 - 334; left > 0; left--) {
		struct timer *earliest = NULL;

		for (int i = 0; i < 1000; i++) {
			struct timer *timer = &timers[i]->timer;

			if (timer->loop && (!earliest || timer->due < earliest->due))
				earliest = timer;
		}
		assert_non_null(earliest);
		assert_true(earliest->due >= last);
		last = earliest->due;
		timer_stop(earliest);
	}
}

static void ready_and_note(void *data, short events)
{
	struct named *named = data;
	char byte;

	assert_true(events & (POLLIN | POLLHUP));
	note(named->name);
	if (read(named->watch.fd, &byte, 1) == 0)
		watch_stop(&named->watch);
}

static void ready_and_stop_other(void *data, short events)
{
	ready_and_note(data, events);
	watch_stop(&((struct named *)data)->other->watch);
}

/* A pipe with one byte in it; gives its end to write. */
static int watch_pipe(struct named *named, void (*ready)(void *data, short events))
{
	int fd[2];

	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	assert_int_equal(write(fd[1], "x", 1), 1);
	named->watch =
		(struct watch){ .fd = fd[0], .events = POLLIN, .ready = ready, .data = named };
	watch_start(&named->watch, loop);
	return fd[1];
}

static void close_pipe(struct named *named, int writer)
{
	watch_stop(&named->watch);
	close(named->watch.fd);
	close(writer);
}

static void calls_watches_in_order_and_only_when_ready(void **state)
{
	struct named *a = make('a', NULL), *b = make('b', NULL);
	int to_a = watch_pipe(a, ready_and_note);
	int to_b = watch_pipe(b, ready_and_note);

	(void)state;
	loop_run_once(loop);
	assert_string_equal(seen, "ab");
	assert_int_equal(write(to_b, "y", 1), 1);
	loop_run_once(loop);
	assert_string_equal(seen, "abb");
	close_pipe(a, to_a);
	close_pipe(b, to_b);
}

static void stops_a_watch_from_a_callback_of_the_same_turn(void **state)
{
	struct named *a = make('a', NULL), *b = make('b', NULL);
	int to_a, to_b;

	(void)state;
	a->other = b;
	to_a = watch_pipe(a, ready_and_stop_other);
	to_b = watch_pipe(b, ready_and_note);
	loop_run_once(loop);
	assert_string_equal(seen, "a");
	timer_start(&make('.', fire_and_quit)->timer, loop, 0);
	loop_run(loop);
	assert_string_equal(seen, "a.");
	close_pipe(a, to_a);
	close_pipe(b, to_b);
}

static void tells_the_end_of_a_pipe(void **state)
{
	struct named *a = make('a', NULL);
	int to_a = watch_pipe(a, ready_and_note);

	(void)state;
	close(to_a);
	loop_run_once(loop);
	loop_run_once(loop);
	assert_string_equal(seen, "aa");
	assert_null(a->watch.loop);
	close(a->watch.fd);
}

static void heard(void *data, int signal)
{
	note(*(const char *)data);
	note(signal == SIGINT ? 'I' : signal == SIGTERM ? 'T' : signal == SIGHUP ? 'H' : '?');
}

static void hears_signals(void **state)
{
	static char name = 's';

	(void)state;
	loop_on_signal(loop, heard, &name);
	raise(SIGTERM);
	loop_run_once(loop);
	raise(SIGINT);
	loop_run_once(loop);
	raise(SIGHUP);
	loop_run_once(loop);
	assert_string_equal(seen, "sTsIsH");
	raise(SIGPIPE);
	loop_on_signal(loop, NULL, NULL);
	raise(SIGTERM);
	loop_run_once(loop);
	assert_string_equal(seen, "sTsIsH");
}

static void drops_signals_that_it_has_not_read(void **state)
{
	(void)state;
	raise(SIGINT);
	raise(SIGTERM);
	arena_done(&arena); /* would end this program */
	arena_init(&arena);
}

static void cleans_what_it_inherits(void **state)
{
	struct io_failure failure;
	sigset_t blocked;

	(void)state;
	arena_done(&arena);
	signal(SIGCHLD, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGALRM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	loop = loop_open(&clock_system, &arena, &failure);
	assert_non_null(loop);
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	assert_false(sigismember(&blocked, SIGUSR1));
	assert_false(sigismember(&blocked, SIGALRM));
	assert_true(sigismember(&blocked, SIGTERM));
	assert_false(sigismember(&blocked, SIGHUP));
	assert_ptr_equal(signal(SIGHUP, SIG_DFL), SIG_IGN);
	assert_ptr_equal(signal(SIGCHLD, SIG_DFL), SIG_DFL);
	arena_done(&arena);
	/* As it was. */
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	assert_true(sigismember(&blocked, SIGUSR1));
	assert_false(sigismember(&blocked, SIGTERM));
	sigemptyset(&blocked);
	sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static void says_why_it_cannot_be_opened(void **state)
{
	struct io_failure failure = { 0 };
	struct rlimit old, none;
	struct arena other;

	(void)state;
	arena_init(&other);
	getrlimit(RLIMIT_NOFILE, &old);
	none = old;
	none.rlim_cur = 3;
	setrlimit(RLIMIT_NOFILE, &none);
	assert_null(loop_open(&clock_system, &other, &failure));
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(failure.class, IO_RESOURCE);
	assert_string_equal(failure.code, "EMFILE");
	assert_string_equal(failure.message, "cannot set up the event loop: Too many open files");
	arena_done(&other);
}

static int64_t fixed(const struct clock *clock)
{
	(void)clock;
	return 42;
}

static void reads_the_clock_that_it_was_given(void **state)
{
	static const struct clock clock = { .wall = fixed, .boot = fixed };
	struct io_failure failure;

	(void)state;
	arena_done(&arena);
	loop = loop_open(&clock, &arena, &failure);
	assert_non_null(loop);
	assert_ptr_equal(loop_clock(loop), &clock);
	assert_int_equal(loop_now(loop), 42);
	timer_start(&make('.', fire_and_quit)->timer, loop, NS_PER_MS);
	loop_run(loop);
	assert_string_equal(seen, ".");
}

static void names_classes(void **state)
{
	static const struct {
		int error;
		const char *class;
	} rows[] = { { ENOENT, "not_found" },     { ENOTDIR, "not_found" },
		     { EACCES, "permission" },    { ETIMEDOUT, "timeout" },
		     { EMFILE, "resource" },      { ENOSPC, "resource" },
		     { ECONNREFUSED, "connect" }, { EPERM, "permission" } };
	struct io_failure failure;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(io_class_name(io_class_of_errno(rows[i].error)), rows[i].class);
	assert_string_equal(io_class_name(IO_NONE), "");
	io_fail_errno(&failure, &arena, ENOSPC, "cannot keep '%s'", "x");
	assert_string_equal(failure.message, "cannot keep 'x': No space left on device");
	assert_string_equal(failure.code, "ENOSPC");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fires_timers_in_order_of_time),
		TEST(fires_timers_of_one_moment_in_order_of_start),
		TEST(fires_no_timer_early),
		TEST(stops_a_timer_of_the_same_turn),
		TEST(gives_a_timer_started_in_a_callback_a_later_turn),
		TEST(moves_a_timer_that_is_started_again),
		TEST(fires_a_thousand_timers_in_order),
		TEST(calls_watches_in_order_and_only_when_ready),
		TEST(stops_a_watch_from_a_callback_of_the_same_turn),
		TEST(tells_the_end_of_a_pipe),
		TEST(hears_signals),
		TEST(drops_signals_that_it_has_not_read),
		TEST(cleans_what_it_inherits),
		TEST(says_why_it_cannot_be_opened),
		TEST(reads_the_clock_that_it_was_given),
		TEST(names_classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
