/* --approve: an id that names no gate opens none, and is most likely misspelt. */

#include <string.h>

#include "cli/cli.h"

/* What may be opened by flag: the gates of a plan by their ids, and the question whether to roll
 * back. */
struct gates {
	const struct cli *cli;
	struct strings_list ids;
};

/* As the engine opens them: a library step that declares an effect stands for all of its steps. An
 * effect that is computed may turn out to destroy something. */
static bool is_gate(const struct plan_node *node)
{
	struct text constant;
	bool computed = node->effect_text && !template_constant(node->effect_text, &constant);
	if (node->type && node->type->kind == STEP_KIND_GATE)
		return true;
	if (node->effect_owner != PLAN_NONE || (node->kind != PLAN_STEP && !node->effect_text))
		return false;
	return node->effect == EFFECT_DESTRUCTIVE || computed;
}

static void gates_find(struct gates *gates, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		if (is_gate(node))
			*list_add(&gates->ids, gates->cli->arena) = node->label ? node->label
										: node->path;
	}
}

/* "go[1]" is the gate 'go' of one round of a for_each. */
static bool is_known(const struct gates *gates, const char *id)
{
	struct text gate = text_slice(text_of(id), 0, strcspn(id, "["));
	for (size_t i = 0; i < gates->ids.count; i++)
		if (text_is(gate, gates->ids.at[i]))
			return true;
	return strcmp(id, "rollback") == 0;
}

static const char *hint(const struct gates *gates, const char *id)
{
	struct arena *arena = gates->cli->arena;
	struct buffer list;
	const char *near = text_nearest(text_of(id), gates->ids.at, gates->ids.count);
	if (near)
		return arena_format(arena, "Did you mean '%s'?", near);
	if (gates->ids.count == 0)
		return "It has no gates.";
	buffer_init(&list, arena);
	for (size_t i = 0; i < gates->ids.count && i < 10; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", gates->ids.at[i]);
	return arena_format(arena, "Its gates are: %s%s.", buffer_string(&list),
			    gates->ids.count > 10 ? ", ..." : "");
}

bool cli_approve(const struct cli *cli, const struct plan *plan)
{
	struct gates gates = { .cli = cli };
	bool good = true;
	if (cli->approve.count == 0)
		return true;
	gates_find(&gates, plan);
	for (size_t i = 0; i < cli->approve.count; i++) {
		const char *id = cli->approve.at[i];
		if (is_known(&gates, id))
			continue;
		cli_complain(cli, hint(&gates, id), "the runbook has no gate '%s'", id);
		good = false;
	}
	return good;
}
