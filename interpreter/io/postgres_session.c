#include <string.h>

#include "io/postgres_internal.h"

/* ---- cleaning ---- */

static void look(void *data);

static void look_soon(struct pg_session *session)
{
	session->timer.fire = look;
	timer_start(&session->timer, session->sql->loop, 0);
}

static void close_link(struct pg_session *session)
{
	pg_link_close(&session->link);
	session->cleaning = false;
	look_soon(session);
}

static void clean_timed_out(void *data)
{
	close_link(data);
}

/* What one call has set, locked, prepared or made for its session is none of the next one's. */
static void clean(struct pg_session *session)
{
	session->cleaning = true;
	pg_link_send(&session->link, "DISCARD ALL");
	session->timer.fire = clean_timed_out;
	timer_start(&session->timer, session->sql->loop, POSTGRES_CONNECT_TIMEOUT);
}

static void clean_answer(struct pg_session *session, enum pg_answer answer)
{
	if (answer == PG_FAILED) {
		close_link(session);
	} else if (answer == PG_END) {
		session->cleaning = false;
		look_soon(session);
	}
}

/* ---- answers ---- */

static void ready(void *data)
{
	struct pg_session *session = data;
	enum pg_answer answer;

	while ((answer = pg_link_next(&session->link)) != PG_WAIT) {
		if (session->current)
			pg_work_answer(session->current, answer);
		else
			clean_answer(session, answer);
	}
	/* One that dies while nobody uses it is opened anew by the next call. */
	if (!session->current && session->link.conn && pg_link_is_lost(&session->link))
		close_link(session);
}

static void notice(void *data, const char *message)
{
	struct pg_session *session = data;
	const struct sql_call *call = session->current ? session->current->call : NULL;

	if (call && call->notice)
		call->notice(call->data, message);
}

void pg_session_take(struct pg_session *session)
{
	session->link.ready = ready;
	session->link.notice = notice;
	session->link.data = session;
}

/* ---- calls ---- */

static void look(void *data)
{
	struct pg_session *session = data;
	struct pg_work *work = session->first;

	if (session->current || session->cleaning || !work)
		return;
	session->first = work->next;
	session->current = work;
	pg_work_begin(work);
}

static void remove_waiting(struct pg_session *session, const struct pg_work *work)
{
	struct pg_work **at = &session->first;

	while (*at && *at != work)
		at = &(*at)->next;
	if (*at)
		*at = work->next;
}

void pg_session_release(struct pg_session *session, struct pg_work *work, bool keep)
{
	if (session->current != work) {
		remove_waiting(session, work);
		return;
	}
	session->current = NULL;
	if (session->link.conn && keep && !pg_link_is_lost(&session->link) &&
	    !pg_link_in_transaction(&session->link))
		clean(session);
	else
		close_link(session);
}

/* ---- the driver's table ---- */

static struct pg_session *session_of(struct sql *sql, const char *string)
{
	struct pg_session *session = sql->sessions;

	while (session && strcmp(session->string, string) != 0)
		session = session->next;
	if (session)
		return session;
	session = arena_new(sql->arena, struct pg_session);
	*session = (struct pg_session){
		.sql = sql,
		.string = arena_string(sql->arena, string),
		.target = pg_target_read(string, sql->arena),
		.next = sql->sessions,
	};
	session->timer = (struct timer){ .fire = look, .data = session };
	sql->sessions = session;
	return session;
}

static void execute(struct sql *sql, struct sql_call *call, struct arena *arena)
{
	struct pg_work *work = arena_new(arena, struct pg_work);
	struct pg_work **end;

	*work = (struct pg_work){
		.session = session_of(sql, call->connection),
		.call = call,
		.arena = arena,
		.after = sql->live,
	};
	if (sql->live)
		sql->live->before = work;
	sql->live = work;
	call->own = work;
	arena_defer(arena, pg_work_drop, work);
	pg_stop_at_deadline(work);
	for (end = &work->session->first; *end;)
		end = &(*end)->next;
	*end = work;
	if (!work->session->cleaning)
		look_soon(work->session);
}

static void cancel(struct sql_call *call)
{
	const struct io_failure why = { IO_CANCELLED, NULL, "cancelled" };

	if (call->own)
		pg_stop(call->own, &why);
}

static void close_all(void *data)
{
	struct sql *sql = data;

	while (sql->live)
		pg_work_drop(sql->live);
	for (struct pg_session *session = sql->sessions; session; session = session->next) {
		pg_link_close(&session->link);
		timer_stop(&session->timer);
	}
}

static struct sql *open_sql(struct loop *loop, struct worker *worker, struct arena *arena)
{
	struct sql *sql = arena_new(arena, struct sql);

	*sql = (struct sql){ .loop = loop, .worker = worker, .arena = arena };
	arena_defer(arena, close_all, sql);
	return sql;
}

const struct sql_driver postgres_driver = { open_sql, execute, cancel, pg_library };
