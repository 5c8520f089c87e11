/* JSON as values: RFC 8259, strictly. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "value/internal.h"

struct reader {
	struct text text;
	size_t at;
	unsigned depth;
	unsigned max_depth;
	struct arena *arena;
	struct json_error *error;
};

static bool read_value(struct reader *reader, struct value *out);

static bool fail(struct reader *reader, size_t offset, const char *message)
{
	*reader->error = (struct json_error){ .offset = offset, .message = message };
	return false;
}

/* The next byte, or -1 at the end. */
static int peek(const struct reader *reader)
{
	return reader->at < reader->text.len ? (unsigned char)reader->text.ptr[reader->at] : -1;
}

static bool accept(struct reader *reader, int byte)
{
	if (peek(reader) != byte)
		return false;
	reader->at++;
	return true;
}

static void skip_blanks(struct reader *reader)
{
	int byte = peek(reader);

	while (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r') {
		reader->at++;
		byte = peek(reader);
	}
}

static bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t skip_digits(struct reader *reader)
{
	size_t from = reader->at;

	while (is_digit(peek(reader)))
		reader->at++;
	return reader->at - from;
}

/* ---- numbers ------------------------------------------------------------------------------- */

static bool take_integer(struct reader *reader, size_t from, struct value *out)
{
	bool negative = reader->text.ptr[from] == '-';
	uint64_t number = 0;

	for (size_t i = from + negative; i < reader->at; i++) {
		uint64_t digit = (uint64_t)(reader->text.ptr[i] - '0');

		if (__builtin_mul_overflow(number, 10, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return fail(reader, from, "a number that does not fit into 64 bits");
	}
	if (negative && number > (uint64_t)INT64_MAX + 1)
		return fail(reader, from, "a number that does not fit into 64 bits");
	if (negative)
		*out = value_int((int64_t)(0 - number));
	else
		*out = number > INT64_MAX ? value_uint(number) : value_int((int64_t)number);
	return true;
}

static bool take_double(struct reader *reader, size_t from, struct value *out)
{
	const char *number = arena_copy(reader->arena, reader->text.ptr + from, reader->at - from);

	*out = value_double(strtod(number, NULL));
	return isfinite(out->real) || fail(reader, from, "a number beyond the range of a double");
}

static bool read_number(struct reader *reader, struct value *out)
{
	size_t from = reader->at;
	bool integral = true;

	accept(reader, '-');
	if (!accept(reader, '0') && skip_digits(reader) == 0)
		return fail(reader, reader->at, "a digit was expected");
	if (accept(reader, '.')) {
		integral = false;
		if (skip_digits(reader) == 0)
			return fail(reader, reader->at, "a digit was expected behind the point");
	}
	if (accept(reader, 'e') || accept(reader, 'E')) {
		integral = false;
		if (!accept(reader, '+'))
			accept(reader, '-');
		if (skip_digits(reader) == 0)
			return fail(reader, reader->at, "a digit was expected in the exponent");
	}
	return integral ? take_integer(reader, from, out) : take_double(reader, from, out);
}

/* ---- strings ------------------------------------------------------------------------------- */

static int hex_digit(int byte)
{
	if (is_digit(byte))
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool read_hex(struct reader *reader, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++) {
		int digit = peek(reader) < 0 ? -1 : hex_digit(peek(reader));

		if (digit < 0)
			return fail(reader, reader->at, "four hex digits were expected");
		*unit = *unit << 4 | (uint32_t)digit;
		reader->at++;
	}
	return true;
}

/* Behind "\u". Characters beyond U+FFFF are written as two surrogates. */
static bool read_unicode(struct reader *reader, struct buffer *out)
{
	size_t from = reader->at - 2;
	uint32_t high;
	uint32_t low;

	if (!read_hex(reader, &high))
		return false;
	if (high < 0xd800 || high > 0xdfff) {
		buffer_put_utf8(out, high);
		return true;
	}
	if (high > 0xdbff || !accept(reader, '\\') || !accept(reader, 'u'))
		return fail(reader, from, "half of a surrogate pair");
	if (!read_hex(reader, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff)
		return fail(reader, from, "half of a surrogate pair");
	buffer_put_utf8(out, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
	return true;
}

static bool read_escape(struct reader *reader, struct buffer *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char bytes[] = "\"\\/\b\f\n\r\t";
	int byte = peek(reader);
	const char *name = byte > 0 ? strchr(names, byte) : NULL;

	if (byte >= 0)
		reader->at++;
	if (byte == 'u')
		return read_unicode(reader, out);
	if (!name)
		return fail(reader, reader->at, "an unknown escape");
	buffer_putc(out, bytes[name - names]);
	return true;
}

/* Passes over bytes that stand for themselves. */
static void skip_plain(struct reader *reader)
{
	int byte = peek(reader);

	while (byte >= 0x20 && byte != '"' && byte != '\\') {
		reader->at++;
		byte = peek(reader);
	}
}

/* Behind the opening quote. */
static bool read_string(struct reader *reader, struct text *text)
{
	size_t from = reader->at;
	struct buffer out;

	skip_plain(reader);
	*text = text_slice(reader->text, from, reader->at);
	if (accept(reader, '"'))
		return true;
	buffer_init(&out, reader->arena);
	buffer_add(&out, *text);
	while (!accept(reader, '"')) {
		from = reader->at;
		if (peek(reader) < 0)
			return fail(reader, reader->at, "a string that does not end");
		if (peek(reader) < 0x20)
			return fail(reader, reader->at, "a control character in a string");
		if (accept(reader, '\\')) {
			if (!read_escape(reader, &out))
				return false;
			continue;
		}
		skip_plain(reader);
		buffer_add(&out, text_slice(reader->text, from, reader->at));
	}
	*text = buffer_text(&out);
	return true;
}

/* ---- lists and maps ------------------------------------------------------------------------ */

static bool enter(struct reader *reader)
{
	if (reader->depth == reader->max_depth)
		return fail(reader, reader->at, "too many lists and maps in one another");
	reader->depth++;
	return true;
}

static bool read_list(struct reader *reader, struct value *out)
{
	LIST(struct value) items = { 0 };

	skip_blanks(reader);
	if (!accept(reader, ']')) {
		do {
			struct value item;

			if (!read_value(reader, &item))
				return false;
			*list_add(&items, reader->arena) = item;
			skip_blanks(reader);
		} while (accept(reader, ','));
		if (!accept(reader, ']'))
			return fail(reader, reader->at, "',' or ']' was expected");
	}
	*out = value_list(items.at, items.count, reader->arena);
	return true;
}

static bool read_entry(struct reader *reader, struct value_map_builder *builder)
{
	struct text key;
	struct value field;

	skip_blanks(reader);
	if (!accept(reader, '"'))
		return fail(reader, reader->at, "a key in double quotes was expected");
	if (!read_string(reader, &key))
		return false;
	skip_blanks(reader);
	if (!accept(reader, ':'))
		return fail(reader, reader->at, "':' was expected");
	if (!read_value(reader, &field))
		return false;
	value_map_put(builder, value_string(key), field);
	skip_blanks(reader);
	return true;
}

static bool read_map(struct reader *reader, struct value *out)
{
	size_t from = reader->at - 1;
	struct value_map_builder builder;

	value_map_init(&builder, reader->arena);
	skip_blanks(reader);
	if (!accept(reader, '}')) {
		do {
			if (!read_entry(reader, &builder))
				return false;
		} while (accept(reader, ','));
		if (!accept(reader, '}'))
			return fail(reader, reader->at, "',' or '}' was expected");
	}
	*out = value_map_end(&builder);
	return out->kind != VALUE_ERROR || fail(reader, from, out->error->message);
}

/* ---- values -------------------------------------------------------------------------------- */

static bool read_word(struct reader *reader, struct value *out)
{
	static const struct {
		const char *word;
		struct value value;
	} words[] = {
		{ "null", { .kind = VALUE_NULL } },
		{ "true", { .kind = VALUE_BOOL, .boolean = true } },
		{ "false", { .kind = VALUE_BOOL, .boolean = false } },
	};
	struct text rest = text_slice(reader->text, reader->at, reader->text.len);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!text_starts(rest, words[i].word))
			continue;
		reader->at += strlen(words[i].word);
		*out = words[i].value;
		return true;
	}
	return fail(reader, reader->at, "a value was expected");
}

static bool read_nested(struct reader *reader, bool (*read)(struct reader *, struct value *),
			struct value *out)
{
	if (!enter(reader) || !read(reader, out))
		return false;
	reader->depth--;
	return true;
}

static bool read_value(struct reader *reader, struct value *out)
{
	struct text string;

	skip_blanks(reader);
	if (accept(reader, '{'))
		return read_nested(reader, read_map, out);
	if (accept(reader, '['))
		return read_nested(reader, read_list, out);
	if (accept(reader, '"')) {
		if (!read_string(reader, &string))
			return false;
		*out = value_string(string);
		return true;
	}
	if (peek(reader) == '-' || is_digit(peek(reader)))
		return read_number(reader, out);
	return read_word(reader, out);
}

bool json_read(struct text text, struct arena *arena, struct value *out, struct json_error *error)
{
	return json_read_deep(text, JSON_MAX_DEPTH, arena, out, error);
}

bool json_read_deep(struct text text, unsigned max_depth, struct arena *arena, struct value *out,
		    struct json_error *error)
{
	struct reader reader = {
		.text = text,
		.max_depth = max_depth,
		.arena = arena,
		.error = error,
	};
	size_t bad;

	if (!text_is_utf8(text, &bad))
		return fail(&reader, bad, "a byte that is not UTF-8");
	if (!read_value(&reader, out))
		return false;
	skip_blanks(&reader);
	return reader.at == text.len || fail(&reader, reader.at, "text behind the value");
}
