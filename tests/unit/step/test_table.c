/* The tables of all verbs, and what is common to them. */
#include "support.h"

static void every_table_keeps_its_invariants(void **state)
{
	struct host *host = *state;
	for (const struct step_type *const *type = step_types; *type; type++) {
		const char *breach = field_check_table((*type)->fields, &host->arena);
		if (breach)
			fail_msg("%s: %s", (*type)->name, breach);
	}
}

static void every_verb_is_whole(void **state)
{
	(void)state;
	for (const struct step_type *const *at = step_types; *at; at++) {
		const struct step_type *type = *at;
		bool structure = type->kind != STEP_KIND_WORK && type->kind != STEP_KIND_GATE;
		const struct field *row = type->fields;
		assert_ptr_equal(step_type_find(text_of(type->name)), type);
		assert_true(type->size > 0);
		assert_int_equal(type->start == NULL, structure);
		assert_int_equal(type->summary[strlen(type->summary) - 1], '.');
		while (row->name && strcmp(row->name, type->main) != 0)
			row++;
		if (!row->name)
			fail_msg("%s has no field '%s'", type->name, type->main);
		for (const struct output *output = type->outputs; output && output->name;
		     output++) {
			assert_non_null(output->type);
			assert_int_equal(output->doc[strlen(output->doc) - 1], '.');
		}
	}
	assert_null(step_type_find(TEXT("ru")));
	assert_null(step_type_find(TEXT("runs")));
	assert_null(step_type_find(TEXT("")));
}

static const struct type *type_of(const struct step_type *type, struct text name)
{
	for (const struct output *output = type->outputs; output && output->name; output++)
		if (text_is(name, output->name))
			return output->type;
	return NULL;
}

/* What people are told of the fields of an output is what expressions find. */
static void parts_are_fields_of_outputs(void **state)
{
	(void)state;
	for (const struct step_type *const *type = step_types; *type; type++)
		for (const struct output *part = (*type)->parts; part && part->name; part++) {
			struct text name = text_of(part->name);
			size_t dot = text_find(name, TEXT("."), 0);
			const struct type *whole = type_of(*type, text_slice(name, 0, dot));
			assert_non_null(whole);
			assert_ptr_equal(
				type_object_get(whole, text_slice(name, dot + 1, name.len))->type,
				part->type);
			assert_int_equal(part->doc[strlen(part->doc) - 1], '.');
		}
}

static void outputs_are_named_once(void **state)
{
	static const char *const fixed[] = { "status", "ok", "attempts", "started_at", "duration" };
	(void)state;
	for (const struct step_type *const *type = step_types; *type; type++)
		for (const struct output *output = (*type)->outputs; output && output->name;
		     output++) {
			for (const struct output *other = (*type)->outputs; other < output; other++)
				assert_string_not_equal(other->name, output->name);
			for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
				assert_string_not_equal(fixed[i], output->name);
		}
}

static void times_of_verbs_are_durations(void **state)
{
	(void)state;
	for (const struct step_type *const *type = step_types; *type; type++) {
		int64_t ns;
		const char *hint;
		if ((*type)->timeout)
			assert_null(field_duration(text_of((*type)->timeout), NULL, &ns, &hint));
	}
	assert_string_equal(step_type_find(TEXT("http"))->timeout, "30s");
}

static void effects_have_names(void **state)
{
	static const char *const names[] = { "none", "read", "write", "destructive" };
	enum effect effect;
	(void)state;
	for (int i = EFFECT_NONE; i <= EFFECT_DESTRUCTIVE; i++) {
		assert_string_equal(effect_name((enum effect)i), names[i]);
		assert_true(effect_read(text_of(names[i]), &effect));
		assert_int_equal(effect, i);
	}
	assert_false(effect_read(TEXT("Write"), &effect));
	assert_false(effect_read(TEXT(""), &effect));
}

static void effects_follow_what_is_written(void **state)
{
	struct host *host = *state;
	static const struct {
		const char *step;
		enum effect effect;
	} rows[] = {
		{ "http: http://localhost/", EFFECT_READ },
		{ "http: GET http://localhost/", EFFECT_READ },
		{ "http: HEAD http://localhost/", EFFECT_READ },
		{ "http: OPTIONS http://localhost/", EFFECT_READ },
		{ "http: POST http://localhost/", EFFECT_WRITE },
		{ "http: DELETE http://localhost/", EFFECT_WRITE },
		{ "http: {url: http://localhost/, method: PUT}", EFFECT_WRITE },
		{ "http: {url: http://localhost/}", EFFECT_READ },
		{ "sql: select 1\nconnection: sqlite:a", EFFECT_WRITE },
		{ "sql: select 1\nconnection: sqlite:a\nread_only: true", EFFECT_READ },
		{ "sql: select 1\nconnection: sqlite:a\nread_only: '${{ 1 == 1 }}'", EFFECT_WRITE },
		{ "sql: select 1\nconnection: sqlite:a\nread_only: '${{ bool(data) }}'",
		  EFFECT_WRITE },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!host_read(host, rows[i].step))
			fail_msg("%s: %s", rows[i].step, host_told(host));
		if (host->type->effect_of(host->bound) != rows[i].effect)
			fail_msg("%s", rows[i].step);
	}
}

static void drivers_follow_what_is_written(void **state)
{
	struct host *host = *state;
	static const char *const rows[][2] = {
		{ "http: http://localhost/", "http" },
		{ "sql: select 1\nconnection: sqlite:a.db", "sqlite" },
		{ "sql: select 1\nconnection: postgresql://h/d", "postgres" },
		{ "sql: select 1\nconnection: dbname=a", "postgres" },
		{ "sql: select 1\nconnection: '${{ data }}'", NULL },
		{ "git: .", "git" },
		{ "git: {remote: 'https://example.org/a.git'}", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!host_read(host, rows[i][0]))
			fail_msg("%s: %s", rows[i][0], host_told(host));
		const char *driver = host->type->driver(host->bound);
		if (rows[i][1])
			assert_string_equal(driver, rows[i][1]);
		else
			assert_null(driver);
	}
}

static void rules_across_fields_are_told(void **state)
{
	static const char *const rows[][3] = {
		{ "http: {status: 200}", "'http'", "request" },
		{ "http: http://localhost/\nurl: http://localhost/", "'request'", "'url'" },
		{ "http: POST http://localhost/\njson: {a: 1}\nbody: x", "'json'", "'body'" },
		{ "http: POST http://localhost/\nform: {a: b}\nupload: x", "'form'", "'upload'" },
		{ "sql: {connection: 'sqlite:a'}", "'sql'", "query" },
		{ "sql: select 1\nconnection: sqlite:a\nscript: a.sql", "'query'", "'script'" },
		{ "git: {tag: v1}", "'git'", "'repo'" },
		{ "write: a", "'content'", "'json'" },
		{ "write: a\ncontent: x\njson: x", "'content'", "'json'" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_breaks_a_rule(*state, rows[i][0], rows[i][1], rows[i][2]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(every_table_keeps_its_invariants),
		HOST(every_verb_is_whole),
		HOST(outputs_are_named_once),
		cmocka_unit_test(parts_are_fields_of_outputs),
		HOST(times_of_verbs_are_durations),
		HOST(effects_have_names),
		HOST(effects_follow_what_is_written),
		HOST(drivers_follow_what_is_written),
		HOST(rules_across_fields_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
