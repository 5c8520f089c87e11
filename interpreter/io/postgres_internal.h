/*
 * The inside of the postgres driver, from below:
 *
 *	postgres.c            a link: what is sent and answered over one connection; speaks with
 *libpq postgres_words.c      what a server or libpq says of a failure, and its class
 *	postgres_parameter.c  parameters: their types and texts
 *	postgres_column.c     columns: from their texts
 *	postgres_string.c     what a connection string says
 *	postgres_connect.c    from a connection string to an open link
 *	postgres_errand.c     what is asked on a second link: who blocks a statement, to end it
 *	postgres_fate.c       what is asked on a second link: was it committed?
 *	postgres_session.c    one link for the calls of one connection string, one after another
 *	postgres_begin.c      one call: its link, and the beginning of its transaction
 *	postgres_call.c       its statements, one by one, and its end
 *	postgres_stop.c       how a call ends early
 */
#ifndef IO_POSTGRES_INTERNAL_H
#define IO_POSTGRES_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/text.h"
#include "io/io.h"

/* ---- postgres_words.c ---- */

/* What a server or libpq says of a failure. */
struct pg_words {
	const char *message; /* NULL: there is no failure */
	enum io_class class; /* IO_NONE: the code says it */
	const char *code;    /* SQLSTATE; NULL: not the server's words */
	const char *detail;
	const char *hint;
	size_t position; /* in the statement, in characters, from 1; 0: unknown */
};

/* Takes apart what libpq writes in one text of several lines, with the codes in it. */
void pg_words_read(struct pg_words *words, const char *text, struct arena *arena);

/* The failure as an outcome; lost: the link is dead, or was never open. */
struct io_failure pg_words_failure(const struct pg_words *words, bool lost);

/* Whether a statement ends the transaction in which it is executed. */
bool pg_ends_transaction(const char *statement);

/* ---- postgres_parameter.c, postgres_column.c ---- */

/* Types by their number in pg_type; these never change. */
enum pg_type {
	PG_TYPE_ANY = 0, /* a parameter whose place says its type */
	PG_TYPE_BOOL = 16,
	PG_TYPE_BYTEA = 17,
	PG_TYPE_INT8 = 20,
	PG_TYPE_INT2 = 21,
	PG_TYPE_INT4 = 23,
	PG_TYPE_OID = 26,
	PG_TYPE_JSON = 114,
	PG_TYPE_FLOAT4 = 700,
	PG_TYPE_FLOAT8 = 701,
	PG_TYPE_BOOL_LIST = 1000,
	PG_TYPE_BYTEA_LIST = 1001,
	PG_TYPE_INT4_LIST = 1007,
	PG_TYPE_INT8_LIST = 1016,
	PG_TYPE_FLOAT8_LIST = 1022,
	PG_TYPE_TIMESTAMPTZ = 1184,
	PG_TYPE_TIMESTAMPTZ_LIST = 1185,
	PG_TYPE_NUMERIC_LIST = 1231,
	PG_TYPE_NUMERIC = 1700,
	PG_TYPE_JSONB = 3802,
};

/* Parameters as libpq takes them. */
struct pg_parameters {
	int count;
	unsigned *types;
	const char **values; /* NULL: null */
};

/* Converts all of them into the arena. False with *refusal when one cannot be sent. */
bool pg_parameters(const struct sql_statement *statement, struct arena *arena,
		   struct pg_parameters *out, const char **refusal);

/* A column's text, by its type; copied into the arena. */
struct sql_cell pg_cell(unsigned type, struct text text, struct arena *arena);

/* ---- postgres.c ---- */

/* One connection. Zeroed, it is closed. */
struct pg_link {
	struct loop *loop;
	/* From the loop: look at pg_link_opening, or pg_link_next. */
	void (*ready)(void *data);
	/* What the server says beside its answers. */
	void (*notice)(void *data, const char *message);
	void *data;

	struct watch watch;
	struct timer soon; /* calls ready where no descriptor will */
	void *conn;        /* libpq's; NULL: closed */
	void *result;      /* libpq's: the latest answer */
	short wanted;      /* while it opens: what libpq waits for */
	bool expects;      /* something was sent that is not yet answered to its end */
	bool unsent;       /* it could not even be sent */
};

enum pg_opening { PG_OPENING, PG_OPEN, PG_NOT_OPENED };

/* A keyword of libpq and its value. */
struct pg_option {
	const char *keyword;
	const char *value;
};

struct pg_options {
	LIST(struct pg_option) list;
};

/* The options of a connection string, as they are written there. NULL or libpq's complaint, which
 * may hold parts of the string. */
const char *pg_options_read(struct pg_options *options, const char *string, struct arena *arena);

/* The value of an option that is not empty, or NULL. */
const char *pg_option(const struct pg_options *options, const char *keyword);

/* Begins to open a connection to one server. The options name no host, or a hostaddr for it. */
void pg_link_open(struct pg_link *link, const struct pg_options *options);
enum pg_opening pg_link_opening(struct pg_link *link);
void pg_link_close(struct pg_link *link);

/* Whether it was lost; whatever was sent may have been executed. */
bool pg_link_is_lost(const struct pg_link *link);
/* Whether a transaction is open, failed or not. */
bool pg_link_in_transaction(const struct pg_link *link);
int pg_link_pid(const struct pg_link *link);

/* Send statements of our own, or one with parameters whose rows come one by one. What comes of
 * them, also a failure to send, is told by pg_link_next up to PG_END. */
void pg_link_send(struct pg_link *link, const char *statements);
void pg_link_send_one(struct pg_link *link, const char *statement,
		      const struct pg_parameters *parameters);

enum pg_answer {
	PG_WAIT, /* for more of it */
	PG_ROW,
	PG_DONE, /* a statement has ended well */
	PG_FAILED,
	PG_COPY, /* it wants to copy from or to us: only closing helps */
	PG_END,  /* of what was sent */
};

enum pg_answer pg_link_next(struct pg_link *link);

/* Of the latest answer. Columns and texts live until the next one. */
size_t pg_link_columns(const struct pg_link *link);
const char *pg_link_column(const struct pg_link *link, size_t column);
/* False: it is null. */
bool pg_link_cell(const struct pg_link *link, size_t column, unsigned *type, struct text *text);
/* "INSERT 0 5" */
const char *pg_link_command(const struct pg_link *link);
int64_t pg_link_affected(const struct pg_link *link);
/* Of PG_FAILED and PG_NOT_OPENED. */
void pg_link_words(const struct pg_link *link, struct pg_words *words, struct arena *arena);

/* ---- postgres_string.c ---- */

/* A server to try. */
struct pg_server {
	const char *host;    /* a name or the folder of a socket; NULL: libpq's default */
	const char *address; /* numeric; NULL: host must be resolved, unless it is a folder */
	const char *port;    /* NULL: libpq's default */
};

/* The refusal of a string that could not be read: it may be a good one. */
extern const char pg_no_memory[];

/* What a connection string says. */
struct pg_target {
	const char *refusal; /* why it cannot be used, or NULL; nothing of the string is in it */
	const char *dropped; /* a notice of what was not taken, or NULL */
	struct pg_options options; /* all but the servers and connect_timeout */
	LIST(struct pg_server) servers;
	int64_t connect_timeout; /* ns for each address; 0: none */
};

const struct pg_target *pg_target_read(const char *string, struct arena *arena);

/* ---- postgres_connect.c ---- */

/* A link on its way to be open: each server and each of its addresses, one after another. The
 * caller owns it and fills the first part. */
struct pg_connecting {
	struct pg_link *link; /* closed; its loop and calls are set when it is open */
	const struct pg_target *target;
	struct loop *loop;
	struct worker *worker;
	struct arena *arena; /* for messages and addresses */
	/* The last call, from the loop: the link is open, or closed and words say why. */
	void (*done)(void *data, const struct pg_words *words);
	void *data;

	bool running;
	size_t server;
	const char **addresses;
	size_t address_count, address;
	struct resolve_call resolve;
	struct timer timer;
	struct pg_words words; /* of the servers that failed so far */
};

void pg_connecting_start(struct pg_connecting *connecting);
/* `done` is not called any more; the link is closed. */
void pg_connecting_stop(struct pg_connecting *connecting);

/* ---- postgres_errand.c ---- */

/* A question on a second link. Zeroed, it does not run. */
struct pg_errand {
	struct pg_link link;
	struct pg_connecting connecting;
	struct arena *arena;
	bool running;
	int pid;              /* of the backend that it is about */
	bool cancel;          /* end its statement, when its blockers are known */
	bool ending;          /* that was asked for */
	const char *blockers; /* who holds what it waits for, or NULL; set by the answer */
};

/* connecting's first part but for link, done and data is filled by the caller. Whatever comes of
 * it, nobody is told. */
void pg_errand_start(struct pg_errand *errand, int pid, bool cancel);
void pg_errand_stop(struct pg_errand *errand);

/* ---- postgres_fate.c ---- */

/* For the beginning of a transaction: one row with its name, or null on a server that only reads.
 */
extern const char pg_fate_name[];

enum pg_fate_answer { PG_NOBODY_KNOWS, PG_WAS_COMMITTED, PG_WAS_ABORTED };

/* A question on a second link about a transaction, for 5 s at most. Zeroed, it does not run. The
 * caller fills name, known, data, and connecting's first part but for link, done and data. */
struct pg_fate {
	const char *name;
	void (*known)(void *data, enum pg_fate_answer answer); /* the last call */
	void *data;
	struct pg_link link;
	struct pg_connecting connecting;
	struct timer again, limit;
	enum pg_fate_answer answer;
	bool running;
	bool going_on; /* the server has not ended the transaction yet */
};

void pg_fate_start(struct pg_fate *fate);
/* `known` is not called any more. */
void pg_fate_stop(struct pg_fate *fate);

/* ---- postgres_session.c ---- */

struct pg_work;

/* The link of a connection string, for its calls one after another. */
struct pg_session {
	struct sql *sql;
	const char *string;
	const struct pg_target *target;
	bool told;           /* of what was dropped from the string */
	struct pg_link link; /* closed, or open and, without a current call, clean or cleaning */
	bool cleaning;       /* the last call's settings, locks and tables are being discarded */
	struct timer timer;  /* looks whether a call can begin; while cleaning: its limit */
	struct pg_work *current;
	struct pg_work *first; /* waiting, in order */
	struct pg_session *next;
};

struct sql {
	struct loop *loop;
	struct worker *worker;
	struct arena *arena;
	struct pg_session *sessions;
	struct pg_work *live; /* every call that was not yet told */
};

/* From now on the answers of the link are the session's, for its current call. */
void pg_session_take(struct pg_session *session);

/* The call has ended, or will not begin. keep: its link is in order and can serve another one. */
void pg_session_release(struct pg_session *session, struct pg_work *work, bool keep);

/* ---- postgres_begin.c, postgres_call.c ---- */

enum pg_phase {
	PG_WAITING, /* for the calls before it */
	PG_CONNECTING,
	PG_SETTING_UP,
	PG_EXECUTING,
	PG_COMMITTING,
	PG_ROLLING_BACK,
	PG_ASKING, /* what became of it */
	PG_ENDED,  /* and not yet told */
};

/* A call on its way. */
struct pg_work {
	struct pg_session *session; /* NULL: it was told, or its arena is gone */
	struct sql_call *call;
	struct arena *arena;
	struct pg_work *before, *after; /* in sql->live */
	struct pg_work *next;           /* in session->first */
	enum pg_phase phase;
	size_t index; /* of the statement */
	bool fresh;   /* the link was opened for this call */
	bool stopped; /* it ends early; result.failure says why */
	struct timer tell;
	struct timer deadline; /* once stopped: the grace */
	int64_t sent;          /* boot time, ns: of the statement */
	struct timer slow;     /* the statement has waited long: who blocks it? */
	struct pg_connecting connecting;
	struct pg_errand errand;
	const char *name; /* of its transaction on the server, or NULL */
	struct pg_fate fate;
	struct pg_words words; /* the first failure of what was sent last */
	bool writable;         /* a read-only transaction was made read-write */
	LIST(struct sql_cell) cells;
	size_t bytes; /* of the rows */
	struct sql_result result;
};

/* Whether all of its statements are one transaction. */
bool pg_work_is_transaction(const struct pg_work *work);

void pg_work_begin(struct pg_work *work);
/* Opens the link anew: it is closed. */
void pg_work_open(struct pg_work *work);
/* Sends statements of our own; their end is that of the phase. */
void pg_work_send(struct pg_work *work, enum pg_phase phase, const char *statements);
/* Its COMMIT was sent and will not be answered: asks the server on a second link what came of it,
 * where the transaction has a name, and ends. */
void pg_work_ask_fate(struct pg_work *work);
/* An answer to what it sent. */
void pg_work_answer(struct pg_work *work, enum pg_answer answer);
/* It has ended: `done` follows. keep: as for pg_session_release. */
void pg_work_finish(struct pg_work *work, bool keep);
/* Its arena, or the run's, is gone: it ends without a call. */
void pg_work_drop(void *work);

/* ---- postgres_stop.c ---- */

/* Name and version of the library. */
const char *pg_library(struct arena *arena);

/* Starts the time limits of a call, and of a statement that is sent next. */
void pg_stop_at_deadline(struct pg_work *work);
void pg_stop_watch_statement(struct pg_work *work);

/* Whether the server ended the statement because of its statement_timeout. */
bool pg_stop_was_slow(const struct pg_work *work);

/* For a statement that waited in vain: "blocked by pid 4711 (alice, psql, idle in transaction)", or
 * NULL. */
const char *pg_stop_blockers(const struct pg_work *work);

/* Ends a call before its time: asks the server to end what is executed, and waits for the answer
 * for a while. */
void pg_stop(struct pg_work *work, const struct io_failure *why);

/* What was executed when the call was stopped has ended: so does the call. */
void pg_stop_ended(struct pg_work *work);

#endif
