/* check and plan: what can be said before anything runs. */
#include "cli/cli.h"
#include "run/run.h"

int command_check(struct cli *cli)
{
	struct strings_list files = { 0 };
	bool silent = cli->quiet || cli->progress == PROGRESS_JSON;
	int exit = EXIT_DONE;
	for (size_t i = 0; i < cli->operands.count; i++)
		cli_documents(cli, cli->operands.at[i], &files);
	if (cli->operands.count == 0)
		cli_documents(cli, ".", &files);
	if (files.count == 0)
		return cli_complain(cli, NULL, "'%s' holds no documents",
				    cli->operands.count ? cli->operands.at[0] : ".");
	for (size_t i = 0; i < files.count; i++) {
		struct diags diags;
		const struct plan *plan = cli_plan(cli, files.at[i], &plan_reader_disk, &diags);
		if (!plan)
			exit = EXIT_USAGE;
		else if (!silent)
			cli_out(text_of(arena_format(cli->arena, "%s: ok, %zu step%s\n",
						     files.at[i], plan->step_count,
						     plan->step_count == 1 ? "" : "s")));
	}
	return exit;
}

/* A plan is often made where it will not run: a program that is missing is only told. */
static void tell_missing(const struct cli *cli, const struct plan *plan)
{
	const char *const *missing = run_missing_programs(plan, cli->arena);
	for (; *missing; missing++)
		cli_complain(cli, "A run would refuse: install it there, or mend PATH.",
			     "warning: program '%s' is required and not on PATH here", *missing);
}

int command_plan(struct cli *cli)
{
	struct diags diags;
	struct given given;
	struct buffer out;
	const struct plan *plan = cli_plan(cli, cli->operands.at[0], &plan_reader_disk, &diags);
	if (!plan || !cli_inputs(cli, plan, true, &given))
		return EXIT_USAGE;
	buffer_init(&out, cli->arena);
	diags_init(&diags, cli->arena);
	forecast_print(&out, foresee(plan, given.values, cli->arena, &diags));
	cli_out(buffer_text(&out));
	cli_print_diags(cli, &diags);
	tell_missing(cli, plan);
	return diags.errors ? EXIT_USAGE : EXIT_DONE;
}
