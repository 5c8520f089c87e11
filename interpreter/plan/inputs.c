/* Inputs: their declarations. */

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
		 .form = "value of its type", .doc = "Its value when nothing else gives one."),
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
		diag_at(planner->diags, name->span, RB0201, "'%s' cannot be %s",
			text_shown(text, planner->arena), what);
		const char *folded = name_fold(planner->arena, text);
		if (folded && text.len <= 128)
			diag_hint(planner->diags, "Write: %s", folded);
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
	diag_hint(planner->diags, "Choose another name, as '%.*s_'.", TEXT_ARG(text));
	return false;
}

static bool pattern_check(struct planner *planner, const struct node *map, const char *key)
{
	const struct node *node = node_get(map, key);
	if (!node || node->kind != NODE_SCALAR)
		return true;
	struct value answer = input_try_pattern(node->text, planner->arena);
	if (!value_is(answer, VALUE_ERROR))
		return true;
	diag_at(planner->diags, node->span, RB0202, "'%s': %s", key, answer.error->message);
	diag_hint(planner->diags, "%s",
		  answer.error->hint
			  ? answer.error->hint
			  : "Patterns are regular expressions of RE2: no back references, no "
			    "looking around.");
	return false;
}

static bool bounds_check(struct planner *planner, const struct input *input, const struct node *map)
{
	const char *keys[] = { "min", "max" };
	for (int i = 0; i < 2; i++) {
		const struct node *node = node_get(map, keys[i]);
		if (!node)
			continue;
		struct value bound = input_read_text(input, node->text, planner->arena);
		if (!value_is(bound, VALUE_ERROR) && input->type != INPUT_STRING)
			continue;
		diag_at(planner->diags, node->span, RB0202,
			"'%s' of an input of type %s cannot be '%.*s'", keys[i],
			input_type_names[input->type], TEXT_ARG(node->text));
		diag_hint(planner->diags, "Bounds are of the input's own type: int, float or "
					  "duration.");
		return false;
	}
	return true;
}

static bool default_is_written(struct planner *planner, const struct node *dflt)
{
	size_t hole = dflt->kind == NODE_SCALAR ? text_find(dflt->text, TEXT("${{"), 0) : SIZE_MAX;
	if (hole == SIZE_MAX)
		return true;
	diag_at(planner->diags, node_span(dflt, hole, hole + 3), RB0115,
		"the default of an input is written, not computed");
	diag_hint(planner->diags, "Compute it in 'vars' from the inputs that there are.");
	return false;
}

static bool default_read(struct planner *planner, struct input *input)
{
	if (!input->dflt)
		return true;
	struct value value;
	if (!default_is_written(planner, input->dflt))
		return false;
	if (input->dflt->kind == NODE_SCALAR) {
		value = input_from_text(input, input->dflt->text, planner->arena);
	} else {
		const struct field_value *read = field_value_read(input->dflt, NULL, planner->arena,
								  planner->diags);
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
		diag_hint(planner->diags, "A default obeys what the input itself declares; without "
					  "one the input must be given.");
		return false;
	}
	input->value = value;
	return true;
}

static bool input_read(struct planner *planner, const struct entry *entry, bool library,
		       struct input *input)
{
	struct field_context context = { .what = "an input", .elsewhere = key_elsewhere };
	bool good;

	if (!name_check(planner, &entry->key, "the name of an input"))
		return false;
	if (node_is_empty(&entry->value)) {
		*input = (struct input){ 0 };
	} else if (entry->value.kind != NODE_MAP) {
		diag_at(planner->diags, entry->value.span, RB0102,
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

/* It is known all the same, so that who names it is not told for that. */
static struct input input_flawed(struct planner *planner, const struct entry *entry)
{
	struct input input = {
		.name = arena_text(planner->arena, entry->key.text).ptr,
		.dflt = &entry->value,
		.span = entry->key.span,
		.value = value_unknown("declared wrongly", planner->arena),
		.flawed = true,
	};
	const struct node *type = entry->value.kind == NODE_MAP ? node_get(&entry->value, "type")
								: NULL;
	input.type = type ? INPUT_WORDS : INPUT_STRING; /* of a type that nobody knows: any */
	for (int i = 0; type && type->kind == NODE_SCALAR && i < INPUT_WORDS; i++)
		if (text_is(type->text, input_type_names[i]))
			input.type = i;
	return input;
}

bool inputs_read(struct planner *planner, const struct node *node, const char *fragment,
		 bool library, struct inputs *inputs)
{
	bool good = true;
	if (!node)
		return true;
	if (!kind_check(planner, node, NODE_MAP, "inputs", "{NAME: {default: VALUE}}"))
		return false;
	for (uint32_t i = 0; i < node->count; i++) {
		struct input input = { 0 };
		if (!input_read(planner, &node->entries[i], library, &input)) {
			good = false;
			input = input_flawed(planner, &node->entries[i]);
		}
		input.fragment = fragment;
		const struct input *twin = input_find(inputs->at, inputs->count,
						      text_of(input.name));
		if (twin) {
			diag_at(planner->diags, input.span, RB0208, "input '%s' is declared twice",
				input.name);
			diag_note(planner->diags, twin->span, "first declared here");
			diag_hint(planner->diags, "Give one of them another name.");
			good = false;
			continue;
		}
		*list_add(inputs, planner->arena) = input;
	}
	return good;
}

void input_unknown(struct planner *planner, const struct node *name, const struct input *inputs,
		   size_t count, const char *whose)
{
	const char **names = arena_array(planner->arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		names[i] = inputs[i].name;
	diag_at(planner->diags, name->span, RB0210, "'%.*s' is no input of '%s'",
		TEXT_ARG(name->text), whose);
	if (count == 0)
		diag_hint(planner->diags, "It has no inputs.");
	else
		field_hint_key(planner->diags, name, "its inputs", names, NULL);
}

const struct input *input_find(const struct input *inputs, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, inputs[i].name))
			return &inputs[i];
	return NULL;
}
