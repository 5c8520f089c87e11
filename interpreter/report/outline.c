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

bool row_is(const struct row *row, const char *kind)
{
	return strcmp(row->kind, kind) == 0;
}

bool row_is_step(const struct row *row)
{
	return row_is(row, "step") || row_is(row, "library");
}

const char *row_name(const struct row *row)
{
	return row->shown ? row->shown : row->name;
}

static void place_in_tree(struct row *row, const struct row *parent)
{
	bool root = row_is(row, "section") || row_is(row, "undo");
	bool below = parent && parent->hidden && !row_is(parent, "section") &&
		     !row_is(parent, "undo");
	row->probe = row_is(row, "probe") || (parent && parent->probe);
	row->undo = row_is(row, "undo") || (parent && parent->undo);
	row->hidden = root || below || row->probe || row_is(row, "preview") ||
		      (parent && row_is(parent, "library"));
	row->home = !parent ? "" : row_is(parent, "call") ? parent->path : parent->home;
}

static struct row row_read(struct value from, struct arena *arena)
{
	struct value loc = value_null();
	value_field(from, "loc", arena, &loc);
	return (struct row){
		.path = map_text(from, "path", arena),
		.section = map_text(from, "section", arena),
		.kind = map_text(from, "kind", arena),
		.id = map_text(from, "id", arena),
		.name = map_text(from, "name", arena),
		.verb = map_text(from, "verb", arena),
		.parent = map_int(from, "parent", -1),
		.file = map_text(loc, "file", arena),
		.line = map_int(loc, "line", 0),
		.left_out = *map_text(from, "left_out", arena) != '\0',
		.started = -1,
	};
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
		struct row *row = &outline.rows[i];
		*row = row_read(list.list->items[i], arena);
		bool inner = row->parent >= 0 && (size_t)row->parent < i;
		place_in_tree(row, inner ? &outline.rows[row->parent] : NULL);
		size_t width = strlen(row->path);
		if (!row->hidden && !row->undo && row_is_step(row) && width > outline.path_width)
			outline.path_width = width;
	}
	return outline;
}

/* What the row knew of its step before; NULL: it is new. Without slots, what is not where it was
 * has not run. */
static const struct row *row_before(const struct outline *outline, struct value slots, size_t slot,
				    const struct row *now)
{
	int64_t before = (int64_t)slot;
	bool moves = value_is(slots, VALUE_LIST);
	if (moves) {
		struct value item = slot < value_count(slots) ? value_item(slots, slot)
							      : value_null();
		before = value_is(item, VALUE_INT) ? item.integer : -1;
	}
	if (before < 0 || (size_t)before >= outline->count)
		return NULL;
	const struct row *row = &outline->rows[before];
	return moves || strcmp(row->path, now->path) == 0 ? row : NULL;
}

/* Rounds stand behind the rows of the documents, whose number is the same then. */
static void keep_rounds(const struct outline *was, size_t from, struct outline *now,
			struct arena *arena)
{
	size_t count = was->count;
	struct row *rows = arena_array(arena, struct row, count);
	memcpy(rows, was->rows, count * sizeof(*rows));
	memcpy(rows, now->rows, from * sizeof(*rows));
	now->rows = rows;
	now->count = now->room = count;
	now->path_width = was->path_width > now->path_width ? was->path_width : now->path_width;
}

void outline_change(struct outline *outline, const struct event *event, struct arena *arena)
{
	struct outline now = outline_read(event, arena);
	struct value slots = event_get(event, "slots");
	if (!value_is(event_get(event, "outline"), VALUE_LIST))
		return;
	for (size_t i = 0; i < now.count; i++) {
		struct row *row = &now.rows[i];
		const struct row *was = row_before(outline, slots, i, row);
		if (!was)
			continue;
		row->shown = was->shown;
		row->text = was->text;
		row->by = was->by;
		row->started = was->started;
		row->attempts = was->attempts;
		row->ended = was->ended;
		row->rounds = was->rounds;
		row->pattern = was->pattern;
	}
	if (!value_is(slots, VALUE_LIST) && outline->count > now.count && outline->rounds)
		keep_rounds(outline, now.count, &now, arena);
	now.rounds = outline->rounds;
	*outline = now;
}

/* What a round has of its row of the pattern. */
static struct row row_of_round(const struct row *pattern, const struct row *loop, int64_t index,
			       struct arena *arena)
{
	struct row row = *pattern;
	row.pattern = false;
	row.path = arena_format(arena, "%s[%lld]%s", loop->path, (long long)index,
				pattern->path + strlen(loop->path));
	row.home = strncmp(row.home, loop->path, strlen(loop->path)) == 0 && *row.home
			   ? arena_format(arena, "%s[%lld]%s", loop->path, (long long)index,
					  row.home + strlen(loop->path))
			   : row.home;
	return row;
}

void outline_unroll(struct outline *outline, const struct event *event, struct arena *arena)
{
	int64_t count = event_int(event, "count", 0), size = event_int(event, "size", 0);
	int64_t from = event->slot + 1;
	if (event->slot < 0 || size < 1 || from + size > (int64_t)outline->count || count < 0)
		return;
	size_t base = outline->count, wanted = base + (size_t)(count * size);
	if (wanted > outline->room) {
		outline->room = wanted * 2;
		struct row *rows = arena_array(arena, struct row, outline->room);
		memcpy(rows, outline->rows, base * sizeof(*rows));
		outline->rows = rows;
	}
	struct row *loop = &outline->rows[event->slot];
	loop->rounds = count;
	outline->rounds += (size_t)(count * size);
	for (int64_t i = from; i < from + size; i++)
		outline->rows[i].pattern = true;
	for (size_t i = base; i < wanted; i++) {
		int64_t round = (int64_t)(i - base) / size, place = (int64_t)(i - base) % size;
		struct row *row = &outline->rows[i];
		*row = row_of_round(&outline->rows[from + place], loop, round, arena);
		if (row->parent != event->slot)
			row->parent += (int64_t)i - place - from;
		size_t width = strlen(row->path);
		if (!row->hidden && !row->undo && row_is_step(row) && width > outline->path_width)
			outline->path_width = width;
	}
	outline->count = wanted;
}

struct row *outline_row(struct outline *outline, int32_t slot)
{
	return slot >= 0 && (size_t)slot < outline->count ? &outline->rows[slot] : NULL;
}
