/* What the tests of field/ share: a table with a row of each kind, and documents read with it. */
#ifndef TEST_FIELD_SUPPORT_H
#define TEST_FIELD_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "field/field.h"

struct inner {
	const char *name;
	int64_t size;
};

struct args {
	const char *text, *path;
	bool flag;
	int64_t number, wait, size;
	int color;
	struct codes codes;
	struct strings list;
	struct pairs env, pairs, headers;
	struct value value;
	struct words command;
	struct script script;
	const char *interpreter;
	struct statements sql;
	struct text url;
	struct request request;
	struct inner inner;
	const struct expr *when;
	const struct node *node;
	const char *id, *shown, *hidden;
};

static const char *const colors[] = { "red", "green", NULL };
static const char *const methods[] = { "GET", "POST", NULL };

static const struct field inner_rows[] = {
	STRING(struct inner, name, .flags = FIELD_REQUIRED, .doc = "A name."),
	SIZE(struct inner, size, .dflt = "1MiB", .doc = "A size."),
	{ 0 },
};

static const struct field args_rows[] = {
	STRING(struct args, text, .doc = "A text."),
	PATH(struct args, path, .doc = "A path."),
	BOOL(struct args, flag, .doc = "A flag."),
	INTEGER(struct args, number, .dflt = "5", .min = 0, .max = 1000, .doc = "A number."),
	DURATION(struct args, wait, .dflt = "1s", .doc = "A duration."),
	SIZE(struct args, size, .dflt = "64KiB", .doc = "A size."),
	CHOICE(struct args, color, .choices = colors, .dflt = "green", .doc = "A color."),
	CODES(struct args, codes, .min = 0, .max = 255, .dflt = "0", .doc = "Codes."),
	STRINGS(struct args, list, .doc = "Texts."),
	PAIRS(struct args, env, .flags = FIELD_ENVIRONMENT, .doc = "Variables."),
	PAIRS(struct args, pairs, .doc = "Pairs."),
	HEADERS(struct args, headers, .doc = "Headers."),
	VALUE(struct args, value, .doc = "A value."),
	WORDS(struct args, command, .doc = "A command."),
	SCRIPT(struct args, script, .interpreter = "interpreter", .doc = "A script."),
	STRING(struct args, interpreter, .dflt = "/bin/sh -eu", .doc = "Its reader."),
	STATEMENTS(struct args, sql, .doc = "Statements."),
	URL(struct args, url, .doc = "A URL."),
	REQUEST(struct args, request, .choices = methods, .doc = "A request."),
	RECORD(struct args, inner, .rows = inner_rows, .doc = "A record."),
	EXPR(struct args, when, .doc = "An expression."),
	NODE(struct args, node, .form = "node", .doc = "A node."),
	STRING(struct args, id, .flags = FIELD_LITERAL, .doc = "A literal."),
	STRING(struct args, shown, .flags = FIELD_NO_SECRET, .doc = "A text for all."),
	STRING(struct args, hidden, .flags = FIELD_SECRET, .doc = "A text for nobody."),
	{ 0 },
};

enum { NAME, NUMBER, LIST_NAME, MAP_NAME, SECRET, ANY, NAME_COUNT };

struct bench {
	struct arena arena;
	struct diags diags;
	struct type *names;
	struct expr_options expr;
	struct field_context context;
	struct value values[NAME_COUNT];
	struct expr_scope scope;
	struct node root;
	const struct bound *bound;
	struct args args;
	struct failure failure;
};

static inline void bench_init(struct bench *bench)
{
	static const char *const names[] = { "name", "number", "list", "map", "secret", "any" };
	memset(bench, 0, sizeof(*bench));
	arena_init(&bench->arena);
	diags_init(&bench->diags, &bench->arena);
	const struct type *types[] = { &type_string,
				       &type_int,
				       type_list(&type_string, &bench->arena),
				       type_map(&type_string, &type_dyn, &bench->arena),
				       &type_string,
				       &type_dyn };
	bench->names = type_object("name", true, &bench->arena);
	for (size_t i = 0; i < NAME_COUNT; i++)
		type_object_add(bench->names, text_of(names[i]), types[i], (struct span){ 0 },
				&bench->arena);
	type_object_secret(bench->names, text_of(names[SECRET]));
	bench->expr.names = bench->names;
	bench->context =
		(struct field_context){ .what = "step", .main = "command", .expr = &bench->expr };
	struct value *items = arena_array(&bench->arena, struct value, 2);
	items[0] = value_cstring("a");
	items[1] = value_cstring("b");
	bench->values[NAME] = value_cstring("joe");
	bench->values[NUMBER] = value_int(7);
	bench->values[LIST_NAME] = value_list(items, 2, &bench->arena);
	bench->values[MAP_NAME] = value_null();
	bench->values[SECRET] = value_mark(value_cstring("hunter22"), VALUE_SECRET);
	bench->values[ANY] = value_null();
	bench->scope = (struct expr_scope){ .values = bench->values, .count = NAME_COUNT };
}

static inline void bench_done(struct bench *bench)
{
	arena_done(&bench->arena);
}

static inline const struct node *bench_yaml(struct bench *bench, const char *document)
{
	diags_init(&bench->diags, &bench->arena);
	const struct source *source = source_from_text("t.yaml", text_of(document), &bench->arena,
						       &bench->diags);
	assert_non_null(source);
	assert_true(yaml_read(source, &bench->arena, &bench->root, &bench->diags));
	return &bench->root;
}

/* Reads a mapping with the table. */
static inline const struct bound *bench_read(struct bench *bench, const char *document)
{
	const struct node *map = bench_yaml(bench, document);
	bench->bound = field_read(args_rows, NULL, map, &bench->context, &bench->arena,
				  &bench->diags);
	assert_int_equal(bench->bound == NULL, bench->diags.errors > 0);
	return bench->bound;
}

/* Reads and binds; the class and message of the failure, or NULL. */
static inline const char *bench_bind(struct bench *bench, const char *document)
{
	assert_non_null(bench_read(bench, document));
	if (field_bind(bench->bound, &bench->scope, &bench->arena, &bench->args, &bench->failure))
		return NULL;
	return arena_format(&bench->arena, "%s: %s", bench->failure.class, bench->failure.message);
}

/* "RB0101 1:1: message" of each complaint. */
static inline const char *bench_complaints(struct bench *bench)
{
	struct buffer out;
	buffer_init(&out, &bench->arena);
	for (const struct diag *diag = bench->diags.first; diag; diag = diag->next) {
		struct position at = source_position(diag->span.source, diag->span.from);
		buffer_printf(&out, "%s%s %u:%u: %s", out.len ? "\n" : "",
			      diag_info(diag->code)->name, at.line, at.column, diag->message);
	}
	return buffer_string(&out);
}

static inline int bench_hints(struct bench *bench, const char *text)
{
	for (const struct diag *diag = bench->diags.first; diag; diag = diag->next)
		for (const struct diag_line *line = diag->lines; line; line = line->next)
			if (strstr(line->text, text))
				return 1;
	return 0;
}

#define assert_complains(bench, document, complaints) \
	do { \
		assert_null(bench_read((bench), (document))); \
		assert_string_equal(bench_complaints(bench), (complaints)); \
	} while (0)

#endif
