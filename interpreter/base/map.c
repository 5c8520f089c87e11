#include "base/map.h"

#include "base/list.h"

/* Up to here a walk over the entries is faster than an index. */
#define SMALL 8

void map_init(struct map *map, struct arena *arena)
{
	*map = (struct map){ .arena = arena };
}

/* Mixes the address of the map into the hash of the key byte by byte, so that keys chosen to
 * collide in one process do not in the next. */
static uint64_t key_hash(const struct map *map, struct text key)
{
	uint64_t hash = (uint64_t)(uintptr_t)map * UINT64_C(0x9e3779b97f4a7c15);

	for (size_t i = 0; i < key.len; i++) {
		hash ^= (unsigned char)key.ptr[i];
		hash *= UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 29;
	}
	return hash;
}

/* The slot of the index where the key stands or would stand. A slot holds entry number + 1. */
static size_t find_slot(const struct map *map, struct text key)
{
	size_t mask = map->index_size - 1;
	size_t slot = key_hash(map, key) & mask;

	while (map->index[slot] && !text_equal(map->at[map->index[slot] - 1].key, key))
		slot = (slot + 1) & mask;
	return slot;
}

static struct map_entry *find_entry(const struct map *map, struct text key)
{
	if (map->index) {
		uint32_t number = map->index[find_slot(map, key)];

		return number ? &map->at[number - 1] : NULL;
	}
	for (size_t i = 0; i < map->count; i++) {
		if (text_equal(map->at[i].key, key))
			return &map->at[i];
	}
	return NULL;
}

/* Keeps at least half of the slots free. */
static void grow_index(struct map *map)
{
	if (map->count < SMALL || 2 * (map->count + 1) <= map->index_size)
		return;
	map->index_size = map->index_size ? 2 * map->index_size : 4 * SMALL;
	map->index = arena_array(map->arena, uint32_t, map->index_size);
	for (size_t i = 0; i < map->count; i++)
		map->index[find_slot(map, map->at[i].key)] = (uint32_t)i + 1;
}

void *map_get(const struct map *map, struct text key)
{
	const struct map_entry *entry = find_entry(map, key);

	return entry ? entry->value : NULL;
}

void *map_set(struct map *map, struct text key, void *value)
{
	struct map_entry *entry = find_entry(map, key);

	if (entry) {
		void *before = entry->value;

		entry->value = value;
		return before;
	}
	grow_index(map);
	if (map->index)
		map->index[find_slot(map, key)] = (uint32_t)map->count + 1;
	*list_add(map, map->arena) = (struct map_entry){ key, value };
	return NULL;
}
