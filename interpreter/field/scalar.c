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

/* ---- durations and sizes ------------------------------------------------------------------- */

const char *field_duration(struct text text, int64_t *ns, const char **hint)
{
	struct value duration;
	*hint = "Write 90s, 1h30m or 250ms.";
	if (text.len && count_digits(text, 0) == text.len) {
		*hint = "A number alone may mean seconds or minutes; write its unit, as in 10s.";
		return "missing unit";
	}
	if (text_starts(text, "-"))
		return "a duration cannot be negative";
	if (text.len > 1 && text_ends(text, "d") && count_digits(text, 0) == text.len - 1)
		*hint = "Write days as hours: 24h.";
	if (text_starts(text, "+") || !value_read_duration(text, &duration))
		return "not a duration";
	*ns = duration.integer;
	return NULL;
}

const char *field_size(struct text text, int64_t *bytes, const char **hint)
{
	static const struct {
		const char *name;
		int64_t factor;
	} units[] = {
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
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (text_is(unit, units[i].name))
			return __builtin_mul_overflow(*bytes, units[i].factor, bytes)
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
