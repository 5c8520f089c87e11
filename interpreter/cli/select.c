/* --only, --tag, --start-at, --skip: which part of a runbook runs, and with which it was begun. */

#include <string.h>

#include "cli/cli.h"

/* ---- the command line ---------------------------------------------------------------------- */

/* "a,b" is two names. */
static struct strings names_of(const struct strings *words, struct arena *arena)
{
	LIST(const char *) names = { 0 };
	for (size_t i = 0; i < words->count; i++) {
		struct text word = text_of(words->at[i]);
		for (size_t from = 0; from <= word.len;) {
			size_t end = text_find(word, TEXT(","), from);
			struct text name = text_trim(text_slice(word, from, end));
			*list_add(&names, arena) = arena_text(arena, name).ptr;
			from = end == SIZE_MAX ? word.len + 1 : end + 1;
		}
	}
	return (struct strings){ .at = names.at, .count = names.count };
}

static bool is_chosen(const struct cli *cli)
{
	return cli->only.count || cli->skip.count || cli->tag.count || cli->start_at;
}

/* What the part needs of what is left out; complaints printed. */
static bool check_needs(const struct cli *cli, const struct plan *part)
{
	struct diags diags;
	diags_init(&diags, cli->arena);
	bool good = plan_select_check(part, cli->arena, &diags);
	cli_print_diags(cli, &diags);
	return good;
}

const struct plan *cli_select(const struct cli *cli, const struct plan *plan)
{
	const struct plan_selection selection = {
		.only = names_of(&cli->only, cli->arena),
		.skip = names_of(&cli->skip, cli->arena),
		.tags = names_of(&cli->tag, cli->arena),
		.start_at = cli->start_at,
	};
	struct plan_faults faults = { 0 };
	if (!is_chosen(cli))
		return plan;
	const struct plan *part = plan_select(plan, &selection, cli->arena, &faults);
	for (size_t i = 0; i < faults.count; i++)
		cli_complain(cli, faults.at[i].hint, "%s", faults.at[i].message);
	return part && check_needs(cli, part) ? part : NULL;
}

/* ---- a run that was begun with a part ------------------------------------------------------ */

static struct strings names_again(struct value selection, const char *key, struct arena *arena)
{
	struct value list;
	LIST(const char *) names = { 0 };
	if (value_field(selection, key, NULL, &list) && value_is(list, VALUE_LIST))
		for (size_t i = 0; i < value_count(list); i++)
			*list_add(&names,
				  arena) = arena_text(arena, value_text(value_item(list, i))).ptr;
	return (struct strings){ .at = names.at, .count = names.count };
}

const struct plan *cli_select_again(const struct plan *plan, struct value opened,
				    struct arena *arena, struct plan_fault *fault)
{
	struct value recorded;
	struct plan_faults faults = { 0 };
	if (!value_is(opened, VALUE_MAP) || !value_field(opened, "selection", NULL, &recorded) ||
	    !value_is(recorded, VALUE_MAP))
		return plan;
	const char *start_at = value_field_text(recorded, "start_at", arena);
	const struct plan_selection selection = {
		.only = names_again(recorded, "only", arena),
		.skip = names_again(recorded, "skip", arena),
		.tags = names_again(recorded, "tag", arena),
		.start_at = *start_at ? start_at : NULL,
	};
	const struct plan *part = plan_select(plan, &selection, arena, &faults);
	if (!part)
		*fault = faults.at[0];
	return part;
}
