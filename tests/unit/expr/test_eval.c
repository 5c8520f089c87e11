#include "fixture.h"

static void gives(const char *const (*rows)[2], size_t count, void (*names)(struct fixture *))
{
	for (size_t i = 0; i < count; i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		if (names)
			names(&fixture);
		fixture_gives(&fixture, rows[i][0], rows[i][1]);
		fixture_done(&fixture);
	}
}

/* ---- errors and what absorbs them ---------------------------------------------------------- */

static void with_numbers(struct fixture *fixture)
{
	fixture_name(fixture, "zero", &type_int, value_int(0));
	fixture_name(fixture, "any", &type_dyn, value_int(7));
	fixture_name(fixture, "max", &type_int, value_int(INT64_MAX));
	fixture_name(fixture, "min", &type_int, value_int(INT64_MIN));
}

static void absorbs_errors(void **state)
{
	static const char *const rows[][2] = {
		{ "1/zero > 0 || true", "true" },
		{ "true || 1/zero > 0", "true" },
		{ "1/zero > 0 && false", "false" },
		{ "1/zero > 0 || false", "error: division by zero" },
		{ "[0, 1].exists(x, 1/(x+zero) == 1)", "true" },
		{ "[2, 0].all(x, 1/(x+zero) == 1)", "false" },
		{ "[zero].exists_one(x, 1/x == 1) || true", "true" },
		{ "any ? 1 : 2", "error: the condition of '?' is int, not a bool" },
		{ "any || true", "true" },
		{ "any && true", "error: a bool is wanted here, not int" },
		{ "zero == 0 ? 1 : 1/zero", "1" },
		{ "cel.bind(x, 1/zero, zero == 0 || x == 1)", "true" },
		{ "max + 1", "error: the result is too large for int" },
		{ "-min", "error: the result is too large for int" },
		{ "min / -1", "error: the result is too large for int" },
		{ "min % -1", "error: the result is too large for int" },
		{ "any.field", "error: int has no fields or items" },
		{ "[1][any]", "error: the index 7 is not within the 1 items of the list" },
		{ "{'a': 1}[string(any)]", "error: there is no key \"7\"" },
	};
	(void)state;
	gives(rows, COUNT(rows), with_numbers);
}

static void points_at_the_part_that_failed(void **state)
{
	struct fixture fixture;
	(void)state;
	fixture_init(&fixture);
	with_numbers(&fixture);
	struct value value = fixture_eval(&fixture, "any == 7 && (10 / zero) > 2");
	assert_int_equal(value.kind, VALUE_ERROR);
	assert_int_equal(value.error->from, 13);
	assert_int_equal(value.error->to, 22);
	value = fixture_eval(&fixture, "[1, 2].map(x, x / zero)");
	assert_int_equal(value.error->from, 14);
	assert_int_equal(value.error->to, 22);
	fixture_done(&fixture);
}

/* ---- times --------------------------------------------------------------------------------- */

static void computes_with_times(void **state)
{
	static const char *const rows[][2] = {
		{ "start + duration('1h') - start", "\"3600s\"" },
		{ "duration('-1ns') + start == start - duration('1ns')", "true" },
		{ "start + duration('0.145224192s') - timestamp('2262-04-11T23:47:17Z')",
		  "\"-9223372036.854775808s\"" },
		{ "start - timestamp('2262-04-11T23:47:17Z')",
		  "error: the result is too large for duration" },
		{ "timestamp('9999-12-31T23:59:59Z') + (start + duration('1s') - start)",
		  "error: the result is not within the years 1 to 9999" },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		fixture_name(&fixture, "start", &type_timestamp, value_timestamp(0, 0));
		fixture_gives(&fixture, rows[i][0], rows[i][1]);
		fixture_done(&fixture);
	}
}

/* ---- limits -------------------------------------------------------------------------------- */

/* A text of 512 KiB whose comparison with another finds no difference. */
static struct value long_text(struct arena *arena)
{
	size_t len = 512 << 10;
	char *bytes = arena_alloc(arena, len);
	memset(bytes, 'a', len);
	return value_string((struct text){ bytes, len });
}

static void names_long_list(struct fixture *fixture)
{
	struct value *items = arena_array(&fixture->arena, struct value, 1000);
	for (int i = 0; i < 1000; i++)
		items[i] = value_int(i);
	fixture_name(fixture, "list", &type_dyn, value_list(items, 1000, &fixture->arena));
	fixture_name(fixture, "text", &type_string, value_cstring("0123456789abcdef"));
}

static void stops_at_limits_that_nothing_absorbs(void **state)
{
	static const char *const rows[] = {
		"list.all(a, list.all(b, list.all(c, c >= 0))) || true",
		"true && list.map(a, list.map(b, list.map(c, text))).size() > 0 || true",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		names_long_list(&fixture);
		struct value value = fixture_eval(&fixture, rows[i]);
		assert_int_equal(value.kind, VALUE_ERROR);
		assert_int_equal(value.error->failure, FAIL_LIMIT);
		fixture_done(&fixture);
	}
}

/* Ten times ten times ...: a small value that is long to walk through. */
#define TENFOLD(name, of) \
	"cel.bind(" name ", [" of "," of "," of "," of "," of "," of "," of "," of "," of "," of \
	"], "
#define DEEP \
	TENFOLD("a", "text") \
	TENFOLD("b", "a") \
	TENFOLD("c", "b") \
	TENFOLD("d", "c") TENFOLD("e", "d") TENFOLD("f", "e") TENFOLD("g", "f") TENFOLD("h", "g")
#define DEEP_END "))))))))"

static void pays_for_what_it_touches(void **state)
{
	static const char *const rows[] = {
		DEEP "h == [h[0]] + h.slice(1, 10)" DEEP_END " || true",
		DEEP "h in [h]" DEEP_END " || true",
		DEEP "[h].indexOf(h) == 0" DEEP_END " || true",
		DEEP "[h, h].distinct().size() == 1" DEEP_END " || true",
		DEEP "sets.contains([h], [h])" DEEP_END " || true",
		DEEP "size(json.marshal(h)) > 0" DEEP_END " || true",
		DEEP "size('%s'.format([h])) > 0" DEEP_END " || true",
		DEEP "h" DEEP_END,
		"list.all(a, list.indexOf(-1) == -1) || true",
		"list.all(a, list.slice(0, 999).size() + list.slice(1, 1000).size() > 0) || true",
		"list.all(a, list.sum() > 0) || true",
		"list.all(a, math.greatest(list) > 0) || true",
		"list.all(a, list.min() == 0) || true",
		"list.all(a, list.isSorted()) || true",
		"list.all(a, long < other || true)",
		"list.all(a, long == other)",
		"list.all(a, long in {other: 1})",
		"list.all(a, {long: 1}[other] == 1)",
		"list.all(a, size({long: 1}) == 1)",
		"list.all(a, {long: 1}.transformMap(k, v, v).size() == 1)",
		"list.all(a, {long: 1}.transformMapEntry(k, v, {k: v}).size() == 1)",
		"list.all(a, !long.contains('aab'))",
		"list.all(a, long.indexOf('aab') == -1)",
		"list.all(a, !long.matches('(a|b)*[cd]')) || true",
		"!list.exists(a, text.matches(string(a) + '(?:(?:ab){100}){9}(?:(?:cd){100}){9}')) "
		"|| "
		"true",
	};
	int free_of_charge = 0;
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		names_long_list(&fixture);
		fixture_name(&fixture, "long", &type_string, long_text(&fixture.arena));
		fixture_name(&fixture, "other", &type_string, long_text(&fixture.arena));
		fixture.scope.limits = (struct expr_limits){ 1000000, 16u << 20 };
		struct value value = fixture_eval(&fixture, rows[i]);
		if (value.kind != VALUE_ERROR || value.error->failure != FAIL_LIMIT) {
			print_error("%s: %.80s\n", rows[i], fixture_show(&fixture, value));
			free_of_charge++;
		}
		fixture_done(&fixture);
	}
	assert_int_equal(free_of_charge, 0);
}

/* A regular expression that is used again is compiled once: its price is paid once. */
static void compiles_a_pattern_once(void **state)
{
	struct fixture fixture;
	(void)state;
	fixture_init(&fixture);
	names_long_list(&fixture);
	fixture_name(&fixture, "pattern", &type_string, value_cstring("(a{100}){9}"));
	fixture.scope.limits.fuel = 20000;
	fixture_gives(&fixture, "list.exists(a, text.matches(pattern))", "false");
	fixture_done(&fixture);
}

static void stops_where_a_search_takes_too_long(void **state)
{
	static const char *const rows[] = {
		"regex.extract(slow, '^(a+)+$').hasValue() || true",
		"true && regex.replace(slow, '^(a+)+$', '') != '' || true",
		"[slow].all(x, regex.extractAll(x, '^(a+)+$') == []) || true",
		"[slow].exists(x, x.find('^(a+)+$') == '') || true",
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		fixture_name(&fixture, "slow", &type_string,
			     value_cstring("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"));
		struct value value = fixture_eval(&fixture, rows[i]);
		assert_int_equal(value.kind, VALUE_ERROR);
		assert_int_equal(value.error->failure, FAIL_LIMIT);
		fixture_done(&fixture);
	}
}

/* Brackets as deep as an expression may have them, twice in one another. */
static void stops_where_a_value_is_too_deep(void **state)
{
	struct fixture fixture;
	struct buffer text;
	(void)state;
	fixture_init(&fixture);
	fixture_name(&fixture, "one", &type_int, value_int(1));
	buffer_init(&text, &fixture.arena);
	for (int part = 0; part < 2; part++) {
		buffer_puts(&text, part ? ", " : "cel.bind(x, ");
		for (int i = 0; i < 200; i++)
			buffer_putc(&text, '[');
		buffer_puts(&text, part ? "x" : "one");
		for (int i = 0; i < 200; i++)
			buffer_putc(&text, ']');
	}
	buffer_puts(&text, ").size() == 1 || true");
	struct value value = fixture_eval(&fixture, buffer_string(&text));
	assert_int_equal(value.kind, VALUE_ERROR);
	assert_int_equal(value.error->failure, FAIL_LIMIT);
	assert_string_equal(value.error->message, "the value is nested too deeply");
	fixture_done(&fixture);
}

static void counts_fuel_and_memory(void **state)
{
	struct fixture fixture;
	(void)state;
	fixture_init(&fixture);
	names_long_list(&fixture);
	fixture.scope.limits.fuel = 100;
	struct value value = fixture_eval(&fixture, "list.all(a, a >= 0)");
	assert_int_equal(value.error->failure, FAIL_LIMIT);
	fixture.scope.limits.fuel = 10000;
	assert_int_equal(fixture_eval(&fixture, "list.all(a, a >= 0)").kind, VALUE_BOOL);
	fixture.scope.limits.memory = 100;
	value = fixture_eval(&fixture, "list.map(a, a + 1)");
	assert_int_equal(value.error->failure, FAIL_LIMIT);
	fixture_done(&fixture);
}

/* The least fuel with which it can be evaluated. */
static uint64_t price(const char *source)
{
	static char long_text[1601];
	uint64_t from = 0, to = 1 << 20; /* with so much it can; with 0 there is no limit */
	struct fixture fixture;
	fixture_init(&fixture);
	names_long_list(&fixture);
	memset(long_text, 'x', sizeof(long_text) - 1);
	fixture_name(&fixture, "long", &type_string, value_cstring(long_text));
	fixture_name(&fixture, "number", &type_double, value_double(0.5));
	while (to - from > 1) {
		fixture.scope.limits.fuel = from + (to - from) / 2;
		if (fixture_eval(&fixture, source).kind == VALUE_ERROR)
			from = fixture.scope.limits.fuel;
		else
			to = fixture.scope.limits.fuel;
	}
	fixture_done(&fixture);
	return to;
}

/* One for each item or 16 bytes of what is read, and as much for what is made of it. */
static void what_is_read_and_made_has_its_price(void **state)
{
	static const struct {
		const char *source, *beside; /* the same of next to nothing */
		uint64_t read, made;
	} rows[] = {
		{ "json.marshal(list)", "json.marshal([number])", 1000, 3890 / 16 },
		{ "'%.1000f'.format([number])", "'%.0f'.format([number])", 1000 / 16, 1002 / 16 },
		{ "'%s'.format([long])", "'%s'.format([text])", 1600 / 16 - 1, 1600 / 16 - 1 },
		{ "'%x'.format([long])", "'%x'.format([text])", 1600 / 8 - 2, 3200 / 16 - 2 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t more = price(rows[i].source) - price(rows[i].beside);
		uint64_t least = rows[i].read + rows[i].made;
		if (more + 4 < least || more > least + least / 10)
			fail_msg("%s: %llu, not %llu", rows[i].source, (unsigned long long)more,
				 (unsigned long long)least);
	}
}

/* Terms in a row are no nesting. */
static void evaluates_ten_thousand_terms(void **state)
{
	struct fixture fixture;
	struct buffer text;
	(void)state;
	fixture_init(&fixture);
	fixture_name(&fixture, "one", &type_int, value_int(1));
	buffer_init(&text, &fixture.arena);
	for (int i = 0; i < 9999; i++)
		buffer_puts(&text, "one+");
	buffer_puts(&text, "one");
	fixture_gives(&fixture, buffer_string(&text), "10000");
	fixture_done(&fixture);
}

/* ---- what a plan does not know ------------------------------------------------------------- */

static void with_unknown(struct fixture *fixture)
{
	struct value unknown = value_unknown("x, known later", &fixture->arena);
	struct value_map_builder map;
	value_map_init(&map, &fixture->arena);
	value_map_set(&map, "known", value_int(1));
	value_map_set(&map, "image", unknown);
	fixture_name(fixture, "x", &type_dyn, unknown);
	fixture_name(fixture, "other", &type_dyn,
		     value_unknown("other, known last", &fixture->arena));
	fixture_name(fixture, "yes", &type_bool, value_bool(true));
	fixture_name(fixture, "zero", &type_int, value_int(0));
	fixture_name(fixture, "step", &type_dyn, value_map_end(&map));
}

static void keeps_what_is_unknown(void **state)
{
	static const char *const rows[][2] = {
		{ "x", "<x, known later>" },
		{ "x + 1", "<x, known later>" },
		{ "x == 1 || yes", "true" },
		{ "yes || x == 1", "true" },
		{ "x == 1 && !yes", "false" },
		{ "x == 1 && yes", "<x, known later>" },
		{ "x == 1 && 1/zero > 0", "<x, known later>" },
		{ "x + 1/zero", "error: division by zero" },
		{ "x ? 1 : 2", "<x, known later>" },
		{ "yes ? 1 : x", "1" },
		{ "x.field.more[3]", "<x, known later>" },
		{ "size(x)", "<x, known later>" },
		{ "step.known", "1" },
		{ "step.image", "<x, known later>" },
		{ "has(step.image)", "<x, known later>" },
		{ "has(step.known)", "true" },
		{ "has(step.other)", "false" },
		{ "step.?image.orValue('')", "<x, known later>" },
		{ "step.?other.orValue('none')", "\"none\"" },
		{ "x.map(i, i)", "<x, known later>" },
		{ "[1, 2].exists(i, i == 2 || x == i)", "true" },
		{ "[1, 3].exists(i, i == 2 || x == i)", "<x, known later>" },
		{ "[1, 2].filter(i, i == x)", "<x, known later>" },
		{ "[x, 1] == [2, 1]", "<x, known later>" },
		{ "x + other", "<x, known later; other, known last>" },
		{ "other + x + other + x", "<other, known last; x, known later>" },
		{ "x == 1 && other == 1", "<x, known later; other, known last>" },
		{ "x == 1 || other == 1 || x == 2", "<x, known later; other, known last>" },
		{ "x == 1 && other == 1 && !yes", "false" },
		{ "x == 1 || other == 1 || yes", "true" },
		{ "x || !(other && x)", "<x, known later; other, known last>" },
		{ "!x && yes", "<x, known later>" },
		{ "math.greatest(x, 1, other)", "<x, known later; other, known last>" },
		{ "[[x], {'a': other}].size()", "<x, known later; other, known last>" },
		{ "'%s %s'.format([x, other])", "<x, known later; other, known last>" },
		{ "x[other]", "<x, known later; other, known last>" },
		{ "[1, 2].all(i, i == x || i == other)", "<x, known later; other, known last>" },
		{ "[1, 2].exists_one(i, i == 1 ? x : other)",
		  "<x, known later; other, known last>" },
		{ "'a'.contains(x)", "<x, known later>" },
		{ "cel.bind(y, x, yes || y == 1)", "true" },
	};
	(void)state;
	gives(rows, COUNT(rows), with_unknown);
}

/* ---- taint --------------------------------------------------------------------------------- */

static void with_secrets(struct fixture *fixture)
{
	struct value_map_builder map;
	value_map_init(&map, &fixture->arena);
	value_map_set(&map, "plain", value_cstring("p"));
	value_map_set(&map, "hidden", value_mark(value_cstring("h"), VALUE_SECRET));
	fixture_name(fixture, "s", &type_string,
		     value_mark(value_cstring("password"), VALUE_SECRET));
	fixture_name(fixture, "d", &type_string, value_mark(value_cstring("data"), VALUE_OUTSIDE));
	fixture_name(fixture, "w", &type_string, value_cstring("written"));
	fixture_name(fixture, "m", &type_dyn, value_map_end(&map));
	fixture_name(fixture, "all", &type_dyn,
		     value_mark(value_copy(fixture->values[3], &fixture->arena), VALUE_OUTSIDE));
}

static void carries_taint(void **state)
{
	static const struct {
		const char *text;
		unsigned taint;
	} rows[] = {
		{ "w + 'x'", 0 },
		{ "s + w", VALUE_SECRET },
		{ "w + d", VALUE_OUTSIDE },
		{ "s + d", VALUE_SECRET | VALUE_OUTSIDE },
		{ "size(s)", VALUE_SECRET },
		{ "s == w", VALUE_SECRET },
		{ "s == 'x' ? 'a' : 'b'", VALUE_SECRET },
		{ "d == 'x' ? 'a' : 'b'", 0 },
		{ "w == 'x' ? s : w", 0 },
		{ "w == 'written' ? s : w", VALUE_SECRET },
		{ "m.plain", 0 },
		{ "m.hidden", VALUE_SECRET },
		{ "m[s == 'password' ? 'plain' : 'hidden']", VALUE_SECRET },
		{ "all.plain", VALUE_OUTSIDE },
		{ "['-x'][0]", 0 },
		{ "(['-x'] + [d])[0]", 0 },
		{ "(['-x'] + [d])[1]", VALUE_OUTSIDE },
		{ "(['-x', d] + [w]).slice(0, 2)[0]", 0 },
		{ "[d].map(x, x + 'y')[0]", VALUE_OUTSIDE },
		{ "d.split('t')[0]", VALUE_OUTSIDE },
		{ "[1, 2].filter(x, s == 'password')", VALUE_SECRET },
		{ "[s].exists(x, x == 'a')", VALUE_SECRET },
		{ "[s, 'a'].join(',')", VALUE_SECRET },
		{ "s == 'x' || w == 'y'", VALUE_SECRET },
		{ "optional.of(s).orValue('a')", VALUE_SECRET },
		{ "cel.bind(x, s, x + 'a')", VALUE_SECRET },
		{ "{'a': s}.a", VALUE_SECRET },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		with_secrets(&fixture);
		struct value value = fixture_eval(&fixture, rows[i].text);
		if (value.kind == VALUE_ERROR)
			fail_msg("%s: %s", rows[i].text, value.error->message);
		if ((value.flags & VALUE_TAINT) != rows[i].taint)
			fail_msg("%s: taint %d, wanted %u", rows[i].text, value.flags & VALUE_TAINT,
				 rows[i].taint);
		fixture_done(&fixture);
	}
}

static void tells_nothing_of_a_secret_in_an_error(void **state)
{
	static const char *const rows[] = { "int(s)", "{'a': 1}[s]", "timestamp(s)" };
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		fixture_init(&fixture);
		with_secrets(&fixture);
		struct value value = fixture_eval(&fixture, rows[i]);
		assert_int_equal(value.kind, VALUE_ERROR);
		assert_null(strstr(value.error->message, "password"));
		fixture_done(&fixture);
	}
}

/* ---- objects ------------------------------------------------------------------------------- */

struct counter {
	int reads;
};

static bool get_counted(const struct value_object *object, struct text key, struct arena *arena,
			struct value *out)
{
	struct counter *counter = object->data;
	counter->reads++;
	if (text_is(key, "broken"))
		*out = value_error(arena, FAIL_RESOURCE, "too long");
	else
		*out = value_int(1);
	return text_is(key, "broken") || text_is(key, "good");
}

static bool key_counted(const struct value_object *object, size_t index, struct text *key)
{
	static const char *const keys[] = { "good", "broken" };
	(void)object;
	if (index >= COUNT(keys))
		return false;
	*key = text_of(keys[index]);
	return true;
}

static const struct value_object_class counted = { get_counted, key_counted };

static void reads_of_an_object_what_is_asked_for(void **state)
{
	static const struct {
		const char *text;
		const char *wanted;
		int reads;
	} rows[] = {
		{ "object.good", "1", 1 },
		{ "object['good'] + 1", "2", 1 },
		{ "object.broken", "error: too long", 1 },
		{ "has(object.broken)", "true", 1 },
		{ "has(object.other)", "false", 1 },
		{ "object.other", "error: there is no key \"other\"", 1 },
		{ "object.?other.orValue(5)", "5", 1 },
		{ "object.map(k, k)", "[\"good\",\"broken\"]", 0 },
		{ "'good' in object", "true", 1 },
		{ "object.broken == 1 || true", "true", 1 },
	};
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture fixture;
		struct counter counter = { 0 };
		fixture_init(&fixture);
		fixture_name(&fixture, "object", &type_dyn,
			     value_object(&counted, &counter, &fixture.arena));
		fixture_gives(&fixture, rows[i].text, rows[i].wanted);
		assert_int_equal(counter.reads, rows[i].reads);
		fixture_done(&fixture);
	}
}

/* ---- macros -------------------------------------------------------------------------------- */

static void runs_macros(void **state)
{
	static const char *const rows[][2] = {
		{ "[1, 2, 3].filter(x, x > 1).map(x, x * zero)", "[0,0]" },
		{ "[1, 2, 3].map(x, x > 1, x + zero)", "[2,3]" },
		{ "{'a': 1, 'b': 2}.map(k, k)", "[\"a\",\"b\"]" },
		{ "{'a': 1, 'b': 2}.all(k, v, v > zero)", "true" },
		{ "[5, 6].exists(i, v, i == 1 && v == 6 + zero)", "true" },
		{ "[1, 2, 2].exists_one(x, x == 2 + zero)", "false" },
		{ "[1, 2].transformMap(i, v, v * 2 + zero)", "{\"0\":2,\"1\":4}" },
		{ "{'a': 1}.transformMapEntry(k, v, {v: k})", "{\"1\":\"a\"}" },
		{ "{'a': 1}.transformList(k, v, k + string(v))", "[\"a1\"]" },
		{ "['bb', 'a', 'cc'].sortBy(x, size(x) + zero)", "[\"a\",\"bb\",\"cc\"]" },
		{ "[any, 'a'].sortBy(x, x)", "error: these keys have no order among themselves" },
		{ "optional.of(3).optMap(x, x + 1 + zero).value()", "4" },
		{ "optional.none().optFlatMap(x, optional.of(x)).hasValue()", "false" },
		{ "optional.none().or(optional.of(zero)).value()", "0" },
		{ "[?optional.none(), ?optional.of(zero)]", "[0]" },
		{ "{?'a': optional.none(), 'b': zero}", "{\"b\":0}" },
		{ "cel.bind(x, 1 + zero, cel.bind(y, x + 1, x + y))", "3" },
		{ "cel.bind(x, [1].map(a, a + zero), [2].map(b, x[0] + b))", "[3]" },
		{ "[1, 2].map(x, [x, x + zero].map(x, x * 10))", "[[10,10],[20,20]]" },
		{ "math.greatest(1, zero, 3)", "3" },
		{ "any.map(x, x)", "error: int is not a list or a map" },
	};
	(void)state;
	gives(rows, COUNT(rows), with_numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absorbs_errors),
		cmocka_unit_test(points_at_the_part_that_failed),
		cmocka_unit_test(computes_with_times),
		cmocka_unit_test(stops_at_limits_that_nothing_absorbs),
		cmocka_unit_test(pays_for_what_it_touches),
		cmocka_unit_test(compiles_a_pattern_once),
		cmocka_unit_test(stops_where_a_search_takes_too_long),
		cmocka_unit_test(stops_where_a_value_is_too_deep),
		cmocka_unit_test(counts_fuel_and_memory),
		cmocka_unit_test(what_is_read_and_made_has_its_price),
		cmocka_unit_test(evaluates_ten_thousand_terms),
		cmocka_unit_test(keeps_what_is_unknown),
		cmocka_unit_test(carries_taint),
		cmocka_unit_test(tells_nothing_of_a_secret_in_an_error),
		cmocka_unit_test(reads_of_an_object_what_is_asked_for),
		cmocka_unit_test(runs_macros),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
