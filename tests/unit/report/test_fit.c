/* Texts that are cut, broken and set side by side. */
#include "support.h"

static void a_text_is_cut_to_its_cells(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *shown;
	} rows[] = {
		{ "short", 5, "short" },
		{ "longer", 5, "lo..." },
		{ "longer", 3, "..." },
		{ "longer", 2, "" },
		{ "", 0, "" },
		{ "a\nb", 9, "a\\x0ab" },
		{ "日本語です", 10, "日本語です" },
		{ "日本語です", 9, "日本語..." },
		{ "日本語です", 8, "日本..." },
	};
	struct stage *stage = *state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t cells = put_cut(&stage->out, rows[i].text, rows[i].cells);
		assert_int_equal(cells, text_cells(buffer_text(&stage->out)));
		assert_true(cells <= rows[i].cells);
		assert_string_equal(stage_told(stage), rows[i].shown);
	}
}

static void how_much_more_there_is_is_told(void **state)
{
	struct stage *stage = *state;
	assert_false(put_short(&stage->out, "all of it", 9));
	assert_string_equal(stage_told(stage), "all of it");
	assert_true(put_short(&stage->out, "0123456789012345678901234567890123456789", 30));
	assert_string_equal(stage_told(stage), "012345678901234567 ... 22 more");
	/* However narrow it is, something is shown. */
	assert_true(put_short(&stage->out, "0123456789012345678901234567890123456789", 4));
	assert_string_equal(stage_told(stage), "0123456789 ... 30 more");
}

static void lines_are_broken_at_blanks(void **state)
{
	struct stage *stage = *state;
	put_wrapped(&stage->out, "one two three four five", 4, "    ", 20);
	assert_string_equal(stage_told(stage), "one two three\n    four five\n");
	put_wrapped(&stage->out, "abcdefghijklmnopqrstuvwxyz", 0, "> ", 12);
	assert_string_equal(stage_told(stage), "abcdefghijkl\n> mnopqrstuv\n> wxyz\n");
	put_wrapped(&stage->out, "own\nlines\n", 0, "  ", 0);
	assert_string_equal(stage_told(stage), "own\n  lines\n");
	put_wrapped(&stage->out, "\x1b[2J", 0, "", 40);
	assert_string_equal(stage_told(stage), "\\x1b[2J\n");
}

static void items_flow_into_lines(void **state)
{
	struct stage *stage = *state;
	struct flow flow = flow_begin(&stage->out, "inputs  ", 24);
	flow_add(&flow, "a = 1");
	flow_add(&flow, "bb = 22");
	flow_add(&flow, "ccc = 3");
	flow_add(&flow, "this is too long for a line");
	assert_string_equal(stage_told(stage), "inputs  a = 1  bb = 22\n"
					       "        ccc = 3\n"
					       "        this is too l...");
}

static void colour_is_only_added(void **state)
{
	const struct report_options coloured = { .color = true }, plain = { 0 };
	struct stage *stage = *state;
	put_tint(&stage->out, &coloured, TINT_BAD, "failed");
	assert_string_equal(stage_told(stage), "\x1b[31mfailed\x1b[0m");
	put_tint(&stage->out, &plain, TINT_BAD, "failed");
	put_tint(&stage->out, &coloured, TINT_NONE, " ok");
	assert_string_equal(stage_told(stage), "failed ok");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_text_is_cut_to_its_cells), TEST(how_much_more_there_is_is_told),
		TEST(lines_are_broken_at_blanks), TEST(items_flow_into_lines),
		TEST(colour_is_only_added),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
