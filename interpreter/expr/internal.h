/*
 * What the parts of expr share. The way of an expression:
 *
 *	lexer, literal   text -> tokens
 *	parser, macro    tokens -> struct tree, names unresolved
 *	resolve, check   names -> slots, calls -> overloads, each node its static type
 *	fold             parts without names -> constants
 *	eval, loop, operator, function     struct tree + values -> value
 */
#ifndef EXPR_INTERNAL_H
#define EXPR_INTERNAL_H

#include "expr/functions.h"

/* ---- tokens -------------------------------------------------------------------------------- */

enum token_kind {
	TOKEN_END,
	TOKEN_BAD, /* cannot begin any token; or a literal that is broken (lexer.complaint) */
	TOKEN_NAME,
	TOKEN_RESERVED, /* a name that only a selector may have */
	TOKEN_QUOTED,   /* `a-b` behind a dot */
	TOKEN_INT,
	TOKEN_UINT,
	TOKEN_DOUBLE,
	TOKEN_STRING,
	TOKEN_BYTES,
	TOKEN_TRUE,
	TOKEN_FALSE,
	TOKEN_NULL,
	TOKEN_IN,
	TOKEN_LPAREN,
	TOKEN_RPAREN,
	TOKEN_LBRACKET,
	TOKEN_RBRACKET,
	TOKEN_LBRACE,
	TOKEN_RBRACE,
	TOKEN_DOT,
	TOKEN_COMMA,
	TOKEN_COLON,
	TOKEN_QUESTION,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_STAR,
	TOKEN_SLASH,
	TOKEN_PERCENT,
	TOKEN_NOT,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_KIND_COUNT
};

struct token {
	enum token_kind kind;
	uint32_t from, to; /* bytes of the text */
};

struct lexer {
	struct text text;
	uint32_t at;           /* where the next token is looked for */
	const char *complaint; /* of a TOKEN_BAD, or NULL: nothing begins so */
	enum diag_code code;   /* of the complaint */
};

struct token lexer_next(struct lexer *lexer);

/* ---- the tree ------------------------------------------------------------------------------ */

enum tree_op {
	TREE_CONSTANT,
	TREE_IDENT,      /* a name before it is resolved */
	TREE_NAME,       /* a root name: slot is its place in the scope */
	TREE_LOCAL,      /* a variable of a macro: slot */
	TREE_UNDECLARED, /* unchecked mode: fails when it is evaluated */
	TREE_SELECT,     /* child[0].key */
	TREE_HAS,        /* has(child[0].key) */
	TREE_INDEX,      /* child[0][child[1]] */
	TREE_LIST,
	TREE_MAP,    /* key, value, key, value, ... */
	TREE_NOT,    /* repeat times */
	TREE_NEGATE, /* repeat times */
	TREE_CHAIN,  /* child[0] marks[1] child[1] marks[2] child[2] ..., from the left */
	TREE_AND,
	TREE_OR,
	TREE_CONDITION, /* child[0] ? child[1] : child[2] */
	TREE_CALL,      /* child[0] is the receiver if TREE_RECEIVER */
	TREE_ALL,       /* the macros with variables: child[0] is the range */
	TREE_EXISTS,
	TREE_EXISTS_ONE,
	TREE_TRANSFORM_LIST, /* map and filter too: child[1] result, child[2] condition, if any */
	TREE_TRANSFORM_MAP,
	TREE_TRANSFORM_ENTRY,
	TREE_SORT_BY,
	TREE_BIND, /* child[0] bound, child[1] body */
	TREE_OPT_MAP,
	TREE_OPT_FLAT_MAP,
	TREE_OR_ELSE, /* opt.or(child[1]) */
	TREE_OR_VALUE,
	TREE_OP_COUNT
};

/* Operators of a chain. */
enum operator{
	OPERATOR_NONE,
	OPERATOR_ADD,
	OPERATOR_SUBTRACT,
	OPERATOR_MULTIPLY,
	OPERATOR_DIVIDE,
	OPERATOR_MODULO,
	OPERATOR_EQUAL,
	OPERATOR_NOT_EQUAL,
	OPERATOR_LESS,
	OPERATOR_LESS_EQUAL,
	OPERATOR_GREATER,
	OPERATOR_GREATER_EQUAL,
	OPERATOR_IN,
	OPERATOR_COUNT
};

enum {
	TREE_RECEIVER = 1, /* of a call: written x.f() */
	TREE_OPTIONAL = 2, /* of a select or an index: .?f, [?i] */
	TREE_ROOTED = 4,   /* of an ident: written with a leading dot */
	TREE_GUARDED = 8   /* of a select: a has() before has shown that it is there */
};

#define TREE_CLOSED UINT16_MAX

/* The variables of a macro. */
struct variables {
	struct text name[2];
	uint32_t at[2]; /* where they are written */
	uint32_t slot[2];
	uint32_t count; /* 1 or 2 */
};

/* An overload that a call may mean, with what it takes as bits of value kinds. */
struct overload {
	const struct function *function;
	const uint32_t *takes;     /* one for each argument */
	const char *const *opaque; /* for each: the name of an opaque class, or NULL */
};

struct call {
	struct text name;
	const struct overload *overloads;
	size_t count;
	const struct regex *regex; /* of a constant pattern */
};

/* One node. Made by the parser, changed in place by resolve, check and fold, then constant. */
struct tree {
	uint8_t op; /* enum tree_op */
	uint8_t flags;
	uint16_t level;    /* the outermost variable that it uses: 0 a root name, n the n-th macro
			      around it, or TREE_CLOSED */
	uint32_t count;    /* of children */
	uint32_t from, to; /* bytes of the expression's text */
	uint32_t mark;     /* where the operator, the key or the function's name is written */
	union {
		uint32_t slot;
		uint32_t repeat;
	};
	struct tree **child;
	const struct type *type;
	union {
		struct value value; /* constant; key of select and has */
		struct text name;   /* ident, undeclared, call before check */
		struct call *call;
		struct variables *variables;
		const uint8_t *marks; /* of a chain: operators; of a list or map: 1 where written
					 [?e] */
	};
};

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
/* Reports a name that nobody declared; in unchecked mode the node will fail when it is evaluated.
 */
void resolve_undeclared(struct compiler *compiler, struct tree *tree);
/* "did you mean" among the fields of an object, for the latest complaint. */
void resolve_suggest(struct compiler *compiler, struct text word, const struct type *object);

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

/* The type of either. */
const struct type *type_join(const struct type *a, const struct type *b, struct arena *arena);
/* What iterating gives: of a list its items, of a map its keys. NULL: it cannot be iterated. */
const struct type *type_key(const struct type *type);
const struct type *type_item(const struct type *type);
bool type_is_open(const struct type *type);
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
void function_find(struct text name, bool receiver, size_t count, struct function_set *set);
/* The name of a function near word, or NULL. */
const char *function_near(struct text word, struct arena *arena);

/* ---- evaluating ---------------------------------------------------------------------------- */

/* A macro's variable at work: a value, or what will give it (cel.bind is lazy). */
struct slot {
	struct value value;
	const struct tree *pending;
};

struct machine {
	struct function_call call;
	struct slot *slots;
	size_t memory; /* bytes that the evaluation may take */
	size_t used;   /* of the arena, at the start */
	bool unknown;  /* an unknown was seen: look into lists and maps for it */
};

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

void machine_init(struct machine *machine, const struct expr_scope *scope, uint32_t slots,
		  struct arena *arena);
struct value eval_tree(struct machine *machine, const struct tree *tree);
/* The macros that iterate, and cel.bind. */
struct value eval_loop(struct machine *machine, const struct tree *tree);
/* What works on optionals. */
struct value eval_optional(struct machine *machine, const struct tree *tree);
struct value eval_logic(struct machine *machine, const struct tree *tree);
struct value call_eval(struct machine *machine, const struct tree *tree);
/* Whether there is an unknown in a list or map; always false while none was seen. */
bool call_hides_unknown(const struct machine *machine, struct value value);
struct value call_unknown(struct machine *machine);
/* An error value with the place of the tree. */
struct value eval_fail(struct machine *machine, const struct tree *tree, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The value; an error gets the place of the tree if it has none; an unknown is remembered; a limit
 * error when the arena has given more than it may. */
struct value eval_settle(struct machine *machine, const struct tree *tree, struct value value);
bool eval_is_limit(struct value value);

/* An error or an unknown: nothing can be computed with it. */
static inline bool eval_stops(struct value value)
{
	return value.kind >= VALUE_UNKNOWN;
}

static inline struct value eval_taint(struct value value, unsigned flags)
{
	return flags & VALUE_TAINT ? value_mark(value, flags & VALUE_TAINT) : value;
}

/* What && || all exists know so far; starts zeroed. */
struct verdict {
	struct value undecided; /* the first error, or an unknown */
	unsigned taint;
};
/* Takes one operand; true: it decides (it is `deciding`, or nothing absorbs it) and is the result.
 */
bool verdict_take(struct verdict *verdict, struct machine *machine, const struct tree *tree,
		  struct value *operand, bool deciding);
struct value verdict_end(const struct verdict *verdict, bool otherwise);

struct value operator_apply(struct function_call *call, enum operator symbol, struct value left,
			    struct value right);
struct value operator_negate(struct function_call *call, struct value value);
const char *operator_text(enum operator symbol);
/* The type of left op right; NULL: there is none. */
const struct type *operator_type(enum operator symbol, const struct type *left,
				 const struct type *right, struct arena *arena);

/* ---- references ---------------------------------------------------------------------------- */

void reference_collect(struct compiler *compiler, const struct tree *tree, struct expr *expr);

#endif
