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
	bool idle; /* GOING: nothing runs, and what has not begun needs something elsewhere */
};

/* How the members of a list are walked. */
struct walk {
	const struct decide *decide;
	uint64_t since; /* what is older has not run */
	uint64_t base;  /* the same of the section, library step or call around all groups: the
			   steps that are needed stand in it */
	bool all;       /* a failure does not end it */
	bool stopping;
	int32_t failed; /* a step beside or around whose failure lets nothing new begin; -1 */
	int32_t dead;   /* a failure, where nothing is left that could do what is needed; -1 */
};

/* A walk over a list that stands in nothing that runs. */
struct walk walk_begin(const struct decide *decide, uint64_t since, bool all, bool stopping);

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

/* decide.c: whether what is recorded of a step asks for its undo, if the run is rolled back. */
bool undo_is_wanted(const struct decide *decide, const struct plan_node *node);

/* ---- between walk.c and walk_graph.c ------------------------------------------------------- */

struct progress walk_node(const struct walk *walk, const struct plan_node *node);
/* A list of which some member does not wait for all that stand before it. */
struct progress walk_graph(const struct walk *walk, const struct plan_node *head);
/* Where the walk over a list begins, and that the members before next need no more walking. */
int32_t walk_from(const struct walk *walk, const struct plan_node *head);
void walk_pass(const struct walk *walk, const struct plan_node *head, int32_t next);
/* The walk over the list within a structure. */
struct walk walk_into(const struct walk *walk, const struct plan_node *node);
const struct step_state *step_state_of(const struct walk *walk, int32_t slot);
/* Its status, if it is young enough to count. */
enum step_status status_of(const struct walk *walk, int32_t slot);
/* What is not known before what has failed, and that before what has not begun; of two failures the
 * earlier one. */
struct progress progress_worse(const struct walk *walk, struct progress first,
			       struct progress next);

#endif
