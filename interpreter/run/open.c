/* How a run begins: folder, journal, locks, and the event that says what it is about. */

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "run/internal.h"

static struct engine *refuse(struct run_refusal *refusal, int exit, const char *message,
			     const char *hint)
{
	*refusal = (struct run_refusal){ exit, message, hint };
	return NULL;
}

static struct engine *refuse_store(struct run_refusal *refusal, const struct store_error *error)
{
	return refuse(refusal, 8, error->message, error->hint);
}

const char *const *run_missing_programs(const struct plan *plan, struct arena *arena)
{
	const char **missing = arena_array(arena, const char *, plan->programs.count + 1);
	const char *path = getenv("PATH");
	size_t count = 0;
	for (size_t i = 0; i < plan->programs.count; i++)
		if (!file_find_program(plan->programs.at[i],
				       path ? path : "/usr/local/bin:/usr/bin:/bin", arena))
			missing[count++] = plan->programs.at[i];
	return missing;
}

/* ---- the engine ---------------------------------------------------------------------------- */

static const char *variable(void *data, const char *name)
{
	(void)data;
	return getenv(name);
}

static void close_tick(void *data)
{
	struct arena *tick = data;
	arena_done(tick);
}

static void fill_who(struct engine *engine)
{
	const struct passwd *passwd = getpwuid(getuid());
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	engine->user = passwd ? arena_string(engine->arena, passwd->pw_name)
			      : arena_format(engine->arena, "%u", (unsigned)getuid());
	engine->host = arena_string(engine->arena, host);
}

static struct engine *engine_new(const struct run_setup *setup)
{
	struct arena *arena = setup->arena;
	struct engine *engine = arena_new(arena, struct engine);
	size_t count = setup->plan->node_count;
	engine->setup = *setup;
	engine->arena = arena;
	engine->failed_slot = -1;
	arena_init(&engine->tick);
	arena_defer(arena, close_tick, &engine->tick);
	state_init(&engine->state, arena);
	engine->expired = arena_array(arena, bool, count);
	engine->passed = arena_array(arena, struct passed, count);
	engine->timers = arena_array(arena, struct timer, count);
	engine->effects = arena_array(arena, uint8_t, count);
	engine->environ_base = environment_base(setup, arena);
	engine->opened_boot = loop_now(setup->loop);
	engine->services = (struct services){ .arena = arena, .loop = setup->loop };
	engine->instances = (struct instances){
		.at = arena_array(arena, struct instance, setup->plan->scope_count),
		.count = setup->plan->scope_count,
		.variable = variable,
		.clock = loop_clock(setup->loop),
	};
	fill_who(engine);
	return engine;
}

static struct value inputs_given(const struct engine *engine)
{
	const struct plan_scope *scope = engine->setup.plan->scopes[0];
	struct value_map_builder map;
	value_map_init(&map, engine->arena);
	for (size_t i = 0; i < scope->input_count; i++)
		value_map_set(&map, scope->inputs[i].name, engine->setup.inputs[i]);
	return value_map_end(&map);
}

/* The document's own names: its inputs are given, vars and env computed from them. */
static bool document_names(struct engine *engine, struct failure *failure)
{
	struct instance *instance = &engine->instances.at[0];
	instance->scope = engine->setup.plan->scopes[0];
	instance_bind(engine, instance);
	instance->names[NAME_INPUTS] = inputs_given(engine);
	return instance_compute(&engine->instances, instance, engine->arena, failure) &&
	       secrets_mask_names(engine, instance, failure);
}

/* ---- run.opened ---------------------------------------------------------------------------- */

static void set(struct value_map_builder *map, const char *key, const char *text)
{
	if (text)
		value_map_set(map, key, value_cstring(text));
}

static struct value place_value(struct span span, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	if (span.source) {
		struct position position = source_position(span.source, span.from);
		set(&map, "file", span.source->name);
		value_map_set(&map, "line", value_int(position.line));
		value_map_set(&map, "col", value_int(position.column));
	}
	return value_map_end(&map);
}

static const char *kind_name(const struct plan_node *node)
{
	static const char *const names[] = {
		[PLAN_SECTION] = "section", [PLAN_STEP] = "step", [PLAN_GROUP] = "group",
		[PLAN_LIBRARY] = "library", [PLAN_CALL] = "call", [PLAN_UNDO] = "undo",
	};
	return names[node->kind];
}

static struct value needs_list(const struct plan_node *node, struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, node->need_count);
	for (size_t i = 0; i < node->need_count; i++)
		items[i] = value_int(node->needs[i]);
	return value_list(items, node->need_count, arena);
}

static struct value outline_row(const struct plan_node *node, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "slot", value_int(node->slot));
	set(&map, "path", node->path);
	set(&map, "section", section_names[node->section]);
	set(&map, "kind", kind_name(node));
	set(&map, "id", node->label);
	set(&map, "name", node->title);
	set(&map, "verb", node->type ? node->type->name : NULL);
	set(&map, "effect", effect_name((enum effect)node->effect));
	value_map_set(&map, "parent", value_int(node->parent));
	if (node->by_needs)
		value_map_set(&map, "needs", needs_list(node, arena));
	value_map_set(&map, "loc", place_value(node->span, arena));
	return value_map_end(&map);
}

static struct value outline(const struct plan *plan, struct arena *arena)
{
	struct value *rows = arena_array(arena, struct value, plan->node_count);
	for (size_t i = 0; i < plan->node_count; i++)
		rows[i] = outline_row(plan->nodes[i], arena);
	return value_list(rows, plan->node_count, arena);
}

static struct value inputs_list(const struct engine *engine, struct arena *arena)
{
	const struct plan_scope *scope = engine->setup.plan->scopes[0];
	struct value *rows = arena_array(arena, struct value, scope->input_count);
	size_t count = 0;
	for (size_t i = 0; i < scope->input_count; i++) {
		struct value_map_builder map;
		if (scope->inputs[i].rollback) /* rollback.opened says them */
			continue;
		value_map_init(&map, arena);
		set(&map, "name", scope->inputs[i].name);
		set(&map, "source", engine->setup.sources[i]);
		if (scope->inputs[i].secret) {
			value_map_set(&map, "secret", value_bool(true));
			set(&map, "trace",
			    secret_trace(engine, scope->inputs[i].name, engine->setup.inputs[i],
					 arena));
		} else {
			value_map_set(&map, "value", engine->setup.inputs[i]);
		}
		rows[count++] = value_map_end(&map);
	}
	return value_list(rows, count, arena);
}

static struct value documents_list(const struct plan *plan, const struct plan_digest *digest,
				   struct arena *arena)
{
	struct value *rows = arena_array(arena, struct value, plan->document_count);
	for (size_t i = 0; i < plan->document_count; i++) {
		struct value_map_builder map;
		value_map_init(&map, arena);
		set(&map, "name", plan->documents[i]->name);
		set(&map, "path", plan->documents[i]->path);
		set(&map, "digest", digest->documents[i]);
		rows[i] = value_map_end(&map);
	}
	return value_list(rows, plan->document_count, arena);
}

static struct value words_list(const char *const *words, struct arena *arena)
{
	size_t count = 0;
	while (words && words[count])
		count++;
	struct value *items = arena_array(arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		items[i] = value_cstring(words[i]);
	return value_list(items, count, arena);
}

static struct value actor(const struct engine *engine, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	set(&map, "user", engine->user);
	set(&map, "host", engine->host);
	value_map_set(&map, "pid", value_int(getpid()));
	set(&map, "tty", ttyname(0));
	return value_map_end(&map);
}

static void put_opened(struct engine *engine, const struct plan_digest *digest)
{
	const struct plan *plan = engine->setup.plan;
	struct arena *arena = &engine->tick;
	struct event_builder event;
	event_of(engine, &event, EVENT_RUN_OPENED, NULL, 0);
	event_set(&event, "program", value_cstring(RUNBOOK_VERSION));
	event_set(&event, "run", value_cstring(engine->folder.id));
	event_set(&event, "name", value_cstring(plan->title ? plan->title : plan->name));
	event_set(&event, "document", value_cstring(plan->name));
	event_set(&event, "path", value_cstring(plan->path));
	event_set(&event, "digest", value_cstring(digest->plan));
	event_set(&event, "actor", actor(engine, arena));
	event_set(&event, "cwd", value_cstring(engine->setup.cwd));
	event_set(&event, "command", words_list(engine->setup.command, arena));
	if (engine->setup.revision)
		event_set(&event, "revision", value_cstring(engine->setup.revision));
	event_set(&event, "documents", documents_list(plan, digest, arena));
	event_set(&event, "inputs", inputs_list(engine, arena));
	event_set(&event, "vars", engine->instances.at[0].names[NAME_VARS]);
	event_set(&event, "outline", outline(plan, arena));
	engine_append(engine, &event);
}

/* ---- locks --------------------------------------------------------------------------------- */

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

static struct engine *locks_take(struct engine *engine, struct run_refusal *refusal)
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

static void put_locks(struct engine *engine)
{
	for (size_t i = 0; i < engine->locks.count; i++) {
		struct event_builder event;
		event_of(engine, &event, EVENT_LOCK_TAKEN, NULL, 0);
		event_set(&event, "name", value_cstring(engine->locks.at[i].name));
		event_set(&event, "path", value_cstring(engine->locks.at[i].path));
		engine_append(engine, &event);
	}
}

/* ---- opening ------------------------------------------------------------------------------- */

static bool keep_documents(struct engine *engine, const struct plan_digest *digest,
			   struct store_error *error)
{
	const struct plan *plan = engine->setup.plan;
	for (size_t i = 0; i < plan->document_count; i++)
		if (!store_keep(&engine->folder, digest->documents[i], plan->documents[i]->text,
				error))
			return false;
	return true;
}

struct engine *run_open(const struct run_setup *setup, struct run_refusal *refusal)
{
	struct engine *engine = engine_new(setup);
	const struct clock *clock = loop_clock(setup->loop);
	struct store_error error;
	struct failure failure;
	if (!document_names(engine, &failure))
		return refuse(refusal, 2, failure.message, failure.hint);
	/* The id is made first so that the lock can say whose it is; a run that gets no lock leaves
	 * no folder. */
	if (!store_create(setup->store, clock_wall(clock), &engine->folder, &error))
		return refuse_store(refusal, &error);
	if (!locks_take(engine, refusal)) {
		store_discard(&engine->folder);
		return NULL;
	}
	engine->journal = journal_open(&engine->folder, clock, setup->mask, engine->arena, &error);
	const struct plan_digest digest = plan_digest(setup->plan, setup->arena);
	if (!engine->journal || !keep_documents(engine, &digest, &error))
		return refuse_store(refusal, &error);
	put_opened(engine, &digest);
	put_locks(engine);
	if (!engine_commit(engine))
		return refuse_store(refusal, &engine->error);
	return engine;
}

/* ---- opening again, for a rollback --------------------------------------------------------- */

static bool replay(const struct event *event, void *data)
{
	struct engine *engine = data;
	struct event past = *event;
	past.past = event->type != EVENT_RUN_OPENED;
	for (size_t i = 0; i < engine->setup.sink_count; i++)
		engine->setup.sinks[i].event(engine->setup.sinks[i].data, &past);
	return state_apply(&engine->state, event);
}

/* The names of the document, and of the calls and library steps that were open: from what the run
 * recorded. A secret, which is kept nowhere, is read from its source again. */
static bool restore_instances(struct engine *engine, struct failure *failure)
{
	const struct plan *plan = engine->setup.plan;
	for (size_t i = 0; i < plan->scope_count; i++) {
		struct instance *instance = &engine->instances.at[i];
		const struct plan_scope *scope = plan->scopes[i];
		const struct step_state *use = scope->node == PLAN_NONE
						       ? NULL
						       : &engine->state.steps[scope->node];
		struct value vars = use ? use->vars : value_null();
		if (use && !value_is(use->inputs, VALUE_MAP))
			continue;
		instance->scope = scope;
		instance_bind(engine, instance);
		if (!use)
			value_field(engine->state.opened, "vars", engine->arena, &vars);
		instance_restore(&engine->instances, instance,
				 use ? use->inputs : inputs_given(engine), vars, engine->arena);
		if (!secrets_mask_names(engine, instance, failure))
			return false;
	}
	return true;
}

struct engine *run_reopen(const struct run_setup *setup, struct run_folder *folder,
			  const char *reason, struct run_refusal *refusal)
{
	struct engine *engine = engine_new(setup);
	struct store_error error;
	struct failure failure;
	engine->folder = *folder;
	if (journal_read(folder, engine->arena, replay, engine, &error) == JOURNAL_DAMAGED)
		return refuse_store(refusal, &error);
	if (engine->state.step_count != setup->plan->node_count)
		return refuse(
			refusal, 9,
			"the run was made by another version of the program or of its documents",
			NULL);
	engine->journal = journal_open(folder, loop_clock(setup->loop), setup->mask, engine->arena,
				       &error);
	if (!engine->journal)
		return refuse_store(refusal, &error);
	engine->opened_boot = loop_now(setup->loop) - engine->state.ms * NS_PER_MS;
	if (!restore_instances(engine, &failure))
		return refuse(refusal, 2, failure.message, failure.hint);
	if (!locks_take(engine, refusal))
		return NULL;
	engine->failed_slot = failed_leaf(engine);
	rollback_begin(engine, reason, "operator");
	put_locks(engine);
	if (!engine_commit(engine))
		return refuse_store(refusal, &engine->error);
	return engine;
}
