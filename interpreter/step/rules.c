/* Rules across the fields of a verb. */

#include "step/internal.h"

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

bool alternatives_check(const struct alternatives *alternatives, const struct bound *bound,
			struct span span, struct diags *diags)
{
	const char *first = NULL;
	for (const char *const *name = alternatives->names; *name; name++) {
		const struct node *node = field_node(bound, *name);
		if (node && first) {
			diag_at(diags, node->span, RB0407, "'%s' and '%s' exclude each other",
				first, *name);
			diag_note(diags, field_node(bound, first)->span, "here is '%s'", first);
			diag_hint(diags, "Keep the one that is meant.");
			return false;
		}
		if (node)
			first = *name;
	}
	if (!first && alternatives->needed)
		report_none(alternatives, span, diags);
	return first || !alternatives->needed;
}
