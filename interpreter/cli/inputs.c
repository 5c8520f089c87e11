/* Where the inputs of a run come from; the first that gives one wins. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
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

static bool unknown_input(const struct cli *cli, const struct plan_scope *scope, const char *name)
{
	const char **names = arena_array(cli->arena, const char *, scope->input_count + 1);
	struct buffer list;
	buffer_init(&list, cli->arena);
	for (size_t i = 0; i < scope->input_count; i++) {
		names[i] = scope->inputs[i].name;
		buffer_printf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	const char *near = text_nearest(text_of(name), names, scope->input_count);
	cli_complain(cli,
		     near ? arena_format(cli->arena, "Did you mean '%s'?", near)
		     : scope->input_count
			     ? arena_format(cli->arena, "Its inputs are: %s.", buffer_string(&list))
			     : "It has no inputs.",
		     "the runbook has no input '%s'", name);
	return false;
}

static bool rolls_back(const struct cli *cli)
{
	return value_is(cli->values_again, VALUE_MAP);
}

/* A run is given the inputs of the runbook, a rollback those of the rollback; secrets, which were
 * kept nowhere, are given to both. */
static bool may_be_given(const struct cli *cli, const struct input *input)
{
	if (input->rollback == rolls_back(cli) || input->secret)
		return true;
	if (input->rollback)
		cli_complain(cli,
			     arena_format(cli->arena,
					  "Give it then: runbook rollback RUN --set %s=...",
					  input->name),
			     "input '%s' is given to a rollback, not to a run", input->name);
	else
		cli_complain(cli,
			     "A rollback takes the values of the run; rollback.inputs are its own.",
			     "input '%s' was given to the run", input->name);
	return false;
}

static const struct input *find(const struct cli *cli, const struct plan_scope *scope,
				const char *name)
{
	for (size_t i = 0; i < scope->input_count; i++)
		if (strcmp(scope->inputs[i].name, name) == 0)
			return may_be_given(cli, &scope->inputs[i]) ? &scope->inputs[i] : NULL;
	unknown_input(cli, scope, name);
	return NULL;
}

static bool wrong(const struct cli *cli, const struct input *input, struct value value)
{
	cli_complain(cli, input->hint ? input->hint : value.error->hint, "input '%s' %s",
		     input->name, value.error->message);
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
		 struct text text, const char *source, struct given *given)
{
	size_t index = (size_t)(input - scope->inputs);
	if (!operators_path(cli, input, &text))
		return false;
	struct value value = input_from_text(input, text, cli->arena);
	if (value_is(value, VALUE_ERROR))
		return wrong(cli, input, value);
	given->values[index] = value_mark(value,
					  VALUE_OUTSIDE | (input->secret ? VALUE_SECRET : 0));
	given->sources[index] = source;
	return true;
}

/* ---- --set and --inputs -------------------------------------------------------------------- */

static bool take_set(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	for (size_t i = 0; i < cli->set.count; i++) {
		const char *text;
		const char *name = split(cli, cli->set.at[i], "set", &text);
		const struct input *input = name ? find(cli, scope, name) : NULL;
		if (!input)
			return false;
		if (input->secret) {
			cli_complain(cli,
				     arena_format(cli->arena,
						  "Use --secret %s=env:VARIABLE or file:PATH: what "
						  "stands on a "
						  "command line is seen by 'ps'.",
						  name),
				     "input '%s' is a secret", name);
			return false;
		}
		if (!take(cli, scope, input, text_of(text), "flag", given))
			return false;
	}
	return true;
}

static bool take_entry(const struct cli *cli, const struct plan_scope *scope,
		       const struct entry *entry, struct diags *diags, struct given *given)
{
	const struct input *input = find(cli, scope, entry->key.text.ptr);
	struct expr_options none = { 0 };
	struct expr_scope empty = { 0 };
	if (!input)
		return false;
	size_t index = (size_t)(input - scope->inputs);
	if (given->sources[index])
		return true; /* --set wins */
	if (entry->value.kind == NODE_SCALAR)
		return take(cli, scope, input, entry->value.text, "file", given);
	const struct field_value *read = field_value_read(&entry->value, &none, cli->arena, diags);
	if (!read)
		return false;
	struct value value = input_from_value(
		input, field_value_eval(read, &empty, cli->arena, NULL), cli->arena);
	if (value_is(value, VALUE_ERROR))
		return wrong(cli, input, value);
	given->values[index] = value_mark(value, VALUE_OUTSIDE);
	given->sources[index] = "file";
	return true;
}

static bool take_file(const struct cli *cli, const struct plan_scope *scope, const char *path,
		      struct given *given)
{
	struct diags diags;
	struct node root;
	diags_init(&diags, cli->arena);
	const struct source *source = source_load(
		&(struct source_file){ .name = path, .path = path }, cli->arena, &diags);
	bool good = source && yaml_read(source, cli->arena, &root, &diags);
	if (good && root.kind != NODE_MAP) {
		cli_complain(cli, NULL, "'%s' is not a map of inputs", path);
		good = false;
	}
	for (uint32_t i = 0; good && i < root.count; i++)
		good = take_entry(cli, scope, &root.entries[i], &diags, given);
	cli_print_diags(cli, &diags);
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
		if (!take(cli, scope, &scope->inputs[i], text, "command", given))
			return false;
	}
	return true;
}

static bool take_secrets(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	for (size_t i = 0; i < cli->secret.count; i++) {
		const char *from;
		const char *const *command;
		struct text text;
		const char *name = split(cli, cli->secret.at[i], "secret", &from);
		const struct input *input = name ? find(cli, scope, name) : NULL;
		if (!input)
			return false;
		if (!input->secret) {
			cli_complain(cli, "Use --set.", "input '%s' is not a secret", name);
			return false;
		}
		if (!secret_read(cli, name, from, &text, &command))
			return false;
		if (command)
			leave(cli, scope, input, command, given);
		else if (!take(cli, scope, input, text, from[0] == 'e' ? "env" : "file", given))
			return false;
	}
	return true;
}

/* ---- what nobody gave ---------------------------------------------------------------------- */

static bool prompt(const struct cli *cli, const struct input *input, struct text *text)
{
	char *line = NULL;
	size_t cap = 0;
	if (!input->prompt || input->secret || !cli_interactive(cli))
		return false;
	fprintf(stderr, "%s: ", input->prompt);
	ssize_t len = getline(&line, &cap, stdin);
	if (len > 0 && line[len - 1] == '\n')
		len--;
	*text = len > 0 ? (struct text){ arena_copy(cli->arena, line, (size_t)len), (size_t)len }
			: (struct text){ 0 };
	free(line);
	return text->len > 0;
}

static bool not_given(const struct cli *cli, const struct input *input, size_t index,
		      struct given *given)
{
	given->sources[index] = "not given";
	given->values[index] = value_unknown(arena_format(cli->arena, "inputs.%s: %s, not given",
							  input->name,
							  input_type_names[input->type]),
					     cli->arena);
	return true;
}

static bool take_rest(const struct cli *cli, const struct plan_scope *scope, size_t index,
		      bool planning, struct given *given)
{
	const struct input *input = &scope->inputs[index];
	const char *variable = input->env ? getenv(input->env) : NULL;
	struct text text;
	if (given->sources[index])
		return true;
	if (rolls_back(cli) && !input->rollback && !input->secret)
		return not_given(cli, input, index, given); /* the record has it */
	if (variable && *variable)
		return take(cli, scope, input, text_of(variable), "env", given);
	if (input->dflt) {
		given->values[index] = input->value;
		given->sources[index] = "default";
		return true;
	}
	if (planning)
		return not_given(cli, input, index, given);
	while (prompt(cli, input, &text))
		if (take(cli, scope, input, text, "prompt", given))
			return true;
	given->missing++;
	cli_complain(cli,
		     input->hint ? input->hint
		     : input->secret
			     ? arena_format(cli->arena,
					    "Give it with --secret %s=env:VARIABLE%s%s.",
					    input->name, input->env ? " or in the variable " : "",
					    input->env ? input->env : "")
			     : arena_format(cli->arena, "Give it with --set %s=...%s%s.",
					    input->name, input->env ? " or in the variable " : "",
					    input->env ? input->env : ""),
		     "input '%s' is not given%s%s", input->name, input->description ? ": " : "",
		     input->description ? input->description : "");
	return true;
}

bool cli_inputs(struct cli *cli, const struct plan *plan, bool planning, struct given *given)
{
	const struct plan_scope *scope = plan->scopes[0];
	*given = (struct given){
		.values = arena_array(cli->arena, struct value, scope->input_count + 1),
		.sources = arena_array(cli->arena, const char *, scope->input_count + 1),
		.commands = arena_array(cli->arena, const char *const *, scope->input_count + 1)
	};
	if (!take_set(cli, scope, given) || !take_secrets(cli, scope, given))
		return false;
	for (size_t i = 0; i < cli->inputs.count; i++)
		if (!take_file(cli, scope, cli->inputs.at[i], given))
			return false;
	for (size_t i = 0; i < scope->input_count; i++)
		if (!take_rest(cli, scope, i, planning, given))
			return false;
	return given->missing == 0;
}
