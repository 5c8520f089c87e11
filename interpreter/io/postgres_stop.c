#include <string.h>

#include "io/postgres_internal.h"

static const char query_canceled[] = "57014", lock_not_available[] = "55P03";

/* ---- who blocks a statement, and its end by the server ---- */

static void start_errand(struct pg_work *work, bool cancel)
{
	const struct sql *sql = work->session->sql;

	work->errand.connecting = (struct pg_connecting){
		.target = work->session->target,
		.loop = sql->loop,
		.worker = sql->worker,
		.arena = work->arena,
	};
	pg_errand_start(&work->errand, pg_link_pid(&work->session->link), cancel);
}

static void is_slow(void *data)
{
	start_errand(data, false);
}

/* Whoever blocks it can only be asked for while it waits: before the server gives up. */
void pg_stop_watch_statement(struct pg_work *work)
{
	work->sent = loop_now(work->session->sql->loop);
	work->slow = (struct timer){ .fire = is_slow, .data = work };
	if (work->call->lock_timeout > 0 && !work->stopped)
		timer_start(&work->slow, work->session->sql->loop, work->call->lock_timeout / 2);
}

bool pg_stop_was_slow(const struct pg_work *work)
{
	int64_t limit = work->call->statement_timeout;

	return work->words.code && strcmp(work->words.code, query_canceled) == 0 && limit > 0 &&
	       loop_now(work->session->sql->loop) - work->sent >= limit;
}

const char *pg_stop_blockers(const struct pg_work *work)
{
	const char *code = work->words.code;

	if (!code || (strcmp(code, lock_not_available) != 0 && strcmp(code, query_canceled) != 0) ||
	    !work->errand.blockers)
		return NULL;
	return arena_format(work->arena, "blocked by %s", work->errand.blockers);
}

/* ---- the end of a call before its time ---- */

/* Nobody knows what became of a statement whose end was not waited for; a transaction that was not
 * yet to be committed never will be. */
static void grace_passed(void *data)
{
	struct pg_work *work = data;
	bool committing = work->phase == PG_COMMITTING;

	work->result.unsure = !work->call->read_only &&
			      (committing || !pg_work_is_transaction(work));
	if (work->result.unsure && committing)
		pg_work_ask_fate(work);
	else
		pg_work_finish(work, false);
}

static void wait_for_end(struct pg_work *work)
{
	work->deadline.fire = grace_passed;
	timer_start(&work->deadline, work->session->sql->loop, POSTGRES_CANCEL_GRACE);
}

void pg_stop(struct pg_work *work, const struct io_failure *why)
{
	if (work->stopped || work->phase == PG_ENDED)
		return;
	work->stopped = true;
	if (work->phase == PG_ROLLING_BACK || work->phase == PG_ASKING) {
		pg_work_finish(work, false);
		return;
	}
	work->result.failure = *why;
	switch (work->phase) {
	case PG_EXECUTING:
		timer_stop(&work->slow);
		start_errand(work, true);
		wait_for_end(work);
		return;
	case PG_COMMITTING:
		wait_for_end(work);
		return;
	case PG_WAITING:
	case PG_CONNECTING:
	case PG_SETTING_UP:
	case PG_ROLLING_BACK:
	case PG_ASKING:
	case PG_ENDED:
		break;
	}
	pg_work_finish(work, false);
}

/* It was ended because we asked for it. */
static bool is_ours(const struct pg_words *words)
{
	return words->code && strcmp(words->code, query_canceled) == 0;
}

void pg_stop_ended(struct pg_work *work)
{
	bool lost = pg_link_is_lost(&work->session->link);
	bool transaction = pg_work_is_transaction(work);
	bool last = work->index + 1 == work->call->count;
	bool over = work->result.failure.class == IO_RESOURCE;

	work->result.detail = pg_stop_blockers(work);
	if (lost) {
		work->result.unsure = !transaction;
	} else if (work->words.message && !is_ours(&work->words)) {
		work->result.failure = pg_words_failure(&work->words, false);
		work->result.detail = work->words.detail;
		work->result.hint = work->words.hint;
		work->result.position = work->words.position;
	} else if (!work->words.message && !transaction && last && !over) {
		work->result.failure.class = IO_NONE;
	}
	pg_work_finish(work, false);
}

static void deadline_passed(void *data)
{
	struct pg_work *work = data;
	const struct io_failure why = { IO_TIMEOUT, NULL, "the time for the step has passed" };

	pg_stop(work, &why);
}

void pg_stop_at_deadline(struct pg_work *work)
{
	struct loop *loop = work->session->sql->loop;

	work->deadline = (struct timer){ .fire = deadline_passed, .data = work };
	if (work->call->deadline)
		timer_start(&work->deadline, loop, work->call->deadline - loop_now(loop));
}
