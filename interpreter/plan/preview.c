/* The key `preview`: the step once more, with another text or map behind its verb. It stands beside
 * the plan, under the step, and only a probe runs it. */

#include "plan/internal.h"

/* Its own, or NULL after a complaint or where there is none. */
static const struct entry *preview_entry(struct planner *planner, const struct step_build *step)
{
	const struct entry *entry = node_entry(step->node.node, "preview");
	const struct step_type *type = step->node.type;
	if (!entry || step->node.kind == PLAN_GROUP)
		return NULL;
	if (!step->verb || (type && !type->previews)) {
		diag_at(planner->diags, entry->key.span, RB0247, "'preview' has no meaning in %s",
			type ? type->name : "a step without a verb");
		diag_hint(planner->diags, "Remove it: only run, shell, sql, http and steps of "
					  "libraries can have a harmless variant.");
		return NULL;
	}
	if (node_is_empty(&entry->value)) {
		diag_at(planner->diags, entry->value.span, RB0247, "'preview' is empty");
		diag_hint(planner->diags, "Write what '%.*s' takes: preview: COMMAND --dry-run",
			  TEXT_ARG(step->verb->key.text));
		return NULL;
	}
	return entry;
}

/* Keys that hold for the variant too. Those of its surroundings (env, cwd) it has from the step. */
static bool is_shared(const struct step_build *step, const struct entry *entry, bool text)
{
	struct text key = entry->key.text;
	if (entry == step->verb)
		return false;
	if (step_is_key(key))
		return text_is(key, "timeout") || text_is(key, "sensitive");
	return text;
}

/* What stands behind the verb in the variant. Where the step has its fields in a map, a text takes
 * the place of the main one in it. */
static struct node preview_value(struct planner *planner, const struct step_build *step,
				 const struct node *preview)
{
	const struct node *map = &step->verb->value;
	const char *main = step->library ? step->library->main : step->node.type->main;
	if (map->kind != NODE_MAP || preview->kind == NODE_MAP || !main)
		return *preview;
	struct entry *entries = arena_array(planner->arena, struct entry, map->count + 1);
	struct node value = { .kind = NODE_MAP, .span = preview->span, .entries = entries };
	entries[value.count++] = (struct entry){ node_scalar(text_of(main), preview->span),
						 *preview };
	for (uint32_t i = 0; i < map->count; i++)
		if (!text_is(map->entries[i].key.text, main))
			entries[value.count++] = map->entries[i];
	return value;
}

/* The mapping of the variant. Beside a text the verb's other fields are those of the step; a map
 * has all of its own. What stands behind `preview` changes nothing: the author says so. */
static const struct node *preview_mapping(struct planner *planner, const struct step_build *step,
					  const struct entry *preview)
{
	const struct node *map = step->node.node;
	struct entry *entries = arena_array(planner->arena, struct entry, map->count + 2);
	struct node *variant = arena_new(planner->arena, struct node);
	bool text = preview->value.kind != NODE_MAP;
	uint32_t count = 0;
	entries[count] = (struct entry){ step->verb->key,
					 preview_value(planner, step, &preview->value) };
	entries[count++].key.span = preview->key.span;
	entries[count++] = (struct entry){ node_scalar(TEXT("effect"), preview->key.span),
					   node_scalar(TEXT("read"), preview->key.span) };
	for (uint32_t i = 0; i < map->count; i++)
		if (is_shared(step, &map->entries[i], text))
			entries[count++] = map->entries[i];
	*variant = (struct node){ .kind = NODE_MAP, .count = count, .span = preview->value.span };
	variant->entries = entries;
	return variant;
}

void expand_preview(struct planner *planner, struct step_build *step)
{
	const struct entry *entry = preview_entry(planner, step);
	struct room room = step->room;
	if (!entry)
		return;
	room.parent = step->node.slot;
	room.effect_owner = PLAN_NONE;
	room.preview = true;
	room.path = arena_format(planner->arena, "%s.preview", step->node.path);
	struct step_build *variant = expand_one(planner, &room,
						preview_mapping(planner, step, entry), false);
	if (!variant)
		return;
	step->node.preview = variant->node.slot;
}

void preview_check(struct planner *planner, const struct step_build *step)
{
	const struct plan_node *node = &step->node;
	if (node->preview == PLAN_NONE || node->effect > EFFECT_READ)
		return;
	diag_at(planner->diags, planner->nodes.at[node->preview]->node.span, RB0247,
		"the step has no effect that a preview could stand for: it has effect '%s'",
		effect_name((enum effect)node->effect));
	diag_hint(planner->diags, "Remove it: 'plan --probe' runs the step itself.");
}
