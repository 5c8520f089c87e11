/* usual: how long runs of a document and their steps took. */
#ifndef CLI_USUAL_H
#define CLI_USUAL_H

#include "record/record.h"
#include "report/report.h"

/* From the last runs of the document at that real path that went well in one go, in the store's
 * arena; NULL: there are none. What cannot be read is passed over: nothing depends on it. */
const struct report_usual *usual_find(struct store *store, const char *path);

#endif
