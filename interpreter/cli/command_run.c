/* run: check, plan, execute, journal. */

#include "cli/cli.h"
#include "run/run.h"

int command_run(struct cli *cli)
{
	struct diags diags;
	struct session session;
	struct run_setup setup;
	struct run_refusal refusal;
	if (cli->dry_run)
		return command_plan(cli);
	const struct plan *plan = cli_plan(cli, cli->operands.at[0], &plan_reader_disk, &diags);
	if (!plan)
		return EXIT_USAGE;
	if (plan->step_count == 0 || plan->sections[SECTION_STEPS] == PLAN_NONE) {
		bool empty = plan->sections[SECTION_VERIFY] == PLAN_NONE &&
			     plan->sections[SECTION_PRECONDITIONS] == PLAN_NONE;
		if (empty)
			return cli_complain(cli, NULL, "'%s' is no runbook: nothing in it can run",
					    cli->operands.at[0]);
	}
	plan = cli_select(cli, plan);
	if (!plan)
		return EXIT_USAGE;
	int exit = session_open(&session, cli, plan);
	if (!exit)
		exit = session_ask(&session);
	if (exit)
		return exit;
	session_setup(&session, &setup);
	setup.revision = cli_revision(cli->operands.at[0], cli->arena);
	struct engine *engine = run_open(&setup, &refusal);
	if (!engine)
		return session_refused(&session, refusal.exit, refusal.message, refusal.hint);
	return session_run(&session, engine);
}
