/* An event as a line of JSON, and back. */
#include <string.h>

#include "record/internal.h"

static void put_int(struct buffer *out, const char *before, int64_t number)
{
	buffer_puts(out, before);
	buffer_put_int(out, number);
}

static void put_text(struct buffer *out, const char *before, const char *text)
{
	buffer_puts(out, before);
	keep_write(out, value_cstring(text), true);
}

/* In small parts: it stands in the way of each step's start, and formats cost more than the rest.
 */
void event_write_head(struct buffer *out, const struct event *event)
{
	put_int(out, "{\"v\":", EVENT_VERSION);
	put_int(out, ",\"seq\":", (int64_t)event->seq);
	put_int(out, ",\"tick\":", (int64_t)event->tick);
	put_text(out, ",\"at\":", clock_utc(event->wall, out->arena));
	put_int(out, ",\"ms\":", event->ms);
	put_text(out, ",\"type\":", event_name(event->type));
	if (!event_recorded(event->type))
		buffer_puts(out, ",\"live\":true");
	if (event->slot < 0)
		return;
	put_int(out, ",\"slot\":", event->slot);
	put_text(out, ",\"path\":", event->path);
	if (event->id)
		put_text(out, ",\"id\":", event->id);
	if (event->attempt)
		put_int(out, ",\"attempt\":", event->attempt);
}

void event_write_value(struct buffer *out, enum event_type type, struct text key,
		       struct value value)
{
	const struct event_row *field = type == EVENT_TYPE_COUNT ? NULL : event_field(type, key);

	keep_write(out, value, !field || !field->inputs);
}

void event_write(struct buffer *out, const struct event *event)
{
	struct value key;
	struct value value;

	event_write_head(out, event);
	for (size_t i = 0; value_entry_at(event->data, i, out->arena, &key, &value); i++) {
		buffer_putc(out, ',');
		json_write_string(out, value_text(key));
		buffer_putc(out, ':');
		event_write_value(out, event->type, value_text(key), value);
	}
	buffer_putc(out, '}');
}

/* An int of the head in a range. False: it is there and is none. */
static bool read_int(struct value line, const char *key, int64_t max, int64_t *out)
{
	struct value value;

	*out = 0;
	if (!value_field(line, key, NULL, &value))
		return true;
	*out = value.kind == VALUE_INT ? value.integer : -1;
	return *out >= 0 && *out <= max;
}

static bool read_wall(struct value line, int64_t *wall)
{
	struct value at;

	if (!value_field(line, "at", NULL, &at) || at.kind != VALUE_STRING ||
	    !value_read_timestamp(value_text(at), &at))
		return false;
	*wall = at.integer * NS_PER_S + at.len;
	return true;
}

static const char *read_string(struct value line, const char *key, struct arena *arena)
{
	struct value value;

	if (!value_field(line, key, NULL, &value) || value.kind != VALUE_STRING)
		return NULL;
	return arena_text(arena, value_text(value)).ptr;
}

/* The keys that are no data. Those of a step count only where a step is meant. */
static bool is_head(struct text key, bool step)
{
	static const char *const heads[] = { "v",    "seq", "tick",   "at",  "ms",
					     "type", "sum", "commit", "live" };
	static const char *const steps[] = { "slot", "path", "id", "attempt" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (text_is(key, heads[i]))
			return true;
	for (size_t i = 0; step && i < sizeof(steps) / sizeof(steps[0]); i++)
		if (text_is(key, steps[i]))
			return true;
	return false;
}

/* Fields that a known type does not list were written by a later version, and are left out. */
static bool read_data(struct value line, struct keep *keep, struct event *event)
{
	struct value_map_builder builder;
	struct value key;
	struct value json;
	struct value value;

	value_map_init(&builder, keep->arena);
	for (size_t i = 0; value_entry_at(line, i, NULL, &key, &json); i++) {
		if (is_head(value_text(key), event->slot >= 0))
			continue;
		if (event->type != EVENT_TYPE_COUNT && !event_field(event->type, value_text(key)))
			continue;
		if (!keep_read(keep, json, &value))
			return false;
		value_map_put(&builder, key, value);
	}
	event->data = value_map_end(&builder);
	return true;
}

static bool read_head(struct value line, struct keep *keep, struct event *event)
{
	int64_t version, seq, tick, slot, attempt;
	const char *type = read_string(line, "type", keep->arena);
	struct value value;

	keep->why = "a field that every line has is missing or is of a wrong type";
	if (!read_int(line, "v", INT64_MAX, &version) || version == 0 || !type ||
	    !read_wall(line, &event->wall) || !read_int(line, "seq", INT64_MAX, &seq) ||
	    !read_int(line, "tick", INT64_MAX, &tick) ||
	    !read_int(line, "ms", INT64_MAX, &event->ms) ||
	    !read_int(line, "slot", INT32_MAX, &slot) ||
	    !read_int(line, "attempt", UINT32_MAX, &attempt))
		return false;
	keep->why = "it was written by a later version of this program";
	if (version > EVENT_VERSION)
		return false;
	event->type = event_type_named(text_of(type));
	event->seq = (uint64_t)seq;
	event->tick = (uint64_t)tick;
	event->slot = value_field(line, "slot", NULL, &value) ? (int32_t)slot : -1;
	if (event->slot < 0)
		return true;
	event->attempt = (uint32_t)attempt;
	event->path = read_string(line, "path", keep->arena);
	event->id = read_string(line, "id", keep->arena);
	return true;
}

bool event_read_kept(struct text line, struct keep *keep, struct event *event)
{
	struct json_error error;
	struct value json;

	*event = (struct event){ .slot = -1 };
	if (!json_read(line, keep->arena, &json, &error)) {
		keep->why = arena_format(keep->arena, "%s at byte %zu", error.message,
					 error.offset + 1);
		return false;
	}
	if (json.kind != VALUE_MAP) {
		keep->why = "it is no JSON object";
		return false;
	}
	return read_head(json, keep, event) && read_data(json, keep, event);
}

bool event_read(struct text line, struct arena *arena, struct event *event, const char **why)
{
	struct keep keep = { .arena = arena, .folder = -1 };

	if (event_read_kept(line, &keep, event))
		return true;
	*why = keep.why;
	return false;
}
