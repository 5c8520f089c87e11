/*
 * report: sinks of events. None knows the engine or the plan: run.opened carries the outline.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/text.h"
#include "record/record.h"
#include "source/source.h"

#define REPORT_WIDTH 100 /* columns that a screen is drawn for where none is asked */

/* How long runs of this document took that went well: medians. */
struct report_usual {
	int64_t run;      /* ms */
	struct map steps; /* report_usual_key -> int64_t: ms */
};
/* By which a step is known again in another run. */
struct text report_usual_key(const char *path, const char *name, struct arena *arena);

struct report_options {
	int fd; /* where it writes; errors of writing are ignored: a closed screen ends no run */
	int *error; /* set to the errno value of a line of JSON that could not be written, but for a
		       pipe that was closed; may be NULL */
	bool color; /* colour repeats what words say */
	bool verbose; /* the output of steps as it comes, and the steps within library steps */
	bool quiet;   /* failures and the end only */
	/* A document of the run by its name, for excerpts; NULL: not known. May be NULL. */
	const struct source *(*source)(void *data, const char *name);
	void *data;
	const struct report_usual *usual; /* for a terminal; NULL: not known */
};

/* Lines for people, in the order in which things happen; each finished step is one line. */
struct sink report_plain(const struct report_options *options, struct arena *arena);

/*
 * The same lines, and below them a block that is redrawn: the step that runs, its last line of
 * output, how far the run is. The block is away while a question is open and when the run has
 * ended. clock outlives the arena.
 */
struct terminal;
struct terminal *report_terminal(const struct report_options *options, const struct clock *clock,
				 struct arena *arena);
struct sink terminal_sink(struct terminal *terminal);
/* Draws what has changed; to be called ten times a second. */
void terminal_frame(struct terminal *terminal);
/* Writes what waits and takes the block away, before somebody else writes there. */
void terminal_clear(struct terminal *terminal);

/* One JSON object a line, as in the journal, live events too. */
struct sink report_json(const struct report_options *options, struct arena *arena);

/* How a run.closed event says that it ended, for people: "ok", "rolled back". */
#define REPORT_UNVERIFIED "rolled back, unverified"
const char *report_status(const struct event *event, struct arena *arena);

/* An open question, on lines of its own: what is asked, and what is shown with it. */
void report_question(struct buffer *out, const struct ask_state *ask, bool color, size_t width);

/* A long text, broken at blanks; ends with a line end. */
void report_text(struct buffer *out, const char *text, size_t width);

/* Columns of the terminal behind fd; where there is none those of $COLUMNS, else REPORT_WIDTH. */
size_t report_width(int fd);

#endif
