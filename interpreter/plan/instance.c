/* The values of a scope's names. */

#include "plan/internal.h"

struct expr_scope instance_scope(struct instance *instance, const struct instances *instances)
{
	int64_t now = instances->clock ? clock_wall(instances->clock) : 0;
	if (instances->clock)
		instance->names[NAME_NOW] = value_timestamp(now / NS_PER_S,
							    (uint32_t)(now % NS_PER_S));
	return (struct expr_scope){ .values = instance->names, .count = NAME_COUNT, .now = now };
}

static bool fail_value(struct failure *failure, const struct expr *at, struct value error,
		       struct span span)
{
	if (at) {
		*failure = failure_of(at, error);
		return false;
	}
	*failure = (struct failure){ .class = "expression",
				     .message = error.error->message,
				     .hint = error.error->hint,
				     .span = span };
	return false;
}

static struct value words_value(const struct words *words, struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, words->count);
	for (size_t i = 0; i < words->count; i++)
		items[i] = value_cstring(words->word[i]);
	return value_list(items, words->count, arena);
}

/* A value that cannot be computed: whether to go on without it. */
static bool go_on(const struct instances *instances, const struct failure *failure,
		  struct value *value, struct arena *arena)
{
	if (!instances->wrong)
		return false;
	instances->wrong(instances->wrong_data, failure);
	*value = value_unknown("it cannot be computed", arena);
	return true;
}

/* ---- inputs -------------------------------------------------------------------------------- */

static const struct plan_with *with_find(const struct plan_scope *scope, size_t input)
{
	for (size_t i = 0; i < scope->with_count; i++)
		if (scope->with[i].input == input)
			return &scope->with[i];
	return NULL;
}

static bool with_value(const struct instances *instances, const struct plan_with *with,
		       struct arena *arena, struct value *out, struct failure *failure)
{
	struct instance none = { 0 };
	struct instance *user = with->scope ? &instances->at[with->scope->index] : &none;
	struct expr_scope scope = instance_scope(user, instances);
	const struct expr *at = NULL;
	struct words words;
	if (with->words) {
		for (size_t i = 0; place_hole(with->words, i); i++) {
			struct value hole = expr_eval(place_hole(with->words, i), &scope, arena);
			if (value_has_unknown(hole)) {
				*out = place_words_known(with->words, &scope, arena);
				return true;
			}
		}
		if (!place_words(with->words, &scope, arena, &words, failure))
			return false;
		*out = words_value(&words, arena);
		return true;
	}
	*out = field_value_eval(with->value, &scope, arena, &at);
	return !value_is(*out, VALUE_ERROR) || fail_value(failure, at, *out, with->node->span);
}

bool with_constant(const struct plan_with *with, struct arena *arena, struct value *value)
{
	const struct instances none = { 0 };
	struct plan_with constant = *with;
	struct failure failure;
	constant.scope = NULL;
	return with_value(&none, &constant, arena, value, &failure);
}

/* The same input of the same fragment, resolved further out. */
static bool shared_value(const struct instances *instances, const struct plan_scope *scope,
			 const struct input *input, struct arena *arena, struct value *out)
{
	if (!input->fragment || scope->kind != SCOPE_CALL)
		return false;
	for (const struct plan_scope *at = scope->outer; at; at = at->outer)
		for (size_t i = 0; i < at->input_count; i++)
			if (at->inputs[i].fragment &&
			    strcmp(at->inputs[i].fragment, input->fragment) == 0 &&
			    strcmp(at->inputs[i].name, input->name) == 0)
				return value_field(instances->at[at->index].names[NAME_INPUTS],
						   input->name, arena, out);
	return false;
}

static bool input_value(const struct instances *instances, const struct plan_scope *scope,
			size_t index, struct arena *arena, struct value *out,
			struct failure *failure)
{
	const struct input *input = &scope->inputs[index];
	const struct plan_with *with = with_find(scope, index);
	struct span span = with ? with->node->span : input->span;
	const char *variable = input->env && instances->variable
				       ? instances->variable(instances->data, input->env)
				       : NULL;
	if (with) {
		if (!with_value(instances, with, arena, out, failure))
			return false;
		*out = input_from_value(input, *out, arena);
	} else if (shared_value(instances, scope, input, arena, out)) {
		return true;
	} else if (input->env && !instances->variable) {
		*out = value_unknown(arena_format(arena, "inputs.%s: %s, known in the run",
						  input->name, input_type_names[input->type]),
				     arena);
	} else if (variable && *variable) {
		*out = value_mark(input_from_text(input, text_of(variable), arena), VALUE_OUTSIDE);
	} else if (input->dflt) {
		*out = input->value;
	} else {
		*out = value_error(arena, FAIL_EXPRESSION, "is not given");
	}
	if (!value_is(*out, VALUE_ERROR))
		return true;
	const char *message = arena_format(arena, "input '%s' %s", input->name,
					   out->error->message);
	*failure = (struct failure){
		.class = "expression", .message = message, .hint = input->hint, .span = span
	};
	return false;
}

bool instance_open(const struct instances *instances, struct instance *instance,
		   struct arena *arena, struct failure *failure)
{
	struct value_map_builder map;
	const struct plan_scope *scope = instance->scope;
	value_map_init(&map, arena);
	for (size_t i = 0; i < scope->input_count; i++) {
		struct value value;
		if (!input_value(instances, scope, i, arena, &value, failure) &&
		    !go_on(instances, failure, &value, arena))
			return false;
		value_map_set(&map, scope->inputs[i].name, value);
	}
	instance->names[NAME_INPUTS] = value_map_end(&map);
	return instance_compute(instances, instance, arena, failure);
}

/* ---- vars and env -------------------------------------------------------------------------- */

/* Whether a map has the name, and in it a value. */
static bool given(struct value map, const char *name, struct arena *arena, struct value *out)
{
	return value_is(map, VALUE_MAP) && value_field(map, name, arena, out) &&
	       !value_is(*out, VALUE_ERROR);
}

/* Of a map that was recorded: a value with a secret in it was not kept whole. */
static bool recorded(struct value map, const char *name, struct arena *arena, struct value *out)
{
	return given(map, name, arena, out) && !(out->flags & VALUE_SECRET);
}

/* known: values that a run has recorded, or NULL. With them a var that cannot be computed is an
 * error value. */
static bool compute_vars(const struct instances *instances, struct instance *instance,
			 const struct value *known, struct arena *arena, struct failure *failure)
{
	const struct plan_scope *scope = instance->scope;
	struct value_map_builder map;
	value_map_init(&map, arena);
	instance->names[NAME_VARS] = value_map_end(&map);
	for (size_t i = 0; i < scope->var_count; i++) {
		struct expr_scope names = instance_scope(instance, instances);
		const struct expr *at = NULL;
		struct value value;
		if (!known || !recorded(*known, scope->vars[i].name, arena, &value))
			value = field_value_eval(scope->vars[i].value, &names, arena, &at);
		if (value_is(value, VALUE_ERROR) && !known &&
		    !fail_value(failure, at, value, scope->vars[i].span) &&
		    !go_on(instances, failure, &value, arena))
			return false;
		/* A var may name those before it: each sees a map of its own. */
		struct value_map_builder next;
		value_map_init(&next, arena);
		for (size_t k = 0; k < map.count; k++)
			value_map_put(&next, map.entries[k].key, map.entries[k].value);
		value_map_set(&next, scope->vars[i].name, value);
		map = next;
		instance->names[NAME_VARS] = value_map_end(&next);
	}
	return true;
}

static bool unknown_env(const struct bound *env, const struct expr_scope *scope,
			struct arena *arena)
{
	for (size_t i = 0; field_expr(env, i); i++)
		if (value_has_unknown(expr_eval(field_expr(env, i), scope, arena)))
			return true;
	return false;
}

static bool compute_env(const struct instances *instances, struct instance *instance,
			struct arena *arena, struct failure *failure)
{
	struct expr_scope names = instance_scope(instance, instances);
	struct scope_env env = { 0 };
	struct value_map_builder map;
	const struct bound *bound = instance->scope->env;
	if (bound && unknown_env(bound, &names, arena)) {
		instance->names[NAME_ENV] = value_unknown("env, known in the run", arena);
		return true;
	}
	if (bound && !field_bind(bound, &names, arena, &env, failure))
		return go_on(instances, failure, &instance->names[NAME_ENV], arena);
	value_map_init(&map, arena);
	for (size_t i = 0; i < env.env.count; i++)
		value_map_set(&map, env.env.at[i].name,
			      value_mark(value_string(env.env.at[i].value),
					 env.env.at[i].secret ? VALUE_SECRET | VALUE_OUTSIDE
							      : VALUE_OUTSIDE));
	instance->names[NAME_ENV] = value_map_end(&map);
	return true;
}

bool instance_compute(const struct instances *instances, struct instance *instance,
		      struct arena *arena, struct failure *failure)
{
	return compute_vars(instances, instance, NULL, arena, failure) &&
	       compute_env(instances, instance, arena, failure);
}

void instance_restore(const struct instances *instances, struct instance *instance,
		      struct value inputs, struct value vars, struct arena *arena)
{
	const struct plan_scope *scope = instance->scope;
	struct value_map_builder map;
	struct failure failure;
	value_map_init(&map, arena);
	for (size_t i = 0; i < scope->input_count; i++) {
		struct value value;
		/* The secrets of the document are given again. */
		bool whole = scope->node == PLAN_NONE
				     ? given(inputs, scope->inputs[i].name, arena, &value)
				     : recorded(inputs, scope->inputs[i].name, arena, &value);
		if (!whole && !input_value(instances, scope, i, arena, &value, &failure))
			value = value_error(arena, FAIL_EXPRESSION, "%s", failure.message);
		value_map_set(&map, scope->inputs[i].name, value);
	}
	instance->names[NAME_INPUTS] = value_map_end(&map);
	compute_vars(instances, instance, &vars, arena, &failure);
	if (!compute_env(instances, instance, arena, &failure))
		instance->names[NAME_ENV] = value_error(arena, FAIL_EXPRESSION, "%s",
							failure.message);
}
