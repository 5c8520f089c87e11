/* show: what the two halves of the command share. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include "cli/cli.h"

struct showing {
	struct cli *cli;
	struct run_folder folder;
	struct state state;
	const char *secrets;    /* " --secret NAME=..." of the command that began it or went on */
	bool opening;           /* nothing but how it was opened is recorded */
	struct value documents; /* of run.opened */
	struct sink sink;
	int32_t slot; /* of the step that is shown; -1: the whole run */
	bool rounds;  /* it is a for_each: its rounds are told too */
};

/* One step: its line, what it did, its attempts, its log. Gives the exit code. */
int show_step(struct showing *showing, const char *word);
void show_events(struct showing *showing);

#endif
