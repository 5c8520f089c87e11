/* 'text with %s'.format([...]): cel-spec doc/extensions/strings.md. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr/functions.h"

#define MAX_PRECISION 1000 /* digits behind the point */

struct formatter {
	struct function_call *call;
	struct buffer out;
	struct value error; /* once something failed */
};

static bool fail(struct formatter *formatter, const char *message)
{
	formatter->error = function_fail(formatter->call, "%s", message);
	return false;
}

static bool refuse(struct formatter *formatter, const char *takes, struct value arg)
{
	formatter->error = function_fail(formatter->call, "%s, not a %s", takes,
					 value_type_of(arg)->name);
	return false;
}

/* ---- %s ------------------------------------------------------------------------------------ */

static bool write_text(struct formatter *formatter, struct buffer *out, struct value value);

/* The shortest digits without an exponent, however many zeros that takes. With one they are written
 * from ten to the 21st on and below ten to the -6th. */
static void write_plain(struct buffer *out, struct arena *arena, double real)
{
	struct buffer text;
	const char *digits;
	const char *mark;
	int point;

	buffer_init(&text, arena);
	value_write_double(&text, real);
	digits = buffer_string(&text);
	mark = strchr(digits, 'e');
	if (!mark) {
		buffer_puts(out, digits);
		return;
	}
	if (*digits == '-')
		buffer_putc(out, *digits++);
	point = (int)strtol(mark + 1, NULL, 10) + 1;
	if (point <= 0)
		buffer_printf(out, "0.%0*d", -point, 0);
	for (const char *at = digits; at < mark; at++)
		if (*at != '.')
			buffer_putc(out, *at);
	/* Numbers this large have their point behind all of their digits. */
	for (int i = (int)(mark - digits) - (mark - digits > 1); i < point; i++)
		buffer_putc(out, '0');
}

static bool write_list(struct formatter *formatter, struct buffer *out, struct value list)
{
	buffer_putc(out, '[');
	for (size_t i = 0; i < value_count(list); i++) {
		if (i > 0)
			buffer_puts(out, ", ");
		if (!write_text(formatter, out, value_item(list, i)))
			return false;
	}
	buffer_putc(out, ']');
	return true;
}

struct pair {
	struct text key;
	struct text value;
};

static int order_pairs(const void *a, const void *b)
{
	return text_compare(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

static bool make_text(struct formatter *formatter, struct value value, struct text *text)
{
	struct buffer out;

	buffer_init(&out, formatter->call->arena);
	if (!write_text(formatter, &out, value))
		return false;
	*text = buffer_text(&out);
	return true;
}

/* In the order of the keys' texts. */
static bool write_map(struct formatter *formatter, struct buffer *out, struct value map)
{
	struct arena *arena = formatter->call->arena;
	size_t count = value_count(map);
	struct pair *pairs = arena_array(arena, struct pair, count);
	struct value key;
	struct value value;

	for (size_t i = 0; i < count && value_entry_at(map, i, arena, &key, &value); i++)
		if (!make_text(formatter, key, &pairs[i].key) ||
		    !make_text(formatter, value, &pairs[i].value))
			return false;
	qsort(pairs, count, sizeof(*pairs), order_pairs);
	buffer_putc(out, '{');
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%s%.*s: %.*s", i ? ", " : "", TEXT_ARG(pairs[i].key),
			      TEXT_ARG(pairs[i].value));
	buffer_putc(out, '}');
	return true;
}

static bool write_scalar(struct formatter *formatter, struct buffer *out, struct value value)
{
	struct text text;
	const char *why;

	if (value.kind == VALUE_NULL) {
		buffer_puts(out, "null");
	} else if (value.kind == VALUE_TYPE) {
		buffer_puts(out, value.type->name);
	} else if (value.kind == VALUE_DOUBLE) {
		write_plain(out, formatter->call->arena, value.real);
	} else if (value_to_text(value, formatter->call->arena, &text, &why)) {
		buffer_add(out, text);
	} else {
		return fail(formatter, why);
	}
	return true;
}

static bool write_text(struct formatter *formatter, struct buffer *out, struct value value)
{
	if (!function_afford(formatter->call, 1 + value.len / 16, &formatter->error))
		return false;
	if (value.kind == VALUE_LIST)
		return write_list(formatter, out, value);
	if (value.kind == VALUE_MAP || value.kind == VALUE_OBJECT)
		return write_map(formatter, out, value);
	return write_scalar(formatter, out, value);
}

static bool format_text(struct formatter *formatter, struct value arg, int precision, char clause)
{
	(void)precision;
	(void)clause;
	return write_text(formatter, &formatter->out, arg);
}

/* ---- numbers ------------------------------------------------------------------------------- */

static bool is_number(struct value value)
{
	return value.kind == VALUE_INT || value.kind == VALUE_UINT || value.kind == VALUE_DOUBLE;
}

static bool format_decimal(struct formatter *formatter, struct value arg, int precision,
			   char clause)
{
	(void)precision;
	(void)clause;
	if (!is_number(arg))
		return refuse(formatter, "%d takes a number", arg);
	return write_scalar(formatter, &formatter->out, arg);
}

static double to_double(struct value number)
{
	if (number.kind == VALUE_DOUBLE)
		return number.real;
	return number.kind == VALUE_INT ? (double)number.integer : (double)number.natural;
}

static bool format_real(struct formatter *formatter, struct value arg, int precision, char clause)
{
	double real;

	if (!is_number(arg))
		return refuse(formatter, "%f and %e take a number", arg);
	real = to_double(arg);
	if (precision < 0)
		precision = 6;
	if (!isfinite(real))
		value_write_double(&formatter->out, real);
	else if (clause == 'f')
		buffer_printf(&formatter->out, "%.*f", precision, real);
	else
		buffer_printf(&formatter->out, "%.*e", precision, real);
	return true;
}

static void write_base(struct buffer *out, struct value number, unsigned base, const char *digits)
{
	bool negative = number.kind == VALUE_INT && number.integer < 0;
	uint64_t rest = negative ? 0 - number.natural : number.natural;
	char text[64];
	size_t at = sizeof(text);

	do {
		text[--at] = digits[rest % base];
		rest /= base;
	} while (rest > 0);
	if (negative)
		buffer_putc(out, '-');
	buffer_add(out, (struct text){ text + at, sizeof(text) - at });
}

static bool format_binary(struct formatter *formatter, struct value arg, int precision, char clause)
{
	(void)precision;
	if (clause == 'b' && arg.kind == VALUE_BOOL)
		arg = value_int(arg.boolean);
	if (arg.kind != VALUE_INT && arg.kind != VALUE_UINT)
		return refuse(formatter, "%b and %o take an int or uint", arg);
	write_base(&formatter->out, arg, clause == 'b' ? 2 : 8, "01234567");
	return true;
}

static bool format_hex(struct formatter *formatter, struct value arg, int precision, char clause)
{
	const char *digits = clause == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";

	(void)precision;
	if (arg.kind == VALUE_INT || arg.kind == VALUE_UINT) {
		write_base(&formatter->out, arg, 16, digits);
		return true;
	}
	if (arg.kind != VALUE_STRING && arg.kind != VALUE_BYTES)
		return refuse(formatter, "%x takes an int, uint, string or bytes", arg);
	if (!function_afford(formatter->call, arg.len / 8, &formatter->error))
		return false;
	for (size_t i = 0; i < arg.len; i++) {
		buffer_putc(&formatter->out, digits[(unsigned char)arg.bytes[i] >> 4]);
		buffer_putc(&formatter->out, digits[arg.bytes[i] & 15]);
	}
	return true;
}

/* ---- clauses ------------------------------------------------------------------------------- */

static const struct {
	char name;
	bool (*write)(struct formatter *formatter, struct value arg, int precision, char clause);
} clauses[] = {
	{ 's', format_text },   { 'd', format_decimal }, { 'f', format_real }, { 'e', format_real },
	{ 'b', format_binary }, { 'o', format_binary },  { 'x', format_hex },  { 'X', format_hex },
};

/* Behind a '%': ".3f". *at moves behind it. */
static bool write_clause(struct formatter *formatter, struct text format, size_t *at,
			 struct value list, size_t *next)
{
	int precision = -1;

	if (*at < format.len && format.ptr[*at] == '.') {
		size_t digits = ++*at;

		precision = 0;
		for (; *at < format.len && format.ptr[*at] >= '0' && format.ptr[*at] <= '9'; ++*at)
			if (precision <= MAX_PRECISION)
				precision = 10 * precision + (format.ptr[*at] - '0');
		if (*at == digits || precision > MAX_PRECISION)
			return fail(formatter, "a precision is a number up to 1000, as in %.2f");
	}
	if (!function_afford(formatter->call, 1 + (precision > 0 ? precision / 16 : 0),
			     &formatter->error))
		return false;
	for (size_t i = 0; *at < format.len && i < sizeof(clauses) / sizeof(*clauses); i++) {
		if (clauses[i].name != format.ptr[*at])
			continue;
		++*at;
		if (*next == value_count(list))
			return fail(formatter, "the format wants more values than the list has");
		return clauses[i].write(formatter, value_item(list, (*next)++), precision,
					clauses[i].name);
	}
	return fail(formatter, "behind % stands one of s d f e x X o b, or another %");
}

size_t format_wants(struct text format)
{
	size_t count = 0;

	for (size_t at = 0; at + 1 < format.len; at++) {
		if (format.ptr[at] != '%')
			continue;
		at++;
		count += format.ptr[at] != '%';
	}
	return count;
}

struct value function_format(struct function_call *call, const struct value *args, size_t count)
{
	struct formatter formatter = { .call = call };
	struct text format = value_text(args[0]);
	size_t next = 0;
	size_t at = 0;

	(void)count;
	buffer_init(&formatter.out, call->arena);
	while (at < format.len) {
		char byte = format.ptr[at++];

		if (byte != '%') {
			buffer_putc(&formatter.out, byte);
		} else if (at < format.len && format.ptr[at] == '%') {
			buffer_putc(&formatter.out, '%');
			at++;
		} else if (!write_clause(&formatter, format, &at, args[1], &next)) {
			return formatter.error;
		}
	}
	if (!function_afford(call, formatter.out.len / 16, &formatter.error))
		return formatter.error;
	return value_string(buffer_text(&formatter.out));
}
