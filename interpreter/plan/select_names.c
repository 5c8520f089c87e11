/* The names by which a part is chosen: whether each means something that can be. */

#include "plan/internal.h"
#include "plan/selecting.h"

#define SHOWN_MAX 10

/* A name behind an option. */
struct named {
	struct selecting *selecting;
	const char *option; /* "--only" */
	const char *name;
};

static void refuse(const struct named *named, const char *message, const char *hint)
{
	struct selecting *selecting = named->selecting;
	const char *told = arena_format(selecting->arena, "%s: %s", named->option, message);
	*list_add(selecting->faults, selecting->arena) = (struct plan_fault){ told, hint };
}

/* ---- which there are ----------------------------------------------------------------------- */

struct names {
	const char **at;
	size_t count, cap;
};

static void names_add(struct names *names, const char *name, struct arena *arena)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return;
	*list_add(names, arena) = name;
}

static struct names ids_of(const struct selecting *selecting)
{
	struct names names = { 0 };
	for (size_t i = 0; i < selecting->plan->node_count; i++)
		if (selecting->choices[i] && selecting->plan->nodes[i]->label)
			names_add(&names, selecting->plan->nodes[i]->label, selecting->arena);
	return names;
}

/* chosen: of what can be chosen; else of all. */
static struct names tags_of(const struct selecting *selecting, bool chosen)
{
	struct names names = { 0 };
	for (size_t i = 0; i < selecting->plan->node_count; i++) {
		const struct strings *tags = &selecting->plan->nodes[i]->tags;
		for (size_t k = 0; k < tags->count && (!chosen || selecting->choices[i]); k++)
			names_add(&names, tags->at[k], selecting->arena);
	}
	return names;
}

static bool has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], name) == 0)
			return true;
	return false;
}

/* It stands in a called runbook, and the id of the call was forgotten. */
static const char *in_call(const struct named *named, const struct names *names)
{
	const char *end = arena_format(named->selecting->arena, ".%s", named->name);
	for (size_t i = 0; i < names->count; i++)
		if (text_ends(text_of(names->at[i]), end))
			return names->at[i];
	return NULL;
}

/* The one that was meant, or which there are. */
static const char *hint_names(const struct named *named, const char *what,
			      const struct names *names)
{
	struct arena *arena = named->selecting->arena;
	const char *near = in_call(named, names);
	if (!near)
		near = text_nearest(text_of(named->name), names->at, names->count);
	struct buffer list;
	if (near)
		return arena_format(arena, "did you mean '%s'?", near);
	if (names->count == 0)
		return arena_format(arena, "Its steps have no %s.", what);
	buffer_init(&list, arena);
	for (size_t i = 0; i < names->count && i < SHOWN_MAX; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", names->at[i]);
	if (names->count > SHOWN_MAX)
		buffer_printf(&list, " and %zu more", names->count - SHOWN_MAX);
	return arena_format(arena, "Its %s are: %s.", what, buffer_string(&list));
}

/* ---- ids that cannot be chosen ------------------------------------------------------------- */

static const struct plan_node *parent_of(const struct plan *plan, const struct plan_node *node)
{
	return node->parent == PLAN_NONE ? NULL : plan->nodes[node->parent];
}

static const char *words_of(const struct plan_node *node)
{
	return node->label ? node->label : node->path;
}

/* How a node goes with the one around it; NULL: it does not. */
static const char *bound_how(const struct plan_node *node, const struct plan_node *around)
{
	return node->kind == PLAN_UNDO           ? "stands in the undo of"
	       : around->preview == node->slot   ? "stands in the preview of"
	       : around->done_when == node->slot ? "stands in the done_when of"
	       : around->kind == PLAN_LIBRARY    ? "is a part of the library step"
						 : NULL;
}

/* It has an id, and runs or not as something else does. */
static void refuse_bound(const struct named *named, const struct plan_node *node)
{
	const struct plan *plan = named->selecting->plan;
	struct arena *arena = named->selecting->arena;
	for (const struct plan_node *at = node; at->parent != PLAN_NONE; at = parent_of(plan, at)) {
		const struct plan_node *around = parent_of(plan, at);
		const char *how = bound_how(at, around);
		if (!how || !named->selecting->choices[around->slot] || !around->label)
			continue;
		refuse(named,
		       arena_format(arena, "'%s' %s '%s', with which it goes", named->name, how,
				    around->label),
		       arena_format(arena, "Write: %s %s", named->option, around->label));
		return;
	}
	while (node->section == SECTION_STEPS && node->parent != PLAN_NONE)
		node = plan->nodes[node->parent];
	refuse(named,
	       arena_format(arena, "'%s' stands in '%s', and only a part of 'steps' can be chosen",
			    named->name, section_names[node->section]),
	       node->section == SECTION_STEPS
		       ? "It goes with the step to which it belongs."
		       : "Preconditions, verify and finally always run whole; rollback when it is "
			 "needed.");
}

/* ---- words that are no id ------------------------------------------------------------------ */

static const struct plan_node *find_label(const struct plan *plan, struct text name)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i]->label && text_is(name, plan->nodes[i]->label))
			return plan->nodes[i];
	return NULL;
}

/* "2.3": the place of a step, which another may have tomorrow. */
static bool refuse_place(const struct named *named)
{
	const struct selecting *selecting = named->selecting;
	struct arena *arena = selecting->arena;
	for (size_t i = 0; i < selecting->plan->node_count; i++) {
		const struct plan_node *node = selecting->plan->nodes[i];
		if (!selecting->choices[i] || strcmp(node->path, named->name) != 0)
			continue;
		refuse(named,
		       arena_format(arena, "'%s' is the place of a step, and no id", named->name),
		       node->label ? arena_format(arena, "Write: %s %s", named->option, node->label)
				   : "Give the step an 'id', and choose it by that.");
		return true;
	}
	return false;
}

/* "go[1]": rounds are known only in the run. */
static bool refuse_round(const struct named *named)
{
	struct arena *arena = named->selecting->arena;
	struct text base = text_slice(text_of(named->name), 0, strcspn(named->name, "["));
	if (base.len == strlen(named->name) || !find_label(named->selecting->plan, base))
		return false;
	refuse(named,
	       arena_format(arena,
			    "'%s' is one round of a for_each: rounds cannot be chosen one by one",
			    named->name),
	       arena_format(arena, "Write, for all of them: %s %.*s", named->option,
			    TEXT_ARG(base)));
	return true;
}

/* A default id that two steps share belongs to neither. */
static bool refuse_twins(const struct named *named)
{
	const struct selecting *selecting = named->selecting;
	const struct plan_node *twins[2];
	size_t count = 0;
	for (size_t i = 0; i < selecting->plan->node_count && count < 2; i++) {
		const struct plan_node *node = selecting->plan->nodes[i];
		const char *id = selecting->choices[i] && !node->label
					 ? name_fold(selecting->arena, text_of(node->title))
					 : NULL;
		if (id && strcmp(id, named->name) == 0)
			twins[count++] = node;
	}
	if (count < 2)
		return false;
	refuse(named,
	       arena_format(selecting->arena, "'%s' is the name of two steps, %s and %s",
			    named->name, twins[0]->path, twins[1]->path),
	       "Give the one that is meant an 'id', and choose it by that.");
	return true;
}

static void refuse_unknown(const struct named *named)
{
	const struct selecting *selecting = named->selecting;
	const struct names ids = ids_of(selecting), tags = tags_of(selecting, true);
	struct arena *arena = selecting->arena;
	if (refuse_place(named) || refuse_round(named) || refuse_twins(named))
		return;
	refuse(named, arena_format(arena, "the runbook has no step '%s'", named->name),
	       has_name(&tags, named->name)
		       ? arena_format(arena, "It is a tag. Write: --tag %s", named->name)
		       : hint_names(named, "ids", &ids));
}

/* ---- the options --------------------------------------------------------------------------- */

/* The slot of what can be chosen by the name; PLAN_NONE after a complaint. */
static int32_t find(const struct named *named)
{
	const struct selecting *selecting = named->selecting;
	const struct plan_node *node = find_label(selecting->plan, text_of(named->name));
	if (node && selecting->choices[node->slot])
		return node->slot;
	if (node)
		refuse_bound(named, node);
	else
		refuse_unknown(named);
	return PLAN_NONE;
}

static void check_ids(struct selecting *selecting, const char *option, const struct strings *ids)
{
	for (size_t i = 0; i < ids->count; i++)
		find(&(struct named){ selecting, option, ids->at[i] });
}

static void check_tags(struct selecting *selecting)
{
	const struct strings *given = &selecting->selection->tags;
	const struct names tags = tags_of(selecting, true), all = tags_of(selecting, false);
	for (size_t i = 0; i < given->count; i++) {
		const struct named named = { selecting, "--tag", given->at[i] };
		const struct plan_node *step = find_label(selecting->plan, text_of(given->at[i]));
		bool elsewhere = has_name(&all, given->at[i]);
		if (has_name(&tags, given->at[i]))
			continue;
		refuse(&named,
		       arena_format(selecting->arena,
				    elsewhere ? "no step of 'steps' has the tag '%s'"
					      : "no step has the tag '%s'",
				    given->at[i]),
		       step && selecting->choices[step->slot]
			       ? arena_format(selecting->arena, "It is an id. Write: --only %s",
					      given->at[i])
			       : hint_names(&named, "tags", &tags));
	}
}

/* The first rounds would have been done, and of the others only a half. */
static void check_start(struct selecting *selecting)
{
	const struct plan *plan = selecting->plan;
	const struct named named = { selecting, "--start-at", selecting->selection->start_at };
	if (!named.name)
		return;
	selecting->start = find(&named);
	if (selecting->start == PLAN_NONE)
		return;
	for (const struct plan_node *at = parent_of(plan, plan->nodes[selecting->start]); at;
	     at = parent_of(plan, at)) {
		if (at->kind != PLAN_LOOP)
			continue;
		refuse(&named,
		       arena_format(selecting->arena,
				    "'%s' runs once for each item of '%s': a run cannot begin in a "
				    "round",
				    named.name, words_of(at)),
		       arena_format(selecting->arena,
				    "Begin with all rounds: --start-at %s; or leave steps out of "
				    "each: --skip ID.",
				    words_of(at)));
		return;
	}
}

bool names_check(struct selecting *selecting)
{
	const struct plan_selection *selection = selecting->selection;
	size_t before = selecting->faults->count;
	check_ids(selecting, "--only", &selection->only);
	check_ids(selecting, "--skip", &selection->skip);
	check_tags(selecting);
	check_start(selecting);
	return selecting->faults->count == before;
}

void nothing_left(struct selecting *selecting)
{
	bool none = selecting->made.steps == 0;
	*list_add(selecting->faults, selecting->arena) = (struct plan_fault){
		none ? "the runbook has no 'steps', of which a part could be chosen"
		     : "nothing of 'steps' is left to run",
		none ? "Leave --only, --tag, --start-at and --skip out."
		     : "--skip and --start-at take from what --only and --tag choose.",
	};
}
