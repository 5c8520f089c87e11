/* Calling functions: the overload is chosen by the kinds of the arguments. */
#include "expr/machine.h"

#define ARGS_ON_STACK 6

static bool fits(const struct overload *overload, const struct value *args, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!(overload->takes[i] >> args[i].kind & 1))
			return false;
		if (overload->opaque[i] && args[i].kind == VALUE_OPAQUE &&
		    strcmp(overload->opaque[i], args[i].opaque->class->type.name) != 0)
			return false;
	}
	return true;
}

/* Containers carry the taint of their items; only what was marked as a whole goes to a new one. */
static unsigned taint_of(const struct value *args, size_t count, enum value_kind result)
{
	unsigned taint = 0;
	bool container = result == VALUE_LIST || result == VALUE_MAP;
	for (size_t i = 0; i < count; i++) {
		bool holds = args[i].kind == VALUE_LIST || args[i].kind == VALUE_MAP;
		taint |= container && holds ? args[i].aux : args[i].flags;
	}
	return taint & VALUE_TAINT;
}

static struct value hide(struct machine *machine, const struct tree *tree, struct value error)
{
	struct value hidden = value_error(machine->call.arena, error.error->failure,
					  "'%.*s' failed on a secret, of which nothing is shown",
					  TEXT_ARG(tree->call->name));
	return eval_settle(machine, tree, hidden);
}

#define TOO_LONG "the expression takes too many steps"
#define SCANNED 16 /* bytes of an argument that are looked at for the price of a step */

/* Whatever a function does with a text, it may look at all of it. */
static uint64_t texts_weight(const struct value *args, size_t count)
{
	uint64_t weight = 0;
	for (size_t i = 0; i < count; i++)
		if (args[i].kind == VALUE_STRING || args[i].kind == VALUE_BYTES)
			weight += args[i].len / SCANNED;
	return weight;
}

static struct value invoke(struct machine *machine, const struct tree *tree,
			   const struct value *args, size_t count)
{
	const struct call *call = tree->call;
	for (size_t i = 0; i < call->count; i++) {
		if (!fits(&call->overloads[i], args, count))
			continue;
		if (!function_burn(&machine->call, texts_weight(args, count)))
			return eval_settle(machine, tree, function_limit(&machine->call, TOO_LONG));
		machine->call.regex = call->regex;
		struct value result = call->overloads[i].function->call(&machine->call, args,
									count);
		unsigned taint = taint_of(args, count, result.kind);
		if (result.kind == VALUE_ERROR && (taint & VALUE_SECRET))
			return hide(machine, tree, result);
		return eval_settle(machine, tree, eval_taint(result, taint));
	}
	struct buffer types;
	buffer_init(&types, machine->call.arena);
	for (size_t i = 0; i < count; i++)
		buffer_printf(&types, "%s%s", i ? ", " : "", value_type_of(args[i])->name);
	return eval_fail(machine, tree, "'%.*s' does not take (%s)", TEXT_ARG(call->name),
			 buffer_string(&types));
}

struct value call_eval(struct machine *machine, const struct tree *tree)
{
	struct value few[ARGS_ON_STACK];
	struct value *args = tree->count <= ARGS_ON_STACK
				     ? few
				     : arena_array(machine->call.arena, struct value, tree->count);
	struct value unknown = value_null();

	for (size_t i = 0; i < tree->count; i++) {
		args[i] = eval_tree(machine, tree->child[i]);
		if (args[i].kind == VALUE_ERROR)
			return args[i];
		eval_gather(machine, args[i], &unknown);
	}
	return eval_stops(unknown) ? unknown : invoke(machine, tree, args, tree->count);
}
