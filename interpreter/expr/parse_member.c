/* What stands behind an operand: arguments, fields, items. */
#include "expr/parser.h"

static bool parse_arguments(struct parser *parser, struct operands *args)
{
	uint32_t open = parser->token.from;
	parser_advance(parser);
	if (parser_accept(parser, TOKEN_RPAREN))
		return true;
	do
		if (!operands_add(parser, args, parse_level(parser, LEVEL_CONDITION), 0))
			return false;
	while (parser_accept(parser, TOKEN_COMMA));
	return parser_close(parser, TOKEN_RPAREN, "',' or ')'", open);
}

/* The arguments are next; name is the token before them. */
struct tree *parse_call(struct parser *parser, struct token name, struct tree *receiver)
{
	struct operands args = { 0 };
	uint32_t from = receiver ? receiver->from : name.from;

	if (receiver)
		operands_add(parser, &args, receiver, 0);
	if (!parse_arguments(parser, &args))
		return NULL;
	struct tree *call = operands_end(parser, &args, TREE_CALL, from);
	call->name = parser_text(parser, name);
	call->flags = receiver ? TREE_RECEIVER : 0;
	call->mark = name.from;
	return macro_expand(parser->compiler, call) ? call : NULL;
}

struct tree *parse_select(struct parser *parser, struct tree *left)
{
	parser_advance(parser);
	bool optional = parser_accept(parser, TOKEN_QUESTION);
	struct token key = parser->token;
	if (key.kind != TOKEN_NAME && key.kind != TOKEN_RESERVED && key.kind != TOKEN_QUOTED)
		return parser_unexpected(parser, "the name of a field");
	if (!parser_deeper(parser))
		return NULL;
	parser_advance(parser);
	if (parser->token.kind == TOKEN_LPAREN && key.kind != TOKEN_QUOTED && !optional)
		return parse_call(parser, key, left);
	struct tree *tree = tree_parent(parser->compiler, TREE_SELECT, left->from, key.to, 1);
	struct text name = parser_text(parser, key);
	tree->mark = key.from;
	tree->child[0] = left;
	tree->flags = optional ? TREE_OPTIONAL : 0;
	tree->value = value_string(key.kind == TOKEN_QUOTED ? text_slice(name, 1, name.len - 1)
							    : name);
	return tree;
}

struct tree *parse_index(struct parser *parser, struct tree *left)
{
	uint32_t open = parser->token.from;
	parser_advance(parser);
	bool optional = parser_accept(parser, TOKEN_QUESTION);
	if (!parser_deeper(parser))
		return NULL;
	struct tree *index = parse_level(parser, LEVEL_CONDITION);
	if (!index || !parser_close(parser, TOKEN_RBRACKET, "']'", open))
		return NULL;
	struct tree *tree = tree_parent(parser->compiler, TREE_INDEX, left->from, parser->before.to,
					2);
	tree->mark = open;
	tree->flags = optional ? TREE_OPTIONAL : 0;
	tree->child[0] = left;
	tree->child[1] = index;
	return tree;
}

struct tree *parse_message(struct parser *parser, struct tree *left)
{
	if (left->op != TREE_IDENT && left->op != TREE_SELECT)
		return parser_unexpected(parser, "an operator");
	complain(parser->compiler, left->from, parser->token.to, RB0301,
		 "'%.*s{' makes a message, which there is none of here",
		 TEXT_ARG(text_slice(parser->compiler->text, left->from, left->to)));
	diag_hint(parser->compiler->diags, "Write a map with quoted keys: {'key': value}.");
	return NULL;
}
