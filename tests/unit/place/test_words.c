/* Commands: words split from what was written, never from values. */
#include "support.h"

/* The words of a command, each in brackets; or the class and message of the failure. */
static const char *words_of(struct bench *bench, const char *document)
{
	struct words words = { 0 };
	struct buffer out;
	buffer_init(&out, &bench->arena);
	if (!bench_read(bench, PLACE_WORDS, document))
		return bench_complaint(bench);
	if (!place_words(bench->text, &bench->scope, &bench->arena, &words, &bench->failure)) {
		buffer_printf(&out, "%s: %s", bench->failure.class, bench->failure.message);
		return buffer_string(&out);
	}
	for (size_t i = 0; i < words.count; i++)
		buffer_printf(&out, "[%s]", words.word[i]);
	assert_null(words.word[words.count]);
	return buffer_string(&out);
}

#define assert_words(document, expected) assert_string_equal(words_of(&bench, document), expected)

static void splits_what_is_written(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_words("x: docker  ps --all", "[docker][ps][--all]");
	assert_words("x: printf '%s\\n' 'a  b'", "[printf][%s\\n][a  b]");
	assert_words("x: printf \"a \\\"b\\\" \\\\ c\" ''", "[printf][a \"b\" \\ c][]");
	assert_words("x: docker --format {{.Image}} a'b'c", "[docker][--format][{{.Image}}][abc]");
	assert_words("x: >-\n  docker compose\n  up -d\n", "[docker][compose][up][-d]");
	assert_words("x: |\n  docker ps\n", "[docker][ps]");
	assert_words("x: echo $'a'", "RB0601 1:9");
	bench_done(&bench);
}

static void keeps_a_value_in_its_word(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "v1\"; echo PWNED; echo \"$(echo SUB)'; echo Q  *\n\\");
	assert_words("x: echo ${{ data }} b",
		     "[echo][v1\"; echo PWNED; echo \"$(echo SUB)'; echo Q  *\n\\][b]");
	assert_words("x: echo 'a ${{ number }}'b \"c${{ number }}\"", "[echo][a 8080b][c8080]");
	bench_data(&bench, DATA, "");
	assert_words("x: echo ${{ data }} b", "[echo][][b]");
	assert_words("x: echo ${{ list }} b", "[echo][a b][c][b]");
	bench.values[LIST_NAME] = value_list(NULL, 0, &bench.arena);
	assert_words("x: echo ${{ list }} b", "[echo][b]");
	bench_done(&bench);
}

static void takes_a_list_of_words(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_words("x: [echo, 'a  b', '$HOME|*', '']", "[echo][a  b][$HOME|*][]");
	assert_words("x:\n  - echo\n  - ${{ list }}\n  - a${{ number }}\n",
		     "[echo][a b][c][a8080]");
	assert_words("x: [echo, [a]]", "RB0102 1:11");
	assert_words("x:\n  - echo\n  -\n", "RB0102 3:4");
	assert_words("x:\n  - echo\n  - a${{ list }}\n", "RB0604 3:6");
	assert_words("x: []", "RB0608 1:4");
	assert_words("x: {a: b}", "RB0102 1:4");
	bench_done(&bench);
}

static void refuses_what_a_shell_would_read(void **state)
{
	static const struct {
		const char *document, *complaint, *hint;
	} rows[] = {
		{ "x: a | b", "RB0601 1:6", "shell:" },
		{ "x: a && b", "RB0601 1:6", "two steps" },
		{ "x: a; b", "RB0601 1:5", "two steps" },
		{ "x: a < b", "RB0601 1:6", "stdin:" },
		{ "x: a > b", "RB0601 1:6", "capture" },
		{ "x: a (b", "RB0601 1:6", "shell:" },
		{ "x: a )b", "RB0601 1:6", "shell:" },
		{ "x: a $HOME", "RB0601 1:6", "env.NAME" },
		{ "x: a *.txt", "RB0601 1:6", "quote it" },
		{ "x: a App\\Entity", "RB0601 1:9", "single quotes" },
		{ "x: a `b`", "RB0601 1:6", "capture" },
		{ "x: a ~/b", "RB0601 1:6", "whole path" },
		{ "x: a \"$b\"", "RB0601 1:7", "Single quotes" },
		{ "x: a \"`b`\"", "RB0601 1:7", "Single quotes" },
		{ "x: A_1=b c", "RB0606 1:4", "env: {A_1: ...}" },
		{ "x: A=${{ data }} c", "RB0606 1:4", "env: {A: ...}" },
		{ "x: a 'b", "RB0602 1:6", "Close it" },
		{ "x: a \"b", "RB0602 1:6", "Close it" },
		{ "x: |\n  a b\n  c d\n", "RB0607 3:3", ">-" },
		{ "x: ''", "RB0608 1:4", "docker ps" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_complaint(&bench, PLACE_WORDS, rows[i].document, rows[i].complaint);
		assert_true(bench_hints(&bench, rows[i].hint));
	}
	assert_words("x: a b~ c=d 'A=b' \"~\"", "[a][b~][c=d][A=b][~]");
	bench_done(&bench);
}

static void points_into_every_style(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_WORDS, "x: 'it''s | b'", "RB0602 1:7");
	assert_complaint(&bench, PLACE_WORDS, "x: 'a ''b'' | c'", "RB0601 1:13");
	assert_complaint(&bench, PLACE_WORDS, "x: \"a \\\"b\\\" | c\"", "RB0601 1:13");
	assert_complaint(&bench, PLACE_WORDS, "x: a\n   b | c", "RB0601 2:6");
	assert_complaint(&bench, PLACE_WORDS, "x: |\n  a b | c\n", "RB0601 2:7");
	assert_complaint(&bench, PLACE_WORDS, "x: >-\n  a b\n  c | d\n", "RB0601 3:5");
	assert_complaint(&bench, PLACE_WORDS, "x: '$${{ ${{ data }} | c'", "RB0601 1:5");
	bench_read(&bench, PLACE_WORDS, "x: a${{ list }}");
	assert_true(text_is(bench_pointed(&bench), "${{ list }}"));
	bench_done(&bench);
}

static void refuses_values_of_wrong_types(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_words("x: echo a${{ list }}", "RB0604 1:10");
	assert_words("x: echo \"${{ list }}\"", "RB0604 1:10");
	assert_words("x: echo ${{ map }}", "RB0604 1:9");
	assert_words("x: echo ${{ none }}", "RB0604 1:9");
	assert_words("x: echo ${{ any }}",
		     "refused: 'any' is null, which cannot stand in a command");
	bench.values[ANY] = bench.values[LIST_NAME];
	assert_words("x: echo ${{ any }}", "[echo][a b][c]");
	assert_words("x: echo a${{ any }}",
		     "refused: 'any' is list, which cannot stand in a longer word of a command");
	struct value nested = value_list(&bench.values[LIST_NAME], 1, &bench.arena);
	bench.values[ANY] = nested;
	assert_words("x: echo ${{ any }}",
		     "refused: element 0 of the list is list, which cannot be a word");
	bench.values[DATA] = value_string((struct text){ "a\0b", 3 });
	assert_words("x: echo ${{ data }}",
		     "refused: 'data' holds a NUL byte, which cannot stand in a command");
	bench.values[ANY] = value_list(NULL, 0, &bench.arena);
	assert_words("x: ${{ any }}", "refused: the command has no program");
	assert_words("x: echo ${{ any.b }}",
		     "expression: a list has items by number, not by string");
	bench_done(&bench);
}

static void refuses_options_made_of_data(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "-rf");
	bench.values[WRITTEN] = value_cstring("-rf");
	const char *refused =
		"refused: a value that begins with '-' cannot begin a word: it would be an option";
	assert_words("x: rm ${{ data }}", refused);
	assert_words("x: rm ''${{ data }}", refused);
	assert_words("x: [rm, '${{ data }}']", refused);
	assert_words("x: rm a${{ data }} ./${{ data }}", "[rm][a-rf][./-rf]");
	assert_words("x: rm --to=${{ data }} -${{ data }}", "[rm][--to=-rf][--rf]");
	assert_words("x: rm -- ${{ data }}", "[rm][--][-rf]");
	assert_words("x: rm ${{ written }}", "[rm][-rf]");
	bench_data(&bench, DATA, "--");
	assert_words("x: rm ${{ data }} ${{ written }}", refused);
	bench.values[WRITTEN] = value_cstring("--");
	assert_words("x: rm ${{ written }} ${{ data }}", "[rm][--][--]");
	bench_data(&bench, DATA, "-");
	bench_data(&bench, ANY, "-rf");
	assert_words("x: rm -${{ data }} ${{ any }}", refused);
	bench.values[NUMBER] = value_mark(value_int(-1), VALUE_OUTSIDE);
	assert_words("x: sleep ${{ number }}", refused);
	bench_data(&bench, DATA, "-x");
	bench.values[LIST_NAME] = value_list(&bench.values[DATA], 1, &bench.arena);
	assert_words("x: rm ${{ list }}", refused);
	bench_done(&bench);
}

static void refuses_secrets(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_words("x: mysql -p${{ secret }}", "RB0605 1:12");
	assert_true(bench_hints(&bench, "env:"));
	assert_words("x: echo ${{ 'a' + secret }}", "RB0605 1:9");
	bench.values[ANY] = bench.values[SECRET];
	assert_words("x: echo ${{ any }}",
		     "refused: 'any' holds a secret, which cannot stand in a command");
	assert_string_equal(bench.failure.hint,
			    "Anybody can read a command line: pass it by env: or stdin:.");
	bench_done(&bench);
}

static void refuses_words_that_are_too_long(void **state)
{
	static char big[200000];
	struct bench bench;
	(void)state;
	bench_init(&bench);
	memset(big, 'a', sizeof(big) - 1);
	bench_data(&bench, DATA, big);
	assert_words("x: echo a${{ data }}",
		     "resource: a word of 200000 bytes is longer than the 131071 that Linux takes");
	bench_done(&bench);
}

static void shows_words_as_a_shell_would_need_them(void **state)
{
	static const struct {
		const char *document, *shown;
	} rows[] = {
		{ "x: docker --format {{.Image}} 'a b' ''", "docker --format {{.Image}} 'a b' ''" },
		{ "x: echo \"it's\" '*'", "echo 'it'\\''s' '*'" },
		{ "x: echo ${{ data }} a${{ number }}", "echo value a8080" },
		{ "x: echo ${{ list }}", "echo 'a b' c" },
		{ "x: echo ${{ any }}x", "echo <steps.a.text: string>x" },
		{ "x: echo ${{ map.a }}x", "echo ${{ map.a }}x" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench.values[ANY] = value_unknown("steps.a.text: string", &bench.arena);
	struct value_map_builder builder;
	value_map_init(&builder, &bench.arena);
	bench.values[MAP_NAME] = value_map_end(&builder);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buffer out;
		assert_non_null(bench_read(&bench, PLACE_WORDS, rows[i].document));
		buffer_init(&out, &bench.arena);
		place_show(&out, bench.text, &bench.scope, &bench.arena);
		assert_string_equal(buffer_string(&out), rows[i].shown);
	}
	bench_done(&bench);
}

static void lists_its_holes(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_read(&bench, PLACE_WORDS, "x: echo ${{ data }} a${{ number }}");
	assert_true(text_is(text_trim(expr_text(place_hole(bench.text, 0))), "data"));
	assert_true(text_is(text_trim(expr_text(place_hole(bench.text, 1))), "number"));
	assert_null(place_hole(bench.text, 2));
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_what_is_written),
		cmocka_unit_test(keeps_a_value_in_its_word),
		cmocka_unit_test(takes_a_list_of_words),
		cmocka_unit_test(refuses_what_a_shell_would_read),
		cmocka_unit_test(points_into_every_style),
		cmocka_unit_test(refuses_values_of_wrong_types),
		cmocka_unit_test(refuses_options_made_of_data),
		cmocka_unit_test(refuses_secrets),
		cmocka_unit_test(refuses_words_that_are_too_long),
		cmocka_unit_test(shows_words_as_a_shell_would_need_them),
		cmocka_unit_test(lists_its_holes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
