#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "io/sqlite_internal.h"

#define BUSY_PAUSE (5 * NS_PER_MS) /* between two looks at a lock */

static bool has_passed(const struct sqlite_limits *limits, int64_t due)
{
	return due && loop_now(limits->loop) >= due;
}

/* Whether somebody wants the program to stop: the loop, which would read it, is not turning. */
static bool is_signalled(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 &&
	       (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1 ||
		sigismember(&waiting, SIGHUP) == 1);
}

void sqlite_limits_begin(struct sqlite_limits *limits)
{
	if (limits->call->statement_timeout)
		limits->statement_due = loop_now(limits->loop) + limits->call->statement_timeout;
}

void sqlite_limits_end(struct sqlite_limits *limits)
{
	limits->statement_due = 0;
}

struct io_failure sqlite_limits_reached(const struct sqlite_limits *limits, struct arena *arena)
{
	struct io_failure failure = { 0 };

	if (has_passed(limits, limits->call->deadline))
		io_fail(&failure, arena, IO_TIMEOUT, "the time for the step has passed");
	else if (has_passed(limits, limits->statement_due))
		io_fail(&failure, arena, IO_TIMEOUT, "the statement took longer than %s",
			clock_span(limits->call->statement_timeout, arena));
	else if (is_signalled())
		io_fail(&failure, arena, IO_CANCELLED, "cancelled");
	return failure;
}

bool sqlite_limits_wait(struct sqlite_limits *limits, int count)
{
	static const struct timespec pause = { .tv_nsec = BUSY_PAUSE };
	int64_t wait = limits->call->lock_timeout;

	if (count == 0)
		limits->lock_due = loop_now(limits->loop) + (wait ? wait : SQLITE_LOCK_TIMEOUT);
	if (has_passed(limits, limits->lock_due))
		return false;
	nanosleep(&pause, NULL);
	return true;
}

bool sqlite_file_is_there(const struct sql_call *call, struct arena *arena,
			  struct io_failure *failure)
{
	struct stat stat_of;

	if (strcmp(call->connection, ":memory:") == 0 || stat(call->connection, &stat_of) == 0)
		return true;
	if (errno == EACCES) {
		io_fail(failure, arena, IO_PERMISSION, "cannot open %s: %s", call->connection,
			strerror(errno));
		return false;
	}
	if (call->read_only || !call->create) {
		io_fail(failure, arena, IO_NOT_FOUND, "the database %s does not exist",
			call->connection);
		return false;
	}
	if (call->notice)
		call->notice(call->data,
			     arena_format(arena, "there is no database yet, a new one is begun: %s",
					  call->connection));
	return true;
}

const char *sqlite_timestamp(int64_t microseconds, struct arena *arena)
{
	time_t seconds = microseconds / 1000000 - (microseconds % 1000000 < 0);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return arena_format(arena, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900,
			    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			    (int)(microseconds - seconds * 1000000));
}

size_t sqlite_position(struct text text, size_t byte)
{
	size_t at = 0, count = 1;

	while (at < text.len && at < byte) {
		text_next(text, &at);
		count += at <= byte;
	}
	return count;
}
