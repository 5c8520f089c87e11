/* What became of the attempts of a step: those that failed alike stand together. */

#include <string.h>

#include "report/internal.h"

#define MAX_STREAKS 12 /* what fails in a new way each time is told no further */
#define WHAT_CELLS 60

/* Short words for failures whose messages are long; the last one's own words stand above. */
static const struct {
	const char *class, *words;
} shorts[] = {
	{ "connect", "no connection" },
	{ "dns", "name not resolved" },
	{ "timeout", "timed out" },
};

static const char *what_of(const struct event *event, struct arena *arena)
{
	const char *class = event_text(event, "class", arena);
	const char *actual = event_text(event, "actual", arena);
	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++)
		if (strcmp(class, shorts[i].class) == 0)
			return shorts[i].words;
	if (strcmp(class, "exit") == 0 && *actual)
		return arena_format(arena, "exit %s", actual);
	return *actual ? actual : event_text(event, "msg", arena);
}

void streak_add(struct story *story, struct row *row, const struct event *event)
{
	const char *what = what_of(event, &story->tick);
	uint32_t attempt = event->attempt;
	struct streak *last = row->streaks.count ? &row->streaks.at[row->streaks.count - 1] : NULL;
	if (attempt <= 1)
		row->streaks.count = 0;
	else if (last && (strcmp(last->what, what) == 0 || row->streaks.count == MAX_STREAKS)) {
		if (strcmp(last->what, what) != 0)
			last->what = "other failures";
		last->to = attempt;
		return;
	}
	*list_add(&row->streaks, story->arena) =
		(struct streak){ attempt, attempt, arena_string(story->arena, what) };
}

void put_streaks(struct buffer *out, const struct row *row)
{
	for (size_t i = 0; i < row->streaks.count; i++) {
		const struct streak *streak = &row->streaks.at[i];
		buffer_printf(out, "%s%u", i ? ", " : "", streak->from);
		if (streak->to > streak->from)
			buffer_printf(out, "-%u", streak->to);
		buffer_putc(out, ' ');
		put_cut(out, streak->what, WHAT_CELLS);
	}
}
