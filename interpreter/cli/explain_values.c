/* explain: the words that are values of keys. */

#include <string.h>

#include "cli/explain.h"

static const char *const effect_docs[] = {
	[EFFECT_NONE] = "Touches nothing.",
	[EFFECT_READ] = "Only looks: safe to repeat at any time, and after a crash.",
	[EFFECT_WRITE] = "Changes something. A lost attempt is asked about; a failed one is listed "
			 "as half done.",
	[EFFECT_DESTRUCTIVE] = "Cannot be taken back: a gate, which needs an id and opens when it "
			       "is typed.",
};

void explain_effects(struct explaining *explaining)
{
	bool all = explain_is(explaining, "effects");
	for (size_t i = 0; effect_names[i]; i++)
		if (explain_is(explaining, effect_names[i]) || all)
			buffer_printf(&explaining->out, "%-12s %s\n", effect_names[i],
				      effect_docs[i]);
}

/* A row that may have the word as its value. */
static void visit(struct explaining *explaining, const char *place, const struct field *row)
{
	struct buffer *out = &explaining->out;
	const struct field rows[] = { *row, { 0 } };
	for (const char *const *word = row->choices; word && *word; word++) {
		if (!explain_is(explaining, *word))
			continue;
		explain_gap(out);
		buffer_printf(out, "%s: a value of %s.%s\n", *word, place, row->name);
		field_describe(out, rows);
	}
}

void explain_values(struct explaining *explaining)
{
	explain_rows(explaining, visit);
}
