/* Operands: names, literals, groups, lists and maps. */
#include "expr/parser.h"

struct tree *parse_name(struct parser *parser)
{
	struct token name = parser->token;
	parser_advance(parser);
	if (parser->token.kind == TOKEN_LPAREN)
		return parse_call(parser, name, NULL);
	struct tree *tree = tree_new(parser->compiler, TREE_IDENT, name.from, name.to);
	tree->name = parser_text(parser, name);
	return tree;
}

struct tree *parse_rooted(struct parser *parser)
{
	uint32_t from = parser->token.from;
	parser_advance(parser);
	if (parser->token.kind != TOKEN_NAME)
		return parser_unexpected(parser, "a name");
	struct tree *tree = parse_name(parser);
	if (tree) {
		tree->from = from;
		tree->flags |= TREE_ROOTED;
	}
	return tree;
}

struct tree *parse_literal_at(struct parser *parser, uint32_t from, bool negative)
{
	struct token token = parser->token;
	struct tree *tree = tree_new(parser->compiler, TREE_CONSTANT, from, token.to);
	if (!literal_read(parser->compiler, token, negative, &tree->value))
		return NULL;
	parser_advance(parser);
	return tree;
}

struct tree *parse_literal(struct parser *parser)
{
	return parse_literal_at(parser, parser->token.from, false);
}

struct tree *parse_group(struct parser *parser)
{
	uint32_t open = parser->token.from;
	parser_advance(parser);
	struct tree *tree = parse_level(parser, LEVEL_CONDITION);
	uint32_t to = parser->token.to;
	if (!tree || !parser_close(parser, TOKEN_RPAREN, "')'", open))
		return NULL;
	/* What holds the group is told with both of its parentheses. */
	tree->from = open;
	tree->to = to;
	return tree;
}

/* The commas between items are in the hands of the caller; a trailing one is allowed. */
static bool more_items(struct parser *parser, enum token_kind close)
{
	return parser_accept(parser, TOKEN_COMMA) && parser->token.kind != close;
}

struct tree *parse_list(struct parser *parser)
{
	struct operands items = { 0 };
	uint32_t open = parser->token.from;

	parser_advance(parser);
	if (parser->token.kind != TOKEN_RBRACKET && parser->token.kind != TOKEN_COMMA) {
		do {
			uint8_t optional = parser_accept(parser, TOKEN_QUESTION);
			if (!operands_add(parser, &items, parse_level(parser, LEVEL_CONDITION),
					  optional))
				return NULL;
		} while (more_items(parser, TOKEN_RBRACKET));
	} else {
		parser_accept(parser, TOKEN_COMMA);
	}
	if (!parser_close(parser, TOKEN_RBRACKET, "',' or ']'", open))
		return NULL;
	return operands_end(parser, &items, TREE_LIST, open);
}

static bool parse_entry(struct parser *parser, struct operands *entries)
{
	uint8_t optional = parser_accept(parser, TOKEN_QUESTION);
	return operands_add(parser, entries, parse_level(parser, LEVEL_CONDITION), 0) &&
	       parser_expect(parser, TOKEN_COLON, "':'") &&
	       operands_add(parser, entries, parse_level(parser, LEVEL_CONDITION), optional);
}

struct tree *parse_map(struct parser *parser)
{
	struct operands entries = { 0 };
	uint32_t open = parser->token.from;

	parser_advance(parser);
	if (parser->token.kind != TOKEN_RBRACE && parser->token.kind != TOKEN_COMMA) {
		do
			if (!parse_entry(parser, &entries))
				return NULL;
		while (more_items(parser, TOKEN_RBRACE));
	} else {
		parser_accept(parser, TOKEN_COMMA);
	}
	if (!parser_close(parser, TOKEN_RBRACE, "',' or '}'", open))
		return NULL;
	return operands_end(parser, &entries, TREE_MAP, open);
}
