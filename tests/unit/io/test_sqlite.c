/* The sqlite driver: transactions, limits of time, signals, and the failures of its files. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "io/io.h"

#define ENDLESS \
	"with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"

static struct arena arena;
static struct loop *loop;
static struct sql *sql;
static char folder[64];

/* What was told last. */
static int told;
static struct sql_result result;
static struct buffer notices;
static int heard; /* the signal that the loop read */

static void on_signal(void *data, int signal)
{
	(void)data;
	heard = signal;
}

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	snprintf(folder, sizeof(folder), "/tmp/runbook-sqlite-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	loop = loop_open(&clock_system, &arena, &failure);
	if (!loop)
		return -1;
	heard = 0;
	loop_on_signal(loop, on_signal, NULL);
	sql = sqlite_driver.open(loop, NULL, &arena);
	return 0;
}

static int teardown(void **state)
{
	int failed = system(arena_format(&arena, "rm -rf %s", folder));

	(void)state;
	arena_done(&arena);
	return failed;
}

static void on_done(void *data, const struct sql_result *what)
{
	(void)data;
	told++;
	result = *what;
}

static void on_notice(void *data, const char *message)
{
	(void)data;
	buffer_printf(&notices, "%s\n", message);
}

static const char *path(const char *name)
{
	return file_join(folder, name, &arena);
}

/* Executes; the statements are separated by '|'. */
static const struct sql_result *execute_with(struct sql_call call, const char *text)
{
	struct sql_statement *statements = arena_array(&arena, struct sql_statement, 8);
	struct text rest = text_of(text);

	while (rest.ptr && call.count < 8) {
		size_t bar = text_find(rest, TEXT("|"), 0);
		statements[call.count++].text = text_slice(rest, 0, bar);
		rest = bar == SIZE_MAX ? (struct text){ 0 } : text_slice(rest, bar + 1, rest.len);
	}
	struct sql_call *kept = arena_new(&arena, struct sql_call);
	*kept = call;
	kept->statements = statements;
	kept->done = on_done;
	kept->notice = on_notice;
	if (!kept->connection)
		kept->connection = path("a.db");
	if (!kept->max_rows)
		kept->max_rows = 1000;
	if (!kept->max_bytes)
		kept->max_bytes = 1 << 20;
	told = 0;
	buffer_init(&notices, &arena);
	sqlite_driver.execute(sql, kept, &arena);
	assert_int_equal(told, 0); /* always from the loop */
	while (!told)
		loop_run_once(loop);
	assert_int_equal(told, 1);
	return &result;
}

static const struct sql_result *execute(const char *text)
{
	return execute_with((struct sql_call){ .transaction = true }, text);
}

static void assert_good(const char *text)
{
	if (execute(text)->failure.class != IO_NONE)
		fail_msg("%s: %s", text, result.failure.message);
}

static int64_t number(const char *text)
{
	assert_good(text);
	assert_int_equal(result.row_count, 1);
	assert_int_equal(result.cells[0].kind, SQL_INT);
	return result.cells[0].integer;
}

static void a_new_database_is_told(void **state)
{
	(void)state;
	assert_good("create table t (a)");
	assert_non_null(strstr(buffer_string(&notices), "a new database is made: "));
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
	(void)state;
	assert_good("create table t (a)");
	execute("insert into t values (1)|commit|insert into t values (2)");
	assert_int_equal(result.failure.class, IO_REFUSED);
	assert_string_equal(result.failure.message, "the statement ended the transaction");
	/* Nor does one that begins its own leave it open. */
	execute_with((struct sql_call){ .transaction = false }, "begin|insert into t values (3)");
	assert_int_equal(result.failure.class, IO_NONE);
	assert_good("insert into t values (4)");
	assert_int_equal(number("select count(*) from t where a = 3"), 0);
}

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
}

static void limits_are_of_the_last_statement(void **state)
{
	const struct sql_call rows = { .transaction = true, .max_rows = 2 };
	const struct sql_call bytes = { .transaction = true, .max_bytes = 5 };

	(void)state;
	execute_with(rows, "select 1 union select 2");
	assert_int_equal(result.failure.class, IO_NONE);
	assert_int_equal(result.row_count, 2);
	execute_with(rows, "select 1 union select 2 union select 3");
	assert_int_equal(result.failure.class, IO_RESOURCE);
	execute_with(rows, "select 1 union select 2 union select 3|select 1");
	assert_int_equal(result.failure.class, IO_NONE);
	execute_with(bytes, "select '12345'");
	assert_int_equal(result.failure.class, IO_NONE);
	execute_with(bytes, "select '123', '456'");
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
	assert_good("create table t (a)|insert into t values (1), (2)");
	assert_int_equal(result.affected, 2);
	assert_good("select * from t");
	assert_int_equal(result.affected, 0);
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
	execute_with((struct sql_call){ .connection = path("no/folder.db") }, "select 1");
	assert_int_equal(result.failure.class, IO_PERMISSION);
	assert_memory_equal(result.failure.message, "cannot open ", 12);
	execute_with((struct sql_call){ .connection = folder }, "select 1");
	assert_int_equal(result.failure.class, IO_PERMISSION);
}

static void a_full_disk_is_a_resource(void **state)
{
	(void)state;
	assert_good("create table t (a)");
	execute_with((struct sql_call){ .transaction = false }, "pragma max_page_count = 3");
	execute("insert into t values (zeroblob(100000))");
	assert_int_equal(result.failure.class, IO_RESOURCE);
	assert_string_equal(result.failure.code, "SQLITE_FULL");
	assert_int_equal(number("select count(*) from t"), 0);
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

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_database_is_told),
		TEST(all_statements_or_none),
		TEST(a_statement_does_not_end_the_transaction),
		TEST(one_text_is_one_statement),
		TEST(mistakes_have_a_place),
		TEST(limits_are_of_the_last_statement),
		TEST(values_are_told_as_they_are_stored),
		TEST(a_statement_ends_when_its_time_is_over),
		TEST(a_signal_ends_a_statement_and_is_still_heard),
		TEST(a_lock_is_waited_for),
		TEST(read_only_changes_nothing),
		TEST(files_that_are_none_say_so),
		TEST(a_full_disk_is_a_resource),
		TEST(a_list_is_no_parameter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
