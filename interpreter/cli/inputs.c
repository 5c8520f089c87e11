/* Where the inputs of a run come from; the first that gives one wins. */

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "cli/prompt.h"
#include "cli/secret.h"

/* NAME of NAME=VALUE; *value behind the '='. NULL after a complaint. */
static const char *split(const struct cli *cli, const char *word, const char *option,
			 const char **value)
{
	const char *equals = strchr(word, '=');
	if (equals && equals > word) {
		*value = equals + 1;
		return arena_copy(cli->arena, word, (size_t)(equals - word));
	}
	cli_complain(cli, NULL, "'--%s %s' is not NAME=VALUE", option, word);
	return NULL;
}

static bool unknown_input(const struct cli *cli, const struct plan_scope *scope, const char *name,
			  const char *where)
{
	const char **names = arena_array(cli->arena, const char *, scope->input_count + 1);
	for (size_t i = 0; i < scope->input_count; i++)
		names[i] = scope->inputs[i].name;
	const struct strings inputs = { .at = names, .count = scope->input_count };
	cli_complain(cli, cli_hint_names(cli, "inputs", name, &inputs),
		     "%sthe runbook has no input '%s'", where, name);
	return false;
}

static bool rolls_back(const struct cli *cli)
{
	return value_is(cli->values_again, VALUE_MAP);
}

/* A run is given the inputs of the runbook, a rollback those of the rollback; secrets, which were
 * kept nowhere, are given to both. */
static bool may_be_given(const struct cli *cli, const struct input *input, const char *where)
{
	if (input->rollback == rolls_back(cli) || input->secret)
		return true;
	if (input->rollback)
		cli_complain(cli,
			     arena_format(cli->arena,
					  "Give it then: runbook rollback RUN --set %s=VALUE",
					  input->name),
			     "%sinput '%s' is given to a rollback, not to a run", where,
			     input->name);
	else
		cli_complain(cli,
			     "A rollback takes the values of the run; rollback.inputs are its own.",
			     "%sinput '%s' was given to the run", where, input->name);
	return false;
}

static const struct input *find(const struct cli *cli, const struct plan_scope *scope,
				const char *name, const char *where)
{
	for (size_t i = 0; i < scope->input_count; i++)
		if (strcmp(scope->inputs[i].name, name) == 0)
			return may_be_given(cli, &scope->inputs[i], where) ? &scope->inputs[i]
									   : NULL;
	unknown_input(cli, scope, name, where);
	return NULL;
}

/* What the author says of an input, in the author's order of care. NULL: nothing. */
static const char *advice(const struct cli *cli, const struct input *input, struct value error)
{
	if (input->hint || error.error->hint)
		return input->hint ? input->hint : error.error->hint;
	if (input->description)
		return arena_format(cli->arena, "What is wanted: %s.", input->description);
	return input->pattern ? "The whole value has to match that regular expression." : NULL;
}

/* What was given, unless it is a secret. The value counts as given: that none is there is not told
 * as well. */
static bool wrong(const struct cli *cli, const struct input *input, struct value error,
		  const char *shown, const char *where)
{
	cli_complain(cli, advice(cli, input, error), "%sinput '%s' %s%s%s", where, input->name,
		     error.error->message, input->secret ? "" : ": ", input->secret ? "" : shown);
	return false;
}

/* A path that the operator gives is taken from where the operator stands. False after a
 * complaint. */
static bool operators_path(const struct cli *cli, const struct input *input, struct text *text)
{
	if (input->type != INPUT_PATH || text->len == 0 || text->ptr[0] == '/')
		return true;
	if (!cli->cwd) {
		cli_complain(cli, "Give an absolute path, or go to a folder that exists.",
			     "input '%s' is relative to a folder that is gone", input->name);
		return false;
	}
	*text = text_of(file_join(cli->cwd, arena_text(cli->arena, *text).ptr, cli->arena));
	return true;
}

static bool take(const struct cli *cli, const struct plan_scope *scope, const struct input *input,
		 struct text text, const struct origin *origin, struct given *given)
{
	size_t index = (size_t)(input - scope->inputs);
	given->sources[index] = origin->source;
	if (!operators_path(cli, input, &text))
		return false;
	struct value value = input_from_text(input, text, cli->arena);
	if (value_is(value, VALUE_ERROR))
		return wrong(cli, input, value,
			     arena_format(cli->arena, "'%s'", text_shown(text, cli->arena)),
			     origin->where);
	given->values[index] = value_mark(value,
					  VALUE_OUTSIDE | (input->secret ? VALUE_SECRET : 0));
	return true;
}

static const char *shown_of(const struct cli *cli, struct value value)
{
	struct buffer shown;
	if (value_is(value, VALUE_STRING))
		return arena_format(cli->arena, "'%s'", text_shown(value_text(value), cli->arena));
	buffer_init(&shown, cli->arena);
	value_show(&shown, value, 200);
	return buffer_string(&shown);
}

bool inputs_take_value(const struct cli *cli, const struct plan_scope *scope, size_t index,
		       struct value value, const struct origin *origin, struct given *given)
{
	const struct input *input = &scope->inputs[index];
	struct value taken = input_from_value(input, value, cli->arena);
	given->sources[index] = origin->source;
	if (value_is(taken, VALUE_ERROR))
		return wrong(cli, input, taken, shown_of(cli, value), origin->where);
	given->values[index] = value_mark(taken, VALUE_OUTSIDE);
	return true;
}

/* ---- --set and --inputs -------------------------------------------------------------------- */

/* Which of two the operator means nobody knows. False after a complaint. */
static bool given_once(const struct cli *cli, const struct strings *words, size_t index,
		       const char *option)
{
	const char *word = words->at[index];
	size_t name = strcspn(word, "=");
	for (size_t i = 0; i < index; i++) {
		const char *before = words->at[i];
		bool same = strncmp(before, word, name + 1) == 0;
		if (!same || !word[name] || strcmp(before, word) == 0)
			continue;
		cli_complain(cli, "Leave one of them out.",
			     "input '%.*s' is given twice by --%s: '%s' and '%s'", (int)name, word,
			     option, before + name + 1, word + name + 1);
		return false;
	}
	return true;
}

static bool take_one(const struct cli *cli, const struct plan_scope *scope, size_t index,
		     struct given *given)
{
	static const struct origin flag = { "flag", "" };
	const char *word = cli->set.at[index];
	const char *text;
	const char *name = split(cli, word, "set", &text);
	const struct input *input = name ? find(cli, scope, name, "") : NULL;
	if (!input)
		return false;
	if (!input->secret)
		return given_once(cli, &cli->set, index, "set") &&
		       take(cli, scope, input, text_of(text), &flag, given);
	given->sources[input - scope->inputs] = flag.source;
	cli_complain(cli,
		     arena_format(cli->arena,
				  "Use --secret %s=env:VARIABLE or file:PATH: what stands on a "
				  "command line is seen by 'ps'.",
				  name),
		     "input '%s' is a secret", name);
	return false;
}

/* All that is wrong is told in one pass. */
static bool take_set(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	bool good = true;
	for (size_t i = 0; i < cli->set.count; i++)
		good &= take_one(cli, scope, i, given);
	return good;
}

static const char *place_of(const struct cli *cli, const struct node *node)
{
	struct position position = source_position(node->span.source, node->span.from);
	return arena_format(cli->arena, "%s:%u:%u: ", node->span.source->name, position.line,
			    position.column);
}

static bool take_entry(const struct cli *cli, const struct plan_scope *scope,
		       const struct entry *entry, struct diags *diags, struct given *given)
{
	const struct input *input = find(cli, scope, entry->key.text.ptr,
					 place_of(cli, &entry->key));
	const struct origin file = { "file", place_of(cli, &entry->value) };
	struct expr_options none = { 0 };
	struct expr_scope empty = { 0 };
	if (!input)
		return false;
	size_t index = (size_t)(input - scope->inputs);
	if (given->sources[index])
		return true; /* --set wins */
	if (entry->value.kind == NODE_SCALAR)
		return take(cli, scope, input, entry->value.text, &file, given);
	const struct field_value *read = field_value_read(&entry->value, &none, cli->arena, diags);
	given->sources[index] = file.source;
	return read &&
	       inputs_take_value(cli, scope, index,
				 field_value_eval(read, &empty, cli->arena, NULL), &file, given);
}

static bool take_one_file(const struct cli *cli, const struct plan_scope *scope, const char *path,
			  struct given *given)
{
	struct diags diags;
	struct node root;
	diags_init(&diags, cli->arena);
	const struct source *source = source_load(
		&(struct source_file){ .name = path, .path = path }, cli->arena, &diags);
	bool good = source && yaml_read(source, cli->arena, &root, &diags);
	bool map = good && root.kind == NODE_MAP;
	if (good && !map) {
		cli_complain(cli, NULL, "'%s' is not a map of inputs", path);
		good = false;
	}
	for (uint32_t i = 0; map && i < root.count; i++)
		good &= take_entry(cli, scope, &root.entries[i], &diags, given);
	cli_print_diags(cli, &diags);
	return good;
}

static bool take_files(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	bool good = true;
	for (size_t i = 0; i < cli->inputs.count; i++)
		good &= take_one_file(cli, scope, cli->inputs.at[i], given);
	return good;
}

/* ---- --secret ------------------------------------------------------------------------------ */

/* Its command is run when a run begins, not for a plan. */
static void leave(const struct cli *cli, const struct plan_scope *scope, const struct input *input,
		  const char *const *command, struct given *given)
{
	size_t index = (size_t)(input - scope->inputs);
	given->commands[index] = command;
	given->sources[index] = "command";
	given->values[index] = value_unknown(
		arena_format(cli->arena, "inputs.%s: %s, given by a command", input->name,
			     input_type_names[input->type]),
		cli->arena);
}

bool inputs_run_commands(const struct cli *cli, const struct plan *plan, struct loop *loop,
			 struct given *given)
{
	static const struct origin origin = { "command", "" };
	const struct plan_scope *scope = plan->scopes[0];
	for (size_t i = 0; i < scope->input_count; i++) {
		const struct secret_command command = { given->commands[i], SECRET_TIME,
							SECRET_MAX };
		struct text text;
		if (!command.words)
			continue;
		const char *why = secret_run(loop, &command, cli->arena, &text);
		if (why) {
			cli_complain(cli, NULL, "secret '%s': %s", scope->inputs[i].name, why);
			return false;
		}
		if (!take(cli, scope, &scope->inputs[i], text, &origin, given))
			return false;
	}
	return true;
}

static bool take_secret(const struct cli *cli, const struct plan_scope *scope, const char *word,
			struct given *given)
{
	static const struct origin variable = { "env", "" }, file = { "file", "" };
	const char *from;
	const char *const *command;
	struct text text;
	const char *name = split(cli, word, "secret", &from);
	const struct input *input = name ? find(cli, scope, name, "") : NULL;
	if (!input)
		return false;
	if (!input->secret) {
		cli_complain(cli, "Use --set.", "input '%s' is not a secret", name);
		return false;
	}
	given->sources[input - scope->inputs] = file.source;
	if (!secret_read(cli, name, from, &text, &command))
		return false;
	if (!command)
		return take(cli, scope, input, text, from[0] == 'e' ? &variable : &file, given);
	leave(cli, scope, input, command, given);
	return true;
}

static bool take_secrets(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	bool good = true;
	for (size_t i = 0; i < cli->secret.count; i++)
		good &= given_once(cli, &cli->secret, i, "secret") &&
			take_secret(cli, scope, cli->secret.at[i], given);
	return good;
}

/* ---- what nobody gave ---------------------------------------------------------------------- */

static const char prompted[] = "prompt";

static bool leave_unknown(const struct cli *cli, const struct input *input, size_t index,
			  const char *source, struct given *given)
{
	given->sources[index] = source;
	given->values[index] = value_unknown(arena_format(cli->arena, "inputs.%s: %s, not given",
							  input->name,
							  input_type_names[input->type]),
					     cli->arena);
	return true;
}

/* For who has not given an input. A run that goes on needs what it was given when it began. */
static const char *how_to_give(const struct cli *cli, const struct input *input)
{
	const char *also = input->env
				   ? arena_format(cli->arena, ", or in the variable %s", input->env)
				   : "";
	if (input->secret && cli->secrets_again && *cli->secrets_again)
		return arena_format(cli->arena, "The run was given:%s", cli->secrets_again);
	if (input->hint)
		return input->hint;
	return arena_format(cli->arena,
			    input->secret ? "Give it with --secret %s=env:VARIABLE, file:PATH or "
					    "cmd:COMMAND%s."
					  : "Give it with --set %s=VALUE%s.",
			    input->name, also);
}

static bool complain_missing(const struct cli *cli, const struct input *input)
{
	cli_complain(cli, how_to_give(cli, input), "input '%s' is not given%s%s", input->name,
		     input->description ? ": " : "", input->description ? input->description : "");
	return false;
}

static bool take_rest(const struct cli *cli, const struct plan_scope *scope, size_t index,
		      bool planning, struct given *given)
{
	const struct input *input = &scope->inputs[index];
	const char *variable = input->env ? getenv(input->env) : NULL;
	if (given->sources[index])
		return true;
	if (rolls_back(cli) && !input->rollback && !input->secret)
		return leave_unknown(cli, input, index, "not given", given); /* the record has it */
	if (variable && *variable)
		return take(cli, scope, input, text_of(variable),
			    &(struct origin){
				    "env", arena_format(cli->arena, "variable %s: ", input->env) },
			    given);
	if (input->dflt) {
		given->values[index] = input->value;
		given->sources[index] = "default";
		return true;
	}
	if (planning)
		return leave_unknown(cli, input, index, "not given", given);
	if (input->prompt && cli_interactive(cli))
		return leave_unknown(cli, input, index, prompted, given);
	return complain_missing(cli, input);
}

/* Of what the command line gives, in this order: each leaves what one before it gave. */
static bool (*const sources[])(const struct cli *cli, const struct plan_scope *scope,
			       struct given *given) = {
	take_set,
	take_secrets,
	take_files,
	inputs_from_take,
};

int cli_inputs(struct cli *cli, const struct plan *plan, bool planning, struct given *given)
{
	const struct plan_scope *scope = plan->scopes[0];
	bool good = true;
	*given = (struct given){
		.values = arena_array(cli->arena, struct value, scope->input_count + 1),
		.sources = arena_array(cli->arena, const char *, scope->input_count + 1),
		.commands = arena_array(cli->arena, const char *const *, scope->input_count + 1)
	};
	int exit = inputs_from_find(cli, given);
	if (!exit)
		exit = inputs_last_find(cli, plan, given);
	if (exit)
		return exit;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		good &= sources[i](cli, scope, given);
	for (size_t i = 0; i < scope->input_count; i++)
		good &= take_rest(cli, scope, i, planning, given);
	return good ? 0 : EXIT_USAGE;
}

/* ---- what is asked for --------------------------------------------------------------------- */

/* Until it is an answer, or none. 0, or the exit code after a complaint. */
static int ask_for(const struct cli *cli, const struct plan_scope *scope, const struct input *input,
		   struct loop *loop, struct given *given)
{
	static const struct origin origin = { prompted, "" };
	for (;;) {
		struct text text;
		switch (prompt_line(loop, input->prompt, input->secret, cli->arena, &text)) {
		case PROMPT_LINE:
			if (take(cli, scope, input, text, &origin, given))
				return 0;
			break;
		case PROMPT_NOTHING:
			complain_missing(cli, input);
			return EXIT_USAGE;
		case PROMPT_CANCELLED:
			cli_complain(cli, NULL, "cancelled: nothing was started");
			return EXIT_CANCELLED;
		}
	}
}

static bool is_asked_for(const struct given *given, size_t index)
{
	return given->sources[index] == prompted;
}

bool inputs_are_asked_for(const struct plan *plan, const struct given *given)
{
	for (size_t i = 0; i < plan->scopes[0]->input_count; i++)
		if (is_asked_for(given, i))
			return true;
	return false;
}

int inputs_ask(const struct cli *cli, const struct plan *plan, struct loop *loop,
	       struct given *given)
{
	const struct plan_scope *scope = plan->scopes[0];
	int exit = 0;
	for (size_t i = 0; i < scope->input_count && !exit; i++)
		if (is_asked_for(given, i))
			exit = ask_for(cli, scope, &scope->inputs[i], loop, given);
	return exit;
}
