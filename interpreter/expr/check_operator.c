/* Types of a op b op c, and how to mend operands that do not go together. */
#include "expr/internal.h"

static bool is_number(const struct type *type)
{
	return type->kind == TYPE_INT || type->kind == TYPE_UINT || type->kind == TYPE_DOUBLE;
}

/* Types of which values may be equal, or whose comparison nobody can call a mistake. Numbers of two
 * types may be: see mixed_numbers. */
static bool comparable(const struct type *a, const struct type *b)
{
	if (type_is_open(a) || type_is_open(b) || (is_number(a) && is_number(b)))
		return true;
	if (a->kind == b->kind && (a->kind == TYPE_LIST || a->kind == TYPE_OPTIONAL))
		return comparable(a->item, b->item);
	if (a->kind == TYPE_NULL || b->kind == TYPE_NULL) {
		const struct type *other = a->kind == TYPE_NULL ? b : a;
		return !is_number(other) && other->kind != TYPE_STRING &&
		       other->kind != TYPE_BYTES && other->kind != TYPE_BOOL &&
		       other->kind != TYPE_OPTIONAL;
	}
	return type_assignable(a, b) || (a->kind == TYPE_MAP && b->kind == TYPE_MAP);
}

/* What a pair of operands is, with the text of each. */
struct pair {
	struct compiler *compiler;
	enum operator symbol;
	const struct type *left, *right;
	struct text left_text, right_text;
};

static void hint_convert(const struct pair *pair, const char *function, bool left)
{
	const char *symbol = operator_text(pair->symbol);
	if (left)
		diag_hint(pair->compiler->diags, "Write %s(%.*s) %s %.*s.", function,
			  TEXT_ARG(pair->left_text), symbol, TEXT_ARG(pair->right_text));
	else
		diag_hint(pair->compiler->diags, "Write %.*s %s %s(%.*s).",
			  TEXT_ARG(pair->left_text), symbol, function, TEXT_ARG(pair->right_text));
}

static bool has_text(const struct type *type)
{
	return is_number(type) || type->kind == TYPE_BOOL || type->kind == TYPE_TIMESTAMP ||
	       type->kind == TYPE_DURATION || type->kind == TYPE_BYTES;
}

static void hint_null(const struct pair *pair)
{
	struct text text = pair->left->kind == TYPE_NULL ? pair->right_text : pair->left_text;
	diag_hint(pair->compiler->diags,
		  "It is never null; if it may be absent, ask has(%.*s), and for text == ''.",
		  TEXT_ARG(text));
}

/* What stands for the absent value makes of an optional what the other side is. */
static void hint_optional(const struct pair *pair)
{
	bool left = pair->left->kind == TYPE_OPTIONAL;
	struct text text = left ? pair->left_text : pair->right_text;
	const struct type *item = left ? pair->left->item : pair->right->item;
	const struct type *other = left ? pair->right : pair->left;
	const char *symbol = operator_text(pair->symbol);

	if (type_is_open(item) && pair->symbol != OPERATOR_IN)
		item = other;
	if (other->kind == TYPE_NULL)
		diag_hint(pair->compiler->diags, "Ask %.*s.hasValue().", TEXT_ARG(text));
	else if (left)
		diag_hint(pair->compiler->diags, "Write %.*s.orValue(%s) %s %.*s.", TEXT_ARG(text),
			  type_zero(item), symbol, TEXT_ARG(pair->right_text));
	else
		diag_hint(pair->compiler->diags, "Write %.*s %s %.*s.orValue(%s).",
			  TEXT_ARG(pair->left_text), symbol, TEXT_ARG(text), type_zero(item));
}

/* What stands between quotes, if that is a number; else nothing. */
static struct text quoted_number(struct text text)
{
	struct text inside = text_slice(text, 1, text.len ? text.len - 1 : 0);
	bool quoted = text.len > 2 && (text.ptr[0] == '\'' || text.ptr[0] == '"');
	size_t digits = 0;
	for (size_t i = 0; quoted && i < inside.len; i++) {
		bool digit = inside.ptr[i] >= '0' && inside.ptr[i] <= '9';
		if (!digit && !(inside.ptr[i] == '.' && digits) &&
		    !(inside.ptr[i] == '-' && i == 0))
			return (struct text){ 0 };
		digits += digit;
	}
	return digits ? inside : (struct text){ 0 };
}

static bool is_order(enum operator symbol)
{
	return symbol >= OPERATOR_LESS && symbol <= OPERATOR_GREATER_EQUAL;
}

/* Of a text and a number the number is meant where they are ordered, or the text is one in quotes.
 */
static bool hint_number(const struct pair *pair)
{
	bool left = pair->left->kind == TYPE_STRING;
	const struct type *other = left ? pair->right : pair->left;
	struct text number = quoted_number(left ? pair->left_text : pair->right_text);
	const char *symbol = operator_text(pair->symbol);
	if (!is_number(other) || pair->symbol == OPERATOR_ADD)
		return false;
	if (number.len)
		diag_hint(pair->compiler->diags, "Write %.*s %s %.*s: a number has no quotes.",
			  TEXT_ARG(left ? number : pair->left_text), symbol,
			  TEXT_ARG(left ? pair->right_text : number));
	else if (is_order(pair->symbol))
		hint_convert(pair, other->kind == TYPE_DOUBLE ? "double" : "int", left);
	return number.len || is_order(pair->symbol);
}

/* The conversion that makes two known types one. */
static void hint_types(const struct pair *pair)
{
	const struct type *left = pair->left;
	const struct type *right = pair->right;

	if ((left->kind == TYPE_STRING || right->kind == TYPE_STRING) && hint_number(pair))
		return;
	if (left->kind == TYPE_STRING && has_text(right))
		hint_convert(pair, "string", false);
	else if (right->kind == TYPE_STRING && has_text(left))
		hint_convert(pair, "string", true);
	else if (left->kind == TYPE_DOUBLE && is_number(right))
		hint_convert(pair, "double", false);
	else if (right->kind == TYPE_DOUBLE && is_number(left))
		hint_convert(pair, "double", true);
	else if (left->kind == TYPE_UINT && right->kind == TYPE_INT)
		hint_convert(pair, "int", true);
	else if (right->kind == TYPE_UINT && left->kind == TYPE_INT)
		hint_convert(pair, "int", false);
	else if (left->kind == TYPE_TIMESTAMP || right->kind == TYPE_TIMESTAMP)
		diag_hint(pair->compiler->diags,
			  "An instant is written timestamp('2026-03-02T13:21:40Z'), a time between "
			  "two "
			  "duration('30s').");
	else if (left->kind == TYPE_DURATION || right->kind == TYPE_DURATION)
		diag_hint(pair->compiler->diags, "A duration is written duration('30s').");
	else
		diag_hint(pair->compiler->diags, "Compare or join what is of one type.");
}

/* The way out for two known types. */
static void hint_operands(const struct pair *pair)
{
	if ((pair->left->kind == TYPE_OPTIONAL) != (pair->right->kind == TYPE_OPTIONAL))
		hint_optional(pair);
	else if (pair->left->kind == TYPE_NULL || pair->right->kind == TYPE_NULL)
		hint_null(pair);
	else if (pair->left->kind == TYPE_BOOL && is_order(pair->symbol))
		diag_hint(pair->compiler->diags, "Write low <= x && x <= high.");
	else if (pair->symbol == OPERATOR_IN && pair->right->kind == TYPE_STRING)
		diag_hint(pair->compiler->diags, "Write %.*s.contains(%.*s).",
			  TEXT_ARG(pair->right_text), TEXT_ARG(pair->left_text));
	else if (pair->left->kind == TYPE_LIST && pair->symbol == OPERATOR_ADD)
		diag_hint(pair->compiler->diags, "Write %.*s + [%.*s].", TEXT_ARG(pair->left_text),
			  TEXT_ARG(pair->right_text));
	else
		hint_types(pair);
}

static void report(const struct pair *pair, const struct tree *tree, size_t index,
		   enum diag_code code, const char *verdict)
{
	const char *left = type_name(pair->left, pair->compiler->arena);
	const char *right = type_name(pair->right, pair->compiler->arena);
	complain(pair->compiler, tree->child[0]->from, tree->child[index]->to, code,
		 "'%s' %s %s and %s", operator_text(pair->symbol), verdict, left, right);
}

/* Numbers of two types, here or in lists: they compare at run time, but CEL wants to see that this
 * is meant. */
static bool mixed_numbers(const struct type *a, const struct type *b)
{
	if (a->kind == TYPE_LIST && b->kind == TYPE_LIST)
		return mixed_numbers(a->item, b->item);
	return is_number(a) && is_number(b) && a->kind != b->kind;
}

static bool is_equality(enum operator symbol)
{
	return symbol == OPERATOR_EQUAL || symbol == OPERATOR_NOT_EQUAL;
}

/* Tells of an item or a key that the left side cannot be, or only as another number. */
static void check_in(const struct pair *pair, const struct tree *tree, size_t index)
{
	const struct type *in = pair->right;
	if (type_is_open(in) || in->kind == TYPE_OBJECT)
		return;
	struct pair item = *pair;
	item.right = in->kind == TYPE_LIST ? in->item : in->key;
	bool mixed = mixed_numbers(item.left, item.right);
	if (!mixed && comparable(item.left, item.right))
		return;
	report(&item, tree, index, mixed ? RB0314 : RB0317,
	       mixed ? "does not go with" : "compares what is never equal:");
	if (is_number(item.right) && is_number(item.left))
		hint_convert(&item, item.right->name, true);
	else if (in->kind == TYPE_LIST)
		hint_types(&item);
}

static const struct type *check_pair(const struct pair *pair, const struct tree *tree, size_t index)
{
	const struct type *type = operator_type(pair->symbol, pair->left, pair->right,
						pair->compiler->arena);
	if (!check_reports(pair->compiler))
		return type ? type : &type_dyn;
	bool mixed = pair->symbol >= OPERATOR_EQUAL && mixed_numbers(pair->left, pair->right);
	bool never = is_equality(pair->symbol) && !comparable(pair->left, pair->right);
	if (!type || mixed)
		report(pair, tree, index, RB0314, "does not go with");
	else if (never)
		report(pair, tree, index, RB0317, "compares what is never equal:");
	else if (pair->symbol == OPERATOR_IN)
		check_in(pair, tree, index);
	if (!type || mixed || never)
		hint_operands(pair);
	return type ? type : &type_dyn;
}

const struct type *check_chain(struct compiler *compiler, struct tree *tree)
{
	const struct type *type = check_child(compiler, tree, 0);
	for (size_t i = 1; i < tree->count; i++) {
		struct pair pair = {
			.compiler = compiler,
			.symbol = tree->marks[i],
			.left = type,
			.left_text = text_slice(compiler->text, tree->child[0]->from,
						tree->child[i - 1]->to),
			.right = check_child(compiler, tree, i),
			.right_text = tree_text(compiler, tree->child[i]),
		};
		type = check_pair(&pair, tree, i);
	}
	return type;
}
