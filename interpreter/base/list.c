#include "base/list.h"

#include <stdint.h>

#include "base/bug.h"

#define FIRST_BYTES 32 /* most lists hold one or two */

void *list_grow(struct arena *arena, void *at, size_t *cap, size_t count, size_t size)
{
	size_t before = *cap;

	if (count < before)
		return at;
	if (count > SIZE_MAX / 2 / size)
		bug("a list of %zu elements", count);
	if (before)
		*cap = 2 * before;
	else
		*cap = size < FIRST_BYTES ? FIRST_BYTES / size : 1;
	return arena_grow(arena, at, before * size, *cap * size);
}
