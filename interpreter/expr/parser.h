/* What the parts of the parser share: the grammar is a table (grammar.c), and each of its rules is
 * a function of parse_operand.c, parse_member.c or parse_operator.c. */
#ifndef EXPR_PARSER_H
#define EXPR_PARSER_H

#include "base/list.h"
#include "expr/internal.h"

/* How strongly operators bind, from weak to strong. */
enum level {
	LEVEL_NONE,
	LEVEL_CONDITION,
	LEVEL_OR,
	LEVEL_AND,
	LEVEL_RELATION,
	LEVEL_SUM,
	LEVEL_PRODUCT,
	LEVEL_UNARY,
	LEVEL_MEMBER
};

struct parser {
	struct compiler *compiler;
	struct lexer lexer;
	struct token token;  /* the one to look at */
	struct token before; /* the one before it */
	uint32_t depth;
};

/* What reads a token where an operand may begin, and what reads it behind the operand `left`. All
 * give NULL after a complaint. */
typedef struct tree *prefix_fn(struct parser *parser);
typedef struct tree *infix_fn(struct parser *parser, struct tree *left);

struct rule {
	prefix_fn *prefix; /* NULL: no operand begins so */
	infix_fn *infix;   /* NULL: it stands behind no operand */
	enum level level;  /* of the infix */
	enum operator symbol;
};
extern const struct rule grammar[TOKEN_KIND_COUNT];

extern prefix_fn parse_name, parse_rooted, parse_literal, parse_group, parse_list, parse_map,
	parse_not, parse_minus;
extern infix_fn parse_select, parse_index, parse_message, parse_chain, parse_logic, parse_condition;

/* An operand and what stands behind it and binds as strongly as level. */
struct tree *parse_level(struct parser *parser, enum level level);
/* What stands behind an operand and binds so. */
struct tree *parse_behind(struct parser *parser, struct tree *left, enum level level);
/* A literal whose token is the next; it begins at from, with a minus if it is negative. */
struct tree *parse_literal_at(struct parser *parser, uint32_t from, bool negative);
/* The arguments are next; name is the token before them; receiver may be NULL. */
struct tree *parse_call(struct parser *parser, struct token name, struct tree *receiver);

/* ---- tokens -------------------------------------------------------------------------------- */

struct text parser_text(const struct parser *parser, struct token token);
void parser_advance(struct parser *parser);
bool parser_accept(struct parser *parser, enum token_kind kind);
/* Reports the token that stands where something else was wanted; gives NULL. */
struct tree *parser_unexpected(struct parser *parser, const char *wanted);
bool parser_expect(struct parser *parser, enum token_kind kind, const char *wanted);
/* As parser_expect, for what closes the bracket at open. */
bool parser_close(struct parser *parser, enum token_kind kind, const char *wanted, uint32_t open);
/* One level more; false after a complaint: they are too many. */
bool parser_deeper(struct parser *parser);

/* ---- nodes --------------------------------------------------------------------------------- */

/* A list of operands that grows, and one mark for each. */
struct operands {
	LIST(struct tree *) tree;
	LIST(uint8_t) mark;
};
/* False: there is no tree, something was reported. */
bool operands_add(struct parser *parser, struct operands *operands, struct tree *tree,
		  uint8_t mark);
/* The node over them, from there to the token before. */
struct tree *operands_end(struct parser *parser, const struct operands *operands, enum tree_op op,
			  uint32_t from);

#endif
