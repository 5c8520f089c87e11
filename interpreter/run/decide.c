/*
 * What to do next: a pure function of plan, state and time. Counters and statuses only; nothing is
 * evaluated here.
 */

#include "run/walk.h"

const char *const run_status_names[] = {
	[RUN_GOING] = "going",
	[RUN_SUCCEEDED] = "succeeded",
	[RUN_FAILED] = "failed",
	[RUN_ROLLED_BACK] = "rolled_back",
	[RUN_ROLLBACK_FAILED] = "rollback_failed",
	[RUN_ROLLBACK_UNMET] = "rollback_unmet",
	[RUN_CANCELLED] = "cancelled",
	[RUN_UNMET] = "unmet",
	[RUN_UNSURE] = "unsure",
};

/* ---- sections ------------------------------------------------------------------------------ */

static struct progress progress_section(const struct decide *decide, enum section section,
					uint64_t since)
{
	struct walk walk = walk_begin(
		decide, since, section_only_looks(section) || section == SECTION_FINALLY,
		section == SECTION_FINALLY ? decide->forced : decide->stopping);
	int32_t slot = decide->plan->sections[section];
	if (slot == PLAN_NONE)
		return progress_done();
	return walk_list(&walk, decide->plan->nodes[slot]);
}

/* ---- rollback ------------------------------------------------------------------------------ */

static bool has_effect(const struct decide *decide, const struct plan_node *node)
{
	if (node->kind == PLAN_STEP && decide->state->steps[node->slot].effect)
		return true;
	for (int32_t at = node->child; at != PLAN_NONE; at = decide->plan->nodes[at]->next)
		if (has_effect(decide, decide->plan->nodes[at]))
			return true;
	return false;
}

/* Whether only the second verify has started it: then there is nothing to take back. */
static bool is_later(const struct decide *decide, int32_t slot)
{
	return decide->state->steps[slot].started_seq > decide->state->rollback_seq;
}

bool undo_is_wanted(const struct decide *decide, const struct plan_node *node)
{
	const struct step_state *step = &decide->state->steps[node->slot];
	if (node->undo == PLAN_NONE || step->started_seq == 0 || is_later(decide, node->slot))
		return false;
	if (node->kind == PLAN_CALL)
		return has_effect(decide, node);
	/* Whether done_when found done what this run has begun, or what was there before. */
	bool done = step->status == STEP_SUCCEEDED ||
		    (step->status == STEP_ALREADY_DONE && step->effect);
	return done || (node->undo_any && step->status != STEP_NOT_RUN &&
			step->status != STEP_SKIPPED && step->status != STEP_ALREADY_DONE);
}

/* The undo that has begun. */
static struct progress undo_run(const struct walk *walk, const struct plan_node *node)
{
	const struct plan *plan = walk->decide->plan;
	const struct plan_node *undo = plan->nodes[node->undo];
	/* Of a call: its own rollback steps, then the undo that stands at it. */
	bool sections = undo->child != PLAN_NONE && plan->nodes[undo->child]->kind == PLAN_SECTION;
	struct progress progress = sections ? walk_call(walk, undo) : walk_list(walk, undo);
	if (progress.kind == GOING)
		return progress;
	struct progress end = progress_going(INTENT_UNDO_END, node->slot);
	end.intent.culprit = progress.culprit;
	end.intent.status = progress.kind == DONE     ? STEP_SUCCEEDED
			    : progress.kind == UNSURE ? STEP_LOST
						      : STEP_FAILED;
	return end;
}

static struct progress undo_own(const struct walk *walk, const struct plan_node *node)
{
	switch (walk->decide->state->steps[node->slot].undo) {
	case STEP_FAILED:
		return progress_badly(BROKEN, node->slot);
	case STEP_LOST:
		return progress_badly(walk->decide->state->aborted ? BROKEN : UNSURE, node->slot);
	case STEP_RUNNING:
		return undo_run(walk, node);
	case STEP_SUCCEEDED:
	case STEP_SKIPPED:
	case STEP_NOT_RUN:
	case STEP_WAITING:
	case STEP_ALREADY_DONE:
	case STEP_UNDONE:
	case STEP_CANCELLED:
		break;
	}
	return walk->stopping ? progress_badly(STOPPED, node->slot)
			      : progress_going(INTENT_UNDO_BEGIN, node->slot);
}

/* Whether its undo is the next one, or has begun, or has ended badly. */
static bool undo_open(const struct decide *decide, const struct plan_node *node)
{
	enum step_status undo = decide->state->steps[node->slot].undo;
	if (undo == STEP_NOT_RUN)
		return undo_is_wanted(decide, node);
	return undo != STEP_SUCCEEDED && undo != STEP_SKIPPED;
}

/* Its place in the order: that of the end of a step. A structure is undone behind its members,
 * where it began. */
static uint64_t undo_place(const struct decide *decide, const struct plan_node *node)
{
	const struct step_state *step = &decide->state->steps[node->slot];
	if (node->kind != PLAN_STEP)
		return step->started_seq;
	return step->ended_seq > step->attempt_seq ? step->ended_seq : step->attempt_seq;
}

/* Latest end first: of all undos that are left below node the one that is next, or latest. */
static const struct plan_node *undo_latest(const struct decide *decide,
					   const struct plan_node *node,
					   const struct plan_node *latest)
{
	const struct plan *plan = decide->plan;
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next)
		latest = undo_latest(decide, plan->nodes[at], latest);
	if (node->kind == PLAN_SECTION || !undo_open(decide, node) ||
	    (latest && undo_place(decide, node) < undo_place(decide, latest)))
		return latest;
	return node;
}

/* One after another; one that has begun, or has ended badly, is the latest of those that are left.
 */
static struct progress progress_undos(const struct walk *walk)
{
	static const enum section undone[] = { SECTION_STEPS, SECTION_VERIFY };
	const struct decide *decide = walk->decide;
	const struct plan_node *latest = NULL;
	for (size_t i = 0; i < 2; i++) {
		int32_t section = decide->plan->sections[undone[i]];
		if (section != PLAN_NONE)
			latest = undo_latest(decide, decide->plan->nodes[section], latest);
	}
	return latest ? undo_own(walk, latest) : progress_done();
}

static struct intent close_intent(enum run_status status, int exit, int32_t culprit)
{
	return (struct intent){
		.kind = INTENT_CLOSE, .slot = -1, .run = status, .exit = exit, .culprit = culprit
	};
}

/* Those of the document, and those of each call that has something to undo. */
static struct progress progress_checks(const struct decide *decide)
{
	const struct plan *plan = decide->plan;
	struct walk walk = walk_begin(decide, decide->state->rollback_seq, true, decide->forced);
	struct progress result = progress_done();
	for (size_t i = 0; i < plan->rollback.check_count; i++) {
		const struct plan_node *section = plan->nodes[plan->rollback.checks[i]];
		if (section->parent != PLAN_NONE &&
		    (is_later(decide, section->parent) ||
		     !has_effect(decide, plan->nodes[section->parent])))
			continue;
		struct progress progress = walk_list(&walk, section);
		if (progress.kind == GOING)
			return progress;
		if (progress.kind != DONE && result.kind == DONE)
			result = progress;
	}
	return result;
}

static bool any_succeeded(const struct decide *decide, const struct plan_node *node)
{
	const struct step_state *step = &decide->state->steps[node->slot];
	if (node->kind == PLAN_STEP)
		return step->status == STEP_SUCCEEDED &&
		       step->ended_seq > decide->state->rollback_seq;
	for (int32_t at = node->child; at != PLAN_NONE; at = decide->plan->nodes[at]->next)
		if (any_succeeded(decide, decide->plan->nodes[at]))
			return true;
	return false;
}

/* A verify of which every step was skipped has shown nothing. */
static bool verify_showed(const struct decide *decide)
{
	int32_t section = decide->plan->sections[SECTION_VERIFY];
	return section != PLAN_NONE && any_succeeded(decide, decide->plan->nodes[section]);
}

/* Gives GOING while the rollback goes on; DONE: rolled back and verified. */
static struct progress progress_rollback(const struct decide *decide)
{
	uint64_t since = decide->state->rollback_seq;
	struct walk walk = walk_begin(decide, since, false, decide->forced);
	struct progress undos = progress_undos(&walk);
	if (undos.kind != DONE)
		return undos;
	struct decide pressing = *decide;
	pressing.stopping = decide->forced; /* a first signal only warns in a rollback */
	struct progress steps = progress_section(&pressing, SECTION_ROLLBACK, since);
	if (steps.kind != DONE)
		return steps;
	if (!decide->plan->rollback.verify)
		return progress_badly(BROKEN, -1);
	struct progress verify = progress_section(&pressing, SECTION_VERIFY, since);
	if (verify.kind == DONE && !verify_showed(decide))
		verify.kind = BROKEN;
	return verify;
}

/* ---- the whole ----------------------------------------------------------------------------- */

static bool rollback_decided(const struct decide *decide)
{
	const struct ask_state *ask = state_ask(decide->state, "rollback");
	return ask && ask->answered && strcmp(ask->answer, "no") == 0;
}

/* Of what finally has done there is nothing to take back. */
static bool any_effect(const struct decide *decide)
{
	static const enum section changing[] = { SECTION_STEPS, SECTION_VERIFY };
	for (size_t i = 0; i < 2; i++) {
		int32_t section = decide->plan->sections[changing[i]];
		if (section != PLAN_NONE && has_effect(decide, decide->plan->nodes[section]))
			return true;
	}
	return false;
}

/* Somebody has to look: nothing more is started, neither a rollback nor finally. */
static struct intent unsure(int32_t culprit)
{
	return close_intent(RUN_UNSURE, 5, culprit);
}

static uint64_t later(uint64_t one, uint64_t other)
{
	return one > other ? one : other;
}

/* When something in it started or ended last. */
static uint64_t latest_in(const struct decide *decide, int32_t slot)
{
	uint64_t latest = 0;
	for (; slot != PLAN_NONE; slot = decide->plan->nodes[slot]->next) {
		const struct plan_node *node = decide->plan->nodes[slot];
		const struct step_state *step = &decide->state->steps[slot];
		latest = later(latest, later(step->attempt_seq, step->ended_seq));
		latest = later(latest, latest_in(decide, node->child));
		if (node->undo != PLAN_NONE)
			latest = later(latest, latest_in(decide, node->undo));
	}
	return latest;
}

/* Since when what finally does belongs to this end of the run: it has tidied up behind what was
 * done before it. A run that was not resumed has done nothing else since. */
static uint64_t ending_since(const struct decide *decide)
{
	uint64_t since = decide->state->rollback_seq;
	for (size_t i = 0; i < SECTION_COUNT && decide->state->resumed_seq; i++)
		if (i != SECTION_FINALLY)
			since = later(since, latest_in(decide, decide->plan->sections[i]));
	return since;
}

/* After finally: a step of it that failed makes a good run fail, and one that a signal ended or
 * kept from its turn makes it a cancelled one; neither hides the first error. It runs at each end
 * of the run: again after a rollback of a run that had ended. */
static struct intent finish(const struct decide *decide, struct intent close)
{
	struct progress progress = progress_section(decide, SECTION_FINALLY, ending_since(decide));
	progress.intent.run = close.run;
	if (progress.kind == GOING)
		return progress.intent;
	if (progress.kind == UNSURE)
		return unsure(progress.culprit);
	if (progress.kind == DONE || close.exit != 0)
		return close;
	if (decide->forced || (close.run == RUN_SUCCEEDED && decide->state->cancelled))
		return close_intent(RUN_CANCELLED, 10, progress.culprit);
	return close_intent(RUN_FAILED, 1, progress.culprit);
}

static struct intent decide_rollback(const struct decide *decide, int32_t culprit)
{
	bool asked = decide->state->by_operator;
	struct progress met = progress_checks(decide);
	if (met.kind == GOING)
		return met.intent;
	if (met.kind != DONE && asked)
		return close_intent(RUN_ROLLBACK_UNMET, 11, met.culprit);
	if (met.kind != DONE)
		return finish(decide, close_intent(RUN_ROLLBACK_UNMET, 4, met.culprit));
	struct progress progress = progress_rollback(decide);
	if (progress.kind == GOING)
		return progress.intent;
	if (progress.kind == UNSURE)
		return unsure(progress.culprit);
	if (progress.kind == DONE)
		return finish(decide, close_intent(RUN_ROLLED_BACK, asked ? 0 : 3, culprit));
	return finish(decide, close_intent(RUN_ROLLBACK_FAILED, 4, progress.culprit));
}

/* Whether to roll back, and why: questions about the run. */
static bool open_question(const struct state *state)
{
	for (size_t i = 0; i < state->asks.count; i++)
		if (!state->asks.at[i].answered && state->asks.at[i].slot < 0)
			return true;
	return false;
}

static struct intent decide_failed(const struct decide *decide, int32_t culprit)
{
	bool cancelled = decide->state->cancelled || (decide->stopping && !decide->expired_run);
	if (cancelled)
		return finish(decide, close_intent(RUN_CANCELLED, 10, culprit));
	if (any_effect(decide) && !rollback_decided(decide)) {
		if (open_question(decide->state))
			return progress_wait(0).intent;
		struct intent intent = progress_going(INTENT_ROLLBACK, -1).intent;
		intent.culprit = culprit;
		return intent;
	}
	return finish(decide, close_intent(RUN_FAILED, 1, culprit));
}

/* Whether an operator is asked what a step has done whose end was lost. */
static bool lost_is_asked(const struct state *state)
{
	for (size_t i = 0; i < state->asks.count; i++)
		if (!state->asks.at[i].answered && strcmp(state->asks.at[i].kind, "lost") == 0)
			return true;
	return false;
}

struct intent decide(const struct decide *decide)
{
	static const enum section order[] = { SECTION_STEPS, SECTION_VERIFY };
	if (decide->state->phase == RUN_CLOSED ||
	    (lost_is_asked(decide->state) && !decide->stopping))
		return progress_wait(0).intent;
	struct progress met = progress_section(decide, SECTION_PRECONDITIONS, 0);
	if (met.kind == GOING)
		return met.intent;
	if (met.kind == STOPPED || (met.kind == BROKEN && decide->stopping))
		return close_intent(RUN_CANCELLED, 10, met.culprit);
	if (met.kind == BROKEN)
		return close_intent(RUN_UNMET, 11, met.culprit);
	if (met.kind == UNSURE)
		return unsure(met.culprit);
	if (decide->state->phase == RUN_ROLLING_BACK)
		return decide_rollback(decide, decide->state->failed_slot);
	for (size_t i = 0; i < 2; i++) {
		struct progress progress = progress_section(decide, order[i], 0);
		if (progress.kind == GOING)
			return progress.intent;
		if (progress.kind == UNSURE)
			return unsure(progress.culprit);
		if (progress.kind != DONE)
			return decide_failed(decide, progress.culprit);
	}
	return finish(decide, close_intent(RUN_SUCCEEDED, 0, -1));
}
