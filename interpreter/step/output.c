/* Outputs over bytes: text, lines and json are made when an expression asks for them. */

#include "base/list.h"
#include "step/internal.h"

const struct type type_string_list = { .kind = TYPE_LIST, .item = &type_string };
const struct type type_string_map = { .kind = TYPE_MAP, .key = &type_string, .item = &type_string };

void captured_init(struct captured *captured, const char *what, int64_t max, struct arena *arena)
{
	*captured = (struct captured){ .what = what, .max = (size_t)max };
	buffer_init(&captured->bytes, arena);
}

void captured_add(struct captured *captured, struct text bytes)
{
	size_t room = captured->max - captured->bytes.len;
	if (bytes.len > room)
		captured->over = true;
	buffer_add(&captured->bytes, text_slice(bytes, 0, room));
}

struct value captured_string(const struct captured *captured, struct arena *arena)
{
	struct text bytes = buffer_text(&captured->bytes);
	size_t bad;
	if (captured->over)
		return value_error(
			arena, FAIL_RESOURCE,
			"'%s' is longer than the limit of %zu bytes; it is in the log only",
			captured->what, captured->max);
	if (!text_is_utf8(bytes, &bad))
		return value_error(arena, FAIL_RESOURCE, "'%s' is not UTF-8 at byte %zu",
				   captured->what, bad + 1);
	return value_string(bytes);
}

struct value captured_text(const struct captured *captured, struct arena *arena)
{
	struct value value = captured_string(captured, arena);
	if (!value_is(value, VALUE_STRING))
		return value;
	struct text text = value_text(value);
	while (text.len > 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r'))
		text.len--;
	return value_string(text);
}

struct value captured_lines(const struct captured *captured, struct arena *arena)
{
	struct value value = captured_string(captured, arena);
	LIST(struct value) lines = { 0 };
	if (!value_is(value, VALUE_STRING))
		return value;
	struct text text = value_text(value);
	for (size_t from = 0; from < text.len;) {
		size_t end = text_find(text, TEXT("\n"), from);
		struct text line = text_slice(text, from, end);
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		*list_add(&lines, arena) = value_string(line);
		if (end == SIZE_MAX)
			break;
		from = end + 1;
	}
	return value_list(lines.at, lines.count, arena);
}

struct value captured_json(const struct captured *captured, struct arena *arena)
{
	struct value text = captured_string(captured, arena);
	struct json_error error;
	struct value value;
	if (!value_is(text, VALUE_STRING))
		return text;
	if (json_read(value_text(text), arena, &value, &error))
		return value;
	return value_error(arena, FAIL_EXPRESSION, "'%s' is not JSON at byte %zu: %s",
			   captured->what, error.offset + 1, error.message);
}

/* ---- outputs ------------------------------------------------------------------------------- */

static bool outputs_get(const struct value_object *object, struct text key, struct arena *arena,
			struct value *out)
{
	const struct outputs *outputs = object->data;
	for (size_t i = 0; outputs->names[i].name; i++)
		if (text_is(key, outputs->names[i].name)) {
			*out = outputs->get(outputs, i, arena);
			return true;
		}
	return false;
}

static bool outputs_key(const struct value_object *object, size_t index, struct text *key)
{
	const struct outputs *outputs = object->data;
	for (size_t i = 0; i <= index; i++)
		if (!outputs->names[i].name)
			return false;
	*key = text_of(outputs->names[index].name);
	return true;
}

struct value outputs_object(const struct outputs *outputs, struct arena *arena)
{
	static const struct value_object_class class = { outputs_get, outputs_key };
	struct outputs *copy = arena_new(arena, struct outputs);
	*copy = *outputs;
	return value_object(&class, copy, arena);
}
