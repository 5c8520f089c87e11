/* list: the documents of a folder, and how each ran last. */

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/map.h"
#include "cli/past.h"
#include "cli/table.h"
#include "report/report.h"

static const struct column columns[] = {
	{ "document", false, 44 }, { "name", false, 36 }, { "last run", false, 0 },
	{ "owner", false, 16 },    { "steps", true, 0 },
};

struct documents {
	struct arena *arena;
	struct map last; /* real path -> how it ran last */
};

static bool remember(void *data, const struct past *past)
{
	struct documents *documents = data;
	struct text path = arena_text(documents->arena, text_of(past->path));
	bool ran = strcmp(past->status, PAST_NEVER) != 0;
	if (ran && path.len && !map_get(&documents->last, path))
		map_set(&documents->last, path,
			arena_format(documents->arena, "%s %.10s (%s)",
				     past_words(past, documents->arena),
				     clock_local(past->wall, documents->arena), past->id));
	return true;
}

static const char *last_run(const struct documents *documents, const char *path)
{
	const char *real = file_real(path, documents->arena);
	const char *last = real ? map_get(&documents->last, text_of(real)) : NULL;
	return last ? last : "never";
}

static void add_document(struct cli *cli, const struct documents *documents, const char *path,
			 struct table *table)
{
	struct diags diags;
	const char *kind = document_kind(path, cli->arena);
	diags_init(&diags, cli->arena);
	const struct plan *plan = plan_make(path, &plan_reader_disk, cli->arena, &diags);
	bool runs = kind && strcmp(kind, "runbook") == 0;
	const char *broken = arena_format(cli->arena, "%u error%s (runbook check)", diags.errors,
					  diags.errors == 1 ? "" : "s");
	const char *const cells[] = {
		path,
		plan ? (plan->title ? plan->title : "") : broken,
		!plan  ? ""
		: runs ? last_run(documents, path)
		: kind ? kind
		       : "",
		plan && plan->owner ? plan->owner : "",
		plan ? arena_format(cli->arena, "%zu", plan->step_count) : "",
	};
	table_add(table, cells);
}

int command_list(struct cli *cli)
{
	struct strings_list files = { 0 };
	struct documents documents = { .arena = cli->arena };
	struct store store;
	struct stat stat_of;
	struct buffer out;
	struct diags diags;
	struct table table = { .arena = cli->arena,
			       .columns = columns,
			       .column_count = sizeof(columns) / sizeof(columns[0]) };
	const char *folder = cli->operands.count ? cli->operands.at[0] : ".";
	if (stat(folder, &stat_of) != 0)
		return cli_complain(cli, NULL, "'%s' does not exist", folder);
	diags_init(&diags, cli->arena);
	cli_documents(cli, folder, &files, &diags);
	cli_print_diags(cli, &diags);
	map_init(&documents.last, cli->arena);
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = past_each(cli, &store, remember, &documents);
	if (exit)
		return exit;
	for (size_t i = 0; i < files.count; i++)
		add_document(cli, &documents, files.at[i], &table);
	buffer_init(&out, cli->arena);
	if (files.count)
		table_print(&table, report_width(STDOUT_FILENO), &out);
	else
		buffer_puts(&out, "no documents\n");
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
