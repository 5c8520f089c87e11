/* Operators: of one operand, of two, and the condition. */
#include "expr/parser.h"

/* ---- of one operand ------------------------------------------------------------------------ */

static struct tree *unary(struct parser *parser, enum tree_op op, uint32_t from, uint32_t repeat,
			  struct tree *operand)
{
	if (!operand || repeat == 0)
		return operand;
	struct tree *tree = tree_parent(parser->compiler, op, from, operand->to, 1);
	tree->child[0] = operand;
	tree->repeat = repeat;
	return tree;
}

static bool at_number(const struct parser *parser)
{
	return parser->token.kind == TOKEN_INT || parser->token.kind == TOKEN_UINT ||
	       parser->token.kind == TOKEN_DOUBLE;
}

/* The last minus before a number belongs to the number. */
struct tree *parse_minus(struct parser *parser)
{
	uint32_t from = parser->token.from;
	uint32_t repeat = 0;
	for (; parser->token.kind == TOKEN_MINUS; repeat++)
		parser_advance(parser);
	if (parser->token.kind == TOKEN_NOT)
		return parser_unexpected(parser, "an operand");
	if (!at_number(parser))
		return unary(parser, TREE_NEGATE, from, repeat, parse_level(parser, LEVEL_MEMBER));
	struct tree *number = parse_literal_at(parser, parser->before.from, true);
	return unary(parser, TREE_NEGATE, from, repeat - 1,
		     parse_behind(parser, number, LEVEL_MEMBER));
}

/* `!-1` is in the grammar, `!-x` is not. */
struct tree *parse_not(struct parser *parser)
{
	uint32_t from = parser->token.from;
	uint32_t repeat = 0;
	for (; parser->token.kind == TOKEN_NOT; repeat++)
		parser_advance(parser);
	if (parser->token.kind != TOKEN_MINUS)
		return unary(parser, TREE_NOT, from, repeat, parse_level(parser, LEVEL_MEMBER));
	parser_advance(parser);
	if (!at_number(parser))
		return parser_unexpected(parser, "a number");
	struct tree *number = parse_literal_at(parser, parser->before.from, true);
	return unary(parser, TREE_NOT, from, repeat, parse_behind(parser, number, LEVEL_MEMBER));
}

/* ---- of two and three ---------------------------------------------------------------------- */

/* All operators of one level in a row make one node, so that ten thousand terms are no deeper than
 * two. */
struct tree *parse_chain(struct parser *parser, struct tree *left)
{
	enum level level = grammar[parser->token.kind].level;
	uint32_t mark = parser->token.from;
	struct operands operands = { 0 };

	operands_add(parser, &operands, left, OPERATOR_NONE);
	while (grammar[parser->token.kind].level == level) {
		enum operator symbol = grammar[parser->token.kind].symbol;
		parser_advance(parser);
		if (!operands_add(parser, &operands, parse_level(parser, level + 1), symbol))
			return NULL;
	}
	struct tree *tree = operands_end(parser, &operands, TREE_CHAIN, left->from);
	tree->mark = mark;
	return tree;
}

struct tree *parse_logic(struct parser *parser, struct tree *left)
{
	enum token_kind kind = parser->token.kind;
	struct operands operands = { 0 };

	operands_add(parser, &operands, left, 0);
	while (parser_accept(parser, kind))
		if (!operands_add(parser, &operands, parse_level(parser, grammar[kind].level + 1),
				  0))
			return NULL;
	return operands_end(parser, &operands, kind == TOKEN_AND ? TREE_AND : TREE_OR, left->from);
}

struct tree *parse_condition(struct parser *parser, struct tree *condition)
{
	uint32_t mark = parser->token.from;
	parser_advance(parser);
	struct tree *yes = parse_level(parser, LEVEL_OR);
	if (!yes || !parser_expect(parser, TOKEN_COLON, "':'"))
		return NULL;
	struct tree *no = parse_level(parser, LEVEL_CONDITION);
	if (!no)
		return NULL;
	struct tree *tree = tree_parent(parser->compiler, TREE_CONDITION, condition->from, no->to,
					3);
	tree->mark = mark;
	tree->child[0] = condition;
	tree->child[1] = yes;
	tree->child[2] = no;
	return tree;
}
