/* What the journals of runs say. */

#include <string.h>

#include "cli/past.h"
#include "report/report.h"
#include "run/run.h"

struct reading {
	struct past *past;
	struct arena *arena;
	struct value outline;
	bool any;         /* event was read */
	bool begun;       /* and not only those with which it was opened */
	int64_t from, ms; /* of the stretch that is read: a run, then its rollback by hand */
};

const char *past_step(struct value outline, const struct event *event, struct arena *arena)
{
	const char *name = event_text(event, "name", arena);
	const char *text = event_text(event, "text", arena);
	bool listed = value_is(outline, VALUE_LIST) && (size_t)event->slot < value_count(outline);
	if (!*name && listed)
		name = value_field_text(value_item(outline, (size_t)event->slot), "name", arena);
	if (!*name || strstr(name, "${{"))
		name = text;
	return arena_format(arena, "%s%s%.*s", event->path, *name ? " " : "",
			    (int)strcspn(name, "\n"), name);
}

static void read_step(struct reading *reading, const struct event *event)
{
	if (event->type == EVENT_ASK_OPENED) {
		reading->past->asked = event_text(event, "text", reading->arena);
		reading->past->at = arena_format(reading->arena, "asks '%s'",
						 event_text(event, "ask", reading->arena));
	} else if (event->type == EVENT_STEP_STARTED && event->slot >= 0)
		reading->past->at = past_step(reading->outline, event, reading->arena);
}

/* Where a later command took the secrets from, they are still. */
static void read_secrets(struct reading *reading, const struct event *event)
{
	const char *secrets = run_secrets_named(event_get(event, "command"), reading->arena);
	if (*secrets)
		reading->past->secrets = secrets;
}

static bool read_event(const struct event *event, void *data)
{
	struct reading *reading = data;
	struct past *past = reading->past;
	struct arena *arena = reading->arena;
	if (value_is(event_get(event, "outline"), VALUE_LIST))
		reading->outline = event_get(event, "outline");
	if (event->type == EVENT_RUN_OPENED) {
		past->wall = event->wall;
		past->name = event_text(event, "name", arena);
		past->path = event_text(event, "path", arena);
		past->document = event_text(event, "document", arena);
		past->user = value_field_text(event_get(event, "actor"), "user", arena);
		past->partial = event_is_partial(event);
	} else if (strcmp(past->status, "unfinished") != 0) {
		reading->from = event->ms; /* it goes on after its end */
		past->status = "unfinished";
	}
	if (event->type == EVENT_RUN_CLOSED) {
		struct value next = event_get(event, "next");
		bool any = value_is(next, VALUE_LIST) && value_count(next);
		past->next = any ? arena_text(arena, value_text(value_item(next, 0))).ptr : "";
		past->status = report_status(event, arena);
		past->took += event->ms - reading->from;
	}
	read_step(reading, event);
	read_secrets(reading, event);
	reading->any = true;
	reading->begun = !event_is_opening(event);
	reading->ms = event->ms;
	past->seq = event->seq;
	return true;
}

const char *past_words(const struct past *past, struct arena *arena)
{
	return past->partial ? arena_format(arena, "%s, partial", past->status) : past->status;
}

struct runs {
	struct store *store;
	const char *const *ids;
	size_t count;
};

/* What is opened for it is closed with the arena. */
static void past_read(const struct runs *runs, size_t index, struct arena *arena, struct past *past)
{
	struct store store = *runs->store;
	struct run_folder folder;
	struct store_error error;
	struct reading reading = { .past = past, .arena = arena };
	*past = (struct past){ .id = runs->ids[index],
			       .name = "",
			       .path = "",
			       .document = "",
			       .user = "",
			       .secrets = "",
			       .next = "",
			       .asked = "",
			       .at = "",
			       .status = "unfinished" };
	store.arena = arena;
	if (!store_open_run(&store, runs->ids, runs->count, index, &folder, &error)) {
		past->status = "damaged";
		return;
	}
	past->id = folder.short_id;
	/* Before it is read: what nobody held then gets no record any more. */
	bool held = store_is_held(&folder);
	enum journal_end end = journal_read(&folder, arena, read_event, &reading, &error);
	if (end == JOURNAL_DAMAGED)
		past->status = "damaged";
	else if (!reading.any)
		past->status = held ? "starting" : PAST_NEVER;
	else if (strcmp(past->status, "unfinished") == 0)
		past->took += reading.ms - reading.from;
	if (strcmp(past->status, "unfinished") == 0 && journal_is_held(&folder))
		past->status = "running";
	else if (strcmp(past->status, "unfinished") == 0 && !reading.begun)
		past->status = PAST_NEVER;
}

int past_each(struct cli *cli, struct store *store, bool (*told)(void *data, const struct past *),
	      void *data)
{
	struct runs runs = { .store = store };
	struct store_error error;
	bool wanted = true;
	if (!store_list(store, &runs.ids, &runs.count, &error)) {
		cli_complain(cli, error.hint, "%s", error.message);
		return EXIT_STORE;
	}
	for (size_t i = 0; i < runs.count && wanted; i++) {
		struct arena arena;
		struct past past;
		arena_init(&arena);
		past_read(&runs, i, &arena, &past);
		wanted = told(data, &past);
		arena_done(&arena);
	}
	return EXIT_DONE;
}
