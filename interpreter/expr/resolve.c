/* What names mean: a macro's variable, a root name, or a type. */
#include "expr/internal.h"

static const struct local *find_local(const struct compiler *compiler, struct text name)
{
	for (const struct local *local = compiler->locals; local; local = local->outer)
		if (text_equal(local->name, name))
			return local;
	return NULL;
}

static bool become_local(const struct compiler *compiler, struct tree *tree)
{
	const struct local *local = find_local(compiler, tree->name);
	if (!local)
		return false;
	tree->op = TREE_LOCAL;
	tree->slot = local->slot;
	tree->level = local->level;
	tree->type = local->type;
	return true;
}

static bool become_root(const struct compiler *compiler, struct tree *tree, struct text name)
{
	const struct type *names = compiler->options->names;
	const struct type_field *field = names ? type_object_get(names, name) : NULL;
	if (!field)
		return false;
	tree->op = TREE_NAME;
	tree->slot = (uint32_t)(field - names->object->fields);
	tree->level = 0;
	tree->type = compiler->options->unchecked ? &type_dyn : field->type;
	return true;
}

/* As become_root, for a name as it is seen from the container: A.B.name, A.name, name. */
static bool become_qualified(const struct compiler *compiler, struct tree *tree, struct text path,
			     bool rooted)
{
	struct text container = text_of(rooted ? NULL : compiler->options->container);
	while (container.len > 0) {
		const char *joined = arena_format(compiler->arena, "%.*s.%.*s", TEXT_ARG(container),
						  TEXT_ARG(path));
		if (become_root(compiler, tree, text_of(joined)))
			return true;
		size_t len = container.len;
		while (len > 0 && container.ptr[len - 1] != '.')
			len--;
		container.len = len > 0 ? len - 1 : 0;
	}
	return become_root(compiler, tree, path);
}

static bool become_type(struct tree *tree, struct text path)
{
	const struct value_type *type = value_type_named(path);
	if (!type)
		type = opaque_type_named(path);
	if (!type)
		return false;
	tree->op = TREE_CONSTANT;
	tree->value = value_type_value(type);
	tree->type = &type_type;
	return true;
}

static const struct tree *root_of(const struct tree *tree)
{
	while (tree->op == TREE_SELECT && !(tree->flags & TREE_OPTIONAL))
		tree = tree->child[0];
	return tree;
}

static void write_path(struct buffer *out, const struct tree *tree)
{
	if (tree->op == TREE_IDENT) {
		buffer_add(out, tree->name);
		return;
	}
	write_path(out, tree->child[0]);
	buffer_putc(out, '.');
	buffer_add(out, value_text(tree->value));
}

bool resolve_path(const struct compiler *compiler, const struct tree *tree, struct text *path)
{
	const struct tree *root = root_of(tree);
	if (root->op != TREE_IDENT)
		return false;
	if (!(root->flags & TREE_ROOTED) && find_local(compiler, root->name))
		return false;
	struct buffer out;
	buffer_init(&out, compiler->arena);
	write_path(&out, tree);
	*path = buffer_text(&out);
	return true;
}

/* Names have no dots unless there is a container; a root name that is declared begins no type's. */
static bool resolve_select(struct compiler *compiler, struct tree *tree)
{
	const struct tree *root = root_of(tree);
	const struct expr_options *options = compiler->options;
	struct text path;

	if (root->op != TREE_IDENT)
		return false;
	bool declared = options->names && type_object_get(options->names, root->name);
	if ((declared && !options->container) || !resolve_path(compiler, tree, &path))
		return false;
	return (options->container &&
		become_qualified(compiler, tree, path, root->flags & TREE_ROOTED)) ||
	       become_type(tree, path);
}

bool resolve_name(struct compiler *compiler, struct tree *tree)
{
	if (tree->op == TREE_SELECT)
		return resolve_select(compiler, tree);
	bool rooted = tree->flags & TREE_ROOTED;
	return (!rooted && become_local(compiler, tree)) ||
	       become_qualified(compiler, tree, tree->name, rooted) ||
	       become_type(tree, tree->name);
}
