/* The values of literal tokens: numbers, and strings and bytes with their escapes. */
#include "expr/internal.h"

/* ---- numbers ------------------------------------------------------------------------------- */

static bool read_natural(struct text digits, uint64_t *out)
{
	bool hex = text_starts(digits, "0x");
	uint64_t base = hex ? 16 : 10;
	uint64_t number = 0;
	for (size_t i = hex ? 2 : 0; i < digits.len; i++) {
		int byte = digits.ptr[i];
		uint64_t digit = (uint64_t)(byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
		if (__builtin_mul_overflow(number, base, &number) ||
		    __builtin_add_overflow(number, digit, &number))
			return false;
	}
	*out = number;
	return true;
}

static const char *literal_int(struct text token, bool negative, struct value *out)
{
	uint64_t number;
	if (!read_natural(token, &number) || number > (uint64_t)INT64_MAX + negative)
		return "does not fit into an int (64 bits)";
	*out = value_int(negative ? (int64_t)(0 - number) : (int64_t)number);
	return NULL;
}

static const char *literal_uint(struct text token, struct value *out)
{
	uint64_t number;
	if (!read_natural(text_slice(token, 0, token.len - 1), &number))
		return "does not fit into a uint (64 bits)";
	*out = value_uint(number);
	return NULL;
}

#define DOUBLE_MAX_TEXT 400

/* The process never calls setlocale, so that strtod reads a '.'. */
static const char *literal_double(struct text token, bool negative, struct value *out)
{
	char digits[DOUBLE_MAX_TEXT + 1];
	if (token.len > DOUBLE_MAX_TEXT)
		return "has too many digits";
	memcpy(digits, token.ptr, token.len);
	digits[token.len] = '\0';
	double real = strtod(digits, NULL);
	if (real - real != 0)
		return "does not fit into a double";
	*out = value_double(negative ? -real : real);
	return NULL;
}

static const char *literal_number(struct text token, enum token_kind kind, bool negative,
				  struct value *out)
{
	if (kind == TOKEN_INT)
		return literal_int(token, negative, out);
	if (kind == TOKEN_DOUBLE)
		return literal_double(token, negative, out);
	return negative ? "is unsigned and cannot be negative" : literal_uint(token, out);
}

/* ---- strings and bytes --------------------------------------------------------------------- */

static const char simple_escapes[][2] = {
	{ 'a', '\a' }, { 'b', '\b' },  { 'f', '\f' }, { 'n', '\n' }, { 'r', '\r' },  { 't', '\t' },
	{ 'v', '\v' }, { '\\', '\\' }, { '?', '?' },  { '"', '"' },  { '\'', '\'' }, { '`', '`' },
};

/* Escapes with digits. */
static const struct {
	char letter;
	uint8_t digits;
	uint8_t base;
	bool in_bytes;
} digit_escapes[] = {
	{ 'x', 2, 16, true }, { 'X', 2, 16, true }, { 'u', 4, 16, false }, { 'U', 8, 16, false },
	{ '0', 3, 8, true },  { '1', 3, 8, true },  { '2', 3, 8, true },   { '3', 3, 8, true },
};

static int digit_value(char byte, unsigned base)
{
	int digit = byte >= '0' && byte <= '9'   ? byte - '0'
		    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
		    : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
						 : 99;
	return digit < (int)base ? digit : -1;
}

static bool read_digits(struct text body, size_t *at, unsigned count, unsigned base, uint32_t *out)
{
	uint32_t number = 0;
	for (unsigned i = 0; i < count; i++, (*at)++) {
		int digit = *at < body.len ? digit_value(body.ptr[*at], base) : -1;
		if (digit < 0)
			return false;
		number = number * base + (uint32_t)digit;
	}
	*out = number;
	return true;
}

static const char *put_code(struct buffer *out, uint32_t code, bool bytes)
{
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return "is no Unicode character";
	if (bytes)
		buffer_putc(out, (char)code);
	else
		buffer_put_utf8(out, code);
	return NULL;
}

/* *at stands on the letter behind the backslash and is moved behind the escape. */
static const char *unescape(struct text body, size_t *at, bool bytes, struct buffer *out)
{
	char letter = body.ptr[*at];

	for (size_t i = 0; i < sizeof(simple_escapes) / sizeof(*simple_escapes); i++) {
		if (simple_escapes[i][0] != letter)
			continue;
		(*at)++;
		buffer_putc(out, simple_escapes[i][1]);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(digit_escapes) / sizeof(*digit_escapes); i++) {
		uint32_t code;
		if (digit_escapes[i].letter != letter)
			continue;
		if (bytes && !digit_escapes[i].in_bytes)
			return "is not allowed in bytes";
		*at += digit_escapes[i].base == 16;
		if (!read_digits(body, at, digit_escapes[i].digits, digit_escapes[i].base, &code))
			return "has too few digits";
		return put_code(out, code, bytes);
	}
	(*at)++;
	return "is no escape";
}

static struct value make(struct text text, bool bytes)
{
	return bytes ? value_bytes(text) : value_string(text);
}

static const char *literal_text(struct text token, bool bytes, struct arena *arena,
				struct value *out, size_t *from, size_t *to)
{
	size_t start = 0;
	while (token.ptr[start] != '\'' && token.ptr[start] != '"')
		start++;
	bool raw = start > 0 && (token.ptr[start - 1] | 0x20) == 'r';
	size_t width = token.len >= start + 6 && token.ptr[start + 1] == token.ptr[start] &&
				       token.ptr[start + 2] == token.ptr[start]
			       ? 3
			       : 1;
	struct text body = text_slice(token, start + width, token.len - width);

	if (raw || !memchr(body.ptr, '\\', body.len)) {
		*out = make(body, bytes);
		return NULL;
	}
	struct buffer buffer;
	buffer_init(&buffer, arena);
	for (size_t at = 0; at < body.len;) {
		if (body.ptr[at] != '\\') {
			buffer_putc(&buffer, body.ptr[at++]);
			continue;
		}
		*from = start + width + at++;
		const char *complaint = unescape(body, &at, bytes, &buffer);
		*to = start + width + (at < body.len ? at : body.len);
		if (complaint)
			return complaint;
	}
	*out = make(buffer_text(&buffer), bytes);
	return NULL;
}

/* ---- tokens -------------------------------------------------------------------------------- */

static bool is_text(enum token_kind kind)
{
	return kind == TOKEN_STRING || kind == TOKEN_BYTES;
}

static const char *literal_value(struct compiler *compiler, struct token token, bool negative,
				 struct value *out, size_t *from, size_t *to)
{
	struct text text = text_slice(compiler->text, token.from, token.to);

	*from = 0;
	*to = text.len;
	if (is_text(token.kind))
		return literal_text(text, token.kind == TOKEN_BYTES, compiler->arena, out, from,
				    to);
	if (token.kind == TOKEN_NULL)
		*out = value_null();
	else if (token.kind == TOKEN_TRUE || token.kind == TOKEN_FALSE)
		*out = value_bool(token.kind == TOKEN_TRUE);
	else
		return literal_number(text, token.kind, negative, out);
	return NULL;
}

bool literal_read(struct compiler *compiler, struct token token, bool negative, struct value *out)
{
	size_t from, to;
	const char *complaint = literal_value(compiler, token, negative, out, &from, &to);
	if (!complaint)
		return true;
	from += token.from;
	to += token.from;
	complain(compiler, (uint32_t)from, (uint32_t)to, is_text(token.kind) ? RB0302 : RB0303,
		 "'%.*s' %s", TEXT_ARG(text_slice(compiler->text, from, to)), complaint);
	if (is_text(token.kind))
		diag_hint(compiler->diags,
			  "In r'...' a backslash means itself; else write '\\\\' for one.");
	else
		diag_hint(compiler->diags, "A number that needs more is kept as a text: '%.*s'.",
			  TEXT_ARG(text_slice(compiler->text, from, to)));
	return false;
}
