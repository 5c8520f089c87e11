/* What the parts of run share. */
#ifndef RUN_INTERNAL_H
#define RUN_INTERNAL_H

#include "base/list.h"
#include "base/tail.h"
#include "run/run.h"

#define TAIL_SIZE (4u << 10) /* bytes of a stream that step.ended keeps for people */

/* The beginning of a character, until the rest of it comes. */
struct piece {
	char bytes[4];
	size_t len;
};

/* A limit of time. */
struct limit {
	int64_t left;      /* ns from the beginning of what it ends; 0: there is none */
	int64_t time;      /* ns, as it is written */
	const char *whose; /* "the step's timeout" */
};

/* One attempt that has been announced and is running. */
struct attempt {
	struct arena arena; /* dropped when the attempt has ended */
	struct engine *engine;
	const struct plan_node *node;
	uint32_t number;
	struct task task;
	void *args;
	struct tail tails[2];
	struct mask_stream *streams[2];
	struct piece pieces[2];
	struct log *log;
	struct limit limit;
	struct timer timer;          /* of limit */
	const struct limit *expired; /* the one that ends it, or NULL */
	bool started;
	bool cancelled;
	bool ended;
	struct outcome outcome;
	struct value outputs;
};

struct lock_taken {
	const char *name;
	const char *path;
};

/* The timeout of a structure. */
struct expiry {
	struct engine *engine;
	int32_t slot;
	struct timer timer;
};

struct engine {
	struct run_setup setup;
	struct plan plan;  /* that of the setup, which grows by the rounds of loops */
	size_t room;       /* of the arrays by slot */
	size_t scope_room; /* of the instances */
	struct arena *arena;
	struct arena tick; /* of the events of one tick */
	struct state state;
	struct journal *journal;
	struct run_folder folder;
	struct store_error error;
	struct services services;
	struct instances instances;
	const char *const *environ_base; /* the operator's, less the variables of secrets */
	const char *user, *host;
	const char *boot;                /* machine_boot */
	LIST(struct attempt *) attempts; /* those that run, and those that start after the commit */
	LIST(struct attempt *) finished; /* those whose end this tick records */
	LIST(struct attempt *) spare;    /* their memory, for the next */
	LIST(struct lock_taken) locks;
	LIST(struct event) pending; /* of this tick, for the sinks */
	bool *expired;              /* by slot */
	struct limit *limits;       /* by slot: of structures */
	struct limit limit;         /* of the run */
	struct passed *passed;      /* by slot: what decide need not walk over again */
	struct expiry **timers;     /* by slot: timeouts of structures, made on first use */
	uint8_t *effects;           /* by slot: of library steps that declare one, as it came out */
	int32_t failed_slot; /* the first failure that stopped the run, kept through its rollback;
				-1 */
	const char *failed_message, *failed_class;
	enum run_status ending; /* what finally is told of how the run ends */
	const char *condition;  /* reason of the rollback condition that holds, or NULL */
	struct timer due, whole;
	int64_t waited;    /* ns at gates, since the last answer: not recorded yet */
	struct value last; /* run.last; null: there is none */
	size_t held;       /* assertions that held */
	unsigned stops;    /* signals heard */
	bool begun;        /* some attempt was started, and not only announced */
	bool expired_run;
	bool parked; /* somebody is asked who is not here: what can run without the answer does */
	const char *before;  /* what is to be known of a run before this one, or NULL */
	const char *told;    /* the journal's notice, when it was told */
	uint64_t unrecorded; /* broken: the first event that is not in the record */
	bool broken;         /* nothing can be recorded any more */
	bool full;           /* the store takes nothing new: exit 8 */
	int exit;
	bool closed;
};

/* open.c */
struct engine *engine_new(const struct run_setup *setup);
struct engine *refuse(struct run_refusal *refusal, int exit, const char *message, const char *hint);
struct engine *refuse_store(struct run_refusal *refusal, const struct store_error *error);
struct value inputs_value(const struct engine *engine);
/* Documents, digest and outline: those of the plan, kept with the run. False: *error says why. */
bool put_documents(struct engine *engine, struct event_builder *event, struct store_error *error);
struct value actor_value(const struct engine *engine, struct arena *arena);
struct value words_value(const char *const *words, struct arena *arena);

/* last.c: run.last */
/* Looks for it; changed: it is another one than before. False: *error. */
bool last_find(struct engine *engine, bool *changed, struct store_error *error);
/* As it was recorded; looked: the documents name it now and did not before, and it was looked for.
 * False: *error. */
bool last_restore(struct engine *engine, bool *looked, struct store_error *error);
void last_put(const struct engine *engine, struct event_builder *event);

/* locks.c: NULL: *refusal */
struct engine *locks_take(struct engine *engine, struct run_refusal *refusal);
void locks_put(struct engine *engine);

/* unfinished.c */
/* Another run of the store. */
struct other {
	struct engine *engine; /* that looks at it */
	struct arena *arena;   /* of the look at this one */
	struct run_folder folder;
	struct event last; /* of its journal */
	const char *const *ids;
	size_t count, index;
};
/* Looks at all other runs, newest first, until look gives false. Of each its end is read. False:
 * *error. */
bool others_each(struct engine *engine, bool (*look)(struct other *other, void *data), void *data,
		 struct store_error *error);
/* As it is shown; lives as long as the run. */
const char *other_id(const struct other *other);
/* Whether a run had one of our locks. */
bool shares_lock(const struct engine *engine, struct run_folder *folder, struct arena *arena);
/* NULL: *refusal names a run with one of our locks that must be finished first. */
struct engine *unfinished_check(struct engine *engine, struct run_refusal *refusal);
/* later.c: before a rollback. NULL: *refusal names a run with one of our locks that has changed
 * something after this one. */
struct engine *later_check(struct engine *engine, const struct run_again *again,
			   struct run_refusal *refusal);

/* lost.c: attempts of which no end is recorded */
/* NULL: the process of one still lives; *refusal names it. */
struct engine *lost_check(struct engine *engine, struct run_refusal *refusal);
/* Records them. */
void lost_record(struct engine *engine);
/* Decides what was lost. NULL: *refusal. */
struct engine *lost_settle(struct engine *engine, const struct run_again *again,
			   struct run_refusal *refusal);
/* Whether a step was lost, nobody has decided it, and what comes next depends on it. */
bool lost_is_undecided(const struct engine *engine, const struct plan_node *node);
/* Closes the run when something lost is left undecided: nothing of it starts before. */
void lost_close(struct engine *engine);
/* Whether one of these, ids or paths, means the step. */
bool lost_names(const struct plan_node *node, const struct strings *names);
/* The step as its author wrote it: a step of a library stands for nobody but its use. */
const struct plan_node *as_written(const struct plan *plan, const struct plan_node *node);

/* forgotten.c: begins anew what has only looked for a secret; that was kept nowhere. */
void forgotten_begin_anew(struct engine *engine);

/* engine.c */
struct intent engine_next(const struct engine *engine); /* what decide says */
/* Ends what runs: because of a limit, or NULL. */
void cancel_all(struct engine *engine, const struct limit *expired);
int64_t engine_now(const struct engine *engine); /* ms since run.opened */
void engine_append(struct engine *engine, struct event_builder *builder);
void event_of(struct engine *engine, struct event_builder *builder, enum event_type type,
	      const struct plan_node *node, uint32_t attempt);
bool engine_commit(struct engine *engine);
/* Tells the screen something that is not recorded. */
void engine_notice(struct engine *engine, const char *text);

/* values.c: what expressions see of the run */
void instance_bind(struct engine *engine, struct instance *instance);
/* Of a round: all names as they are around the loop, but the steps of this round. */
void instance_bind_round(struct engine *engine, struct instance *instance,
			 const struct plan_scope *scope, const struct instance *around);
struct value step_output(const struct engine *engine, const struct plan_node *node,
			 struct text name, struct arena *arena, bool *found);
int32_t failed_leaf(const struct engine *engine);
/* What people are shown of a step: its name, or its verb and text, with the values that an attempt
 * was recorded with; before one as it is written. */
const char *step_shown(const struct engine *engine, const struct plan_node *node,
		       struct arena *arena);

/* secrets.c: false: *failure says that there are too many to be masked */
bool secrets_mask(struct engine *engine, struct value value, struct failure *failure);
bool secrets_mask_names(struct engine *engine, const struct instance *instance,
			struct failure *failure);
bool secrets_mask_bound(struct engine *engine, const struct bound *bound,
			const struct expr_scope *scope, struct failure *failure);
/* What run.opened keeps of a secret; NULL: nothing. */
const char *secret_trace(const struct engine *engine, const char *name, struct value secret,
			 struct arena *arena);
/* List of the names of inputs whose trace is another one than in run.opened; null: none. */
struct value secrets_changed(const struct engine *engine, struct arena *arena);

/* environment.c */
struct surroundings {
	const char *const *env;
	const char *cwd;
};
bool surroundings_make(struct engine *engine, const struct plan_node *node, struct arena *arena,
		       struct surroundings *surroundings, struct failure *failure);
const char *const *environment_base(const struct run_setup *setup, struct arena *arena);
/* What `defaults` says in the scope's document: zero where it says nothing. */
bool scope_defaults_bind(struct engine *engine, const struct plan_scope *scope, struct arena *arena,
			 struct scope_defaults *defaults, struct failure *failure);

/* prepare.c: intents to events */
/* Opens the names of a call or library step. */
bool names_open(struct engine *engine, const struct plan_scope *scope, struct failure *failure);
void prepare_begin(struct engine *engine, const struct plan_node *node, uint32_t number);
/* Begins it, or says that it is done, by what its done_when has said. */
void prepare_probed(struct engine *engine, const struct plan_node *node);
void prepare_end(struct engine *engine, const struct intent *intent);
/* What stood around a step when the program ended: its timeout and its effect count again. */
void structure_reopen(struct engine *engine, const struct plan_node *node);
/* Ends a step that has not started (or a structure) with a failure. */
void step_fail(struct engine *engine, const struct plan_node *node, uint32_t attempt,
	       const struct failure *failure);

/* timeout.c: of the whole run */
/* Counts on from what an earlier part of the run has used. */
void timeout_start(struct engine *engine);
/* Waits while nothing goes on before somebody answers: this time does not count. */
void timeout_wait(struct engine *engine);
/* Puts it into the record, with the answer or the end that has come. */
void timeout_put_waited(struct engine *engine, struct event_builder *event);

/* loop.c */
/* Room for all slots and scopes of the plan. */
void engine_grow(struct engine *engine);
void loop_begin(struct engine *engine, const struct plan_node *node, uint32_t number);
/* After loop.opened: the rounds become nodes of the plan. */
void loop_unroll(struct engine *engine, const struct event *event);
/* The names of a round: those around the loop, its item and its index. */
void round_bind(struct engine *engine, const struct plan_scope *scope, struct value items);
/* As they were when the loop was opened: from the record, or, where a secret kept them out of it,
 * computed again from the values that the run has. False: *failure. */
bool items_restore(struct engine *engine, int32_t loop, struct value *items,
		   struct failure *failure);

/* attempt.c */
/* An attempt that starts after the next commit. Its arena is dropped when its end was told. */
struct attempt *attempt_new(struct engine *engine, const struct plan_node *node, uint32_t number);
/* The one that runs at the step, or NULL. */
struct attempt *attempt_find(const struct engine *engine, int32_t slot);
void attempt_start(struct attempt *attempt);
/* Forgets one that waits for somebody: its end is recorded by the caller. */
void attempt_drop(struct attempt *attempt);
/* expired: the limit that was passed; NULL: it is cancelled. */
void attempt_cancel(struct attempt *attempt, const struct limit *expired);
extern const struct engine_hooks engine_hooks;

struct lines {
	struct value *at;
	size_t count, cap;
};

/* outcome.c: how an attempt ended, as an event */
void outcome_record(struct engine *engine, struct attempt *attempt);
/* "timed out after 10m (the run's timeout)" */
const char *limit_text(const struct limit *limit, struct arena *arena);
void put_place(struct event_builder *builder, struct span span, struct arena *arena);
/* `on_failure: continue`: that it failed is a warning. */
void put_continued(struct event_builder *builder, const struct plan_node *node,
		   struct lines *warnings, struct arena *arena);
void put_lines(struct event_builder *builder, const char *field, const struct lines *lines,
	       struct arena *arena);
/* Assertions and captures of a structure whose members have succeeded. */
void outcome_structure(struct engine *engine, const struct plan_node *node, enum step_status status,
		       int32_t culprit);

/* check.c: assertions and captures over outputs */
struct checked {
	bool good;
	enum step_status status;
	const char *class, *message, *expected, *actual;
	enum diag_code code;
	struct span span;
	const char *about; /* the argument that span is of, or NULL */
	struct lines lines;
	struct lines warnings;
	size_t held;
	struct value outputs; /* what is kept: outputs and captures */
	bool repeatable; /* LOST: the author gave a key, so that another attempt does no harm */
	bool retry;      /* retry.when says that another attempt makes sense */
	bool untouched;  /* it failed, and did nothing */
};
void checked_run(struct engine *engine, const struct plan_node *node, struct value outputs,
		 struct arena *arena, struct checked *checked);
/* reason.c: tells an assertion that is false: its place, actual, expected and lines; and on one
 * line.
 */
void reason_tell(const struct expr *that, const struct expr_scope *scope, const struct mask *mask,
		 struct arena *arena, struct checked *checked);
const char *reason_brief(const struct expr *that, const struct expr_scope *scope,
			 const struct mask *mask, struct arena *arena);
/* help.c: what may be tried, where the failure is one that is well known. */
void help_add(const struct plan_node *node, struct checked *checked, struct arena *arena);
void line_add(struct lines *lines, struct arena *arena, const char *label, const char *text);
void warning_add(struct lines *warnings, struct arena *arena, struct span span,
		 const char *message);

/* destructive.c: a destructive step waits until its id was typed, and a library step that declares
 * itself so in front of all of its steps. False: it waits, or it was refused. */
bool destructive_allowed(struct engine *engine, const struct plan_node *node, enum effect effect);

/* ask.c */
bool gate_open(struct engine *engine, const struct plan_node *node,
	       const struct question *question);
bool ask_open(struct engine *engine, const char *ask, const struct plan_node *node,
	      const struct question *question, struct arena *arena);
void ask_put_answer(struct engine *engine, const char *ask, int32_t slot, const char *answer,
		    const char *how, const char *note);

/* rollback.c */
void rollback_consider(struct engine *engine);
void rollback_begin(struct engine *engine, const char *reason, const char *how);
/* What an operator would give as the reason of a rollback now: of a condition that holds or may
 * hold; "REASON": it is for the operator to say; NULL: the document declares none. */
const char *rollback_offered(struct engine *engine);

/* open.c */
/* The operator's name, or number where it has none. */
const char *run_user(struct arena *arena);

/* gates.c */
/* Whether it waits for an answer, or nobody was there to give one. */
bool gate_is_closed(const struct engine *engine, const struct plan_node *node);
/* What opens it by flag: "--approve ID", with what is to be typed, as far as it was asked for, and
 * with evidence where it wants some: "--approve go=prod", "--approve switch --evidence
 * switch=TEXT". */
const char *gate_flags(const struct engine *engine, const struct plan_node *node,
		       struct arena *arena);
/* The flags that open the gates which keep the run from going on, each as gate_flags behind a
 * blank; ahead: those that come later as well. "": there are none. */
const char *gates_approve(const struct engine *engine, bool ahead, struct arena *arena);
/* What a parked run waits for: "'go', 'wipe'". */
const char *gates_waited_for(const struct engine *engine, struct arena *arena);

/* next.c */
/* List of the commands that go on with a run that ends so; left: something is still in effect. */
struct value next_commands(struct engine *engine, const struct intent *intent, bool left,
			   struct arena *arena);

/* close.c */
void close_run(struct engine *engine, const struct intent *intent);
void park_run(struct engine *engine);

#endif
