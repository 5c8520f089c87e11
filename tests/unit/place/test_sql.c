/* Statements: split by the lexer of SQL, each hole a parameter, never text. */
#include "support.h"

/* The statements, each in brackets with the number of its parameters; or the complaint. */
static const char *statements_of(struct bench *bench, const char *document)
{
	struct statements statements;
	struct buffer out;
	if (!bench_read(bench, PLACE_SQL, document))
		return bench_complaint(bench);
	buffer_init(&out, &bench->arena);
	if (!place_statements(bench->text, &bench->scope, &bench->arena, &statements,
			      &bench->failure)) {
		buffer_printf(&out, "%s: %s", bench->failure.class, bench->failure.message);
		return buffer_string(&out);
	}
	for (size_t i = 0; i < statements.count; i++)
		buffer_printf(&out, "[%s]%zu", statements.at[i].text, statements.at[i].count);
	return buffer_string(&out);
}

#define assert_statements(document, expected) \
	assert_string_equal(statements_of(&bench, document), expected)

static void splits_statements(void **state)
{
	static const struct {
		const char *document, *statements;
	} rows[] = {
		{ "x: select 1", "[select 1]0" },
		{ "x: select 1;; select 2 ; ", "[select 1]0[select 2]0" },
		{ "x: select ';', \";\" ; select 2", "[select ';', \";\"]0[select 2]0" },
		{ "x: select 'it''s;' ; a", "[select 'it''s;']0[a]0" },
		{ "x: select E'it\\'s;' ; a", "[select E'it\\'s;']0[a]0" },
		{ "x: select 'a\\' ; b", "[select 'a\\']0[b]0" },
		{ "x: do $$ begin; end $$; a", "[do $$ begin; end $$]0[a]0" },
		{ "x: do $x$ $$ ; $x$; a", "[do $x$ $$ ; $x$]0[a]0" },
		{ "x: a$b$c; d$b$", "[a$b$c]0[d$b$]0" },
		{ "x: |\n  a -- b; c\n  d; e", "[a -- b; c\nd]0[e]0" },
		{ "x: a /* b; /* c; */ d; */ e; f", "[a /* b; /* c; */ d; */ e]0[f]0" },
		{ "x: /* a; */ b; /* c */", "[b]0" },
		{ "x: create rule a as on b do (c; d); e",
		  "[create rule a as on b do (c; d)]0[e]0" },
		{ "x: create trigger a after insert on b begin c; select case when 1 then 2 end; "
		  "end; d",
		  "[create trigger a after insert on b begin c; select case when 1 then 2 end; "
		  "end]0[d]0" },
		{ "x: create or replace function a() returns int begin atomic select 1; end; b",
		  "[create or replace function a() returns int begin atomic select 1; end]0[b]0" },
		{ "x: savepoint a; rollback to a; release a",
		  "[savepoint a]0[rollback to a]0[release a]0" },
		{ "x: select a->'b'->>'c' from d where e ? 'f'",
		  "[select a->'b'->>'c' from d where e ? 'f']0" },
		{ "x: select $${{ 1", "[select ${{ 1]0" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_statements(rows[i].document, rows[i].statements);
	bench_done(&bench);
}

static void binds_values(void **state)
{
	struct bench bench;
	struct statements statements;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "v1'; drop table a; --");
	assert_statements("x: select ${{ data }}", "[select $1]1");
	assert_statements(
		"x: select ${{ data }}::int, (${{ number }})+${{ number }};select ${{ data }}",
		"[select $1::int, ($2)+$3]3[select $1]1");
	assert_statements("x: select 1 where a is distinct from ${{ data }}",
			  "[select 1 where a is distinct from $1]1");
	assert_statements("x: select extract(year from ${{ data }})",
			  "[select extract(year from $1)]1");
	assert_statements("x: select ARRAY[${{ number }}] ", "[select ARRAY[$1]]1");
	bench_read(
		&bench, PLACE_SQL,
		"x: insert into a values (${{ data }}, ${{ none }}, ${{ list }}, ${{ secret }})");
	assert_true(place_statements(bench.text, &bench.scope, &bench.arena, &statements,
				     &bench.failure));
	const struct value *params = statements.at[0].params;
	assert_true(text_is(value_text(params[0]), "v1'; drop table a; --"));
	assert_true(value_is(params[1], VALUE_NULL));
	assert_true(value_is(params[2], VALUE_LIST));
	assert_true(params[3].flags & VALUE_SECRET);
	assert_int_equal(statements.at[0].span.from, 3);
	bench.values[DATA] = value_string((struct text){ "a\0b", 3 });
	assert_statements("x: select ${{ data }}",
			  "refused: 'data' holds a NUL byte, which cannot stand in a statement");
	assert_statements("x: select ${{ any.b }}", "expression: null_type has no fields or items");
	bench_done(&bench);
}

static void refuses_places_and_words(void **state)
{
	static const struct {
		const char *document, *complaint, *hint;
	} rows[] = {
		{ "x: select '${{ data }}'", "RB0620 1:12", "without quotes" },
		{ "x: select 'a'' ${{ data }}'", "RB0620 1:16", "without quotes" },
		{ "x: select E'\\'${{ data }}'", "RB0620 1:15", "without quotes" },
		{ "x: select $$ ${{ data }} $$", "RB0620 1:14", "without quotes" },
		{ "x: select $a$ $$ ${{ data }} $a$", "RB0620 1:18", "without quotes" },
		{ "x: select \"${{ data }}\"", "RB0620 1:12", "Names of tables" },
		{ "x: select 1 -- ${{ data }}", "RB0620 1:16", "comment" },
		{ "x: select 1 /* a /* */ ${{ data }} */", "RB0620 1:24", "comment" },
		{ "x: select a${{ data }}", "RB0620 1:12", "Names" },
		{ "x: select ${{ data }}a", "RB0620 1:11", "without quotes" },
		{ "x: select ${{ number }}0", "RB0620 1:11", "without quotes" },
		{ "x: select ${{ data }}${{ data }}", "RB0620 1:11", "without quotes" },
		{ "x: select 'a'${{ data }}", "RB0620 1:14", "without quotes" },
		{ "x: select ${{ data }}'a'", "RB0620 1:11", "without quotes" },
		{ "x: select * from ${{ data }}", "RB0620 1:18", "Names of tables" },
		{ "x: insert into ${{ data }} values (1)", "RB0620 1:16", "Names of tables" },
		{ "x: update ${{ data }} set a = 1", "RB0620 1:11", "Names of tables" },
		{ "x: drop table ${{ data }}", "RB0620 1:15", "Names of tables" },
		{ "x: begin; select 1", "RB0621 1:4", "transaction: false" },
		{ "x: select 1; COMMIT", "RB0621 1:14", "transaction: false" },
		{ "x: select 1; rollback;", "RB0621 1:14", "one transaction" },
		{ "x: start transaction", "RB0621 1:4", "one transaction" },
		{ "x: select 1; end", "RB0621 1:14", "one transaction" },
		{ "x: select 'a", "RB0622 1:11", NULL },
		{ "x: select \"a", "RB0622 1:11", NULL },
		{ "x: select $a$ b", "RB0622 1:11", NULL },
		{ "x: select 1 /* /* */", "RB0622 1:13", NULL },
		{ "x: select $1", "RB0623 1:11", "${{ ... }}" },
		{ "x: select $1, ${{ data }}", "RB0623 1:11", "${{ ... }}" },
		{ "x: ' ; -- a'", "RB0608 1:4", NULL },
		{ "x: select ${{ any.?b }}", "RB0604 1:11", "orValue" },
		{ "x: [select 1]", "RB0102 1:4", NULL },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_complaint(&bench, PLACE_SQL, rows[i].document, rows[i].complaint);
		if (rows[i].hint)
			assert_true(bench_hints(&bench, rows[i].hint));
	}
	bench_done(&bench);
}

static void points_into_every_style(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_SQL, "x: 'select ''${{ data }}'''", "RB0620 1:14");
	assert_complaint(&bench, PLACE_SQL, "x: \"select \\\"${{ data }}\\\"\"", "RB0620 1:14");
	assert_complaint(&bench, PLACE_SQL, "x: |\n  select 1;\n  select '${{ data }}'\n",
			 "RB0620 3:11");
	assert_complaint(&bench, PLACE_SQL, "x: >-\n  select 1;\n  begin\n", "RB0621 3:3");
	bench_done(&bench);
}

static void splits_files(void **state)
{
	struct bench bench;
	struct statements statements;
	(void)state;
	bench_init(&bench);
	const struct source *source = source_from_text("a.sql", TEXT("a;\n-- b\nc 'd;'\n;"),
						       &bench.arena, &bench.diags);
	assert_true(place_split(source, &bench.arena, &statements, &bench.failure));
	assert_int_equal(statements.count, 2);
	assert_string_equal(statements.at[1].text, "c 'd;'");
	assert_int_equal(statements.at[1].span.from, 8);
	assert_int_equal(statements.at[1].count, 0);
	source = source_from_text("a.sql", TEXT("a;\ncommit"), &bench.arena, &bench.diags);
	assert_false(place_split(source, &bench.arena, &statements, &bench.failure));
	assert_string_equal(bench.failure.message, "transaction control is done by runbook");
	assert_int_equal(bench.failure.span.from, 3);
	source = source_wrap("a.sql", (struct text){ "a \0 b", 5 }, &bench.arena);
	assert_false(place_split(source, &bench.arena, &statements, &bench.failure));
	assert_string_equal(bench.failure.message, "a NUL byte cannot stand in SQL");
	bench_done(&bench);
}

static void shows_literals(void **state)
{
	struct bench bench;
	struct buffer out;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "it's");
	bench_read(&bench, PLACE_SQL,
		   "x: select ${{ data }}, ${{ number }}, ${{ none }}, ${{ secret }}; select ${{ "
		   "list }}");
	buffer_init(&out, &bench.arena);
	place_show(&out, bench.text, &bench.scope, &bench.arena);
	assert_string_equal(buffer_string(&out),
			    "select 'it''s', 8080, NULL, (secret); select '[\"a b\",\"c\"]'");
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_statements),
		cmocka_unit_test(binds_values),
		cmocka_unit_test(refuses_places_and_words),
		cmocka_unit_test(points_into_every_style),
		cmocka_unit_test(splits_files),
		cmocka_unit_test(shows_literals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
