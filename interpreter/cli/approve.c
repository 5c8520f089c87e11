/* --approve: an id that names no gate opens none, and is most likely misspelt. */

#include <string.h>

#include "cli/cli.h"

/* What may be opened by flag: the gates of a plan by their ids, and the question whether to roll
 * back. */
struct gates {
	const struct cli *cli;
	struct strings_list ids;
};

static void gates_find(struct gates *gates, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		if (plan_gate(node) != PLAN_NO_GATE)
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
		const struct strings ids = { .at = gates.ids.at, .count = gates.ids.count };
		cli_complain(cli, cli_hint_names(cli, "gates", id, &ids),
			     "the runbook has no gate '%s'", id);
		good = false;
	}
	return good;
}
