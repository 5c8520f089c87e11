/* run.resumed: a run that had stopped goes on. */
#include "record/internal.h"

static bool is(const char *text, const char *word)
{
	return text && text_is(text_of(text), word);
}

/* What keeps a run from going on. What was lost is decided by a question of its own. */
static bool ended_badly(const struct state *state, const struct step_state *step)
{
	bool bad = step->status == STEP_FAILED || step->status == STEP_LOST ||
		   step->status == STEP_CANCELLED;

	return bad && !step->continued && step->ended_seq > state->rollback_seq;
}

/* By slot: whether it ended badly because of something in it. */
static bool *find_around(const struct state *state, struct arena *arena)
{
	bool *around = arena_array(arena, bool, state->step_count);

	for (size_t i = 0; i < state->step_count; i++) {
		const struct step_state *step = &state->steps[i];

		if (!ended_badly(state, step))
			continue;
		for (int32_t at = step->parent;
		     at >= 0 && state->steps[at].attempt_seq < step->ended_seq;
		     at = state->steps[at].parent)
			around[at] = true;
	}
	return around;
}

/* What stands around a step that begins anew goes on, so that what is done in it stays done. */
static void begin_anew(struct state *state, struct value anew, struct arena *arena)
{
	const bool *around = find_around(state, arena);

	for (size_t i = 0; i < state->step_count; i++) {
		struct step_state *step = &state->steps[i];

		if (step->undo == STEP_FAILED || step->undo == STEP_LOST)
			step->undo = STEP_RUNNING;
		if (!ended_badly(state, step))
			continue;
		if (around[i])
			step->status = STEP_RUNNING;
		else
			step->again = step->status != STEP_LOST;
	}
	for (size_t i = 0; anew.kind == VALUE_LIST && i < value_count(anew); i++) {
		struct value slot = value_item(anew, i);

		if (slot.kind == VALUE_INT && slot.integer >= 0 &&
		    (size_t)slot.integer < state->step_count)
			state->steps[slot.integer].again = true;
	}
}

/* Whether what was answered counts for the rest of the run. What was allowed with other documents
 * is not allowed with these; what somebody did by hand is done. */
static bool stays(const struct ask_state *ask, bool changed)
{
	bool allows = is(ask->kind, "approve") || is(ask->kind, "destructive");

	return ask->answered && is(ask->answer, "yes") &&
	       (is(ask->kind, "manual") || (allows && !changed));
}

/* Whoever is asked by the step itself is asked again when it begins anew; his time goes on. */
static void ask_again(struct step_state *step, const struct ask_state *ask)
{
	if (ask->answered && is(ask->kind, "approve") && step->status == STEP_SUCCEEDED)
		step->again = true;
	if (ask->answered || step->status != STEP_WAITING)
		return;
	if (ask->before == STEP_NOT_RUN) {
		step->status = STEP_NOT_RUN;
	} else {
		step->asked_wall = ask->opened_wall;
		step->again = true;
	}
}

/* Gates that were opened stay open; all else is asked anew. */
static void forget_questions(struct state *state, bool changed)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->asks.count; i++) {
		struct ask_state *ask = &state->asks.at[i];

		if (stays(ask, changed))
			state->asks.at[kept++] = *ask;
		else if (ask->slot >= 0)
			ask_again(&state->steps[ask->slot], ask);
	}
	state->asks.count = kept;
}

/* The run goes on with documents as they are now: slots says which step is which. */
bool state_apply_changed(struct state *state, const struct event *event)
{
	static const char *const fields[] = { "documents", "digest", "outline", "last" };
	const size_t count = sizeof(fields) / sizeof(fields[0]);
	struct value_map_builder map;
	struct value key, value;

	if (event_get(event, "outline").kind != VALUE_LIST)
		return true;
	if (!state_move_slots(state, event_get(event, "slots"), event_get(event, "outline")))
		return false;
	value_map_init(&map, state->arena);
	for (size_t i = 0; value_entry_at(state->opened, i, state->arena, &key, &value); i++) {
		bool taken = false;

		for (size_t k = 0; k < count; k++)
			taken = taken || (text_is(value_text(key), fields[k]) &&
					  event_get(event, fields[k]).kind != VALUE_NULL);
		if (!taken)
			value_map_put(&map, key, value);
	}
	for (size_t k = 0; k < count; k++)
		if (event_get(event, fields[k]).kind != VALUE_NULL)
			value_map_set(&map, fields[k],
				      value_copy(event_get(event, fields[k]), state->arena));
	state->opened = value_map_end(&map);
	state_take_outline(state, event_get(event, "outline"));
	return true;
}

void state_limit_anew(struct state *state, const struct event *event)
{
	state->limited_ms = event->ms;
	state->waited_ms = 0;
}

/* Whether the run had an end: it was not killed, and nobody is waited for. */
static bool had_ended(const struct state *state)
{
	struct value status;

	return state->closed.kind == VALUE_MAP &&
	       value_field(state->closed, "status", NULL, &status) && status.kind == VALUE_STRING &&
	       !text_is(value_text(status), "parked") && !text_is(value_text(status), "unsure");
}

bool state_apply_resumed(struct state *state, const struct event *event)
{
	struct value abort = event_get(event, "abort");
	struct arena arena;

	if (!state_apply_changed(state, event))
		return false;
	if (had_ended(state))
		state_limit_anew(state, event);
	state->actor = value_copy(event_get(event, "actor"), state->arena);
	state->resumed_seq = event->seq;
	state->by_operator = state->by_operator || state_is_by_operator(event);
	state->aborted = abort.kind == VALUE_BOOL && abort.boolean;
	state->cancelled = state->aborted;
	if (!state->aborted) {
		arena_init(&arena);
		begin_anew(state, event_get(event, "anew"), &arena);
		arena_done(&arena);
		forget_questions(state, event_get(event, "outline").kind == VALUE_LIST);
		if (state->rollback_seq == 0)
			state->failed_slot = -1;
	}
	return true;
}
