/* Strings: cel-go's library, version 4. Offsets count code points. */
#include <string.h>

#include "expr/functions.h"

static struct value out_of_range(struct function_call *call, int64_t index)
{
	return function_fail(call, "the text has no offset %lld", (long long)index);
}

/* A text that was made for the result. */
static struct value result(struct function_call *call, const struct buffer *out)
{
	struct value error;

	if (!function_afford(call, out->len / 16, &error))
		return error;
	return value_string(buffer_text(out));
}

static struct value slice(struct value string, size_t from, size_t to)
{
	return value_string(text_slice(value_text(string), code_point_offset(string, from),
				       code_point_offset(string, to)));
}

FUNCTION(char_at)
{
	size_t size = code_point_count(args[0]);
	size_t index = (size_t)args[1].integer;

	if (args[1].integer < 0 || index > size)
		return out_of_range(call, args[1].integer);
	return index == size ? value_string(TEXT("")) : slice(args[0], index, index + 1);
}

FUNCTION(substring)
{
	size_t size = code_point_count(args[0]);
	int64_t from = args[1].integer;
	int64_t to = count > 2 ? args[2].integer : (int64_t)size;

	if (from < 0 || from > (int64_t)size)
		return out_of_range(call, from);
	if (to < from || to > (int64_t)size)
		return out_of_range(call, to);
	return slice(args[0], (size_t)from, (size_t)to);
}

/* ---- searching ----------------------------------------------------------------------------- */

/* A byte offset as one in code points; SIZE_MAX: not found. */
static struct value index_value(struct value string, size_t offset)
{
	if (offset == SIZE_MAX)
		return value_int(-1);
	if (string.flags & VALUE_ASCII)
		return value_int((int64_t)offset);
	string.len = (uint32_t)offset;
	return value_int((int64_t)code_point_count(string));
}

FUNCTION(index_of)
{
	int64_t from = count > 2 ? args[2].integer : 0;

	if (from < 0 || from > (int64_t)code_point_count(args[0]))
		return out_of_range(call, from);
	return index_value(args[0], text_find(value_text(args[0]), value_text(args[1]),
					      code_point_offset(args[0], (size_t)from)));
}

/* The last occurrence that begins at a byte up to from. */
static size_t find_last(struct text text, struct text needle, size_t from)
{
	if (needle.len > text.len)
		return SIZE_MAX;
	if (from > text.len - needle.len)
		from = text.len - needle.len;
	for (size_t at = from + 1; at-- > 0;)
		if (text_equal(text_slice(text, at, at + needle.len), needle))
			return at;
	return SIZE_MAX;
}

FUNCTION(last_index_of)
{
	int64_t size = (int64_t)code_point_count(args[0]);
	int64_t from = count > 2 ? args[2].integer : size;
	struct value error;

	if (from > size && args[1].len == 0)
		from = size;
	if (from < 0 || from > size)
		return out_of_range(call, from);
	if (!function_afford(call, args[0].len / 16, &error))
		return error;
	return index_value(args[0], find_last(value_text(args[0]), value_text(args[1]),
					      code_point_offset(args[0], (size_t)from)));
}

/* ---- taking apart and putting together ----------------------------------------------------- */

FUNCTION(join)
{
	struct text separator = count > 1 ? value_text(args[1]) : TEXT("");
	size_t items = value_count(args[0]);
	struct value error;
	struct buffer out;

	buffer_init(&out, call->arena);
	for (size_t i = 0; i < items; i++) {
		struct value item = value_item(args[0], i);

		if (item.kind != VALUE_STRING)
			return function_fail(call,
					     "join takes a list of strings; this one holds a %s",
					     value_type_of(item)->name);
		if (!function_afford(call, 1 + (item.len + separator.len) / 16, &error))
			return error;
		if (i > 0)
			buffer_add(&out, separator);
		buffer_add(&out, value_text(item));
	}
	return value_string(buffer_text(&out));
}

/* Where the piece that begins at from ends: before a separator, or behind a character if that is
 * empty. SIZE_MAX: it is the last. */
static size_t piece_end(struct text text, struct text separator, size_t from)
{
	size_t end = from;

	if (separator.len > 0)
		return text_find(text, separator, from);
	if (from < text.len)
		text_next(text, &end);
	return end >= text.len ? SIZE_MAX : end;
}

static size_t count_pieces(struct text text, struct text separator, size_t limit)
{
	size_t pieces = 1;

	for (size_t end = piece_end(text, separator, 0); end != SIZE_MAX && pieces < limit;
	     end = piece_end(text, separator, end + separator.len))
		pieces++;
	return pieces;
}

FUNCTION(split)
{
	struct text text = value_text(args[0]);
	struct text separator = value_text(args[1]);
	size_t limit = count > 2 && args[2].integer >= 0 ? (size_t)args[2].integer : SIZE_MAX;
	struct value error;
	struct value *items;
	size_t pieces;
	size_t from = 0;

	if (limit == 0 || (text.len == 0 && separator.len == 0))
		return value_list(NULL, 0, call->arena);
	pieces = count_pieces(text, separator, limit);
	if (!function_afford(call, pieces + text.len / 16, &error))
		return error;
	items = arena_array(call->arena, struct value, pieces);
	for (size_t i = 0; i < pieces; i++) {
		size_t end = i + 1 < pieces ? piece_end(text, separator, from) : text.len;

		items[i] = value_string(text_slice(text, from, end));
		from = end + separator.len;
	}
	return value_list(items, pieces, call->arena);
}

/* An empty `old` is found before each character and at the end. */
FUNCTION(replace)
{
	struct text text = value_text(args[0]);
	struct text old = value_text(args[1]);
	int64_t left = count > 3 ? args[3].integer : -1;
	size_t at = 0;
	struct value error;
	struct buffer out;

	buffer_init(&out, call->arena);
	for (; left != 0; left--) {
		size_t found = text_find(text, old, at);
		size_t next = found;

		if (found == SIZE_MAX)
			break;
		if (!function_afford(call, 1 + (args[2].len + found - at) / 16, &error))
			return error;
		buffer_add(&out, text_slice(text, at, found));
		buffer_add(&out, value_text(args[2]));
		at = found + old.len;
		if (old.len > 0)
			continue;
		if (at == text.len)
			break;
		text_next(text, &next);
		buffer_add(&out, text_slice(text, at, next));
		at = next;
	}
	buffer_add(&out, text_slice(text, at, text.len));
	return result(call, &out);
}

FUNCTION(reverse)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	for (size_t end = args[0].len; end > 0;) {
		size_t start = end - 1;

		while (start > 0 && ((unsigned char)args[0].bytes[start] & 0xc0) == 0x80)
			start--;
		buffer_add(&out, text_slice(value_text(args[0]), start, end));
		end = start;
	}
	return result(call, &out);
}

/* ---- single characters --------------------------------------------------------------------- */

static bool is_blank(int32_t code_point)
{
	static const uint16_t blanks[] = { ' ',    0x85,   0xa0,   0x1680, 0x2028,
					   0x2029, 0x202f, 0x205f, 0x3000 };

	for (size_t i = 0; i < sizeof(blanks) / sizeof(*blanks); i++)
		if (code_point == blanks[i])
			return true;
	return (code_point >= '\t' && code_point <= '\r') ||
	       (code_point >= 0x2000 && code_point <= 0x200a);
}

FUNCTION(trim)
{
	struct text text = value_text(args[0]);
	size_t start = SIZE_MAX;
	size_t end = 0;

	for (size_t at = 0; at < text.len;) {
		size_t before = at;

		if (is_blank(text_next(text, &at)))
			continue;
		if (start == SIZE_MAX)
			start = before;
		end = at;
	}
	return value_string(end ? text_slice(text, start, end) : TEXT(""));
}

/* With the ASCII letters from `first` on moved by 32 places. */
static struct value move_letters(struct function_call *call, struct value string, char first,
				 int places)
{
	char *bytes;
	struct value error;

	if (!function_afford(call, string.len / 16, &error))
		return error;
	bytes = arena_copy(call->arena, string.bytes, string.len);
	for (size_t i = 0; i < string.len; i++)
		if (bytes[i] >= first && bytes[i] < first + 26)
			bytes[i] = (char)(bytes[i] + places);
	return value_string((struct text){ bytes, string.len });
}

FUNCTION(lower_ascii)
{
	return move_letters(call, args[0], 'A', 'a' - 'A');
}

FUNCTION(upper_ascii)
{
	return move_letters(call, args[0], 'a', 'A' - 'a');
}

FUNCTION(quote)
{
	static const char special[] = "\a\b\f\n\r\t\v\\\"";
	static const char names[] = "abfnrtv\\\"";
	struct buffer out;

	buffer_init(&out, call->arena);
	buffer_putc(&out, '"');
	for (size_t i = 0; i < args[0].len; i++) {
		const char *found = memchr(special, args[0].bytes[i], sizeof(special) - 1);

		if (found)
			buffer_putc(&out, '\\');
		buffer_putc(&out, found ? names[found - special] : args[0].bytes[i]);
	}
	buffer_putc(&out, '"');
	return result(call, &out);
}

/* ---- the table ----------------------------------------------------------------------------- */

#define INDEX_DOC "Where the second text stands first in the first, or -1."
#define LAST_DOC "Where the second text stands last in the first, or -1."
#define SPLIT_DOC "The pieces between the separators; at most so many, the rest in the last."
#define REPLACE_DOC "With the first text replaced by the second, at most so many times."

const struct function functions_strings[] = {
	METHOD("charAt", "(string, int) -> string", char_at,
	       "The character at an offset; empty right behind the last.",
	       "'tacocat'.charAt(3) == 'o'"),
	METHOD("indexOf", "(string, string) -> int", index_of, INDEX_DOC,
	       "'tacocat'.indexOf('ac') == 1"),
	METHOD("indexOf", "(string, string, int) -> int", index_of, INDEX_DOC,
	       "'tacocat'.indexOf('a', 3) == 5"),
	METHOD("lastIndexOf", "(string, string) -> int", last_index_of, LAST_DOC,
	       "'tacocat'.lastIndexOf('a') == 5"),
	METHOD("lastIndexOf", "(string, string, int) -> int", last_index_of, LAST_DOC,
	       "'tacocat'.lastIndexOf('a', 3) == 1"),
	METHOD("join", "(list(string)) -> string", join, "The texts, one behind the other.",
	       "['a', 'b'].join() == 'ab'"),
	METHOD("join", "(list(string), string) -> string", join,
	       "The texts with a separator between them.", "['a', 'b'].join(', ') == 'a, b'"),
	METHOD("lowerAscii", "(string) -> string", lower_ascii,
	       "With the letters A to Z made small.", "'TacoCat'.lowerAscii() == 'tacocat'"),
	METHOD("upperAscii", "(string) -> string", upper_ascii,
	       "With the letters a to z made capital.", "'TacoCat'.upperAscii() == 'TACOCAT'"),
	METHOD("replace", "(string, string, string) -> string", replace, REPLACE_DOC,
	       "'a-b-c'.replace('-', '_') == 'a_b_c'"),
	METHOD("replace", "(string, string, string, int) -> string", replace, REPLACE_DOC,
	       "'a-b-c'.replace('-', '_', 1) == 'a_b-c'"),
	METHOD("split", "(string, string) -> list(string)", split, SPLIT_DOC,
	       "'a,b,c'.split(',') == ['a', 'b', 'c']"),
	METHOD("split", "(string, string, int) -> list(string)", split, SPLIT_DOC,
	       "'a,b,c'.split(',', 2) == ['a', 'b,c']"),
	METHOD("substring", "(string, int) -> string", substring, "From an offset to the end.",
	       "'tacocat'.substring(4) == 'cat'"),
	METHOD("substring", "(string, int, int) -> string", substring,
	       "From an offset to before another.", "'tacocat'.substring(0, 4) == 'taco'"),
	METHOD("trim", "(string) -> string", trim, "Without blanks at both ends.",
	       "'  a b\\n'.trim() == 'a b'"),
	METHOD("reverse", "(string) -> string", reverse,
	       "The characters from the last to the first.", "'gums'.reverse() == 'smug'"),
	METHOD("format", "(string, list(dyn)) -> string", function_format,
	       "With the values in place of %s, %d, %f, %e, %x, %X, %o and %b.",
	       "'%s: %.1f%%'.format(['load', 12.34]) == 'load: 12.3%'"),
	{ .name = "strings.quote",
	  .signature = "(string) -> string",
	  .call = quote,
	  .doc = "As a CEL literal in double quotes.",
	  .example = "strings.quote('a\"b') == '\"a\\\\\"b\"'" },
	{ 0 },
};
