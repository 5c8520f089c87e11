/* What goes on right now: the steps that run, the last line of output, how far the run is. */

#include <string.h>

#include "report/internal.h"

#define LINE_MAX 1024           /* bytes of a line that are kept */
#define CARRIAGE_RETURN "\\x0d" /* as a neutralised text shows it: a progress bar begins anew */

void live_init(struct live *live, struct arena *arena)
{
	*live = (struct live){ .arena = arena };
}

/* ---- the steps that run -------------------------------------------------------------------- */

/* Its index, or the number of those that run. */
static size_t find(const struct live *live, int32_t slot)
{
	size_t at = 0;
	while (at < live->running && live->steps.at[at].slot != slot)
		at++;
	return at;
}

/* Another attempt keeps its place. One that has ended leaves its buffers to the next that begins.
 */
static void begin(struct live *live, int32_t slot)
{
	size_t at = find(live, slot);
	if (at == live->steps.count) {
		struct live_step *made = list_add(&live->steps, live->arena);
		buffer_init(&made->line, live->arena);
		buffer_init(&made->last, live->arena);
	}
	live->running += at == live->running;
	struct live_step *step = &live->steps.at[at];
	step->slot = slot;
	step->again = -1;
	step->spoke = 0;
	step->line.len = step->last.len = 0;
}

static void end(struct live *live, size_t at)
{
	struct live_step ended = live->steps.at[at];
	for (live->running--; at < live->running; at++)
		live->steps.at[at] = live->steps.at[at + 1];
	live->steps.at[at] = ended;
}

/* ---- what is known ------------------------------------------------------------------------- */

/* The row that stands for a step on the screen: of what a library step does, the library step. */
static int32_t shown_slot(const struct story *story, int32_t slot)
{
	while (slot >= 0 && story->outline.rows[slot].hidden)
		slot = (int32_t)story->outline.rows[slot].parent;
	return slot;
}

static bool counts(const struct row *row)
{
	return row_is_step(row) && !row->hidden && !row->undo && !row->left_out &&
	       strcmp(row->section, "rollback") != 0;
}

static bool is_below(const struct outline *outline, size_t slot, size_t above)
{
	int64_t at = (int64_t)slot;
	while (at >= 0 && (size_t)at != above)
		at = outline->rows[at].parent;
	return at >= 0;
}

/* A row that has ended for the first time, and all below it: what was skipped had its turn. */
static void count_ended(struct live *live, const struct story *story, size_t slot)
{
	for (size_t i = slot; i < story->outline.count && is_below(&story->outline, i, slot); i++) {
		struct row *row = &story->outline.rows[i];
		if (counts(row) && !row->ended)
			live->ended++;
		row->ended = true;
	}
}

static void count_all(struct live *live, const struct story *story)
{
	live->total = 0;
	for (size_t i = 0; i < story->outline.count; i++)
		live->total += counts(&story->outline.rows[i]) && !story->outline.rows[i].pattern;
}

static void on_started(struct live *live, const struct story *story, const struct event *event)
{
	if (!row_is(&story->outline.rows[event->slot], "step"))
		return;
	begin(live, event->slot);
}

static void on_ended(struct live *live, const struct story *story, const struct event *event)
{
	int64_t pause = event_int(event, "again", -1);
	size_t at = find(live, event->slot);
	if (pause >= 0 && at < live->running)
		live->steps.at[at].again = event->ms + pause;
	if (pause >= 0)
		return;
	count_ended(live, story, (size_t)event->slot);
	if (at < live->running)
		end(live, at);
}

static void add_line(struct live *live, struct live_step *step, struct text text)
{
	size_t room = step->line.len < LINE_MAX ? LINE_MAX - step->line.len : 0;
	buffer_add(&step->line, text_slice(text, 0, room));
	if (text_trim(buffer_text(&step->line)).len == 0)
		return;
	step->spoke = ++live->spoken;
	step->last.len = 0;
	buffer_add(&step->last, buffer_text(&step->line));
}

static void on_output(struct live *live, const struct event *event)
{
	struct value value = event_get(event, "text");
	struct text text = value_is(value, VALUE_STRING) ? value_text(value) : (struct text){ 0 };
	size_t at = find(live, event->slot);
	if (at == live->running)
		return;
	struct live_step *step = &live->steps.at[at];
	for (;;) {
		size_t end = text_find(text, TEXT("\n"), 0);
		add_line(live, step, text_slice(text, 0, end));
		if (end == SIZE_MAX)
			return;
		step->line.len = 0;
		text = text_slice(text, end + 1, text.len);
	}
}

void live_event(struct live *live, const struct story *story, const struct event *event,
		int64_t now)
{
	bool step = event->slot >= 0 && (size_t)event->slot < story->outline.count;
	live->offset = now - event->ms;
	if (event->type == EVENT_RUN_OPENED || event->type == EVENT_LOOP_OPENED)
		count_all(live, story);
	else if (event->type == EVENT_STEP_STARTED && step && !event->past)
		on_started(live, story, event);
	else if (event->type == EVENT_STEP_ENDED && step)
		on_ended(live, story, event);
	else if (event->type == EVENT_STEP_SKIPPED && step)
		count_ended(live, story, (size_t)event->slot);
	else if (event->type == EVENT_STEP_OUTPUT && step)
		on_output(live, event);
}

/* ---- what is drawn ------------------------------------------------------------------------- */

static const char *span_of(const struct live_view *view, int64_t ms)
{
	return clock_span((ms > 0 ? ms : 0) * NS_PER_MS, &view->story->tick);
}

static const char *details_of(const struct live_step *step, const struct live_view *view,
			      const struct row *row, const struct row *shown, int64_t now)
{
	struct arena *tick = &view->story->tick;
	const char *why = row->streaks.count ? row->streaks.at[row->streaks.count - 1].what : "";
	if (step->again >= 0)
		return arena_format(tick, "attempt %u: %s; the next in %s", row->attempts, why,
				    span_of(view, step->again - now));
	return row->attempts > 1 ? arena_format(tick, "attempt %u", row->attempts)
				 : usual_step(view->story, shown);
}

static void put_step(const struct live_step *step, const struct live_view *view, int64_t now,
		     struct buffer *out)
{
	struct story *story = view->story;
	const struct row *row = &story->outline.rows[step->slot];
	int32_t slot = shown_slot(story, step->slot);
	const struct row *shown = slot < 0 ? row : &story->outline.rows[slot];
	const struct step_line line = {
		.row = shown,
		.word = step->again >= 0 ? "waiting" : "running",
		.took = span_of(view, now - (shown->started < 0 ? now : shown->started)),
		.details = details_of(step, view, row, shown, now),
		.width = view->width,
	};
	put_step_line(story, &line, out);
}

static void put_last(const struct live_step *step, const struct live_view *view, struct buffer *out)
{
	struct story *story = view->story;
	struct text text = text_trim(buffer_text(&step->last));
	const char *head = arena_format(&story->tick, "  %-*s  | ", (int)story->outline.path_width,
					"");
	struct buffer line;
	for (size_t at; (at = text_find(text, TEXT(CARRIAGE_RETURN), 0)) != SIZE_MAX &&
			at + strlen(CARRIAGE_RETURN) < text.len;)
		text = text_slice(text, at + strlen(CARRIAGE_RETURN), text.len);
	char *shown = arena_copy(&story->tick, text.ptr ? text.ptr : "", text.len);
	for (char *tab = shown; *tab; tab++)
		if (*tab == '\t')
			*tab = ' ';
	buffer_init(&line, &story->tick);
	buffer_puts(&line, head);
	put_cut(&line, shown, room_left(view->width, strlen(head)));
	put_tint(out, &story->options, TINT_DIM, buffer_string(&line));
}

static void put_progress(const struct live *live, const struct live_view *view, int64_t now,
			 struct buffer *out)
{
	struct story *story = view->story;
	struct buffer line;
	const char *text =
		story->reason ? arena_format(&story->tick, "rolling back   %s", span_of(view, now))
			      : arena_format(&story->tick, "%zu of %zu steps   %s%s", live->ended,
					     live->total, span_of(view, now), usual_run(story));
	buffer_init(&line, &story->tick);
	put_cut(&line, text, view->width);
	put_tint(out, &story->options, TINT_DIM, buffer_string(&line));
}

/* Whether one that began earlier has the line already: of the steps of a library step one has. */
static bool is_shown(const struct live *live, const struct story *story, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (shown_slot(story, live->steps.at[i].slot) ==
		    shown_slot(story, live->steps.at[at].slot))
			return true;
	return false;
}

/* The steps that have a line of the block, in the order in which they began. */
struct shown {
	const struct live_step *at[LIVE_LINES];
	size_t count, more; /* and how many there is no room for */
};

static struct shown choose(const struct live *live, const struct live_view *view)
{
	struct shown shown = { .count = 0 };
	size_t room = view->most > 1 ? view->most - 1 : 1;
	for (size_t i = 0; i < live->running; i++) {
		if (is_shown(live, view->story, i))
			continue;
		if (shown.count < room)
			shown.at[shown.count++] = &live->steps.at[i];
		else
			shown.more++;
	}
	if (shown.more && room > 1) { /* the line that says so */
		shown.count--;
		shown.more++;
	}
	return shown;
}

static const struct live_step *speaker(const struct shown *shown)
{
	const struct live_step *last = NULL;
	for (size_t i = 0; i < shown->count; i++)
		if (shown->at[i]->spoke > (last ? last->spoke : 0))
			last = shown->at[i];
	return last;
}

static void put_more(const struct shown *shown, const struct live_view *view, struct buffer *out)
{
	struct buffer line;
	buffer_init(&line, &view->story->tick);
	put_cut(&line, arena_format(&view->story->tick, "  and %zu more", shown->more),
		view->width);
	put_tint(out, &view->story->options, TINT_DIM, buffer_string(&line));
}

static void new_line(size_t *lines, struct buffer *out)
{
	if ((*lines)++ > 0)
		buffer_putc(out, '\n');
}

size_t live_draw(const struct live *live, const struct live_view *view, struct buffer *out)
{
	int64_t now = view->now - live->offset;
	const struct shown shown = choose(live, view);
	bool counted = shown.more > 0 && view->most > 2;
	bool speaks = shown.count + counted + 1 < view->most && !view->story->options.verbose;
	const struct live_step *last = speaks ? speaker(&shown) : NULL;
	size_t lines = 0;
	for (size_t i = 0; i < shown.count; i++) {
		new_line(&lines, out);
		put_step(shown.at[i], view, now, out);
		if (shown.at[i] != last)
			continue;
		new_line(&lines, out);
		put_last(last, view, out);
	}
	if (counted) {
		new_line(&lines, out);
		put_more(&shown, view, out);
	}
	if (lines < view->most) {
		new_line(&lines, out);
		put_progress(live, view, now, out);
	}
	return lines;
}
