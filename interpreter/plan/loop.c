/* for_each: the items, and who sees them. */

#include "plan/internal.h"

struct for_each_keys {
	const struct node *items;
	int64_t parallel;
};

const struct field for_each_rows[] = {
	NODE(struct for_each_keys, items, .form = "CEL, list, or list", .flags = FIELD_REQUIRED,
	     .doc = "CEL, list; or a list."),
	INTEGER(struct for_each_keys, parallel, .min = 1, .max = PLAN_MAX_NODES,
		.flags = FIELD_LITERAL, .dflt = "1", .doc = "So many rounds at once, at most."),
	{ 0 },
};

int32_t loop_around(const struct planner *planner, int32_t slot)
{
	const struct plan_scope *scope = planner->nodes.at[slot]->node.scope;
	for (slot = planner->nodes.at[slot]->node.parent; slot != PLAN_NONE;
	     slot = planner->nodes.at[slot]->node.parent) {
		const struct plan_node *node = &planner->nodes.at[slot]->node;
		if (node->kind == PLAN_LOOP && node->scope == scope)
			return slot;
	}
	return PLAN_NONE;
}

static void list_check(struct planner *planner, const struct expr *items)
{
	const struct type *list = type_list(&type_dyn, planner->arena);
	if (!items || type_assignable(list, expr_type(items)))
		return;
	diag_at(planner->diags, expr_span(items, 0, (uint32_t)expr_text(items).len), RB0239,
		"'for_each' goes over a list; this is %s",
		type_name(expr_type(items), planner->arena));
	diag_hint(planner->diags, "Write [ITEM, ITEM] or an expression that is a list.");
}

void compile_loop(struct planner *planner, struct step_build *step)
{
	const struct node *node = node_get(step->node.node, "for_each");
	struct field_context context = { .what = "for_each", .elsewhere = key_elsewhere };
	struct for_each_keys keys = { .items = node, .parallel = 1 };
	if (node->kind == NODE_MAP &&
	    !field_load(for_each_rows, node, &context, &keys, planner->arena, planner->diags))
		return;
	step->rounds->parallel = keys.parallel;
	step->rounds->span = keys.items->span;
	if (keys.items->kind == NODE_LIST) {
		step->rounds->listed = field_value_read(keys.items, step->node.names,
							planner->arena, planner->diags);
		return;
	}
	if (!kind_check(planner, keys.items, NODE_SCALAR, "for_each", "[ITEM, ITEM]"))
		return;
	step->rounds->items = template_read_expr(keys.items, step->node.names, planner->arena,
						 planner->diags);
	list_check(planner, step->rounds->items);
}
