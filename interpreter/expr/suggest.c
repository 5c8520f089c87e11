/* What was meant by a name that is not there. */
#include <ctype.h>

#include "expr/internal.h"

/* Words that other languages have for what CEL writes otherwise. */
static const struct {
	const char *word;
	const char *hint;
} foreign[] = {
	{ "True", "Write 'true'." },
	{ "False", "Write 'false'." },
	{ "None", "Write 'null', or has(x.y) to ask whether a field is there." },
	{ "nil", "Write 'null', or has(x.y) to ask whether a field is there." },
	{ "undefined", "Ask with has(x.y) whether a field is there." },
	{ "not", "Write '!' for 'not'." },
	{ "github", "Inputs are read as inputs.name, results of steps as steps.id.field." },
	{ "secrets",
	  "A secret is an input: declare inputs: {token: {secret: true, env: TOKEN}} and "
	  "write inputs.token." },
	{ "outputs", "Results of steps are read as steps.id.field." },
	{ "output", "Results of steps are read as steps.id.field." },
};

/* Names of outputs that go by another name, each where there is that other one. */
static const struct {
	const char *word;
	const char *name;
} outputs[] = {
	{ "status", "code" },      { "status_code", "code" }, { "code", "exit_code" },
	{ "status", "exit_code" }, { "exit", "exit_code" },   { "rc", "exit_code" },
	{ "output", "text" },      { "out", "text" },         { "result", "text" },
	{ "result", "value" },     { "err", "stderr" },       { "response", "body" },
	{ "content", "body" },     { "count", "row_count" },  { "commit", "head" },
};

#define MOST_NAMES 24 /* so many are told */

static bool suggest_nearest(struct compiler *compiler, struct text word, const struct type *object)
{
	uint32_t count = type_object_count(object);
	const char **names = arena_array(compiler->arena, const char *, count + 1);
	for (uint32_t i = 0; i < count; i++)
		names[i] = arena_text(compiler->arena, type_object_at(object, i)->name).ptr;
	return diag_did_you_mean(compiler->diags, word, names, count);
}

/* The fields from..to, behind what they are. */
static void list_names(struct compiler *compiler, const char *what, const struct type *object,
		       uint32_t from, uint32_t to)
{
	struct buffer list;
	buffer_init(&list, compiler->arena);
	for (uint32_t i = from; i < to && i < from + MOST_NAMES; i++)
		buffer_printf(&list, "%s%.*s", i > from ? ", " : "",
			      TEXT_ARG(type_object_at(object, i)->name));
	diag_hint(compiler->diags, "%s: %s%s.", what, buffer_string(&list),
		  to - from > MOST_NAMES ? ", ..." : "");
}

static void list_fields(struct compiler *compiler, const struct type *object)
{
	if (type_object_count(object))
		list_names(compiler, "There is", object, 0, type_object_count(object));
	else
		diag_hint(compiler->diags, "Nothing is declared there.");
}

static uint32_t roots_of(const struct compiler *compiler)
{
	uint32_t count = type_object_count(compiler->options->names);
	return compiler->options->outputs_from ? compiler->options->outputs_from : count;
}

/* Of an expression over what a step gives: the names of that. */
static void list_outputs(struct compiler *compiler)
{
	const struct type *names = compiler->options->names;
	if (roots_of(compiler) < type_object_count(names))
		list_names(compiler, "The step gives", names, roots_of(compiler),
			   type_object_count(names));
	else if (compiler->options->outputs_from)
		diag_hint(compiler->diags, "The step gives nothing of its own.");
}

/* ---- one level deeper ---------------------------------------------------------------------- */

static bool holds(const struct type *type, struct text word)
{
	return type->kind == TYPE_OBJECT && type_object_get(type, word);
}

/* A step gives something to those that are written behind it only. */
static bool is_there(const struct compiler *compiler, const struct type *object,
		     const struct type_field *field)
{
	struct span step = field->declared;
	if (!object->object->what || strcmp(object->object->what, "step") != 0)
		return true;
	return step.source == compiler->node->span.source && step.to <= compiler->node->span.from;
}

/* Finds a field of the object that has a field word; of steps the latest before the expression.
 * owner: the object as written. */
static const char *find_deeper(struct compiler *compiler, struct text word,
			       const struct type *object, struct text owner)
{
	const struct type_field *found = NULL;
	for (uint32_t i = 0; i < type_object_count(object); i++) {
		const struct type_field *field = type_object_at(object, i);
		if (holds(field->type, word) && is_there(compiler, object, field) &&
		    (!found || field->declared.from > found->declared.from))
			found = field;
	}
	return found ? arena_format(compiler->arena, "%.*s%s%.*s.%.*s", TEXT_ARG(owner),
				    owner.len ? "." : "", TEXT_ARG(found->name), TEXT_ARG(word))
		     : NULL;
}

/* inputs.word, or steps.id.word. */
static const char *find_below(struct compiler *compiler, struct text word)
{
	const struct type *names = compiler->options->names;
	const char *found = find_deeper(compiler, word, names, TEXT(""));
	for (uint32_t i = 0; !found && i < type_object_count(names); i++) {
		const struct type_field *field = type_object_at(names, i);
		if (field->type->kind == TYPE_OBJECT)
			found = find_deeper(compiler, word, field->type, field->name);
	}
	return found;
}

/* ---- names --------------------------------------------------------------------------------- */

static const char *foreign_hint(struct text word)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (text_is(word, foreign[i].word))
			return foreign[i].hint;
	return NULL;
}

static const char *output_called(struct text word, const struct type *names)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
		if (text_is(word, outputs[i].word) &&
		    type_object_get(names, text_of(outputs[i].name)))
			return outputs[i].name;
	return NULL;
}

/* What steps give is meant as a name, not as a text. */
static bool is_output(struct text word)
{
	for (size_t i = 0; i < sizeof(outputs) / sizeof(*outputs); i++)
		if (text_is(word, outputs[i].word) || text_is(word, outputs[i].name))
			return true;
	return false;
}

/* HOME, PGPASSWORD: as variables of the environment are named. */
static bool is_variable(struct text word)
{
	for (size_t i = 0; i < word.len; i++)
		if (islower((unsigned char)word.ptr[i]))
			return false;
	return word.len > 1 && isupper((unsigned char)word.ptr[0]);
}

static void hint_variable(struct compiler *compiler, struct text word)
{
	struct buffer name;
	buffer_init(&name, compiler->arena);
	for (size_t i = 0; i < word.len; i++)
		buffer_putc(&name, (char)tolower((unsigned char)word.ptr[i]));
	diag_hint(
		compiler->diags,
		"A variable of the operator enters by an input: declare inputs: {%s: {env: %.*s}} "
		"and write inputs.%s.",
		buffer_string(&name), TEXT_ARG(word), buffer_string(&name));
}

static void suggest_name(struct compiler *compiler, struct text word)
{
	const struct type *names = compiler->options->names;
	const char *called = names ? output_called(word, names) : NULL, *below;
	if (called)
		diag_hint(compiler->diags, "Here it is called '%s'.", called);
	else if (foreign_hint(word))
		diag_hint(compiler->diags, "%s", foreign_hint(word));
	else if ((below = find_below(compiler, word))) {
		diag_hint(compiler->diags, "Write %s.", below);
		list_outputs(compiler);
	} else if (!suggest_nearest(compiler, word, names)) {
		list_outputs(compiler);
		list_names(compiler, "There is", names, 0, roots_of(compiler));
		if (is_variable(word))
			hint_variable(compiler, word);
		else if (!is_output(word))
			diag_hint(compiler->diags, "A text is written in quotes: '%.*s'.",
				  TEXT_ARG(word));
	}
}

void suggest_undeclared(struct compiler *compiler, struct tree *tree)
{
	struct text name = tree->name;

	tree->op = TREE_UNDECLARED;
	tree->level = 0;
	if (compiler->options->unchecked)
		return;
	complain(compiler, tree->from, tree->to, RB0310, "unknown name '%.*s'", TEXT_ARG(name));
	suggest_name(compiler, name);
}

/* ---- fields -------------------------------------------------------------------------------- */

/* How a field of this sort comes to be. */
static void hint_declare(struct compiler *compiler, struct text word, const char *what)
{
	struct diags *diags = compiler->diags;
	if (!what)
		return;
	if (strcmp(what, "input") == 0)
		diag_hint(diags, "Declare it: inputs: {%.*s: {}}", TEXT_ARG(word));
	else if (strcmp(what, "var") == 0)
		diag_hint(diags, "Declare it: vars: {%.*s: VALUE}", TEXT_ARG(word));
	else if (strcmp(what, "step") == 0)
		diag_hint(diags, "Give the step that is meant 'id: %.*s'.", TEXT_ARG(word));
	else if (strcmp(what, "environment variable") == 0)
		hint_variable(compiler, word);
}

void suggest_field(struct compiler *compiler, struct text word, const struct type *object,
		   struct text owner)
{
	const char *deeper = find_deeper(compiler, word, object, owner);
	const char *called = output_called(word, object);
	if (deeper)
		diag_hint(compiler->diags, "Write %s.", deeper);
	else if (called)
		diag_hint(compiler->diags, "Here it is called '%s'.", called);
	else if (!suggest_nearest(compiler, word, object)) {
		list_fields(compiler, object);
		hint_declare(compiler, word, object->object->what);
	}
}
