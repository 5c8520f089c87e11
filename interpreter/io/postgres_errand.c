#include "io/postgres_internal.h"

static const char ask_blockers[] =
	"select string_agg(format('pid %s (%s)', pid, concat_ws(', ', usename,"
	" nullif(application_name, ''), state)), ', ' order by pid)"
	" from pg_catalog.pg_stat_activity where pid = any (pg_catalog.pg_blocking_pids($1))";
static const char ask_end[] = "select pg_catalog.pg_cancel_backend($1)";

static void ask(struct pg_errand *errand, const char *question)
{
	const struct sql_cell pid = { .kind = SQL_INT, .integer = errand->pid };
	const struct sql_statement statement = { .params = &pid, .param_count = 1 };
	struct pg_parameters parameters;
	const char *refusal;

	if (pg_parameters(&statement, errand->arena, &parameters, &refusal))
		pg_link_send_one(&errand->link, question, &parameters);
}

static void take_blockers(struct pg_errand *errand)
{
	unsigned type;
	struct text text;

	if (!errand->ending && pg_link_cell(&errand->link, 0, &type, &text))
		errand->blockers = arena_copy(errand->arena, text.ptr, text.len);
}

/* Once the statement is ended, nobody blocks it any more: that is asked for first. */
static void answered(struct pg_errand *errand)
{
	if (!errand->cancel || errand->ending) {
		pg_errand_stop(errand);
		return;
	}
	errand->ending = true;
	ask(errand, ask_end);
}

static void ready(void *data)
{
	struct pg_errand *errand = data;
	enum pg_answer answer;

	while ((answer = pg_link_next(&errand->link)) != PG_WAIT) {
		if (answer == PG_ROW)
			take_blockers(errand);
		if (answer == PG_END)
			answered(errand);
	}
}

static void opened(void *data, const struct pg_words *words)
{
	struct pg_errand *errand = data;

	if (words) {
		errand->running = false;
		return;
	}
	errand->link.ready = ready;
	errand->link.data = errand;
	ask(errand, ask_blockers);
}

void pg_errand_start(struct pg_errand *errand, int pid, bool cancel)
{
	pg_errand_stop(errand);
	errand->running = true;
	errand->pid = pid;
	errand->cancel = cancel;
	errand->ending = false;
	errand->arena = errand->connecting.arena;
	errand->connecting.link = &errand->link;
	errand->connecting.done = opened;
	errand->connecting.data = errand;
	pg_connecting_start(&errand->connecting);
}

void pg_errand_stop(struct pg_errand *errand)
{
	if (!errand->running)
		return;
	errand->running = false;
	pg_connecting_stop(&errand->connecting);
	pg_link_close(&errand->link);
}
