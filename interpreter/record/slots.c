/* The slots of a run: those of its outline, and the rounds of loops behind them. */
#include "record/internal.h"

#define SLOTS_MAX (1 << 24)

static void grow_steps(struct state *state, size_t count)
{
	if (count > state->step_room) {
		struct step_state *steps;

		state->step_room = count > 2 * state->step_room ? count : 2 * state->step_room;
		steps = arena_array(state->arena, struct step_state, state->step_room);
		for (size_t i = 0; i < state->step_count; i++)
			steps[i] = state->steps[i];
		state->steps = steps;
	}
	for (size_t i = state->step_count; i < count; i++)
		state->steps[i] = (struct step_state){ .parent = -1 };
	if (count > state->step_count)
		state->step_count = count;
}

/* An int of a row of the outline, -1 if it has none. */
static int64_t row_int(struct value row, const char *key)
{
	struct value value;

	if (row.kind != VALUE_MAP || !value_field(row, key, NULL, &value) ||
	    value.kind != VALUE_INT || value.integer < 0 || value.integer >= SLOTS_MAX)
		return -1;
	return value.integer;
}

/* Slots of the outline, where those of rounds stand behind them already. */
static size_t outline_count(struct value outline)
{
	size_t rows = outline.kind == VALUE_LIST ? value_count(outline) : 0;
	int64_t last = -1;

	for (size_t i = 0; i < rows; i++) {
		int64_t slot = row_int(value_item(outline, i), "slot");

		last = slot > last ? slot : last;
	}
	return (size_t)(last + 1);
}

static void take_parents(struct state *state, struct value outline)
{
	for (size_t i = 0; outline.kind == VALUE_LIST && i < value_count(outline); i++) {
		int64_t slot = row_int(value_item(outline, i), "slot");
		int64_t parent = row_int(value_item(outline, i), "parent");

		if (parent < slot) /* so that there is no cycle */
			state->steps[slot].parent = (int32_t)parent;
	}
}

void state_take_outline(struct state *state, struct value outline)
{
	size_t count = outline_count(outline);

	grow_steps(state, count);
	if (!state->round_count)
		state->step_count = count;
	take_parents(state, outline);
}

/* ---- other documents ----------------------------------------------------------------------- */

static int32_t slot_before(struct value slots, size_t slot)
{
	struct value item = value_item(slots, slot);

	return item.kind == VALUE_INT && item.integer >= 0 && item.integer < SLOTS_MAX
		       ? (int32_t)item.integer
		       : -1;
}

/* By slot before: the slot now; -1: gone. NULL: two come from one, or one from none. */
static int32_t *slots_after(const struct state *state, struct value slots, struct arena *arena)
{
	int32_t *after = arena_array(arena, int32_t, state->step_count + 1);

	for (size_t i = 0; i < state->step_count; i++)
		after[i] = -1;
	for (size_t i = 0; i < value_count(slots); i++) {
		int32_t before = slot_before(slots, i);

		if (before >= 0 && ((size_t)before >= state->step_count || after[before] >= 0))
			return NULL;
		if (before >= 0)
			after[before] = (int32_t)i;
	}
	return after;
}

static void move_questions(struct state *state, const int32_t *after)
{
	size_t kept = 0;

	for (size_t i = 0; i < state->asks.count; i++) {
		struct ask_state ask = state->asks.at[i];

		if (ask.slot >= 0)
			ask.slot = after[ask.slot];
		if (ask.slot >= 0 || state->asks.at[i].slot < 0)
			state->asks.at[kept++] = ask;
	}
	state->asks.count = kept;
}

/* Logs of steps that begin from now on have other numbers than all that there are. */
bool state_move_slots(struct state *state, struct value slots, struct value outline)
{
	struct step_state *steps;
	size_t count = outline_count(outline);
	struct arena arena;
	int32_t *after;

	if (slots.kind != VALUE_LIST) /* rounds keep theirs, and it is what they stand behind */
		return !state->round_count || count + state->round_count == state->step_count;
	if (state->round_count || value_count(slots) != count)
		return false;
	arena_init(&arena);
	after = slots_after(state, slots, &arena);
	if (after) {
		steps = arena_array(state->arena, struct step_state, count + 1);
		for (size_t i = 0; i < count; i++) {
			int32_t before = slot_before(slots, i);

			steps[i] = before < 0 ? (struct step_state){ .parent = -1 }
					      : state->steps[before];
		}
		move_questions(state, after);
		if (state->failed_slot >= 0)
			state->failed_slot = after[state->failed_slot];
		state->log_shift += (int32_t)state->step_count;
		state->steps = steps;
		state->step_count = state->step_room = count;
	}
	arena_done(&arena);
	return after != NULL;
}

/* ---- rounds -------------------------------------------------------------------------------- */

bool state_apply_loop(struct state *state, const struct event *event)
{
	int64_t count = event_int(event, "count", -1), size = event_int(event, "size", -1);
	size_t base = state->step_count;
	int32_t from = event->slot + 1;

	if (event->slot < 0 || (size_t)event->slot >= base || count < 0 || count > SLOTS_MAX ||
	    size < 1 || from + size > (int64_t)base || (int64_t)base + count * size > SLOTS_MAX)
		return false;
	grow_steps(state, base + (size_t)(count * size));
	state->round_count += (size_t)(count * size);
	state->steps[event->slot].items = value_copy(event_get(event, "items"), state->arena);
	for (size_t i = base; i < state->step_count; i++) {
		int32_t place = (int32_t)((i - base) % (size_t)size);
		int32_t parent = state->steps[from + place].parent;

		state->steps[i].parent = parent == event->slot ? parent
							       : (int32_t)i - place + parent - from;
	}
	return true;
}
