/* again: runs that have stopped go on, to be finished or to be rolled back. */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "cli/cli.h"
#include "run/run.h"

/* The run that the command line names, as its journal tells of it. */
struct past_run {
	struct arena *arena;
	struct run_folder folder;
	struct state state;
	const char *secrets; /* " --secret NAME=..." of the command that began it or went on with it
			      */
	struct value opened; /* data of run.opened, with the documents with which it went on */
	bool closed;         /* its last event says how it ended: status, else "" */
	const char *status;
	bool opening;            /* nothing but how it was opened is recorded */
	bool rolling_back;       /* its rollback has begun, and no good end of it is recorded */
	const struct plan *plan; /* of the documents that it has kept; NULL: not read yet */
	LIST(struct run_loop_opened) loops;
};
/* Without an operand the newest run. 0, or the exit code after a complaint: also of a run without a
 * record, of which nothing was executed. */
int past_run_find(struct cli *cli, struct past_run *past);

/* One of which nothing was executed: after a complaint the exit code. held: somebody begins it. */
int past_run_refuse_empty(const struct cli *cli, const struct past_run *past, bool held);

/* Reads its documents, as it has kept them. 0, or the exit code after a complaint. */
int past_run_plan(struct cli *cli, struct past_run *past);

/* The plan by which it goes on: that of the documents that it has kept, or, where they have changed
 * and the operator accepts it, of what they are now; then *again says what. NULL: *exit, after a
 * complaint. A rollback goes by what was kept unless it is told otherwise, and says so. */
const struct plan *past_run_changed(struct cli *cli, const struct past_run *past,
				    struct run_again *again, int *exit);

/* Goes on with it, with its documents, its inputs, its secrets from their source. The exit code. */
int past_run_go_on(struct cli *cli, struct past_run *past, const struct run_again *again);

#endif
