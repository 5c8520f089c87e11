/* The functions that the specification itself defines, but for those of time. */
#include <math.h>
#include <string.h>

#include "expr/functions.h"

#define TWO_63 9223372036854775808.0
#define TWO_64 18446744073709551616.0

/* ---- texts and containers ------------------------------------------------------------------ */

FUNCTION(size_string)
{
	return value_int((int64_t)code_point_count(args[0]));
}

FUNCTION(size_bytes)
{
	return value_int(args[0].len);
}

FUNCTION(size_container)
{
	return value_int((int64_t)value_count(args[0]));
}

FUNCTION(contains)
{
	return value_bool(text_find(value_text(args[0]), value_text(args[1]), 0) != SIZE_MAX);
}

FUNCTION(starts_with)
{
	return value_bool(
		args[1].len <= args[0].len &&
		text_equal(text_slice(value_text(args[0]), 0, args[1].len), value_text(args[1])));
}

FUNCTION(ends_with)
{
	return value_bool(
		args[1].len <= args[0].len &&
		text_equal(text_slice(value_text(args[0]), args[0].len - args[1].len, args[0].len),
			   value_text(args[1])));
}

FUNCTION(matches)
{
	struct value error;
	const struct regex *regex = function_pattern(call, args[1], &error);
	int found;

	if (!regex)
		return error;
	found = function_match(call, regex, value_text(args[0]), 0, NULL, &error);
	return found < 0 ? error : value_bool(found);
}

/* ---- conversions --------------------------------------------------------------------------- */

FUNCTION(same)
{
	return args[0];
}

FUNCTION(type_of)
{
	return value_type_value(value_type_of(args[0]));
}

/* The text is not told: it may be a secret. */
static struct value refuse(struct function_call *call, const char *type)
{
	return function_fail(call, "the text is no %s", type);
}

FUNCTION(bool_of_string)
{
	static const char *const words[][2] = {
		{ "0", "1" },        { "f", "t" },        { "F", "T" },
		{ "false", "true" }, { "False", "True" }, { "FALSE", "TRUE" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		for (int truth = 0; truth < 2; truth++)
			if (text_is(value_text(args[0]), words[i][truth]))
				return value_bool(truth);
	return refuse(call, "bool");
}

/* Decimal digits only. */
static bool read_natural(struct text text, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
		    __builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, (uint64_t)(text.ptr[i] - '0'), number))
			return false;
	}
	return text.len > 0;
}

FUNCTION(int_of_string)
{
	struct text text = value_text(args[0]);
	bool negative = text_starts(text, "-");
	uint64_t number;

	if (negative || text_starts(text, "+"))
		text = text_slice(text, 1, text.len);
	if (!read_natural(text, &number) || number > (uint64_t)INT64_MAX + negative)
		return refuse(call, "int");
	return value_int((int64_t)(negative ? 0 - number : number));
}

FUNCTION(int_of_uint)
{
	if (args[0].natural > INT64_MAX)
		return function_fail(call, "the number is too large for an int");
	return value_int((int64_t)args[0].natural);
}

FUNCTION(int_of_double)
{
	/* The specification excludes both ends. A NaN is not above the lower one. */
	if (!(args[0].real > -TWO_63 && args[0].real < TWO_63))
		return function_fail(call, "the number does not fit into an int");
	return value_int((int64_t)args[0].real);
}

FUNCTION(int_of_timestamp)
{
	return value_int(args[0].integer);
}

FUNCTION(uint_of_string)
{
	uint64_t number;

	return read_natural(value_text(args[0]), &number) ? value_uint(number)
							  : refuse(call, "uint");
}

FUNCTION(uint_of_int)
{
	if (args[0].integer < 0)
		return function_fail(call, "a negative number is no uint");
	return value_uint((uint64_t)args[0].integer);
}

FUNCTION(uint_of_double)
{
	if (!(args[0].real >= 0 && args[0].real < TWO_64))
		return function_fail(call, "the number does not fit into a uint");
	return value_uint((uint64_t)args[0].real);
}

FUNCTION(double_of_int)
{
	return value_double((double)args[0].integer);
}

FUNCTION(double_of_uint)
{
	return value_double((double)args[0].natural);
}

/* What strtod reads beyond CEL: blanks before, hexadecimal, "nan(...)". */
static bool is_double(const char *text)
{
	const char *body = text + (*text == '-' || *text == '+');

	if (strcasecmp(body, "inf") == 0 || strcasecmp(body, "infinity") == 0 ||
	    strcasecmp(text, "nan") == 0)
		return true;
	return *body && strspn(body, "0123456789.eE+-") == strlen(body);
}

FUNCTION(double_of_string)
{
	const char *text = arena_copy(call->arena, args[0].bytes, args[0].len);
	char *end;
	double real;

	if (strlen(text) != args[0].len || !is_double(text))
		return refuse(call, "double");
	real = strtod(text, &end);
	if (*end || (isinf(real) && !strpbrk(text, "iI")))
		return refuse(call, "double");
	return value_double(real);
}

FUNCTION(string_of_bytes)
{
	if (!text_is_utf8(value_text(args[0]), NULL))
		return function_fail(call, "the bytes are not UTF-8");
	return value_string(value_text(args[0]));
}

FUNCTION(string_of_scalar)
{
	const char *why;
	struct text text;

	if (!value_to_text(args[0], call->arena, &text, &why))
		return function_fail(call, "%s", why);
	return value_string(text);
}

FUNCTION(bytes_of_string)
{
	return value_bytes(value_text(args[0]));
}

#define SIZE(form, row_signature, row_call, row_example) \
	{ \
		.name = "size", .receiver = form, .signature = row_signature, .call = row_call, \
		.doc = "How many code points, bytes, items or entries there are.", \
		.example = row_example \
	}

#define INT_DOC \
	"As an int; of a double the part before the point, of a timestamp its seconds since 1970."
#define UINT_DOC "As a uint; of a double the part before the point."
#define DOUBLE_DOC "As a double."
#define STRING_DOC "As text; of a double the shortest that reads back as it."
#define MATCHES_DOC "Whether the regular expression (RE2) is found anywhere in the text."

const struct function functions_standard[] = {
	SIZE(false, "(string) -> int", size_string, "size('naïve') == 5"),
	SIZE(true, "(string) -> int", size_string, "'abc'.size() == 3"),
	SIZE(false, "(bytes) -> int", size_bytes, "size(b'naïve') == 6"),
	SIZE(true, "(bytes) -> int", size_bytes, "b'abc'.size() == 3"),
	SIZE(false, "(list(A)) -> int", size_container, "size([1, 2]) == 2"),
	SIZE(true, "(list(A)) -> int", size_container, "[1, 2].size() == 2"),
	SIZE(false, "(map(A, B)) -> int", size_container, "size({'a': 1}) == 1"),
	SIZE(true, "(map(A, B)) -> int", size_container, "{'a': 1}.size() == 1"),
	{ .name = "contains",
	  .receiver = true,
	  .signature = "(string, string) -> bool",
	  .call = contains,
	  .doc = "Whether the second text stands anywhere in the first.",
	  .example = "'release'.contains('lea')" },
	{ .name = "startsWith",
	  .receiver = true,
	  .signature = "(string, string) -> bool",
	  .call = starts_with,
	  .doc = "Whether the first text begins with the second.",
	  .example = "'v1.2'.startsWith('v')" },
	{ .name = "endsWith",
	  .receiver = true,
	  .signature = "(string, string) -> bool",
	  .call = ends_with,
	  .doc = "Whether the first text ends with the second.",
	  .example = "'app.tar.gz'.endsWith('.gz')" },
	{ .name = "matches",
	  .receiver = true,
	  .signature = "(string, string) -> bool",
	  .call = matches,
	  .doc = MATCHES_DOC,
	  .example = "'v1.2.3'.matches('^v[0-9.]+$')",
	  .pattern = 2 },
	{ .name = "matches",
	  .signature = "(string, string) -> bool",
	  .call = matches,
	  .doc = MATCHES_DOC,
	  .example = "matches('abc', 'b')",
	  .pattern = 2 },
	PLAIN("type", "(A) -> type", type_of, "The type of a value.", "type(1) == int"),
	PLAIN("dyn", "(A) -> dyn", same, "The value; the checker no longer knows its type.",
	      "dyn(1) == 1.0"),
	PLAIN("bool", "(bool) -> bool", same, "As a bool.", "bool(true)"),
	PLAIN("bool", "(string) -> bool", bool_of_string,
	      "As a bool, from 1, t, true, 0, f, false and their capitals.", "bool('true')"),
	PLAIN("int", "(int) -> int", same, INT_DOC, "int(5) == 5"),
	PLAIN("int", "(uint) -> int", int_of_uint, INT_DOC, "int(5u) == 5"),
	PLAIN("int", "(double) -> int", int_of_double, INT_DOC, "int(-7.9) == -7"),
	PLAIN("int", "(string) -> int", int_of_string, INT_DOC, "int('-12') == -12"),
	PLAIN("int", "(timestamp) -> int", int_of_timestamp, INT_DOC,
	      "int(timestamp('1970-01-01T00:01:00Z')) == 60"),
	PLAIN("uint", "(uint) -> uint", same, UINT_DOC, "uint(5u) == 5u"),
	PLAIN("uint", "(int) -> uint", uint_of_int, UINT_DOC, "uint(5) == 5u"),
	PLAIN("uint", "(double) -> uint", uint_of_double, UINT_DOC, "uint(3.9) == 3u"),
	PLAIN("uint", "(string) -> uint", uint_of_string, UINT_DOC, "uint('7') == 7u"),
	PLAIN("double", "(double) -> double", same, DOUBLE_DOC, "double(0.5) == 0.5"),
	PLAIN("double", "(int) -> double", double_of_int, DOUBLE_DOC, "double(3) / 2.0 == 1.5"),
	PLAIN("double", "(uint) -> double", double_of_uint, DOUBLE_DOC, "double(3u) == 3.0"),
	PLAIN("double", "(string) -> double", double_of_string, DOUBLE_DOC,
	      "double('1e3') == 1000.0"),
	PLAIN("string", "(string) -> string", same, STRING_DOC, "string('a') == 'a'"),
	PLAIN("string", "(bool) -> string", string_of_scalar, STRING_DOC, "string(true) == 'true'"),
	PLAIN("string", "(int) -> string", string_of_scalar, STRING_DOC, "string(-5) == '-5'"),
	PLAIN("string", "(uint) -> string", string_of_scalar, STRING_DOC, "string(5u) == '5'"),
	PLAIN("string", "(double) -> string", string_of_scalar, STRING_DOC,
	      "string(1e6) == '1000000'"),
	PLAIN("string", "(timestamp) -> string", string_of_scalar, STRING_DOC,
	      "string(timestamp(0)) == '1970-01-01T00:00:00Z'"),
	PLAIN("string", "(duration) -> string", string_of_scalar, STRING_DOC,
	      "string(duration('1h30m')) == '5400s'"),
	PLAIN("string", "(bytes) -> string", string_of_bytes, STRING_DOC,
	      "string(b'abc') == 'abc'"),
	PLAIN("bytes", "(bytes) -> bytes", same, "As bytes.", "bytes(b'a') == b'a'"),
	PLAIN("bytes", "(string) -> bytes", bytes_of_string, "As bytes, in UTF-8.",
	      "bytes('é') == b'\\303\\251'"),
	{ 0 },
};
