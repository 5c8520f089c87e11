/* Which optional fields a has() before has shown to be there. */
#include "expr/internal.h"

static void push(struct compiler *compiler, const struct tree *tree)
{
	struct guard *guard = arena_new(compiler->arena, struct guard);
	guard->tree = tree;
	guard->outer = compiler->guards;
	compiler->guards = guard;
}

void guard_add(struct compiler *compiler, const struct tree *tree, bool truth)
{
	if (tree->op == TREE_HAS && truth)
		push(compiler, tree);
	else if (tree->op == TREE_NOT)
		guard_add(compiler, tree->child[0], truth != (tree->repeat % 2 == 1));
	else if (tree->op == (truth ? TREE_AND : TREE_OR))
		for (size_t i = 0; i < tree->count; i++)
			guard_add(compiler, tree->child[i], truth);
}

/* Whether both read the same place. */
static bool same(const struct tree *a, const struct tree *b)
{
	while (a->op == TREE_SELECT && b->op == TREE_SELECT) {
		if (!text_equal(value_text(a->value), value_text(b->value)))
			return false;
		a = a->child[0];
		b = b->child[0];
	}
	return a->op == b->op && (a->op == TREE_NAME || a->op == TREE_LOCAL) && a->slot == b->slot;
}

bool guard_covers(const struct compiler *compiler, const struct tree *select)
{
	for (const struct guard *guard = compiler->guards; guard; guard = guard->outer)
		if (text_equal(value_text(guard->tree->value), value_text(select->value)) &&
		    same(guard->tree->child[0], select->child[0]))
			return true;
	return false;
}
