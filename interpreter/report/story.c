/* Events to lines: one a finished step, a block a failure, the end with what to type next. */

#include <string.h>

#include "report/internal.h"

/* ---- headings ------------------------------------------------------------------------------ */

static bool is_heading(const struct row *row)
{
	return row_is(row, "group") || row_is(row, "call");
}

/* The first steps need no heading, and a group has its own. */
static bool needs_heading(const struct story *story, const struct row *row)
{
	bool steps = strcmp(row->section, "steps") == 0;
	bool same = story->section && strcmp(story->section, row->section) == 0;
	if (row->undo || (steps && (same || !story->section || is_heading(row))))
		return false;
	return !same || strcmp(story->home, row->home) != 0;
}

static void put_section(struct story *story, const struct row *row, struct buffer *out)
{
	bool again = story->reason && strcmp(row->section, "verify") == 0;
	if (needs_heading(story, row))
		put_tint(out, &story->options, TINT_BOLD,
			 arena_format(&story->tick, "%s%s%s%s\n", row->home, *row->home ? ". " : "",
				      row->section, again ? " again" : ""));
	story->section = row->section;
	story->home = row->home;
}

static bool is_shown(const struct story *story, const struct row *row)
{
	return !story->options.quiet && (!row->hidden || story->options.verbose);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* A step without a name is shown by its verb and its text, with values. */
static void take_name(struct story *story, struct row *row, const struct event *event)
{
	const char *name = event_text(event, "name", &story->tick);
	const char *text = event_text(event, "text", &story->tick);
	if (!*name && !*text && event->type != EVENT_STEP_STARTED)
		return; /* no value stands in it */
	if (row->text && strcmp(text, row->text) == 0)
		return; /* another attempt at the same */
	text = arena_string(story->arena, text);
	row->text = text;
	if (*name || strcmp(row->verb, "say") == 0 || (!row_is(row, "step") && *text))
		row->shown = *name ? arena_string(story->arena, name) : text;
	else if (*text && strstr(row->name, "${{"))
		row->shown = arena_format(story->arena, "%s %.*s", row->verb,
					  (int)strcspn(text, "\n"), text);
}

static void on_started(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	const char *note = event_text(event, "note", &story->tick);
	if (!row)
		return;
	if (event->attempt <= 1) {
		row->started = event->ms;
		row->by = NULL;
	}
	row->attempts = event->attempt;
	row->spoke = false;
	take_name(story, row, event);
	if (!is_shown(story, row))
		return;
	if (is_heading(row)) {
		put_section(story, row, out);
		const char *head = arena_format(&story->tick, "%s. ", row->path);
		put_tint(out, &story->options, TINT_BOLD, head);
		put_cut(out, row_name(row), room_left(story->width, strlen(head)));
		buffer_putc(out, '\n');
	}
	if (*note) {
		const char *head = arena_format(
			&story->tick, "  %-*s  note: ", (int)story->outline.path_width, row->path);
		put_section(story, row, out);
		buffer_puts(out, head);
		put_wrapped(out, note, strlen(head), "        ", story->width);
	}
}

static void put_line(struct story *story, const struct row *row, const char *word, const char *took,
		     const char *details, struct buffer *out)
{
	const struct step_line line = { row, word, took, details, story->width };
	put_section(story, row, out);
	put_step_line(story, &line, out);
	buffer_putc(out, '\n');
}

static void put_warnings(struct story *story, const struct event *event, struct buffer *out)
{
	struct value warnings = event_get(event, "warnings");
	for (size_t i = 0; value_is(warnings, VALUE_LIST) && i < warnings.list->count; i++) {
		struct value row = warnings.list->items[i];
		const char *text = arena_format(
			&story->tick, "%s (%s:%lld)", map_text(row, "msg", &story->tick),
			map_text(row, "file", &story->tick), (long long)map_int(row, "line", 0));
		buffer_puts(out, "        warning: ");
		put_wrapped(out, text, strlen("        warning: "), "          ", story->width);
	}
}

/* "again in 2.0s": an attempt has failed, and another follows. */
static void put_again(struct story *story, struct row *row, const struct event *event,
		      const char *took, struct buffer *out)
{
	int64_t pause = event_int(event, "again", 0);
	if (!is_shown(story, row) || !story->options.verbose)
		return;
	put_line(story, row, "again", took,
		 arena_format(&story->tick, "attempt %u: %s; the next in %s", event->attempt,
			      row->streaks.at[row->streaks.count - 1].what,
			      clock_span(pause * NS_PER_MS, &story->tick)),
		 out);
}

/* The failure of a member was told; what stands around it says only that it failed too. */
static bool tells_failure(const struct event *event, struct arena *arena)
{
	return strcmp(event_text(event, "code", arena), "RB0507") != 0;
}

/* The library step around a row that has no line of its own; NULL: there is none. */
static struct row *library_around(struct story *story, const struct row *row)
{
	while (row && row->hidden && !story->options.verbose)
		row = row->parent < 0 ? NULL : &story->outline.rows[row->parent];
	return row && row_is(row, "library") ? &story->outline.rows[row - story->outline.rows]
					     : NULL;
}

/* Why a step failed, below its line; of a step in a library below that of the library step. */
static void tell_failure(struct story *story, const struct row *row, const struct event *event,
			 struct buffer *out)
{
	struct row *library = row->hidden ? library_around(story, row) : NULL;
	struct buffer text;
	if (!library) {
		put_failure(story, row, event, out);
		return;
	}
	bool gap = story->gap;
	buffer_init(&text, story->arena);
	put_failure(story, row, event, &text);
	story->gap = gap;
	library->inner = buffer_text(&text);
}

static void put_inner(struct story *story, struct row *row, struct buffer *out)
{
	buffer_add(out, row->inner);
	story->gap |= row->inner.len > 0;
	row->inner = (struct text){ 0 };
}

/* The answer of a done_when: its step's line says what follows from it. */
static void put_probe(struct story *story, const struct row *row, bool good, struct buffer *out)
{
	if (row_is(row, "probe") && is_shown(story, row))
		put_line(story, row, good ? "done" : "not done", "", "", out);
}

static void on_ended(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	const char *status = event_text(event, "status", &story->tick);
	bool good = strcmp(status, "succeeded") == 0;
	forget_question(story, event);
	if (!row)
		return;
	if (row->started < 0)
		take_name(story, row, event);
	const char *took = row->started < 0 ? ""
					    : clock_span((event->ms - row->started) * NS_PER_MS,
							 &story->tick);
	put_held(story, row, out);
	if (row->probe) {
		put_probe(story, row, good, out);
		return;
	}
	if (!good)
		streak_add(story, row, event);
	if (event_int(event, "again", -1) >= 0) {
		row->inner = (struct text){ 0 };
		put_again(story, row, event, took, out);
		return;
	}
	bool empty = row_is(row, "loop") && row->rounds == 0;
	bool listed = (row_is_step(row) || empty) && (!row->hidden || story->options.verbose);
	if (listed && !(story->options.quiet && good))
		put_line(story, row, step_word(row, status, good), took,
			 step_details(story, row, event, good), out);
	put_warnings(story, event, out);
	if (!good)
		put_inner(story, row, out);
	if (!good && tells_failure(event, &story->tick))
		tell_failure(story, row, event, out);
}

static void on_loop(struct story *story, const struct event *event, struct buffer *out)
{
	(void)out;
	outline_unroll(&story->outline, event, story->arena);
}

static void on_skipped(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	const char *reason = event_text(event, "reason", &story->tick);
	const char *by = event_text(event, "by", &story->tick);
	const char *why = strcmp(reason, "done") == 0 ? "it was done already"
			  : strcmp(reason, "when") == 0
				  ? "its condition is false"
				  : arena_format(&story->tick, "left out by %s", by);
	if (row)
		take_name(story, row, event);
	if (row && is_shown(story, row))
		put_line(story, row, strcmp(reason, "done") == 0 ? "done" : "skipped", "", why,
			 out);
}

/* An attempt has no result, or one that is forgotten: what is known of it stands below its line. */
static void on_lost(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	if (!row)
		return;
	put_line(story, row, event->type == EVENT_STEP_LOST ? "lost" : "again", "", "", out);
	buffer_puts(out, "        ");
	put_wrapped(out, event_text(event, "msg", &story->tick), 8, "        ", story->width);
}

static void on_output(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	if (!row || !story->options.verbose)
		return;
	put_section(story, row, out);
	put_output(story, row, event, out);
}

/* ---- questions ----------------------------------------------------------------------------- */

static const char *answerer(struct story *story, const struct event *event)
{
	const char *how = event_text(event, "how", &story->tick);
	const char *by = event_text(event, "by", &story->tick);
	const char *note = event_text(event, "note", &story->tick);
	const char *answer = event_text(event, "answer", &story->tick);
	const char *flag = strcmp(answer, "again") == 0  ? "--rerun"
			   : strcmp(answer, "done") == 0 ? "--done"
							 : "--approve";
	const char *who = strcmp(how, "flag") == 0
				  ? arena_format(&story->tick, "by flag %s (%s)", flag, by)
			  : strcmp(how, "terminal") == 0
				  ? arena_format(&story->tick, "by %s at the terminal", by)
				  : how;
	return *note ? arena_format(&story->tick, "%s: %s", who, note) : who;
}

/* Of a gate that is a step of its own its line tells it. */
static void on_answered(struct story *story, const struct event *event, struct buffer *out)
{
	struct row *row = outline_row(&story->outline, event->slot);
	const char *answer = event_text(event, "answer", &story->tick);
	const char *who = answerer(story, event);
	bool yes = strcmp(answer, "yes") == 0, no = strcmp(answer, "no") == 0;
	forget_question(story, event);
	if (strcmp(event_text(event, "how", &story->tick), "nobody") == 0)
		return;
	if (row && row_is_gate(row)) {
		row->by = arena_string(story->arena, who);
		return;
	}
	if (story->options.quiet)
		return;
	if (row) {
		put_line(story, row, yes ? "approved" : no ? "refused" : answer, "", who, out);
		return;
	}
	buffer_printf(out, "  %s: %s, ", event_text(event, "ask", &story->tick), answer);
	put_wrapped(out, who, 2, "    ", story->width);
}

static void on_waiting(struct story *story, const struct event *event, struct buffer *out)
{
	buffer_puts(out, "  notice: ");
	put_wrapped(out, event_text(event, "msg", &story->tick), 10, "          ", story->width);
}

/* ---- the fold ------------------------------------------------------------------------------ */

static void (*const handlers[EVENT_TYPE_COUNT])(struct story *story, const struct event *event,
						struct buffer *out) = {
	[EVENT_RUN_OPENED] = put_opened,
	[EVENT_LOCK_TAKEN] = put_lock,
	[EVENT_STEP_STARTED] = on_started,
	[EVENT_STEP_ENDED] = on_ended,
	[EVENT_STEP_SKIPPED] = on_skipped,
	[EVENT_STEP_OUTPUT] = on_output,
	[EVENT_ASK_OPENED] = note_question,
	[EVENT_ASK_ANSWERED] = on_answered,
	[EVENT_ROLLBACK_OPENED] = put_rollback,
	[EVENT_UNDO_STARTED] = put_undo,
	[EVENT_RUN_CLOSED] = put_closed,
	[EVENT_LOOP_OPENED] = on_loop,
	[EVENT_STEP_WAITING] = on_waiting,
	[EVENT_RUN_RESUMED] = put_resumed,
	[EVENT_STEP_LOST] = on_lost,
	[EVENT_STEP_AGAIN] = on_lost,
	[EVENT_RUN_CHANGED] = put_changed_documents,
};

/* Blocks ask for an empty line before or behind them: there is one, and never two. */
static void add(struct story *story, bool gap, struct text text, struct buffer *out)
{
	if (text.len == 0)
		return;
	if (story->blank && text.ptr[0] == '\n')
		text = text_slice(text, 1, text.len);
	else if (gap && !story->blank && text.ptr[0] != '\n')
		buffer_putc(out, '\n');
	buffer_add(out, text);
	story->blank = text_ends(text, "\n\n") || text_is(text, "\n");
}

void story_event(struct story *story, const struct event *event, struct buffer *out)
{
	struct buffer lines;
	bool about_run = event->type == EVENT_RUN_OPENED || event->type == EVENT_LOCK_TAKEN;
	if (event->type >= EVENT_TYPE_COUNT || !handlers[event->type])
		return;
	bool gap = story->gap || (story->opening && !about_run);
	buffer_init(&lines, &story->tick);
	story->gap = false;
	handlers[event->type](story, event, &lines);
	if (event->past) {
		story->section = story->reason = NULL; /* it was told when it happened */
		story->gap = false;
	} else {
		add(story, gap, buffer_text(&lines), out);
		story->gap = story->gap || (gap && lines.len == 0 && !story->opening);
		story->opening = story->opening && (about_run || lines.len == 0);
	}
	arena_reset(&story->tick);
}

static void done(void *data)
{
	struct story *story = data;
	arena_done(&story->tick);
}

void story_init(struct story *story, const struct report_options *options, struct arena *arena)
{
	*story = (struct story){
		.options = *options, .arena = arena, .width = REPORT_WIDTH, .blank = true
	};
	arena_init(&story->tick);
	arena_defer(arena, done, story);
}
