/* What operators need: JSON, maps, words for a shell. */
#include "expr/functions.h"

static struct value text_result(struct function_call *call, const struct buffer *out)
{
	struct value error;

	if (!function_afford(call, out->len / 16, &error))
		return error;
	return value_string(buffer_text(out));
}

/* ---- JSON ---------------------------------------------------------------------------------- */

FUNCTION(json_marshal)
{
	struct buffer out;
	struct value error;

	if (!function_afford(call, value_weight(args[0]), &error))
		return error;
	buffer_init(&out, call->arena);
	json_write(&out, args[0]);
	return text_result(call, &out);
}

FUNCTION(json_unmarshal)
{
	struct json_error error;
	struct value value;

	if (!function_afford(call, args[0].len / 16, &value))
		return value;
	if (!json_read(value_text(args[0]), call->arena, &value, &error))
		return function_fail(call, "the text is no JSON: at byte %zu, %s", error.offset,
				     error.message);
	return value;
}

/* ---- maps ---------------------------------------------------------------------------------- */

/* The keys or the values of a map, in its order. */
static struct value collect(struct function_call *call, struct value map, bool keys)
{
	size_t count = value_count(map);
	struct value *items;
	struct value error;

	if (!function_afford(call, count, &error))
		return error;
	items = arena_array(call->arena, struct value, count);
	for (size_t i = 0; i < count; i++) {
		struct value key;
		struct value value;

		value_entry_at(map, i, call->arena, &key, &value);
		if (!keys && value.kind == VALUE_ERROR)
			return value;
		items[i] = keys ? key : value;
	}
	return value_list(items, count, call->arena);
}

FUNCTION(keys)
{
	return collect(call, args[0], true);
}

FUNCTION(values)
{
	return collect(call, args[0], false);
}

FUNCTION(with)
{
	struct value_map_builder builder;
	struct value key;
	struct value value;
	struct value other;

	if (!function_afford(call, value_count(args[0]) + value_count(args[1]), &value))
		return value;
	value_map_init(&builder, call->arena);
	for (size_t i = 0; value_entry_at(args[0], i, call->arena, &key, &value); i++) {
		bool replaced = value_get(args[1], key, call->arena, &other);

		value_map_put(&builder, key, replaced ? other : value);
	}
	for (size_t i = 0; value_entry_at(args[1], i, call->arena, &key, &value); i++)
		if (!value_get(args[0], key, call->arena, &other))
			value_map_put(&builder, key, value);
	return value_map_end(&builder);
}

/* ---- words for a shell --------------------------------------------------------------------- */

/* Whether a shell reads every byte as itself, wherever the word stands. */
static bool is_plain_word(struct text word)
{
	for (size_t i = 0; i < word.len; i++) {
		char byte = word.ptr[i];

		if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		      (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.' ||
		      byte == '/' || byte == ':' || byte == ',' || byte == '@' || byte == '+'))
			return false;
	}
	return word.len > 0;
}

/* In single quotes, if need be; a quote in it as '\''. False: no word can hold a NUL. */
static bool write_word(struct buffer *out, struct text word)
{
	if (is_plain_word(word)) {
		buffer_add(out, word);
		return true;
	}
	buffer_putc(out, '\'');
	for (size_t i = 0; i < word.len; i++) {
		if (word.ptr[i] == '\0')
			return false;
		if (word.ptr[i] == '\'')
			buffer_puts(out, "'\\''");
		else
			buffer_putc(out, word.ptr[i]);
	}
	buffer_putc(out, '\'');
	return true;
}

FUNCTION(shell_quote)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	if (!write_word(&out, value_text(args[0])))
		return function_fail(call, "a word of a shell cannot hold a NUL byte");
	return text_result(call, &out);
}

FUNCTION(shell_join)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	for (size_t i = 0; i < value_count(args[0]); i++) {
		struct value item = value_item(args[0], i);

		if (item.kind != VALUE_STRING)
			return function_fail(call, "a word of a shell is a string, not a %s",
					     value_type_of(item)->name);
		if (i > 0)
			buffer_putc(&out, ' ');
		if (!write_word(&out, value_text(item)))
			return function_fail(call, "a word of a shell cannot hold a NUL byte");
	}
	return text_result(call, &out);
}

const struct function functions_data[] = {
	PLAIN("json.marshal", "(dyn) -> string", json_marshal, "The value as JSON, compact.",
	      "json.marshal({'a': [1, true]}) == '{\"a\":[1,true]}'"),
	PLAIN("json.unmarshal", "(string) -> dyn", json_unmarshal, "The value that the JSON means.",
	      "json.unmarshal('{\"a\": [1]}').a[0] == 1"),
	METHOD("keys", "(map(A, B)) -> list(A)", keys, "The keys of a map, in its order.",
	       "{'b': 1, 'a': 2}.keys() == ['b', 'a']"),
	METHOD("values", "(map(A, B)) -> list(B)", values, "The values of a map, in its order.",
	       "{'b': 1, 'a': 2}.values() == [1, 2]"),
	METHOD("with", "(map(A, dyn), map(A, dyn)) -> map(A, dyn)", with,
	       "The map with the entries of another added, or in place of its own.",
	       "{'a': 1, 'b': 1}.with({'b': 2}) == {'a': 1, 'b': 2}"),
	PLAIN("shell.quote", "(string) -> string", shell_quote,
	      "The text as one word for a POSIX shell, quoted if need be.",
	      "shell.quote('a b') == \"'a b'\""),
	PLAIN("shell.join", "(list(string)) -> string", shell_join,
	      "The texts as words for a POSIX shell.",
	      "shell.join(['ls', '-l', 'a b']) == \"ls -l 'a b'\""),
	{ 0 },
};
