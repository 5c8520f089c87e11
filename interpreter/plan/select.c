/* A part of a runbook: which nodes of `steps` are left out, by which option. */

#include "plan/internal.h"
#include "plan/selecting.h"

enum { BY_ONLY = 1, BY_TAG = 2, BY_START = 4, BY_SKIP = 8 };

/* ---- what can be chosen -------------------------------------------------------------------- */

/* A loop stands before its pattern, which is what there is of its rounds before it is opened. */
static int32_t first_in(const struct plan_node *node)
{
	return node->kind == PLAN_LOOP ? node->slot + 1 : node->child;
}

/* What stands in it can be chosen by itself. */
static bool is_open(const struct plan_node *node)
{
	return node->kind == PLAN_GROUP || node->kind == PLAN_LOOP || node->kind == PLAN_CALL ||
	       node->kind == PLAN_SECTION;
}

static void find_choices(struct selecting *selecting, const struct plan_node *node)
{
	const struct plan *plan = selecting->plan;
	selecting->choices[node->slot] = node->kind != PLAN_SECTION;
	if (!is_open(node))
		return;
	for (int32_t at = first_in(node); at != PLAN_NONE; at = plan->nodes[at]->next)
		if (plan->nodes[at]->kind != PLAN_SECTION ||
		    plan->nodes[at]->section == SECTION_STEPS)
			find_choices(selecting, plan->nodes[at]);
}

/* ---- the walk ------------------------------------------------------------------------------ */

static bool is_named(const struct plan_node *node, const struct strings *ids)
{
	for (size_t i = 0; node->label && i < ids->count; i++)
		if (strcmp(node->label, ids->at[i]) == 0)
			return true;
	return false;
}

static bool has_tag(const struct plan_node *node, const struct strings *tags)
{
	for (size_t i = 0; i < node->tags.count; i++)
		for (size_t k = 0; k < tags->count; k++)
			if (strcmp(node->tags.at[i], tags->at[k]) == 0)
				return true;
	return false;
}

/* What holds for a node because of what stands around it. */
struct around {
	bool chosen, skipped;
};

static unsigned leave_out(struct selecting *selecting, const struct plan_node *node,
			  const struct around *around);

/* Of what is in it; 0 as soon as something of it runs. *any: something of it can be chosen. */
static unsigned leave_out_members(struct selecting *selecting, const struct plan_node *node,
				  const struct around *around, bool *any)
{
	const struct plan *plan = selecting->plan;
	unsigned by = 0;
	bool runs = false;
	for (int32_t at = first_in(node); at != PLAN_NONE; at = plan->nodes[at]->next) {
		const struct plan_node *member = plan->nodes[at];
		if (member->kind == PLAN_SECTION && member->section != SECTION_STEPS)
			continue;
		unsigned left = leave_out(selecting, member, around);
		*any = true;
		runs = runs || !left;
		by |= left;
	}
	return runs ? 0 : by;
}

/* Options by which the node does not run; 0: it does. */
static unsigned leave_out(struct selecting *selecting, const struct plan_node *node,
			  const struct around *around)
{
	const struct plan_selection *selection = selecting->selection;
	unsigned choice = (selection->only.count ? BY_ONLY : 0u) |
			  (selection->tags.count ? BY_TAG : 0u);
	bool named = node->kind != PLAN_SECTION;
	struct around inner = {
		around->chosen || (named && (is_named(node, &selection->only) ||
					     has_tag(node, &selection->tags))),
		around->skipped || (named && is_named(node, &selection->skip)),
	};
	bool any = false;
	unsigned by = 0;
	if (node->slot == selecting->start)
		selecting->started = true;
	if (is_open(node))
		by = leave_out_members(selecting, node, &inner, &any);
	if (!any)
		by = inner.skipped             ? BY_SKIP
		     : choice && !inner.chosen ? choice
		     : !selecting->started     ? BY_START
					       : 0;
	if (!any) {
		selecting->made.steps++;
		selecting->made.left_out += by != 0;
	}
	selecting->by[node->slot] = (uint8_t)by;
	return by;
}

/* ---- the plan ------------------------------------------------------------------------------ */

static const char *by_words(unsigned by, struct arena *arena)
{
	static const char *const words[] = { "--only", "--tag", "--start-at", "--skip" };
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (by & (1u << i))
			buffer_printf(&out, "%s%s", out.len ? " and " : "", words[i]);
	return buffer_string(&out);
}

/* Its own options, or those of the outermost node around it that is left out, with which all that
 * belongs to it goes: an undo, a done_when, the sections of a call. */
static unsigned by_all(const struct selecting *selecting, const struct plan_node *node)
{
	unsigned by = selecting->by[node->slot];
	for (int32_t at = node->parent; at != PLAN_NONE; at = selecting->plan->nodes[at]->parent)
		if (selecting->by[at] && selecting->plan->nodes[at]->kind != PLAN_SECTION)
			by = selecting->by[at];
	return by;
}

/* A module that only what is left out needs may be missing. */
static const char *const *drivers_of(const struct plan *plan, struct arena *arena)
{
	LIST(const char *) drivers = { 0 };
	for (const char *const *driver = plan->drivers; *driver; driver++) {
		bool needed = false;
		for (size_t i = 0; i < plan->node_count && !needed; i++) {
			const struct plan_node *node = plan->nodes[i];
			const char *own = !node->left_out && node->args && node->type->driver
						  ? node->type->driver(node->args)
						  : NULL;
			needed = own && strcmp(own, *driver) == 0;
		}
		if (needed)
			*list_add(&drivers, arena) = *driver;
	}
	*list_add(&drivers, arena) = NULL;
	return drivers.at;
}

static const struct plan *mark(const struct selecting *selecting)
{
	const struct plan *plan = selecting->plan;
	struct arena *arena = selecting->arena;
	struct plan *part = arena_new(arena, struct plan);
	const char *words[16] = { 0 };
	const struct plan_node **nodes = arena_array(arena, const struct plan_node *,
						     plan->node_count);
	*part = *plan;
	for (size_t i = 0; i < plan->node_count; i++) {
		unsigned by = by_all(selecting, plan->nodes[i]);
		nodes[i] = plan->nodes[i];
		if (!by || plan->nodes[i]->kind == PLAN_SECTION)
			continue;
		struct plan_node *node = arena_new(arena, struct plan_node);
		*node = *plan->nodes[i];
		if (!words[by])
			words[by] = by_words(by, arena);
		node->left_out = words[by];
		nodes[i] = node;
	}
	part->nodes = nodes;
	part->drivers = drivers_of(part, arena);
	struct plan_selection *made = arena_new(arena, struct plan_selection);
	*made = selecting->made;
	part->selection = made;
	return part;
}

const struct plan *plan_select(const struct plan *plan, const struct plan_selection *selection,
			       struct arena *arena, struct plan_faults *faults)
{
	struct selecting selecting = {
		.plan = plan,
		.selection = selection,
		.arena = arena,
		.faults = faults,
		.choices = arena_array(arena, bool, plan->node_count + 1),
		.by = arena_array(arena, uint8_t, plan->node_count + 1),
		.start = PLAN_NONE,
		.made = *selection,
	};
	const struct around around = { false, false };
	size_t before = faults->count;
	int32_t steps = plan->sections[SECTION_STEPS];
	selecting.made.steps = selecting.made.left_out = 0;
	if (steps != PLAN_NONE)
		find_choices(&selecting, plan->nodes[steps]);
	if (!names_check(&selecting))
		return NULL;
	selecting.started = selecting.start == PLAN_NONE;
	if (steps != PLAN_NONE)
		leave_out(&selecting, plan->nodes[steps], &around);
	if (selecting.made.left_out == selecting.made.steps)
		nothing_left(&selecting);
	return faults->count == before ? mark(&selecting) : NULL;
}
