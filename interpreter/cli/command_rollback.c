/* rollback RUN: with the documents and captured values of that run. */

#include "cli/again.h"

int command_rollback(struct cli *cli)
{
	struct past_run past;
	struct run_again again = {
		.reason = cli->reason, .done = cli->done, .rerun = cli->rerun, .note = cli->note
	};
	if (!cli->reason)
		return cli_complain(cli, "It is recorded: --reason REASON",
				    "'rollback' needs a reason");
	int exit = past_run_find(cli, &past);
	if (exit)
		return exit;
	const char *id = past.folder.short_id;
	if (past.rolled_back && !past.closed)
		return cli_complain(
			       cli, arena_format(cli->arena, "See: runbook resume %s", id),
			       "the rollback of run %s has begun, and no end of it is recorded",
			       id),
		       EXIT_REFUSED;
	if (past.rolled_back)
		return cli_complain(cli, arena_format(cli->arena, "See: runbook show %s", id),
				    "run %s has been rolled back already", id),
		       EXIT_REFUSED;
	return past_run_go_on(cli, &past, &again);
}
