/* The macros at work: logic that absorbs, loops over lists and maps, lazy names. */
#include "expr/machine.h"

/* ---- && || --------------------------------------------------------------------------------- */

bool verdict_take(struct verdict *verdict, struct machine *machine, const struct tree *tree,
		  struct value *operand, bool deciding)
{
	if (eval_is_limit(*operand))
		return true;
	if (operand->kind == VALUE_BOOL) {
		verdict->taint |= operand->flags & VALUE_TAINT;
		*operand = eval_taint(*operand, verdict->taint);
		return operand->boolean == deciding;
	}
	if (!eval_stops(*operand))
		*operand = eval_fail(machine, tree, "a bool is wanted here, not %s",
				     value_type_of(*operand)->name);
	if (operand->kind == VALUE_UNKNOWN)
		eval_gather(machine, *operand, &verdict->undecided);
	else if (!eval_stops(verdict->undecided))
		verdict->undecided = *operand;
	return false;
}

struct value verdict_end(const struct verdict *verdict, bool otherwise)
{
	if (eval_stops(verdict->undecided))
		return verdict->undecided;
	return eval_taint(value_bool(otherwise), verdict->taint);
}

struct value eval_logic(struct machine *machine, const struct tree *tree)
{
	bool deciding = tree->op == TREE_OR;
	struct verdict verdict = { 0 };

	for (size_t i = 0; i < tree->count; i++) {
		struct value operand = eval_tree(machine, tree->child[i]);
		if (verdict_take(&verdict, machine, tree->child[i], &operand, deciding))
			return operand;
	}
	return verdict_end(&verdict, !deciding);
}

/* ---- iterating ----------------------------------------------------------------------------- */

bool iteration_open(struct iteration *loop, struct machine *machine, const struct tree *tree)
{
	*loop = (struct iteration){ .machine = machine, .tree = tree };
	loop->range = eval_tree(machine, tree->child[0]);
	if (eval_stops(loop->range))
		return false;
	if (loop->range.kind == VALUE_LIST || loop->range.kind == VALUE_MAP ||
	    loop->range.kind == VALUE_OBJECT) {
		loop->count = value_count(loop->range);
		return true;
	}
	loop->range = eval_fail(machine, tree->child[0], "%s is not a list or a map",
				value_type_of(loop->range)->name);
	return false;
}

static void set(struct iteration *loop, size_t variable, struct value value)
{
	loop->machine->slots[loop->tree->variables->slot[variable]].value = value;
}

static void step_list(struct iteration *loop)
{
	size_t index = loop->next++;
	struct value item = value_item(loop->range, index);
	if (loop->tree->variables->count == 2)
		set(loop, 0, value_int((int64_t)index));
	set(loop, loop->tree->variables->count - 1, item);
}

/* Of an object only what is asked for is computed. */
static void step_map(struct iteration *loop)
{
	const struct value_object *object = loop->range.object;
	size_t index = loop->next++;
	struct value key, item;
	struct text name;

	if (loop->range.kind == VALUE_OBJECT && loop->tree->variables->count == 1) {
		if (object->class->key(object, index, &name))
			set(loop, 0, value_string(name));
		return;
	}
	if (!value_entry_at(loop->range, index, loop->machine->call.arena, &key, &item))
		return;
	set(loop, 0, key);
	if (loop->tree->variables->count == 2)
		set(loop, 1, item);
}

bool iteration_next(struct iteration *loop)
{
	if (loop->next >= loop->count)
		return false;
	if (loop->range.kind == VALUE_LIST)
		step_list(loop);
	else
		step_map(loop);
	return true;
}

static struct value body(struct iteration *loop)
{
	return eval_tree(loop->machine, loop->tree->child[1]);
}

/* ---- conditions ---------------------------------------------------------------------------- */

static struct value eval_quantifier(struct iteration *loop)
{
	bool deciding = loop->tree->op == TREE_EXISTS;
	struct verdict verdict = { .taint = loop->range.flags & VALUE_TAINT };

	while (iteration_next(loop)) {
		struct value operand = body(loop);
		if (verdict_take(&verdict, loop->machine, loop->tree->child[1], &operand, deciding))
			return operand;
	}
	return verdict_end(&verdict, !deciding);
}

/* A bool, an error or an unknown. */
static struct value ask(struct iteration *loop, const struct tree *condition)
{
	struct value value = eval_tree(loop->machine, condition);
	if (eval_stops(value) || value.kind == VALUE_BOOL)
		return value;
	return eval_fail(loop->machine, condition, "a bool is wanted here, not %s",
			 value_type_of(value)->name);
}

static struct value eval_exists_one(struct iteration *loop)
{
	unsigned taint = loop->range.flags;
	size_t count = 0;
	struct value unknown = value_null();

	while (iteration_next(loop)) {
		struct value answer = ask(loop, loop->tree->child[1]);
		if (answer.kind == VALUE_ERROR)
			return answer;
		eval_gather(loop->machine, answer, &unknown);
		taint |= answer.flags;
		count += answer.kind == VALUE_BOOL && answer.boolean;
	}
	return eval_stops(unknown) ? unknown : eval_taint(value_bool(count == 1), taint);
}

/* ---- results ------------------------------------------------------------------------------- */

/* The next element that the condition lets through: 1; none is left: 0; *out is an error or an
 * unknown: -1. */
static int next_result(struct iteration *loop, unsigned *taint, struct value *out)
{
	while (iteration_next(loop)) {
		if (loop->tree->count > 2) {
			*out = ask(loop, loop->tree->child[2]);
			if (eval_stops(*out))
				return -1;
			*taint |= out->flags & VALUE_SECRET;
			if (!out->boolean)
				continue;
		}
		*out = body(loop);
		return out->kind == VALUE_ERROR ? -1 : 1;
	}
	return 0;
}

static struct value eval_transform_list(struct iteration *loop)
{
	struct arena *arena = loop->machine->call.arena;
	struct value *items = arena_array(arena, struct value, loop->count);
	size_t count = 0;
	unsigned taint = 0;
	struct value item;
	int result;

	while ((result = next_result(loop, &taint, &item)) > 0)
		items[count++] = item;
	if (result < 0)
		return item;
	return eval_taint(value_list(items, count, arena), taint);
}

static struct value eval_transform_map(struct iteration *loop)
{
	struct value_map_builder builder;
	unsigned taint = 0;
	struct value item;
	int result;

	value_map_init(&builder, loop->machine->call.arena);
	while ((result = next_result(loop, &taint, &item)) > 0) {
		struct value key = loop->machine->slots[loop->tree->variables->slot[0]].value;
		function_burn(&loop->machine->call, value_weight(key) - 1);
		value_map_put(&builder, key, item);
	}
	if (result < 0)
		return item;
	return eval_taint(value_map_end(&builder), taint);
}

/* Each result is a map whose entries go into the result. */
static struct value eval_transform_entry(struct iteration *loop)
{
	struct arena *arena = loop->machine->call.arena;
	struct value_map_builder builder;
	unsigned taint = 0;
	struct value entries, key, item;
	int result;

	value_map_init(&builder, arena);
	while ((result = next_result(loop, &taint, &entries)) > 0) {
		if (entries.kind == VALUE_UNKNOWN)
			return entries;
		if (entries.kind != VALUE_MAP)
			return eval_fail(loop->machine, loop->tree->child[1],
					 "a map is wanted here, not %s",
					 value_type_of(entries)->name);
		function_burn(&loop->machine->call, value_weight(entries) - 1);
		for (size_t i = 0; value_entry_at(entries, i, arena, &key, &item); i++)
			value_map_put(&builder, key, item);
	}
	if (result < 0)
		return entries;
	return eval_taint(value_map_end(&builder), taint);
}

/* ---- sortBy -------------------------------------------------------------------------------- */

static struct value eval_sort_by(struct iteration *loop)
{
	struct machine *machine = loop->machine;
	struct sorted *items = arena_array(machine->call.arena, struct sorted, 2 * loop->count);
	unsigned taint = 0;

	if (loop->range.kind != VALUE_LIST)
		return eval_fail(machine, loop->tree->child[0], "only a list can be sorted");
	for (size_t i = 0; iteration_next(loop); i++) {
		items[i].item = value_item(loop->range, i);
		items[i].key = body(loop);
		if (eval_stops(items[i].key))
			return items[i].key;
		if (!function_burn(&machine->call, value_weight(items[i].key)))
			return function_limit(&machine->call, "the list is too large");
		taint |= items[i].key.flags & VALUE_SECRET;
		int order;
		if (items[i].key.kind != items[0].key.kind ||
		    !value_compare(items[i].key, items[i].key, &order))
			return eval_fail(machine, loop->tree->child[1],
					 "these keys have no order among themselves");
	}
	if (!sorted_sort(items, items + loop->count, loop->count))
		return eval_fail(machine, loop->tree->child[1],
				 "these keys have no order among themselves");
	struct value *values = arena_array(machine->call.arena, struct value, loop->count);
	for (size_t i = 0; i < loop->count; i++)
		values[i] = items[i].item;
	return eval_taint(value_list(values, loop->count, machine->call.arena), taint);
}

/* ---- all of them --------------------------------------------------------------------------- */

static struct value eval_bind(struct machine *machine, const struct tree *tree)
{
	machine->slots[tree->variables->slot[0]].pending = tree->child[0];
	return eval_tree(machine, tree->child[1]);
}

static struct value (*const loops[TREE_OP_COUNT])(struct iteration *loop) = {
	[TREE_ALL] = eval_quantifier,
	[TREE_EXISTS] = eval_quantifier,
	[TREE_EXISTS_ONE] = eval_exists_one,
	[TREE_TRANSFORM_LIST] = eval_transform_list,
	[TREE_TRANSFORM_MAP] = eval_transform_map,
	[TREE_TRANSFORM_ENTRY] = eval_transform_entry,
	[TREE_SORT_BY] = eval_sort_by,
};

struct value eval_loop(struct machine *machine, const struct tree *tree)
{
	struct iteration loop;

	if (tree->op == TREE_BIND)
		return eval_bind(machine, tree);
	if (!iteration_open(&loop, machine, tree))
		return loop.range;
	return eval_settle(machine, tree, loops[tree->op](&loop));
}

/* ---- optionals ----------------------------------------------------------------------------- */

static struct value wanted_optional(struct machine *machine, const struct tree *tree,
				    struct value value)
{
	return eval_fail(machine, tree, "an optional is wanted here, not %s",
			 value_type_of(value)->name);
}

static struct value eval_opt_map(struct machine *machine, const struct tree *tree,
				 struct value held)
{
	machine->slots[tree->variables->slot[0]].value = held;
	struct value value = eval_tree(machine, tree->child[1]);
	if (eval_stops(value))
		return value;
	if (tree->op == TREE_OPT_MAP)
		return value_optional(&value, machine->call.arena);
	if (value.kind != VALUE_OPTIONAL)
		return wanted_optional(machine, tree->child[1], value);
	return value;
}

struct value eval_optional(struct machine *machine, const struct tree *tree)
{
	struct value optional = eval_tree(machine, tree->child[0]);
	struct value held;

	if (eval_stops(optional))
		return optional;
	if (optional.kind != VALUE_OPTIONAL)
		return wanted_optional(machine, tree->child[0], optional);
	bool there = value_held(optional, &held);
	if (tree->op == TREE_OPT_MAP || tree->op == TREE_OPT_FLAT_MAP)
		return there ? eval_opt_map(machine, tree, held) : optional;
	if (there)
		return tree->op == TREE_OR_VALUE ? held : optional;
	struct value other = eval_tree(machine, tree->child[1]);
	if (tree->op == TREE_OR_ELSE && !eval_stops(other) && other.kind != VALUE_OPTIONAL)
		return wanted_optional(machine, tree->child[1], other);
	return other;
}
