/* What the tests of expr share: names with values, and short ways to compile and evaluate. */
#ifndef TESTS_UNIT_EXPR_FIXTURE_H
#define TESTS_UNIT_EXPR_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expr/expr.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAMES_MAX 16

struct fixture {
	struct arena arena;
	struct diags diags;
	struct type *names;
	struct value values[NAMES_MAX];
	size_t count;
	struct expr_scope scope;
	const struct expr *expr; /* the latest */
};

static inline void fixture_init(struct fixture *fixture)
{
	*fixture = (struct fixture){ 0 };
	arena_init(&fixture->arena);
	diags_init(&fixture->diags, &fixture->arena);
	fixture->names = type_object("name", true, &fixture->arena);
}

static inline void fixture_done(struct fixture *fixture)
{
	arena_done(&fixture->arena);
}

static inline void fixture_name(struct fixture *fixture, const char *name, const struct type *type,
				struct value value)
{
	assert_true(fixture->count < NAMES_MAX);
	type_object_add(fixture->names, text_of(name), type, (struct span){ 0 }, &fixture->arena);
	fixture->values[fixture->count++] = value;
}

/* A scalar that is the whole of its source, so that places are offsets of the text. */
static inline struct node fixture_node(struct fixture *fixture, struct text text)
{
	const struct source *source = source_wrap("test", text, &fixture->arena);
	return node_scalar(source->text, (struct span){ source, 0, (uint32_t)text.len });
}

static inline const struct expr *fixture_compile(struct fixture *fixture, struct text text)
{
	struct expr_options options = { .names = fixture->names };
	struct node *node = arena_new(&fixture->arena, struct node);
	*node = fixture_node(fixture, text);
	diags_init(&fixture->diags, &fixture->arena);
	fixture->expr = expr_compile(node, 0, text.len, &options, &fixture->arena, &fixture->diags);
	return fixture->expr;
}

static inline struct value fixture_eval(struct fixture *fixture, const char *text)
{
	if (!fixture_compile(fixture, text_of(text)))
		fail_msg("%s: %s", text, fixture->diags.first->message);
	fixture->scope.values = fixture->values;
	fixture->scope.count = fixture->count;
	return expr_eval(fixture->expr, &fixture->scope, &fixture->arena);
}

/* The value as people see it; an error as "error: message". */
static inline const char *fixture_show(struct fixture *fixture, struct value value)
{
	struct buffer out;
	buffer_init(&out, &fixture->arena);
	if (value.kind == VALUE_ERROR)
		buffer_printf(&out, "error: %s", value.error->message);
	else
		value_show(&out, value, 1000);
	return buffer_string(&out);
}

static inline void fixture_gives(struct fixture *fixture, const char *text, const char *wanted)
{
	const char *got = fixture_show(fixture, fixture_eval(fixture, text));
	if (strcmp(got, wanted) != 0)
		fail_msg("%s gave %s, wanted %s", text, got, wanted);
}

/* The first complaint about an expression. */
static inline const struct diag *fixture_complaint(struct fixture *fixture, const char *text)
{
	fixture_compile(fixture, text_of(text));
	if (!fixture->diags.first)
		fail_msg("%s: nothing was reported", text);
	return fixture->diags.first;
}

/* The text of the first hint of a complaint, or "". */
static inline const char *fixture_hint(const struct diag *diag)
{
	for (const struct diag_line *line = diag->lines; line; line = line->next)
		if (strcmp(line->label, "hint") == 0)
			return line->text;
	return "";
}

#endif
