/* What the tests of place/ share: a text with holes, the names that they may use, its complaints.
 */
#ifndef TEST_PLACE_SUPPORT_H
#define TEST_PLACE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "place/place.h"

/*
 * The names that holes may use: data and written are strings, url is of type url, secret is a
 * secret string, number an int, list a list of strings, map a map, none null, any of type dyn.
 */
struct bench {
	struct arena arena;
	struct diags diags;
	struct type *names;
	struct expr_options expr;
	struct place_options options;
	struct value values[9];
	struct expr_scope scope;
	struct node root;
	const struct place_text *text;
	struct failure failure;
};

enum { DATA, WRITTEN, URL_NAME, SECRET, NUMBER, LIST_NAME, MAP_NAME, NONE, ANY, NAME_COUNT };

static inline void bench_names(struct bench *bench)
{
	const struct type *types[] = { &type_string,
				       &type_string,
				       &type_url,
				       &type_string,
				       &type_int,
				       type_list(&type_string, &bench->arena),
				       type_map(&type_string, &type_dyn, &bench->arena),
				       &type_null,
				       &type_dyn };
	static const char *const names[] = { "data", "written", "url",  "secret", "number",
					     "list", "map",     "none", "any" };
	bench->names = type_object("name", true, &bench->arena);
	for (size_t i = 0; i < NAME_COUNT; i++)
		type_object_add(bench->names, text_of(names[i]), types[i], (struct span){ 0 },
				&bench->arena);
	type_object_secret(bench->names, text_of(names[SECRET]));
	bench->expr.names = bench->names;
	bench->options.expr = &bench->expr;
}

static inline void bench_init(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	arena_init(&bench->arena);
	diags_init(&bench->diags, &bench->arena);
	bench_names(bench);
	static const struct value items[2] = {
		{ .kind = VALUE_STRING, .len = 3, .bytes = "a b" },
		{ .kind = VALUE_STRING, .len = 1, .bytes = "c" },
	};
	bench->values[DATA] = value_mark(value_cstring("value"), VALUE_OUTSIDE);
	bench->values[WRITTEN] = value_cstring("value");
	bench->values[URL_NAME] = value_mark(value_cstring("http://h:1/api"), VALUE_OUTSIDE);
	bench->values[SECRET] = value_mark(value_cstring("hunter22"), VALUE_SECRET | VALUE_OUTSIDE);
	bench->values[NUMBER] = value_mark(value_int(8080), VALUE_OUTSIDE);
	bench->values[LIST_NAME] = value_list(items, 2, &bench->arena);
	bench->values[MAP_NAME] = value_null();
	bench->values[NONE] = value_null();
	bench->values[ANY] = value_null();
	bench->scope = (struct expr_scope){ .values = bench->values, .count = NAME_COUNT };
}

static inline void bench_done(struct bench *bench)
{
	arena_done(&bench->arena);
}

/* Sets a name to a string of data. */
static inline void bench_data(struct bench *bench, int name, const char *string)
{
	bench->values[name] = value_mark(value_cstring(string), VALUE_OUTSIDE);
}

/* Reads the value of the key x of a document. */
static inline const struct place_text *bench_read(struct bench *bench, enum place_language language,
						  const char *document)
{
	diags_init(&bench->diags, &bench->arena);
	const struct source *source = source_from_text("t.yaml", text_of(document), &bench->arena,
						       &bench->diags);
	assert_non_null(source);
	assert_true(yaml_read(source, &bench->arena, &bench->root, &bench->diags));
	bench->text = place_read(language, node_get(&bench->root, "x"), &bench->options,
				 &bench->arena, &bench->diags);
	assert_int_equal(bench->text == NULL, bench->diags.errors > 0);
	return bench->text;
}

/* "RB0601 1:9" of the only complaint; "" if there is none. */
static inline const char *bench_complaint(struct bench *bench)
{
	struct buffer out;
	buffer_init(&out, &bench->arena);
	for (const struct diag *diag = bench->diags.first; diag; diag = diag->next) {
		struct position at = source_position(diag->span.source, diag->span.from);
		buffer_printf(&out, "%s%s %u:%u", out.len ? ", " : "", diag_info(diag->code)->name,
			      at.line, at.column);
	}
	return buffer_string(&out);
}

/* The text that the only complaint points at. */
static inline struct text bench_pointed(struct bench *bench)
{
	struct span span = bench->diags.first->span;
	return text_slice(span.source->text, span.from, span.to);
}

/* Whether a hint of the complaints holds a text. */
static inline int bench_hints(struct bench *bench, const char *text)
{
	for (const struct diag *diag = bench->diags.first; diag; diag = diag->next)
		for (const struct diag_line *line = diag->lines; line; line = line->next)
			if (strstr(line->text, text))
				return 1;
	return 0;
}

#define assert_complaint(bench, language, document, complaint) \
	do { \
		bench_read((bench), (language), (document)); \
		assert_string_equal(bench_complaint(bench), (complaint)); \
	} while (0)

#endif
