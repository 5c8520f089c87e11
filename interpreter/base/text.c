#include "base/text.h"

int text_compare(struct text a, struct text b)
{
	size_t shared = a.len < b.len ? a.len : b.len;
	int order = shared ? memcmp(a.ptr, b.ptr, shared) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool text_ends(struct text text, const char *suffix)
{
	size_t len = strlen(suffix);

	return text.len >= len && text_is(text_slice(text, text.len - len, text.len), suffix);
}

size_t text_find(struct text text, struct text needle, size_t from)
{
	const char *found;

	if (from > text.len || needle.len > text.len - from)
		return SIZE_MAX;
	if (needle.len == 0)
		return from;
	found = memmem(text.ptr + from, text.len - from, needle.ptr, needle.len);
	return found ? (size_t)(found - text.ptr) : SIZE_MAX;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

struct text text_trim(struct text text)
{
	size_t from = 0;
	size_t to = text.len;

	while (from < to && is_blank(text.ptr[from]))
		from++;
	while (to > from && is_blank(text.ptr[to - 1]))
		to--;
	return text_slice(text, from, to);
}
