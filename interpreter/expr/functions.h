/* What the libraries of functions use, and what the evaluator knows of them. */
#ifndef EXPR_FUNCTIONS_H
#define EXPR_FUNCTIONS_H

#include <string.h>

#include "expr/expr.h"

/*
 * What a function may use while it runs. The caller keeps these promises, so that functions need
 * not: the arguments are of the kinds that the row's signature names (dyn and type parameters
 * stand for any kind; int is never uint or double; map also stands for VALUE_OBJECT), and none is
 * an error or an unknown. The result is marked (value_mark) with the arguments' taint afterwards.
 */
struct function_call {
	struct arena *arena; /* of the evaluation */
	const struct expr_scope *scope;
	const struct regex *regex;  /* of row.pattern, compiled with the expression, if it is
				       a constant; else NULL: function_pattern() compiles it */
	uint64_t fuel;              /* what is left */
	size_t memory;              /* what is left */
	struct text pattern;        /* the latest that function_pattern() compiled, */
	const struct regex *latest; /* and what came of it; NULL: none yet */
};

/* Begins the definition of a row's call; few need all of its arguments. */
#define FUNCTION(name) \
	static struct value name(__attribute__((unused)) struct function_call *call, \
				 __attribute__((unused)) const struct value *args, \
				 __attribute__((unused)) size_t count)

/* Rows of a table: f(x) and x.f(). */
#define PLAIN(row_name, row_signature, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .signature = row_signature, .call = row_call, .doc = row_doc, \
		.example = row_example \
	}
#define METHOD(row_name, row_signature, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .receiver = true, .signature = row_signature, .call = row_call, \
		.doc = row_doc, .example = row_example \
	}

/* Takes fuel for touching count elements or bytes/16; false: used up, return function_limit().
 * Where the evaluator goes on, the next node finds that there is none. */
bool function_burn(struct function_call *call, uint64_t amount);
struct value function_limit(struct function_call *call, const char *what);
/* The same for a result of so many items or 16 bytes; *error is "the result is too large". */
bool function_afford(struct function_call *call, uint64_t amount, struct value *error);
/* What comparing an item with each of a list touches. */
uint64_t function_search_cost(struct value list, struct value item);
/* An ordinary error value. */
struct value function_fail(struct function_call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* An item and what it is sorted by. */
struct sorted {
	struct value key;
	struct value item;
};
/* In ascending order of the keys, equal ones as they stand; spare has room for as many. False: two
 * keys have no order. */
bool sorted_sort(struct sorted *items, struct sorted *spare, size_t count);

/* ---- regular expressions: RE2's dialect on PCRE2 -------------------------------------------- */

struct regex;
/* NULL and *error (and *offset) when the pattern is not of the dialect. Compiled ones live in the
 * arena (deferred). */
const struct regex *regex_compile(struct text pattern, struct arena *arena, const char **error,
				  size_t *offset);
/* Where a match leaves its groups; [0] is all of it. */
struct match_groups {
	struct text *at;
	size_t count;
};

/* The first match at or after from; unset groups have ptr NULL, groups may be NULL. Gives 1 match,
 * 0 none, -1 an error (*error: a limit). It takes its steps from *fuel: one for each item of the
 * pattern that is tried and for 64 bytes that a repetition walks. */
int regex_match(const struct regex *regex, struct text subject, size_t from,
		const struct match_groups *groups, uint64_t *fuel, const char **error);
size_t regex_groups(const struct regex *regex);
/* Bytes that it takes, which the arena does not count. */
size_t regex_size(const struct regex *regex);

/* What is wrong with a pattern, and where. */
struct regex_fault {
	const char *message;
	size_t offset;  /* bytes of the pattern */
	size_t watch;   /* wanted: what of the pattern became this byte of the translation; */
	size_t watched; /* it is this one */
};
/* RE2's dialect as PCRE2's. script is what PCRE2 wants before the name of a script. */
bool regex_translate(struct text pattern, const char *script, struct buffer *out,
		     struct regex_fault *fault);

/* call->regex, or the pattern compiled now, which has its price in fuel. NULL and *error. */
const struct regex *function_pattern(struct function_call *call, struct value pattern,
				     struct value *error);
/* regex_match with the fuel of the evaluation; with -1 comes *error. */
int function_match(struct function_call *call, const struct regex *regex, struct text subject,
		   size_t from, const struct match_groups *groups, struct value *error);

/* ---- strings and opaque values ------------------------------------------------------------- */

/* How many code points a string has, and the byte where the index-th begins. */
size_t code_point_count(struct value string);
size_t code_point_offset(struct value string, size_t index);

/* A row's call that has a file of its own: '...'.format([...]). */
struct value function_format(struct function_call *call, const struct value *args, size_t count);
/* How many values a format wants. */
size_t format_wants(struct text format);

/* The kinds of opaque values, and the type of one by its name; NULL: there is none. */
const struct value_type *opaque_type_named(struct text name);
extern const struct value_opaque_class opaque_ip, opaque_cidr, opaque_semver, opaque_quantity,
	opaque_url;

/* ---- the tables ---------------------------------------------------------------------------- */

/* Of the function libraries, each ending with a NULL name. */
extern const struct function functions_standard[], functions_time[], functions_strings[],
	functions_math[], functions_lists[], functions_sets[], functions_encoders[],
	functions_regex[], functions_optional[], functions_network[], functions_semver[],
	functions_quantity[], functions_url[], functions_data[], functions_yaml[];
/* Not functions, but told of like them: no call. */
extern const struct function functions_macros[];

#endif
