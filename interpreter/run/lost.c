/* Attempts of which no end is recorded: the program ended while they ran. */

#include <unistd.h>

#include "run/internal.h"

static const struct step_state *step_of(const struct engine *engine, const struct plan_node *node)
{
	return &engine->state.steps[node->slot];
}

/* ---- is it really dead? -------------------------------------------------------------------- */

static bool has_no_end(const struct engine *engine, const struct plan_node *node)
{
	return node->kind == PLAN_STEP && step_of(engine, node)->status == STEP_RUNNING;
}

/* Whether the recorded process of the attempt lives. */
static bool process_lives(struct engine *engine, const struct plan_node *node,
			  struct survivor *survivor)
{
	const struct step_state *step = step_of(engine, node);
	return step->pid && step->boot && strcmp(step->boot, engine->boot) == 0 &&
	       survivor_read(step->pid, step->pid_started, survivor);
}

/* Living processes that carry the names of run and step: what the attempt has started. */
static size_t find_started(struct engine *engine, const struct plan_node *node,
			   struct survivor **found)
{
	const char *const entries[] = {
		arena_format(engine->arena, "RUNBOOK_RUN_ID=%s", engine->folder.id),
		arena_format(engine->arena, "RUNBOOK_STEP_ID=%s",
			     node->label ? node->label : node->path),
		NULL,
	};
	size_t count;
	survivors_find(entries, found, &count, engine->arena);
	return count;
}

static struct engine *refuse_alive(struct engine *engine, const struct plan_node *node,
				   const struct survivor *survivor, struct run_refusal *refusal)
{
	int64_t since = engine->state.opened_wall + step_of(engine, node)->attempt_ms * NS_PER_MS;
	return refuse(refusal, 6,
		      arena_format(engine->arena,
				   "step %s of run %s, '%s', is still running: pid %d "
				   "(%s), since %s",
				   node->path, engine->folder.short_id,
				   step_shown(engine, node, engine->arena), (int)survivor->pid,
				   survivor->name, clock_local(since, engine->arena)),
		      arena_format(engine->arena, "Wait until it has ended, or end it: kill %d",
				   (int)survivor->pid));
}

struct engine *lost_check(struct engine *engine, struct run_refusal *refusal)
{
	for (size_t i = 0; i < engine->state.step_count; i++) {
		const struct plan_node *node = engine->setup.plan->nodes[i];
		struct survivor survivor, *found;
		if (!has_no_end(engine, node))
			continue;
		if (process_lives(engine, node, &survivor))
			return refuse_alive(engine, node, &survivor, refusal);
		/* The program may have died before it could record the process. */
		if (!step_of(engine, node)->pid && find_started(engine, node, &found) > 0)
			return refuse_alive(engine, node, &found[0], refusal);
	}
	return engine;
}

/* ---- what is known ------------------------------------------------------------------------- */

static const char *evidence(struct engine *engine, const struct plan_node *node)
{
	const struct step_state *step = step_of(engine, node);
	struct buffer out;
	struct survivor *found;
	size_t count = find_started(engine, node, &found);
	buffer_init(&out, &engine->tick);
	buffer_puts(&out, "the program ended while it ran");
	if (step->pid)
		buffer_printf(&out, "; its process %d has ended", step->pid);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&out, "%spid %d (%s)",
			      i ? ", " : "; what it has started still runs: ", (int)found[i].pid,
			      found[i].name);
	return buffer_string(&out);
}

void lost_record(struct engine *engine)
{
	for (size_t i = 0; i < engine->state.step_count; i++) {
		const struct plan_node *node = engine->setup.plan->nodes[i];
		struct event_builder event;
		if (!has_no_end(engine, node))
			continue;
		event_of(engine, &event, EVENT_STEP_LOST, node, step_of(engine, node)->attempts);
		event_set(&event, "msg", value_cstring(evidence(engine, node)));
		engine_append(engine, &event);
	}
}

/* ---- decisions ----------------------------------------------------------------------------- */

static const struct plan_node *node_around(const struct plan *plan, const struct plan_node *node)
{
	return node->parent == PLAN_NONE ? NULL : plan->nodes[node->parent];
}

/* Whether a step was lost and nobody has decided it: nothing around it has been decided or begun
 * anew since. */
static bool lost_is_open(const struct engine *engine, const struct plan_node *node)
{
	const struct plan *plan = engine->setup.plan;
	const struct step_state *step = step_of(engine, node);
	if (node->kind != PLAN_STEP || step->status != STEP_LOST || step->continued || step->again)
		return false;
	for (node = node_around(plan, node); node && node->kind != PLAN_UNDO;
	     node = node_around(plan, node)) {
		const struct step_state *around = step_of(engine, node);
		bool over = around->status == STEP_SUCCEEDED || around->status == STEP_SKIPPED;
		if (around->started_seq &&
		    (over || around->again || around->attempt_seq > step->ended_seq))
			return false;
	}
	return true;
}

/* What is written of the step, or of a library step around it. */
static enum on_crash on_crash_of(const struct plan *plan, const struct plan_node *node)
{
	const struct plan_node *last = as_written(plan, node);
	while (node != last && node->on_crash == ON_CRASH_DEFAULT)
		node = plan->nodes[node->parent];
	return (enum on_crash)node->on_crash;
}

bool lost_names(const struct plan_node *node, const struct strings *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->at[i], node->path) == 0 ||
		    (node->label && strcmp(names->at[i], node->label) == 0))
			return true;
	return false;
}

/* What only looks, and a gate, which does nothing by itself, are begun again. */
static bool may_repeat(const struct engine *engine, const struct plan_node *node)
{
	return !step_of(engine, node)->effect || (node->type && node->type->kind == STEP_KIND_GATE);
}

/* Lost by the run that is rolled back, not by its rollback. */
static bool is_before_rollback(const struct engine *engine, const struct plan_node *node)
{
	return step_of(engine, node)->ended_seq < engine->state.rollback_seq;
}

struct decision {
	const struct plan_node *node; /* of which it is said */
	const char *answer;           /* NULL: somebody must say */
	const char *how;
};

static const char *said(const struct run_again *again, const struct plan_node *node)
{
	return lost_names(node, &again->done)    ? "done"
	       : lost_names(node, &again->rerun) ? "again"
						 : NULL;
}

/* Whether a done_when says before the next attempt whether it was done; of the step itself or of
 * the library step that its author wrote. */
static bool looked_at(const struct plan *plan, const struct plan_node *node,
		      struct decision *decision)
{
	decision->node = as_written(plan, node);
	if (decision->node->done_when != PLAN_NONE)
		return true;
	if (node->done_when == PLAN_NONE)
		return false;
	decision->node = node;
	return true;
}

static void decide_lost(const struct engine *engine, const struct run_again *again,
			const struct plan_node *node, struct decision *decision)
{
	static const char *const answers[] = { NULL, "again", NULL, "skip" }; /* enum on_crash */
	const struct plan *plan = engine->setup.plan;
	enum on_crash on_crash = on_crash_of(plan, node);
	decision->node = as_written(plan, node);
	decision->how = "flag";
	decision->answer = said(again, decision->node);
	if (!decision->answer)
		decision->answer = said(again, node);
	if (decision->answer)
		return;
	bool before = is_before_rollback(engine, node);
	decision->how = "done_when";
	if (looked_at(plan, node, decision) && !before) {
		decision->answer = "again";
		return;
	}
	decision->how = "on_crash";
	if (on_crash == ON_CRASH_DEFAULT && may_repeat(engine, node)) {
		decision->node = node;
		decision->answer = "again";
	} else if (!before) { /* whether it may be done again says not whether it was */
		decision->answer = answers[on_crash];
	}
}

/* Whether a rollback does another thing when the step was done than when it was not. */
static bool rollback_must_know(const struct plan *plan, const struct plan_node *node)
{
	for (; node; node = node_around(plan, node))
		if (node->kind == PLAN_STEP || node->kind == PLAN_LIBRARY)
			if (node->undo != PLAN_NONE && !node->undo_any)
				return true;
	return false;
}

bool lost_is_undecided(const struct engine *engine, const struct plan_node *node)
{
	return lost_is_open(engine, node) &&
	       (!is_before_rollback(engine, node) || rollback_must_know(engine->setup.plan, node));
}

static void ask_lost(struct engine *engine, const struct decision *decision,
		     const struct plan_node *lost, const struct run_again *again)
{
	const struct plan_node *node = decision->node;
	const char *ask = arena_format(engine->arena, "lost %s", node->path);
	const char *what = step_shown(engine, node, &engine->tick);
	struct event_builder event;
	event_of(engine, &event, EVENT_ASK_OPENED, node, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "kind", value_cstring("lost"));
	event_set(&event, "text",
		  value_cstring(
			  arena_format(&engine->tick,
				       "Nobody can say whether %s was done. Was it, or is it to "
				       "run again?",
				       what)));
	event_set(&event, "evidence", value_cstring(step_of(engine, lost)->message));
	engine_append(engine, &event);
	if (decision->answer)
		ask_put_answer(engine, ask, node->slot, decision->answer, decision->how,
			       strcmp(decision->how, "flag") == 0 ? again->note : NULL);
}

/* Every step that the operator names must be one that was lost. */
static bool names_are_lost(struct engine *engine, const struct strings *names,
			   struct run_refusal *refusal)
{
	const struct plan *plan = engine->setup.plan;
	for (size_t k = 0; k < names->count; k++) {
		const struct strings one = { .at = &names->at[k], .count = 1 };
		bool found = false;
		for (size_t i = 0; i < plan->node_count && !found; i++)
			found = lost_is_open(engine, plan->nodes[i]) &&
				(lost_names(plan->nodes[i], &one) ||
				 lost_names(as_written(plan, plan->nodes[i]), &one));
		if (found)
			continue;
		refuse(refusal, 2,
		       arena_format(engine->arena, "'%s' is no step of run %s that was lost",
				    names->at[k], engine->folder.short_id),
		       arena_format(engine->arena, "See: runbook show %s",
				    engine->folder.short_id));
		return false;
	}
	return true;
}

static struct engine *refuse_unsure(struct engine *engine, const struct plan_node *node,
				    const struct plan_node *lost, const struct run_again *again,
				    struct run_refusal *refusal)
{
	const char *id = node->label ? node->label : node->path;
	bool declared = engine->setup.plan->rollback.condition_count > 0;
	return refuse(refusal, 5,
		      arena_format(engine->arena, "nobody can say whether %s %s was done: %s",
				   node->path, step_shown(engine, node, engine->arena),
				   step_of(engine, lost)->message),
		      arena_format(engine->arena,
				   "Look, then say it: runbook rollback %s%s%s%s with "
				   "--done %s to undo it, with --rerun %s if it was not done; each "
				   "with --note TEXT.",
				   engine->folder.short_id, declared ? " --reason " : "",
				   declared ? again->reason : "",
				   run_secrets_again(&engine->setup.secrets, engine->arena), id,
				   id));
}

struct engine *lost_settle(struct engine *engine, const struct run_again *again,
			   struct run_refusal *refusal)
{
	const struct plan *plan = engine->setup.plan;
	if (!names_are_lost(engine, &again->done, refusal) ||
	    !names_are_lost(engine, &again->rerun, refusal))
		return NULL;
	for (size_t i = 0; i < plan->node_count && !again->abort; i++) {
		const struct plan_node *node = plan->nodes[i];
		if (!lost_is_open(engine, node))
			continue;
		struct decision decision;
		decide_lost(engine, again, node, &decision);
		if (!decision.answer && !lost_is_undecided(engine, node))
			continue;
		if (!decision.answer && !engine->setup.interactive && again->reason)
			return refuse_unsure(engine, decision.node, node, again, refusal);
		if (decision.answer || engine->setup.interactive)
			ask_lost(engine, &decision, node, again);
	}
	return engine;
}

void lost_close(struct engine *engine)
{
	struct intent unsure = { .kind = INTENT_CLOSE, .slot = -1, .run = RUN_UNSURE, .exit = 5 };
	for (size_t i = 0; i < engine->setup.plan->node_count && !engine->closed; i++) {
		unsure.culprit = (int32_t)i;
		if (lost_is_undecided(engine, engine->setup.plan->nodes[i]))
			close_run(engine, &unsure);
	}
}
