/*
 * A part of a runbook: which of its `steps` a run leaves out. Part of plan/plan.h, which includes
 * it.
 */
#ifndef PLAN_SELECT_H
#define PLAN_SELECT_H

#include "plan/plan.h"

/*
 * What was said on the command line. `only` and `tags` choose: together what either chooses, all
 * where neither is said. Of what is chosen `start_at` leaves out what stands before that step in
 * the document, and `skip` what it names. A group or call stands for all that is in it, and what
 * is in it keeps it open; a library step is chosen as a whole.
 */
struct plan_selection {
	struct strings only, skip; /* ids; of a called runbook CALL.STEP */
	struct strings tags;
	const char *start_at; /* id, or NULL */
	/* Of plan_select: */
	size_t steps, left_out; /* those that can be chosen, and those of them that do not run */
};

/* Why there is no such part. */
struct plan_fault {
	const char *message;
	const char *hint;
};
struct plan_faults {
	struct plan_fault *at;
	size_t count, cap;
};

/* The plan of which the nodes that do not run say so. NULL: *faults says why. */
const struct plan *plan_select(const struct plan *plan, const struct plan_selection *selection,
			       struct arena *arena, struct plan_faults *faults);

/* RB0270 of what is still evaluated and needs what a step that is left out would give. */
bool plan_select_check(const struct plan *plan, struct arena *arena, struct diags *diags);

#endif
