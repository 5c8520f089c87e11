/* Where in a text that is compared or searched stands what decided. */
#include "expr/machine.h"

typedef struct text find_fn(struct function_call *call, struct value subject, struct value sought);

static struct text find_part(struct function_call *call, struct value subject, struct value sought)
{
	struct text text = value_text(subject), part = value_text(sought);
	size_t at = text_find(text, part, 0);
	(void)call;
	return at == SIZE_MAX ? (struct text){ 0 } : text_slice(text, at, at + part.len);
}

static struct text find_end(struct function_call *call, struct value subject, struct value sought)
{
	struct text text = value_text(subject);
	size_t len = value_text(sought).len;
	(void)call;
	return text_slice(text, text.len > len ? text.len - len : 0, text.len);
}

static struct text find_match(struct function_call *call, struct value subject, struct value sought)
{
	struct text match = { 0 };
	const struct match_groups groups = { &match, 1 };
	struct value error;
	const struct regex *regex = function_pattern(call, sought, &error);
	if (!regex || function_match(call, regex, value_text(subject), 0, &groups, &error) <= 0)
		return (struct text){ 0 };
	return match;
}

static const struct {
	const char *name;
	find_fn *find;
} finders[] = {
	{ "contains", find_part },
	{ "endsWith", find_end },
	{ "matches", find_match },
};

struct text focus_of_call(struct function_call *call, struct text name, struct value subject,
			  struct value sought)
{
	if (subject.kind != VALUE_STRING || sought.kind != VALUE_STRING)
		return (struct text){ 0 };
	for (size_t i = 0; i < sizeof(finders) / sizeof(*finders); i++)
		if (text_is(name, finders[i].name))
			return finders[i].find(call, subject, sought);
	return (struct text){ 0 };
}

struct text focus_of_difference(struct value left, struct value right)
{
	bool secret = (left.flags | right.flags) & VALUE_SECRET; /* how much agrees says too much */
	if (left.kind != VALUE_STRING || right.kind != VALUE_STRING || secret)
		return (struct text){ 0 };
	struct text a = value_text(left), b = value_text(right);
	size_t at = 0;
	while (at < a.len && at < b.len && a.ptr[at] == b.ptr[at])
		at++;
	return text_slice(a, at, at);
}
