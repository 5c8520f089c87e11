#include "base/clock.h"

#include <inttypes.h>
#include <time.h>

#include "base/arena.h"

static int64_t read_clock(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

static int64_t system_wall(const struct clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_REALTIME);
}

static int64_t system_boot(const struct clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_BOOTTIME);
}

const struct clock clock_system = { .wall = system_wall, .boot = system_boot };

int64_t clock_wall(const struct clock *clock)
{
	return clock->wall(clock);
}

int64_t clock_boot(const struct clock *clock)
{
	return clock->boot(clock);
}

/* Whole seconds, rounded down also before 1970. */
static time_t seconds(int64_t wall)
{
	return (time_t)(wall / NS_PER_S - (wall % NS_PER_S < 0));
}

const char *clock_utc(int64_t wall, struct arena *arena)
{
	time_t second = seconds(wall);
	int64_t ms = (wall - (int64_t)second * NS_PER_S) / NS_PER_MS;
	struct tm tm;
	char date[32];

	gmtime_r(&second, &tm);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	return arena_format(arena, "%s.%03" PRId64 "Z", date, ms);
}

const char *clock_local(int64_t wall, struct arena *arena)
{
	time_t second = seconds(wall);
	struct tm tm;
	char date[64];

	localtime_r(&second, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S %Z", &tm);
	return arena_string(arena, date);
}

const char *clock_span(int64_t ns, struct arena *arena)
{
	int64_t tenths = ns < 0 ? 0 : (ns + 50 * NS_PER_MS) / (100 * NS_PER_MS);
	int64_t whole = (tenths + 5) / 10;

	if (tenths < 600)
		return arena_format(arena, "%" PRId64 ".%" PRId64 "s", tenths / 10, tenths % 10);
	if (whole < 3600)
		return arena_format(arena, "%" PRId64 "m%02" PRId64 "s", whole / 60, whole % 60);
	return arena_format(arena, "%" PRId64 "h%02" PRId64 "m", whole / 3600, whole / 60 % 60);
}

const char *clock_written(int64_t ns, struct arena *arena)
{
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = { { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 } };
	int64_t left = ns < 0 ? 0 : ns / NS_PER_MS;
	struct buffer out;

	buffer_init(&out, arena);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (left >= units[i].ms)
			buffer_printf(&out, "%" PRId64 "%s", left / units[i].ms, units[i].name);
		left %= units[i].ms;
	}
	return out.len ? buffer_string(&out) : "0ms";
}
