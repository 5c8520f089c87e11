/* The driver's columns and parameters, on a real server. */
#include "unit/io/postgres.h"

#include <math.h>

/* ---- columns ---- */

static void test_values_of_columns(void **state)
{
	static const struct {
		const char *expression, *value;
	} rows[] = {
		{ "32767::int2", "int 32767" },
		{ "-42", "int -42" },
		{ "9223372036854775807", "int 9223372036854775807" },
		{ "4294967295::oid", "int 4294967295" },
		{ "0.1::float4", "double 0.10000000000000001" },
		{ "0.1::float8 + 0.2::float8", "double 0.30000000000000004" },
		{ "'infinity'::float8", "double inf" },
		{ "42::numeric", "int 42" },
		{ "-42.00", "int -42" },
		{ "42.50", "double 42.5" },
		{ "9223372036854775808", "double 9.2233720368547758e+18" },
		{ "'NaN'::numeric", "double nan" },
		{ "1 = 1", "true" },
		{ "1 = 2", "false" },
		{ "null::int", "null" },
		{ "'[1, {\"a\": \"\\u0000\"}]'::json", "json '[1, {\"a\": \"\\u0000\"}]'" },
		{ "'{\"b\":1,\"a\":null}'::jsonb", "json '{\"a\": null, \"b\": 1}'" },
		{ "'1970-01-01 00:00:00.000001+00'::timestamptz", "timestamp 1" },
		{ "'2026-03-02 14:21:40.311+01'::timestamptz", "timestamp 1772457700311000" },
		{ "'1969-12-31 23:59:59.5+00'::timestamptz", "timestamp -500000" },
		{ "'0001-01-01 00:00:00+00'::timestamptz", "timestamp -62135596800000000" },
		{ "'9999-12-31 23:59:59.999999+00'::timestamptz", "timestamp 253402300799999999" },
		{ "'10000-01-01 00:00:00+00'::timestamptz", "text '10000-01-01 00:00:00+00'" },
		{ "'0001-12-31 00:00:00+00 BC'::timestamptz", "text '0001-12-31 00:00:00+00 BC'" },
		{ "'infinity'::timestamptz", "text 'infinity'" },
		{ "'2026-03-02 14:21:40'::timestamp", "text '2026-03-02 14:21:40'" },
		{ "'2026-03-02'::date", "text '2026-03-02'" },
		{ "'\\x00ff5c27'::bytea", "bytes 00ff5c27" },
		{ "''::bytea", "bytes " },
		{ "'h\xc3\xa4'::text", "text 'h\xc3\xa4'" },
		{ "''::text", "text ''" },
		{ "array[1, null, 2]", "text '{1,NULL,2}'" },
		{ "interval '1 day 2 hours'", "text '1 day 02:00:00'" },
		{ "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid",
		  "text '6ba7b810-9dad-11d1-80b4-00c04fd430c8'" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_value(arena_format(&bench->arena, "set local timezone = 'UTC'|select %s",
					  rows[i].expression),
			     rows[i].value);
}

static void test_values_whatever_the_session_prefers(void **state)
{
	struct bench *bench = *state;
	struct asked *asked;

	/* An offset with seconds, and settings that change how values are written. */
	assert_value("set local timezone = 'Europe/Paris'|select '1900-01-01 00:00:00+00'"
		     "::timestamptz",
		     "timestamp -2208988800000000");
	asked = ask_text(bench, "select '2026-03-02 13:21:40+00'::timestamptz, 1/3::float8,"
				" '\\x0041275cff'::bytea");
	asked->call.connection = arena_format(
		&bench->arena, "%s?%s", getenv("POSTGRES_URI"),
		"options=-cdatestyle%3Dsql,dmy%20-cbytea_output%3Descape%20"
		"-cextra_float_digits%3D0%20-ctimezone%3DAsia/Kolkata");
	assert_row(ask(asked), 0,
		   "timestamp 1772457700000000, double 0.33333333333333331, bytes 0041275cff");
}

static void test_columns_and_counts(void **state)
{
	struct bench *bench = *state;
	const struct sql_result *result = good(bench, "select 1 as a, 'x' as \"b c\", 2 as a");

	assert_int_equal(result->column_count, 3);
	assert_string_equal(result->columns[0], "a");
	assert_string_equal(result->columns[1], "b c");
	assert_int_equal(result->row_count, 1);
	assert_int_equal(result->affected, 0);
	result = good(bench, "select 1 where false");
	assert_int_equal(result->column_count, 1);
	assert_int_equal(result->row_count, 0);
	good(bench, "create table counts (a int)");
	assert_int_equal(good(bench, "insert into counts values (1), (2), (3)")->affected, 3);
	result = good(bench, "update counts set a = a + 1 where a > 1 returning a");
	assert_int_equal(result->affected, 2);
	assert_row(result, 1, "int 4");
	assert_int_equal(good(bench, "delete from counts where a = 1")->affected, 1);
	assert_int_equal(good(bench, "select * from counts")->affected, 0);
	assert_int_equal(good(bench, "create table counts2 as select * from counts")->affected, 0);
	/* Of the last statement only. */
	result = good(bench, "select 1, 2, 3|delete from counts|/* nothing */");
	assert_int_equal(result->affected, 0);
	assert_int_equal(result->column_count, 0);
	good(bench, "drop table counts, counts2");
}

/* ---- parameters ---- */

#define INT(value) \
	{ \
		.kind = SQL_INT, .integer = (value) \
	}
#define STRING(value) \
	{ \
		.kind = SQL_TEXT, .text = {(value), sizeof(value) - 1 } \
	}
#define ITEMS(cells) \
	{ \
		.kind = SQL_LIST, .list = {(cells), sizeof(cells) / sizeof((cells)[0]) } \
	}

static const struct sql_result *ask_with(struct bench *bench, const char *text,
					 const struct sql_cell *params, size_t count)
{
	struct sql_statement *statements = arena_array(&bench->arena, struct sql_statement, 2);

	statements[0] = (struct sql_statement){ text_of(text), params, count };
	return ask(ask_for(bench, statements));
}

static void test_types_of_parameters(void **state)
{
	static const struct {
		struct sql_cell cell;
		const char *row;
	} rows[] = {
		{ INT(42), "text 'integer', text '42'" },
		{ INT(INT64_C(-3000000000)), "text 'bigint', text '-3000000000'" },
		{ { .kind = SQL_BOOL, .truth = true }, "text 'boolean', text 'true'" },
		{ { .kind = SQL_DOUBLE, .number = 0.1 }, "text 'numeric', text '0.1'" },
		{ { .kind = SQL_DOUBLE, .number = 1e300 / 3 },
		  "text 'numeric', text '3333333333333333" },
		{ { .kind = SQL_DOUBLE, .number = -INFINITY },
		  "text 'double precision', text '-Infinity'" },
		{ { .kind = SQL_TIMESTAMP, .integer = INT64_C(1772457700311000) },
		  "text 'timestamp with time zone', text '2026-03-02 13:21:40.311+00'" },
		{ { .kind = SQL_TIMESTAMP, .integer = -1 },
		  "text 'timestamp with time zone', text '1969-12-31 23:59:59.999999+00'" },
		{ { .kind = SQL_BYTES, .text = { "a\0\xff'", 4 } },
		  "text 'bytea', text '\\x6100ff27'" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sql_result *result = ask_with(
			bench, "select pg_typeof($1)::text, $1::text", &rows[i].cell, 1);

		assert_failure(result, "");
		assert_memory_equal(row_text(bench, result, 0), rows[i].row, strlen(rows[i].row));
	}
}

static void test_texts_take_the_type_of_their_place(void **state)
{
	const struct sql_cell params[] = {
		STRING("2026-03-02"),
		{ .kind = SQL_JSON, .text = TEXT("{\"a\": [\"it's\"]}") },
		{ .kind = SQL_NULL },
		STRING("5"),
		STRING("'; drop table place; --"),
	};
	struct bench *bench = *state;

	good(bench, "create table place (a date, b jsonb, c int, d text)");
	assert_failure(ask_with(bench, "insert into place values ($1, $2, $3, $5)", params, 5),
		       "sql 42P18: could not determine data type of parameter $4");
	assert_failure(
		ask_with(bench, "insert into place values ($1, $2, $3 + $4::int, $5)", params, 5),
		"");
	assert_value("select * from place", "text '2026-03-02', json '{\"a\": [\"it's\"]}', null,"
					    " text ''; drop table place; --'");
	good(bench, "drop table place");
}

static void test_lists(void **state)
{
	static const struct sql_cell small[] = { INT(1), { .kind = SQL_NULL }, INT(2) };
	static const struct sql_cell large[] = { INT(1), INT(INT64_C(1) << 40) };
	static const struct sql_cell mixed[] = { INT(1), { .kind = SQL_DOUBLE, .number = 0.5 } };
	static const struct sql_cell texts[] = {
		STRING("a\"b\\"), STRING("NULL"), STRING(""), STRING("{1,2}"), { .kind = SQL_NULL }
	};
	static const struct sql_cell truths[] = { { .kind = SQL_BOOL, .truth = true } };
	static const struct sql_cell nested[] = { ITEMS(large), ITEMS(large) };
	static const struct sql_cell bytes[] = { { .kind = SQL_BYTES, .text = { "\0\"", 2 } } };
	static const struct sql_cell lists[] = { ITEMS(small),  ITEMS(large),  ITEMS(mixed),
						 ITEMS(truths), ITEMS(nested), ITEMS(bytes) };
	static const char *const shown[] = {
		"text 'integer[]', text '{1,NULL,2}'",
		"text 'bigint[]', text '{1,1099511627776}'",
		"text 'numeric[]', text '{1,0.5}'",
		"text 'boolean[]', text '{t}'",
		"text 'bigint[]', text '{{1,1099511627776},{1,1099511627776}}'",
		"text 'bytea[]', text '{\"\\\\x0022\"}'",
	};
	static const struct sql_cell text_list = ITEMS(texts);
	static const struct sql_cell empty = { .kind = SQL_LIST };
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		assert_row(ask_with(bench, "select pg_typeof($1)::text, $1::text", &lists[i], 1), 0,
			   shown[i]);
	assert_row(ask_with(bench,
			    "select ($1::text[])[1], ($1::text[])[2], ($1::text[])[3],"
			    " ($1::text[])[4], ($1::text[])[5]",
			    &text_list, 1),
		   0, "text 'a\"b\\', text 'NULL', text '', text '{1,2}', null");
	assert_row(ask_with(bench, "select count(*) from pg_class where relname = any ($1)",
			    &text_list, 1),
		   0, "int 0");
	assert_row(ask_with(bench, "select cardinality($1::int[])", &empty, 1), 0, "int 0");
}

static void test_parameters_that_cannot_be_sent(void **state)
{
	static const struct sql_cell nul = { .kind = SQL_TEXT, .text = { "a\0b", 3 } };
	static const struct sql_cell items[] = { INT(1),
						 { .kind = SQL_JSON, .text = { "\0", 1 } } };
	static const struct sql_cell list = ITEMS(items);
	struct sql_statement *broken;
	struct bench *bench = *state;

	assert_failure(
		ask_with(bench, "select $1", &nul, 1),
		"refused -: parameter 1 holds a NUL byte, which a text of PostgreSQL cannot");
	assert_failure_has(ask_with(bench, "select $1", &list, 1), "refused -: parameter 1 holds");
	broken = arena_array(&bench->arena, struct sql_statement, 2);
	broken[0].text = (struct text){ "select 1\0; drop table x", 23 };
	assert_failure(ask(ask_for(bench, broken)),
		       "refused -: a NUL byte cannot stand in a statement");
	broken[0] = (struct sql_statement){ TEXT("select $1"),
					    arena_array(&bench->arena, struct sql_cell, 65536),
					    65536 };
	assert_failure(ask(ask_for(bench, broken)),
		       "refused -: 65536 parameters; a statement takes 65535");
	assert_value("select 1", "int 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_values_of_columns),
		BENCH_TEST(test_values_whatever_the_session_prefers),
		BENCH_TEST(test_columns_and_counts),
		BENCH_TEST(test_types_of_parameters),
		BENCH_TEST(test_texts_take_the_type_of_their_place),
		BENCH_TEST(test_lists),
		BENCH_TEST(test_parameters_that_cannot_be_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
