/* The calendar: days since 1970 to years, months and days and back, and an instant in a zone. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "value/internal.h"

#define DAY 86400
#define ERA_DAYS 146097 /* in 400 years */

int64_t floor_divide(int64_t number, int64_t by, int64_t *rest)
{
	int64_t quotient = number / by;

	*rest = number % by;
	if (*rest < 0) {
		*rest += by;
		quotient--;
	}
	return quotient;
}

bool civil_is_leap(int64_t year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Years are counted from March, so that the day that not every year has is the last one; five
 * months from March on have 153 days, wherever one starts counting. */
int64_t civil_to_days(int64_t year, int month, int day)
{
	int64_t year_of_era;
	int64_t era = floor_divide(month > 2 ? year : year - 1, 400, &year_of_era);
	int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * ERA_DAYS + day_of_era - 719468; /* from 0000-03-01 to 1970-01-01 */
}

void civil_from_days(int64_t days, struct civil *civil)
{
	int64_t day_of_era;
	int64_t era = floor_divide(days + 719468, ERA_DAYS, &day_of_era);
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / (ERA_DAYS - 1)) /
			      365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month = (5 * day_of_year + 2) / 153; /* 0: March */
	int64_t weekday;

	floor_divide(days + 4, 7, &weekday); /* 1970-01-01 was a Thursday */
	civil->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	civil->month = (int)(month < 10 ? month + 3 : month - 9);
	civil->year = era * 400 + year_of_era + (month >= 10);
	civil->weekday = (int)weekday;
	civil->yearday = (int)(days - civil_to_days(civil->year, 1, 1));
}

/* ---- zones --------------------------------------------------------------------------------- */

static bool is_pair(const char *digits, int limit, int *number)
{
	if (digits[0] < '0' || digits[0] > '9' || digits[1] < '0' || digits[1] > '9')
		return false;
	*number = 10 * (digits[0] - '0') + (digits[1] - '0');
	return *number < limit;
}

/* "+02:00", "-05:30", "02:00". */
static bool read_fixed(struct text zone, int32_t *offset)
{
	bool sign = zone.len == 6 && (zone.ptr[0] == '+' || zone.ptr[0] == '-');
	bool west = sign && zone.ptr[0] == '-';
	int hours;
	int minutes;

	if (sign)
		zone = text_slice(zone, 1, zone.len);
	if (zone.len != 5 || zone.ptr[2] != ':' || !is_pair(zone.ptr, 24, &hours) ||
	    !is_pair(zone.ptr + 3, 60, &minutes))
		return false;
	*offset = (west ? -60 : 60) * (60 * hours + minutes);
	return true;
}

/* Names become paths: letters, digits and "_+-" in parts that do not begin with a dot. */
static bool is_zone_name(struct text zone)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";

	if (zone.len == 0 || zone.len > 64 || text_is(zone, "Local"))
		return false;
	for (size_t i = 0; i < zone.len; i++) {
		bool starts = i == 0 || zone.ptr[i - 1] == '/';

		if (!memchr(allowed, zone.ptr[i], sizeof(allowed) - 1) ||
		    (starts && zone.ptr[i] == '/'))
			return false;
	}
	return zone.ptr[zone.len - 1] != '/';
}

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define ZONE_MAX_SIZE (256u << 10)

static const char *unknown_zone(struct text zone, struct arena *arena)
{
	struct buffer message;

	buffer_init(&message, arena);
	buffer_puts(&message, "unknown time zone ");
	value_show(&message, value_string(zone), 60);
	return buffer_string(&message);
}

static const char *read_named(struct text zone, int64_t seconds, struct arena *arena,
			      int32_t *offset)
{
	struct text tzif;
	const char *path;

	if (!is_zone_name(zone))
		return unknown_zone(zone, arena);
	path = arena_format(arena, ZONE_FOLDER "/%.*s", TEXT_ARG(zone));
	if (file_read(AT_FDCWD, path, ZONE_MAX_SIZE, arena, &tzif) == 0)
		return zone_offset(tzif, seconds, offset);
	if (file_read(AT_FDCWD, ZONE_FOLDER "/Etc/UTC", ZONE_MAX_SIZE, arena, &tzif) != 0)
		return "the time zone database " ZONE_FOLDER " is not installed (package tzdata)";
	return unknown_zone(zone, arena);
}

const char *value_civil(struct value timestamp, struct text zone, struct arena *arena,
			struct civil *civil)
{
	int32_t offset = 0;
	int64_t clock;

	if (!text_is(zone, "UTC") && !read_fixed(zone, &offset)) {
		const char *error = read_named(zone, timestamp.integer, arena, &offset);

		if (error)
			return error;
	}
	civil_from_days(floor_divide(timestamp.integer + offset, DAY, &clock), civil);
	civil->hour = (int)(clock / 3600);
	civil->minute = (int)(clock / 60 % 60);
	civil->second = (int)(clock % 60);
	civil->ns = timestamp.len;
	return NULL;
}
