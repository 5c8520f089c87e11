/*
 * map: texts to pointers, in an arena, in order of insertion. Keys are borrowed. The hash is
 * seeded with the address of the map, so that an author cannot choose colliding keys.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct map_entry {
	struct text key;
	void *value;
};

struct map {
	struct arena *arena;
	struct map_entry *at; /* count entries, in order of insertion */
	size_t count;
	size_t cap;
	uint32_t *index; /* open addressing; NULL while small */
	size_t index_size;
};

void map_init(struct map *map, struct arena *arena);

/* The value, or NULL. */
void *map_get(const struct map *map, struct text key);

/* Sets or replaces; gives the value that stood there before, or NULL. */
void *map_set(struct map *map, struct text key, void *value);

#endif
