/* tail: the end of what came. */
#include "base/tail.h"

#include <string.h>

void tail_init(struct tail *tail, size_t max, struct arena *arena)
{
	*tail = (struct tail){ .ptr = arena_alloc(arena, max), .max = max };
}

static void drop(struct tail *tail, size_t len)
{
	memmove(tail->ptr, tail->ptr + len, tail->len - len);
	tail->len -= len;
	tail->dropped += len;
}

void tail_add(struct tail *tail, struct text bytes)
{
	size_t skipped = bytes.len > tail->max ? bytes.len - tail->max : 0;
	size_t room;

	bytes = text_slice(bytes, skipped, bytes.len);
	room = tail->max - bytes.len;
	if (tail->len > room)
		drop(tail, tail->len - room);
	tail->dropped += skipped;
	memcpy(tail->ptr + tail->len, bytes.ptr, bytes.len);
	tail->len += bytes.len;
}

struct text tail_text(const struct tail *tail)
{
	return (struct text){ tail->ptr, tail->len };
}
