/*
 * record: what happened. Events are the only way in which a run changes; the journal keeps them,
 *state_apply folds them.
 *
 *	engine: event -> event_append (masks) -> state_apply -> journal_commit -> sinks
 *	resume, rollback RUN, show: journal_read -> state_apply
 */
#ifndef RECORD_RECORD_H
#define RECORD_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/sha256.h"
#include "base/text.h"
#include "value/value.h"

/* ---- events -------------------------------------------------------------------------------- */

#define EVENT_VERSION 1

enum event_type {
#define EVENT(code, name, keeping, doc) code,
#define FIELD(name, doc)
#define VALUES(name, doc)
#define INPUTS(name, doc)
#include "record/event.def"
#undef INPUTS
#undef VALUES
#undef FIELD
#undef EVENT
	EVENT_TYPE_COUNT
};

/* One event. Sinks keep no pointers into it. */
struct event {
	enum event_type type;
	uint64_t seq;      /* given by the journal: 1, 2, ... */
	uint64_t tick;     /* given by the journal: events of one sync share it */
	int64_t wall;      /* nanoseconds since 1970 */
	int64_t ms;        /* since run.opened, boot clock */
	int32_t slot;      /* -1: no step is meant */
	uint32_t attempt;  /* 1, 2, ...; 0: none */
	const char *path;  /* "2.3": for people; NULL without a step */
	const char *id;    /* of the step, or NULL */
	struct value data; /* a map with the fields that event.def lists for the type */
	bool may_wait;     /* its step changes nothing: after a power loss nobody misses it */
	bool past;         /* of a journal that is gone on with: a sink learns from it, and does
			      not tell it again */
};

/* What the journal does with an event. */
enum event_keeping {
	EVENT_LIVE,    /* nothing: it is shown only */
	EVENT_WRITTEN, /* written with its commit, synced with the next that has to be: what is of
			  no use after a power loss */
	EVENT_SYNCED   /* written and synced with its commit, unless it may wait */
};

const char *event_name(enum event_type type);
enum event_keeping event_keeping(enum event_type type);
bool event_recorded(enum event_type type);
/* Whether it is of the first commit of its journal: run.opened and the locks. When it is the last
 * of a run whose process has ended, nothing of that run was executed. */
bool event_is_opening(const struct event *event);

/* Of run.opened: whether the run is of a part, and leaves steps out. */
bool event_is_partial(const struct event *event);

/* Whoever hears of events: a screen, a report. Keeps no pointers into them. */
struct sink {
	void (*event)(void *data, const struct event *event);
	void *data;
	bool no_output; /* what steps write is not shown: it need not be given step.output */
};

/* Builds the data of an event; a field that its type does not list is a bug(). */
struct event_builder {
	struct event event;
	struct value_map_builder map;
};
void event_begin(struct event_builder *builder, enum event_type type, struct arena *arena);
void event_step(struct event_builder *builder, int32_t slot, const char *path, const char *id,
		uint32_t attempt);
void event_set(struct event_builder *builder, const char *field, struct value value);
void event_set_text(struct event_builder *builder, const char *field, struct text text);
struct event event_end(struct event_builder *builder);

/* A field of the data, or null. */
struct value event_get(const struct event *event, const char *field);
/* Its text, or "" (NUL-terminated, in the arena). */
const char *event_text(const struct event *event, const char *field, struct arena *arena);
int64_t event_int(const struct event *event, const char *field, int64_t otherwise);

/*
 * One JSON line without line end; a live event has "live":true. Values keep their kind: what JSON
 * has no form for is a map of one entry that names it, as {"bytes":"aGk="} or {"timestamp":"..."}.
 * A secret value in data is written as {"secret":true}.
 */
void event_write(struct buffer *out, const struct event *event);
/*
 * For tests: reads such a line, which must outlive the event. False: *why says what is wrong. A
 * type that is not known is none: it becomes EVENT_TYPE_COUNT and keeps all its fields; fields that
 * a known type does not list are left out. A secret reads as an error value that is marked secret.
 */
bool event_read(struct text line, struct arena *arena, struct event *event, const char **why);

/* ---- state --------------------------------------------------------------------------------- */

enum step_status {
	STEP_NOT_RUN,
	STEP_RUNNING, /* an attempt has started */
	STEP_WAITING, /* between two attempts, or at a question */
	STEP_SUCCEEDED,
	STEP_FAILED,
	STEP_SKIPPED,
	STEP_ALREADY_DONE,
	STEP_UNDONE,
	STEP_LOST,
	STEP_CANCELLED
};
const char *step_status_name(enum step_status status);

struct step_state {
	enum step_status status;
	enum step_status undo; /* NOT_RUN, RUNNING, SUCCEEDED, FAILED, LOST, SKIPPED */
	uint32_t attempts;     /* started */
	int64_t started_wall;  /* of the first attempt */
	int64_t started_ms;    /* of the first attempt */
	int64_t attempt_ms;    /* when the last attempt started */
	int64_t ended_ms;      /* when the last attempt ended */
	int64_t again_ms;      /* WAITING: when the next attempt is due */
	uint64_t started_seq;  /* order of start; 0: never */
	uint64_t attempt_seq;  /* when the last attempt started */
	uint64_t ended_seq;    /* order of end; 0: never */
	const char *class;     /* of the last failure, or NULL */
	const char *message;
	const char *name;     /* its name with values put in, or NULL */
	const char *text;     /* what the last attempt did, values put in; or NULL */
	struct value outputs; /* map of outputs and captures that were kept, or null */
	struct value inputs;  /* of a call or library step, or null */
	struct value vars;
	struct value items;   /* of a loop: those of its last opening, or null */
	bool effect;          /* an attempt with an effect has started, and not ended untouched */
	bool effect_before;   /* the same, before the last attempt */
	bool again;           /* it has ended badly, and a resume begins it anew */
	int pid;              /* of the last attempt's process; 0: none was recorded */
	uint64_t pid_started; /* clock ticks since boot */
	const char *boot;     /* id of the boot in which it was spawned */
	int64_t asked_wall;   /* of a gate that a resume asks again: when it was asked first; 0 */
	bool continued;       /* FAILED, and on_failure lets the run go on */
	unsigned warnings;    /* of the attempt that decided */
	int32_t parent;       /* slot that it stands in, by the outline; -1 */
	int32_t log;          /* number of its logs; only of one that has started */
};

struct ask_state {
	const char *ask;
	const char *kind;
	int32_t slot;
	enum step_status before; /* of the step, when the question was opened */
	const char *text, *show, *must_type, *evidence; /* NULL where it has none */
	struct value who; /* list of the users and @groups who may answer, or null: anybody */
	uint64_t opened_seq;
	int64_t opened_wall;
	bool answered;
	const char *answer;
	const char *by;
	const char *how;
	const char *note;
	int64_t answered_wall;
};

enum run_phase { RUN_OPEN, RUN_ROLLING_BACK, RUN_CLOSED };

/* What is known of a run: a fold over its events and nothing else. Lives in one arena. */
struct state {
	struct arena *arena;
	enum run_phase phase;
	const char *run_id;
	int64_t opened_wall;
	struct step_state *steps; /* by slot */
	size_t step_count;
	size_t step_room;            /* of the array */
	size_t round_count;          /* of them, behind those of the outline: of rounds */
	int32_t log_shift;           /* from slots to numbers of logs */
	LIST(struct ask_state) asks; /* in order of opening */
	struct value opened;         /* data of run.opened */
	struct value actor;          /* of run.opened, or of who went on with it last */
	struct value rollback;       /* data of rollback.opened, or null */
	struct value closed;         /* data of run.closed, or null */
	uint64_t rollback_seq;       /* of rollback.opened; 0: none */
	bool by_operator;            /* an operator rolls it back, not the run itself */
	uint64_t seq;                /* of the last event */
	int64_t ms;                  /* of the last event */
	int64_t limited_ms;          /* from when the run's timeout counts: a run that had failed
					has all of it again */
	int64_t waited_ms;           /* since then nothing but an answer was waited for */
	int32_t failed_slot;         /* the first step whose failure stops the run; -1 */
	bool cancelled;              /* an attempt was cancelled, or the run */
	bool aborted;                /* a resume has ended it: what is lost stays so */
	uint64_t resumed_seq;        /* of the last run.resumed; 0: none */
};

void state_init(struct state *state, struct arena *arena);

/*
 * The only function that changes a state. Copies what it keeps. False, and nothing changed, when
 * the event cannot follow: before run.opened, a slot out of range, a start of what runs, a success
 * of what does not. For whoever made the event that is a bug(), for a reader of a journal it is
 * damage. A step may start again after it has ended (attempt is then 1, or one more than before),
 * and fail or be cancelled without having started. Live events and unknown types change nothing.
 */
bool state_apply(struct state *state, const struct event *event);

/* The latest ask of that id, or NULL. */
const struct ask_state *state_ask(const struct state *state, const char *ask);

/* ---- masking ------------------------------------------------------------------------------- */

/* One automaton over all forms of all secrets: raw, base64 (three alignments, both alphabets),
 * percent, JSON, shell and hex forms. */
struct mask;
struct mask *mask_new(struct arena *arena);
#define MASK_MAX (256u << 10) /* bytes of all secrets together */
/* Registers a secret, and the password in it if it is a URL or a connection. False when it is
 * shorter than 8 characters: then it is not masked, and the caller warns; or when the mask is full.
 */
bool mask_add(struct mask *mask, struct text secret);
/* Of a text that is no secret: the passwords in it if it is a URL or a connection. */
void mask_add_passwords(struct mask *mask, struct text text);
/* Registers all that is secret in a value, deep: its strings and bytes, less those that are short.
 * False when the mask is full. */
bool mask_add_value(struct mask *mask, struct value value);
/* Whether a secret was left out, because together they would have been more than MASK_MAX. */
bool mask_is_full(const struct mask *mask);
/* The text with every secret replaced by "***". The same text when nothing was found. */
struct text mask_text(const struct mask *mask, struct text text, struct arena *arena);
/* All strings in a value, deep. */
struct value mask_value(const struct mask *mask, struct value value, struct arena *arena);

/* A stream: holds back only bytes that may begin a secret. */
struct mask_stream;
struct mask_stream *mask_stream_new(const struct mask *mask, struct arena *arena);
/* Gives what may be shown now; valid until the next call. */
struct text mask_feed(struct mask_stream *stream, struct text bytes);
/* What was held back. */
struct text mask_flush(struct mask_stream *stream);

/* ---- the store ----------------------------------------------------------------------------- */

/* Why the store cannot be used: exit 8, or 6 for a lock. */
struct store_error {
	const char *message; /* lower case, with the path and the system's words */
	const char *hint;    /* the command that mends it, or NULL */
	bool held;           /* another process has it open for writing: the run goes on there */
};

/* The folder of all runs: DIR given, else $XDG_STATE_HOME/runbook, else ~/.local/state/runbook;
 * root: /var/lib/runbook. */
struct store {
	struct arena *arena;
	const char *path;   /* absolute */
	const char *notice; /* what an operator should know before a run is kept there; NULL:
			       nothing */
	int fd;             /* -1: there is none yet, and so no run */
};
/* Opens it as it is, for who only looks: makes nothing. Refuses what store_open refuses. */
bool store_look(struct store *store, const char *path, struct arena *arena,
		struct store_error *error);
/* Opens it, making it (0700) if need be. Refuses one that another owns, that group or others may
 * write, that is a symbolic link or on a network. Closed with the arena; whatever the functions
 * below give lives there too. */
bool store_open(struct store *store, const char *path, struct arena *arena,
		struct store_error *error);

/* A run's folder: runs/20260302T130211Z-7K3Q with documents/ logs/ values/ files/. */
struct run_folder {
	const char *id;       /* 20260302T130211Z-7K3Q */
	const char *short_id; /* 7K3Q while it is unique among the runs */
	const char *path;
	int fd;
	struct arena *arena; /* of the store */
};
/* Makes one with a new id, synced, and holds it until the arena is done or the process ends,
 * however it ends. wall: nanoseconds since 1970. */
bool store_create(struct store *store, int64_t wall, struct run_folder *run,
		  struct store_error *error);
/* Whether whoever made it lives: one without a record is just being opened, or was left. */
bool store_is_held(const struct run_folder *run);
/* Holds it as its maker does, for who wants to remove it. False: it is held. */
bool store_hold(const struct run_folder *run);
/* Removes the folder of a run that was refused before anything was kept in it: it got no lock. */
void store_discard(struct run_folder *run);
/* By any unique prefix or suffix of the id, in capitals or small letters. False: *error says that
 * there is none, or names those that fit. */
bool store_find(struct store *store, const char *id, struct run_folder *run,
		struct store_error *error);
/* Ids of all runs, newest first. */
bool store_list(struct store *store, const char *const **ids, size_t *count,
		struct store_error *error);
/* Opens one of the runs that store_list gave. */
bool store_open_run(struct store *store, const char *const *ids, size_t count, size_t index,
		    struct run_folder *run, struct store_error *error);
/* Removes a run with all that is kept of it: afterwards it is not listed any more, also where not
 * all of it could be removed (then false). What a removal that was interrupted has left goes with
 * the next. */
bool store_remove(struct store *store, struct run_folder *run, struct store_error *error);
/* Keeps a document under documents/DIGEST, synced with its folder. digest: 64 small hex digits,
 * else a bug(). */
bool store_keep(struct run_folder *run, const char *digest, struct text content,
		struct store_error *error);
/* Reads it back into the arena. False also when its SHA-256 is not the digest. */
bool store_kept(struct run_folder *run, const char *digest, struct arena *arena,
		struct text *content, struct store_error *error);

/* ---- the journal --------------------------------------------------------------------------- */

#define JOURNAL_RESERVE (256u << 10) /* bytes kept allocated behind the end */
#define JOURNAL_FILL (32 << 10)      /* of these, blanks that are written at a time */
#define JOURNAL_MAX_LINE (256u << 10)
#define JOURNAL_DELAY 1000 /* ms that a record may wait for its sync */

/*
 * journal.jsonl in the run's folder: plain text at every moment, one event a line. The end of a
 * line is its sum: the SHA-256, in hex, of the sum before (none before the first) and of the bytes
 * of this line up to its ',"sum":'. The last line of a commit has "commit":true; "commit":false if
 * it was not synced, and then the next commit goes on with the same tick. The chain shows
 * edits by others than the owner of the folder; it is no signature.
 * Until the journal is closed up to JOURNAL_FILL blanks follow the last line: what is written over
 * bytes that are there is safe sooner than what makes the file longer, whose length is synced too.
 */
struct journal;
/*
 * Creates it (synced, the folder too), or opens it for going on: then it is read and checked first,
 * and a torn tail is cut off. NULL: *error says why. mask may be NULL. Closed with the arena. Until
 * then no other process can open it, however this one ends.
 */
struct journal *journal_open(struct run_folder *run, const struct clock *clock,
			     const struct mask *mask, struct arena *arena,
			     struct store_error *error);
/* Whether a process has it open for going on: the run is alive. */
bool journal_is_held(const struct run_folder *run);
/* Keeps it from being opened for going on until the run's arena is done, for who wants to remove
 * it. False: a process has it open. One that is not there is opened by nobody. */
bool journal_keep_shut(const struct run_folder *run);
/*
 * Gives the event its seq, tick, wall and ms, masks its data (a live event too, which is not
 * written and has the seq of the recorded event before it), and puts it with the next commit. A
 * field that makes the line longer than JOURNAL_MAX_LINE is moved to values/.
 */
void journal_append(struct journal *journal, struct event *event, struct arena *arena);
/* What an event that is appended now gets as its ms: the run has no other origin of time. */
int64_t journal_now(const struct journal *journal);
/* seq of its last event; 0: it has none. */
uint64_t journal_seq(const struct journal *journal);
/*
 * One write for all appended events, and one fdatasync unless all of them may wait or are
 * EVENT_WRITTEN. What may wait is synced with the next that may not, or by the first commit, be it
 * empty, after journal_due. After an error the file is cut back to the last commit and the journal
 * takes nothing any more: exit 8.
 */
bool journal_commit(struct journal *journal, struct store_error *error);
/* When what may wait has waited for JOURNAL_DELAY, as journal_now; 0: nothing waits. */
int64_t journal_due(const struct journal *journal);
/*
 * Whether the reserve could not be renewed or a large value could not be kept: the ends of what
 * runs can still be recorded, but nothing new must start (exit 8). *error says why.
 */
bool journal_is_full(const struct journal *journal, struct store_error *error);
/* What an operator should know once: there is no reserve on this file system, a torn tail was cut
 * off, or a commit took longer than a second. NULL: nothing. */
const char *journal_notice(const struct journal *journal);

enum journal_end {
	JOURNAL_WHOLE,
	JOURNAL_TORN, /* a torn tail behind the last commit (or no line at all) was ignored; *error
			 says it */
	JOURNAL_DAMAGED /* exit 8: *error says line and why */
};
/*
 * Reads and checks the chain; calls event for each event of a committed tick, in order, up to the
 * damage if there is one. event gives false when the event cannot follow, which is damage. The
 * events live in the arena.
 */
enum journal_end journal_read(struct run_folder *run, struct arena *arena,
			      bool (*event)(const struct event *event, void *data), void *data,
			      struct store_error *error);

/*
 * How it begins and how it ends, whatever lies between: for who looks at many runs. What is read is
 * checked, what lies between is not.
 *
 * journal_first calls event for those of the first commit: run.opened and the locks. journal_last
 * gives the last event of the last commit; a journal whose end is not sound is read whole. False:
 * there is none, or it is damaged there.
 */
bool journal_first(struct run_folder *run, struct arena *arena,
		   bool (*event)(const struct event *event, void *data), void *data);
bool journal_last(struct run_folder *run, struct arena *arena, struct event *event);

/* ---- how runs have ended ------------------------------------------------------------------- */

struct run_end {
	const char *path, *document; /* of run.opened: its real path, and as it was typed */
	const char *status;          /* of run.closed; "": it has not ended */
	int64_t wall;                /* of its last event */
	bool begun;                  /* not only opened */
	bool partial;                /* steps were left out of it */
	struct value outputs; /* map, all of it data; a secret is an error value; null: none */
};
/* Reads the beginning and the end of its journal. False: it has none, or it is damaged there. */
bool run_end_read(struct run_folder *run, struct arena *arena, struct run_end *end);
/* The newest run of the whole document at that real path that has ended well. False: there is none;
 * or *error says, where its message is not NULL, why that is not known. */
bool store_last_good(struct store *store, const char *path, struct run_folder *run,
		     struct run_end *end, struct store_error *error);

/* ---- logs ---------------------------------------------------------------------------------- */

#define LOG_MAX (64u << 20)  /* bytes of one attempt's log, from its beginning */
#define LOG_TAIL (64u << 10) /* and from its end, where there are more */

/*
 * logs/NNNN-ID.ATTEMPT.log (0600): both streams as they came, secrets masked, up to LOG_MAX bytes;
 * of what is more the last LOG_TAIL bytes behind a line that says how much is left out before them.
 * A step that runs again goes on with the log that it has. A log that
 * cannot be written never fails a step: log_error says it.
 */
struct log;
/* Never NULL. Closed with the arena at the latest. number: of the step, from its state. */
struct log *log_open(struct run_folder *run, int32_t number, const char *id, uint32_t attempt,
		     const struct mask *mask, struct arena *arena);
/* stream: 1 or 2. */
void log_write(struct log *log, int stream, struct text bytes);
/* Writes what masking held back, and the end of what was too long. */
void log_close(struct log *log);
/* Why the log is not whole, or NULL. */
const char *log_error(const struct log *log);
/* Path of an attempt's log; NULL if there is none. */
const char *log_path(struct run_folder *run, int32_t number, uint32_t attempt, struct arena *arena);

/* ---- locks --------------------------------------------------------------------------------- */

/* Who holds a lock. Texts are NULL where nothing is known; control characters are taken out. */
struct lock_holder {
	int pid; /* 0: not known (another container) */
	const char *user, *host, *run, *document, *since;
	const char *doing; /* "2.3 Pull images": the step that runs, as its journal says it */
};
struct lock_request {
	const char *name; /* as the document says it */
	const char *run_id;
	const char *document;
	const char *run_path; /* the run's folder: where others look what it is doing */
	const char *folder;   /* NULL: /run/lock/runbook */
};
struct lock_answer {
	const char *path;          /* of the lock's file */
	struct lock_holder holder; /* LOCK_HELD */
	const char *notice;        /* LOCK_TAKEN: what an operator should know, or NULL */
	struct store_error error;  /* LOCK_FAILED */
};
enum lock_result { LOCK_TAKEN, LOCK_HELD, LOCK_FAILED };
/*
 * flock on a file of /run/lock/runbook (1777); where that cannot be made under the state folder
 * (answer->notice says so). Never waits. Held until the arena is done or the process ends, however
 * it ends; children do not inherit it. answer lives in the arena.
 */
enum lock_result lock_take(const struct lock_request *request, const struct store *store,
			   struct arena *arena, struct lock_answer *answer);

#endif
