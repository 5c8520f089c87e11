/* Values where no table speaks, and the spellings of numbers, durations and sizes. */
#include "support.h"

/* The value of a document's key x as JSON, or its complaints. */
static const char *json_of(struct bench *bench, const char *document)
{
	struct buffer out;
	const struct node *node = node_get(bench_yaml(bench, document), "x");
	const struct field_value *value = field_value_read(node, &bench->expr, &bench->arena,
							   &bench->diags);
	if (!value)
		return bench_complaints(bench);
	buffer_init(&out, &bench->arena);
	json_write(&out, field_value_eval(value, &bench->scope, &bench->arena, NULL));
	return buffer_string(&out);
}

static void reads_plain_scalars(void **state)
{
	static const struct {
		const char *document, *json;
	} rows[] = {
		{ "x: true", "true" },
		{ "x: false", "false" },
		{ "x: null", "null" },
		{ "x: 3", "3" },
		{ "x: -1", "-1" },
		{ "x: 0", "0" },
		{ "x: 1.5", "1.5" },
		{ "x: -0.25", "-0.25" },
		{ "x: '3'", "\"3\"" },
		{ "x: \"true\"", "\"true\"" },
		{ "x: |\n  12\n", "\"12\\n\"" },
		{ "x: a b", "\"a b\"" },
		{ "x: 1.2.3", "\"1.2.3\"" },
		{ "x: v1", "\"v1\"" },
		{ "x: 10.0.0.1", "\"10.0.0.1\"" },
		{ "x: 2026-11-22", "\"2026-11-22\"" },
		{ "x: a-1", "\"a-1\"" },
		{ "x: yesterday", "\"yesterday\"" },
		{ "x: e3", "\"e3\"" },
		{ "x: [1, a, {b: 2}]", "[1,\"a\",{\"b\":2}]" },
		{ "x: []", "[]" },
		{ "x: {}", "{}" },
		{ "x: ${{ list }}", "[\"a\",\"b\"]" },
		{ "x: a ${{ number }}", "\"a 7\"" },
		{ "x: {a: '${{ number }}'}", "{\"a\":7}" },
		{ "x: '$${{ a'", "\"${{ a\"" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(json_of(&bench, rows[i].document), rows[i].json);
	bench_done(&bench);
}

static void refuses_look_alikes(void **state)
{
	static const char *const texts[] = {
		"1.20",
		"08",
		"1e3",
		"0x1F",
		"1_000",
		"12:30",
		"yes",
		"no",
		"on",
		"off",
		"~",
		"Yes",
		"TRUE",
		"Null",
		"+1",
		".5",
		"1.",
		"12:30:45",
		"0o17",
		"0b1",
		".inf",
		"-.INF",
		".nan",
		"-0",
		"00",
		"1.0",
		"1E5",
		"-08",
		"99999999999999999999",
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		const char *document = arena_format(&bench.arena, "x: %s", texts[i]);
		const char *complaint = arena_format(
			&bench.arena, "RB0113 1:4: '%s' may be read as a number, a truth or a text",
			texts[i]);
		assert_string_equal(json_of(&bench, document), complaint);
		assert_true(bench_hints(&bench, "quotes"));
		document = arena_format(&bench.arena, "x: '%s'", texts[i]);
		assert_string_equal(json_of(&bench, document),
				    arena_format(&bench.arena, "\"%s\"", texts[i]));
	}
	assert_string_equal(json_of(&bench, "x: [a, no]\ny: 1"),
			    "RB0113 1:8: 'no' may be read as a number, a truth or a text");
	bench_done(&bench);
}

static void keeps_taint_and_errors(void **state)
{
	struct bench bench;
	const struct expr *at = NULL;
	(void)state;
	bench_init(&bench);
	const struct node *node = node_get(bench_yaml(&bench, "x: [a, '${{ secret }}']"), "x");
	const struct field_value *value = field_value_read(node, &bench.expr, &bench.arena,
							   &bench.diags);
	struct value list = field_value_eval(value, &bench.scope, &bench.arena, &at);
	assert_true(list.flags & VALUE_SECRET);
	assert_false(value_item(list, 0).flags & VALUE_SECRET);
	node = node_get(bench_yaml(&bench, "x: {a: 'b ${{ [1][number] }}'}"), "x");
	value = field_value_read(node, &bench.expr, &bench.arena, &bench.diags);
	assert_true(
		value_is(field_value_eval(value, &bench.scope, &bench.arena, &at), VALUE_ERROR));
	assert_non_null(at);
	assert_ptr_equal(at, field_value_expr(value, 0));
	assert_null(field_value_expr(value, 1));
	bench_done(&bench);
}

static void gives_types(void **state)
{
	static const struct {
		const char *document, *type;
	} rows[] = {
		{ "x: 1", "int" },
		{ "x: 1.5", "double" },
		{ "x: a", "string" },
		{ "x: true", "bool" },
		{ "x: null", "null_type" },
		{ "x: [1, 2]", "list(int)" },
		{ "x: [1, a]", "list(dyn)" },
		{ "x: []", "list(dyn)" },
		{ "x: ${{ number }}", "int" },
		{ "x: a ${{ number }}", "string" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct node *node = node_get(bench_yaml(&bench, rows[i].document), "x");
		const struct field_value *value = field_value_read(node, &bench.expr, &bench.arena,
								   &bench.diags);
		assert_string_equal(type_name(field_value_type(value, &bench.arena), &bench.arena),
				    rows[i].type);
	}
	const struct node *node = node_get(bench_yaml(&bench, "x: {a: {b: 1}}"), "x");
	const struct type *type = field_value_type(
		field_value_read(node, NULL, &bench.arena, &bench.diags), &bench.arena);
	const struct type_field *a = type_object_get(type, TEXT("a"));
	assert_int_equal(type_object_get(a->type, TEXT("b"))->type->kind, TYPE_INT);
	assert_null(type_object_get(type, TEXT("b")));
	bench_done(&bench);
}

static void reads_urls(void **state)
{
	static const struct {
		const char *document, *json;
	} rows[] = {
		{ "x: http://h/${{ name }}", "\"http://h/a%2Fb\"" },
		{ "x: http://h:${{ number }}/api", "\"http://h:7/api\"" },
		{ "x: http://h", "\"http://h\"" },
	};
	struct bench bench;
	const struct expr *at = NULL;
	(void)state;
	bench_init(&bench);
	bench.values[NAME] = value_mark(value_cstring("a/b"), VALUE_OUTSIDE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct node *node = node_get(bench_yaml(&bench, rows[i].document), "x");
		const struct field_value *url = field_place_read(PLACE_URL, node, &bench.expr,
								 &bench.arena, &bench.diags);
		struct buffer out;
		buffer_init(&out, &bench.arena);
		struct value value = field_value_eval(url, &bench.scope, &bench.arena, &at);
		json_write(&out, value);
		assert_string_equal(buffer_string(&out), rows[i].json);
		assert_int_equal(value.flags & VALUE_OUTSIDE, i == 0 ? VALUE_OUTSIDE : 0);
		assert_ptr_equal(field_value_type(url, &bench.arena), &type_url);
		assert_int_equal(field_value_expr(url, 0) == NULL, i == 2);
	}
	const struct node *node = node_get(bench_yaml(&bench, "x: http://h/${{ name }}"), "x");
	const struct field_value *url = field_place_read(PLACE_URL, node, &bench.expr, &bench.arena,
							 &bench.diags);
	bench.values[NAME] = value_cstring("..");
	struct value value = field_value_eval(url, &bench.scope, &bench.arena, &at);
	assert_true(value_is(value, VALUE_ERROR));
	assert_int_equal(value.error->failure, FAIL_REFUSED);
	assert_ptr_equal(at, field_value_expr(url, 0));
	bench.values[NAME] = value_unknown("steps.a", &bench.arena);
	assert_true(
		value_is(field_value_eval(url, &bench.scope, &bench.arena, &at), VALUE_UNKNOWN));
	node = node_get(bench_yaml(&bench, "x: http://${{ name }}/"), "x");
	assert_null(field_place_read(PLACE_URL, node, &bench.expr, &bench.arena, &bench.diags));
	assert_string_equal(bench_complaints(&bench),
			    "RB0632 1:11: a value cannot be in the host of a URL");
	bench_done(&bench);
}

static void reads_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ns; /* -1: wrong */
		const char *hint;
	} rows[] = {
		{ "90s", INT64_C(90000000000), NULL },
		{ "1h30m", INT64_C(5400000000000), NULL },
		{ "250ms", 250000000, NULL },
		{ "0s", 0, NULL },
		{ "1.5s", 1500000000, NULL },
		{ "10", -1, "10s" },
		{ "0", -1, "unit" },
		{ "-1s", -1, "90s" },
		{ "+1s", -1, "90s" },
		{ "2d", -1, "Write 48h:" },
		{ "1 s", -1, "Write 1s:" },
		{ "5 Minutes 30 sec", -1, "Write 5m30s:" },
		{ "1w", -1, "Write 168h:" },
		{ "1h30", -1, "90s" },
		{ "", -1, "90s" },
		{ "s", -1, "90s" },
	};
	struct arena arena;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t ns = -2;
		const char *hint = NULL;
		const char *wrong = field_duration(text_of(rows[i].text), &arena, &ns, &hint);
		assert_int_equal(wrong != NULL, rows[i].ns < 0);
		if (wrong)
			assert_non_null(strstr(hint, rows[i].hint));
		else
			assert_int_equal(ns, rows[i].ns);
	}
	arena_done(&arena);
}

static void reads_sizes(void **state)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} rows[] = {
		{ "0", 0 },
		{ "65536", 65536 },
		{ "64KiB", 65536 },
		{ "1MiB", 1 << 20 },
		{ "2GiB", INT64_C(2) << 30 },
		{ "1MB", -1 },
		{ "1kib", -1 },
		{ "-1", -1 },
		{ "1.5MiB", -1 },
		{ "MiB", -1 },
		{ "", -1 },
		{ "08", -1 },
		{ "99999999999999999999", -1 },
		{ "9223372036854775807KiB", -1 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t bytes = -2;
		const char *hint = NULL;
		const char *wrong = field_size(text_of(rows[i].text), &bytes, &hint);
		assert_int_equal(wrong != NULL, rows[i].bytes < 0);
		if (wrong)
			assert_non_null(strstr(hint, "MiB"));
		else
			assert_int_equal(bytes, rows[i].bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain_scalars),
		cmocka_unit_test(refuses_look_alikes),
		cmocka_unit_test(keeps_taint_and_errors),
		cmocka_unit_test(gives_types),
		cmocka_unit_test(reads_urls),
		cmocka_unit_test(reads_durations),
		cmocka_unit_test(reads_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
