/* What looks at a plan before it runs shares. */
#ifndef PLAN_FORESEE_H
#define PLAN_FORESEE_H

#include "plan/internal.h"

/* Whose failures are told, while a step or a scope is looked at. */
struct teller {
	struct foresight *foresight;
	const struct plan_node *node; /* NULL: of the document */
};

struct foreseen *seen(struct foresight *foresight, const struct plan_node *node);

/* A field_wrong: an error where the run must come to it, else a warning. data: a struct teller. */
void tell(void *data, const struct failure *failure);

/* What a key names must be there: now, or once an earlier step has run. */
void path_see(struct teller *teller, const char *what, const char *path, const char *key,
	      struct span written);

/* Files that its verb reads or makes; args: bound, as far as they are known. */
void files_see(struct teller *teller, const void *args);

/* The programs that the step starts. */
void programs_see(struct teller *teller, const struct expr_scope *names);

#endif
