/*
 * clock: wall time for people, boot time for durations. Whoever measures takes a struct clock *,
 * so that tests can bring their own.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

#include "base/text.h"

struct clock {
	int64_t (*wall)(const struct clock *clock); /* nanoseconds since 1970-01-01T00:00:00Z */
	int64_t (*boot)(const struct clock *clock); /* nanoseconds since boot, suspension counted */
	void *data;                                 /* for a test's own clock */
};

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S INT64_C(1000000000)

/* CLOCK_REALTIME and CLOCK_BOOTTIME. */
extern const struct clock clock_system;

int64_t clock_wall(const struct clock *clock);
int64_t clock_boot(const struct clock *clock);

/* "2026-03-02T13:21:40.311Z": RFC 3339 in UTC with milliseconds. */
const char *clock_utc(int64_t wall, struct arena *arena);

/* "2026-03-02 14:02:11 CET": for people, in local time with its zone. */
const char *clock_local(int64_t wall, struct arena *arena);

/* A duration for people: "0.2s", "41.7s", "12m04s", "1h02m". */
const char *clock_span(int64_t ns, struct arena *arena);
/* A duration that was written, as documents write them: "250ms", "1m30s", "10m"; whole ms. */
const char *clock_written(int64_t ns, struct arena *arena);

#endif
