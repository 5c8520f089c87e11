/* explain: what the tables say of a word. */

#include <string.h>
#include <unistd.h>

#include "cli/explain.h"
#include "report/report.h"

bool explain_is(struct explaining *explaining, const char *name)
{
	*list_add(&explaining->known, explaining->cli->arena) = name;
	return strcmp(explaining->word, name) == 0;
}

void explain_gap(struct buffer *out)
{
	if (out->len)
		buffer_putc(out, '\n');
}

/* ---- codes, exit codes --------------------------------------------------------------------- */

static void explain_code(struct explaining *explaining)
{
	static const char *const severities[] = { "error", "warning", "notice" };
	struct buffer *out = &explaining->out;
	const struct diag_info *info = diag_find(text_of(explaining->word));
	if (!info)
		return;
	buffer_printf(out, "%s: %s (%s)\n\n", info->name, info->title, severities[info->severity]);
	report_text(out, info->explanation, report_width(STDOUT_FILENO));
}

static const char exit_codes[] =
	"0   done; nothing to do\n"
	"1   a step failed; stopped; state known\n"
	"2   bad usage, document or input; nothing executed\n"
	"3   failed, rolled back, and verified again\n"
	"4   failed, rollback incomplete or unverified\n"
	"5   an outcome is unknown: an operator must decide\n"
	"6   another live run holds the lock, or a process of this run "
	"still lives\n"
	"7   waiting for an approval or a manual step\n"
	"8   the state store cannot be used, nothing new was started; "
	"or a result could not be written\n"
	"9   refused: documents, inputs or program no longer match\n"
	"10  cancelled by a signal or an operator; state known\n"
	"11  preconditions not met; nothing changed\n"
	"70  internal error, or out of memory\n"
	"\n"
	"After 1, 4 and 10: runbook resume RUN, or runbook rollback RUN. "
	"With --accept-changes\n"
	"where the document was mended (runbook explain accept-changes).\n";

static const char accept_changes[] =
	"A run goes on with the documents with which it began. Where they have changed since,\n"
	"'resume' says what and goes on with them only with --accept-changes; 'rollback' goes by\n"
	"what the run has kept, says so where its steps have changed, and with --accept-changes\n"
	"goes by what they are now. Accepted is:\n\n"
	"  of steps, undos and checks that failed or have not run: anything\n"
	"  of those that have succeeded: name, note, preview and undo\n"
	"  of library steps and calls that failed: what they are given, unless a part is done\n"
	"  of a for_each that has begun: what its rounds do, for those that are not done\n"
	"  steps that come, go or move, where nothing behind them has run\n\n"
	"A root key that counts for all steps (vars, env, lock, inputs, ...) stays as it was. A\n"
	"step of which nobody knows whether it ran is decided first, by --rerun or --done. With\n"
	"the run are recorded who accepted what, and the documents; what was accepted is kept to,\n"
	"whatever becomes of the documents then.\n";

static const char secrets[] =
	"A secret input is given by its variable or by --secret NAME=SOURCE, never by its value,\n"
	"which 'ps' would show:\n\n"
	"  env:VARIABLE   a variable of the operator's environment\n"
	"  file:PATH      a file of at most 64 KiB, less one line end at its end\n"
	"  cmd:COMMAND    what a command prints, less one line end at its end\n\n"
	"The command is words, as of the verb run: without a shell, so that | and $ need quotes "
	"or\n"
	"a shell of their own: 'cmd:sh -c \"pass show db | head -n 1\"'. It has the operator's\n"
	"environment and folder, no input and no terminal, one minute and 64 KiB. It is run "
	"before\n"
	"the run begins, and never by check and plan. If it fails nothing runs: exit 2, with the\n"
	"class of the failure.\n\n"
	"A secret is kept nowhere. 'rollback' reads it again, and says if it is another one by "
	"now.\n";

static void explain_topic(struct explaining *explaining)
{
	static const struct {
		const char *name, *text;
	} topics[] = { { "exit-codes", exit_codes },
		       { "accept-changes", accept_changes },
		       { "secrets", secrets } };
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++)
		if (explain_is(explaining, topics[i].name))
			buffer_puts(&explaining->out, topics[i].text);
}

/* ---- verbs and keys ------------------------------------------------------------------------ */

static int width_of(const struct output *outputs, int width)
{
	for (; outputs && outputs->name; outputs++)
		if ((int)strlen(outputs->name) > width)
			width = (int)strlen(outputs->name);
	return width;
}

static void put_output(struct explaining *explaining, const struct output *output, int width)
{
	buffer_printf(&explaining->out, "  %-*s %-14s %s\n", width, output->name,
		      type_name(output->type, explaining->cli->arena), output->doc);
}

static void put_outputs(struct explaining *explaining, const struct step_type *type)
{
	int width = width_of(type->parts, width_of(type->outputs, 12));
	if (type->outputs)
		buffer_puts(&explaining->out, "\noutputs\n");
	for (const struct output *output = type->outputs; output && output->name; output++) {
		put_output(explaining, output, width);
		for (const struct output *part = type->parts; part && part->name; part++)
			if (text_starts(text_of(part->name), output->name))
				put_output(explaining, part, width);
	}
}

static void explain_verb(struct explaining *explaining)
{
	struct buffer *out = &explaining->out;
	for (const struct step_type *const *at = step_types; *at; at++) {
		const struct step_type *type = *at;
		if (!explain_is(explaining, type->name))
			continue;
		buffer_printf(out, "%s: %s\n\n%s\n\nfields\n", type->name, type->summary,
			      type->example);
		field_describe(out, type->fields);
		put_outputs(explaining, type);
		buffer_printf(out, "\neffect: %s%s%s\n",
			      type->effect_of ? "by what is written" : effect_name(type->effect),
			      type->timeout ? "; timeout: " : "",
			      type->timeout ? type->timeout : "");
	}
}

static void explain_verbs(struct explaining *explaining)
{
	if (!explain_is(explaining, "verbs"))
		return;
	for (const struct step_type *const *type = step_types; *type; type++)
		buffer_printf(&explaining->out, "%-8s %s\n", (*type)->name, (*type)->summary);
}

/* A row is known by its name and by "PLACE.NAME". */
static void explain_row(struct explaining *explaining, const char *place, const struct field *row)
{
	struct buffer *out = &explaining->out;
	const struct field rows[] = { *row, { 0 } };
	const char *full = arena_format(explaining->cli->arena, "%s.%s", place, row->name);
	bool named = explain_is(explaining, full);
	if (!explain_is(explaining, row->name) && !named)
		return;
	explain_gap(out);
	buffer_printf(out, "%s\n", full);
	field_describe(out, rows);
}

static void explain_output(struct explaining *explaining, const char *place,
			   const struct output *output)
{
	struct arena *arena = explaining->cli->arena;
	const char *full = arena_format(arena, "%s.%s", place, output->name);
	if (!explain_is(explaining, full))
		return;
	explain_gap(&explaining->out);
	buffer_printf(&explaining->out, "%s: output, %s\n  %s\n", full,
		      type_name(output->type, arena), output->doc);
}

static void explain_tables(struct explaining *explaining)
{
	for (const struct plan_table *table = plan_tables; table->name; table++) {
		if (!explain_is(explaining, table->name))
			continue;
		explain_gap(&explaining->out);
		buffer_printf(&explaining->out, "%s: %s\n\n", table->name, table->summary);
		field_describe(&explaining->out, table->rows);
	}
}

/* The keys of a step stand in two tables. */
static const char *place_of(const struct plan_table *table)
{
	return strncmp(table->name, "step", 4) == 0 ? "step" : table->name;
}

static void visit_rows(struct explaining *explaining, const char *place, const struct field *rows,
		       explain_visit *visit)
{
	for (const struct field *row = rows; row->name; row++) {
		visit(explaining, place, row);
		if (row->rows)
			visit_rows(explaining,
				   arena_format(explaining->cli->arena, "%s.%s", place, row->name),
				   row->rows, visit);
	}
}

void explain_rows(struct explaining *explaining, explain_visit *visit)
{
	for (const struct plan_table *table = plan_tables; table->name; table++)
		visit_rows(explaining, place_of(table), table->rows, visit);
	for (const struct step_type *const *type = step_types; *type; type++)
		visit_rows(explaining, (*type)->name, (*type)->fields, visit);
}

static void explain_keys(struct explaining *explaining)
{
	if (explaining->out.len)
		return; /* the table of a key says more than its row */
	explain_rows(explaining, explain_row);
	for (const struct step_type *const *type = step_types; *type; type++) {
		for (const struct output *output = (*type)->outputs; output && output->name;
		     output++)
			explain_output(explaining, (*type)->name, output);
	}
}

/* "http.retry": a key that all steps have, looked for at a verb. */
static void explain_step_key(struct explaining *explaining)
{
	const char *word = explaining->word, *dot = strchr(word, '.');
	struct text verb = text_slice(text_of(word), 0, dot ? (size_t)(dot - word) : 0);
	if (!dot || !step_type_find(verb))
		return;
	explaining->word = dot + 1;
	for (const struct plan_table *table = plan_tables; table->name; table++)
		for (const struct field *row = table->rows; row->name; row++)
			if (strcmp(place_of(table), "step") == 0)
				explain_row(explaining, "step", row);
	explaining->word = word;
}

int command_explain(struct cli *cli)
{
	/* Those that have a name for themselves, then those that may share one. */
	static void (*const alone[])(struct explaining *) = {
		explain_code,  explain_topic, explain_names,     explain_classes, explain_library,
		explain_verbs, explain_verb,  explain_functions, explain_effects
	};
	static void (*const shared[])(struct explaining *) = { explain_tables,   explain_keys,
							       explain_step_key, explain_values,
							       explain_class,    explain_function,
							       explain_document };
	struct explaining explaining = { .cli = cli, .word = cli->operands.at[0] };
	buffer_init(&explaining.out, cli->arena);
	for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]) && !explaining.out.len; i++)
		alone[i](&explaining);
	bool found = explaining.out.len > 0;
	for (size_t i = 0; !found && i < sizeof(shared) / sizeof(shared[0]); i++)
		shared[i](&explaining);
	if (explaining.out.len) {
		cli_out(buffer_text(&explaining.out));
		return EXIT_DONE;
	}
	if (explaining.flawed)
		return EXIT_USAGE;
	const char *near = text_nearest(text_of(explaining.word), explaining.known.at,
					explaining.known.count);
	return cli_complain(
		cli,
		near ? arena_format(cli->arena, "did you mean '%s'?", near)
		     : "Known are codes (RB0101), verbs (http), keys (http.status, "
		       "retry), their words (destructive), functions (matches), verbs, effects, "
		       "classes, functions, secrets, exit-codes, std; and libraries (compose, "
		       "./mine.yaml).",
		"nothing is known of '%s'", explaining.word);
}
