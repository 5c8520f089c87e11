/* text: characters and the cells that they take. */
#include "base/text.h"

#include <locale.h>
#include <wchar.h>

/* The well-formed sequences of RFC 3629 section 4, by first byte. Only the second byte's range
 * depends on the first. */
static const struct sequence {
	uint8_t first_from, first_to;
	uint8_t second_from, second_to;
	uint8_t len;
	uint8_t mask; /* the bits of the first byte that count */
} sequences[] = {
	{ 0x00, 0x7f, 0, 0, 1, 0x7f },       { 0xc2, 0xdf, 0x80, 0xbf, 2, 0x1f },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3, 0x0f }, { 0xe1, 0xec, 0x80, 0xbf, 3, 0x0f },
	{ 0xed, 0xed, 0x80, 0x9f, 3, 0x0f }, { 0xee, 0xef, 0x80, 0xbf, 3, 0x0f },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4, 0x07 }, { 0xf1, 0xf3, 0x80, 0xbf, 4, 0x07 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4, 0x07 },
};

static const struct sequence *find_sequence(uint8_t first)
{
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (first >= sequences[i].first_from && first <= sequences[i].first_to)
			return &sequences[i];
	}
	return NULL;
}

static bool is_whole(const struct sequence *sequence, const uint8_t *bytes, size_t len)
{
	if (len < sequence->len)
		return false;
	if (sequence->len > 1 &&
	    (bytes[1] < sequence->second_from || bytes[1] > sequence->second_to))
		return false;
	for (size_t i = 2; i < sequence->len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return false;
	}
	return true;
}

int32_t text_next(struct text text, size_t *offset)
{
	const uint8_t *bytes = (const uint8_t *)text.ptr + *offset;
	const struct sequence *sequence = find_sequence(bytes[0]);
	int32_t code_point;

	if (!sequence || !is_whole(sequence, bytes, text.len - *offset)) {
		*offset += 1;
		return -1;
	}
	code_point = bytes[0] & sequence->mask;
	for (size_t i = 1; i < sequence->len; i++)
		code_point = code_point << 6 | (bytes[i] & 0x3f);
	*offset += sequence->len;
	return code_point;
}

bool text_is_utf8(struct text text, size_t *bad)
{
	size_t offset = 0;

	while (offset < text.len) {
		size_t start = offset;

		if ((unsigned char)text.ptr[offset] < 0x80) {
			offset++;
		} else if (text_next(text, &offset) < 0) {
			if (bad)
				*bad = start;
			return false;
		}
	}
	return true;
}

static bool is_printable_ascii(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (byte < 0x20 || byte >= 0x7f)
			return false;
	}
	return true;
}

/* Walks over the text until it would take more than limit cells. Gives the cells; *end is where it
 * stopped. */
static size_t walk(struct text text, size_t limit, size_t *end)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
	size_t cells = 0, offset = 0;

	for (*end = 0; offset < text.len; *end = offset) {
		int32_t code_point = text_next(text, &offset);
		int width = code_point < 0 || !utf8 ? 1 : wcwidth((wchar_t)code_point);
		size_t more = width < 0 ? 1 : (size_t)width;

		if (more > limit - cells)
			break;
		cells += more;
	}
	if (utf8) {
		uselocale(before);
		freelocale(utf8);
	}
	return cells;
}

size_t text_cells(struct text text)
{
	size_t end;

	return is_printable_ascii(text) ? text.len : walk(text, SIZE_MAX, &end);
}

size_t text_fit(struct text text, size_t cells)
{
	size_t end;

	if (is_printable_ascii(text))
		return text.len < cells ? text.len : cells;
	walk(text, cells, &end);
	return end;
}
