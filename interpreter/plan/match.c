/* Which step of a later plan of the same document is which of the earlier one. */

#include "plan/internal.h"

/* The nodes of a plan by the node around them, each list in the order written. */
struct tree {
	const struct plan *plan;
	int32_t *slots; /* list behind list */
	size_t *from;   /* by slot of the node around + 1: where its list begins; one more ends the
			   last */
	size_t *place;  /* by slot: index into slots */
};

struct matching {
	struct tree was, now;
	struct plan_match match;
	struct arena *arena;
};

static struct tree tree_of(const struct plan *plan, struct arena *arena)
{
	size_t count = plan->node_count;
	struct tree tree = { .plan = plan,
			     .slots = arena_array(arena, int32_t, count + 1),
			     .from = arena_array(arena, size_t, count + 2),
			     .place = arena_array(arena, size_t, count + 1) };
	size_t *next = arena_array(arena, size_t, count + 1);
	for (size_t i = 0; i < count; i++)
		tree.from[plan->nodes[i]->parent + 2]++;
	for (size_t i = 1; i < count + 2; i++)
		tree.from[i] += tree.from[i - 1];
	for (size_t i = 0; i < count; i++) {
		size_t list = (size_t)(plan->nodes[i]->parent + 1);
		tree.place[i] = tree.from[list] + next[list]++;
		tree.slots[tree.place[i]] = (int32_t)i;
	}
	return tree;
}

/* ---- what makes two the same --------------------------------------------------------------- */

/* A step and a library step can stand for each other; all else only for its own kind. */
static char role_of(const struct plan *plan, const struct plan_node *node)
{
	static const char roles[] = {
		[PLAN_SECTION] = 's', [PLAN_STEP] = 'x', [PLAN_GROUP] = 'g', [PLAN_LIBRARY] = 'x',
		[PLAN_CALL] = 'c',    [PLAN_UNDO] = 'u', [PLAN_LOOP] = 'l',
	};
	bool looks = node->parent != PLAN_NONE &&
		     plan->nodes[node->parent]->done_when == node->slot;
	return looks ? 'd' : node->previews ? 'p' : roles[node->kind];
}

typedef struct text sameness(const struct plan_node *node, struct arena *arena);

static struct text by_id(const struct plan_node *node, struct arena *arena)
{
	(void)arena;
	return text_of(node->id);
}

static struct text by_title(const struct plan_node *node, struct arena *arena)
{
	(void)arena;
	return text_of(node->title);
}

/* ---- pairs --------------------------------------------------------------------------------- */

struct waiting {
	int32_t slot;
	struct waiting *next;
};

static struct text key_of(const struct matching *matching, const struct plan *plan, int32_t slot,
			  sameness *same)
{
	const struct plan_node *node = plan->nodes[slot];
	struct text key = same(node, matching->arena);
	if (!key.len)
		return key;
	return text_of(arena_format(matching->arena, "%c%.*s", role_of(plan, node), TEXT_ARG(key)));
}

static void pair(struct matching *matching, int32_t was, int32_t now)
{
	matching->match.was[now] = was;
	matching->match.now[was] = now;
}

static void pair_by(struct matching *matching, int32_t was, int32_t now, sameness *same)
{
	const struct tree *old = &matching->was, *young = &matching->now;
	struct map waiting;
	map_init(&waiting, matching->arena);
	for (size_t i = old->from[was + 2]; i > old->from[was + 1]; i--) {
		int32_t slot = old->slots[i - 1];
		struct text key = key_of(matching, old->plan, slot, same);
		if (matching->match.now[slot] != PLAN_NONE || !key.len)
			continue;
		struct waiting *first = arena_new(matching->arena, struct waiting);
		*first = (struct waiting){ slot, map_get(&waiting, key) };
		map_set(&waiting, key, first);
	}
	for (size_t i = young->from[now + 1]; i < young->from[now + 2]; i++) {
		int32_t slot = young->slots[i];
		struct text key = key_of(matching, young->plan, slot, same);
		struct waiting *first = key.len ? map_get(&waiting, key) : NULL;
		if (matching->match.was[slot] != PLAN_NONE || !first)
			continue;
		pair(matching, first->slot, slot);
		map_set(&waiting, key, first->next);
	}
}

static bool may_stand_for(const struct matching *matching, int32_t was, int32_t now, bool verb)
{
	const struct plan_node *old = matching->was.plan->nodes[was];
	const struct plan_node *young = matching->now.plan->nodes[now];
	if (role_of(matching->was.plan, old) != role_of(matching->now.plan, young))
		return false;
	return !verb || (old->verb && young->verb && strcmp(old->verb, young->verb) == 0);
}

/* The first of those from place on, as far as nobody has them, that it may stand for. */
static bool pair_near(struct matching *matching, int32_t now, size_t *place, size_t end, bool verb)
{
	for (size_t i = *place; i < end; i++) {
		int32_t was = matching->was.slots[i];
		if (matching->match.now[was] != PLAN_NONE)
			return false;
		if (!may_stand_for(matching, was, now, verb))
			continue;
		pair(matching, was, now);
		*place = i + 1;
		return true;
	}
	return false;
}

/* What is left between the same neighbours. */
static void pair_rest(struct matching *matching, int32_t was, int32_t now)
{
	const struct tree *old = &matching->was, *young = &matching->now;
	size_t place = old->from[was + 1], end = old->from[was + 2];
	for (size_t i = young->from[now + 1]; i < young->from[now + 2]; i++) {
		int32_t slot = young->slots[i], older = matching->match.was[slot];
		if (older != PLAN_NONE)
			place = old->place[older] + 1;
		else if (!pair_near(matching, slot, &place, end, true))
			pair_near(matching, slot, &place, end, false);
	}
}

static void mark_moved(struct matching *matching, int32_t now)
{
	const struct tree *young = &matching->now;
	size_t furthest = 0;
	for (size_t i = young->from[now + 1]; i < young->from[now + 2]; i++) {
		int32_t older = matching->match.was[young->slots[i]];
		if (older == PLAN_NONE)
			continue;
		size_t place = matching->was.place[older];
		matching->match.moved[young->slots[i]] = place < furthest;
		furthest = place > furthest ? place : furthest;
	}
}

/* The lists below two nodes that are the same, or below none. */
static void match_lists(struct matching *matching, int32_t was, int32_t now)
{
	const struct tree *young = &matching->now;
	pair_by(matching, was, now, by_id);
	pair_by(matching, was, now, plan_written);
	pair_by(matching, was, now, by_title);
	pair_rest(matching, was, now);
	mark_moved(matching, now);
	for (size_t i = young->from[now + 1]; i < young->from[now + 2]; i++)
		if (matching->match.was[young->slots[i]] != PLAN_NONE)
			match_lists(matching, matching->match.was[young->slots[i]],
				    young->slots[i]);
}

static int32_t *nobody(size_t count, struct arena *arena)
{
	int32_t *slots = arena_array(arena, int32_t, count + 1);
	for (size_t i = 0; i < count; i++)
		slots[i] = PLAN_NONE;
	return slots;
}

struct plan_match plan_match(const struct plan *was, const struct plan *now, struct arena *arena)
{
	struct matching matching = { .was = tree_of(was, arena),
				     .now = tree_of(now, arena),
				     .match = { .was = nobody(now->node_count, arena),
						.now = nobody(was->node_count, arena),
						.moved = arena_array(arena, bool,
								     now->node_count + 1) },
				     .arena = arena };
	match_lists(&matching, PLAN_NONE, PLAN_NONE);
	return matching.match;
}
