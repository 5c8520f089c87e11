/* version: which program this is. */

#include "cli/cli.h"

int command_version(struct cli *cli)
{
	(void)cli;
	cli_out(TEXT("runbook " RUNBOOK_VERSION "\n"));
	return EXIT_DONE;
}
