/* show: one run, or one of its steps with its log. */

#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "report/report.h"

struct replay {
	struct cli *cli;
	struct sink sink;
	struct state state;
};

static bool show_event(const struct event *event, void *data)
{
	struct replay *replay = data;
	replay->sink.event(replay->sink.data, event);
	return state_apply(&replay->state, event);
}

/* The slot of a step by its id or its path; -1: none. */
static int32_t find_step(const struct state *state, const char *word, struct arena *arena)
{
	struct value outline, slot;
	if (!value_field(state->opened, "outline", arena, &outline) ||
	    !value_is(outline, VALUE_LIST))
		return -1;
	for (size_t i = 0; i < outline.list->count; i++) {
		struct value row = outline.list->items[i];
		bool section = strcmp(value_field_text(row, "kind", arena), "section") == 0;
		if (!section &&
		    (strcmp(value_field_text(row, "id", arena), word) == 0 ||
		     strcmp(value_field_text(row, "path", arena), word) == 0) &&
		    value_field(row, "slot", arena, &slot) && value_is(slot, VALUE_INT))
			return (int32_t)slot.integer;
	}
	return -1;
}

static int show_step(struct cli *cli, struct run_folder *folder, const struct state *state,
		     const char *word)
{
	int32_t slot = find_step(state, word, cli->arena);
	struct buffer out;
	struct text text;
	if (slot < 0 || (size_t)slot >= state->step_count)
		return cli_complain(
			cli, arena_format(cli->arena, "See: runbook show %s", folder->short_id),
			"run %s has no step '%s'", folder->short_id, word);
	const struct step_state *step = &state->steps[slot];
	buffer_init(&out, cli->arena);
	buffer_printf(&out, "%s   %u attempt%s\n", step_status_name(step->status), step->attempts,
		      step->attempts == 1 ? "" : "s");
	if (value_is(step->outputs, VALUE_MAP) && step->outputs.map->count) {
		buffer_puts(&out, "outputs ");
		value_show(&out, step->outputs, 2000);
		buffer_putc(&out, '\n');
	}
	for (uint32_t attempt = 1; attempt <= step->attempts; attempt++) {
		const char *path = log_path(folder, slot, attempt, cli->arena);
		if (!path || file_read(AT_FDCWD, path, LOG_MAX + 4096, cli->arena, &text) != 0)
			continue;
		buffer_printf(&out, "--- attempt %u\n", attempt);
		text_neutralise(&out, text, true);
		if (text.len && text.ptr[text.len - 1] != '\n')
			buffer_putc(&out, '\n');
	}
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}

static void no_event(void *data, const struct event *event)
{
	(void)data;
	(void)event;
}

int command_show(struct cli *cli)
{
	struct replay replay = { .cli = cli };
	struct run_folder folder;
	struct store_error error;
	struct store store;
	struct report_options options = {
		.fd = 1, .color = cli_color(cli, 1), .verbose = cli->verbose, .quiet = cli->quiet
	};
	int exit = cli_store(cli, &store);
	if (exit)
		return exit;
	if (!store_find(&store, cli->operands.at[0], &folder, &error))
		return cli_complain(cli, error.hint, "%s", error.message);
	state_init(&replay.state, cli->arena);
	replay.sink = cli->operands.count == 2         ? (struct sink){ no_event, NULL }
		      : cli->progress == PROGRESS_JSON ? report_json(&options, cli->arena)
						       : report_plain(&options, cli->arena);
	if (journal_read(&folder, cli->arena, show_event, &replay, &error) == JOURNAL_DAMAGED) {
		cli_complain(cli, error.hint, "%s", error.message);
		return EXIT_STORE;
	}
	return cli->operands.count == 2
		       ? show_step(cli, &folder, &replay.state, cli->operands.at[1])
		       : EXIT_DONE;
}
