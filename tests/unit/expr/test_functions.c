/* The table of functions: each row's example holds, and rows are well formed. */
#include "fixture.h"

static void examples_hold(void **state)
{
	size_t rows = 0;
	(void)state;
	for (size_t library = 0; function_table(library); library++) {
		for (const struct function *row = function_table(library); row->name;
		     row++, rows++) {
			struct fixture fixture;
			struct value value;
			fixture_init(&fixture);
			value = fixture_eval(&fixture, row->example);
			if (value.kind != VALUE_BOOL || !value.boolean)
				fail_msg("%s: %s gave %s", row->name, row->example,
					 fixture_show(&fixture, value));
			fixture_done(&fixture);
		}
	}
	assert_true(rows > 100);
}

static void examples_show_their_function(void **state)
{
	(void)state;
	for (size_t library = 0; function_table(library); library++)
		for (const struct function *row = function_table(library); row->name; row++)
			if (!strstr(row->example, row->name))
				fail_msg("%s: %s", row->name, row->example);
}

static void rows_are_sentences_and_signatures(void **state)
{
	(void)state;
	for (size_t library = 0; function_table(library); library++) {
		for (const struct function *row = function_table(library); row->name; row++) {
			assert_int_equal(row->doc[strlen(row->doc) - 1], '.');
			assert_false(row->doc[0] >= 'a' && row->doc[0] <= 'z');
			assert_int_equal(row->signature[0], '(');
			assert_non_null(strstr(row->signature, ") -> "));
			assert_non_null(row->call);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_hold),
		cmocka_unit_test(examples_show_their_function),
		cmocka_unit_test(rows_are_sentences_and_signatures),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
