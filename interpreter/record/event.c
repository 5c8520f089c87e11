/* The table of events, and making one. */
#include "base/bug.h"
#include "record/internal.h"

static const struct event_row rows[] = {
#define EVENT(code, text, kept, doc) { .type = code, .name = text, .keeping = kept },
#define FIELD(text, doc) { .type = EVENT_TYPE_COUNT, .name = text },
#define VALUES(text, doc) { .type = EVENT_TYPE_COUNT, .name = text, .values = true },
#define INPUTS(text, doc) \
	{ .type = EVENT_TYPE_COUNT, .name = text, .values = true, .inputs = true },
#include "record/event.def"
#undef INPUTS
#undef VALUES
#undef FIELD
#undef EVENT
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static size_t row_of(enum event_type type)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type == type)
			return i;
	bug("no event has the number %d", (int)type);
}

const char *event_name(enum event_type type)
{
	return type == EVENT_TYPE_COUNT ? "unknown" : rows[row_of(type)].name;
}

enum event_keeping event_keeping(enum event_type type)
{
	return type == EVENT_TYPE_COUNT ? EVENT_LIVE : rows[row_of(type)].keeping;
}

bool event_recorded(enum event_type type)
{
	return event_keeping(type) != EVENT_LIVE;
}

bool event_is_opening(const struct event *event)
{
	return event->tick == 1;
}

enum event_type event_type_named(struct text name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].type != EVENT_TYPE_COUNT && text_is(name, rows[i].name))
			return rows[i].type;
	return EVENT_TYPE_COUNT;
}

const struct event_row *event_field(enum event_type type, struct text name)
{
	for (size_t i = row_of(type) + 1; i < ROWS && rows[i].type == EVENT_TYPE_COUNT; i++)
		if (text_is(name, rows[i].name))
			return &rows[i];
	return NULL;
}

void event_begin(struct event_builder *builder, enum event_type type, struct arena *arena)
{
	builder->event = (struct event){ .type = type, .slot = -1 };
	value_map_init(&builder->map, arena);
}

void event_step(struct event_builder *builder, int32_t slot, const char *path, const char *id,
		uint32_t attempt)
{
	builder->event.slot = slot;
	builder->event.path = path;
	builder->event.id = id;
	builder->event.attempt = attempt;
}

void event_set(struct event_builder *builder, const char *field, struct value value)
{
	const struct event_row *row = event_field(builder->event.type, text_of(field));

	if (!row)
		bug("'%s' has no field '%s'", event_name(builder->event.type), field);
	value_map_set(&builder->map, row->name, value);
}

void event_set_text(struct event_builder *builder, const char *field, struct text text)
{
	event_set(builder, field, value_string(keep_utf8(text, builder->map.arena)));
}

struct event event_end(struct event_builder *builder)
{
	builder->event.data = value_map_end(&builder->map);
	if (builder->event.data.kind == VALUE_ERROR)
		bug("'%s': %s", event_name(builder->event.type),
		    builder->event.data.error->message);
	return builder->event;
}

struct value event_get(const struct event *event, const char *field)
{
	struct value value;

	return value_field(event->data, field, NULL, &value) ? value : value_null();
}

const char *event_text(const struct event *event, const char *field, struct arena *arena)
{
	struct value value = event_get(event, field);

	if (value.kind != VALUE_STRING)
		return "";
	return arena_text(arena, value_text(value)).ptr;
}

int64_t event_int(const struct event *event, const char *field, int64_t otherwise)
{
	struct value value = event_get(event, field);

	return value.kind == VALUE_INT ? value.integer : otherwise;
}

bool event_is_partial(const struct event *event)
{
	struct value selection = event_get(event, "selection"), left_out;

	return selection.kind == VALUE_MAP && value_field(selection, "left_out", NULL, &left_out) &&
	       left_out.kind == VALUE_INT && left_out.integer > 0;
}
