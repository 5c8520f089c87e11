#include "fixture.h"

/* What is wrong, where (the offsets of the caret), and a part of the hint. */
struct bad {
	const char *text;
	enum diag_code code;
	uint32_t from, to;
	const char *hint;
};

static const struct bad bad_texts[] = {
	{ "", RB0301, 0, 0, "" },
	{ "1 +", RB0301, 3, 3, "" },
	{ "(1 + 2", RB0301, 6, 6, "" },
	{ "1 2", RB0301, 2, 3, "" },
	{ "[1, 2", RB0301, 5, 5, "" },
	{ "{'a' 1}", RB0301, 5, 6, "" },
	{ "a.", RB0301, 2, 2, "" },
	{ "f(1,)", RB0301, 4, 5, "" },
	{ "true ? false ? 1 : 2 : 3", RB0301, 13, 14, "" },
	{ "Point{x: 1}", RB0301, 0, 6, "{'key': value}" },
	{ "- !true", RB0301, 2, 3, "" },
	{ "'open", RB0302, 0, 5, "" },
	{ "'a\\qb'", RB0302, 2, 4, "backslash" },
	{ "'\\ud800'", RB0302, 1, 7, "" },
	{ "'\\x4'", RB0302, 1, 4, "" },
	{ "b'\\u0041'", RB0302, 2, 3, "" },
	{ "x.``", RB0302, 2, 4, "" },
	{ "9223372036854775808", RB0303, 0, 19, "" },
	{ "1e400", RB0303, 0, 5, "" },
	{ "0b11", RB0303, 0, 4, "" },
	{ "1_000", RB0303, 0, 5, "" },
	{ "12px", RB0303, 0, 4, "" },
	{ "for", RB0306, 0, 3, "x.for" },
	{ "has(1)", RB0307, 4, 5, "" },
	{ "[1].all(1, true)", RB0307, 8, 9, "list.all(item, ...)" },
	{ "[1].all(x.y, true)", RB0307, 8, 11, "" },
	{ "[1].all(x, x, true)", RB0307, 11, 12, "" },
};

static const struct bad habits[] = {
	{ "a and b", RB0305, 2, 5, "'&&'" },
	{ "a or b", RB0305, 2, 4, "'||'" },
	{ "not a", RB0305, 0, 3, "'!'" },
	{ "a = b", RB0305, 2, 3, "'=='" },
	{ "a === b", RB0305, 2, 5, "'==='" },
	{ "a !== b", RB0305, 2, 5, "'!=='" },
	{ "a <> b", RB0305, 2, 4, "'!='" },
	{ "a?.b", RB0305, 1, 3, "x.?y" },
	{ "a ?? b", RB0305, 2, 4, "orValue" },
	{ "'it''s'", RB0305, 4, 7, "\\'" },
	{ "a.*.b", RB0305, 2, 3, "map(" },
	{ "a ** 2", RB0305, 2, 4, "power" },
	{ "a;", RB0305, 1, 2, "';'" },
	{ "a & b", RB0305, 2, 3, "'&&'" },
	{ "a contains b", RB0305, 2, 10, "x.contains(y)" },
	{ "x not in y", RB0305, 2, 5, "!(x in list)" },
	{ "${{ a }}", RB0305, 0, 1, "bare" },
};

static void refuses(const struct bad *rows, size_t count)
{
	struct fixture fixture;
	for (size_t i = 0; i < count; i++) {
		fixture_init(&fixture);
		const struct diag *diag = fixture_complaint(&fixture, rows[i].text);
		if (diag->code != rows[i].code || diag->span.from != rows[i].from ||
		    diag->span.to != rows[i].to || !strstr(fixture_hint(diag), rows[i].hint))
			fail_msg("%s: %s at %u..%u: %s (%s)", rows[i].text,
				 diag_info(diag->code)->name, diag->span.from, diag->span.to,
				 diag->message, fixture_hint(diag));
		assert_null(fixture.expr);
		assert_int_equal(fixture.diags.errors, 1);
		fixture_done(&fixture);
	}
}

static void refuses_what_cannot_be_read(void **state)
{
	(void)state;
	refuses(bad_texts, COUNT(bad_texts));
}

static void knows_the_habits_of_other_languages(void **state)
{
	(void)state;
	refuses(habits, COUNT(habits));
}

static void reads_the_grammar(void **state)
{
	static const char *const rows[][2] = {
		{ "1 + 2 * 3", "7" },
		{ "(1 + 2) * 3", "9" },
		{ "10 - 2 - 3", "5" },
		{ "1 < 2 == true", "true" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "--5", "5" },
		{ "2 - -1", "3" },
		{ "-[1][0]", "-1" },
		{ "!!true", "true" },
		{ "false ? 1 : true ? 2 : 3", "2" },
		{ "[1, 2,].size()", "2" },
		{ "[,].size()", "0" },
		{ "{'a': 1,}.a", "1" },
		{ "{'for': 1}.for", "1" },
		{ "{'a-b': 1}.`a-b`", "1" },
		{ "0x1F", "31" },
		{ ".5 + 1e0", "1.5" },
		{ "'''a'b'''", "\"a'b\"" },
		{ "r'\\d' + \"\\x41\\101\\u0041\"", "\"\\\\dAAA\"" },
		{ "1 // a comment\n + 1", "2" },
	};
	struct fixture fixture;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		fixture_init(&fixture);
		fixture_gives(&fixture, rows[i][0], rows[i][1]);
		fixture_done(&fixture);
	}
}

/* open, count times, then middle, then close, count times. */
static struct text nest(struct arena *arena, const char *open, const char *middle,
			const char *close, size_t count)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < count; i++)
		buffer_puts(&out, open);
	buffer_puts(&out, middle);
	for (size_t i = 0; i < count; i++)
		buffer_puts(&out, close);
	return buffer_text(&out);
}

static void has_limits_of_depth_and_size(void **state)
{
	static const struct {
		const char *open, *middle, *close;
		size_t good, bad;
	} rows[] = {
		{ "(", "1", ")", 240, 250 },          { "[", "1", "]", 240, 250 },
		{ "true ? 1 : ", "2", "", 240, 250 }, { "", "{}", ".?a", 240, 250 },
		{ "", "[[]]", "[?0]", 240, 250 },     { "[1].map(a, ", "1", ")", 8, 9 },
		{ "1+", "1", "", 32767, 32768 },
	};
	struct fixture fixture;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		fixture_init(&fixture);
		struct arena *arena = &fixture.arena;
		assert_non_null(fixture_compile(&fixture, nest(arena, rows[i].open, rows[i].middle,
							       rows[i].close, rows[i].good)));
		assert_null(fixture_compile(&fixture, nest(arena, rows[i].open, rows[i].middle,
							   rows[i].close, rows[i].bad)));
		assert_int_equal(fixture.diags.first->code, RB0304);
		fixture_done(&fixture);
	}
}

static void reads_bytes_that_end_no_text(void **state)
{
	struct fixture fixture;
	(void)state;
	fixture_init(&fixture);
	assert_non_null(fixture_compile(&fixture, TEXT("size('a\0b') == 3")));
	struct value value;
	assert_true(expr_constant(fixture.expr, &value));
	assert_true(value.boolean);
	fixture_done(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_what_cannot_be_read),
		cmocka_unit_test(knows_the_habits_of_other_languages),
		cmocka_unit_test(reads_the_grammar),
		cmocka_unit_test(has_limits_of_depth_and_size),
		cmocka_unit_test(reads_bytes_that_end_no_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
