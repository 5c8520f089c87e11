/* The tables of functions and macros: each row's example is true, and rows are well formed. */
#include "fixture.h"

/* Calls a check for each row of all libraries; gives how many there are. */
static size_t each_row(void (*check)(const struct function_library *library,
				     const struct function *row))
{
	const struct function_library *library;
	size_t rows = 0;
	for (size_t i = 0; (library = function_library(i)); i++)
		for (const struct function *row = library->rows; row->name; row++, rows++)
			check(library, row);
	return rows;
}

static bool is_macro(const struct function_library *library)
{
	return strcmp(library->name, "macros") == 0;
}

static void check_example(const struct function_library *library, const struct function *row)
{
	struct fixture fixture;
	(void)library;
	fixture_init(&fixture);
	struct value value = fixture_eval(&fixture, row->example);
	if (value.kind != VALUE_BOOL || !value.boolean)
		fail_msg("%s: %s gave %s", row->name, row->example, fixture_show(&fixture, value));
	if (!strstr(row->example, strchr(row->name, '.') ? strchr(row->name, '.') : row->name))
		fail_msg("the example of '%s' shows another function: %s", row->name, row->example);
	fixture_done(&fixture);
}

static void every_example_is_true(void **state)
{
	(void)state;
	assert_true(each_row(check_example) > 200);
}

static void check_row(const struct function_library *library, const struct function *row)
{
	size_t last = strlen(row->doc) - 1;
	if (row->doc[last] != '.' || (row->doc[0] >= 'a' && row->doc[0] <= 'z'))
		fail_msg("%s: '%s' is no sentence", row->name, row->doc);
	if (is_macro(library)) {
		assert_null(row->call);
		assert_non_null(strstr(row->signature, row->name));
	} else {
		assert_non_null(row->call);
		assert_int_equal(row->signature[0], '(');
		assert_non_null(strstr(row->signature, ") -> "));
	}
}

static void every_row_is_a_sentence_and_a_signature(void **state)
{
	(void)state;
	each_row(check_row);
}

/* What is not pure depends on more than its arguments: it may not be folded. There is none so far.
 */
static void check_pure(const struct function_library *library, const struct function *row)
{
	(void)library;
	if (row->purity != FUNCTION_PURE)
		fail_msg("'%s' is not pure", row->name);
}

static void every_function_is_pure(void **state)
{
	(void)state;
	each_row(check_pure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_is_true),
		cmocka_unit_test(every_row_is_a_sentence_and_a_signature),
		cmocka_unit_test(every_function_is_pure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
