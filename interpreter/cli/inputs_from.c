/* What is taken from other runs: --from, outputs of one that has ended as inputs of the same names;
 * run.last. */

#include <string.h>

#include "base/file.h"
#include "cli/inputs.h"
#include "run/run.h"

static int complain(const struct cli *cli, const char *hint, const char *message)
{
	return cli_complain(cli, hint, "%s", message);
}

/* ---- the run ------------------------------------------------------------------------------- */

/* The last good run of the document. 0, or the exit code after a complaint. */
static int find_of_file(struct cli *cli, struct store *store, const char *path,
			struct given_from *from)
{
	struct store_error error;
	if (store_last_good(store, path, &from->run, &from->end, &error))
		return 0;
	if (error.message) {
		complain(cli, error.hint, error.message);
		return EXIT_STORE;
	}
	return cli_complain(cli,
			    arena_format(cli->arena,
					 "Run it first: runbook run %s. A run that did not end "
					 "well is named by its id: runbook history %s",
					 cli->from, cli->from),
			    "no run of '%s' has ended well", cli->from);
}

/* No id of a run has a '/' or a '.'. Of a word that is a run and a file nobody knows what is meant.
 * 0, or the exit code after a complaint. */
static int find(struct cli *cli, struct store *store, struct given_from *from)
{
	struct store_error error = { 0 };
	const char *path = file_real(cli->from, cli->arena);
	bool run = !strpbrk(cli->from, "/.") && store_find(store, cli->from, &from->run, &error);
	if (run && path)
		return cli_complain(cli,
				    arena_format(cli->arena,
						 "Write ./%s for the file, %s for the run.",
						 cli->from, from->run.id),
				    "'%s' is a run and a file", cli->from);
	if (path)
		return find_of_file(cli, store, path, from);
	if (!run && error.message)
		return complain(cli, error.hint, error.message);
	if (!run)
		return cli_complain(cli,
				    "Name a run by its id (runbook history), or the file of a "
				    "runbook for its last good run.",
				    "'%s' does not exist", cli->from);
	if (run_end_read(&from->run, cli->arena, &from->end))
		return 0;
	cli_complain(cli, "Look at it: runbook show RUN.", "run %s has no sound record",
		     from->run.short_id);
	return EXIT_STORE;
}

/* Why it has not ended, with what is to be typed before its id; NULL: it has. */
static const char *why_open(const struct given_from *from, const char **way_out)
{
	static const char *const rows[][3] = {
		{ "", "is unfinished", "Let it end first: runbook resume" },
		{ "parked", "waits for an answer", "Let it end first: runbook resume" },
		{ "unsure", "is undecided: nobody can say yet what it has done",
		  "Decide it first: runbook resume" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(from->end.status, rows[i][0]) == 0) {
			*way_out = rows[i][2];
			return rows[i][1];
		}
	return NULL;
}

/* What a run that has not ended will hand on nobody knows. 0, or the exit code after a complaint.
 */
static int refuse_open(const struct cli *cli, const struct given_from *from)
{
	const char *id = from->run.short_id, *way_out;
	const char *why = why_open(from, &way_out);
	if (!why)
		return 0;
	if (!*from->end.status && journal_is_held(&from->run))
		return cli_complain(cli, "What it hands on is known when it has ended.",
				    "run %s is still running", id);
	if (!from->end.begun)
		return cli_complain(cli, "Name another one: runbook history",
				    "run %s never started: nothing of it was executed", id);
	return cli_complain(cli, arena_format(cli->arena, "%s %s", way_out, id), "run %s %s", id,
			    why);
}

static int refuse_empty(const struct cli *cli, const struct given_from *from)
{
	bool good = strcmp(from->end.status, "succeeded") == 0;
	if (!value_is(from->end.outputs, VALUE_MAP) || value_count(from->end.outputs) == 0)
		return cli_complain(
			cli,
			good ? "What a run hands on stands under 'outputs' in its runbook."
			     : "Of a run that did not end well it is what was known by then.",
			"run %s of '%s' has no outputs", from->run.short_id, from->end.document);
	if (!good && !cli->quiet)
		cli_complain(cli, NULL,
			     "warning: run %s ended as '%s': it hands on what was known by then",
			     from->run.short_id, from->end.status);
	return 0;
}

int inputs_from_find(struct cli *cli, struct given *given)
{
	struct given_from *from = arena_new(cli->arena, struct given_from);
	struct store store;
	if (!cli->from)
		return 0;
	int exit = cli_store(cli, &store);
	if (!exit)
		exit = find(cli, &store, from);
	if (!exit)
		exit = refuse_open(cli, from);
	if (!exit)
		exit = refuse_empty(cli, from);
	given->from = from;
	return exit;
}

/* ---- its outputs --------------------------------------------------------------------------- */

/* A secret is kept nowhere, and what is kept is no secret. */
static bool refuse_secret(const struct cli *cli, const struct input *input,
			  const struct given_from *from)
{
	const char *name = input->name, *variable = input->env ? input->env : "VARIABLE";
	if (input->secret)
		cli_complain(cli,
			     arena_format(cli->arena,
					  "Give it with --secret %s=env:%s, file:PATH or "
					  "cmd:COMMAND.",
					  name, variable),
			     "secret '%s' is not taken from run %s: a run keeps no secrets", name,
			     from->run.short_id);
	else
		cli_complain(cli,
			     arena_format(cli->arena,
					  "Declare input '%s' as 'secret: true', and give it with "
					  "--secret %s=env:%s, file:PATH or cmd:COMMAND.",
					  name, name, variable),
			     "output '%s' of run %s is a secret, which is kept nowhere", name,
			     from->run.short_id);
	return false;
}

/* A relative path is taken from the folder of the document that handed it on. */
static struct value path_from(const struct cli *cli, const struct given_from *from,
			      const struct input *input, struct value value)
{
	if (input->type != INPUT_PATH || !value_is(value, VALUE_STRING) || value.len == 0 ||
	    value_text(value).ptr[0] == '/')
		return value;
	const char *path = arena_text(cli->arena, value_text(value)).ptr;
	const char *folder = file_dirname(from->end.path, cli->arena);
	return value_cstring(file_join(folder, path, cli->arena));
}

static bool take_one(const struct cli *cli, const struct plan_scope *scope, size_t index,
		     struct value output, struct given *given)
{
	const struct given_from *from = given->from;
	const struct input *input = &scope->inputs[index];
	const struct origin origin = { "from",
				       arena_format(cli->arena, "run %s: ", from->run.short_id) };
	if (given->sources[index])
		return true;
	given->sources[index] = origin.source;
	if (input->secret || output.flags & VALUE_SECRET)
		return refuse_secret(cli, input, from);
	return inputs_take_value(cli, scope, index, path_from(cli, from, input, output), &origin,
				 given);
}

static bool refuse_all(const struct cli *cli, const struct given_from *from)
{
	const char **names = arena_array(cli->arena, const char *,
					 value_count(from->end.outputs) + 1);
	struct strings outputs = { .at = names };
	struct value key, value;
	while (value_entry_at(from->end.outputs, outputs.count, cli->arena, &key, &value))
		names[outputs.count++] = arena_text(cli->arena, value_text(key)).ptr;
	cli_complain(cli, cli_hint_names(cli, "outputs", NULL, &outputs),
		     "no output of run %s has the name of an input", from->run.short_id);
	return false;
}

bool inputs_from_take(const struct cli *cli, const struct plan_scope *scope, struct given *given)
{
	bool good = true, any = false;
	for (size_t i = 0; given->from && i < scope->input_count; i++) {
		const struct input *input = &scope->inputs[i];
		struct value output;
		if (input->rollback ||
		    !value_field(given->from->end.outputs, input->name, cli->arena, &output))
			continue;
		any = true;
		good &= take_one(cli, scope, i, output, given);
	}
	return given->from && !any ? refuse_all(cli, given->from) : good;
}

/* ---- run.last ------------------------------------------------------------------------------ */

int inputs_last_find(struct cli *cli, const struct plan *plan, struct given *given)
{
	struct store store;
	struct store_error error;
	/* A run that goes on has recorded what it saw. */
	given->last = value_is(cli->values_again, VALUE_MAP) ? run_last_recorded(cli->values_again)
							     : value_null();
	if (!plan->names_last || value_is(cli->values_again, VALUE_MAP))
		return 0;
	int exit = cli_store(cli, &store);
	if (exit || run_last(&store, plan, cli->arena, &given->last, &error))
		return exit;
	cli_complain(cli, error.hint, "%s", error.message);
	return EXIT_STORE;
}
