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

/* "code = 503, wanted 200; json.status = ..." */
static const char *write_parts(struct fixture *fixture)
{
	const struct expr_part *parts;
	struct text text = expr_text(fixture->expr);
	struct buffer out;
	size_t count = expr_parts(fixture->expr, &fixture->scope, &fixture->arena, &parts);

	buffer_init(&out, &fixture->arena);
	for (size_t i = 0; i < count; i++) {
		buffer_printf(&out, "%s%.*s = %s", i ? "; " : "",
			      TEXT_ARG(text_slice(text, parts[i].from, parts[i].to)),
			      fixture_show(fixture, parts[i].value));
		if (parts[i].compared) {
			buffer_puts(&out, ", wanted ");
			value_show(&out, parts[i].expected, 200);
		}
	}
	return buffer_string(&out);
}

static void shows_what_decided(void **state)
{
	static const char *const rows[][2] = {
		{ "code == 200", "code = 503, wanted 200" },
		{ "200 == code", "code = 503, wanted 200" },
		{ "code != 503", "code = 503" },
		{ "code < 500", "code = 503" },
		{ "code == 503 && json.status == 'ok'", "json.status = \"down\", wanted \"ok\"" },
		{ "code == 200 || json.status == 'ok'",
		  "code = 503, wanted 200; json.status = \"down\", wanted \"ok\"" },
		{ "!(code == 503)", "code = 503, wanted 503" },
		{ "clean", "clean = false" },
		{ "!clean == true && clean", "clean = false" },
		{ "code in [200, 204]", "code = 503" },
		{ "'c' in names", "names = [\"a\",\"b\"]" },
		{ "text.contains('x')", "text = \"hello\"" },
		{ "text.matches('^x')", "text = \"hello\"" },
		{ "names.all(n, n == 'a')", "names = [\"a\",\"b\"]" },
		{ "names.exists(n, n == 'x')", "names = [\"a\",\"b\"]" },
		{ "has(json.other)", "json = {\"status\":\"down\"}" },
		{ "code + 1 == 200", "code + 1 = 504, wanted 200" },
		{ "code == size(text)", "code = 503, wanted 5; size(text) = 5" },
		{ "clean ? true : code == 1", "code = 503, wanted 1; clean = false" },
		{ "json.missing == 1",
		  "json.missing = error: there is no key \"missing\", wanted 1" },
		{ "key == 'x'", "key = (secret), wanted \"x\"" },
		{ "text == key", "text = \"hello\", wanted (secret); key = (secret)" },
		{ "cel.bind(c, code, c == 200)", "cel.bind(c, code, c == 200) = false" },
		{ "1 == 2", "1 == 2 = false" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		declare(&fixture);
		if (!fixture_compile(&fixture, text_of(rows[i][0])))
			fail_msg("%s: %s", rows[i][0], fixture.diags.first->message);
		const char *parts = write_parts(&fixture);
		if (strcmp(parts, rows[i][1]) != 0)
			fail_msg("%s: %s", rows[i][0], parts);
		fixture_done(&fixture);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_what_decided),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
