/* Runs that came after the one that is rolled back, with the same lock: what they have changed
 * stands upon what would be undone. */

#include "run/internal.h"

struct later {
	int64_t from; /* ns since 1970: when the run that is rolled back first changed something */
	const char *id;
	const char *name;    /* of its runbook */
	const char *secrets; /* that its command line names */
};

static bool fold(const struct event *event, void *data)
{
	struct state *state = data;
	return state_apply(state, event);
}

/* Whether an attempt that had an effect began after that. One that was rolled back has left
 * nothing.
 */
static bool has_changed(const struct state *state, int64_t from, struct arena *arena)
{
	if (value_is(state->closed, VALUE_MAP) &&
	    strcmp(value_field_text(state->closed, "status", arena), "rolled_back") == 0)
		return false;
	for (size_t i = 0; i < state->step_count; i++)
		if (state->steps[i].effect && state->steps[i].started_wall > from)
			return true;
	return false;
}

static bool look_at(struct other *other, void *data)
{
	struct later *later = data;
	struct state state;
	struct store_error error;
	if (other->last.wall <= later->from ||
	    !shares_lock(other->engine, &other->folder, other->arena))
		return true;
	state_init(&state, other->arena);
	journal_read(&other->folder, other->arena, fold, &state, &error);
	if (!has_changed(&state, later->from, other->arena))
		return true;
	later->id = other_id(other);
	struct value command = value_null();
	value_field(state.opened, "command", other->arena, &command);
	later->secrets = run_secrets_named(command, other->engine->arena);
	later->name = arena_string(other->engine->arena,
				   value_field_text(state.opened, "name", other->arena));
	return false;
}

/* When it first changed something; INT64_MAX: it did not. */
static int64_t first_effect(const struct state *state)
{
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < state->step_count; i++)
		if (state->steps[i].effect && state->steps[i].started_wall < first)
			first = state->steps[i].started_wall;
	return first;
}

struct engine *later_check(struct engine *engine, const struct run_again *again,
			   struct run_refusal *refusal)
{
	struct later later = { .from = first_effect(&engine->state) };
	struct store_error error;
	if (engine->locks.count == 0 || later.from == INT64_MAX)
		return engine;
	if (!others_each(engine, look_at, &later, &error))
		return refuse_store(refusal, &error);
	if (!later.id)
		return engine;
	const char *what = arena_format(
		engine->arena, "run %s of '%s' with the same lock has changed something since",
		later.id, later.name);
	if (again->accept) {
		engine_notice(engine, what);
		return engine;
	}
	return refuse(refusal, 9, what,
		      arena_format(engine->arena,
				   "Roll that one back first: runbook rollback %s%s. Or look what "
				   "it did, and undo this one all the same: runbook rollback %s "
				   "--accept-changes%s.",
				   later.id, later.secrets, engine->folder.short_id,
				   run_secrets_again(&engine->setup.secrets, engine->arena)));
}
