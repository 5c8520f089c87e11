/* The outline of a run, and small readings of values. */

#include <string.h>

#include "report/internal.h"

const char *map_text(struct value map, const char *key, struct arena *arena)
{
	struct value value;
	struct text text;
	const char *why;
	if (!value_is(map, VALUE_MAP) || !value_field(map, key, arena, &value) ||
	    value_is(value, VALUE_NULL) || !value_to_text(value, arena, &text, &why))
		return "";
	return arena_text(arena, text).ptr;
}

int64_t map_int(struct value map, const char *key, int64_t otherwise)
{
	struct value value;
	if (!value_is(map, VALUE_MAP) || !value_field(map, key, NULL, &value) ||
	    !value_is(value, VALUE_INT))
		return otherwise;
	return value.integer;
}

static bool is_kind(const struct row *row, const char *kind)
{
	return strcmp(row->kind, kind) == 0;
}

struct outline outline_read(const struct event *event, struct arena *arena)
{
	struct value list = event_get(event, "outline");
	struct outline outline = { 0 };
	if (!value_is(list, VALUE_LIST))
		return outline;
	outline.count = list.list->count;
	outline.rows = arena_array(arena, struct row, outline.count);
	for (size_t i = 0; i < outline.count; i++) {
		struct value from = list.list->items[i];
		struct row *row = &outline.rows[i];
		row->path = map_text(from, "path", arena);
		row->section = map_text(from, "section", arena);
		row->kind = map_text(from, "kind", arena);
		row->id = map_text(from, "id", arena);
		row->name = map_text(from, "name", arena);
		row->verb = map_text(from, "verb", arena);
		row->parent = map_int(from, "parent", -1);
		const struct row *parent = row->parent >= 0 && (size_t)row->parent < i
						   ? &outline.rows[row->parent]
						   : NULL;
		row->hidden = is_kind(row, "section") || is_kind(row, "undo") ||
			      (parent && (is_kind(parent, "library") ||
					  (parent->hidden && !is_kind(parent, "section") &&
					   !is_kind(parent, "undo"))));
	}
	return outline;
}

struct row *outline_row(struct outline *outline, int32_t slot)
{
	return slot >= 0 && (size_t)slot < outline->count ? &outline->rows[slot] : NULL;
}

void put_tint(struct buffer *out, const struct report_options *options, enum tint tint,
	      const char *text)
{
	static const char *const codes[] = { "", "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[1m" };
	if (!options->color || tint == TINT_NONE) {
		buffer_puts(out, text);
		return;
	}
	buffer_puts(out, codes[tint]);
	buffer_puts(out, text);
	buffer_puts(out, "\x1b[0m");
}
