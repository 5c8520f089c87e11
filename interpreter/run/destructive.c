/* The question before a step that destroys something, and what it shows of the step. */

#include <string.h>

#include "run/internal.h"

/* What a library step or a group is about to do, as far as it is known. */
static void put_members(struct engine *engine, const struct plan_node *node, struct buffer *out)
{
	const struct plan *plan = engine->setup.plan;
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		const struct plan_node *member = plan->nodes[at];
		struct instance *names = &engine->instances.at[member->scope->index];
		struct expr_scope scope = instance_scope(names, &engine->instances);
		if (out->len)
			buffer_putc(out, '\n');
		if (member->kind != PLAN_STEP || !names->scope || member->sensitive)
			buffer_puts(out, member->title);
		else
			step_show(out, member->type, member->args, &scope, &engine->tick);
	}
}

/* What it does, with values; "" where that is not shown. */
static const char *what_it_does(struct engine *engine, const struct plan_node *node,
				const struct expr_scope *scope)
{
	struct buffer text;
	buffer_init(&text, &engine->tick);
	if (node->kind != PLAN_STEP)
		put_members(engine, node, &text);
	else if (!node->sensitive)
		step_show(&text, node->type, node->args, scope, &engine->tick);
	return buffer_string(&text);
}

/* Its name, values put in; of a step without one that is what it does. */
static const char *name_of(struct engine *engine, const struct plan_node *node, const char *does)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	struct buffer name;
	buffer_init(&name, &engine->tick);
	if (node->keys && field_show_one(&name, node->keys, "name", &scope, &engine->tick))
		return buffer_string(&name);
	if (node->kind != PLAN_STEP || !*does)
		return node->title;
	return arena_format(&engine->tick, "%s %.*s", node->type->name, (int)strcspn(does, "\n"),
			    does);
}

bool destructive_allowed(struct engine *engine, const struct plan_node *node, enum effect effect)
{
	if (effect != EFFECT_DESTRUCTIVE || node->effect_owner != PLAN_NONE)
		return true;
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	const char *does = what_it_does(engine, node, &scope);
	const char *name = name_of(engine, node, does);
	const struct question question = {
		.kind = "destructive",
		.text = arena_format(&engine->tick, "%s destroys something. Run it?", name),
		.name = name,
		.show = text_ends(text_of(name), does) ? NULL : does,
		.must_type = node->id,
	};
	return gate_open(engine, node, &question);
}
