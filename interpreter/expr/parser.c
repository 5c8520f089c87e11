/* Where the parser stands: its tokens, and the operands of a node that grows. */
#include "expr/parser.h"

struct text parser_text(const struct parser *parser, struct token token)
{
	return text_slice(parser->compiler->text, token.from, token.to);
}

void parser_advance(struct parser *parser)
{
	parser->before = parser->token;
	parser->token = lexer_next(&parser->lexer);
}

bool parser_accept(struct parser *parser, enum token_kind kind)
{
	if (parser->token.kind != kind)
		return false;
	parser_advance(parser);
	return true;
}

struct tree *parser_unexpected(struct parser *parser, const char *wanted)
{
	const struct lexer *lexer = &parser->lexer;
	if (parser->token.kind == TOKEN_BAD && lexer->complaint)
		habit_report_literal(parser->compiler, lexer, parser->token);
	else
		habit_report(parser->compiler, parser->before, parser->token, wanted);
	return NULL;
}

bool parser_expect(struct parser *parser, enum token_kind kind, const char *wanted)
{
	if (parser_accept(parser, kind))
		return true;
	parser_unexpected(parser, wanted);
	return false;
}

bool parser_close(struct parser *parser, enum token_kind kind, const char *wanted, uint32_t open)
{
	bool ended = parser->token.kind == TOKEN_END;
	if (parser_expect(parser, kind, wanted))
		return true;
	if (ended)
		diag_note(parser->compiler->diags, compiler_span(parser->compiler, open, open + 1),
			  "it was opened here");
	return false;
}

bool parser_deeper(struct parser *parser)
{
	if (++parser->depth <= EXPR_MAX_DEPTH)
		return true;
	if (!parser->compiler->failed)
		habit_report_depth(parser->compiler, parser->token);
	return false;
}

/* ---- nodes --------------------------------------------------------------------------------- */

bool operands_add(struct parser *parser, struct operands *operands, struct tree *tree, uint8_t mark)
{
	if (!tree || parser->compiler->failed)
		return false;
	*list_add(&operands->tree, parser->compiler->arena) = tree;
	*list_add(&operands->mark, parser->compiler->arena) = mark;
	return true;
}

struct tree *operands_end(struct parser *parser, const struct operands *operands, enum tree_op op,
			  uint32_t from)
{
	struct tree *tree = tree_new(parser->compiler, op, from, parser->before.to);
	tree->child = operands->tree.at;
	tree->count = (uint32_t)operands->tree.count;
	tree->marks = operands->mark.at;
	return tree;
}
