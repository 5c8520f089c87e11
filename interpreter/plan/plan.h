/*
 * plan: declarations -> something that can run. Everything that a document can get wrong is told
 * here, before anything runs; what comes out is immutable.
 *
 *	plan_make: documents -> tables -> imports, includes, calls -> nodes with compiled
 *	           arguments, conditions and assertions -> references checked
 *
 * The tree of nodes is what runs: sections hold steps; groups, library steps and calls hold
 * steps; a step may own an undo, which holds steps. A node is found by its slot.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/list.h"
#include "base/map.h"
#include "base/sha256.h"
#include "expr/expr.h"
#include "field/field.h"
#include "source/source.h"
#include "step/step.h"
#include "value/value.h"

#define PLAN_MAX_STEPS 10000
#define PLAN_MAX_TIMEOUT (INT64_C(8760) * 3600 * NS_PER_S) /* a year */
#define PLAN_MAX_IMPORTS 64

/* ---- inputs -------------------------------------------------------------------------------- */

enum input_type {
	INPUT_STRING,
	INPUT_INT,
	INPUT_FLOAT,
	INPUT_BOOL,
	INPUT_DURATION,
	INPUT_PATH,
	INPUT_URL,
	INPUT_LIST,
	INPUT_MAP,
	INPUT_WORDS /* libraries only: a text split like `run`, or a list */
};
extern const char *const input_type_names[];

/* One row of `inputs`. */
struct input {
	const char *name;
	int type; /* enum input_type */
	const char *description;
	const struct node *dflt; /* as written; NULL: required */
	const char *env;         /* variable that may give it */
	const char *pattern;     /* must match whole */
	const char *refuse;      /* must not match anywhere */
	struct strings choices;
	const char *min, *max; /* as written; compared by type; NULL: none */
	bool secret;
	const char *prompt;
	const char *hint;
	struct span span;     /* of its name */
	const char *fragment; /* real path of the fragment that declares it, or NULL */
	struct value value;   /* the default, converted; only with dflt */
	bool rollback;        /* of rollback.inputs: given to a rollback, its default before one */
	bool flawed;          /* declared wrongly: nothing more is told of it */
};

const struct type *input_static_type(const struct input *input);

/* The text (of a flag, a variable, a prompt) or a YAML or JSON value as a value of the input's
 * type, with its bounds, pattern, refuse and choices tried. On failure an error value whose message
 * says what is wanted; a secret is not shown in it, and a value made from a secret input carries
 * VALUE_SECRET. */
struct value input_from_text(const struct input *input, struct text text, struct arena *arena);
struct value input_from_value(const struct input *input, struct value value, struct arena *arena);

/* ---- the plan ------------------------------------------------------------------------------ */

enum section {
	SECTION_PRECONDITIONS,
	SECTION_STEPS,
	SECTION_VERIFY,
	SECTION_ROLLBACK_PRECONDITIONS,
	SECTION_ROLLBACK,
	SECTION_FINALLY,
	SECTION_COUNT
};
extern const char *const section_names[SECTION_COUNT];

/* Whether all steps of the section are tried and none may change anything. */
bool section_only_looks(enum section section);

enum plan_kind {
	PLAN_SECTION, /* the root of a section of the document, or of a called one */
	PLAN_STEP,    /* one verb, or none (only assertions) */
	PLAN_GROUP,
	PLAN_LIBRARY, /* a library step: its children are its steps */
	PLAN_CALL,    /* a called runbook: its children are its sections */
	PLAN_UNDO,    /* the steps that reverse another node */
	PLAN_LOOP     /* a for_each: its children are its rounds, which plan_unroll makes */
};

enum on_failure { ON_FAILURE_STOP, ON_FAILURE_CONTINUE, ON_FAILURE_ASK };
enum on_crash { ON_CRASH_DEFAULT, ON_CRASH_RERUN, ON_CRASH_ASK, ON_CRASH_SKIP };

/* The keys that all steps have and that may hold templates; bound at each attempt. */
struct step_keys {
	const char *name;
	const char *note;
	const char *cwd; /* NULL: inherited */
	struct pairs env;
	int64_t timeout; /* ns; 0: the verb's own */
};

struct plan_assert {
	const struct expr *that;
	const struct template *message; /* or NULL */
	const struct template *hint;    /* or NULL */
	bool warn;
};

struct plan_capture {
	const char *name;
	const struct expr *expr;
};

struct plan_retry {
	const struct bound *bound; /* for plan_retry_limits */
	const struct expr *when;   /* or NULL */
};
/* What it says, computed for an attempt. */
struct retry_limits {
	int64_t attempts; /* in all; 0: no limit */
	int64_t every;    /* ns */
	double backoff;
	int64_t max_every; /* ns */
	double jitter;     /* 0 to 1: part of the pause */
	int64_t within;    /* ns; 0: none */
	struct strings on; /* classes; none: the default ones */
};
/* scope: of the step, without its outputs. False: *failure says why. */
bool plan_retry_limits(const struct plan_retry *retry, const struct expr_scope *scope,
		       struct arena *arena, struct retry_limits *out, struct failure *failure);
/* All classes of failure, NULL behind the last. */
extern const char *const plan_classes[];
/* Whether a failure of this class is tried again (`when` is the caller's). */
bool plan_retries(const struct retry_limits *limits, const char *class, const char *state);

/* A for_each. Its pattern, of which each round is a copy, stands behind it and never runs. */
struct plan_loop {
	const struct expr *items;         /* NULL: */
	const struct field_value *listed; /* a list as it is written */
	struct span span;                 /* of either */
	int64_t parallel;                 /* rounds at once, at most */
	int32_t size;                     /* nodes of a round */
};

struct plan_scope;

#define PLAN_NONE (-1)

struct plan_node {
	int32_t slot;
	int32_t parent;       /* PLAN_NONE for the document's own sections */
	int32_t child;        /* the first, in the order written */
	int32_t last;         /* child */
	int32_t next;         /* sibling */
	int32_t prev;         /* sibling */
	int32_t undo;         /* a PLAN_UNDO node, whose parent this node is */
	int32_t done_when;    /* the step that looks whether this one is done, whose parent it is */
	int32_t preview;      /* its harmless variant, whose parent it is */
	const int32_t *needs; /* slots of what must be done before it begins */
	size_t need_count;
	bool by_needs; /* it waits for these only, not for all that stand before it in its list */
	bool is_graph; /* of what holds a list: some member of it is by_needs */
	const struct plan_loop *loop; /* of a PLAN_LOOP */
	uint8_t kind;                 /* enum plan_kind */
	uint8_t section; /* enum section; of a PLAN_SECTION below a call, the called runbook's */
	uint8_t effect;  /* enum effect as far as check knows; of a structure the greatest in it */
	uint8_t on_failure;
	uint8_t on_crash;
	bool sensitive;
	bool previews;        /* it is a preview, or stands in one: only a probe runs it */
	bool undo_any;        /* undo: {after: any} */
	bool conditional;     /* it, or something around it, may be skipped */
	const char *left_out; /* the options by which it does not run: "--only"; NULL: it does */
	struct strings tags;
	const char *path;  /* "2.3" */
	const char *id;    /* or NULL */
	const char *label; /* id behind the labels of the uses around: "verify.health"; or NULL */
	const char *title; /* the name as written, else the verb and its text as written */
	struct span span;  /* where it stands: its name, else its verb */
	struct span what;  /* its verb's text where there is one: what a failed attempt points at */
	int32_t effect_owner;    /* library step around it whose effect is its own; PLAN_NONE */
	bool late;               /* `error` may be named here */
	const struct node *node; /* its mapping in the document */
	const struct plan_scope *scope;   /* whose names its expressions see */
	const struct plan_scope *inner;   /* of a library step or a call: its steps' names */
	const struct expr_options *names; /* what its `when`, keys and arguments may name */
	const struct expr_options *after; /* and its assertions, captures, retry: its outputs too */
	const struct output *outputs; /* its verb's, its library step's or its call's; NULL: none */
	const struct plan_output *computed; /* of library step or call; NULL: its last child's */
	const char *verb;                   /* as written: "run", "compose"; NULL without */
	const struct step_type *type;       /* of a PLAN_STEP with a verb; NULL without */
	const struct bound *args;
	const struct bound *keys;           /* binds to struct step_keys; NULL: none is written */
	const struct template *effect_text; /* of the step or its library step; NULL: the verb's */
	const struct plan_scope *effect_scope; /* whose names that sees */
	const struct expr *when;
	const struct plan_assert *asserts;
	size_t assert_count;
	const struct plan_capture *captures;
	size_t capture_count;
	const struct plan_retry *retry; /* NULL: one attempt */
	const struct text *kept; /* outputs that some expression of the plan names: recorded */
	size_t kept_count;
	struct asked asked; /* where its verb selects: outputs that expressions name, its own too */
};

/* A named value of a scope. */
struct plan_var {
	const char *name;
	const struct field_value *value;
	struct span span;
};

/* What a use gives to an input. */
struct plan_with {
	size_t input; /* index into the scope's inputs */
	const struct node *node;
	const struct field_value *value; /* NULL for words */
	const struct place_text *words;  /* of an input of type words */
	const struct plan_scope *scope;  /* whose names it sees: the user's, or the importer's */
};

struct plan_output {
	const char *name;
	const struct expr *expr;
	const char *description; /* or NULL */
};

enum scope_kind { SCOPE_DOCUMENT, SCOPE_CALL, SCOPE_LIBRARY };

/* The root names that every scope has, in the order of their values. A step's outputs stand
 * behind them, from NAME_COUNT on, in the order of the verb's table. */
enum scope_name {
	NAME_INPUTS,
	NAME_VARS,
	NAME_ENV,
	NAME_STEPS,
	NAME_RUN,
	NAME_NOW,
	NAME_ERROR, /* rollback, conditions, undo, finally: elsewhere naming it is an error */
	NAME_ITEM,  /* in a for_each, as the next: elsewhere naming it is an error */
	NAME_INDEX,
	NAME_COUNT
};

/* What a scope is a copy of, for the round of a for_each. */
struct plan_round {
	const struct plan_scope *of;
	int32_t loop;       /* slot of the for_each */
	int64_t index;      /* of the round */
	bool around;        /* the scope in which the for_each stands: it has item and index */
	int32_t from, size; /* the slots of the pattern */
	int32_t shift;      /* from them to those of the round */
};

/* A namespace: of the document, of one call, of one use of a library step. */
struct plan_scope {
	uint32_t index;
	enum scope_kind kind;
	const struct plan_scope *outer; /* of the use; NULL: the document that runs */
	int32_t node;                   /* the call or library step; PLAN_NONE */
	const char *document;           /* name of its document, for messages */
	const struct input *inputs;
	size_t input_count;
	const struct plan_with *with;
	size_t with_count;
	const struct plan_var *vars;
	size_t var_count;
	const struct bound *env;           /* binds to struct scope_env; NULL: none */
	const struct bound *rollback_env;  /* over env in a rollback; the same; NULL: none */
	const struct plan_output *outputs; /* of call or document; a NULL name ends it; or NULL */
	const struct expr_options *names;  /* its root names */
	const struct map *ids;             /* id -> const struct plan_node * */
	const struct bound *defaults;      /* binds to struct scope_defaults; NULL: none */
	const struct plan_round *round;    /* NULL: it is of the plan as it was made */
};

struct scope_env {
	struct pairs env;
};

/* What holds for the steps of a document that do work, those of libraries that it uses too. */
struct scope_defaults {
	int64_t timeout; /* ns; 0: none */
	const char *cwd; /* or NULL */
};

enum rollback_mode { ROLLBACK_ASK, ROLLBACK_AUTOMATIC, ROLLBACK_MANUAL };

struct plan_condition {
	const char *reason;
	const struct expr *when; /* or */
	const struct template *ask;
};

struct plan_rollback {
	bool declared;
	enum rollback_mode mode;
	const struct plan_condition *conditions;
	size_t condition_count;
	bool verify; /* false: `verify: false` */
	/* Slots of the sections of preconditions: of the document and of all that it calls. */
	const int32_t *checks;
	size_t check_count;
};

struct plan {
	const char *name;   /* of the document, as typed */
	const char *path;   /* real */
	const char *folder; /* of the document: where cwd starts */
	const char *title;  /* `name` */
	const char *description;
	const char *owner;
	const struct plan_node *const *nodes; /* by slot */
	size_t node_count;
	const struct plan_node **own_nodes; /* of plan_unroll, as the next three */
	const struct plan_scope **own_scopes;
	size_t node_room, scope_room;
	size_t step_count;                      /* nodes that run something */
	int32_t sections[SECTION_COUNT];        /* slots; PLAN_NONE: not written */
	const struct plan_scope *const *scopes; /* scopes[0] is the document's */
	size_t scope_count;
	struct plan_rollback rollback;
	const struct template *const *locks; /* of the document and of all that it may call */
	const struct plan_scope *const *lock_scopes;
	size_t lock_count;
	bool lock_path;                        /* the document's own lock is its real path */
	int64_t timeout;                       /* of the run, ns; 0: none */
	struct strings programs;               /* requires.programs of all documents */
	const struct source *const *documents; /* every file that was read; [0] is the document */
	size_t document_count;
	const char *const *drivers; /* modules that its steps need, NULL behind the last */
	bool names_last;            /* some expression of the document names run.last */
	const struct plan_selection *selection; /* of plan_select; NULL: all of it runs */
	const struct plan_library *library;     /* the document, if it is one; else NULL */
};

/* What a run records of its plan; a check needs none of it. */
struct plan_digest {
	char plan[SHA256_HEX];         /* of the documents and the program's version */
	char (*documents)[SHA256_HEX]; /* of the text of each */
};
struct plan_digest plan_digest(const struct plan *plan, struct arena *arena);

/* Where documents are read from: the disk, or a run's folder. */
struct plan_reader {
	/* As source_load. */
	const struct source *(*read)(const struct plan_reader *reader,
				     const struct source_file *file, struct arena *arena,
				     struct diags *diags);
	void *data;
	const char *typed; /* name of the document in messages; NULL: that of plan_make */
	bool standard;     /* it has the standard library too (path NULL), not the embedded one */
};
extern const struct plan_reader plan_reader_disk;

/*
 * Reads and checks a runbook and all that it imports, includes and calls. NULL when at least one
 * error was reported. A library or fragment is checked too, and gives a plan without sections.
 * name is what the operator typed; it is opened relative to the current folder.
 */
const struct plan *plan_make(const char *name, const struct plan_reader *reader,
			     struct arena *arena, struct diags *diags);

/* The effect of a node that has effect_text. scope: of its effect_scope. False: *failure says why.
 */
bool plan_effect(const struct plan_node *node, const struct expr_scope *scope, struct arena *arena,
		 enum effect *effect, struct failure *failure);

enum plan_gate {
	PLAN_NO_GATE,
	PLAN_GATE_PERHAPS, /* its effect is computed, and may turn out to destroy something */
	PLAN_GATE
};
/* Whether somebody must agree before it runs. A library step that declares an effect stands for all
 * of its steps. */
enum plan_gate plan_gate(const struct plan_node *node);

/* ---- rounds -------------------------------------------------------------------------------- */

#define PLAN_MAX_NODES 100000 /* with all rounds of all loops */
/* Opens a for_each: its children are count copies of its pattern, with scopes of their own. What
 * the caller's struct shares with that of plan_make stays as it is. Slots follow from the openings.
 */
void plan_unroll(struct plan *plan, int32_t loop, size_t count, struct arena *arena);
bool plan_has_room(const struct plan *plan, int32_t loop, size_t count);
bool plan_is_group(const struct plan_node *node); /* or a loop: it belongs to the list around it */
/* The slot that an id of the scope means: in the round of a loop that of this round. */
int32_t plan_seen(const struct plan_scope *scope, int32_t slot);

/* ---- values of a scope --------------------------------------------------------------------- */

/* The values of a scope's names: of the run, of a forecast, or as far as check knows them. */
struct instance {
	const struct plan_scope *scope;
	struct value names[NAME_COUNT];
};

/* Where the instances of a plan are found and what fills them. */
struct instances {
	struct instance *at; /* by scope index */
	size_t count;
	/* An environment variable of the operator, or NULL; NULL itself: not known before the run.
	 */
	const char *(*variable)(void *data, const char *name);
	void *data;
	const struct clock *clock; /* of `now`; NULL: not known before the run */
	/* What is told of a value that cannot be computed; it is unknown from there on. NULL: the
	 * first one ends what fills the instance. */
	field_wrong *wrong;
	void *wrong_data;
};

/* For an evaluation among the names of one scope, now. */
struct expr_scope instance_scope(struct instance *instance, const struct instances *instances);

/*
 * Fills inputs, vars and env of a scope that a use opens: what the use gives, else a shared
 * fragment's, the variable, the default. steps, run and error are the caller's to set first.
 * The scopes that the use can see must be open. False: *failure says why.
 */
bool instance_open(const struct instances *instances, struct instance *instance,
		   struct arena *arena, struct failure *failure);

/*
 * As instance_open and instance_compute, from what a run has recorded of inputs and vars: maps, or
 * null. What was not kept (a secret) is taken from its source again; what cannot be had is an
 * error value, which fails only who reads it.
 */
void instance_restore(const struct instances *instances, struct instance *instance,
		      struct value inputs, struct value vars, struct arena *arena);

/* The vars and env of a scope whose inputs are set. */
bool instance_compute(const struct instances *instances, struct instance *instance,
		      struct arena *arena, struct failure *failure);

/* The tables that describe a document, for explain, reference and tests: "runbook", "retry", ... */
struct plan_table {
	const char *name;
	const struct field *rows;
	const char *summary;
};
extern const struct plan_table plan_tables[]; /* ends with a NULL name */

/* A document of the embedded standard library by name ("compose"); ptr NULL: none of that name. */
struct text library_embedded(struct text name);
/* Their names, NULL behind the last. */
const char *const *library_names(struct arena *arena);

/* The standard library, by the names "std/NAME". */
extern const struct plan_reader plan_reader_standard;

/* a library as those who use it see it */
#include "plan/library.h"
/* what is known before a run, and the dry run */
#include "plan/foresight.h"
/* a later plan of the same document */
#include "plan/later.h"
/* a part of a runbook */
#include "plan/select.h"

#endif
