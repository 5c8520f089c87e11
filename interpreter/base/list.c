#include "base/list.h"

#include <stdint.h>
#include <string.h>

#include "base/bug.h"

#define FIRST_CAP 8

void *list_grow(struct arena *arena, void *at, size_t *cap, size_t count, size_t size)
{
	void *grown;

	if (count < *cap)
		return at;
	if (count > SIZE_MAX / 2)
		bug("a list of %zu elements", count);
	*cap = count ? 2 * count : FIRST_CAP;
	grown = arena_alloc_array(arena, *cap, size);
	if (count)
		memcpy(grown, at, count * size);
	return grown;
}
