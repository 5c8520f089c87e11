/* The environment and the folder of an attempt's commands. */

#include <stdlib.h>

#include "base/file.h"
#include "run/internal.h"

extern char **environ;

static bool is_secret_variable(const struct plan *plan, const char *entry)
{
	for (size_t scope = 0; scope < plan->scope_count; scope++)
		for (size_t i = 0; i < plan->scopes[scope]->input_count; i++) {
			const struct input *input = &plan->scopes[scope]->inputs[i];
			size_t len = input->env ? strlen(input->env) : 0;
			if (input->secret && len && strncmp(entry, input->env, len) == 0 &&
			    entry[len] == '=')
				return true;
		}
	return false;
}

/* The operator's environment less the variables that secrets were read from. */
const char *const *environment_base(const struct run_setup *setup, struct arena *arena)
{
	size_t count = 0;
	while (environ[count])
		count++;
	const char **base = arena_array(arena, const char *, count + 1);
	count = 0;
	for (char **entry = environ; *entry; entry++)
		if (!is_secret_variable(setup->plan, *entry))
			base[count++] = *entry;
	base[count] = NULL;
	return base;
}

/* ---- one attempt's ------------------------------------------------------------------------- */

struct environment {
	struct arena *arena;
	bool rollback; /* rollback.env counts */
	const char **entries;
	size_t count, cap;
};

static void environment_set(struct environment *environment, const char *name, const char *value)
{
	size_t len = strlen(name);
	const char *entry = arena_format(environment->arena, "%s=%s", name, value);
	for (size_t i = 0; i < environment->count; i++)
		if (strncmp(environment->entries[i], name, len) == 0 &&
		    environment->entries[i][len] == '=') {
			environment->entries[i] = entry;
			return;
		}
	if (environment->count + 1 >= environment->cap) {
		size_t cap = environment->cap * 2;
		const char **entries = arena_array(environment->arena, const char *, cap);
		memcpy(entries, environment->entries, environment->count * sizeof(*entries));
		environment->entries = entries;
		environment->cap = cap;
	}
	environment->entries[environment->count++] = entry;
}

static bool environment_pairs(struct environment *environment, const struct pairs *pairs,
			      struct span span, struct failure *failure)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (memchr(pairs->at[i].value.ptr ? pairs->at[i].value.ptr : "", 0,
			   pairs->at[i].value.len)) {
			*failure = (struct failure){
				.class = "refused",
				.message = arena_format(environment->arena,
							"variable '%s' would hold a NUL byte",
							pairs->at[i].name),
				.span = span,
			};
			return false;
		}
		environment_set(environment, pairs->at[i].name,
				arena_text(environment->arena, pairs->at[i].value).ptr);
	}
	return true;
}

static bool environment_bound(struct engine *engine, struct environment *environment,
			      const struct plan_scope *scope, const struct bound *bound,
			      struct failure *failure)
{
	struct scope_env env = { 0 };
	struct expr_scope names = instance_scope(&engine->instances.at[scope->index],
						 &engine->instances);
	if (!bound)
		return true;
	return field_bind(bound, &names, environment->arena, &env, failure) &&
	       secrets_mask_bound(engine, bound, &names, failure) &&
	       environment_pairs(environment, &env.env, (struct span){ 0 }, failure);
}

/* Of the scope, and in a rollback what that sets over it. */
static bool environment_scope(struct engine *engine, struct environment *environment,
			      const struct plan_scope *scope, struct failure *failure)
{
	return environment_bound(engine, environment, scope, scope->env, failure) &&
	       (!environment->rollback ||
		environment_bound(engine, environment, scope, scope->rollback_env, failure));
}

/* In undo, rollback steps and the second verify; finally has left the rollback behind it. */
static bool in_rollback(const struct engine *engine, const struct plan_node *node)
{
	while (node->parent != PLAN_NONE)
		node = engine->setup.plan->nodes[node->parent];
	return engine->state.phase == RUN_ROLLING_BACK && node->section != SECTION_FINALLY;
}

bool scope_defaults_bind(struct engine *engine, const struct plan_scope *scope, struct arena *arena,
			 struct scope_defaults *defaults, struct failure *failure)
{
	struct expr_scope names = instance_scope(&engine->instances.at[scope->index],
						 &engine->instances);
	*defaults = (struct scope_defaults){ 0 };
	return !scope->defaults || field_bind(scope->defaults, &names, arena, defaults, failure);
}

static bool scope_cwd(struct engine *engine, const struct plan_scope *scope, struct arena *arena,
		      const char **cwd, struct failure *failure)
{
	struct scope_defaults defaults;
	if (!scope_defaults_bind(engine, scope, arena, &defaults, failure))
		return false;
	if (defaults.cwd)
		*cwd = file_join(engine->setup.plan->folder, defaults.cwd, arena);
	return true;
}

/* From the outside in, so that the inner one wins. */
static bool walk_in(struct engine *engine, const struct plan_node *node,
		    struct environment *environment, const char **cwd, struct failure *failure)
{
	const struct plan *plan = engine->setup.plan;
	if (node->parent != PLAN_NONE &&
	    !walk_in(engine, plan->nodes[node->parent], environment, cwd, failure))
		return false;
	if (node->keys) {
		struct step_keys keys;
		struct expr_scope names = instance_scope(&engine->instances.at[node->scope->index],
							 &engine->instances);
		if (!field_bind(node->keys, &names, environment->arena, &keys, failure) ||
		    !secrets_mask_bound(engine, node->keys, &names, failure) ||
		    !environment_pairs(environment, &keys.env, node->span, failure))
			return false;
		if (keys.cwd)
			*cwd = file_join(*cwd, keys.cwd, environment->arena);
	}
	if (!node->inner)
		return true;
	return scope_cwd(engine, node->inner, environment->arena, cwd, failure) &&
	       environment_scope(engine, environment, node->inner, failure);
}

bool surroundings_make(struct engine *engine, const struct plan_node *node, struct arena *arena,
		       struct surroundings *surroundings, struct failure *failure)
{
	const struct plan *plan = engine->setup.plan;
	struct environment environment = { .arena = arena, .rollback = in_rollback(engine, node) };
	while (engine->environ_base[environment.count])
		environment.count++;
	environment.cap = environment.count + 32;
	environment.entries = arena_array(arena, const char *, environment.cap);
	memcpy(environment.entries, engine->environ_base,
	       environment.count * sizeof(*environment.entries));
	surroundings->cwd = plan->folder;
	if (!scope_cwd(engine, plan->scopes[0], arena, &surroundings->cwd, failure) ||
	    !environment_scope(engine, &environment, plan->scopes[0], failure) ||
	    !walk_in(engine, node, &environment, &surroundings->cwd, failure))
		return false;
	environment_set(&environment, "RUNBOOK_RUN_ID", engine->folder.id);
	environment_set(&environment, "RUNBOOK_STEP_ID", node->label ? node->label : node->path);
	environment_set(&environment, "RUNBOOK_RUN_DIR",
			file_join(engine->folder.path, "files", arena));
	environment.entries[environment.count] = NULL;
	surroundings->env = environment.entries;
	return true;
}
