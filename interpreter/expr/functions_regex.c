/* Regular expressions: cel-go's library, and find as Kubernetes has it. */
#include "expr/internal.h"

const struct regex *function_pattern(struct function_call *call, struct value pattern,
				     struct value *error)
{
	const char *reason;
	size_t offset;
	const struct regex *regex = call->regex;

	if (!regex)
		regex = regex_compile(value_text(pattern), call->arena, &reason, &offset);
	if (!regex)
		*error = function_fail(call, "not a regular expression: %s, at byte %zu", reason,
				       offset);
	return regex;
}

int function_match(struct function_call *call, const struct regex *regex, struct text subject,
		   size_t from, struct text *groups, size_t group_count, struct value *error)
{
	const char *reason;
	int found;

	if (!function_burn(call, 1 + (subject.len - from) / 1024)) {
		*error = function_limit(call, "the texts to be searched are too long");
		return -1;
	}
	found = regex_match(regex, subject, from, groups, group_count, &reason);
	if (found < 0)
		*error = function_limit(call, reason);
	return found;
}

const struct function functions_regex[] = {
	{ 0 },
};
