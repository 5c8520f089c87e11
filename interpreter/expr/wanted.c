/* How a value should have stood to another one, in words. */
#include "expr/machine.h"

struct words {
	const char *is, *is_not;
};

static const struct words operators[OPERATOR_COUNT] = {
	[OPERATOR_EQUAL] = { "", "other than " },  [OPERATOR_NOT_EQUAL] = { "other than ", "" },
	[OPERATOR_LESS] = { "< ", ">= " },         [OPERATOR_LESS_EQUAL] = { "<= ", "> " },
	[OPERATOR_GREATER] = { "> ", "<= " },      [OPERATOR_GREATER_EQUAL] = { ">= ", "< " },
	[OPERATOR_IN] = { "one of ", "none of " },
};

/* Seen from the right. */
static const struct words mirrored_operators[OPERATOR_COUNT] = {
	[OPERATOR_EQUAL] = { "", "other than " },
	[OPERATOR_NOT_EQUAL] = { "other than ", "" },
	[OPERATOR_LESS] = { "> ", "<= " },
	[OPERATOR_LESS_EQUAL] = { ">= ", "< " },
	[OPERATOR_GREATER] = { "< ", ">= " },
	[OPERATOR_GREATER_EQUAL] = { "<= ", "> " },
	[OPERATOR_IN] = { "to have ", "not to have " },
};

static const struct {
	const char *name;
	struct words words;
} calls[] = {
	{ "contains", { "to contain ", "not to contain " } },
	{ "startsWith", { "to start with ", "not to start with " } },
	{ "endsWith", { "to end with ", "not to end with " } },
	{ "matches", { "to match ", "not to match " } },
	{ "includes", { "to have ", "not to have " } },
};

const char *wanted_of_operator(enum operator symbol, bool mirrored, bool negated)
{
	const struct words *words = mirrored ? &mirrored_operators[symbol] : &operators[symbol];
	return negated ? words->is_not : words->is;
}

const char *wanted_of_call(struct text name, bool negated)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (text_is(name, calls[i].name))
			return negated ? calls[i].words.is_not : calls[i].words.is;
	return NULL;
}
