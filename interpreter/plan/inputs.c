/* Inputs: their declarations, and texts and values converted to their types. */

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/bug.h"
#include "plan/internal.h"

const char *const input_type_names[] = {
	[INPUT_STRING] = "string",
	[INPUT_INT] = "int",
	[INPUT_FLOAT] = "float",
	[INPUT_BOOL] = "bool",
	[INPUT_DURATION] = "duration",
	[INPUT_PATH] = "path",
	[INPUT_URL] = "url",
	[INPUT_LIST] = "list",
	[INPUT_MAP] = "map",
	[INPUT_WORDS] = "words",
	NULL,
};

/* As declared; the default stays a node until its type is known. */
const struct field input_rows[] = {
	CHOICE(struct input, type, .choices = input_type_names, .dflt = "string",
	       .doc = "string, int, float, bool, duration, path, url, list, map; words in "
		      "libraries."),
	STRING(struct input, description, .flags = FIELD_LITERAL, .doc = "What it is, for people."),
	FIELD_AS(FIELD_NODE, const struct node *, struct input, dflt, "default",
		 .doc = "Its value when nothing else gives one."),
	STRING(struct input, env, .flags = FIELD_LITERAL,
	       .doc = "Environment variable that may give it."),
	STRING(struct input, pattern, .flags = FIELD_LITERAL,
	       .doc = "Regular expression that must match all of it."),
	STRING(struct input, refuse, .flags = FIELD_LITERAL,
	       .doc = "Regular expression that must match nowhere in it."),
	STRINGS(struct input, choices, .flags = FIELD_LITERAL,
		.doc = "The values that it may have."),
	STRING(struct input, min, .flags = FIELD_LITERAL, .doc = "The least value."),
	STRING(struct input, max, .flags = FIELD_LITERAL, .doc = "The greatest value."),
	BOOL(struct input, secret, .doc = "Never shown and never kept."),
	STRING(struct input, prompt, .flags = FIELD_LITERAL,
	       .doc = "Question on a terminal when nothing gives it."),
	STRING(struct input, hint, .flags = FIELD_LITERAL,
	       .doc = "What to say when it is missing or wrong."),
	{ 0 },
};

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
		return &word_list;
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
	const char *why = field_duration(text, &ns, &hint);
	if (!why)
		return value_duration(ns);
	return value_error(arena, FAIL_EXPRESSION, "is not a duration: %s", why);
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
		struct value bound = conversions[input->type].from_text(input, text_of(bounds[i]),
									arena);
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
	return try_rules(input, conversions[input->type].from_text(input, text, arena), arena);
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

/* ---- declarations -------------------------------------------------------------------------- */

bool name_is_reserved(struct text name)
{
	static const char *const reserved[] = { "in", "true", "false", "null" };
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (text_is(name, reserved[i]))
			return true;
	return false;
}

bool name_check(struct planner *planner, const struct node *name, const char *what)
{
	struct text text = name->text;
	bool good = text.len > 0 && text.len <= 128 && text.ptr[0] >= 'a' && text.ptr[0] <= 'z';
	for (size_t i = 0; good && i < text.len; i++)
		good = (text.ptr[i] >= 'a' && text.ptr[i] <= 'z') || text.ptr[i] == '_' ||
		       (text.ptr[i] >= '0' && text.ptr[i] <= '9');
	if (!good) {
		diag_at(planner->diags, name->span, RB0201, "'%.*s' cannot be %s", TEXT_ARG(text),
			what);
		diag_hint(planner->diags,
			  "Names are lower-case letters, digits and '_', begin with a letter "
			  "and have at most 128 characters.");
		return false;
	}
	if (!name_is_reserved(text))
		return true;
	diag_at(planner->diags, name->span, RB0201,
		"'%.*s' cannot be %s: it is a word of the expression language", TEXT_ARG(text),
		what);
	return false;
}

static bool pattern_check(struct planner *planner, const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);
	if (!node || node->kind != NODE_SCALAR)
		return true;
	struct value values[] = { value_cstring(""), value_string(node->text) };
	struct value answer = ask("value.matches(bound)", values, planner->arena);
	if (!value_is(answer, VALUE_ERROR))
		return true;
	diag_at(planner->diags, node->span, RB0202, "'%s' is no regular expression: %s", key,
		answer.error->message);
	if (answer.error->hint)
		diag_hint(planner->diags, "%s", answer.error->hint);
	return false;
}

static bool bounds_check(struct planner *planner, const struct input *input, const struct node *map)
{
	const char *keys[] = { "min", "max" };
	for (int i = 0; i < 2; i++) {
		const struct node *node = node_get(map, keys[i]);
		if (!node)
			continue;
		struct value bound = conversions[input->type].from_text(input, node->text,
									planner->arena);
		if (!value_is(bound, VALUE_ERROR) && input->type != INPUT_STRING)
			continue;
		diag_at(planner->diags, node->span, RB0202, "'%s' of a %s cannot be '%.*s'",
			keys[i], input_type_names[input->type], TEXT_ARG(node->text));
		return false;
	}
	return true;
}

static bool default_read(struct planner *planner, struct input *input)
{
	if (!input->dflt)
		return true;
	struct value value;
	if (input->dflt->kind == NODE_SCALAR) {
		value = input_from_text(input, input->dflt->text, planner->arena);
	} else {
		const struct field_value *read = field_value_read(
			input->dflt, &(struct expr_options){ 0 }, planner->arena, planner->diags);
		if (!read)
			return false;
		value = input_from_value(
			input,
			field_value_eval(read, &(struct expr_scope){ 0 }, planner->arena, NULL),
			planner->arena);
	}
	if (value_is(value, VALUE_ERROR)) {
		diag_at(planner->diags, input->dflt->span, RB0202, "the default of '%s' %s",
			input->name, value.error->message);
		return false;
	}
	input->value = value;
	return true;
}

static bool input_read(struct planner *planner, const struct entry *entry, bool library,
		       struct input *input)
{
	struct field_context context = { .what = "input" };
	bool good;

	if (!name_check(planner, &entry->key, "the name of an input"))
		return false;
	if (node_is_empty(&entry->value)) {
		*input = (struct input){ 0 };
	} else if (entry->value.kind != NODE_MAP) {
		diag_at(planner->diags, entry->value.span, RB0202,
			"input '%.*s' is a map of its properties; found %s",
			TEXT_ARG(entry->key.text), node_kind_name(&entry->value));
		diag_hint(planner->diags, "Write {default: ...} for an input with a default.");
		return false;
	} else if (!field_load(input_rows, &entry->value, &context, input, planner->arena,
			       planner->diags)) {
		return false;
	}
	input->name = arena_text(planner->arena, entry->key.text).ptr;
	input->span = entry->key.span;
	if (input->type == INPUT_WORDS && !library) {
		diag_at(planner->diags, node_get(&entry->value, "type")->span, RB0202,
			"an input of type 'words' belongs to a library step");
		diag_hint(planner->diags, "A runbook's input has one of the other types; for "
					  "several words use a list.");
		return false;
	}
	if (input->secret && input->dflt) {
		diag_at(planner->diags, input->dflt->span, RB0202,
			"secret '%s' cannot have a default", input->name);
		diag_hint(planner->diags, "A secret is given by --secret or by an environment "
					  "variable, never written in a document.");
		return false;
	}
	/* Both are told. */
	good = pattern_check(planner, &entry->value, "pattern");
	good = pattern_check(planner, &entry->value, "refuse") && good;
	return good && bounds_check(planner, input, &entry->value) && default_read(planner, input);
}

bool inputs_read(struct planner *planner, const struct node *node, const char *fragment,
		 bool library, struct inputs *inputs)
{
	bool good = true;
	if (!node)
		return true;
	if (node->kind != NODE_MAP) {
		diag_at(planner->diags, node->span, RB0202, "'inputs' is a map of names; found %s",
			node_kind_name(node));
		return false;
	}
	for (uint32_t i = 0; i < node->count; i++) {
		struct input input = { 0 };
		if (!input_read(planner, &node->entries[i], library, &input)) {
			good = false;
			continue;
		}
		input.fragment = fragment;
		const struct input *twin = input_find(inputs->at, inputs->count,
						      text_of(input.name));
		if (twin) {
			diag_at(planner->diags, input.span, RB0208, "input '%s' is declared twice",
				input.name);
			diag_note(planner->diags, twin->span, "first declared here");
			good = false;
			continue;
		}
		*list_add(inputs, planner->arena) = input;
	}
	return good;
}

const struct input *input_find(const struct input *inputs, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, inputs[i].name))
			return &inputs[i];
	return NULL;
}
