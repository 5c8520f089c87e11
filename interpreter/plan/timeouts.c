/* Timeouts that can never pass, because what stands around ends first. */

#include "plan/internal.h"

/* A duration that is written where no value stands in it. */
struct limit {
	const struct node *node; /* NULL: none */
	int64_t ns;
};

static struct limit limit_written(const struct node *map, const char *key)
{
	const char *hint;
	struct limit limit = { map && map->kind == NODE_MAP ? node_get(map, key) : NULL, 0 };
	if (!limit.node || limit.node->kind != NODE_SCALAR ||
	    field_duration(limit.node->text, NULL, &limit.ns, &hint))
		limit.node = NULL;
	return limit;
}

/* False: it fits, or one of the two is not known. */
static bool warn_longer(struct planner *planner, struct limit inner, const char *key,
			struct limit outer, const char *whose)
{
	if (!inner.node || !outer.node || inner.ns <= outer.ns)
		return false;
	diag_at(planner->diags, inner.node->span, RB0242,
		"'%s' of %.*s can never pass: %s ends after %.*s", key, TEXT_ARG(inner.node->text),
		whose, TEXT_ARG(outer.node->text));
	diag_note(planner->diags, outer.node->span, "here");
	diag_hint(planner->diags, "Give %s more time, or less time here.", whose);
	return true;
}

/* Of the groups, library steps and calls around, the next one that is exceeded is told. */
static void check_around(struct planner *planner, const struct step_build *step, struct limit limit,
			 const char *key, struct limit run)
{
	int32_t at = step->node.parent;
	for (; at != PLAN_NONE; at = planner->nodes.at[at]->node.parent) {
		const struct plan_node *around = &planner->nodes.at[at]->node;
		if (around->kind == PLAN_UNDO)
			return; /* no time around it counts, not even that of the run */
		/* A for_each has none: that which is written at it is each round's own. */
		if (around->kind != PLAN_SECTION && around->kind != PLAN_LOOP &&
		    warn_longer(planner, limit, key, limit_written(around->node, "timeout"),
				"what is around it"))
			return;
	}
	if (step->node.section <= SECTION_VERIFY)
		warn_longer(planner, limit, key, run, "the run");
}

void timeouts_check(struct planner *planner, const struct document *document)
{
	struct limit run = limit_written(&document->root, "timeout");
	for (size_t i = 0; i < planner->nodes.count; i++) {
		const struct step_build *step = planner->nodes.at[i];
		const struct plan_node *node = &step->node;
		if (node->kind == PLAN_SECTION || node->kind == PLAN_UNDO ||
		    node->kind == PLAN_LOOP || (node->type && node->type->kind == STEP_KIND_GATE))
			continue; /* the time that a gate waits counts nowhere */
		check_around(planner, step, limit_written(node->node, "timeout"), "timeout", run);
		check_around(planner, step, limit_written(node_get(node->node, "retry"), "within"),
			     "within", run);
	}
	warn_longer(planner, limit_written(document->defaults, "timeout"), "timeout", run,
		    "the run");
}
