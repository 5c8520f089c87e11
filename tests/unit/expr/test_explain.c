#include "fixture.h"

static void declare(struct fixture *fixture)
{
	struct value_map_builder map;
	fixture_init(fixture);
	struct value *items = arena_array(&fixture->arena, struct value, 2);
	items[0] = value_cstring("a");
	items[1] = value_cstring("b");
	value_map_init(&map, &fixture->arena);
	value_map_set(&map, "status", value_cstring("down"));
	fixture_name(fixture, "code", &type_int, value_int(503));
	fixture_name(fixture, "json", &type_dyn, value_map_end(&map));
	fixture_name(fixture, "clean", &type_bool, value_bool(false));
	fixture_name(fixture, "names", &type_dyn, value_list(items, 2, &fixture->arena));
	fixture_name(fixture, "text", &type_string, value_cstring("hello"));
	fixture_name(fixture, "key", &type_string, value_mark(value_cstring("k3y"), VALUE_SECRET));
	fixture->scope.values = fixture->values;
	fixture->scope.count = fixture->count;
}

/* So that all of the rows that differ are seen. */
static bool failed;

static void write_operand(struct fixture *fixture, const struct expr_operand *operand,
			  struct buffer *out)
{
	struct text text = expr_text(fixture->expr);
	for (size_t i = 0; i < operand->count; i++) {
		const struct expr_part *part = &operand->parts[i];
		buffer_printf(out, "%s%.*s = %s", i ? ", " : "",
			      TEXT_ARG(text_slice(text, part->from, part->to)),
			      fixture_show(fixture, part->value));
		if (i > 0 || !operand->wanted)
			continue;
		buffer_printf(out, " wanted %s", operand->wanted);
		value_show(out, operand->expected, 200);
	}
	if (!operand->element)
		return;
	buffer_printf(out, " at %.*s[%s]",
		      TEXT_ARG(text_slice(text, operand->element->from, operand->element->to)),
		      fixture_show(fixture, operand->element->key));
	buffer_printf(out, " %s", fixture_show(fixture, operand->element->value));
}

/* "code == 200: code = 503 wanted 200; ..." */
static const char *write_operands(struct fixture *fixture)
{
	const struct expr_operand *operands;
	struct text text = expr_text(fixture->expr);
	struct buffer out;
	size_t count = expr_explain(fixture->expr, &fixture->scope, &fixture->arena, &operands);

	buffer_init(&out, &fixture->arena);
	for (size_t i = 0; i < count; i++) {
		buffer_printf(&out, "%s", i ? "; " : "");
		if (operands[i].from > 0 || operands[i].to < text.len)
			buffer_printf(&out, "%.*s: ",
				      TEXT_ARG(text_slice(text, operands[i].from, operands[i].to)));
		write_operand(fixture, &operands[i], &out);
	}
	return buffer_string(&out);
}

static void shows_what_decided(void **state)
{
	static const char *const rows[][2] = {
		{ "code == 200", "code = 503 wanted 200" },
		{ "200 == code", "code = 503 wanted 200" },
		{ "code != 503", "code = 503 wanted other than 503" },
		{ "code < 500", "code = 503 wanted < 500" },
		{ "500 >= code", "code = 503 wanted <= 500" },
		{ "code == (size(text) + 1) && true",
		  "code == (size(text) + 1): code = 503 wanted 6, (size(text) + 1) = 6" },
		{ "code > 500 == clean", "code > 500 = true wanted false, clean = false" },
		{ "code == 503 && json.status == 'ok'",
		  "json.status == 'ok': json.status = \"down\" wanted \"ok\"" },
		{ "code == 200 || json.status == 'ok'",
		  "code == 200: code = 503 wanted 200; "
		  "json.status == 'ok': json.status = \"down\" wanted \"ok\"" },
		{ "code == 503 && (clean || code < 9)",
		  "clean: clean = false; code < 9: code = 503 wanted < 9" },
		{ "!(code == 503)", "(code == 503): code = 503 wanted other than 503" },
		{ "!(code > 500 && !clean)",
		  "code > 500: code = 503 wanted <= 500; clean: clean = false" },
		{ "clean", "clean = false" },
		{ "!clean == true && clean", "clean: clean = false" },
		{ "code in [200, 204]", "code = 503 wanted one of [200,204]" },
		{ "!('a' in names)",
		  "('a' in names): names = [\"a\",\"b\"] wanted not to have \"a\"" },
		{ "'c' in names", "names = [\"a\",\"b\"] wanted to have \"c\"" },
		{ "text.contains('x')", "text = \"hello\" wanted to contain \"x\"" },
		{ "!text.contains('h')",
		  "text.contains('h'): text = \"hello\" wanted not to contain \"h\"" },
		{ "text.startsWith(json.status)",
		  "text = \"hello\" wanted to start with \"down\", json.status = \"down\"" },
		{ "text.matches('^x')", "text = \"hello\" wanted to match \"^x\"" },
		{ "'x'.contains(text)", "text = \"hello\"" },
		{ "isURL(text)", "text = \"hello\"" },
		{ "names.all(n, n == 'a')",
		  "n == 'a': n = \"b\" wanted \"a\" at names[1] \"b\"; names = [\"a\",\"b\"]" },
		{ "json.all(k, v, k.size() == 3 && v == 'ok')",
		  "k.size() == 3: k.size() = 6 wanted 3 at json[\"status\"] \"down\"; "
		  "json = {\"status\":\"down\"}" },
		{ "names.exists(n, n == 'x')", "names = [\"a\",\"b\"]" },
		{ "!names.exists(n, n == 'b')",
		  "n == 'b': n = \"b\" wanted other than \"b\" at names[1] \"b\"; "
		  "names.exists(n, n == 'b'): names = [\"a\",\"b\"]" },
		{ "[[1, 2], [code]].all(l, l.all(i, i < 3))",
		  "i < 3: i = 503 wanted < 3 at l[0] 503; l.all(i, i < 3): l = [503] at [[1, 2], "
		  "[code]][1] [503]; [[1, 2], [code]] = [[1,2],[503]]" },
		{ "(code - 500) * 2 == (size(text) + 2)",
		  "(code - 500) * 2 = 6 wanted 7, (size(text) + 2) = 7" },
		{ "names.exists_one(n, n != 'x')", "names = [\"a\",\"b\"]" },
		{ "has(json.other)", "json = {\"status\":\"down\"} wanted to have \"other\"" },
		{ "code + 1 == 200", "code + 1 = 504 wanted 200" },
		{ "code == size(text)", "code = 503 wanted 5, size(text) = 5" },
		{ "clean ? true : code == 1",
		  "code == 1: code = 503 wanted 1; clean: clean = false" },
		{ "json.missing == 1",
		  "json.missing = error: there is no key \"missing\" wanted 1" },
		{ "1 == json.missing",
		  "json.missing = error: there is no key \"missing\" wanted 1" },
		{ "code == json.missing",
		  "code = 503, json.missing = error: there is no key \"missing\"" },
		{ "key == 'x'", "key = (secret) wanted \"x\"" },
		{ "text == key", "text = \"hello\" wanted (secret), key = (secret)" },
		{ "[key].all(k, k == text)",
		  "k == text: k = (secret) wanted \"hello\", text = \"hello\" at [key][0] "
		  "(secret); [key] = [(secret)]" },
		{ "cel.bind(c, code, c == 200)", "c == 200: c = 503 wanted 200" },
		{ "1 == 2", "1 == 2 = false" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		declare(&fixture);
		if (!fixture_compile(&fixture, text_of(rows[i][0])))
			fail_msg("%s: %s", rows[i][0], fixture.diags.first->message);
		const char *operands = write_operands(&fixture);
		if (strcmp(operands, rows[i][1]) != 0)
			print_error("%s: %s\n", rows[i][0], operands), failed = true;
		fixture_done(&fixture);
	}
	assert_false(failed);
}

static void finds_what_of_a_text_decided(void **state)
{
	static const struct {
		const char *source, *focus;
		size_t offset;
	} rows[] = {
		{ "!text.contains('l')", "l", 2 },
		{ "!text.contains('lo')", "lo", 3 },
		{ "text.contains('x')", NULL, 0 },
		{ "!text.matches('[e-l]+')", "hell", 0 },
		{ "!text.matches('l' + 'o?')", "l", 2 },
		{ "!text.matches('a*$')", "", 5 },
		{ "text.matches('^x')", NULL, 0 },
		{ "text.endsWith('ll')", "lo", 3 },
		{ "text.endsWith('a long hello')", "hello", 0 },
		{ "text.startsWith('a')", NULL, 0 },
		{ "text == 'help'", "", 3 },
		{ "text == 'hell'", "", 4 },
		{ "text != 'hello'", NULL, 0 },
		{ "'help' == text", NULL, 0 },
		{ "json.status == 1", NULL, 0 },
		{ "text == key", NULL, 0 },
		{ "'hello'.contains(text) == false", NULL, 0 },
		/* The pattern is this call's, not the one that was matched last. */
		{ "!text.contains('o') || !text.matches('l')", "o", 4 },
		{ "!text.lowerAscii().matches(text.matches('h') ? 'o' : 'e')", "o", 4 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct expr_operand *operand;
		struct fixture fixture;
		declare(&fixture);
		assert_true(fixture_compile(&fixture, text_of(rows[i].source)));
		expr_explain(fixture.expr, &fixture.scope, &fixture.arena, &operand);
		struct text text = value_text(operand->parts[0].value), focus = operand->focus;
		bool good = !rows[i].focus ? !focus.ptr
					   : focus.ptr == text.ptr + rows[i].offset &&
						     text_is(focus, rows[i].focus);
		if (!good)
			fail_msg("%s: '%.*s'", rows[i].source, TEXT_ARG(focus));
		fixture_done(&fixture);
	}
}

/* What is told costs what evaluating costs, however little is left of the limits then. */
static void each_part_has_all_of_the_limits(void **state)
{
	struct fixture fixture;
	(void)state;
	declare(&fixture);
	fixture.scope.limits.fuel = 70;
	assert_true(fixture_compile(&fixture, TEXT("lists.range(code / 40).all(i, i < 9)")));
	assert_string_equal(write_operands(&fixture),
			    "i < 9: i = 9 wanted < 9 at lists.range(code / 40)[9] 9; "
			    "lists.range(code / 40) = [0,1,2,3,4,5,6,7,8,9,10,11]");
	fixture_done(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_decided),
		cmocka_unit_test(finds_what_of_a_text_decided),
		cmocka_unit_test(each_part_has_all_of_the_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
