/* Fields and items: x.f, x.?f, has(x.f), x[i], x[?i]. */
#include "expr/internal.h"

/* What reading gives, wrapped where it was read with a '?' or out of an optional. */
static const struct type *wrap(struct compiler *compiler, const struct tree *tree,
			       const struct type *from, const struct type *type)
{
	if (!(tree->flags & TREE_OPTIONAL) && from->kind != TYPE_OPTIONAL)
		return type;
	return type->kind == TYPE_OPTIONAL ? type : type_optional(type, compiler->arena);
}

static void report_unknown_field(struct compiler *compiler, const struct tree *tree,
				 const struct type *object, struct text name)
{
	struct text owner = tree_text(compiler, tree->child[0]);
	complain(compiler, tree->mark, tree->to, RB0311, "'%.*s' has no %s '%.*s'", TEXT_ARG(owner),
		 object->object->what ? object->object->what : "field", TEXT_ARG(name));
	suggest_field(compiler, name, object, owner);
}

/* tree reads the field `name` of an object. */
static const struct type *field_type(struct compiler *compiler, const struct tree *tree,
				     const struct type *object, struct text name)
{
	const struct type_field *field = type_object_get(object, name);
	if (!field) {
		if (object->object->closed && check_reports(compiler))
			report_unknown_field(compiler, tree, object, name);
		return &type_dyn;
	}
	return field->type;
}

static void report_no_fields(struct compiler *compiler, const struct tree *tree,
			     const struct type *type)
{
	struct text owner = tree_text(compiler, tree->child[0]);
	struct text name = value_text(tree->value);
	complain(compiler, tree->mark, tree->to, RB0311, "'%.*s' is %s and has no field '%.*s'",
		 TEXT_ARG(owner), type_name(type, compiler->arena), TEXT_ARG(name));
	if (habit_function(name))
		diag_hint(compiler->diags, "%s", habit_function(name));
	else if (type->kind == TYPE_LIST)
		diag_hint(compiler->diags, "Write %.*s[0].%.*s, or %.*s.map(item, item.%.*s).",
			  TEXT_ARG(owner), TEXT_ARG(name), TEXT_ARG(owner), TEXT_ARG(name));
	else
		diag_hint(compiler->diags,
			  "Only a map has fields; a function is written with its "
			  "parentheses: x.%.*s().",
			  TEXT_ARG(name));
}

static const struct type *select_type(struct compiler *compiler, struct tree *tree)
{
	const struct type *type = check_child(compiler, tree, 0);
	const struct type *from = type->kind == TYPE_OPTIONAL ? type->item : type;

	if (type_is_open(from))
		return &type_dyn;
	if (from->kind == TYPE_OBJECT)
		return field_type(compiler, tree, from, value_text(tree->value));
	if (from->kind == TYPE_MAP)
		return from->item;
	if (check_reports(compiler))
		report_no_fields(compiler, tree, from);
	return &type_dyn;
}

const struct type *check_select(struct compiler *compiler, struct tree *tree)
{
	if (resolve_name(compiler, tree))
		return tree->type;
	const struct type *type = select_type(compiler, tree);
	if (guard_covers(compiler, tree))
		tree->flags |= TREE_GUARDED;
	return wrap(compiler, tree, tree->child[0]->type, type);
}

const struct type *check_has(struct compiler *compiler, struct tree *tree)
{
	select_type(compiler, tree);
	return &type_bool;
}

static const struct type *index_type(struct compiler *compiler, struct tree *tree,
				     const struct type *from, const struct type *index)
{
	if (type_is_open(from))
		return &type_dyn;
	if (from->kind == TYPE_OBJECT && tree->child[1]->op == TREE_CONSTANT &&
	    index->kind == TYPE_STRING)
		return field_type(compiler, tree, from, value_text(tree->child[1]->value));
	bool fits = type_assignable(from->kind == TYPE_LIST ? &type_int : from->key, index);
	if (!fits && check_reports(compiler)) {
		complain(compiler, tree->child[1]->from, tree->child[1]->to, RB0314,
			 "%s cannot be indexed with %s", type_name(from, compiler->arena),
			 type_name(index, compiler->arena));
		if (from->kind == TYPE_LIST)
			diag_hint(compiler->diags, "The items of a list are numbered from 0.");
	}
	return from->item;
}

const struct type *check_index(struct compiler *compiler, struct tree *tree)
{
	const struct type *type = check_child(compiler, tree, 0);
	const struct type *index = check_child(compiler, tree, 1);
	const struct type *from = type->kind == TYPE_OPTIONAL ? type->item : type;

	if (!type_item(from)) {
		if (check_reports(compiler))
			complain(compiler, tree->from, tree->to, RB0314, "%s cannot be indexed",
				 type_name(from, compiler->arena));
		if (check_reports(compiler))
			diag_hint(compiler->diags, "%s",
				  from->kind == TYPE_STRING
					  ? "A character of a text is text.charAt(0)."
					  : "Only a list or a map has items.");
		return &type_dyn;
	}
	return wrap(compiler, tree, type, index_type(compiler, tree, from, index));
}
