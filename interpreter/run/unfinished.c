/* Runs before this one that nobody has finished. */

#include "run/internal.h"

/* How a run began, and that it has another's locks or document. */
struct before {
	const struct engine *engine; /* that wants to begin */
	struct arena *arena;
	bool same_lock, same_document;
	const char *secrets; /* that its command line names: to go on with it they are needed */
};

static bool is_ours(const struct engine *engine, struct value name)
{
	for (size_t i = 0; i < engine->locks.count && value_is(name, VALUE_STRING); i++)
		if (text_is(value_text(name), engine->locks.at[i].name))
			return true;
	return false;
}

static bool follow(const struct event *event, void *data)
{
	struct before *before = data;
	if (event->type == EVENT_RUN_OPENED) {
		before->same_document = strcmp(event_text(event, "path", before->arena),
					       before->engine->setup.plan->path) == 0;
		before->secrets = run_secrets_named(event_get(event, "command"), before->arena);
	}
	if (event->type == EVENT_LOCK_TAKEN && is_ours(before->engine, event_get(event, "name")))
		before->same_lock = true;
	return true;
}

bool shares_lock(const struct engine *engine, struct run_folder *folder, struct arena *arena)
{
	struct before before = { .engine = engine, .arena = arena };
	return journal_first(folder, arena, follow, &before) && before.same_lock;
}

bool others_each(struct engine *engine, bool (*look)(struct other *other, void *data), void *data,
		 struct store_error *error)
{
	struct other other = { .engine = engine };
	bool more = true;
	if (!store_list(engine->setup.store, &other.ids, &other.count, error))
		return false;
	for (other.index = 0; other.index < other.count && more; other.index++) {
		struct arena arena;
		struct store mine = *engine->setup.store;
		if (strcmp(other.ids[other.index], engine->folder.id) == 0)
			continue;
		arena_init(&arena);
		mine.arena = other.arena = &arena;
		/* Its id alone: how it is called among all is asked of the few that are told. */
		if (store_open_run(&mine, &other.ids[other.index], 1, 0, &other.folder, error) &&
		    journal_last(&other.folder, &arena, &other.last))
			more = look(&other, data);
		arena_done(&arena);
	}
	*error = (struct store_error){ 0 };
	return true;
}

const char *other_id(const struct other *other)
{
	struct run_folder folder;
	struct store_error error;
	struct store mine = *other->engine->setup.store;
	mine.arena = other->engine->arena;
	return store_open_run(&mine, other->ids, other->count, other->index, &folder, &error)
		       ? folder.short_id
		       : arena_string(mine.arena, other->ids[other->index]);
}

/* ---- what is left of one ------------------------------------------------------------------- */

/* The exit code that says what is left to do: 0, 5 or 7. Of one that never started nothing is. */
static int left_of(const struct other *other)
{
	const char *status = event_text(&other->last, "status", other->arena);
	if (event_is_opening(&other->last))
		return 0;
	if (other->last.type != EVENT_RUN_CLOSED || strcmp(status, "unsure") == 0)
		return 5;
	return strcmp(status, "parked") == 0 ? 7 : 0;
}

/* Somebody goes on with it, and wants the lock that is ours now. */
static void refuse_going_on(const struct other *other, struct run_refusal *refusal)
{
	struct arena *arena = other->engine->arena;
	refuse(refusal, 6,
	       arena_format(arena, "run %s with the same lock is just being resumed",
			    other_id(other)),
	       "Wait until it has ended; --lock-timeout 10m waits for it.");
}

static void refuse_before(const struct other *other, const struct before *before, int exit,
			  struct run_refusal *refusal)
{
	struct arena *arena = other->engine->arena;
	const char *id = other_id(other), *secrets = before->secrets;
	refuse(refusal, exit,
	       exit == 7 ? arena_format(arena, "run %s with the same lock waits for an answer", id)
			 : arena_format(arena,
					"run %s with the same lock is unfinished: what it did last "
					"is not known",
					id),
	       arena_format(arena,
			    "First runbook resume %s%s, runbook rollback %s%s, or runbook "
			    "resume %s --abort%s.",
			    id, secrets, id, secrets, id, secrets));
}

/* Whether a run that is newer was one of this document: then that one counts. */
static bool is_followed(const struct other *other)
{
	bool found = false;
	for (size_t i = 0; i < other->index && !found; i++) {
		struct arena arena;
		struct run_folder folder;
		struct store_error error;
		struct event last;
		struct store mine = *other->engine->setup.store;
		arena_init(&arena);
		mine.arena = &arena;
		struct before before = { .engine = other->engine, .arena = &arena };
		found = strcmp(other->ids[i], other->engine->folder.id) != 0 &&
			store_open_run(&mine, &other->ids[i], 1, 0, &folder, &error) &&
			journal_last(&folder, &arena, &last) && !event_is_opening(&last) &&
			journal_first(&folder, &arena, follow, &before) && before.same_document;
		arena_done(&arena);
	}
	return found;
}

/* Of the many that are finished no more is read than their ends. */
static bool look_at(struct other *other, void *data)
{
	struct run_refusal *refusal = data;
	struct engine *engine = other->engine;
	struct before before = { .engine = engine, .arena = other->arena };
	int left = left_of(other);
	if (!left || !journal_first(&other->folder, other->arena, follow, &before))
		return true;
	bool held = journal_is_held(&other->folder);
	if (before.same_lock && held)
		refuse_going_on(other, refusal);
	else if (before.same_lock)
		refuse_before(other, &before, left, refusal);
	if (before.same_lock)
		return false;
	if (held || !before.same_document || engine->locks.count > 0)
		return true;
	if (!is_followed(other)) {
		const char *id = other_id(other);
		engine->before = arena_format(
			engine->arena, "run %s of this document is unfinished: runbook resume %s%s",
			id, id, before.secrets);
	}
	return false;
}

struct engine *unfinished_check(struct engine *engine, struct run_refusal *refusal)
{
	struct store_error error;
	*refusal = (struct run_refusal){ 0 };
	if (!others_each(engine, look_at, refusal, &error))
		return refuse_store(refusal, &error);
	return refusal->message ? NULL : engine;
}
