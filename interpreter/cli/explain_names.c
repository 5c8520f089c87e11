/* explain: the names that every expression may use, and the classes of failure. */

#include <string.h>

#include "cli/explain.h"

static const struct {
	const char *name, *type, *doc;
} names[] = {
	{ "now", "timestamp", "When the expression is evaluated; not known in a plan." },
	{ "run.id", "string", "Of this run: 20260302T130211Z-7K3Q." },
	{ "run.name", "string", "Name of the runbook." },
	{ "run.started_at", "timestamp", "When it was begun." },
	{ "run.user", "string", "Who began it." },
	{ "run.host", "string", "The machine on which it runs." },
	{ "run.dir", "string", "A folder of this run, for files of its steps." },
	{ "run.status", "string",
	  "In finally: succeeded, failed, rolled_back, rollback_failed or cancelled." },
	{ "run.reason", "string", "Of the rollback; '' elsewhere." },
	{ "run.rolling_back", "bool", "Whether a rollback goes on." },
	{ "run.last", "map",
	  "Last run of this runbook that ended well, absent before it: run.?last." },
	{ "run.last.id", "string", "Its id." },
	{ "run.last.finished_at", "timestamp", "When it ended." },
	{ "run.last.outputs", "map", "What it handed on, by the names of 'outputs'; no secrets." },
	{ "error.step", "string", "Id of the step that failed first; '' without a failure." },
	{ "error.message", "string", "What it said; '' without a failure." },
	{ "error.class", "string", "Class of the failure (explain classes); ''." },
};

/* "error" tells all of its fields, "error.class" one of them. */
void explain_names(struct explaining *explaining)
{
	struct arena *arena = explaining->cli->arena;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *whole = arena_copy(arena, names[i].name, strcspn(names[i].name, "."));
		bool all = strcmp(whole, "run") != 0 && explain_is(explaining, whole);
		if (!explain_is(explaining, names[i].name) && !all)
			continue;
		buffer_printf(&explaining->out, "%-17s %-10s %s\n", names[i].name, names[i].type,
			      names[i].doc);
	}
}

static const char *class_retry(const char *class)
{
	const struct retry_limits usual = { 0 };
	return plan_retries(&usual, class, NULL) ? "tried again by retry"
						 : "tried again if retry.on names it";
}

void explain_class(struct explaining *explaining)
{
	for (const char *const *class = plan_classes; *class; class ++) {
		if (!explain_is(explaining, *class))
			continue;
		explain_gap(&explaining->out);
		buffer_printf(&explaining->out, "%s: a class of failure, %s\n", *class,
			      class_retry(*class));
	}
}

void explain_classes(struct explaining *explaining)
{
	if (!explain_is(explaining, "classes"))
		return;
	buffer_puts(&explaining->out, "Classes of failure, for retry.on and reports:\n\n");
	for (const char *const *class = plan_classes; *class; class ++)
		buffer_printf(&explaining->out, "%-13s%s\n", *class, class_retry(*class));
}
