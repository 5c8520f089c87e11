/* Rules across the fields of a verb. */

#include <string.h>

#include "step/internal.h"

struct written written_in(const struct node *map, const char *name)
{
	bool is_map = map && map->kind == NODE_MAP;
	return (struct written){ name, is_map ? node_get(map, name) : NULL };
}

static void report_none(const struct alternatives *alternatives, struct span span,
			struct diags *diags)
{
	struct buffer list;
	buffer_init(&list, diags->arena);
	for (const char *const *name = alternatives->names; *name; name++)
		buffer_printf(&list, "%s'%s'", name == alternatives->names ? "" : " or ", *name);
	diag_at(diags, span, RB0407, "'%s' needs %s", alternatives->verb, buffer_string(&list));
	diag_hint(diags, "%s", alternatives->form);
}

bool alternatives_exclude(struct written first, struct written second, const char *keep,
			  struct diags *diags)
{
	if (!first.node || !second.node)
		return true;
	diag_at(diags, second.node->span, RB0407, "'%s' and '%s' exclude each other", first.name,
		second.name);
	diag_note(diags, first.node->span, "here is '%s'", first.name);
	diag_hint(diags, "%s", keep);
	return false;
}

bool alternatives_check(const struct alternatives *alternatives, const struct bound *bound,
			struct span span, struct diags *diags)
{
	struct written first = { 0 };
	for (const char *const *name = alternatives->names; *name; name++) {
		const struct written written = { *name, field_node(bound, *name) };
		if (!alternatives_exclude(first, written, alternatives->keep, diags))
			return false;
		if (written.node)
			first = written;
	}
	if (!first.node && alternatives->needed)
		report_none(alternatives, span, diags);
	return first.node || !alternatives->needed;
}

bool mode_check(const struct bound *bound, struct diags *diags)
{
	const struct node *node = field_node(bound, "mode");
	const char *mode = node ? field_constant_text(bound, "mode") : NULL;
	if (!mode ||
	    (strspn(mode, "01234567") == strlen(mode) && strlen(mode) >= 3 && strlen(mode) <= 4))
		return true;
	diag_at(diags, node->span, RB0202, "'%s' is no mode", mode);
	diag_hint(diags, "Write it in octal and in quotes: '0644'.");
	return false;
}

mode_t mode_read(const char *mode)
{
	mode_t bits = 0;
	for (; *mode; mode++)
		bits = bits * 8 + (mode_t)(*mode - '0');
	return bits;
}
