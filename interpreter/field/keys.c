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

/* "http.status" for the key "status": where it belongs. */
static bool hint_elsewhere(const struct field_context *context, struct text name,
			   struct diags *diags)
{
	for (const char *const *place = context->elsewhere; place && *place; place++) {
		const char *dot = strrchr(*place, '.');
		if (dot && text_is(name, dot + 1)) {
			diag_hint(diags, "'%.*s' belongs under '%.*s'.", TEXT_ARG(name),
				  (int)(dot - *place), *place);
			return true;
		}
	}
	return false;
}

static bool hint_case(const struct field *rows, struct text name, struct diags *diags)
{
	for (; rows->name; rows++)
		if (same_but_case(name, rows->name)) {
			diag_hint(diags, "Keys are case sensitive; did you mean '%s'?", rows->name);
			return true;
		}
	return false;
}

/* A key that looks right may hold a character that nobody sees. */
static bool hint_invisible(struct text name, struct diags *diags)
{
	for (size_t at = 0; at < name.len;) {
		int32_t point = text_next(name, &at);
		if ((point >= 0x200b && point <= 0x200f) || point == 0x2060 || point == 0xad) {
			diag_hint(diags,
				  "It contains the invisible character U+%04X; type the key again.",
				  (unsigned)point);
			return true;
		}
	}
	return false;
}

static void list_keys(const struct field *rows, struct arena *arena, struct diags *diags)
{
	struct buffer list;
	buffer_init(&list, arena);
	for (const struct field *row = rows; row->name; row++)
		buffer_printf(&list, "%s%s", row == rows ? "" : ", ", row->name);
	diag_line(diags, "note", "known keys are %s", buffer_string(&list));
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
	if (!hint_case(rows, key->text, diags) && !hint_elsewhere(context, key->text, diags) &&
	    !hint_invisible(key->text, diags) && !diag_did_you_mean(diags, key->text, names, count))
		list_keys(rows, arena, diags);
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
