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

void state_take_outline(struct state *state, struct value outline)
{
	size_t rows = outline.kind == VALUE_LIST ? value_count(outline) : 0;
	int64_t last = -1;

	for (size_t i = 0; i < rows; i++) {
		int64_t slot = row_int(value_item(outline, i), "slot");

		last = slot > last ? slot : last;
	}
	grow_steps(state, (size_t)(last + 1));
	state->step_count = (size_t)(last + 1);
	for (size_t i = 0; i < rows; i++) {
		int64_t slot = row_int(value_item(outline, i), "slot");
		int64_t parent = row_int(value_item(outline, i), "parent");

		if (parent < slot) /* so that there is no cycle */
			state->steps[slot].parent = (int32_t)parent;
	}
}

bool state_apply_loop(struct state *state, const struct event *event)
{
	int64_t count = event_int(event, "count", -1), size = event_int(event, "size", -1);
	size_t base = state->step_count;
	int32_t from = event->slot + 1;

	if (event->slot < 0 || (size_t)event->slot >= base || count < 0 || count > SLOTS_MAX ||
	    size < 1 || from + size > (int64_t)base || (int64_t)base + count * size > SLOTS_MAX)
		return false;
	grow_steps(state, base + (size_t)(count * size));
	state->steps[event->slot].items = value_copy(event_get(event, "items"), state->arena);
	for (size_t i = base; i < state->step_count; i++) {
		int32_t place = (int32_t)((i - base) % (size_t)size);
		int32_t parent = state->steps[from + place].parent;

		state->steps[i].parent = parent == event->slot ? parent
							       : (int32_t)i - place + parent - from;
	}
	return true;
}
