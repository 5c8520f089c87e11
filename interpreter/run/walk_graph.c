/*
 * A list of which some member waits only for what it needs. All that may begin do; a failure lets
 * nothing new begin, here and in all that stands in the list, and what runs has its end first.
 */

#include "run/walk.h"

/* ---- whether something has failed ---------------------------------------------------------- */

static int32_t failure_in(const struct walk *walk, const struct plan_node *node);

static int32_t failure_in_list(const struct walk *walk, const struct plan_node *head)
{
	const struct plan *plan = walk->decide->plan;
	for (int32_t at = walk_from(walk, head); at != PLAN_NONE; at = plan->nodes[at]->next) {
		int32_t failed = failure_in(walk, plan->nodes[at]);
		if (failed >= 0)
			return failed;
		if (!head->is_graph && status_of(walk, at) == STEP_NOT_RUN)
			break; /* nothing behind it has begun */
	}
	return -1;
}

static int32_t failure_within(const struct walk *walk, const struct plan_node *node)
{
	const struct plan *plan = walk->decide->plan;
	struct walk inner = walk_into(walk, node);
	if (node->kind != PLAN_CALL)
		return failure_in_list(&inner, node);
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		int32_t failed = failure_in_list(&inner, plan->nodes[at]);
		if (failed >= 0)
			return failed;
	}
	return -1;
}

/* The step that has failed, or whose failure will let this one fail once what runs in it has ended;
 * -1: none. What may be tried again, or be gone on without, does not fail by a member. */
static int32_t failure_in(const struct walk *walk, const struct plan_node *node)
{
	enum progress_kind ended;
	switch (status_of(walk, node->slot)) {
	case STEP_FAILED:
	case STEP_LOST:
		ended = walk_node(walk, node).kind;
		return ended == BROKEN || ended == UNSURE ? node->slot : -1;
	case STEP_CANCELLED:
		return node->slot;
	case STEP_RUNNING:
		if (node->kind == PLAN_STEP || node->retry || node->on_failure != ON_FAILURE_STOP)
			return -1;
		return failure_within(walk, node);
	case STEP_NOT_RUN:
	case STEP_WAITING:
	case STEP_SUCCEEDED:
	case STEP_SKIPPED:
	case STEP_ALREADY_DONE:
	case STEP_UNDONE:
		break;
	}
	return -1;
}

/* ---- needs --------------------------------------------------------------------------------- */

static struct progress progress_idle(void)
{
	struct progress progress = progress_wait(0);
	progress.idle = true;
	return progress;
}

/* How far something that is needed is, as far as its own status says it. */
static struct progress progress_needed(const struct walk *walk, int32_t slot)
{
	switch (status_of(walk, slot)) {
	case STEP_SUCCEEDED:
	case STEP_SKIPPED:
	case STEP_ALREADY_DONE:
	case STEP_UNDONE:
		return progress_done();
	case STEP_FAILED:
	case STEP_LOST: {
		struct progress progress = walk_node(walk, walk->decide->plan->nodes[slot]);
		if (progress.kind == DONE)
			return progress;
		return progress.kind == GOING ? progress_idle() : progress_badly(BROKEN, slot);
	}
	case STEP_CANCELLED:
		return progress_badly(BROKEN, slot);
	case STEP_NOT_RUN:
	case STEP_RUNNING:
	case STEP_WAITING:
		break;
	}
	return progress_idle();
}

/* What stands around a need decides for it when it has ended without it: it was skipped, or the run
 * goes on in spite of its failure. */
static struct progress progress_need(const struct walk *walk, int32_t need)
{
	const struct plan *plan = walk->decide->plan;
	struct walk base = *walk;
	base.since = walk->base;
	for (;;) {
		struct progress progress = progress_needed(&base, need);
		int32_t around = plan->nodes[need]->parent;
		if (progress.kind != GOING || around == PLAN_NONE ||
		    !plan_is_group(plan->nodes[around]))
			return progress;
		need = around;
	}
}

/* DONE: the step may begin. before: how far all is that stands before it in its list. */
static struct progress progress_needs(const struct walk *walk, const struct plan_node *node,
				      const struct progress *before)
{
	struct progress result = progress_done();
	if (!node->by_needs)
		return before->kind == GOING ? progress_idle() : result;
	for (size_t i = 0; i < node->need_count; i++) {
		struct progress need = progress_need(walk, node->needs[i]);
		if (need.kind == BROKEN)
			return need;
		if (need.kind == GOING)
			result = need;
	}
	if (result.kind == GOING && walk->dead >= 0)
		return progress_badly(BROKEN, walk->dead);
	return result;
}

/* ---- the list ------------------------------------------------------------------------------ */

/* How far the members are together. */
struct sum {
	struct progress worst;  /* of what has ended, and of what will never begin */
	struct progress before; /* DONE, or GOING: of all that stand before the next */
	bool waits;             /* something runs, or is due */
	int64_t due;            /* the earliest; 0: none */
	bool needs;             /* something waits for what it needs */
	int64_t most;           /* so many members at once; 0: no matter how many */
	int64_t running;        /* members that have begun and not ended */
};

static void sum_going(struct sum *sum, const struct progress *progress)
{
	int64_t due = progress->intent.due;
	sum->before = *progress;
	if (progress->idle) {
		sum->needs = true;
		return;
	}
	sum->waits = true;
	if (due > 0 && (sum->due == 0 || due < sum->due))
		sum->due = due;
}

static struct progress progress_member(struct walk *walk, const struct plan_node *node,
				       const struct sum *sum)
{
	bool halts = walk->stopping || walk->failed >= 0;
	if (status_of(walk, node->slot) != STEP_NOT_RUN || halts)
		return walk_node(walk, node);
	if (sum->most && sum->running >= sum->most)
		return progress_wait(0);
	struct progress needs = progress_needs(walk, node, &sum->before);
	if (needs.kind == BROKEN && !walk->all)
		walk->failed = needs.culprit;
	return needs.kind == DONE ? walk_node(walk, node) : needs;
}

static struct progress sum_up(const struct walk *walk, const struct sum *sum)
{
	if (sum->waits)
		return progress_wait(sum->due);
	return sum->needs && walk->failed < 0 ? progress_idle() : sum->worst;
}

static struct progress walk_members(struct walk *walk, const struct plan_node *head,
				    struct sum *sum)
{
	const struct plan *plan = walk->decide->plan;
	*sum = (struct sum){ .worst = progress_done(),
			     .before = progress_done(),
			     .most = head->loop ? head->loop->parallel : 0 };
	bool passing = true;
	for (int32_t at = walk_from(walk, head); at != PLAN_NONE; at = plan->nodes[at]->next) {
		struct progress progress = progress_member(walk, plan->nodes[at], sum);
		if (progress.kind == GOING && progress.intent.kind != INTENT_WAIT)
			return progress;
		passing = passing && progress.kind == DONE;
		if (passing)
			walk_pass(walk, head, plan->nodes[at]->next);
		sum->running += progress.kind == GOING;
		if (progress.kind == GOING)
			sum_going(sum, &progress);
		else if (progress.kind != DONE)
			sum->worst = progress_worse(walk, sum->worst, progress);
	}
	return sum_up(walk, sum);
}

struct progress walk_graph(const struct walk *walk, const struct plan_node *head)
{
	struct walk inner = *walk;
	struct sum sum;
	if (!walk->all && walk->failed < 0)
		inner.failed = failure_in_list(walk, head);
	int32_t failed = inner.failed;
	struct progress progress = walk_members(&inner, head, &sum);
	if (inner.failed != failed) /* what is needed has failed elsewhere */
		progress = walk_members(&inner, head, &sum);
	/* Where all are tried a failure can leave a need undone for ever: nothing runs that could
	 * do it. What needs it fails too. */
	if (progress.kind == GOING && progress.idle && walk->all) {
		inner.dead = sum.worst.culprit;
		progress = walk_members(&inner, head, &sum);
	}
	return progress;
}
