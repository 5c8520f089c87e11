/*
 * tail: the last bytes of a stream of any length.
 *
 * Zeroed, it keeps nothing: tail_init gives it its room, once.
 */
#ifndef BASE_TAIL_H
#define BASE_TAIL_H

#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

struct tail {
	char *ptr;
	size_t max;       /* bytes that it keeps */
	size_t len;       /* bytes that are kept */
	uint64_t dropped; /* bytes that came before these */
};

void tail_init(struct tail *tail, size_t max, struct arena *arena);
void tail_add(struct tail *tail, struct text bytes);
/* What is kept; it stays until the next tail_add. */
struct text tail_text(const struct tail *tail);

#endif
