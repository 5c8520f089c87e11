/* Whether a run can go on with documents that have changed since: what has run stays as it was. */

#include "run/internal.h"

struct accepting {
	const struct run_accept *accept;
	const struct plan *was, *now; /* with all rounds */
	const struct state *state;
	struct arena *arena;
	bool *anew;     /* by slot of now: begins anew as a whole */
	bool ends_anew; /* something runs before finally, which tidies up again behind it */
	struct run_accepted *result;
};

/* ---- what the state says ------------------------------------------------------------------- */

enum begun {
	BEGUN_NOT,  /* or it begins anew, or is over and not looked at any more: any change will do
		     */
	BEGUN_OPEN, /* a structure that goes on, with what stands in it */
	BEGUN_LOST, /* nobody knows what it has done */
	BEGUN_SKIPPED,
	BEGUN_CONTINUED, /* it has failed, and the run went on without it */
	BEGUN_DONE
};

static const struct step_state *step_of(const struct accepting *accepting, int32_t slot)
{
	return &accepting->state->steps[slot];
}

static bool has_begun(const struct step_state *step)
{
	return step->started_seq || step->ended_seq || step->undo != STEP_NOT_RUN;
}

static enum section root_section(const struct plan *plan, const struct plan_node *node)
{
	while (node->parent != PLAN_NONE)
		node = plan->nodes[node->parent];
	return (enum section)node->section;
}

/* It was over when the rollback began: of it only what undoes it is still to run. */
static bool is_past(const struct accepting *accepting, const struct step_state *step)
{
	uint64_t back = accepting->state->rollback_seq;
	return accepting->accept->back ||
	       (back && step->attempt_seq < back && step->ended_seq < back);
}

static bool ended_badly(const struct step_state *step)
{
	return !step->continued && (step->status == STEP_FAILED || step->status == STEP_CANCELLED);
}

static bool is_lost(const struct step_state *step)
{
	return !step->again && (step->status == STEP_LOST || step->status == STEP_RUNNING);
}

static enum begun begun_step(const struct plan_node *node, const struct step_state *step)
{
	bool asked = node->type && strcmp(node->type->name, "approve") == 0; /* is asked again */
	if (is_lost(step))
		return BEGUN_LOST;
	if (ended_badly(step) || step->again || step->status == STEP_WAITING || asked)
		return BEGUN_NOT;
	return step->status == STEP_SKIPPED  ? BEGUN_SKIPPED
	       : step->status == STEP_FAILED ? BEGUN_CONTINUED
					     : BEGUN_DONE;
}

static enum begun begun_structure(const struct step_state *step)
{
	if (step->again)
		return BEGUN_NOT;
	if (is_lost(step) || ended_badly(step))
		return BEGUN_OPEN;
	return step->status == STEP_SKIPPED  ? BEGUN_SKIPPED
	       : step->status == STEP_FAILED ? BEGUN_CONTINUED
					     : BEGUN_DONE;
}

static enum begun begun_of(const struct accepting *accepting, const struct plan_node *node)
{
	const struct step_state *step = step_of(accepting, node->slot);
	if (!has_begun(step) || is_past(accepting, step) ||
	    (accepting->ends_anew && root_section(accepting->was, node) == SECTION_FINALLY &&
	     !is_lost(step)))
		return BEGUN_NOT;
	return node->kind == PLAN_STEP ? begun_step(node, step) : begun_structure(step);
}

/* A round that is done does not fix what the others do. */
static bool is_in_open_loop(const struct accepting *accepting, const struct plan_node *node)
{
	for (int32_t at = node->parent; at != PLAN_NONE; at = accepting->was->nodes[at]->parent)
		if (accepting->was->nodes[at]->kind == PLAN_LOOP &&
		    begun_of(accepting, accepting->was->nodes[at]) == BEGUN_OPEN)
			return true;
	return false;
}

static bool find_open(const struct accepting *accepting)
{
	for (size_t i = 0; i < accepting->was->node_count; i++) {
		const struct plan_node *node = accepting->was->nodes[i];
		const struct step_state *step = step_of(accepting, (int32_t)i);
		if (node->kind == PLAN_STEP && has_begun(step) && !is_past(accepting, step) &&
		    (is_lost(step) || ended_badly(step)) &&
		    root_section(accepting->was, node) != SECTION_FINALLY)
			return true;
	}
	return accepting->accept->back;
}

/* Something in it that had an effect is done, or may be. */
static bool effect_stays(const struct accepting *accepting, const struct plan_node *node)
{
	const struct step_state *step = step_of(accepting, node->slot);
	if (node->kind == PLAN_STEP && step->effect && !ended_badly(step))
		return true;
	for (int32_t at = node->child; at != PLAN_NONE; at = accepting->was->nodes[at]->next)
		if (effect_stays(accepting, accepting->was->nodes[at]))
			return true;
	return false;
}

/* ---- refusals ------------------------------------------------------------------------------ */

static bool refuse_step(const struct accepting *accepting, const struct plan_node *node,
			const char *why, const char *hint)
{
	accepting->result->refused = node;
	accepting->result->why = why;
	accepting->result->hint = hint;
	return false;
}

static bool is_any_of(const char *key, const char *const *keys)
{
	for (; *keys; keys++)
		if (strcmp(key, *keys) == 0)
			return true;
	return false;
}

static bool is_settled(const struct accepting *accepting, const struct plan_node *node)
{
	const struct plan_node *written = as_written(accepting->was, node);
	return lost_names(node, &accepting->accept->settled) ||
	       lost_names(written, &accepting->accept->settled);
}

/* Its process is looked for by the name that it was started with. */
static bool is_renamed(const struct plan_node *was, const struct plan_node *now)
{
	return was->label || now->label
		       ? !was->label || !now->label || strcmp(was->label, now->label) != 0
		       : strcmp(was->path, now->path) != 0;
}

static bool accept_lost(const struct accepting *accepting, const struct plan_node *was)
{
	if (is_settled(accepting, was))
		return true;
	accepting->result->lost = true;
	return refuse_step(accepting, was, "nobody can say whether it was done", NULL);
}

/* ---- one step ------------------------------------------------------------------------------ */

/* What was evaluated when it began. Of a library step or a call all of it begins anew then. */
static bool accept_open(const struct accepting *accepting, const struct plan_node *was,
			const struct plan_node *now, const char *key)
{
	bool uses = was->kind == PLAN_LIBRARY || was->kind == PLAN_CALL;
	bool given = strcmp(key, "when") == 0 || strcmp(key, "effect") == 0 ||
		     !plan_is_step_key(key);
	if (was->kind == PLAN_LOOP)
		return refuse_step(accepting, was,
				   "its rounds have begun, with the items there were", NULL);
	if (was->kind == PLAN_GROUP && strcmp(key, "when") == 0)
		return refuse_step(accepting, was, "it has begun, under its condition as it was",
				   NULL);
	if (!uses || !given)
		return true;
	if (effect_stays(accepting, was))
		return refuse_step(accepting, was, "a part of it is done, with what it was given",
				   NULL);
	accepting->anew[now->slot] = true;
	return true;
}

static bool accept_key(const struct accepting *accepting, const struct plan_node *was,
		       const struct plan_node *now, const char *key)
{
	static const char *const said[] = { "name", "note", "tags", "undo.after", "preview", NULL };
	switch (begun_of(accepting, was)) {
	case BEGUN_NOT:
		return true;
	case BEGUN_LOST:
		return accept_lost(accepting, was);
	case BEGUN_OPEN:
		return is_any_of(key, said) || accept_open(accepting, was, now, key);
	case BEGUN_SKIPPED:
		return strcmp(key, "when") != 0 || was->left_out ||
		       refuse_step(accepting, was, "it was skipped, by its condition as it was",
				   NULL);
	case BEGUN_CONTINUED:
		return is_any_of(key, said) ||
		       refuse_step(accepting, was, "it has failed, and the run went on without it",
				   NULL);
	case BEGUN_DONE:
		return is_any_of(key, said) || is_in_open_loop(accepting, was) ||
		       refuse_step(accepting, was, "it has run already, as it was", NULL);
	}
	return true;
}

/* A step that became a library step, or the other way round. */
static bool accept_kind(const struct accepting *accepting, const struct plan_node *was,
			const struct plan_node *now)
{
	if (was->kind == now->kind || begun_of(accepting, was) == BEGUN_NOT)
		return true;
	return accept_key(accepting, was, now, "verb");
}

static bool accept_step(const struct accepting *accepting, const struct plan_node *was,
			const struct plan_node *now)
{
	struct arena arena;
	bool good = true;
	if (was->left_out && !now->left_out && has_begun(step_of(accepting, was->slot)))
		return refuse_step(accepting, was, "the run has left it out already", NULL);
	arena_init(&arena);
	struct plan_changes changes = plan_changes_of(was, now, &arena);
	for (size_t i = 0; i < changes.count && good; i++)
		good = accept_key(accepting, was, now, changes.at[i].key);
	arena_done(&arena);
	if (good && is_lost(step_of(accepting, was->slot)) && was->kind == PLAN_STEP &&
	    has_begun(step_of(accepting, was->slot)) && is_renamed(was, now))
		good = refuse_step(accepting, was,
				   "nobody can say whether it was done under its old name", NULL);
	return good && accept_kind(accepting, was, now);
}

static bool accept_gone(const struct accepting *accepting, const struct plan_node *was)
{
	const struct step_state *step = step_of(accepting, was->slot);
	bool kept = begun_of(accepting, was) != BEGUN_NOT || step->effect ||
		    (was->undo != PLAN_NONE && step->started_seq);
	if (!has_begun(step) || (!kept && (!ended_badly(step) || is_past(accepting, step))) ||
	    (accepting->ends_anew && root_section(accepting->was, was) == SECTION_FINALLY))
		return true;
	return refuse_step(accepting, was, "it has begun, and is not there any more",
			   "Leave it where it was; with when: \"false\" a step that failed is "
			   "passed over.");
}

/* Within what begins anew as a whole, or ended before all that still counts. */
static bool is_inside_anew(const struct accepting *accepting, const struct plan_node *was)
{
	const struct plan *plan = accepting->was;
	for (int32_t at = was->parent; at != PLAN_NONE; at = plan->nodes[at]->parent) {
		int32_t now = accepting->accept->match->now[at];
		if (now != PLAN_NONE && accepting->anew[now])
			return true;
	}
	return false;
}

/* ---- all steps ----------------------------------------------------------------------------- */

static bool accept_begun(const struct accepting *accepting)
{
	const struct plan_match *match = accepting->accept->match;
	size_t written = accepting->accept->was->node_count;
	bool good = true;
	for (size_t i = 0; i < accepting->was->node_count && good; i++) {
		const struct plan_node *was = accepting->was->nodes[i];
		int32_t now = i < written ? match->now[i] : (int32_t)i;
		if (!has_begun(step_of(accepting, was->slot)) || is_inside_anew(accepting, was))
			continue;
		good = now == PLAN_NONE ? accept_gone(accepting, was)
					: accept_step(accepting, was, accepting->now->nodes[now]);
	}
	return good;
}

/* Whether the step behind it is done, so that one that is new would run after it. */
static bool is_done_before(const struct accepting *accepting, int32_t now)
{
	int32_t was = accepting->accept->match->was[now];
	enum begun begun = was == PLAN_NONE ? BEGUN_NOT
					    : begun_of(accepting, accepting->was->nodes[was]);
	return begun == BEGUN_DONE || begun == BEGUN_SKIPPED || begun == BEGUN_CONTINUED;
}

static bool is_new_here(const struct accepting *accepting, const struct plan_node *node)
{
	int32_t was = accepting->accept->match->was[node->slot];
	if (was == PLAN_NONE)
		return node->kind != PLAN_SECTION && node->kind != PLAN_UNDO;
	return accepting->accept->match->moved[node->slot] && !has_begun(step_of(accepting, was));
}

/* A list from its end: what is new stands before nothing that is done. */
static bool accept_order(const struct accepting *accepting, const struct plan_node *last)
{
	const struct plan *plan = accepting->now;
	bool done = false;
	for (const struct plan_node *node = last; node;
	     node = node->prev == PLAN_NONE ? NULL : plan->nodes[node->prev]) {
		if (done && is_new_here(accepting, node) && !node->by_needs)
			return refuse_step(accepting, node, "what comes after it has run already",
					   NULL);
		done = done || is_done_before(accepting, node->slot);
	}
	return true;
}

static bool accept_orders(const struct accepting *accepting)
{
	size_t written = accepting->accept->now->node_count;
	for (size_t i = 0; i < written; i++) {
		const struct plan_node *node = accepting->now->nodes[i];
		if (node->last != PLAN_NONE && node->kind != PLAN_LOOP && node->kind != PLAN_CALL &&
		    !accept_order(accepting, accepting->now->nodes[node->last]))
			return false;
	}
	return true;
}

/* ---- slots --------------------------------------------------------------------------------- */

static bool same_slots(const struct run_accept *accept)
{
	bool same = accept->was->node_count == accept->now->node_count;
	for (size_t i = 0; i < accept->now->node_count && same; i++)
		same = accept->match->was[i] == (int32_t)i;
	return same;
}

static struct value slots_value(const struct run_accept *accept, struct arena *arena)
{
	size_t count = accept->now->node_count;
	struct value *items = arena_array(arena, struct value, count);
	if (same_slots(accept))
		return value_null();
	for (size_t i = 0; i < count; i++)
		items[i] = value_int(accept->match->was[i]);
	return value_list(items, count, arena);
}

static struct value anew_value(const struct accepting *accepting, struct arena *arena)
{
	struct lines anew = { 0 };
	for (size_t i = 0; i < accepting->now->node_count; i++)
		if (accepting->anew[i])
			*list_add(&anew, arena) = value_int((int64_t)i);
	return anew.count ? value_list(anew.at, anew.count, arena) : value_null();
}

bool run_accepts(const struct run_accept *accept, struct arena *arena, struct run_accepted *result)
{
	struct plan was = *accept->was, now = *accept->now;
	struct accepting accepting = { .accept = accept,
				       .was = &was,
				       .now = &now,
				       .state = accept->state,
				       .arena = arena,
				       .result = result };
	*result = (struct run_accepted){ .slots = slots_value(accept, arena) };
	if (accept->loop_count && value_is(result->slots, VALUE_LIST)) {
		result->why = "a for_each has begun: no step can come, go or move";
		return false;
	}
	for (size_t i = 0; i < accept->loop_count; i++) {
		plan_unroll(&was, accept->loops[i].slot, accept->loops[i].count, arena);
		plan_unroll(&now, accept->loops[i].slot, accept->loops[i].count, arena);
	}
	accepting.anew = arena_array(arena, bool, now.node_count + 1);
	accepting.ends_anew = find_open(&accepting);
	if (!accept_begun(&accepting) || !accept_orders(&accepting))
		return false;
	result->anew = anew_value(&accepting, arena);
	return true;
}
