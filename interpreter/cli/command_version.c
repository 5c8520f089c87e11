/* version: which program this is, and with what it works. */

#include "cli/cli.h"
#include "io/io.h"

int command_version(struct cli *cli)
{
	static const char *const drivers[] = { "http", "postgres", "sqlite", "git", "verify" };
	struct buffer out;
	buffer_init(&out, cli->arena);
	buffer_puts(&out, "runbook " RUNBOOK_VERSION "\n");
	if (cli->libs || cli->verbose) {
		buffer_printf(&out, "  %-9s libyaml %s\n", "yaml", yaml_version());
		buffer_printf(&out, "  %-9s PCRE2 %s\n", "regex", regex_version(cli->arena));
		for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
			buffer_printf(&out, "  %-9s %s\n", drivers[i],
				      driver_library(drivers[i], cli->arena));
	}
	cli_out(buffer_text(&out));
	return EXIT_DONE;
}
