/*
 * place: where a value may stand in a text of another language. The literal text is lexed once,
 * when the plan is made; each hole gets a rule, or a diagnostic that shows the form that works. At
 * an attempt only the holes are evaluated and encoded by their rule. No function here pastes a
 * value into a text whose language it does not know (FORMAT.md section 7).
 */
#ifndef PLACE_PLACE_H
#define PLACE_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "expr/expr.h"
#include "source/source.h"
#include "value/value.h"

/* Why something could not be evaluated or may not stand where it should: a step's outcome, with
 * its place. */
struct failure {
	const char *class;   /* "expression", "refused", "resource"; "not_found", "program" */
	const char *message; /* lower case, no full stop */
	const char *hint;    /* a sentence, or NULL */
	struct span span;
	bool unknown; /* nothing is wrong: a value is not known before the run */
};

/* RB0503 for a value that was refused, RB0406 for a file and RB0402 for a program that is not
 * there, else RB0502. */
enum diag_code failure_code(const struct failure *failure);

/* From the error value that an evaluation of expr gave. */
struct failure failure_of(const struct expr *expr, struct value error);

enum place_language {
	PLACE_WORDS,     /* one command: words, no shell */
	PLACE_SHELL,     /* a script of a POSIX shell */
	PLACE_SQL,       /* statements of SQL */
	PLACE_URL,       /* an absolute http or https URL */
	PLACE_REQUEST,   /* METHOD URL, or only a URL */
	PLACE_HEADER,    /* the value of an HTTP header */
	PLACE_CONNECTION /* of sql: a postgresql:// URL, libpq's keywords, or sqlite:PATH */
};

/*
 * The type of an input `type: url` and of a var whose text is a URL: a string to expressions, and
 * the only value that may stand where a URL has its scheme and host. Whoever declares such a name
 * gives it this object (it is known by its address).
 */
extern const struct type type_url;

/*
 * The type of a var that is a text with values in it and none of the languages above: a string to
 * expressions, but never all of a connection. Known by its address, as type_url.
 */
extern const struct type type_composed;

/* Whether a written text begins as a connection does that is not libpq's keywords. */
bool place_is_connection(struct text text);

struct place_options {
	const struct expr_options *expr; /* the names that holes may use */
	/* PLACE_SHELL: the program that will read the script ("/bin/sh -eu", "bash", "python3");
	 * NULL: /bin/sh. Under any but sh, dash, bash, ksh and busybox a hole is an error. */
	const char *interpreter;
	/* PLACE_REQUEST: the methods that may be written, NULL behind the last. NULL: any word in
	 * capitals. */
	const char *const *methods;
};

/* A text with holes, checked. Immutable; in the arena it was read into. */
struct place_text;

/*
 * Reads a scalar (PLACE_WORDS: also a list of scalars, each one word) and gives every hole its
 * rule. NULL after a diagnostic.
 */
const struct place_text *place_read(enum place_language language, const struct node *node,
				    const struct place_options *options, struct arena *arena,
				    struct diags *diags);

/*
 * As far as place_read knew which names are secret, it has refused them where they may not stand.
 * This looks again, once more is known of the names. False after a diagnostic.
 */
bool place_check_secrets(const struct place_text *text, struct arena *arena, struct diags *diags);

/* A command, ready for exec. */
struct words {
	size_t count;
	const char *const *word; /* NULL behind the last */
};

/* A script and the variables that carry its values. */
struct script {
	const char *text;
	size_t count;
	const char *const *name; /* "RB_1", ... */
	const char *const *value;
};

/* One statement and its parameters. $1 is PostgreSQL's own form; SQLite takes it as the name of a
 * parameter ("$1" for sqlite3_bind_parameter_index), so the same text serves both. */
struct statement {
	const char *text; /* with $1, $2, ... in the places of the values */
	size_t count;
	const struct value *params; /* of $1, $2, ... */
	struct span span;           /* of the statement in its document */
};

struct statements {
	size_t count;
	const struct statement *at;
};

/*
 * These evaluate the holes. The results live in the arena. False: *failure says why. A secret in
 * words, URL path or host, or a word that begins with '-' only through data, is refused.
 */
bool place_words(const struct place_text *text, const struct expr_scope *scope, struct arena *arena,
		 struct words *words, struct failure *failure);
/* The program that words begin with, and where it stands. False: it is not known, or refused. */
bool place_program(const struct place_text *text, const struct expr_scope *scope,
		   struct arena *arena, const char **name, struct span *span);
bool place_script(const struct place_text *text, const struct expr_scope *scope,
		  struct arena *arena, struct script *script, struct failure *failure);
bool place_statements(const struct place_text *text, const struct expr_scope *scope,
		      struct arena *arena, struct statements *statements, struct failure *failure);
/*
 * SQL that comes from a file: split into its statements, without parameters. False: *failure says
 * why, its span points into source (which holds the text).
 */
bool place_split(const struct source *source, struct arena *arena, struct statements *statements,
		 struct failure *failure);

/* The method that was written before the URL (PLACE_REQUEST), or NULL. */
const char *place_method(const struct place_text *text);

/* URL, REQUEST (its URL), HEADER and CONNECTION. *secret (may be NULL): whether a secret stands in
 * it. */
bool place_string(const struct place_text *text, const struct expr_scope *scope,
		  struct arena *arena, struct text *string, bool *secret, struct failure *failure);

/*
 * The final text for people: values put in where they will stand (quoted as words are quoted), an
 * unknown as <its text>, a secret as (secret), a hole that cannot be evaluated as it was written.
 */
void place_show(struct buffer *out, const struct place_text *text, const struct expr_scope *scope,
		struct arena *arena);

/* A connection for people: scheme, host and database, or the file; nothing of who connects. */
void place_show_connection(struct buffer *out, const struct place_text *text,
			   const struct expr_scope *scope, struct arena *arena);

/*
 * Words of which some are not known before the run, as a list: each word as it is shown, and an
 * unknown for one that has an unknown in it.
 */
struct value place_words_known(const struct place_text *text, const struct expr_scope *scope,
			       struct arena *arena);

/* The expressions of the holes, in order; for the plan, which walks their references. NULL behind
 * the last. */
const struct expr *place_hole(const struct place_text *text, size_t index);

/* One word as a shell would need it quoted, for showing commands. */
void place_show_word(struct buffer *out, struct text word);

/* Percent-encodes a value for one component of a URL (RFC 3986 unreserved characters stay). */
void place_encode_component(struct buffer *out, struct text text);

#endif
