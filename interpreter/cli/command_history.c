/* history: the runs, newest first. */

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/past.h"
#include "cli/prune.h"
#include "cli/table.h"
#include "report/report.h"

static const struct column columns[] = {
	{ "run", false, 0 },      { "status", false, 0 },   { "started", false, 0 },
	{ "took", true, 0 },      { "runbook", false, 40 }, { "by", false, 16 },
	{ "document", false, 0 },
};

struct listing {
	struct table table;
	const char *only; /* real path of a document, or NULL: all */
};

static bool add(void *data, const struct past *past)
{
	struct listing *listing = data;
	struct arena *arena = listing->table.arena;
	const char *const cells[] = { past->id,
				      past_words(past, arena),
				      past->wall ? clock_local(past->wall, arena) : "?",
				      clock_span(past->took * NS_PER_MS, arena),
				      past->name,
				      past->user,
				      past->document };
	if (!listing->only || strcmp(listing->only, past->path) == 0)
		table_add(&listing->table, cells);
	return true;
}

int command_history(struct cli *cli)
{
	struct store store;
	struct buffer out;
	struct listing listing = { .table = { .arena = cli->arena,
					      .columns = columns,
					      .column_count = sizeof(columns) /
							      sizeof(columns[0]) } };
	if (cli->operands.count > 0) {
		listing.only = file_real(cli->operands.at[0], cli->arena);
		if (!listing.only)
			return cli_complain(cli, NULL, "'%s' does not exist", cli->operands.at[0]);
	}
	int exit = cli_store(cli, &store);
	if (!exit && cli->prune)
		return prune(cli, &store, listing.only, (size_t)cli->prune);
	if (!exit)
		exit = past_each(cli, &store, add, &listing);
	if (exit)
		return exit;
	buffer_init(&out, cli->arena);
	if (listing.table.cells.count)
		table_print(&listing.table, report_width(STDOUT_FILENO), &out);
	else
		buffer_puts(&out, "no runs\n");
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
