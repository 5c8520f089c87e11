/* show: what the two halves of the command share. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/cli.h"

/* A step of which an attempt was started, after which no step was given another slot. */
struct started {
	int32_t slot;
	const char *words; /* "2.3 Pull images" */
	int64_t wall;
};

struct showing {
	struct cli *cli;
	struct run_folder folder;
	struct state state;
	const char *secrets;      /* " --secret NAME=..." of the command that began it or went on */
	bool opening;             /* nothing but how it was opened is recorded */
	struct value documents;   /* those that the run had when what is told happened */
	LIST(struct value) moves; /* slots of all events that have some: who goes where */
	struct value outline;     /* the last that was recorded */
	LIST(struct started) started;
	size_t moved; /* of them: those that were before what is told */
	struct sink sink;
	int32_t slot; /* of the step that is shown; -1: the whole run */
	bool rounds;  /* it is a for_each: its rounds are told too */
};

/* One step: its line, what it did, its attempts, its log. Gives the exit code. */
int show_step(struct showing *showing, const char *word);
void show_events(struct showing *showing);
/* Of the step that is shown the slot that it had then; -1: it had none. */
int32_t show_slot_then(const struct showing *showing);
/* Whether the event gives steps other slots: it counts for those behind it. */
bool show_moves(const struct event *event);

#endif
