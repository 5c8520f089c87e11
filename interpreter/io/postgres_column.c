#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "io/postgres_internal.h"

/* Seconds since 1970 of the years 1 and 10000. */
#define YEAR_1 INT64_C(-62135596800)
#define YEAR_10000 INT64_C(253402300800)

static struct sql_cell cell_text(enum sql_kind kind, struct text text, struct arena *arena)
{
	return (struct sql_cell){ .kind = kind,
				  .text = { arena_copy(arena, text.ptr, text.len), text.len } };
}

static struct sql_cell cell_integer(struct text text)
{
	return (struct sql_cell){ .kind = SQL_INT, .integer = strtoll(text.ptr, NULL, 10) };
}

static struct sql_cell cell_double(struct text text)
{
	return (struct sql_cell){ .kind = SQL_DOUBLE, .number = strtod(text.ptr, NULL) };
}

/* "42", "42.00": an integer if it is in range. */
static struct sql_cell cell_numeric(struct text text)
{
	char *end;
	long long integer;

	errno = 0;
	integer = strtoll(text.ptr, &end, 10);
	if (end == text.ptr || errno)
		return cell_double(text);
	if (*end == '.')
		end += 1 + strspn(end + 1, "0");
	return *end ? cell_double(text) : (struct sql_cell){ .kind = SQL_INT, .integer = integer };
}

static int hex(char digit)
{
	return isdigit((unsigned char)digit) ? digit - '0' : (digit | 0x20) - 'a' + 10;
}

/* "\x6869", or bytes with '\' before a '\' or three octal digits (bytea_output = escape). */
static struct sql_cell cell_bytes(struct text text, struct arena *arena)
{
	struct buffer out;
	bool in_hex = text_starts(text, "\\x");

	buffer_init(&out, arena);
	for (size_t i = in_hex ? 2 : 0; i < text.len; i++) {
		const char *at = text.ptr + i;

		if (in_hex) {
			buffer_putc(&out, (char)(hex(at[0]) << 4 | hex(at[1])));
			i++;
		} else if (at[0] == '\\' && at[1] == '\\') {
			buffer_putc(&out, '\\');
			i++;
		} else if (at[0] == '\\') {
			buffer_putc(&out, (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 |
						 (at[3] - '0')));
			i += 3;
		} else {
			buffer_putc(&out, at[0]);
		}
	}
	return (struct sql_cell){ .kind = SQL_BYTES, .text = buffer_text(&out) };
}

/* A number of so many digits at *at, which moves behind it. */
static bool read_digits(const char **at, size_t count, int *out)
{
	*out = 0;
	for (size_t i = 0; i < count; i++, (*at)++) {
		if (!isdigit((unsigned char)**at))
			return false;
		*out = *out * 10 + (**at - '0');
	}
	return true;
}

static bool read_byte(const char **at, char byte)
{
	if (**at != byte)
		return false;
	(*at)++;
	return true;
}

/* ".311": in microseconds */
static int read_fraction(const char **at)
{
	int fraction = 0, unit = 100000;

	if (!read_byte(at, '.'))
		return 0;
	for (; isdigit((unsigned char)**at); (*at)++, unit /= 10)
		fraction += (**at - '0') * unit;
	return fraction;
}

/* "+01", "-03:30", "+00:09:21": in seconds */
static bool read_offset(const char **at, int *out)
{
	int hours, minutes = 0, seconds = 0;
	bool west = **at == '-';

	if (!read_byte(at, west ? '-' : '+') || !read_digits(at, 2, &hours))
		return false;
	if (read_byte(at, ':') && !read_digits(at, 2, &minutes))
		return false;
	if (read_byte(at, ':') && !read_digits(at, 2, &seconds))
		return false;
	*out = (hours * 3600 + minutes * 60 + seconds) * (west ? -1 : 1);
	return true;
}

/* "2026-03-02 13:21:40.311+01"; other years than four digits have, and infinity, stay text. */
static bool read_timestamp(const char *at, int64_t *microseconds)
{
	struct tm tm = { 0 };
	int fraction, offset;
	int64_t seconds;

	if (!read_digits(&at, 4, &tm.tm_year) || !read_byte(&at, '-') ||
	    !read_digits(&at, 2, &tm.tm_mon) || !read_byte(&at, '-') ||
	    !read_digits(&at, 2, &tm.tm_mday) || !read_byte(&at, ' ') ||
	    !read_digits(&at, 2, &tm.tm_hour) || !read_byte(&at, ':') ||
	    !read_digits(&at, 2, &tm.tm_min) || !read_byte(&at, ':') ||
	    !read_digits(&at, 2, &tm.tm_sec))
		return false;
	fraction = read_fraction(&at);
	if (!read_offset(&at, &offset) || *at)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	seconds = (int64_t)timegm(&tm) - offset;
	*microseconds = seconds * 1000000 + fraction;
	return seconds >= YEAR_1 && seconds < YEAR_10000;
}

static struct sql_cell cell_timestamp(struct text text, struct arena *arena)
{
	struct sql_cell cell = { .kind = SQL_TIMESTAMP };

	return read_timestamp(text.ptr, &cell.integer) ? cell : cell_text(SQL_TEXT, text, arena);
}

struct sql_cell pg_cell(unsigned type, struct text text, struct arena *arena)
{
	switch (type) {
	case PG_TYPE_INT2:
	case PG_TYPE_INT4:
	case PG_TYPE_INT8:
	case PG_TYPE_OID:
		return cell_integer(text);
	case PG_TYPE_FLOAT4:
	case PG_TYPE_FLOAT8:
		return cell_double(text);
	case PG_TYPE_NUMERIC:
		return cell_numeric(text);
	case PG_TYPE_BOOL:
		return (struct sql_cell){ .kind = SQL_BOOL, .truth = text.ptr[0] == 't' };
	case PG_TYPE_JSON:
	case PG_TYPE_JSONB:
		return cell_text(SQL_JSON, text, arena);
	case PG_TYPE_TIMESTAMPTZ:
		return cell_timestamp(text, arena);
	case PG_TYPE_BYTEA:
		return cell_bytes(text, arena);
	default:
		return cell_text(SQL_TEXT, text, arena);
	}
}
