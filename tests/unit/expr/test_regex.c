/* RE2's dialect on PCRE2: what is read, what is refused, how it is written, and the limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "expr/functions.h"
#include "support/valgrind.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int setup(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int teardown(void **state)
{
	arena_done(*state);
	return 0;
}

static const struct regex *compile(const char *pattern, struct arena *arena)
{
	const char *error = NULL;
	size_t offset = 0;
	const struct regex *regex = regex_compile(text_of(pattern), arena, &error, &offset);

	if (!regex)
		fail_msg("%s: at %zu, %s", pattern, offset, error);
	return regex;
}

#define FUEL 10000000 /* of an evaluation */

/* The first match with its groups, if count > 0. -1: there is an error. */
static int find(const struct regex *regex, struct text subject, size_t from, struct text *groups,
		size_t count)
{
	const struct match_groups wanted = { groups, count };
	const char *error = NULL;
	uint64_t fuel = FUEL;
	int found = regex_match(regex, subject, from, count ? &wanted : NULL, &fuel, &error);

	assert_int_equal(found < 0, error != NULL);
	return found;
}

static int match(const char *pattern, struct text subject, struct arena *arena)
{
	return find(compile(pattern, arena), subject, 0, NULL, 0);
}

static void matches_as_re2_does(void **state)
{
	static const struct {
		const char *pattern;
		const char *subject;
		bool found;
	} cases[] = {
		{ "", "", true },
		{ "a.b", "a\nb", false },
		{ "(?s)a.b", "a\nb", true },
		{ "o$", "foo\n", false },
		{ "(?m)^b$", "a\nb\nc", true },
		{ "(?m)^b$", "a\rb\rc", false },
		{ "(?i)\u00c9", "\u00e9", true },
		{ "(?-i:A)", "a", false },
		{ "^(?U)a+", "aa", true },
		{ "\\s", "\v", false },
		{ "\\S", "\v", true },
		{ "[\\s]", "\v", false },
		{ "[\\S]", "\v", true },
		{ "[^\\s]", "\v", true },
		{ "[[:space:]]", "\v", true },
		{ "\\v", "\v", true },
		{ "^\\d$", "\u0663", false },
		{ "^\\w$", "\u00e9", false },
		{ "^\\pL\\p{Lu}\\P{Lu}$", "\u00e9Aa", true },
		{ "^\\p{Greek}\\p{^Greek}\\P{^Greek}$", "\u03b1b\u03b1", true },
		{ "^[\\p{Greek}\\d-z]+$", "\u03b15-z", true },
		{ "^[\\d-z]$", "e", false },
		{ "^[a-]$", "-", true },
		{ "^[]a]+$", "]a", true },
		{ "^[^]a]+$", "]a", false },
		{ "^[[a]+$", "[a", true },
		{ "^[a&&b]$", "&", true },
		{ "^[\\x41-\\x{5A}\\n]+$", "AZ\n", true },
		{ "^a{2}$", "aa", true },
		{ "^a{2,}?$", "aaa", true },
		{ "^a{,2}$", "a{,2}", true },
		{ "^a{$", "a{", true },
		{ "^a{1,2$", "a{1,2", true },
		{ "^\\Qa.b*\\E+$", "a.b**", true },
		{ "^\\Qa", "a", true },
		{ "^\\101\\07\\x{1F600}$", "A\a\U0001F600", true },
		{ "^(?P<year>\\d+)-(?<month>\\d+)$", "2026-03", true },
		{ "^(?:a|)b$", "b", true },
		{ "^#a b$", "#a b", true },
		{ "\\Aa\\z", "a\n", false },
		{ "^\\_\\-\\/$", "_-/", true },
		{ "(^)*a", "a", true },
		{ "(|a)*b", "aab", true },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		if (match(cases[i].pattern, text_of(cases[i].subject), *state) != cases[i].found)
			fail_msg("%s on %s", cases[i].pattern, cases[i].subject);
}

static void refuses_what_re2_does_not_know(void **state)
{
	static const struct {
		const char *pattern;
		size_t offset;
	} cases[] = {
		{ "(a)(?=b)", 3 },
		{ "(?!a)", 0 },
		{ "x(?<=a)", 1 },
		{ "(?<!a)", 0 },
		{ "(?>a)", 0 },
		{ "(?#a)", 0 },
		{ "(?|a)", 0 },
		{ "(?^)a", 0 },
		{ "(?x)a", 0 },
		{ "(?-)a", 0 },
		{ "(?i-)a", 0 },
		{ "(?R)", 0 },
		{ "(?1)", 0 },
		{ "(?&n)", 0 },
		{ "(?P=n)", 0 },
		{ "(?P>n)", 0 },
		{ "(?'n'a)", 0 },
		{ "(?C1)", 0 },
		{ "(?(1)a)", 0 },
		{ "(?<1a>b)", 3 },
		{ "(*UTF8)a", 1 },
		{ "(*ACCEPT)", 1 },
		{ "(a)\\1", 3 },
		{ "(a)\\8", 3 },
		{ "\\g1", 0 },
		{ "\\ka", 0 },
		{ "\\e", 0 },
		{ "\\cA", 0 },
		{ "\\h", 0 },
		{ "\\H", 0 },
		{ "\\N", 0 },
		{ "\\o{7}", 0 },
		{ "\\R", 0 },
		{ "\\X", 0 },
		{ "\\K", 0 },
		{ "\\G", 0 },
		{ "\\Z", 0 },
		{ "\\C", 0 },
		{ "\\u0041", 0 },
		{ "\\E", 0 },
		{ "a\\", 1 },
		{ "\\\u00e9", 0 },
		{ "\\x4", 0 },
		{ "\\x{}", 0 },
		{ "\\x{110000}", 0 },
		{ "\\x{D800}", 0 },
		{ "\\p{Xan}", 0 },
		{ "\\p{Grek}", 0 },
		{ "\\p{greek}", 0 },
		{ "\\p{L&}", 0 },
		{ "\\p{Lu", 0 },
		{ "\\pX", 0 },
		{ "a*+", 2 },
		{ "a++", 2 },
		{ "a?+", 2 },
		{ "a{2}+", 4 },
		{ "a**", 2 },
		{ "a{2}{3}", 4 },
		{ "a*??", 3 },
		{ "*", 0 },
		{ "a|*", 2 },
		{ "(+)", 1 },
		{ "{2}", 0 },
		{ "a{1001}", 1 },
		{ "a{3,2}", 1 },
		{ "(a{50}){21}", 7 },
		{ "((a{10}){10}){11}", 13 },
		{ "[", 0 },
		{ "[a", 0 },
		{ "[]", 0 },
		{ "[z-a]", 1 },
		{ "[a-\\d]", 1 },
		{ "[a-\\pL]", 1 },
		{ "[\\b]", 1 },
		{ "(a", 2 },
		{ "a)", 1 },
		{ "[[:foo:]]", 0 },
		{ "(?P<n>a)(?P<n>b)", 14 },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *error = NULL;
		size_t offset = SIZE_MAX;

		if (regex_compile(text_of(cases[i].pattern), *state, &error, &offset))
			fail_msg("accepted: %s", cases[i].pattern);
		if (offset != cases[i].offset)
			fail_msg("%s: at %zu: %s", cases[i].pattern, offset, error);
		assert_true(error && *error);
	}
}

static void repetitions_multiply_to_a_thousand(void **state)
{
	compile("a{1000}", *state);
	compile("(a{50}){20}", *state);
	compile("(a{50}b{1000})c{1000}", *state);
	compile("(a{1000})*", *state);
}

static void refuses_long_and_deep_patterns(void **state)
{
	char pattern[4098];
	const char *error = NULL;
	size_t offset;

	memset(pattern, 'a', sizeof(pattern));
	assert_non_null(regex_compile((struct text){ pattern, 4096 }, *state, &error, &offset));
	assert_null(regex_compile((struct text){ pattern, 4097 }, *state, &error, &offset));
	memset(pattern, '(', 201);
	assert_null(regex_compile((struct text){ pattern, 201 }, *state, &error, &offset));
	assert_string_equal(error, "too many groups in one another");
}

static void every_prefix_of_a_pattern_is_read_or_refused(void **state)
{
	static const char pattern[] =
		"^(?P<n>[^\\x{1F600}\\p{Greek}[:alpha:]a-z]{2,30}?)\\Q.*\\E(?i:b|\\101)\\pL$";

	for (size_t len = 0; len < sizeof(pattern); len++) {
		char *prefix = arena_copy(*state, pattern, len);
		const char *error = NULL;
		size_t offset = 0;
		bool good = regex_compile((struct text){ prefix, len }, *state, &error, &offset);

		assert_int_equal(good, error == NULL);
		assert_true(good || offset <= len);
	}
}

static void gives_groups(void **state)
{
	const struct regex *regex = compile("(a)|(b)|(c*)x", *state);
	struct text groups[6];

	assert_int_equal(regex_groups(regex), 3);
	assert_int_equal(find(regex, TEXT("-b-x"), 0, groups, 6), 1);
	assert_true(text_is(groups[0], "b"));
	assert_null(groups[1].ptr);
	assert_true(text_is(groups[2], "b"));
	assert_null(groups[3].ptr);
	assert_null(groups[5].ptr);
	assert_int_equal(find(regex, TEXT("-b-x"), 2, groups, 6), 1);
	assert_true(text_is(groups[0], "x"));
	assert_non_null(groups[3].ptr);
	assert_int_equal(groups[3].len, 0);
	assert_int_equal(find(regex, TEXT("-b-x"), 4, groups, 6), 0);
}

/* Where a match is wanted, too many steps are an error, never "not found"; interpreted and as
 * machine code. Where only its being there is wanted, a way without steps back finds the answer. */
static void stops_where_matching_takes_too_long(void **state)
{
	static const size_t ends[] = { 30, 8190 };
	const struct regex *regex = compile("^(a+)+$", *state);

	for (size_t i = 0; i < COUNT(ends); i++) {
		char *subject = arena_alloc(*state, 8192);
		struct text group;

		memset(subject, 'a', ends[i]);
		subject[ends[i]] = '!';
		assert_int_equal(find(regex, (struct text){ subject, ends[i] + 1 }, 0, &group, 1),
				 -1);
	}
	assert_int_equal(match("^(a+)+$", TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"), *state), 0);
}

/* The stack of the machine code ends before the text does, and so do the interpreter's limits: with
 * a group that is an error; without one the way without steps back has the answer. */
static void a_stack_that_ends_is_no_answer(void **state)
{
	size_t len = 1 << 17;
	char *subject = arena_alloc(*state, len);
	const struct regex *regex = compile("^(?:(a|b)(c|d)?)*$", *state);
	struct text group;

	memset(subject, 'a', len);
	assert_int_equal(find(regex, (struct text){ subject, len }, 0, &group, 1), -1);
	assert_int_equal(find(regex, (struct text){ subject, len }, 0, NULL, 0), 1);
	subject[len - 1] = '!';
	assert_int_equal(find(regex, (struct text){ subject, len }, 0, NULL, 0), 0);
}

/* PCRE2's limits hold for each place where a match may begin: of these a long text has so many that
 * each of these patterns would be tried for minutes. Nothing but fuel ends that. */
static void a_search_costs_fuel(void **state)
{
	static const char *const patterns[] = {
		"(a|b)*[cd]",       "(a|aa)+[cd]",  "a.*[bc].*[de]",     "a(?:[ab]*b)?[cd]",
		"[ab]*b?[ab]*[cd]", "(a+b?)+?[cd]", "([ab]{0,90})*[cd]",
	};
	static const size_t lens[] = { 3000, 1 << 20 };
	const uint64_t most = under_valgrind() ? FUEL / 20 : FUEL;
	struct text text = { arena_alloc(*state, lens[1]), 0 };
	const char *error = NULL;

	memset((char *)(uintptr_t)text.ptr, 'a', lens[1]);
	for (size_t i = 0; i < COUNT(patterns); i++)
		for (size_t k = 0; k < COUNT(lens); k++) {
			uint64_t fuel = most;
			text.len = lens[k];
			int found = regex_match(compile(patterns[i], *state), text, 0, NULL, &fuel,
						&error);
			assert_true(found == -1 || (found == 0 && k == 0));
			assert_true(fuel < most);
		}
}

static void searches_long_texts(void **state)
{
	size_t len = 1 << 20;
	char *subject = arena_alloc(*state, len);
	const struct regex *regex = compile("needle[0-9]+", *state);
	struct text group;

	memset(subject, 'n', len);
	assert_int_equal(find(regex, (struct text){ subject, len }, 0, &group, 1), 0);
	memcpy(subject + len - 8, "needle42", 8);
	assert_int_equal(find(regex, (struct text){ subject, len }, 0, &group, 1), 1);
	assert_ptr_equal(group.ptr, subject + len - 8);
}

static void texts_that_are_not_utf8_are_errors(void **state)
{
	assert_int_equal(match("a", TEXT("\xff"), *state), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(matches_as_re2_does, setup, teardown),
		cmocka_unit_test_setup_teardown(refuses_what_re2_does_not_know, setup, teardown),
		cmocka_unit_test_setup_teardown(repetitions_multiply_to_a_thousand, setup,
						teardown),
		cmocka_unit_test_setup_teardown(refuses_long_and_deep_patterns, setup, teardown),
		cmocka_unit_test_setup_teardown(every_prefix_of_a_pattern_is_read_or_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(gives_groups, setup, teardown),
		cmocka_unit_test_setup_teardown(stops_where_matching_takes_too_long, setup,
						teardown),
		cmocka_unit_test_setup_teardown(a_stack_that_ends_is_no_answer, setup, teardown),
		cmocka_unit_test_setup_teardown(a_search_costs_fuel, setup, teardown),
		cmocka_unit_test_setup_teardown(searches_long_texts, setup, teardown),
		cmocka_unit_test_setup_teardown(texts_that_are_not_utf8_are_errors, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
