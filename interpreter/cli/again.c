/* A run that goes on: with the documents and captured values that it has kept. */

#include <fcntl.h>
#include <stdlib.h>
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

int past_run_plan(struct cli *cli, struct past_run *past)
{
	struct kept kept = { .run = &past->folder };
	struct plan_reader reader = { .read = read_kept, .data = &kept, .standard = true };
	struct diags diags;
	diags_init(&diags, cli->arena);
	if (value_field(past->opened, "documents", cli->arena, &kept.documents) &&
	    value_is(kept.documents, VALUE_LIST))
		past->plan = plan_make(value_field_text(past->opened, "document", cli->arena),
				       &reader, cli->arena, &diags);
	struct plan_fault fault;
	if (past->plan)
		past->plan = cli_select_again(past->plan, past->opened, cli->arena, &fault);
	if (past->plan)
		return 0;
	cli_print_diags(cli, &diags);
	cli_complain(cli, NULL, "the documents of run %s cannot be read", past->folder.short_id);
	return EXIT_REFUSED;
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

/* A rollback that goes on has the inputs with which it began. */
static bool rollback_inputs_again(struct cli *cli, const struct past_run *past,
				  const struct plan *plan, struct given *given)
{
	const struct plan_scope *scope = plan->scopes[0];
	struct value inputs, value;
	if (!past->rolling_back || !value_field(past->state.rollback, "inputs", NULL, &inputs))
		return true;
	for (size_t i = 0; i < scope->input_count; i++) {
		const struct input *input = &scope->inputs[i];
		if (!input->rollback || !value_field(inputs, input->name, NULL, &value))
			continue;
		bool said = strcmp(given->sources[i], "default") != 0;
		if (said && !value_equal(given->values[i], value)) {
			cli_complain(cli, "Leave it out: it goes on with that value.",
				     "input '%s' was another one when the rollback of run %s began",
				     input->name, past->folder.short_id);
			return false;
		}
		given->values[i] = value_mark(input_from_value(input, value, cli->arena),
					      VALUE_OUTSIDE);
		given->sources[i] = "run";
	}
	return true;
}

/* ---- the run ------------------------------------------------------------------------------- */

static bool note_event(const struct event *event, void *data)
{
	struct past_run *past = data;
	if (!state_apply(&past->state, event))
		return false;
	if (event->type == EVENT_LOOP_OPENED)
		*list_add(&past->loops, past->arena) = (struct run_loop_opened){
			event->slot, (size_t)event_int(event, "count", 0)
		};
	past->opened = past->state.opened;
	const char *secrets = run_secrets_named(event_get(event, "command"), past->arena);
	if (*secrets)
		past->secrets = secrets;
	past->opening = event_is_opening(event);
	past->closed = event->type == EVENT_RUN_CLOSED;
	past->status = past->closed ? event_text(event, "status", past->arena) : "";
	past->rolling_back = past->state.rollback_seq > 0 &&
			     strcmp(past->status, "rolled_back") != 0 &&
			     strcmp(past->status, "rollback_unmet") != 0; /* nothing was undone */
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

int past_run_refuse_empty(const struct cli *cli, const struct past_run *past, bool held)
{
	const char *id = past->folder.short_id;
	const char *begin = past->opening
				    ? arena_format(cli->arena, "resume %s%s", id, past->secrets)
				    : "run FILE";
	if (held)
		return cli_complain(cli, NULL, "run %s is just starting", id), EXIT_HELD;
	return cli_complain(
		cli, arena_format(cli->arena, "What it was to do is begun with: runbook %s", begin),
		"run %s never started: nothing of it was executed", id);
}

int past_run_find(struct cli *cli, struct past_run *past)
{
	struct store store;
	struct store_error error = { 0 };
	*past = (struct past_run){ .arena = cli->arena, .status = "", .secrets = "" };
	state_init(&past->state, cli->arena);
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = find(cli, &store, past);
	if (exit)
		return exit;
	bool held = store_is_held(&past->folder);
	if (journal_read(&past->folder, cli->arena, note_event, past, &error) != JOURNAL_DAMAGED)
		return past->state.seq ? 0 : past_run_refuse_empty(cli, past, held);
	cli_complain(cli, error.hint, "%s", error.message);
	return EXIT_STORE;
}

/* ---- inputs that have changed -------------------------------------------------------------- */

/* An input that a variable gave and would give in another way now; "": there is none. That the
 * variable is gone changes nothing: the run has kept the value. */
static const char *changed_input(const struct cli *cli, const struct plan *plan,
				 struct value opened)
{
	struct value list, value;
	const struct plan_scope *scope = plan->scopes[0];
	if (!value_field(opened, "inputs", cli->arena, &list) || !value_is(list, VALUE_LIST))
		return "";
	for (size_t i = 0; i < list.list->count && i < scope->input_count; i++) {
		const struct input *input = &scope->inputs[i];
		struct value row = list.list->items[i];
		const char *text = input->env ? getenv(input->env) : NULL;
		if (!text || !*text || input->secret ||
		    strcmp(value_field_text(row, "source", cli->arena), "env") != 0 ||
		    strcmp(value_field_text(row, "name", cli->arena), input->name) != 0 ||
		    !value_field(row, "value", cli->arena, &value))
			continue;
		struct value now = input_from_text(input, text_of(text), cli->arena);
		if (!value_equal(now, input_from_value(input, value, cli->arena)))
			return input->name;
	}
	return "";
}

static int refuse_input(const struct cli *cli, const struct past_run *past, const char *name)
{
	cli_complain(cli,
		     "Unset the variable to go on with the value of the run, or begin a new run.",
		     "input '%s' is another one than in run %s", name, past->folder.short_id);
	return EXIT_REFUSED;
}

int past_run_go_on(struct cli *cli, struct past_run *past, const struct run_again *given)
{
	struct run_again again = *given;
	again.seq = past->state.seq;

	struct session session;
	struct run_setup setup;
	struct run_refusal refusal;
	int exit = past->plan ? 0 : past_run_plan(cli, past);
	if (exit)
		return exit;
	const struct plan *plan = past->plan;
	bool resumed = !again.back && !again.abort;
	if (!again.abort)
		plan = past_run_changed(cli, past, &again, &exit);
	if (!plan)
		return exit;
	const char *input = changed_input(cli, plan, past->opened);
	if (resumed && *input)
		return refuse_input(cli, past, input);
	cli->values_again = past->opened;
	cli->secrets_again = past->secrets;
	exit = session_open(&session, cli, plan);
	if (exit)
		return exit;
	inputs_again(cli, plan, past->opened, &session.given);
	if (!again.reason && !rollback_inputs_again(cli, past, plan, &session.given))
		return EXIT_USAGE;
	session.past = &past->state;
	exit = session_ask(&session);
	if (exit)
		return exit;
	session_setup(&session, &setup);
	struct engine *engine = run_reopen(&setup, &past->folder, &again, &refusal);
	if (!engine)
		return session_refused(&session, refusal.exit, refusal.message, refusal.hint);
	return session_run(&session, engine);
}
