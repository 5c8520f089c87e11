/* inputs: what the files that read the inputs of a run share. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "cli/cli.h"

/* Where a value comes from: as it is recorded, and before a complaint about it. */
struct origin {
	const char *source; /* "flag" */
	const char *where;  /* "more.yaml:3: ", or "" */
};

/* Takes a value that is no text of the command line. False after a complaint. */
bool inputs_take_value(const struct cli *cli, const struct plan_scope *scope, size_t index,
		       struct value value, const struct origin *origin, struct given *given);

/* The run that --from names. */
struct given_from {
	struct run_folder run;
	struct run_end end;
};
/* Finds it, for given->from; NULL: none is named. 0, or the exit code after a
 * complaint. */
int inputs_from_find(struct cli *cli, struct given *given);
/* Its outputs, for the inputs of their names. False after complaints. */
bool inputs_from_take(const struct cli *cli, const struct plan_scope *scope, struct given *given);

/* given->last: as it is now, or as the run that goes on has recorded it. 0, or the exit code after
 * a complaint. */
int inputs_last_find(struct cli *cli, const struct plan *plan, struct given *given);

#endif
