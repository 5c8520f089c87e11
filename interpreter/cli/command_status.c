/* status: the runs that are not over, newest first: what they do or wait for, and what goes on with
 * them. */

#include <string.h>
#include <unistd.h>

#include "cli/past.h"
#include "cli/table.h"
#include "report/report.h"

static const struct column columns[] = {
	{ "run", false, 0 },      { "status", false, 0 },  { "at", false, 24 },
	{ "runbook", false, 32 }, { "started", false, 0 }, { "by", false, 16 },
};

/* A run of another status has an end, whatever came of it. */
static const struct {
	const char *status;
	const char *next; /* the command that goes on with it; NULL: it goes on by itself */
	bool secrets;     /* which needs those of the run */
} open[] = {
	{ "starting", NULL, false },  { "running", NULL, false },
	{ "parked", "resume", true }, { "unfinished", "resume", true },
	{ "unsure", "resume", true }, { "damaged", "show", false },
};

struct listing {
	struct table table;
	struct buffer next; /* commands, below the table: they are never cut */
};

#define REMARK_CELLS 48

/* remark: what is decided by it; a comment, so that both can be copied. */
static void put_next(struct listing *listing, const char *command, const char *remark)
{
	struct text line = text_slice(text_of(remark), 0, strcspn(remark, "\n"));
	buffer_puts(&listing->next, listing->next.len ? "        " : "  next: ");
	text_neutralise(&listing->next, text_of(command), false);
	buffer_puts(&listing->next, line.len ? "   # " : "");
	text_neutralise(&listing->next, text_slice(line, 0, text_fit(line, REMARK_CELLS)), false);
	buffer_putc(&listing->next, '\n');
}

static bool add(void *data, const struct past *past)
{
	struct listing *listing = data;
	struct arena *arena = listing->table.arena;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		if (strcmp(past->status, open[i].status) != 0)
			continue;
		const char *const cells[] = {
			past->id,
			past_words(past, arena),
			past->at,
			past->name,
			past->wall ? clock_local(past->wall, arena) : "?",
			past->user,
		};
		table_add(&listing->table, cells);
		if (strcmp(past->status, "parked") == 0 && *past->next)
			put_next(
				listing,
				arena_format(arena, "%s%s", past->next,
					     strstr(past->next, " --secret ") ? "" : past->secrets),
				past->asked);
		else if (open[i].next)
			put_next(listing,
				 arena_format(arena, "runbook %s %s%s", open[i].next, past->id,
					      open[i].secrets ? past->secrets : ""),
				 "");
	}
	return true;
}

int command_status(struct cli *cli)
{
	struct store store;
	struct buffer out;
	struct listing listing = { .table = { .arena = cli->arena,
					      .columns = columns,
					      .column_count = sizeof(columns) /
							      sizeof(columns[0]) } };
	buffer_init(&listing.next, cli->arena);
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = past_each(cli, &store, add, &listing);
	if (exit)
		return exit;
	buffer_init(&out, cli->arena);
	if (listing.table.cells.count)
		table_print(&listing.table, report_width(STDOUT_FILENO), &out);
	else
		buffer_puts(&out, "no run is going on or waits\n");
	buffer_add(&out, buffer_text(&listing.next));
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
