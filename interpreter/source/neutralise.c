/* neutralise: texts of strangers, made harmless for a screen. */
#include "source/internal.h"

/* Code points that a terminal obeys, or that hide or reorder what stands around them. */
static const struct range {
	int32_t from, to;
} unsafe[] = {
	{ 0x00, 0x1f },     { 0x7f, 0x9f },       { 0x61c, 0x61c },   { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x2069 },   { 0xfeff, 0xfeff }, { 0xfff9, 0xfffb },
	{ 0xfffe, 0xffff }, { 0xe0000, 0xe007f },
};

bool char_is_safe(int32_t code_point)
{
	for (size_t i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++) {
		if (code_point <= unsafe[i].to)
			return code_point < unsafe[i].from;
	}
	return true;
}

/* By hand: a gigabyte of zeros comes this way. */
static void put_byte(struct buffer *out, unsigned char byte)
{
	static const char digits[] = "0123456789abcdef";
	const char shown[] = { '\\', 'x', digits[byte >> 4], digits[byte & 15] };

	buffer_add(out, (struct text){ shown, sizeof(shown) });
}

void neutralise_char(struct buffer *out, struct text character, int32_t code_point)
{
	if (code_point >= 0 && char_is_safe(code_point))
		buffer_add(out, character);
	else if (code_point < 0 || code_point < 0x80)
		put_byte(out, (unsigned char)character.ptr[0]);
	else
		buffer_printf(out, "\\u{%X}", (unsigned)code_point);
}

/* Where the harmless ASCII ends that most texts consist of. */
static size_t plain_end(struct text text, size_t from, bool lines)
{
	while (from < text.len) {
		char byte = text.ptr[from];

		if ((byte < ' ' || byte > '~') && !(lines && (byte == '\n' || byte == '\t')))
			break;
		from++;
	}
	return from;
}

void text_neutralise(struct buffer *out, struct text text, bool lines)
{
	for (size_t offset = 0; offset < text.len;) {
		size_t start = offset;

		offset = plain_end(text, start, lines);
		if (offset > start) {
			buffer_add(out, text_slice(text, start, offset));
		} else if ((unsigned char)text.ptr[start] < 0x80) {
			put_byte(out, (unsigned char)text.ptr[offset++]);
		} else {
			int32_t code_point = text_next(text, &offset);

			neutralise_char(out, text_slice(text, start, offset), code_point);
		}
	}
}
