/* Values as JSON that reads back as what it was. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

/* Levels of JSON after which a value is kept as a text of its own: the reader takes
 * JSON_MAX_DEPTH, and the line adds some around the value. */
#define DEEP (JSON_MAX_DEPTH - 16)

/* Where in the JSON a value stands. */
struct at {
	unsigned depth;
	bool outside; /* all of it is known to be data */
};

static struct at below(struct at at, unsigned levels)
{
	at.depth += levels;
	return at;
}

static void write_value(struct buffer *out, struct value value, struct at at);

struct text keep_utf8(struct text text, struct arena *arena)
{
	struct buffer out;
	size_t offset = 0;

	if (text_is_utf8(text, NULL))
		return text;
	buffer_init(&out, arena);
	while (offset < text.len) {
		int32_t code_point = text_next(text, &offset);

		buffer_put_utf8(&out, code_point < 0 ? 0xfffd : (uint32_t)code_point);
	}
	return buffer_text(&out);
}

static void write_text(struct buffer *out, struct text text)
{
	json_write_string(out, keep_utf8(text, out->arena));
}

static void write_tagged(struct buffer *out, const char *tag, struct value value)
{
	buffer_printf(out, "{\"%s\":", tag);
	json_write(out, value);
	buffer_putc(out, '}');
}

/* With a point or an exponent, so that it reads back as a double. */
static void write_double(struct buffer *out, struct value value)
{
	size_t from = out->len;

	if (!isfinite(value.real)) {
		write_tagged(out, "double", value);
		return;
	}
	value_write_double(out, value.real);
	if (!memchr(out->ptr + from, '.', out->len - from) &&
	    !memchr(out->ptr + from, 'e', out->len - from))
		buffer_puts(out, ".0");
}

static void write_list(struct buffer *out, struct value list, struct at at)
{
	buffer_putc(out, '[');
	for (size_t i = 0; i < value_count(list); i++) {
		if (i > 0)
			buffer_putc(out, ',');
		write_value(out, value_item(list, i), below(at, 1));
	}
	buffer_putc(out, ']');
}

/* Whether a map can stand as an object: its keys are texts, and it does not look like a tag. */
static bool is_plain(struct value map)
{
	struct value key;
	struct value value;

	for (size_t i = 0; value_entry_at(map, i, NULL, &key, &value); i++)
		if (key.kind != VALUE_STRING)
			return false;
	return value_count(map) != 1 || !keep_is_tag(value_text(map.map->entries[0].key));
}

static void write_plain(struct buffer *out, struct value map, struct at at)
{
	struct value key;
	struct value value;

	buffer_putc(out, '{');
	for (size_t i = 0; value_entry_at(map, i, NULL, &key, &value); i++) {
		if (i > 0)
			buffer_putc(out, ',');
		write_text(out, value_text(key));
		buffer_putc(out, ':');
		write_value(out, value, below(at, 1));
	}
	buffer_putc(out, '}');
}

static void write_pairs(struct buffer *out, struct value map, struct at at)
{
	struct value key;
	struct value value;

	buffer_puts(out, "{\"map\":[");
	for (size_t i = 0; value_entry_at(map, i, NULL, &key, &value); i++) {
		buffer_puts(out, i > 0 ? ",[" : "[");
		write_value(out, key, below(at, 3));
		buffer_putc(out, ',');
		write_value(out, value, below(at, 3));
		buffer_putc(out, ']');
	}
	buffer_puts(out, "]}");
}

static void write_map(struct buffer *out, struct value map, struct at at)
{
	if (is_plain(map))
		write_plain(out, map, at);
	else
		write_pairs(out, map, at);
}

static void write_optional(struct buffer *out, struct value value, struct at at)
{
	struct value held;

	buffer_puts(out, "{\"optional\":[");
	if (value_held(value, &held))
		write_value(out, held, below(at, 2));
	buffer_puts(out, "]}");
}

static void write_nested(struct buffer *out, struct value value, bool outside)
{
	struct buffer json;

	buffer_init(&json, out->arena);
	write_value(&json, value, (struct at){ .outside = outside });
	buffer_puts(out, "{\"nested\":");
	json_write_string(out, buffer_text(&json));
	buffer_putc(out, '}');
}

static void write_error(struct buffer *out, const char *tag, const char *message)
{
	buffer_printf(out, "{\"%s\":", tag);
	write_text(out, text_of(message));
	buffer_putc(out, '}');
}

static void write_container(struct buffer *out, struct value value, struct at at)
{
	if (at.depth > DEEP)
		write_nested(out, value, at.outside);
	else if (value.kind == VALUE_LIST)
		write_list(out, value, at);
	else if (value.kind == VALUE_OPTIONAL)
		write_optional(out, value, at);
	else
		write_map(out, value_force(value, out->arena), at);
}

static void write_outside(struct buffer *out, struct value value, struct at at)
{
	at.outside = true;
	buffer_puts(out, "{\"outside\":");
	write_value(out, value, below(at, 1));
	buffer_putc(out, '}');
}

static void write_value(struct buffer *out, struct value value, struct at at)
{
	if (mask_has_taint(value, VALUE_SECRET)) {
		buffer_puts(out, "{\"secret\":true}");
		return;
	}
	if (!at.outside && mask_has_taint(value, VALUE_OUTSIDE)) {
		write_outside(out, value, at);
		return;
	}
	switch ((enum value_kind)value.kind) {
	case VALUE_NULL:
	case VALUE_BOOL:
	case VALUE_INT:
	case VALUE_OPAQUE:
		json_write(out, value);
		break;
	case VALUE_UINT:
		write_tagged(out, "uint", value);
		break;
	case VALUE_DOUBLE:
		write_double(out, value);
		break;
	case VALUE_STRING:
		write_text(out, value_text(value));
		break;
	case VALUE_BYTES:
		write_tagged(out, "bytes", value);
		break;
	case VALUE_TIMESTAMP:
		write_tagged(out, "timestamp", value);
		break;
	case VALUE_DURATION:
		write_tagged(out, "duration", value);
		break;
	case VALUE_TYPE:
		write_tagged(out, "type", value);
		break;
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_OPTIONAL:
	case VALUE_OBJECT:
		write_container(out, value, at);
		break;
	case VALUE_UNKNOWN:
		write_error(out, "lost", value.unknown->text);
		break;
	case VALUE_ERROR:
		write_error(out, value.error->failure == FAIL_EXPRESSION ? "error" : "lost",
			    value.error->message);
		break;
	}
}

void keep_write(struct buffer *out, struct value value, bool outside)
{
	write_value(out, value, (struct at){ .outside = outside });
}

int keep_move(int folder, struct text json, struct buffer *out)
{
	char digest[SHA256_HEX];
	const char *path;
	int error = 0;

	sha256_text(json, digest);
	path = arena_format(out->arena, "values/%s", digest);
	if (faccessat(folder, path, F_OK, 0) < 0)
		error = file_write(folder, path, json, 0600);
	if (error)
		write_error(out, "lost",
			    arena_format(out->arena, "it could not be kept: %s", strerror(error)));
	else
		buffer_printf(out, "{\"value\":\"%s\"}", digest);
	return error;
}
