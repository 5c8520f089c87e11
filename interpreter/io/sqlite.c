#include <sqlite3.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "io/io.h"

#define PROGRESS_STEPS 1000        /* instructions of SQLite between two looks at the clock */
#define BUSY_PAUSE (5 * NS_PER_MS) /* between two looks at a lock */

/* One open database. */
struct base {
	const char *path;
	sqlite3 *handle;
	bool read_only;
	struct base *next;
};

struct sql {
	struct loop *loop;
	struct arena *arena;
	struct base *bases;
};

/* One call while it is executed; `done` is told from the loop, so a timer carries it. */
struct work {
	struct sql *sql;
	struct sql_call *call;
	struct arena *arena;
	struct base *base;
	struct sql_result result;
	struct timer timer;
	int64_t statement_due; /* boot time, ns: when the statement must have ended; 0: never */
	int64_t lock_due;      /* the same of waiting for a lock */
};

static void bases_close(void *data)
{
	struct sql *sql = data;

	for (struct base *base = sql->bases; base; base = base->next)
		sqlite3_close_v2(base->handle);
}

static struct sql *open_sql(struct loop *loop, struct worker *worker, struct arena *arena)
{
	struct sql *sql = arena_new(arena, struct sql);

	(void)worker;
	sql->loop = loop;
	sql->arena = arena;
	arena_defer(arena, bases_close, sql);
	return sql;
}

/* ---- failures ---- */

static const char *code_name(int code)
{
	static const struct {
		int code;
		const char *name;
	} names[] = {
		{ SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE" },
		{ SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY" },
		{ SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL" },
		{ SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY" },
		{ SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK" },
		{ SQLITE_ERROR, "SQLITE_ERROR" },
		{ SQLITE_BUSY, "SQLITE_BUSY" },
		{ SQLITE_LOCKED, "SQLITE_LOCKED" },
		{ SQLITE_READONLY, "SQLITE_READONLY" },
		{ SQLITE_CORRUPT, "SQLITE_CORRUPT" },
		{ SQLITE_NOTADB, "SQLITE_NOTADB" },
		{ SQLITE_FULL, "SQLITE_FULL" },
		{ SQLITE_IOERR, "SQLITE_IOERR" },
		{ SQLITE_CANTOPEN, "SQLITE_CANTOPEN" },
		{ SQLITE_INTERRUPT, "SQLITE_INTERRUPT" },
		{ SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return code == (code & 0xff) ? "SQLITE" : code_name(code & 0xff);
}

static void fail(struct work *work, enum io_class class, const char *message)
{
	work->result.failure = (struct io_failure){ class, NULL, message };
}

static bool has_passed(const struct work *work, int64_t due)
{
	return due && loop_now(work->sql->loop) >= due;
}

static bool is_late(const struct work *work)
{
	return has_passed(work, work->call->deadline) || has_passed(work, work->statement_due);
}

/* Whether somebody wants the program to stop: the loop, which would read it, is not turning. */
static bool is_signalled(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0 &&
	       (sigismember(&waiting, SIGINT) == 1 || sigismember(&waiting, SIGTERM) == 1 ||
		sigismember(&waiting, SIGHUP) == 1);
}

static bool fail_sqlite(struct work *work)
{
	sqlite3 *handle = work->base->handle;
	int code = sqlite3_extended_errcode(handle);
	enum io_class class = IO_SQL;

	if (((code & 0xff) == SQLITE_INTERRUPT || (code & 0xff) == SQLITE_BUSY) &&
	    (is_late(work) || is_signalled()))
		class = is_late(work) ? IO_TIMEOUT : IO_CANCELLED;
	else if ((code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_IOERR ||
		 (code & 0xff) == SQLITE_NOMEM)
		class = IO_RESOURCE;
	work->result.failure = (struct io_failure){
		class, code_name(code), arena_string(work->arena, sqlite3_errmsg(handle))
	};
	int offset = sqlite3_error_offset(handle);
	work->result.position = offset >= 0 ? (size_t)offset + 1 : 0;
	return false;
}

/* ---- opening ---- */

static int on_progress(void *data)
{
	const struct work *work = data;

	return is_late(work) || is_signalled();
}

/* Whether to look at the lock again. */
static int on_busy(void *data, int count)
{
	static const struct timespec pause = { .tv_nsec = BUSY_PAUSE };
	struct work *work = data;
	int64_t wait = work->call->lock_timeout ? work->call->lock_timeout : SQLITE_LOCK_TIMEOUT;

	if (count == 0)
		work->lock_due = loop_now(work->sql->loop) + wait;
	if (has_passed(work, work->lock_due) || is_late(work) || is_signalled())
		return 0;
	nanosleep(&pause, NULL);
	return 1;
}

static bool file_is_there(struct work *work)
{
	const char *path = work->call->connection;
	struct stat stat_of;

	if (strcmp(path, ":memory:") == 0 || stat(path, &stat_of) == 0)
		return true;
	if (errno == EACCES) {
		fail(work, IO_PERMISSION,
		     arena_format(work->arena, "cannot open %s: %s", path, strerror(errno)));
		return false;
	}
	if (work->call->read_only) {
		fail(work, IO_NOT_FOUND,
		     arena_format(work->arena, "the database %s does not exist", path));
		return false;
	}
	if (work->call->notice)
		work->call->notice(work->call->data,
				   arena_format(work->arena, "a new database is made: %s", path));
	return true;
}

static struct base *base_of(struct work *work)
{
	const struct sql_call *call = work->call;
	int flags = call->read_only ? SQLITE_OPEN_READONLY
				    : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

	for (struct base *base = work->sql->bases; base; base = base->next)
		if (strcmp(base->path, call->connection) == 0 && base->read_only == call->read_only)
			return base;
	if (!file_is_there(work))
		return NULL;
	if (strcmp(call->connection, ":memory:") == 0)
		flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
	struct base *base = arena_new(work->sql->arena, struct base);
	base->path = arena_string(work->sql->arena, call->connection);
	base->read_only = call->read_only;
	if (sqlite3_open_v2(base->path, &base->handle, flags, NULL) != SQLITE_OK) {
		fail(work, IO_PERMISSION,
		     arena_format(work->arena, "cannot open %s: %s", base->path,
				  sqlite3_errmsg(base->handle)));
		sqlite3_close_v2(base->handle);
		return NULL;
	}
	sqlite3_extended_result_codes(base->handle, 1);
	base->next = work->sql->bases;
	work->sql->bases = base;
	return base;
}

/* ---- parameters ---- */

static int bind_text(sqlite3_stmt *statement, int index, struct text text)
{
	return sqlite3_bind_text64(statement, index, text.ptr ? text.ptr : "", text.len,
				   SQLITE_STATIC, SQLITE_UTF8);
}

static int bind_timestamp(struct work *work, sqlite3_stmt *statement, int index,
			  int64_t microseconds)
{
	int64_t seconds = microseconds / 1000000 - (microseconds % 1000000 < 0);
	const char *text = clock_utc(seconds * NS_PER_S, work->arena);

	/* "2026-03-02T13:21:40.000Z" with its fraction made one of microseconds */
	text = arena_format(work->arena, "%.19s.%06dZ", text,
			    (int)(microseconds - seconds * 1000000));
	return bind_text(statement, index, text_of(text));
}

static int bind_cell(struct work *work, sqlite3_stmt *statement, int index,
		     const struct sql_cell *cell)
{
	switch (cell->kind) {
	case SQL_NULL:
		return sqlite3_bind_null(statement, index);
	case SQL_BOOL:
		return sqlite3_bind_int(statement, index, cell->truth);
	case SQL_INT:
		return sqlite3_bind_int64(statement, index, cell->integer);
	case SQL_DOUBLE:
		return sqlite3_bind_double(statement, index, cell->number);
	case SQL_TEXT:
	case SQL_JSON:
		return bind_text(statement, index, cell->text);
	case SQL_TIMESTAMP:
		return bind_timestamp(work, statement, index, cell->integer);
	case SQL_BYTES:
		return sqlite3_bind_blob64(statement, index, cell->text.ptr ? cell->text.ptr : "",
					   cell->text.len, SQLITE_STATIC);
	case SQL_LIST:
		break;
	}
	return SQLITE_MISMATCH;
}

static bool bind_all(struct work *work, sqlite3_stmt *statement, const struct sql_statement *from)
{
	for (size_t i = 0; i < from->param_count; i++) {
		const char *name = arena_format(work->arena, "$%zu", i + 1);
		int index = sqlite3_bind_parameter_index(statement, name);
		if (!index)
			continue;
		if (from->params[i].kind == SQL_LIST) {
			fail(work, IO_REFUSED,
			     "SQLite has no lists: give a JSON text and use json_each");
			return false;
		}
		if (bind_cell(work, statement, index, &from->params[i]) != SQLITE_OK)
			return fail_sqlite(work);
	}
	return true;
}

/* ---- rows ---- */

struct rows {
	struct sql_cell *at;
	size_t count, cap;
	size_t bytes;
};

static struct text column_text(struct work *work, sqlite3_stmt *statement, int column,
			       struct rows *rows)
{
	const void *bytes = sqlite3_column_blob(statement, column);
	size_t len = (size_t)sqlite3_column_bytes(statement, column);

	rows->bytes += len;
	return (struct text){ arena_copy(work->arena, bytes ? bytes : "", len), len };
}

static void row_add(struct work *work, sqlite3_stmt *statement, struct rows *rows)
{
	for (int i = 0; i < sqlite3_column_count(statement); i++) {
		struct sql_cell *cell = list_add(rows, work->arena);
		switch (sqlite3_column_type(statement, i)) {
		case SQLITE_INTEGER:
			cell->kind = SQL_INT;
			cell->integer = sqlite3_column_int64(statement, i);
			break;
		case SQLITE_FLOAT:
			cell->kind = SQL_DOUBLE;
			cell->number = sqlite3_column_double(statement, i);
			break;
		case SQLITE_TEXT:
			cell->kind = SQL_TEXT;
			cell->text = column_text(work, statement, i, rows);
			break;
		case SQLITE_BLOB:
			cell->kind = SQL_BYTES;
			cell->text = column_text(work, statement, i, rows);
			break;
		default:
			cell->kind = SQL_NULL;
		}
	}
	work->result.row_count++;
}

static void columns_note(struct work *work, sqlite3_stmt *statement)
{
	size_t count = (size_t)sqlite3_column_count(statement);
	const char **names = arena_array(work->arena, const char *, count);

	for (size_t i = 0; i < count; i++)
		names[i] = arena_string(work->arena, sqlite3_column_name(statement, (int)i));
	work->result.columns = names;
	work->result.column_count = count;
	work->result.row_count = 0;
}

static bool step_all(struct work *work, sqlite3_stmt *statement, bool last)
{
	struct rows rows = { 0 };
	int code;

	columns_note(work, statement);
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		if (!last)
			continue;
		row_add(work, statement, &rows);
		if (work->result.row_count > work->call->max_rows ||
		    rows.bytes > work->call->max_bytes) {
			fail(work, IO_RESOURCE,
			     arena_format(work->arena, "more than %zu rows or %zu bytes",
					  work->call->max_rows, work->call->max_bytes));
			return false;
		}
	}
	work->result.cells = rows.at;
	if (code != SQLITE_DONE)
		return fail_sqlite(work);
	work->result.affected = sqlite3_column_count(statement) == 0 &&
						!sqlite3_stmt_readonly(statement)
					? sqlite3_changes64(work->base->handle)
					: 0;
	return true;
}

/* ---- statements ---- */

static bool execute_one(struct work *work, size_t index)
{
	const struct sql_statement *from = &work->call->statements[index];
	sqlite3_stmt *statement = NULL;
	const char *rest = NULL;

	work->result.phase = SQL_STATEMENT;
	work->result.statement = index;
	if (work->call->statement_timeout)
		work->statement_due = loop_now(work->sql->loop) + work->call->statement_timeout;
	if (sqlite3_prepare_v2(work->base->handle, from->text.ptr, (int)from->text.len, &statement,
			       &rest) != SQLITE_OK)
		return fail_sqlite(work);
	if (!statement)
		return true; /* a comment */
	struct text behind = text_trim(
		(struct text){ rest, (size_t)(from->text.ptr + from->text.len - rest) });
	bool good = behind.len == 0;
	if (!good)
		fail(work, IO_REFUSED, "the text holds more than one statement");
	good = good && bind_all(work, statement, from) &&
	       step_all(work, statement, index + 1 == work->call->count);
	sqlite3_finalize(statement);
	return good;
}

static bool plain(struct work *work, enum sql_phase phase, const char *text)
{
	work->result.phase = phase;
	return sqlite3_exec(work->base->handle, text, NULL, NULL, NULL) == SQLITE_OK ||
	       fail_sqlite(work);
}

static bool execute_all(struct work *work)
{
	bool transaction = work->call->transaction;

	if (transaction &&
	    !plain(work, SQL_BEGIN, work->call->read_only ? "BEGIN" : "BEGIN IMMEDIATE"))
		return false;
	for (size_t i = 0; i < work->call->count; i++) {
		if (!execute_one(work, i))
			return false;
		if (transaction && sqlite3_get_autocommit(work->base->handle)) {
			fail(work, IO_REFUSED, "the statement ended the transaction");
			return false;
		}
	}
	work->statement_due = 0;
	return !transaction || plain(work, SQL_COMMIT, "COMMIT");
}

static void tell(void *data)
{
	struct work *work = data;

	work->call->done(work->call->data, &work->result);
}

static void execute(struct sql *sql, struct sql_call *call, struct arena *arena)
{
	struct work *work = arena_new(arena, struct work);

	*work = (struct work){ .sql = sql, .call = call, .arena = arena };
	work->base = base_of(work);
	if (work->base) {
		sqlite3_busy_handler(work->base->handle, on_busy, work);
		sqlite3_progress_handler(work->base->handle, PROGRESS_STEPS, on_progress, work);
		execute_all(work);
		sqlite3_progress_handler(work->base->handle, 0, NULL, NULL);
		sqlite3_busy_handler(work->base->handle, NULL, NULL);
		if (!sqlite3_get_autocommit(work->base->handle)) /* something has failed */
			sqlite3_exec(work->base->handle, "ROLLBACK", NULL, NULL, NULL);
	}
	work->timer = (struct timer){ .fire = tell, .data = work };
	timer_start(&work->timer, sql->loop, 0);
}

/* The statements have run by then: what came of them is told as it came. */
static void cancel(struct sql_call *call)
{
	(void)call;
}

static const char *library(struct arena *arena)
{
	return arena_format(arena, "SQLite %s", sqlite3_libversion());
}

const struct sql_driver sqlite_driver = { open_sql, execute, cancel, library };
