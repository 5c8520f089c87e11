/* The commands: one table. */

#include "cli/cli.h"

const struct command cli_commands[] = {
	{ "run", "FILE", "Check, plan and execute a runbook.", FOR_RUN, command_run },
	{ "check", "FILE...", "Find every mistake in documents; runs nothing.", 0, command_check },
	{ "plan", "FILE", "Say what would run, with values; runs nothing.", FOR_PLAN,
	  command_plan },
	{ "rollback", "RUN", "Roll back a run that has ended, and verify it.", FOR_ROLLBACK,
	  command_rollback },
	{ "history", "[FILE]", "The runs, newest first.", 0, command_history },
	{ "show", "RUN [STEP]", "One run, or one step of it with its log.", 0, command_show },
	{ "list", "[DIR]", "The documents of a folder with their last run.", 0, command_list },
	{ "explain", "CODE|VERB|KEY|std/NAME", "The long text of a code, a verb, a key, a library.",
	  0, command_explain },
	{ "version", "", "The version of the program.", 0, command_version },
	{ "help", "[COMMAND]", "This text, or that of a command.", 0, command_help },
	{ NULL, NULL, NULL, 0, NULL },
};
