/* What the tests of plan/ share: documents in memory, the plan that is made of them, and what was
 * complained about. */
#ifndef TESTS_UNIT_PLAN_SUPPORT_H
#define TESTS_UNIT_PLAN_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/list.h"
#include "plan/plan.h"

struct desk_file {
	const char *path; /* "/desk/NAME" */
	const char *text;
};

struct desk {
	struct arena arena;
	struct diags diags;
	struct plan_reader reader;
	LIST(struct desk_file) files;
	const struct plan *plan;
};

static inline const struct source *desk_read(const struct plan_reader *reader,
					     const struct source_file *file, struct arena *arena,
					     struct diags *diags)
{
	const struct desk *desk = reader->data;
	const char *clean = file_clean(file_join("/desk", file->path, arena), arena);
	for (size_t i = 0; i < desk->files.count; i++) {
		if (strcmp(desk->files.at[i].path, clean) != 0)
			continue;
		const struct source *made = source_from_text(
			file->name, text_of(desk->files.at[i].text), arena, diags);
		if (!made)
			return NULL;
		struct source *source = arena_new(arena, struct source);
		*source = *made;
		source->path = clean;
		return source;
	}
	diag_at(diags, file->span, RB0205, "'%s' does not exist", file->name);
	return NULL;
}

static inline int desk_setup(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	arena_init(&desk->arena);
	diags_init(&desk->diags, &desk->arena);
	desk->reader = (struct plan_reader){ .read = desk_read, .data = desk };
	*state = desk;
	return 0;
}

static inline int desk_teardown(void **state)
{
	struct desk *desk = *state;
	arena_done(&desk->arena);
	free(desk);
	return 0;
}

#define DESK(function) cmocka_unit_test_setup_teardown(function, desk_setup, desk_teardown)

/* Lays a document on the desk, or another text under the name of one that lies there. */
static inline void desk_put(struct desk *desk, const char *name, const char *text)
{
	const char *path = file_join("/desk", name, &desk->arena);
	for (size_t i = 0; i < desk->files.count; i++)
		if (strcmp(desk->files.at[i].path, path) == 0) {
			desk->files.at[i].text = text;
			return;
		}
	*list_add(&desk->files, &desk->arena) = (struct desk_file){ path, text };
}

/* Makes the plan of a document that lies there; NULL when something was wrong. */
static inline const struct plan *desk_make(struct desk *desk, const char *name)
{
	diags_init(&desk->diags, &desk->arena);
	desk->plan = plan_make(name, &desk->reader, &desk->arena, &desk->diags);
	assert_int_equal(desk->plan == NULL, desk->diags.errors > 0);
	return desk->plan;
}

/* "runbook: 1" and a name (lines 1 and 2), then the text. */
static inline const struct plan *desk_plan(struct desk *desk, const char *text)
{
	desk_put(desk, "main.yaml", arena_format(&desk->arena, "runbook: 1\nname: Test\n%s", text));
	return desk_make(desk, "main.yaml");
}

/* One line "RB0101 3:5: message" for each complaint, warnings too, in order of place; the file is
 * named where it is not main.yaml. That nothing names what a test declares is left out. */
static inline const char *desk_told(struct desk *desk)
{
	struct buffer out;
	buffer_init(&out, &desk->arena);
	diags_sort(&desk->diags);
	for (const struct diag *diag = desk->diags.first; diag; diag = diag->next) {
		struct position at = { 0, 0 };
		const char *name = "main.yaml";
		if (diag->code == RB0243)
			continue;
		if (diag->span.source) {
			at = source_position(diag->span.source, diag->span.from);
			name = diag->span.source->name;
		}
		buffer_printf(&out, "%s%s ", out.len ? "\n" : "", diag_info(diag->code)->name);
		if (strcmp(name, "main.yaml") != 0)
			buffer_printf(&out, "%s:", name);
		buffer_printf(&out, "%u:%u: %s", at.line, at.column, diag->message);
	}
	return buffer_string(&out);
}

/* Whether a hint or note of a complaint holds the text. */
static inline bool desk_hints(const struct desk *desk, const char *text)
{
	for (const struct diag *diag = desk->diags.first; diag; diag = diag->next)
		for (const struct diag_line *line = diag->lines; line; line = line->next)
			if (strstr(line->text, text))
				return true;
	return false;
}

#define assert_good(desk, text) \
	do { \
		desk_plan((desk), (text)); \
		assert_string_equal(desk_told(desk), ""); \
	} while (0)

#define assert_told(desk, text, told) \
	do { \
		desk_plan((desk), (text)); \
		assert_string_equal(desk_told(desk), (told)); \
	} while (0)

/* The node of a path, steps and structures only. */
static inline const struct plan_node *desk_find(const struct desk *desk, const char *path)
{
	for (size_t i = 0; desk->plan && i < desk->plan->node_count; i++) {
		const struct plan_node *node = desk->plan->nodes[i];
		if (node->kind != PLAN_SECTION && node->kind != PLAN_UNDO &&
		    strcmp(node->path, path) == 0)
			return node;
	}
	return NULL;
}

static inline const struct plan_node *desk_node(const struct desk *desk, const char *path)
{
	const struct plan_node *node = desk_find(desk, path);
	if (!node)
		fail_msg("the plan has no step %s", path);
	return node;
}

/* An input of the document by name. */
static inline const struct input *desk_input(const struct desk *desk, const char *name)
{
	const struct plan_scope *scope = desk->plan->scopes[0];
	for (size_t i = 0; i < scope->input_count; i++)
		if (strcmp(scope->inputs[i].name, name) == 0)
			return &scope->inputs[i];
	fail_msg("the plan has no input %s", name);
	return NULL;
}

/* A value as people see it, or its message if it is an error. */
static inline const char *desk_show(struct desk *desk, struct value value)
{
	struct buffer out;
	if (value_is(value, VALUE_ERROR))
		return arena_format(&desk->arena, "error: %s", value.error->message);
	buffer_init(&out, &desk->arena);
	value_show(&out, value, 1000);
	return buffer_string(&out);
}

#endif
