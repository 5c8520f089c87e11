/* No text, however broken, does harm: prefixes and single-byte changes of good expressions. Run
 * under the sanitizers this is a small fuzzer that always tries the same. */
#include "fixture.h"

static const char *const seeds[] = {
	"steps.build.exit_code == 0 && steps['a-b'].?count.orValue(2) > 2",
	"[1, 2u, 3.5e1, 0x1F, -4].map(x, {'k': x, true: [?none, x]})",
	"'it''s' + \"a\\u00e9\\x41\\101\" + r'\\d' + b'\\xff' + '''t'''",
	"text.matches('^(a|b)+[c-f]{1,3}$') ? !flag : -(1 + 2) * 3 % 4",
	"cel.bind(x, [any].filter(y, has(y.a.b)), x.all(k, v, k < v) || `q`.z)",
	"{?'a': optional.of(1), 'b': {}}.transformMap(k, v, k + string(v))",
	"timestamp('2026-03-02T13:21:40Z') + duration('1h30m') > now // end",
	"math.greatest(1, any, [3][0]) in list && '%s-%d'.format([text, 5]) != ''",
};

/* Bytes that mean something to the lexer, and some that mean nothing. */
static const char changes[] = "'\"`\\(){}[].,:?!&|=<>+-*/%0x9eu aZ_$#\n\0\x80\xff";

static void declare(struct fixture *fixture)
{
	fixture_init(fixture);
	fixture_name(fixture, "steps", &type_dyn, value_null());
	fixture_name(fixture, "text", &type_string, value_cstring("abc"));
	fixture_name(fixture, "any", &type_dyn, value_int(1));
	fixture_name(fixture, "none", &type_dyn, value_optional(NULL, &fixture->arena));
	fixture_name(fixture, "flag", &type_bool, value_bool(true));
	fixture_name(fixture, "list", &type_dyn, value_list(NULL, 0, &fixture->arena));
	fixture_name(fixture, "now", &type_timestamp, value_timestamp(0, 0));
	fixture->scope.values = fixture->values;
	fixture->scope.count = fixture->count;
	fixture->scope.limits.fuel = 1000;
}

/* Compiles and evaluates; either gives an expression or says why not. */
static void try_text(struct text text)
{
	struct fixture fixture;
	const struct expr_operand *operands;
	declare(&fixture);
	if (!fixture_compile(&fixture, text)) {
		assert_int_not_equal(fixture.diags.errors, 0);
		assert_true(fixture.diags.first->span.to <= text.len);
	} else {
		expr_eval(fixture.expr, &fixture.scope, &fixture.arena);
		assert_int_not_equal(
			expr_explain(fixture.expr, &fixture.scope, &fixture.arena, &operands), 0);
	}
	fixture_done(&fixture);
}

/* The bytes get a place of their own, so that reading behind them is seen. */
static void try_copy(const char *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, len);
	try_text((struct text){ copy, len });
	free(copy);
}

static void survives_prefixes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(seeds); i++)
		for (size_t len = 0; len <= strlen(seeds[i]); len++)
			try_copy(seeds[i], len);
}

static void survives_changes_of_a_byte(void **state)
{
	char text[256];
	(void)state;
	for (size_t i = 0; i < COUNT(seeds); i++) {
		size_t len = strlen(seeds[i]);
		for (size_t at = 0; at < len; at++) {
			for (size_t change = 0; change < sizeof(changes) - 1; change++) {
				memcpy(text, seeds[i], len);
				text[at] = changes[change];
				try_copy(text, len);
			}
		}
	}
}

static void survives_losses_of_a_byte(void **state)
{
	char text[256];
	(void)state;
	for (size_t i = 0; i < COUNT(seeds); i++) {
		size_t len = strlen(seeds[i]);
		for (size_t at = 0; at < len; at++) {
			memcpy(text, seeds[i], at);
			memcpy(text + at, seeds[i] + at + 1, len - at - 1);
			try_copy(text, len - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survives_prefixes),
		cmocka_unit_test(survives_changes_of_a_byte),
		cmocka_unit_test(survives_losses_of_a_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
