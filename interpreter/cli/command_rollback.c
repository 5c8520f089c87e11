/* rollback RUN: with the documents and captured values of that run. */

#include <string.h>

#include "cli/again.h"

/* A rollback that has begun has a reason already. 0, or the exit code after a complaint. */
static int same_reason(struct cli *cli, const struct past_run *past)
{
	const char *reason = value_field_text(past->state.rollback, "reason", cli->arena);
	if (!cli->reason || strcmp(cli->reason, reason) == 0)
		return 0;
	return cli_complain(cli, "Leave --reason out: it goes on where it stopped.",
			    "the rollback of run %s has begun for another reason, '%s'",
			    past->folder.short_id, reason);
}

int command_rollback(struct cli *cli)
{
	struct past_run past;
	struct run_again again = {
		.back = true, .done = cli->done, .rerun = cli->rerun, .note = cli->note
	};
	int exit = past_run_find(cli, &past);
	if (exit)
		return exit;
	const char *id = past.folder.short_id;
	if (strcmp(past.status, "rolled_back") == 0)
		return cli_complain(cli, arena_format(cli->arena, "See: runbook show %s", id),
				    "run %s has been rolled back already", id),
		       EXIT_REFUSED;
	if (past.rolling_back)
		exit = same_reason(cli, &past);
	else if (!cli->reason)
		exit = cli_complain(cli, "It is recorded: --reason REASON",
				    "'rollback' needs a reason");
	else
		again.reason = cli->reason;
	return exit ? exit : past_run_go_on(cli, &past, &again);
}
