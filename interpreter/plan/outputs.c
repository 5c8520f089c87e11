/* What a document or a library step hands on. */

#include "plan/internal.h"

struct output_written {
	const struct node *value;
	const char *description;
};

const struct field output_rows[] = {
	NODE(struct output_written, value, .form = "CEL", .flags = FIELD_REQUIRED,
	     .doc = "The expression."),
	STRING(struct output_written, description, .flags = FIELD_LITERAL,
	       .doc = "What it is, for people."),
	{ 0 },
};

const struct node *output_value(const struct node *node)
{
	return node->kind == NODE_MAP ? node_get(node, "value") : node;
}

/* NAME: EXPRESSION, or NAME: {value: EXPRESSION, description: TEXT}; false after a complaint. */
static bool output_read(struct planner *planner, const struct namespace *namespace,
			const struct entry *entry, struct plan_output *output)
{
	struct field_context context = { .what = "an output", .elsewhere = key_elsewhere };
	struct output_written written = { 0 };
	if (!name_check(planner, &entry->key, "the name of an output"))
		return false;
	if (entry->value.kind == NODE_MAP && !field_load(output_rows, &entry->value, &context,
							 &written, planner->arena, planner->diags))
		return false;
	output->name = arena_text(planner->arena, entry->key.text).ptr;
	output->description = written.description;
	output->expr = template_read_expr(output_value(&entry->value), &namespace->options,
					  planner->arena, planner->diags);
	return output->expr;
}

const struct plan_output *namespace_outputs(struct planner *planner, struct namespace *namespace,
					    const struct node *outputs)
{
	if (!outputs)
		return NULL;
	if (!kind_check(planner, outputs, NODE_MAP, "outputs", "{NAME: EXPRESSION}"))
		return NULL;
	struct plan_output *list = arena_array(planner->arena, struct plan_output,
					       outputs->count + 1);
	size_t count = 0;
	for (uint32_t i = 0; i < outputs->count; i++)
		count += output_read(planner, namespace, &outputs->entries[i], &list[count]);
	list[count].name = NULL;
	return list;
}

const struct output *outputs_declared(struct planner *planner, const struct plan_output *outputs)
{
	size_t count = 0;
	while (outputs[count].name)
		count++;
	struct output *list = arena_array(planner->arena, struct output, count + 1);
	for (size_t i = 0; i < count; i++)
		list[i] = (struct output){ .name = outputs[i].name,
					   .type = expr_type(outputs[i].expr),
					   .doc = outputs[i].description };
	return list;
}
