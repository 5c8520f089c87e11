/* What the parts of report share. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "base/list.h"
#include "report/report.h"

/* ---- the outline --------------------------------------------------------------------------- */

/* Attempts that failed in the same way, one after another. */
struct streak {
	uint32_t from, to;
	const char *what; /* "connection refused" */
};

/* One row of the outline that run.opened carries, and what happened to it since. */
struct row {
	const char *path, *section, *kind, *id, *name, *verb;
	const char *file; /* where it stands */
	int64_t line;
	int64_t parent;
	const char *home;  /* path of the call around it; "": the document itself */
	bool hidden;       /* within a library step, or of no step */
	bool undo;         /* within an undo */
	bool probe;        /* it looks whether another step is done, or stands in what does */
	const char *shown; /* its name with values, from step.started */
	const char *text;  /* what was done last, values put in */
	const char *by;    /* who opened its gate: "by flag --approve (alice)" */
	int64_t started;   /* ms since run.opened, of the first attempt; -1: never */
	uint32_t attempts;
	LIST(struct streak) streaks; /* of failed attempts */
	struct held *held;           /* the beginning of a line of output, until its end comes */
	bool spoke;                  /* its output was shown as it came */
	bool ended;                  /* once at least, or it was skipped */
	int64_t rounds;              /* of a loop */
	bool left_out;               /* the run is of a part to which it does not belong */
	bool pattern;                /* of the rounds of a loop, which have rows of their own */
	struct text inner;           /* why a step of this library step failed, told below it */
};

struct outline {
	struct row *rows;
	size_t count;
	size_t room;       /* of the array */
	size_t rounds;     /* rows of rounds, which stand behind all others */
	size_t path_width; /* of the paths of its steps */
};

/* Copies the outline of a run.opened event into the arena. */
struct outline outline_read(const struct event *event, struct arena *arena);
/* The outline of a run that goes on with other documents; what has run in it is the same. */
void outline_change(struct outline *outline, const struct event *event, struct arena *arena);
/* The rounds of a loop, of which loop.opened says how many. */
void outline_unroll(struct outline *outline, const struct event *event, struct arena *arena);
struct row *outline_row(struct outline *outline, int32_t slot);
/* Its name with values as far as they are known. */
const char *row_name(const struct row *row);
bool row_is(const struct row *row, const char *kind);
/* A step or a library step: what a line is printed for. */
bool row_is_step(const struct row *row);

/* A text of a map, or "" (in the arena). */
const char *map_text(struct value map, const char *key, struct arena *arena);
int64_t map_int(struct value map, const char *key, int64_t otherwise);

/* ---- what a run prints --------------------------------------------------------------------- */

/* A fold over the events of a run; what it appends to a buffer are whole lines that stay. */
struct story {
	struct report_options options;
	struct arena *arena; /* of the run */
	struct arena tick;   /* of one event */
	struct outline outline;
	const char *name; /* of the runbook */
	const char *run;  /* its short id */
	const char *host;
	bool partial;                /* steps are left out of it */
	const char *section;         /* whose heading stands; NULL: none */
	const char *home;            /* of that section */
	const char *reason;          /* of the rollback that is going on, or NULL */
	LIST(struct ask_state) asks; /* questions that are open */
	size_t width;                /* columns; may change between events */
	size_t wrap;                 /* columns at which the output of steps is broken; 0: never */
	bool opening;                /* nothing but the lines about the whole run is printed */
	bool gap;                    /* an empty line stands before what comes next */
	bool blank;                  /* the last line is empty, or there is none */
};

void story_init(struct story *story, const struct report_options *options, struct arena *arena);
void story_event(struct story *story, const struct event *event, struct buffer *out);

/* step_line.c */
/* "  2.3  ok         41.7s  Pull images                     image = ..." without a line end */
struct step_line {
	const struct row *row;
	const char *word, *took, *details;
	size_t width;
};
void put_step_line(struct story *story, const struct step_line *line, struct buffer *out);
/* "ok", "approved": how it ended. */
const char *step_word(const struct row *row, const char *status, bool good);
/* What is told behind its name: attempts, who opened it, the values that it gave. */
const char *step_details(struct story *story, const struct row *row, const struct event *event,
			 bool good);
/* A step that waits for a person. */
bool row_is_gate(const struct row *row);

/* opening.c and closing.c */
void put_opened(struct story *story, const struct event *event, struct buffer *out);
/* The inputs of a rollback: a map by name, or null. */
void put_given(struct story *story, struct value inputs, struct buffer *out);
void put_lock(struct story *story, const struct event *event, struct buffer *out);
void put_closed(struct story *story, const struct event *event, struct buffer *out);

/* again.c: a run that goes back, or on */
void put_rollback(struct story *story, const struct event *event, struct buffer *out);
void put_changed_documents(struct story *story, const struct event *event, struct buffer *out);
void put_resumed(struct story *story, const struct event *event, struct buffer *out);
void put_undo(struct story *story, const struct event *event, struct buffer *out);

/* question.c: questions that are open, which a run that parks tells when it ends */
void note_question(struct story *story, const struct event *event, struct buffer *out);
/* It was answered, or its step has ended. */
void forget_question(struct story *story, const struct event *event);
void put_questions(struct story *story, struct buffer *out);

/* failure.c: the block that explains a failed attempt */
void put_failure(struct story *story, const struct row *row, const struct event *event,
		 struct buffer *out);

/* attempts.c: "1-4 connection refused, 5-150 404" */
void streak_add(struct story *story, struct row *row, const struct event *event);
void put_streaks(struct buffer *out, const struct row *row);

/* output.c: what steps write */
void put_output(struct story *story, struct row *row, const struct event *event,
		struct buffer *out);
/* The beginnings of lines whose end did not come. */
void put_held(struct story *story, struct row *row, struct buffer *out);
/* The last lines of a stream of a failed attempt, each with its prefix. */
void put_tail(struct story *story, const struct row *row, const char *stream, struct text text,
	      struct buffer *out);

/* ---- live.c: what goes on right now, as the block of a terminal shows it --------------------- */

#define LIVE_LINES 18 /* at most: 16 steps, the last line of output, the progress */

/* A step that runs. */
struct live_step {
	int32_t slot;
	int64_t again;      /* ms of the run, when its next attempt is due; -1: one runs */
	uint64_t spoke;     /* when it wrote last, by live.spoken; 0: nothing yet */
	struct buffer line; /* the line that its child is writing */
	struct buffer last; /* the last one that holds anything */
};

struct live {
	struct arena *arena;
	int64_t offset;               /* boot clock less the run's, ms */
	LIST(struct live_step) steps; /* those that run, in the order in which they began */
	size_t running;               /* so many; what stands behind them waits to be used again */
	uint64_t spoken;              /* lines that were written */
	size_t total;                 /* steps that the run has, and those that have ended */
	size_t ended;
};

void live_init(struct live *live, struct arena *arena);
/* now: boot clock, ms */
void live_event(struct live *live, const struct story *story, const struct event *event,
		int64_t now);

struct live_view {
	struct story *story;
	int64_t now;  /* boot clock, ms */
	size_t width; /* cells that a line may take */
	size_t most;  /* lines */
};
/* Appends the lines of the block, joined by line ends. Gives their number. */
size_t live_draw(const struct live *live, const struct live_view *view, struct buffer *out);

/* usual.c: "usually 41.7s", ", usually 14m06s"; "": that is not known, or not worth telling */
const char *usual_step(struct story *story, const struct row *row);
const char *usual_run(struct story *story);

/* ---- texts that fit ------------------------------------------------------------------------ */

enum tint { TINT_NONE, TINT_GOOD, TINT_BAD, TINT_DIM, TINT_BOLD };
void put_tint(struct buffer *out, const struct report_options *options, enum tint tint,
	      const char *text);
/* The text, made harmless; cut to so many cells, which "..." shows. Gives the cells it takes. */
size_t put_cut(struct buffer *out, const char *text, size_t cells);
/* The same on the rest of a line, with how much more there is: "aaaa ... 212 more". Gives whether
 * it was cut. */
bool put_short(struct buffer *out, const char *text, size_t cells);
/* Cells that are left of a line; 0 when it is full. */
size_t room_left(size_t width, size_t taken);
void put_blanks(struct buffer *out, size_t count);
/* The text, made harmless, broken at blanks where it can be, from column on; further lines begin
 * with margin. Ends with a line end. width 0: only the text's own lines are broken. */
void put_wrapped(struct buffer *out, const char *text, size_t column, const char *margin,
		 size_t width);

/* Items side by side on lines of at most width columns; the caller ends the last line. */
struct flow {
	struct buffer *out;
	size_t width;
	size_t column; /* where the line ends so far */
	bool fresh;    /* nothing stands in the line but its heading */
};
#define FLOW_GAP 2
#define FLOW_MARGIN 8 /* blanks before the items of further lines */
struct flow flow_begin(struct buffer *out, const char *heading, size_t width);
/* Behind an item that stands in the line already, of so many cells. */
struct flow flow_behind(struct buffer *out, size_t column, size_t width);
void flow_add(struct flow *flow, const char *text);

#endif
