/* The locks of a run: of its document and of all that it may call, in order of name. */

#include <stdlib.h>

#include "run/internal.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The name of a lock, before anything has run; NULL text for none. False: *failure says why. */
static bool lock_name(struct engine *engine, const struct template *lock,
		      const struct plan_scope *scope, struct text *name, struct failure *failure)
{
	struct instance *instance = &engine->instances.at[scope->index];
	const struct expr *at = NULL;
	const char *why;
	*name = (struct text){ 0 };
	if (template_constant(lock, name))
		return true;
	if (!instance->scope) {
		instance->scope = scope;
		instance_bind(engine, instance);
		if (!instance_open(&engine->instances, instance, engine->arena, failure))
			return false;
	}
	struct expr_scope names = instance_scope(instance, &engine->instances);
	struct value value = template_eval(lock, &names, engine->arena, &at);
	if (value_is(value, VALUE_ERROR)) {
		*failure = at ? failure_of(at, value)
			      : (struct failure){ .message = value.error->message };
		return false;
	}
	if (value.flags & VALUE_SECRET) {
		*failure = (struct failure){ .message = "it holds a secret" };
		return false;
	}
	value_to_text(value, engine->arena, name, &why);
	return true;
}

/* In order of name, each once, so that two runs can never wait for each other. */
static bool lock_names(struct engine *engine, const char ***names, size_t *count,
		       struct failure *failure)
{
	const struct plan *plan = engine->setup.plan;
	*names = arena_array(engine->arena, const char *, plan->lock_count);
	*count = 0;
	for (size_t i = 0; i < plan->lock_count; i++) {
		struct text name;
		if (!lock_name(engine, plan->locks[i], plan->lock_scopes[i], &name, failure))
			return false;
		if (name.ptr)
			(*names)[(*count)++] = arena_text(engine->arena, name).ptr;
	}
	qsort(*names, *count, sizeof(**names), by_name);
	return true;
}

static struct engine *refuse_held(struct engine *engine, const char *name,
				  const struct lock_answer *answer, struct run_refusal *refusal)
{
	const struct lock_holder *holder = &answer->holder;
	const char *message = arena_format(
		engine->arena, "lock '%s' is held by run %s of %s (pid %d, %s@%s) since %s", name,
		holder->run ? holder->run : "?", holder->document ? holder->document : "?",
		holder->pid, holder->user ? holder->user : "?", holder->host ? holder->host : "?",
		holder->since ? holder->since : "?");
	return refuse(refusal, 6, message, "Wait until that run has ended, or stop it.");
}

struct engine *locks_take(struct engine *engine, struct run_refusal *refusal)
{
	const char **names;
	size_t count;
	struct failure failure;
	if (!lock_names(engine, &names, &count, &failure))
		return refuse(refusal, 2,
			      arena_format(engine->arena, "the lock's name cannot be computed: %s",
					   failure.message),
			      failure.hint);
	for (size_t i = 0; i < count; i++) {
		struct lock_answer answer = { 0 };
		const struct lock_request request = { .name = names[i],
						      .run_id = engine->folder.id,
						      .document = engine->setup.plan->path };
		if (i > 0 && strcmp(names[i], names[i - 1]) == 0)
			continue;
		enum lock_result result = lock_take(&request, engine->setup.store, engine->arena,
						    &answer);
		if (result == LOCK_HELD)
			return refuse_held(engine, names[i], &answer, refusal);
		if (result == LOCK_FAILED)
			return refuse_store(refusal, &answer.error);
		*list_add(&engine->locks, engine->arena) = (struct lock_taken){ names[i],
										answer.path };
	}
	return engine;
}

void locks_put(struct engine *engine)
{
	for (size_t i = 0; i < engine->locks.count; i++) {
		struct event_builder event;
		event_of(engine, &event, EVENT_LOCK_TAKEN, NULL, 0);
		event_set(&event, "name", value_cstring(engine->locks.at[i].name));
		event_set(&event, "path", value_cstring(engine->locks.at[i].path));
		engine_append(engine, &event);
	}
}
