/* What is known of a run: a fold over its events. */
#include "record/internal.h"

static const char *const status_names[] = {
	[STEP_NOT_RUN] = "not_run",
	[STEP_RUNNING] = "running",
	[STEP_WAITING] = "waiting",
	[STEP_SUCCEEDED] = "succeeded",
	[STEP_FAILED] = "failed",
	[STEP_SKIPPED] = "skipped",
	[STEP_ALREADY_DONE] = "already_done",
	[STEP_UNDONE] = "undone",
	[STEP_LOST] = "lost",
	[STEP_CANCELLED] = "cancelled",
};

const char *step_status_name(enum step_status status)
{
	return status_names[status];
}

/* The status that a field names, or STEP_NOT_RUN. */
static enum step_status read_status(const struct event *event)
{
	struct value text = event_get(event, "status");

	for (size_t i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++)
		if (text.kind == VALUE_STRING && text_is(value_text(text), status_names[i]))
			return (enum step_status)i;
	return STEP_NOT_RUN;
}

void state_init(struct state *state, struct arena *arena)
{
	*state = (struct state){ .arena = arena, .failed_slot = -1 };
}

static struct step_state *step_of(const struct state *state, const struct event *event)
{
	if (event->slot < 0 || (size_t)event->slot >= state->step_count)
		return NULL;
	return &state->steps[event->slot];
}

static bool is_true(struct value value)
{
	return value.kind == VALUE_BOOL && value.boolean;
}

bool state_is_by_operator(const struct event *event)
{
	struct value how = event_get(event, "how");

	return how.kind == VALUE_STRING && text_is(value_text(how), "operator");
}

static struct value keep(struct state *state, const struct event *event, const char *field)
{
	return value_copy(event_get(event, field), state->arena);
}

/* A text, or NULL where the event has none. */
static const char *keep_text(struct state *state, const struct event *event, const char *field)
{
	struct value value = event_get(event, field);

	return value.kind == VALUE_STRING ? event_text(event, field, state->arena) : NULL;
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool apply_opened(struct state *state, const struct event *event)
{
	state_take_outline(state, event_get(event, "outline"));
	state->opened = value_copy(event->data, state->arena);
	state->actor = keep(state, event, "actor");
	state->run_id = keep_text(state, event, "run");
	state->opened_wall = event->wall;
	return true;
}

static bool apply_rollback(struct state *state, const struct event *event)
{
	size_t answered = 0;

	state->phase = RUN_ROLLING_BACK;
	state->rollback_seq = event->seq;
	state->rollback = value_copy(event->data, state->arena);
	state->by_operator = state_is_by_operator(event);
	if (event_get(event, "actor").kind == VALUE_MAP)
		state->actor = keep(state, event, "actor");
	if (state->by_operator)
		state_limit_anew(state, event);
	for (size_t i = 0; i < state->asks.count; i++)
		if (state->asks.at[i].answered)
			state->asks.at[answered++] = state->asks.at[i];
	state->asks.count = answered; /* what was still asked, nobody waits for any more */
	return true;
}

static bool apply_closed(struct state *state, const struct event *event)
{
	state->phase = RUN_CLOSED;
	state->closed = value_copy(event->data, state->arena);
	state->waited_ms += event_int(event, "waited", 0);
	if (read_status(event) == STEP_CANCELLED)
		state->cancelled = true;
	return true;
}

static bool apply_nothing(struct state *state, const struct event *event)
{
	(void)state;
	(void)event;
	return true;
}

/* ---- steps --------------------------------------------------------------------------------- */

static bool has_effect(const struct event *event)
{
	struct value effect = event_get(event, "effect");

	return effect.kind == VALUE_STRING &&
	       (text_is(value_text(effect), "write") || text_is(value_text(effect), "destructive"));
}

/* Whether it has begun and not ended, and neither what is around it nor its section has begun anew
 * since. */
static bool is_running(const struct state *state, const struct step_state *step)
{
	if (step->status != STEP_RUNNING || step->again ||
	    step->attempt_seq < state->rollback_seq || step->attempt_seq < state->resumed_seq)
		return false;
	for (int32_t at = step->parent; at >= 0; at = state->steps[at].parent)
		if (state->steps[at].attempt_seq > step->attempt_seq)
			return false;
	return true;
}

static bool apply_started(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);

	if (!step || is_running(state, step) ||
	    (event->attempt != step->attempts + 1 && event->attempt != 1))
		return false;
	if (!step->started_seq)
		step->log = event->slot + state->log_shift;
	step->status = STEP_RUNNING;
	step->attempts = event->attempt;
	step->attempt_ms = event->ms;
	step->attempt_seq = event->seq;
	if (event->attempt == 1) {
		step->started_wall = event->wall;
		step->started_ms = event->ms;
		step->started_seq = event->seq;
	}
	step->continued = step->again = false;
	step->pid = 0;
	step->name = keep_text(state, event, "name");
	step->text = keep_text(state, event, "text");
	step->effect_before = step->effect;
	step->effect = step->effect || has_effect(event);
	step->inputs = keep(state, event, "inputs");
	step->vars = keep(state, event, "vars");
	return true;
}

static bool apply_spawned(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);

	if (!step)
		return false;
	step->pid = (int)event_int(event, "pid", 0);
	step->pid_started = (uint64_t)event_int(event, "start", 0);
	step->boot = keep_text(state, event, "boot");
	return true;
}

static bool stands_in(const struct state *state, int32_t slot, int32_t outer)
{
	while (slot >= 0 && slot != outer)
		slot = state->steps[slot].parent;
	return slot == outer;
}

/* Which step's failure stops the run, after an end that is final. */
static void note_failure(struct state *state, const struct event *event,
			 const struct step_state *step)
{
	if (step->continued && state->failed_slot >= 0 &&
	    stands_in(state, state->failed_slot, event->slot))
		state->failed_slot = -1; /* the failure of a member ends at its group */
	else if (step->status == STEP_FAILED && !step->continued && state->failed_slot < 0)
		state->failed_slot = event->slot;
}

static bool can_end(const struct step_state *step, enum step_status status)
{
	switch (status) {
	case STEP_SUCCEEDED:
	case STEP_LOST:
		return step->status == STEP_RUNNING || step->status == STEP_WAITING;
	case STEP_FAILED:
	case STEP_CANCELLED:
		return true;
	case STEP_NOT_RUN:
	case STEP_RUNNING:
	case STEP_WAITING:
	case STEP_SKIPPED:
	case STEP_ALREADY_DONE:
	case STEP_UNDONE:
		return false;
	}
	return false;
}

static bool apply_ended(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);
	enum step_status status = read_status(event);
	struct value warnings = event_get(event, "warnings");
	int64_t again = event_int(event, "again", -1);

	if (!step || !can_end(step, status))
		return false;
	step->status = again < 0 ? status : STEP_WAITING;
	step->again = false;
	step->asked_wall = 0;
	step->again_ms = again < 0 ? 0 : event->ms + again;
	step->ended_ms = event->ms;
	step->ended_seq = event->seq;
	step->class = keep_text(state, event, "class");
	step->message = keep_text(state, event, "msg");
	step->outputs = keep(state, event, "outputs");
	step->continued = is_true(event_get(event, "continued"));
	if (is_true(event_get(event, "untouched")))
		step->effect = step->effect_before;
	/* Those of the attempt that decided, as they are shown. */
	step->warnings = again < 0 && warnings.kind == VALUE_LIST ? (unsigned)value_count(warnings)
								  : 0;
	if (status == STEP_CANCELLED &&
	    (!step->class || text_is(text_of(step->class), "cancelled")))
		state->cancelled = true;
	if (again < 0)
		note_failure(state, event, step);
	return true;
}

static bool apply_skipped(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);
	struct value reason = event_get(event, "reason");

	if (!step || is_running(state, step))
		return false;
	step->status = reason.kind == VALUE_STRING && text_is(value_text(reason), "done")
			       ? STEP_ALREADY_DONE
			       : STEP_SKIPPED;
	step->again = false;
	step->ended_ms = event->ms;
	step->ended_seq = event->seq;
	return true;
}

static bool apply_again(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);

	if (!step || step->status != STEP_SUCCEEDED)
		return false;
	step->again = true;
	return true;
}

static bool apply_lost(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);

	if (!step || !can_end(step, STEP_LOST))
		return false;
	step->status = STEP_LOST;
	step->message = keep_text(state, event, "msg");
	step->ended_ms = event->ms;
	step->ended_seq = event->seq;
	return true;
}

/* ---- undo ---------------------------------------------------------------------------------- */

static bool apply_undo_started(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);

	if (!step || step->undo == STEP_RUNNING)
		return false;
	step->undo = STEP_RUNNING;
	return true;
}

static bool apply_undo_ended(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);
	enum step_status status = read_status(event);

	if (!step || (status != STEP_SUCCEEDED && status != STEP_FAILED && status != STEP_LOST &&
		      status != STEP_SKIPPED))
		return false;
	if (status == STEP_SUCCEEDED && step->undo != STEP_RUNNING)
		return false;
	step->undo = status;
	if (status == STEP_SUCCEEDED)
		step->status = STEP_UNDONE;
	return true;
}

/* ---- questions ----------------------------------------------------------------------------- */

const struct ask_state *state_ask(const struct state *state, const char *ask)
{
	for (size_t i = state->asks.count; i > 0; i--)
		if (text_is(text_of(state->asks.at[i - 1].ask), ask))
			return &state->asks.at[i - 1];
	return NULL;
}

static bool apply_ask_opened(struct state *state, const struct event *event)
{
	struct step_state *step = step_of(state, event);
	const char *ask = keep_text(state, event, "ask");
	struct ask_state *opened;

	if (!ask || (event->slot >= 0 && !step))
		return false;
	opened = list_add(&state->asks, state->arena);
	*opened = (struct ask_state){
		.ask = ask,
		.kind = keep_text(state, event, "kind"),
		.text = keep_text(state, event, "text"),
		.show = keep_text(state, event, "show"),
		.must_type = keep_text(state, event, "must_type"),
		.evidence = keep_text(state, event, "evidence"),
		.who = value_copy(event_get(event, "by"), state->arena),
		.slot = event->slot,
		.before = step ? step->status : STEP_NOT_RUN,
		.opened_seq = event->seq,
		.opened_wall = step && step->asked_wall ? step->asked_wall : event->wall,
	};
	if (step && (step->status == STEP_RUNNING || step->status == STEP_NOT_RUN))
		step->status = STEP_WAITING;
	return true;
}

/* The latest question of that id that is still open, or NULL. */
static struct ask_state *open_ask(const struct state *state, struct value ask)
{
	for (size_t i = state->asks.count; i > 0; i--)
		if (!state->asks.at[i - 1].answered && ask.kind == VALUE_STRING &&
		    text_is(value_text(ask), state->asks.at[i - 1].ask))
			return &state->asks.at[i - 1];
	return NULL;
}

/* What an operator, or on_crash, says of a step that was lost. */
static void settle_lost(struct state *state, struct step_state *step, const char *answer)
{
	if (text_is(text_of(answer), "again"))
		step->again = true;
	else if (text_is(text_of(answer), "done"))
		step->status = STEP_SUCCEEDED;
	else if (text_is(text_of(answer), "skip"))
		step->status = STEP_SKIPPED;
	else if (text_is(text_of(answer), "abort"))
		state->aborted = state->cancelled = true;
}

/* To try again or to go on takes the failure back, also that of a member of a group. */
static void take_back(struct state *state, const struct ask_state *ask)
{
	bool goes_on = text_is(text_of(ask->answer), "go_on");

	if (!goes_on && !text_is(text_of(ask->answer), "again"))
		return;
	state->steps[ask->slot].continued = goes_on;
	state->steps[ask->slot].warnings += goes_on;
	if (state->failed_slot >= 0 && stands_in(state, state->failed_slot, ask->slot))
		state->failed_slot = -1;
}

static bool apply_ask_answered(struct state *state, const struct event *event)
{
	struct ask_state *ask = open_ask(state, event_get(event, "ask"));
	struct step_state *step;

	if (!ask)
		return false;
	ask->answered = true;
	ask->answer = keep_text(state, event, "answer");
	ask->by = keep_text(state, event, "by");
	ask->how = keep_text(state, event, "how");
	ask->note = keep_text(state, event, "note");
	ask->answered_wall = event->wall;
	state->waited_ms += event_int(event, "waited", 0);
	step = ask->slot >= 0 ? &state->steps[ask->slot] : NULL;
	if (step && step->status == STEP_WAITING)
		step->status = ask->before;
	if (step && ask->answer && ask->kind && text_is(text_of(ask->kind), "lost"))
		settle_lost(state, step, ask->answer);
	else if (step && ask->answer)
		take_back(state, ask);
	return true;
}

/* ---- the fold ------------------------------------------------------------------------------ */

static bool (*const handlers[EVENT_TYPE_COUNT])(struct state *state, const struct event *event) = {
	[EVENT_RUN_OPENED] = apply_opened,
	[EVENT_LOCK_TAKEN] = apply_nothing,
	[EVENT_RUN_CHANGED] = state_apply_changed,
	[EVENT_RUN_RESUMED] = state_apply_resumed,
	[EVENT_STEP_STARTED] = apply_started,
	[EVENT_STEP_SPAWNED] = apply_spawned,
	[EVENT_STEP_ENDED] = apply_ended,
	[EVENT_STEP_SKIPPED] = apply_skipped,
	[EVENT_STEP_LOST] = apply_lost,
	[EVENT_STEP_AGAIN] = apply_again,
	[EVENT_LOOP_OPENED] = state_apply_loop,
	[EVENT_ASK_OPENED] = apply_ask_opened,
	[EVENT_ASK_ANSWERED] = apply_ask_answered,
	[EVENT_ROLLBACK_OPENED] = apply_rollback,
	[EVENT_UNDO_STARTED] = apply_undo_started,
	[EVENT_UNDO_ENDED] = apply_undo_ended,
	[EVENT_RUN_CLOSED] = apply_closed,
};

bool state_apply(struct state *state, const struct event *event)
{
	if (!event_recorded(event->type))
		return true;
	if (state->opened.kind == VALUE_NULL && event->type != EVENT_RUN_OPENED)
		return false;
	if (!handlers[event->type](state, event))
		return false;
	/* What happens after the end (a parked run goes on, a rollback) opens the run again. */
	if (state->phase == RUN_CLOSED && event->type != EVENT_RUN_CLOSED) {
		state->phase = state->rollback.kind == VALUE_NULL ? RUN_OPEN : RUN_ROLLING_BACK;
		state->closed = value_null();
	}
	state->seq = event->seq;
	state->ms = event->ms;
	return true;
}
