/* Timestamps and durations. */
#include "base/clock.h"
#include "expr/functions.h"

FUNCTION(timestamp_of_string)
{
	struct value timestamp;

	if (!value_read_timestamp(value_text(args[0]), &timestamp))
		return function_fail(call, "the text is no timestamp of RFC 3339, like "
					   "2026-03-02T13:21:40Z");
	return timestamp;
}

FUNCTION(timestamp_of_int)
{
	if (args[0].integer < TIMESTAMP_MIN || args[0].integer > TIMESTAMP_MAX)
		return function_fail(call, "a timestamp lies in the years 1 to 9999");
	return value_timestamp(args[0].integer, 0);
}

FUNCTION(duration_of_string)
{
	struct value duration;

	if (!value_read_duration(value_text(args[0]), &duration))
		return function_fail(call,
				     "the text is no duration, like 1h30m, 90s or 1.5s; the units "
				     "are h, m, s, ms, us and ns");
	return duration;
}

FUNCTION(same)
{
	return args[0];
}

/* ---- parts --------------------------------------------------------------------------------- */

/* A part of the civil time, in the zone of the second argument. */
static struct value part(struct function_call *call, const struct value *args, size_t count,
			 int64_t (*get)(const struct civil *civil))
{
	struct civil civil;
	struct text zone = count > 1 ? value_text(args[1]) : TEXT("UTC");
	const char *error = value_civil(args[0], zone, call->arena, &civil);

	return error ? function_fail(call, "%s", error) : value_int(get(&civil));
}

#define PART(function, expression) \
	static int64_t function##_part(const struct civil *civil) \
	{ \
		return expression; \
	} \
	FUNCTION(function) \
	{ \
		return part(call, args, count, function##_part); \
	}

PART(full_year, civil->year)
PART(month, civil->month - 1)
PART(date, civil->day)
PART(day_of_month, civil->day - 1)
PART(day_of_week, civil->weekday)
PART(day_of_year, civil->yearday)
PART(hours, civil->hour)
PART(minutes, civil->minute)
PART(seconds, civil->second)
PART(milliseconds, civil->ns / NS_PER_MS)

FUNCTION(duration_hours)
{
	return value_int(args[0].integer / (3600 * NS_PER_S));
}

FUNCTION(duration_minutes)
{
	return value_int(args[0].integer / (60 * NS_PER_S));
}

FUNCTION(duration_seconds)
{
	return value_int(args[0].integer / NS_PER_S);
}

/* Of the last second only, unlike the others. */
FUNCTION(duration_milliseconds)
{
	return value_int(args[0].integer % NS_PER_S / NS_PER_MS);
}

/* ---- what operators need ------------------------------------------------------------------- */

FUNCTION(truncate_time)
{
	__extension__ __int128 ns = args[0].integer;
	__extension__ __int128 rest;

	if (args[1].integer <= 0)
		return function_fail(call, "a timestamp is truncated to a duration above zero");
	ns = ns * NS_PER_S + args[0].len;
	rest = ns % args[1].integer;
	ns -= rest < 0 ? rest + args[1].integer : rest;
	rest = ns % NS_PER_S;
	if (rest < 0)
		rest += NS_PER_S;
	ns = (ns - rest) / NS_PER_S;
	if (ns < TIMESTAMP_MIN)
		return function_fail(call, "a timestamp lies in the years 1 to 9999");
	return value_timestamp((int64_t)ns, (uint32_t)rest);
}

FUNCTION(human)
{
	uint64_t ns = (uint64_t)args[0].integer;
	uint64_t seconds;
	struct buffer out;

	if (args[0].integer > -NS_PER_S && args[0].integer < NS_PER_S) {
		buffer_init(&out, call->arena);
		value_write_double(&out, (double)args[0].integer / (double)NS_PER_MS);
		buffer_puts(&out, args[0].integer ? "ms" : "s");
		return value_string(buffer_text(&out));
	}
	buffer_init(&out, call->arena);
	if (args[0].integer < 0) {
		buffer_putc(&out, '-');
		ns = 0 - ns;
	}
	seconds = ns / NS_PER_S;
	if (seconds >= 3600)
		buffer_printf(&out, "%lluh", (unsigned long long)(seconds / 3600));
	if (seconds / 60 % 60)
		buffer_printf(&out, "%dm", (int)(seconds / 60 % 60));
	if (seconds % 60 || ns % NS_PER_S)
		value_write_duration(&out, value_duration((int64_t)(ns % (60 * NS_PER_S))));
	return value_string(buffer_text(&out));
}

/* ---- the table ----------------------------------------------------------------------------- */

/* Of a timestamp, in UTC and in a zone. */
#define GET(row_name, row_call, row_doc, row_example, zone_example) \
	{ .name = row_name, \
	  .receiver = true, \
	  .signature = "(timestamp) -> int", \
	  .call = row_call, \
	  .doc = row_doc, \
	  .example = row_example }, \
	{ \
		.name = row_name, .receiver = true, .signature = "(timestamp, string) -> int", \
		.call = row_call, .doc = row_doc, .example = zone_example, .zone = true \
	}
#define OF_DURATION(row_name, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .receiver = true, .signature = "(duration) -> int", \
		.call = row_call, .doc = row_doc, .example = row_example \
	}

#define T "timestamp('2026-03-02T13:21:40.311Z')"

const struct function functions_time[] = {
	PLAIN("timestamp", "(string) -> timestamp", timestamp_of_string,
	      "The instant that a text of RFC 3339 names.",
	      "timestamp('2026-03-02T14:00:00+01:00') == timestamp('2026-03-02T13:00:00Z')"),
	PLAIN("timestamp", "(int) -> timestamp", timestamp_of_int,
	      "The instant so many seconds after 1970-01-01T00:00:00Z.",
	      "timestamp(60) == timestamp('1970-01-01T00:01:00Z')"),
	PLAIN("timestamp", "(timestamp) -> timestamp", same, "The timestamp.",
	      "timestamp(timestamp(0)) == timestamp(0)"),
	PLAIN("duration", "(string) -> duration", duration_of_string,
	      "The duration that a text like 1h30m or 1.5s names.",
	      "duration('1h30m') == duration('90m')"),
	PLAIN("duration", "(duration) -> duration", same, "The duration.",
	      "duration(duration('1s')) == duration('1s')"),
	GET("getFullYear", full_year, "The year.", T ".getFullYear() == 2026",
	    "timestamp('2025-12-31T23:30:00Z').getFullYear('+01:00') == 2026"),
	GET("getMonth", month, "The month; January is 0.", T ".getMonth() == 2",
	    T ".getMonth('UTC') == 2"),
	GET("getDate", date, "The day of the month, from 1.", T ".getDate() == 2",
	    T ".getDate('+12:00') == 3"),
	GET("getDayOfMonth", day_of_month, "The day of the month, from 0.",
	    T ".getDayOfMonth() == 1", T ".getDayOfMonth('+12:00') == 2"),
	GET("getDayOfWeek", day_of_week, "The day of the week; Sunday is 0.",
	    T ".getDayOfWeek() == 1", T ".getDayOfWeek('+12:00') == 2"),
	GET("getDayOfYear", day_of_year, "The day of the year, from 0.", T ".getDayOfYear() == 60",
	    T ".getDayOfYear('+12:00') == 61"),
	GET("getHours", hours, "The hour, in UTC or in a zone: an IANA name, or +02:00.",
	    T ".getHours() == 13", T ".getHours('02:00') == 15"),
	GET("getMinutes", minutes, "The minute.", T ".getMinutes() == 21",
	    T ".getMinutes('+05:30') == 51"),
	GET("getSeconds", seconds, "The second.", T ".getSeconds() == 40",
	    T ".getSeconds('UTC') == 40"),
	GET("getMilliseconds", milliseconds, "The milliseconds of the second.",
	    T ".getMilliseconds() == 311", T ".getMilliseconds('UTC') == 311"),
	OF_DURATION("getHours", duration_hours, "How many whole hours it has.",
		    "duration('90m').getHours() == 1"),
	OF_DURATION("getMinutes", duration_minutes, "How many whole minutes it has.",
		    "duration('90m').getMinutes() == 90"),
	OF_DURATION("getSeconds", duration_seconds, "How many whole seconds it has.",
		    "duration('1m1.5s').getSeconds() == 61"),
	OF_DURATION("getMilliseconds", duration_milliseconds,
		    "The milliseconds of its last second.",
		    "duration('1.25s').getMilliseconds() == 250"),
	{ .name = "time.truncate",
	  .signature = "(timestamp, duration) -> timestamp",
	  .call = truncate_time,
	  .doc = "The last multiple of the duration, counted from 1970.",
	  .example = "time.truncate(" T ", duration('1h')).getMinutes() == 0" },
	{ .name = "human",
	  .receiver = true,
	  .signature = "(duration) -> string",
	  .call = human,
	  .doc = "The duration as a person writes it.",
	  .example = "duration('5400s').human() == '1h30m'" },
	{ 0 },
};
