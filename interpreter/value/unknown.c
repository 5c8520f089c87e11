/* What is not known before the run: sets of it, and looking for it. */
#include <string.h>

#include "base/list.h"
#include "value/internal.h"

#define SEPARATOR "; "
#define MOST_LOOKED_AT 10000 /* items, of a value that may hold itself often */

static struct value make(const char *text, const char *const *each, size_t count,
			 struct arena *arena)
{
	struct value_unknown *unknown = arena_new(arena, struct value_unknown);

	*unknown = (struct value_unknown){ .text = text, .each = each, .count = count };
	return (struct value){ .kind = VALUE_UNKNOWN, .unknown = unknown };
}

struct value value_unknown(const char *text, struct arena *arena)
{
	const char **each = arena_array(arena, const char *, 1);

	each[0] = text;
	return make(text, each, 1, arena);
}

static bool names(const struct value_unknown *set, const char *text)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->each[i], text) == 0)
			return true;
	return false;
}

struct value value_unknown_join(struct value a, struct value b, struct arena *arena)
{
	LIST(const char *) each = { 0 };
	struct buffer text;
	unsigned taint = (a.flags | b.flags) & VALUE_TAINT;

	for (size_t i = 0; i < b.unknown->count; i++)
		if (!names(a.unknown, b.unknown->each[i]))
			*list_add(&each, arena) = b.unknown->each[i];
	if (each.count == 0)
		return value_mark(a, taint);
	const char **all = arena_array(arena, const char *, a.unknown->count + each.count);
	memcpy(all, a.unknown->each, a.unknown->count * sizeof(*all));
	memcpy(all + a.unknown->count, each.at, each.count * sizeof(*all));
	buffer_init(&text, arena);
	buffer_puts(&text, a.unknown->text);
	for (size_t i = 0; i < each.count; i++)
		buffer_printf(&text, SEPARATOR "%s", each.at[i]);
	return value_mark(make(buffer_string(&text), all, a.unknown->count + each.count, arena),
			  taint);
}

struct value unknown_copy(struct value value, struct arena *arena)
{
	const struct value_unknown *from = value.unknown;
	const char **each = arena_array(arena, const char *, from->count);

	for (size_t i = 0; i < from->count; i++)
		each[i] = arena_string(arena, from->each[i]);
	return value_mark(make(arena_string(arena, from->text), each, from->count, arena),
			  value.flags);
}

/* ---- looking for them ---------------------------------------------------------------------- */

struct search {
	struct arena *arena;
	struct value found;
	size_t left; /* items to look at */
};

static void look(struct search *search, struct value value);

static void look_entries(struct search *search, struct value map)
{
	struct value key, item;

	for (size_t i = 0; value_entry_at(map, i, search->arena, &key, &item); i++)
		look(search, item);
}

static void look(struct search *search, struct value value)
{
	if (search->left == 0)
		return;
	search->left--;
	if (value.kind == VALUE_UNKNOWN)
		search->found = search->found.kind == VALUE_UNKNOWN
					? value_unknown_join(search->found, value, search->arena)
					: value;
	else if (value.kind == VALUE_OPTIONAL && value.optional)
		look(search, *value.optional);
	else if (value.kind == VALUE_LIST && value.list->extent.unknown)
		for (size_t i = 0; i < value.list->count; i++)
			look(search, value.list->items[i]);
	else if (value.kind == VALUE_OBJECT ||
		 (value.kind == VALUE_MAP && value.map->extent.unknown))
		look_entries(search, value);
}

struct value value_unknowns(struct value value, struct arena *arena)
{
	struct search search = { arena, value_null(), MOST_LOOKED_AT };

	look(&search, value);
	return search.found;
}
