/* Fields and items at work: x.f, x.?f, has(x.f), x[i], x[?i]. */
#include "expr/machine.h"

#define KEY_SHOWN 80 /* bytes of a text of which a message says that it is no key */

/* A key as an index of a list; false: it is none. */
static bool to_index(struct value key, size_t count, size_t *index)
{
	if (key.kind == VALUE_INT && key.integer >= 0)
		*index = (size_t)key.integer;
	else if (key.kind == VALUE_UINT)
		*index = (size_t)key.natural;
	else if (key.kind == VALUE_DOUBLE && key.real >= 0 && key.real < (double)count &&
		 (double)(size_t)key.real == key.real)
		*index = (size_t)key.real;
	else
		return false;
	return *index < count;
}

static bool is_number(struct value value)
{
	return value.kind == VALUE_INT || value.kind == VALUE_UINT || value.kind == VALUE_DOUBLE;
}

static bool is_map(struct value value)
{
	return value.kind == VALUE_MAP || value.kind == VALUE_OBJECT;
}

/* container[key]. False: it is not there; or *out is an error: the container has no keys of this
 * kind. */
static bool look_up(struct machine *machine, const struct tree *tree, struct value container,
		    struct value key, struct value *out)
{
	size_t index;

	*out = value_null();
	if (is_map(container))
		return value_get(container, key, machine->call.arena, out);
	if (container.kind == VALUE_LIST && is_number(key)) {
		if (!to_index(key, value_count(container), &index))
			return false;
		*out = value_item(container, index);
		return true;
	}
	if (container.kind == VALUE_LIST)
		*out = eval_fail(machine, tree, "a list has items by number, not by %s",
				 value_type_of(key)->name);
	else
		*out = eval_fail(machine, tree, "%s has no fields or items",
				 value_type_of(container)->name);
	return false;
}

static struct value absent(struct machine *machine, const struct tree *tree, struct value container,
			   struct value key)
{
	struct buffer shown;
	buffer_init(&shown, machine->call.arena);
	/* Not cut: what masks the message would not know the half of a secret. */
	if (value_is(key, VALUE_STRING) && key.len > KEY_SHOWN)
		buffer_printf(&shown, "of %u bytes", (unsigned)key.len);
	else
		value_show(&shown, key, SIZE_MAX);
	const char *text = buffer_string(&shown);
	if (container.kind == VALUE_LIST)
		return eval_fail(machine, tree,
				 "the index %s is not within the %zu items of the list", text,
				 value_count(container));
	return eval_fail(machine, tree, "there is no key %s", text);
}

/* Reads container[key]; out of an optional, or with [?], it gives an optional. */
static struct value read_item(struct machine *machine, const struct tree *tree,
			      struct value container, struct value key)
{
	struct arena *arena = machine->call.arena;
	bool optional = tree->flags & TREE_OPTIONAL;
	struct value held, found;

	if (container.kind == VALUE_OPTIONAL) {
		if (!value_held(container, &held))
			return container;
		container = held;
		optional = true;
	}
	if (!look_up(machine, tree, container, key, &found)) {
		if (found.kind == VALUE_ERROR)
			return found;
		return optional ? value_optional(NULL, arena)
				: absent(machine, tree, container, key);
	}
	if (eval_stops(found))
		return eval_settle(machine, tree, found);
	found = eval_taint(found, key.flags);
	return optional ? value_optional(&found, arena) : found;
}

struct value eval_select(struct machine *machine, const struct tree *tree)
{
	struct value container = eval_tree(machine, tree->child[0]);
	return eval_stops(container) ? container : read_item(machine, tree, container, tree->value);
}

struct value eval_index(struct machine *machine, const struct tree *tree)
{
	struct value container = eval_tree(machine, tree->child[0]);
	if (container.kind == VALUE_ERROR)
		return container;
	struct value key = eval_tree(machine, tree->child[1]);
	if (key.kind == VALUE_ERROR)
		return key;
	function_burn(&machine->call, value_weight(key) - 1);
	if (!eval_stops(container) && !eval_stops(key))
		return read_item(machine, tree, container, key);
	struct value unknown = value_null();
	eval_gather(machine, container, &unknown);
	eval_gather(machine, key, &unknown);
	return unknown;
}

/* Of an unknown field it is not known either whether it will be there. */
struct value eval_has(struct machine *machine, const struct tree *tree)
{
	struct value container = eval_tree(machine, tree->child[0]);
	struct value held, found;

	if (eval_stops(container))
		return container;
	if (container.kind == VALUE_OPTIONAL) {
		if (!value_held(container, &held))
			return value_bool(false);
		container = held;
	}
	bool there = look_up(machine, tree, container, tree->value, &found);
	if (found.kind == VALUE_UNKNOWN || (!there && found.kind == VALUE_ERROR))
		return eval_settle(machine, tree, found);
	return eval_taint(value_bool(there), container.flags);
}
