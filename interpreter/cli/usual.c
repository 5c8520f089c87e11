/* How long runs of a document took: medians over the last ones that went well. */

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/map.h"
#include "cli/usual.h"

#define RUNS 10 /* that went well: of these the median is taken */
#define LOOKS \
	100 /* runs that are looked at for them: whoever begins a run does not wait for it \
	     */

struct times {
	LIST(int64_t) ms;
};

/* What the runs so far gave. */
struct gathering {
	struct arena *arena;
	struct times runs;
	struct map steps; /* report_usual_key -> struct times */
};

/* What one run gives, if it went well. */
struct reading {
	const char *path; /* of the document */
	struct arena *arena;
	struct value outline;
	struct map began; /* key of a step -> int64_t: ms when its first attempt began */
	struct map took;  /* key -> int64_t: ms */
	int64_t run;      /* ms; -1: it did not go well, or not in one go */
};

static void note(struct map *map, struct text key, int64_t ms)
{
	int64_t *kept = arena_new(map->arena, int64_t);
	*kept = ms;
	map_set(map, key, kept);
}

/* By path and name: a step of another version of the document is another one. A round of a loop has
 * no row. */
static struct text key_of(const struct reading *reading, const struct event *event)
{
	struct value rows = reading->outline;
	if (!value_is(rows, VALUE_LIST) || event->slot < 0 ||
	    (size_t)event->slot >= value_count(rows))
		return (struct text){ 0 };
	return report_usual_key(
		event->path,
		value_field_text(value_item(rows, (size_t)event->slot), "name", reading->arena),
		reading->arena);
}

static void note_step(struct reading *reading, const struct event *event)
{
	struct text key = key_of(reading, event);
	if (!key.ptr)
		return;
	if (event->type == EVENT_STEP_STARTED) {
		if (event->attempt <= 1)
			note(&reading->began, key, event->ms);
		return;
	}
	const int64_t *began = map_get(&reading->began, key);
	if (began && strcmp(event_text(event, "status", reading->arena), "succeeded") == 0)
		note(&reading->took, key, event->ms - *began);
}

/* False: it is a run of another document, or did not go well in one go; no more of it is read. */
static bool read_event(const struct event *event, void *data)
{
	struct reading *reading = data;
	if (event->type == EVENT_RUN_OPENED) {
		reading->outline = event_get(event, "outline");
		if (event_is_partial(event))
			return false; /* a part takes less */
		return strcmp(event_text(event, "path", reading->arena), reading->path) == 0;
	}
	if (event->type == EVENT_STEP_STARTED || event->type == EVENT_STEP_ENDED)
		note_step(reading, event);
	else if (event->type == EVENT_RUN_CLOSED &&
		 strcmp(event_text(event, "status", reading->arena), "succeeded") == 0)
		reading->run = event->ms;
	return event->type != EVENT_RUN_RESUMED && event->type != EVENT_ROLLBACK_OPENED;
}

static void add(struct times *times, struct arena *arena, int64_t ms)
{
	*list_add(&times->ms, arena) = ms;
}

static void gather(struct gathering *gathering, const struct reading *reading)
{
	add(&gathering->runs, gathering->arena, reading->run);
	for (size_t i = 0; i < reading->took.count; i++) {
		const struct map_entry *entry = &reading->took.at[i];
		struct times *times = map_get(&gathering->steps, entry->key);
		const int64_t *ms = entry->value;
		if (!times) {
			times = arena_new(gathering->arena, struct times);
			map_set(&gathering->steps, arena_text(gathering->arena, entry->key), times);
		}
		add(times, gathering->arena, *ms);
	}
}

static void look_at(struct gathering *gathering, struct run_folder *folder, const char *path,
		    struct arena *arena)
{
	struct reading reading = { .path = path, .arena = arena, .run = -1 };
	struct store_error error;
	map_init(&reading.began, arena);
	map_init(&reading.took, arena);
	if (journal_read(folder, arena, read_event, &reading, &error) == JOURNAL_WHOLE &&
	    reading.run >= 0)
		gather(gathering, &reading);
}

static int ascending(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

static int64_t median(struct times *times)
{
	qsort(times->ms.at, times->ms.count, sizeof(*times->ms.at), ascending);
	return times->ms.at[times->ms.count / 2];
}

static const struct report_usual *result(struct gathering *gathering)
{
	struct report_usual *usual = arena_new(gathering->arena, struct report_usual);
	if (gathering->runs.ms.count == 0)
		return NULL;
	usual->run = median(&gathering->runs);
	map_init(&usual->steps, gathering->arena);
	for (size_t i = 0; i < gathering->steps.count; i++)
		note(&usual->steps, gathering->steps.at[i].key,
		     median(gathering->steps.at[i].value));
	return usual;
}

const struct report_usual *usual_find(struct store *store, const char *path)
{
	struct gathering gathering = { .arena = store->arena };
	const char *const *ids;
	struct store_error error;
	size_t count;
	map_init(&gathering.steps, store->arena);
	if (!store_list(store, &ids, &count, &error))
		return NULL;
	for (size_t i = 0; i < count && i < LOOKS && gathering.runs.ms.count < RUNS; i++) {
		struct arena arena;
		struct run_folder folder;
		struct store mine = *store;
		arena_init(&arena);
		mine.arena = &arena;
		if (store_open_run(&mine, ids, count, i, &folder, &error))
			look_at(&gathering, &folder, path, &arena);
		arena_done(&arena);
	}
	return result(&gathering);
}
