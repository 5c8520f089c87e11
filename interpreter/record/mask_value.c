/* Masking in values, deep. */
#include "record/internal.h"

struct masking {
	const struct mask *mask;
	struct arena *arena;
	bool mark; /* mark as secret what holds one, instead of replacing it */
};

static struct value mask_any(const struct masking *masking, struct value value);

bool mask_has_taint(struct value value, unsigned taint)
{
	if (value.kind == VALUE_LIST || value.kind == VALUE_MAP || value.kind == VALUE_OBJECT ||
	    value.kind == VALUE_OPTIONAL)
		return value.aux & taint;
	return value.flags & taint;
}

static struct value mask_string(const struct masking *masking, struct value value)
{
	struct text text = value_text(value);
	struct text masked = mask_text(masking->mask, text, masking->arena);
	struct value replaced;

	if (masked.ptr == text.ptr && masked.len == text.len)
		return value;
	if (masking->mark)
		return value_mark(value, VALUE_SECRET);
	replaced = value.kind == VALUE_BYTES ? value_bytes(masked) : value_string(masked);
	return value_mark(replaced, value.flags);
}

static struct value mask_list(const struct masking *masking, struct value list)
{
	size_t count = value_count(list);
	struct value *items = arena_array(masking->arena, struct value, count);

	for (size_t i = 0; i < count; i++)
		items[i] = mask_any(masking, list.list->items[i]);
	return value_mark(value_list(items, count, masking->arena), list.aux);
}

static struct value mask_map(const struct masking *masking, struct value map)
{
	struct value_map_builder builder;
	struct value masked;

	value_map_init(&builder, masking->arena);
	for (size_t i = 0; i < map.map->count; i++) {
		struct value key = mask_any(masking, map.map->entries[i].key);

		if (mask_has_taint(key, VALUE_SECRET)) /* no key can be left out: the whole map is
							  secret */
			return value_mark(map, VALUE_SECRET);
		value_map_put(&builder, key, mask_any(masking, map.map->entries[i].value));
	}
	masked = value_map_end(&builder);
	if (masked.kind == VALUE_ERROR) /* two keys were masked to the same text */
		return value_cstring("***");
	return value_mark(masked, map.aux);
}

static struct value mask_optional(const struct masking *masking, struct value optional)
{
	struct value held;

	if (!optional.optional)
		return optional;
	held = mask_any(masking, *optional.optional);
	return value_mark(value_optional(&held, masking->arena), optional.aux);
}

static struct value mask_any(const struct masking *masking, struct value value)
{
	if (mask_has_taint(value, VALUE_SECRET))
		return masking->mark ? value : value_cstring("***");
	if (mask_leaves(masking->mask, value))
		return value;
	switch ((enum value_kind)value.kind) {
	case VALUE_STRING:
	case VALUE_BYTES:
		return mask_string(masking, value);
	case VALUE_LIST:
		return mask_list(masking, value);
	case VALUE_MAP:
		return mask_map(masking, value);
	case VALUE_OBJECT:
		return mask_map(masking, value_mark(value_force(value, masking->arena), value.aux));
	case VALUE_OPTIONAL:
		return mask_optional(masking, value);
	case VALUE_ERROR:
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DOUBLE:
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
	case VALUE_TYPE:
	case VALUE_OPAQUE:
	case VALUE_UNKNOWN:
		return value;
	}
	return value;
}

/* ---- registering --------------------------------------------------------------------------- */

static void put_any(struct mask *mask, struct value value, struct arena *arena)
{
	struct value key, item;

	switch ((enum value_kind)value.kind) {
	case VALUE_STRING:
	case VALUE_BYTES:
		if (value.flags & VALUE_SECRET)
			mask_put(mask, value_text(value));
		return;
	case VALUE_LIST:
		for (size_t i = 0; i < value_count(value); i++)
			put_any(mask, value_item(value, i), arena);
		return;
	case VALUE_MAP:
	case VALUE_OBJECT:
		for (size_t i = 0; value_entry_at(value, i, arena, &key, &item); i++) {
			put_any(mask, item, arena); /* keys name what is secret: "password" */
		}
		return;
	case VALUE_OPTIONAL:
		if (value_held(value, &item))
			put_any(mask, item, arena);
		return;
	case VALUE_ERROR:
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DOUBLE:
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
	case VALUE_TYPE:
	case VALUE_OPAQUE:
	case VALUE_UNKNOWN:
		return;
	}
}

bool mask_add_value(struct mask *mask, struct value value)
{
	struct arena arena;

	if (!(value.flags & VALUE_SECRET) && !mask_has_taint(value, VALUE_SECRET))
		return !mask_is_full(mask);
	arena_init(&arena);
	put_any(mask, value, &arena);
	arena_done(&arena);
	mask_link(mask);
	return !mask_is_full(mask);
}

/* ---- masking ------------------------------------------------------------------------------- */

struct value mask_value(const struct mask *mask, struct value value, struct arena *arena)
{
	struct masking masking = { .mask = mask, .arena = arena };

	return mask_any(&masking, value);
}

struct value mask_mark(const struct mask *mask, struct value value, struct arena *arena)
{
	struct masking masking = { .mask = mask, .arena = arena, .mark = true };

	return mask_any(&masking, value);
}
