/* The table of functions: finding rows, and what the functions of all libraries use. */
#include <stdarg.h>

#include "base/list.h"
#include "expr/internal.h"

static const struct function_library libraries[] = {
	{ "standard", "CEL itself", functions_standard },
	{ "time", "Timestamps and durations", functions_time },
	{ "optional", "Values that may be absent", functions_optional },
	{ "strings", "Texts", functions_strings },
	{ "regex", "Regular expressions of RE2", functions_regex },
	{ "math", "Numbers", functions_math },
	{ "lists", "Lists", functions_lists },
	{ "sets", "Lists as sets", functions_sets },
	{ "encoders", "Base64, hexadecimal and digests", functions_encoders },
	{ "data", "JSON, maps, words of a shell", functions_data },
	{ "yaml", "YAML", functions_yaml },
	{ "network", "Addresses and networks of IP", functions_network },
	{ "url", "URLs", functions_url },
	{ "semver", "Semantic versions", functions_semver },
	{ "quantity", "Quantities with a unit", functions_quantity },
};
static const struct function_library macros = {
	"macros", "Macros, which look at their arguments as they are written", functions_macros
};

#define LIBRARY_COUNT (sizeof(libraries) / sizeof(*libraries))

const struct function_library *function_library(size_t index)
{
	if (index < LIBRARY_COUNT)
		return &libraries[index];
	return index == LIBRARY_COUNT ? &macros : NULL;
}

/* The next row of all libraries but the macros; starts zeroed. NULL behind the last. */
struct rows {
	size_t library;
	const struct function *row;
};

static const struct function *next_row(struct rows *rows)
{
	if (!rows->row)
		rows->row = libraries[0].rows;
	else
		rows->row++;
	while (!rows->row->name && rows->library + 1 < LIBRARY_COUNT)
		rows->row = libraries[++rows->library].rows;
	return rows->row->name ? rows->row : NULL;
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

/* Adds what has the name, of rows that end with one without a name. */
static void add_named(struct function_set *set, const struct function *rows, struct text name,
		      bool receiver, size_t count)
{
	for (const struct function *row = rows; row->name; row++)
		if (text_is(name, row->name))
			add(set, row, receiver, count);
}

void function_find(const struct function *extra, struct text name, bool receiver, size_t count,
		   struct function_set *set)
{
	set->count = 0;
	set->other = NULL;
	for (size_t i = 0; i < LIBRARY_COUNT; i++)
		add_named(set, libraries[i].rows, name, receiver, count);
	if (extra)
		add_named(set, extra, name, receiver, count);
}

const char *function_near(struct text word, struct arena *arena)
{
	LIST(const char *) names = { 0 };
	struct rows rows = { 0 };
	for (const struct function *row; (row = next_row(&rows));)
		*list_add(&names, arena) = row->name;
	return text_nearest(word, names.at, names.count);
}

const char *function_form(const struct function *row, struct arena *arena)
{
	const char *first = row->signature + 1;
	const char *end = first;
	int depth = 0;

	if (!row->call)
		return row->signature;
	if (!row->receiver)
		return arena_format(arena, "%s%s", row->name, row->signature);
	for (; depth > 0 || (*end != ',' && *end != ')'); end++)
		depth += (*end == '(') - (*end == ')');
	return arena_format(arena, "%.*s.%s(%s", (int)(end - first), first, row->name,
			    *end == ',' ? end + 2 : end);
}

uint64_t function_search_cost(struct value list, struct value item)
{
	uint64_t count = value_count(list);
	uint64_t all = count * value_weight(item);
	return count + (all < value_weight(list) ? all : value_weight(list));
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
