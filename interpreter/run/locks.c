/* The locks of a run: of its document and of all that it may call, in order of name. */

#include <signal.h>
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

/* ---- who holds one ------------------------------------------------------------------------- */

/* Its short id. A run of another store is called by the end of its id. */
static const char *holder_run(const struct engine *engine, const struct lock_holder *holder)
{
	struct run_folder folder;
	struct store_error error;
	if (!holder->run)
		return "?";
	if (store_find(engine->setup.store, holder->run, &folder, &error))
		return folder.short_id;
	const char *end = strrchr(holder->run, '-');
	return end ? end + 1 : holder->run;
}

/* "2026-03-02 14:02:11 CET, 12m04s ago" */
static const char *holder_since(const struct engine *engine, const struct lock_holder *holder)
{
	struct value since;
	if (!holder->since || !value_read_timestamp(text_of(holder->since), &since))
		return "?";
	int64_t wall = since.integer * NS_PER_S + since.len;
	int64_t ago = clock_wall(loop_clock(engine->setup.loop)) - wall;
	return arena_format(engine->arena, "%s, %s ago", clock_local(wall, engine->arena),
			    clock_span(ago > 0 ? ago : 0, engine->arena));
}

static const char *holder_text(const struct engine *engine, const char *name,
			       const struct lock_holder *holder)
{
	struct buffer out;
	buffer_init(&out, engine->arena);
	buffer_printf(&out, "lock '%s' is held by run %s of %s (pid %d, %s@%s) since %s", name,
		      holder_run(engine, holder), holder->document ? holder->document : "?",
		      holder->pid, holder->user ? holder->user : "?",
		      holder->host ? holder->host : "?", holder_since(engine, holder));
	if (holder->doing)
		buffer_printf(&out, "; it is at %s", holder->doing);
	return buffer_string(&out);
}

/* No journal is open yet: the sinks are told directly. */
static void tell(struct engine *engine, const char *text)
{
	struct event_builder builder;
	event_of(engine, &builder, EVENT_STEP_WAITING, NULL, 0);
	event_set(&builder, "msg", value_cstring(text));
	struct event event = event_end(&builder);
	event.wall = clock_wall(loop_clock(engine->setup.loop));
	for (size_t i = 0; i < engine->setup.sink_count; i++)
		engine->setup.sinks[i].event(engine->setup.sinks[i].data, &event);
}

/* ---- taking them --------------------------------------------------------------------------- */

#define LOOK_AGAIN (50 * NS_PER_MS)

/* A lock that is wanted, and how long it is waited for. */
struct wanted {
	struct engine *engine;
	struct lock_request request;
	int64_t until;       /* boot time, ns */
	struct arena *arena; /* of the try that takes it */
	bool told, stopped;
	bool ours; /* it is held by the run of which this one is a step: that will not end before */
};

static void drop(void *data)
{
	arena_done(data);
}

static void look_again(void *data)
{
	(void)data; /* the loop has turned */
}

static void stop_waiting(void *data, int signal)
{
	struct wanted *wanted = data;
	wanted->stopped = wanted->stopped || signal != SIGWINCH;
}

static void pause_before_next(struct wanted *wanted)
{
	struct loop *loop = wanted->engine->setup.loop;
	struct timer timer = { .fire = look_again };
	loop_on_signal(loop, stop_waiting, wanted);
	timer_start(&timer, loop, LOOK_AGAIN);
	loop_run_once(loop);
	timer_stop(&timer);
	loop_on_signal(loop, NULL, NULL);
}

/* What a try in vain has needed is dropped, so that one may wait for days. */
static enum lock_result try_once(struct wanted *wanted, struct lock_answer *answer,
				 const char **held)
{
	struct engine *engine = wanted->engine;
	arena_init(wanted->arena);
	enum lock_result result = lock_take(&wanted->request, engine->setup.store, wanted->arena,
					    answer);
	if (result == LOCK_HELD && !(wanted->told && *held))
		*held = holder_text(engine, wanted->request.name, &answer->holder);
	const char *around = getenv("RUNBOOK_RUN_ID");
	wanted->ours = result == LOCK_HELD && around && answer->holder.run &&
		       strcmp(around, answer->holder.run) == 0;
	if (result == LOCK_HELD)
		arena_done(wanted->arena);
	else
		arena_defer(engine->arena, drop, wanted->arena);
	return result;
}

static struct engine *take_one(struct wanted *wanted, struct run_refusal *refusal)
{
	struct engine *engine = wanted->engine;
	struct lock_answer answer = { 0 };
	const char *held = NULL;
	enum lock_result result;
	wanted->arena = arena_new(engine->arena, struct arena);
	while ((result = try_once(wanted, &answer, &held)) == LOCK_HELD) {
		if (wanted->stopped)
			return refuse(refusal, 10, "stopped while it waited for a lock", NULL);
		if (wanted->ours)
			return refuse(refusal, 6, held,
				      "This run is a step of that one: use 'call' there.");
		if (loop_now(engine->setup.loop) >= wanted->until)
			return refuse(
				refusal, 6, held,
				"Wait until that run has ended, or stop it; --lock-timeout 10m "
				"waits for it.");
		if (!wanted->told)
			tell(engine, arena_format(engine->arena, "waiting: %s", held));
		wanted->told = true;
		pause_before_next(wanted);
	}
	if (result == LOCK_FAILED)
		return refuse_store(refusal, &answer.error);
	*list_add(&engine->locks, engine->arena) = (struct lock_taken){ wanted->request.name,
									answer.path };
	return engine;
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
	int64_t until = loop_now(engine->setup.loop) + engine->setup.lock_timeout;
	for (size_t i = 0; i < count; i++) {
		struct wanted wanted = { .engine = engine,
					 .request = { .name = names[i],
						      .run_id = engine->folder.id,
						      .run_path = engine->folder.path,
						      .document = engine->setup.plan->path },
					 .until = until };
		if (i > 0 && strcmp(names[i], names[i - 1]) == 0)
			continue;
		if (!take_one(&wanted, refusal))
			return NULL;
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
