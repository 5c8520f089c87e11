/* Mappings: what is read, what is converted, what is refused and where. */
#include "support.h"

static void converts_constants_of_each_kind(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_null(bench_bind(
		&bench,
		"text: 1.20\npath: a/b\nflag: true\nnumber: 12\nwait: 1h30m\nsize: 2MiB\n"
		"color: red\ncodes: [3, 200-210, 4, '5']\nlist: [no, 08]\n"
		"env: {A_1: 1e3}\npairs: {x-y: z}\nheaders: {X-A: b}\nvalue: {a: [1, x]}\n"
		"command: ls -l\nscript: ls\nsql: select 1; select 2\n"
		"url: http://h/\nrequest: POST http://h/\ninner: {name: n}\nwhen: number > 3\n"
		"node: [a]\nid: i\nshown: s\nhidden: h\n"));
	assert_string_equal(bench.args.text, "1.20");
	assert_string_equal(bench.args.path, "a/b");
	assert_true(bench.args.flag);
	assert_int_equal(bench.args.number, 12);
	assert_int_equal(bench.args.wait, INT64_C(5400000000000));
	assert_int_equal(bench.args.size, 2 << 20);
	assert_int_equal(bench.args.color, 0);
	assert_int_equal(bench.args.codes.count, 2);
	assert_true(codes_have(&bench.args.codes, 5) && codes_have(&bench.args.codes, 200));
	assert_false(codes_have(&bench.args.codes, 6) || codes_have(&bench.args.codes, 0));
	assert_int_equal(bench.args.list.count, 2);
	assert_string_equal(bench.args.list.at[0], "no");
	assert_string_equal(bench.args.list.at[1], "08");
	assert_string_equal(bench.args.env.at[0].name, "A_1");
	assert_string_equal(bench.args.env.at[0].value.ptr, "1e3");
	assert_string_equal(bench.args.pairs.at[0].name, "x-y");
	assert_string_equal(bench.args.headers.at[0].value.ptr, "b");
	assert_true(value_is(bench.args.value, VALUE_MAP));
	assert_int_equal(bench.args.command.count, 2);
	assert_string_equal(bench.args.script.text, "ls");
	assert_int_equal(bench.args.sql.count, 2);
	assert_string_equal(bench.args.url.ptr, "http://h/");
	assert_string_equal(bench.args.request.method, "POST");
	assert_string_equal(bench.args.request.url, "http://h/");
	assert_string_equal(bench.args.inner.name, "n");
	assert_int_equal(bench.args.inner.size, 1 << 20);
	assert_non_null(bench.args.when);
	assert_int_equal(bench.args.node->count, 1);
	assert_string_equal(bench.args.id, "i");
	bench_done(&bench);
}

static void gives_defaults(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	memset(&bench.args, 0x55, sizeof(bench.args));
	assert_null(bench_bind(&bench, "text: x"));
	assert_int_equal(bench.args.number, 5);
	assert_int_equal(bench.args.wait, 1000000000);
	assert_int_equal(bench.args.size, 64 << 10);
	assert_int_equal(bench.args.color, 1);
	assert_true(codes_have(&bench.args.codes, 0));
	assert_int_equal(bench.args.inner.size, 1 << 20);
	assert_null(bench.args.path);
	assert_null(bench.args.when);
	assert_int_equal(bench.args.list.count, 0);
	assert_false(bench.args.flag);
	assert_null(field_node(bench.bound, "path"));
	assert_non_null(field_node(bench.bound, "text"));
	bench_done(&bench);
}

static void converts_values_at_the_attempt(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_null(bench_bind(
		&bench,
		"text: a ${{ name }} ${{ list }}\nnumber: ${{ number }}\nwait: ${{ number }}s\n"
		"list: ${{ list }}\ncodes: [1, '${{ number }}']\nenv: {A: '${{ secret }}'}\n"
		"value: {a: '${{ list }}', b: 1}\ncommand: ls ${{ name }}\n"
		"headers: {A: 'b ${{ secret }}'}\nurl: http://h/${{ name }}\n"
		"inner: {name: '${{ name }}'}\n"));
	assert_string_equal(bench.args.text, "a joe [\"a\",\"b\"]");
	assert_int_equal(bench.args.number, 7);
	assert_int_equal(bench.args.wait, 7000000000);
	assert_int_equal(bench.args.list.count, 2);
	assert_string_equal(bench.args.list.at[1], "b");
	assert_true(codes_have(&bench.args.codes, 7) && codes_have(&bench.args.codes, 1));
	assert_true(bench.args.env.at[0].secret);
	assert_true(bench.args.headers.at[0].secret);
	assert_string_equal(bench.args.command.word[1], "joe");
	assert_string_equal(bench.args.url.ptr, "http://h/joe");
	assert_string_equal(bench.args.inner.name, "joe");
	struct value a;
	assert_true(value_field(bench.args.value, "a", &bench.arena, &a));
	assert_int_equal(value_count(a), 2);
	bench_done(&bench);
}

static void fails_at_the_attempt_with_its_place(void **state)
{
	static const struct {
		const char *document, *failure;
	} rows[] = {
		{ "wait: ${{ name }}", "refused: 'wait': not a duration: 'joe'" },
		{ "wait: ${{ any }}", "refused: 'wait' is empty (null); duration required" },
		{ "number: ${{ number * 1000 }}",
		  "refused: 'number' is 7000, larger than the maximum 1000" },
		{ "color: ${{ name }}",
		  "refused: 'color': unknown choice 'joe'; it is one of red, green" },
		{ "codes: ${{ list }}", "refused: 'codes': 'a' is neither a code nor a range" },
		{ "text: ${{ [1][number] }}",
		  "expression: the index 7 is not within the 1 items of the list" },
		{ "shown: ${{ any }}",
		  "refused: a secret may not stand in 'shown': it is shown and recorded" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bench.values[ANY] = i == 6 ? bench.values[SECRET] : value_null();
		assert_string_equal(bench_bind(&bench, rows[i].document), rows[i].failure);
		assert_int_equal(
			source_position(bench.failure.span.source, bench.failure.span.from).line,
			1);
	}
	bench_done(&bench);
}

static void refuses_wrong_constants(void **state)
{
	static const struct {
		const char *document, *complaint, *hint;
	} rows[] = {
		{ "text: [a]", "RB0102 1:7: 'text': expected text; found list", NULL },
		{ "text: {a: b}", "RB0102 1:7: 'text': expected text; found map", NULL },
		{ "text:", "RB0104 1:6: 'text' is empty (null); text required", "quotes" },
		{ "text: ~", "RB0104 1:7: 'text' is empty (null); text required", NULL },
		{ "text: null", "RB0104 1:7: 'text' is empty (null); text required", NULL },
		{ "path: ''", "RB0104 1:7: 'path': a path cannot be empty", "'.'" },
		{ "text: \"a\\0b\"", "RB0603 1:7: 'text': a NUL byte cannot stand in this text",
		  NULL },
		{ "flag: yes", "RB0109 1:7: 'flag': expected true or false; found 'yes'",
		  "true or false" },
		{ "flag: 'no'", "RB0109 1:7: 'flag': expected true or false; found 'no'", NULL },
		{ "number: 9223372036854775808",
		  "RB0105 1:9: 'number' is 9223372036854775808, larger than the maximum 1000",
		  "0 to 1000" },
		{ "number: -1", "RB0105 1:9: 'number' is -1, smaller than the minimum 0",
		  "0 to 1000" },
		{ "number: 08", "RB0106 1:9: 'number': expected an int; found '08'", "digits" },
		{ "number: 1e3", "RB0106 1:9: 'number': expected an int; found '1e3'", NULL },
		{ "number: 0x1F", "RB0106 1:9: 'number': expected an int; found '0x1F'", NULL },
		{ "number: 1_000", "RB0106 1:9: 'number': expected an int; found '1_000'", NULL },
		{ "number: 1.0", "RB0106 1:9: 'number': expected an int; found '1.0'", NULL },
		{ "number: [1]", "RB0102 1:9: 'number': expected int; found list", NULL },
		{ "wait: 10", "RB0107 1:7: 'wait': missing unit; write 10s", "10s" },
		{ "wait: -1s", "RB0107 1:7: 'wait': a duration cannot be negative: '-1s'", NULL },
		{ "wait: 2d", "RB0107 1:7: 'wait': not a duration: '2d'", "48h" },
		{ "wait: soon", "RB0107 1:7: 'wait': not a duration: 'soon'", "1h30m" },
		{ "size: 1MB", "RB0108 1:7: 'size': not a size: '1MB'", "MiB" },
		{ "size: -1", "RB0108 1:7: 'size': not a size: '-1'", NULL },
		{ "size: 9999999999999GiB",
		  "RB0108 1:7: 'size': a size of more than 64 bits: '9999999999999GiB'", NULL },
		{ "color: gren",
		  "RB0110 1:8: 'color': unknown choice 'gren'; it is one of red, green",
		  "did you mean 'green'" },
		{ "codes: [256, -1, x, 9-3, [1]]",
		  "RB0111 1:9: 'codes': '256' is out of range\n"
		  "RB0111 1:14: 'codes': '-1' is out of range\n"
		  "RB0111 1:18: 'codes': 'x' is neither a code nor a range\n"
		  "RB0111 1:21: 'codes': '9-3' is a range that ends before it begins\n"
		  "RB0102 1:26: 'codes': expected code; found list",
		  "0-255" },
		{ "codes: []", "RB0111 1:8: 'codes': an empty list allows no code at all", NULL },
		{ "list: [a, [b]]", "RB0102 1:11: 'list': expected text; found list",
		  "Write: list: [TEXT, TEXT]" },
		{ "list: {a: b}", "RB0102 1:7: 'list': expected list of texts; found map", NULL },
		{ "env: [a]", "RB0102 1:6: 'env': expected map of names to texts; found list",
		  NULL },
		{ "env: {A B: x, 1A: y, 'A=': z}",
		  "RB0112 1:7: 'A B' cannot be the name of an environment variable\n"
		  "RB0112 1:15: '1A' cannot be the name of an environment variable\n"
		  "RB0112 1:22: 'A=' cannot be the name of an environment variable",
		  "[A-Za-z_]" },
		{ "env: {A: [x]}", "RB0102 1:10: 'env': expected text; found list",
		  "Write: env: {NAME: TEXT}" },
		{ "headers: {'A B': x}", "RB0112 1:11: 'A B' cannot be the name of a header",
		  "letters" },
		{ "headers: {A: \"x\\r\\nB: y\"}",
		  "RB0640 1:16: a header cannot hold the control character U+000D", "one line" },
		{ "headers: {A: [x]}", "RB0102 1:14: expected text; found list", NULL },
		{ "headers: x", "RB0102 1:10: 'headers': expected map of headers; found text",
		  NULL },
		{ "value: 1.20", "RB0113 1:8: '1.20' may be read as a number, a truth or a text",
		  "quotes" },
		{ "value: {a: yes}",
		  "RB0113 1:12: 'yes' may be read as a number, a truth or a text", "quotes" },
		{ "value: {a: }", "RB0104 1:12: nothing stands here", "null" },
		{ "command:", "RB0104 1:9: 'command' is empty (null); command required", NULL },
		{ "inner: {size: 1}", "RB0103 1:9: missing key 'name' in inner",
		  "Write: name: TEXT" },
		{ "inner: x", "RB0102 1:8: 'inner': expected a map of keys; found text", NULL },
		{ "id: a${{ name }}", "RB0115 1:6: no interpolation is possible here",
		  "before anything" },
		{ "script: echo ${{ name }}\ninterpreter: python3",
		  "RB0612 1:14: a value cannot stand in a text for 'python3'", "env: {NAME" },
		{ "request: GETT http://h/", "RB0635 1:10: unknown method 'GETT'", "'GET'" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_complains(&bench, rows[i].document, rows[i].complaint);
		if (rows[i].hint)
			assert_true(bench_hints(&bench, rows[i].hint));
	}
	bench_done(&bench);
}

static void refuses_expressions_of_wrong_types(void **state)
{
	static const struct {
		const char *document, *complaint;
	} rows[] = {
		{ "wait: ${{ list }}",
		  "RB0114 1:7: 'wait': expected duration; the expression is list(string)" },
		{ "wait: ${{ number }}",
		  "RB0114 1:7: 'wait': expected duration; the expression is int" },
		{ "flag: ${{ number }}",
		  "RB0114 1:7: 'flag': expected true or false; the expression is int" },
		{ "codes: [1, '${{ list }}']",
		  "RB0114 1:12: 'codes': expected text; the expression is list(string)" },
		{ "codes: [x, '${{ number }}']",
		  "RB0111 1:9: 'codes': 'x' is neither a code nor a range" },
		{ "list: [[a], '${{ name }}']", "RB0102 1:8: 'list': expected text; found list" },
		{ "list: {a: '${{ name }}'}",
		  "RB0102 1:7: 'list': expected list of texts; found map" },
		{ "text: ['${{ name }}']", "RB0102 1:7: 'text': expected text; found list" },
		{ "env: {1A: '${{ name }}'}",
		  "RB0112 1:7: '1A' cannot be the name of an environment variable" },
		{ "env: {A: ~, B: '${{ name }}'}",
		  "RB0104 1:10: 'env' is empty (null); map of names to texts required" },
		{ "pairs: ${{ name }}",
		  "RB0114 1:8: 'pairs': expected map of names to texts; the expression is string" },
		{ "shown: a ${{ secret }}", "RB0116 1:10: the secret 'secret' may not stand in "
					    "'shown': it is shown and recorded" },
		{ "text: ${{ nam }}", "RB0310 1:11: unknown name 'nam'" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_complains(&bench, rows[i].document, rows[i].complaint);
	bench_done(&bench);
}

static bool is_step_key(const struct node *key, void *data)
{
	return text_is(key->text, data);
}

static const char *status_of_http(struct text key)
{
	return text_is(key, "status") ? "http" : NULL;
}

static void names_unknown_keys(void **state)
{
	static const struct {
		const char *document, *complaint, *hint;
	} rows[] = {
		{ "txt: a", "RB0101 1:1: unknown key 'txt' in step", "did you mean 'text'" },
		{ "Text: a", "RB0101 1:1: unknown key 'Text' in step",
		  "Keys are case sensitive; did you mean 'text'?" },
		{ "status: 200", "RB0101 1:1: unknown key 'status' in step",
		  "'status' is a key of http." },
		{ "wholly_other: a", "RB0101 1:1: unknown key 'wholly_other' in step",
		  "The keys of step are text, path" },
		{ "inner: {name: a, siz: 1}", "RB0101 1:18: unknown key 'siz' in inner",
		  "did you mean 'size'" },
		{ "on: x\nname: y", "RB0101 1:1: unknown key 'on' in step", "did you mean" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench.context.elsewhere = status_of_http;
	bench.context.also = is_step_key;
	bench.context.data = (char[]){ "name" };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_complains(&bench, rows[i].document, rows[i].complaint);
		if (i < 5)
			assert_true(bench_hints(&bench, rows[i].hint));
	}
	bench_done(&bench);
}

static void fills_the_main_field(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	const struct node *map = bench_yaml(&bench, "run: ls -l\ntext: x\n");
	bench.context.also = is_step_key;
	bench.context.data = (char[]){ "run" };
	const struct bound *bound = field_read(args_rows, node_get(map, "run"), map, &bench.context,
					       &bench.arena, &bench.diags);
	assert_non_null(bound);
	assert_true(field_constant(bound, &bench.arena, &bench.args));
	assert_string_equal(bench.args.command.word[1], "-l");
	assert_string_equal(bench.args.text, "x");
	assert_string_equal(field_constant_text(bound, "text"), "x");
	assert_string_equal(field_constant_text(bound, "command"), "ls -l");
	assert_string_equal(field_constant_text(bound, "color"), "green");
	assert_null(field_constant_text(bound, "path"));

	map = bench_yaml(&bench, "run: ls -l\ncommand: x\n");
	assert_null(field_read(args_rows, node_get(map, "run"), map, &bench.context, &bench.arena,
			       &bench.diags));
	assert_string_equal(bench_complaints(&bench), "RB0117 2:1: 'command' is written twice");

	map = bench_yaml(&bench, "env: {A: '${{ name }}'}\n");
	bench.context.main = "env";
	bound = field_read(args_rows, node_get(map, "env"), NULL, &bench.context, &bench.arena,
			   &bench.diags);
	assert_non_null(bound);
	assert_false(field_constant(bound, &bench.arena, &bench.args));
	assert_null(field_constant_text(bound, "env"));
	bench_done(&bench);
}

static void loads_literal_tables(void **state)
{
	struct bench bench;
	struct inner inner;
	(void)state;
	bench_init(&bench);
	struct field_context context = { .what = "thing" };
	assert_true(field_load(inner_rows, bench_yaml(&bench, "name: a"), &context, &inner,
			       &bench.arena, &bench.diags));
	assert_string_equal(inner.name, "a");
	assert_int_equal(inner.size, 1 << 20);
	assert_false(field_load(inner_rows, bench_yaml(&bench, "name: ${{ a }}"), &context, &inner,
				&bench.arena, &bench.diags));
	assert_string_equal(bench_complaints(&bench),
			    "RB0115 1:7: no interpolation is possible here");
	assert_false(field_load(inner_rows, bench_yaml(&bench, "size: x\nfoo: y"), &context, &inner,
				&bench.arena, &bench.diags));
	assert_string_equal(bench_complaints(&bench), "RB0101 2:1: unknown key 'foo' in thing\n"
						      "RB0103 1:1: missing key 'name' in thing\n"
						      "RB0108 1:7: 'size': not a size: 'x'");
	assert_false(field_load(inner_rows, bench_yaml(&bench, "[a]"), &context, &inner,
				&bench.arena, &bench.diags));
	assert_string_equal(bench_complaints(&bench),
			    "RB0102 1:1: 'thing': expected a map of keys; found list");
	bench_done(&bench);
}

static void lists_its_expressions(void **state)
{
	static const char *const expected[] = { "name",   "number", "any",     "name",
						"number", "secret", "any == 1" };
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_non_null(bench_read(&bench,
				   "text: ${{ name }}${{ number }}\nlist: [a, '${{ any }}']\n"
				   "headers: {A: '${{ name }}', B: '${{ number }}'}\n"
				   "inner: {name: '${{ secret }}'}\nwhen: any == 1\n"));
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++)
		assert_true(text_is(text_trim(expr_text(field_expr(bench.bound, i))), expected[i]));
	assert_null(field_expr(bench.bound, sizeof(expected) / sizeof(*expected)));
	bench_done(&bench);
}

static void shows_what_is_known(void **state)
{
	struct bench bench;
	struct buffer out;
	(void)state;
	bench_init(&bench);
	bench.values[ANY] = value_unknown("steps.a.text: string", &bench.arena);
	bench_read(&bench,
		   "command: ls ${{ name }}\ntext: a ${{ any }} ${{ secret }} ${{ [1][number] }}\n"
		   "headers: {A: 'b ${{ number }}', C: d}\nhidden: x\nlist: [a, '${{ number }}']\n"
		   "pairs: {a: b}\ninner: {name: n, size: 1}\nwhen: any == 1\nnode: {a: b}\nwait: "
		   "3s\n");
	static const struct {
		const char *name, *shown;
	} rows[] = {
		{ "command", "ls joe" },
		{ "text", "a <steps.a.text: string> (secret) ${{ [1][number] }}" },
		{ "headers", "{A: b 7, C: d}" },
		{ "hidden", "(secret)" },
		{ "list", "[a, 7]" },
		{ "pairs", "{a: b}" },
		{ "inner", "{name: n, size: 1}" },
		{ "when", "any == 1" },
		{ "node", "{a: b}" },
		{ "wait", "3s" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		buffer_init(&out, &bench.arena);
		assert_true(field_show_one(&out, bench.bound, rows[i].name, &bench.scope,
					   &bench.arena));
		assert_string_equal(buffer_string(&out), rows[i].shown);
	}
	assert_false(field_show_one(&out, bench.bound, "path", &bench.scope, &bench.arena));
	buffer_init(&out, &bench.arena);
	field_show(&out, bench.bound, &bench.scope, &bench.arena);
	assert_string_equal(buffer_string(&out), "ls joe");
	bench_read(&bench, "text: a\nnumber: 3");
	buffer_init(&out, &bench.arena);
	field_show(&out, bench.bound, &bench.scope, &bench.arena);
	assert_string_equal(buffer_string(&out), "{text: a, number: 3}");
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(converts_constants_of_each_kind),
		cmocka_unit_test(gives_defaults),
		cmocka_unit_test(converts_values_at_the_attempt),
		cmocka_unit_test(fails_at_the_attempt_with_its_place),
		cmocka_unit_test(refuses_wrong_constants),
		cmocka_unit_test(refuses_expressions_of_wrong_types),
		cmocka_unit_test(names_unknown_keys),
		cmocka_unit_test(fills_the_main_field),
		cmocka_unit_test(loads_literal_tables),
		cmocka_unit_test(lists_its_expressions),
		cmocka_unit_test(shows_what_is_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
