/* Whether a transaction whose COMMIT was sent and not answered was committed: the server knows. */
#include "io/postgres_internal.h"

#define ASK_AGAIN (200 * NS_PER_MS)
#define ASK_LIMIT (5 * NS_PER_S)

/* Number and time line: after a fail-over the same number may be another transaction's. */
const char pg_fate_name[] =
	"SELECT CASE WHEN NOT pg_catalog.pg_is_in_recovery() THEN pg_catalog.concat("
	"pg_catalog.txid_current(), ' ', pg_catalog.left(pg_catalog.pg_walfile_name("
	"pg_catalog.pg_current_wal_lsn()), 8)) END";
static const char ask_fate[] =
	"select case when pg_catalog.left(pg_catalog.pg_walfile_name("
	"pg_catalog.pg_current_wal_lsn()), 8) = pg_catalog.split_part($1, ' ', 2) then"
	" pg_catalog.txid_status(pg_catalog.split_part($1, ' ', 1)::bigint) end";

static void open_link(void *data);

static void tell(struct pg_fate *fate)
{
	pg_fate_stop(fate);
	fate->known(fate->data, fate->answer);
}

static void look_again(struct pg_fate *fate)
{
	pg_link_close(&fate->link);
	fate->again.fire = open_link;
	timer_start(&fate->again, fate->connecting.loop, ASK_AGAIN);
}

static void take(struct pg_fate *fate)
{
	unsigned type;
	struct text text;

	if (!pg_link_cell(&fate->link, 0, &type, &text))
		return;
	fate->going_on = text_is(text, "in progress");
	if (text_is(text, "committed"))
		fate->answer = PG_WAS_COMMITTED;
	else if (text_is(text, "aborted"))
		fate->answer = PG_WAS_ABORTED;
}

static void ready(void *data)
{
	struct pg_fate *fate = data;
	enum pg_answer answer;

	while ((answer = pg_link_next(&fate->link)) != PG_WAIT) {
		if (answer == PG_ROW)
			take(fate);
		if (answer != PG_END)
			continue;
		if (fate->going_on)
			look_again(fate);
		else
			tell(fate);
		return;
	}
}

static void opened(void *data, const struct pg_words *words)
{
	struct pg_fate *fate = data;
	const struct sql_cell name = { .kind = SQL_TEXT, .text = text_of(fate->name) };
	const struct sql_statement statement = { .params = &name, .param_count = 1 };
	struct pg_parameters parameters;
	const char *refusal;

	if (words) { /* it may be starting again */
		look_again(fate);
		return;
	}
	fate->going_on = false;
	fate->link.ready = ready;
	fate->link.data = fate;
	if (pg_parameters(&statement, fate->connecting.arena, &parameters, &refusal))
		pg_link_send_one(&fate->link, ask_fate, &parameters);
}

static void open_link(void *data)
{
	struct pg_fate *fate = data;

	fate->connecting.link = &fate->link;
	fate->connecting.done = opened;
	fate->connecting.data = fate;
	pg_connecting_start(&fate->connecting);
}

static void limit_passed(void *data)
{
	tell(data);
}

void pg_fate_start(struct pg_fate *fate)
{
	fate->running = true;
	fate->answer = PG_NOBODY_KNOWS;
	fate->limit = (struct timer){ .fire = limit_passed, .data = fate };
	fate->again = (struct timer){ .fire = open_link, .data = fate };
	timer_start(&fate->limit, fate->connecting.loop, ASK_LIMIT);
	timer_start(&fate->again, fate->connecting.loop, 0);
}

void pg_fate_stop(struct pg_fate *fate)
{
	if (!fate->running)
		return;
	fate->running = false;
	timer_stop(&fate->limit);
	timer_stop(&fate->again);
	pg_connecting_stop(&fate->connecting);
	pg_link_close(&fate->link);
}
