/* Making nodes. */
#include "expr/internal.h"

struct tree *tree_new(struct compiler *compiler, enum tree_op op, uint32_t from, uint32_t to)
{
	struct tree *tree = arena_new(compiler->arena, struct tree);
	tree->op = (uint8_t)op;
	tree->from = tree->mark = from;
	tree->to = to;
	tree->type = &type_dyn;
	return tree;
}

struct tree *tree_parent(struct compiler *compiler, enum tree_op op, uint32_t from, uint32_t to,
			 size_t count)
{
	struct tree *tree = tree_new(compiler, op, from, to);
	tree->child = arena_array(compiler->arena, struct tree *, count);
	tree->count = (uint32_t)count;
	return tree;
}

struct text tree_text(const struct compiler *compiler, const struct tree *tree)
{
	return text_slice(compiler->text, tree->from, tree->to);
}
