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

/* One of those that the document declares; where it declares none, any or none at all. 0, or the
 * exit code after a complaint. */
static int declared_reason(struct cli *cli, const struct past_run *past, const char **reason)
{
	const struct plan_rollback *rollback = &past->plan->rollback;
	const char **names = arena_array(cli->arena, const char *, rollback->condition_count + 1);
	const struct strings reasons = { .at = names, .count = rollback->condition_count };
	*reason = cli->reason ? cli->reason : "by hand";
	for (size_t i = 0; i < reasons.count; i++) {
		names[i] = rollback->conditions[i].reason;
		if (strcmp(*reason, names[i]) == 0)
			return 0;
	}
	if (reasons.count == 0)
		return 0;
	if (!cli->reason)
		return cli_complain(cli, cli_hint_names(cli, "reasons", NULL, &reasons),
				    "'rollback' needs one of the runbook's reasons: --reason "
				    "REASON");
	return cli_complain(cli, cli_hint_names(cli, "reasons", cli->reason, &reasons),
			    "the runbook has no reason '%s' for a rollback", cli->reason);
}

int command_rollback(struct cli *cli)
{
	struct past_run past;
	struct run_again again = { .back = true,
				   .done = cli->done,
				   .rerun = cli->rerun,
				   .note = cli->note,
				   .accept = cli->accept_changes };
	int exit = past_run_find(cli, &past);
	if (exit)
		return exit;
	if (past.opening)
		return past_run_refuse_empty(cli, &past, journal_is_held(&past.folder));
	const char *id = past.folder.short_id;
	if (strcmp(past.status, "rolled_back") == 0)
		return cli_complain(cli, arena_format(cli->arena, "See: runbook show %s", id),
				    "run %s has been rolled back already", id),
		       EXIT_REFUSED;
	exit = past_run_plan(cli, &past);
	if (!exit)
		exit = past.rolling_back ? same_reason(cli, &past)
					 : declared_reason(cli, &past, &again.reason);
	return exit ? exit : past_run_go_on(cli, &past, &again);
}
