#include "fixture.h"

static const struct template *read_template(struct fixture *fixture, const char *text)
{
	struct expr_options options = { .names = fixture->names };
	struct node *node = arena_new(&fixture->arena, struct node);
	*node = fixture_node(fixture, text_of(text));
	diags_init(&fixture->diags, &fixture->arena);
	return template_read(node, &options, &fixture->arena, &fixture->diags);
}

static void declare(struct fixture *fixture)
{
	struct value_map_builder map;
	fixture_init(fixture);
	value_map_init(&map, &fixture->arena);
	value_map_set(&map, "k", value_int(1));
	fixture_name(fixture, "name", &type_string,
		     value_mark(value_cstring("web"), VALUE_OUTSIDE));
	fixture_name(fixture, "port", &type_int, value_int(80));
	fixture_name(fixture, "map", &type_dyn, value_map_end(&map));
	fixture_name(fixture, "none", &type_dyn, value_null());
	fixture_name(fixture, "key", &type_string, value_mark(value_cstring("k3y"), VALUE_SECRET));
	fixture_name(fixture, "later", &type_dyn, value_unknown("later", &fixture->arena));
	fixture->scope.values = fixture->values;
	fixture->scope.count = fixture->count;
}

static void puts_values_in(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
		unsigned taint;
		bool sole;
	} rows[] = {
		{ "", "\"\"", 0, false },
		{ "plain", "\"plain\"", 0, false },
		{ "${{ port }}", "80", 0, true },
		{ "${{port}}", "80", 0, true },
		{ " ${{ port }}", "\" 80\"", 0, false },
		{ "${{ name }}:${{ port }}", "\"web:80\"", VALUE_OUTSIDE, false },
		{ "a $${{ port }} b", "\"a ${{ port }} b\"", 0, false },
		{ "$$${{ port }}", "\"$${{ port }}\"", 0, false },
		{ "$ {{ port }}", "\"$ {{ port }}\"", 0, false },
		{ "${{ {'a': {'b': port}}.a.b }}", "80", 0, true },
		{ "${{ {'a': {'b': port}} }}", "{\"a\":{\"b\":80}}", 0, true },
		{ "${{ {'a': {'b': port}}}}", "{\"a\":{\"b\":80}}", 0, true },
		{ "${{ '}}' + name }}", "\"}}web\"", VALUE_OUTSIDE, true },
		{ "${{ port // }}\n}}", "80", 0, true },
		{ "m=${{ map }}", "\"m={\\\"k\\\":1}\"", 0, false },
		{ "pw ${{ key }}", "(secret)", VALUE_SECRET, false },
		{ "x${{ later }}", "<later>", 0, false },
		{ "x${{ [later] }}", "<later>", 0, false },
		{ "}} ${{ port }} }}", "\"}} 80 }}\"", 0, false },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		declare(&fixture);
		const struct template *template = read_template(&fixture, rows[i].text);
		if (!template)
			fail_msg("%s: %s", rows[i].text, fixture.diags.first->message);
		struct value value = template_eval(template, &fixture.scope, &fixture.arena, NULL);
		if (strcmp(fixture_show(&fixture, value), rows[i].wanted) != 0)
			fail_msg("%s gave %s", rows[i].text, fixture_show(&fixture, value));
		assert_int_equal(value.flags & VALUE_TAINT, rows[i].taint);
		assert_int_equal(template->sole, rows[i].sole);
		if (!template->sole)
			assert_ptr_equal(template->type, &type_string);
		fixture_done(&fixture);
	}
}

static void says_which_piece_failed(void **state)
{
	struct fixture fixture;
	const struct expr *at = NULL;
	(void)state;
	declare(&fixture);
	const struct template *template = read_template(&fixture, "a ${{ port }} b ${{ none }}");
	struct value value = template_eval(template, &fixture.scope, &fixture.arena, &at);
	assert_int_equal(value.kind, VALUE_ERROR);
	assert_int_equal(value.error->to, expr_text(at).len);
	assert_true(text_is(text_trim(expr_text(at)), "none"));
	fixture_done(&fixture);
}

static void knows_its_pieces(void **state)
{
	struct fixture fixture;
	struct text text;
	(void)state;
	declare(&fixture);
	const struct template *template = read_template(&fixture, "a $${{${{ port }}c");
	assert_int_equal(template->count, 3);
	assert_true(text_is(template->pieces[0].literal, "a ${{"));
	assert_int_equal(template->pieces[0].to, 6);
	assert_int_equal(template->pieces[1].from, 6);
	assert_int_equal(template->pieces[1].to, 17);
	assert_false(template_constant(template, &text));
	assert_true(template_constant(read_template(&fixture, "x$${{"), &text));
	assert_true(text_is(text, "x${{"));
	assert_true(template_constant(read_template(&fixture, ""), &text));
	assert_int_equal(text.len, 0);
	fixture_done(&fixture);
}

static void refuses_what_cannot_be_read(void **state)
{
	static const struct {
		const char *text;
		enum diag_code code;
		uint32_t from, to;
	} rows[] = {
		{ "a ${{ port", RB0320, 2, 5 },
		{ "a ${{ port }", RB0320, 2, 5 },
		{ "${{ 'open }}", RB0320, 0, 3 },
		{ "${{ (port }}", RB0320, 0, 3 },
		{ "a ${{ }}", RB0321, 2, 8 },
		{ "${{}}", RB0321, 0, 5 },
		{ "${{ a + ${{ port }} }}", RB0322, 8, 11 },
		{ "a ${{ prot }}", RB0310, 6, 10 },
		{ "${{ port + }} x", RB0301, 11, 11 },
		{ "${{ port) }}", RB0301, 8, 9 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		declare(&fixture);
		assert_null(read_template(&fixture, rows[i].text));
		const struct diag *diag = fixture.diags.first;
		if (diag->code != rows[i].code || diag->span.from != rows[i].from ||
		    diag->span.to != rows[i].to)
			fail_msg("%s: %s at %u..%u: %s", rows[i].text, diag_info(diag->code)->name,
				 diag->span.from, diag->span.to, diag->message);
		fixture_done(&fixture);
	}
}

static void tells_all_mistakes_of_a_text(void **state)
{
	struct fixture fixture;
	(void)state;
	declare(&fixture);
	assert_null(read_template(&fixture, "${{ a }} ${{ port }} ${{ b }} ${{ }}"));
	assert_int_equal(fixture.diags.errors, 3);
	fixture_done(&fixture);
}

static void takes_braces_around_an_expression(void **state)
{
	static const struct {
		const char *text;
		enum diag_code code; /* DIAG_CODE_COUNT: it is good */
	} rows[] = {
		{ "port == 80", DIAG_CODE_COUNT },
		{ "${{ port == 80 }}", DIAG_CODE_COUNT },
		{ "  ${{ port == 80 }}  ", DIAG_CODE_COUNT },
		{ "${{ port }} == 80", RB0301 },
		{ "${{ }}", RB0321 },
		{ "${{ port == 80", RB0320 },
		{ "", RB0104 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		declare(&fixture);
		struct expr_options options = { .names = fixture.names };
		struct node node = fixture_node(&fixture, text_of(rows[i].text));
		const struct expr *expr = template_read_expr(&node, &options, &fixture.arena,
							     &fixture.diags);
		assert_int_equal(expr != NULL, rows[i].code == DIAG_CODE_COUNT);
		if (expr)
			assert_true(expr_eval(expr, &fixture.scope, &fixture.arena).boolean);
		else
			assert_int_equal(fixture.diags.first->code, rows[i].code);
		fixture_done(&fixture);
	}
}

/* ---- through YAML -------------------------------------------------------------------------- */

/* The caret must stand under 'prot' however YAML writes the text. */
static void points_into_all_styles_of_yaml(void **state)
{
	static const char *const documents[] = {
		"k: ${{ prot }}\n",
		"k: 'it''s ${{ prot }}'\n",
		"k: \"\\u00e9 \\\"x\\\" ${{ prot }}\"\n",
		"k: |\n  line\n  ${{ prot }}\n",
		"k: >-\n  folded\n  text ${{ prot }}\n",
		"k: plain\n  text ${{ prot }}\n",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(documents); i++) {
		struct fixture fixture;
		struct node root;
		declare(&fixture);
		const struct source *source = source_from_text("k.yaml", text_of(documents[i]),
							       &fixture.arena, &fixture.diags);
		assert_true(yaml_read(source, &fixture.arena, &root, &fixture.diags));
		struct expr_options options = { .names = fixture.names };
		assert_null(template_read(node_get(&root, "k"), &options, &fixture.arena,
					  &fixture.diags));
		struct span span = fixture.diags.first->span;
		assert_int_equal(fixture.diags.first->code, RB0310);
		assert_int_equal(span.from, text_find(source->text, TEXT("prot"), 0));
		assert_int_equal(span.to, span.from + 4);
		fixture_done(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(puts_values_in),
		cmocka_unit_test(says_which_piece_failed),
		cmocka_unit_test(knows_its_pieces),
		cmocka_unit_test(refuses_what_cannot_be_read),
		cmocka_unit_test(tells_all_mistakes_of_a_text),
		cmocka_unit_test(takes_braces_around_an_expression),
		cmocka_unit_test(points_into_all_styles_of_yaml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
