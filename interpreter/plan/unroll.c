/* The rounds of a for_each: copies of its pattern. */

#include "plan/plan.h"

struct unroll {
	struct plan *plan;
	struct arena *arena;
	int32_t loop;
	int32_t from, size; /* the pattern */
	int32_t shift;      /* of this round */
	int64_t index;
	const struct plan_scope **scopes; /* those that are copied */
	const struct plan_scope **copies; /* and what this round has for them */
	size_t scope_count;
};

static bool in_pattern(const struct unroll *unroll, int32_t slot)
{
	return slot >= unroll->from && slot < unroll->from + unroll->size;
}

static int32_t shifted(const struct unroll *unroll, int32_t slot)
{
	return in_pattern(unroll, slot) ? slot + unroll->shift : slot;
}

int32_t plan_seen(const struct plan_scope *scope, int32_t slot)
{
	const struct plan_round *round = scope->round;
	if (!round)
		return slot;
	slot = plan_seen(round->of, slot);
	return slot >= round->from && slot < round->from + round->size ? slot + round->shift : slot;
}

bool plan_is_group(const struct plan_node *node)
{
	return node->kind == PLAN_GROUP || node->kind == PLAN_LOOP;
}

/* ---- growing ------------------------------------------------------------------------------- */

/* The arrays may be those of the plan that was made: the first growth copies them. */
static void make_room(struct unroll *unroll, size_t nodes, size_t scopes)
{
	struct plan *plan = unroll->plan;
	if (plan->node_count + nodes > plan->node_room) {
		plan->node_room = (plan->node_count + nodes) * 2;
		const struct plan_node **own = arena_array(unroll->arena, const struct plan_node *,
							   plan->node_room);
		memcpy(own, plan->nodes, plan->node_count * sizeof(*own));
		plan->nodes = plan->own_nodes = own;
	}
	if (plan->scope_count + scopes > plan->scope_room) {
		plan->scope_room = (plan->scope_count + scopes) * 2;
		const struct plan_scope **own = arena_array(
			unroll->arena, const struct plan_scope *, plan->scope_room);
		memcpy(own, plan->scopes, plan->scope_count * sizeof(*own));
		plan->scopes = plan->own_scopes = own;
	}
}

/* ---- scopes -------------------------------------------------------------------------------- */

/* That in which the for_each stands, and those of the library steps and calls of its pattern. */
static void find_scopes(struct unroll *unroll)
{
	const struct plan *plan = unroll->plan;
	unroll->scopes = arena_array(unroll->arena, const struct plan_scope *,
				     plan->scope_count + 1);
	unroll->scopes[unroll->scope_count++] = plan->nodes[unroll->from]->scope;
	for (size_t i = 0; i < plan->scope_count; i++)
		if (in_pattern(unroll, plan->scopes[i]->node))
			unroll->scopes[unroll->scope_count++] = plan->scopes[i];
	unroll->copies = arena_array(unroll->arena, const struct plan_scope *, unroll->scope_count);
}

static const struct plan_scope *own_scope(const struct unroll *unroll,
					  const struct plan_scope *scope)
{
	for (size_t i = 0; i < unroll->scope_count; i++)
		if (unroll->scopes[i] == scope)
			return unroll->copies[i];
	return scope;
}

static const struct plan_with *own_withs(const struct unroll *unroll,
					 const struct plan_scope *scope)
{
	struct plan_with *with = arena_array(unroll->arena, struct plan_with, scope->with_count);
	for (size_t i = 0; i < scope->with_count; i++) {
		with[i] = scope->with[i];
		with[i].scope = own_scope(unroll, with[i].scope);
	}
	return with;
}

static void copy_scope(struct unroll *unroll, size_t at)
{
	const struct plan_scope *scope = unroll->scopes[at];
	struct plan_scope *copy = arena_new(unroll->arena, struct plan_scope);
	struct plan_round *round = arena_new(unroll->arena, struct plan_round);
	*round = (struct plan_round){ .of = scope,
				      .loop = unroll->loop,
				      .index = unroll->index,
				      .around = at == 0,
				      .from = unroll->from,
				      .size = unroll->size,
				      .shift = unroll->shift };
	*copy = *scope;
	copy->index = (uint32_t)unroll->plan->scope_count;
	copy->round = round;
	unroll->copies[at] = copy;
	unroll->plan->own_scopes[unroll->plan->scope_count++] = copy;
	if (at == 0) /* what it was given stays as it is */
		return;
	copy->node = shifted(unroll, scope->node);
	copy->outer = own_scope(unroll, scope->outer);
	copy->with = own_withs(unroll, scope);
}

/* ---- nodes --------------------------------------------------------------------------------- */

/* "2.3.1" of the pattern of "2.3" is "2.3[4].1" in the round. */
static const char *round_path(const struct unroll *unroll, const char *path)
{
	const char *loop = unroll->plan->nodes[unroll->loop]->path;
	return arena_format(unroll->arena, "%s[%lld]%s", loop, (long long)unroll->index,
			    path + strlen(loop));
}

static void copy_node(struct unroll *unroll, int32_t slot)
{
	const struct plan_node *node = unroll->plan->nodes[slot];
	struct plan_node *copy = arena_new(unroll->arena, struct plan_node);
	int32_t *needs = arena_array(unroll->arena, int32_t, node->need_count);
	*copy = *node;
	copy->slot = shifted(unroll, slot);
	copy->parent = shifted(unroll, node->parent);
	copy->child = shifted(unroll, node->child);
	copy->last = shifted(unroll, node->last);
	copy->next = shifted(unroll, node->next);
	copy->prev = shifted(unroll, node->prev);
	copy->undo = shifted(unroll, node->undo);
	copy->done_when = shifted(unroll, node->done_when);
	copy->preview = shifted(unroll, node->preview);
	copy->effect_owner = shifted(unroll, node->effect_owner);
	for (size_t i = 0; i < node->need_count; i++)
		needs[i] = shifted(unroll, node->needs[i]);
	copy->needs = needs;
	copy->path = round_path(unroll, node->path);
	if (node->label)
		copy->label = arena_format(unroll->arena, "%s[%lld]", node->label,
					   (long long)unroll->index);
	copy->scope = own_scope(unroll, node->scope);
	copy->inner = own_scope(unroll, node->inner);
	copy->effect_scope = own_scope(unroll, node->effect_scope);
	unroll->plan->own_nodes[copy->slot] = copy;
}

/* The preconditions of the rollbacks of what a round calls. */
static void copy_checks(struct unroll *unroll)
{
	struct plan_rollback *rollback = &unroll->plan->rollback;
	size_t count = rollback->check_count;
	int32_t *checks = arena_array(unroll->arena, int32_t, count * 2);
	for (size_t i = 0; i < count; i++) {
		checks[i] = rollback->checks[i];
		if (in_pattern(unroll, checks[i]))
			checks[rollback->check_count++] = shifted(unroll, checks[i]);
	}
	if (rollback->check_count > count)
		rollback->checks = checks;
}

/* ---- a loop -------------------------------------------------------------------------------- */

bool plan_has_room(const struct plan *plan, int32_t loop, size_t count)
{
	size_t size = (size_t)plan->nodes[loop]->loop->size;
	return count <= PLAN_MAX_NODES && plan->node_count + count * size <= PLAN_MAX_NODES;
}

/* The rounds side by side, as the members of the loop. */
static void link_rounds(struct unroll *unroll, struct plan_node *loop, int32_t first, size_t count)
{
	struct plan *plan = unroll->plan;
	for (size_t i = 0; i < count; i++) {
		int32_t slot = first + (int32_t)i * unroll->size;
		struct plan_node *round = arena_new(unroll->arena, struct plan_node);
		*round = *plan->nodes[slot];
		round->prev = i > 0 ? slot - unroll->size : PLAN_NONE;
		round->next = i + 1 < count ? slot + unroll->size : PLAN_NONE;
		round->by_needs = loop->is_graph;
		plan->own_nodes[slot] = round;
	}
	loop->child = count ? first : PLAN_NONE;
	loop->last = count ? first + (int32_t)(count - 1) * unroll->size : PLAN_NONE;
}

void plan_unroll(struct plan *plan, int32_t slot, size_t count, struct arena *arena)
{
	struct plan_node *loop = arena_new(arena, struct plan_node);
	*loop = *plan->nodes[slot];
	int32_t first = (int32_t)plan->node_count;
	struct unroll unroll = { .plan = plan,
				 .arena = arena,
				 .loop = slot,
				 .from = slot + 1,
				 .size = loop->loop->size };
	loop->is_graph = loop->loop->parallel > 1;
	find_scopes(&unroll);
	make_room(&unroll, count * (size_t)unroll.size + 1, count * unroll.scope_count + 1);
	for (size_t i = 0; i < count; i++) {
		unroll.index = (int64_t)i;
		unroll.shift = (int32_t)plan->node_count - unroll.from;
		for (size_t k = 0; k < unroll.scope_count; k++)
			copy_scope(&unroll, k);
		for (int32_t k = 0; k < unroll.size; k++)
			copy_node(&unroll, unroll.from + k);
		plan->node_count += (size_t)unroll.size;
		copy_checks(&unroll);
	}
	link_rounds(&unroll, loop, first, count);
	plan->own_nodes[slot] = loop;
}
