/* The rule of POSIX TZ (8.3, with RFC 8536's hours from -167 to 167): "CET-1CEST,M3.5.0,M10.5.0/3".
 */
#include "value/internal.h"

#define DAY 86400

struct cursor {
	const char *at;
	const char *end;
};

/* When in a year summer time begins or ends. */
struct change {
	enum { JULIAN, DAY_OF_YEAR, MONTH_WEEK_DAY } kind;
	int month;    /* 1-12 */
	int week;     /* 1-5; 5: the last */
	int day;      /* JULIAN: 1-365, 29 February not counted; DAY_OF_YEAR: 0-365; else weekday */
	int32_t time; /* seconds from midnight, local */
};

struct rule {
	int32_t standard; /* seconds east of UTC */
	int32_t summer;
	bool has_summer;
	struct change begin;
	struct change end;
};

static bool accept(struct cursor *cursor, char byte)
{
	if (cursor->at == cursor->end || *cursor->at != byte)
		return false;
	cursor->at++;
	return true;
}

static bool read_number(struct cursor *cursor, int low, int high, int *number)
{
	const char *start = cursor->at;

	*number = 0;
	for (; cursor->at < cursor->end && cursor->at - start < 4; cursor->at++) {
		if (*cursor->at < '0' || *cursor->at > '9')
			break;
		*number = 10 * *number + (*cursor->at - '0');
	}
	return cursor->at > start && *number >= low && *number <= high;
}

/* "CET" or "<+03>". */
static bool skip_name(struct cursor *cursor)
{
	const char *start = cursor->at;

	if (accept(cursor, '<')) {
		while (cursor->at < cursor->end && *cursor->at != '>')
			cursor->at++;
		return accept(cursor, '>');
	}
	while (cursor->at < cursor->end && ((*cursor->at >= 'A' && *cursor->at <= 'Z') ||
					    (*cursor->at >= 'a' && *cursor->at <= 'z')))
		cursor->at++;
	return cursor->at - start >= 3;
}

/* "-1", "3:30", "+2:00:00": seconds. */
static bool read_time(struct cursor *cursor, int32_t *seconds)
{
	bool negative = accept(cursor, '-');
	int hours;
	int minutes = 0;
	int rest = 0;

	if (!negative)
		accept(cursor, '+');
	if (!read_number(cursor, 0, 167, &hours))
		return false;
	if (accept(cursor, ':')) {
		if (!read_number(cursor, 0, 59, &minutes))
			return false;
		if (accept(cursor, ':') && !read_number(cursor, 0, 59, &rest))
			return false;
	}
	*seconds = (negative ? -1 : 1) * (3600 * hours + 60 * minutes + rest);
	return true;
}

static bool read_month(struct cursor *cursor, struct change *change)
{
	change->kind = MONTH_WEEK_DAY;
	return read_number(cursor, 1, 12, &change->month) && accept(cursor, '.') &&
	       read_number(cursor, 1, 5, &change->week) && accept(cursor, '.') &&
	       read_number(cursor, 0, 6, &change->day);
}

static bool read_change(struct cursor *cursor, struct change *change)
{
	bool good;

	*change = (struct change){ .time = 2 * 3600 };
	if (!accept(cursor, ','))
		return false;
	if (accept(cursor, 'M')) {
		good = read_month(cursor, change);
	} else if (accept(cursor, 'J')) {
		change->kind = JULIAN;
		good = read_number(cursor, 1, 365, &change->day);
	} else {
		change->kind = DAY_OF_YEAR;
		good = read_number(cursor, 0, 365, &change->day);
	}
	return good && (!accept(cursor, '/') || read_time(cursor, &change->time));
}

static bool read_rule(struct text text, struct rule *rule)
{
	struct cursor cursor = { text.ptr, text.ptr + text.len };

	*rule = (struct rule){ .standard = 0 };
	if (!skip_name(&cursor) || !read_time(&cursor, &rule->standard))
		return false;
	rule->standard = -rule->standard; /* the rule counts to the west */
	if (cursor.at == cursor.end)
		return true;
	rule->has_summer = true;
	rule->summer = rule->standard + 3600;
	if (!skip_name(&cursor))
		return false;
	if (cursor.at < cursor.end && *cursor.at != ',') {
		if (!read_time(&cursor, &rule->summer))
			return false;
		rule->summer = -rule->summer;
	}
	return read_change(&cursor, &rule->begin) && read_change(&cursor, &rule->end) &&
	       cursor.at == cursor.end;
}

/* The day of a change in a year, counted from 1970-01-01. */
static int64_t change_day(const struct change *change, int64_t year)
{
	int64_t january = civil_to_days(year, 1, 1);
	int64_t first;
	int64_t next;
	int64_t day;
	struct civil civil;

	if (change->kind == DAY_OF_YEAR)
		return january + change->day;
	if (change->kind == JULIAN) /* day 60 is 1 March in every year */
		return january + change->day - 1 + (change->day >= 60 && civil_is_leap(year));
	first = civil_to_days(year, change->month, 1);
	next = change->month == 12 ? civil_to_days(year + 1, 1, 1)
				   : civil_to_days(year, change->month + 1, 1);
	civil_from_days(first, &civil);
	day = first + (change->day - civil.weekday + 7) % 7 + (int64_t)7 * (change->week - 1);
	return day < next ? day : day - 7;
}

bool zone_rule_offset(struct text text, int64_t seconds, int32_t *offset)
{
	struct rule rule;
	struct civil civil;
	int64_t rest;
	int64_t begin;
	int64_t end;
	bool summer;

	if (text.len == 0 || !read_rule(text, &rule))
		return false;
	*offset = rule.standard;
	if (!rule.has_summer)
		return true;
	civil_from_days(floor_divide(seconds + rule.standard, DAY, &rest), &civil);
	begin = change_day(&rule.begin, civil.year) * DAY + rule.begin.time - rule.standard;
	end = change_day(&rule.end, civil.year) * DAY + rule.end.time - rule.summer;
	/* South of the equator summer lies around the turn of the year. */
	summer = begin < end ? seconds >= begin && seconds < end
			     : seconds >= begin || seconds < end;
	if (summer)
		*offset = rule.summer;
	return true;
}
