/* The driver's transactions, the order of its calls and their limits, on a real server. */
#include "unit/io/postgres.h"

/* ---- transactions ---- */

static void test_all_or_nothing(void **state)
{
	struct bench *bench = *state;
	struct asked *asked;

	good(bench, "create table all_of (a int primary key)");
	asked = ask_text(bench, "insert into all_of values (1)|insert into all_of values (2)|"
				"insert into all_of values (1)");
	assert_failure(ask(asked), "sql 23505: duplicate key value violates unique constraint "
				   "\"all_of_pkey\"");
	assert_string_equal(asked->result->detail, "Key (a)=(1) already exists.");
	assert_int_equal(asked->result->phase, SQL_STATEMENT);
	assert_int_equal(asked->result->statement, 2);
	assert_false(asked->result->unsure);
	assert_value("select count(*) from all_of", "int 0");
	/* By themselves, up to the first that fails. */
	asked->result = NULL;
	asked->call.transaction = false;
	assert_failure_has(ask(asked), "sql 23505");
	assert_int_equal(asked->result->statement, 2);
	assert_value("select count(*) from all_of", "int 2");
	good(bench, "drop table all_of");
}

static void test_the_place_of_an_error(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "select 1|select '\xc3\xa4', nowhere.a");

	assert_failure(ask(asked), "sql 42P01: missing FROM-clause entry for table \"nowhere\"");
	assert_int_equal(asked->result->position, 13);
	assert_int_equal(asked->result->statement, 1);
	asked = ask_text(bench, "select lenght('a')");
	assert_failure_has(ask(asked), "sql 42883");
	assert_non_null(strstr(asked->result->hint, "No function matches"));
}

static void test_a_commit_that_fails(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "insert into late values (1)|"
					      "insert into late values (1)");

	good(bench, "create table late (a int unique deferrable initially deferred)");
	assert_failure_has(ask(asked), "sql 23505: duplicate key");
	assert_int_equal(asked->result->phase, SQL_COMMIT);
	assert_false(asked->result->unsure);
	assert_value("select count(*) from late", "int 0");
	good(bench, "drop table late");
}

static void test_statements_that_end_the_transaction(void **state)
{
	static const char *const refused[] = {
		"insert into ended values (1)|commit",
		"insert into ended values (1)|/* a /* b */ */ -- c\n End",
		"insert into ended values (1)|;abort work",
		"insert into ended values (1)|ROLLBACK transaction",
		"insert into ended values (1)|prepare transaction 'x'",
	};
	struct bench *bench = *state;
	struct asked *asked;

	good(bench, "create table ended (a int)");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		asked = ask_text(bench, refused[i]);
		assert_failure(ask(asked), "refused -: the statement would end the transaction");
		assert_int_equal(asked->result->statement, 1);
	}
	assert_value("select count(*) from ended", "int 0");
	good(bench, "savepoint s|insert into ended values (1)|rollback work to savepoint s|"
		    "insert into ended values (2)|release s|prepare committed as select 1");
	assert_value("select a from ended", "int 2");
	asked = ask_text(bench, "begin|insert into ended values (3)");
	asked->call.transaction = false;
	assert_failure(ask(asked), "refused -: the statement began a transaction and left it open");
	assert_failure(ask(ask_text(bench, "select 1; commit")),
		       "sql 42601: cannot insert multiple commands into a prepared statement");
	assert_value("select count(*) from ended", "int 1");
	good(bench, "drop table ended");
}

static void test_read_only(void **state)
{
	struct bench *bench = *state;
	struct asked *asked;

	good(bench, "create table kept (a int)");
	for (int transaction = 0; transaction < 2; transaction++) {
		asked = ask_text(bench, "select 1|insert into kept values (1)");
		asked->call.read_only = true;
		asked->call.transaction = transaction;
		assert_failure(ask(asked),
			       "sql 25006: cannot execute INSERT in a read-only transaction");
		asked = ask_text(bench,
				 "set transaction read write|insert into kept values (1)|select 7");
		asked->call.read_only = true;
		asked->call.transaction = transaction;
		assert_failure(ask(asked), "refused -: a statement made the read-only transaction "
					   "read-write");
		asked = ask_text(bench, "select 5, current_setting('transaction_read_only')");
		asked->call.read_only = true;
		asked->call.transaction = transaction;
		assert_row(ask(asked), 0, "int 5, text 'on'");
	}
	assert_value("select count(*) from kept", "int 0");
	good(bench, "insert into kept values (1)|drop table kept");
}

static void test_copy_with_the_client(void **state)
{
	struct bench *bench = *state;

	good(bench, "create table copied (a int)");
	assert_failure(ask(ask_text(bench, "insert into copied values (1)|copy copied from stdin")),
		       "refused -: COPY from or to the client has nobody to talk to");
	assert_failure_has(ask(ask_text(bench, "copy copied to stdout")), "refused -: COPY");
	assert_value("select count(*) from copied", "int 0");
	good(bench, "drop table copied");
}

/* ---- one connection ---- */

static void test_calls_share_a_connection(void **state)
{
	struct bench *bench = *state;
	int64_t pid = good(bench, "select pg_backend_pid()")->cells[0].integer;

	for (int i = 0; i < 100; i++)
		assert_int_equal(good(bench, "select pg_backend_pid()")->cells[0].integer, pid);
	assert_failure_has(ask(ask_text(bench, "select 1/0")), "sql 22012");
	assert_int_equal(good_alone(bench, "select pg_backend_pid()")->cells[0].integer, pid);
	assert_value("select count(*) from pg_stat_activity where application_name ="
		     " current_setting('application_name')",
		     "int 1");
}

static void test_calls_leave_nothing_to_each_other(void **state)
{
	struct bench *bench = *state;

	good_alone(bench, "set search_path = nowhere|create temp table own (a int)|"
			  "prepare kept as select 1|select pg_advisory_lock(815)|"
			  "set lock_timeout = '7s'|listen news");
	assert_value(
		"select current_setting('search_path') like 'unit_%', to_regclass('own') is null,"
		" current_setting('lock_timeout'), (select count(*) from"
		" pg_prepared_statements), (select count(*) from pg_locks where locktype ="
		" 'advisory'), (select count(*) from pg_listening_channels())",
		"true, true, text '0', int 0, int 0, int 0");
}

static void test_calls_follow_one_another(void **state)
{
	struct bench *bench = *state;
	struct asked *asked[3];

	asked[0] = ask_text(bench, "create table queue (a serial, b int)|"
				   "insert into queue (b) values (10)|select pg_sleep(0.05)");
	asked[1] = ask_text(bench, "insert into queue (b) values (11)");
	asked[2] = ask_text(bench, "select * from queue order by a|drop table queue|"
				   "select 9");
	for (int i = 0; i < 3; i++)
		ask_start(asked[i]);
	assert_failure(ask_wait(asked[2]), "");
	assert_failure(asked[0]->result, "");
	assert_failure(asked[1]->result, "");
	assert_row(asked[2]->result, 0, "int 9");
}

static void test_notices(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "do $$ begin raise notice 'one %', 1; raise warning "
					      "'two'; end $$|drop table if exists nowhere");

	assert_failure(ask(asked), "");
	assert_string_equal(buffer_string(&asked->notices),
			    "NOTICE: one 1\nWARNING: two\nNOTICE: table \"nowhere\" does not "
			    "exist, skipping\n");
	asked = ask_text(bench, "do $$ begin raise notice '%', repeat('x', 100000); end $$");
	assert_failure(ask(asked), "");
	assert_int_equal(asked->notices.len, 4096);
}

/* ---- limits ---- */

static size_t memory_used(struct bench *bench)
{
	return bench->arena.used;
}

static void test_results_are_bounded(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "select generate_series(1, 1000)");
	size_t before;

	assert_int_equal(ask(asked)->row_count, 1000);
	before = memory_used(bench);
	asked = ask_text(bench, "insert into big values (2)|"
				"select generate_series(1, 1000000000000)");
	good(bench, "create table big (a int)");
	assert_failure(ask(asked), "resource -: more than 1000 rows or 1048576 bytes");
	assert_false(asked->result->unsure);
	asked = ask_text(bench, "select repeat('x', 1000), generate_series(1, 1000000000)");
	asked->call.max_rows = 1000000;
	asked->call.transaction = false;
	assert_failure(ask(asked), "resource -: more than 1000000 rows or 1048576 bytes");
	asked = ask_text(bench, "select null, null, generate_series(1, 1000000000) % 2");
	asked->call.max_rows = 1000000;
	assert_failure_has(ask(asked), "resource");
	/* Rows of other statements than the last are not kept. */
	assert_value("select repeat('x', 1000), generate_series(1, 5000)|select 1", "int 1");
	assert_true(memory_used(bench) - before < 20 << 20);
	assert_value("select count(*) from big", "int 0");
	/* The server does not go on. */
	wait_until(bench,
		   "select count(*) = 0 from pg_stat_activity where " OURS " and state = 'active'");
	good(bench, "drop table big");
}

static void test_rows_that_take_effect(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "insert into over select * from"
					      " generate_series(1, 2000) returning a");

	good(bench, "create table over (a int)");
	asked->call.transaction = false;
	assert_failure_has(ask(asked), "resource -: more than 1000 rows");
	assert_false(asked->result->unsure);
	good(bench, "drop table over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_all_or_nothing),
		BENCH_TEST(test_the_place_of_an_error),
		BENCH_TEST(test_a_commit_that_fails),
		BENCH_TEST(test_statements_that_end_the_transaction),
		BENCH_TEST(test_read_only),
		BENCH_TEST(test_copy_with_the_client),
		BENCH_TEST(test_calls_share_a_connection),
		BENCH_TEST(test_calls_leave_nothing_to_each_other),
		BENCH_TEST(test_calls_follow_one_another),
		BENCH_TEST(test_notices),
		BENCH_TEST(test_results_are_bounded),
		BENCH_TEST(test_rows_that_take_effect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
