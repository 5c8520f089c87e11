/* The tree and the values of its names to a value. */
#include <stdarg.h>

#include "expr/machine.h"

void machine_init(struct machine *machine, const struct expr_scope *scope, uint32_t slots,
		  struct arena *arena)
{
	*machine = (struct machine){ 0 };
	machine->call.arena = arena;
	machine->call.scope = scope;
	machine->call.fuel = scope->limits.fuel ? scope->limits.fuel : EXPR_FUEL;
	machine->memory = scope->limits.memory ? scope->limits.memory : EXPR_MEMORY;
	machine->call.memory = machine->memory;
	machine->used = arena->used;
	if (slots > 0)
		machine->slots = arena_array(arena, struct slot, slots);
}

/* ---- errors -------------------------------------------------------------------------------- */

bool eval_is_limit(struct value value)
{
	return value.kind == VALUE_ERROR && value.error->failure == FAIL_LIMIT;
}

static struct value placed(struct machine *machine, const struct tree *tree, struct value value)
{
	struct value_error *error = arena_new(machine->call.arena, struct value_error);
	*error = *value.error;
	error->from = tree->from;
	error->to = tree->to;
	value.error = error;
	return value;
}

struct value eval_fail(struct machine *machine, const struct tree *tree, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *message = arena_vformat(machine->call.arena, format, args);
	va_end(args);
	return placed(machine, tree,
		      value_error(machine->call.arena, FAIL_EXPRESSION, "%s", message));
}

static struct value out_of_steps(struct machine *machine, const struct tree *tree)
{
	return placed(machine, tree,
		      function_limit(&machine->call, "the expression takes too many steps"));
}

struct value eval_settle(struct machine *machine, const struct tree *tree, struct value value)
{
	size_t used = machine->call.arena->used - machine->used;
	if (used > machine->memory)
		return placed(
			machine, tree,
			function_limit(&machine->call, "the expression takes too much memory"));
	if (value_depth(value) > EXPR_MAX_DEPTH)
		return placed(machine, tree,
			      function_limit(&machine->call, "the value is nested too deeply"));
	machine->call.memory = machine->memory - used;
	if (value.kind == VALUE_UNKNOWN)
		machine->unknown = true;
	else if (value.kind == VALUE_ERROR && value.error->to == 0)
		return placed(machine, tree, value);
	return value;
}

/* While no unknown was seen, none is in a list or a map. */
void eval_gather(struct machine *machine, struct value value, struct value *unknown)
{
	struct arena *arena = machine->call.arena;
	if (value.kind != VALUE_UNKNOWN && !machine->unknown)
		return;
	value = value_unknowns(value, arena);
	if (value.kind == VALUE_UNKNOWN)
		*unknown = unknown->kind == VALUE_UNKNOWN
				   ? value_unknown_join(*unknown, value, arena)
				   : value;
}

/* ---- leaves -------------------------------------------------------------------------------- */

static struct value eval_constant(struct machine *machine, const struct tree *tree)
{
	(void)machine;
	return tree->value;
}

static struct value eval_name(struct machine *machine, const struct tree *tree)
{
	const struct expr_scope *scope = machine->call.scope;
	if (tree->slot >= scope->count)
		return eval_fail(machine, tree, "this name has no value here");
	struct value value = scope->values[tree->slot];
	return eval_stops(value) ? eval_settle(machine, tree, value) : value;
}

static struct value eval_local(struct machine *machine, const struct tree *tree)
{
	struct slot *slot = &machine->slots[tree->slot];
	if (slot->pending) {
		const struct tree *pending = slot->pending;
		slot->pending = NULL;
		slot->value = eval_tree(machine, pending);
	}
	return eval_stops(slot->value) ? eval_settle(machine, tree, slot->value) : slot->value;
}

static struct value eval_undeclared(struct machine *machine, const struct tree *tree)
{
	return eval_fail(machine, tree, "'%.*s' is not declared", TEXT_ARG(tree->name));
}

/* ---- lists and maps ------------------------------------------------------------------------ */

/* An item that was written [?e]: false if it is absent. *value may become an error. */
static bool take_optional(struct machine *machine, const struct tree *tree, struct value *value)
{
	if (value->kind == VALUE_OPTIONAL)
		return value_held(*value, value);
	*value = eval_fail(machine, tree, "what stands behind '?' must be an optional, not %s",
			   value_type_of(*value)->name);
	return true;
}

static struct value eval_list(struct machine *machine, const struct tree *tree)
{
	struct value *items = arena_array(machine->call.arena, struct value, tree->count);
	size_t count = 0;
	for (size_t i = 0; i < tree->count; i++) {
		struct value item = eval_tree(machine, tree->child[i]);
		if (tree->marks[i] && item.kind == VALUE_UNKNOWN)
			return item;
		if (tree->marks[i] && !eval_stops(item) &&
		    !take_optional(machine, tree->child[i], &item))
			continue;
		if (item.kind == VALUE_ERROR)
			return item;
		items[count++] = item;
	}
	return eval_settle(machine, tree, value_list(items, count, machine->call.arena));
}

static bool is_key(struct value value)
{
	return value.kind == VALUE_STRING || value.kind == VALUE_INT || value.kind == VALUE_UINT ||
	       value.kind == VALUE_BOOL;
}

static struct value eval_map(struct machine *machine, const struct tree *tree)
{
	struct value_map_builder builder;
	value_map_init(&builder, machine->call.arena);
	for (size_t i = 0; i < tree->count; i += 2) {
		struct value key = eval_tree(machine, tree->child[i]);
		if (eval_stops(key))
			return key;
		if (!is_key(key))
			return eval_fail(machine, tree->child[i],
					 "a key must be a string, int, uint or bool, not %s",
					 value_type_of(key)->name);
		function_burn(&machine->call, value_weight(key) - 1);
		struct value item = eval_tree(machine, tree->child[i + 1]);
		bool optional = tree->marks[i + 1];
		if (optional && item.kind == VALUE_UNKNOWN)
			return item;
		if (optional && !eval_stops(item) &&
		    !take_optional(machine, tree->child[i + 1], &item))
			continue;
		if (item.kind == VALUE_ERROR)
			return item;
		value_map_put(&builder, key, item);
	}
	return eval_settle(machine, tree, value_map_end(&builder));
}

/* ---- operators ----------------------------------------------------------------------------- */

static struct value eval_not(struct machine *machine, const struct tree *tree)
{
	struct value value = eval_tree(machine, tree->child[0]);
	if (eval_stops(value))
		return value;
	if (value.kind != VALUE_BOOL)
		return eval_fail(machine, tree, "'!' negates a bool, not %s",
				 value_type_of(value)->name);
	value.boolean ^= tree->repeat % 2 == 1;
	return value;
}

static struct value eval_negate(struct machine *machine, const struct tree *tree)
{
	struct value value = eval_tree(machine, tree->child[0]);
	for (uint32_t i = 0; i < 2 - tree->repeat % 2 && !eval_stops(value); i++)
		value = eval_taint(operator_negate(&machine->call, value), value.flags);
	return eval_settle(machine, tree, value);
}

/* A list's items have their own taint. */
static struct value eval_pair(struct machine *machine, const struct tree *tree, size_t index,
			      struct value left, struct value right)
{
	struct value result = operator_apply(&machine->call, tree->marks[index], left, right);
	if (result.kind == VALUE_ERROR) {
		struct tree place = { .from = tree->child[0]->from, .to = tree->child[index]->to };
		return eval_settle(machine, &place, result);
	}
	if (result.kind != VALUE_LIST)
		result = eval_taint(result, left.flags | right.flags);
	return result;
}

static struct value eval_chain(struct machine *machine, const struct tree *tree)
{
	struct value left = eval_tree(machine, tree->child[0]);
	for (size_t i = 1; i < tree->count; i++) {
		if (left.kind == VALUE_ERROR)
			return left;
		struct value right = eval_tree(machine, tree->child[i]);
		if (right.kind == VALUE_ERROR)
			return right;
		struct value unknown = value_null();
		if (eval_stops(left) || eval_stops(right) || tree->marks[i] != OPERATOR_ADD) {
			eval_gather(machine, left, &unknown);
			eval_gather(machine, right, &unknown);
		}
		left = eval_stops(unknown) ? unknown : eval_pair(machine, tree, i, left, right);
	}
	return eval_settle(machine, tree, left);
}

static struct value eval_condition(struct machine *machine, const struct tree *tree)
{
	struct value condition = eval_tree(machine, tree->child[0]);
	if (eval_stops(condition))
		return condition;
	if (condition.kind != VALUE_BOOL)
		return eval_fail(machine, tree->child[0], "the condition of '?' is %s, not a bool",
				 value_type_of(condition)->name);
	struct value value = eval_tree(machine, tree->child[condition.boolean ? 1 : 2]);
	return eval_taint(value, condition.flags & VALUE_SECRET);
}

/* ---- all nodes ----------------------------------------------------------------------------- */

static struct value (*const evaluators[TREE_OP_COUNT])(struct machine *machine,
						       const struct tree *tree) = {
	[TREE_CONSTANT] = eval_constant,
	[TREE_IDENT] = eval_undeclared,
	[TREE_NAME] = eval_name,
	[TREE_LOCAL] = eval_local,
	[TREE_UNDECLARED] = eval_undeclared,
	[TREE_SELECT] = eval_select,
	[TREE_HAS] = eval_has,
	[TREE_INDEX] = eval_index,
	[TREE_LIST] = eval_list,
	[TREE_MAP] = eval_map,
	[TREE_NOT] = eval_not,
	[TREE_NEGATE] = eval_negate,
	[TREE_CHAIN] = eval_chain,
	[TREE_AND] = eval_logic,
	[TREE_OR] = eval_logic,
	[TREE_CONDITION] = eval_condition,
	[TREE_CALL] = call_eval,
	[TREE_ALL] = eval_loop,
	[TREE_EXISTS] = eval_loop,
	[TREE_EXISTS_ONE] = eval_loop,
	[TREE_TRANSFORM_LIST] = eval_loop,
	[TREE_TRANSFORM_MAP] = eval_loop,
	[TREE_TRANSFORM_ENTRY] = eval_loop,
	[TREE_SORT_BY] = eval_loop,
	[TREE_BIND] = eval_loop,
	[TREE_OPT_MAP] = eval_optional,
	[TREE_OPT_FLAT_MAP] = eval_optional,
	[TREE_OR_ELSE] = eval_optional,
	[TREE_OR_VALUE] = eval_optional,
};

struct value eval_tree(struct machine *machine, const struct tree *tree)
{
	if (machine->call.fuel == 0)
		return out_of_steps(machine, tree);
	machine->call.fuel--;
	return evaluators[tree->op](machine, tree);
}
