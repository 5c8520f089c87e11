/* A run with its screen, its store and its operator. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/module.h"
#include "cli/cli.h"
#include "cli/console.h"
#include "cli/inputs.h"
#include "cli/usual.h"
#include "report/report.h"
#include "run/run.h"

#define FRAME_TIME (100 * NS_PER_MS)

static const struct source *document(void *data, const char *name)
{
	const struct plan *plan = data;
	for (size_t i = 0; i < plan->document_count; i++)
		if (strcmp(plan->documents[i]->name, name) == 0)
			return plan->documents[i];
	return NULL;
}

/* A block that is redrawn needs a terminal that obeys. */
static bool wants_terminal(const struct cli *cli)
{
	const char *term = getenv("TERM"), *ci = getenv("CI");
	if (cli->progress != PROGRESS_AUTO || cli->quiet)
		return cli->progress == PROGRESS_TTY && !cli->quiet;
	return isatty(STDERR_FILENO) && term && *term && strcmp(term, "dumb") != 0 && !(ci && *ci);
}

static void draw_frame(void *data)
{
	struct session *session = data;
	terminal_frame(session->terminal);
	timer_start(&session->frame, session->loop, FRAME_TIME);
}

static struct sink report_open(struct session *session)
{
	struct cli *cli = session->cli;
	union {
		const struct plan *plan;
		void *data;
	} plan = { .plan = session->plan };
	struct report_options options = {
		.error = cli_out_error(),
		.fd = STDERR_FILENO,
		.color = cli_color(cli, STDERR_FILENO),
		.verbose = cli->verbose,
		.quiet = cli->quiet || cli->progress == PROGRESS_QUIET,
		.source = document,
		.data = plan.data,
	};
	if (cli->progress == PROGRESS_JSON) {
		options.fd = STDOUT_FILENO;
		return report_json(&options, cli->arena);
	}
	if (!wants_terminal(cli))
		return report_plain(&options, cli->arena);
	options.usual = usual_find(&session->store, session->plan->path);
	session->terminal = report_terminal(&options, &clock_system, cli->arena);
	session->frame = (struct timer){ .fire = draw_frame, .data = session };
	timer_start(&session->frame, session->loop, FRAME_TIME);
	return terminal_sink(session->terminal);
}

static void screen_open(struct session *session)
{
	struct cli *cli = session->cli;
	session->sink = report_open(session);
	if (!cli_interactive(cli))
		return;
	session->console = console_new(session->sink, session->loop, cli_color(cli, STDERR_FILENO),
				       cli->arena);
	session->sink = console_sink(session->console);
}

/* Programs and drivers that are not there are told before the first side effect. */
static int surroundings_check(struct session *session)
{
	struct cli *cli = session->cli;
	const char *const *missing = run_missing_programs(session->plan, cli->arena);
	int exit = 0;
	for (; *missing; missing++)
		exit = cli_complain(cli, "Install it, or mend PATH.",
				    "program '%s' is required and not on PATH", *missing);
	for (const char *const *driver = session->plan->drivers; *driver; driver++) {
		const char *error;
		if (strcmp(*driver, "git") != 0 && !module_open(*driver, cli->arena, &error))
			exit = cli_complain(cli, NULL, "%s", error);
	}
	return exit;
}

/* What is known to fail is told before the first side effect. A rollback is of a run that has had
 * some. */
static bool foresees_no_failure(struct cli *cli, const struct plan *plan, const struct given *given)
{
	struct arena arena;
	struct diags diags;
	if (value_is(cli->values_again, VALUE_MAP))
		return true;
	arena_init(&arena);
	diags_init(&diags, cli->arena);
	const struct foreknown known = { given->values, given->last, .here = true };
	/* What an earlier step may still make is told too: of a program it is mostly a typing
	 * error. */
	if (foresee(plan, &known, &arena, &diags)->missing || diags.errors)
		cli_print_diags(cli, &diags);
	arena_done(&arena);
	return diags.errors == 0;
}

int session_open(struct session *session, struct cli *cli, const struct plan *plan)
{
	struct io_failure failure;
	*session = (struct session){ .cli = cli, .plan = plan };
	int exit = surroundings_check(session);
	if (exit)
		return exit;
	bool good = cli_approve(cli, plan);
	exit = cli_inputs(cli, plan, false, &session->given);
	if (exit)
		return exit;
	if (!good || !foresees_no_failure(cli, plan, &session->given))
		return EXIT_USAGE;
	struct store_error error;
	if (!store_open(&session->store, cli->state, cli->arena, &error)) {
		cli_complain(cli, error.hint, "%s", error.message);
		return EXIT_STORE;
	}
	if (session->store.notice && !cli->quiet)
		cli_complain(cli, NULL, "warning: %s", session->store.notice);
	session->loop = loop_open(&clock_system, cli->arena, &failure);
	if (!session->loop) {
		cli_complain(cli, NULL, "%s", failure.message);
		return EXIT_STORE;
	}
	return inputs_run_commands(cli, plan, session->loop, &session->given) ? 0 : EXIT_USAGE;
}

int session_ask(struct session *session)
{
	struct cli *cli = session->cli;
	const struct plan *plan = session->plan;
	if (!cli_approve_texts(cli, plan, &session->given, session->past))
		return EXIT_USAGE;
	if (inputs_are_asked_for(plan, &session->given)) {
		int exit = inputs_ask(cli, plan, session->loop, &session->given);
		if (exit)
			return exit;
		if (!foresees_no_failure(cli, plan, &session->given) ||
		    !cli_approve_texts(cli, plan, &session->given, session->past))
			return EXIT_USAGE;
	}
	screen_open(session);
	return 0;
}

/* Secrets on the command line are only named there; the words can be recorded as they are. */
void session_setup(struct session *session, struct run_setup *setup)
{
	struct cli *cli = session->cli;
	struct mask *mask = mask_new(cli->arena);
	const struct plan_scope *scope = session->plan->scopes[0];
	for (size_t i = 0; i < scope->input_count; i++) {
		struct value value = session->given.values[i];
		if (!scope->inputs[i].secret || !value_is(value, VALUE_STRING))
			continue;
		if (!mask_add(mask, value_text(value)) && !mask_is_full(mask))
			cli_complain(cli, "Choose one of at least 8 characters.",
				     "warning: secret '%s' is too short to be masked in output",
				     scope->inputs[i].name);
	}
	*setup = (struct run_setup){
		.plan = session->plan,
		.store = &session->store,
		.loop = session->loop,
		.arena = cli->arena,
		.mask = mask,
		.inputs = session->given.values,
		.sources = session->given.sources,
		.from = session->given.from ? session->given.from->run.id : NULL,
		.command = cli->words,
		.secrets = cli->secret,
		.cwd = cli->cwd ? cli->cwd : "",
		.approve = cli->approve,
		.evidence = cli->evidence,
		.interactive = session->console != NULL,
		.lock_timeout = cli->lock_timeout,
		.jobs = (size_t)cli->jobs,
		.sinks = &session->sink,
		.sink_count = 1,
	};
}

int session_run(struct session *session, struct engine *engine)
{
	if (session->console)
		console_attach(session->console, engine);
	int exit = run_loop(engine);
	if (session->terminal)
		terminal_clear(session->terminal);
	timer_stop(&session->frame);
	struct store_error error = run_store_error(engine);
	if (exit == EXIT_STORE || error.message)
		cli_complain(session->cli, error.hint, "%s",
			     error.message ? error.message : "the store cannot be used");
	return exit;
}

int session_refused(struct session *session, int exit, const char *message, const char *hint)
{
	cli_complain(session->cli, hint, "%s", message);
	return exit;
}
