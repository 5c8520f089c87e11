/* past: what the journals of runs say, a line each. */
#ifndef CLI_PAST_H
#define CLI_PAST_H

#include "cli/cli.h"

/* It was killed, or its store failed it, before anything of it was begun: nothing was executed. */
#define PAST_NEVER "never started"

/* One run, as its journal tells it. Texts are "" where nothing is known. */
struct past {
	const char *id; /* short */
	const char *name, *path, *document, *user;
	const char *status;  /* of run.closed, for people; "running", "unfinished", "damaged",
				PAST_NEVER; of one without a record also "starting" */
	bool partial;        /* steps were left out of it */
	const char *secrets; /* " --secret NAME=..." of the command that began it or went on with it
			      */
	const char *next;    /* what opens the gate at which it is parked, as it said itself */
	const char *asked;   /* the question that was asked last */
	const char *at;      /* the step that began last, or the gate that is asked */
	int64_t wall;        /* when it began */
	int64_t took;        /* ms; times between its end and its rollback by hand left out */
	uint64_t seq;        /* of its last event; 0: it has none */
};

/* Its status, and that it is of a part. */
const char *past_words(const struct past *past, struct arena *arena);

/* "2.3 Pull images": the step of a step.started, its name with values if it has one, else what it
 * does. outline: of the run, as it is then. */
const char *past_step(struct value outline, const struct event *event, struct arena *arena);

/* Every run of the store, newest first; stops when told gives false. 0, or EXIT_STORE after a
 * complaint. The past and its texts live until told returns. */
int past_each(struct cli *cli, struct store *store, bool (*told)(void *data, const struct past *),
	      void *data);

#endif
