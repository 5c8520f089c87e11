/* check and plan: what can be said before anything runs. */

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"
#include "run/run.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .yaml and .yml files of a folder and those below it, in order of name. */
static void folder_documents(struct cli *cli, const char *folder, struct strings_list *files,
			     int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *path = strcmp(folder, ".") == 0
					   ? arena_string(cli->arena, entry->d_name)
					   : file_join(folder, entry->d_name, cli->arena);
		struct text name = text_of(entry->d_name);
		struct stat stat;
		if (entry->d_name[0] == '.' || lstat(path, &stat) != 0)
			continue;
		if (S_ISDIR(stat.st_mode) && depth < 8)
			folder_documents(cli, path, files, depth + 1);
		else if (S_ISREG(stat.st_mode) &&
			 (text_ends(name, ".yaml") || text_ends(name, ".yml")))
			*list_add(files, cli->arena) = path;
	}
	closedir(dir);
}

/* Other YAML files may lie beside: a document says in its first line what it is. */
const char *document_kind(const char *path, struct arena *arena)
{
	static const char *const kinds[] = { "runbook", "library", "fragment" };
	struct text text;
	if (file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, arena, &text) != 0)
		return NULL;
	for (size_t from = 0; from < text.len;) {
		size_t end = text_find(text, TEXT("\n"), from);
		struct text line = text_slice(text, from, end);
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			if (text_starts(line, kinds[i]) &&
			    text_starts(text_slice(line, strlen(kinds[i]), line.len), ":"))
				return kinds[i];
		if (end == SIZE_MAX || (line.len && line.ptr[0] != '#' && line.ptr[0] != '\r'))
			return NULL;
		from = end + 1;
	}
	return NULL;
}

void cli_documents(struct cli *cli, const char *path, struct strings_list *files)
{
	struct stat stat_of;
	size_t from = files->count;
	if (stat(path, &stat_of) != 0 || !S_ISDIR(stat_of.st_mode)) {
		*list_add(files, cli->arena) = path;
		return;
	}
	struct strings_list found = { 0 };
	folder_documents(cli, path, &found, 0);
	for (size_t i = 0; i < found.count; i++)
		if (document_kind(found.at[i], cli->arena))
			*list_add(files, cli->arena) = found.at[i];
	if (files->count > from)
		qsort(files->at + from, files->count - from, sizeof(*files->at), by_name);
}

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
