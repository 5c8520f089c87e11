#include <sqlite3.h>

#include <string.h>

#include "base/list.h"
#include "io/sqlite_internal.h"

#define PROGRESS_STEPS 1000 /* instructions of SQLite between two looks at the clock */

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
	struct sqlite_limits limits;
	struct io_failure reached; /* the limit that ended a statement; IO_NONE: none did */
	bool preparing;            /* a statement of the author: not all of it is allowed */
	LIST(struct sql_cell) cells;
	size_t bytes; /* of the rows */
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

static bool is_transaction(const struct sql_call *call)
{
	return call->transaction || call->read_only;
}

static void fail(struct work *work, enum io_class class, const char *message)
{
	work->result.failure = (struct io_failure){ class, NULL, message };
}

static bool fail_sqlite(struct work *work)
{
	sqlite3 *handle = work->base->handle;
	int code = sqlite3_extended_errcode(handle), kind = code & 0xff;
	enum io_class class = IO_SQL;

	if ((kind == SQLITE_INTERRUPT || kind == SQLITE_BUSY) && work->reached.class != IO_NONE) {
		work->result.failure = work->reached;
		return false;
	}
	if (kind == SQLITE_FULL || kind == SQLITE_IOERR || kind == SQLITE_NOMEM)
		class = IO_RESOURCE;
	work->result.failure = (struct io_failure){
		class, code_name(code), arena_string(work->arena, sqlite3_errmsg(handle))
	};
	return false;
}

/* ---- opening ---- */

static int on_progress(void *data)
{
	struct work *work = data;

	work->reached = sqlite_limits_reached(&work->limits, work->arena);
	return work->reached.class != IO_NONE;
}

/* Whether to look at the lock again. */
static int on_busy(void *data, int count)
{
	struct work *work = data;

	return !on_progress(work) && sqlite_limits_wait(&work->limits, count);
}

/* Asked while a statement is prepared: a COMMIT would end what is ours before anybody could say no.
 */
static int on_authorize(void *data, int action, const char *what, const char *second,
			const char *database, const char *trigger)
{
	struct work *work = data;

	(void)second;
	(void)database;
	(void)trigger;
	if (!work->preparing)
		return SQLITE_OK;
	if (action == SQLITE_TRANSACTION)
		fail(work, IO_REFUSED,
		     is_transaction(work->call)
			     ? "the statement would end the transaction"
			     : "the statement would begin or end a transaction of its own");
	else if (action == SQLITE_PRAGMA && sqlite3_stricmp(what, "query_only") == 0)
		fail(work, IO_REFUSED, "'read_only' says whether the step may write");
	return work->result.failure.class == IO_REFUSED ? SQLITE_DENY : SQLITE_OK;
}

static struct base *base_of(struct work *work)
{
	const struct sql_call *call = work->call;
	int flags = call->read_only ? SQLITE_OPEN_READONLY
		    : call->create  ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
				    : SQLITE_OPEN_READWRITE;

	bool memory = strcmp(call->connection, ":memory:") == 0;

	for (struct base *base = work->sql->bases; base; base = base->next)
		if (strcmp(base->path, call->connection) == 0 &&
		    (memory || base->read_only == call->read_only))
			return base;
	if (!sqlite_file_is_there(call, work->arena, &work->result.failure))
		return NULL;
	if (memory)
		flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
	struct base *base = arena_new(work->sql->arena, struct base);
	base->path = arena_string(work->sql->arena, call->connection);
	base->read_only = call->read_only;
	int code = sqlite3_open_v2(base->path, &base->handle, flags, NULL);
	if (code != SQLITE_OK) {
		fail(work, (code & 0xff) == SQLITE_NOMEM ? IO_RESOURCE : IO_PERMISSION,
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

/* ---- parameters and rows ---- */

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
		if (sqlite_bind(statement, index, &from->params[i], work->arena) != SQLITE_OK)
			return fail_sqlite(work);
	}
	return true;
}

/* False when there are too many, or no memory for one. */
static bool row_add(struct work *work, sqlite3_stmt *statement)
{
	const struct sql_call *call = work->call;

	for (int i = 0; i < sqlite3_column_count(statement); i++) {
		struct sql_cell cell = sqlite_column(statement, i, work->arena);

		*list_add(&work->cells, work->arena) = cell;
		work->bytes += cell.text.len > SQL_CELL_BYTES ? cell.text.len : SQL_CELL_BYTES;
	}
	if (sqlite3_errcode(work->base->handle) == SQLITE_NOMEM) {
		fail(work, IO_RESOURCE, "out of memory"); /* a value is missing */
		return false;
	}
	work->result.row_count++;
	if (work->result.row_count <= call->max_rows && work->bytes <= call->max_bytes)
		return true;
	io_fail(&work->result.failure, work->arena, IO_RESOURCE, "more than %zu rows or %zu bytes",
		call->max_rows, call->max_bytes);
	return false;
}

/* False: there is no memory for their names. */
static bool columns_note(struct work *work, sqlite3_stmt *statement)
{
	size_t count = (size_t)sqlite3_column_count(statement);
	const char **names = arena_array(work->arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const char *name = sqlite3_column_name(statement, (int)i);

		if (!name) {
			fail(work, IO_RESOURCE, "out of memory");
			return false;
		}
		names[i] = arena_string(work->arena, name);
	}
	work->result.columns = names;
	work->result.column_count = count;
	return true;
}

static bool step_all(struct work *work, sqlite3_stmt *statement, bool last)
{
	sqlite3 *handle = work->base->handle;
	int64_t before = sqlite3_total_changes64(handle);
	int code;

	if (last && !columns_note(work, statement))
		return false;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
		if (last && !row_add(work, statement))
			return false;
	}
	if (code != SQLITE_DONE)
		return fail_sqlite(work);
	work->result.cells = work->cells.at;
	/* What is no change of rows leaves the number of the statement before it. */
	if (last && sqlite3_total_changes64(handle) != before)
		work->result.affected = sqlite3_changes64(handle);
	return true;
}

/* ---- statements ---- */

/* The statement, NULL for a comment. False: it has failed. */
static bool prepare(struct work *work, struct text text, sqlite3_stmt **statement)
{
	sqlite3 *handle = work->base->handle;
	const char *rest = NULL;
	int code, byte;

	work->preparing = true;
	code = sqlite3_prepare_v2(handle, text.ptr, (int)text.len, statement, &rest);
	work->preparing = false;
	if (work->result.failure.class == IO_REFUSED)
		return false;
	if (code != SQLITE_OK) {
		byte = sqlite3_error_offset(handle);
		if (byte >= 0)
			work->result.position = sqlite_position(text, (size_t)byte);
		return fail_sqlite(work);
	}
	if (*statement && text_trim(text_slice(text, (size_t)(rest - text.ptr), text.len)).len) {
		fail(work, IO_REFUSED, "the text holds more than one statement");
		return false;
	}
	return true;
}

static bool execute_one(struct work *work, size_t index)
{
	const struct sql_statement *from = &work->call->statements[index];
	sqlite3_stmt *statement = NULL;
	bool good;

	work->result.phase = SQL_STATEMENT;
	work->result.statement = index;
	sqlite_limits_begin(&work->limits);
	good = prepare(work, from->text, &statement);
	if (good && statement)
		good = bind_all(work, statement, from) &&
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
	const struct sql_call *call = work->call;

	/* For a database in memory; a file was opened so. */
	if (!plain(work, SQL_BEGIN,
		   call->read_only ? "PRAGMA query_only = 1" : "PRAGMA query_only = 0"))
		return false;
	if (is_transaction(call) &&
	    !plain(work, SQL_BEGIN, call->read_only ? "BEGIN" : "BEGIN IMMEDIATE"))
		return false;
	for (size_t i = 0; i < call->count; i++)
		if (!execute_one(work, i))
			return false;
	sqlite_limits_end(&work->limits);
	return !is_transaction(call) || plain(work, SQL_COMMIT, "COMMIT");
}

static void execute_on(struct work *work, sqlite3 *handle)
{
	sqlite3_busy_handler(handle, on_busy, work);
	sqlite3_progress_handler(handle, PROGRESS_STEPS, on_progress, work);
	sqlite3_set_authorizer(handle, on_authorize, work);
	execute_all(work);
	sqlite3_set_authorizer(handle, NULL, NULL);
	sqlite3_progress_handler(handle, 0, NULL, NULL);
	sqlite3_busy_handler(handle, NULL, NULL);
	if (!sqlite3_get_autocommit(handle)) /* something has failed */
		sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
}

static void tell(void *data)
{
	struct work *work = data;

	work->call->done(work->call->data, &work->result);
}

static void forget(void *data)
{
	struct work *work = data;

	timer_stop(&work->timer);
}

static void execute(struct sql *sql, struct sql_call *call, struct arena *arena)
{
	struct work *work = arena_new(arena, struct work);

	*work = (struct work){ .sql = sql, .call = call, .arena = arena };
	work->limits = (struct sqlite_limits){ .loop = sql->loop, .call = call };
	work->base = base_of(work);
	if (work->base)
		execute_on(work, work->base->handle);
	work->timer = (struct timer){ .fire = tell, .data = work };
	arena_defer(arena, forget, work);
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
