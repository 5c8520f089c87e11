/* Which runs are old enough, and whose records are still of use. */

#include <string.h>

#include "base/map.h"
#include "cli/past.h"
#include "cli/prune.h"
#include "report/report.h"

struct old {
	const char *id;
	bool began; /* something of it */
};

struct pruning {
	struct arena *arena;
	const char *only;
	size_t keep, kept;
	struct map good; /* documents whose last good run was seen */
	LIST(struct old) old;
};

/* Ends after which nothing can go on but a rollback by hand. */
static bool is_settled(const char *status)
{
	static const char *const words[] = { "ok",
					     "failed",
					     "rolled back",
					     "rollback failed",
					     "rollback unmet",
					     "cancelled",
					     "unmet",
					     REPORT_UNVERIFIED,
					     NULL };
	for (const char *const *word = words; *word; word++)
		if (strcmp(status, *word) == 0)
			return true;
	return false;
}

static bool is_last_good(struct pruning *pruning, const struct past *past)
{
	struct text path = arena_text(pruning->arena, text_of(past->path));
	return strcmp(past->status, "ok") == 0 && !map_set(&pruning->good, path, pruning);
}

static bool look(void *data, const struct past *past)
{
	struct pruning *pruning = data;
	if (pruning->only && strcmp(pruning->only, past->path) != 0)
		return true;
	bool last_good = is_last_good(pruning, past);
	bool began = strcmp(past->status, PAST_NEVER) != 0;
	if (began && (pruning->kept < pruning->keep || last_good || !is_settled(past->status)))
		pruning->kept++;
	else
		*list_add(&pruning->old, pruning->arena) =
			(struct old){ arena_string(pruning->arena, past->id), began };
	return true;
}

/* Whether it is as it was when it was looked at: one of which nothing was begun may go
 * on. */
static bool is_same(const struct old *old, struct run_folder *folder)
{
	struct event last;
	return old->began ||
	       (store_hold(folder) && !journal_is_held(folder) &&
		(!journal_last(folder, folder->arena, &last) || event_is_opening(&last)));
}

int prune(struct cli *cli, struct store *store, const char *only, size_t keep)
{
	struct pruning pruning = { .arena = cli->arena, .only = only, .keep = keep };
	map_init(&pruning.good, cli->arena);
	int exit = past_each(cli, store, look, &pruning);
	size_t removed = 0;
	for (size_t i = 0; i < pruning.old.count && !exit; i++) {
		struct run_folder folder;
		struct store_error error;
		const struct old *old = &pruning.old.at[i];
		bool found = store_find(store, old->id, &folder, &error);
		if (found && !is_same(old, &folder)) {
			pruning.kept++;
		} else if (!found || !store_remove(store, &folder, &error)) {
			cli_complain(cli, error.hint, "%s", error.message);
			exit = EXIT_STORE;
		} else {
			removed++;
		}
	}
	if (!exit)
		cli_out(text_of(arena_format(cli->arena, "%zu removed, %zu kept\n", removed,
					     pruning.kept)));
	return exit;
}
