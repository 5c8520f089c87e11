/* How a run has ended and what it hands on, and which one of a document did so well. */
#include <string.h>

#include "record/internal.h"

struct opening {
	struct run_end *end;
	struct arena *arena;
};

static bool note_opening(const struct event *event, void *data)
{
	const struct opening *opening = data;

	if (event->type == EVENT_RUN_OPENED) {
		opening->end->path = event_text(event, "path", opening->arena);
		opening->end->document = event_text(event, "document", opening->arena);
		opening->end->partial = event_is_partial(event);
	}
	return true;
}

static bool read_end(struct run_folder *run, const struct event *last, struct arena *arena,
		     struct run_end *end)
{
	struct opening opening = { end, arena };

	*end = (struct run_end){ .status = "", .wall = last->wall };
	end->begun = !event_is_opening(last);
	if (last->type == EVENT_RUN_CLOSED) {
		end->status = event_text(last, "status", arena);
		end->outputs = value_mark(event_get(last, "outputs"), VALUE_OUTSIDE);
	}
	return journal_first(run, arena, note_opening, &opening) && end->path;
}

bool run_end_read(struct run_folder *run, struct arena *arena, struct run_end *end)
{
	struct event last;

	return journal_last(run, arena, &last) && read_end(run, &last, arena, end);
}

static bool ended_well(struct run_folder *run, const char *path, struct arena *arena)
{
	struct event last;
	struct run_end end;

	return journal_last(run, arena, &last) && last.type == EVENT_RUN_CLOSED &&
	       strcmp(event_text(&last, "status", arena), "succeeded") == 0 &&
	       read_end(run, &last, arena, &end) && !end.partial && strcmp(end.path, path) == 0;
}

bool store_last_good(struct store *store, const char *path, struct run_folder *run,
		     struct run_end *end, struct store_error *error)
{
	const char *const *ids;
	size_t count;
	bool found = false;

	*error = (struct store_error){ 0 };
	if (!store_list(store, &ids, &count, error))
		return false;
	for (size_t i = 0; i < count && !found; i++) {
		struct arena arena;
		struct store mine = *store;
		struct store_error left; /* of a run that is of no use */

		arena_init(&arena);
		mine.arena = &arena;
		found = store_open_run(&mine, &ids[i], 1, 0, run, &left) &&
			ended_well(run, path, &arena);
		arena_done(&arena);
		if (found)
			found = store_open_run(store, ids, count, i, run, error) &&
				run_end_read(run, store->arena, end);
	}
	return found;
}
