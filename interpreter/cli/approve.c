/* --approve and --evidence: an id that names no gate opens none, and is most likely misspelt; a
 * gate that has to be opened with a text is not opened without it. */

#include <string.h>

#include "cli/cli.h"
#include "run/run.h"

/* What may be opened by flag: the gates of a plan by their ids, and the question whether to roll
 * back. */
struct gates {
	const struct cli *cli;
	struct strings_list ids;
};

static const char *gate_id(const struct plan_node *node)
{
	return node->label ? node->label : node->path;
}

static void gates_find(struct gates *gates, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan_gate(plan->nodes[i]) != PLAN_NO_GATE)
			*list_add(&gates->ids, gates->cli->arena) = gate_id(plan->nodes[i]);
}

/* "go[1]" is the gate 'go' of one round of a for_each; "go=prod" what is typed at it. */
static bool is_known(const struct gates *gates, const char *word)
{
	struct text gate = text_slice(text_of(word), 0, strcspn(word, "[="));
	for (size_t i = 0; i < gates->ids.count; i++)
		if (text_is(gate, gates->ids.at[i]))
			return true;
	return text_is(gate, "rollback");
}

static bool check_ids(const struct gates *gates, const struct strings *words)
{
	const struct cli *cli = gates->cli;
	bool good = true;
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->at[i];
		const char *id = arena_copy(cli->arena, word, strcspn(word, "="));
		if (is_known(gates, word))
			continue;
		const struct strings ids = { .at = gates->ids.at, .count = gates->ids.count };
		cli_complain(cli, cli_hint_names(cli, "gates", id, &ids),
			     "the runbook has no gate '%s'", id);
		good = false;
	}
	return good;
}

/* Of a part of the runbook: it was given for a gate at which this run does not come by. */
static void tell_left_out(const struct cli *cli, const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		const char *typed;
		if (node->left_out && plan_gate(node) != PLAN_NO_GATE &&
		    gate_word(&cli->approve, gate_id(node), &typed))
			cli_complain(cli, NULL,
				     "warning: gate '%s' is left out by %s: --approve opens "
				     "nothing there",
				     gate_id(node), node->left_out);
	}
}

bool cli_approve(const struct cli *cli, const struct plan *plan)
{
	struct gates gates = { .cli = cli };
	if (cli->approve.count + cli->evidence.count == 0)
		return true;
	gates_find(&gates, plan);
	tell_left_out(cli, plan);
	bool good = check_ids(&gates, &cli->approve);
	return check_ids(&gates, &cli->evidence) && good;
}

/* ---- what is typed and noted --------------------------------------------------------------- */

/* A gate as it is known before the run goes on. */
struct known_gate {
	const struct cli *cli;
	const char *id;
	struct gate_wants wants;
	const char *must_type, *evidence; /* NULL: not known */
	struct strings by;                /* none: anybody, or not known */
};

static struct known_gate know(const struct cli *cli, const struct plan_node *node,
			      const struct foresight *seen, const struct state *state)
{
	struct known_gate gate = { .cli = cli, .id = gate_id(node) };
	const struct instances *instances = &seen->instances;
	struct instance *instance = &instances->at[node->scope->index];
	const struct ask_state *ask = state ? state_ask(state, gate.id) : NULL;
	bool decides = node->type && node->type->kind == STEP_KIND_GATE;
	gate.wants = gate_wants(node->type, node->args);
	if (decides && instance->scope) {
		struct expr_scope names = instance_scope(instance, instances);
		struct question question = gate_question(node->args, &names, cli->arena);
		gate.must_type = question.must_type;
		gate.evidence = question.evidence;
		gate.by = question.by;
	}
	if (ask && gate.wants.text)
		gate.must_type = ask->must_type;
	if (ask && gate.wants.evidence)
		gate.evidence = ask->evidence;
	if (plan_gate(node) == PLAN_GATE && !decides)
		gate.must_type = node->id;
	return gate;
}

static bool check_typed(const struct known_gate *gate)
{
	const struct cli *cli = gate->cli;
	struct arena *arena = cli->arena;
	const char *typed, *must = gate->must_type;
	const char *word = gate_word(&cli->approve, gate->id, &typed);
	struct buffer right;
	if (!word || (typed && must && strcmp(typed, must) == 0) || (!typed && !gate->wants.text))
		return true;
	buffer_init(&right, arena);
	place_show_word(&right, text_of(must ? must : "TEXT"));
	const char *hint = arena_format(arena, "Write --approve %s=%s", gate->id,
					buffer_string(&right));
	if (!typed && must)
		cli_complain(cli, hint, "gate '%s' opens only with what has to be typed: '%s'",
			     gate->id, must);
	else if (!typed)
		cli_complain(cli, hint, "gate '%s' opens only with what has to be typed", gate->id);
	else if (must)
		cli_complain(cli, hint, "gate '%s' does not open with '%s': '%s' has to be typed",
			     gate->id, typed, must);
	else if (!gate->wants.text)
		cli_complain(cli, arena_format(arena, "Write --approve %s", gate->id),
			     "gate '%s' asks for nothing that is typed", gate->id);
	else
		return true; /* only the run can know */
	return false;
}

static bool check_noted(const struct known_gate *gate)
{
	const struct cli *cli = gate->cli;
	const char *typed, *noted;
	const char *approved = gate_word(&cli->approve, gate->id, &typed);
	const char *word = gate_word(&cli->evidence, gate->id, &noted);
	const char *hint = arena_format(cli->arena, "Write --approve %s --evidence %s=TEXT",
					gate->id, gate->id);
	if (word && !gate->wants.note)
		cli_complain(cli, NULL, "gate '%s' takes no evidence: it is no manual step",
			     gate->id);
	else if (word && !approved)
		cli_complain(cli, hint, "evidence is given for '%s', which no --approve opens",
			     gate->id);
	else if (word && (!noted || !*noted))
		cli_complain(cli, hint, "evidence for '%s' is empty", gate->id);
	else if (!word && approved && gate->wants.evidence)
		cli_complain(cli, hint, "gate '%s' opens only with evidence%s%s", gate->id,
			     gate->evidence ? ": " : "", gate->evidence ? gate->evidence : "");
	else
		return true;
	return false;
}

static bool check_who(const struct known_gate *gate)
{
	const struct cli *cli = gate->cli;
	const char *typed;
	struct buffer out;
	if (!gate_word(&cli->approve, gate->id, &typed) || gate_is_open_to(&gate->by, cli->arena))
		return true;
	buffer_init(&out, cli->arena);
	for (size_t i = 0; i < gate->by.count; i++)
		buffer_printf(&out, "%s'%s'", i ? ", " : "", gate->by.at[i]);
	cli_complain(cli, "Leave --approve out: the run waits at the gate for one of them.",
		     "gate '%s' is not yours to open: it is for %s", gate->id, buffer_string(&out));
	return false;
}

/* Which of two is meant nobody knows. */
static bool check_once(const struct cli *cli, const char *option, const struct strings *words)
{
	for (size_t i = 0; i < words->count; i++)
		for (size_t k = 0; k < i; k++) {
			size_t len = strcspn(words->at[i], "=");
			if (len != strcspn(words->at[k], "=") ||
			    strncmp(words->at[i], words->at[k], len) != 0 ||
			    strcmp(words->at[i], words->at[k]) == 0)
				continue;
			cli_complain(cli, "Leave one of them out.",
				     "gate '%.*s' is named twice by --%s: '%s' and '%s'", (int)len,
				     words->at[i], option, words->at[k], words->at[i]);
			return false;
		}
	return true;
}

/* The pattern of a for_each whose rounds are known: they are looked at instead. */
static bool is_pattern(const struct foresight *seen, const struct plan_node *node)
{
	const struct plan *plan = seen->plan;
	int32_t slot = node->slot;
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent]) {
		const struct plan_node *around = plan->nodes[node->parent];
		if (around->kind == PLAN_LOOP && seen->at[around->slot].unrolled &&
		    slot <= around->slot + around->loop->size)
			return true;
	}
	return false;
}

bool cli_approve_texts(const struct cli *cli, const struct plan *plan, const struct given *given,
		       const struct state *state)
{
	struct diags diags;
	if (cli->approve.count + cli->evidence.count == 0)
		return true;
	diags_init(&diags, cli->arena);
	const struct foreknown known = { given->values, given->last, .here = false };
	const struct foresight *seen = foresee(plan, &known, cli->arena, &diags);
	bool good = check_once(cli, "approve", &cli->approve) &&
		    check_once(cli, "evidence", &cli->evidence);
	for (size_t i = 0; i < seen->plan->node_count; i++) {
		const struct plan_node *node = seen->plan->nodes[i];
		if (node->left_out || plan_gate(node) == PLAN_NO_GATE || is_pattern(seen, node))
			continue;
		const struct known_gate gate = know(cli, node, seen, state);
		good = check_who(&gate) && good;
		good = check_typed(&gate) && good;
		good = check_noted(&gate) && good;
	}
	return good;
}
