/* The static type of each node, and what can never work. */
#include "expr/internal.h"

typedef const struct type *check_fn(struct compiler *compiler, struct tree *tree);

bool check_reports(const struct compiler *compiler)
{
	return !compiler->options->unchecked;
}

const struct type *check_child(struct compiler *compiler, struct tree *tree, size_t index)
{
	struct tree *child = tree->child[index];
	check_tree(compiler, child);
	if (child->level < tree->level)
		tree->level = child->level;
	return child->type;
}

/* A condition over a value of a type: what is written before and behind it. */
static const struct {
	const char *before, *behind;
} conditions[] = {
	[TYPE_INT] = { "", " != 0" },        [TYPE_UINT] = { "", " != 0u" },
	[TYPE_DOUBLE] = { "", " != 0.0" },   [TYPE_STRING] = { "", " != ''" },
	[TYPE_BYTES] = { "size(", ") > 0" }, [TYPE_LIST] = { "size(", ") > 0" },
	[TYPE_MAP] = { "size(", ") > 0" },   [TYPE_OBJECT] = { "size(", ") > 0" },
	[TYPE_PARAM] = { NULL, NULL },
};

static void hint_condition(struct compiler *compiler, const struct type *type, struct text text)
{
	bool optional = type->kind == TYPE_OPTIONAL;
	if (optional && type_assignable(&type_bool, type->item))
		diag_hint(compiler->diags, "Write %.*s.orValue(false).", TEXT_ARG(text));
	else if (optional)
		diag_hint(compiler->diags, "Write %.*s.hasValue().", TEXT_ARG(text));
	else if (conditions[type->kind].before)
		diag_hint(compiler->diags, "Write a comparison, as in %s%.*s%s.",
			  conditions[type->kind].before, TEXT_ARG(text),
			  conditions[type->kind].behind);
	else
		diag_hint(compiler->diags, "Write a comparison: a condition is true or false.");
}

void check_bool(struct compiler *compiler, const struct tree *tree, const char *what)
{
	if (type_assignable(&type_bool, tree->type) || !check_reports(compiler))
		return;
	struct text text = tree_text(compiler, tree);
	complain(compiler, tree->from, tree->to, RB0315, "%s must be a bool, '%.*s' is %s", what,
		 TEXT_ARG(text), type_name(tree->type, compiler->arena));
	hint_condition(compiler, tree->type, text);
}

/* ---- leaves -------------------------------------------------------------------------------- */

static const struct type *check_constant(struct compiler *compiler, struct tree *tree)
{
	(void)compiler;
	return type_of_kind(tree->value.kind);
}

static const struct type *check_ident(struct compiler *compiler, struct tree *tree)
{
	if (!resolve_name(compiler, tree)) {
		suggest_undeclared(compiler, tree);
		return &type_dyn;
	}
	return tree->type;
}

/* ---- lists and maps ------------------------------------------------------------------------ */

/* The type of an item that may be written [?e]. */
static const struct type *item_type(struct compiler *compiler, struct tree *tree, size_t index)
{
	const struct type *type = check_child(compiler, tree, index);
	if (!tree->marks[index])
		return type;
	if (type->kind == TYPE_OPTIONAL)
		return type->item;
	if (!type_is_open(type) && check_reports(compiler)) {
		complain(compiler, tree->child[index]->from, tree->child[index]->to, RB0314,
			 "what stands behind '?' must be an optional, not %s",
			 type_name(type, compiler->arena));
		diag_hint(compiler->diags, "Leave the '?' out, or read an optional: x.?y, x[?i].");
	}
	return &type_dyn;
}

static const struct type *check_list(struct compiler *compiler, struct tree *tree)
{
	const struct type *item = &type_free;
	for (size_t i = 0; i < tree->count; i++)
		item = type_join(item, item_type(compiler, tree, i), compiler->arena);
	return type_list(item, compiler->arena);
}

static bool is_key(const struct type *type)
{
	return type_is_open(type) || type->kind == TYPE_STRING || type->kind == TYPE_INT ||
	       type->kind == TYPE_UINT || type->kind == TYPE_BOOL;
}

static void check_keys(struct compiler *compiler, const struct tree *tree)
{
	struct value_map_builder keys;
	value_map_init(&keys, compiler->arena);
	for (size_t i = 0; i < tree->count; i += 2) {
		const struct tree *key = tree->child[i];
		if (!is_key(key->type)) {
			complain(compiler, key->from, key->to, RB0314,
				 "a key must be a string, int, uint or bool, not %s",
				 type_name(key->type, compiler->arena));
			diag_hint(compiler->diags, "Convert it: string(x).");
		} else if (key->op == TREE_CONSTANT && is_key(type_of_kind(key->value.kind))) {
			value_map_put(&keys, key->value, value_null());
		}
	}
	struct value map = value_map_end(&keys);
	if (map.kind == VALUE_ERROR && !compiler->failed) {
		complain(compiler, tree->from, tree->to, RB0316, "%s", map.error->message);
		diag_hint(compiler->diags, "Write each key once.");
	}
}

static const struct type *check_map(struct compiler *compiler, struct tree *tree)
{
	const struct type *key = &type_free;
	const struct type *item = &type_free;
	for (size_t i = 0; i < tree->count; i += 2) {
		key = type_join(key, check_child(compiler, tree, i), compiler->arena);
		item = type_join(item, item_type(compiler, tree, i + 1), compiler->arena);
	}
	if (check_reports(compiler))
		check_keys(compiler, tree);
	return type_map(key, item, compiler->arena);
}

/* ---- logic --------------------------------------------------------------------------------- */

static const struct type *check_not(struct compiler *compiler, struct tree *tree)
{
	check_child(compiler, tree, 0);
	check_bool(compiler, tree->child[0], "what '!' negates");
	return &type_bool;
}

static const struct type *check_negate(struct compiler *compiler, struct tree *tree)
{
	const struct type *type = check_child(compiler, tree, 0);
	if (type_is_open(type) || type->kind == TYPE_INT || type->kind == TYPE_DOUBLE)
		return type;
	if (check_reports(compiler)) {
		complain(compiler, tree->from, tree->to, RB0314, "'-' does not go with %s",
			 type_name(type, compiler->arena));
		diag_hint(compiler->diags, "Only int and double have a negative: -int(x).");
	}
	return &type_dyn;
}

static const struct type *check_logic(struct compiler *compiler, struct tree *tree)
{
	const struct guard *guards = compiler->guards;
	const char *what = tree->op == TREE_AND ? "an operand of '&&'" : "an operand of '||'";
	for (size_t i = 0; i < tree->count; i++) {
		check_child(compiler, tree, i);
		check_bool(compiler, tree->child[i], what);
		guard_add(compiler, tree->child[i], tree->op == TREE_AND);
	}
	compiler->guards = guards;
	return &type_bool;
}

/* Both results have one type; a null or a container may stand beside another. */
static void check_results(struct compiler *compiler, const struct tree *tree)
{
	const struct tree *yes = tree->child[1];
	const struct tree *no = tree->child[2];
	if (!type_clash(yes->type, no->type) || !check_reports(compiler))
		return;
	complain(compiler, yes->from, no->to, RB0314, "the results of '?' are %s and %s",
		 type_name(yes->type, compiler->arena), type_name(no->type, compiler->arena));
	diag_hint(compiler->diags,
		  "Convert one of them, as string(%.*s); where both are meant, write dyn(%.*s).",
		  TEXT_ARG(tree_text(compiler, yes->type->kind == TYPE_STRING ? no : yes)),
		  TEXT_ARG(tree_text(compiler, yes)));
}

static const struct type *check_condition(struct compiler *compiler, struct tree *tree)
{
	const struct guard *guards = compiler->guards;

	check_child(compiler, tree, 0);
	check_bool(compiler, tree->child[0], "the condition of '?'");
	guard_add(compiler, tree->child[0], true);
	const struct type *yes = check_child(compiler, tree, 1);
	compiler->guards = guards;
	guard_add(compiler, tree->child[0], false);
	const struct type *no = check_child(compiler, tree, 2);
	compiler->guards = guards;
	check_results(compiler, tree);
	return type_join(yes, no, compiler->arena);
}

/* ---- all nodes ----------------------------------------------------------------------------- */

static check_fn *const checkers[TREE_OP_COUNT] = {
	[TREE_CONSTANT] = check_constant,
	[TREE_IDENT] = check_ident,
	[TREE_SELECT] = check_select,
	[TREE_HAS] = check_has,
	[TREE_INDEX] = check_index,
	[TREE_LIST] = check_list,
	[TREE_MAP] = check_map,
	[TREE_NOT] = check_not,
	[TREE_NEGATE] = check_negate,
	[TREE_CHAIN] = check_chain,
	[TREE_AND] = check_logic,
	[TREE_OR] = check_logic,
	[TREE_CONDITION] = check_condition,
	[TREE_CALL] = check_call,
	[TREE_ALL] = check_loop,
	[TREE_EXISTS] = check_loop,
	[TREE_EXISTS_ONE] = check_loop,
	[TREE_TRANSFORM_LIST] = check_loop,
	[TREE_TRANSFORM_MAP] = check_loop,
	[TREE_TRANSFORM_ENTRY] = check_loop,
	[TREE_SORT_BY] = check_loop,
	[TREE_BIND] = check_bind,
	[TREE_OPT_MAP] = check_optional,
	[TREE_OPT_FLAT_MAP] = check_optional,
	[TREE_OR_ELSE] = check_optional,
	[TREE_OR_VALUE] = check_optional,
};

const struct type *check_tree(struct compiler *compiler, struct tree *tree)
{
	tree->level = TREE_CLOSED;
	tree->type = checkers[tree->op](compiler, tree);
	return tree->type;
}
