/* Values of SQLite: those of parameters, and those of a row. */
#include <sqlite3.h>

#include "io/sqlite_internal.h"

/* ---- of a parameter ---- */

static int bind_text(sqlite3_stmt *statement, int index, struct text text)
{
	return sqlite3_bind_text64(statement, index, text.ptr ? text.ptr : "", text.len,
				   SQLITE_STATIC, SQLITE_UTF8);
}

int sqlite_bind(struct sqlite3_stmt *statement, int index, const struct sql_cell *cell,
		struct arena *arena)
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
		return bind_text(statement, index, text_of(sqlite_timestamp(cell->integer, arena)));
	case SQL_BYTES:
		return sqlite3_bind_blob64(statement, index, cell->text.ptr ? cell->text.ptr : "",
					   cell->text.len, SQLITE_STATIC);
	case SQL_LIST:
		break;
	}
	return SQLITE_MISMATCH;
}

/* ---- of a row ---- */

static struct text column_text(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const void *bytes = sqlite3_column_blob(statement, column);
	size_t len = bytes ? (size_t)sqlite3_column_bytes(statement, column) : 0;

	return (struct text){ arena_copy(arena, bytes ? bytes : "", len), len };
}

struct sql_cell sqlite_column(struct sqlite3_stmt *statement, int column, struct arena *arena)
{
	struct sql_cell cell = { .kind = SQL_NULL };

	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_INTEGER:
		cell.kind = SQL_INT;
		cell.integer = sqlite3_column_int64(statement, column);
		break;
	case SQLITE_FLOAT:
		cell.kind = SQL_DOUBLE;
		cell.number = sqlite3_column_double(statement, column);
		break;
	case SQLITE_TEXT:
		cell.kind = SQL_TEXT;
		cell.text = column_text(statement, column, arena);
		break;
	case SQLITE_BLOB:
		cell.kind = SQL_BYTES;
		cell.text = column_text(statement, column, arena);
		break;
	}
	return cell;
}
