/*
 * report: sinks of events. None knows the engine or the plan: run.opened carries the outline.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "record/record.h"
#include "source/source.h"

#define REPORT_WIDTH 100 /* columns that a screen is drawn for where none is asked */

struct report_options {
	int fd; /* where it writes; errors of writing are ignored: a closed screen ends no run */
	bool color;   /* colour repeats what words say */
	bool verbose; /* the output of steps as it comes, and the steps within library steps */
	bool quiet;   /* failures and the end only */
	/* A document of the run by its name, for excerpts; NULL: not known. May be NULL. */
	const struct source *(*source)(void *data, const char *name);
	void *data;
};

/* Lines for people, in the order in which things happen; each finished step is one line. */
struct sink report_plain(const struct report_options *options, struct arena *arena);

/* One JSON object a line, as in the journal, live events too. */
struct sink report_json(const struct report_options *options, struct arena *arena);

/* Columns of the terminal behind fd; where there is none those of $COLUMNS, else REPORT_WIDTH. */
size_t report_width(int fd);

#endif
