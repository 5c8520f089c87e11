/* sql: statements with bound values, on PostgreSQL or a SQLite file. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "step/internal.h"

struct sql_args {
	struct text connection;
	struct statements query;
	const char *script;
	bool create;
	bool read_only;
	bool transaction;
	int64_t lock_timeout;
	int64_t statement_timeout;
	int64_t max_rows;
};

static const struct field sql_fields[] = {
	CONNECTION(struct sql_args, connection, .flags = FIELD_REQUIRED | FIELD_DETAIL,
		   .doc = "postgresql:// URL, libpq keywords, or sqlite:PATH; ${{ }} is one part "
			  "of it."),
	STATEMENTS(struct sql_args, query, .doc = "Statements; ${{ }} becomes a bound parameter."),
	PATH(struct sql_args, script, .flags = FIELD_READS,
	     .doc = "File of statements, instead of query; it holds no values."),
	BOOL(struct sql_args, create,
	     .doc = "sqlite: a file that is not there is made; else it is a failure."),
	BOOL(struct sql_args, read_only,
	     .doc = "A read-only transaction; the step's effect is then read."),
	BOOL(struct sql_args, transaction, .dflt = "true",
	     .doc = "All statements or none; false: each by itself."),
	DURATION(struct sql_args, lock_timeout, .doc = "How long to wait for a lock."),
	DURATION(struct sql_args, statement_timeout, .doc = "How long one statement may take."),
	INTEGER(struct sql_args, max_rows, .dflt = "10000", .min = 1, .max = 1000000,
		.doc = "More rows are a failure."),
	{ 0 },
};

enum { OUT_ROWS, OUT_ROW_COUNT, OUT_VALUE, OUT_COLUMNS, OUT_AFFECTED };

static const struct type row_type = { .kind = TYPE_MAP, .key = &type_string, .item = &type_dyn };
static const struct type row_list = { .kind = TYPE_LIST, .item = &row_type };

static const struct output sql_outputs[] = {
	[OUT_ROWS] = { "rows", &row_list, "The rows of the last statement, each a map by column." },
	[OUT_ROW_COUNT] = { "row_count", &type_int, "How many." },
	[OUT_VALUE] = { "value", &type_dyn,
			"First column of the first row; null if there is none." },
	[OUT_COLUMNS] = { "columns", &type_string_list, "Names of the columns." },
	[OUT_AFFECTED] = { "affected", &type_int, "Rows inserted, updated or deleted." },
	{ 0 },
};

#define MAX_BYTES (8u << 20)

struct query {
	struct task *task;
	const struct sql_args *args;
	const struct sql_driver *driver;
	const struct statements *statements;
	struct sql_call call;
	const struct sql_result *result;
};

/* ---- values -------------------------------------------------------------------------------- */

static struct value cell_value(const struct sql_cell *cell, struct arena *arena)
{
	struct value value;
	struct json_error error;
	int64_t seconds;
	switch (cell->kind) {
	case SQL_NULL:
		return value_null();
	case SQL_BOOL:
		return value_bool(cell->truth);
	case SQL_INT:
		return value_int(cell->integer);
	case SQL_DOUBLE:
		return value_double(cell->number);
	case SQL_TEXT:
		return text_is_utf8(cell->text, NULL) ? value_string(cell->text)
						      : value_bytes(cell->text);
	case SQL_JSON:
		return json_read(cell->text, arena, &value, &error) ? value
								    : value_string(cell->text);
	case SQL_TIMESTAMP:
		seconds = cell->integer / 1000000 - (cell->integer % 1000000 < 0);
		return value_timestamp(seconds,
				       (uint32_t)(cell->integer - seconds * 1000000) * 1000);
	case SQL_BYTES:
		return value_bytes(cell->text);
	case SQL_LIST:
		break;
	}
	return value_null();
}

static struct value row_value(const struct sql_result *result, size_t row, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	for (size_t i = 0; i < result->column_count; i++) {
		bool twice = false; /* of two columns of one name the last stands, as in every
				       driver */
		for (size_t k = i + 1; k < result->column_count; k++)
			twice = twice || strcmp(result->columns[i], result->columns[k]) == 0;
		if (!twice)
			value_map_set(
				&map, result->columns[i],
				cell_value(&result->cells[row * result->column_count + i], arena));
	}
	return value_map_end(&map);
}

static struct value rows_value(const struct sql_result *result, struct arena *arena)
{
	struct value *rows = arena_array(arena, struct value, result->row_count);
	for (size_t i = 0; i < result->row_count; i++)
		rows[i] = row_value(result, i, arena);
	return value_list(rows, result->row_count, arena);
}

static struct value columns_value(const struct sql_result *result, struct arena *arena)
{
	struct value *names = arena_array(arena, struct value, result->column_count);
	for (size_t i = 0; i < result->column_count; i++)
		names[i] = value_cstring(result->columns[i]);
	return value_list(names, result->column_count, arena);
}

static struct value sql_output(const struct outputs *outputs, size_t index, struct arena *arena)
{
	const struct query *query = outputs->data;
	const struct sql_result *result = query->result;
	switch (index) {
	case OUT_ROWS:
		return rows_value(result, arena);
	case OUT_ROW_COUNT:
		return value_int((int64_t)result->row_count);
	case OUT_VALUE:
		return result->row_count && result->column_count
			       ? cell_value(&result->cells[0], arena)
			       : value_null();
	case OUT_COLUMNS:
		return columns_value(result, arena);
	default:
		return value_int(result->affected);
	}
}

/* ---- parameters ---------------------------------------------------------------------------- */

static struct sql_cell cell_text(enum sql_kind kind, struct text text)
{
	return (struct sql_cell){ .kind = kind, .text = text };
}

static struct sql_cell cell_of(struct value value, struct arena *arena);

static struct sql_cell cell_list(struct value value, struct arena *arena)
{
	struct sql_cell *cells = arena_array(arena, struct sql_cell, value.list->count);
	for (size_t i = 0; i < value.list->count; i++)
		cells[i] = cell_of(value.list->items[i], arena);
	return (struct sql_cell){ .kind = SQL_LIST, .list = { cells, value.list->count } };
}

static struct sql_cell cell_json(struct value value, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	json_write(&out, value);
	return cell_text(SQL_JSON, buffer_text(&out));
}

static struct sql_cell cell_timestamp(struct value value)
{
	return (struct sql_cell){ .kind = SQL_TIMESTAMP,
				  .integer = value.integer * 1000000 + value.len / 1000 };
}

static struct sql_cell cell_of(struct value value, struct arena *arena)
{
	struct sql_cell cell = { .kind = SQL_NULL };
	struct text text;
	const char *why;
	switch ((enum value_kind)value.kind) {
	case VALUE_NULL:
		return cell;
	case VALUE_BOOL:
		cell.kind = SQL_BOOL;
		cell.truth = value.boolean;
		return cell;
	case VALUE_INT:
		cell.kind = SQL_INT;
		cell.integer = value.integer;
		return cell;
	case VALUE_DOUBLE:
		cell.kind = SQL_DOUBLE;
		cell.number = value.real;
		return cell;
	case VALUE_STRING:
		return cell_text(SQL_TEXT, value_text(value));
	case VALUE_BYTES:
		return cell_text(SQL_BYTES, value_text(value));
	case VALUE_TIMESTAMP:
		return cell_timestamp(value);
	case VALUE_LIST:
		return cell_list(value, arena);
	case VALUE_MAP:
	case VALUE_OBJECT:
		return cell_json(value_force(value, arena), arena);
	case VALUE_UINT:
	case VALUE_DURATION:
	case VALUE_TYPE:
	case VALUE_OPTIONAL:
	case VALUE_OPAQUE:
	case VALUE_UNKNOWN:
	case VALUE_ERROR:
		break;
	}
	return value_to_text(value, arena, &text, &why) ? cell_text(SQL_TEXT, text) : cell;
}

static const struct sql_statement *statements_of(const struct statements *from, struct arena *arena)
{
	struct sql_statement *out = arena_array(arena, struct sql_statement, from->count);
	for (size_t i = 0; i < from->count; i++) {
		const struct statement *statement = &from->at[i];
		struct sql_cell *cells = arena_array(arena, struct sql_cell, statement->count);
		for (size_t k = 0; k < statement->count; k++)
			cells[k] = cell_of(statement->params[k], arena);
		out[i] = (struct sql_statement){ text_of(statement->text), cells,
						 statement->count };
	}
	return out;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void query_failed(struct query *query, const struct sql_result *result)
{
	struct task *task = query->task;
	const struct io_failure *failure = &result->failure;
	struct outcome outcome = {
		.status = failure->class == IO_CANCELLED ? OUTCOME_CANCELLED : OUTCOME_FAILED,
		.class = io_class_name(failure->class),
		.code = RB0410,
		.message = failure->message,
		.actual = failure->code,
		.field = result->phase == SQL_CONNECT ? "connection" : NULL,
		.untouched = !result->unsure &&
			     (result->phase < SQL_STATEMENT || query->args->transaction ||
			      query->args->read_only),
	};
	if (result->unsure) {
		outcome.status = OUTCOME_LOST;
		outcome.message = arena_format(
			task->arena, "nobody can say whether it took effect: %s", failure->message);
	}
	if (result->phase != SQL_STATEMENT)
		outcome_line_add(task, &outcome, "phase", "%s", sql_phase_name(result->phase));
	if (result->phase == SQL_STATEMENT && result->statement < query->statements->count) {
		const struct statement *statement = &query->statements->at[result->statement];
		outcome.span = statement->span;
		if (query->statements->count > 1)
			outcome_line_add(task, &outcome, "statement", "%zu of %zu",
					 result->statement + 1, query->statements->count);
	}
	if (result->detail)
		outcome_line_add(task, &outcome, "detail", "%s", result->detail);
	if (result->hint)
		outcome_line_add(task, &outcome, "hint", "%s", result->hint);
	task_finish(task, &outcome, value_null());
}

static void on_done(void *data, const struct sql_result *result)
{
	struct query *query = data;
	const struct outputs outputs = { sql_outputs, sql_output, query };
	query->result = result;
	if (result->failure.class != IO_NONE)
		query_failed(query, result);
	else
		task_succeed(query->task, outputs_object(&outputs, query->task->arena));
}

static void on_notice(void *data, const char *message)
{
	struct query *query = data;
	task_output(query->task, 2, text_of(arena_format(query->task->arena, "%s\n", message)));
}

static void on_cancel(struct task *task, void *data)
{
	struct query *query = data;
	(void)task;
	query->driver->cancel(&query->call);
}

/* ---- the start ----------------------------------------------------------------------------- */

static bool is_sqlite(struct text connection)
{
	return text_starts(connection, "sqlite:");
}

static const char *sqlite_path(struct task *task, struct text connection)
{
	const char *path = connection.ptr + strlen("sqlite:");
	return strcmp(path, ":memory:") == 0 ? path : task_path(task, path);
}

static const struct statements *read_script(struct task *task, const char *name)
{
	const char *path = task_path(task, name);
	struct statements *statements = arena_new(task->arena, struct statements);
	struct text text;
	struct failure failure;
	int error = file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, task->arena, &text);
	if (error) {
		task_fail(task, error == ENOENT ? "not_found" : "resource", RB0406, value_null(),
			  "cannot read %s: %s", path, strerror(error));
		return NULL;
	}
	if (place_split(source_wrap(path, text, task->arena), task->arena, statements, &failure))
		return statements;
	task_fail(task, failure.class, RB0410, value_null(), "%s: %s", path, failure.message);
	return NULL;
}

static void sql_start(struct task *task, const void *data)
{
	const struct sql_args *args = data;
	struct query *query = arena_new(task->arena, struct query);
	struct services *services = task->services;
	bool sqlite = is_sqlite(args->connection);
	void **cache = sqlite ? &services->sqlite : &services->postgres;
	*query = (struct query){ .task = task, .args = args };
	query->statements = args->script ? read_script(task, args->script) : &args->query;
	if (!query->statements)
		return;
	query->driver = task_driver(task, sqlite ? "sqlite" : "postgres");
	if (!query->driver)
		return;
	if (!*cache)
		*cache = query->driver->open(services->loop, sqlite ? NULL : task_worker(task),
					     services->arena);
	query->call = (struct sql_call){
		.connection = sqlite ? sqlite_path(task, args->connection) : args->connection.ptr,
		.statements = statements_of(query->statements, task->arena),
		.count = query->statements->count,
		.create = args->create,
		.read_only = args->read_only,
		.transaction = args->transaction,
		.lock_timeout = args->lock_timeout,
		.statement_timeout = args->statement_timeout,
		.deadline = task->deadline,
		.max_rows = (size_t)args->max_rows,
		.max_bytes = MAX_BYTES,
		.notice = on_notice,
		.done = on_done,
		.data = query,
	};
	task_cancel_with(task, on_cancel, query);
	query->driver->execute(*cache, &query->call, task->arena);
}

/* ---- rules --------------------------------------------------------------------------------- */

static enum effect sql_effect(const struct bound *bound)
{
	const char *read_only = field_constant_text(bound, "read_only");
	return read_only && strcmp(read_only, "true") == 0 ? EFFECT_READ : EFFECT_WRITE;
}

/* PostgreSQL's databases are not made by connecting to them; nobody who only reads makes one. */
static bool create_check(const struct bound *bound, struct diags *diags)
{
	const struct node *create = field_node(bound, "create");
	const struct node *connection = field_node(bound, "connection");
	const struct node *read_only = field_node(bound, "read_only");
	const char *wants = field_constant_text(bound, "create");
	const char *reads = field_constant_text(bound, "read_only");
	if (!create || !wants || strcmp(wants, "true") != 0)
		return true;
	if (connection && !is_sqlite(connection->text) && !text_starts(connection->text, "${{")) {
		diag_at(diags, create->span, RB0407,
			"'create' makes a file of SQLite, and 'connection' is none");
		diag_hint(diags, "Remove it; a database of PostgreSQL is made by: "
				 "create database NAME (transaction: false).");
		return false;
	}
	if (read_only && reads && strcmp(reads, "true") == 0)
		return alternatives_exclude((struct written){ "read_only", read_only },
					    (struct written){ "create", create },
					    "What only reads makes no file: keep one of them.",
					    diags);
	return true;
}

static bool sql_check(const struct bound *bound, struct span span, struct diags *diags)
{
	static const char *const texts[] = { "query", "script", NULL };
	static const struct alternatives rule = {
		"sql", texts, true, "Write: query: select 1",
		"Keep 'query' for statements that stand here, 'script' for a file of them."
	};
	return alternatives_check(&rule, bound, span, diags) && create_check(bound, diags);
}

static void sql_show(struct buffer *out, const struct bound *bound, const struct expr_scope *scope,
		     struct arena *arena)
{
	if (field_show_one(out, bound, "query", scope, arena))
		return;
	buffer_puts(out, "script ");
	field_show_one(out, bound, "script", scope, arena);
}

static const char *sql_module(const struct bound *bound)
{
	const struct node *connection = field_node(bound, "connection");
	if (!connection || text_starts(connection->text, "${{"))
		return NULL; /* a value says it */
	return is_sqlite(connection->text) ? "sqlite" : "postgres";
}

extern const struct step_type step_sql;

const struct step_type step_sql = {
	.name = "sql",
	.main = "query",
	.summary = "Execute SQL statements; values are bound, never pasted.",
	.previews = true,
	.kind = STEP_KIND_WORK,
	.fields = sql_fields,
	.size = sizeof(struct sql_args),
	.outputs = sql_outputs,
	.effect_of = sql_effect,
	.check = sql_check,
	.show = sql_show,
	.driver = sql_module,
	.start = sql_start,
	.example = "- sql:\n    connection: \"sqlite:app.db\"\n    query: select count(*) from "
		   "users\n    read_only: true",
};
