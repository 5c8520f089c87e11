/* Tokens to a tree: a Pratt parser whose grammar is the table below. */
#include "base/list.h"
#include "expr/internal.h"

/* From weak to strong. */
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

typedef struct tree *prefix_fn(struct parser *parser);
typedef struct tree *infix_fn(struct parser *parser, struct tree *left);

static struct tree *parse_level(struct parser *parser, enum level level);
static prefix_fn parse_name, parse_literal, parse_group, parse_list, parse_map, parse_not,
	parse_minus, parse_rooted;
static infix_fn parse_chain, parse_logic, parse_condition, parse_select, parse_index, parse_message;

/* What a token means where an operand may begin, and behind an operand. */
static const struct rule {
	prefix_fn *prefix;
	infix_fn *infix;
	enum level level; /* of the infix */
	enum operator symbol;
} grammar[TOKEN_KIND_COUNT] = {
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

/* ---- tokens -------------------------------------------------------------------------------- */

static struct text token_text(const struct parser *parser, struct token token)
{
	return text_slice(parser->compiler->text, token.from, token.to);
}

static void advance(struct parser *parser)
{
	parser->before = parser->token;
	parser->token = lexer_next(&parser->lexer);
}

static bool accept(struct parser *parser, enum token_kind kind)
{
	if (parser->token.kind != kind)
		return false;
	advance(parser);
	return true;
}

/* Reports the token that stands where something else was wanted. */
static struct tree *unexpected(struct parser *parser, const char *wanted)
{
	const struct lexer *lexer = &parser->lexer;
	if (parser->token.kind == TOKEN_BAD && lexer->complaint)
		habit_report_literal(parser->compiler, lexer, parser->token);
	else
		habit_report(parser->compiler, parser->before, parser->token, wanted);
	return NULL;
}

static bool expect(struct parser *parser, enum token_kind kind, const char *wanted)
{
	if (accept(parser, kind))
		return true;
	unexpected(parser, wanted);
	return false;
}

/* As expect, for what closes a bracket. */
static bool expect_close(struct parser *parser, enum token_kind kind, const char *wanted,
			 uint32_t open)
{
	bool ended = parser->token.kind == TOKEN_END;
	if (expect(parser, kind, wanted))
		return true;
	if (ended)
		diag_note(parser->compiler->diags, compiler_span(parser->compiler, open, open + 1),
			  "it was opened here");
	return false;
}

/* ---- nodes --------------------------------------------------------------------------------- */

/* A list of operands that grows, and one mark for each. */
struct operands {
	LIST(struct tree *) tree;
	LIST(uint8_t) mark;
};

static bool operands_add(struct parser *parser, struct operands *operands, struct tree *tree,
			 uint8_t mark)
{
	if (!tree || parser->compiler->failed)
		return false;
	*list_add(&operands->tree, parser->compiler->arena) = tree;
	*list_add(&operands->mark, parser->compiler->arena) = mark;
	return true;
}

static struct tree *operands_end(struct parser *parser, const struct operands *operands,
				 enum tree_op op, uint32_t from)
{
	struct tree *tree = tree_new(parser->compiler, op, from, parser->before.to);
	tree->child = operands->tree.at;
	tree->count = (uint32_t)operands->tree.count;
	tree->marks = operands->mark.at;
	return tree;
}

/* ---- operands ------------------------------------------------------------------------------ */

static bool parse_arguments(struct parser *parser, struct operands *args)
{
	uint32_t open = parser->token.from;
	advance(parser);
	if (accept(parser, TOKEN_RPAREN))
		return true;
	do
		if (!operands_add(parser, args, parse_level(parser, LEVEL_CONDITION), 0))
			return false;
	while (accept(parser, TOKEN_COMMA));
	return expect_close(parser, TOKEN_RPAREN, "',' or ')'", open);
}

/* The arguments are next; name is the token before them. */
static struct tree *parse_call(struct parser *parser, struct token name, struct tree *receiver)
{
	struct operands args = { 0 };
	uint32_t from = receiver ? receiver->from : name.from;

	if (receiver)
		operands_add(parser, &args, receiver, 0);
	if (!parse_arguments(parser, &args))
		return NULL;
	struct tree *call = operands_end(parser, &args, TREE_CALL, from);
	call->name = token_text(parser, name);
	call->flags = receiver ? TREE_RECEIVER : 0;
	call->mark = name.from;
	return macro_expand(parser->compiler, call) ? call : NULL;
}

static struct tree *parse_name(struct parser *parser)
{
	struct token name = parser->token;
	advance(parser);
	if (parser->token.kind == TOKEN_LPAREN)
		return parse_call(parser, name, NULL);
	struct tree *tree = tree_new(parser->compiler, TREE_IDENT, name.from, name.to);
	tree->name = token_text(parser, name);
	return tree;
}

static struct tree *parse_rooted(struct parser *parser)
{
	uint32_t from = parser->token.from;
	advance(parser);
	if (parser->token.kind != TOKEN_NAME)
		return unexpected(parser, "a name");
	struct tree *tree = parse_name(parser);
	if (tree) {
		tree->from = from;
		tree->flags |= TREE_ROOTED;
	}
	return tree;
}

static struct tree *parse_literal_at(struct parser *parser, uint32_t from, bool negative)
{
	struct token token = parser->token;
	struct tree *tree = tree_new(parser->compiler, TREE_CONSTANT, from, token.to);
	if (!literal_read(parser->compiler, token, negative, &tree->value))
		return NULL;
	advance(parser);
	return tree;
}

static struct tree *parse_literal(struct parser *parser)
{
	return parse_literal_at(parser, parser->token.from, false);
}

static struct tree *parse_group(struct parser *parser)
{
	uint32_t open = parser->token.from;
	advance(parser);
	struct tree *tree = parse_level(parser, LEVEL_CONDITION);
	if (!tree || !expect_close(parser, TOKEN_RPAREN, "')'", open))
		return NULL;
	return tree;
}

/* The commas between items are in the hands of the caller; a trailing one is allowed. */
static bool more_items(struct parser *parser, enum token_kind close)
{
	return accept(parser, TOKEN_COMMA) && parser->token.kind != close;
}

static struct tree *parse_list(struct parser *parser)
{
	struct operands items = { 0 };
	uint32_t open = parser->token.from;

	advance(parser);
	if (parser->token.kind != TOKEN_RBRACKET && parser->token.kind != TOKEN_COMMA) {
		do {
			uint8_t optional = accept(parser, TOKEN_QUESTION);
			if (!operands_add(parser, &items, parse_level(parser, LEVEL_CONDITION),
					  optional))
				return NULL;
		} while (more_items(parser, TOKEN_RBRACKET));
	} else {
		accept(parser, TOKEN_COMMA);
	}
	if (!expect_close(parser, TOKEN_RBRACKET, "',' or ']'", open))
		return NULL;
	return operands_end(parser, &items, TREE_LIST, open);
}

static bool parse_entry(struct parser *parser, struct operands *entries)
{
	uint8_t optional = accept(parser, TOKEN_QUESTION);
	return operands_add(parser, entries, parse_level(parser, LEVEL_CONDITION), 0) &&
	       expect(parser, TOKEN_COLON, "':'") &&
	       operands_add(parser, entries, parse_level(parser, LEVEL_CONDITION), optional);
}

static struct tree *parse_map(struct parser *parser)
{
	struct operands entries = { 0 };
	uint32_t open = parser->token.from;

	advance(parser);
	if (parser->token.kind != TOKEN_RBRACE && parser->token.kind != TOKEN_COMMA) {
		do
			if (!parse_entry(parser, &entries))
				return NULL;
		while (more_items(parser, TOKEN_RBRACE));
	} else {
		accept(parser, TOKEN_COMMA);
	}
	if (!expect_close(parser, TOKEN_RBRACE, "',' or '}'", open))
		return NULL;
	return operands_end(parser, &entries, TREE_MAP, open);
}

/* ---- unary operators ----------------------------------------------------------------------- */

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

/* What may stand behind an operand and binds as strongly as level. */
static struct tree *parse_behind(struct parser *parser, struct tree *left, enum level level)
{
	while (left && !parser->compiler->failed) {
		const struct rule *rule = &grammar[parser->token.kind];
		if (!rule->infix || rule->level < level)
			return left;
		left = rule->infix(parser, left);
	}
	return NULL;
}

/* The last minus before a number belongs to the number. */
static struct tree *parse_minus(struct parser *parser)
{
	uint32_t from = parser->token.from;
	uint32_t repeat = 0;
	for (; parser->token.kind == TOKEN_MINUS; repeat++)
		advance(parser);
	if (parser->token.kind == TOKEN_NOT)
		return unexpected(parser, "an operand");
	if (!at_number(parser))
		return unary(parser, TREE_NEGATE, from, repeat, parse_level(parser, LEVEL_MEMBER));
	struct tree *number = parse_literal_at(parser, parser->before.from, true);
	return unary(parser, TREE_NEGATE, from, repeat - 1,
		     parse_behind(parser, number, LEVEL_MEMBER));
}

/* `!-1` is in the grammar, `!-x` is not. */
static struct tree *parse_not(struct parser *parser)
{
	uint32_t from = parser->token.from;
	uint32_t repeat = 0;
	for (; parser->token.kind == TOKEN_NOT; repeat++)
		advance(parser);
	if (parser->token.kind != TOKEN_MINUS)
		return unary(parser, TREE_NOT, from, repeat, parse_level(parser, LEVEL_MEMBER));
	advance(parser);
	if (!at_number(parser))
		return unexpected(parser, "a number");
	struct tree *number = parse_literal_at(parser, parser->before.from, true);
	return unary(parser, TREE_NOT, from, repeat, parse_behind(parser, number, LEVEL_MEMBER));
}

/* ---- binary operators ---------------------------------------------------------------------- */

/* All operators of one level in a row make one node, so that ten thousand terms are no deeper than
 * two. */
static struct tree *parse_chain(struct parser *parser, struct tree *left)
{
	enum level level = grammar[parser->token.kind].level;
	uint32_t mark = parser->token.from;
	struct operands operands = { 0 };

	operands_add(parser, &operands, left, OPERATOR_NONE);
	while (grammar[parser->token.kind].level == level) {
		enum operator symbol = grammar[parser->token.kind].symbol;
		advance(parser);
		if (!operands_add(parser, &operands, parse_level(parser, level + 1), symbol))
			return NULL;
	}
	struct tree *tree = operands_end(parser, &operands, TREE_CHAIN, left->from);
	tree->mark = mark;
	return tree;
}

static struct tree *parse_logic(struct parser *parser, struct tree *left)
{
	enum token_kind kind = parser->token.kind;
	struct operands operands = { 0 };

	operands_add(parser, &operands, left, 0);
	while (accept(parser, kind))
		if (!operands_add(parser, &operands, parse_level(parser, grammar[kind].level + 1),
				  0))
			return NULL;
	return operands_end(parser, &operands, kind == TOKEN_AND ? TREE_AND : TREE_OR, left->from);
}

static struct tree *parse_condition(struct parser *parser, struct tree *condition)
{
	uint32_t mark = parser->token.from;
	advance(parser);
	struct tree *yes = parse_level(parser, LEVEL_OR);
	if (!yes || !expect(parser, TOKEN_COLON, "':'"))
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

/* ---- what stands behind an operand --------------------------------------------------------- */

static bool deeper(struct parser *parser)
{
	if (++parser->depth <= EXPR_MAX_DEPTH)
		return true;
	if (!parser->compiler->failed)
		habit_report_depth(parser->compiler, parser->token);
	return false;
}

static struct tree *parse_select(struct parser *parser, struct tree *left)
{
	advance(parser);
	bool optional = accept(parser, TOKEN_QUESTION);
	struct token key = parser->token;
	if (key.kind != TOKEN_NAME && key.kind != TOKEN_RESERVED && key.kind != TOKEN_QUOTED)
		return unexpected(parser, "the name of a field");
	if (!deeper(parser))
		return NULL;
	advance(parser);
	if (parser->token.kind == TOKEN_LPAREN && key.kind != TOKEN_QUOTED && !optional)
		return parse_call(parser, key, left);
	struct tree *tree = tree_parent(parser->compiler, TREE_SELECT, left->from, key.to, 1);
	struct text name = token_text(parser, key);
	tree->mark = key.from;
	tree->child[0] = left;
	tree->flags = optional ? TREE_OPTIONAL : 0;
	tree->value = value_string(key.kind == TOKEN_QUOTED ? text_slice(name, 1, name.len - 1)
							    : name);
	return tree;
}

static struct tree *parse_index(struct parser *parser, struct tree *left)
{
	uint32_t open = parser->token.from;
	advance(parser);
	bool optional = accept(parser, TOKEN_QUESTION);
	if (!deeper(parser))
		return NULL;
	struct tree *index = parse_level(parser, LEVEL_CONDITION);
	if (!index || !expect_close(parser, TOKEN_RBRACKET, "']'", open))
		return NULL;
	struct tree *tree = tree_parent(parser->compiler, TREE_INDEX, left->from, parser->before.to,
					2);
	tree->mark = open;
	tree->flags = optional ? TREE_OPTIONAL : 0;
	tree->child[0] = left;
	tree->child[1] = index;
	return tree;
}

static struct tree *parse_message(struct parser *parser, struct tree *left)
{
	if (left->op != TREE_IDENT && left->op != TREE_SELECT)
		return unexpected(parser, "an operator");
	complain(parser->compiler, left->from, parser->token.to, RB0301,
		 "'%.*s{' makes a message, which there is none of here",
		 TEXT_ARG(text_slice(parser->compiler->text, left->from, left->to)));
	diag_hint(parser->compiler->diags, "Write a map with quoted keys: {'key': value}.");
	return NULL;
}

/* ---- the driver ---------------------------------------------------------------------------- */

static struct tree *parse_level(struct parser *parser, enum level level)
{
	uint32_t depth = parser->depth;
	prefix_fn *prefix = grammar[parser->token.kind].prefix;

	if (!deeper(parser))
		return NULL;
	if (!prefix)
		return unexpected(parser, "an operand");
	struct tree *tree = parse_behind(parser, prefix(parser), level);
	parser->depth = depth;
	return tree;
}

struct tree *parser_read(struct compiler *compiler)
{
	struct parser parser = { .compiler = compiler, .lexer = { .text = compiler->text } };
	advance(&parser);
	struct tree *tree = parse_level(&parser, LEVEL_CONDITION);
	if (tree && parser.token.kind != TOKEN_END)
		return unexpected(&parser, "an operator");
	return compiler->failed ? NULL : tree;
}
