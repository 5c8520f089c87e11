/* show: one run, or one of its steps with its log. */

#include <string.h>
#include <unistd.h>

#include "cli/past.h"
#include "cli/show.h"
#include "report/report.h"
#include "run/run.h"

bool show_moves(const struct event *event)
{
	return value_is(event_get(event, "slots"), VALUE_LIST);
}

int32_t show_slot_then(const struct showing *showing)
{
	int64_t slot = showing->slot;
	for (size_t i = showing->moves.count; i > showing->moved && slot >= 0; i--) {
		struct value slots = showing->moves.at[i - 1];
		struct value before = (size_t)slot < value_count(slots)
					      ? value_item(slots, (size_t)slot)
					      : value_null();
		slot = value_is(before, VALUE_INT) ? before.integer : -1;
	}
	return (int32_t)slot;
}

/* The last attempt of each step. */
static void keep_started(struct showing *showing, const struct event *event)
{
	struct arena *arena = showing->cli->arena;
	size_t at = 0;
	if (value_is(event_get(event, "outline"), VALUE_LIST))
		showing->outline = event_get(event, "outline");
	if (show_moves(event))
		showing->started.count = 0;
	if (event->type != EVENT_STEP_STARTED)
		return;
	while (at < showing->started.count && showing->started.at[at].slot != event->slot)
		at++;
	struct started *started = at < showing->started.count ? &showing->started.at[at]
							      : list_add(&showing->started, arena);
	*started = (struct started){ event->slot, past_step(showing->outline, event, arena),
				     event->wall };
}

static bool keep_state(const struct event *event, void *data)
{
	struct showing *showing = data;
	if (show_moves(event))
		*list_add(&showing->moves, showing->cli->arena) = event_get(event, "slots");
	const char *secrets = run_secrets_named(event_get(event, "command"), showing->cli->arena);
	if (*secrets)
		showing->secrets = secrets;
	showing->opening = event_is_opening(event);
	keep_started(showing, event);
	return state_apply(&showing->state, event);
}

/* The step, or a round of it. */
static bool is_of_step(const struct showing *showing, int32_t slot)
{
	bool latest = showing->moved == showing->moves.count;
	return slot == show_slot_then(showing) ||
	       (showing->rounds && latest && slot > showing->slot &&
		showing->state.steps[slot].parent == showing->slot);
}

static bool tell(const struct event *event, void *data)
{
	struct showing *showing = data;
	struct event told = *event;
	if (value_is(event_get(event, "documents"), VALUE_LIST))
		showing->documents = event_get(event, "documents");
	showing->moved += show_moves(event);
	/* Of one step its end is told; its attempts stand in a list of their own. */
	if (showing->slot >= 0)
		told.past = !is_of_step(showing, event->slot) || event_int(event, "again", -1) >= 0;
	showing->sink.event(showing->sink.data, &told);
	return true;
}

/* By the name under which it was read; NULL: it is not kept, or was changed since. */
static const struct source *document(void *data, const char *name)
{
	struct showing *showing = data;
	struct arena *arena = showing->cli->arena;
	struct value list = showing->documents;
	struct store_error error;
	struct diags diags;
	struct text text;
	diags_init(&diags, arena);
	for (size_t i = 0; value_is(list, VALUE_LIST) && i < list.list->count; i++) {
		if (strcmp(value_field_text(list.list->items[i], "name", arena), name) != 0 ||
		    !*value_field_text(list.list->items[i], "digest", arena))
			continue;
		const char *sum = value_field_text(list.list->items[i], "digest", arena);
		return store_kept(&showing->folder, sum, arena, &text, &error)
			       ? source_from_text(name, text, arena, &diags)
			       : NULL;
	}
	return NULL;
}

void show_events(struct showing *showing)
{
	struct cli *cli = showing->cli;
	struct store_error error;
	struct report_options options = {
		.error = cli_out_error(),
		.fd = STDOUT_FILENO,
		.color = cli_color(cli, STDOUT_FILENO),
		.verbose = cli->verbose || showing->slot >= 0,
		.quiet = cli->quiet,
		.source = document,
		.data = showing,
	};
	showing->sink = cli->progress == PROGRESS_JSON ? report_json(&options, cli->arena)
						       : report_plain(&options, cli->arena);
	showing->moved = 0;
	journal_read(&showing->folder, cli->arena, tell, showing, &error);
}

static const char *never_started(const struct showing *showing)
{
	struct arena *arena = showing->cli->arena;
	return arena_format(arena,
			    "never started   nothing of it was executed; what it was to do is "
			    "begun with: runbook %s\n",
			    showing->opening
				    ? arena_format(arena, "resume %s%s", showing->folder.short_id,
						   showing->secrets)
				    : "run FILE");
}

/* Nothing was recorded: nothing was executed. */
static int show_empty(const struct showing *showing, bool held)
{
	cli_out(text_of(held ? "starting   it has no record yet\n" : never_started(showing)));
	return EXIT_DONE;
}

static bool runs(const struct showing *showing, int32_t slot)
{
	return showing->state.steps[slot].status == STEP_RUNNING;
}

/* Whether a step within it runs, which says more. */
static bool holds_one(const struct showing *showing, int32_t slot)
{
	const struct state *state = &showing->state;
	for (size_t i = 0; i < showing->started.count; i++) {
		int32_t inner = showing->started.at[i].slot, at = state->steps[inner].parent;
		while (at >= 0 && at != slot)
			at = state->steps[at].parent;
		if (at == slot && runs(showing, inner))
			return true;
	}
	return false;
}

/* The steps that have begun and not ended. */
static const char *under_way(const struct showing *showing)
{
	struct buffer out;
	buffer_init(&out, showing->cli->arena);
	for (size_t i = 0; i < showing->started.count; i++) {
		const struct started *started = &showing->started.at[i];
		if (!runs(showing, started->slot) || holds_one(showing, started->slot))
			continue;
		buffer_puts(&out, out.len ? "             " : "  under way: ");
		text_neutralise(&out, text_of(started->words), false);
		buffer_printf(&out, "   since %s\n",
			      clock_local(started->wall, showing->cli->arena));
	}
	return buffer_string(&out);
}

/* What has no end still runs, or was killed. */
static void show_unfinished(struct showing *showing)
{
	const struct state *state = &showing->state;
	struct arena *arena = showing->cli->arena;
	if (state->phase == RUN_CLOSED || showing->cli->progress == PROGRESS_JSON)
		return;
	cli_out(TEXT("\n"));
	if (journal_is_held(&showing->folder))
		cli_out(text_of(arena_format(arena, "running   it has no end yet\n%s",
					     under_way(showing))));
	else if (showing->opening)
		cli_out(text_of(never_started(showing)));
	else
		cli_out(text_of(arena_format(arena,
					     "unfinished   it was killed; what it started last may "
					     "be half done\n%s  next: runbook resume %s%s\n",
					     under_way(showing), showing->folder.short_id,
					     showing->secrets)));
}

int command_show(struct cli *cli)
{
	struct showing showing = { .cli = cli, .slot = -1, .secrets = "" };
	struct store_error error;
	struct store store;
	int exit = cli_store(cli, &store);
	if (exit)
		return exit;
	if (!store_find(&store, cli->operands.at[0], &showing.folder, &error))
		return cli_complain(cli, error.hint, "%s", error.message);
	state_init(&showing.state, cli->arena);
	bool held = store_is_held(&showing.folder);
	enum journal_end end = journal_read(&showing.folder, cli->arena, keep_state, &showing,
					    &error);
	if (end != JOURNAL_DAMAGED && !showing.state.seq && cli->progress != PROGRESS_JSON)
		return show_empty(&showing, held);
	if (cli->operands.count == 2 && end != JOURNAL_DAMAGED)
		return show_step(&showing, cli->operands.at[1]);
	show_events(&showing);
	if (end == JOURNAL_WHOLE)
		show_unfinished(&showing);
	if (end == JOURNAL_WHOLE)
		return EXIT_DONE;
	cli_complain(cli, error.hint, "%s", error.message);
	return end == JOURNAL_DAMAGED ? EXIT_STORE : EXIT_DONE;
}
