/* Values from the JSON that keep_write wrote. */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "record/internal.h"

#define MOVED_MAX ((size_t)1 << 30) /* bytes of a value under values/ */

static bool fail(struct keep *keep, const char *why)
{
	keep->why = why;
	return false;
}

static bool read_secret(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_BOOL || !json.boolean)
		return fail(keep, "a secret that is not 'true'");
	*out = value_mark(value_error(keep->arena, FAIL_EXPRESSION, "a secret is not kept"),
			  VALUE_SECRET);
	return true;
}

static bool read_outside(struct keep *keep, struct value json, struct value *out)
{
	if (!keep_read(keep, json, out))
		return false;
	*out = value_mark(*out, VALUE_OUTSIDE);
	return true;
}

static bool read_lost(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_STRING)
		return fail(keep, "a lost value that does not say why");
	*out = value_error(keep->arena, FAIL_RESOURCE, "%.*s", TEXT_ARG(value_text(json)));
	return true;
}

static bool read_error(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_STRING)
		return fail(keep, "an error that does not say why");
	*out = value_error(keep->arena, FAIL_EXPRESSION, "%.*s", TEXT_ARG(value_text(json)));
	return true;
}

static int base64_digit(char byte)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = byte ? strchr(digits, byte) : NULL;

	return found ? (int)(found - digits) : -1;
}

static bool read_bytes(struct keep *keep, struct value json, struct value *out)
{
	struct text text = json.kind == VALUE_STRING ? value_text(json) : TEXT("?");
	struct buffer bytes;
	uint32_t group = 0;
	unsigned bits = 0;

	while (text.len && text.ptr[text.len - 1] == '=')
		text.len--;
	buffer_init(&bytes, keep->arena);
	for (size_t i = 0; i < text.len; i++) {
		int digit = base64_digit(text.ptr[i]);

		if (digit < 0)
			return fail(keep, "bytes that are not base64");
		group = group << 6 | (uint32_t)digit;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		buffer_putc(&bytes, (char)(group >> bits));
	}
	*out = value_bytes(buffer_text(&bytes));
	return true;
}

static bool read_timestamp(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_STRING || !value_read_timestamp(value_text(json), out))
		return fail(keep, "a timestamp that is none");
	return true;
}

static bool read_duration(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_STRING || !value_read_duration(value_text(json), out))
		return fail(keep, "a duration that is none");
	return true;
}

static bool read_type(struct keep *keep, struct value json, struct value *out)
{
	const struct value_type *type = json.kind == VALUE_STRING
						? value_type_named(value_text(json))
						: NULL;

	if (!type)
		return fail(keep, "a type that is none");
	*out = value_type_value(type);
	return true;
}

static bool read_uint(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind == VALUE_UINT) {
		*out = json;
		return true;
	}
	if (json.kind != VALUE_INT || json.integer < 0)
		return fail(keep, "a uint that is none");
	*out = value_uint((uint64_t)json.integer);
	return true;
}

static bool read_double(struct keep *keep, struct value json, struct value *out)
{
	static const struct {
		const char *name;
		double real;
	} specials[] = { { "NaN", NAN }, { "Infinity", INFINITY }, { "-Infinity", -INFINITY } };

	for (size_t i = 0; i < sizeof(specials) / sizeof(specials[0]); i++) {
		if (json.kind != VALUE_STRING || !text_is(value_text(json), specials[i].name))
			continue;
		*out = value_double(specials[i].real);
		return true;
	}
	return fail(keep, "a double that is none");
}

static bool read_pairs(struct keep *keep, struct value json, struct value *out)
{
	struct value_map_builder builder;

	if (json.kind != VALUE_LIST)
		return fail(keep, "a map without a list of pairs");
	value_map_init(&builder, keep->arena);
	for (size_t i = 0; i < value_count(json); i++) {
		struct value pair = value_item(json, i);
		struct value key;
		struct value value;

		if (pair.kind != VALUE_LIST || value_count(pair) != 2)
			return fail(keep, "a map with what is no pair");
		if (!keep_read(keep, value_item(pair, 0), &key) ||
		    !keep_read(keep, value_item(pair, 1), &value))
			return false;
		value_map_put(&builder, key, value);
	}
	*out = value_map_end(&builder);
	return out->kind == VALUE_MAP || fail(keep, "a map with a key that stands twice");
}

static bool read_optional(struct keep *keep, struct value json, struct value *out)
{
	struct value held;

	if (json.kind != VALUE_LIST || value_count(json) > 1)
		return fail(keep, "an optional that is none");
	if (value_count(json) == 1 && !keep_read(keep, value_item(json, 0), &held))
		return false;
	*out = value_optional(value_count(json) == 1 ? &held : NULL, keep->arena);
	return true;
}

static bool read_text(struct keep *keep, struct text text, struct value *out)
{
	struct json_error error;
	struct value json;

	if (!json_read(text, keep->arena, &json, &error))
		return fail(keep, error.message);
	return keep_read(keep, json, out);
}

static bool read_nested(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind != VALUE_STRING)
		return fail(keep, "a nested value that is no text");
	return read_text(keep, value_text(json), out);
}

static bool read_moved(struct keep *keep, struct value json, struct value *out)
{
	struct text digest = json.kind == VALUE_STRING ? value_text(json) : TEXT("");
	char sum[SHA256_HEX];
	struct text content;
	const char *path;
	int error;

	if (digest.len != SHA256_HEX - 1 || memchr(digest.ptr, '/', digest.len))
		return fail(keep, "a moved value without a digest");
	path = arena_format(keep->arena, "values/%.*s", TEXT_ARG(digest));
	if (keep->folder < 0) {
		*out = value_error(keep->arena, FAIL_RESOURCE, "the value is kept in %s", path);
		return true;
	}
	error = file_read(keep->folder, path, MOVED_MAX, keep->arena, &content);
	if (error)
		return fail(keep, arena_format(keep->arena, "cannot read '%s': %s", path,
					       strerror(error)));
	sha256_text(content, sum);
	if (!text_is(digest, sum))
		return fail(keep, arena_format(keep->arena, "'%s' was changed", path));
	return read_text(keep, content, out);
}

static const struct tag {
	const char *name;
	bool (*read)(struct keep *keep, struct value json, struct value *out);
} tags[] = {
	{ "secret", read_secret }, { "outside", read_outside },     { "lost", read_lost },
	{ "bytes", read_bytes },   { "timestamp", read_timestamp }, { "duration", read_duration },
	{ "type", read_type },     { "uint", read_uint },           { "double", read_double },
	{ "map", read_pairs },     { "optional", read_optional },   { "nested", read_nested },
	{ "value", read_moved },   { "error", read_error },
};

static const struct tag *find_tag(struct text key)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (text_is(key, tags[i].name))
			return &tags[i];
	return NULL;
}

bool keep_is_tag(struct text key)
{
	return find_tag(key) != NULL;
}

static bool read_list(struct keep *keep, struct value json, struct value *out)
{
	size_t count = value_count(json);
	struct value *items = arena_array(keep->arena, struct value, count);

	for (size_t i = 0; i < count; i++)
		if (!keep_read(keep, value_item(json, i), &items[i]))
			return false;
	*out = value_list(items, count, keep->arena);
	return true;
}

static bool read_map(struct keep *keep, struct value json, struct value *out)
{
	struct value_map_builder builder;
	struct value key;
	struct value value;
	const struct tag *tag = NULL;

	if (value_count(json) == 1 && value_entry_at(json, 0, NULL, &key, &value))
		tag = find_tag(value_text(key));
	if (tag)
		return tag->read(keep, value, out);
	value_map_init(&builder, keep->arena);
	for (size_t i = 0; value_entry_at(json, i, NULL, &key, &value); i++) {
		struct value kept;

		if (!keep_read(keep, value, &kept))
			return false;
		value_map_put(&builder, key, kept);
	}
	*out = value_map_end(&builder);
	return true;
}

bool keep_read(struct keep *keep, struct value json, struct value *out)
{
	if (json.kind == VALUE_LIST)
		return read_list(keep, json, out);
	if (json.kind == VALUE_MAP)
		return read_map(keep, json, out);
	*out = json;
	return true;
}
