/* run before it: of the last run all is known, of itself nothing. */

#include "plan/internal.h"

static bool run_get(const struct value_object *object, struct text key, struct arena *arena,
		    struct value *out)
{
	const struct value *last = object->data;
	*out = text_is(key, "last") ? *last : value_unknown("run, known in the run", arena);
	return !value_is(*out, VALUE_NULL);
}

static bool run_key(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const names[] = { "id", "last" };
	const struct value *last = object->data;
	if (index >= (value_is(*last, VALUE_NULL) ? 1 : 2))
		return false;
	*key = text_of(names[index]);
	return true;
}

static const struct value_object_class run_class = { run_get, run_key };

struct value foreseen_run(const struct plan_scope *scope, struct value last, struct arena *arena)
{
	struct value *seen = arena_new(arena, struct value);
	*seen = scope->kind == SCOPE_DOCUMENT ? last : value_null();
	return value_object(&run_class, seen, arena);
}
