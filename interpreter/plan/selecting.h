/* What select.c and select_names.c share. */
#ifndef PLAN_SELECTING_H
#define PLAN_SELECTING_H

#include "plan/plan.h"

/* A part while it is made. */
struct selecting {
	const struct plan *plan;
	const struct plan_selection *selection;
	struct arena *arena;
	struct plan_faults *faults;
	bool *choices; /* by slot: it can be chosen */
	uint8_t *by;   /* by slot: the options by which it does not run */
	int32_t start; /* slot of start_at; PLAN_NONE */
	bool started;  /* the walk has come to it */
	struct plan_selection made;
};

/* Whether all that is named can be chosen; finds `start`. False: faults were added. */
bool names_check(struct selecting *selecting);
void nothing_left(struct selecting *selecting);

#endif
