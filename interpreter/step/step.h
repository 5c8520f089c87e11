/*
 * step: the verbs. A verb is one const table in one file: its fields, its outputs, its rules and
 * one function that starts it. It sees its arguments and its task, not its runbook; timeouts,
 * retries, assertions, captures and masking belong to the engine.
 */
#ifndef STEP_STEP_H
#define STEP_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "field/field.h"
#include "io/io.h"
#include "source/source.h"
#include "value/value.h"

/* ---- what a verb is ------------------------------------------------------------------------ */

/* What a step does to the world; greater is worse. */
enum effect {
	EFFECT_NONE,
	EFFECT_READ, /* safe to repeat at any time */
	EFFECT_WRITE,
	EFFECT_DESTRUCTIVE /* a gate stands before it */
};
extern const char *const effect_names[]; /* by enum effect, NULL behind the last */
const char *effect_name(enum effect effect);
/* False if the text names none. */
bool effect_read(struct text text, enum effect *effect);

/* A name that a step offers to expressions. */
struct output {
	const char *name;
	const struct type *type;
	const char *doc;
};

/* The outputs of a step that some expression of the plan names, "clean", or "tag.signed" of one
 * with fields: others need not be found out. */
struct asked {
	const struct text *names;
	size_t count;
};

/* Why an output is not to be had. */
struct lack {
	const char *needs;   /* the field that must be written for it; NULL: it is there */
	const char *other;   /* or this one, or NULL */
	const char *because; /* "a remote has only tags", or NULL */
	const char *hint;    /* a way to have it, as a sentence */
};

enum step_kind {
	STEP_KIND_WORK,     /* has start */
	STEP_KIND_GATE,     /* has start, waits for a person; its step needs an id */
	STEP_KIND_GROUP,    /* structure: plan/expand makes nodes of it */
	STEP_KIND_PARALLEL, /* a group whose members wait for nothing but what they need */
	STEP_KIND_CALL
};

struct task;

struct step_type {
	const char *name;    /* the key in the document: "http" */
	const char *main;    /* the field that the scalar form fills */
	const char *summary; /* one sentence */
	enum step_kind kind;
	enum effect effect; /* when effect_of is NULL */
	const struct field *fields;
	size_t size;                  /* of the arguments' struct */
	const struct output *outputs; /* ends with a NULL name; NULL: none */
	const struct output *parts;   /* fields of outputs, "tag.signed", for people; the same */
	const char *timeout;          /* of one attempt, "30s"; NULL: none */
	bool selects;  /* it finds out only the outputs that are asked for: task_asked */
	bool previews; /* another text of it may do no harm: it may have a `preview` */
	/* From what is written. */
	enum effect (*effect_of)(const struct bound *bound);
	/* Rules across fields; NULL when there are none. False after a diagnostic at span (the
	 * step). */
	bool (*check)(const struct bound *bound, struct span span, struct diags *diags);
	/* The driver module that an attempt with these arguments needs ("http", "postgres"), as far
	 * as it is known before the run; NULL: none. */
	const char *(*driver)(const struct bound *bound);
	/* Of an output, or of a field of it (empty: all of it), with what is written; NULL: it has
	 * all of them always. */
	struct lack (*lacks)(const struct bound *bound, struct text output, struct text field);
	/* What it will do, in one text for people; NULL: its main field says it. */
	void (*show)(struct buffer *out, const struct bound *bound, const struct expr_scope *scope,
		     struct arena *arena);
	/* Starts an attempt: leads to exactly one task_finish(), at once or from the loop. The
	 * arguments live as long as the task. */
	void (*start)(struct task *task, const void *args);
	const char *example; /* a step in YAML; executed through check by a test */
};

/* All verbs, in the order of the reference; NULL behind the last. */
extern const struct step_type *const step_types[];
const struct step_type *step_type_find(struct text name);

/* The text of a step, values put in as far as they are known. */
void step_show(struct buffer *out, const struct step_type *type, const struct bound *bound,
	       const struct expr_scope *scope, struct arena *arena);

/* ---- how it ended -------------------------------------------------------------------------- */

enum outcome_status { OUTCOME_SUCCEEDED, OUTCOME_FAILED, OUTCOME_LOST, OUTCOME_CANCELLED };

struct outcome_line {
	const char *label; /* "hint", "called", "body" */
	const char *text;  /* or NULL: what is quoted */
	/* Bytes from outside, and how many of them are shown: the engine cuts them behind masking,
	 * so that no part of a secret is left at the end. Not shown of a sensitive step. */
	struct text quoted;
	size_t shown;
	struct outcome_line *next;
};

struct outcome {
	enum outcome_status status;
	bool repeatable;      /* LOST: whoever asks again is known by a key, and it is done once */
	const char *class;    /* FORMAT.md section 11: exit, signal, timeout, connect, ... */
	enum diag_code code;  /* RB04xx */
	const char *message;  /* lower case, no full stop: "unexpected HTTP status" */
	const char *expected; /* or NULL */
	const char *actual;   /* or NULL */
	bool untouched;       /* it did nothing: it could not begin, or all of it was taken back */
	struct outcome_line *lines;
	const char *warning; /* of one that succeeded: what somebody should look at, or NULL */
	struct span span;    /* of the text that is to blame; no source: the step itself */
	const char *field;   /* or the argument that is, where there is no span; or NULL */
};

/* ---- what a verb may ask of its engine ----------------------------------------------------- */

/* Things that live as long as the run: connections, the worker. One a run, made by the engine. */
struct services {
	struct arena *arena; /* of the run */
	struct loop *loop;
	struct worker *worker;          /* started on first need */
	void *http, *postgres, *sqlite; /* each driver's cache, opened on first use */
};

/* A question to a person. */
struct question {
	const char *kind; /* approve, manual, destructive */
	const char *text;
	const char *name;      /* of a step that has not begun, values put in; or NULL */
	const char *show;      /* or NULL */
	struct strings by;     /* users and @groups; none: anybody */
	const char *must_type; /* or NULL */
	const char *evidence;  /* what the answerer is asked to note, or NULL */
};
/* What a step that is a gate asks for beside yes, whether or not it is known. */
struct gate_wants {
	bool text;     /* must_type is written */
	bool evidence; /* is written */
	bool note;     /* one is taken: it is a manual step */
};
struct gate_wants gate_wants(const struct step_type *type, const struct bound *args);
/* What a step that is a gate will ask, as far as it is known: a field that is not stays NULL, as
 * one that is not written. */
struct question gate_question(const struct bound *args, const struct expr_scope *scope,
			      struct arena *arena);

struct answer {
	const char *answer; /* yes or no */
	const char *by;
	const char *how;
	const char *note; /* or NULL */
	int64_t wall;
};

/* One attempt, as a verb sees it. The engine makes it and fills it. */
struct task {
	struct arena *arena; /* of the attempt: reset when it has ended */
	struct services *services;
	const char *const *env;    /* NAME=value, NULL behind the last: the whole environment */
	const char *cwd;           /* absolute */
	const char *run_dir;       /* the run's folder for steps, absolute */
	const struct asked *asked; /* NULL: nobody knows, so all outputs are */
	int64_t deadline; /* boot clock; 0: none. The engine cancels; drivers may pass it on */
	const struct engine_hooks {
		void (*output)(struct task *task, int stream, struct text bytes);
		void (*spawned)(struct task *task, int pid, uint64_t start);
		void (*ask)(struct task *task, const struct question *question);
		void (*finish)(struct task *task, const struct outcome *outcome,
			       struct value outputs);
	} * hooks;
	void *engine;                                  /* the hooks' own */
	void (*cancel)(struct task *task, void *data); /* set by task_cancel_with */
	void *cancel_data;
	void (*answered)(struct task *task, const struct answer *answer); /* set by task_ask */
};

/* Output of a child, 1 or 2, as it comes: for the log and the screen. What a verb wants to keep it
 * keeps itself. */
void task_output(struct task *task, int stream, struct text bytes);
/* A process was started for this attempt. */
void task_spawned(struct task *task, int pid, uint64_t start);
/* How to end the attempt early (timeout, signal); called again where it shall end at once. After it
 * the verb must still call task_finish. */
void task_cancel_with(struct task *task, void (*cancel)(struct task *task, void *data), void *data);
/* Asks; answered is called from the loop. A run that parks never calls it. */
void task_ask(struct task *task, const struct question *question,
	      void (*answered)(struct task *task, const struct answer *answer));
/* Ends the attempt: exactly once. outputs: a map or object, or null; may live in the task's arena.
 */
void task_finish(struct task *task, const struct outcome *outcome, struct value outputs);

/* The shortest ways to finish. */
void task_succeed(struct task *task, struct value outputs);
void task_fail(struct task *task, const char *class, enum diag_code code, struct value outputs,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Outputs over bytes that are looked at only when asked: text, lines, json over a buffer of at most
 * max bytes. See output.c. */

#endif
