/*
 * run: making it happen.
 *
 *	decide(plan, state, now) -> one intent -> prepare: events -> state_apply -> journal -> sinks
 *	-> attempt_start -> the loop -> task_finish -> events for the next tick
 *
 * decide is pure. Whatever changes a run is an event, committed before the effect that it
 *announces.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/io.h"
#include "plan/plan.h"
#include "record/record.h"

/* ---- deciding ------------------------------------------------------------------------------ */

enum intent_kind {
	INTENT_WAIT,   /* nothing before something happens, or before due */
	INTENT_BEGIN,  /* a step's first attempt, or a structure */
	INTENT_PROBED, /* its done_when has ended: begin it, or it is done already */
	INTENT_RETRY,  /* a further attempt */
	INTENT_END,    /* a structure whose members have ended: status says how */
	INTENT_UNDO_BEGIN,
	INTENT_UNDO_END, /* status says how */
	INTENT_ROLLBACK, /* the run has failed: try the conditions */
	INTENT_CLOSE     /* status and exit say how */
};

enum run_status {
	RUN_GOING, /* how it ends is not decided */
	RUN_SUCCEEDED,
	RUN_FAILED,
	RUN_ROLLED_BACK,
	RUN_ROLLBACK_FAILED,
	RUN_ROLLBACK_UNMET, /* its preconditions did not hold: nothing was undone */
	RUN_CANCELLED,
	RUN_UNMET,
	RUN_UNSURE /* a step was lost: nobody can say what it has done */
};
extern const char *const run_status_names[];

struct intent {
	enum intent_kind kind;
	int32_t slot;
	int64_t due;             /* WAIT: ms since run.opened; 0: none */
	enum step_status status; /* END, UNDO_END */
	int32_t culprit;         /* END, CLOSE: the step whose failure it is; -1 */
	enum run_status run;     /* CLOSE, and of all that finally does */
	int exit;                /* CLOSE */
};

/*
 * How far a list has been walked, so that a long one is not walked from its beginning each time:
 * the members before next have ended well, and stay so as long as the same beginning counts. Starts
 * zeroed; forgetting it changes nothing but the time that decide takes.
 */
struct passed {
	uint64_t since; /* what was older had not run */
	int32_t next;   /* 0: not walked yet */
};

/* What decide knows beside plan and state. */
struct decide {
	const struct plan *plan;
	const struct state *state;
	int64_t now;           /* ms since run.opened */
	bool stopping;         /* a signal, or the run's timeout: nothing new starts */
	bool forced;           /* stopping at once: finally does not run either */
	bool expired_run;      /* it stops because the run took longer than its timeout */
	const bool *expired;   /* by slot: structures whose timeout has passed; NULL: none */
	struct passed *passed; /* by slot of what holds a list; NULL: each is walked whole */
	bool full;             /* as many steps run as may at once */
};

/* The next thing to do. Reads nothing but its argument: replay gives the same. Changes passed only.
 */
struct intent decide(const struct decide *decide);

/* ---- running ------------------------------------------------------------------------------- */

struct engine;

#define RUN_JOBS 8 /* steps that run at once, where nobody says more or less */

struct run_setup {
	const struct plan *plan;
	struct store *store;
	struct loop *loop;
	struct arena *arena;        /* of the run: everything of it lives there */
	struct mask *mask;          /* the secrets of the inputs are registered already */
	const struct value *inputs; /* of the document, in their order */
	const char *const *sources; /* where each came from: "flag", "env", "default", ... */
	const char *from;           /* id of the run that gave those whose source is "from" */
	const char *const *command; /* words of the command line, NULL behind the last */
	struct strings secrets;     /* NAME=file:PATH ...: where --secret takes what is not kept */
	const char *cwd;            /* where the operator stands */
	const char *revision;       /* of the repository around the document, or NULL */
	struct strings approve;     /* gates that are opened by flag: ID, ID=TEXT that is typed */
	struct strings evidence;    /* ID=TEXT: what is noted of gates that are opened by flag */
	bool interactive;           /* somebody can answer */
	int64_t lock_timeout;       /* ns for which a lock is waited for; 0: not at all */
	size_t jobs;                /* steps that run at once, at most; 0: RUN_JOBS */
	const struct sink *sinks;
	size_t sink_count;
};

/* Why a run could not begin: the exit code, and what to print. */
struct run_refusal {
	int exit;
	const char *message;
	const char *hint; /* or NULL */
};

/* Makes the run's folder and journal, takes the locks and records run.opened. NULL: *refusal. */
struct engine *run_open(const struct run_setup *setup, struct run_refusal *refusal);

/*
 * run.last of a run of the plan that begins now: {id, finished_at, outputs}, or null where no run
 * has ended well, or no expression names it: then the store is not looked at. False: *error.
 */
bool run_last(struct store *store, const struct plan *plan, struct arena *arena, struct value *last,
	      struct store_error *error);
/* That of a run, from the data of its run.opened. */
struct value run_last_recorded(struct value opened);

/* ---- other documents ----------------------------------------------------------------------- */

struct run_loop_opened {
	int32_t slot;
	size_t count;
};

/* Whether a run that has stopped can go on with a later plan of its document. */
struct run_accept {
	const struct plan *was, *now; /* as they were made */
	const struct plan_match *match;
	const struct state *state;
	const struct run_loop_opened *loops; /* all that were opened, in their order */
	size_t loop_count;
	struct strings settled; /* lost steps of which the operator says what they did */
	bool back;              /* a rollback begins */
};
struct run_accepted {
	struct value slots;              /* of run.resumed; null: all as they were */
	struct value anew;               /* the same; null: none */
	const struct plan_node *refused; /* false: the step, or NULL; of the earlier plan unless it
					    is new */
	const char *why;                 /* "it has run already, as it was" */
	const char *hint;                /* or NULL */
	bool lost;                       /* the operator must say first what it did */
};
/* What has run must be what it was: only its name, note, preview and undo may be others. */
bool run_accepts(const struct run_accept *accept, struct arena *arena, struct run_accepted *result);

/* With what a run that has stopped goes on. Steps are named by id or path. */
struct run_again {
	bool back;            /* it is rolled back */
	const char *reason;   /* of a rollback that begins; NULL: the run goes on where it stopped,
				 in its rollback if that has begun */
	struct strings rerun; /* lost steps that run again; in a rollback: that were not done */
	struct strings done;  /* lost steps that were done */
	bool abort;           /* it is ended as cancelled */
	uint64_t seq;         /* of its last event when that was decided */
	bool accept;          /* it is rolled back although a later run with the same lock has
				 changed something */
	bool other;           /* the plan is another one than that of the run, from here on: */
	struct value slots, anew, accepted; /* fields of run.resumed; null: none */
	const char *note;                   /* or NULL */
};

/*
 * Opens a run that has stopped: replays its journal, takes the locks, refuses while something of it
 * still runs (6); then what was lost is recorded and decided as far as on_crash and the operator
 * say. What is left is asked where somebody is there; a run that is resumed ends with 5 otherwise,
 * a rollback is refused with 5 when it must know. NULL: *refusal.
 */
struct engine *run_reopen(const struct run_setup *setup, struct run_folder *folder,
			  const struct run_again *again, struct run_refusal *refusal);

/* Runs until the run is closed, parked or refused by its store. Gives the exit code. */
int run_loop(struct engine *engine);

/* What the store said when run_loop gave 8. */
struct store_error run_store_error(const struct engine *engine);

enum answer_result {
	ANSWER_TAKEN,
	ANSWER_LATE,      /* no such question is open */
	ANSWER_NOT_YOURS, /* this operator is none of those who may answer */
};
/* An answer to an open question: "yes", "no", "again", "go_on", "stop"; how: "terminal". note may
 * be NULL. */
enum answer_result run_answer(struct engine *engine, const char *ask, const char *answer,
			      const char *how, const char *note);

/*
 * Of words ID and ID=TEXT the one about a gate, and its TEXT, NULL where it has none. "go" is about
 * "go", and about "go[0]" of a for_each where no word names that. NULL: no word is about it.
 */
const char *gate_word(const struct strings *words, const char *gate, const char **text);

/* Whether this operator is one of the users and @groups who may answer; none: anybody is. */
bool gate_is_open_to(const struct strings *by, struct arena *arena);

/* Stops the run: the first time as a signal does once, then as a second one does. */
void run_stop(struct engine *engine);

const struct state *run_state(const struct engine *engine);

/* For tests: the folder of the run. */
const struct run_folder *run_folder_of(const struct engine *engine);

/* " --secret NAME=file:PATH ...": what a command that goes on with a run needs again, as it can be
 * typed; "": nothing. Those that are given, or that a recorded command line names. */
const char *run_secrets_again(const struct strings *secrets, struct arena *arena);
const char *run_secrets_named(struct value command, struct arena *arena);

/* Programs that the documents require and the PATH lacks, NULL behind the last. */
const char *const *run_missing_programs(const struct plan *plan, struct arena *arena);

#endif
