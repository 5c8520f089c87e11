/*
 * The grammar, as a table that Pratt's driver reads:
 *
 *	Expr      = Or ["?" Or ":" Expr]
 *	Or        = And {"||" And}
 *	And       = Relation {"&&" Relation}
 *	Relation  = Sum {("<"|"<="|">"|">="|"=="|"!="|"in") Sum}
 *	Sum       = Product {("+"|"-") Product}
 *	Product   = Unary {("*"|"/"|"%") Unary}
 *	Unary     = {"!"} Member | {"-"} Member
 *	Member    = Operand {Select | Method | Index}
 *	Select    = "." ["?"] NAME
 *	Method    = "." NAME "(" [Arguments] ")"
 *	Index     = "[" ["?"] Expr "]"
 *	Operand   = ["."] NAME ["(" [Arguments] ")"] | LITERAL | "(" Expr ")" | List | Map
 *	List      = "[" [Item {"," Item}] [","] "]"
 *	Map       = "{" [Item ":" Expr {"," Item ":" Expr}] [","] "}"
 *	Item      = ["?"] Expr
 *	Arguments = Expr {"," Expr}
 */
#include "expr/parser.h"

/* What a token means where an operand may begin, and behind an operand: there with its level, and
 * for a chain the operator that it is. */
const struct rule grammar[TOKEN_KIND_COUNT] = {
	[TOKEN_NAME] = { .prefix = parse_name },
	[TOKEN_INT] = { .prefix = parse_literal },
	[TOKEN_UINT] = { .prefix = parse_literal },
	[TOKEN_DOUBLE] = { .prefix = parse_literal },
	[TOKEN_STRING] = { .prefix = parse_literal },
	[TOKEN_BYTES] = { .prefix = parse_literal },
	[TOKEN_TRUE] = { .prefix = parse_literal },
	[TOKEN_FALSE] = { .prefix = parse_literal },
	[TOKEN_NULL] = { .prefix = parse_literal },
	[TOKEN_NOT] = { .prefix = parse_not },
	[TOKEN_LPAREN] = { .prefix = parse_group },
	[TOKEN_LBRACKET] = { parse_list, parse_index, LEVEL_MEMBER, OPERATOR_NONE },
	[TOKEN_LBRACE] = { parse_map, parse_message, LEVEL_MEMBER, OPERATOR_NONE },
	[TOKEN_DOT] = { parse_rooted, parse_select, LEVEL_MEMBER, OPERATOR_NONE },
	[TOKEN_STAR] = { NULL, parse_chain, LEVEL_PRODUCT, OPERATOR_MULTIPLY },
	[TOKEN_SLASH] = { NULL, parse_chain, LEVEL_PRODUCT, OPERATOR_DIVIDE },
	[TOKEN_PERCENT] = { NULL, parse_chain, LEVEL_PRODUCT, OPERATOR_MODULO },
	[TOKEN_PLUS] = { NULL, parse_chain, LEVEL_SUM, OPERATOR_ADD },
	[TOKEN_MINUS] = { parse_minus, parse_chain, LEVEL_SUM, OPERATOR_SUBTRACT },
	[TOKEN_EQUAL] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_EQUAL },
	[TOKEN_NOT_EQUAL] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_NOT_EQUAL },
	[TOKEN_LESS] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_LESS },
	[TOKEN_LESS_EQUAL] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_LESS_EQUAL },
	[TOKEN_GREATER] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_GREATER },
	[TOKEN_GREATER_EQUAL] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_GREATER_EQUAL },
	[TOKEN_IN] = { NULL, parse_chain, LEVEL_RELATION, OPERATOR_IN },
	[TOKEN_AND] = { NULL, parse_logic, LEVEL_AND, OPERATOR_NONE },
	[TOKEN_OR] = { NULL, parse_logic, LEVEL_OR, OPERATOR_NONE },
	[TOKEN_QUESTION] = { NULL, parse_condition, LEVEL_CONDITION, OPERATOR_NONE },
};

struct tree *parse_behind(struct parser *parser, struct tree *left, enum level level)
{
	while (left && !parser->compiler->failed) {
		const struct rule *rule = &grammar[parser->token.kind];
		if (!rule->infix || rule->level < level)
			return left;
		left = rule->infix(parser, left);
	}
	return NULL;
}

struct tree *parse_level(struct parser *parser, enum level level)
{
	uint32_t depth = parser->depth;
	prefix_fn *prefix = grammar[parser->token.kind].prefix;

	if (!parser_deeper(parser))
		return NULL;
	if (!prefix)
		return parser_unexpected(parser, "an operand");
	struct tree *tree = parse_behind(parser, prefix(parser), level);
	parser->depth = depth;
	return tree;
}

struct tree *parser_read(struct compiler *compiler)
{
	struct parser parser = { .compiler = compiler, .lexer = { .text = compiler->text } };
	parser_advance(&parser);
	struct tree *tree = parse_level(&parser, LEVEL_CONDITION);
	if (tree && parser.token.kind != TOKEN_END)
		return parser_unexpected(&parser, "an operator");
	return compiler->failed ? NULL : tree;
}
