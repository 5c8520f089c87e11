/* Calls: which overloads of a function may be meant, and what else was meant if none. */
#include "expr/internal.h"

/* math.ceil(x): a function whose name has dots is written like a call on a name. */
static bool take_namespace(struct compiler *compiler, struct tree *tree)
{
	struct text path;
	if (!(tree->flags & TREE_RECEIVER) || !resolve_path(compiler, tree->child[0], &path))
		return false;
	const char *joined = arena_format(compiler->arena, "%.*s.%.*s", TEXT_ARG(path),
					  TEXT_ARG(tree->name));
	struct function_set set;
	function_find(compiler->options->functions, text_of(joined), false, tree->count - 1, &set);
	if (set.count == 0 && !set.other)
		return false;
	tree->name = text_of(joined);
	tree->mark = tree->from;
	tree->flags &= (uint8_t)~TREE_RECEIVER;
	tree->child++;
	tree->count--;
	return true;
}

/* ---- what else was meant ------------------------------------------------------------------- */

static void hint_form(struct compiler *compiler, const struct tree *tree,
		      const struct function *other)
{
	bool receiver = tree->flags & TREE_RECEIVER;
	size_t args = tree->count - receiver;
	const struct tree *first = tree->count > 0 ? tree->child[0] : NULL;

	if (other->receiver && !receiver && first && signature_counts(other->signature, args))
		diag_hint(compiler->diags, "Write %.*s.%s(%.*s).",
			  TEXT_ARG(tree_text(compiler, first)), other->name,
			  TEXT_ARG(args > 1 ? text_slice(compiler->text, tree->child[1]->from,
							 tree->child[args - 1]->to)
					    : text_of("")));
	else if (!other->receiver && receiver && signature_counts(other->signature, tree->count))
		diag_hint(compiler->diags, "Write %s(%.*s).", other->name,
			  TEXT_ARG(text_slice(compiler->text, first->from,
					      tree->child[tree->count - 1]->to)));
	else
		diag_hint(compiler->diags, "It is %s, as in %s.",
			  function_form(other, compiler->arena), other->example);
}

static void report_unknown(struct compiler *compiler, const struct tree *tree)
{
	uint32_t to = tree->mark + (uint32_t)tree->name.len;
	const char *hint = habit_function(tree->name);
	const char *near = hint ? NULL : function_near(tree->name, compiler->arena);

	complain(compiler, tree->mark, to, RB0312, "unknown function '%.*s'", TEXT_ARG(tree->name));
	if (!hint && !near)
		hint = habit_function_near(tree->name);
	if (hint)
		diag_hint(compiler->diags, "%s", hint);
	else if (near)
		diag_hint(compiler->diags, "did you mean '%s'?", near);
	else
		diag_hint(compiler->diags,
			  "The functions are those of CEL and its extensions; what "
			  "reads files or the network is a step.");
}

static void report_form(struct compiler *compiler, const struct tree *tree,
			const struct function *other)
{
	uint32_t to = tree->mark + (uint32_t)tree->name.len;
	bool receiver = tree->flags & TREE_RECEIVER;
	size_t args = tree->count - receiver;

	if (other->receiver != receiver)
		complain(compiler, tree->mark, to, RB0313, "'%s' is called %s", other->name,
			 other->receiver ? "on a value" : "with its arguments in parentheses");
	else
		complain(compiler, tree->mark, to, RB0313, "'%s' does not take %zu argument%s",
			 other->name, args, args == 1 ? "" : "s");
	hint_form(compiler, tree, other);
}

static void hint_types(struct compiler *compiler, const struct tree *tree,
		       const struct function_set *set)
{
	const char *habit = habit_function(tree->name);
	const struct type *first = tree->count > 0 ? tree->child[0]->type : &type_dyn;
	bool list = first->kind == TYPE_LIST;
	if (first->kind == TYPE_OPTIONAL && tree->flags & TREE_RECEIVER)
		diag_hint(compiler->diags, "It may be absent: write %.*s.orValue(%s).%.*s(...).",
			  TEXT_ARG(tree_text(compiler, tree->child[0])), type_zero(first->item),
			  TEXT_ARG(tree->name));
	else if (habit && !list)
		diag_hint(compiler->diags, "%s", habit);
	else if (list && text_is(tree->name, "contains"))
		diag_hint(compiler->diags, "Write %.*s in %.*s.",
			  TEXT_ARG(tree_text(compiler, tree->child[1])),
			  TEXT_ARG(tree_text(compiler, tree->child[0])));
	else
		for (size_t i = 0; i < set->count && i < 4; i++)
			diag_hint(compiler->diags, "It takes %s.", set->match[i]->signature);
}

static void report_types(struct compiler *compiler, const struct tree *tree,
			 const struct function_set *set)
{
	struct buffer list;
	buffer_init(&list, compiler->arena);
	for (size_t i = 0; i < tree->count; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "",
			      type_name(tree->child[i]->type, compiler->arena));
	complain(compiler, tree->from, tree->to, RB0314, "'%.*s' does not take (%s)",
		 TEXT_ARG(tree->name), buffer_string(&list));
	hint_types(compiler, tree, set);
}

/* ---- choosing ------------------------------------------------------------------------------ */

static void add_overload(struct compiler *compiler, struct overload *overload,
			 const struct function *function, size_t count)
{
	uint32_t *takes = arena_array(compiler->arena, uint32_t, count);
	const char **opaque = arena_array(compiler->arena, const char *, count);
	signature_kinds(function->signature, count, takes, opaque, compiler->arena);
	*overload = (struct overload){ .function = function, .takes = takes, .opaque = opaque };
}

/* Keeps the rows that the arguments' types allow; gives the type of the result, NULL: none is left.
 */
static const struct type *choose(struct compiler *compiler, struct tree *tree,
				 const struct function_set *set, struct call *call)
{
	const struct type *result = &type_free;
	const struct type **args = arena_array(compiler->arena, const struct type *, tree->count);
	struct overload *overloads = arena_array(compiler->arena, struct overload, set->count);

	for (size_t i = 0; i < tree->count; i++)
		args[i] = tree->child[i]->type;
	for (size_t i = 0; i < set->count; i++) {
		struct signature signature;
		const char *text = set->match[i]->signature;
		if (!signature_accepts(&signature, text, args, tree->count) &&
		    check_reports(compiler))
			continue;
		if (set->match[i]->purity != FUNCTION_PURE)
			tree->level = 0;
		result = type_join(result, signature_result(&signature, text, compiler->arena),
				   compiler->arena);
		add_overload(compiler, &overloads[call->count++], set->match[i], tree->count);
	}
	call->overloads = overloads;
	return call->count > 0 ? result : NULL;
}

static const struct type *undeclared(struct tree *tree)
{
	tree->op = TREE_UNDECLARED;
	tree->level = 0;
	return &type_dyn;
}

const struct type *check_call(struct compiler *compiler, struct tree *tree)
{
	struct function_set set;

	take_namespace(compiler, tree);
	function_find(compiler->options->functions, tree->name, tree->flags & TREE_RECEIVER,
		      tree->count, &set);
	/* What would be a macro has names in its arguments that nobody declares. */
	bool foreign = set.count == 0 && !set.other && habit_function(tree->name);
	for (size_t i = 0; i < (foreign && check_reports(compiler) ? 0 : tree->count); i++)
		check_child(compiler, tree, i);
	if (set.count == 0) {
		if (check_reports(compiler) && set.other)
			report_form(compiler, tree, set.other);
		else if (check_reports(compiler))
			report_unknown(compiler, tree);
		return undeclared(tree);
	}
	struct call *call = arena_new(compiler->arena, struct call);
	const struct type *type = choose(compiler, tree, &set, call);
	if (!type) {
		report_types(compiler, tree, &set);
		return undeclared(tree);
	}
	call->name = tree->name;
	tree->call = call;
	return type;
}
