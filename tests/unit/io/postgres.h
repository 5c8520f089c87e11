/* postgres: what the tests of the driver share: a loop, connections, calls and their ends. */
#ifndef TESTS_UNIT_IO_POSTGRES_H
#define TESTS_UNIT_IO_POSTGRES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/module.h"
#include "io/io.h"

/* A run. */
struct bench {
	struct arena arena;
	struct loop *loop;
	const struct sql_driver *driver;
	struct sql *sql;
	const char *name; /* of the program: its application_name, and its schema */
	const char *uri;  /* of the cluster, as this program */
};

/* One call, and what came of it. */
struct asked {
	struct bench *bench;
	struct sql_call call;
	const struct sql_result *result; /* NULL: it has not ended */
	struct buffer notices;           /* each in a line */
	struct timer timer;
};

#define BENCH_TEST(function) cmocka_unit_test_setup_teardown(function, bench_open, bench_close)

/* The connection string of the cluster, as "" (the calls), "_observer" or "_holder". */
static inline const char *uri_as(struct bench *bench, const char *who)
{
	return arena_format(&bench->arena, "%s?application_name=%s%s&options=-csearch_path%%3D%s",
			    getenv("POSTGRES_URI"), bench->name, who, bench->name);
}

/* For queries of the observer: the backend is this program's, or its holder's. */
#define OURS "concat(application_name, '_observer') = current_setting('application_name')"
#define HOLDERS \
	"application_name = replace(current_setting('application_name'), 'observer', 'holder')"

/* ---- calls ---- */

static inline void asked_done(void *data, const struct sql_result *result)
{
	struct asked *asked = data;

	assert_null(asked->result);
	asked->result = result;
	loop_quit(asked->bench->loop);
}

static inline void asked_notice(void *data, const char *message)
{
	struct asked *asked = data;

	buffer_printf(&asked->notices, "%s\n", message);
}

/* A call of statements in a transaction, which the tests change where they need to; text NULL ends
 * the statements. */
static inline struct asked *ask_for(struct bench *bench, const struct sql_statement *statements)
{
	struct asked *asked = arena_new(&bench->arena, struct asked);
	size_t count = 0;

	while (statements[count].text.ptr)
		count++;
	asked->bench = bench;
	buffer_init(&asked->notices, &bench->arena);
	asked->call = (struct sql_call){
		.connection = bench->uri,
		.statements = statements,
		.count = count,
		.transaction = true,
		.max_rows = 1000,
		.max_bytes = 1 << 20,
		.notice = asked_notice,
		.done = asked_done,
		.data = asked,
	};
	return asked;
}

/* Texts separated by '|' as statements without parameters. */
static inline struct asked *ask_text(struct bench *bench, const char *texts)
{
	struct sql_statement *statements = arena_array(&bench->arena, struct sql_statement, 16);
	size_t count = 0;

	for (const char *at = texts; *at; count++) {
		size_t len = strcspn(at, "|");

		assert_true(count < 15);
		statements[count].text = arena_text(&bench->arena, (struct text){ at, len });
		at += len + (at[len] == '|');
	}
	return ask_for(bench, statements);
}

static inline void ask_start(struct asked *asked)
{
	struct bench *bench = asked->bench;

	bench->driver->execute(bench->sql, &asked->call, &bench->arena);
	assert_null(asked->result);
}

static inline const struct sql_result *ask_wait(struct asked *asked)
{
	while (!asked->result)
		loop_run_once(asked->bench->loop);
	assert_null(asked->call.own);
	return asked->result;
}

static inline const struct sql_result *ask(struct asked *asked)
{
	ask_start(asked);
	return ask_wait(asked);
}

/* The result of texts that must succeed. */
static inline const struct sql_result *good(struct bench *bench, const char *texts)
{
	const struct sql_result *result = ask(ask_text(bench, texts));

	if (result->failure.class != IO_NONE)
		fail_msg("%s: %s", texts, result->failure.message);
	return result;
}

static inline int bench_open(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct io_failure failure;
	const char *error = NULL;

	arena_init(&bench->arena);
	bench->loop = loop_open(&clock_system, &bench->arena, &failure);
	assert_non_null(bench->loop);
	bench->driver = module_open("postgres", &bench->arena, &error);
	assert_non_null(bench->driver);
	bench->sql = bench->driver->open(bench->loop, worker_open(bench->loop, &bench->arena),
					 &bench->arena);
	assert_non_null(getenv("POSTGRES_URI"));
	bench->name = arena_format(&bench->arena, "unit_%d", (int)getpid());
	bench->uri = uri_as(bench, "");
	*state = bench;
	good(bench, arena_format(&bench->arena, "create schema %s", bench->name));
	return 0;
}

static inline int bench_close(void **state)
{
	struct bench *bench = *state;

	good(bench, arena_format(&bench->arena, "drop schema %s cascade", bench->name));
	arena_done(&bench->arena);
	free(bench);
	return 0;
}

/* The same by each its own transaction. */
static inline const struct sql_result *good_alone(struct bench *bench, const char *texts)
{
	struct asked *asked = ask_text(bench, texts);

	asked->call.transaction = false;
	if (ask(asked)->failure.class != IO_NONE)
		fail_msg("%s: %s", texts, asked->result->failure.message);
	return asked->result;
}

/* Runs the loop until the condition is true, asked on a second connection. */
static inline void wait_until(struct bench *bench, const char *condition)
{
	int64_t limit = loop_now(bench->loop) + 60 * NS_PER_S;
	struct asked *asked;

	do {
		if (loop_now(bench->loop) > limit)
			fail_msg("it never became true that %s", condition);
		asked = ask_text(bench, arena_format(&bench->arena, "select (%s)::int", condition));
		asked->call.connection = uri_as(bench, "_observer");
		ask(asked);
		if (asked->result->failure.class != IO_NONE)
			fail_msg("%s: %s", condition, asked->result->failure.message);
	} while (asked->result->cells[0].integer == 0);
}

/* ---- results ---- */

/* "class code: message", "unsure" before it; "" for none. */
static inline const char *failure_text(struct bench *bench, const struct sql_result *result)
{
	const struct io_failure *failure = &result->failure;

	if (failure->class == IO_NONE)
		return "";
	return arena_format(&bench->arena, "%s%s %s: %s", result->unsure ? "unsure " : "",
			    io_class_name(failure->class), failure->code ? failure->code : "-",
			    failure->message);
}

#define assert_failure(result, expected) assert_string_equal(failure_text(bench, result), expected)

#define assert_failure_has(result, expected) \
	do { \
		const char *found_ = failure_text(bench, result); \
		if (!strstr(found_, expected)) \
			fail_msg("'%s' is not in '%s'", expected, found_); \
	} while (0)

static inline void put_cell(struct buffer *out, const struct sql_cell *cell)
{
	switch (cell->kind) {
	case SQL_NULL:
		buffer_puts(out, "null");
		return;
	case SQL_BOOL:
		buffer_puts(out, cell->truth ? "true" : "false");
		return;
	case SQL_INT:
		buffer_printf(out, "int %lld", (long long)cell->integer);
		return;
	case SQL_DOUBLE:
		buffer_printf(out, "double %.17g", cell->number);
		return;
	case SQL_TIMESTAMP:
		buffer_printf(out, "timestamp %lld", (long long)cell->integer);
		return;
	case SQL_TEXT:
	case SQL_JSON:
		buffer_printf(out, "%s '%.*s'", cell->kind == SQL_TEXT ? "text" : "json",
			      TEXT_ARG(cell->text));
		return;
	case SQL_BYTES:
		buffer_puts(out, "bytes ");
		for (size_t i = 0; i < cell->text.len; i++)
			buffer_printf(out, "%02x", (unsigned char)cell->text.ptr[i]);
		return;
	case SQL_LIST:
		buffer_puts(out, "list");
		return;
	}
}

/* One row: its cells, separated by ", ". */
static inline const char *row_text(struct bench *bench, const struct sql_result *result, size_t row)
{
	struct buffer out;

	assert_string_equal(failure_text(bench, result), "");
	assert_true(row < result->row_count);
	buffer_init(&out, &bench->arena);
	for (size_t i = 0; i < result->column_count; i++) {
		buffer_puts(&out, i ? ", " : "");
		put_cell(&out, &result->cells[row * result->column_count + i]);
	}
	return buffer_string(&out);
}

#define assert_row(result, row, expected) \
	assert_string_equal(row_text(bench, result, row), expected)

#define assert_value(texts, expected) assert_row(good(bench, texts), 0, expected)

#endif
