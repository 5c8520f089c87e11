/* Secrets are read from where they are kept, never from the command line: env:VARIABLE, file:PATH,
 * cmd:COMMAND. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "cli/cli.h"
#include "io/io.h"

#define SECRET_MAX (64u << 10)      /* bytes of a secret */
#define SECRET_TIME (60 * NS_PER_S) /* of a command that gives one */

/*
 * Reads a secret from a variable or a file (less one line end at its end). A command is only read,
 * not run: *command is then its words, NULL otherwise. False after a complaint.
 */
bool secret_read(const struct cli *cli, const char *name, const char *from, struct text *secret,
		 const char *const **command);

/* A command that gives a secret, and its limits. */
struct secret_command {
	const char *const *words; /* NULL behind the last */
	int64_t time;             /* ns */
	size_t max;               /* bytes of its output */
};
/*
 * Runs it without a shell, in our environment and folder, stdin /dev/null; a signal ends it. Gives
 * its standard output less one line end, and NULL; or why there is no secret, with the class of
 * the failure in brackets. What the command printed stands in that only where it is no part of
 * its standard output.
 */
const char *secret_run(struct loop *loop, const struct secret_command *command, struct arena *arena,
		       struct text *secret);

#endif
