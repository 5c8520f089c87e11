/* Which names an expression reads, and how far down. */
#include "base/list.h"
#include "expr/internal.h"

struct collector {
	struct arena *arena;
	const struct type *names;
	LIST(struct expr_reference) found;
};

/* A field or an item that is read out of child[0]. */
static bool is_step(const struct tree *tree)
{
	return tree->op == TREE_SELECT || tree->op == TREE_HAS || tree->op == TREE_INDEX;
}

/* A field whose name is known. */
static bool is_named(const struct tree *tree)
{
	return tree->op == TREE_SELECT || tree->op == TREE_HAS ||
	       (tree->op == TREE_INDEX && tree->child[1]->op == TREE_CONSTANT &&
		tree->child[1]->value.kind == VALUE_STRING);
}

static struct text step_name(const struct tree *tree)
{
	return value_text(tree->op == TREE_INDEX ? tree->child[1]->value : tree->value);
}

/* The steps over a root name, the outermost first: how many, and the innermost unnamed one ends the
 * path. */
static size_t named_steps(const struct tree *tree, const struct tree **top)
{
	size_t count = 0;
	*top = tree;
	for (; is_step(tree); tree = tree->child[0]) {
		count++;
		if (!is_named(tree)) {
			count = 0;
			*top = tree->child[0];
		}
	}
	return count;
}

static void add(struct collector *collector, const struct tree *root, const struct tree *tree)
{
	const struct tree *top;
	size_t count = named_steps(tree, &top) + 1;
	struct text *path = arena_array(collector->arena, struct text, count);
	struct expr_reference reference = {
		.path = path,
		.count = (uint16_t)count,
		.from = top->from,
		.to = top->to,
	};
	reference.tested = top->op == TREE_HAS;
	for (size_t i = count; i-- > 1; top = top->child[0]) {
		path[i] = step_name(top);
		if ((top->flags & (TREE_OPTIONAL | TREE_GUARDED)) || top->op == TREE_HAS)
			reference.guard = (uint16_t)i;
	}
	path[0] = collector->names->object->fields[root->slot].name;
	*list_add(&collector->found, collector->arena) = reference;
}

static void collect(struct collector *collector, const struct tree *tree)
{
	const struct tree *root = tree;
	while (is_step(root)) {
		if (root->op == TREE_INDEX)
			collect(collector, root->child[1]);
		root = root->child[0];
	}
	if (root->op == TREE_NAME) {
		add(collector, root, tree);
		return;
	}
	for (size_t i = 0; i < root->count; i++)
		collect(collector, root->child[i]);
}

void reference_collect(struct compiler *compiler, const struct tree *tree, struct expr *expr)
{
	struct collector collector = {
		.arena = compiler->arena,
		.names = compiler->options->names,
	};
	collect(&collector, tree);
	expr->references = collector.found.at;
	expr->reference_count = collector.found.count;
}

const struct expr_reference *expr_references(const struct expr *expr, size_t *count)
{
	*count = expr->reference_count;
	return expr->references;
}

/* ---- secrets ------------------------------------------------------------------------------- */

/* Most expressions name none: nothing is written for them. */
static bool holds_secret(const struct type *type)
{
	uint32_t count = type_object_count(type);
	for (uint32_t i = 0; i < count; i++) {
		const struct type_field *field = type_object_at(type, i);
		if (field->secret || holds_secret(field->type))
			return true;
	}
	return false;
}

/* has() reads nothing of what it asks for. */
static bool is_secret(const struct type *names, const struct expr_reference *reference)
{
	const struct type *type = names;
	size_t count = reference->count - reference->tested;

	for (size_t i = 0; i < count; i++) {
		const struct type_field *field = type_object_get(type, reference->path[i]);
		if (!field || field->secret)
			return field;
		type = field->type;
	}
	return !reference->tested && holds_secret(type);
}

/* Writes ".field.field" of a secret somewhere in the object. */
static bool write_inner_secret(const struct type *type, struct buffer *out)
{
	uint32_t count = type_object_count(type);
	size_t start = out->len;
	for (uint32_t i = 0; i < count; i++) {
		const struct type_field *field = type_object_at(type, i);
		buffer_putc(out, '.');
		buffer_add(out, field->name);
		if (field->secret || write_inner_secret(field->type, out))
			return true;
		out->len = start;
	}
	return false;
}

/* The path of the secret that the reference names or holds. */
static const char *secret_path(const struct type *names, const struct expr_reference *reference,
			       struct arena *arena)
{
	const struct type *type = names;
	struct buffer out;

	buffer_init(&out, arena);
	for (size_t i = 0; i < reference->count; i++) {
		const struct type_field *field = type_object_get(type, reference->path[i]);
		if (i > 0)
			buffer_putc(&out, '.');
		buffer_add(&out, reference->path[i]);
		if (field->secret)
			return buffer_string(&out);
		type = field->type;
	}
	write_inner_secret(type, &out);
	return buffer_string(&out);
}

const char *expr_secret(const struct expr *expr, struct arena *arena)
{
	for (size_t i = 0; i < expr->reference_count; i++)
		if (is_secret(expr->names, &expr->references[i]))
			return secret_path(expr->names, &expr->references[i], arena);
	return NULL;
}
