/* The options of all commands: one table. */

#include <stddef.h>

#include "cli/cli.h"

#define OPTION(name, letter, kind, member, argument, doc, commands) \
	{ \
		name, letter, kind, offsetof(struct cli, member), argument, doc, commands \
	}

const struct option_row cli_options[] = {
	OPTION("set", 's', OPTION_LIST, set, "NAME=VALUE",
	       "Value of an input; lists and maps as JSON.", FOR_RUN | FOR_PLAN | FOR_ROLLBACK),
	OPTION("inputs", 0, OPTION_LIST, inputs, "FILE", "YAML map of inputs.",
	       FOR_RUN | FOR_PLAN | FOR_ROLLBACK),
	OPTION("secret", 0, OPTION_LIST, secret, "NAME=SOURCE",
	       "Value of a secret input from env:VARIABLE, file:PATH or cmd:COMMAND.",
	       FOR_RUN | FOR_PLAN | FOR_ROLLBACK),
	OPTION("approve", 0, OPTION_LIST, approve, "ID", "Opens one gate by its id.",
	       FOR_RUN | FOR_ROLLBACK),
	OPTION("reason", 0, OPTION_TEXT, reason, "REASON", "Why the run is rolled back.",
	       FOR_ROLLBACK),
	OPTION("dry-run", 0, OPTION_FLAG, dry_run, NULL,
	       "Only says what would run, as 'plan' does.", FOR_RUN),
	OPTION("state", 0, OPTION_TEXT, state, "DIR",
	       "Folder of the runs' records ($RUNBOOK_STATE).", FOR_ALL),
	OPTION("progress", 0, OPTION_TEXT, progress, "FORM",
	       "auto, plain, json or quiet ($RUNBOOK_PROGRESS).", FOR_ALL),
	OPTION("color", 0, OPTION_TEXT, color, "WHEN", "auto, always or never ($RUNBOOK_COLOR).",
	       FOR_ALL),
	OPTION("no-input", 0, OPTION_FLAG, no_input, NULL,
	       "Asks nothing: an unopened gate parks the run.", FOR_ALL),
	OPTION("directory", 'C', OPTION_TEXT, folder, "DIR", "Works as if started in DIR.",
	       FOR_ALL),
	OPTION("quiet", 'q', OPTION_FLAG, quiet, NULL, "Failures and the end only.", FOR_ALL),
	OPTION("verbose", 'v', OPTION_FLAG, verbose, NULL,
	       "Output of steps, and the steps within library steps.", FOR_ALL),
	{ 0 },
};
