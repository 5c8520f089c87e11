/*
 * expr: the expression language, CEL without protobuf, and templates ("..${{ }}..") over it.
 *
 *	expr_compile: text -> tokens -> tree -> resolved, folded, checked -> struct expr (immutable)
 *	expr_eval:    struct expr + values of its names -> value or error
 *
 * What an expression may refer to is one object type whose fields are the root names. Evaluation
 * takes the values of the root names in the same order.
 */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/text.h"
#include "source/source.h"
#include "value/value.h"

/* ---- types --------------------------------------------------------------------------------- */

enum type_kind {
	TYPE_DYN, /* anything; nothing is known */
	TYPE_NULL,
	TYPE_BOOL,
	TYPE_INT,
	TYPE_UINT,
	TYPE_DOUBLE,
	TYPE_STRING,
	TYPE_BYTES,
	TYPE_TIMESTAMP,
	TYPE_DURATION,
	TYPE_TYPE,
	TYPE_LIST,     /* of item */
	TYPE_MAP,      /* of key and item */
	TYPE_OBJECT,   /* a map with known string keys */
	TYPE_OPTIONAL, /* of item */
	TYPE_OPAQUE,   /* named; may have arguments */
	TYPE_PARAM     /* of a function's signature: named */
};

/* Gradual: dyn goes with everything; an object goes where map(string, dyn) is wanted. */
struct type {
	enum type_kind kind;
	const struct type *key;
	const struct type *item;
	const char *name;
	const struct type_object *object;
	const struct type *const *arguments; /* of an opaque type, as tuple(int, string) */
	size_t argument_count;
};

/* A known field. */
struct type_field {
	struct text name;
	const struct type *type;
	struct span declared; /* where, for "first declared here"; may have no source */
	bool secret;          /* its value is a secret: see expr_secret */
};

/* A field of an object type that is written as a constant: fields, count, closed and what. */
#define TYPE_FIELD(field_name, field_type) \
	{ \
		.name = { field_name, sizeof(field_name) - 1 }, .type = field_type \
	}

struct type_object {
	const struct type_field *fields;
	uint32_t count;
	struct map index;        /* name -> &fields[i]; empty in a constant */
	const struct type *base; /* an object whose fields this one has too, or NULL */
	bool closed;      /* no other fields: an unknown one is an error with "did you mean" */
	const char *what; /* of a field, for messages: "step", "input", "name" */
};

extern const struct type type_dyn, type_null, type_bool, type_int, type_uint, type_double,
	type_string, type_bytes, type_timestamp, type_duration, type_type;

const struct type *type_list(const struct type *item, struct arena *arena);
const struct type *type_map(const struct type *key, const struct type *item, struct arena *arena);
const struct type *type_optional(const struct type *item, struct arena *arena);

/* An object type that grows: fields are added until it is used. what as above. */
struct type *type_object(const char *what, bool closed, struct arena *arena);
/* There may be more fields than are known: an unknown one is no error from now on. */
void type_object_open(struct type *object);
/* One that has all fields of another, which it shares, and more. */
struct type *type_object_over(const struct type *base, struct arena *arena);
/* Adds a field; false if the name is there already. */
bool type_object_add(struct type *object, struct text name, const struct type *type,
		     struct span declared, struct arena *arena);
/* What is learned of a field later: its exact type (a capture's, once its expression is compiled),
 * that it is a secret (true if that is news; of a field that it shares, for all who share it). */
void type_object_refine(struct type *object, struct text name, const struct type *type);
bool type_object_secret(const struct type *object, struct text name);
const struct type_field *type_object_get(const struct type *object, struct text name);

/* "list(string)", "int", ...: for messages. */
const char *type_name(const struct type *type, struct arena *arena);

/* Whether a value of type from may stand where to is wanted. */
bool type_assignable(const struct type *to, const struct type *from);

/* ---- compiling ----------------------------------------------------------------------------- */

struct expr;

#define EXPR_MAX_SIZE (64u << 10) /* bytes of one expression */
#define EXPR_MAX_DEPTH 250

struct expr_options {
	/* The root names, an object type. The values given to expr_eval stand in the order of its
	 * fields. NULL: no names. */
	const struct type *names;
	/* From this field of names on they are what a step gives, for messages; 0: no step stands
	 * behind the expression. */
	uint32_t outputs_from;
	/* A name or function that nobody declared is an error only when it is evaluated (CEL's
	 * unchecked mode; for conformance vectors). */
	bool unchecked;
	/* Container for names with dots ("a.b"), "" for the root; NULL: no name has a dot.
	 * Conformance vectors only. */
	const char *container;
	/* Functions beside those of the table, or NULL; ends with a NULL name. Conformance vectors
	 * only. */
	const struct function *functions;
};

/*
 * Compiles text[from, to) of a scalar node, which is UTF-8 as all of a document is; complaints
 * point into the node, whatever its YAML style. Constant parts are folded. NULL after a diagnostic.
 * The expression and what it needs live in the arena.
 */
const struct expr *expr_compile(const struct node *node, size_t from, size_t to,
				const struct expr_options *options, struct arena *arena,
				struct diags *diags);

/* The static type of the result; &type_dyn when nothing is known. */
const struct type *expr_type(const struct expr *expr);

/* The path ("inputs.password") of a secret that the result may be computed from, or NULL: known
 * before anything runs, so that check can refuse it where a secret may not stand. */
const char *expr_secret(const struct expr *expr, struct arena *arena);

/* Its text as written, and where. */
struct text expr_text(const struct expr *expr);
struct span expr_span(const struct expr *expr, uint32_t from, uint32_t to);

/* Whether it is a constant; then *value is its value (in the expression's arena). */
bool expr_constant(const struct expr *expr, struct value *value);

/* A name path that the expression reads: root name and the constant fields behind it, as
 * `steps.build.json.status` or `steps['build']`; it ends where something computed begins. */
struct expr_reference {
	const struct text *path; /* path[0] is the root name */
	uint32_t from, to;       /* bytes of the expression's text */
	uint16_t count;          /* of names in path: a tree is not higher */
	uint16_t guard; /* index in path of the first that is read through .?, [?] or has(), or
		     behind a has() of it; 0: none is */
	bool tested;    /* only asked for by has(), not read */
};
const struct expr_reference *expr_references(const struct expr *expr, size_t *count);

/* ---- evaluating ---------------------------------------------------------------------------- */

/*
 * What an evaluation may use up; above it, a FAIL_LIMIT error that nothing absorbs. The defaults
 * are ten and eight times what sort() takes for 100,000 texts, a million steps and 8 MiB: a million
 * alone would refuse that, and two such lists in one expression. They are used up within a few
 * seconds.
 */
struct expr_limits {
	uint64_t fuel; /* one a node, one an element or 16 bytes touched; 0: EXPR_FUEL */
	size_t memory; /* bytes of the arena; 0: EXPR_MEMORY */
};

#define EXPR_FUEL 10000000
#define EXPR_MEMORY (64u << 20)

/* The values of the root names. */
struct expr_scope {
	/* values[i] belongs to field i of options.names. A value of kind VALUE_OBJECT is read on
	 * demand. */
	const struct value *values;
	size_t count;
	/* Wall time in nanoseconds for `now`, read by the evaluator only through a root name; kept
	 * here for functions that need the start of the evaluation. */
	int64_t now;
	struct expr_limits limits;
};

/*
 * Evaluates. The result, and a VALUE_ERROR's message, live in the arena. Errors are values: the
 * caller looks at out.kind == VALUE_ERROR (its from and to are bytes of expr_text). A result
 * computed from a secret carries VALUE_SECRET; a string computed from data VALUE_OUTSIDE. An
 * operand of kind VALUE_UNKNOWN makes the result unknown unless && || ?: decide without it.
 */
struct value expr_eval(const struct expr *expr, const struct expr_scope *scope,
		       struct arena *arena);

/* A part of a condition and the value that it had. */
struct expr_part {
	uint32_t from, to; /* bytes of the expression's text */
	struct value value;
};

/* The element of a list or map for which a macro's condition decided. */
struct expr_element {
	uint32_t from, to; /* the list or map */
	struct value key;  /* or index */
	struct value value;
};

/* What decided a condition: of && and || an operand, of ?: the condition and the branch, else the
 * whole. */
struct expr_operand {
	uint32_t from, to;
	struct value value;
	const struct expr_part *parts; /* at least one; the first is the one to point at */
	size_t count;
	/* How the first part should have stood to the expected value: "" to be equal, "< ", "one of
	 * ", "to contain ", ...; NULL: that cannot be said so. */
	const char *wanted;
	struct value expected;
	struct text focus; /* of the text that the first part is: what decided; ptr NULL: all */
	const struct expr_element *element; /* or NULL: it does not stand in a macro */
};

/*
 * Evaluates again, each part with all of the limits, and gives what decided a false (or failed)
 * result, the operand to point at first. Of all and exists the element that decided, and what of
 * its condition. Secrets keep their flag.
 */
size_t expr_explain(const struct expr *expr, const struct expr_scope *scope, struct arena *arena,
		    const struct expr_operand **operands);

/* ---- templates ----------------------------------------------------------------------------- */

struct template_piece {
	struct text literal;     /* of a literal piece: $${{ already replaced by ${{ */
	const struct expr *expr; /* NULL: a literal piece */
	size_t from, to;         /* bytes of the node's text, ${{ and }} included */
};

struct template
{
	const struct node *node;
	const struct template_piece *pieces;
	size_t count;
	bool sole;               /* exactly one interpolation: the value keeps its type */
	const struct expr *expr; /* the expression, if sole */
	const struct type *type; /* of the result: string unless sole */
};

/* Reads a scalar. The end of an interpolation is found by lexing CEL. NULL after a diagnostic. */
const struct template *template_read(const struct node *node, const struct expr_options *options,
				     struct arena *arena, struct diags *diags);

/* The same for a text that is nobody's language: in a longer one a list or a map is warned of, and
 * what has no text, as an optional, refused. */
const struct template *template_read_text(const struct node *node,
					  const struct expr_options *options, struct arena *arena,
					  struct diags *diags);

/* As template_read for keys that are expressions: the whole scalar is one, braces around the whole
 * accepted. */
const struct expr *template_read_expr(const struct node *node, const struct expr_options *options,
				      struct arena *arena, struct diags *diags);

/* Whether it has no interpolation; *text is then its text. */
bool template_constant(const struct template *template, struct text *text);

/* The value: of a sole interpolation its own, else a string. Errors are values; *at (may be NULL)
 * is the expression that failed. A string is data when a piece of data stands in it. */
struct value template_eval(const struct template *template, const struct expr_scope *scope,
			   struct arena *arena, const struct expr **at);

/* ---- the function table -------------------------------------------------------------------- */

enum function_purity { FUNCTION_PURE, FUNCTION_READS_RUN };

struct function_call; /* arena, fuel, scope: expr/internal.h */

/* One overload of a function: one row of one table. */
struct function {
	const char *name;      /* "size", "math.ceil", "startsWith" */
	bool receiver;         /* x.name(...): args[0] is x */
	const char *signature; /* "(string, int) -> string", "(list(A)) -> A" */
	struct value (*call)(struct function_call *call, const struct value *args, size_t count);
	const char *doc;     /* one sentence */
	const char *example; /* "'tacocat'.charAt(3) == 'o'": executed as a test */
	enum function_purity purity;
	uint8_t pattern; /* args[pattern - 1] is a regular expression; 0: none is */
	bool zone;       /* the last argument is the name of a time zone */
};

/* Version of PCRE2. */
const char *regex_version(struct arena *arena);

/* A table of functions, which ends with a NULL name. */
struct function_library {
	const char *name;
	const char *title;
	const struct function *rows;
};

/* All libraries, for reference, completion and tests; NULL behind the last, which is that of the
 * macros: they have no call, and their signature is how they are written. */
const struct function_library *function_library(size_t index);

/* How a function is written: "size(string) -> int", "string.size() -> int". */
const char *function_form(const struct function *row, struct arena *arena);

/* ---- versions ------------------------------------------------------------------------------ */

/* Orders two semantic versions (semver.org 2.0.0, section 11; "v1.2" will do): *order is below, at
 * or above 0. False when one is no version. */
bool semver_compare(struct text a, struct text b, int *order);

#endif
