/* Lists: cel-go's library, version 3, and what Kubernetes adds. */
#include <math.h>
#include <string.h>

#include "expr/functions.h"

static struct value too_large(struct function_call *call)
{
	return function_limit(call, "the list is too large");
}

FUNCTION(slice)
{
	int64_t size = (int64_t)value_count(args[0]);
	int64_t from = args[1].integer;
	int64_t to = args[2].integer;

	if (from < 0 || to < from || to > size)
		return function_fail(call, "a list of %lld items has no slice from %lld to %lld",
				     (long long)size, (long long)from, (long long)to);
	if (!function_burn(call, (uint64_t)(to - from)))
		return too_large(call);
	return value_list(args[0].list->items + from, (size_t)(to - from), call->arena);
}

FUNCTION(reverse)
{
	size_t size = value_count(args[0]);
	struct value *items;

	if (!function_burn(call, size))
		return too_large(call);
	items = arena_array(call->arena, struct value, size);
	for (size_t i = 0; i < size; i++)
		items[i] = value_item(args[0], size - 1 - i);
	return value_list(items, size, call->arena);
}

FUNCTION(range)
{
	int64_t size = args[0].integer > 0 ? args[0].integer : 0;
	struct value *items;

	if (!function_burn(call, (uint64_t)size))
		return too_large(call);
	items = arena_array(call->arena, struct value, (size_t)size);
	for (int64_t i = 0; i < size; i++)
		items[i] = value_int(i);
	return value_list(items, (size_t)size, call->arena);
}

/* How many items there are when lists in lists are opened; appends them unless out is NULL. What it
 * touches is less than the list weighs. */
static size_t flatten_into(struct value list, int64_t depth, struct value *out)
{
	size_t size = 0;

	for (size_t i = 0; i < value_count(list); i++) {
		struct value item = value_item(list, i);

		if (item.kind == VALUE_LIST && depth > 0) {
			size += flatten_into(item, depth - 1, out ? out + size : NULL);
			continue;
		}
		if (out)
			out[size] = item;
		size++;
	}
	return size;
}

FUNCTION(flatten)
{
	int64_t depth = count > 1 ? args[1].integer : 1;
	struct value *items;
	size_t size;

	if (depth < 0)
		return function_fail(call, "a list cannot be flattened %lld times",
				     (long long)depth);
	if (!function_burn(call, value_weight(args[0])))
		return too_large(call);
	size = flatten_into(args[0], depth, NULL);
	items = arena_array(call->arena, struct value, size);
	flatten_into(args[0], depth, items);
	return value_list(items, size, call->arena);
}

/* Keeps what is seen first, through a table of 1-based places in items. */
FUNCTION(distinct)
{
	size_t size = value_count(args[0]);
	size_t slots = 8;
	size_t kept = 0;
	struct value *items;
	uint32_t *table;

	while (slots < 2 * size)
		slots *= 2;
	if (!function_burn(call, slots + value_weight(args[0])))
		return too_large(call);
	items = arena_array(call->arena, struct value, size);
	table = arena_array(call->arena, uint32_t, slots);
	for (size_t i = 0; i < size; i++) {
		struct value item = value_item(args[0], i);
		size_t slot = value_hash(item, (uintptr_t)table) & (slots - 1);

		while (table[slot] && !value_equal(items[table[slot] - 1], item)) {
			if (!function_burn(call, 1))
				return too_large(call);
			slot = (slot + 1) & (slots - 1);
		}
		if (table[slot])
			continue;
		items[kept] = item;
		table[slot] = (uint32_t)++kept;
	}
	return value_list(items, kept, call->arena);
}

/* ---- order --------------------------------------------------------------------------------- */

static int order(struct value a, struct value b)
{
	int result = 0;
	value_compare(a, b, &result);
	return result;
}

/* Whether the items are of one kind that has an order; else *error. */
static bool is_ordered(struct function_call *call, struct value list, struct value *error)
{
	if (!function_burn(call, value_weight(list))) {
		*error = too_large(call);
		return false;
	}
	for (size_t i = 0; i < value_count(list); i++) {
		int result;

		if (list.list->items[i].kind == list.list->items[0].kind &&
		    value_compare(list.list->items[i], list.list->items[0], &result))
			continue;
		*error = function_fail(call,
				       "the items of the list are not of one type that has an "
				       "order");
		return false;
	}
	return true;
}

FUNCTION(sort)
{
	size_t size = value_count(args[0]);
	struct sorted *items;
	struct value *values;
	struct value error;

	if (!is_ordered(call, args[0], &error))
		return error;
	if (!function_burn(call, 8 * size))
		return too_large(call);
	items = arena_array(call->arena, struct sorted, 2 * size);
	for (size_t i = 0; i < size; i++)
		items[i].key = items[i].item = value_item(args[0], i);
	sorted_sort(items, items + size, size);
	values = arena_array(call->arena, struct value, size);
	for (size_t i = 0; i < size; i++)
		values[i] = items[i].item;
	return value_list(values, size, call->arena);
}

FUNCTION(is_sorted)
{
	struct value error;

	if (!is_ordered(call, args[0], &error))
		return error;
	for (size_t i = 1; i < value_count(args[0]); i++)
		if (order(args[0].list->items[i - 1], args[0].list->items[i]) > 0)
			return value_bool(false);
	return value_bool(true);
}

/* The item that stands first in the order (sign 1) or last (-1). */
static struct value extreme(struct function_call *call, struct value list, int sign)
{
	struct value best;

	if (value_count(list) == 0)
		return function_fail(call, "an empty list has no least and no greatest item");
	if (!is_ordered(call, list, &best))
		return best;
	best = value_item(list, 0);
	for (size_t i = 1; i < value_count(list); i++)
		if (order(list.list->items[i], best) * sign < 0)
			best = value_item(list, i);
	return best;
}

FUNCTION(min)
{
	return extreme(call, args[0], 1);
}

FUNCTION(max)
{
	return extreme(call, args[0], -1);
}

/* ---- sums, and finding --------------------------------------------------------------------- */

/* Adds an item of the same kind. False: the sum has no place in its type. */
static bool add(struct value *sum, struct value item)
{
	if (sum->kind == VALUE_DOUBLE) {
		sum->real += item.real;
		return true;
	}
	if (sum->kind == VALUE_UINT)
		return !__builtin_add_overflow(sum->natural, item.natural, &sum->natural);
	return !__builtin_add_overflow(sum->integer, item.integer, &sum->integer);
}

FUNCTION(sum)
{
	struct value total = value_int(0);

	if (!function_burn(call, value_count(args[0])))
		return too_large(call);
	for (size_t i = 0; i < value_count(args[0]); i++) {
		struct value item = value_item(args[0], i);

		if (item.kind != VALUE_INT && item.kind != VALUE_UINT &&
		    item.kind != VALUE_DOUBLE && item.kind != VALUE_DURATION)
			return function_fail(call, "a %s cannot be added up",
					     value_type_of(item)->name);
		if (i > 0 && item.kind != total.kind)
			return function_fail(call, "the items of the list are not of one type");
		if (i == 0)
			total = item;
		else if (!add(&total, item))
			return function_fail(call, "the sum is too large");
	}
	return total;
}

/* The place of an item, seen from the front (step 1) or the back (-1); -1: none. */
static int64_t find(struct value list, struct value item, int step)
{
	int64_t size = (int64_t)value_count(list);

	for (int64_t i = step > 0 ? 0 : size - 1; i >= 0 && i < size; i += step)
		if (value_equal(list.list->items[i], item))
			return i;
	return -1;
}

/* The same as a value, for its price. */
static struct value find_value(struct function_call *call, const struct value *args, int step)
{
	if (!function_burn(call, function_search_cost(args[0], args[1])))
		return too_large(call);
	return value_int(find(args[0], args[1], step));
}

FUNCTION(includes)
{
	struct value place = find_value(call, args, 1);

	return place.kind == VALUE_INT ? value_bool(place.integer >= 0) : place;
}

FUNCTION(index_of)
{
	return find_value(call, args, 1);
}

FUNCTION(last_index_of)
{
	return find_value(call, args, -1);
}

static struct value item_or_none(struct function_call *call, struct value list, size_t index)
{
	struct value item;

	if (value_count(list) == 0)
		return value_optional(NULL, call->arena);
	item = value_item(list, index);
	return value_optional(&item, call->arena);
}

FUNCTION(first)
{
	return item_or_none(call, args[0], 0);
}

FUNCTION(last)
{
	return item_or_none(call, args[0], value_count(args[0]) - 1);
}

/* ---- sets ---------------------------------------------------------------------------------- */

/* Whether each item of b (all) or any of them stands in a; *error when that takes too long. */
static bool holds(struct function_call *call, struct value a, struct value b, bool all,
		  struct value *error)
{
	*error = value_null();
	for (size_t i = 0; i < value_count(b); i++) {
		struct value item = b.list->items[i];

		if (!function_burn(call, function_search_cost(a, item))) {
			*error = too_large(call);
			return false;
		}
		if ((find(a, item, 1) >= 0) != all)
			return !all;
	}
	return all;
}

static struct value verdict(bool truth, struct value error)
{
	return error.kind == VALUE_ERROR ? error : value_bool(truth);
}

FUNCTION(set_contains)
{
	struct value error;
	bool truth = holds(call, args[0], args[1], true, &error);

	return verdict(truth, error);
}

FUNCTION(set_intersects)
{
	struct value error;
	bool truth = holds(call, args[0], args[1], false, &error);

	return verdict(truth, error);
}

FUNCTION(set_equivalent)
{
	struct value error;
	bool truth = holds(call, args[0], args[1], true, &error) &&
		     holds(call, args[1], args[0], true, &error);

	return verdict(truth, error);
}

/* ---- the tables ---------------------------------------------------------------------------- */

const struct function functions_lists[] = {
	METHOD("slice", "(list(A), int, int) -> list(A)", slice,
	       "The items from a place to before another.", "[1, 2, 3, 4].slice(1, 3) == [2, 3]"),
	METHOD("reverse", "(list(A)) -> list(A)", reverse, "The items from the last to the first.",
	       "[1, 2].reverse() == [2, 1]"),
	METHOD("flatten", "(list(A)) -> list(dyn)", flatten, "With the lists in it opened.",
	       "[1, [2, [3]]].flatten() == [1, 2, [3]]"),
	METHOD("flatten", "(list(A), int) -> list(dyn)", flatten,
	       "With the lists in it opened, so many levels deep.",
	       "[1, [2, [3]]].flatten(2) == [1, 2, 3]"),
	METHOD("distinct", "(list(A)) -> list(A)", distinct,
	       "Each item once, where it stands first.", "[2, 1, 2].distinct() == [2, 1]"),
	METHOD("sort", "(list(A)) -> list(A)", sort, "The items in ascending order.",
	       "[3, 1, 2].sort() == [1, 2, 3]"),
	METHOD("isSorted", "(list(A)) -> bool", is_sorted, "Whether the items stand in order.",
	       "[1, 2, 2].isSorted()"),
	METHOD("min", "(list(A)) -> A", min, "The least item.", "[3, 1, 2].min() == 1"),
	METHOD("max", "(list(A)) -> A", max, "The greatest item.", "[3, 1, 2].max() == 3"),
	METHOD("sum", "(list(A)) -> A", sum, "All numbers or durations added up; 0 of none.",
	       "[1, 2, 3].sum() == 6"),
	METHOD("includes", "(list(A), A) -> bool", includes, "Whether the item stands in the list.",
	       "['a', 'b'].includes('b')"),
	METHOD("indexOf", "(list(A), A) -> int", index_of, "Where the item stands first, or -1.",
	       "['a', 'b', 'a'].indexOf('a') == 0"),
	METHOD("lastIndexOf", "(list(A), A) -> int", last_index_of,
	       "Where the item stands last, or -1.", "['a', 'b', 'a'].lastIndexOf('a') == 2"),
	METHOD("first", "(list(A)) -> optional(A)", first, "The first item, if there is one.",
	       "[1, 2].first().value() == 1"),
	METHOD("last", "(list(A)) -> optional(A)", last, "The last item, if there is one.",
	       "[1, 2].last().value() == 2"),
	PLAIN("lists.range", "(int) -> list(int)", range, "The ints from 0 to below a number.",
	      "lists.range(3) == [0, 1, 2]"),
	{ 0 },
};

const struct function functions_sets[] = {
	PLAIN("sets.contains", "(list(A), list(A)) -> bool", set_contains,
	      "Whether the first list has every item of the second.",
	      "sets.contains([1, 2, 3], [2, 1])"),
	PLAIN("sets.intersects", "(list(A), list(A)) -> bool", set_intersects,
	      "Whether the lists have an item in common.", "sets.intersects([1, 2], [2, 3])"),
	PLAIN("sets.equivalent", "(list(A), list(A)) -> bool", set_equivalent,
	      "Whether the lists have the same items, in any order and number.",
	      "sets.equivalent([1, 2], [2, 1, 1])"),
	{ 0 },
};
