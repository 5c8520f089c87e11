#include <libpq-fe.h>

#include <poll.h>
#include <string.h>

#include "base/bug.h"
#include "io/environment.h"
#include "io/postgres_internal.h"

#define OPTIONS_MAX 96 /* libpq knows about 40 */

/* ---- options ---- */

const char *pg_options_read(struct pg_options *options, const char *string, struct arena *arena)
{
	char *complaint = NULL;
	char **environment = environment_hide();
	PQconninfoOption *parsed = PQconninfoParse(string, &complaint);
	const char *copy = complaint ? arena_string(arena, complaint) : NULL;

	environment_restore(environment);
	for (PQconninfoOption *at = parsed; at && at->keyword; at++) {
		if (!at->val)
			continue;
		*list_add(&options->list,
			  arena) = (struct pg_option){ arena_string(arena, at->keyword),
						       arena_string(arena, at->val) };
	}
	PQconninfoFree(parsed);
	PQfreemem(complaint);
	return parsed ? NULL : copy ? copy : "no memory";
}

const char *pg_option(const struct pg_options *options, const char *keyword)
{
	for (size_t i = 0; i < options->list.count; i++) {
		const struct pg_option *option = &options->list.at[i];

		if (strcmp(option->keyword, keyword) == 0)
			return option->value[0] ? option->value : NULL;
	}
	return NULL;
}

/* ---- descriptors ---- */

/* The library opens and closes descriptors inside of most calls: after each the watch follows. */
static void rewatch(struct pg_link *link, short events)
{
	int fd = link->conn ? PQsocket(link->conn) : -1;

	if (fd != link->watch.fd || fd < 0)
		watch_stop(&link->watch);
	link->watch.fd = fd;
	link->watch.events = events;
	if (fd >= 0 && !link->watch.loop)
		watch_start(&link->watch, link->loop);
}

/* A part that could not be sent at once waits for room. */
static void rewatch_open(struct pg_link *link)
{
	rewatch(link, PQflush(link->conn) > 0 ? POLLIN | POLLOUT : POLLIN);
}

static void drop_notifications(PGconn *conn)
{
	PGnotify *notification;

	while ((notification = PQnotifies(conn)))
		PQfreemem(notification);
}

static void socket_ready(void *data, short events)
{
	struct pg_link *link = data;

	if (!link->wanted) {
		if (events & (POLLIN | POLLERR | POLLHUP))
			PQconsumeInput(link->conn);
		drop_notifications(link->conn);
		rewatch_open(link);
	}
	link->ready(link->data);
}

static void look_again(void *data)
{
	struct pg_link *link = data;

	link->ready(link->data);
}

/* ---- opening and closing ---- */

static void on_notice(void *data, const PGresult *result)
{
	struct pg_link *link = data;
	const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	char text[4096];

	if (!link->notice || !message)
		return;
	snprintf(text, sizeof(text), "%s: %s", severity ? severity : "NOTICE", message);
	link->notice(link->data, text);
}

void pg_link_open(struct pg_link *link, const struct pg_options *options)
{
	size_t count = options->list.count;
	const char *keywords[OPTIONS_MAX + 1], *values[OPTIONS_MAX + 1];
	char **environment;

	if (count > OPTIONS_MAX)
		bug("libpq has %zu options", count);
	for (size_t i = 0; i < count; i++) {
		keywords[i] = options->list.at[i].keyword;
		values[i] = options->list.at[i].value;
	}
	keywords[count] = values[count] = NULL;
	environment = environment_hide();
	link->conn = PQconnectStartParams(keywords, values, 0);
	environment_restore(environment);
	link->wanted = POLLOUT;
	link->watch = (struct watch){ .fd = -1, .ready = socket_ready, .data = link };
	link->soon = (struct timer){ .fire = look_again, .data = link };
	if (!link->conn) {
		timer_start(&link->soon, link->loop, 0);
		return;
	}
	PQsetNoticeReceiver(link->conn, on_notice, link);
	/* The codes of failures are only in the text, as long as there are no results. */
	PQsetErrorVerbosity(link->conn, PQERRORS_VERBOSE);
	if (PQstatus(link->conn) == CONNECTION_BAD)
		timer_start(&link->soon, link->loop, 0);
	else
		rewatch(link, link->wanted);
}

enum pg_opening pg_link_opening(struct pg_link *link)
{
	char **environment;
	PostgresPollingStatusType status;

	if (!link->conn || PQstatus(link->conn) == CONNECTION_BAD)
		return PG_NOT_OPENED;
	environment = environment_hide();
	status = PQconnectPoll(link->conn);
	environment_restore(environment);
	if (status == PGRES_POLLING_OK) {
		link->wanted = 0;
		PQsetnonblocking(link->conn, 1);
		rewatch(link, POLLIN);
		return PG_OPEN;
	}
	link->wanted = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
	rewatch(link, link->wanted);
	return status == PGRES_POLLING_FAILED ? PG_NOT_OPENED : PG_OPENING;
}

void pg_link_close(struct pg_link *link)
{
	watch_stop(&link->watch);
	timer_stop(&link->soon);
	PQclear(link->result);
	PQfinish(link->conn);
	link->result = link->conn = NULL;
	link->expects = link->unsent = false;
}

bool pg_link_is_lost(const struct pg_link *link)
{
	return PQstatus(link->conn) == CONNECTION_BAD;
}

bool pg_link_in_transaction(const struct pg_link *link)
{
	return PQtransactionStatus(link->conn) != PQTRANS_IDLE;
}

int pg_link_pid(const struct pg_link *link)
{
	return PQbackendPID(link->conn);
}

/* ---- sending ---- */

static void sent(struct pg_link *link, int good)
{
	link->expects = true;
	link->unsent = !good;
	rewatch_open(link);
	/* No descriptor will tell of it. */
	if (!good || !link->watch.loop)
		timer_start(&link->soon, link->loop, 0);
}

void pg_link_send(struct pg_link *link, const char *statements)
{
	sent(link, PQsendQuery(link->conn, statements));
}

void pg_link_send_one(struct pg_link *link, const char *statement,
		      const struct pg_parameters *parameters)
{
	int good = PQsendQueryParams(link->conn, statement, parameters->count, parameters->types,
				     parameters->values, NULL, NULL, 0);

	if (good)
		PQsetSingleRowMode(link->conn);
	sent(link, good);
}

/* ---- answers ---- */

static enum pg_answer answer_of(ExecStatusType status)
{
	switch (status) {
	case PGRES_SINGLE_TUPLE:
		return PG_ROW;
	case PGRES_EMPTY_QUERY:
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
		return PG_DONE;
	case PGRES_COPY_IN:
	case PGRES_COPY_OUT:
	case PGRES_COPY_BOTH:
		return PG_COPY;
	case PGRES_BAD_RESPONSE:
	case PGRES_NONFATAL_ERROR:
	case PGRES_FATAL_ERROR:
	case PGRES_PIPELINE_SYNC:
	case PGRES_PIPELINE_ABORTED:
		break;
	}
	return PG_FAILED;
}

enum pg_answer pg_link_next(struct pg_link *link)
{
	if (!link->conn || !link->expects || PQisBusy(link->conn))
		return PG_WAIT;
	PQclear(link->result);
	link->result = NULL;
	if (link->unsent) {
		link->unsent = false;
		return PG_FAILED;
	}
	link->result = PQgetResult(link->conn);
	rewatch_open(link);
	if (link->result)
		return answer_of(PQresultStatus(link->result));
	link->expects = false;
	return PG_END;
}

size_t pg_link_columns(const struct pg_link *link)
{
	return (size_t)PQnfields(link->result);
}

const char *pg_link_column(const struct pg_link *link, size_t column)
{
	return PQfname(link->result, (int)column);
}

bool pg_link_cell(const struct pg_link *link, size_t column, unsigned *type, struct text *text)
{
	int at = (int)column;

	*type = PQftype(link->result, at);
	*text = (struct text){ PQgetvalue(link->result, 0, at),
			       (size_t)PQgetlength(link->result, 0, at) };
	return !PQgetisnull(link->result, 0, at);
}

const char *pg_link_command(const struct pg_link *link)
{
	return PQcmdStatus(link->result);
}

int64_t pg_link_affected(const struct pg_link *link)
{
	return strtoll(PQcmdTuples(link->result), NULL, 10);
}

static const char *field(const struct pg_link *link, int code, struct arena *arena)
{
	const char *text = PQresultErrorField(link->result, code);

	return text ? arena_string(arena, text) : NULL;
}

void pg_link_words(const struct pg_link *link, struct pg_words *words, struct arena *arena)
{
	const char *position;

	if (!link->result || !PQresultErrorField(link->result, PG_DIAG_SQLSTATE)) {
		pg_words_read(words,
			      link->result ? PQresultErrorMessage(link->result)
					   : PQerrorMessage(link->conn),
			      arena);
		return;
	}
	position = PQresultErrorField(link->result, PG_DIAG_STATEMENT_POSITION);
	*words = (struct pg_words){
		.message = field(link, PG_DIAG_MESSAGE_PRIMARY, arena),
		.code = field(link, PG_DIAG_SQLSTATE, arena),
		.detail = field(link, PG_DIAG_MESSAGE_DETAIL, arena),
		.hint = field(link, PG_DIAG_MESSAGE_HINT, arena),
		.position = position ? strtoul(position, NULL, 10) : 0,
	};
}

const char *pg_library(struct arena *arena)
{
	int version = PQlibVersion();
	return arena_format(arena, "libpq %d.%d", version / 10000, version % 10000);
}
