#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void slices_within_bounds(void **state)
{
	struct text text = TEXT("release");

	(void)state;
	assert_true(text_is(text_slice(text, 2, 5), "lea"));
	assert_true(text_is(text_slice(text, 5, 99), "se"));
	assert_true(text_is(text_slice(text, 99, 100), ""));
	assert_true(text_is(text_slice(text, 5, 2), ""));
	assert_true(text_is(text_slice((struct text){ 0 }, 1, 2), ""));
	assert_true(text_is(text_of(NULL), ""));
}

static void compares_bytes(void **state)
{
	(void)state;
	assert_true(text_equal(TEXT("a\0b"), TEXT("a\0b")));
	assert_false(text_equal(TEXT("a\0b"), TEXT("a\0c")));
	assert_true(text_equal(TEXT(""), (struct text){ 0 }));
	assert_true(text_compare(TEXT("a"), TEXT("ab")) < 0);
	assert_true(text_compare(TEXT("b"), TEXT("ab")) > 0);
	assert_true(text_compare(TEXT("\xff"), TEXT("a")) > 0);
	assert_int_equal(text_compare(TEXT("ab"), TEXT("ab")), 0);
}

static void finds_parts(void **state)
{
	struct text text = TEXT("a,b,,c");

	(void)state;
	assert_true(text_starts(text, "a,"));
	assert_true(text_starts(text, ""));
	assert_false(text_starts(text, "a,b,,c,"));
	assert_true(text_ends(text, ",c"));
	assert_false(text_ends(TEXT("c"), ",c"));
	assert_int_equal(text_find(text, TEXT(","), 0), 1);
	assert_int_equal(text_find(text, TEXT(","), 2), 3);
	assert_int_equal(text_find(text, TEXT("x"), 0), SIZE_MAX);
	assert_int_equal(text_find(text, TEXT(""), 6), 6);
	assert_int_equal(text_find(text, TEXT(""), 7), SIZE_MAX);
	assert_int_equal(text_find(text, TEXT("c"), SIZE_MAX), SIZE_MAX);
}

static void trims_blanks_and_line_ends(void **state)
{
	(void)state;
	assert_true(text_is(text_trim(TEXT(" \t a b\r\n")), "a b"));
	assert_true(text_is(text_trim(TEXT(" \n ")), ""));
	assert_true(text_is(text_trim(TEXT("")), ""));
}

/* RFC 3629: the ends of each length, and what is just outside of the table. */
static const struct {
	struct text text;
	int32_t code_point; /* -1: malformed */
} characters[] = {
	{ { "\x00", 1 }, 0 },
	{ { "\x7f", 1 }, 0x7f },
	{ { "\xc2\x80", 2 }, 0x80 },
	{ { "\xdf\xbf", 2 }, 0x7ff },
	{ { "\xe0\xa0\x80", 3 }, 0x800 },
	{ { "\xed\x9f\xbf", 3 }, 0xd7ff },
	{ { "\xee\x80\x80", 3 }, 0xe000 },
	{ { "\xef\xbf\xbf", 3 }, 0xffff },
	{ { "\xf0\x90\x80\x80", 4 }, 0x10000 },
	{ { "\xf4\x8f\xbf\xbf", 4 }, 0x10ffff },
	{ { "\x80", 1 }, -1 },
	{ { "\xc0\x80", 2 }, -1 },
	{ { "\xc1\xbf", 2 }, -1 },
	{ { "\xe0\x9f\xbf", 3 }, -1 },
	{ { "\xed\xa0\x80", 3 }, -1 },
	{ { "\xf0\x8f\xbf\xbf", 4 }, -1 },
	{ { "\xf4\x90\x80\x80", 4 }, -1 },
	{ { "\xf5\x80\x80\x80", 4 }, -1 },
	{ { "\xff", 1 }, -1 },
	{ { "\xc2", 1 }, -1 },
	{ { "\xe2\x82", 2 }, -1 },
	{ { "\xe2\x82z", 3 }, -1 },
	{ { "\xf0\x9f\x98", 3 }, -1 },
};

static void reads_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(characters); i++) {
		struct text text = characters[i].text;
		size_t offset = 0;

		assert_int_equal(text_next(text, &offset), characters[i].code_point);
		assert_int_equal(offset, characters[i].code_point < 0 ? 1 : text.len);
		assert_int_equal(text_is_utf8(text, NULL), characters[i].code_point >= 0);
	}
}

static void writes_every_code_point_so_that_it_is_read_again(void **state)
{
	struct arena arena;
	struct buffer buffer;

	(void)state;
	arena_init(&arena);
	for (uint32_t code_point = 0; code_point < 0x110000; code_point++) {
		size_t offset = 0;

		if (code_point >= 0xd800 && code_point < 0xe000)
			continue;
		if (code_point % 0x1000 == 0)
			arena_reset(&arena);
		buffer_init(&buffer, &arena);
		buffer_put_utf8(&buffer, code_point);
		assert_int_equal(text_next(buffer_text(&buffer), &offset), code_point);
		assert_int_equal(offset, buffer.len);
	}
	arena_done(&arena);
}

static void tells_where_utf8_breaks(void **state)
{
	size_t bad = 99;

	(void)state;
	assert_true(text_is_utf8(TEXT("gr\xc3\xbc\xc3\x9f"), &bad));
	assert_int_equal(bad, 99);
	assert_false(text_is_utf8(TEXT("gr\xc3\xbc\xc3"), &bad));
	assert_int_equal(bad, 4);
}

static void counts_cells(void **state)
{
	(void)state;
	assert_int_equal(text_cells(TEXT("release")), 7);
	assert_int_equal(text_cells(TEXT("gr\xc3\xbcn")), 4);
	assert_int_equal(text_cells(TEXT("\xe6\x97\xa5\xe6\x9c\xac")), 4); /* two wide ones */
	assert_int_equal(text_cells(TEXT("e\xcc\x81")), 1);                /* combining acute */
	assert_int_equal(text_cells(TEXT("a\tb")), 3);
	assert_int_equal(text_cells(TEXT("")), 0);
}

static void knows_which_name_was_meant(void **state)
{
	static const char *const keys[] = { "timeout", "retry", "run", "when", "url", "uri" };
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "timout", "timeout" },  { "timeuot", "timeout" },
		{ "Timeout", "timeout" }, { "rnu", "run" },
		{ "retries", NULL },      { "rety", "retry" },
		{ "urx", "url" },         { "timeout", "timeout" },
		{ "completely", NULL },   { "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *nearest = text_nearest(text_of(cases[i].word), keys, COUNT(keys));

		if (cases[i].nearest)
			assert_string_equal(nearest, cases[i].nearest);
		else
			assert_null(nearest);
	}
	assert_null(text_nearest(TEXT("run"), keys, 0));
}

static void completes_the_beginning_of_only_one(void **state)
{
	static const char *const keys[] = { "automatic", "manual", "description",
					    "descend",   "manual", "max_every" };
	(void)state;
	assert_string_equal(text_nearest(TEXT("auto"), keys, 6), "automatic");
	assert_string_equal(text_nearest(TEXT("Descr"), keys, 6), "description");
	assert_string_equal(text_nearest(TEXT("man"), keys, 6), "manual");
	assert_null(text_nearest(TEXT("desc"), keys, 6));
	assert_null(text_nearest(TEXT("au"), keys, 6));
	assert_null(text_nearest(TEXT("matic"), keys, 6));
	assert_null(text_nearest(TEXT("max"), keys, 6));
}

static void takes_no_long_word_for_a_misspelling(void **state)
{
	char word[80];
	const char *candidates[] = { word };

	(void)state;
	memset(word, 'a', sizeof(word));
	word[sizeof(word) - 1] = '\0';
	assert_null(text_nearest(text_of(word), candidates, 1));
	assert_null(text_nearest(TEXT("a"), candidates, 1));
}

static void buffers_grow(void **state)
{
	struct arena arena;
	struct buffer buffer;

	(void)state;
	arena_init(&arena);
	buffer_init(&buffer, &arena);
	assert_int_equal(buffer_text(&buffer).len, 0);
	assert_string_equal(buffer_string(&buffer), "");
	for (int i = 0; i < 500; i++)
		buffer_printf(&buffer, "%d,", i);
	buffer_puts(&buffer, "end");
	buffer_putc(&buffer, '.');
	buffer_add(&buffer, (struct text){ 0 });
	assert_int_equal(buffer.len, 10 * 2 + 90 * 3 + 400 * 4 + 4);
	assert_true(text_ends(buffer_text(&buffer), "498,499,end."));
	assert_int_equal(strlen(buffer_string(&buffer)), buffer.len);
	arena_done(&arena);
}

static void numbers_are_put_in_decimal_digits(void **state)
{
	static const int64_t numbers[] = { 0, 7, -7, 10, 1234567890, INT64_MAX, INT64_MIN };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct buffer buffer;

		buffer_init(&buffer, &arena);
		buffer_put_int(&buffer, numbers[i]);
		assert_string_equal(buffer_string(&buffer),
				    arena_format(&arena, "%lld", (long long)numbers[i]));
	}
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_put_in_decimal_digits),
		cmocka_unit_test(slices_within_bounds),
		cmocka_unit_test(compares_bytes),
		cmocka_unit_test(finds_parts),
		cmocka_unit_test(trims_blanks_and_line_ends),
		cmocka_unit_test(reads_utf8),
		cmocka_unit_test(writes_every_code_point_so_that_it_is_read_again),
		cmocka_unit_test(tells_where_utf8_breaks),
		cmocka_unit_test(counts_cells),
		cmocka_unit_test(knows_which_name_was_meant),
		cmocka_unit_test(completes_the_beginning_of_only_one),
		cmocka_unit_test(takes_no_long_word_for_a_misspelling),
		cmocka_unit_test(buffers_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
