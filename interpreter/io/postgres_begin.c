#include "io/postgres_internal.h"

static void set_up(struct pg_work *work)
{
	const struct sql_call *call = work->call;
	const char *set = pg_work_is_transaction(work) ? "SET LOCAL" : "SET";
	struct buffer out;

	work->result.phase = SQL_BEGIN;
	buffer_init(&out, work->arena);
	if (pg_work_is_transaction(work))
		buffer_puts(&out, call->read_only ? "BEGIN READ ONLY;" : "BEGIN;");
	/* Texts of times and numbers as postgres_column.c reads them. */
	buffer_printf(&out, "%s datestyle = 'ISO';%s extra_float_digits = 3", set, set);
	if (call->lock_timeout > 0)
		buffer_printf(&out, ";%s lock_timeout = %lld", set,
			      (long long)((call->lock_timeout + NS_PER_MS - 1) / NS_PER_MS));
	if (call->statement_timeout > 0)
		buffer_printf(&out, ";%s statement_timeout = %lld", set,
			      (long long)((call->statement_timeout + NS_PER_MS - 1) / NS_PER_MS));
	if (pg_work_is_transaction(work) && !call->read_only)
		buffer_printf(&out, ";%s", pg_fate_name);
	pg_work_send(work, PG_SETTING_UP, buffer_string(&out));
}

static void connected(void *data, const struct pg_words *words)
{
	struct pg_work *work = data;

	if (!words) {
		pg_session_take(work->session);
		set_up(work);
		return;
	}
	work->result.failure = pg_words_failure(words, true);
	work->result.detail = words->detail;
	work->result.hint = words->hint;
	pg_work_finish(work, false);
}

void pg_work_open(struct pg_work *work)
{
	const struct sql *sql = work->session->sql;

	work->phase = PG_CONNECTING;
	work->result.phase = SQL_CONNECT;
	work->fresh = true;
	work->connecting = (struct pg_connecting){
		.link = &work->session->link,
		.target = work->session->target,
		.loop = sql->loop,
		.worker = sql->worker,
		.arena = work->arena,
		.done = connected,
		.data = work,
	};
	pg_connecting_start(&work->connecting);
}

static void tell_what_was_dropped(struct pg_work *work)
{
	struct pg_session *session = work->session;

	if (session->target->dropped && !session->told && work->call->notice)
		work->call->notice(work->call->data, session->target->dropped);
	session->told = true;
}

void pg_work_begin(struct pg_work *work)
{
	const char *refusal = work->session->target->refusal;

	if (refusal) {
		io_fail(&work->result.failure, work->arena,
			refusal == pg_no_memory ? IO_RESOURCE : IO_REFUSED,
			"the connection string cannot be used: %s", refusal);
		pg_work_finish(work, false);
		return;
	}
	tell_what_was_dropped(work);
	if (work->session->link.conn)
		set_up(work);
	else
		pg_work_open(work);
}
