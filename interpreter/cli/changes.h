/* changes: what has changed in documents, for people. */
#ifndef CLI_CHANGES_H
#define CLI_CHANGES_H

#include "cli/cli.h"

/* "step 2 'two' (doc.yaml:6): run was 'false', is 'true'", a text for each step or key; of more
 * than most the last says how many are left out. Values are cut, and passwords in them masked. */
struct strings changes_texts(const struct cli *cli, const struct plan *was,
			     const struct plan_changes *changes, size_t most);

#endif
