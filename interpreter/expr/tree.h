/* Tokens, and the tree that they become. */
#ifndef EXPR_TREE_H
#define EXPR_TREE_H

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

#endif
