/* Values as JSON, for machines and, with what machines cannot read, for people. */
#include <math.h>
#include <stdio.h>

#include "value/internal.h"

/* What stands for a byte or character that RFC 8259 does not let stand, or that breaks screens and
 * scripts (DEL, U+2028, U+2029); NULL: it stands as it is. */
/* What a terminal obeys, hides or reorders stands as an escape, which means the same. */
static bool is_tricky(int32_t code_point)
{
	return code_point <= 0x9f || code_point == 0x61c || code_point == 0xfeff ||
	       (code_point >= 0x200b && code_point <= 0x200f) ||
	       (code_point >= 0x2028 && code_point <= 0x202e) ||
	       (code_point >= 0x2060 && code_point <= 0x2069);
}

/* A character of more than one byte. */
static const char *escape_beyond(struct text text, size_t at, size_t *len, char hex[7])
{
	size_t end = at;
	int32_t code_point = text_next(text, &end);

	if (code_point < 0 || !is_tricky(code_point))
		return NULL;
	*len = end - at;
	snprintf(hex, 7, "\\u%04x", (unsigned)code_point & 0xffff);
	return hex;
}

static const char *escape_of(struct text text, size_t at, size_t *len, char hex[7])
{
	static const char *const names[0x20] = {
		['\b'] = "\\b", ['\t'] = "\\t", ['\n'] = "\\n", ['\f'] = "\\f", ['\r'] = "\\r",
	};
	unsigned char byte = (unsigned char)text.ptr[at];

	*len = 1;
	if (byte == '"')
		return "\\\"";
	if (byte == '\\')
		return "\\\\";
	if (byte < 0x20 && names[byte])
		return names[byte];
	if (byte < 0x20 || byte == 0x7f) {
		snprintf(hex, 7, "\\u%04x", byte);
		return hex;
	}
	return byte < 0xc2 ? NULL : escape_beyond(text, at, len, hex);
}

void json_write_string(struct buffer *out, struct text text)
{
	size_t plain = 0;

	buffer_putc(out, '"');
	for (size_t i = 0, len; i < text.len; i += len) {
		char hex[7];
		const char *escape = escape_of(text, i, &len, hex);

		if (!escape)
			continue;
		buffer_add(out, text_slice(text, plain, i));
		buffer_puts(out, escape);
		plain = i + len;
	}
	buffer_add(out, text_slice(text, plain, text.len));
	buffer_putc(out, '"');
}

void value_write_base64(struct buffer *out, struct text bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t group = 0;
		size_t have = bytes.len - i < 3 ? bytes.len - i : 3;

		for (size_t k = 0; k < 3; k++)
			group = group << 8 | (k < have ? (unsigned char)bytes.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buffer_putc(out, k <= have ? digits[group >> (18 - 6 * k) & 63] : '=');
	}
}

static void write_double(struct buffer *out, double real)
{
	if (isfinite(real)) {
		value_write_double(out, real);
		return;
	}
	buffer_putc(out, '"');
	value_write_double(out, real);
	buffer_putc(out, '"');
}

static void write_list(struct buffer *out, struct value list, const struct json_style *style)
{
	buffer_putc(out, '[');
	for (size_t i = 0; i < list.list->count && out->len <= style->end; i++) {
		if (i > 0)
			buffer_putc(out, ',');
		json_write_styled(out, value_item(list, i), style);
	}
	buffer_putc(out, ']');
}

/* Keys that are no strings are written as the text of what they are. */
static void write_key(struct buffer *out, struct value key, const struct json_style *style)
{
	if (key.kind == VALUE_STRING || (style->people && key.flags & VALUE_SECRET)) {
		json_write_styled(out, key, style);
		return;
	}
	buffer_putc(out, '"');
	json_write_styled(out, key, style);
	buffer_putc(out, '"');
}

static void write_map(struct buffer *out, struct value map, const struct json_style *style)
{
	struct value key;
	struct value field;

	buffer_putc(out, '{');
	for (size_t i = 0;
	     out->len <= style->end && value_entry_at(map, i, out->arena, &key, &field); i++) {
		if (i > 0)
			buffer_putc(out, ',');
		write_key(out, key, style);
		buffer_putc(out, ':');
		json_write_styled(out, field, style);
	}
	buffer_putc(out, '}');
}

static void write_text(struct buffer *out, struct text text, const struct json_style *style)
{
	size_t room = style->end - (out->len < style->end ? out->len : style->end);

	json_write_string(out, text.len > room ? text_slice(text, 0, room) : text);
}

/* What has no form in JSON, quoted. */
static void write_quoted(struct buffer *out, struct value value)
{
	struct buffer text;

	buffer_init(&text, out->arena);
	if (value.kind == VALUE_TIMESTAMP)
		value_write_timestamp(&text, value);
	else if (value.kind == VALUE_DURATION)
		value_write_duration(&text, value);
	else if (value.kind == VALUE_BYTES)
		value_write_base64(&text, value_text(value));
	else if (value.kind == VALUE_OPAQUE)
		value.opaque->class->write(&text, value.opaque->data);
	else
		buffer_puts(&text, value.type->name);
	json_write_string(out, buffer_text(&text));
}

static void write_optional(struct buffer *out, struct value value, const struct json_style *style)
{
	struct value held;

	json_write_styled(out, value_held(value, &held) ? held : value_null(), style);
}

/* Of a list or map that only holds a secret, the rest may be shown. */
static bool is_all_secret(struct value value)
{
	if (value.kind == VALUE_MAP || value.kind == VALUE_LIST)
		return value.aux & VALUE_SECRET;
	return value.flags & VALUE_SECRET;
}

void json_write_styled(struct buffer *out, struct value value, const struct json_style *style)
{
	if (style->people && is_all_secret(value)) {
		buffer_puts(out, "(secret)");
		return;
	}
	switch ((enum value_kind)value.kind) {
	case VALUE_NULL:
	case VALUE_ERROR:
		buffer_puts(out, "null");
		break;
	case VALUE_BOOL:
		buffer_puts(out, value.boolean ? "true" : "false");
		break;
	case VALUE_INT:
		buffer_put_int(out, value.integer);
		break;
	case VALUE_UINT:
		buffer_printf(out, "%llu", (unsigned long long)value.natural);
		break;
	case VALUE_DOUBLE:
		write_double(out, value.real);
		break;
	case VALUE_STRING:
		write_text(out, value_text(value), style);
		break;
	case VALUE_LIST:
		write_list(out, value, style);
		break;
	case VALUE_MAP:
	case VALUE_OBJECT:
		write_map(out, value, style);
		break;
	case VALUE_BYTES:
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
	case VALUE_TYPE:
	case VALUE_OPAQUE:
		write_quoted(out, value);
		break;
	case VALUE_OPTIONAL:
		write_optional(out, value, style);
		break;
	case VALUE_UNKNOWN:
		buffer_printf(out, "<%s>", value.unknown->text);
		break;
	}
}

void json_write(struct buffer *out, struct value value)
{
	static const struct json_style style = { .people = false, .end = SIZE_MAX };

	json_write_styled(out, value, &style);
}
