/* runbook: from the words of the command line to a command. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "io/io.h"

/* ---- options ------------------------------------------------------------------------------- */

static const struct option_row *option_find(const struct cli *cli, const char *word, size_t len)
{
	for (const struct option_row *row = cli_options; row->name; row++) {
		bool takes = row->commands == FOR_ALL ||
			     (cli->command && (row->commands & cli->command->options));
		bool named = len == 1 ? row->letter == word[0]
				      : strlen(row->name) == len &&
						strncmp(row->name, word, len) == 0;
		if (takes && named)
			return row;
	}
	return NULL;
}

static int option_unknown(struct cli *cli, const char *word)
{
	const char *names[32];
	size_t count = 0;
	for (const struct option_row *row = cli_options; row->name && count < 32; row++)
		if (row->commands == FOR_ALL ||
		    (cli->command && (row->commands & cli->command->options)))
			names[count++] = row->name;
	struct text bare = text_of(word);
	while (bare.len && bare.ptr[0] == '-')
		bare = text_slice(bare, 1, bare.len);
	const char *near = text_nearest(text_slice(bare, 0, text_find(bare, TEXT("="), 0)), names,
					count);
	return cli_complain(cli,
			    near ? arena_format(cli->arena, "Did you mean '--%s'?", near)
				 : "Its options are told by 'runbook help COMMAND'.",
			    "unknown option '%s'", word);
}

static void option_set(struct cli *cli, const struct option_row *row, const char *argument)
{
	char *member = (char *)cli + row->offset;
	if (row->kind == OPTION_FLAG)
		*(bool *)(void *)member = true;
	else if (row->kind == OPTION_TEXT)
		*(const char **)(void *)member = argument;
	else
		*list_add((struct strings_list *)(void *)member, cli->arena) = argument;
}

/* Gives how many words it took, or 0 after a complaint. */
static int option_read(struct cli *cli, const char *const *words)
{
	const char *word = words[0];
	bool is_long = word[1] == '-';
	const char *name = word + (is_long ? 2 : 1);
	const char *equals = is_long ? strchr(name, '=') : NULL;
	size_t len = is_long ? (equals ? (size_t)(equals - name) : strlen(name)) : 1;
	const struct option_row *row = option_find(cli, name, len);
	if (!row || (!is_long && row->kind == OPTION_FLAG && name[1])) {
		option_unknown(cli, word);
		return 0;
	}
	const char *argument = equals ? equals + 1 : !is_long && name[1] ? name + 1 : NULL;
	if (row->kind == OPTION_FLAG) {
		option_set(cli, row, NULL);
		return 1;
	}
	if (!argument && !words[1]) {
		cli_complain(cli, NULL, "option '--%s' needs %s", row->name, row->argument);
		return 0;
	}
	option_set(cli, row, argument ? argument : words[1]);
	return argument ? 1 : 2;
}

static int command_unknown(struct cli *cli, const char *word)
{
	const char *names[32];
	size_t count = 0;
	for (const struct command *command = cli_commands; command->name; command++)
		names[count++] = command->name;
	const char *near = text_nearest(text_of(word), names, count);
	return cli_complain(cli,
			    near ? arena_format(cli->arena, "Did you mean '%s'?", near)
				 : "The commands are told by 'runbook help'.",
			    "unknown command '%s'", word);
}

static const struct command *command_find(const char *word)
{
	for (const struct command *command = cli_commands; command->name; command++)
		if (strcmp(command->name, word) == 0)
			return command;
	return NULL;
}

/* The command is the first word that is no option; options may stand before and after it. */
static bool words_read(struct cli *cli)
{
	bool options = true;
	for (const char *const *word = cli->words + 1; *word && !cli->command; word++)
		if ((*word)[0] != '-')
			cli->command = command_find(*word);
	for (const char *const *word = cli->words + 1; *word;) {
		if (options && strcmp(*word, "--") == 0) {
			options = false;
			word++;
		} else if (options && (*word)[0] == '-' && (*word)[1]) {
			int took = option_read(cli, word);
			if (!took)
				return false;
			word += took;
		} else {
			*list_add(&cli->operands, cli->arena) = *word++;
		}
	}
	return true;
}

/* ---- surroundings -------------------------------------------------------------------------- */

static void from_environment(const char **member, const char *variable)
{
	const char *value = getenv(variable);
	if (!*member && value && *value)
		*member = value;
}

static bool is_any(const char *word, const char *const *choices)
{
	for (; *choices; choices++)
		if (strcmp(word, *choices) == 0)
			return true;
	return false;
}

static int surroundings_read(struct cli *cli)
{
	static const char *const progress[] = { "auto", "tty", "plain", "json", "quiet", NULL };
	static const char *const color[] = { "auto", "always", "never", NULL };
	from_environment(&cli->state, "RUNBOOK_STATE");
	from_environment(&cli->progress, "RUNBOOK_PROGRESS");
	from_environment(&cli->color, "RUNBOOK_COLOR");
	if (!cli->progress)
		cli->progress = "auto";
	if (!cli->color)
		cli->color = "auto";
	if (!is_any(cli->progress, progress))
		return cli_complain(cli, "It is auto, plain, json or quiet.",
				    "unknown progress '%s'", cli->progress);
	if (!is_any(cli->color, color))
		return cli_complain(cli, "It is auto, always or never.", "unknown color '%s'",
				    cli->color);
	if (cli->folder && chdir(cli->folder) != 0)
		return cli_complain(cli, NULL, "cannot go to '%s': %s", cli->folder,
				    strerror(errno));
	char cwd[4096];
	if (!getcwd(cwd, sizeof(cwd)))
		return cli_complain(cli, "Go to a folder that exists.",
				    "the current folder is gone: %s", strerror(errno));
	cli->cwd = arena_string(cli->arena, cwd);
	return 0;
}

static bool asks_help(struct cli *cli)
{
	for (const char *const *word = cli->words + 1; *word; word++)
		if (strcmp(*word, "--help") == 0 || strcmp(*word, "-h") == 0)
			return true;
	return false;
}

static int cli_main(struct cli *cli)
{
	if (asks_help(cli)) {
		for (const char *const *word = cli->words + 1; *word; word++)
			if ((*word)[0] != '-')
				*list_add(&cli->operands, cli->arena) = *word;
		*list_add(&cli->operands, cli->arena) = NULL;
		for (size_t i = cli->operands.count - 1; i > 0; i--)
			cli->operands.at[i] = cli->operands.at[i - 1];
		cli->operands.at[0] = "help";
		return command_help(cli);
	}
	if (cli->words[1] && strcmp(cli->words[1], "--version") == 0)
		return command_version(cli);
	if (!words_read(cli))
		return EXIT_USAGE;
	if (cli->operands.count == 0)
		return command_help(cli);
	if (!cli->command || strcmp(cli->operands.at[0], cli->command->name) != 0)
		return command_unknown(cli, cli->operands.at[0]);
	int exit = surroundings_read(cli);
	return exit ? exit : cli->command->run(cli);
}

int main(int argc, char **argv)
{
	struct arena arena;
	arena_init(&arena);
	struct cli cli = { .arena = &arena };
	if (argc == 2 && strcmp(argv[1], "--worker") == 0)
		return worker_serve(worker_services);
	const char **words = arena_array(&arena, const char *, (size_t)argc + 1);
	for (int i = 0; i < argc; i++)
		words[i] = argv[i];
	cli.words = words;
	int exit = cli_main(&cli);
	arena_done(&arena);
	return exit;
}
