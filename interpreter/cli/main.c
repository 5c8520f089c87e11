/* runbook: from the words of the command line to a command. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "cli/cli.h"
#include "io/io.h"

/* Whoever started us may have closed the standard descriptors: a file that took one of their
 * numbers would be written to as if it were the screen. */
static void open_standard(void)
{
	int fd;
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Of abort(). What is recorded is whole: nothing is done here but to end. */
static void end_as_internal(int signal)
{
	(void)signal;
	_exit(EXIT_INTERNAL);
}

static void catch_abort(void)
{
	const struct sigaction action = { .sa_handler = end_as_internal };
	sigaction(SIGABRT, &action, NULL);
}

/* All is told, and the exit code is to say the same: a signal that comes now has come too late. */
static void ignore_signals(void)
{
	static const int late[] = { SIGINT, SIGTERM, SIGHUP };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
		sigaction(late[i], &ignore, NULL);
}

static int go_to_folder(struct cli *cli)
{
	char cwd[4096];
	if (cli->folder && chdir(cli->folder) != 0)
		return cli_complain(cli, NULL, "cannot go to '%s': %s", cli->folder,
				    strerror(errno));
	if (getcwd(cwd, sizeof(cwd)))
		cli->cwd = arena_string(cli->arena, cwd);
	return EXIT_DONE;
}

static int cli_main(struct cli *cli)
{
	if (!cli_read(cli))
		return EXIT_USAGE;
	if (cli->version)
		return command_version(cli);
	if (!cli->command || cli->help)
		return command_help(cli);
	if (!command_check_operands(cli))
		return EXIT_USAGE;
	int exit = go_to_folder(cli);
	return exit ? exit : cli->command->run(cli);
}

int main(int argc, char **argv)
{
	struct arena arena;
	if (argc == 2 && strcmp(argv[1], "--worker") == 0)
		return worker_serve(worker_services);
	open_standard();
	catch_abort();
	arena_init(&arena);
	struct cli cli = { .arena = &arena };
	const char **words = arena_array(&arena, const char *, (size_t)argc + 1);
	for (int i = 0; i < argc; i++)
		words[i] = argv[i];
	cli.words = words;
	int exit = cli_end(&cli, cli_main(&cli));
	ignore_signals();
	arena_done(&arena);
	return exit;
}
