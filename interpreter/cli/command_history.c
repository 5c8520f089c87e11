/* history and list: the past, and what there is. */

#include <string.h>

#include "base/file.h"
#include "cli/cli.h"

/* One run, as its journal tells it. */
struct past {
	const char *id, *name, *path, *status, *user;
	int64_t wall, ms;
	int64_t exit;
};

struct reading {
	struct past *past;
	struct arena *arena;
};

static bool read_event(const struct event *event, void *data)
{
	struct reading *reading = data;
	struct past *past = reading->past;
	past->ms = event->ms;
	if (event->type == EVENT_RUN_OPENED) {
		past->wall = event->wall;
		past->name = event_text(event, "name", reading->arena);
		past->path = event_text(event, "path", reading->arena);
		past->user = value_field_text(event_get(event, "actor"), "user", reading->arena);
	} else if (event->type == EVENT_RUN_CLOSED) {
		past->status = event_text(event, "status", reading->arena);
		past->exit = event_int(event, "exit", -1);
	} else if (event->type == EVENT_ROLLBACK_OPENED) {
		past->status = NULL;
	}
	return true;
}

static bool past_read(struct cli *cli, struct store *store, const char *id, struct past *past)
{
	struct run_folder folder;
	struct store_error error;
	struct reading reading = { past, cli->arena };
	*past = (struct past){ .id = id, .exit = -1 };
	if (!store_find(store, id, &folder, &error))
		return false;
	past->id = folder.short_id;
	if (journal_read(&folder, cli->arena, read_event, &reading, &error) == JOURNAL_DAMAGED)
		past->status = "damaged";
	else if (!past->status)
		past->status = "unfinished";
	return past->name != NULL;
}

static void put_past(struct cli *cli, struct buffer *out, const struct past *past)
{
	buffer_printf(out, "%-5s %-20s %-16s %8s  %-10s ", past->id,
		      clock_local(past->wall, cli->arena), past->status,
		      clock_span(past->ms * NS_PER_MS, cli->arena), past->user);
	text_neutralise(out, text_of(past->name), false);
	buffer_putc(out, '\n');
}

int command_history(struct cli *cli)
{
	struct store store;
	struct store_error error;
	const char *const *ids;
	struct buffer out;
	size_t count;
	const char *only = cli->operands.count ? file_real(cli->operands.at[0], cli->arena) : NULL;
	if (cli->operands.count && !only)
		return cli_complain(cli, NULL, "'%s' does not exist", cli->operands.at[0]);
	int exit = cli_store(cli, &store);
	if (exit)
		return exit;
	if (!store_list(&store, &ids, &count, &error)) {
		cli_complain(cli, error.hint, "%s", error.message);
		return EXIT_STORE;
	}
	buffer_init(&out, cli->arena);
	for (size_t i = 0; i < count; i++) {
		struct past past;
		if (past_read(cli, &store, ids[i], &past) &&
		    (!only || strcmp(only, past.path) == 0))
			put_past(cli, &out, &past);
	}
	if (out.len == 0)
		buffer_puts(&out, "no runs\n");
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}

/* ---- list ---------------------------------------------------------------------------------- */

static void put_document(struct cli *cli, struct store *store, const char *path, struct buffer *out)
{
	struct diags diags;
	const char *const *ids;
	struct store_error error;
	struct past past;
	size_t count = 0;
	const char *real = file_real(path, cli->arena), *last = "never run";
	diags_init(&diags, cli->arena);
	const struct plan *plan = plan_make(path, &plan_reader_disk, cli->arena, &diags);
	buffer_printf(out, "%-32s ", path);
	if (!plan) {
		buffer_printf(out, "%u error%s: runbook check %s\n", diags.errors,
			      diags.errors == 1 ? "" : "s", path);
		return;
	}
	if (store && store_list(store, &ids, &count, &error))
		for (size_t i = 0; i < count; i++)
			if (past_read(cli, store, ids[i], &past) && real &&
			    strcmp(real, past.path) == 0) {
				last = arena_format(cli->arena, "%s %s (%s)", past.status,
						    clock_local(past.wall, cli->arena), past.id);
				break;
			}
	buffer_printf(out, "%-30s %-14s %3zu steps   %s\n", plan->title ? plan->title : "",
		      plan->owner ? plan->owner : "", plan->step_count, last);
}

int command_list(struct cli *cli)
{
	struct strings_list files = { 0 };
	struct store store;
	struct buffer out;
	cli_documents(cli, cli->operands.count ? cli->operands.at[0] : ".", &files);
	int exit = cli_store(cli, &store);
	if (exit)
		return exit;
	buffer_init(&out, cli->arena);
	for (size_t i = 0; i < files.count; i++)
		put_document(cli, &store, files.at[i], &out);
	if (out.len == 0)
		buffer_puts(&out, "no documents\n");
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
