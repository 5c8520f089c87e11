/* status: the runs that are not over, newest first: what they do or wait for, and what goes on with
 * them. */

#include <string.h>
#include <unistd.h>

#include "cli/past.h"
#include "cli/table.h"
#include "report/report.h"

static const struct column columns[] = {
	{ "run", false, 0 },  { "status", false, 0 },   { "at", false, 24 },
	{ "next", false, 0 }, { "runbook", false, 32 }, { "started", false, 0 },
	{ "by", false, 16 },
};

/* A run of another status has an end, whatever came of it. */
static const struct {
	const char *status;
	const char *next; /* the command that goes on with it; NULL: it goes on by itself */
} open[] = {
	{ "starting", NULL },       { "running", NULL },    { "parked", "resume" },
	{ "unfinished", "resume" }, { "unsure", "resume" }, { "damaged", "show" },
};

static bool add(void *data, const struct past *past)
{
	struct table *table = data;
	struct arena *arena = table->arena;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (strcmp(past->status, open[i].status) != 0)
			continue;
		const char *next = open[i].next ? arena_format(arena, "runbook %s %s", open[i].next,
							       past->id)
						: "";
		const char *const cells[] = {
			past->id,   past->status, past->at,
			next,       past->name,   past->wall ? clock_local(past->wall, arena) : "?",
			past->user,
		};
		table_add(table, cells);
	}
	return true;
}

int command_status(struct cli *cli)
{
	struct store store;
	struct buffer out;
	struct table table = { .arena = cli->arena,
			       .columns = columns,
			       .column_count = sizeof(columns) / sizeof(columns[0]) };
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = past_each(cli, &store, add, &table);
	if (exit)
		return exit;
	buffer_init(&out, cli->arena);
	if (table.cells.count)
		table_print(&table, report_width(STDOUT_FILENO), &out);
	else
		buffer_puts(&out, "no run is going on or waits\n");
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
