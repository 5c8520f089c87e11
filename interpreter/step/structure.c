/* group, parallel and call: plan/expand makes nodes of them, so they have rows and no start. */

#include "step/internal.h"

struct structure_args {
	const char *title;
	const char *runbook;
	const struct node *steps;
	const struct node *with;
};

static const struct field group_fields[] = {
	STRING(struct structure_args, title, .flags = FIELD_LITERAL,
	       .doc = "What the steps do together."),
	NODE(struct structure_args, steps, .form = "list of steps", .flags = FIELD_REQUIRED,
	     .doc = "The steps."),
	{ 0 },
};

static const struct field call_fields[] = {
	STRING(struct structure_args, runbook, .flags = FIELD_LITERAL | FIELD_REQUIRED,
	       .doc = "Path of a runbook, relative to this document."),
	NODE(struct structure_args, with, .form = "map of inputs to values",
	     .doc = "Its inputs by name."),
	{ 0 },
};

extern const struct step_type step_group, step_parallel, step_call;

const struct step_type step_group = {
	.name = "group",
	.main = "title",
	.summary = "Several steps under one title.",
	.kind = STEP_KIND_GROUP,
	.fields = group_fields,
	.size = sizeof(struct structure_args),
	.example = "- group: Deployment\n  steps:\n    - run: \"true\"",
};

const struct step_type step_parallel = {
	.name = "parallel",
	.main = "title",
	.summary = "Several steps at the same time, under one title.",
	.kind = STEP_KIND_PARALLEL,
	.fields = group_fields,
	.size = sizeof(struct structure_args),
	.example = "- parallel: Checks\n  steps:\n    - run: \"true\"\n    - run: \"true\"",
};

const struct step_type step_call = {
	.name = "call",
	.main = "runbook",
	.summary = "Run another runbook as a part of this run.",
	.kind = STEP_KIND_CALL,
	.fields = call_fields,
	.size = sizeof(struct structure_args),
	.example = "- call: ./called.yaml",
};
