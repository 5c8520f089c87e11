/* Parts without names become constants, once; patterns are compiled. What always fails is told. */
#include "expr/internal.h"

#define FOLD_FUEL 20000
#define FOLD_MEMORY (1u << 20)

static bool is_node(enum tree_op op)
{
	return op != TREE_CONSTANT && op != TREE_UNDECLARED;
}

static void report_failure(struct compiler *compiler, const struct tree *tree,
			   const struct value_error *error)
{
	uint32_t from = error->to ? error->from : tree->from;
	uint32_t to = error->to ? error->to : tree->to;
	complain(compiler, from, to, RB0316, "'%.*s' always fails: %s",
		 TEXT_ARG(text_slice(compiler->text, from, to)), error->message);
	diag_hint(compiler->diags, "%s",
		  error->hint ? error->hint
			      : "It depends on nothing: mend it, or write its value.");
}

/* A part that takes too long to fold is left to the evaluation. */
static void fold_constant(struct compiler *compiler, struct tree *tree)
{
	struct expr_scope scope = { .limits = { .fuel = FOLD_FUEL, .memory = FOLD_MEMORY } };
	struct machine machine;
	machine_init(&machine, &scope, compiler->slots, compiler->arena);
	struct value value = eval_tree(&machine, tree);

	if (value.kind != VALUE_ERROR) {
		tree->op = TREE_CONSTANT;
		tree->count = 0;
		tree->value = value;
	} else if (check_reports(compiler) && !eval_is_limit(value)) {
		report_failure(compiler, tree, value.error);
	}
}

/* The row says which argument is a pattern; all rows of a name agree. */
static void fold_pattern(struct compiler *compiler, struct tree *tree)
{
	size_t index = tree->call->overloads[0].function->pattern;
	if (index == 0 || index > tree->count)
		return;
	const struct tree *pattern = tree->child[index - 1];
	if (pattern->op != TREE_CONSTANT || pattern->value.kind != VALUE_STRING)
		return;
	const char *error;
	size_t offset;
	tree->call->regex = regex_compile(value_text(pattern->value), compiler->arena, &error,
					  &offset);
	if (!tree->call->regex && check_reports(compiler)) {
		complain(compiler, pattern->from, pattern->to, RB0316,
			 "the pattern cannot be used: %s, at its character %zu", error, offset + 1);
		diag_hint(compiler->diags, "Patterns are regular expressions of RE2: no back "
					   "references, no looking around.");
	}
}

/* A zone that is written is looked for at once. */
static void check_zone(struct compiler *compiler, const struct tree *tree)
{
	const struct tree *zone = tree->count ? tree->child[tree->count - 1] : NULL;
	struct civil civil;
	if (!tree->call->overloads[0].function->zone || zone->op != TREE_CONSTANT ||
	    zone->value.kind != VALUE_STRING)
		return;
	const char *error = value_civil(value_timestamp(0, 0), value_text(zone->value),
					compiler->arena, &civil);
	if (!error || !check_reports(compiler))
		return;
	complain(compiler, zone->from, zone->to, RB0316, "%s", error);
	diag_hint(compiler->diags,
		  "Write 'UTC', an offset as '+02:00', or a name as 'Europe/Paris'.");
}

/* Values that a written format does not want are a mistake that nothing else shows. */
static void check_format(struct compiler *compiler, const struct tree *tree)
{
	if (tree->count != 2 || tree->call->overloads[0].function->call != function_format)
		return;
	const struct tree *format = tree->child[0];
	const struct tree *list = tree->child[1];
	if (format->op != TREE_CONSTANT || list->op != TREE_LIST || !check_reports(compiler))
		return;
	size_t wanted = format_wants(value_text(format->value));
	for (size_t i = 0; i < list->count; i++)
		if (list->marks[i])
			return;
	if (wanted == list->count)
		return;
	complain(compiler, list->from, list->to, RB0316, "the format wants %zu value%s, not %u",
		 wanted, wanted == 1 ? "" : "s", (unsigned)list->count);
	diag_hint(compiler->diags, "Each %%s, %%d or the like takes one; a percent sign is %%%%.");
}

void fold_tree(struct compiler *compiler, struct tree *tree)
{
	if (!is_node(tree->op))
		return;
	if (tree->op == TREE_CALL)
		check_format(compiler, tree);
	if (tree->level == TREE_CLOSED) {
		fold_constant(compiler, tree);
		return;
	}
	for (size_t i = 0; i < tree->count; i++)
		fold_tree(compiler, tree->child[i]);
	if (tree->op == TREE_CALL) {
		fold_pattern(compiler, tree);
		check_zone(compiler, tree);
	}
}
