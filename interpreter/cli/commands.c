/* The commands: one table. */

#include <string.h>

#include "cli/cli.h"

const struct command cli_commands[] = {
	{ "run", "FILE", 1, 1, "Check, plan and execute a runbook.", FOR_RUN, command_run },
	{ "check", "[PATH...]", 0, SIZE_MAX, "Find every mistake in documents; runs nothing.", 0,
	  command_check },
	{ "plan", "FILE", 1, 1, "Say what would run, with values; runs nothing.", FOR_PLAN,
	  command_plan },
	{ "resume", "[RUN]", 0, 1, "Go on with a run that was killed, failed or waits.", FOR_RESUME,
	  command_resume },
	{ "rollback", "[RUN]", 0, 1, "Roll back a run that has ended, and verify it.", FOR_ROLLBACK,
	  command_rollback },
	{ "status", "", 0, 0, "The runs that are going on, wait or were killed.", 0,
	  command_status },
	{ "history", "[FILE]", 0, 1, "The runs, newest first.", FOR_HISTORY, command_history },
	{ "show", "RUN [STEP]", 1, 2, "One run, or one step of it with its log.", 0, command_show },
	{ "list", "[DIR]", 0, 1, "The documents of a folder with their last run.", 0,
	  command_list },
	{ "explain", "WORD", 1, 1,
	  "A code, verb, key, function; or verbs, functions, exit-codes, std, std/NAME.", 0,
	  command_explain },
	{ "eval", "EXPR", 1, 1, "The value of an expression as JSON, for trying it.", FOR_EVAL,
	  command_eval },
	{ "version", "", 0, 0, "The version of the program.", FOR_VERSION, command_version },
	{ "help", "[COMMAND]", 0, 1, "This text, or that of a command.", 0, command_help },
	{ NULL, NULL, 0, 0, NULL, 0, NULL },
};

const struct command *command_find(const struct cli *cli, const char *word)
{
	const char *names[CLI_MAX_COMMANDS];
	size_t count = 0;
	for (const struct command *command = cli_commands; command->name; command++) {
		if (strcmp(command->name, word) == 0)
			return command;
		names[count++] = command->name;
	}
	const char *near = text_nearest(text_of(word), names, count);
	cli_complain(cli,
		     near ? arena_format(cli->arena, "did you mean '%s'?", near)
			  : "See: runbook help",
		     "unknown command '%s'", word);
	return NULL;
}

static const char *usage(const struct cli *cli)
{
	const struct command *command = cli->command;
	return arena_format(cli->arena, "Usage: runbook %s [OPTION]...%s%s", command->name,
			    *command->usage ? " " : "", command->usage);
}

bool command_check_operands(const struct cli *cli)
{
	const struct command *command = cli->command;
	size_t count = cli->operands.count;
	if (count < command->least)
		cli_complain(cli, usage(cli), "'%s' needs %s", command->name, command->usage);
	else if (count > command->most)
		cli_complain(cli, usage(cli), "'%s' does not take '%s'", command->name,
			     cli->operands.at[command->most]);
	return count >= command->least && count <= command->most;
}
