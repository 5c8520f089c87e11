/* A run that goes on: with the documents and captured values that it has kept. */

#include <string.h>

#include "base/file.h"
#include "cli/again.h"

/* Documents as they were when the run began, from the run's folder. */
struct kept {
	struct run_folder *run;
	struct value documents; /* of run.opened: {name, path, digest} */
};

/* By the name under which it was read, which stays true where a link leads elsewhere by now; or by
 * its path, which is written in other ways by other documents. */
static bool kept_find(const struct kept *kept, const char *name, const char *path,
		      struct arena *arena, struct value *row)
{
	const char *clean = path ? file_clean(path, arena) : NULL;
	for (size_t i = 0; i < kept->documents.list->count; i++) {
		*row = kept->documents.list->items[i];
		if (strcmp(value_field_text(*row, "name", arena), name) == 0 ||
		    (clean && strcmp(value_field_text(*row, "path", arena), clean) == 0))
			return true;
	}
	return false;
}

static const struct source *read_kept(const struct plan_reader *reader,
				      const struct source_file *file, struct arena *arena,
				      struct diags *diags)
{
	const struct kept *kept = reader->data;
	struct store_error error;
	struct value row;
	struct text text;
	if (!kept_find(kept, file->name, file->path, arena, &row) ||
	    !store_kept(kept->run, value_field_text(row, "digest", arena), arena, &text, &error)) {
		diag_at(diags, file->span, RB0801, "the run kept no document '%s'", file->name);
		diag_hint(diags, "Without it the run can be shown, and not rolled back.");
		return NULL;
	}
	const struct source *made = source_from_text(file->name, text, arena, diags);
	if (!made)
		return NULL;
	struct source *source = arena_new(arena, struct source);
	*source = *made;
	source->path = file->path ? value_field_text(row, "path", arena) : NULL;
	return source;
}

static const struct plan *plan_kept(struct cli *cli, struct run_folder *folder, struct value opened)
{
	struct kept kept = { .run = folder };
	struct plan_reader reader = { .read = read_kept, .data = &kept, .standard = true };
	struct diags diags;
	if (!value_field(opened, "documents", cli->arena, &kept.documents) ||
	    !value_is(kept.documents, VALUE_LIST))
		return NULL;
	diags_init(&diags, cli->arena);
	const struct plan *plan = plan_make(value_field_text(opened, "document", cli->arena),
					    &reader, cli->arena, &diags);
	if (!plan)
		cli_print_diags(cli, &diags);
	return plan;
}

/* Inputs come from the record; secrets, which are kept nowhere, from their source again. */
static bool inputs_again(struct cli *cli, const struct plan *plan, struct value opened,
			 struct given *given)
{
	struct value list, name, value;
	const struct plan_scope *scope = plan->scopes[0];
	if (!value_field(opened, "inputs", cli->arena, &list) || !value_is(list, VALUE_LIST))
		return true;
	for (size_t i = 0; i < list.list->count && i < scope->input_count; i++) {
		struct value row = list.list->items[i];
		if (!value_field(row, "name", cli->arena, &name) ||
		    !value_field(row, "value", cli->arena, &value) ||
		    value_is(value, VALUE_ERROR) ||
		    !text_is(value_text(name), scope->inputs[i].name))
			continue;
		given->values[i] = value_mark(
			input_from_value(&scope->inputs[i], value, cli->arena), VALUE_OUTSIDE);
		given->sources[i] = "run";
	}
	return true;
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool note_event(const struct event *event, void *data)
{
	struct past_run *past = data;
	if (event->type == EVENT_RUN_OPENED)
		past->opened = event->data;
	past->closed = event->type == EVENT_RUN_CLOSED;
	past->status = past->closed ? event_text(event, "status", past->arena) : "";
	if (event->type == EVENT_ROLLBACK_OPENED)
		past->rolled_back = true;
	if (strcmp(past->status, "rollback_unmet") == 0)
		past->rolled_back = false; /* nothing was undone */
	return true;
}

static int find(struct cli *cli, struct store *store, struct past_run *past)
{
	const char *const *ids;
	size_t count;
	struct store_error error;
	if (cli->operands.count > 0) {
		if (store_find(store, cli->operands.at[0], &past->folder, &error))
			return 0;
		return cli_complain(cli, error.hint, "%s", error.message);
	}
	if (store_list(store, &ids, &count, &error) && count == 0)
		return cli_complain(cli, NULL, "there are no runs");
	if (error.message || !store_open_run(store, ids, count, 0, &past->folder, &error)) {
		cli_complain(cli, error.hint, "%s", error.message);
		return EXIT_STORE;
	}
	return 0;
}

int past_run_find(struct cli *cli, struct past_run *past)
{
	struct store store;
	struct store_error error = { 0 };
	*past = (struct past_run){ .arena = cli->arena, .status = "" };
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = find(cli, &store, past);
	if (exit)
		return exit;
	if (journal_read(&past->folder, cli->arena, note_event, past, &error) != JOURNAL_DAMAGED)
		return 0;
	cli_complain(cli, error.hint, "%s", error.message);
	return EXIT_STORE;
}

int past_run_go_on(struct cli *cli, struct past_run *past, const struct run_again *again)
{
	struct session session;
	struct run_setup setup;
	struct run_refusal refusal;
	const struct plan *plan = plan_kept(cli, &past->folder, past->opened);
	if (!plan)
		return cli_complain(cli, NULL, "the documents of run %s cannot be read",
				    past->folder.short_id),
		       EXIT_REFUSED;
	cli->values_again = past->opened;
	int exit = session_open(&session, cli, plan);
	if (exit)
		return exit;
	inputs_again(cli, plan, past->opened, &session.given);
	session_setup(&session, &setup);
	struct engine *engine = run_reopen(&setup, &past->folder, again, &refusal);
	if (!engine)
		return session_refused(&session, refusal.exit, refusal.message, refusal.hint);
	return session_run(&session, engine);
}
