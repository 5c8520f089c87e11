/* resume [RUN]: goes on with a run that was killed, that failed or that waits. */

#include <string.h>

#include "cli/again.h"

/* How the runs ended of which nothing is left to do. */
static int nothing_left(const struct cli *cli, const struct past_run *past)
{
	const char *id = past->folder.short_id;
	if (strcmp(past->status, "rolled_back") == 0)
		return cli_complain(cli,
				    "Begin a new run: what a rolled back one had done is undone.",
				    "run %s was rolled back", id),
		       EXIT_REFUSED;
	cli_out(text_of(
		arena_format(cli->arena, "run %s has ended well: nothing is left to do\n", id)));
	return EXIT_DONE;
}

int command_resume(struct cli *cli)
{
	struct past_run past;
	const struct run_again again = { .done = cli->done,
					 .rerun = cli->rerun,
					 .abort = cli->abort,
					 .note = cli->note,
					 .accept = cli->accept_changes };
	int exit = past_run_find(cli, &past);
	if (exit)
		return exit;
	if (strcmp(past.status, "succeeded") == 0 || strcmp(past.status, "rolled_back") == 0)
		return nothing_left(cli, &past);
	return past_run_go_on(cli, &past, &again);
}
