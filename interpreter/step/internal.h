/* What the verbs share. */
#ifndef STEP_INTERNAL_H
#define STEP_INTERNAL_H

#include "step/step.h"

/* ---- output.c: bytes that are looked at only when an expression asks ---- */

/* What came from a stream, a body or a file, up to a limit; beyond it only the fact is kept. */
struct captured {
	const char *what; /* "stdout": for messages */
	struct buffer bytes;
	size_t max;
	bool over; /* there was more */
};

void captured_init(struct captured *captured, const char *what, int64_t max, struct arena *arena);
void captured_add(struct captured *captured, struct text bytes);

/* Each is a value, or an error of class resource or expression that says why there is none. */
struct value captured_string(const struct captured *captured, struct arena *arena);
struct value captured_text(const struct captured *captured, struct arena *arena);
struct value captured_lines(const struct captured *captured, struct arena *arena);
struct value captured_json(const struct captured *captured, struct arena *arena);

/* Outputs as an object of known names. */
struct outputs {
	const struct output *names;
	struct value (*get)(const struct outputs *outputs, size_t index, struct arena *arena);
	void *data;
};
struct value outputs_object(const struct outputs *outputs, struct arena *arena);

/* ---- rules.c: rules across fields, for step_type.check ---- */

/* The fields of which at most one is written (needed: exactly one). names ends with NULL. */
struct alternatives {
	const char *verb;
	const char *const *names;
	bool needed;
	const char *form; /* what to write when none is, as a sentence; only if needed */
	const char *keep; /* when which of them is the one to keep, as a sentence */
};
/* RB0407 at the second field that is written, or at span (the step). */
bool alternatives_check(const struct alternatives *alternatives, const struct bound *bound,
			struct span span, struct diags *diags);
/* What was written under a name. */
struct written {
	const char *name;
	const struct node *node; /* NULL: nothing */
};
/* The same of a nested mapping; map may be NULL. */
struct written written_in(const struct node *map, const char *name);
/* RB0407 if both were written. keep: when which is the one to keep, as a sentence. */
bool alternatives_exclude(struct written first, struct written second, const char *keep,
			  struct diags *diags);

/* The field 'mode', permissions in octal: RB0202 where it is none. Then its bits. */
bool mode_check(const struct bound *bound, struct diags *diags);
mode_t mode_read(const char *mode);

/* ---- git_names.c: what git takes, for the verb git ---- */

/* Why git is not asked about such a remote ("it begins with '-'"), or NULL. */
const char *git_remote_problem(struct text remote);
/* Of all fields that are constant. RB0112 and RB0118 where one is refused. */
bool git_check_names(const struct bound *bound, struct diags *diags);

/* ---- task.c ---- */

/* A failure of io as an outcome. */
void task_fail_io(struct task *task, const struct io_failure *failure, enum diag_code code,
		  struct value outputs);
void outcome_line_add(struct task *task, struct outcome *outcome, const char *label,
		      const char *format, ...) __attribute__((format(printf, 4, 5)));
void outcome_quote_add(struct task *task, struct outcome *outcome, const char *label,
		       struct text quoted, size_t shown);
/* Whether an expression names the output, or that field of it; field NULL: anything of it. */
bool task_asked(const struct task *task, const char *output, const char *field);
/* The worker of the run, started on first need. */
struct worker *task_worker(struct task *task);
/* A driver's table; NULL after task_fail: the module is not installed. */
const void *task_driver(struct task *task, const char *name);
/* "0, 200-299": the codes that were expected. */
const char *codes_text(const struct codes *codes, struct arena *arena);
/* path relative to the task's folder. */
const char *task_path(struct task *task, const char *path);

/* The types of outputs. */
extern const struct type type_string_list, type_string_map;

#endif
