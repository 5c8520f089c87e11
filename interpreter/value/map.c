/* Maps: entries in order of insertion; above a few of them an index by hash. */
#include <math.h>
#include <string.h>

#include "value/internal.h"

#define SMALL 8 /* entries that are searched one by one */

static bool same_key(struct value a, struct value b)
{
	if (a.kind == VALUE_STRING && b.kind == VALUE_STRING)
		return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
	return value_equal(a, b);
}

/* The address is one that a stranger who chose the keys does not know. */
static uint64_t seed_of(const struct value_map *map)
{
	return (uint64_t)(uintptr_t)map->entries;
}

/* The slot of a key: its own, or the free one where it would stand. */
static uint32_t slot_of(const struct value_map *map, const uint32_t *index, struct value key)
{
	uint32_t slot = (uint32_t)value_hash(key, seed_of(map)) & map->index_mask;

	while (index[slot] && !same_key(map->entries[index[slot] - 1].key, key))
		slot = (slot + 1) & map->index_mask;
	return slot;
}

/* The integer that a double is exactly; false: none. By == several integers of a map could be equal
 * to it, as that converts them to doubles. */
static bool exact_key(double real, struct value *key)
{
	if (trunc(real) != real || real < -0x1p63 || real >= 0x1p64)
		return false;
	*key = real < 0x1p63 ? value_int((int64_t)real) : value_uint((uint64_t)real);
	return true;
}

const struct value_entry *value_map_find(const struct value_map *map, struct value key)
{
	if (key.kind == VALUE_DOUBLE && !exact_key(key.real, &key))
		return NULL;
	if (map->index) {
		uint32_t slot = slot_of(map, map->index, key);

		return map->index[slot] ? &map->entries[map->index[slot] - 1] : NULL;
	}
	for (size_t i = 0; i < map->count; i++)
		if (same_key(map->entries[i].key, key))
			return &map->entries[i];
	return NULL;
}

void value_map_init(struct value_map_builder *builder, struct arena *arena)
{
	*builder = (struct value_map_builder){ .arena = arena };
}

void value_map_put(struct value_map_builder *builder, struct value key, struct value value)
{
	if (builder->count == builder->cap) {
		size_t cap = builder->cap ? 2 * builder->cap : SMALL;
		struct value_entry *entries = arena_array(builder->arena, struct value_entry, cap);

		if (builder->count)
			memcpy(entries, builder->entries, builder->count * sizeof(*entries));
		builder->entries = entries;
		builder->cap = cap;
	}
	builder->entries[builder->count++] = (struct value_entry){ .key = key, .value = value };
}

void value_map_set(struct value_map_builder *builder, const char *key, struct value value)
{
	value_map_put(builder, value_cstring(key), value);
}

static bool is_key(struct value key)
{
	return key.kind == VALUE_STRING || key.kind == VALUE_INT || key.kind == VALUE_UINT ||
	       key.kind == VALUE_BOOL;
}

/* The first entry whose key stands before it already, or NULL. Small maps. */
static const struct value_entry *find_twin(const struct value_map *map)
{
	for (size_t i = 1; i < map->count; i++)
		for (size_t k = 0; k < i; k++)
			if (same_key(map->entries[i].key, map->entries[k].key))
				return &map->entries[i];
	return NULL;
}

/* Makes the index; gives the first entry whose key stands before it already, or NULL. */
static const struct value_entry *make_index(struct value_map *map, struct arena *arena)
{
	uint32_t size = 2 * SMALL;
	uint32_t *index;

	while (size < 2 * map->count)
		size *= 2;
	index = arena_array(arena, uint32_t, size);
	map->index_mask = size - 1;
	for (size_t i = 0; i < map->count; i++) {
		uint32_t slot = slot_of(map, index, map->entries[i].key);

		if (index[slot])
			return &map->entries[i];
		index[slot] = (uint32_t)i + 1;
	}
	map->index = index;
	return NULL;
}

static struct value refuse_twin(const struct value_entry *twin, struct arena *arena)
{
	struct buffer name;

	buffer_init(&name, arena);
	value_show(&name, twin->key, 60);
	return value_error(arena, FAIL_EXPRESSION, "the key %s stands twice in a map",
			   buffer_string(&name));
}

struct value value_map_end(struct value_map_builder *builder)
{
	struct value_map *map = arena_new(builder->arena, struct value_map);
	const struct value_entry *twin;
	unsigned taint = 0;

	map->count = builder->count;
	map->entries = builder->entries;
	map->extent = EXTENT_EMPTY;
	for (size_t i = 0; i < map->count; i++) {
		if (!is_key(map->entries[i].key))
			return value_error(builder->arena, FAIL_EXPRESSION,
					   "a map's key is a bool, int, uint or string, not '%s'",
					   value_type_of(map->entries[i].key)->name);
		taint |= map->entries[i].key.flags | map->entries[i].value.flags;
		extent_add(&map->extent, map->entries[i].key);
		extent_add(&map->extent, map->entries[i].value);
	}
	twin = map->count > SMALL ? make_index(map, builder->arena) : find_twin(map);
	if (twin)
		return refuse_twin(twin, builder->arena);
	return (struct value){ .kind = VALUE_MAP, .flags = taint & VALUE_TAINT, .map = map };
}
