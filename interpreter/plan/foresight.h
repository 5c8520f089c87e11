/*
 * What is known before a run: all steps bound with it, and the dry run that shows it. Part of
 * plan/plan.h, which includes it.
 */
#ifndef PLAN_FORESIGHT_H
#define PLAN_FORESIGHT_H

#include "plan/plan.h"

/* What becomes of a step, as far as it is known. */
enum fate {
	FATE_UNSEEN,
	FATE_SKIPPED, /* its condition is false, or that of something around it */
	FATE_OPEN,    /* a condition waits for the run, or fails */
	FATE_BEGINS   /* if nothing before it fails */
};

struct foreseen {
	enum fate fate;
	bool tolerated;                /* on_failure: continue, its own or of something around it */
	const char *cwd;               /* absolute; NULL: not known */
	LIST(struct failure) failures; /* each has a place */
	bool unrolled;                 /* a loop whose rounds are known */
};

/* What is known before a run. */
struct foreknown {
	const struct value *inputs; /* of the document, in their order; VALUE_UNKNOWN: not known */
	struct value last;          /* run.last; null: there is none */
	bool here;                  /* it will run on this machine: programs are looked for */
};

struct foresight {
	const struct plan *plan; /* own */
	struct plan own;         /* with the rounds of loops whose items are known */
	struct foreknown known;
	struct arena *arena;
	struct diags *diags;
	struct instances instances; /* those that are not reached have no scope */
	struct foreseen *at;        /* by slot */
	bool missing;               /* a program that some step starts is not there (yet) */
	bool changed;               /* a step that was looked at may write files */
	LIST(const struct plan_node *) undos; /* whose undo is still to be looked at */
};

/*
 * Binds all steps as their attempts will bind them, with what is known. What is wrong with a step
 * that the run must come to, if nothing fails before it, is an error; the run would have failed
 * there with the same words. Under a condition that is not known it is a warning. Undo, rollback
 * and finally count as the others: the day on which they are needed is a bad one to find it. Looks
 * whether files are there; touches nothing else outside.
 */
struct foresight *foresee(const struct plan *plan, const struct foreknown *known,
			  struct arena *arena, struct diags *diags);

/* ---- the dry run --------------------------------------------------------------------------- */

/*
 * Every step in order with its final text, its effect, what bounds it and what undoes it, and why
 * it would fail; what only a run can know is shown as <...>. Evaluates only what is pure; touches
 * nothing outside.
 */
void forecast_print(struct buffer *out, const struct foresight *foresight);

#endif
