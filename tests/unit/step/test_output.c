/* Outputs over bytes: text, lines and json are made when an expression asks. */
#include "support.h"

static struct captured captured(struct host *host, struct text bytes, int64_t max)
{
	struct captured captured;
	captured_init(&captured, "stdout", max, &host->arena);
	captured_add(&captured, bytes);
	return captured;
}

static void text_is_without_its_last_line_ends(void **state)
{
	struct host *host = *state;
	static const char *const rows[][2] = {
		{ "", "\"\"" },   { "a", "\"a\"" },       { "a\n\r\n\n", "\"a\"" },
		{ "\n", "\"\"" }, { " a \n", "\" a \"" }, { "a\nb\n", "\"a\\nb\"" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct captured bytes = captured(host, text_of(rows[i][0]), 100);
		assert_string_equal(host_show(host, captured_text(&bytes, &host->arena)),
				    rows[i][1]);
	}
}

static void lines_are_without_their_ends(void **state)
{
	struct host *host = *state;
	static const char *const rows[][2] = {
		{ "", "[]" },
		{ "a", "[\"a\"]" },
		{ "a\n", "[\"a\"]" },
		{ "\n", "[\"\"]" },
		{ "a\r\nb\r", "[\"a\",\"b\"]" },
		{ "a\n\nb", "[\"a\",\"\",\"b\"]" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct captured bytes = captured(host, text_of(rows[i][0]), 100);
		assert_string_equal(host_show(host, captured_lines(&bytes, &host->arena)),
				    rows[i][1]);
	}
}

static void bytes_come_in_pieces_up_to_the_limit(void **state)
{
	struct host *host = *state;
	struct captured bytes = captured(host, TEXT("ab"), 5);
	captured_add(&bytes, TEXT("cde"));
	assert_string_equal(host_show(host, captured_string(&bytes, &host->arena)), "\"abcde\"");
	captured_add(&bytes, TEXT(""));
	assert_false(bytes.over);
	captured_add(&bytes, TEXT("f"));
	captured_add(&bytes, TEXT("g"));
	assert_int_equal(bytes.bytes.len, 5);
	struct value over = captured_string(&bytes, &host->arena);
	assert_string_equal(host_show(host, over), "error: 'stdout' is longer than the limit of 5 "
						   "bytes; it is in the log only");
	assert_int_equal(over.error->failure, FAIL_RESOURCE);
}

static void what_is_not_utf8_has_no_text(void **state)
{
	struct host *host = *state;
	struct captured bytes = captured(host, TEXT("ok\xc3"), 100);
	static const char *const message = "error: 'stdout' is not UTF-8 at byte 3";
	assert_string_equal(host_show(host, captured_string(&bytes, &host->arena)), message);
	assert_string_equal(host_show(host, captured_text(&bytes, &host->arena)), message);
	assert_string_equal(host_show(host, captured_lines(&bytes, &host->arena)), message);
	struct value json = captured_json(&bytes, &host->arena);
	assert_string_equal(host_show(host, json), message);
	assert_int_equal(json.error->failure, FAIL_RESOURCE);
}

static void what_is_not_json_is_the_authors_mistake(void **state)
{
	struct host *host = *state;
	struct captured bytes = captured(host, TEXT("{\"a\": nope}"), 100);
	struct value json = captured_json(&bytes, &host->arena);
	assert_int_equal(json.error->failure, FAIL_EXPRESSION);
	assert_non_null(strstr(json.error->message, "'stdout' is not JSON at byte 7: "));
}

static void codes_are_shown_as_they_are_written(void **state)
{
	struct host *host = *state;
	static const struct code_range ranges[] = { { 0, 0 }, { 200, 299 }, { 404, 404 } };
	const struct codes codes = { 3, ranges };
	assert_string_equal(codes_text(&codes, &host->arena), "0, 200-299, 404");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(text_is_without_its_last_line_ends),
		HOST(lines_are_without_their_ends),
		HOST(bytes_come_in_pieces_up_to_the_limit),
		HOST(what_is_not_utf8_has_no_text),
		HOST(what_is_not_json_is_the_authors_mistake),
		HOST(codes_are_shown_as_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
