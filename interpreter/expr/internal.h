/*
 * What the parts of expr share. The way of an expression:
 *
 *	lexer, literal   text -> tokens
 *	grammar, parse_*, macro   tokens -> struct tree, names unresolved
 *	resolve, check   names -> slots, calls -> overloads, each node its static type
 *	fold             parts without names -> constants
 *	eval, item, loop, operator, call, function   struct tree + values -> value
 */
#ifndef EXPR_INTERNAL_H
#define EXPR_INTERNAL_H

#include "expr/machine.h"
#include "expr/tree.h"

/* ---- compiling ----------------------------------------------------------------------------- */

/* A variable of a macro, while what it is visible in is compiled. */
struct local {
	struct text name;
	const struct type *type;
	uint32_t slot;
	uint16_t level;
	const struct local *outer;
};

/* A path that has() has shown to be there. */
struct guard {
	const struct tree *tree;
	const struct guard *outer;
};

/* What the phases of one compilation share. */
struct compiler {
	const struct expr_options *options;
	struct arena *arena;
	struct diags *diags;
	const struct node *node;
	size_t base;                /* offset of text in the node's text */
	struct text text;           /* the expression */
	uint32_t slots;             /* of macro variables, so far */
	uint16_t level;             /* macros with variables around what is being checked */
	uint16_t loops;             /* those of them that iterate */
	const struct local *locals; /* innermost first */
	const struct guard *guards;
	bool failed; /* something was reported */
};

struct span compiler_span(const struct compiler *compiler, uint32_t from, uint32_t to);

/* Reports at bytes from..to of the expression. A macro, so that the compiler checks the format. */
#define complain(compiler, from, to, ...) \
	((compiler)->failed = true, \
	 diag_at((compiler)->diags, compiler_span((compiler), (from), (to)), __VA_ARGS__))

/* The value of a literal token. False after a complaint. */
bool literal_read(struct compiler *compiler, struct token token, bool negative, struct value *out);
/* Reports a token that stands where `wanted` should, with the spelling that CEL has for what other
 * languages write so. */
void habit_report(struct compiler *compiler, struct token before, struct token token,
		  const char *wanted);
/* The hint for a function that is known elsewhere, or is a macro; NULL: for none. And for the
 * nearest of these names. */
const char *habit_function(struct text name);
const char *habit_function_near(struct text name);
/* A number or text that the lexer complains about. */
void habit_report_literal(struct compiler *compiler, const struct lexer *lexer, struct token token);
/* An expression that is nested too deeply at the token. */
void habit_report_depth(struct compiler *compiler, struct token token);

/* NULL after a complaint. */
struct tree *parser_read(struct compiler *compiler);
struct tree *tree_new(struct compiler *compiler, enum tree_op op, uint32_t from, uint32_t to);
/* With room for count children. */
struct tree *tree_parent(struct compiler *compiler, enum tree_op op, uint32_t from, uint32_t to,
			 size_t count);

/* If call (a TREE_CALL) is a macro, makes it the node that the macro means. False after a
 * complaint. */
bool macro_expand(struct compiler *compiler, struct tree *call);
/* Whether the node's children 1.. stand inside its variables. */
bool macro_binds(const struct tree *tree);

/* Resolves an identifier, or selects over one that are one declared name. False: it is none, and
 * nothing was reported. */
bool resolve_name(struct compiler *compiler, struct tree *tree);
/* "a.b" of an identifier or selects over one that no variable hides; false: something else. */
bool resolve_path(const struct compiler *compiler, const struct tree *tree, struct text *path);

/* suggest.c: what was meant by a name that is not there */
/* Reports a name that nobody declared; in unchecked mode the node will fail when it is evaluated.
 */
void suggest_undeclared(struct compiler *compiler, struct tree *tree);
/* A hint to the latest complaint: which field of an object was meant. owner: the object as written.
 */
void suggest_field(struct compiler *compiler, struct text word, const struct type *object,
		   struct text owner);

/* These give the static type of a node, report what can never work, and set its level. */
const struct type *check_tree(struct compiler *compiler, struct tree *tree);
const struct type *check_call(struct compiler *compiler, struct tree *tree);
const struct type *check_loop(struct compiler *compiler, struct tree *tree);
const struct type *check_bind(struct compiler *compiler, struct tree *tree);
const struct type *check_optional(struct compiler *compiler, struct tree *tree);
const struct type *check_chain(struct compiler *compiler, struct tree *tree);
const struct type *check_select(struct compiler *compiler, struct tree *tree);
const struct type *check_has(struct compiler *compiler, struct tree *tree);
const struct type *check_index(struct compiler *compiler, struct tree *tree);
/* Checks a child and takes its level into account. */
const struct type *check_child(struct compiler *compiler, struct tree *tree, size_t index);
/* Complains unless the node may be a bool. */
void check_bool(struct compiler *compiler, const struct tree *tree, const char *what);
/* Whether mistakes of meaning are reported. */
bool check_reports(const struct compiler *compiler);
struct text tree_text(const struct compiler *compiler, const struct tree *tree);

/* Notes what must be there if the tree is `truth`. */
void guard_add(struct compiler *compiler, const struct tree *tree, bool truth);
/* Whether the field that the select reads is known to be there. */
bool guard_covers(const struct compiler *compiler, const struct tree *select);

void fold_tree(struct compiler *compiler, struct tree *tree);

/* ---- types --------------------------------------------------------------------------------- */

/* What is not bound yet: the item of [], of optional.none(). Goes with everything; dyn at the end.
 */
extern const struct type type_free;

const struct type *type_opaque(const char *name, const struct type *const *arguments, size_t count,
			       struct arena *arena);
/* The type of either. */
const struct type *type_join(const struct type *a, const struct type *b, struct arena *arena);
/* Two scalars that no result may be at once. */
bool type_clash(const struct type *a, const struct type *b);
/* What iterating gives: of a list its items, of a map its keys. NULL: it cannot be iterated. */
const struct type *type_key(const struct type *type);
const struct type *type_item(const struct type *type);
bool type_is_open(const struct type *type);
/* How the empty value of a type is written ("''"), for hints; "..." of one that has none. */
const char *type_zero(const struct type *type);
/* The fields of an object, those of its base first; of another type there are none. */
uint32_t type_object_count(const struct type *type);
const struct type_field *type_object_at(const struct type *object, uint32_t index);
/* The type of values of a kind. */
const struct type *type_of_kind(enum value_kind kind);

/* Reads a function's signature against the types of arguments. */
struct signature {
	const char *at;
	const struct type *bound['Z' - 'A' + 1]; /* type parameters */
};
/* Whether count arguments may be of it; what, the parameters, are bound then. */
bool signature_accepts(struct signature *signature, const char *text,
		       const struct type *const *args, size_t count);
const struct type *signature_result(struct signature *signature, const char *text,
				    struct arena *arena);
/* Whether it takes so many. */
bool signature_counts(const char *text, size_t count);
/* The kinds that it takes in each place, as bits; *opaque the name of an opaque class or NULL. */
void signature_kinds(const char *text, size_t count, uint32_t *takes, const char **opaque,
		     struct arena *arena);

/* ---- functions ----------------------------------------------------------------------------- */

#define FUNCTION_OVERLOADS 16 /* of one name, form and arity, at most */

/* What is there of this name; for choosing and for messages. */
struct function_set {
	const struct function *match[FUNCTION_OVERLOADS]; /* name, form and arity are right */
	size_t count;
	const struct function *other; /* same name, another form or arity; or NULL */
};
/* extra: rows beside those of the table, or NULL. */
void function_find(const struct function *extra, struct text name, bool receiver, size_t count,
		   struct function_set *set);
/* The name of a function near word, or NULL. */
const char *function_near(struct text word, struct arena *arena);

/* ---- what is compiled ---------------------------------------------------------------------- */

struct expr {
	struct node node;
	size_t base; /* of text in the node's */
	struct text text;
	const struct tree *tree;
	uint32_t slots;
	const struct type *names;
	const struct expr_reference *references;
	size_t reference_count;
};

/* Notes which names the tree reads. */
void reference_collect(struct compiler *compiler, const struct tree *tree, struct expr *expr);

#endif
