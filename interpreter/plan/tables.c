/* Every table of the format that is no verb's, by name. */

#include "plan/internal.h"

const struct plan_table plan_tables[] = {
	{ "runbook", runbook_rows, "The root keys of a runbook." },
	{ "library", library_rows, "The root keys of a library." },
	{ "fragment", fragment_rows, "The root keys of a fragment." },
	{ "requires", requires_rows, "What must be there before anything runs." },
	{ "import", import_rows, "A library under a name." },
	{ "inputs", input_rows, "The properties of an input." },
	{ "defaults", defaults_rows, "What holds for all steps that do work." },
	{ "step", step_key_rows, "The keys of all steps that may hold ${{ }}." },
	{ "step keys", step_node_rows,
	  "The keys of all steps that are understood when the plan is made." },
	{ "undo", undo_rows, "How a step is reversed." },
	{ "for_each", for_each_rows, "How a step is repeated for each item of a list." },
	{ "assert", assertion_rows, "An assertion with a message of its own." },
	{ "retry", retry_rows,
	  "How often, how long and for which failures an attempt is made again." },
	{ "rollback", rollback_rows, "When and how to go back." },
	{ "conditions", condition_rows, "One condition of a rollback." },
	{ "library step", library_step_rows, "A step that a library declares." },
	{ "outputs", output_rows, "One thing that is handed on, with what it is." },
	{ NULL, NULL, NULL },
};
