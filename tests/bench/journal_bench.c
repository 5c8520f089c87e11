/* journal_bench FOLDER COUNT: a run whose journal gets so many records, each synced by itself. */
#include <stdio.h>
#include <stdlib.h>

#include "record/record.h"

static _Noreturn void fail(const char *message)
{
	fprintf(stderr, "journal_bench: %s\n", message);
	exit(1);
}

static void add(struct journal *journal, enum event_type type, struct arena *arena)
{
	struct store_error error;
	struct event_builder builder;
	struct event event;

	event_begin(&builder, type, arena);
	if (type == EVENT_STEP_ENDED) {
		event_step(&builder, 1, "1", "step", 1);
		event_set(&builder, "status", value_cstring("succeeded"));
	}
	event = event_end(&builder);
	journal_append(journal, &event, arena);
	if (!journal_commit(journal, &error))
		fail(error.message);
	arena_reset(arena);
}

int main(int argc, char **argv)
{
	struct store_error error;
	struct run_folder run;
	struct journal *journal;
	struct store store;
	struct arena arena, tick;

	if (argc != 3)
		fail("which folder, and how many records?");
	arena_init(&arena);
	arena_init(&tick);
	if (!store_open(&store, argv[1], &arena, &error) ||
	    !store_create(&store, clock_wall(&clock_system), &run, &error))
		fail(error.message);
	journal = journal_open(&run, &clock_system, mask_new(&arena), &arena, &error);
	if (!journal)
		fail(error.message);
	add(journal, EVENT_RUN_OPENED, &tick);
	for (int i = atoi(argv[2]); i > 0; i--)
		add(journal, EVENT_STEP_ENDED, &tick);
	arena_done(&tick);
	arena_done(&arena);
	return 0;
}
