/*
 * sql: statements for a database, by the drivers postgres and sqlite. A part of io/io.h, which
 * others include.
 */
#ifndef IO_SQL_H
#define IO_SQL_H

#include "io/io.h"

enum sql_kind {
	SQL_NULL,
	SQL_BOOL,
	SQL_INT,
	SQL_DOUBLE,
	SQL_TEXT,
	SQL_JSON,      /* text: a JSON document */
	SQL_TIMESTAMP, /* integer: microseconds since 1970-01-01T00:00:00Z */
	SQL_BYTES,     /* text: any bytes */
	SQL_LIST,      /* parameters for postgres only: an array */
};

/* One value, of a row or for a parameter. */
struct sql_cell {
	enum sql_kind kind;
	union {
		bool truth;
		int64_t integer;
		double number;
		struct text text;
		struct {
			const struct sql_cell *at;
			size_t count;
		} list;
	};
};

#define SQL_CELL_BYTES 8

/* One statement; its text may hold $1, $2, ... for its parameters, and nothing else of a value. */
struct sql_statement {
	struct text text;
	const struct sql_cell *params;
	size_t param_count;
};

enum sql_phase { SQL_CONNECT, SQL_BEGIN, SQL_STATEMENT, SQL_COMMIT };

/* "connect": for messages. */
const char *sql_phase_name(enum sql_phase phase);

/* What came of the statements. Everything lives in the call's arena. */
struct sql_result {
	/* Of class sql: the database's refusal; its code is the SQLSTATE, or SQLite's own name
	 * ("SQLITE_CONSTRAINT_UNIQUE"). */
	struct io_failure failure;
	const char *detail; /* the database's own, or who blocked it; NULL if there is none */
	const char *hint;
	enum sql_phase phase; /* where it failed */
	size_t statement;     /* index of the statement that failed, in phase SQL_STATEMENT */
	size_t position;      /* of the failure in its text, in characters, from 1; 0: unknown */
	bool unsure;          /* it failed, and nobody can say whether it took effect */

	/* Of the last statement. */
	const char *const *columns;
	size_t column_count;
	const struct sql_cell *cells; /* row by row, column_count for each */
	size_t row_count;
	int64_t affected; /* rows inserted, updated, deleted or merged; 0 for other statements */
};

/* Statements to execute. The caller owns it, fills the first part and keeps it until `done`; what
 * it points to is borrowed as long. */
struct sql_call {
	const char *connection; /* postgres: a postgresql:// URL or keywords; sqlite: a path */
	const struct sql_statement *statements;
	size_t count;
	bool create;      /* sqlite: a file that is not there is made, unless read_only */
	bool read_only;   /* nothing is written, in one transaction in any case */
	bool transaction; /* all or nothing; false: each by itself, up to the first that fails */
	int64_t lock_timeout;      /* ns for each lock; 0: the database's (SQLITE_LOCK_TIMEOUT) */
	int64_t statement_timeout; /* ns for each statement; 0: the database's */
	int64_t deadline;          /* boot time, ns, for all of it; 0: none */
	size_t max_rows;           /* of the last statement: more is a failure of class resource */
	size_t max_bytes; /* of these rows, each value counting as SQL_CELL_BYTES at least: likewise
			   */

	/* What the database says beside its results; what was not taken of the connection. May be
	 * NULL. The message is gone when it returns. */
	void (*notice)(void *data, const char *message);
	/* The last call, exactly once; the arena may be reset only after it has returned. */
	void (*done)(void *data, const struct sql_result *result);
	void *data;

	void *own; /* the driver's */
};

/* The connections of a run. */
struct sql;

/* What io/postgres.c and io/sqlite.c export; found with module_open("postgres" and "sqlite"). */
struct sql_driver {
	/* Without connections yet; they are opened on first need and closed with the arena. worker
	 * resolves names of hosts; sqlite does not use it. */
	struct sql *(*open)(struct loop *loop, struct worker *worker, struct arena *arena);
	/* Executes statements; the calls for one connection follow one another. The rules of each
	 * driver are below. */
	void (*execute)(struct sql *sql, struct sql_call *call, struct arena *arena);
	/* Ends a call before its time: `done` follows, with class cancelled unless it was too late
	 * to end it, which is then told as it came. Nothing happens when it has ended. */
	void (*cancel)(struct sql_call *call);
	/* Name and version of the library below it: "SQLite 3.40.1". */
	const char *(*library)(struct arena *arena);
};

/* ---- postgres: one connection a connection string (libpq) ---- */

#define POSTGRES_CONNECT_TIMEOUT (10 * NS_PER_S) /* unless the connection says connect_timeout */
#define POSTGRES_CANCEL_GRACE (5 * NS_PER_S)     /* for a cancelled statement to end */

/*
 * Values come as: smallint, integer, bigint, oid: SQL_INT; real, double precision: SQL_DOUBLE;
 * numeric: SQL_INT if integral and in range, else SQL_DOUBLE; boolean: SQL_BOOL; json, jsonb:
 * SQL_JSON; timestamp with time zone: SQL_TIMESTAMP between the years 1 and 9999, else SQL_TEXT;
 * bytea: SQL_BYTES; all else: SQL_TEXT. Parameters go as what a literal of the same form is (42 an
 * integer or bigint, true a boolean); texts, nulls, JSON and lists of texts as the type that
 * their place asks for.
 *
 * Only the connection string counts: no PG... variable of the environment, no ~/.pgpass unless it
 * names a passfile, no service file, no certificates in ~/.postgresql. Doctrine's query parameters
 * serverVersion and charset are dropped with a notice. Names of hosts are resolved by the worker.
 * Several servers, and the addresses of one, are tried in order; one that answers and refuses is
 * the last (unless it is only starting).
 *
 * After each call the connection is cleaned (DISCARD ALL). One that died while idle is opened
 * anew. Rows are read one by one: what is over a limit is not kept, but one row is held whole.
 *
 * A transaction that is lost before its COMMIT was sent is rolled back by the server: a failure.
 * From then on the server is asked on a second connection, for at most 5 s, whether it was
 * committed (txid_status, on the same time line). Where it cannot say, and for a statement by
 * itself once it was sent, a lost connection leaves the call unsure unless it is read_only.
 * Cancelling asks the server on a second connection to end the statement, and closes the first; a
 * COMMIT that was sent is waited for. When the server does not answer within POSTGRES_CANCEL_GRACE,
 * the connection counts as lost.
 *
 * Failures: refused (the connection string, a parameter that cannot be sent, COPY with a client, a
 * statement that ends its transaction), dns, tls, connect (SQLSTATE classes 08 and 57P0x too),
 * permission (class 28, no password), not_found (no such database), sql (also a lock_timeout:
 * 55P03), resource (class 53, a result over its limit), timeout (the deadline; a statement_timeout:
 * 57014), cancelled.
 */
extern const struct sql_driver postgres_driver;

/* ---- sqlite: one connection a path (SQLite 3) ---- */

#define SQLITE_LOCK_TIMEOUT (5 * NS_PER_S) /* unless the call says lock_timeout */

/*
 * connection is a path, or ":memory:" for a database that ends with the run. A file that does not
 * exist is a failure, or is made (with a notice) if the call says create and not read_only. Values
 * come as SQLite stores them: SQL_NULL, SQL_INT, SQL_DOUBLE, SQL_TEXT (any bytes), SQL_BYTES.
 * SQL_BOOL goes as 0 or 1, SQL_JSON as text, SQL_TIMESTAMP as text "2026-03-02T13:21:40.311000Z".
 *
 * The statements run inside the loop: nothing else is served meanwhile. They end early, rolled
 * back, at their time limits and when SIGINT, SIGTERM or SIGHUP waits to be read by the loop.
 *
 * Failures: not_found, permission, refused (more than one statement in a text, a list as parameter,
 * BEGIN, COMMIT and ROLLBACK), sql (also a lock_timeout: SQLITE_BUSY), resource (disk or memory
 * full, input or output, a result over its limit), timeout, cancelled. Never unsure.
 */
extern const struct sql_driver sqlite_driver;

#endif
