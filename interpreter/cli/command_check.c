/* check and plan: what can be said before anything runs. */
#include "cli/cli.h"
#include "run/run.h"

struct totals {
	size_t documents;
	unsigned errors, warnings;
};

static void totals_add(struct totals *totals, const struct diags *diags)
{
	totals->errors += diags->errors;
	totals->warnings += diags->warnings;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static bool check_one(struct cli *cli, const char *file, struct totals *totals)
{
	struct diags diags;
	const struct plan *plan = cli_plan(cli, file, &plan_reader_disk, &diags);
	totals_add(totals, &diags);
	totals->documents++;
	if (plan && !cli->quiet && cli->progress != PROGRESS_JSON)
		cli_out(text_of(arena_format(cli->arena, "%s: ok, %zu step%s\n", file,
					     plan->step_count, plural(plan->step_count))));
	return plan;
}

static void tell_totals(const struct cli *cli, const struct totals *totals)
{
	if (!cli->quiet && cli->progress != PROGRESS_JSON)
		cli_out(text_of(arena_format(
			cli->arena, "%zu document%s, %u error%s, %u warning%s\n", totals->documents,
			plural(totals->documents), totals->errors, plural(totals->errors),
			totals->warnings, plural(totals->warnings))));
}

int command_check(struct cli *cli)
{
	struct strings_list files = { 0 };
	struct totals totals = { 0 };
	struct diags diags;
	const char *first = cli->operands.count ? cli->operands.at[0] : ".";
	diags_init(&diags, cli->arena);
	cli_documents(cli, first, &files, &diags);
	for (size_t i = 1; i < cli->operands.count; i++)
		cli_documents(cli, cli->operands.at[i], &files, &diags);
	cli_print_diags(cli, &diags);
	totals_add(&totals, &diags);
	if (files.count == 0 && !diags.errors)
		return cli_complain(cli, NULL, "'%s' holds no documents", first);
	bool single = files.count == 1 && files.at[0] == first && !diags.first;
	bool good = !diags.errors;
	for (size_t i = 0; i < files.count; i++)
		good &= check_one(cli, files.at[i], &totals);
	if (!single) /* its own line has said it */
		tell_totals(cli, &totals);
	return good ? EXIT_DONE : EXIT_USAGE;
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
	plan = plan ? cli_select(cli, plan) : NULL;
	int exit = plan ? cli_inputs(cli, plan, true, &given) : EXIT_USAGE;
	if (exit)
		return exit;
	buffer_init(&out, cli->arena);
	diags_init(&diags, cli->arena);
	const struct foreknown known = { given.values, given.last, .here = false };
	forecast_print(&out, foresee(plan, &known, cli->arena, &diags));
	cli_out(buffer_text(&out));
	cli_print_diags(cli, &diags);
	tell_missing(cli, plan);
	return diags.errors ? EXIT_USAGE : EXIT_DONE;
}
