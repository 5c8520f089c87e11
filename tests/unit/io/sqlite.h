/* sqlite: what the tests of the driver share: a folder, a loop, calls and what was told last. */
#ifndef TESTS_UNIT_IO_SQLITE_H
#define TESTS_UNIT_IO_SQLITE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "io/io.h"

static struct arena arena;
static struct loop *loop;
static struct sql *sql;
static char folder[64];

/* What was told last. */
static int told;
static struct sql_result result;
static struct buffer notices;
static int heard; /* the signal that the loop read */

static inline void on_signal(void *data, int signal)
{
	(void)data;
	heard = signal;
}

static inline int setup(void **state)
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

static inline int teardown(void **state)
{
	int failed = system(arena_format(&arena, "rm -rf %s", folder));

	(void)state;
	arena_done(&arena);
	return failed;
}

static inline void on_done(void *data, const struct sql_result *what)
{
	(void)data;
	told++;
	result = *what;
}

static inline void on_notice(void *data, const char *message)
{
	(void)data;
	buffer_printf(&notices, "%s\n", message);
}

static inline const char *path(const char *name)
{
	return file_join(folder, name, &arena);
}

/* Executes; the statements are separated by '|'. */
static inline const struct sql_result *execute_with(struct sql_call call, const char *text)
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
	if (!kept->connection) {
		kept->connection = path("a.db");
		kept->create = true;
	}
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

static inline const struct sql_result *execute(const char *text)
{
	return execute_with((struct sql_call){ .transaction = true }, text);
}

static inline void assert_good(const char *text)
{
	if (execute(text)->failure.class != IO_NONE)
		fail_msg("%s: %s", text, result.failure.message);
}

static inline int64_t number(const char *text)
{
	assert_good(text);
	assert_int_equal(result.row_count, 1);
	assert_int_equal(result.cells[0].kind, SQL_INT);
	return result.cells[0].integer;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

#endif
