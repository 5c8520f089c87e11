/* Which verb was meant by a word that is none. */

#include <string.h>

#include "plan/internal.h"

#define HINT_COMMAND "Write 'run: COMMAND', or 'shell: SCRIPT' for what needs a shell."
#define HINT_SCRIPT "Write 'shell: SCRIPT'; 'interpreter: bash' may stand beside it."
#define HINT_TEXT_SHOWN "Write 'say: TEXT'."
#define HINT_PAUSE "Write 'wait: 30s'."
#define HINT_REQUEST "Write 'http: GET https://HOST/PATH'."
#define HINT_STATEMENT \
	"Write 'sql: {connection: postgresql://USER@HOST/DATABASE, query: select 1}'."
#define HINT_QUESTION "Write 'approve: QUESTION', with an id."
#define HINT_STEPS "Write 'group: TITLE', with 'steps' beside it."
#define HINT_OTHER "Write 'call: ./OTHER.yaml', with a runbook that stands beside this one."
#define HINT_CONDITION "A condition is the key 'when' beside a verb: when: EXPRESSION."
#define HINT_ASSERTION "Write 'assert: [EXPRESSION]', alone or beside a verb."

/* What other tools call it. */
static const struct {
	const char *word, *hint;
} habits[] = {
	{ "command", HINT_COMMAND },    { "cmd", HINT_COMMAND },      { "exec", HINT_COMMAND },
	{ "execute", HINT_COMMAND },    { "program", HINT_COMMAND },  { "action", HINT_COMMAND },
	{ "bash", HINT_SCRIPT },        { "sh", HINT_SCRIPT },        { "script", HINT_SCRIPT },
	{ "echo", HINT_TEXT_SHOWN },    { "print", HINT_TEXT_SHOWN }, { "log", HINT_TEXT_SHOWN },
	{ "message", HINT_TEXT_SHOWN }, { "sleep", HINT_PAUSE },      { "pause", HINT_PAUSE },
	{ "delay", HINT_PAUSE },        { "get", HINT_REQUEST },      { "post", HINT_REQUEST },
	{ "request", HINT_REQUEST },    { "url", HINT_REQUEST },      { "query", HINT_STATEMENT },
	{ "database", HINT_STATEMENT }, { "confirm", HINT_QUESTION }, { "approval", HINT_QUESTION },
	{ "prompt", HINT_QUESTION },    { "steps", HINT_STEPS },      { "tasks", HINT_STEPS },
	{ "block", HINT_STEPS },        { "stage", HINT_STEPS },      { "include", HINT_OTHER },
	{ "uses", HINT_OTHER },         { "runbook", HINT_OTHER },    { "if", HINT_CONDITION },
	{ "unless", HINT_CONDITION },   { "check", HINT_ASSERTION },  { "expect", HINT_ASSERTION },
	{ "test", HINT_ASSERTION },
};

/* The hint that says it, or NULL. */
static const char *habit_of(struct text word)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
		if (text_is(word, habits[i].word))
			return habits[i].hint;
	return NULL;
}

/* "compose.up": a library and one of its steps. */
static struct text library_of_word(struct text word)
{
	return text_slice(word, 0, text_find(word, TEXT("."), 0));
}

bool verb_is_meant(struct text word, const char *const *verbs, size_t count)
{
	return habit_of(word) || text_nearest(word, verbs, count);
}

void verb_hint(struct planner *planner, struct text word, const char *const *verbs, size_t count)
{
	struct diags *diags = planner->diags;
	const char *habit = habit_of(word);
	if (habit)
		diag_hint(diags, "%s", habit);
	else if (library_embedded(library_of_word(word)).ptr)
		diag_hint(diags, "It is a library: write 'import: [std/%.*s]' at the root.",
			  TEXT_ARG(library_of_word(word)));
	else if (!diag_did_you_mean(diags, word, verbs, count)) {
		if (key_elsewhere(word))
			diag_hint(diags, "'%.*s' is a key of %s.", TEXT_ARG(word),
				  key_elsewhere(word));
		else
			diag_hint(diags, "A program is started by 'run: %.*s ...'.",
				  TEXT_ARG(word));
		diag_hint(diags, "The verbs are run, shell, sql, http, git, file, write, "
				 "download, wait, say, group, parallel, approve, manual, call, and "
				 "the steps of "
				 "imported libraries.");
	}
}
