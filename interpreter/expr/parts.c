/* Why a condition is false: the parts that decided it, with the values that they had. */
#include "base/list.h"
#include "expr/internal.h"

struct explainer {
	struct machine machine;
	LIST(struct expr_part) parts;
};

static void explain(struct explainer *explainer, const struct tree *tree);

static struct value evaluate(struct explainer *explainer, const struct tree *tree)
{
	return eval_tree(&explainer->machine, tree);
}

static struct expr_part *add(struct explainer *explainer, uint32_t from, uint32_t to,
			     struct value value)
{
	struct expr_part *part = list_add(&explainer->parts, explainer->machine.call.arena);
	*part = (struct expr_part){ .from = from, .to = to, .value = value };
	return part;
}

/* What is written as a value needs no showing. */
static void add_tree(struct explainer *explainer, const struct tree *tree)
{
	if (tree->op != TREE_CONSTANT)
		add(explainer, tree->from, tree->to, evaluate(explainer, tree));
}

static bool is_bool(struct value value, bool wanted)
{
	return value.kind == VALUE_BOOL && value.boolean == wanted;
}

/* Of && the first false operand, of || the first true one; else all that did not decide. */
static void explain_logic(struct explainer *explainer, const struct tree *tree)
{
	bool deciding = tree->op == TREE_OR;
	for (size_t i = 0; i < tree->count; i++) {
		if (!is_bool(evaluate(explainer, tree->child[i]), deciding))
			continue;
		explain(explainer, tree->child[i]);
		return;
	}
	for (size_t i = 0; i < tree->count; i++)
		if (tree->op == TREE_OR || !is_bool(evaluate(explainer, tree->child[i]), !deciding))
			explain(explainer, tree->child[i]);
}

static void expect(struct expr_part *part, struct value expected)
{
	part->compared = true;
	part->expected = expected;
}

/* The left operand of the last operator of a chain is all that stands before it. */
static struct tree left_of(const struct tree *tree)
{
	if (tree->count == 2)
		return *tree->child[0];
	struct tree left = *tree;
	left.count--;
	left.to = tree->child[tree->count - 2]->to;
	return left;
}

static void explain_relation(struct explainer *explainer, const struct tree *tree)
{
	struct tree left = left_of(tree);
	const struct tree *right = tree->child[tree->count - 1];
	struct value left_value = evaluate(explainer, &left);
	struct value right_value = evaluate(explainer, right);
	bool equality = tree->marks[tree->count - 1] == OPERATOR_EQUAL;

	if (left.op != TREE_CONSTANT) {
		struct expr_part *part = add(explainer, left.from, left.to, left_value);
		if (equality && right_value.kind != VALUE_ERROR)
			expect(part, right_value);
	}
	if (right->op != TREE_CONSTANT) {
		struct expr_part *part = add(explainer, right->from, right->to, right_value);
		if (equality && left.op == TREE_CONSTANT)
			expect(part, left_value);
	}
}

static void explain_condition(struct explainer *explainer, const struct tree *tree)
{
	struct value condition = evaluate(explainer, tree->child[0]);
	if (condition.kind == VALUE_BOOL)
		explain(explainer, tree->child[condition.boolean ? 1 : 2]);
	explain(explainer, tree->child[0]);
}

static void explain_operands(struct explainer *explainer, const struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		add_tree(explainer, tree->child[i]);
}

static bool is_relation(const struct tree *tree)
{
	return tree->op == TREE_CHAIN && tree->marks[tree->count - 1] >= OPERATOR_EQUAL;
}

static bool is_loop(const struct tree *tree)
{
	return tree->op == TREE_ALL || tree->op == TREE_EXISTS || tree->op == TREE_EXISTS_ONE;
}

static void explain(struct explainer *explainer, const struct tree *tree)
{
	if (tree->op == TREE_AND || tree->op == TREE_OR)
		explain_logic(explainer, tree);
	else if (tree->op == TREE_NOT)
		explain(explainer, tree->child[0]);
	else if (tree->op == TREE_CONDITION)
		explain_condition(explainer, tree);
	else if (is_relation(tree))
		explain_relation(explainer, tree);
	else if (is_loop(tree) || tree->op == TREE_HAS)
		add_tree(explainer, tree->child[0]);
	else if (tree->op == TREE_CALL || tree->op == TREE_CHAIN)
		explain_operands(explainer, tree);
	else if (tree->op == TREE_BIND)
		add(explainer, tree->from, tree->to, evaluate(explainer, tree));
	else
		add_tree(explainer, tree);
}

size_t expr_parts(const struct expr *expr, const struct expr_scope *scope, struct arena *arena,
		  const struct expr_part **parts)
{
	struct explainer explainer = { .parts = { 0 } };

	machine_init(&explainer.machine, scope, expr->slots, arena);
	explain(&explainer, expr->tree);
	if (explainer.parts.count == 0)
		add(&explainer, 0, (uint32_t)expr->text.len, evaluate(&explainer, expr->tree));
	*parts = explainer.parts.at;
	return explainer.parts.count;
}
