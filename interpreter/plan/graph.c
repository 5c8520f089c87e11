/*
 * Who waits for whom. A step waits for all that stand before it in its list, or for what it `needs`
 * only; a member of a `parallel` for nothing else. A group begins before its members and ends after
 * them. So there are three moments for each node, and what each waits for is computed from the
 *tree:
 *
 *	begin  <- the begin of its group; the end of each need, or the end of all before it
 *	end    <- its begin; the end of all of its members
 *	passed <- its end; what stands before it is passed
 */

#include "plan/internal.h"

enum moment { BEGIN, END, PASSED, MOMENTS };

struct graph {
	const struct planner *planner;
	uint8_t *seen; /* by vertex */
	bool *told;    /* by vertex: it stands in a cycle that was reported */
	LIST(struct visit) stack;
	struct arena *arena;
};

/* A vertex on the way, and how many of those that it waits for were followed. */
struct visit {
	int32_t vertex;
	uint32_t edge;
};

enum { UNSEEN, OPEN, LEFT };

static int32_t vertex_of(int32_t slot, enum moment moment)
{
	return slot == PLAN_NONE ? PLAN_NONE : slot * MOMENTS + (int32_t)moment;
}

static const struct plan_node *node_at(const struct planner *planner, int32_t slot)
{
	return &planner->nodes.at[slot]->node;
}

static const struct plan_node *node_of_vertex(const struct planner *planner, int32_t vertex)
{
	return node_at(planner, vertex / MOMENTS);
}

static bool is_in_group(const struct planner *planner, const struct plan_node *node)
{
	return node->parent != PLAN_NONE && plan_is_group(node_at(planner, node->parent));
}

int32_t graph_root(const struct planner *planner, int32_t slot)
{
	const struct plan_node *node = node_at(planner, slot);
	while (is_in_group(planner, node))
		node = node_at(planner, node->parent);
	return node->parent;
}

/* ---- the edges ----------------------------------------------------------------------------- */

static int32_t begin_edge(const struct planner *planner, const struct plan_node *node,
			  uint32_t edge)
{
	if (edge == 0)
		return is_in_group(planner, node) ? vertex_of(node->parent, BEGIN) : PLAN_NONE;
	if (!node->by_needs)
		return edge == 1 ? vertex_of(node->prev, PASSED) : PLAN_NONE;
	return edge - 1 < node->need_count ? vertex_of(node->needs[edge - 1], END) : PLAN_NONE;
}

static int32_t edge_of(const struct planner *planner, int32_t vertex, uint32_t edge)
{
	const struct plan_node *node = node_of_vertex(planner, vertex);
	switch ((enum moment)(vertex % MOMENTS)) {
	case BEGIN:
		return begin_edge(planner, node, edge);
	case END:
		if (edge == 0)
			return vertex_of(node->slot, BEGIN);
		if (edge == 1 && node->kind == PLAN_LOOP)
			return vertex_of(node->slot + 1, END);
		return edge == 1 && node->kind == PLAN_GROUP ? vertex_of(node->last, PASSED)
							     : PLAN_NONE;
	case PASSED:
		return edge == 0   ? vertex_of(node->slot, END)
		       : edge == 1 ? vertex_of(node->prev, PASSED)
				   : PLAN_NONE;
	case MOMENTS:
		break;
	}
	return PLAN_NONE;
}

static uint32_t edge_count(const struct planner *planner, int32_t vertex)
{
	const struct plan_node *node = node_of_vertex(planner, vertex);
	bool needs = vertex % MOMENTS == BEGIN && node->by_needs;
	return needs ? 1 + (uint32_t)node->need_count : 2;
}

static void enter(struct graph *graph, int32_t vertex)
{
	graph->seen[vertex] = OPEN;
	*list_add(&graph->stack, graph->arena) = (struct visit){ vertex, 0 };
}

static struct graph graph_new(const struct planner *planner, struct arena *arena)
{
	return (struct graph){
		.planner = planner,
		.seen = arena_array(arena, uint8_t, planner->nodes.count * MOMENTS),
		.told = arena_array(arena, bool, planner->nodes.count *MOMENTS),
		.arena = arena,
	};
}

/* Goes one edge on from the end of the way: to a vertex that is not seen, or back. Gives the vertex
 * that was met, PLAN_NONE when one was left. */
static int32_t go_on(struct graph *graph)
{
	struct visit *top = &graph->stack.at[graph->stack.count - 1];
	if (top->edge == edge_count(graph->planner, top->vertex)) {
		graph->seen[top->vertex] = LEFT;
		graph->stack.count--;
		return PLAN_NONE;
	}
	return edge_of(graph->planner, top->vertex, top->edge++);
}

/* ---- order --------------------------------------------------------------------------------- */

static int32_t depth_of(const struct planner *planner, int32_t slot)
{
	int32_t depth = 0;
	for (; slot != PLAN_NONE; slot = node_at(planner, slot)->parent)
		depth++;
	return depth;
}

/* Moves both up to the list in which they stand side by side. */
static void to_siblings(const struct planner *planner, int32_t *a, int32_t *b)
{
	int32_t above = depth_of(planner, *a) - depth_of(planner, *b);
	for (; above > 0; above--)
		*a = node_at(planner, *a)->parent;
	for (; above < 0; above++)
		*b = node_at(planner, *b)->parent;
	while (node_at(planner, *a)->parent != node_at(planner, *b)->parent) {
		*a = node_at(planner, *a)->parent;
		*b = node_at(planner, *b)->parent;
	}
}

static bool is_reached(const struct planner *planner, int32_t from, int32_t to)
{
	struct arena arena;
	arena_init(&arena);
	struct graph graph = graph_new(planner, &arena);
	enter(&graph, from);
	while (graph.stack.count > 0 && !graph.seen[to]) {
		int32_t met = go_on(&graph);
		if (met != PLAN_NONE && !graph.seen[met])
			enter(&graph, met);
	}
	bool reached = graph.seen[to];
	arena_done(&arena);
	return reached;
}

bool graph_is_before(const struct planner *planner, int32_t first, int32_t then)
{
	int32_t a = first, b = then;
	to_siblings(planner, &a, &b);
	if (a == b) /* one stands around the other */
		return false;
	if (a < b && !node_at(planner, b)->by_needs)
		return true;
	return is_reached(planner, vertex_of(then, BEGIN), vertex_of(first, END));
}

/* ---- cycles -------------------------------------------------------------------------------- */

/* The place in its `needs` that names the other. */
static struct span need_span(const struct plan_node *node, int32_t need)
{
	const struct node *list = node_get(node->node, "needs");
	for (size_t i = 0; i < node->need_count; i++)
		if (node->needs[i] == need)
			return list->kind == NODE_LIST ? list->items[i].span : list->span;
	return node->span;
}

/* What the rounds of a for_each are copies of is, to its author, the for_each. */
static const struct plan_node *as_written(const struct planner *planner,
					  const struct plan_node *node)
{
	const struct plan_node *around = node->parent == PLAN_NONE ? NULL
								   : node_at(planner, node->parent);
	return around && around->kind == PLAN_LOOP ? around : node;
}

static const char *name_of(const struct planner *planner, const struct plan_node *node)
{
	node = as_written(planner, node);
	return node->id ? node->id : node->path;
}

/* A way that leads back to where it began. */
struct cycle {
	const struct visit *way;
	size_t count;
};

static int32_t cycle_at(const struct cycle *cycle, size_t index)
{
	return cycle->way[index % cycle->count].vertex;
}

/* What waits at this place of the way, and for what. */
static void cycle_note(struct planner *planner, const struct cycle *cycle, size_t at)
{
	int32_t from = cycle_at(cycle, at), to = cycle_at(cycle, at + 1);
	const struct plan_node *node = node_of_vertex(planner, from);
	if (from % MOMENTS == PASSED || (from % MOMENTS == END && to % MOMENTS == BEGIN))
		return;
	while (to % MOMENTS == PASSED) /* all that stand before: the one that matters */
		to = cycle_at(cycle, ++at + 1);
	const struct plan_node *next = node_of_vertex(planner, to);
	const char *other = name_of(planner, next);
	if (node != next && as_written(planner, node) == as_written(planner, next))
		return;
	if (from % MOMENTS == END)
		diag_note(planner->diags, node->span, "'%s' ends behind its member '%s'",
			  name_of(planner, node), other);
	else if (to % MOMENTS == BEGIN)
		diag_note(planner->diags, node->span, "'%s' begins behind its group '%s'",
			  name_of(planner, node), other);
	else if (node->by_needs)
		diag_note(planner->diags, need_span(node, to / MOMENTS), "'%s' needs '%s'",
			  name_of(planner, node), other);
	else
		diag_note(planner->diags, node->span,
			  "'%s' has no 'needs': it waits for '%s', which stands before it",
			  name_of(planner, node), other);
}

/* Where a cycle is told: at the first name of a `needs` on it. */
static struct span cycle_span(const struct planner *planner, const struct cycle *cycle,
			      size_t begin)
{
	const struct plan_node *node = node_of_vertex(planner, cycle_at(cycle, begin));
	size_t at = begin + 1;
	while (cycle_at(cycle, at) % MOMENTS == PASSED)
		at++;
	return need_span(node, cycle_at(cycle, at) / MOMENTS);
}

/* Where it is told from: the first of those that say what they need. */
static size_t cycle_begin(const struct planner *planner, const struct cycle *cycle)
{
	size_t begin = 0;
	int32_t least = INT32_MAX;
	for (size_t i = 0; i < cycle->count; i++) {
		const struct plan_node *node = node_of_vertex(planner, cycle_at(cycle, i));
		if (cycle_at(cycle, i) % MOMENTS != BEGIN || node->need_count == 0 ||
		    node->slot > least)
			continue;
		least = node->slot;
		begin = i;
	}
	return begin;
}

static bool lists(const struct plan_node *node, int32_t need)
{
	for (size_t i = 0; i < node->need_count; i++)
		if (node->needs[i] == need)
			return true;
	return false;
}

/* The end of the way leads to a vertex on it. */
static void report_cycle(struct graph *graph, struct planner *planner, int32_t met)
{
	struct cycle cycle = { &graph->stack.at[graph->stack.count - 1], 1 };
	bool told = false;
	for (; cycle.way->vertex != met; cycle.count++)
		cycle.way--;
	for (size_t i = 0; i < cycle.count; i++) {
		told = told || graph->told[cycle_at(&cycle, i)];
		graph->told[cycle_at(&cycle, i)] = true;
	}
	if (told)
		return;
	size_t begin = cycle_begin(planner, &cycle);
	const struct plan_node *node = node_of_vertex(planner, cycle_at(&cycle, begin));
	bool own = lists(node, node->slot);
	diag_at(planner->diags, cycle_span(planner, &cycle, begin), RB0237,
		own ? "step '%s' needs itself" : "step '%s' waits for itself",
		name_of(planner, node));
	for (size_t i = begin; i < begin + cycle.count; i++)
		cycle_note(planner, &cycle, i);
	if (own)
		diag_hint(planner->diags, "Take '%s' out of its own 'needs'.",
			  name_of(planner, node));
	else
		diag_hint(planner->diags, "Take one of these names out of its 'needs'.");
}

static void find_cycles(struct planner *planner)
{
	struct graph graph = graph_new(planner, planner->arena);
	for (size_t i = 0; i < planner->nodes.count; i++) {
		int32_t vertex = vertex_of((int32_t)i, BEGIN);
		if (node_at(planner, (int32_t)i)->need_count == 0 || graph.seen[vertex])
			continue;
		enter(&graph, vertex);
		while (graph.stack.count > 0) {
			int32_t met = go_on(&graph);
			if (met == PLAN_NONE)
				continue;
			if (!graph.seen[met])
				enter(&graph, met);
			else if (graph.seen[met] == OPEN)
				report_cycle(&graph, planner, met);
		}
	}
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Whether a step of a document that is called here has the id, bare or behind that of the call. */
static bool id_in_call(const struct planner *planner, const struct step_build *step, struct text id)
{
	size_t dot = text_find(id, TEXT("."), 0);
	struct text bare = text_slice(id, dot == SIZE_MAX ? 0 : dot + 1, id.len);
	for (size_t i = 0; i < planner->namespaces.count; i++) {
		const struct namespace *inner = planner->namespaces.at[i];
		if (inner->scope.outer == &step->room.namespace->scope &&
		    map_get(&inner->ids, bare))
			return true;
	}
	return false;
}

static void report_unknown(struct planner *planner, const struct step_build *step,
			   const struct node *name)
{
	const struct map *ids = &step->room.namespace->ids;
	const struct step_build *other = map_get(ids, name->text);
	const char **names = arena_array(planner->arena, const char *, ids->count + 1);
	size_t count = 0;
	if (other) {
		diag_at(planner->diags, name->span, RB0238, "'%.*s' stands in another section",
			TEXT_ARG(name->text));
		diag_note(planner->diags, other->node.span, "it stands here");
		diag_hint(planner->diags, "Sections run one after another; 'needs' orders the "
					  "steps of one.");
		return;
	}
	for (size_t i = 0; i < ids->count; i++) {
		const struct step_build *known = ids->at[i].value;
		if (known != step &&
		    graph_root(planner, known->node.slot) == graph_root(planner, step->node.slot))
			names[count++] = ids->at[i].key.ptr;
	}
	diag_at(planner->diags, name->span, RB0238, "no step of this section has the id '%.*s'",
		TEXT_ARG(name->text));
	if (id_in_call(planner, step, name->text))
		diag_hint(planner->diags, "A step of a called runbook is not seen from here: need "
					  "the call, and let the runbook hand on values by "
					  "'outputs'.");
	else if (!diag_did_you_mean(planner->diags, name->text, names, count))
		diag_hint(planner->diags, "It is the id of a step of the same section of this "
					  "document.");
}

static bool is_below(const struct planner *planner, int32_t slot, int32_t above)
{
	while (slot != PLAN_NONE && slot != above)
		slot = node_at(planner, slot)->parent;
	return slot == above;
}

static bool need_read(struct planner *planner, const struct step_build *step,
		      const struct node *name, int32_t *need)
{
	if (name->kind != NODE_SCALAR || node_is_empty(name)) {
		kind_check(planner, name, NODE_SCALAR, "needs", "[ID]");
		return false;
	}
	const struct step_build *other = map_get(&step->room.namespace->ids, name->text);
	if (!other ||
	    graph_root(planner, other->node.slot) != graph_root(planner, step->node.slot)) {
		report_unknown(planner, step, name);
		return false;
	}
	int32_t loop = loop_around(planner, other->node.slot);
	if (loop != PLAN_NONE && !is_below(planner, step->node.slot, loop)) {
		diag_at(planner->diags, name->span, RB0238,
			"'%.*s' stands in a for_each and runs once for each item",
			TEXT_ARG(name->text));
		diag_note(planner->diags, node_at(planner, loop)->span,
			  "for each item of this one");
		diag_hint(planner->diags, "What needs all of them needs the step with 'for_each'.");
		return false;
	}
	*need = other->node.slot;
	return true;
}

static bool needs_read(struct planner *planner, struct step_build *step, const struct node *list)
{
	bool one = list->kind == NODE_SCALAR && !node_is_empty(list);
	size_t count = one ? 1 : list->count;
	bool good = true;
	if (!one && !kind_check(planner, list, NODE_LIST, "needs", "[ID]"))
		return false;
	int32_t *needs = arena_array(planner->arena, int32_t, count);
	for (size_t i = 0; i < count; i++)
		good = need_read(planner, step, one ? list : &list->items[i], &needs[i]) && good;
	step->node.needs = needs;
	step->node.need_count = good ? count : 0;
	step->node.by_needs = true;
	return good;
}

bool graph_read(struct planner *planner)
{
	unsigned errors = planner->diags->errors;
	for (size_t i = 0; i < planner->nodes.count; i++) {
		struct step_build *step = planner->nodes.at[i];
		bool head = step->node.kind == PLAN_SECTION || step->node.kind == PLAN_UNDO;
		bool pattern = step->node.parent != PLAN_NONE &&
			       node_at(planner, step->node.parent)->kind == PLAN_LOOP;
		const struct node *list = head || pattern ? NULL
							  : node_get(step->node.node, "needs");
		if (list)
			needs_read(planner, step, list);
		if (step->node.by_needs && step->node.parent != PLAN_NONE)
			planner->nodes.at[step->node.parent]->node.is_graph = true;
	}
	if (planner->diags->errors == errors)
		find_cycles(planner);
	return planner->diags->errors == errors;
}
