/* Tables: their invariants and their description. */
#include "support.h"

static void accepts_a_good_table(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	assert_null(field_check_table(args_rows, &arena));
	arena_done(&arena);
}

static void names_the_first_breach(void **state)
{
	static const struct field no_sentence[] = { STRING(struct args, text, .doc = "A text"),
						    { 0 } };
	static const struct field twice[] = { STRING(struct args, text, .doc = "A."),
					      STRING(struct args, text, .doc = "B."),
					      { 0 } };
	static const struct field bad_default[] = {
		DURATION(struct args, wait, .dflt = "10", .doc = "A."), { 0 }
	};
	static const struct field no_default[] = {
		WORDS(struct args, command, .dflt = "ls", .doc = "A."), { 0 }
	};
	static const struct field no_choices[] = { CHOICE(struct args, color, .doc = "A."), { 0 } };
	static const struct field no_form[] = { NODE(struct args, node, .doc = "A."), { 0 } };
	static const struct field no_rows[] = { RECORD(struct args, inner, .doc = "A."), { 0 } };
	static const struct field bad_inner[] = {
		RECORD(struct args, inner, .rows = no_sentence, .doc = "A."), { 0 }
	};
	static const struct field both[] = { INTEGER(struct args, number, .flags = FIELD_REQUIRED,
						     .dflt = "1", .doc = "A."),
					     { 0 } };
	static const struct {
		const struct field *rows;
		const char *breach;
	} rows[] = {
		{ no_sentence, "text: its sentence is missing" },
		{ twice, "text: its name stands twice" },
		{ bad_default, "wait: 'wait': missing unit; write 10s" },
		{ no_default, "command: a default cannot be made of this kind" },
		{ no_choices, "color: its choices are missing" },
		{ no_form, "node: its form is missing" },
		{ no_rows, "inner: its rows are missing" },
		{ bad_inner, "inner: text: its sentence is missing" },
		{ both, "number: it is required and has a default" },
	};
	struct arena arena;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(field_check_table(rows[i].rows, &arena), rows[i].breach);
	arena_done(&arena);
}

static void describes_rows(void **state)
{
	static const struct field rows[] = {
		INTEGER(struct args, number, .dflt = "5", .min = 0, .max = 9, .doc = "A number."),
		CHOICE(struct args, color, .choices = colors, .doc = "A color."),
		RECORD(struct args, inner, .rows = inner_rows, .doc = "A record."),
		{ 0 },
	};
	struct arena arena;
	struct buffer out;
	(void)state;
	arena_init(&arena);
	buffer_init(&out, &arena);
	field_describe(&out, rows);
	assert_string_equal(buffer_string(&out), "  number             int 0..9, default 5\n"
						 "                     A number.\n"
						 "  color              red|green\n"
						 "                     A color.\n"
						 "  inner              map\n"
						 "                     A record.\n"
						 "    name             text, required\n"
						 "                     A name.\n"
						 "    size             size, default 1MiB\n"
						 "                     A size.\n");
	assert_string_equal(field_kind_name(FIELD_BOOL), "true or false");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_a_good_table),
		cmocka_unit_test(names_the_first_breach),
		cmocka_unit_test(describes_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
