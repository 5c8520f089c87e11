/* A library as those who use it see it: what plan keeps of a library that was given by itself. */
#ifndef PLAN_LIBRARY_H
#define PLAN_LIBRARY_H

struct plan_library_step {
	const char *name;           /* as the library calls it */
	const char *main;           /* the input that a text fills, or NULL */
	const char *description;    /* or NULL */
	const char *example;        /* steps as a user writes them, or NULL */
	const struct input *inputs; /* of its own, in the order written */
	size_t input_count;
	const struct node *effect; /* as written; NULL: the greatest of its steps */
	int32_t slot;              /* of its expansion, in which its inputs are unknown */
};

struct plan_library {
	const char *name;
	const char *description;    /* or NULL */
	const struct input *inputs; /* of all its steps, in the order written */
	size_t input_count;
	const struct plan_library_step *steps; /* in the order written */
	size_t step_count;
};

#endif
