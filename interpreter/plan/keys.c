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
	DURATION(struct step_keys, timeout,
		 .doc = "Limit of one attempt; of a group for all of it."),
	{ 0 },
};

/* Keys that are understood when the plan is made. */
struct step_nodes {
	const struct node *id, *when, *assert, *capture, *retry, *undo, *on_failure, *on_crash,
		*sensitive, *effect;
};

const struct field step_node_rows[] = {
	NODE(struct step_nodes, id,
	     .doc = "Name for expressions and the command line; unique in the document."),
	NODE(struct step_nodes, when, .doc = "CEL, bool: false skips the step."),
	NODE(struct step_nodes, assert,
	     .doc = "List of CEL over the outputs, or {that, message, hint, severity}."),
	NODE(struct step_nodes, capture,
	     .doc = "Names and CEL over the outputs, kept for later steps."),
	NODE(struct step_nodes, effect,
	     .doc = "none, read, write or destructive; default: the verb's own."),
	NODE(struct step_nodes, retry,
	     .doc = "Attempts in all, or {attempts, every, backoff, max_every, jitter, within, on, "
		    "when}."),
	NODE(struct step_nodes, undo,
	     .doc = "Steps that reverse this one; {after: any, steps: [...]}."),
	NODE(struct step_nodes, on_failure, .doc = "stop, continue or ask."),
	NODE(struct step_nodes, on_crash,
	     .doc = "rerun, ask or skip: what resume does with a lost attempt."),
	NODE(struct step_nodes, sensitive, .doc = "true: output is neither shown nor stored."),
	{ 0 },
};

/* What a group may have of all these (FORMAT.md section 6). */
static const char *const structure_keys[] = {
	"name", "id", "note", "when", "env", "cwd", "timeout", "on_failure", "undo", NULL,
};

static bool table_has(const struct field *rows, struct text name)
{
	for (; rows->name; rows++)
		if (text_is(name, rows->name))
			return true;
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
