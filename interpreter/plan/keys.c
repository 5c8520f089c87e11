/* The keys that all steps have: the grammar of a step beside its verb. */

#include "plan/internal.h"

/* Keys whose values may hold templates: bound at each attempt. */
const struct field step_key_rows[] = {
	STRING(struct step_keys, name, .flags = FIELD_NO_SECRET,
	       .doc = "Shown everywhere; default: the verb and its text."),
	STRING(struct step_keys, note, .flags = FIELD_NO_SECRET,
	       .doc = "Text shown to the operator before the step."),
	STRING(struct step_keys, cwd, .doc = "Folder in which its commands run."),
	PAIRS(struct step_keys, env, .flags = FIELD_ENVIRONMENT,
	      .doc = "Environment of every command that the step starts."),
	DURATION(struct step_keys, timeout, .min = NS_PER_MS, .max = PLAN_MAX_TIMEOUT,
		 .doc = "Limit of one attempt; of a group for all of it."),
	{ 0 },
};

static const char *const failures[] = { "stop", "continue", "ask", NULL };
static const char *const crashes[] = { "rerun", "ask", "skip", NULL };

const struct field step_node_rows[] = {
	NODE(struct step_nodes, id, .form = "name",
	     .doc = "Name for expressions and the command line; unique in the document."),
	NODE(struct step_nodes, when, .form = "CEL, bool",
	     .doc = "CEL, bool: false skips the step."),
	NODE(struct step_nodes, needs, .form = "list of ids",
	     .doc = "List of ids: waits for these only, not for all that stand before it; []: for "
		    "none."),
	NODE(struct step_nodes, for_each, .form = "CEL, list, or map",
	     .doc = "CEL, list: the step runs for each 'item'; {items, parallel}: so many at "
		    "once."),
	NODE(struct step_nodes, assert, .form = "list of CEL, bool, or maps",
	     .doc = "List of CEL over the outputs, or {that, message, hint, severity}."),
	NODE(struct step_nodes, capture, .form = "map of names to CEL",
	     .doc = "Names and CEL over the outputs, kept for later steps."),
	NODE(struct step_nodes, effect, .choices = effect_names,
	     .doc = "none, read, write or destructive; default: the verb's own."),
	NODE(struct step_nodes, retry, .form = "int or map",
	     .doc = "Attempts in all, or the map that 'runbook explain retry' tells."),
	NODE(struct step_nodes, undo, .form = "list of steps, or map",
	     .doc = "Steps that reverse this one; {after: any, steps: [...]}."),
	NODE(struct step_nodes, done_when, .form = "step",
	     .doc = "A step that only looks, tried first and again on resume: when it succeeds, "
		    "this "
		    "one is done."),
	NODE(struct step_nodes, preview, .form = "what the verb takes",
	     .doc = "The verb's harmless variant, which 'plan --probe' runs in its place."),
	CHOICE(struct step_nodes, on_failure, .choices = failures, .flags = FIELD_LITERAL,
	       .doc = "What a failure of the step means to the run; default: stop."),
	CHOICE(struct step_nodes, on_crash, .choices = crashes, .flags = FIELD_LITERAL,
	       .doc = "What resume does with a lost attempt; default: rerun if it only reads, else "
		      "ask."),
	STRINGS(struct step_nodes, tags, .flags = FIELD_LITERAL,
		.doc = "Names by which '--tag' of run and plan chooses the step, in 'steps'."),
	BOOL(struct step_nodes, sensitive, .flags = FIELD_LITERAL,
	     .doc = "true: output is neither shown nor stored."),
	{ 0 },
};

/* What a group may have of all these (FORMAT.md section 6). */
static const char *const structure_keys[] = {
	"name", "id",  "note",    "when",       "needs", "for_each",
	"env",  "cwd", "timeout", "on_failure", "undo",  NULL,
};

static bool table_has(const struct field *rows, struct text name)
{
	for (; rows->name; rows++)
		if (text_is(name, rows->name))
			return true;
	return false;
}

bool plan_is_step_key(const char *name)
{
	return table_has(step_key_rows, text_of(name)) || table_has(step_node_rows, text_of(name));
}

/* The mappings of the format, for a key that stands in a wrong one. */
static const struct place {
	const char *what;
	const struct field *rows;
} places[] = {
	{ "defaults", defaults_rows }, { "a step", step_key_rows },
	{ "a step", step_node_rows },  { "for_each", for_each_rows },
	{ "retry", retry_rows },       { "the root of a runbook", runbook_rows },
	{ "rollback", rollback_rows }, { "an input", input_rows },
	{ "requires", requires_rows },
};

const char *key_elsewhere(struct text name)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (table_has(places[i].rows, name))
			return places[i].what;
	for (const struct step_type *const *type = step_types; *type; type++)
		if ((*type)->fields && table_has((*type)->fields, name))
			return (*type)->name;
	return NULL;
}

bool kind_check(struct planner *planner, const struct node *node, enum node_kind kind,
		const char *key, const char *form)
{
	static const char *const wanted[] = {
		[NODE_SCALAR] = "text",
		[NODE_LIST] = "list",
		[NODE_MAP] = "map",
	};
	if (node->kind == (uint8_t)kind && !node_is_empty(node))
		return true;
	diag_at(planner->diags, node->span, RB0102, "'%s': expected %s; found %s", key,
		wanted[kind], node_kind_name(node));
	diag_hint(planner->diags, "Write: %s: %s", key, form);
	return false;
}

bool step_is_key(struct text name)
{
	return table_has(step_key_rows, name) || table_has(step_node_rows, name);
}

bool structure_is_key(struct text name)
{
	for (const char *const *key = structure_keys; *key; key++)
		if (text_is(name, *key))
			return true;
	return false;
}

size_t step_key_names(const char **names, bool structure)
{
	const struct field *const tables[] = { step_key_rows, step_node_rows };
	size_t count = 0;
	for (size_t i = 0; i < 2; i++)
		for (const struct field *row = tables[i]; row->name; row++)
			if (!structure || structure_is_key(text_of(row->name)))
				names[count++] = row->name;
	return count;
}
