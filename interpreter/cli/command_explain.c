/* explain: what the tables say. */

#include <string.h>

#include "cli/cli.h"
#include "expr/expr.h"

static bool explain_code(const struct cli *cli, const char *word, struct buffer *out)
{
	static const char *const severities[] = { "error", "warning", "notice" };
	const struct diag_info *info = diag_find(text_of(word));
	(void)cli;
	if (!info)
		return false;
	buffer_printf(out, "%s: %s (%s)\n\n%s\n", info->name, info->title,
		      severities[info->severity], info->explanation);
	return true;
}

static bool explain_verb(const struct cli *cli, const char *word, struct buffer *out)
{
	const struct step_type *type = step_type_find(text_of(word));
	(void)cli;
	if (!type)
		return false;
	buffer_printf(out, "%s: %s\n\n%s\n\nfields\n", type->name, type->summary, type->example);
	field_describe(out, type->fields);
	if (type->outputs)
		buffer_puts(out, "\noutputs\n");
	for (const struct output *output = type->outputs; output && output->name; output++)
		buffer_printf(out, "  %-12s %-14s %s\n", output->name,
			      type_name(output->type, cli->arena), output->doc);
	buffer_printf(out, "\neffect: %s%s%s\n",
		      type->effect_of ? "by what is written" : effect_name(type->effect),
		      type->timeout ? "; timeout: " : "", type->timeout ? type->timeout : "");
	return true;
}

static bool explain_verbs(const struct cli *cli, const char *word, struct buffer *out)
{
	(void)cli;
	if (strcmp(word, "verbs") != 0)
		return false;
	for (const struct step_type *const *type = step_types; *type; type++)
		buffer_printf(out, "%-8s %s\n", (*type)->name, (*type)->summary);
	return true;
}

static bool explain_table(const struct cli *cli, const char *word, struct buffer *out)
{
	bool found = false;
	for (const struct plan_table *table = plan_tables; table->name; table++) {
		if (strcmp(table->name, word) != 0)
			continue;
		buffer_printf(out, "%s: %s\n\n", table->name, table->summary);
		field_describe(out, table->rows);
		found = true;
	}
	for (const struct plan_table *table = plan_tables; !found && table->name; table++)
		for (const struct field *row = table->rows; row->name; row++)
			if (strcmp(row->name, word) == 0)
				buffer_printf(out, "%s (%s): %s\n", row->name, table->name,
					      row->doc);
	(void)cli;
	return out->len > 0;
}

static bool explain_library(const struct cli *cli, const char *word, struct buffer *out)
{
	if (strcmp(word, "std") == 0) {
		for (const char *const *name = library_names(cli->arena); *name; name++)
			buffer_printf(out, "std/%s\n", *name);
		return true;
	}
	if (strncmp(word, "std/", 4) != 0)
		return false;
	struct text text = library_embedded(text_of(word + 4));
	buffer_add(out, text);
	return text.ptr != NULL;
}

static bool explain_exit_codes(const struct cli *cli, const char *word, struct buffer *out)
{
	static const char *const lines[] = {
		"0   done; nothing to do",
		"1   a step failed; stopped; state known",
		"2   bad usage, document or input; nothing executed",
		"3   failed, rolled back, and verified again",
		"4   failed, rollback incomplete or unverified",
		"5   an outcome is unknown: an operator must decide",
		"6   another live run holds the lock",
		"7   waiting for an approval or a manual step",
		"8   the state store cannot be used; nothing new was started",
		"9   refused: documents, inputs or program no longer match",
		"10  cancelled by a signal or an operator; state known",
		"11  preconditions not met; nothing changed",
		"70  internal error, or out of memory",
	};
	(void)cli;
	if (strcmp(word, "exit-codes") != 0)
		return false;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		buffer_printf(out, "%s\n", lines[i]);
	return true;
}

static bool explain_function(const struct cli *cli, const char *word, struct buffer *out)
{
	const struct function *table;
	(void)cli;
	for (size_t library = 0; (table = function_table(library)); library++)
		for (; table->name; table++)
			if (strcmp(table->name, word) == 0)
				buffer_printf(out, "%s%s\n  %s\n  %s\n", table->name,
					      table->signature, table->doc, table->example);
	return out->len > 0;
}

int command_explain(struct cli *cli)
{
	static bool (*const explainers[])(const struct cli *, const char *, struct buffer *) = {
		explain_code,       explain_verb,  explain_verbs,    explain_library,
		explain_exit_codes, explain_table, explain_function,
	};
	struct buffer out;
	buffer_init(&out, cli->arena);
	for (size_t i = 0; i < sizeof(explainers) / sizeof(explainers[0]); i++)
		if (explainers[i](cli, cli->operands.at[0], &out)) {
			cli_out(buffer_text(&out));
			return EXIT_DONE;
		}
	return cli_complain(cli, "Codes look like RB0101; verbs and keys are those of a document.",
			    "nothing is known of '%s'", cli->operands.at[0]);
}
