/*
 * The inside of the sqlite driver: io/sqlite.c speaks with SQLite, io/sqlite_cell.c about values,
 * io/sqlite_limits.c knows when a call must end.
 */
#ifndef IO_SQLITE_INTERNAL_H
#define IO_SQLITE_INTERNAL_H

#include "io/io.h"

/* The time limits of a call. */
struct sqlite_limits {
	struct loop *loop;
	const struct sql_call *call;
	int64_t statement_due; /* boot time, ns: when the statement must have ended; 0: never */
	int64_t lock_due;      /* the same of waiting for a lock */
};

/* A statement begins, or, at the end of a call, none does. */
void sqlite_limits_begin(struct sqlite_limits *limits);
void sqlite_limits_end(struct sqlite_limits *limits);

/* Why what runs must end now, as a failure; class IO_NONE: it may go on. */
struct io_failure sqlite_limits_reached(const struct sqlite_limits *limits, struct arena *arena);

/* Whether a lock, looked at for so many times, may be looked at again; waits a little before. */
bool sqlite_limits_wait(struct sqlite_limits *limits, int count);

/* Whether the file of the call's database is there, or may be made: then the caller is told. */
bool sqlite_file_is_there(const struct sql_call *call, struct arena *arena,
			  struct io_failure *failure);

struct sqlite3_stmt;
/* Binds a parameter, numbered from 1. Gives SQLite's code; SQLITE_MISMATCH for a list. The text of
 * the cell must stay. */
int sqlite_bind(struct sqlite3_stmt *statement, int index, const struct sql_cell *cell,
		struct arena *arena);
/* A column of the row that the statement stands at, copied into the arena. */
struct sql_cell sqlite_column(struct sqlite3_stmt *statement, int column, struct arena *arena);

/* "2026-03-02T13:21:40.311000Z" */
const char *sqlite_timestamp(int64_t microseconds, struct arena *arena);

/* The number of the character, from 1, that begins at or holds a byte. */
size_t sqlite_position(struct text text, size_t byte);

#endif
