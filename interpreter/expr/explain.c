/* Why a condition is false: the operands that decided it, and the values of their parts. */
#include "base/list.h"
#include "expr/internal.h"

struct explainer {
	struct machine machine;
	uint64_t fuel;                      /* of each evaluation */
	const struct expr_element *element; /* the innermost one that is being explained */
	LIST(struct expr_operand) operands;
};

/* An operand in the making. */
struct finding {
	struct explainer *explainer;
	LIST(struct expr_part) parts;
	bool negated; /* it is true, and that was not wanted */
	const char *wanted;
	struct value expected;
	struct text focus;
};

static void explain(struct explainer *explainer, const struct tree *tree);

static struct value evaluate(struct explainer *explainer, const struct tree *tree)
{
	struct machine *machine = &explainer->machine;
	machine->call.fuel = explainer->fuel;
	machine->used = machine->call.arena->used;
	return eval_tree(machine, tree);
}

static bool is_bool(struct value value, bool wanted)
{
	return value.kind == VALUE_BOOL && value.boolean == wanted;
}

/* ---- parts --------------------------------------------------------------------------------- */

static struct value part(struct finding *finding, const struct tree *tree)
{
	struct arena *arena = finding->explainer->machine.call.arena;
	struct value value = evaluate(finding->explainer, tree);
	if (tree->op != TREE_CONSTANT) /* what is written as a value needs no showing */
		*list_add(&finding->parts, arena) = (struct expr_part){ tree->from, tree->to,
									value };
	return value;
}

static void want(struct finding *finding, const char *wanted, struct value expected)
{
	if (expected.kind == VALUE_ERROR)
		return;
	finding->wanted = wanted;
	finding->expected = expected;
}

/* The left operand of the last operator of a chain is all that stands before it. */
static struct tree left_of(const struct tree *tree)
{
	if (tree->count == 2)
		return *tree->child[0];
	struct tree left = *tree;
	left.count--;
	left.from = tree->child[0]->from;
	left.to = tree->child[tree->count - 2]->to;
	return left;
}

static void find_relation(struct finding *finding, const struct tree *tree)
{
	enum operator symbol = tree->marks[tree->count - 1];
	struct tree left = left_of(tree);
	const struct tree *right = tree->child[tree->count - 1];
	struct value left_value = part(finding, &left);
	struct value right_value = part(finding, right);
	bool mirrored = left.op == TREE_CONSTANT;
	want(finding, wanted_of_operator(symbol, mirrored, finding->negated),
	     mirrored ? left_value : right_value);
	if (symbol == OPERATOR_EQUAL && !mirrored)
		finding->focus = focus_of_difference(left_value, right_value);
}

static void find_call(struct finding *finding, const struct tree *tree)
{
	struct value first = value_null(), last = value_null();
	for (size_t i = 0; i < tree->count; i++) {
		last = part(finding, tree->child[i]);
		first = i == 0 ? last : first;
	}
	if (tree->op != TREE_CALL || !(tree->flags & TREE_RECEIVER) || tree->count != 2 ||
	    tree->child[0]->op == TREE_CONSTANT)
		return;
	want(finding, wanted_of_call(tree->call->name, finding->negated), last);
	struct function_call *call = &finding->explainer->machine.call;
	call->regex = tree->call->regex;
	finding->focus = focus_of_call(call, tree->call->name, first, last);
}

static void find_field(struct finding *finding, const struct tree *tree)
{
	part(finding, tree->child[0]);
	want(finding, wanted_of_operator(OPERATOR_IN, true, finding->negated), tree->value);
}

static bool is_relation(const struct tree *tree)
{
	return tree->op == TREE_CHAIN && tree->marks[tree->count - 1] >= OPERATOR_EQUAL;
}

static bool is_loop(const struct tree *tree)
{
	return tree->op == TREE_ALL || tree->op == TREE_EXISTS || tree->op == TREE_EXISTS_ONE;
}

static void find(struct finding *finding, const struct tree *tree)
{
	if (is_relation(tree))
		find_relation(finding, tree);
	else if (tree->op == TREE_HAS)
		find_field(finding, tree);
	else if (is_loop(tree))
		part(finding, tree->child[0]);
	else if (tree->op == TREE_CALL || tree->op == TREE_CHAIN)
		find_call(finding, tree);
	else
		part(finding, tree);
}

/* ---- operands ------------------------------------------------------------------------------ */

static void add_operand(struct explainer *explainer, const struct tree *tree)
{
	struct arena *arena = explainer->machine.call.arena;
	struct value value = evaluate(explainer, tree);
	struct finding finding = { .explainer = explainer, .negated = is_bool(value, true) };

	find(&finding, tree);
	if (finding.parts.count == 0)
		*list_add(&finding.parts, arena) = (struct expr_part){ tree->from, tree->to,
								       value };
	*list_add(&explainer->operands, arena) = (struct expr_operand){
		.from = tree->from,
		.to = tree->to,
		.value = value,
		.parts = finding.parts.at,
		.count = finding.parts.count,
		.wanted = finding.wanted,
		.expected = finding.expected,
		.focus = finding.focus,
		.element = explainer->element,
	};
}

/* The operand that decided: of && the first false one, of || the first true one. If none did, all
 * of them made it what it is; or those that left it open. */
static void explain_logic(struct explainer *explainer, const struct tree *tree)
{
	bool deciding = tree->op == TREE_OR;
	bool open = false;
	for (size_t i = 0; i < tree->count; i++) {
		struct value value = evaluate(explainer, tree->child[i]);
		open = open || value.kind != VALUE_BOOL;
		if (!is_bool(value, deciding))
			continue;
		explain(explainer, tree->child[i]);
		return;
	}
	for (size_t i = 0; i < tree->count; i++)
		if (!open || evaluate(explainer, tree->child[i]).kind != VALUE_BOOL)
			explain(explainer, tree->child[i]);
}

static void explain_condition(struct explainer *explainer, const struct tree *tree)
{
	struct value condition = evaluate(explainer, tree->child[0]);
	if (condition.kind == VALUE_BOOL)
		explain(explainer, tree->child[condition.boolean ? 1 : 2]);
	explain(explainer, tree->child[0]);
}

static const struct expr_element *element_of(const struct iteration *loop)
{
	struct arena *arena = loop->machine->call.arena;
	struct expr_element *element = arena_new(arena, struct expr_element);
	const struct tree *range = loop->tree->child[0];
	size_t index = loop->next - 1;

	*element = (struct expr_element){ range->from, range->to, value_null(), value_null() };
	if (loop->range.kind == VALUE_LIST) {
		element->key = value_int((int64_t)index);
		element->value = value_item(loop->range, index);
	} else {
		value_entry_at(loop->range, index, arena, &element->key, &element->value);
	}
	return element;
}

/* The element that decided: the first for which all is false, or exists is true. */
static void explain_element(struct explainer *explainer, const struct tree *tree)
{
	const struct expr_element *outer = explainer->element;
	bool deciding = tree->op == TREE_EXISTS;
	struct iteration loop;

	if (!is_bool(evaluate(explainer, tree), deciding) ||
	    !iteration_open(&loop, &explainer->machine, tree))
		return;
	while (iteration_next(&loop)) {
		if (!is_bool(evaluate(explainer, tree->child[1]), deciding))
			continue;
		explainer->element = element_of(&loop);
		explain(explainer, tree->child[1]);
		explainer->element = outer;
		return;
	}
}

static void explain_bind(struct explainer *explainer, const struct tree *tree)
{
	explainer->machine.slots[tree->variables->slot[0]].pending = tree->child[0];
	explain(explainer, tree->child[1]);
}

static void explain(struct explainer *explainer, const struct tree *tree)
{
	if (tree->op == TREE_AND || tree->op == TREE_OR)
		explain_logic(explainer, tree);
	else if (tree->op == TREE_NOT)
		explain(explainer, tree->child[0]);
	else if (tree->op == TREE_CONDITION)
		explain_condition(explainer, tree);
	else if (tree->op == TREE_BIND)
		explain_bind(explainer, tree);
	else {
		if (tree->op == TREE_ALL || tree->op == TREE_EXISTS)
			explain_element(explainer, tree);
		add_operand(explainer, tree);
	}
}

size_t expr_explain(const struct expr *expr, const struct expr_scope *scope, struct arena *arena,
		    const struct expr_operand **operands)
{
	struct explainer explainer = { .element = NULL };

	machine_init(&explainer.machine, scope, expr->slots, arena);
	explainer.fuel = explainer.machine.call.fuel;
	explain(&explainer, expr->tree);
	if (explainer.operands.count == 0)
		add_operand(&explainer, expr->tree);
	*operands = explainer.operands.at;
	return explainer.operands.count;
}
