/* What a verb may ask of its engine. */

#include <stdarg.h>
#include <string.h>

#include "base/file.h"
#include "base/module.h"
#include "step/internal.h"

void task_output(struct task *task, int stream, struct text bytes)
{
	task->hooks->output(task, stream, bytes);
}

void task_spawned(struct task *task, int pid, uint64_t start)
{
	task->hooks->spawned(task, pid, start);
}

void task_cancel_with(struct task *task, void (*cancel)(struct task *task, void *data), void *data)
{
	task->cancel = cancel;
	task->cancel_data = data;
}

void task_ask(struct task *task, const struct question *question,
	      void (*answered)(struct task *task, const struct answer *answer))
{
	task->answered = answered;
	task->hooks->ask(task, question);
}

void task_finish(struct task *task, const struct outcome *outcome, struct value outputs)
{
	task->cancel = NULL;
	task->answered = NULL;
	task->hooks->finish(task, outcome, outputs);
}

void task_succeed(struct task *task, struct value outputs)
{
	const struct outcome outcome = { .status = OUTCOME_SUCCEEDED };
	task_finish(task, &outcome, outputs);
}

void task_fail(struct task *task, const char *class, enum diag_code code, struct value outputs,
	       const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = class,
		.code = code,
		.message = arena_vformat(task->arena, format, args),
		.untouched = true,
	};
	va_end(args);
	task_finish(task, &outcome, outputs);
}

void task_fail_io(struct task *task, const struct io_failure *failure, enum diag_code code,
		  struct value outputs)
{
	const struct outcome outcome = {
		.status = failure->class == IO_CANCELLED ? OUTCOME_CANCELLED : OUTCOME_FAILED,
		.class = io_class_name(failure->class),
		.code = code,
		.message = failure->message ? failure->message : io_class_name(failure->class),
		.actual = failure->code,
		.untouched = true,
	};
	task_finish(task, &outcome, outputs);
}

static struct outcome_line *line_new(struct task *task, struct outcome *outcome, const char *label)
{
	struct outcome_line **end = &outcome->lines;
	struct outcome_line *line = arena_new(task->arena, struct outcome_line);
	line->label = label;
	while (*end)
		end = &(*end)->next;
	*end = line;
	return line;
}

void outcome_line_add(struct task *task, struct outcome *outcome, const char *label,
		      const char *format, ...)
{
	va_list args;
	va_start(args, format);
	line_new(task, outcome, label)->text = arena_vformat(task->arena, format, args);
	va_end(args);
}

void outcome_quote_add(struct task *task, struct outcome *outcome, const char *label,
		       struct text quoted, size_t shown)
{
	struct outcome_line *line = line_new(task, outcome, label);
	line->quoted = quoted;
	line->shown = shown;
}

bool task_asked(const struct task *task, const char *output, const char *field)
{
	size_t len = strlen(output);
	for (size_t i = 0; task->asked && i < task->asked->count; i++) {
		struct text name = task->asked->names[i];
		struct text rest = text_slice(name, len, name.len);
		if (text_starts(name, output) &&
		    (rest.len == 0 || (rest.ptr[0] == '.' &&
				       (!field || text_is(text_slice(rest, 1, rest.len), field)))))
			return true;
	}
	return !task->asked;
}

struct worker *task_worker(struct task *task)
{
	struct services *services = task->services;
	if (!services->worker)
		services->worker = worker_open(services->loop, services->arena);
	return services->worker;
}

const void *task_driver(struct task *task, const char *name)
{
	const char *error;
	const void *driver = module_open(name, task->services->arena, &error);
	if (!driver)
		task_fail(task, "resource", RB0401, value_null(), "%s", error);
	return driver;
}

const char *task_path(struct task *task, const char *path)
{
	return file_join(task->cwd, path, task->arena);
}

const char *codes_text(const struct codes *codes, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < codes->count; i++) {
		buffer_printf(&out, "%s%d", i ? ", " : "", codes->at[i].from);
		if (codes->at[i].to != codes->at[i].from)
			buffer_printf(&out, "-%d", codes->at[i].to);
	}
	return buffer_string(&out);
}
