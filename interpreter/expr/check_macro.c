/* The macros with variables, and what works on optionals. */
#include "expr/internal.h"

#define LOOP_DEPTH 8

/* Makes a variable visible. Whoever calls restores compiler->locals and level. */
static void declare(struct compiler *compiler, const struct variables *variables, size_t index,
		    const struct type *type)
{
	struct local *local = arena_new(compiler->arena, struct local);
	*local = (struct local){
		.name = variables->name[index],
		.type = check_reports(compiler) ? type : &type_dyn,
		.slot = variables->slot[index],
		.level = compiler->level,
		.outer = compiler->locals,
	};
	compiler->locals = local;
}

/* A child inside the variables: what uses only them does not make the macro depend on anything. */
static const struct type *check_inside(struct compiler *compiler, struct tree *tree, size_t index)
{
	struct tree *child = tree->child[index];
	check_tree(compiler, child);
	if (child->level < compiler->level && child->level < tree->level)
		tree->level = child->level;
	return child->type;
}

static void report_range(struct compiler *compiler, const struct tree *tree)
{
	const struct tree *range = tree->child[0];
	complain(compiler, range->from, range->to, RB0319, "'%.*s' is %s, not a list or a map",
		 TEXT_ARG(tree_text(compiler, range)), type_name(range->type, compiler->arena));
	if (range->type->kind == TYPE_STRING)
		diag_hint(compiler->diags, "A text is cut into a list by split('\\n').");
	else
		diag_hint(compiler->diags, "Ask the value itself, or put it in a list: [%.*s].",
			  TEXT_ARG(tree_text(compiler, range)));
}

static const struct type *loop_type(struct compiler *compiler, const struct tree *tree,
				    const struct type *result)
{
	const struct type *range = tree->child[0]->type;
	if (tree->op == TREE_TRANSFORM_LIST)
		return type_list(result, compiler->arena);
	if (tree->op == TREE_TRANSFORM_MAP)
		return type_map(type_key(range) ? type_key(range) : &type_dyn, result,
				compiler->arena);
	if (tree->op == TREE_TRANSFORM_ENTRY)
		return type_item(result) ? result : &type_dyn;
	return tree->op == TREE_SORT_BY ? range : &type_bool;
}

static bool wants_bool(const struct tree *tree)
{
	return tree->op == TREE_ALL || tree->op == TREE_EXISTS || tree->op == TREE_EXISTS_ONE;
}

/* The variables of a loop over a range: index and item, key and value, or only one of them. */
static void declare_loop(struct compiler *compiler, const struct tree *tree)
{
	const struct type *range = tree->child[0]->type;
	const struct type *key = type_key(range);
	const struct type *item = type_item(range);

	if (!item) {
		if (check_reports(compiler))
			report_range(compiler, tree);
		key = item = &type_dyn;
	}
	if (tree->variables->count == 2) {
		declare(compiler, tree->variables, 0, key);
		declare(compiler, tree->variables, 1, item);
	} else {
		bool list = type_is_open(range) || range->kind == TYPE_LIST;
		declare(compiler, tree->variables, 0, list ? item : key);
	}
}

const struct type *check_loop(struct compiler *compiler, struct tree *tree)
{
	const struct local *locals = compiler->locals;

	check_child(compiler, tree, 0);
	compiler->level++;
	if (++compiler->loops == LOOP_DEPTH + 1) {
		complain(compiler, tree->from, tree->to, RB0304,
			 "macros are nested more than %d deep", LOOP_DEPTH);
		diag_hint(compiler->diags, "Compute the inner ones in 'vars' first.");
	}
	declare_loop(compiler, tree);
	const struct guard *guards = compiler->guards;
	if (tree->count > 2) {
		check_inside(compiler, tree, 2);
		check_bool(compiler, tree->child[2], "the condition");
		guard_add(compiler, tree->child[2], true);
	}
	const struct type *result = check_inside(compiler, tree, 1);
	if (wants_bool(tree))
		check_bool(compiler, tree->child[1], "the condition");
	compiler->guards = guards;
	compiler->loops--;
	compiler->level--;
	compiler->locals = locals;
	return loop_type(compiler, tree, result);
}

const struct type *check_bind(struct compiler *compiler, struct tree *tree)
{
	const struct local *locals = compiler->locals;
	const struct type *bound = check_child(compiler, tree, 0);

	compiler->level++;
	declare(compiler, tree->variables, 0, bound);
	const struct type *result = check_inside(compiler, tree, 1);
	compiler->level--;
	compiler->locals = locals;
	return result;
}

/* ---- optionals ----------------------------------------------------------------------------- */

static const struct type *held_type(struct compiler *compiler, struct tree *tree)
{
	const struct type *type = check_child(compiler, tree, 0);
	if (type->kind == TYPE_OPTIONAL)
		return type->item;
	if (!type_is_open(type) && check_reports(compiler)) {
		complain(compiler, tree->child[0]->from, tree->child[0]->to, RB0314,
			 "'%.*s' is %s, not an optional",
			 TEXT_ARG(tree_text(compiler, tree->child[0])),
			 type_name(type, compiler->arena));
		diag_hint(compiler->diags,
			  "An optional is read with .? as in x.?y.orValue(other).");
	}
	return &type_dyn;
}

static const struct type *check_opt_map(struct compiler *compiler, struct tree *tree,
					const struct type *held)
{
	const struct local *locals = compiler->locals;

	compiler->level++;
	declare(compiler, tree->variables, 0, held);
	const struct type *result = check_inside(compiler, tree, 1);
	compiler->level--;
	compiler->locals = locals;
	if (tree->op == TREE_OPT_MAP)
		return type_optional(result, compiler->arena);
	return type_is_open(result) ? type_optional(&type_dyn, compiler->arena) : result;
}

/* x.or(y): y is an optional too. */
static const struct type *check_or(struct compiler *compiler, struct tree *tree)
{
	const struct tree *other = tree->child[1];
	const struct type *type = check_child(compiler, tree, 1);
	if (type->kind != TYPE_OPTIONAL && !type_is_open(type) && check_reports(compiler)) {
		complain(compiler, other->from, other->to, RB0314,
			 "'or' takes another optional, not %s", type_name(type, compiler->arena));
		diag_hint(compiler->diags, "Write orValue(%.*s).",
			  TEXT_ARG(tree_text(compiler, other)));
	}
	return type_join(tree->child[0]->type, type, compiler->arena);
}

/* x.orValue(y): y stands for what x holds. */
static const struct type *check_or_value(struct compiler *compiler, struct tree *tree,
					 const struct type *held)
{
	const struct tree *other = tree->child[1];
	const struct type *type = check_child(compiler, tree, 1);
	if (type_clash(held, type) && check_reports(compiler)) {
		complain(compiler, other->from, other->to, RB0314,
			 "'orValue' takes %s here, not %s", type_name(held, compiler->arena),
			 type_name(type, compiler->arena));
		diag_hint(compiler->diags,
			  "The optional holds %s: give another, as %s; where both are meant, write "
			  "dyn(%.*s).",
			  type_name(held, compiler->arena), type_zero(held),
			  TEXT_ARG(tree_text(compiler, other)));
	}
	return type_join(held, type, compiler->arena);
}

const struct type *check_optional(struct compiler *compiler, struct tree *tree)
{
	const struct type *held = held_type(compiler, tree);
	if (tree->op == TREE_OPT_MAP || tree->op == TREE_OPT_FLAT_MAP)
		return check_opt_map(compiler, tree, held);
	return tree->op == TREE_OR_VALUE ? check_or_value(compiler, tree, held)
					 : check_or(compiler, tree);
}
