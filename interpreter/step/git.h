/* The inside of the verb git: step/git.c asks, step/git_outputs.c tells what the answers say. */
#ifndef STEP_GIT_H
#define STEP_GIT_H

#include "base/list.h"
#include "step/internal.h"

/* One tag as `git ls-remote --tags` lists it. */
struct remote_tag {
	const char *name;
	const char *object;
	const char *commit; /* of an annotated tag; NULL */
};

/* What is known when all has been asked. */
struct git_known {
	const char *tag;               /* that was asked about, or NULL */
	const struct git_facts *facts; /* of the repository; NULL: only a remote was asked */
	LIST(struct remote_tag) remote;
	bool listed; /* the remote was asked for its tags */
};

extern const struct output git_outputs[];
/* outputs->data: the struct git_known. */
struct value git_output(const struct outputs *outputs, size_t index, struct arena *arena);

#endif
