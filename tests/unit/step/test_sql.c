/* sql on SQLite files: values of all kinds in and out, and what a refusal says. */
#include "support.h"

static void put_tables(struct host *host)
{
	assert_succeeds(host, "sql: |\n"
			      "  create table t (id integer primary key, name text unique, "
			      "b blob, r real);\n"
			      "  insert into t values (1, 'one', x'00ff', 1.5), (2, null, null, "
			      "null);\n"
			      "connection: sqlite:a.db\ncreate: true");
}

static void rows_come_as_values(void **state)
{
	struct host *host = *state;
	put_tables(host);
	assert_succeeds(host, "sql: select id, name, b, r from t order by id\n"
			      "connection: sqlite:a.db\nread_only: true");
	assert_string_equal(host_output(host, "rows"),
			    "[{\"id\":1,\"name\":\"one\",\"b\":\"AP8=\",\"r\":1.5},"
			    "{\"id\":2,\"name\":null,\"b\":null,\"r\":null}]");
	assert_string_equal(host_output(host, "row_count"), "2");
	assert_string_equal(host_output(host, "value"), "1");
	assert_string_equal(host_output(host, "columns"), "[\"id\",\"name\",\"b\",\"r\"]");
	assert_string_equal(host_output(host, "affected"), "0");
}

static void no_row_is_an_answer(void **state)
{
	struct host *host = *state;
	put_tables(host);
	assert_succeeds(host, "sql: select id from t where id > 5\nconnection: sqlite:a.db");
	assert_string_equal(host_output(host, "rows"), "[]");
	assert_string_equal(host_output(host, "value"), "null");
	assert_string_equal(host_output(host, "row_count"), "0");
}

static void the_outputs_are_those_of_the_last_statement(void **state)
{
	struct host *host = *state;
	put_tables(host);
	assert_succeeds(host, "sql: select 1; update t set name = 'x' || id\n"
			      "connection: sqlite:a.db");
	assert_string_equal(host_output(host, "affected"), "2");
	assert_string_equal(host_output(host, "columns"), "[]");
	assert_string_equal(host_output(host, "value"), "null");
}

static void of_two_columns_of_one_name_the_last_stands(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, "sql: select 1 as a, 2 as b, 3 as a\nconnection: 'sqlite::memory:'");
	assert_string_equal(host_output(host, "rows"), "[{\"b\":2,\"a\":3}]");
	assert_string_equal(host_output(host, "columns"), "[\"a\",\"b\",\"a\"]");
}

static void values_are_bound_and_never_pasted(void **state)
{
	struct host *host = *state;
	put_tables(host);
	host->values[HOST_DATA] = value_mark(value_cstring("x'); drop table t; --"), VALUE_OUTSIDE);
	assert_succeeds(host, "sql: insert into t (name) values (${{ data }})\n"
			      "connection: sqlite:a.db");
	assert_string_equal(host_output(host, "affected"), "1");
	assert_succeeds(host, "sql: select name from t where id = 3\nconnection: sqlite:a.db");
	assert_string_equal(host_output(host, "value"), "\"x'); drop table t; --\"");
}

static void parameters_keep_their_kind(void **state)
{
	struct host *host = *state;
	static const char *const rows[][2] = {
		{ "1", "[\"integer\",\"1\"]" },
		{ "1.5", "[\"real\",\"1.5\"]" },
		{ "true", "[\"integer\",\"1\"]" },
		{ "null", "[\"null\",null]" },
		{ "'t'", "[\"text\",\"t\"]" },
		{ "b'xy'", "[\"blob\",\"xy\"]" },
		{ "7u", "[\"text\",\"7\"]" },
		{ "{'a': [1]}", "[\"text\",\"{\\\"a\\\":[1]}\"]" },
		{ "timestamp('2026-03-02T13:02:11.5Z')",
		  "[\"text\",\"2026-03-02T13:02:11.500000Z\"]" },
		{ "timestamp('1969-12-31T23:59:59.25Z')",
		  "[\"text\",\"1969-12-31T23:59:59.250000Z\"]" },
		{ "duration('90s')", "[\"text\",\"90s\"]" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		host_run(host, arena_format(&host->arena,
					    "sql: \"select typeof(${{ %s }}) as k, cast(${{ %s }} "
					    "as text) as v\"\nconnection: 'sqlite::memory:'",
					    rows[i][0], rows[i][0]));
		assert_string_equal(host_outcome(host), "");
		struct value all, row, kind, value;
		assert_true(value_field(host->outputs, "rows", &host->arena, &all));
		row = value_item(all, 0);
		assert_true(value_field(row, "k", &host->arena, &kind));
		assert_true(value_field(row, "v", &host->arena, &value));
		assert_string_equal(arena_format(&host->arena, "[%s,%s]", host_show(host, kind),
						 host_show(host, value)),
				    rows[i][1]);
	}
}

static void a_refusal_points_at_its_statement(void **state)
{
	struct host *host = *state;
	put_tables(host);
	host_run(host, "sql: |\n  select 1;\n  insert into t (name) values ('one')\n"
		       "connection: sqlite:a.db");
	assert_string_equal(host->outcome.class, "sql");
	assert_int_equal(host->outcome.code, RB0410);
	assert_string_equal(host->outcome.actual, "SQLITE_CONSTRAINT_UNIQUE");
	assert_string_equal(host->outcome.lines->label, "statement");
	assert_string_equal(host->outcome.lines->text, "2 of 2");
	assert_int_equal(source_position(host->outcome.span.source, host->outcome.span.from).line,
			 3);
	assert_true(value_is(host->outputs, VALUE_NULL));
	/* All or nothing. */
	assert_succeeds(host, "sql: select count(*) from t\nconnection: sqlite:a.db");
	assert_string_equal(host_output(host, "value"), "2");
}

static void without_a_transaction_each_stands_by_itself(void **state)
{
	struct host *host = *state;
	put_tables(host);
	host_run(host, "sql: insert into t (name) values ('two'); insert into nope values (1)\n"
		       "connection: sqlite:a.db\ntransaction: false");
	assert_string_equal(host->outcome.class, "sql");
	assert_succeeds(host, "sql: select count(*) from t\nconnection: sqlite:a.db");
	assert_string_equal(host_output(host, "value"), "3");
}

static void read_only_is_read_only(void **state)
{
	struct host *host = *state;
	put_tables(host);
	host_run(host, "sql: delete from t\nconnection: sqlite:a.db\nread_only: true");
	assert_string_equal(host->outcome.class, "sql");
	host_run(host, "sql: select 1\nconnection: sqlite:none.db\nread_only: true");
	assert_string_equal(host->outcome.class, "not_found");
}

static void more_rows_than_the_limit_are_a_failure(void **state)
{
	struct host *host = *state;
	put_tables(host);
	host_run(host, "sql: select id from t\nconnection: sqlite:a.db\nmax_rows: 1");
	assert_string_equal(host->outcome.class, "resource");
	assert_succeeds(host, "sql: select id from t\nconnection: sqlite:a.db\nmax_rows: 2");
}

static void statements_come_from_a_file(void **state)
{
	struct host *host = *state;
	host_put(host, "s.sql",
		 TEXT("create table s (a text);\ninsert into s values ('${{ x }}; y');\n"));
	assert_succeeds(host, "sql: {connection: 'sqlite:a.db', script: s.sql, create: true}");
	assert_succeeds(host, "sql: select a from s\nconnection: sqlite:a.db");
	assert_string_equal(host_output(host, "value"), "\"${{ x }}; y\"");
	assert_fails(host, "sql: {connection: 'sqlite:a.db', script: none.sql}",
		     arena_format(&host->arena,
				  "not_found RB0406: cannot read %s/none.sql: No such file or "
				  "directory",
				  host->folder));
	host_put(host, "bad.sql", TEXT("select 'unclosed"));
	host_run(host, "sql: {connection: 'sqlite:a.db', script: bad.sql}");
	assert_string_equal(host->outcome.class, "sql");
	assert_non_null(strstr(host->outcome.message, "bad.sql: "));
}

static void a_new_file_is_told(void **state)
{
	struct host *host = *state;
	host_run(host, "sql: create table a (b)\nconnection: sqlite:new.db");
	assert_string_equal(host->outcome.class, "not_found");
	assert_string_equal(host->outcome.field, "connection");
	assert_succeeds(host, "sql: create table a (b)\nconnection: sqlite:new.db\ncreate: true");
	assert_non_null(strstr(buffer_string(&host->output[1]), "new.db"));
	assert_succeeds(host, "sql: select * from a\nconnection: sqlite:new.db");
	assert_string_equal(buffer_string(&host->output[1]), "");
}

static void a_statement_has_its_time(void **state)
{
	struct host *host = *state;
	host_run(host, "sql: |\n"
		       "  with recursive n(i) as (select 1 union all select i + 1 from n)\n"
		       "  select count(*) from n\n"
		       "connection: 'sqlite::memory:'\nstatement_timeout: 50ms");
	assert_string_equal(host->outcome.class, "timeout");
	assert_int_equal(host->outcome.code, RB0410);
}

/* Another program that holds the write lock until it is closed. */
static FILE *hold(struct host *host)
{
	FILE *other = popen(arena_format(&host->arena, "cd %s && sqlite3 a.db", host->folder), "w");
	assert_non_null(other);
	fputs("begin immediate;\n.shell touch held\n", other);
	fflush(other);
	while (access(host_path(host, "held"), F_OK) != 0)
		usleep(1000);
	return other;
}

static void a_lock_is_waited_for_as_long_as_is_said(void **state)
{
	struct host *host = *state;
	put_tables(host);
	FILE *other = hold(host);
	int64_t before = loop_now(host->loop);
	host_run(host, "sql: insert into t (name) values ('x')\nconnection: sqlite:a.db\n"
		       "lock_timeout: 60ms");
	assert_true(loop_now(host->loop) - before >= 60 * NS_PER_MS);
	assert_int_equal(host->outcome.status, OUTCOME_FAILED);
	assert_non_null(strstr(host->outcome.message, "locked"));
	assert_int_equal(pclose(other), 0);
	assert_succeeds(host, "sql: insert into t (name) values ('x')\nconnection: sqlite:a.db\n"
			      "lock_timeout: 60ms");
}

static void a_list_is_no_parameter_of_sqlite(void **state)
{
	struct host *host = *state;
	host->values[HOST_LIST] = value_list(NULL, 0, &host->arena);
	host_run(host, "sql: select ${{ list }}\nconnection: 'sqlite::memory:'");
	assert_string_equal(host->outcome.class, "refused");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(rows_come_as_values),
		HOST(no_row_is_an_answer),
		HOST(the_outputs_are_those_of_the_last_statement),
		HOST(of_two_columns_of_one_name_the_last_stands),
		HOST(values_are_bound_and_never_pasted),
		HOST(parameters_keep_their_kind),
		HOST(a_refusal_points_at_its_statement),
		HOST(without_a_transaction_each_stands_by_itself),
		HOST(read_only_is_read_only),
		HOST(more_rows_than_the_limit_are_a_failure),
		HOST(statements_come_from_a_file),
		HOST(a_new_file_is_told),
		HOST(a_statement_has_its_time),
		HOST(a_lock_is_waited_for_as_long_as_is_said),
		HOST(a_list_is_no_parameter_of_sqlite),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
