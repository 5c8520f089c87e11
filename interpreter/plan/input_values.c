/* Values of inputs: texts and values converted to their types, and the rules that they declare. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "plan/internal.h"

const struct type *input_static_type(const struct input *input)
{
	static const struct type dyn_list = { .kind = TYPE_LIST, .item = &type_dyn };
	static const struct type word_list = { .kind = TYPE_LIST, .item = &type_string };
	static const struct type dyn_map = { .kind = TYPE_MAP,
					     .key = &type_dyn,
					     .item = &type_dyn };

	switch ((enum input_type)input->type) {
	case INPUT_STRING:
	case INPUT_PATH:
		return &type_string;
	case INPUT_URL:
		return &type_url;
	case INPUT_INT:
		return &type_int;
	case INPUT_FLOAT:
		return &type_double;
	case INPUT_BOOL:
		return &type_bool;
	case INPUT_DURATION:
		return &type_duration;
	case INPUT_LIST:
		return &dyn_list;
	case INPUT_MAP:
		return &dyn_map;
	case INPUT_WORDS:
		return input->flawed ? &type_dyn : &word_list;
	}
	return &type_dyn;
}

/* ---- texts to values ----------------------------------------------------------------------- */

static struct value fail(struct arena *arena, const char *wanted)
{
	return value_error(arena, FAIL_EXPRESSION, "%s", wanted);
}

static struct value convert_string(const struct input *input, struct text text, struct arena *arena)
{
	(void)input;
	if (!text_is_utf8(text, NULL))
		return fail(arena, "is not UTF-8");
	return value_string(arena_text(arena, text));
}

static struct value convert_int(const struct input *input, struct text text, struct arena *arena)
{
	(void)input;
	char *end;
	const char *digits = arena_text(arena, text).ptr;
	errno = 0;
	int64_t number = strtoll(digits, &end, 10);
	bool signs = text.len > 0 &&
		     (text.ptr[0] == '-' || (text.ptr[0] >= '0' && text.ptr[0] <= '9'));
	if (!signs || end != digits + text.len || errno || end == digits)
		return fail(arena, "is not an int of 64 bits: decimal digits, with '-' if need be");
	return value_int(number);
}

static struct value convert_float(const struct input *input, struct text text, struct arena *arena)
{
	(void)input;
	struct value number;
	struct json_error error;
	if (!json_read(text, arena, &number, &error))
		return fail(arena, "is not a number");
	if (value_is(number, VALUE_INT))
		return value_double((double)number.integer);
	return value_is(number, VALUE_DOUBLE) ? number : fail(arena, "is not a number");
}

static struct value convert_bool(const struct input *input, struct text text, struct arena *arena)
{
	(void)input;
	if (text_is(text, "true") || text_is(text, "false"))
		return value_bool(text.ptr[0] == 't');
	return fail(arena, "is not a bool: true or false");
}

static struct value convert_duration(const struct input *input, struct text text,
				     struct arena *arena)
{
	(void)input;
	int64_t ns;
	const char *hint = NULL;
	const char *why = field_duration(text, arena, &ns, &hint);
	if (!why)
		return value_duration(ns);
	struct value_error *error = arena_new(arena, struct value_error);
	*error = (struct value_error){
		.failure = FAIL_EXPRESSION,
		.message = strcmp(why, "not a duration") == 0
				   ? "is not a duration, such as 90s, 1h30m or 250ms"
				   : arena_format(arena, "is not a duration: %s", why),
		.hint = hint,
	};
	return (struct value){ .kind = VALUE_ERROR, .error = error };
}

static struct value convert_url(const struct input *input, struct text text, struct arena *arena)
{
	(void)input;
	size_t rest = text_starts(text, "http://") ? 7 : text_starts(text, "https://") ? 8 : 0;
	if (rest == 0 || text.len == rest)
		return fail(arena,
			    "is not a URL: it must begin with http:// or https:// and a host");
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] <= ' ' || text.ptr[i] == 0x7f || text.ptr[i] == '\\')
			return fail(arena, "is not a URL: it holds a blank, a control character or "
					   "a backslash");
	return convert_string(input, text, arena);
}

static struct value convert_json(const struct input *input, struct text text, struct arena *arena)
{
	struct value value;
	struct json_error error;
	bool list = input->type == INPUT_LIST;
	if (!json_read(text, arena, &value, &error))
		return value_error(arena, FAIL_EXPRESSION, "is not JSON at byte %zu: %s",
				   error.offset + 1, error.message);
	if (!value_is(value, list ? VALUE_LIST : VALUE_MAP))
		return fail(arena, list ? "is not a JSON list" : "is not a JSON map");
	return value;
}

static const struct conversion {
	struct value (*from_text)(const struct input *input, struct text text, struct arena *arena);
	enum value_kind kind;
} conversions[] = {
	[INPUT_STRING] = { convert_string, VALUE_STRING },
	[INPUT_INT] = { convert_int, VALUE_INT },
	[INPUT_FLOAT] = { convert_float, VALUE_DOUBLE },
	[INPUT_BOOL] = { convert_bool, VALUE_BOOL },
	[INPUT_DURATION] = { convert_duration, VALUE_DURATION },
	[INPUT_PATH] = { convert_string, VALUE_STRING },
	[INPUT_URL] = { convert_url, VALUE_STRING },
	[INPUT_LIST] = { convert_json, VALUE_LIST },
	[INPUT_MAP] = { convert_json, VALUE_MAP },
	[INPUT_WORDS] = { convert_json, VALUE_LIST },
};

struct value input_read_text(const struct input *input, struct text text, struct arena *arena)
{
	return conversions[input->type].from_text(input, text, arena);
}

/* ---- rules --------------------------------------------------------------------------------- */

/* Asks a constant question about a value in the expression language itself, so that patterns mean
 * here exactly what they mean in `matches`. */
static struct value ask(const char *question, const struct value *values, struct arena *arena)
{
	struct diags diags;
	diags_init(&diags, arena);
	struct type *names = type_object("name", true, arena);
	type_object_add(names, TEXT("value"), &type_dyn, (struct span){ 0 }, arena);
	type_object_add(names, TEXT("bound"), &type_dyn, (struct span){ 0 }, arena);
	struct expr_options options = { .names = names };
	struct text text = text_of(question);
	const struct source *source = source_wrap("rule", text, arena);
	struct node node = node_scalar(text, (struct span){ source, 0, (uint32_t)text.len });
	const struct expr *expr = expr_compile(&node, 0, text.len, &options, arena, &diags);
	if (!expr)
		bug("the rule '%s' does not compile", question);
	struct expr_scope scope = { .values = values, .count = 2 };
	return expr_eval(expr, &scope, arena);
}

struct value input_try_pattern(struct text pattern, struct arena *arena)
{
	struct value values[] = { value_cstring(""), value_string(pattern) };
	return ask("value.matches(bound)", values, arena);
}

static bool holds(const char *question, struct value value, const char *bound, struct arena *arena)
{
	struct value values[] = { value, value_cstring(bound) };
	struct value answer = ask(question, values, arena);
	return value_is(answer, VALUE_BOOL) && answer.boolean;
}

static struct value try_bounds(const struct input *input, struct value value, struct arena *arena)
{
	static const char *const least = "value >= bound", *const most = "value <= bound";
	const char *bounds[] = { input->min, input->max };
	for (int i = 0; i < 2; i++) {
		if (!bounds[i])
			continue;
		struct value bound = input_read_text(input, text_of(bounds[i]), arena);
		struct value values[] = { value, bound };
		struct value answer = ask(i == 0 ? least : most, values, arena);
		if (!value_is(answer, VALUE_BOOL) || !answer.boolean)
			return value_error(arena, FAIL_EXPRESSION, "is %s %s",
					   i == 0 ? "below the least value"
						  : "above the greatest value",
					   bounds[i]);
	}
	return value;
}

static struct value try_choices(const struct input *input, struct value value, struct arena *arena)
{
	struct text text;
	const char *why;
	struct buffer list;
	if (input->choices.count == 0)
		return value;
	buffer_init(&list, arena);
	if (value_to_text(value, arena, &text, &why))
		for (size_t i = 0; i < input->choices.count; i++) {
			if (text_is(text, input->choices.at[i]))
				return value;
			buffer_printf(&list, "%s'%s'", i ? ", " : "", input->choices.at[i]);
		}
	return value_error(arena, FAIL_EXPRESSION, "is none of %s", buffer_string(&list));
}

static struct value try_patterns(const struct input *input, struct value value, struct arena *arena)
{
	if (!value_is(value, VALUE_STRING))
		return value;
	if (input->pattern &&
	    !holds("value.matches('^(?:' + bound + ')$')", value, input->pattern, arena))
		return value_error(arena, FAIL_EXPRESSION, "does not match the pattern '%s'",
				   input->pattern);
	if (input->refuse && !holds("!value.matches(bound)", value, input->refuse, arena))
		return value_error(arena, FAIL_EXPRESSION, "is refused: it matches '%s'",
				   input->refuse);
	return value;
}

static struct value try_rules(const struct input *input, struct value value, struct arena *arena)
{
	static struct value (*const rules[])(const struct input *, struct value, struct arena *) = {
		try_bounds,
		try_choices,
		try_patterns,
	};
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]) && !value_is(value, VALUE_ERROR);
	     i++)
		value = rules[i](input, value, arena);
	return input->secret ? value_mark(value, VALUE_SECRET) : value;
}

struct value input_from_text(const struct input *input, struct text text, struct arena *arena)
{
	return try_rules(input, input_read_text(input, text, arena), arena);
}

struct value input_from_value(const struct input *input, struct value value, struct arena *arena)
{
	if (value_is(value, VALUE_UNKNOWN) || value_is(value, VALUE_ERROR))
		return value;
	if (value.kind == conversions[input->type].kind && input->type != INPUT_URL)
		return try_rules(input, value, arena);
	if (value_is(value, VALUE_STRING))
		return value_mark(input_from_text(input, value_text(value), arena),
				  value.flags & VALUE_TAINT);
	if (input->type == INPUT_FLOAT && value_is(value, VALUE_INT))
		return try_rules(input, value_double((double)value.integer), arena);
	if (input->type == INPUT_STRING || input->type == INPUT_PATH) {
		struct text text;
		const char *why;
		if (!value_is(value, VALUE_LIST) && !value_is(value, VALUE_MAP) &&
		    value_to_text(value, arena, &text, &why))
			return value_mark(try_rules(input, value_string(text), arena),
					  value.flags & VALUE_TAINT);
	}
	return value_error(arena, FAIL_EXPRESSION, "is %s, not %s", value_type_of(value)->name,
			   input_type_names[input->type]);
}
