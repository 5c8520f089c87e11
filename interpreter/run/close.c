/* The end of a run: what is still in effect, and what is to be done by hand. */

#include "run/internal.h"
#include "run/walk.h"

/* Steps that look, go back or tidy up: what they did is meant to stay. */
static bool goes_back(const struct plan *plan, const struct plan_node *node)
{
	for (; node; node = node->parent == PLAN_NONE ? NULL : plan->nodes[node->parent])
		if (node->kind == PLAN_UNDO || node->section == SECTION_ROLLBACK ||
		    node->section == SECTION_VERIFY ||
		    (node->section == SECTION_FINALLY && node->parent == PLAN_NONE))
			return true;
	return false;
}

/* Undone by its own undo or by that of something around it. */
static bool is_undone(const struct engine *engine, const struct plan_node *node)
{
	const struct plan *plan = engine->setup.plan;
	for (int32_t at = node->slot; at != PLAN_NONE; at = plan->nodes[at]->parent)
		if (engine->state.steps[at].undo == STEP_SUCCEEDED)
			return true;
	return false;
}

static struct value effect_row(const struct engine *engine, const struct plan_node *node,
			       struct arena *arena)
{
	struct value_map_builder map;
	enum step_status status = engine->state.steps[node->slot].status;
	value_map_init(&map, arena);
	value_map_set(&map, "slot", value_int(node->slot));
	value_map_set(&map, "path", value_cstring(node->path));
	value_map_set(&map, "name", value_cstring(step_shown(engine, node, arena)));
	value_map_set(&map, "half", value_bool(status != STEP_SUCCEEDED));
	value_map_set(&map, "unsure", value_bool(status == STEP_LOST));
	bool failed = status == STEP_FAILED || status == STEP_CANCELLED;
	if (failed && node->undo != PLAN_NONE && !node->undo_any && node->kind != PLAN_CALL)
		value_map_set(&map, "undo", value_string(TEXT("after success")));
	return value_map_end(&map);
}

const struct plan_node *as_written(const struct plan *plan, const struct plan_node *node)
{
	const struct plan_node *written = node;
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent])
		if (plan->nodes[node->parent]->kind == PLAN_LIBRARY)
			written = plan->nodes[node->parent];
	return written;
}

/* In the order of the document: the rounds of a loop stand where it does. last: the step before it
 * that is listed, which stands for all that is in it. */
static void add_effects(const struct engine *engine, const struct plan_node *node, int32_t *last,
			struct lines *rows, struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	const struct plan_node *written = as_written(plan, node);
	if (node->kind == PLAN_STEP && engine->state.steps[node->slot].effect &&
	    !goes_back(plan, node) && !is_undone(engine, node) && written->slot != *last) {
		*last = written->slot;
		*list_add(rows, arena) = effect_row(engine, written, arena);
	}
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next)
		add_effects(engine, plan->nodes[at], last, rows, arena);
}

static struct value effects_left(const struct engine *engine, struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	struct lines rows = { 0 };
	int32_t last = PLAN_NONE;
	for (size_t i = 0; i < SECTION_COUNT; i++)
		if (plan->sections[i] != PLAN_NONE)
			add_effects(engine, plan->nodes[plan->sections[i]], &last, &rows, arena);
	return value_list(rows.at, rows.count, arena);
}

/* Whether it only looks whether another step is done, or stands in what does: it counts as no step.
 */
static bool looks(const struct plan *plan, const struct plan_node *node)
{
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent])
		if (plan->nodes[node->parent]->done_when == node->slot)
			return true;
	return false;
}

static struct value counts(const struct engine *engine, struct arena *arena)
{
	struct value_map_builder map;
	int64_t steps = 0, warnings = 0;
	for (size_t i = 0; i < engine->state.step_count; i++) {
		const struct step_state *step = &engine->state.steps[i];
		if (looks(engine->setup.plan, engine->setup.plan->nodes[i]))
			continue;
		if (engine->setup.plan->nodes[i]->kind == PLAN_STEP && step->started_seq)
			steps++;
		warnings += step->warnings;
	}
	value_map_init(&map, arena);
	value_map_set(&map, "steps", value_int(steps));
	value_map_set(&map, "assertions", value_int((int64_t)engine->held));
	value_map_set(&map, "warnings", value_int(warnings));
	return value_map_end(&map);
}

static struct value outputs(struct engine *engine, struct arena *arena)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[0], &engine->instances);
	struct value_map_builder map;
	value_map_init(&map, arena);
	for (const struct plan_output *output = engine->setup.plan->scopes[0]->outputs;
	     output && output->name; output++) {
		struct value value = expr_eval(output->expr, &scope, arena);
		if (!value_is(value, VALUE_ERROR))
			value_map_set(&map, output->name, value_force(value, arena));
	}
	return value_map_end(&map);
}

/* ---- by hand ------------------------------------------------------------------------------- */

static void add_by_hand(const struct engine *engine, struct lines *rows,
			const struct plan_node *node, const char *what, const char *how)
{
	struct arena *arena = engine->arena;
	*list_add(rows, arena) = value_cstring(arena_format(arena, "%s%s %s: %s", what, node->path,
							    step_shown(engine, node, arena), how));
}

/* Undos that are wanted and have not ended well. */
static void add_undos(const struct engine *engine, struct lines *rows)
{
	const struct decide decide = { .plan = engine->setup.plan, .state = &engine->state };
	for (size_t i = 0; i < engine->setup.plan->node_count; i++) {
		const struct plan_node *node = engine->setup.plan->nodes[i];
		enum step_status undo = engine->state.steps[i].undo;
		if (undo == STEP_LOST)
			add_by_hand(engine, rows, node, "the undo of ",
				    "nobody can say whether it was done");
		else if (undo == STEP_NOT_RUN && undo_is_wanted(&decide, node))
			add_by_hand(engine, rows, node, "the undo of ", "it was not run");
		else if (undo == STEP_FAILED || undo == STEP_RUNNING)
			add_by_hand(engine, rows, node, "the undo of ", "it has not ended well");
	}
}

/* Members of a section that the rollback runs, and that have not ended well. */
static void add_section(const struct engine *engine, struct lines *rows, enum section section)
{
	const struct plan *plan = engine->setup.plan;
	if (plan->sections[section] == PLAN_NONE)
		return;
	for (int32_t at = plan->nodes[plan->sections[section]]->child; at != PLAN_NONE;
	     at = plan->nodes[at]->next) {
		const struct step_state *step = &engine->state.steps[at];
		bool ran = step->ended_seq > engine->state.rollback_seq;
		bool good = ran &&
			    (step->continued || step->status == STEP_SUCCEEDED ||
			     step->status == STEP_SKIPPED || step->status == STEP_ALREADY_DONE);
		if (!good)
			add_by_hand(engine, rows, plan->nodes[at], "",
				    ran ? "it has not ended well" : "it was not run");
	}
}

/* What the rollback would have done, and has not. */
static struct value by_hand(const struct engine *engine)
{
	struct lines rows = { 0 };
	add_undos(engine, &rows);
	add_section(engine, &rows, SECTION_ROLLBACK);
	if (engine->setup.plan->rollback.verify)
		add_section(engine, &rows, SECTION_VERIFY);
	if (rows.count == 0)
		*list_add(&rows, engine->arena) = value_cstring(
			"look whether all is as it was before: nothing has verified it");
	return value_list(rows.at, rows.count, engine->arena);
}

/* It ran to its end; that nobody has verified it is all that it lacks. */
static bool is_unverified(const struct engine *engine, const struct intent *intent)
{
	return intent->run == RUN_ROLLBACK_FAILED && intent->culprit < 0 && engine->stops < 2;
}

static void put_closed(struct engine *engine, const struct intent *intent, const char *status,
		       const char *message)
{
	struct event_builder event;
	struct arena *arena = &engine->tick;
	struct value left = effects_left(engine, arena);
	event_of(engine, &event, EVENT_RUN_CLOSED, NULL, 0);
	event_set(&event, "status", value_cstring(status));
	event_set(&event, "exit", value_int(engine->exit));
	event_set(&event, "msg", value_cstring(message));
	if (intent->culprit >= 0)
		event_set(&event, "step",
			  value_cstring(engine->setup.plan->nodes[intent->culprit]->path));
	if (intent->run == RUN_FAILED && engine->condition)
		event_set(&event, "condition", value_cstring(engine->condition));
	event_set(&event, "outputs", outputs(engine, arena));
	event_set(&event, "counts", counts(engine, arena));
	timeout_put_waited(engine, &event);
	if (intent->run != RUN_SUCCEEDED && intent->run != RUN_UNMET) {
		event_set(&event, "in_effect", left);
		event_set(&event, "next",
			  next_commands(engine, intent, left.list->count > 0, arena));
	}
	if (is_unverified(engine, intent))
		event_set(&event, "unverified", value_bool(true));
	if (intent->run == RUN_ROLLBACK_FAILED ||
	    (intent->run == RUN_UNSURE && engine->state.rollback_seq))
		event_set(&event, "by_hand", by_hand(engine));
	engine_append(engine, &event);
	engine->closed = true;
}

/* The innermost step that was lost: what is to be looked at. */
static int32_t lost_leaf(const struct engine *engine, int32_t slot)
{
	const struct plan *plan = engine->setup.plan;
	const struct plan_node *node = plan->nodes[slot];
	bool undo = engine->state.steps[slot].undo == STEP_LOST;
	int32_t at = undo ? plan->nodes[node->undo]->child : node->child;
	for (; at != PLAN_NONE; at = plan->nodes[at]->next) {
		int32_t leaf = lost_leaf(engine, at);
		if (engine->state.steps[leaf].status == STEP_LOST)
			return leaf;
	}
	return slot;
}

static enum section outer_section(const struct plan *plan, const struct plan_node *node)
{
	while (node->parent != PLAN_NONE)
		node = plan->nodes[node->parent];
	return (enum section)node->section;
}

/* What keeps a rollback from being one that was verified. */
static const char *missing_of(struct engine *engine, int32_t culprit)
{
	const struct plan *plan = engine->setup.plan;
	const struct plan_node *node = culprit < 0 ? NULL : plan->nodes[culprit];
	enum step_status undo = node ? engine->state.steps[culprit].undo : STEP_NOT_RUN;
	bool of_undo = undo == STEP_FAILED || undo == STEP_LOST;
	if (node && !of_undo && outer_section(plan, node) == SECTION_VERIFY)
		return arena_format(&engine->tick, "rolled back, and its 'verify' failed at %s",
				    node->path);
	if (node)
		return arena_format(&engine->tick, "the rollback is incomplete: it ended at %s%s",
				    of_undo ? "the undo of " : "", node->path);
	if (engine->stops > 1)
		return "the rollback is incomplete: it was stopped";
	if (plan->sections[SECTION_VERIFY] == PLAN_NONE)
		return "rolled back, and nobody has verified it: the runbook has no 'verify'";
	if (!plan->rollback.verify)
		return "rolled back, and nobody has verified it: 'rollback.verify' is false";
	return "rolled back, and nobody has verified it: no step of 'verify' has succeeded";
}

void close_run(struct engine *engine, const struct intent *intent)
{
	static const char *const messages[] = {
		[RUN_SUCCEEDED] = "done",
		[RUN_FAILED] = "failed",
		[RUN_ROLLED_BACK] = "rolled back and verified",
		[RUN_ROLLBACK_FAILED] = NULL, /* says what is missing */
		[RUN_ROLLBACK_UNMET] = "preconditions of the rollback not met; nothing was undone",
		[RUN_CANCELLED] = "cancelled",
		[RUN_UNMET] = "preconditions not met; nothing has changed",
		[RUN_UNSURE] = NULL, /* names the step */
	};
	struct intent leaf = *intent;
	const char *message = messages[intent->run];
	if (intent->run == RUN_FAILED && engine->failed_slot < 0 && engine->failed_class)
		message = engine->failed_message; /* no step has told it */
	if (intent->run == RUN_UNSURE) {
		leaf.culprit = lost_leaf(engine, intent->culprit);
		message = arena_format(
			&engine->tick,
			"nobody can say whether %s was done: look at what it changes, "
			"nothing more was started",
			engine->setup.plan->nodes[leaf.culprit]->path);
	}
	if (intent->run == RUN_ROLLBACK_FAILED)
		message = missing_of(engine, intent->culprit);
	engine->exit = intent->exit;
	put_closed(engine, &leaf, run_status_names[intent->run], message);
}

/* A gate waits for somebody who is not here. */
void park_run(struct engine *engine)
{
	struct intent intent = {
		.kind = INTENT_CLOSE, .slot = -1, .culprit = -1, .run = RUN_FAILED
	};
	engine->exit = 7;
	put_closed(engine, &intent, "parked",
		   arena_format(&engine->tick, "waiting for %s",
				gates_waited_for(engine, &engine->tick)));
}
