/* What runs of a document took before, beside what this one takes. */

#include "report/internal.h"

#define WORTH_TELLING 1000 /* ms: nobody waits for less */

struct text report_usual_key(const char *path, const char *name, struct arena *arena)
{
	return text_of(arena_format(arena, "%s %s", path, name));
}

static const char *words(struct story *story, int64_t ms, const char *before)
{
	if (ms < WORTH_TELLING)
		return "";
	return arena_format(&story->tick, "%susually %s", before,
			    clock_span(ms * NS_PER_MS, &story->tick));
}

const char *usual_run(struct story *story)
{
	const struct report_usual *usual = story->options.usual;
	return usual && !story->partial ? words(story, usual->run, ", ") : "";
}

const char *usual_step(struct story *story, const struct row *row)
{
	const struct report_usual *usual = story->options.usual;
	const int64_t *ms = usual ? map_get(&usual->steps,
					    report_usual_key(row->path, row->name, &story->tick))
				  : NULL;
	return ms ? words(story, *ms, "") : "";
}
