/* What the tests of step/ share: a host that reads a step as the plan does, starts its verb in a
 * real loop and keeps what the verb asks of its engine. */
#ifndef TESTS_UNIT_STEP_SUPPORT_H
#define TESTS_UNIT_STEP_SUPPORT_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "step/internal.h"

/* The names that a step's templates may use: `data` is a text from outside. */
enum { HOST_DATA, HOST_LIST, HOST_NAMES };

struct host {
	struct arena arena;   /* of the run */
	struct arena attempt; /* of the step */
	char folder[64];      /* where the step runs; removed at the end */
	struct loop *loop;
	struct services services;
	struct diags diags;
	struct expr_options names;
	struct value values[HOST_NAMES];
	const char *path; /* PATH of what is started */
	const struct step_type *type;
	const struct bound *bound;
	struct failure failure; /* of binding */
	struct task task;
	/* What the verb told. */
	struct buffer output[2];
	int spawned;
	int pid;
	int finished;
	struct outcome outcome;
	struct value outputs;
	struct question question;
	int questions;
};

/* ---- the engine's side --------------------------------------------------------------------- */

static inline void host_on_output(struct task *task, int stream, struct text bytes)
{
	struct host *host = task->engine;
	assert_int_equal(host->finished, 0);
	assert_in_range(stream, 1, 2);
	buffer_add(&host->output[stream - 1], bytes);
}

static inline void host_on_spawned(struct task *task, int pid, uint64_t start)
{
	struct host *host = task->engine;
	assert_int_equal(host->finished, 0);
	assert_true(start > 0);
	host->pid = pid;
	host->spawned++;
}

static inline void host_on_ask(struct task *task, const struct question *question)
{
	struct host *host = task->engine;
	host->question = *question;
	host->questions++;
}

static inline void host_on_finish(struct task *task, const struct outcome *outcome,
				  struct value outputs)
{
	struct host *host = task->engine;
	assert_int_equal(host->finished, 0);
	host->finished++;
	host->outcome = *outcome;
	host->outputs = outputs;
	loop_quit(host->loop);
}

static const struct engine_hooks host_hooks = { host_on_output, host_on_spawned, host_on_ask,
						host_on_finish };

/* ---- set-up -------------------------------------------------------------------------------- */

static inline int host_setup(void **state)
{
	struct host *host = calloc(1, sizeof(*host));
	struct io_failure failure;
	*state = host;
	host->path = "/usr/bin:/bin";
	arena_init(&host->arena);
	arena_init(&host->attempt);
	snprintf(host->folder, sizeof(host->folder), "/tmp/runbook-step-XXXXXX");
	if (!mkdtemp(host->folder))
		return -1;
	host->loop = loop_open(&clock_system, &host->arena, &failure);
	if (!host->loop)
		return -1;
	host->services = (struct services){ .arena = &host->arena, .loop = host->loop };
	struct type *names = type_object("name", true, &host->arena);
	type_object_add(names, TEXT("data"), &type_string, (struct span){ 0 }, &host->arena);
	type_object_add(names, TEXT("list"), &type_dyn, (struct span){ 0 }, &host->arena);
	host->names.names = names;
	host->values[HOST_DATA] = value_mark(value_cstring("a b"), VALUE_OUTSIDE);
	return 0;
}

static inline int host_teardown(void **state)
{
	struct host *host = *state;
	int failed = system(arena_format(&host->arena, "rm -rf %s", host->folder));
	arena_done(&host->attempt);
	arena_done(&host->arena);
	free(host);
	return failed;
}

#define HOST(function) cmocka_unit_test_setup_teardown(function, host_setup, host_teardown)

/* ---- steps --------------------------------------------------------------------------------- */

static inline bool host_any_key(const struct node *key, void *data)
{
	(void)key;
	(void)data;
	return true;
}

/* Reads a step ("run: ls\nexit: 1"): its first key is the verb. NULL after complaints. */
static inline const struct bound *host_read(struct host *host, const char *yaml)
{
	struct arena *arena = &host->arena;
	diags_init(&host->diags, arena);
	const struct source *source = source_from_text("step.yaml", text_of(yaml), arena,
						       &host->diags);
	struct node *map = arena_new(arena, struct node);
	assert_non_null(source);
	assert_true(yaml_read(source, arena, map, &host->diags));
	host->type = step_type_find(map->entries[0].key.text);
	assert_non_null(host->type);
	const struct node *value = &map->entries[0].value;
	bool inside = value->kind == NODE_MAP;
	struct field_context context = { .what = host->type->name,
					 .main = host->type->main,
					 .expr = &host->names,
					 .also = inside ? NULL : host_any_key };
	host->bound = field_read(host->type->fields, inside ? NULL : value, inside ? value : map,
				 &context, arena, &host->diags);
	if (host->bound && host->type->check &&
	    !host->type->check(host->bound, map->entries[0].key.span, &host->diags))
		host->bound = NULL;
	assert_int_equal(host->bound == NULL, host->diags.errors > 0);
	return host->bound;
}

/* Reads, binds and starts it in the folder. */
static inline void host_start(struct host *host, const char *yaml)
{
	const char **env = arena_array(&host->arena, const char *, 5);
	struct expr_scope scope = { .values = host->values, .count = HOST_NAMES };
	if (!host_read(host, yaml))
		fail_msg("%s: %s", yaml, host->diags.first->message);
	env[0] = arena_format(&host->arena, "PATH=%s", host->path);
	env[1] = "LC_ALL=C";
	env[2] = "GIT_CONFIG_NOSYSTEM=1";
	env[3] = "HOME=/nonexistent";
	arena_reset(&host->attempt);
	void *args = arena_alloc(&host->attempt, host->type->size);
	if (!field_bind(host->bound, &scope, &host->attempt, args, &host->failure))
		fail_msg("%s: %s", yaml, host->failure.message);
	buffer_init(&host->output[0], &host->arena);
	buffer_init(&host->output[1], &host->arena);
	host->finished = host->spawned = host->questions = 0;
	host->outputs = value_null();
	host->task = (struct task){ .arena = &host->attempt,
				    .services = &host->services,
				    .env = env,
				    .cwd = host->folder,
				    .run_dir = host->folder,
				    .hooks = &host_hooks,
				    .engine = host };
	host->type->start(&host->task, args);
}

static inline void host_finish(struct host *host)
{
	while (host->finished == 0)
		loop_run(host->loop);
	assert_int_equal(host->finished, 1);
	assert_null(host->task.cancel);
}

static inline void host_run(struct host *host, const char *yaml)
{
	host_start(host, yaml);
	host_finish(host);
}

static inline void host_cancel(struct host *host)
{
	assert_non_null(host->task.cancel);
	host->task.cancel(&host->task, host->task.cancel_data);
}

/* ---- what came of it ----------------------------------------------------------------------- */

static inline const char *host_show(struct host *host, struct value value)
{
	struct buffer out;
	if (value_is(value, VALUE_ERROR))
		return arena_format(&host->arena, "error: %s", value.error->message);
	buffer_init(&out, &host->arena);
	value_show(&out, value, 100000);
	return buffer_string(&out);
}

/* An output by name, as people see it. */
static inline const char *host_output(struct host *host, const char *name)
{
	struct value value;
	if (value_is(host->outputs, VALUE_NULL) ||
	    !value_field(host->outputs, name, &host->arena, &value))
		return "none";
	return host_show(host, value);
}

/* "class RB0403: message (expected X, actual Y)" and its lines; "" after success. */
static inline const char *host_outcome(struct host *host)
{
	static const char *const statuses[] = { "", "", "lost ", "cancelled " };
	const struct outcome *outcome = &host->outcome;
	struct buffer out;
	if (outcome->status == OUTCOME_SUCCEEDED)
		return "";
	buffer_init(&out, &host->arena);
	buffer_puts(&out, statuses[outcome->status]);
	buffer_puts(&out, outcome->class);
	if (outcome->message)
		buffer_printf(&out, " %s: %s", diag_info(outcome->code)->name, outcome->message);
	if (outcome->expected || outcome->actual)
		buffer_printf(&out, " (expected %s, actual %s)",
			      outcome->expected ? outcome->expected : "-",
			      outcome->actual ? outcome->actual : "-");
	for (const struct outcome_line *line = outcome->lines; line; line = line->next)
		if (line->text)
			buffer_printf(&out, "\n%s: %s", line->label, line->text);
		else
			buffer_printf(&out, "\n%s: %.*s", line->label,
				      TEXT_ARG(text_slice(line->quoted, 0, line->shown)));
	return buffer_string(&out);
}

/* "RB0407 1:1: message" of the complaints of the last host_read. */
static inline const char *host_told(struct host *host)
{
	struct buffer out;
	buffer_init(&out, &host->arena);
	for (const struct diag *diag = host->diags.first; diag; diag = diag->next) {
		struct position at = source_position(diag->span.source, diag->span.from);
		buffer_printf(&out, "%s%s %u:%u: %s", out.len ? "\n" : "",
			      diag_info(diag->code)->name, at.line, at.column, diag->message);
	}
	return buffer_string(&out);
}

/* The step is read with one complaint, which names both words. */
static inline void assert_breaks_a_rule(struct host *host, const char *yaml, const char *one,
					const char *other)
{
	assert_null(host_read(host, yaml));
	const char *told = host_told(host);
	if (host->diags.errors != 1 || !strstr(told, one) || !strstr(told, other))
		fail_msg("%s: %s", yaml, told);
}

#define assert_succeeds(host, yaml) \
	do { \
		host_run((host), (yaml)); \
		assert_string_equal(host_outcome(host), ""); \
	} while (0)

#define assert_fails(host, yaml, outcome) \
	do { \
		host_run((host), (yaml)); \
		assert_string_equal(host_outcome(host), (outcome)); \
	} while (0)

/* ---- files of the folder ------------------------------------------------------------------- */

static inline const char *host_path(struct host *host, const char *name)
{
	return file_join(host->folder, name, &host->arena);
}

static inline void host_put(struct host *host, const char *name, struct text content)
{
	assert_int_equal(file_write(AT_FDCWD, host_path(host, name), content, 0644), 0);
}

static inline const char *host_file(struct host *host, const char *name)
{
	struct text text;
	int error = file_read(AT_FDCWD, host_path(host, name), 4u << 20, &host->arena, &text);
	return error ? strerror(error) : text.ptr;
}

#endif
