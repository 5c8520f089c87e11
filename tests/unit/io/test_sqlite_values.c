/* The sqlite driver: values of columns and parameters, counts, limits and places. */
#include "unit/io/sqlite.h"

static void one_text_is_one_statement(void **state)
{
	(void)state;
	execute("select 1; select 2");
	assert_int_equal(result.failure.class, IO_REFUSED);
	assert_good("select 1; ");
	assert_good("-- only a comment");
	assert_int_equal(result.row_count, 0);
}

static void mistakes_have_a_place(void **state)
{
	(void)state;
	execute("select 1|select nope from sqlite_master");
	assert_int_equal(result.failure.class, IO_SQL);
	assert_string_equal(result.failure.code, "SQLITE_ERROR");
	assert_string_equal(result.failure.message, "no such column: nope");
	assert_int_equal(result.statement, 1);
	assert_int_equal(result.position, 8);
	execute("select '\xc3\xa4\xe2\x82\xac', nope from sqlite_master");
	assert_int_equal(result.position, 14);
}

static void limits_are_of_the_last_statement(void **state)
{
	const struct sql_call rows = { .transaction = true, .max_rows = 2 };
	const struct sql_call bytes = { .transaction = true, .max_bytes = 24 };

	(void)state;
	execute_with(rows, "select 1 union select 2");
	assert_int_equal(result.failure.class, IO_NONE);
	assert_int_equal(result.row_count, 2);
	execute_with(rows, "select 1 union select 2 union select 3");
	assert_int_equal(result.failure.class, IO_RESOURCE);
	execute_with(rows, "select 1 union select 2 union select 3|select 1");
	assert_int_equal(result.failure.class, IO_NONE);
	execute_with(bytes, "select '123456789012', '123456789012'");
	assert_int_equal(result.failure.class, IO_NONE);
	execute_with(bytes, "select '123456789012', '1234567890123'");
	assert_int_equal(result.failure.class, IO_RESOURCE);
	assert_string_equal(result.failure.message, "more than 1000 rows or 24 bytes");
	/* Short ones take their room, too. */
	execute_with(bytes, "select 1, 2, null");
	assert_int_equal(result.failure.class, IO_NONE);
	execute_with(bytes, "select 1, 2, 3, null");
	assert_int_equal(result.failure.class, IO_RESOURCE);
}

static void values_are_told_as_they_are_stored(void **state)
{
	(void)state;
	assert_good("select null, 1, 1.5, 'a', x'00ff', x''");
	assert_int_equal(result.column_count, 6);
	assert_int_equal(result.cells[0].kind, SQL_NULL);
	assert_int_equal(result.cells[1].integer, 1);
	assert_true(result.cells[2].kind == SQL_DOUBLE && result.cells[2].number == 1.5);
	assert_true(text_is(result.cells[3].text, "a"));
	assert_int_equal(result.cells[4].kind, SQL_BYTES);
	assert_true(text_equal(result.cells[4].text, TEXT("\0\xff")));
	assert_int_equal(result.cells[5].text.len, 0);
}

static void parameters_are_bound(void **state)
{
	const struct sql_cell cells[] = {
		{ .kind = SQL_NULL },
		{ .kind = SQL_BOOL, .truth = true },
		{ .kind = SQL_INT, .integer = INT64_MIN },
		{ .kind = SQL_DOUBLE, .number = 0.1 },
		{ .kind = SQL_TEXT, .text = TEXT("'; drop table t; --") },
		{ .kind = SQL_TEXT, .text = { "a\0b", 3 } },
		{ .kind = SQL_JSON, .text = TEXT("{\"a\":1}") },
		{ .kind = SQL_TIMESTAMP, .integer = INT64_C(253402300799999999) },
		{ .kind = SQL_TIMESTAMP, .integer = INT64_C(-62135596800000000) },
		{ .kind = SQL_BYTES, .text = { "\0\xff", 2 } },
	};
	const struct sql_statement statement = {
		TEXT("select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10"), cells, 10
	};
	struct sql_call call = { .connection = ":memory:",
				 .statements = &statement,
				 .count = 1,
				 .max_rows = 1,
				 .max_bytes = 1000,
				 .done = on_done };
	const struct sql_cell *out;

	(void)state;
	told = 0;
	sqlite_driver.execute(sql, &call, &arena);
	while (!told)
		loop_run_once(loop);
	assert_int_equal(result.failure.class, IO_NONE);
	out = result.cells;
	assert_int_equal(out[0].kind, SQL_NULL);
	assert_true(out[1].kind == SQL_INT && out[1].integer == 1);
	assert_true(out[2].kind == SQL_INT && out[2].integer == INT64_MIN);
	assert_true(out[3].kind == SQL_DOUBLE && out[3].number == 0.1);
	assert_true(text_is(out[4].text, "'; drop table t; --"));
	assert_true(text_equal(out[5].text, cells[5].text));
	assert_true(text_is(out[6].text, "{\"a\":1}"));
	assert_true(text_is(out[7].text, "9999-12-31T23:59:59.999999Z"));
	assert_true(text_is(out[8].text, "0001-01-01T00:00:00.000000Z"));
	assert_true(out[9].kind == SQL_BYTES && text_equal(out[9].text, cells[9].text));
}

static void changes_are_counted(void **state)
{
	(void)state;
	assert_good("create table t (a)|insert into t values (1), (2)");
	assert_int_equal(result.affected, 2);
	assert_good("create table u (a)");
	assert_int_equal(result.affected, 0);
	assert_good("select * from t");
	assert_int_equal(result.affected, 0);
	assert_good("update t set a = a + 1 where a > 1 returning a");
	assert_int_equal(result.affected, 1);
	assert_int_equal(result.cells[0].integer, 3);
	assert_good("delete from t|select 1");
	assert_int_equal(result.affected, 0);
}

static void a_list_is_no_parameter(void **state)
{
	const struct sql_cell cells[] = { { .kind = SQL_LIST } };
	const struct sql_statement statement = { TEXT("select $1"), cells, 1 };
	struct sql_call call = { .connection = ":memory:",
				 .statements = &statement,
				 .count = 1,
				 .max_rows = 1,
				 .max_bytes = 1,
				 .done = on_done };

	(void)state;
	told = 0;
	sqlite_driver.execute(sql, &call, &arena);
	sqlite_driver.cancel(&call); /* too late: it is told as it came */
	while (!told)
		loop_run_once(loop);
	assert_int_equal(result.failure.class, IO_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_text_is_one_statement),
		TEST(mistakes_have_a_place),
		TEST(limits_are_of_the_last_statement),
		TEST(values_are_told_as_they_are_stored),
		TEST(parameters_are_bound),
		TEST(changes_are_counted),
		TEST(a_list_is_no_parameter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
