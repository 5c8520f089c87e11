/* Timestamps and durations as text: RFC 3339, and CEL's durations (those of Go). */
#include "base/clock.h"
#include "value/internal.h"

#define DAY 86400

/* What is left of a text that is being read. */
struct cursor {
	const char *at;
	const char *end;
};

static bool is_digit(const struct cursor *cursor)
{
	return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static bool accept(struct cursor *cursor, char byte)
{
	if (cursor->at == cursor->end || *cursor->at != byte)
		return false;
	cursor->at++;
	return true;
}

/* Exactly count digits, low to high. */
static bool read_digits(struct cursor *cursor, int count, int low, int high, int *number)
{
	*number = 0;
	for (int i = 0; i < count; i++) {
		if (!is_digit(cursor))
			return false;
		*number = 10 * *number + (*cursor->at++ - '0');
	}
	return *number >= low && *number <= high;
}

/* ---- timestamps ---------------------------------------------------------------------------- */

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && civil_is_leap(year));
}

static bool read_date(struct cursor *cursor, int64_t *days)
{
	int year;
	int month;
	int day;

	if (!read_digits(cursor, 4, 0, 9999, &year) || !accept(cursor, '-') ||
	    !read_digits(cursor, 2, 1, 12, &month) || !accept(cursor, '-') ||
	    !read_digits(cursor, 2, 1, days_in_month(year, month), &day))
		return false;
	*days = civil_to_days(year, month, day);
	return true;
}

static bool read_clock(struct cursor *cursor, int64_t *seconds)
{
	int hour;
	int minute;
	int second;

	if (!read_digits(cursor, 2, 0, 23, &hour) || !accept(cursor, ':') ||
	    !read_digits(cursor, 2, 0, 59, &minute) || !accept(cursor, ':') ||
	    !read_digits(cursor, 2, 0, 59, &second))
		return false;
	*seconds = 3600 * hour + 60 * minute + second;
	return true;
}

/* ".5" as nanoseconds; digits beyond them are dropped. */
static bool read_fraction(struct cursor *cursor, uint32_t *ns)
{
	uint32_t unit = NS_PER_S;

	*ns = 0;
	if (!accept(cursor, '.'))
		return true;
	if (!is_digit(cursor))
		return false;
	for (; is_digit(cursor); cursor->at++) {
		unit /= 10;
		*ns += unit * (uint32_t)(*cursor->at - '0');
	}
	return true;
}

static bool read_offset(struct cursor *cursor, int64_t *seconds)
{
	bool west;
	int hours;
	int minutes;

	*seconds = 0;
	if (accept(cursor, 'Z'))
		return true;
	west = accept(cursor, '-');
	if (!west && !accept(cursor, '+'))
		return false;
	if (!read_digits(cursor, 2, 0, 23, &hours) || !accept(cursor, ':') ||
	    !read_digits(cursor, 2, 0, 59, &minutes))
		return false;
	*seconds = (west ? -60 : 60) * (60 * hours + minutes);
	return true;
}

bool value_read_timestamp(struct text text, struct value *out)
{
	struct cursor cursor = { text.ptr, text.ptr + text.len };
	int64_t days;
	int64_t clock;
	int64_t offset;
	uint32_t ns;

	if (text.len == 0 || !read_date(&cursor, &days) || !accept(&cursor, 'T') ||
	    !read_clock(&cursor, &clock) || !read_fraction(&cursor, &ns) ||
	    !read_offset(&cursor, &offset) || cursor.at != cursor.end)
		return false;
	*out = value_timestamp(days * DAY + clock - offset, ns);
	return out->integer >= TIMESTAMP_MIN && out->integer <= TIMESTAMP_MAX;
}

/* ".5" for 500,000,000; nothing for 0. */
static void write_fraction(struct buffer *out, uint32_t ns)
{
	int width = 9;

	if (ns == 0)
		return;
	for (; ns % 10 == 0; ns /= 10)
		width--;
	buffer_printf(out, ".%0*u", width, ns);
}

void value_write_timestamp(struct buffer *out, struct value timestamp)
{
	struct civil civil;
	int64_t clock;

	civil_from_days(floor_divide(timestamp.integer, DAY, &clock), &civil);
	buffer_printf(out, "%04d-%02d-%02dT%02d:%02d:%02d", (int)civil.year, civil.month, civil.day,
		      (int)(clock / 3600), (int)(clock / 60 % 60), (int)(clock % 60));
	write_fraction(out, timestamp.len);
	buffer_putc(out, 'Z');
}

/* ---- durations ----------------------------------------------------------------------------- */

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ns", 1 },         { "us", 1000 },    { "\u00b5s", 1000 }, /* micro sign */
	{ "\u03bcs", 1000 },                                         /* Greek mu */
	{ "ms", NS_PER_MS }, { "s", NS_PER_S }, { "m", 60 * NS_PER_S }, { "h", 3600 * NS_PER_S },
};

static const struct unit *read_unit(struct cursor *cursor)
{
	struct text rest = { cursor->at, (size_t)(cursor->end - cursor->at) };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (!text_starts(rest, units[i].name))
			continue;
		cursor->at += text_of(units[i].name).len;
		return &units[i];
	}
	return NULL;
}

/* Digits as a number; *scale becomes ten to their count. Digits beyond the 18th are dropped if
 * they are a fraction's. */
static bool read_number(struct cursor *cursor, bool fraction, uint64_t *number, uint64_t *scale)
{
	*number = 0;
	*scale = 1;
	for (; is_digit(cursor); cursor->at++) {
		if (fraction && *scale == UINT64_C(1000000000000000000))
			continue;
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(*cursor->at - '0'), number))
			return false;
		*scale *= 10;
	}
	return true;
}

/* "1.5h", added to *ns. */
static bool read_part(struct cursor *cursor, uint64_t *ns)
{
	const char *start = cursor->at;
	uint64_t whole;
	uint64_t fraction = 0;
	uint64_t scale = 1;
	const struct unit *unit;
	size_t digits;

	if (!read_number(cursor, false, &whole, &scale))
		return false;
	digits = (size_t)(cursor->at - start);
	scale = 1;
	if (accept(cursor, '.')) {
		start = cursor->at;
		if (!read_number(cursor, true, &fraction, &scale))
			return false;
		digits += (size_t)(cursor->at - start);
	}
	unit = digits ? read_unit(cursor) : NULL;
	if (!unit || __builtin_mul_overflow(whole, (uint64_t)unit->ns, &whole))
		return false;
	fraction = (uint64_t)((value_uwide)fraction * (uint64_t)unit->ns / scale);
	return !__builtin_add_overflow(*ns, whole, ns) &&
	       !__builtin_add_overflow(*ns, fraction, ns);
}

bool value_read_duration(struct text text, struct value *out)
{
	struct cursor cursor = { text.ptr, text.ptr + text.len };
	bool negative = accept(&cursor, '-');
	uint64_t ns = 0;

	if (!negative)
		accept(&cursor, '+');
	if (cursor.at == cursor.end)
		return false;
	if (cursor.end - cursor.at == 1 && *cursor.at == '0') {
		*out = value_duration(0);
		return true;
	}
	while (cursor.at < cursor.end)
		if (!read_part(&cursor, &ns))
			return false;
	if (ns > (uint64_t)INT64_MAX + negative)
		return false;
	*out = value_duration((int64_t)(negative ? 0 - ns : ns));
	return true;
}

void value_write_duration(struct buffer *out, struct value duration)
{
	uint64_t ns = (uint64_t)duration.integer;

	if (duration.integer < 0) {
		buffer_putc(out, '-');
		ns = 0 - ns;
	}
	buffer_printf(out, "%llu", (unsigned long long)(ns / NS_PER_S));
	write_fraction(out, (uint32_t)(ns % NS_PER_S));
	buffer_putc(out, 's');
}
