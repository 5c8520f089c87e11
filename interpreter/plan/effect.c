/* What each step does to the world, as far as it is known before the run. */

#include "plan/internal.h"

void effect_read_key(struct planner *planner, struct step_build *step)
{
	const struct node *node = node_get(step->node.node, "effect");
	struct plan_node *plan = &step->node;
	if (node)
		plan->effect_scope = plan->scope;
	else if (step->library && step->library->effect)
		plan->effect_scope = plan->inner;
	else
		return;
	if (!node)
		node = step->library->effect;
	plan->effect_text = template_read(node, plan->effect_scope->names, planner->arena,
					  planner->diags);
	struct text constant;
	enum effect effect;
	if (!plan->effect_text || !template_constant(plan->effect_text, &constant) ||
	    effect_read(constant, &effect))
		return;
	diag_at(planner->diags, node->span, RB0202, "'%.*s' is no effect", TEXT_ARG(constant));
	diag_hint(planner->diags, "It is none, read, write or destructive.");
}

bool plan_effect(const struct plan_node *node, const struct expr_scope *scope, struct arena *arena,
		 enum effect *effect, struct failure *failure)
{
	const struct expr *at = NULL;
	struct buffer shown;
	struct value value = template_eval(node->effect_text, scope, arena, &at);
	if (value_is(value, VALUE_STRING) && effect_read(value_text(value), effect))
		return true;
	if (value_is(value, VALUE_ERROR) && at) {
		*failure = failure_of(at, value);
		return false;
	}
	buffer_init(&shown, arena);
	value_show(&shown, value, 80);
	*failure = (struct failure){
		.class = "expression",
		.message = arena_format(arena,
					"the effect %s is not none, read, write or destructive",
					buffer_string(&shown)),
		.span = node->effect_text->node->span,
		.unknown = value_is(value, VALUE_UNKNOWN),
	};
	return false;
}

enum plan_gate plan_gate(const struct plan_node *node)
{
	struct text constant;
	bool computed = node->effect_text && !template_constant(node->effect_text, &constant);
	if (node->type && node->type->kind == STEP_KIND_GATE)
		return PLAN_GATE;
	if (node->effect_owner != PLAN_NONE || (node->kind != PLAN_STEP && !node->effect_text))
		return PLAN_NO_GATE;
	return computed                             ? PLAN_GATE_PERHAPS
	       : node->effect == EFFECT_DESTRUCTIVE ? PLAN_GATE
						    : PLAN_NO_GATE;
}

/* What check knows of a scope's values: defaults and constants; the rest is unknown. */
static struct instance *instance_known(struct planner *planner, const struct plan_scope *scope)
{
	struct instance *instance = &planner->known.at[scope->index];
	struct failure failure;
	if (instance->scope)
		return instance;
	instance->scope = scope;
	for (int i = 0; i < NAME_COUNT; i++)
		instance->names[i] = value_unknown("known in the run", planner->arena);
	for (size_t i = 0; i < scope->with_count; i++)
		if (scope->with[i].scope)
			instance_known(planner, scope->with[i].scope);
	if (scope->kind == SCOPE_LIBRARY &&
	    !instance_open(&planner->known, instance, planner->arena, &failure))
		instance->names[NAME_INPUTS] = value_unknown("known in the run", planner->arena);
	return instance;
}

static enum effect effect_declared(struct planner *planner, const struct plan_node *node)
{
	enum effect effect = EFFECT_WRITE;
	struct instance *instance = instance_known(planner, node->effect_scope);
	struct expr_scope scope = instance_scope(instance, &planner->known);
	struct value value = template_eval(node->effect_text, &scope, planner->arena, NULL);
	if (value_is(value, VALUE_STRING))
		effect_read(value_text(value), &effect);
	return effect;
}

static enum effect effect_own(struct planner *planner, const struct step_build *step)
{
	const struct step_type *type = step->node.type;
	if (step->node.effect_text)
		return effect_declared(planner, &step->node);
	if (step->node.kind != PLAN_STEP || !type)
		return EFFECT_NONE;
	return type->effect_of && step->node.args ? type->effect_of(step->node.args) : type->effect;
}

static void effect_raise(struct planner *planner, const struct plan_node *node)
{
	int32_t from = node->slot;
	for (int32_t at = node->parent; at != PLAN_NONE; at = planner->nodes.at[at]->node.parent) {
		struct plan_node *around = &planner->nodes.at[at]->node;
		if (around->kind == PLAN_UNDO || around->done_when == from ||
		    around->preview == from)
			return;
		from = at;
		if (!around->effect_text && around->effect < node->effect)
			around->effect = node->effect;
	}
}

/* A destructive step is a gate: it is opened by typing its id. */
static void destructive_check(struct planner *planner, const struct step_build *step)
{
	if (step->node.effect != EFFECT_DESTRUCTIVE || step->node.kind == PLAN_SECTION ||
	    step->node.effect_owner != PLAN_NONE || step->node.kind == PLAN_GROUP ||
	    step->node.kind == PLAN_LOOP || step->node.kind == PLAN_CALL ||
	    node_get(step->node.node, "id"))
		return;
	diag_at(planner->diags, step->node.span, RB0227, "a destructive step needs an id");
	diag_hint(planner->diags, "It runs only when its id is typed, or given with --approve ID.");
}

static void done_when_check(struct planner *planner, const struct step_build *step)
{
	if (!step->looks || step->node.effect <= EFFECT_READ)
		return;
	diag_at(planner->diags, step->node.span, RB0241,
		"done_when changes nothing; this step has effect '%s'",
		effect_name((enum effect)step->node.effect));
	diag_hint(planner->diags, "If it only looks, write 'effect: read' in it.");
}

static void precondition_check(struct planner *planner, const struct step_build *step)
{
	const struct plan_node *node = &step->node;
	if (node->parent == PLAN_NONE || !section_only_looks(node->section) ||
	    node->effect <= EFFECT_READ)
		return;
	const struct plan_node *list = &planner->nodes.at[node->parent]->node;
	if (list->kind != PLAN_SECTION || !section_only_looks(list->section) ||
	    (list->parent != PLAN_NONE && planner->nodes.at[list->parent]->node.kind == PLAN_UNDO))
		return;
	diag_at(planner->diags, node->span, RB0223,
		"a precondition changes nothing; this step has effect '%s'",
		effect_name((enum effect)node->effect));
	diag_hint(planner->diags,
		  "If it only looks, say so: effect: read. Else move it to 'steps'.");
}

void effects_find(struct planner *planner)
{
	planner->known.count = planner->namespaces.count;
	planner->known.at = arena_array(planner->arena, struct instance, planner->known.count);
	for (size_t i = 0; i < planner->nodes.count; i++) {
		struct step_build *step = planner->nodes.at[i];
		struct plan_node *owner =
			step->node.effect_owner == PLAN_NONE
				? NULL
				: &planner->nodes.at[step->node.effect_owner]->node;
		if (owner && step->node.kind == PLAN_STEP)
			step->node.effect = owner->effect;
		else if (step->node.kind != PLAN_SECTION && step->node.kind != PLAN_UNDO)
			step->node.effect = (uint8_t)effect_own(planner, step);
		effect_raise(planner, &step->node);
	}
	for (size_t i = 0; i < planner->nodes.count; i++) {
		precondition_check(planner, planner->nodes.at[i]);
		destructive_check(planner, planner->nodes.at[i]);
		done_when_check(planner, planner->nodes.at[i]);
		preview_check(planner, planner->nodes.at[i]);
	}
}
