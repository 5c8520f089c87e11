/* Scalars by their spelling: whole numbers, durations, sizes, and plain values without a table. */

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "field/internal.h"

/* ---- whole numbers ------------------------------------------------------------------------- */

static size_t count_digits(struct text text, size_t from)
{
	size_t at = from;
	while (at < text.len && isdigit((unsigned char)text.ptr[at]))
		at++;
	return at - from;
}

int field_integer(struct text text, int64_t *out)
{
	bool negative = text_starts(text, "-");
	size_t digits = count_digits(text, negative);
	if (digits == 0 || digits + negative != text.len ||
	    (digits > 1 && text.ptr[negative] == '0') || text_is(text, "-0"))
		return 2;
	int64_t number = 0;
	for (size_t i = negative; i < text.len; i++) {
		int digit = text.ptr[i] - '0';
		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, negative ? -digit : digit, &number))
			return negative ? -1 : 1;
	}
	*out = number;
	return 0;
}

bool field_number(struct text text, double *out)
{
	char copy[32];
	size_t at = text_starts(text, "-");
	size_t digits = count_digits(text, at);
	at += digits;
	if (digits && at < text.len && text.ptr[at] == '.') {
		digits = count_digits(text, at + 1);
		at += digits + 1;
	}
	if (!digits || at != text.len || text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	*out = strtod(copy, NULL);
	return true;
}

/* ---- durations and sizes ------------------------------------------------------------------- */

/* How people write units, and what is meant: so many of the program's own. */
static const struct unit {
	const char *name;
	int64_t count;
	const char *own;
} units[] = {
	{ "ms", 1, "ms" },
	{ "milliseconds", 1, "ms" },
	{ "millisecond", 1, "ms" },
	{ "s", 1, "s" },
	{ "sec", 1, "s" },
	{ "secs", 1, "s" },
	{ "second", 1, "s" },
	{ "seconds", 1, "s" },
	{ "m", 1, "m" },
	{ "min", 1, "m" },
	{ "mins", 1, "m" },
	{ "minute", 1, "m" },
	{ "minutes", 1, "m" },
	{ "h", 1, "h" },
	{ "hr", 1, "h" },
	{ "hrs", 1, "h" },
	{ "hour", 1, "h" },
	{ "hours", 1, "h" },
	{ "d", 24, "h" },
	{ "day", 24, "h" },
	{ "days", 24, "h" },
	{ "w", 168, "h" },
	{ "week", 168, "h" },
	{ "weeks", 168, "h" },
};

static const struct unit *find_unit(struct text name)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strlen(units[i].name) == name.len &&
		    !strncasecmp(units[i].name, name.ptr, name.len))
			return &units[i];
	return NULL;
}

static size_t skip_blanks(struct text text, size_t at)
{
	while (at < text.len && text.ptr[at] == ' ')
		at++;
	return at;
}

/* "10 minutes" -> "10m", "2d" -> "48h"; NULL when nobody can say what was meant. */
static const char *duration_meant(struct text text, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t at = skip_blanks(text, 0); at < text.len; at = skip_blanks(text, at)) {
		int64_t number;
		size_t digits = count_digits(text, at);
		if (digits > 9 || field_integer(text_slice(text, at, at + digits), &number))
			return NULL;
		at = skip_blanks(text, at + digits);
		size_t end = at;
		while (end < text.len && isalpha((unsigned char)text.ptr[end]))
			end++;
		const struct unit *unit = find_unit(text_slice(text, at, end));
		if (!unit)
			return NULL;
		buffer_printf(&out, "%lld%s", (long long)(number * unit->count), unit->own);
		at = end;
	}
	return out.len ? buffer_string(&out) : NULL;
}

const char *field_duration(struct text text, struct arena *arena, int64_t *ns, const char **hint)
{
	struct value duration;
	*hint = "Write 90s, 1h30m or 250ms.";
	if (text.len && count_digits(text, 0) == text.len) {
		*hint = "A number alone may mean seconds or minutes; write its unit, as in 10s.";
		return "missing unit";
	}
	if (text_starts(text, "-"))
		return "a duration cannot be negative";
	if (!text_starts(text, "+") && value_read_duration(text, &duration)) {
		*ns = duration.integer;
		return NULL;
	}
	const char *meant = arena ? duration_meant(text, arena) : NULL;
	if (meant)
		*hint = arena_format(arena, "Write %s: the units are h, m, s and ms.", meant);
	return "not a duration";
}

const char *field_size(struct text text, int64_t *bytes, const char **hint)
{
	static const struct {
		const char *name;
		int64_t factor;
	} sizes[] = {
		{ "", 1 },
		{ "KiB", 1 << 10 },
		{ "MiB", 1 << 20 },
		{ "GiB", 1 << 30 },
	};
	size_t digits = count_digits(text, 0);
	struct text unit = text_slice(text, digits, text.len);
	*hint = "Write bytes, or a number with KiB, MiB or GiB: 65536, 64KiB, 1MiB.";
	if (field_integer(text_slice(text, 0, digits), bytes) != 0)
		return "not a size";
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		if (text_is(unit, sizes[i].name))
			return __builtin_mul_overflow(*bytes, sizes[i].factor, bytes)
				       ? "a size of more than 64 bits"
				       : NULL;
	return "not a size";
}

/* ---- plain values where no table speaks ---------------------------------------------------- */

static bool is_any(struct text text, const char *const *words)
{
	for (; *words; words++)
		if (strlen(*words) == text.len && !strncasecmp(text.ptr, *words, text.len))
			return true;
	return false;
}

/* Whether some reader would take it for a number: 1.20, 08, 1e3, 0x1F, 1_000, 12:30, +1, .5, .inf.
 */
static bool looks_like_number(struct text text)
{
	static const char *const words[] = { ".inf", "+.inf", "-.inf", ".nan", NULL };
	size_t at = text.len && strchr("+-", text.ptr[0]);
	struct text rest = text_slice(text, at, text.len);
	if (is_any(text, words))
		return true;
	if (rest.len > 2 && rest.ptr[0] == '0' && strchr("xXoObB", rest.ptr[1])) {
		for (at = 2; at < rest.len; at++)
			if (!isxdigit((unsigned char)rest.ptr[at]) && rest.ptr[at] != '_')
				return false;
		return true;
	}
	bool digits = false, dot = false, exponent = false, colon = false;
	for (at = 0; at < rest.len; at++) {
		char byte = rest.ptr[at];
		if (isdigit((unsigned char)byte))
			digits = true;
		else if (byte == '.' && !dot && !exponent)
			dot = true;
		else if ((byte == 'e' || byte == 'E') && digits && !exponent && !colon)
			exponent = true;
		else if ((byte == '+' || byte == '-') && at && strchr("eE", rest.ptr[at - 1]))
			continue;
		else if (byte == ':' && digits && !dot && !exponent)
			colon = true;
		else if (byte != '_' || !digits)
			return false;
	}
	return digits;
}

/* A double whose shortest spelling is this text. */
static bool read_double(struct text text, struct value *value)
{
	char copy[32];
	if (text.len >= sizeof(copy))
		return false;
	memcpy(copy, text.ptr, text.len);
	copy[text.len] = '\0';
	double real = strtod(copy, NULL);
	if (!isfinite(real))
		return false;
	struct arena arena;
	struct buffer out;
	arena_init(&arena);
	buffer_init(&out, &arena);
	value_write_double(&out, real);
	*value = value_double(real);
	bool shortest = text_equal(buffer_text(&out), text);
	arena_done(&arena);
	return shortest;
}

static bool read_number(struct text text, struct value *value, const char **hint)
{
	int64_t integer;
	int beyond = field_integer(text, &integer);
	if (beyond == 0) {
		*value = value_int(integer);
		return true;
	}
	*hint = beyond == 2 ? "Put it in quotes if it is a text; a number is written in its "
			      "shortest form (3, -1, 1.5)."
			    : "A number beyond 64 bits is kept exactly only as a text: put it in "
			      "quotes.";
	return beyond == 2 && text_find(text, TEXT("."), 0) != SIZE_MAX && read_double(text, value);
}

bool field_scalar(struct text text, struct value *value, const char **hint)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no",
					     "on",   "off",   "~",    NULL };
	if (text_is(text, "true") || text_is(text, "false")) {
		*value = value_bool(text_is(text, "true"));
		return true;
	}
	if (text_is(text, "null")) {
		*value = value_null();
		return true;
	}
	if (is_any(text, words)) {
		*hint = "Put it in quotes if it is a text; a truth is true or false, nothing is "
			"null.";
		return false;
	}
	if (looks_like_number(text))
		return read_number(text, value, hint);
	*value = value_string(text);
	return true;
}
