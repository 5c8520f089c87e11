/* Calls that are no functions, since they see the expression of an argument and not its value. */
#include "expr/internal.h"

/* One macro: what is called how, with how many variables before its expressions. */
struct macro {
	const char *name;
	const char *receiver; /* NULL: a global call; "": any receiver; else this name */
	uint8_t args;         /* in parentheses */
	uint8_t variables;
	uint8_t op; /* enum tree_op */
	bool (*expand)(struct compiler *compiler, const struct macro *macro, struct tree *call);
};

typedef bool expand_fn(struct compiler *compiler, const struct macro *macro, struct tree *call);
static expand_fn expand_has, expand_plain, expand_each, expand_transform, expand_filter,
	expand_bind, expand_list;

static const struct macro macros[] = {
	{ "has", NULL, 1, 0, TREE_HAS, expand_has },
	{ "all", "", 2, 1, TREE_ALL, expand_each },
	{ "all", "", 3, 2, TREE_ALL, expand_each },
	{ "exists", "", 2, 1, TREE_EXISTS, expand_each },
	{ "exists", "", 3, 2, TREE_EXISTS, expand_each },
	{ "exists_one", "", 2, 1, TREE_EXISTS_ONE, expand_each },
	{ "exists_one", "", 3, 2, TREE_EXISTS_ONE, expand_each },
	{ "existsOne", "", 2, 1, TREE_EXISTS_ONE, expand_each },
	{ "existsOne", "", 3, 2, TREE_EXISTS_ONE, expand_each },
	{ "map", "", 2, 1, TREE_TRANSFORM_LIST, expand_transform },
	{ "map", "", 3, 1, TREE_TRANSFORM_LIST, expand_transform },
	{ "filter", "", 2, 1, TREE_TRANSFORM_LIST, expand_filter },
	{ "transformList", "", 3, 2, TREE_TRANSFORM_LIST, expand_transform },
	{ "transformList", "", 4, 2, TREE_TRANSFORM_LIST, expand_transform },
	{ "transformMap", "", 3, 2, TREE_TRANSFORM_MAP, expand_transform },
	{ "transformMap", "", 4, 2, TREE_TRANSFORM_MAP, expand_transform },
	{ "transformMapEntry", "", 3, 2, TREE_TRANSFORM_ENTRY, expand_transform },
	{ "transformMapEntry", "", 4, 2, TREE_TRANSFORM_ENTRY, expand_transform },
	{ "sortBy", "", 2, 1, TREE_SORT_BY, expand_each },
	{ "bind", "cel", 3, 1, TREE_BIND, expand_bind },
	{ "optMap", "", 2, 1, TREE_OPT_MAP, expand_each },
	{ "optFlatMap", "", 2, 1, TREE_OPT_FLAT_MAP, expand_each },
	{ "or", "", 1, 0, TREE_OR_ELSE, expand_plain },
	{ "orValue", "", 1, 0, TREE_OR_VALUE, expand_plain },
	{ "greatest", "math", 0, 0, TREE_CALL, expand_list },
	{ "least", "math", 0, 0, TREE_CALL, expand_list },
};

/* ---- what they become ---------------------------------------------------------------------- */

static bool expand_has(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	struct tree *select = call->child[0];
	if (select->op != TREE_SELECT) {
		complain(compiler, select->from, select->to, RB0307,
			 "'has' asks for a field, as has(x.y)");
		diag_hint(compiler->diags, "For an item of a list or map write: key in x.");
		return false;
	}
	call->op = macro->op;
	call->child = select->child;
	call->count = 1;
	call->flags = select->flags;
	call->mark = select->mark;
	call->value = select->value;
	return true;
}

static bool expand_plain(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	(void)compiler;
	call->op = macro->op;
	return true;
}

/* Takes the variables out of children first.. of the call. cel-spec keeps __result__ for itself. */
static struct variables *take_variables(struct compiler *compiler, const struct macro *macro,
					const struct tree *call, size_t first)
{
	struct variables *variables = arena_new(compiler->arena, struct variables);
	variables->count = macro->variables;
	for (size_t i = 0; i < macro->variables; i++) {
		const struct tree *name = call->child[first + i];
		if (name->op != TREE_IDENT || (name->flags & TREE_ROOTED) ||
		    text_is(name->name, "__result__")) {
			complain(compiler, name->from, name->to, RB0307,
				 "'%s' wants a plain name for its variable here", macro->name);
			diag_hint(compiler->diags, "As in list.%s(item, ...).", macro->name);
			return NULL;
		}
		variables->name[i] = name->name;
		variables->at[i] = name->from;
		variables->slot[i] = compiler->slots++;
	}
	if (variables->count == 2 && text_equal(variables->name[0], variables->name[1])) {
		complain(compiler, variables->at[1], call->child[first + 1]->to, RB0307,
			 "the two variables of '%s' have the same name", macro->name);
		diag_hint(compiler->diags, "Name the index or key and the item apart, as i and x.");
		return NULL;
	}
	return variables;
}

static bool become(struct tree *call, const struct macro *macro, struct variables *variables)
{
	call->op = macro->op;
	call->flags = 0;
	call->variables = variables;
	return variables != NULL;
}

/* range.macro(variables, body): children range, body. */
static bool expand_each(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	struct variables *variables = take_variables(compiler, macro, call, 1);
	call->child[1] = call->child[1 + macro->variables];
	call->count = 2;
	return become(call, macro, variables);
}

/* range.macro(variables, [condition,] result): children range, result, condition. */
static bool expand_transform(struct compiler *compiler, const struct macro *macro,
			     struct tree *call)
{
	struct variables *variables = take_variables(compiler, macro, call, 1);
	size_t first = 1 + macro->variables;
	bool filtered = call->count > first + 1;
	struct tree *condition = filtered ? call->child[first] : NULL;

	call->child[1] = call->child[first + filtered];
	call->child[2] = condition;
	call->count = filtered ? 3 : 2;
	return become(call, macro, variables);
}

/* range.filter(x, condition) is range.map(x, condition, x). */
static bool expand_filter(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	return become(call, macro, take_variables(compiler, macro, call, 1));
}

/* cel.bind(x, bound, body): children bound, body. */
static bool expand_bind(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	struct variables *variables = take_variables(compiler, macro, call, 1);
	call->child[0] = call->child[2];
	call->child[1] = call->child[3];
	call->count = 2;
	return become(call, macro, variables);
}

/* math.greatest(a, b, c) calls the function with one list; a single argument stays as it is. */
static bool expand_list(struct compiler *compiler, const struct macro *macro, struct tree *call)
{
	(void)macro;
	if (call->count <= 2)
		return true;
	struct tree *list = tree_parent(compiler, TREE_LIST, call->child[1]->from,
					call->child[call->count - 1]->to, call->count - 1);
	uint8_t *marks = arena_array(compiler->arena, uint8_t, call->count - 1);
	for (size_t i = 1; i < call->count; i++)
		list->child[i - 1] = call->child[i];
	list->marks = marks;
	call->child[1] = list;
	call->count = 2;
	return true;
}

/* ---- finding ------------------------------------------------------------------------------- */

static bool receiver_fits(const struct macro *macro, const struct tree *call)
{
	bool receiver = call->flags & TREE_RECEIVER;
	if (!macro->receiver || !receiver)
		return !macro->receiver && !receiver;
	if (macro->receiver[0] == '\0')
		return true;
	return call->child[0]->op == TREE_IDENT && text_is(call->child[0]->name, macro->receiver);
}

static bool fits(const struct macro *macro, const struct tree *call)
{
	size_t args = call->count - (call->flags & TREE_RECEIVER ? 1 : 0);
	return (macro->args == args || macro->expand == expand_list) &&
	       text_is(call->name, macro->name) && receiver_fits(macro, call);
}

bool macro_expand(struct compiler *compiler, struct tree *call)
{
	for (size_t i = 0; i < sizeof(macros) / sizeof(*macros); i++)
		if (fits(&macros[i], call))
			return macros[i].expand(compiler, &macros[i], call);
	return true;
}
