/*
 * cli: the only place that prints usage or ends the process. One file a command; each command is
 * one row of one table, from which parsing, help and "did you mean" come.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "field/field.h"
#include "io/io.h"
#include "plan/plan.h"
#include "record/record.h"
#include "source/source.h"

/* Exit codes (CLI.md section 2). */
enum {
	EXIT_DONE = 0,
	EXIT_STEP = 1,
	EXIT_USAGE = 2,
	EXIT_UNSURE = 5,
	EXIT_HELD = 6,
	EXIT_PARKED = 7,
	EXIT_STORE = 8,
	EXIT_REFUSED = 9,
	EXIT_CANCELLED = 10
};

struct strings_list {
	const char **at;
	size_t count, cap;
};

enum progress { PROGRESS_AUTO, PROGRESS_TTY, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_QUIET };
enum color_time { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What was said on the command line. */
struct cli {
	struct arena *arena;
	const char *const *words; /* the whole command line, NULL behind the last */
	const struct command *command;
	struct strings_list operands;   /* behind the command */
	struct strings set;             /* NAME=VALUE */
	struct strings secret;          /* NAME=env:VAR, NAME=file:PATH, NAME=cmd:COMMAND */
	struct strings inputs;          /* files */
	const char *from;               /* a run, or the document of one */
	struct strings approve;         /* gates: ID or ID=TEXT */
	struct strings evidence;        /* ID=TEXT of gates */
	struct strings rerun, done;     /* ids of steps that were lost */
	struct strings only, skip, tag; /* lists of ids and tags, joined by commas */
	const char *start_at;
	const char *reason;
	const char *note;
	const char *state;
	const char *json; /* file with the names of an expression */
	int64_t prune;    /* runs that are kept; 0: not said */
	int64_t jobs;     /* steps that run at once; 0: not said */
	int progress;     /* enum progress */
	int color;        /* enum color_time */
	const char *folder;
	const char *cwd;           /* where the operator stands, after -C; NULL: it is gone */
	const char *secrets_again; /* " --secret NAME=...": what the run was given; NULL: none goes
				      on */
	struct value values_again; /* run.opened of the run that is rolled back: its inputs are not
				      asked for */
	int64_t lock_timeout;      /* ns */
	bool abort, accept_changes;
	bool no_input, quiet, verbose, dry_run, libs, help, version;
};

/* What option.commands holds: a bit for each command that has options of its own. */
enum {
	FOR_RUN = 1,
	FOR_PLAN = 2,
	FOR_ROLLBACK = 4,
	FOR_VERSION = 8,
	FOR_EVAL = 16,
	FOR_RESUME = 32,
	FOR_HISTORY = 64,
	FOR_ALL = 1 << 30,
	FROM_ENVIRONMENT = 1 << 29 /* RUNBOOK_NAME gives it too: it is about screen or machine */
};

/* One option: its reading, its help and its errors are this row. */
struct option {
	struct field field;   /* name, kind, choices, sentence; the member of struct cli */
	char letter;          /* 's'; 0: none */
	const char *argument; /* "NAME=VALUE"; NULL for a flag */
	int commands;
};
#define CLI_MAX_OPTIONS 48
#define CLI_MAX_JOBS 1000
extern const struct option cli_options[]; /* ends with a row without a name */

bool option_is_for(const struct option *option, const struct command *command);
/* "RUNBOOK_NO_INPUT", or NULL. */
const char *option_variable(const struct option *option, struct arena *arena);

struct command {
	const char *name;
	const char *usage;  /* its operands */
	size_t least, most; /* how many */
	const char *summary;
	int options; /* FOR_...: which it takes beside those of all */
	int (*run)(struct cli *cli);
};
#define CLI_MAX_COMMANDS 32
extern const struct command cli_commands[]; /* ends with a NULL name */

/* Reads words and environment into cli. False after a complaint. */
bool cli_read(struct cli *cli);
/* By name; NULL after a complaint. */
const struct command *command_find(const struct cli *cli, const char *word);
/* Whether the command takes so many operands; false after a complaint. */
bool command_check_operands(const struct cli *cli);

int command_run(struct cli *cli);
int command_check(struct cli *cli);
int command_plan(struct cli *cli);
int command_resume(struct cli *cli);
int command_rollback(struct cli *cli);
int command_history(struct cli *cli);
int command_status(struct cli *cli);
int command_list(struct cli *cli);
int command_show(struct cli *cli);
int command_explain(struct cli *cli);
int command_eval(struct cli *cli);
int command_version(struct cli *cli);
int command_help(struct cli *cli);

/* ---- what the commands share --------------------------------------------------------------- */

/* A complaint about the command line, on standard error; gives EXIT_USAGE. hint may be NULL. */
int cli_complain(const struct cli *cli, const char *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* For a complaint about a name that is none of these: the one that was meant, or which there are.
 * what: "gates"; word: NULL where none was given. */
const char *cli_hint_names(const struct cli *cli, const char *what, const char *word,
			   const struct strings *names);
/* Prints complaints on standard error. */
void cli_print_diags(const struct cli *cli, struct diags *diags);
bool cli_color(const struct cli *cli, int fd);
/* Whether somebody is there to be asked. */
bool cli_interactive(const struct cli *cli);
/* Writes a result on standard output. */
void cli_out(struct text text);
/* Where others who write results put the errno value of the first that could not be written. */
int *cli_out_error(void);
/* The exit code, or EXIT_STORE after a complaint when a result could not be written. */
int cli_end(const struct cli *cli, int exit);

/* Reads and checks a document, complaints printed. NULL: EXIT_USAGE. */
const struct plan *cli_plan(struct cli *cli, const char *name, const struct plan_reader *reader,
			    struct diags *diags);

/* The part of the plan that the command line chooses; all of it where nothing is said. NULL after
 * complaints: EXIT_USAGE. */
const struct plan *cli_select(const struct cli *cli, const struct plan *plan);
/* The part with which a run was begun. opened: data of run.opened. NULL: *fault says why. */
const struct plan *cli_select_again(const struct plan *plan, struct value opened,
				    struct arena *arena, struct plan_fault *fault);

/* The documents of a path: itself, or all below a folder, in order of name. What of a folder could
 * not be seen is told to diags. */
void cli_documents(struct cli *cli, const char *path, struct strings_list *files,
		   struct diags *diags);
/* "runbook", "library" or "fragment" by the first key of a file, or "runbook" where that is one of
 * its keys; NULL: it is no document. */
const char *document_kind(const char *path, struct arena *arena);

/* The inputs of a plan: --set, --secret, --inputs, --from, environment, default, in their order. */
struct given_from;
struct given {
	struct value *values;
	const char **sources;
	const char *const **commands;  /* words of the command that gives a secret, or NULL */
	const struct given_from *from; /* the run that --from names, or NULL */
	struct value last;             /* run.last; null: there is none, or nothing names it */
};
/* planning: what is missing is an unknown, and secrets from commands are not read. Otherwise only
 * what an operator can be asked for is one, until inputs_ask. 0, or the exit code after complaints.
 */
int cli_inputs(struct cli *cli, const struct plan *plan, bool planning, struct given *given);
/* Runs the commands that give secrets. False after a complaint: EXIT_USAGE. */
struct loop;
bool inputs_run_commands(const struct cli *cli, const struct plan *plan, struct loop *loop,
			 struct given *given);
/* Whether inputs_ask will ask for one, or has. */
bool inputs_are_asked_for(const struct plan *plan, const struct given *given);
/* Asks for the inputs that nobody gave and that have a prompt, in their order. 0, or the exit code
 * after a complaint. */
int inputs_ask(const struct cli *cli, const struct plan *plan, struct loop *loop,
	       struct given *given);

/* Whether each id of --approve and --evidence is that of a gate. False after complaints:
 * EXIT_USAGE. */
bool cli_approve(const struct cli *cli, const struct plan *plan);
/* Whether the gates are given what they ask for, as far as that is known: given to
 * the document; state is of the run that goes on or NULL. False after complaints: EXIT_USAGE. */
bool cli_approve_texts(const struct cli *cli, const struct plan *plan, const struct given *given,
		       const struct state *state);

/* Executes an opened run: screen, questions, signals. Gives the exit code. */
struct run_setup;
struct engine;
struct console;
struct terminal;
struct session {
	struct cli *cli;
	const struct plan *plan;
	struct store store;
	struct loop *loop;
	struct sink sink;
	struct terminal *terminal; /* NULL: lines only */
	struct timer frame;        /* of the terminal */
	struct console *console;   /* NULL: nobody is there to be asked */
	struct given given;
	const struct state *past; /* of the run that goes on, or NULL */
};
/* Looks at all that can be refused before anybody is asked for anything. 0, or the exit code after
 * a complaint. */
int session_open(struct session *session, struct cli *cli, const struct plan *plan);
/* Asks for the inputs that are left, and opens the screen. 0, or the exit code after a complaint.
 */
int session_ask(struct session *session);
void session_setup(struct session *session, struct run_setup *setup);
int session_run(struct session *session, struct engine *engine);
int session_refused(struct session *session, int exit, const char *message, const char *hint);

/* The commit (hexadecimal, whole) that the repository around a document stands at, whether or not
 * the document is committed; NULL without one, or where git's files cannot be read. */
const char *cli_revision(const char *document, struct arena *arena);
/* Opens the store that --state names, to look at it: where there is none it stays so. 0, or
 * EXIT_STORE after a complaint. */
int cli_store(struct cli *cli, struct store *store);

#endif
