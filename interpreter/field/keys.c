/* The keys of a mapping against the rows of its table. */

#include <string.h>
#include <strings.h>

#include "field/internal.h"

static const struct field *find_row(const struct field *rows, struct text name)
{
	for (; rows->name; rows++)
		if (text_is(name, rows->name))
			return rows;
	return NULL;
}

static bool same_but_case(struct text name, const char *other)
{
	return strlen(other) == name.len && !strncasecmp(name.ptr, other, name.len);
}

#define FEW_KEYS 12 /* so many are told beside another hint */

static void hint_all(const char *what, const char *const *names, struct diags *diags)
{
	struct buffer list;
	buffer_init(&list, diags->arena);
	for (const char *const *name = names; *name; name++)
		buffer_printf(&list, "%s%s", name == names ? "" : ", ", *name);
	diag_hint(diags, "The keys of %s are %s.", what, buffer_string(&list));
}

void field_hint_key(struct diags *diags, const struct node *key, const char *what,
		    const char *const *names, const char *(*elsewhere)(struct text key))
{
	size_t count = 0;
	while (names[count])
		count++;
	const char *nearest = text_nearest(key->text, names, count);
	const char *other = elsewhere ? elsewhere(key->text) : NULL;
	if (nearest && same_but_case(key->text, nearest)) {
		diag_hint(diags, "Keys are case sensitive; did you mean '%s'?", nearest);
		return;
	}
	if (nearest && !other) {
		diag_hint(diags, "did you mean '%s'?", nearest);
		return;
	}
	if (other)
		diag_hint(diags, "'%.*s' is a key of %s.", TEXT_ARG(key->text), other);
	if (nearest)
		diag_hint(diags, "did you mean '%s'?", nearest);
	else if (!other || count <= FEW_KEYS)
		hint_all(what, names, diags);
}

static void complain_unknown(const struct field *rows, const struct node *key,
			     const struct field_context *context, struct arena *arena,
			     struct diags *diags)
{
	size_t count = 0;
	while (rows[count].name)
		count++;
	const char **names = arena_array(arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = rows[i].name;
	diag_at(diags, key->span, RB0101, "unknown key '%.*s' in %s", TEXT_ARG(key->text),
		context->what);
	field_hint_key(diags, key, context->what, names, context->elsewhere);
}

bool field_check_keys(const struct field *rows, const struct node *map,
		      const struct field_context *context, struct arena *arena, struct diags *diags)
{
	bool good = true;
	for (uint32_t i = 0; i < map->count; i++) {
		const struct node *key = &map->entries[i].key;
		if (find_row(rows, key->text) ||
		    (context->also && context->also(key, context->data)))
			continue;
		complain_unknown(rows, key, context, arena, diags);
		good = false;
	}
	return good;
}
