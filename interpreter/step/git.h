/*
 * The inside of the verb git. A question goes through these, each of which calls the next when it
 * is done, or finishes the task:
 *
 *	step/git.c         the fields; fetch
 *	step/git_remote.c  the tags of a remote
 *	step/git_read.c    the repository, by the worker
 *	step/git_signer.c  whose signature the tag bears
 *
 * step/git_program.c runs what of it is a program's; step/git_outputs.c tells what the answers say.
 */
#ifndef STEP_GIT_H
#define STEP_GIT_H

#include "base/list.h"
#include "step/internal.h"

struct git_args {
	const char *repo;
	const char *fetch;
	const char *compare;
	const char *tag;
	const char *remote;
	const char *allowed_signers;
	const char *keyring;
};

/* One tag as `git ls-remote --tags` lists it. */
struct remote_tag {
	const char *name;
	const char *object;
	const char *commit; /* of an annotated tag; NULL */
};

/* What is known when all has been asked. */
struct git_known {
	const char *tag;               /* that was asked about, or NULL */
	const struct git_facts *facts; /* of the repository; NULL: only a remote was asked */
	LIST(struct remote_tag) remote;
	bool listed;        /* the remote was asked for its tags */
	const char *signer; /* whose key has signed the tag; "": nobody's; NULL: nobody looked */
};

struct question_git;
typedef void git_next(struct question_git *git);

/* A program that runs for a question, one at a time. */
struct git_program {
	struct process *process;
	const char *doing;      /* "git fetch", for messages */
	struct captured output; /* standard output, up to a limit */
	struct {
		char bytes[512];
		size_t len;
	} errors;      /* the beginning of standard error */
	bool quiet;    /* what it complains with is told in other words */
	bool stopping; /* it was asked to end; asked again, it ends at once */
	void (*ended)(struct question_git *git, const struct process_end *end);
};

struct question_git {
	struct task *task;
	const struct git_args *args;
	struct git_program program;
	git_next *next; /* behind the program that runs */
	struct git_call call;
	struct git_known known;
	/* The signature of the tag, for programs: a file without a name. */
	int signature; /* its descriptor, or -1 */
	const char *signature_path;
	struct text principals; /* that are still to be tried */
};

/* ---- git_program.c ------------------------------------------------------------------------- */

/* argv ends with NULL. input: its standard input; ptr NULL: none. ended hears of its end, unless it
 * could not be started or was cancelled, which finishes the task. */
void git_program_run(struct question_git *git, const char *const *argv, struct text input,
		     const char *doing,
		     void (*ended)(struct question_git *git, const struct process_end *end));
/* Runs git in the repository; next goes on if it ends with 0, else the task has failed. */
void git_run(struct question_git *git, const char *const *argv, const char *doing, git_next *next);
bool git_program_good(const struct process_end *end);
/* Of what it complained with, in whole lines: a line that was cut may end in a part of a secret,
 * which nobody masks. */
struct text git_program_errors(const struct question_git *git);
/* What is before the first line end of *rest, which loses both. */
struct text git_line(struct text *rest);

/* ---- the way ------------------------------------------------------------------------------- */

void git_list_remote(struct question_git *git);
void git_read_repository(struct question_git *git);
/* Whether the files of keys can be read, and are what they should be; else the task has failed. */
bool git_keys_are_good(struct task *task, const struct git_args *args);
void git_verify(struct question_git *git);
void git_succeed(struct question_git *git);

/* ---- git_outputs.c ------------------------------------------------------------------------- */

extern const struct output git_outputs[], git_parts[];
/* outputs->data: the struct git_known. */
struct value git_output(const struct outputs *outputs, size_t index, struct arena *arena);
struct lack git_lacks(const struct bound *bound, struct text output, struct text field);

#endif
