/* Runs before this one that nobody has finished. */

#include "run/internal.h"

/* One of them, as its journal tells it. */
struct before {
	const struct engine *engine; /* that wants to begin */
	struct arena *arena;
	bool same_lock, same_document;
	bool closed;
	const char *status; /* how it was closed */
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
	if (event->type == EVENT_RUN_OPENED)
		before->same_document = strcmp(event_text(event, "path", before->arena),
					       before->engine->setup.plan->path) == 0;
	if (event->type == EVENT_LOCK_TAKEN && is_ours(before->engine, event_get(event, "name")))
		before->same_lock = true;
	before->closed = event->type == EVENT_RUN_CLOSED;
	before->status = before->closed ? event_text(event, "status", before->arena) : "";
	return true;
}

/* The exit code that says what is left to do: 0, 5 or 7. */
static int left_of(const struct before *before)
{
	if (strcmp(before->status, "parked") == 0)
		return 7;
	return !before->closed || strcmp(before->status, "unsure") == 0 ? 5 : 0;
}

static void refuse_before(struct engine *engine, const char *id, int exit,
			  struct run_refusal *refusal)
{
	struct arena *arena = engine->arena;
	refuse(refusal, exit,
	       exit == 7 ? arena_format(arena, "run %s with the same lock waits for an answer", id)
			 : arena_format(arena,
					"run %s with the same lock is unfinished: what it did last "
					"is not known",
					id),
	       arena_format(arena,
			    "First runbook resume %s, runbook rollback %s, or runbook "
			    "resume %s --abort.",
			    id, id, id));
}

/* Looks at one, into *refusal; gives whether those before it need not be looked at. */
static bool look_at(struct engine *engine, struct run_folder *folder, struct arena *arena,
		    struct run_refusal *refusal)
{
	struct before before = { .engine = engine, .arena = arena, .status = "" };
	struct store_error error;
	if (journal_read(folder, arena, follow, &before, &error) == JOURNAL_DAMAGED)
		return false;
	int left = left_of(&before);
	if (journal_is_held(folder))
		left = 0;
	if (left && before.same_lock)
		refuse_before(engine, folder->short_id, left, refusal);
	else if (left && before.same_document && engine->locks.count == 0)
		engine->before = arena_format(
			engine->arena, "run %s of this document is unfinished: runbook resume %s",
			folder->short_id, folder->short_id);
	return before.same_lock || (before.same_document && engine->locks.count == 0);
}

struct engine *unfinished_check(struct engine *engine, struct run_refusal *refusal)
{
	struct store *store = engine->setup.store;
	const char *const *ids;
	size_t count;
	struct store_error error;
	bool found = false;
	*refusal = (struct run_refusal){ 0 };
	if (!store_list(store, &ids, &count, &error))
		return refuse_store(refusal, &error);
	for (size_t i = 0; i < count && !found; i++) {
		struct arena arena;
		struct run_folder folder;
		struct store mine = *store;
		arena_init(&arena);
		mine.arena = &arena;
		if (strcmp(ids[i], engine->folder.id) != 0 &&
		    store_open_run(&mine, ids, count, i, &folder, &error))
			found = look_at(engine, &folder, &arena, refusal);
		arena_done(&arena);
	}
	return refusal->message ? NULL : engine;
}
