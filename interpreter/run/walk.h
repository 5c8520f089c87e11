/* What decide.c and walk.c share: how far something is. */
#ifndef RUN_WALK_H
#define RUN_WALK_H

#include "run/run.h"

enum progress_kind {
	GOING, /* intent says what is next */
	DONE,
	BROKEN, /* failed; culprit says where */
	UNSURE, /* lost: its outcome is not known; culprit says where */
	STOPPED /* not begun, because the run is stopping */
};

struct progress {
	enum progress_kind kind;
	struct intent intent;
	int32_t culprit;
};

/* How the members of a list are walked. */
struct walk {
	const struct decide *decide;
	uint64_t since; /* what is older has not run */
	bool all;       /* a failure does not end it */
	bool stopping;
};

struct progress progress_going(enum intent_kind kind, int32_t slot);
struct progress progress_done(void);
/* kind: BROKEN, UNSURE or STOPPED. */
struct progress progress_badly(enum progress_kind kind, int32_t culprit);
/* due: ms since run.opened; 0: until something happens. */
struct progress progress_wait(int64_t due);

/* The members of a list, of which head is the parent. */
struct progress walk_list(const struct walk *walk, const struct plan_node *head);
/* A called runbook: its sections in order. */
struct progress walk_call(const struct walk *walk, const struct plan_node *node);

#endif
