/* The sqlite driver: transactions, limits of time, signals, and the failures of its files. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>

#include "unit/io/sqlite.h"

#define ENDLESS \
	"with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"

static void a_new_database_is_told(void **state)
{
	(void)state;
	assert_good("create table t (a)");
	assert_non_null(strstr(buffer_string(&notices), "a new one is begun: "));
	assert_good("insert into t values (1)");
	assert_string_equal(buffer_string(&notices), "");
	execute_with((struct sql_call){ .connection = ":memory:" }, "select 1");
	assert_string_equal(buffer_string(&notices), "");
}

static void all_statements_or_none(void **state)
{
	(void)state;
	assert_good("create table t (a unique)");
	execute("insert into t values (1)|insert into t values (1)|insert into t values (2)");
	assert_int_equal(result.failure.class, IO_SQL);
	assert_string_equal(result.failure.code, "SQLITE_CONSTRAINT_UNIQUE");
	assert_int_equal(result.phase, SQL_STATEMENT);
	assert_int_equal(result.statement, 1);
	assert_false(result.unsure);
	assert_int_equal(number("select count(*) from t"), 0);
	execute_with((struct sql_call){ .transaction = false },
		     "insert into t values (1)|insert into t values (1)|insert into t values (2)");
	assert_int_equal(result.failure.class, IO_SQL);
	assert_int_equal(number("select count(*) from t"), 1);
}

static void a_statement_does_not_end_the_transaction(void **state)
{
	static const char *const refused[] = { "commit", "end", "rollback", "/* x */ Commit",
					       "begin" };

	(void)state;
	assert_good("create table t (a)");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		const char *last = arena_format(&arena, "insert into t values (1)|%s|select 1",
						refused[i]);

		execute(last);
		assert_int_equal(result.failure.class, IO_REFUSED);
		assert_string_equal(result.failure.message,
				    "the statement would end the transaction");
		assert_int_equal(result.statement, 1);
		assert_int_equal(number("select count(*) from t"), 0);
		execute_with((struct sql_call){ .transaction = false }, last);
		assert_int_equal(result.failure.class, IO_REFUSED);
		assert_int_equal(number("select count(*) from t"), 1);
		assert_good("delete from t");
	}
	assert_good("savepoint s|insert into t values (1)|rollback to s|release s");
	assert_int_equal(number("select count(*) from t"), 0);
	/* What has a transaction of its own inside is alone, and is no author's. */
	execute_with((struct sql_call){ .transaction = false }, "vacuum");
	assert_int_equal(result.failure.class, IO_NONE);
}

static void a_statement_ends_when_its_time_is_over(void **state)
{
	(void)state;
	execute_with((struct sql_call){ .statement_timeout = 40 * NS_PER_MS }, ENDLESS);
	assert_int_equal(result.failure.class, IO_TIMEOUT);
	execute_with((struct sql_call){ .deadline = loop_now(loop) + 40 * NS_PER_MS }, ENDLESS);
	assert_int_equal(result.failure.class, IO_TIMEOUT);
	/* What came before it is taken back. */
	assert_good("create table t (a)");
	execute_with((struct sql_call){ .transaction = true, .statement_timeout = 40 * NS_PER_MS },
		     "insert into t values (1)|" ENDLESS);
	assert_int_equal(result.failure.class, IO_TIMEOUT);
	assert_int_equal(result.statement, 1);
	assert_int_equal(number("select count(*) from t"), 0);
}

static void a_signal_ends_a_statement_and_is_still_heard(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		heard = 0;
		kill(getpid(), signals[i]); /* blocked: it waits for the loop */
		execute(ENDLESS);
		assert_int_equal(result.failure.class, IO_CANCELLED);
		while (!heard)
			loop_run_once(loop);
		assert_int_equal(heard, signals[i]);
		assert_good("select 1");
	}
	/* A window that changes its size ends nothing. */
	kill(getpid(), SIGWINCH);
	execute_with((struct sql_call){ .statement_timeout = 40 * NS_PER_MS }, ENDLESS);
	assert_int_equal(result.failure.class, IO_TIMEOUT);
}

static void a_lock_is_waited_for(void **state)
{
	int64_t before;

	(void)state;
	assert_good("create table t (a)");
	FILE *other = popen(arena_format(&arena, "cd %s && sqlite3 a.db", folder), "w");
	assert_non_null(other);
	fputs("begin immediate;\n.shell touch held\n", other);
	fflush(other);
	while (access(path("held"), F_OK) != 0)
		usleep(1000);
	before = loop_now(loop);
	execute_with((struct sql_call){ .transaction = true, .lock_timeout = 50 * NS_PER_MS },
		     "insert into t values (1)");
	assert_true(loop_now(loop) - before >= 50 * NS_PER_MS);
	assert_int_equal(result.failure.class, IO_SQL);
	assert_string_equal(result.failure.code, "SQLITE_BUSY");
	assert_int_equal(result.phase, SQL_BEGIN);
	/* Neither longer than the deadline, nor than an operator wants it. */
	execute_with((struct sql_call){ .transaction = true,
					.deadline = loop_now(loop) + 30 * NS_PER_MS },
		     "insert into t values (1)");
	assert_int_equal(result.failure.class, IO_TIMEOUT);
	kill(getpid(), SIGTERM);
	execute("insert into t values (1)");
	assert_int_equal(result.failure.class, IO_CANCELLED);
	assert_int_equal(pclose(other), 0);
	while (!heard)
		loop_run_once(loop);
	assert_good("insert into t values (1)");
}

static void read_only_changes_nothing(void **state)
{
	const struct sql_call reading = { .read_only = true, .transaction = true };

	(void)state;
	execute_with(reading, "select 1");
	assert_int_equal(result.failure.class, IO_NOT_FOUND);
	assert_int_not_equal(access(path("a.db"), F_OK), 0);
	assert_good("create table t (a)");
	execute_with(reading, "insert into t values (1)");
	assert_int_equal(result.failure.class, IO_SQL);
	assert_string_equal(result.failure.code, "SQLITE_READONLY");
	execute_with(reading, "select count(*) from t");
	assert_int_equal(result.failure.class, IO_NONE);
	assert_int_equal(result.cells[0].integer, 0);
}

static void a_database_in_memory_lives_as_long_as_the_run(void **state)
{
	struct sql_call call = { .connection = ":memory:", .transaction = true };

	(void)state;
	execute_with(call, "create table t (a)|insert into t values (7)");
	call.read_only = true;
	execute_with(call, "select a from t");
	assert_int_equal(result.cells[0].integer, 7);
	execute_with(call, "delete from t");
	assert_string_equal(result.failure.code, "SQLITE_READONLY");
	execute_with(call, "pragma query_only = 0|delete from t");
	assert_int_equal(result.failure.class, IO_REFUSED);
	call.read_only = false;
	execute_with(call, "delete from t");
	assert_int_equal(result.affected, 1);
}

static void files_that_are_none_say_so(void **state)
{
	(void)state;
	assert_int_equal(file_write(AT_FDCWD, path("a.db"),
				    TEXT("this is no database, but long enough to "
					 "be read as one, one hundred bytes ....."),
				    0644),
			 0);
	execute("select * from sqlite_master");
	assert_int_equal(result.failure.class, IO_SQL);
	assert_string_equal(result.failure.code, "SQLITE_NOTADB");
	execute_with((struct sql_call){ .connection = path("b.db") }, "select 1");
	assert_int_equal(result.failure.class, IO_NOT_FOUND);
	assert_int_equal(access(path("b.db"), F_OK), -1);
	execute_with((struct sql_call){ .connection = path("no/folder.db"), .create = true },
		     "select 1");
	assert_int_equal(result.failure.class, IO_PERMISSION);
	assert_memory_equal(result.failure.message, "cannot open ", 12);
	execute_with((struct sql_call){ .connection = folder }, "select 1");
	assert_int_equal(result.failure.class, IO_PERMISSION);
}

static bool make_small_disk(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("small", folder, "tmpfs", 0, "size=64k") == 0;
}

static void a_full_disk_is_a_resource(void **state)
{
	bool small = make_small_disk();

	(void)state;
	assert_good("create table t (a)");
	execute_with((struct sql_call){ .transaction = false },
		     small ? "select 1" : "pragma max_page_count = 3");
	execute("insert into t values (1)|insert into t values (zeroblob(100000))");
	assert_int_equal(result.failure.class, IO_RESOURCE);
	assert_string_equal(result.failure.code, "SQLITE_FULL");
	assert_int_equal(number("select count(*) from t"), 0);
	if (small)
		assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

static void an_arena_ends_its_calls(void **state)
{
	const struct sql_statement statement = { TEXT("select 1"), NULL, 0 };
	struct sql_call call = { .connection = ":memory:",
				 .statements = &statement,
				 .count = 1,
				 .max_rows = 1,
				 .max_bytes = 64,
				 .done = on_done };
	struct arena own;

	(void)state;
	arena_init(&own);
	told = 0;
	sqlite_driver.execute(sql, &call, &own);
	arena_done(&own);
	execute_with((struct sql_call){ .connection = ":memory:" }, "select 2");
	assert_int_equal(result.cells[0].integer, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_database_is_told),
		TEST(all_statements_or_none),
		TEST(a_statement_does_not_end_the_transaction),
		TEST(a_statement_ends_when_its_time_is_over),
		TEST(a_signal_ends_a_statement_and_is_still_heard),
		TEST(a_lock_is_waited_for),
		TEST(read_only_changes_nothing),
		TEST(a_database_in_memory_lives_as_long_as_the_run),
		TEST(files_that_are_none_say_so),
		TEST(a_full_disk_is_a_resource),
		TEST(an_arena_ends_its_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
