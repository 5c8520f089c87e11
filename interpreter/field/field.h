/*
 * field: tables that describe mappings. What an author may write, what a dry run shows, what the
 * reference says and what the journal may store are one row of one table.
 *
 *	static const struct field http_fields[] = {
 *		REQUEST(struct http_args, request, .doc = "METHOD URL, or only a URL."),
 *		INTEGER(struct http_args, max_redirects, .dflt = "0", .max = 5, .doc = "..."),
 *		{ 0 },
 *	};
 *
 * A row macro takes the type of the member through _Generic: a row whose member has another type
 * does not compile. Two moments, one conversion: a constant is converted when the document is
 * read, a template at the attempt, by the same function and with the same complaint.
 */
#ifndef FIELD_FIELD_H
#define FIELD_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "expr/expr.h"
#include "place/place.h"
#include "source/source.h"
#include "value/value.h"

enum field_kind {
	FIELD_STRING,     /* const char *: text, templates allowed; NULL when not given */
	FIELD_PATH,       /* const char *: a file */
	FIELD_BOOL,       /* bool */
	FIELD_INT,        /* int64_t within min..max */
	FIELD_NUMBER,     /* double within min..max */
	FIELD_DURATION,   /* int64_t nanoseconds: 90s, 1h30m, 250ms; a unit is needed */
	FIELD_SIZE,       /* int64_t bytes: 65536, 64KiB, 1MiB, 2GiB */
	FIELD_CHOICE,     /* int: index into choices */
	FIELD_CODES,      /* struct codes: 404, 200-299, or a list of these, within min..max */
	FIELD_STRINGS,    /* struct strings: a list of texts; one text counts as a list of one */
	FIELD_PAIRS,      /* struct pairs: a map of names to texts (environment, query, form) */
	FIELD_VALUE,      /* struct value: any YAML value by the rules of FORMAT.md section 2 */
	FIELD_WORDS,      /* struct words */
	FIELD_SCRIPT,     /* struct script */
	FIELD_STATEMENTS, /* struct statements */
	FIELD_URL,        /* struct text */
	FIELD_REQUEST,    /* struct request: METHOD URL, or only a URL */
	FIELD_HEADERS,    /* struct pairs: header names to PLACE_HEADER texts */
	FIELD_CONNECTION, /* struct text */
	FIELD_RECORD, /* a nested mapping with rows of its own; the member is the nested struct */
	FIELD_EXPR,   /* const struct expr *: only where the table is read with names */
	FIELD_NODE    /* const struct node *: as written; for what another table reads later */
};

enum {
	FIELD_REQUIRED = 1,
	FIELD_SECRET = 2,       /* never shown or stored */
	FIELD_LITERAL = 4,      /* no interpolation (names, ids, imports) */
	FIELD_NO_SECRET = 8,    /* a secret may not stand here (name, note, lock, gate) */
	FIELD_ENVIRONMENT = 16, /* FIELD_PAIRS: names of environment variables */
	FIELD_TELLING = 32,     /* where it is written the main field does not say what is done */
	FIELD_READS = 64,       /* FIELD_PATH: a file that must be there when the step begins */
	FIELD_DETAIL = 128,     /* a plan shows it below the text of the step */
	FIELD_MAKES = 256, /* FIELD_PATH: a file that the step makes, also where it only reads */
	FIELD_STARTS = 512 /* FIELD_WORDS, FIELD_STRING: begins with a program that is started */
};

/* A set of codes: sorted, disjoint ranges. count 0: not given. */
struct codes {
	size_t count;
	const struct code_range {
		int from, to;
	} * at;
};
bool codes_have(const struct codes *codes, int code);

struct strings {
	size_t count;
	const char *const *at;
};

struct pair {
	const char *name;
	struct text value;
	bool secret;
};
struct pairs {
	size_t count;
	const struct pair *at;
};

struct request {
	const char *method; /* NULL when only a URL was written */
	const char *url;
	bool secret; /* a secret stands in the URL: it is not printed */
};

struct field {
	const char *name;
	enum field_kind kind;
	unsigned flags;
	size_t offset;              /* of the member */
	const char *doc;            /* one sentence */
	const char *dflt;           /* in YAML spelling; NULL: absent (zero) */
	const char *const *choices; /* FIELD_CHOICE: names, FIELD_REQUEST: methods, FIELD_NODE: the
				       words that it may be; NULL behind the last */
	const char *form;           /* FIELD_NODE without choices: what it is, "list of steps" */
	const struct field *rows;   /* FIELD_RECORD */
	const char *interpreter; /* FIELD_SCRIPT: name of the row that names the program which reads
				    it */
	int64_t min, max; /* FIELD_INT, NUMBER, CODES, DURATION and SIZE; both 0: no bounds but the
			     type's */
};

/*
 * The rows' macros: STRUCT, its member, then .doc and what else applies. The key is named as the
 * member; where it cannot be (a word of C, say), FIELD_AS takes the name:
 *
 *	FIELD_AS(FIELD_NODE, const struct node *, struct input, dflt, "default", .doc = "..."),
 */
#define FIELD_AS(field_kind, c_type, type, member, key, ...) \
	{ \
		.name = (key), .kind = (field_kind), \
		.offset = offsetof(type, member) + \
			  0 * sizeof(_Generic(((type *)0)->member, c_type : 0)), \
		__VA_ARGS__ \
	}

#define STRING(type, member, ...) \
	FIELD_AS(FIELD_STRING, const char *, type, member, #member, __VA_ARGS__)
#define PATH(type, member, ...) \
	FIELD_AS(FIELD_PATH, const char *, type, member, #member, __VA_ARGS__)
#define BOOL(type, member, ...) FIELD_AS(FIELD_BOOL, bool, type, member, #member, __VA_ARGS__)
#define INTEGER(type, member, ...) FIELD_AS(FIELD_INT, int64_t, type, member, #member, __VA_ARGS__)
#define NUMBER(type, member, ...) FIELD_AS(FIELD_NUMBER, double, type, member, #member, __VA_ARGS__)
#define DURATION(type, member, ...) \
	FIELD_AS(FIELD_DURATION, int64_t, type, member, #member, __VA_ARGS__)
#define SIZE(type, member, ...) FIELD_AS(FIELD_SIZE, int64_t, type, member, #member, __VA_ARGS__)
#define CHOICE(type, member, ...) FIELD_AS(FIELD_CHOICE, int, type, member, #member, __VA_ARGS__)
#define CODES(type, member, ...) \
	FIELD_AS(FIELD_CODES, struct codes, type, member, #member, __VA_ARGS__)
#define STRINGS(type, member, ...) \
	FIELD_AS(FIELD_STRINGS, struct strings, type, member, #member, __VA_ARGS__)
#define PAIRS(type, member, ...) \
	FIELD_AS(FIELD_PAIRS, struct pairs, type, member, #member, __VA_ARGS__)
#define VALUE(type, member, ...) \
	FIELD_AS(FIELD_VALUE, struct value, type, member, #member, __VA_ARGS__)
#define WORDS(type, member, ...) \
	FIELD_AS(FIELD_WORDS, struct words, type, member, #member, __VA_ARGS__)
#define SCRIPT(type, member, ...) \
	FIELD_AS(FIELD_SCRIPT, struct script, type, member, #member, __VA_ARGS__)
#define STATEMENTS(type, member, ...) \
	FIELD_AS(FIELD_STATEMENTS, struct statements, type, member, #member, __VA_ARGS__)
#define URL(type, member, ...) FIELD_AS(FIELD_URL, struct text, type, member, #member, __VA_ARGS__)
#define CONNECTION(type, member, ...) \
	FIELD_AS(FIELD_CONNECTION, struct text, type, member, #member, __VA_ARGS__)
#define REQUEST(type, member, ...) \
	FIELD_AS(FIELD_REQUEST, struct request, type, member, #member, __VA_ARGS__)
#define HEADERS(type, member, ...) \
	FIELD_AS(FIELD_HEADERS, struct pairs, type, member, #member, __VA_ARGS__)
#define EXPR(type, member, ...) \
	FIELD_AS(FIELD_EXPR, const struct expr *, type, member, #member, __VA_ARGS__)
#define NODE(type, member, ...) \
	FIELD_AS(FIELD_NODE, const struct node *, type, member, #member, __VA_ARGS__)
/* The member is a struct of its own; .rows describes it (offsets within it). */
#define RECORD(type, member, ...) \
	{ \
		.name = #member, .kind = FIELD_RECORD, .offset = offsetof(type, member), \
		__VA_ARGS__ \
	}

/* ---- literal tables: declarations ---------------------------------------------------------- */

struct field_context {
	const char *what; /* "runbook", "step", "http": for messages */
	const char *main; /* the row that a scalar fills, and that field_show shows; NULL: none */
	const struct expr_options *expr; /* for tables with templates; NULL: literal */
	/* Names that are allowed beside the rows, left alone (a step's keys beside a verb's); may
	 * be NULL. */
	bool (*also)(const struct node *key, void *data);
	void *data;
	/* The mapping of which a key is one, if it is none of this, or NULL; may be NULL. */
	const char *(*elsewhere)(struct text key);
};

/*
 * Reads a mapping into a struct: field_kinds without templates only (FIELD_EXPR and FIELD_NODE stay
 * raw nodes). Unknown keys, wrong types, bounds, missing required keys are complaints. False after
 * at least one; out has what could be read, unless it is no mapping.
 */
bool field_load(const struct field *rows, const struct node *map,
		const struct field_context *context, void *out, struct arena *arena,
		struct diags *diags);

/*
 * One row from a text of another source, as a command line or a variable: converted as a written
 * scalar is, with the same complaints. Of a list of texts it is one more. out: the struct that the
 * row belongs to; what is stored lives in the arena. False: *failure says why.
 */
bool field_from_text(const struct field *row, struct text text, struct arena *arena, void *out,
		     struct failure *failure);

/* ---- argument tables: two moments ---------------------------------------------------------- */

/* A mapping that has been read: constants converted, templates compiled. Immutable. */
struct bound;

/*
 * Reads the entries of a mapping. scalar: the verb's value when it is a scalar (or a list, for
 * words); it fills the row context->main, and map may be the step itself, whose entries that are no
 * row of the table are the business of context->also. Either may be NULL. On NULL at least one
 * complaint was made.
 */
const struct bound *field_read(const struct field *rows, const struct node *scalar,
			       const struct node *map, const struct field_context *context,
			       struct arena *arena, struct diags *diags);

/* Evaluates and converts into a struct of the table (zeroed first, defaults applied). */
bool field_bind(const struct bound *bound, const struct expr_scope *scope, struct arena *arena,
		void *out, struct failure *failure);

/*
 * As field_bind, each field by itself: what is wrong with one is told to wrong, and the others are
 * bound all the same. A field whose values are not all known stays zero, and nothing is told of it.
 */
typedef void field_wrong(void *data, const struct failure *failure);
void field_rehearse(const struct bound *bound, const struct expr_scope *scope, struct arena *arena,
		    void *out, field_wrong *wrong, void *data);

/* Whether the field was written, and where; for checks across fields. NULL: not written. */
const struct node *field_node(const struct bound *bound, const char *name);
/* If everything in it is constant, binds it without a scope. False otherwise. */
bool field_constant(const struct bound *bound, struct arena *arena, void *out);
/* The constant text of one field (its default, if it was not written), or NULL. */
const char *field_constant_text(const struct bound *bound, const char *name);
/* The text of a field whose values are put in as they are; NULL: it holds none. */
/* The text of a field of kind WORDS, SCRIPT, STATEMENTS, URL or REQUEST, for place_method and its
 * kin; NULL: not written. */
const struct place_text *field_place(const struct bound *bound, const char *name);

/* All expressions in it, in order, for the plan's reference walk; NULL behind the last. */
const struct expr *field_expr(const struct bound *bound, size_t index);

/* For people and the plan: the main field's final text (place_show for texts of a language). */
void field_show(struct buffer *out, const struct bound *bound, const struct expr_scope *scope,
		struct arena *arena);
/* One field by name; false if it was not written. */
bool field_show_one(struct buffer *out, const struct bound *bound, const char *name,
		    const struct expr_scope *scope, struct arena *arena);

/* ---- values by kind ------------------------------------------------------------------------ */

/* A YAML node as a value by the rules of FORMAT.md section 2 ("where no table speaks"), templates
 * compiled against options. Used by FIELD_VALUE, vars, with, defaults of lists and maps. */
struct field_value;
const struct field_value *field_value_read(const struct node *node,
					   const struct expr_options *options, struct arena *arena,
					   struct diags *diags);
/* A scalar by the rules of PLACE_URL (its type is type_url) or PLACE_CONNECTION: its values are
 * encoded for their part. */
const struct field_value *field_place_read(enum place_language language, const struct node *node,
					   const struct expr_options *options, struct arena *arena,
					   struct diags *diags);
/* Errors are values; *at as for template_eval. */
struct value field_value_eval(const struct field_value *value, const struct expr_scope *scope,
			      struct arena *arena, const struct expr **at);
const struct type *field_value_type(const struct field_value *value, struct arena *arena);
const struct expr *field_value_expr(const struct field_value *value, size_t index);

/* FORMAT.md durations and sizes; NULL when done, else the complaint ("missing unit") with *hint.
 * With an arena the hint holds what was meant, as far as that can be seen. */
const char *field_duration(struct text text, struct arena *arena, int64_t *ns, const char **hint);
const char *field_size(struct text text, int64_t *bytes, const char **hint);

/* ---- secrets ------------------------------------------------------------------------------- */

/* RB0116 where a secret stands in a template that everybody reads, the value of key. */
bool field_public(const struct template *template, const char *key, struct arena *arena,
		  struct diags *diags);
/* Whether no secret stands in it where none may: what field_read has looked at too, as far as the
 * names were known to be secret by then. False after diagnostics. */
bool field_check_secrets(const struct bound *bound, struct arena *arena, struct diags *diags);
bool field_value_check_secrets(const struct field_value *value, struct arena *arena,
			       struct diags *diags);
/* Marks the field of an object type secret if the value that it will have is made from a secret; of
 * a map whose keys the type knows, those. True if that is news. */
bool field_value_mark(const struct field_value *value, const struct type *object, struct text name,
		      struct arena *arena);
/* The same of the keys of a row of kind PAIRS. */
bool field_mark(const struct bound *bound, const char *name, const struct type *object,
		struct arena *arena);

/* ---- description --------------------------------------------------------------------------- */

/* The rows as `runbook explain VERB` prints them: name, type, default, sentence. */
void field_describe(struct buffer *out, const struct field *rows);
/* "duration", "text", "true or false", ... */
const char *field_kind_name(enum field_kind kind);
/* Adds to the latest complaint, about an unknown key of the mapping what, which of names was meant:
 * the nearest one; else where the key would be known (elsewhere may be NULL), and all names. */
void field_hint_key(struct diags *diags, const struct node *key, const char *what,
		    const char *const *names, const char *(*elsewhere)(struct text key));
/* For tests: the invariants of a table: every row has a doc, defaults convert, names are unique.
 * NULL or the first breach. */
const char *field_check_table(const struct field *rows, struct arena *arena);

#endif
