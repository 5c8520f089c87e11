/* The table of functions: finding rows, and what the functions of all libraries use. */
#include <stdarg.h>

#include "expr/internal.h"

static const struct function *const libraries[] = {
	functions_standard, functions_time, functions_strings,  functions_math,
	functions_lists,    functions_sets, functions_encoders, functions_regex,
	functions_optional, functions_data, functions_network,  functions_semver,
	functions_quantity, functions_url,  functions_yaml,
};

#define LIBRARY_COUNT (sizeof(libraries) / sizeof(*libraries))

const struct function *function_table(size_t library)
{
	return library < LIBRARY_COUNT ? libraries[library] : NULL;
}

/* How near a row comes that does not fit: another form of the same call, or another number of
 * arguments, is nearer than neither. */
static int nearness(const struct function *row, bool receiver, size_t count)
{
	if (signature_counts(row->signature, count))
		return 2;
	return row->receiver == receiver;
}

static void add(struct function_set *set, const struct function *row, bool receiver, size_t count)
{
	if (row->receiver == receiver && signature_counts(row->signature, count)) {
		if (set->count < FUNCTION_OVERLOADS)
			set->match[set->count++] = row;
	} else if (!set->other ||
		   nearness(row, receiver, count) > nearness(set->other, receiver, count)) {
		set->other = row;
	}
}

static void add_rows(struct function_set *set, const struct function *row, struct text name,
		     bool receiver, size_t count)
{
	for (; row->name; row++)
		if (row->name[0] == name.ptr[0] && text_is(name, row->name))
			add(set, row, receiver, count);
}

void function_find(const struct function *extra, struct text name, bool receiver, size_t count,
		   struct function_set *set)
{
	set->count = 0;
	set->other = NULL;
	for (size_t i = 0; i < LIBRARY_COUNT; i++)
		add_rows(set, libraries[i], name, receiver, count);
	if (extra)
		add_rows(set, extra, name, receiver, count);
}

const char *function_near(struct text word, struct arena *arena)
{
	size_t count = 0;
	for (size_t i = 0; i < LIBRARY_COUNT; i++)
		for (const struct function *row = libraries[i]; row->name; row++)
			count++;
	const char **names = arena_array(arena, const char *, count);
	count = 0;
	for (size_t i = 0; i < LIBRARY_COUNT; i++)
		for (const struct function *row = libraries[i]; row->name; row++)
			names[count++] = row->name;
	return text_nearest(word, names, count);
}

bool function_burn(struct function_call *call, uint64_t amount)
{
	if (amount > call->fuel) {
		call->fuel = 0;
		return false;
	}
	call->fuel -= amount;
	return true;
}

struct value function_limit(struct function_call *call, const char *what)
{
	return value_error(call->arena, FAIL_LIMIT, "%s", what);
}

struct value function_fail(struct function_call *call, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *message = arena_vformat(call->arena, format, args);
	va_end(args);
	return value_error(call->arena, FAIL_EXPRESSION, "%s", message);
}

bool function_afford(struct function_call *call, uint64_t amount, struct value *error)
{
	if (function_burn(call, amount))
		return true;
	*error = function_limit(call, "the result is too large");
	return false;
}
