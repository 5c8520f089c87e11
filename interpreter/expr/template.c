/* "..${{ expression }}..": literal pieces and expressions. */
#include "base/list.h"
#include "expr/internal.h"

#define OPEN TEXT("${{")
#define CLOSE TEXT("}}")
#define ESCAPED TEXT("$${{")

struct reader {
	const struct node *node;
	struct text text;
	const struct expr_options *options;
	struct arena *arena;
	struct diags *diags;
	LIST(struct template_piece) pieces;
};

/* ---- finding the end ----------------------------------------------------------------------- */

/* Reports what stands at from..to of the node's text. */
#define report(reader, from, to, ...) \
	diag_at((reader)->diags, node_span((reader)->node, (from), (to)), __VA_ARGS__)

static void report_nested(const struct reader *reader, size_t at)
{
	report(reader, at, at + OPEN.len, RB0322, "'${{' inside an interpolation");
	diag_hint(reader->diags, "Inside an expression names stand bare, as in inputs.name.");
}

static void report_unclosed(const struct reader *reader, size_t from)
{
	report(reader, from, from + OPEN.len, RB0320, "'${{' without its '}}'");
	diag_hint(reader->diags,
		  "Close it, as in ${{ inputs.name }}; for these characters themselves write "
		  "'$${{'.");
}

static bool starts(struct text text, size_t at, struct text with)
{
	return text_equal(text_slice(text, at, at + with.len), with);
}

static bool is_open(enum token_kind kind)
{
	return kind == TOKEN_LBRACE || kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET;
}

static bool is_close(enum token_kind kind)
{
	return kind == TOKEN_RBRACE || kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET;
}

/*
 * The offset of the "}}" that ends the expression which begins at from. Where brackets inside do
 * not match, the first "}}" behind a balance of none ends it, and the parser will say what is
 * wrong.
 */
static bool find_end(const struct reader *reader, size_t from, size_t *end)
{
	struct lexer lexer = { .text = reader->text, .at = (uint32_t)(from + OPEN.len) };
	int depth = 0;

	for (;;) {
		struct token token = lexer_next(&lexer);
		*end = token.from;
		if (token.kind == TOKEN_RBRACE && depth <= 0 && starts(reader->text, *end, CLOSE))
			return true;
		if (token.kind == TOKEN_BAD && starts(reader->text, *end, OPEN)) {
			report_nested(reader, *end);
			return false;
		}
		if (token.kind == TOKEN_END || (token.kind == TOKEN_BAD && lexer.complaint)) {
			report_unclosed(reader, from);
			return false;
		}
		depth += is_open(token.kind) - is_close(token.kind);
	}
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool is_blank(struct text text)
{
	return text_trim(text).len == 0;
}

/* The expression between from and end, which are its braces. */
static const struct expr *read_expr(const struct reader *reader, size_t from, size_t end)
{
	size_t start = from + OPEN.len;
	if (is_blank(text_slice(reader->text, start, end))) {
		report(reader, from, end + CLOSE.len, RB0321,
		       "no expression between '${{' and '}}'");
		diag_hint(reader->diags,
			  "Write one, as in ${{ inputs.name }}; for these characters "
			  "themselves write '$${{'.");
		return NULL;
	}
	return expr_compile(reader->node, start, end, reader->options, reader->arena,
			    reader->diags);
}

/* The text with "${{" where "$${{" is written; mostly the text itself. */
static struct text unescape(struct text text, struct arena *arena)
{
	size_t escape = text_find(text, ESCAPED, 0);
	struct buffer out;
	size_t at = 0;

	if (escape == SIZE_MAX)
		return text;
	buffer_init(&out, arena);
	for (; escape != SIZE_MAX; escape = text_find(text, ESCAPED, at)) {
		buffer_add(&out, text_slice(text, at, escape));
		buffer_add(&out, OPEN);
		at = escape + ESCAPED.len;
	}
	buffer_add(&out, text_slice(text, at, text.len));
	return arena_text(arena, buffer_text(&out));
}

static void add_literal(struct reader *reader, size_t from, size_t to)
{
	if (from == to)
		return;
	*list_add(&reader->pieces, reader->arena) = (struct template_piece){
		.literal = unescape(text_slice(reader->text, from, to), reader->arena),
		.from = from,
		.to = to,
	};
}

/* Where the next "${{" from at on stands that is none of "$${{"; the length of the text if there is
 * none. */
static size_t find_open(struct text text, size_t at)
{
	size_t open = text_find(text, OPEN, at);

	while (open != SIZE_MAX && open > at && text.ptr[open - 1] == '$') {
		at = open + OPEN.len;
		open = text_find(text, OPEN, at);
	}
	return open == SIZE_MAX ? text.len : open;
}

/* The interpolation at *at; false after a diagnostic, with *at behind what was understood. */
static bool read_hole(struct reader *reader, size_t *at)
{
	size_t from = *at, end;
	if (!find_end(reader, from, &end)) {
		*at = reader->text.len;
		return false;
	}
	*at = end + CLOSE.len;
	const struct expr *expr = read_expr(reader, from, end);
	if (!expr)
		return false;
	*list_add(&reader->pieces,
		  reader->arena) = (struct template_piece){ .expr = expr, .from = from, .to = *at };
	return true;
}

/* All mistakes of a scalar are told, not only the first. */
static bool read_pieces(struct reader *reader)
{
	bool good = true;
	size_t at = 0;

	while (at < reader->text.len) {
		size_t open = find_open(reader->text, at);
		add_literal(reader, at, open);
		at = open;
		if (at < reader->text.len)
			good = read_hole(reader, &at) && good;
	}
	return good;
}

static bool is_scalar(const struct node *node, const char *wanted, struct diags *diags)
{
	if (node->kind == NODE_SCALAR)
		return true;
	diag_at(diags, node->span, RB0102, "expected %s; found %s", wanted, node_kind_name(node));
	diag_hint(diags, "Write it as one text, in quotes if it holds brackets or ': '.");
	return false;
}

const struct template *template_read(const struct node *node, const struct expr_options *options,
				     struct arena *arena, struct diags *diags)
{
	struct reader reader = {
		.node = node,
		.text = node->text,
		.options = options,
		.arena = arena,
		.diags = diags,
	};
	if (!is_scalar(node, "text", diags) || !read_pieces(&reader))
		return NULL;
	struct template *template = arena_new(arena, struct template);
	bool sole = reader.pieces.count == 1 && reader.pieces.at[0].expr;
	*template = (struct template){
		.node = node,
		.pieces = reader.pieces.at,
		.count = reader.pieces.count,
		.sole = sole,
		.expr = sole ? reader.pieces.at[0].expr : NULL,
		.type = sole ? expr_type(reader.pieces.at[0].expr) : &type_string,
	};
	return template;
}

/* What would fail whenever the text is made. */
static bool refuse_textless(const struct expr *expr, struct arena *arena, struct diags *diags)
{
	const struct type *type = expr_type(expr);
	bool optional = type->kind == TYPE_OPTIONAL;
	if (!optional && type->kind != TYPE_NULL && type->kind != TYPE_TYPE)
		return false;
	struct text text = text_slice(expr->text, expr->tree->from, expr->tree->to);
	diag_at(diags, expr_span(expr, expr->tree->from, expr->tree->to), RB0114,
		"'%.*s' is %s, which has no text", TEXT_ARG(text), type_name(type, arena));
	if (optional)
		diag_hint(diags, "Say what stands for an absent value: %.*s.orValue(%s).",
			  TEXT_ARG(text), type_zero(type->item));
	else
		diag_hint(diags, "Leave it out, or write the text that is meant.");
	return true;
}

static void warn_of_container(const struct expr *expr, struct arena *arena, struct diags *diags)
{
	const struct tree *tree = expr->tree;
	const struct type *type = expr_type(expr);
	bool whole = tree->op == TREE_CHAIN || tree->op == TREE_CONDITION;
	const char *text = arena_format(arena, whole ? "(%.*s)" : "%.*s",
					TEXT_ARG(text_slice(expr->text, tree->from, tree->to)));
	if (type->kind != TYPE_LIST && type->kind != TYPE_MAP && type->kind != TYPE_OBJECT)
		return;
	diag_at(diags, expr_span(expr, tree->from, tree->to), RB0318,
		"'%s' is %s, which stands in this text as JSON", text, type_name(type, arena));
	if (type->kind == TYPE_LIST)
		diag_hint(diags, "Write %s.join(', '), or json.marshal(%s).", text, text);
	else
		diag_hint(diags, "Read one of its fields, or write json.marshal(%s).", text);
}

const struct template *template_read_text(const struct node *node,
					  const struct expr_options *options, struct arena *arena,
					  struct diags *diags)
{
	const struct template *template = template_read(node, options, arena, diags);
	bool good = template;
	for (size_t i = 0; template && !template->sole && i < template->count; i++) {
		const struct expr *expr = template->pieces[i].expr;
		if (expr && refuse_textless(expr, arena, diags))
			good = false;
		else if (expr)
			warn_of_container(expr, arena, diags);
	}
	return good ? template : NULL;
}

const struct expr *template_read_expr(const struct node *node, const struct expr_options *options,
				      struct arena *arena, struct diags *diags)
{
	struct reader reader = {
		.node = node,
		.text = node->text,
		.options = options,
		.arena = arena,
		.diags = diags,
	};
	if (!is_scalar(node, "an expression", diags))
		return NULL;
	if (node_is_empty(node)) {
		diag_at(diags, node->span, RB0104, "expected an expression; found nothing");
		diag_hint(diags, "Write it, or leave the key out.");
		return NULL;
	}
	struct text trimmed = text_trim(node->text);
	if (!starts(trimmed, 0, OPEN))
		return expr_compile(node, 0, node->text.len, options, arena, diags);
	size_t from = (size_t)(trimmed.ptr - node->text.ptr);
	size_t end;
	if (!find_end(&reader, from, &end))
		return NULL;
	if (end + CLOSE.len < from + trimmed.len) {
		report(&reader, end + CLOSE.len, from + trimmed.len, RB0301,
		       "unexpected text behind the braces");
		diag_hint(diags, "This key is an expression: write it without '${{ }}', or put the "
				 "braces around all of it.");
		return NULL;
	}
	return read_expr(&reader, from, end);
}

bool template_constant(const struct template *template, struct text *text)
{
	if (template->count > 1 || (template->count == 1 && template->pieces[0].expr))
		return false;
	*text = template->count == 1 ? template->pieces[0].literal : text_of("");
	return true;
}

/* ---- evaluating ---------------------------------------------------------------------------- */

/* What stands in a text for a value; an error value if it has no text. */
static struct value piece_text(const struct template_piece *piece, struct value value,
			       struct arena *arena)
{
	struct text text;
	const char *why;
	if (value_to_text(value, arena, &text, &why))
		return value_mark(value_string(text), value.flags & VALUE_TAINT);
	struct value failed = value_error(arena, FAIL_EXPRESSION, "%s", why);
	struct value_error *error = arena_new(arena, struct value_error);
	*error = *failed.error;
	error->to = (uint32_t)expr_text(piece->expr).len;
	failed.error = error;
	return failed;
}

struct value template_eval(const struct template *template, const struct expr_scope *scope,
			   struct arena *arena, const struct expr **at)
{
	struct buffer out;
	struct value unknown = value_null();
	unsigned taint = 0;

	buffer_init(&out, arena);
	for (size_t i = 0; i < template->count; i++) {
		const struct template_piece *piece = &template->pieces[i];
		if (!piece->expr) {
			buffer_add(&out, piece->literal);
			continue;
		}
		if (at)
			*at = piece->expr;
		struct value value = expr_eval(piece->expr, scope, arena);
		if (template->sole || value.kind == VALUE_ERROR)
			return value;
		struct value found = value_unknowns(value, arena);
		if (found.kind == VALUE_UNKNOWN) {
			unknown = unknown.kind == VALUE_UNKNOWN
					  ? value_unknown_join(unknown, found, arena)
					  : found;
			continue;
		}
		value = piece_text(piece, value, arena);
		if (value.kind == VALUE_ERROR)
			return value;
		taint |= value.flags & VALUE_TAINT;
		buffer_add(&out, value_text(value));
	}
	if (unknown.kind == VALUE_UNKNOWN)
		return unknown;
	return value_mark(value_string(arena_text(arena, buffer_text(&out))), taint);
}
