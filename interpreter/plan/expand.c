/* Steps of a document -> nodes of the plan: structure, ids, names. Expressions come later. */

#include "plan/internal.h"

bool chain_holds(struct planner *planner, const struct chain *chain, const void *what,
		 struct span span, const char *name)
{
	const struct chain *at = chain;
	while (at && at->what != what)
		at = at->outer;
	if (!at)
		return false;
	diag_at(planner->diags, span, RB0211, "'%s' leads back to itself", name);
	for (const struct chain *link = chain; link; link = link->outer) {
		if (link->span.source)
			diag_note(planner->diags, link->span, "'%s' is used here", link->name);
		if (link == at)
			break;
	}
	diag_hint(planner->diags, "One of the uses must go.");
	return true;
}

/* ---- nodes --------------------------------------------------------------------------------- */

struct step_build *step_new(struct planner *planner, const struct room *room, enum plan_kind kind,
			    const struct node *node)
{
	struct step_build *step = arena_new(planner->arena, struct step_build);
	step->room = *room;
	step->node = (struct plan_node){
		.slot = (int32_t)planner->nodes.count,
		.parent = room->parent,
		.child = PLAN_NONE,
		.last = PLAN_NONE,
		.next = PLAN_NONE,
		.prev = PLAN_NONE,
		.undo = PLAN_NONE,
		.done_when = PLAN_NONE,
		.preview = PLAN_NONE,
		.kind = (uint8_t)kind,
		.section = (uint8_t)room->section,
		.effect_owner = room->effect_owner,
		.conditional = room->conditional,
		.late = room->late,
		.previews = room->preview,
		.path = room->path,
		.node = node,
		.span = node ? node->span : (struct span){ 0 },
		.scope = &room->namespace->scope,
		.names = &room->namespace->options,
		.after = &room->namespace->options,
	};
	*list_add(&planner->nodes, planner->arena) = step;
	return step;
}

/* ---- expansion ----------------------------------------------------------------------------- */

struct undo_keys {
	int after;
	const struct node *steps;
};

static const char *const afters[] = { "any", NULL };

const struct field undo_rows[] = {
	CHOICE(struct undo_keys, after, .choices = afters, .flags = FIELD_LITERAL,
	       .doc = "any: also if the step failed or was lost; default: only if it succeeded."),
	NODE(struct undo_keys, steps, .form = "list of steps", .flags = FIELD_REQUIRED,
	     .doc = "What reverses the step."),
	{ 0 },
};

static void expand_undo(struct planner *planner, struct step_build *step)
{
	const struct node *undo = node_get(step->node.node, "undo");
	if (!undo)
		return;
	if (step->room.undo) {
		diag_at(planner->diags, node_entry(step->node.node, "undo")->key.span, RB0215,
			"a step of an undo has no undo of its own");
		diag_hint(planner->diags, "Remove it: what reverses is not reversed.");
		return;
	}
	struct room room = step->room;
	room.parent = step->node.slot;
	room.undo = room.late = true;
	room.effect_owner = PLAN_NONE;
	room.path = arena_format(planner->arena, "%s.undo", step->node.path);
	const struct node *steps = undo;
	if (undo->kind == NODE_MAP) {
		struct field_context context = { .what = "undo", .elsewhere = key_elsewhere };
		struct undo_keys keys;
		if (!field_load(undo_rows, undo, &context, &keys, planner->arena, planner->diags))
			return;
		steps = keys.steps;
		step->node.undo_any = node_get(undo, "after") != NULL;
	}
	if (step->node.undo != PLAN_NONE) { /* a called runbook's own rollback steps come first */
		room.parent = step->node.undo;
		int32_t own = expand_list(planner, &room, PLAN_SECTION, steps, undo->span);
		struct step_build *first =
			planner->nodes.at[planner->nodes.at[step->node.undo]->node.child];
		first->node.next = own;
		return;
	}
	step->node.undo = expand_list(planner, &room, PLAN_UNDO, steps, undo->span);
}

/* What a step that only looks has no use for: its failure is an answer. */
static bool probe_keys_check(struct planner *planner, const struct node *probe)
{
	static const char *const keys[] = { "undo", "done_when", "on_failure", "on_crash",
					    "preview" };
	bool good = true;
	for (size_t i = 0; probe->kind == NODE_MAP && i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct entry *entry = node_entry(probe, keys[i]);
		if (!entry)
			continue;
		diag_at(planner->diags, entry->key.span, RB0241,
			"'%s' has no meaning in done_when: it only looks", keys[i]);
		diag_hint(planner->diags, "Remove it, or write it beside 'done_when'.");
		good = false;
	}
	return good;
}

static void expand_done_when(struct planner *planner, struct step_build *step)
{
	const struct node *probe = node_get(step->node.node, "done_when");
	struct room room = step->room;
	if (!probe || step->node.kind == PLAN_GROUP || !probe_keys_check(planner, probe))
		return;
	room.parent = step->node.slot;
	room.effect_owner = PLAN_NONE;
	room.path = arena_format(planner->arena, "%s.done", step->node.path);
	struct step_build *looks = expand_step(planner, &room, probe);
	if (!looks)
		return;
	looks->looks = true;
	step->node.done_when = looks->node.slot;
}

/* What stands behind the path of the group: "1", "2", ...; of what runs at the same time "a", ...,
 * "z", "aa". */
static const char *member_name(struct planner *planner, const struct step_build *step,
			       uint32_t index)
{
	char letters[8];
	size_t at = sizeof(letters);
	if (step->node.type->kind != STEP_KIND_PARALLEL)
		return arena_format(planner->arena, "%u", index + 1);
	letters[--at] = '\0';
	for (uint32_t rest = index + 1; rest > 0; rest = (rest - 1) / 26)
		letters[--at] = (char)('a' + (rest - 1) % 26);
	return arena_string(planner->arena, &letters[at]);
}

static void expand_group(struct planner *planner, struct step_build *step)
{
	const struct node *steps = step->verb->value.kind == NODE_MAP
					   ? node_get(&step->verb->value, "steps")
					   : node_get(step->node.node, "steps");
	struct room room = step->room;
	room.parent = step->node.slot;
	room.path = step->node.path;
	room.conditional = step->node.conditional;
	if (!steps) {
		diag_at(planner->diags, step->verb->key.span, RB0216, "the group has no steps");
		diag_hint(planner->diags, "Add 'steps:' beside it: '- run: COMMAND'.");
		return;
	}
	struct step_build *last = NULL;
	if (steps->kind != NODE_LIST || steps->count == 0) {
		diag_at(planner->diags, steps->span, RB0216,
			"'steps' is a list with at least one step; found %s",
			steps->kind == NODE_LIST ? "an empty one" : node_kind_name(steps));
		diag_hint(planner->diags, "Write each step as an item: '- run: COMMAND'.");
		return;
	}
	for (uint32_t i = 0; i < steps->count; i++) {
		room.path = arena_format(planner->arena, "%s.%s", step->node.path,
					 member_name(planner, step, i));
		struct step_build *child = expand_step(planner, &room, &steps->items[i]);
		if (!child)
			continue;
		child->node.by_needs = step->node.type->kind == STEP_KIND_PARALLEL;
		*(last ? &last->node.next : &step->node.child) = child->node.slot;
		last = child;
	}
}

static void report_too_many(struct planner *planner, struct span span)
{
	diag_at(planner->diags, span, RB0217, "more than %d steps", PLAN_MAX_STEPS);
	diag_hint(planner->diags, "Steps of library steps and calls count each time that they are "
				  "used; leave to a program what it can do by itself.");
}

static bool step_allowed(struct planner *planner, struct span span)
{
	if (planner->steps++ < PLAN_MAX_STEPS)
		return true;
	if (planner->steps == PLAN_MAX_STEPS + 1)
		report_too_many(planner, span);
	return false;
}

struct step_build *expand_one(struct planner *planner, const struct room *room,
			      const struct node *node, bool named)
{
	if (!step_allowed(planner, node->span))
		return NULL;
	if (node->kind != NODE_MAP) {
		diag_at(planner->diags, node->span, RB0212, "a step is a map with a verb; found %s",
			node_kind_name(node));
		diag_hint(planner->diags, "Write '- run: COMMAND', for example.");
		return NULL;
	}
	struct step_build *step = step_new(planner, room, PLAN_STEP, node);
	if (!verb_find(planner, step)) {
		step_declare_flawed(planner, step);
		return NULL;
	}
	if (step->verb) {
		step->node.span = step->verb->key.span;
		step->node.verb = step->verb->key.text.ptr;
	}
	bool text = step->verb && step->verb->value.kind == NODE_SCALAR;
	step->node.what = text ? step->verb->value.span : step->node.span;
	step->node.conditional = room->conditional || node_get(node, "when");
	const struct step_type *type = step->node.type;
	if (step->library)
		step->node.kind = PLAN_LIBRARY;
	else if (type && (type->kind == STEP_KIND_GROUP || type->kind == STEP_KIND_PARALLEL))
		step->node.kind = PLAN_GROUP;
	else if (type && type->kind == STEP_KIND_CALL)
		step->node.kind = PLAN_CALL;
	step_name(planner, step, named);
	keys_check(planner, step);
	if (type && step->node.kind == PLAN_STEP)
		step->node.outputs = type->outputs;
	if (step->node.kind == PLAN_LIBRARY)
		expand_library(planner, step);
	else if (step->node.kind == PLAN_CALL)
		expand_call(planner, step);
	else if (step->node.kind == PLAN_GROUP)
		expand_group(planner, step);
	step_declare(planner, step);
	expand_done_when(planner, step);
	expand_preview(planner, step);
	expand_undo(planner, step);
	return step;
}

/* The pattern of the rounds stands in the loop, which has the name and waits for what is needed. */
static struct step_build *expand_loop(struct planner *planner, const struct room *room,
				      const struct node *node)
{
	struct step_build *loop = step_new(planner, room, PLAN_LOOP, node);
	struct room inner = *room;
	inner.parent = loop->node.slot;
	struct step_build *pattern = expand_one(planner, &inner, node, false);
	if (!pattern) {
		loop->flawed = true;
		return NULL;
	}
	struct plan_loop *rounds = arena_new(planner->arena, struct plan_loop);
	rounds->size = (int32_t)planner->nodes.count - pattern->node.slot;
	rounds->parallel = 1;
	loop->verb = pattern->verb;
	loop->pattern = pattern;
	loop->rounds = rounds;
	loop->node.loop = rounds;
	loop->node.span = pattern->node.span;
	loop->node.what = pattern->node.what;
	loop->node.verb = "for_each";
	loop->node.conditional = room->conditional;
	step_name(planner, loop, true);
	step_declare(planner, loop);
	return loop;
}

struct step_build *expand_step(struct planner *planner, const struct room *room,
			       const struct node *node)
{
	bool looped = node->kind == NODE_MAP && node_get(node, "for_each");
	return looped ? expand_loop(planner, room, node) : expand_one(planner, room, node, true);
}

int32_t expand_list(struct planner *planner, const struct room *room, enum plan_kind kind,
		    const struct node *steps, struct span span)
{
	struct step_build *head = step_new(planner, room, kind, steps);
	struct room inner = *room;
	inner.parent = head->node.slot;
	head->node.title = kind == PLAN_UNDO ? "undo" : section_names[room->section];
	head->node.span = span;
	if (steps->kind != NODE_LIST || steps->count == 0) {
		diag_at(planner->diags, steps->span, RB0216,
			"'%s' is a list with at least one step; found %s", head->node.title,
			steps->kind == NODE_LIST ? "an empty one" : node_kind_name(steps));
		diag_hint(planner->diags, "Write each step as an item: '- run: COMMAND'.");
		return head->node.slot;
	}
	struct step_build *last = NULL;
	for (uint32_t i = 0; i < steps->count; i++) {
		inner.path = room->path[0]
				     ? arena_format(planner->arena, "%s.%u", room->path, i + 1)
				     : arena_format(planner->arena, "%u", i + 1);
		struct step_build *child = expand_step(planner, &inner, &steps->items[i]);
		if (!child)
			continue;
		*(last ? &last->node.next : &head->node.child) = child->node.slot;
		last = child;
	}
	return head->node.slot;
}

/* ---- documents ----------------------------------------------------------------------------- */

const char *const section_names[SECTION_COUNT] = {
	[SECTION_PRECONDITIONS] = "preconditions",
	[SECTION_STEPS] = "steps",
	[SECTION_VERIFY] = "verify",
	[SECTION_ROLLBACK_PRECONDITIONS] = "rollback preconditions",
	[SECTION_ROLLBACK] = "rollback",
	[SECTION_FINALLY] = "finally",
};

bool section_only_looks(enum section section)
{
	return section == SECTION_PRECONDITIONS || section == SECTION_ROLLBACK_PRECONDITIONS;
}

static bool in_rollback(enum section section)
{
	return section == SECTION_ROLLBACK || section == SECTION_ROLLBACK_PRECONDITIONS;
}

static const struct node *rollback_key(const struct document *document, const char *key)
{
	return document->rollback && document->rollback->kind == NODE_MAP
		       ? node_get(document->rollback, key)
		       : NULL;
}

void expand_runbook(struct planner *planner, const struct room *outer, struct namespace *namespace,
		    int32_t sections[SECTION_COUNT])
{
	const struct document *document = namespace->document;
	const struct node *nodes[SECTION_COUNT] = {
		[SECTION_PRECONDITIONS] = document->preconditions,
		[SECTION_STEPS] = document->steps,
		[SECTION_VERIFY] = document->verify,
		[SECTION_ROLLBACK_PRECONDITIONS] = rollback_key(document, "preconditions"),
		[SECTION_ROLLBACK] = rollback_key(document, "steps"),
		[SECTION_FINALLY] = document->finally,
	};
	uint32_t count = document->steps && document->steps->kind == NODE_LIST
				 ? document->steps->count
				 : 0;
	const char *prefix = outer->path[0] ? arena_format(planner->arena, "%s.", outer->path) : "";
	const char *paths[SECTION_COUNT] = {
		[SECTION_PRECONDITIONS] = arena_format(planner->arena, "%s0", prefix),
		[SECTION_STEPS] = outer->path,
		[SECTION_VERIFY] = arena_format(planner->arena, "%s%u", prefix, count + 1),
		[SECTION_ROLLBACK_PRECONDITIONS] = arena_format(planner->arena, "%sR0", prefix),
		[SECTION_ROLLBACK] = arena_format(planner->arena, "%sR", prefix),
		[SECTION_FINALLY] = arena_format(planner->arena, "%s%u", prefix,
						 count + (document->verify ? 2 : 1)),
	};
	for (int i = 0; i < SECTION_COUNT; i++) {
		struct room room = *outer;
		room.namespace = namespace;
		room.section = (enum section)i;
		room.late = outer->late || in_rollback(room.section) || i == SECTION_FINALLY;
		room.undo = outer->undo || in_rollback(room.section);
		room.path = paths[i];
		sections[i] = nodes[i] ? expand_list(planner, &room, PLAN_SECTION, nodes[i],
						     nodes[i]->span)
				       : PLAN_NONE;
	}
	if (sections[SECTION_ROLLBACK_PRECONDITIONS] != PLAN_NONE)
		*list_add(&planner->rollback_checks,
			  planner->arena) = sections[SECTION_ROLLBACK_PRECONDITIONS];
	if (!document->steps && !document->verify && !document->preconditions &&
	    !document->is_flawed) {
		diag_at(planner->diags, document->root.span, RB0216, "the runbook has no steps");
		diag_hint(planner->diags, "Add 'steps:' with at least one step: '- run: COMMAND'.");
	}
}
