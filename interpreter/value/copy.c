/* Whole values: forcing objects, copying to another lifetime, looking for unknowns. */
#include "value/internal.h"

struct value value_force(struct value value, struct arena *arena)
{
	struct value_map_builder builder;
	struct text key;

	if (value.kind != VALUE_OBJECT)
		return value;
	value_map_init(&builder, arena);
	for (size_t i = 0; value.object->class->key(value.object, i, &key); i++) {
		struct value field;

		if (value.object->class->get(value.object, key, arena, &field) &&
		    field.kind != VALUE_ERROR)
			value_map_put(&builder, value_string(key), value_force(field, arena));
	}
	return value_mark(value_map_end(&builder), value.aux);
}

static struct value copy_list(struct value value, struct arena *arena)
{
	size_t count = value.list->count;
	struct value *items = arena_array(arena, struct value, count);

	for (size_t i = 0; i < count; i++)
		items[i] = value_copy(value.list->items[i], arena);
	value.list = value_list(items, count, arena).list;
	return value;
}

static struct value copy_map(struct value value, struct arena *arena)
{
	struct value_map_builder builder;
	struct value copy;

	value_map_init(&builder, arena);
	for (size_t i = 0; i < value.map->count; i++)
		value_map_put(&builder, value_copy(value.map->entries[i].key, arena),
			      value_copy(value.map->entries[i].value, arena));
	copy = value_map_end(&builder);
	copy.flags = value.flags;
	copy.aux = value.aux;
	return copy;
}

static struct value copy_error(struct value value, struct arena *arena)
{
	struct value_error *error = arena_new(arena, struct value_error);

	*error = *value.error;
	error->message = arena_string(arena, error->message);
	if (error->hint)
		error->hint = arena_string(arena, error->hint);
	value.error = error;
	return value;
}

static struct value copy_opaque(struct value value, struct arena *arena)
{
	const struct value_opaque_class *class = value.opaque->class;

	return value_mark(value_opaque(class, class->copy(value.opaque->data, arena), arena),
			  value.flags);
}

static struct value copy_optional(struct value value, struct arena *arena)
{
	struct value *held;

	if (!value.optional)
		return value;
	held = arena_new(arena, struct value);
	*held = value_copy(*value.optional, arena);
	value.optional = held;
	return value;
}

struct value value_copy(struct value value, struct arena *arena)
{
	switch ((enum value_kind)value.kind) {
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_UINT:
	case VALUE_DOUBLE:
	case VALUE_TIMESTAMP:
	case VALUE_DURATION:
	case VALUE_TYPE: /* types are static */
		return value;
	case VALUE_STRING:
	case VALUE_BYTES:
		value.bytes = arena_copy(arena, value.bytes, value.len);
		return value;
	case VALUE_LIST:
		return copy_list(value, arena);
	case VALUE_MAP:
		return copy_map(value, arena);
	case VALUE_OPTIONAL:
		return copy_optional(value, arena);
	case VALUE_OPAQUE:
		return copy_opaque(value, arena);
	case VALUE_OBJECT:
		return value_copy(value_force(value, arena), arena);
	case VALUE_UNKNOWN:
		return unknown_copy(value, arena);
	case VALUE_ERROR:
		return copy_error(value, arena);
	}
	return value;
}

static bool map_has_unknown(const struct value_map *map)
{
	if (!map->extent.unknown)
		return false;
	for (size_t i = 0; i < map->count; i++)
		if (value_has_unknown(map->entries[i].value))
			return true;
	return false;
}

static bool list_has_unknown(const struct value_list *list)
{
	if (!list->extent.unknown)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (value_has_unknown(list->items[i]))
			return true;
	return false;
}

static bool object_has_unknown(struct value object)
{
	struct arena arena;
	bool found;

	arena_init(&arena);
	found = value_has_unknown(value_force(object, &arena));
	arena_done(&arena);
	return found;
}

bool value_has_unknown(struct value value)
{
	if (value.kind == VALUE_UNKNOWN)
		return true;
	if (value.kind == VALUE_LIST)
		return list_has_unknown(value.list);
	if (value.kind == VALUE_MAP)
		return map_has_unknown(value.map);
	if (value.kind == VALUE_OBJECT)
		return object_has_unknown(value);
	return value.kind == VALUE_OPTIONAL && value.optional && value_has_unknown(*value.optional);
}
