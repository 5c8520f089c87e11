/* Compiling and evaluating, for the folders above. */
#include "expr/internal.h"

/* Items and 16 bytes of text of a result: what copies or writes it goes through all of them. */
#define RESULT_WEIGHT 1000000

static const struct expr_options no_options = { 0 };

struct span compiler_span(const struct compiler *compiler, uint32_t from, uint32_t to)
{
	return node_span(compiler->node, compiler->base + from, compiler->base + to);
}

static const struct expr *finish(struct compiler *compiler, const struct tree *tree)
{
	struct expr *expr = arena_new(compiler->arena, struct expr);
	expr->node = *compiler->node;
	expr->base = compiler->base;
	expr->text = compiler->text;
	expr->tree = tree;
	expr->slots = compiler->slots;
	expr->names = compiler->options->names;
	reference_collect(compiler, tree, expr);
	return expr;
}

const struct expr *expr_compile(const struct node *node, size_t from, size_t to,
				const struct expr_options *options, struct arena *arena,
				struct diags *diags)
{
	struct compiler compiler = {
		.options = options ? options : &no_options,
		.arena = arena,
		.diags = diags,
		.node = node,
		.base = from,
		.text = text_slice(node->text, from, to),
	};
	if (compiler.text.len > EXPR_MAX_SIZE) {
		complain(&compiler, 0, 1, RB0304, "expression has more than %u bytes",
			 EXPR_MAX_SIZE);
		diag_hint(compiler.diags, "Take parts of it out into 'vars'.");
		return NULL;
	}
	struct tree *tree = parser_read(&compiler);
	if (!tree)
		return NULL;
	check_tree(&compiler, tree);
	if (!compiler.failed)
		fold_tree(&compiler, tree);
	return compiler.failed ? NULL : finish(&compiler, tree);
}

const struct type *expr_type(const struct expr *expr)
{
	const struct type *type = expr->tree->type;
	return type->kind == TYPE_PARAM ? &type_dyn : type;
}

struct text expr_text(const struct expr *expr)
{
	return expr->text;
}

struct span expr_span(const struct expr *expr, uint32_t from, uint32_t to)
{
	return node_span(&expr->node, expr->base + from, expr->base + to);
}

bool expr_constant(const struct expr *expr, struct value *value)
{
	if (expr->tree->op != TREE_CONSTANT)
		return false;
	*value = expr->tree->value;
	return true;
}

struct value expr_eval(const struct expr *expr, const struct expr_scope *scope, struct arena *arena)
{
	struct machine machine;
	machine_init(&machine, scope, expr->slots, arena);
	struct value value = eval_tree(&machine, expr->tree);
	if (value_weight(value) <= RESULT_WEIGHT)
		return value;
	return eval_settle(&machine, expr->tree,
			   function_limit(&machine.call, "the result is too large"));
}
