/* How a run begins: folder, journal, locks, and the event that says what it is about. */

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/internal.h"

struct engine *refuse(struct run_refusal *refusal, int exit, const char *message, const char *hint)
{
	*refusal = (struct run_refusal){ exit, message, hint };
	return NULL;
}

struct engine *refuse_store(struct run_refusal *refusal, const struct store_error *error)
{
	return refuse(refusal, 8, error->message, error->hint);
}

const char *const *run_missing_programs(const struct plan *plan, struct arena *arena)
{
	const char **missing = arena_array(arena, const char *, plan->programs.count + 1);
	const char *path = getenv("PATH");
	size_t count = 0;
	for (size_t i = 0; i < plan->programs.count; i++)
		if (!file_find_program(plan->programs.at[i], path ? path : FILE_DEFAULT_PATH,
				       arena))
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

const char *run_user(struct arena *arena)
{
	const struct passwd *passwd = getpwuid(getuid());
	return passwd ? arena_string(arena, passwd->pw_name)
		      : arena_format(arena, "%u", (unsigned)getuid());
}

static void fill_who(struct engine *engine)
{
	char host[256] = "";
	gethostname(host, sizeof(host) - 1);
	engine->user = run_user(engine->arena);
	engine->host = arena_string(engine->arena, host);
	engine->boot = machine_boot(engine->arena);
}

struct engine *engine_new(const struct run_setup *setup)
{
	struct arena *arena = setup->arena;
	struct engine *engine = arena_new(arena, struct engine);
	engine->setup = *setup;
	engine->plan = *setup->plan;
	engine->setup.plan = &engine->plan;
	engine->arena = arena;
	engine->failed_slot = -1;
	arena_init(&engine->tick);
	arena_defer(arena, close_tick, &engine->tick);
	state_init(&engine->state, arena);
	engine->environ_base = environment_base(setup, arena);
	engine->services = (struct services){ .arena = arena, .loop = setup->loop };
	engine->instances = (struct instances){
		.variable = variable,
		.clock = loop_clock(setup->loop),
	};
	engine_grow(engine);
	fill_who(engine);
	return engine;
}

struct value inputs_value(const struct engine *engine)
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
	instance->names[NAME_INPUTS] = inputs_value(engine);
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

static const char *kind_name(const struct plan *plan, const struct plan_node *node)
{
	static const char *const names[] = {
		[PLAN_SECTION] = "section", [PLAN_STEP] = "step", [PLAN_GROUP] = "group",
		[PLAN_LIBRARY] = "library", [PLAN_CALL] = "call", [PLAN_UNDO] = "undo",
		[PLAN_LOOP] = "loop",
	};
	const struct plan_node *around = node->parent == PLAN_NONE ? NULL
								   : plan->nodes[node->parent];
	if (around && around->preview == node->slot)
		return "preview";
	return around && around->done_when == node->slot ? "probe" : names[node->kind];
}

static struct value needs_list(const struct plan_node *node, struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, node->need_count);
	for (size_t i = 0; i < node->need_count; i++)
		items[i] = value_int(node->needs[i]);
	return value_list(items, node->need_count, arena);
}

static struct value outline_row(const struct plan *plan, const struct plan_node *node,
				struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "slot", value_int(node->slot));
	set(&map, "path", node->path);
	set(&map, "section", section_names[node->section]);
	set(&map, "kind", kind_name(plan, node));
	set(&map, "id", node->label);
	set(&map, "name", node->title);
	set(&map, "verb", node->verb);
	set(&map, "effect", effect_name((enum effect)node->effect));
	value_map_set(&map, "parent", value_int(node->parent));
	if (node->by_needs)
		value_map_set(&map, "needs", needs_list(node, arena));
	set(&map, "left_out", node->left_out);
	value_map_set(&map, "loc", place_value(node->span, arena));
	return value_map_end(&map);
}

/* Rounds that were opened follow from their loop. */
static struct value outline(const struct engine *engine, struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	size_t count = plan->node_count - engine->state.round_count;
	struct value *rows = arena_array(arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		rows[i] = outline_row(plan, plan->nodes[i], arena);
	return value_list(rows, count, arena);
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
		if (strcmp(engine->setup.sources[i], "from") == 0)
			set(&map, "run", engine->setup.from);
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

/* The document has the name by which the run was begun, also when it was read again by its path. */
static struct value documents_list(const struct engine *engine, const struct plan_digest *digest,
				   struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	const char *typed = value_field_text(engine->state.opened, "document", arena);
	struct value *rows = arena_array(arena, struct value, plan->document_count);
	for (size_t i = 0; i < plan->document_count; i++) {
		struct value_map_builder map;
		value_map_init(&map, arena);
		set(&map, "name", i == 0 && *typed ? typed : plan->documents[i]->name);
		set(&map, "path", plan->documents[i]->path);
		set(&map, "digest", digest->documents[i]);
		rows[i] = value_map_end(&map);
	}
	return value_list(rows, plan->document_count, arena);
}

struct value words_value(const char *const *words, struct arena *arena)
{
	size_t count = 0;
	while (words && words[count])
		count++;
	struct value *items = arena_array(arena, struct value, count);
	for (size_t i = 0; i < count; i++)
		items[i] = value_cstring(words[i]);
	return value_list(items, count, arena);
}

struct value actor_value(const struct engine *engine, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	set(&map, "user", engine->user);
	set(&map, "host", engine->host);
	value_map_set(&map, "pid", value_int(getpid()));
	set(&map, "tty", ttyname(0));
	return value_map_end(&map);
}

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

bool put_documents(struct engine *engine, struct event_builder *event, struct store_error *error)
{
	const struct plan_digest digest = plan_digest(engine->setup.plan, engine->arena);
	struct arena *arena = &engine->tick;
	event_set(event, "documents", documents_list(engine, &digest, arena));
	event_set(event, "digest", value_cstring(arena_string(arena, digest.plan)));
	event_set(event, "outline", outline(engine, arena));
	return keep_documents(engine, &digest, error);
}

static void set_names(struct value_map_builder *map, const char *key, const struct strings *names,
		      struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, names->count);
	for (size_t i = 0; i < names->count; i++)
		items[i] = value_cstring(names->at[i]);
	if (names->count)
		value_map_set(map, key, value_list(items, names->count, arena));
}

static struct value selection_value(const struct plan_selection *selection, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	set_names(&map, "only", &selection->only, arena);
	set_names(&map, "tag", &selection->tags, arena);
	set(&map, "start_at", selection->start_at);
	set_names(&map, "skip", &selection->skip, arena);
	value_map_set(&map, "steps", value_int((int64_t)selection->steps));
	value_map_set(&map, "left_out", value_int((int64_t)selection->left_out));
	return value_map_end(&map);
}

static bool put_opened(struct engine *engine, struct store_error *error)
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
	event_set(&event, "actor", actor_value(engine, arena));
	event_set(&event, "cwd", value_cstring(engine->setup.cwd));
	event_set(&event, "command", words_value(engine->setup.command, arena));
	if (engine->setup.revision)
		event_set(&event, "revision", value_cstring(engine->setup.revision));
	event_set(&event, "inputs", inputs_list(engine, arena));
	event_set(&event, "vars", engine->instances.at[0].names[NAME_VARS]);
	last_put(engine, &event);
	if (plan->selection)
		event_set(&event, "selection", selection_value(plan->selection, arena));
	if (!put_documents(engine, &event, error))
		return false;
	engine_append(engine, &event);
	return true;
}

/* ---- opening ------------------------------------------------------------------------------- */

/* On a disk that has no room for the ends of what would run, nothing begins. */
static bool record_opening(struct engine *engine, struct store_error *error)
{
	engine->journal = journal_open(&engine->folder, loop_clock(engine->setup.loop),
				       engine->setup.mask, engine->arena, error);
	return engine->journal && put_opened(engine, error) &&
	       !journal_is_full(engine->journal, error);
}

/* Another run may have ended well while a lock was waited for. */
static struct engine *last_look_again(struct engine *engine, struct run_refusal *refusal)
{
	struct store_error error;
	struct failure failure;
	bool changed;
	if (!last_find(engine, &changed, &error))
		return refuse_store(refusal, &error);
	if (changed && !document_names(engine, &failure))
		return refuse(refusal, 2, failure.message, failure.hint);
	return engine;
}

struct engine *run_open(const struct run_setup *setup, struct run_refusal *refusal)
{
	struct engine *engine = engine_new(setup);
	struct store_error error, left;
	struct failure failure;
	bool changed;
	/* The id is made first so that vars can name it and the lock can say whose it is; a run
	 * that gets no lock leaves no folder. */
	engine->state.opened_wall = clock_wall(loop_clock(setup->loop));
	if (!store_create(setup->store, engine->state.opened_wall, &engine->folder, &error))
		return refuse_store(refusal, &error);
	if (!last_find(engine, &changed, &error)) {
		store_discard(&engine->folder);
		return refuse_store(refusal, &error);
	}
	if (!document_names(engine, &failure)) {
		store_discard(&engine->folder);
		return refuse(refusal, 2, failure.message, failure.hint);
	}
	if (!locks_take(engine, refusal) || !unfinished_check(engine, refusal) ||
	    !last_look_again(engine, refusal)) {
		store_discard(&engine->folder);
		return NULL;
	}
	if (!record_opening(engine, &error)) {
		/* What cannot be removed is one that never started. */
		store_remove(setup->store, &engine->folder, &left);
		return refuse_store(refusal, &error);
	}
	locks_put(engine);
	if (engine->before)
		engine_notice(engine, engine->before);
	if (!engine_commit(engine))
		return refuse_store(refusal, &engine->error);
	return engine;
}
