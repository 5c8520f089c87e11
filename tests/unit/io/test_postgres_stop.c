/* Calls that end before their time: locks, time limits, cancelling, connections that are killed. */
#include "unit/io/postgres.h"

/* A call on a connection of its own. */
static struct asked *ask_as(struct bench *bench, const char *who, const char *texts)
{
	struct asked *asked = ask_text(bench, texts);

	asked->call.connection = uri_as(bench, who);
	return asked;
}

/* Holds a lock of the table until it is cancelled. */
static struct asked *hold(struct bench *bench, const char *table)
{
	struct asked *held = ask_as(bench, "_holder",
				    arena_format(&bench->arena,
						 "lock table %s in access exclusive mode|"
						 "select pg_sleep(1000)",
						 table));

	ask_start(held);
	wait_until(bench, "select count(*) = 1 from pg_stat_activity where " HOLDERS
			  " and query like 'select pg_sleep%'");
	return held;
}

static void let_go(struct bench *bench, struct asked *held)
{
	bench->driver->cancel(&held->call);
	assert_failure(ask_wait(held), "cancelled -: cancelled");
}

/* Nobody executes anything that this program has asked for. */
static const char nothing_runs[] = "select count(*) = 0 from pg_stat_activity where " OURS
				   " and state = 'active'";

/* One of our statements sleeps. */
static const char asleep[] = "select count(*) = 1 from pg_stat_activity where " OURS
			     " and query like 'select pg_sleep%' and wait_event = 'PgSleep'";

static void kill_the_caller(struct bench *bench)
{
	assert_failure(ask(ask_as(bench, "_observer",
				  "select pg_terminate_backend(pid) from pg_stat_activity where"
				  " " OURS)),
		       "");
}

/* ---- limits of the server ---- */

static void test_a_lock_is_not_waited_for_for_ever(void **state)
{
	struct bench *bench = *state;
	struct asked *held, *asked;

	good(bench, "create table locked (a int)");
	held = hold(bench, "locked");
	asked = ask_text(bench, "select 1|insert into locked values (1)");
	asked->call.lock_timeout = 2 * NS_PER_S;
	assert_failure(ask(asked), "sql 55P03: canceling statement due to lock timeout");
	assert_int_equal(asked->result->statement, 1);
	assert_false(asked->result->unsure);
	assert_non_null(strstr(asked->result->detail, "blocked by pid "));
	assert_non_null(strstr(asked->result->detail, "_holder, active)"));
	let_go(bench, held);
	good(bench, "insert into locked values (1)|drop table locked");
}

static void test_a_statement_has_its_time(void **state)
{
	struct bench *bench = *state;
	int64_t pid = good(bench, "select pg_backend_pid()")->cells[0].integer;
	struct asked *asked = ask_text(bench, "select 1|select pg_sleep(1000)");

	for (int transaction = 0; transaction < 2; transaction++) {
		asked->result = NULL;
		asked->call.transaction = transaction;
		asked->call.statement_timeout = NS_PER_S / 10;
		assert_failure(ask(asked),
			       "timeout 57014: canceling statement due to statement timeout");
		assert_int_equal(asked->result->statement, 1);
		assert_false(asked->result->unsure);
	}
	/* The connection goes on, and the limit was the call's. */
	assert_row(good(bench, "select pg_backend_pid(), current_setting('statement_timeout')"), 0,
		   arena_format(&bench->arena, "int %lld, text '0'", (long long)pid));
}

/* Not everything that the server ends was slow. */
static void test_somebody_else_ends_a_statement(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "select pg_sleep(1000)");

	asked->call.statement_timeout = 900 * NS_PER_S;
	ask_start(asked);
	wait_until(bench, asleep);
	assert_failure(ask(ask_as(bench, "_observer",
				  "select pg_cancel_backend(pid) from"
				  " pg_stat_activity where " OURS)),
		       "");
	assert_failure(ask_wait(asked), "sql 57014: canceling statement due to user request");
}

/* ---- ends that the caller wants ---- */

static void test_the_deadline_ends_the_statement(void **state)
{
	struct bench *bench = *state;

	for (int transaction = 0; transaction < 2; transaction++) {
		struct asked *asked = ask_text(bench, "select 1|select pg_sleep(1000)");

		good(bench, "select 1");
		asked->call.transaction = transaction;
		asked->call.deadline = loop_now(bench->loop) + NS_PER_S / 5;
		assert_failure(ask(asked), "timeout -: the time for the step has passed");
		assert_false(asked->result->unsure);
		wait_until(bench, nothing_runs);
	}
	good(bench, "select 1");
}

static void test_the_deadline_names_who_blocks(void **state)
{
	struct bench *bench = *state;
	struct asked *held, *asked;

	good(bench, "create table blocked (a int)");
	held = hold(bench, "blocked");
	asked = ask_text(bench, "insert into blocked values (1)");
	asked->call.deadline = loop_now(bench->loop) + NS_PER_S;
	assert_failure(ask(asked), "timeout -: the time for the step has passed");
	assert_non_null(strstr(asked->result->detail, "_holder, active)"));
	let_go(bench, held);
	assert_value("select count(*) from blocked", "int 0");
	good(bench, "drop table blocked");
}

static void test_cancelling_ends_the_statement(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "create table undone (a int)|select pg_sleep(1000)");

	ask_start(asked);
	wait_until(bench, asleep);
	bench->driver->cancel(&asked->call);
	bench->driver->cancel(&asked->call);
	assert_null(asked->result);
	assert_failure(ask_wait(asked), "cancelled -: cancelled");
	assert_false(asked->result->unsure);
	bench->driver->cancel(&asked->call);
	wait_until(bench, nothing_runs);
	assert_value("select to_regclass('undone') is null", "true");
}

static void test_a_waiting_call_is_cancelled(void **state)
{
	struct bench *bench = *state;
	struct asked *first = ask_text(bench, "select pg_sleep(0.1)|select 1");
	struct asked *second = ask_text(bench, "select 2");
	struct asked *third = ask_text(bench, "select 3");

	ask_start(first);
	ask_start(second);
	ask_start(third);
	bench->driver->cancel(&second->call);
	assert_failure(ask_wait(second), "cancelled -: cancelled");
	assert_row(ask_wait(third), 0, "int 3");
	assert_row(first->result, 0, "int 1");
}

/* A commit that takes its time: a trigger sleeps in it. */
static void make_slow_commit(struct bench *bench, const char *seconds)
{
	good(bench,
	     arena_format(&bench->arena,
			  "create table slow (a int)|create function slow() returns trigger "
			  "language plpgsql as 'begin perform pg_sleep(%s); return null; end'|"
			  "create constraint trigger slow after insert on slow deferrable "
			  "initially deferred for each row execute function slow()",
			  seconds));
}

static const char committing[] = "select count(*) = 1 from pg_stat_activity  where " OURS
				 " and query ="
				 " 'COMMIT' and wait_event = 'PgSleep'";

static void drop_slow_commit(struct bench *bench)
{
	good(bench, "drop table slow|drop function slow()");
}

static void test_a_commit_is_not_cancelled(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "insert into slow values (1)");

	make_slow_commit(bench, "0.5");
	ask_start(asked);
	wait_until(bench, committing);
	bench->driver->cancel(&asked->call);
	assert_failure(ask_wait(asked), "");
	assert_value("select count(*) from slow", "int 1");
	drop_slow_commit(bench);
}

/* ---- connections that are killed ---- */

static void test_killed_while_idle(void **state)
{
	struct bench *bench = *state;
	int64_t pid = good(bench, "select pg_backend_pid()")->cells[0].integer;

	for (int round = 0; round < 20; round++) {
		int64_t next;

		kill_the_caller(bench);
		/* Whether or not the end was seen by now, nothing is lost. */
		for (int turns = 0; turns < round; turns++)
			wait_until(bench, "select true");
		next = good(bench, "select pg_backend_pid()")->cells[0].integer;
		assert_int_not_equal(next, pid);
		pid = next;
	}
}

static void test_killed_in_a_statement(void **state)
{
	static const struct {
		bool transaction, read_only, unsure;
	} rows[] = {
		{ true, false, false },
		{ true, true, false },
		{ false, true, false },
		{ false, false, true },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked *asked = ask_text(bench, "select 1|select pg_sleep(1000)");

		asked->call.transaction = rows[i].transaction;
		asked->call.read_only = rows[i].read_only;
		wait_until(bench, nothing_runs);
		ask_start(asked);
		wait_until(bench, asleep);
		kill_the_caller(bench);
		assert_failure(ask_wait(asked),
			       rows[i].unsure ? "unsure connect 57P01: terminating connection due "
						"to administrator command"
					      : "connect 57P01: terminating connection due to "
						"administrator command");
		assert_int_equal(asked->result->phase, SQL_STATEMENT);
		assert_int_equal(asked->result->statement, 1);
	}
	good(bench, "select 1");
}

static void test_killed_in_the_commit(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "insert into slow values (1)");

	make_slow_commit(bench, "1000");
	ask_start(asked);
	wait_until(bench, committing);
	kill_the_caller(bench);
	/* The server says afterwards that it was not committed. */
	assert_failure(ask_wait(asked),
		       "connect 57P01: terminating connection due to administrator command");
	assert_int_equal(asked->result->phase, SQL_COMMIT);
	assert_value("select count(*) from slow", "int 0");
	drop_slow_commit(bench);
}

/* ---- arenas that end ---- */

static void test_arenas_end_what_runs(void **state)
{
	struct bench *bench = *state;
	struct asked *asked[5];
	struct arena arena;

	arena_init(&arena);
	for (int i = 0; i < 4; i++) {
		asked[i] = ask_text(bench, "select pg_sleep(1000)");
		bench->driver->execute(bench->sql, &asked[i]->call, &arena);
	}
	/* Executed, ended but not told, waiting. */
	wait_until(bench, asleep);
	bench->driver->cancel(&asked[1]->call);
	arena_done(&arena);
	kill_the_caller(bench);
	good(bench, "select 1");
	for (int i = 0; i < 4; i++) {
		assert_null(asked[i]->result);
		bench->driver->cancel(&asked[i]->call);
	}
}

/* As above, by the end of the run. */
static void test_the_run_ends_what_runs(void **state)
{
	struct bench *bench = *state;
	struct asked *asked[3];
	struct arena arena;

	arena_init(&arena);
	bench->sql = bench->driver->open(bench->loop, worker_open(bench->loop, &arena), &arena);
	for (int i = 0; i < 3; i++) {
		asked[i] = ask_text(bench, "select pg_sleep(1000)");
		ask_start(asked[i]);
	}
	wait_until(bench, asleep);
	bench->driver->cancel(&asked[1]->call);
	bench->driver->cancel(&asked[0]->call);
	arena_done(&arena);
	bench->sql = bench->driver->open(bench->loop, worker_open(bench->loop, &bench->arena),
					 &bench->arena);
	kill_the_caller(bench);
	for (int i = 0; i < 3; i++)
		assert_null(asked[i]->result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_a_lock_is_not_waited_for_for_ever),
		BENCH_TEST(test_a_statement_has_its_time),
		BENCH_TEST(test_somebody_else_ends_a_statement),
		BENCH_TEST(test_the_deadline_ends_the_statement),
		BENCH_TEST(test_the_deadline_names_who_blocks),
		BENCH_TEST(test_cancelling_ends_the_statement),
		BENCH_TEST(test_a_waiting_call_is_cancelled),
		BENCH_TEST(test_a_commit_is_not_cancelled),
		BENCH_TEST(test_killed_while_idle),
		BENCH_TEST(test_killed_in_a_statement),
		BENCH_TEST(test_killed_in_the_commit),
		BENCH_TEST(test_arenas_end_what_runs),
		BENCH_TEST(test_the_run_ends_what_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
