/* text: the buffer that grows one. */
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/bug.h"

#define FIRST_CAP 64

void buffer_init(struct buffer *buffer, struct arena *arena)
{
	*buffer = (struct buffer){ .arena = arena };
}

/* Room for len more bytes and a NUL. */
static void reserve(struct buffer *buffer, size_t len)
{
	size_t cap = buffer->cap ? buffer->cap : FIRST_CAP;

	if (len < buffer->cap - buffer->len)
		return;
	if (len > SIZE_MAX / 4 - buffer->len)
		bug("a buffer of %zu bytes", buffer->len);
	while (cap <= buffer->len + len)
		cap *= 2;
	buffer->ptr = arena_grow(buffer->arena, buffer->ptr, buffer->cap, cap);
	buffer->cap = cap;
}

void buffer_add(struct buffer *buffer, struct text text)
{
	if (text.len == 0)
		return;
	reserve(buffer, text.len);
	memcpy(buffer->ptr + buffer->len, text.ptr, text.len);
	buffer->len += text.len;
}

void buffer_puts(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, text_of(string));
}

void buffer_putc(struct buffer *buffer, char byte)
{
	reserve(buffer, 1);
	buffer->ptr[buffer->len++] = byte;
}

void buffer_put_int(struct buffer *buffer, int64_t number)
{
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char digits[20]; /* of UINT64_MAX */
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		buffer_putc(buffer, '-');
	buffer_add(buffer, (struct text){ digits + at, sizeof(digits) - at });
}

void buffer_put_utf8(struct buffer *buffer, uint32_t code_point)
{
	static const struct {
		uint32_t below;
		uint8_t lead;
	} lengths[] = { { 0x80, 0 }, { 0x800, 0xc0 }, { 0x10000, 0xe0 }, { 0x110000, 0xf0 } };
	size_t more = 0;

	while (code_point >= lengths[more].below) {
		if (++more == sizeof(lengths) / sizeof(lengths[0]))
			bug("U+%X is no code point", (unsigned)code_point);
	}
	buffer_putc(buffer, (char)(lengths[more].lead | code_point >> 6 * more));
	while (more--)
		buffer_putc(buffer, (char)(0x80 | (code_point >> 6 * more & 0x3f)));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_vprintf(buffer, format, args);
	va_end(args);
}

void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
{
	va_list again;
	size_t room;
	int len;

	reserve(buffer, 0);
	room = buffer->cap - buffer->len;
	va_copy(again, args);
	len = vsnprintf(buffer->ptr + buffer->len, room, format, again);
	va_end(again);
	if (len < 0)
		bug("the format '%s' cannot be printed", format);
	if ((size_t)len >= room) {
		reserve(buffer, (size_t)len);
		vsnprintf(buffer->ptr + buffer->len, (size_t)len + 1, format, args);
	}
	buffer->len += (size_t)len;
}

struct text buffer_text(const struct buffer *buffer)
{
	return (struct text){ buffer->ptr, buffer->len };
}

const char *buffer_string(struct buffer *buffer)
{
	reserve(buffer, 0);
	buffer->ptr[buffer->len] = '\0';
	return buffer->ptr;
}
