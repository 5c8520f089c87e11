/*
 * A later plan of the same document: which node is which, and what differs. Part of plan/plan.h,
 * which includes it.
 */
#ifndef PLAN_LATER_H
#define PLAN_LATER_H

#include "plan/plan.h"

/* Which node is which, by slot. */
struct plan_match {
	int32_t *was; /* of a node of the later plan the slot in the earlier one; PLAN_NONE: new */
	int32_t *now; /* of a node of the earlier plan the slot in the later one; PLAN_NONE: gone */
	bool *moved;  /* of a node of the later plan: it stood behind what now stands behind it */
};
/* Nodes are the same by id, by what is written, by name, or because they stand between the same
 * neighbours; only in the same list. */
struct plan_match plan_match(const struct plan *was, const struct plan *now, struct arena *arena);

/* What differs: of a step, or of a root key. */
struct plan_change {
	enum { PLAN_CHANGED, PLAN_ADDED, PLAN_REMOVED, PLAN_MOVED } kind;
	const struct plan_node *was, *now; /* NULL: it is new, it is gone; both: a root key */
	const struct source *source;       /* of a root key: its document */
	const char *key;                   /* of what has changed: "run", "http.headers" */
	const struct node *before, *after; /* its value; NULL: it is new, it is gone */
	bool all; /* a root key that counts for all steps, also for those that have run */
};
struct plan_changes {
	struct plan_change *at;
	size_t count, cap;
};
/* In the order of the later plan, then what is gone, then root keys. None: comments, layout. */
struct plan_changes plan_changes(const struct plan *was, const struct plan *now,
				 const struct plan_match *match, struct arena *arena);

/* The same of two nodes that are one, without what stands in them. */
struct plan_changes plan_changes_of(const struct plan_node *was, const struct plan_node *now,
				    struct arena *arena);
/* Whether it is a key that all steps have, not a field of a verb. */
bool plan_is_step_key(const char *name);

#endif
