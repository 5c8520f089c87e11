/* One row from a text that stands in no document. */

#include <string.h>

#include "field/internal.h"

static void append(struct strings *all, struct strings more, struct arena *arena)
{
	const char **at = arena_array(arena, const char *, all->count + more.count);
	for (size_t i = 0; i < all->count; i++)
		at[i] = all->at[i];
	for (size_t i = 0; i < more.count; i++)
		at[all->count + i] = more.at[i];
	*all = (struct strings){ all->count + more.count, at };
}

bool field_from_text(const struct field *row, struct text text, struct arena *arena, void *out,
		     struct failure *failure)
{
	struct reporter reporter = { .arena = arena, .failure = failure };
	struct node node = node_scalar(text, (struct span){ 0 });
	const struct conversion conversion = {
		.reporter = &reporter, .row = row, .node = &node, .key = row->name
	};
	void *member = (char *)out + row->offset;
	struct strings more;
	if (row->kind != FIELD_STRINGS)
		return field_kinds[row->kind].convert(&conversion, value_string(text), member);
	if (!field_convert_strings(&conversion, value_string(text), &more))
		return false;
	append(member, more, arena);
	return true;
}
