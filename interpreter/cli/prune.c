/* Which runs are old enough, and whose records are still of use. */

#include <string.h>

#include "base/map.h"
#include "cli/past.h"
#include "cli/prune.h"
#include "report/report.h"

struct old {
	const char *id;
	uint64_t seq; /* of its last event when it was looked at */
};

struct pruning {
	struct arena *arena;
	const char *only;
	size_t keep, kept, removed;
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
	return strcmp(past->status, "ok") == 0 && !past->partial &&
	       !map_set(&pruning->good, path, pruning);
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
			(struct old){ arena_string(pruning->arena, past->id), past->seq };
	return true;
}

/* Whether nothing has come to it since it was looked at, and nobody can go on with it any more. */
static bool is_same(const struct old *old, const struct run_folder *folder, struct arena *arena)
{
	struct event last;
	struct run_folder run = *folder;
	if (!store_hold(folder) || !journal_keep_shut(folder))
		return false;
	return (journal_last(&run, arena, &last) ? last.seq : 0) == old->seq;
}

/* Gives the exit code. */
static int remove_old(struct cli *cli, const struct store *store, const struct old *old,
		      struct pruning *pruning)
{
	struct arena arena;
	struct run_folder folder;
	struct store_error error;
	struct store mine = *store;
	bool same = false, good;
	arena_init(&arena); /* of each its own: there may be more than descriptors */
	mine.arena = &arena;
	good = store_find(&mine, old->id, &folder, &error);
	if (good)
		same = is_same(old, &folder, &arena);
	if (same)
		good = store_remove(&mine, &folder, &error);
	if (!good)
		cli_complain(cli, error.hint, "%s", error.message);
	else if (same)
		pruning->removed++;
	else
		pruning->kept++;
	arena_done(&arena);
	return good ? 0 : EXIT_STORE;
}

int prune(struct cli *cli, struct store *store, const char *only, size_t keep)
{
	struct pruning pruning = { .arena = cli->arena, .only = only, .keep = keep };
	map_init(&pruning.good, cli->arena);
	int exit = past_each(cli, store, look, &pruning);
	for (size_t i = 0; i < pruning.old.count && !exit; i++)
		exit = remove_old(cli, store, &pruning.old.at[i], &pruning);
	if (!exit)
		cli_out(text_of(arena_format(cli->arena, "%zu removed, %zu kept\n", pruning.removed,
					     pruning.kept)));
	return exit;
}
