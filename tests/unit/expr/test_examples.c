/* Every function's example is an expression that is true. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "expr/expr.h"

static struct value evaluate(const char *text, struct arena *arena, struct diags *diags)
{
	const struct expr_scope scope = { .values = NULL };
	const struct source *source = source_wrap("example", text_of(text), arena);
	struct node node = node_scalar(source->text,
				       (struct span){ source, 0, (uint32_t)source->text.len });
	const struct expr *expr;

	expr = expr_compile(&node, 0, node.text.len, &(struct expr_options){ .names = NULL }, arena,
			    diags);
	return expr ? expr_eval(expr, &scope, arena) : value_null();
}

static bool shows_itself(const struct function *row)
{
	struct text example = text_of(row->example);
	struct text name = text_of(row->name);

	return text_find(example, name, 0) != SIZE_MAX;
}

static void check_row(const struct function *row)
{
	struct arena arena;
	struct diags diags;
	struct value value;

	arena_init(&arena);
	diags_init(&diags, &arena);
	value = evaluate(row->example, &arena, &diags);
	if (diags.first)
		fail_msg("%s: %s", row->example, diags.first->message);
	if (value.kind == VALUE_ERROR)
		fail_msg("%s: %s", row->example, value.error->message);
	if (value.kind != VALUE_BOOL || !value.boolean)
		fail_msg("%s is not true", row->example);
	arena_done(&arena);
}

static void every_example_is_true(void **state)
{
	const struct function *row;
	size_t rows = 0;

	(void)state;
	for (size_t library = 0; (row = function_table(library)); library++) {
		for (; row->name; row++, rows++) {
			check_row(row);
			if (!shows_itself(row))
				fail_msg("the example of '%s' shows another function", row->name);
		}
	}
	assert_true(rows > 150);
}

static void every_row_is_a_sentence(void **state)
{
	const struct function *row;

	(void)state;
	for (size_t library = 0; (row = function_table(library)); library++) {
		for (; row->name; row++) {
			if (!text_ends(text_of(row->doc), "."))
				fail_msg("%s: %s", row->name, row->doc);
			assert_true(text_starts(text_of(row->signature), "("));
			assert_non_null(row->call);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_is_true),
		cmocka_unit_test(every_row_is_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
