/* What the commands write: results on standard output, complaints on standard error. */

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"

static int out_error; /* of the first result that could not be written */

/* Whoever closed the pipe has seen enough; a result that is lost otherwise is a failure. */
void cli_out(struct text text)
{
	int error = file_write_all(STDOUT_FILENO, text);
	if (error && error != EPIPE)
		out_error = error;
}

int *cli_out_error(void)
{
	return &out_error;
}

int cli_end(const struct cli *cli, int exit)
{
	if (!out_error || exit)
		return exit;
	cli_complain(cli, NULL, "cannot write the result: %s", strerror(out_error));
	return EXIT_STORE;
}

/* --color, NO_COLOR, FORCE_COLOR, the terminal: the first that speaks decides. */
bool cli_color(const struct cli *cli, int fd)
{
	const char *term = getenv("TERM");
	const char *no = getenv("NO_COLOR"), *force = getenv("FORCE_COLOR");
	if (cli->color != COLOR_AUTO)
		return cli->color == COLOR_ALWAYS;
	if (no && *no)
		return false;
	if (force && *force && strcmp(force, "0") != 0)
		return true;
	return isatty(fd) && term && *term && strcmp(term, "dumb") != 0;
}

bool cli_interactive(const struct cli *cli)
{
	const char *ci = getenv("CI");
	return !cli->no_input && !(ci && *ci) && isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

int cli_complain(const struct cli *cli, const char *hint, const char *format, ...)
{
	struct buffer out;
	va_list args;
	buffer_init(&out, cli->arena);
	buffer_puts(&out, "runbook: ");
	va_start(args, format);
	text_neutralise(&out, text_of(arena_vformat(cli->arena, format, args)), false);
	va_end(args);
	buffer_putc(&out, '\n');
	if (hint)
		buffer_printf(&out, "  = hint: %s\n", hint);
	file_write_all(STDERR_FILENO, buffer_text(&out));
	return EXIT_USAGE;
}

void cli_print_diags(const struct cli *cli, struct diags *diags)
{
	struct diag_style style = { .color = cli_color(cli, STDERR_FILENO),
				    .width = 100,
				    .most = cli->verbose ? 0 : 20 };
	bool json = cli->progress == PROGRESS_JSON;
	struct buffer out;
	if (!diags->first)
		return;
	buffer_init(&out, cli->arena);
	diags_sort(diags);
	for (const struct diag *diag = json ? diags->first : NULL; diag; diag = diag->next)
		diag_print_json(&out, diag);
	if (!json)
		diags_print(&out, diags, &style);
	if (json)
		cli_out(buffer_text(&out));
	else
		file_write_all(STDERR_FILENO, buffer_text(&out));
}

const struct plan *cli_plan(struct cli *cli, const char *name, const struct plan_reader *reader,
			    struct diags *diags)
{
	diags_init(diags, cli->arena);
	const struct plan *plan = plan_make(name, reader, cli->arena, diags);
	cli_print_diags(cli, diags);
	return plan;
}

int cli_store(struct cli *cli, struct store *store)
{
	struct store_error error;
	if (store_look(store, cli->state, cli->arena, &error))
		return 0;
	cli_complain(cli, error.hint, "%s", error.message);
	return EXIT_STORE;
}
