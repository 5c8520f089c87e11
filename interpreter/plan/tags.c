/* tags: names by which a part of `steps` is chosen. */

#include "plan/internal.h"

#define TAG_MAX 128 /* bytes */

static bool is_tag(struct text text)
{
	bool good = text.len > 0 && text.len <= TAG_MAX;
	for (size_t i = 0; good && i < text.len; i++) {
		char byte = text.ptr[i];
		bool first = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			     (byte >= '0' && byte <= '9');
		good = first || (i > 0 && (byte == '_' || byte == '-' || byte == '.'));
	}
	return good;
}

/* On the command line a comma stands between two of them. */
static void tag_check(struct planner *planner, const struct node *tag)
{
	if (is_tag(tag->text))
		return;
	diag_at(planner->diags, tag->span, RB0271, "'%s' cannot be a tag",
		text_shown(tag->text, planner->arena));
	diag_hint(planner->diags,
		  "Tags are letters, digits, '-', '_' and '.', begin with a letter or digit and "
		  "have at most %d characters: tags: [smoke, db].",
		  TAG_MAX);
}

/* Where nobody can choose: what always runs, and what runs as a part of another step. NULL: it can
 * be chosen. */
static const char *runs_anyway(const struct planner *planner, const struct step_build *step)
{
	const struct step_build *at = step;
	if (step->looks)
		return "done_when runs with its step";
	while (at->node.section == SECTION_STEPS && at->node.scope->kind != SCOPE_LIBRARY &&
	       at->node.parent != PLAN_NONE)
		at = planner->nodes.at[at->node.parent];
	if (at->node.scope->kind == SCOPE_LIBRARY)
		return "a library step is chosen as a whole";
	if (at->node.section != SECTION_STEPS)
		return arena_format(planner->arena, "%s always runs whole",
				    section_names[at->node.section]);
	return step->room.undo ? "an undo goes with its step" : NULL;
}

void tags_read(struct planner *planner, struct step_build *step, const struct strings *tags)
{
	const struct entry *entry = node_entry(step->node.node, "tags");
	const char *why = entry ? runs_anyway(planner, step) : NULL;
	if (!entry)
		return;
	step->node.tags = *tags;
	if (entry->value.kind != NODE_LIST)
		tag_check(planner, &entry->value);
	for (uint32_t i = 0; entry->value.kind == NODE_LIST && i < entry->value.count; i++)
		tag_check(planner, &entry->value.items[i]);
	if (!why)
		return;
	diag_at(planner->diags, entry->key.span, RB0272, "'tags' has no meaning here: %s", why);
	diag_hint(planner->diags, "Remove it, or write it at a step of 'steps'.");
}
