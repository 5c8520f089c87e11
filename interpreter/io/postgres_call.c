#include <string.h>

#include "io/postgres_internal.h"

bool pg_work_is_transaction(const struct pg_work *work)
{
	return work->call->transaction || work->call->read_only;
}

/* ---- the end ---- */

static void forget(struct pg_work *work)
{
	struct sql *sql = work->session->sql;

	if (work->before)
		work->before->after = work->after;
	else
		sql->live = work->after;
	if (work->after)
		work->after->before = work->before;
	work->session = NULL;
	work->call->own = NULL;
}

static void tell(void *data)
{
	struct pg_work *work = data;
	struct sql_call *call = work->call;

	forget(work);
	call->done(call->data, &work->result);
}

static void stop_timers(struct pg_work *work)
{
	pg_errand_stop(&work->errand);
	pg_fate_stop(&work->fate);
	pg_connecting_stop(&work->connecting);
	timer_stop(&work->deadline);
	timer_stop(&work->slow);
	timer_stop(&work->tell);
}

void pg_work_finish(struct pg_work *work, bool keep)
{
	stop_timers(work);
	work->phase = PG_ENDED;
	if (work->result.failure.class == IO_NONE)
		work->result.cells = work->cells.at;
	work->tell = (struct timer){ .fire = tell, .data = work };
	timer_start(&work->tell, work->session->sql->loop, 0);
	pg_session_release(work->session, work, keep);
}

void pg_work_drop(void *data)
{
	struct pg_work *work = data;
	struct pg_session *session = work->session;

	if (!session)
		return;
	stop_timers(work);
	forget(work);
	if (work->phase != PG_ENDED)
		pg_session_release(session, work, false);
}

static void fail(struct pg_work *work, enum io_class class, const char *message)
{
	work->result.failure = (struct io_failure){ class, NULL, message };
}

/* With what the server said of the answer that just ended. */
static void fail_with_words(struct pg_work *work)
{
	const struct pg_words *words = &work->words;
	static const struct pg_words lost = { .message = "the connection to the server was lost" };

	if (!words->message)
		words = &lost;
	work->result.failure = pg_words_failure(words, pg_link_is_lost(&work->session->link));
	if (pg_stop_was_slow(work))
		work->result.failure.class = IO_TIMEOUT;
	work->result.detail = words->detail ? words->detail : pg_stop_blockers(work);
	work->result.hint = words->hint;
	work->result.position = words->position;
}

void pg_work_send(struct pg_work *work, enum pg_phase phase, const char *statements)
{
	work->phase = phase;
	work->words = (struct pg_words){ 0 };
	pg_link_send(&work->session->link, statements);
}

/* Of a failure: what was done is undone before it is told. */
static void roll_back(struct pg_work *work)
{
	if (pg_link_is_lost(&work->session->link))
		pg_work_finish(work, false);
	else if (!pg_link_in_transaction(&work->session->link))
		pg_work_finish(work, true);
	else
		pg_work_send(work, PG_ROLLING_BACK, "ROLLBACK");
}

/* ---- statements ---- */

/* The statement's text, or NULL when it must not be sent; then the call has failed. */
static const char *check_statement(struct pg_work *work, const struct sql_statement *statement)
{
	const char *text = arena_copy(work->arena, statement->text.ptr, statement->text.len);

	if (strlen(text) != statement->text.len)
		fail(work, IO_REFUSED, "a NUL byte cannot stand in a statement");
	else if (pg_work_is_transaction(work) && pg_ends_transaction(text))
		fail(work, IO_REFUSED, "the statement would end the transaction");
	else
		return text;
	return NULL;
}

static void commit(struct pg_work *work)
{
	work->result.phase = SQL_COMMIT;
	/* What only read has nothing to commit; and whoever found a way to write has not written.
	 */
	pg_work_send(work, PG_COMMITTING,
		     work->call->read_only ? "SHOW transaction_read_only;ROLLBACK" : "COMMIT");
}

static void next_statement(struct pg_work *work)
{
	const struct sql_statement *statement = &work->call->statements[work->index];
	struct pg_parameters parameters;
	const char *text, *refusal = NULL;

	if (work->index == work->call->count) {
		if (pg_work_is_transaction(work))
			commit(work);
		else
			pg_work_finish(work, true);
		return;
	}
	work->result.phase = SQL_STATEMENT;
	work->result.statement = work->index;
	text = check_statement(work, statement);
	if (text && !pg_parameters(statement, work->arena, &parameters, &refusal))
		fail(work, IO_REFUSED, refusal);
	if (!text || refusal) {
		roll_back(work);
		return;
	}
	work->phase = PG_EXECUTING;
	work->words = (struct pg_words){ 0 };
	work->errand.blockers = NULL;
	pg_stop_watch_statement(work); /* ahead of the server's clock */
	pg_link_send_one(&work->session->link, text, &parameters);
}

/* ---- rows ---- */

static bool is_last(const struct pg_work *work)
{
	return work->phase == PG_EXECUTING && work->index + 1 == work->call->count;
}

static void note_columns(struct pg_work *work)
{
	struct sql_result *result = &work->result;
	size_t count = pg_link_columns(&work->session->link);
	const char **names = arena_array(work->arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++)
		names[i] = arena_string(work->arena, pg_link_column(&work->session->link, i));
	result->columns = names;
	result->column_count = count;
}

static void add_row(struct pg_work *work)
{
	const struct pg_link *link = &work->session->link;
	const struct sql_call *call = work->call;

	if (!work->result.columns)
		note_columns(work);
	for (size_t i = 0; i < work->result.column_count; i++) {
		struct sql_cell *cell = list_add(&work->cells, work->arena);
		unsigned type;
		struct text text;

		if (pg_link_cell(link, i, &type, &text))
			*cell = pg_cell(type, text, work->arena);
		work->bytes += text.len > SQL_CELL_BYTES ? text.len : SQL_CELL_BYTES;
	}
	work->result.row_count++;
	if (work->result.row_count > call->max_rows || work->bytes > call->max_bytes) {
		const struct io_failure why = { IO_RESOURCE, NULL,
						arena_format(work->arena,
							     "more than %zu rows or %zu bytes",
							     call->max_rows, call->max_bytes) };

		pg_stop(work, &why);
	}
}

static bool changes_rows(const char *command)
{
	static const char *const commands[] = { "INSERT", "UPDATE", "DELETE", "MERGE" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strncmp(command, commands[i], strlen(commands[i])) == 0)
			return true;
	}
	return false;
}

/* ---- answers ---- */

static void statement_done(struct pg_work *work)
{
	const struct pg_link *link = &work->session->link;
	unsigned type;
	struct text text;

	if (is_last(work)) {
		if (!work->result.columns)
			note_columns(work);
		if (changes_rows(pg_link_command(link)))
			work->result.affected = pg_link_affected(link);
	} else if (work->phase == PG_SETTING_UP && pg_link_columns(link)) {
		if (pg_link_cell(link, 0, &type, &text))
			work->name = arena_text(work->arena, text).ptr;
	} else if (work->phase == PG_COMMITTING && pg_link_columns(link)) {
		work->writable = pg_link_cell(link, 0, &type, &text) && text_is(text, "off");
	} else if (work->phase == PG_COMMITTING && !work->call->read_only &&
		   strcmp(pg_link_command(link), "COMMIT") != 0) {
		work->words.message = "the transaction had failed and was rolled back";
		work->words.class = IO_SQL;
	}
}

static void setup_ended(struct pg_work *work)
{
	bool lost = pg_link_is_lost(&work->session->link);

	if (lost && !work->fresh) {
		/* It died while idle; nothing was executed. */
		pg_link_close(&work->session->link);
		pg_work_open(work);
	} else if (lost || work->words.message) {
		fail_with_words(work);
		roll_back(work);
	} else {
		next_statement(work);
	}
}

static void statement_ended(struct pg_work *work)
{
	bool lost = pg_link_is_lost(&work->session->link);
	bool transaction = pg_work_is_transaction(work);

	timer_stop(&work->slow);
	if (work->stopped) {
		pg_stop_ended(work);
	} else if (lost || work->words.message) {
		fail_with_words(work);
		work->result.unsure = lost && !transaction;
		roll_back(work);
	} else if (pg_link_in_transaction(&work->session->link) != transaction) {
		fail(work, IO_REFUSED,
		     transaction ? "the statement ended the transaction"
				 : "the statement began a transaction and left it open");
		roll_back(work);
	} else {
		work->index++;
		next_statement(work);
	}
}

static void commit_ended(struct pg_work *work)
{
	bool lost = pg_link_is_lost(&work->session->link);

	work->stopped = false; /* too late */
	work->result.failure.class = IO_NONE;
	if (work->call->read_only && work->writable) {
		fail(work, IO_REFUSED, "a statement made the read-only transaction read-write");
	} else if (lost || work->words.message) {
		fail_with_words(work);
		work->result.unsure = lost && !work->call->read_only;
	}
	if (work->result.unsure)
		pg_work_ask_fate(work);
	else
		pg_work_finish(work, true);
}

static void fate_known(void *data, enum pg_fate_answer answer)
{
	struct pg_work *work = data;
	const struct sql_call *call = work->call;

	if (answer != PG_NOBODY_KNOWS)
		work->result.unsure = false;
	if (answer == PG_WAS_COMMITTED) {
		work->result.failure = (struct io_failure){ 0 };
		work->result.detail = work->result.hint = NULL;
		if (call->notice)
			call->notice(call->data,
				     "the connection was lost in the COMMIT; the server "
				     "says that it was committed");
	}
	pg_work_finish(work, false);
}

void pg_work_ask_fate(struct pg_work *work)
{
	struct pg_session *session = work->session;

	pg_link_close(&session->link);
	if (!work->name) {
		pg_work_finish(work, false);
		return;
	}
	work->phase = PG_ASKING;
	work->fate.name = work->name;
	work->fate.known = fate_known;
	work->fate.data = work;
	work->fate.connecting = (struct pg_connecting){
		.target = session->target,
		.loop = session->sql->loop,
		.worker = session->sql->worker,
		.arena = work->arena,
	};
	pg_fate_start(&work->fate);
}

static void rollback_ended(struct pg_work *work)
{
	pg_work_finish(work, !work->words.message);
}

void pg_work_answer(struct pg_work *work, enum pg_answer answer)
{
	static void (*const ended[])(struct pg_work *) = {
		[PG_SETTING_UP] = setup_ended,
		[PG_EXECUTING] = statement_ended,
		[PG_COMMITTING] = commit_ended,
		[PG_ROLLING_BACK] = rollback_ended,
	};

	switch (answer) {
	case PG_WAIT:
		return;
	case PG_ROW:
		if (is_last(work) && !work->stopped)
			add_row(work);
		return;
	case PG_DONE:
		statement_done(work);
		return;
	case PG_FAILED:
		if (!work->words.message)
			pg_link_words(&work->session->link, &work->words, work->arena);
		return;
	case PG_COPY:
		fail(work, IO_REFUSED, "COPY from or to the client has nobody to talk to");
		pg_work_finish(work, false);
		return;
	case PG_END:
		ended[work->phase](work);
		return;
	}
}
