#include "base/bug.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "io/internal.h"

/* The loop's own descriptors stand before the watched ones. */
enum { POLLED_SIGNALS, POLLED_TIMER, POLLED_WATCHES };

static const int heard_signals[] = { SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGWINCH };

static bool is_ignored(int signal)
{
	struct sigaction action;

	return sigaction(signal, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* Whoever started us with SIGINT or SIGHUP ignored (nohup, `&` in a script) meant it. */
static bool stays_ignored(int signal)
{
	return (signal == SIGINT || signal == SIGHUP) && is_ignored(signal);
}

static void set_action(int signal, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	sigemptyset(&action.sa_mask);
	sigaction(signal, &action, NULL);
}

static int take_signals(struct loop *loop)
{
	sigset_t heard;

	sigemptyset(&heard);
	for (size_t i = 0; i < sizeof(heard_signals) / sizeof(heard_signals[0]); i++) {
		if (!stays_ignored(heard_signals[i]))
			sigaddset(&heard, heard_signals[i]);
	}
	set_action(SIGCHLD, SIG_DFL);
	set_action(SIGPIPE, SIG_IGN);
	set_action(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error of write */
	sigemptyset(&loop->ignored);
	for (int signal = 1; signal < NSIG; signal++) {
		if (is_ignored(signal))
			sigaddset(&loop->ignored, signal);
	}
	loop->signal_fd = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
	sigprocmask(SIG_SETMASK, &heard, &loop->masked);
	return loop->signal_fd < 0 ? errno : 0;
}

/* A pipe that took the place of a closed stdin would be lost by the first dup2 onto it. */
static int open_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int open_descriptors(struct loop *loop)
{
	int error = open_standard();

	if (error)
		return error;
	loop->null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (loop->null_fd < 0)
		return errno;
	loop->timer_fd = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->timer_fd < 0)
		return errno;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return errno;
	return take_signals(loop);
}

/* Gives the signals back. What came for the loop and was not read is dropped: unblocked, a second
 * Ctrl-C would end a program that has already told how its run ended. */
static void leave_signals(struct loop *loop)
{
	const struct timespec at_once = { 0 };
	sigset_t heard;

	sigprocmask(SIG_SETMASK, NULL, &heard);
	while (sigtimedwait(&heard, NULL, &at_once) > 0)
		;
	sigprocmask(SIG_SETMASK, &loop->masked, NULL);
}

static void loop_close(void *data)
{
	struct loop *loop = data;
	const int own[] = { loop->null_fd, loop->timer_fd, loop->signal_fd };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (own[i] >= 0)
			close(own[i]);
	}
	leave_signals(loop);
}

struct loop *loop_open(const struct clock *clock, struct arena *arena, struct io_failure *failure)
{
	struct loop *loop = arena_new(arena, struct loop);
	int error;

	*loop = (struct loop){
		.clock = clock, .arena = arena, .timer_fd = -1, .signal_fd = -1, .null_fd = -1
	};
	sigprocmask(SIG_SETMASK, NULL, &loop->masked);
	arena_defer(arena, loop_close, loop);
	list_add(&loop->polled, arena)->fd = -1;
	list_add(&loop->polled, arena)->fd = -1;
	error = open_descriptors(loop);
	if (error) {
		io_fail_errno(failure, arena, error, "cannot set up the event loop");
		return NULL;
	}
	loop->polled.at[POLLED_SIGNALS] = (struct pollfd){ .fd = loop->signal_fd,
							   .events = POLLIN };
	loop->polled.at[POLLED_TIMER] = (struct pollfd){ .fd = loop->timer_fd, .events = POLLIN };
	return loop;
}

const struct clock *loop_clock(const struct loop *loop)
{
	return loop->clock;
}

int64_t loop_now(const struct loop *loop)
{
	return clock_boot(loop->clock);
}

void loop_on_signal(struct loop *loop, void (*heard)(void *data, int signal), void *data)
{
	loop->heard = heard;
	loop->heard_data = data;
}

void watch_start(struct watch *watch, struct loop *loop)
{
	watch_stop(watch);
	watch->loop = loop;
	watch->slot = loop->watches.count;
	*list_add(&loop->watches, loop->arena) = watch;
}

void watch_stop(struct watch *watch)
{
	if (!watch->loop)
		return;
	watch->loop->watches.at[watch->slot] = NULL;
	watch->loop = NULL;
}

/* Closes the gaps that stopped watches left and writes what poll has to look at. */
static void gather(struct loop *loop)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->watches.count; i++) {
		struct watch *watch = loop->watches.at[i];

		if (!watch)
			continue;
		watch->slot = kept;
		loop->watches.at[kept++] = watch;
	}
	loop->watches.count = kept;
	loop->polled.count = POLLED_WATCHES;
	for (size_t i = 0; i < kept; i++) {
		*list_add(&loop->polled, loop->arena) = (struct pollfd){
			.fd = loop->watches.at[i]->fd,
			.events = loop->watches.at[i]->events,
		};
	}
}

/* Gives poll's timeout; -1 after the timerfd was set. One that rings for nothing, because its timer
 * was stopped, costs less than setting it each time. */
static int arm(struct loop *loop)
{
	int64_t next = timers_next(loop);
	struct itimerspec when = { 0 };

	if (next == INT64_MAX)
		return -1;
	if (next <= clock_boot(&clock_system))
		return 0;
	if (loop->armed && loop->armed <= next)
		return -1;
	when.it_value.tv_sec = next / NS_PER_S;
	when.it_value.tv_nsec = next % NS_PER_S;
	if (timerfd_settime(loop->timer_fd, TFD_TIMER_ABSTIME, &when, NULL) < 0)
		bug("timerfd_settime: %s", strerror(errno));
	loop->armed = next;
	return -1;
}

/* What could not be read is still there in the next turn, unless there was nothing. */
static void check_read(struct loop *loop, ssize_t len)
{
	if (len < 0 && errno != EAGAIN && !file_interrupted(&loop->interrupted))
		bug("read: %s", strerror(errno));
}

static void disarm(struct loop *loop)
{
	uint64_t rung;
	ssize_t len = read(loop->timer_fd, &rung, sizeof(rung));

	check_read(loop, len);
	if (len == (ssize_t)sizeof(rung))
		loop->armed = 0;
}

static void call_watches(struct loop *loop)
{
	size_t count = loop->polled.count - POLLED_WATCHES;

	for (size_t i = 0; i < count; i++) {
		struct watch *watch = loop->watches.at[i];
		short events = loop->polled.at[POLLED_WATCHES + i].revents;

		if (watch && events)
			watch->ready(watch->data, events);
	}
}

static void hear(struct loop *loop)
{
	struct signalfd_siginfo heard[8];
	ssize_t len = read(loop->signal_fd, heard, sizeof(heard));
	bool child = false;

	check_read(loop, len);
	for (ssize_t i = 0; i < len / (ssize_t)sizeof(heard[0]); i++) {
		int signal = (int)heard[i].ssi_signo;

		if (signal == SIGCHLD)
			child = true;
		else if (loop->heard)
			loop->heard(loop->heard_data, signal);
	}
	if (child)
		loop_reap(loop);
}

void loop_run_once(struct loop *loop)
{
	unsigned interrupted = loop->interrupted;
	short signals;

	gather(loop);
	if (poll(loop->polled.at, loop->polled.count, arm(loop)) < 0) {
		/* Ours are blocked; but SIGSTOP, or a tracer, interrupts too. */
		if (!file_interrupted(&loop->interrupted))
			bug("poll: %s", strerror(errno));
		return;
	}
	signals = loop->polled.at[POLLED_SIGNALS].revents;
	if (loop->polled.at[POLLED_TIMER].revents)
		disarm(loop);
	timers_fire(loop);
	call_watches(loop);
	if (signals)
		hear(loop);
	if (loop->interrupted == interrupted)
		loop->interrupted = 0;
}

void loop_run(struct loop *loop)
{
	loop->quitting = false;
	while (!loop->quitting)
		loop_run_once(loop);
}

void loop_quit(struct loop *loop)
{
	loop->quitting = true;
}
