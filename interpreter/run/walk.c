/*
 * How far a list is: the walk over its members, in order, to the first that is not done.
 *
 * A step's status counts only if it is younger than what is around it: an attempt of a library
 * step, or the rollback for a second verify, makes everything older in it "not run" again.
 */

#include "run/walk.h"

struct progress progress_going(enum intent_kind kind, int32_t slot)
{
	return (struct progress){ .kind = GOING,
				  .intent = { .kind = kind, .slot = slot, .culprit = -1 } };
}

struct progress progress_done(void)
{
	return (struct progress){ .kind = DONE, .culprit = -1 };
}

struct progress progress_badly(enum progress_kind kind, int32_t culprit)
{
	return (struct progress){ .kind = kind, .culprit = culprit };
}

struct progress progress_wait(int64_t due)
{
	return (struct progress){
		.kind = GOING,
		.intent = { .kind = INTENT_WAIT, .slot = -1, .due = due, .culprit = -1 }
	};
}

const struct step_state *step_state_of(const struct walk *walk, int32_t slot)
{
	return &walk->decide->state->steps[slot];
}

enum step_status status_of(const struct walk *walk, int32_t slot)
{
	const struct step_state *step = step_state_of(walk, slot);
	if (step->again)
		return STEP_NOT_RUN;
	uint64_t changed = step->started_seq > step->ended_seq ? step->started_seq
							       : step->ended_seq;
	if (step->status == STEP_WAITING && changed == 0)
		return STEP_WAITING; /* a question before the first attempt */
	return changed > walk->since ? step->status : STEP_NOT_RUN;
}

static bool step_asks(const struct walk *walk, int32_t slot)
{
	const struct state *state = walk->decide->state;
	for (size_t i = state->asks.count; i > 0; i--)
		if (state->asks.at[i - 1].slot == slot)
			return !state->asks.at[i - 1].answered;
	return false;
}

/* Where the walk over a list begins. */
int32_t walk_from(const struct walk *walk, const struct plan_node *head)
{
	const struct passed *passed = walk->decide->passed;
	if (!passed || passed[head->slot].next == 0 || passed[head->slot].since != walk->since)
		return head->child;
	return passed[head->slot].next;
}

void walk_pass(const struct walk *walk, const struct plan_node *head, int32_t next)
{
	if (walk->decide->passed)
		walk->decide->passed[head->slot] = (struct passed){ walk->since, next };
}

static uint64_t ended_at(const struct walk *walk, struct progress progress)
{
	return progress.culprit < 0 ? UINT64_MAX : step_state_of(walk, progress.culprit)->ended_seq;
}

struct progress progress_worse(const struct walk *walk, struct progress first, struct progress next)
{
	static const int ranks[] = { [DONE] = 0, [STOPPED] = 1, [BROKEN] = 2, [UNSURE] = 3 };
	bool takes = ranks[next.kind] > ranks[first.kind] ||
		     (next.kind == BROKEN && first.kind == BROKEN &&
		      ended_at(walk, next) < ended_at(walk, first));
	return takes ? progress_badly(next.kind, next.culprit) : first;
}

struct walk walk_begin(const struct decide *decide, uint64_t since, bool all, bool stopping)
{
	return (struct walk){ .decide = decide,
			      .since = since,
			      .base = since,
			      .all = all,
			      .stopping = stopping,
			      .failed = -1,
			      .dead = -1 };
}

struct progress walk_list(const struct walk *walk, const struct plan_node *head)
{
	const struct plan *plan = walk->decide->plan;
	struct progress result = progress_done();
	if (head->is_graph)
		return walk_graph(walk, head);
	for (int32_t at = walk_from(walk, head); at != PLAN_NONE; at = plan->nodes[at]->next) {
		struct progress progress = walk_node(walk, plan->nodes[at]);
		if (progress.kind == GOING)
			return progress;
		if (progress.kind == DONE && result.kind == DONE)
			walk_pass(walk, head, plan->nodes[at]->next);
		if (progress.kind == DONE)
			continue;
		result = progress_worse(walk, result, progress);
		if (!walk->all)
			return result;
	}
	return result;
}

/* ---- a called runbook: sections in order --------------------------------------------------- */

struct progress walk_call(const struct walk *walk, const struct plan_node *node)
{
	const struct plan *plan = walk->decide->plan;
	struct progress result = progress_done();
	bool met = true;
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		const struct plan_node *section = plan->nodes[at];
		struct walk inner = *walk;
		bool last = section->section == SECTION_FINALLY;
		inner.all = last || section->section == SECTION_PRECONDITIONS;
		if (last)
			inner.failed = -1; /* it tidies up, whatever has failed beside the call */
		if (!met || result.kind == UNSURE || (result.kind != DONE && !last))
			continue;
		struct progress progress = walk_list(&inner, section);
		if (progress.kind == GOING)
			return progress;
		if (progress.kind == DONE)
			continue;
		met = section->section != SECTION_PRECONDITIONS;
		result = progress_worse(walk, result, progress);
	}
	return result;
}

/* ---- one node ------------------------------------------------------------------------------ */

static bool is_structure(const struct plan_node *node)
{
	return node->kind != PLAN_STEP;
}

struct walk walk_into(const struct walk *walk, const struct plan_node *node)
{
	struct walk inner = *walk;
	inner.since = step_state_of(walk, node->slot)->attempt_seq;
	inner.all = false;
	inner.stopping = walk->stopping ||
			 (walk->decide->expired && walk->decide->expired[node->slot]);
	if (!plan_is_group(node)) {
		inner.base = inner.since;
		inner.dead = -1;
	}
	if (node->kind == PLAN_LIBRARY) /* one step to its author: it is not left half done */
		inner.failed = -1;
	return inner;
}

static struct progress progress_structure(const struct walk *walk, const struct plan_node *node)
{
	struct walk inner = walk_into(walk, node);
	bool expired = walk->decide->expired && walk->decide->expired[node->slot];
	struct progress progress = node->kind == PLAN_CALL ? walk_call(&inner, node)
							   : walk_list(&inner, node);
	if (progress.kind == GOING)
		return progress;
	struct progress end = progress_going(INTENT_END, node->slot);
	end.intent.culprit = progress.culprit;
	end.intent.status = progress.kind == UNSURE    ? STEP_LOST
			    : expired                  ? STEP_FAILED
			    : progress.kind == DONE    ? STEP_SUCCEEDED
			    : progress.kind == STOPPED ? STEP_CANCELLED
						       : STEP_FAILED;
	if (progress.kind == BROKEN && progress.culprit >= 0 &&
	    step_state_of(walk, progress.culprit)->status == STEP_CANCELLED && !expired)
		end.intent.status = STEP_CANCELLED;
	return end;
}

/* As many steps run as may at once: one of them has to end first. */
static struct progress progress_begin(const struct walk *walk, const struct plan_node *node,
				      enum intent_kind kind)
{
	return walk->decide->full && node->kind == PLAN_STEP ? progress_wait(0)
							     : progress_going(kind, node->slot);
}

static struct progress progress_waiting(const struct walk *walk, const struct plan_node *node)
{
	const struct step_state *step = step_state_of(walk, node->slot);
	if (walk->failed >= 0) { /* neither an answer nor another attempt is of use any more */
		struct progress end = progress_going(INTENT_END, node->slot);
		end.intent.status = STEP_CANCELLED;
		end.intent.culprit = walk->failed;
		return end;
	}
	if (step_asks(walk, node->slot))
		return progress_wait(0);
	if (walk->stopping)
		return progress_badly(BROKEN, node->slot);
	return step->again_ms > walk->decide->now ? progress_wait(step->again_ms)
						  : progress_begin(walk, node, INTENT_RETRY);
}

/* on_failure: ask. The answer to the question that followed the failure says what is next. */
static struct progress progress_failed(const struct walk *walk, const struct plan_node *node,
				       enum progress_kind kind)
{
	const struct state *state = walk->decide->state;
	for (size_t i = state->asks.count; i > 0 && node->on_failure == ON_FAILURE_ASK; i--) {
		const struct ask_state *ask = &state->asks.at[i - 1];
		if (ask->slot != node->slot || strcmp(ask->kind, "failure") != 0)
			continue;
		if (!ask->answered)
			return progress_wait(0);
		if (strcmp(ask->answer, "again") == 0 && !walk->stopping && walk->failed < 0 &&
		    ask->opened_seq > step_state_of(walk, node->slot)->ended_seq)
			return progress_begin(walk, node, INTENT_RETRY);
		break;
	}
	return progress_badly(kind, node->slot);
}

/* What done_when said before counts no more when the step has run since, or the run was resumed. */
static struct walk walk_looks(const struct walk *walk, const struct plan_node *node)
{
	const struct step_state *step = step_state_of(walk, node->slot);
	struct walk looks = *walk;
	if (looks.since < walk->decide->state->resumed_seq)
		looks.since = walk->decide->state->resumed_seq;
	if (step->again && looks.since < step->ended_seq)
		looks.since = step->ended_seq;
	return looks;
}

static struct progress progress_not_run(const struct walk *walk, const struct plan_node *node)
{
	bool halts = walk->stopping || walk->failed >= 0;
	enum intent_kind kind = INTENT_BEGIN;
	if (node->done_when != PLAN_NONE) {
		struct walk looks = walk_looks(walk, node);
		enum step_status status = status_of(&looks, node->done_when);
		if (status == STEP_RUNNING || status == STEP_WAITING)
			return walk_node(&looks, walk->decide->plan->nodes[node->done_when]);
		kind = status == STEP_NOT_RUN ? INTENT_BEGIN : INTENT_PROBED;
	}
	return halts ? progress_badly(STOPPED, walk->failed) : progress_begin(walk, node, kind);
}

struct progress walk_node(const struct walk *walk, const struct plan_node *node)
{
	const struct step_state *step = step_state_of(walk, node->slot);
	switch (status_of(walk, node->slot)) {
	case STEP_NOT_RUN:
		return progress_not_run(walk, node);
	case STEP_RUNNING:
		return is_structure(node) ? progress_structure(walk, node) : progress_wait(0);
	case STEP_WAITING:
		return progress_waiting(walk, node);
	case STEP_SUCCEEDED:
	case STEP_SKIPPED:
	case STEP_ALREADY_DONE:
	case STEP_UNDONE:
		return progress_done();
	case STEP_FAILED:
		return step->continued ? progress_done() : progress_failed(walk, node, BROKEN);
	case STEP_LOST:
		return step->continued
			       ? progress_done()
			       : progress_failed(walk, node,
						 walk->decide->state->aborted ? BROKEN : UNSURE);
	case STEP_CANCELLED:
		return progress_badly(BROKEN, node->slot);
	}
	return progress_wait(0);
}
