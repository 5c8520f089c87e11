/* prune: old runs are removed from the store. */
#ifndef CLI_PRUNE_H
#define CLI_PRUNE_H

#include "cli/cli.h"

/*
 * Keeps the latest runs (`keep` of them) and removes what is older, of the document `only` or,
 * NULL, of all. Never removed are a run that an operator can still go on with (unfinished, waiting,
 * lost), one whose record is damaged, and the last good one of a document, which `run.last` names.
 * A run that never started records nothing, and is removed whatever its age;
 * not while it is being opened. One that somebody goes on with meanwhile stays. Says what was
 * removed. Gives the exit code.
 */
int prune(struct cli *cli, struct store *store, const char *only, size_t keep);

#endif
