#include "fixture.h"

/* inputs {port: int, host: string, password: string, secret}, steps {build {count?, status}}, text,
 * any, list, flag */
static void declare(struct fixture *fixture)
{
	struct arena *arena = &fixture->arena;
	struct span nowhere = { 0 };
	struct type *inputs = type_object("input", true, arena);
	struct type *build = type_object("field", true, arena);
	struct type *steps = type_object("step", true, arena);

	type_object_add(inputs, TEXT("port"), &type_int, nowhere, arena);
	type_object_add(inputs, TEXT("host"), &type_string, nowhere, arena);
	type_object_add(inputs, TEXT("password"), &type_string, nowhere, arena);
	type_object_secret(inputs, TEXT("password"));
	type_object_add(build, TEXT("status"), &type_string, nowhere, arena);
	type_object_add(build, TEXT("image"), &type_string, nowhere, arena);
	type_object_add(steps, TEXT("build"), build, nowhere, arena);
	fixture_name(fixture, "inputs", inputs, value_null());
	fixture_name(fixture, "steps", steps, value_null());
	fixture_name(fixture, "text", &type_string, value_null());
	fixture_name(fixture, "any", &type_dyn, value_null());
	fixture_name(fixture, "list", type_list(&type_string, arena), value_null());
	fixture_name(fixture, "flag", &type_bool, value_null());
	fixture_name(fixture, "ratio", &type_double, value_null());
	fixture_name(fixture, "at", &type_timestamp, value_null());
}

struct mistake {
	const char *text;
	enum diag_code code;
	uint32_t from, to;
	const char *message; /* a part of it */
	const char *hint;    /* a part of the first one */
};

static const struct mistake mistakes[] = {
	{ "input.port", RB0310, 0, 5, "unknown name 'input'", "did you mean 'inputs'" },
	{ "tex", RB0310, 0, 3, "unknown name", "text" },
	{ "None", RB0310, 0, 4, "unknown name", "null" },
	{ "[1].all(x, y > x)", RB0310, 11, 12, "unknown name 'y'", "" },
	{ "inputs.prot", RB0311, 7, 11, "'inputs' has no input 'prot'", "did you mean 'port'" },
	{ "steps.biuld.status", RB0311, 6, 11, "no step 'biuld'", "did you mean 'build'" },
	{ "steps['biuld'].status", RB0311, 5, 14, "no step 'biuld'", "did you mean 'build'" },
	{ "steps.build.xyz", RB0311, 12, 15, "no field 'xyz'", "There is: status, image" },
	{ "list.name", RB0311, 5, 9, "list(string)", "list.map(item, item.name)" },
	{ "text.name", RB0311, 5, 9, "'text' is string", "" },
	{ "sice(list)", RB0312, 0, 4, "unknown function 'sice'", "did you mean 'size'" },
	{ "len(list)", RB0312, 0, 3, "unknown function 'len'", "size(x)" },
	{ "text.toLowerCase()", RB0312, 5, 16, "unknown function", "lowerAscii" },
	{ "contains(text, 'a')", RB0313, 0, 8, "'contains' is called on a value",
	  "Write text.contains('a')." },
	{ "text.duration()", RB0313, 5, 13, "'duration' is called with", "Write duration(text)." },
	{ "size(list, 1)", RB0313, 0, 4, "'size' does not take 2 arguments", "" },
	{ "text.contains()", RB0313, 5, 13, "'contains' does not take 0 arguments", "" },
	{ "inputs.port + 'x'", RB0314, 0, 17, "'+' does not go with int and string",
	  "Write string(inputs.port) + 'x'." },
	{ "'x' + inputs.port", RB0314, 0, 17, "string and int",
	  "Write 'x' + string(inputs.port)." },
	{ "inputs.port * 0.5", RB0314, 0, 17, "int and double",
	  "Write double(inputs.port) * 0.5." },
	{ "1 + 2 + inputs.port + text", RB0314, 0, 26, "int and string",
	  "Write string(1 + 2 + inputs.port) + text." },
	{ "list + 'x'", RB0314, 0, 10, "'+' does not go with list(string) and string",
	  "Write list + ['x']." },
	{ "'a' in text", RB0314, 0, 11, "'in'", "Write text.contains('a')." },
	{ "text < 1", RB0314, 0, 8, "'<'", "" },
	{ "-text", RB0314, 0, 5, "'-' does not go with string", "" },
	{ "list['a']", RB0314, 5, 8, "cannot be indexed with string", "numbered from 0" },
	{ "text[0]", RB0314, 0, 7, "string cannot be indexed", "charAt" },
	{ "text.startsWith(1)", RB0314, 0, 18, "does not take (string, int)", "It takes" },
	{ "list.includes(1)", RB0314, 0, 16, "'includes' does not take (list(string), int)",
	  "It takes (list(A), A)" },
	{ "sets.contains(list, [1])", RB0314, 0, 24, "does not take", "It takes" },
	{ "{ratio: 1}", RB0314, 1, 6, "a key must be", "" },
	{ "text.orValue('a')", RB0314, 0, 4, "not an optional", ".?" },
	{ "text || flag", RB0315, 0, 4, "an operand of '||' must be a bool", "text != ''" },
	{ "flag && size(list)", RB0315, 8, 18, "must be a bool", "!= 0" },
	{ "flag && ratio", RB0315, 8, 13, "must be a bool", "ratio != 0.0" },
	{ "flag && at", RB0315, 8, 10, "must be a bool", "Write a comparison" },
	{ "flag && list[?0]", RB0315, 8, 16, "must be a bool", "Write list[?0].hasValue()." },
	{ "flag && optional.of(flag)", RB0315, 8, 25, "must be a bool",
	  "Write optional.of(flag).orValue(false)." },
	{ "!inputs.port", RB0315, 1, 12, "what '!' negates", "" },
	{ "text ? 1 : 2", RB0315, 0, 4, "the condition of '?'", "" },
	{ "list.all(x, x)", RB0315, 12, 13, "the condition", "" },
	{ "list.filter(x, size(x))", RB0315, 15, 22, "the condition", "" },
	{ "any + 1/0", RB0316, 6, 9, "always fails: division by zero", "" },
	{ "at > timestamp('yesterday')", RB0316, 5, 27, "always fails", "" },
	{ "text.matches('(a')", RB0316, 13, 17, "the pattern cannot be used", "" },
	{ "text.matches('a(?=b)')", RB0316, 13, 21, "the pattern cannot be used", "" },
	{ "'%s and %s'.format([text])", RB0316, 19, 25, "the format wants 2 values, not 1", "%%" },
	{ "'%d%%'.format([1, 2])", RB0316, 14, 20, "the format wants 1 value, not 2", "%%" },
	{ "'100%'.format([text])", RB0316, 14, 20, "the format wants 0 values, not 1", "%%" },
	{ "{'a': text, 'a': 1}", RB0316, 0, 19, "", "" },
	{ "inputs.port == '8080'", RB0317, 0, 21, "never equal", "Write inputs.port == 8080:" },
	{ "text == null", RB0317, 0, 12, "never equal", "has(text)" },
	{ "inputs.port in list", RB0317, 0, 19, "never equal", "string(inputs.port) in list" },
	{ "inputs.port == 8080.0", RB0314, 0, 21, "'==' does not go with int and double",
	  "Write double(inputs.port) == 8080.0." },
	{ "size(list) < 2u", RB0314, 0, 15, "'<' does not go with int and uint",
	  "Write size(list) < int(2u)." },
	{ "[inputs.port] != [1.5]", RB0314, 0, 22, "list(int) and list(double)", "" },
	{ "inputs.port in [1.5]", RB0314, 0, 20, "'in' does not go with int and double",
	  "Write double(inputs.port) in [1.5]." },
	{ "text in {1: 'a'}", RB0317, 0, 16, "never equal: string and int", "" },
	{ "list[ratio]", RB0314, 5, 10, "list(string) cannot be indexed with double", "numbered" },
	{ "{1: 'a'}[ratio]", RB0314, 9, 14, "cannot be indexed with double", "" },
	{ "steps.build.?image == 'x'", RB0317, 0, 25, "optional_type(string) and string",
	  "Write steps.build.?image.orValue('') == 'x'." },
	{ "'x' != steps.build.?image", RB0317, 0, 25, "string and optional_type(string)",
	  "Write 'x' != steps.build.?image.orValue('')." },
	{ "any.?a == inputs.port", RB0317, 0, 21, "optional_type(dyn) and int",
	  "Write any.?a.orValue(0) == inputs.port." },
	{ "steps.build.?image == null", RB0317, 0, 26, "never equal",
	  "Ask steps.build.?image.hasValue()." },
	{ "list[?0].orValue(1)", RB0314, 17, 18, "'orValue' takes string here, not int", "as ''" },
	{ "list[?0].or(text)", RB0314, 12, 16, "'or' takes another optional, not string",
	  "Write orValue(text)." },
	{ "list[?0] == [1][?0]", RB0317, 0, 19, "optional_type(string) and optional_type(int)",
	  "" },
	{ "steps.build.?image + text", RB0314, 0, 25, "'+' does not go with",
	  "Write steps.build.?image.orValue('') + text." },
	{ "text in any.?tags", RB0314, 0, 17, "'in' does not go with",
	  "Write text in any.?tags.orValue(...)." },
	{ "steps.build.?image.startsWith('x')", RB0314, 0, 34, "'startsWith' does not take",
	  "It may be absent: write steps.build.?image.orValue('').startsWith(...)." },
	{ "flag ? text : inputs.port", RB0314, 7, 25, "the results of '?' are string and int",
	  "string(inputs.port)" },
	{ "text.map(c, c)", RB0319, 0, 4, "'text' is string", "split" },
};

static void tells_what_can_never_work(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		const struct mistake *row = &mistakes[i];
		struct fixture fixture;
		fixture_init(&fixture);
		declare(&fixture);
		const struct diag *diag = fixture_complaint(&fixture, row->text);
		if (diag->code != row->code || diag->span.from != row->from ||
		    diag->span.to != row->to || !strstr(diag->message, row->message) ||
		    !strstr(fixture_hint(diag), row->hint))
			fail_msg("%s: %s at %u..%u: %s (%s)", row->text,
				 diag_info(diag->code)->name, diag->span.from, diag->span.to,
				 diag->message, fixture_hint(diag));
		fixture_done(&fixture);
	}
}

static void finds_the_types(void **state)
{
	static const char *const rows[][2] = {
		{ "inputs.port", "int" },
		{ "inputs.port + 1", "int" },
		{ "string(inputs.port) + 'x'", "string" },
		{ "any", "dyn" },
		{ "any + 1", "int" },
		{ "any + any", "dyn" },
		{ "any == 1", "bool" },
		{ "list[0]", "string" },
		{ "list.map(x, size(x))", "list(int)" },
		{ "list.filter(x, x != '')", "list(string)" },
		{ "{'a': inputs.port}", "map(string, int)" },
		{ "[text, inputs.port]", "list(dyn)" },
		{ "flag ? text : 'x'", "string" },
		{ "flag ? text : any", "dyn" },
		{ "flag ? text : null", "dyn" },
		{ "flag ? list : [inputs.port]", "list(dyn)" },
		{ "any == 1.5 && inputs.port == dyn(1.5)", "bool" },
		{ "steps.build.?image", "optional_type(string)" },
		{ "steps.build.?image.orValue('')", "string" },
		{ "at - at", "duration" },
		{ "at + duration('1h')", "timestamp" },
		{ "[]", "list(dyn)" },
		{ "cel.bind(x, inputs.port, [x])", "list(int)" },
		{ "text.split(',')", "list(string)" },
		{ "{'a': 1}.transformMap(k, v, string(v))", "map(string, string)" },
		{ "int", "type" },
		{ "list.first()", "optional_type(string)" },
		{ "sets.contains(list, [any])", "bool" },
		{ "[list, [any]]", "list(list(dyn))" },
		{ "[[], [[]], [[[]]]]", "list(list(list(list(dyn))))" },
		{ "ip('::1')", "net.IP" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		declare(&fixture);
		if (!fixture_compile(&fixture, text_of(rows[i][0])))
			fail_msg("%s: %s", rows[i][0], fixture.diags.first->message);
		assert_string_equal(type_name(expr_type(fixture.expr), &fixture.arena), rows[i][1]);
		assert_null(fixture.diags.first);
		fixture_done(&fixture);
	}
}

/* The references to a field that no has() before them has shown to be there. */
static size_t unguarded(const struct expr *expr)
{
	size_t count, found = 0;
	const struct expr_reference *references = expr_references(expr, &count);
	for (size_t i = 0; i < count; i++)
		found += references[i].count == 3 && !references[i].guard;
	return found;
}

static void knows_what_is_asked_before_it_is_read(void **state)
{
	static const struct {
		const char *text;
		unsigned unguarded;
	} rows[] = {
		{ "steps.build.image == ''", 1 },
		{ "steps.build['image'] == ''", 1 },
		{ "steps.build.?image.orValue('') == ''", 0 },
		{ "has(steps.build.image)", 0 },
		{ "has(steps.build.image) && steps.build.image == ''", 0 },
		{ "steps.build.image == '' && has(steps.build.image)", 1 },
		{ "!has(steps.build.image) || steps.build.image == ''", 0 },
		{ "has(steps.build.image) || steps.build.image == ''", 1 },
		{ "has(steps.build.image) ? steps.build.image : ''", 0 },
		{ "has(steps.build.image) ? '' : steps.build.image", 1 },
		{ "!has(steps.build.image) ? '' : steps.build.image", 0 },
		{ "list.filter(x, has(steps.build.image) && steps.build.image == x)", 0 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		declare(&fixture);
		assert_non_null(fixture_compile(&fixture, text_of(rows[i].text)));
		if (unguarded(fixture.expr) != rows[i].unguarded)
			fail_msg("%s: %zu unguarded", rows[i].text, unguarded(fixture.expr));
		fixture_done(&fixture);
	}
}

static void folds_constants(void **state)
{
	struct fixture fixture;
	struct value value;
	(void)state;
	fixture_init(&fixture);
	declare(&fixture);
	assert_non_null(fixture_compile(&fixture, TEXT("[1, 2].map(x, x * 2)[1] + size('abc')")));
	assert_true(expr_constant(fixture.expr, &value));
	assert_int_equal(value.integer, 7);
	assert_non_null(fixture_compile(&fixture, TEXT("inputs.port + 1")));
	assert_false(expr_constant(fixture.expr, &value));
	fixture_done(&fixture);
}

/* ---- references ---------------------------------------------------------------------------- */

static const char *write_references(struct fixture *fixture)
{
	struct buffer out;
	size_t count;
	const struct expr_reference *references = expr_references(fixture->expr, &count);
	buffer_init(&out, &fixture->arena);
	for (size_t i = 0; i < count; i++) {
		buffer_puts(&out, i ? " " : "");
		for (size_t j = 0; j < references[i].count; j++)
			buffer_printf(&out, "%s%.*s", j ? "." : "",
				      TEXT_ARG(references[i].path[j]));
		buffer_printf(&out, "@%u-%u%s%s", references[i].from, references[i].to,
			      references[i].guard ? "?" : "", references[i].tested ? "t" : "");
	}
	return buffer_string(&out);
}

static void finds_the_references(void **state)
{
	static const char *const rows[][2] = {
		{ "1 + 1", "" },
		{ "inputs.port", "inputs.port@0-11" },
		{ "inputs['port'] + 1", "inputs.port@0-14" },
		{ "any.a[text].b", "text@6-10 any.a@0-5" },
		{ "any.a.?b.c.hasValue()", "any.a.b.c@0-10?" },
		{ "has(any.a.b)", "any.a.b@0-12?t" },
		{ "has(any.a) && any.a == 1", "any.a@0-10?t any.a@14-19?" },
		{ "list.map(x, x + text)", "list@0-4 text@16-20" },
		{ "[any.a, any.b].size()", "any.a@1-6 any.b@8-13" },
		{ "list.map(any, any)", "list@0-4" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		declare(&fixture);
		assert_non_null(fixture_compile(&fixture, text_of(rows[i][0])));
		assert_string_equal(write_references(&fixture), rows[i][1]);
		fixture_done(&fixture);
	}
}

static void finds_the_secrets(void **state)
{
	static const char *const rows[][2] = {
		{ "inputs.password + 'x'", "inputs.password" },
		{ "size(inputs)", "inputs.password" },
		{ "inputs[text]", "inputs.password" },
		{ "flag ? 'a' : inputs.password", "inputs.password" },
		{ "inputs.port", NULL },
		{ "has(inputs.password)", NULL },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		declare(&fixture);
		assert_non_null(fixture_compile(&fixture, text_of(rows[i][0])));
		const char *secret = expr_secret(fixture.expr, &fixture.arena);
		if (rows[i][1])
			assert_string_equal(secret ? secret : "nothing", rows[i][1]);
		else
			assert_null(secret);
		fixture_done(&fixture);
	}
}

/* ---- types --------------------------------------------------------------------------------- */

static void relates_types(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	const struct type *strings = type_list(&type_string, &arena);
	const struct type *any_list = type_list(&type_dyn, &arena);
	const struct type *map = type_map(&type_string, &type_dyn, &arena);
	struct type *object = type_object("field", false, &arena);
	assert_true(type_assignable(&type_dyn, &type_int));
	assert_true(type_assignable(&type_int, &type_dyn));
	assert_false(type_assignable(&type_int, &type_string));
	assert_true(type_assignable(any_list, strings));
	assert_true(type_assignable(strings, any_list));
	assert_false(type_assignable(type_list(&type_int, &arena), strings));
	assert_true(type_assignable(map, object));
	assert_false(type_assignable(map, strings));
	assert_true(type_assignable(type_optional(&type_int, &arena),
				    type_optional(&type_dyn, &arena)));
	arena_done(&arena);
}

static void keeps_fields_in_order_while_objects_grow(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	struct type *object = type_object("field", true, &arena);
	for (int i = 0; i < 100; i++)
		assert_true(type_object_add(object, text_of(arena_format(&arena, "f%d", i)),
					    &type_int, (struct span){ 0 }, &arena));
	assert_false(type_object_add(object, TEXT("f50"), &type_int, (struct span){ 0 }, &arena));
	assert_int_equal(object->object->count, 100);
	assert_true(text_is(object->object->fields[73].name, "f73"));
	assert_ptr_equal(type_object_get(object, TEXT("f73")), &object->object->fields[73]);
	assert_null(type_object_get(object, TEXT("f100")));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_can_never_work),
		cmocka_unit_test(finds_the_types),
		cmocka_unit_test(knows_what_is_asked_before_it_is_read),
		cmocka_unit_test(folds_constants),
		cmocka_unit_test(finds_the_references),
		cmocka_unit_test(finds_the_secrets),
		cmocka_unit_test(relates_types),
		cmocka_unit_test(keeps_fields_in_order_while_objects_grow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
