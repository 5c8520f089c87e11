/* What to write instead of a name that is not known. */

#include "cli/cli.h"

#define SHOWN_MAX 10

const char *cli_hint_names(const struct cli *cli, const char *what, const char *word,
			   const struct strings *names)
{
	struct buffer list;
	const char *near = word ? text_nearest(text_of(word), names->at, names->count) : NULL;
	if (near)
		return arena_format(cli->arena, "did you mean '%s'?", near);
	if (names->count == 0)
		return arena_format(cli->arena, "It has no %s.", what);
	buffer_init(&list, cli->arena);
	for (size_t i = 0; i < names->count && i < SHOWN_MAX; i++)
		buffer_printf(&list, "%s%s", i ? ", " : "", names->at[i]);
	return arena_format(cli->arena, "Its %s are: %s%s.", what, buffer_string(&list),
			    names->count > SHOWN_MAX ? ", ..." : "");
}
