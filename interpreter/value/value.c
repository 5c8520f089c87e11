/* Making values, and reading what they hold. */
#include <stdarg.h>
#include <string.h>

#include "value/internal.h"

static bool is_ascii(struct text text)
{
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= text.len; i += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, text.ptr + i, sizeof(word));
		if (word & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < text.len; i++)
		if ((unsigned char)text.ptr[i] & 0x80)
			return false;
	return true;
}

struct value value_null(void)
{
	return (struct value){ .kind = VALUE_NULL };
}

struct value value_bool(bool boolean)
{
	return (struct value){ .kind = VALUE_BOOL, .boolean = boolean };
}

struct value value_int(int64_t integer)
{
	return (struct value){ .kind = VALUE_INT, .integer = integer };
}

struct value value_uint(uint64_t natural)
{
	return (struct value){ .kind = VALUE_UINT, .natural = natural };
}

struct value value_double(double real)
{
	return (struct value){ .kind = VALUE_DOUBLE, .real = real };
}

struct value value_string(struct text text)
{
	return (struct value){
		.kind = VALUE_STRING,
		.flags = is_ascii(text) ? VALUE_ASCII : 0,
		.len = (uint32_t)text.len,
		.bytes = text.ptr,
	};
}

struct value value_cstring(const char *string)
{
	return value_string(text_of(string));
}

struct value value_bytes(struct text bytes)
{
	return (struct value){ .kind = VALUE_BYTES,
			       .len = (uint32_t)bytes.len,
			       .bytes = bytes.ptr };
}

struct value value_duration(int64_t ns)
{
	return (struct value){ .kind = VALUE_DURATION, .integer = ns };
}

struct value value_timestamp(int64_t seconds, uint32_t ns)
{
	return (struct value){ .kind = VALUE_TIMESTAMP, .len = ns, .integer = seconds };
}

struct value value_type_value(const struct value_type *type)
{
	return (struct value){ .kind = VALUE_TYPE, .type = type };
}

struct value value_opaque(const struct value_opaque_class *class, const void *data,
			  struct arena *arena)
{
	struct value_opaque *opaque = arena_new(arena, struct value_opaque);

	*opaque = (struct value_opaque){ .class = class, .data = data };
	return (struct value){ .kind = VALUE_OPAQUE, .opaque = opaque };
}

struct value value_optional(const struct value *item, struct arena *arena)
{
	struct value *held;

	if (!item)
		return (struct value){ .kind = VALUE_OPTIONAL };
	held = arena_new(arena, struct value);
	*held = *item;
	return (struct value){ .kind = VALUE_OPTIONAL,
			       .flags = item->flags & VALUE_TAINT,
			       .optional = held };
}

struct value value_object(const struct value_object_class *class, void *data, struct arena *arena)
{
	struct value_object *object = arena_new(arena, struct value_object);

	*object = (struct value_object){ .class = class, .data = data };
	return (struct value){ .kind = VALUE_OBJECT, .object = object };
}

struct value value_error(struct arena *arena, enum value_failure failure, const char *format, ...)
{
	struct value_error *error = arena_new(arena, struct value_error);
	va_list args;

	va_start(args, format);
	error->failure = failure;
	error->message = arena_vformat(arena, format, args);
	va_end(args);
	return (struct value){ .kind = VALUE_ERROR, .error = error };
}

struct value value_list(const struct value *items, size_t count, struct arena *arena)
{
	struct value_list *list = arena_new(arena, struct value_list);
	unsigned taint = 0;

	*list = (struct value_list){ .count = count, .items = items, .extent = EXTENT_EMPTY };
	for (size_t i = 0; i < count; i++) {
		taint |= items[i].flags;
		extent_add(&list->extent, items[i]);
	}
	return (struct value){ .kind = VALUE_LIST, .flags = taint & VALUE_TAINT, .list = list };
}

static bool is_container(struct value value)
{
	return value.kind == VALUE_LIST || value.kind == VALUE_MAP || value.kind == VALUE_OBJECT ||
	       value.kind == VALUE_OPTIONAL;
}

struct value value_mark(struct value value, unsigned taint)
{
	taint &= VALUE_TAINT;
	value.flags = (uint8_t)(value.flags | taint);
	if (is_container(value))
		value.aux = (uint16_t)(value.aux | taint);
	return value;
}

struct value value_inherit(struct value item, struct value container)
{
	return container.aux ? value_mark(item, container.aux) : item;
}

struct text value_text(struct value value)
{
	return (struct text){ value.bytes, value.len };
}

bool value_is(struct value value, enum value_kind kind)
{
	return value.kind == kind;
}

struct value value_item(struct value list, size_t index)
{
	return value_inherit(list.list->items[index], list);
}

bool value_held(struct value optional, struct value *out)
{
	if (!optional.optional)
		return false;
	*out = value_inherit(*optional.optional, optional);
	return true;
}

bool value_get(struct value map, struct value key, struct arena *arena, struct value *out)
{
	const struct value_entry *entry;

	if (map.kind == VALUE_OBJECT) {
		if (key.kind != VALUE_STRING ||
		    !map.object->class->get(map.object, value_text(key), arena, out))
			return false;
		*out = value_inherit(*out, map);
		return true;
	}
	entry = map.kind == VALUE_MAP ? value_map_find(map.map, key) : NULL;
	if (!entry)
		return false;
	*out = value_inherit(entry->value, map);
	return true;
}

bool value_field(struct value map, const char *key, struct arena *arena, struct value *out)
{
	return value_get(map, value_cstring(key), arena, out);
}

const char *value_field_text(struct value map, const char *key, struct arena *arena)
{
	struct value text;

	if (map.kind != VALUE_MAP || !value_field(map, key, arena, &text) ||
	    text.kind != VALUE_STRING)
		return "";
	return arena_text(arena, value_text(text)).ptr;
}

static size_t object_count(const struct value_object *object)
{
	struct text key;
	size_t count = 0;

	while (object->class->key(object, count, &key))
		count++;
	return count;
}

size_t value_count(struct value value)
{
	if (value.kind == VALUE_LIST)
		return value.list->count;
	if (value.kind == VALUE_MAP)
		return value.map->count;
	return value.kind == VALUE_OBJECT ? object_count(value.object) : 0;
}

bool value_entry_at(struct value map, size_t index, struct arena *arena, struct value *key,
		    struct value *out)
{
	struct text name;

	if (map.kind == VALUE_MAP) {
		if (index >= map.map->count)
			return false;
		*key = value_inherit(map.map->entries[index].key, map);
		*out = value_inherit(map.map->entries[index].value, map);
		return true;
	}
	if (map.kind != VALUE_OBJECT || !map.object->class->key(map.object, index, &name))
		return false;
	*key = value_inherit(value_string(name), map);
	return value_get(map, value_string(name), arena, out);
}
