/* How a run ended: what it leaves behind, and what to type next. */

#include <string.h>

#include "report/internal.h"

#define HALF "   (may be half done)"
#define NO_UNDO "   (may be half done; its undo runs only after a success)"
#define UNSURE "   (nobody can say whether it was done)"

const char *report_status(const struct event *event, struct arena *arena)
{
	struct value unverified = event_get(event, "unverified");
	const char *status = event_text(event, "status", arena);
	if (value_is(unverified, VALUE_BOOL) && unverified.boolean)
		return REPORT_UNVERIFIED;
	char *words = arena_string(arena, strcmp(status, "succeeded") == 0 ? "ok" : status);
	for (char *at = words; *at; at++)
		if (*at == '_')
			*at = ' ';
	return words;
}

static const char *count(struct story *story, struct value counts, const char *what)
{
	int64_t number = map_int(counts, what, 0);
	return arena_format(&story->tick, "%lld %.*s", (long long)number,
			    (int)strlen(what) - (number == 1), what);
}

static void put_verdict(struct story *story, const struct event *event, struct buffer *out)
{
	struct value counts = event_get(event, "counts");
	struct arena *tick = &story->tick;
	const char *status = event_text(event, "status", tick);
	const char *step = event_text(event, "step", tick);
	bool good = strcmp(status, "succeeded") == 0;
	bool at = *step &&
		  (strcmp(status, "failed") == 0 || strcmp(status, "cancelled") == 0 ||
		   strcmp(status, "rollback_failed") == 0 || strcmp(status, "unsure") == 0);
	const char *word = report_status(event, tick);
	put_tint(out, &story->options, good ? TINT_GOOD : TINT_BAD, word);
	struct flow flow = flow_behind(out, strlen(word), story->width);
	flow_add(&flow, story->name);
	if (at)
		flow_add(&flow, arena_format(tick, " at %s", step));
	flow_add(&flow, arena_format(tick, " %s, %s, %s", count(story, counts, "steps"),
				     count(story, counts, "assertions"),
				     count(story, counts, "warnings")));
	if (story->partial)
		flow_add(&flow, " partial");
	flow_add(&flow, arena_format(tick, " %s", clock_span(event->ms * NS_PER_MS, tick)));
	buffer_putc(out, '\n');
}

static const char *left_words(struct value item, struct arena *arena)
{
	struct value truth;
	if (*map_text(item, "undo", arena))
		return NO_UNDO;
	if (value_field(item, "unsure", NULL, &truth) && truth.boolean)
		return UNSURE;
	return value_field(item, "half", NULL, &truth) && truth.boolean ? HALF : "";
}

static void put_in_effect(struct story *story, struct value list, struct buffer *out)
{
	if (!value_is(list, VALUE_LIST) || list.list->count == 0)
		return;
	buffer_puts(out, "  still in effect:\n");
	for (size_t i = 0; i < list.list->count; i++) {
		struct value item = list.list->items[i];
		const struct row *row = outline_row(&story->outline,
						    (int32_t)map_int(item, "slot", -1));
		const char *how = left_words(item, &story->tick);
		const char *head = arena_format(&story->tick, "    %-*s  ",
						(int)story->outline.path_width,
						map_text(item, "path", &story->tick));
		buffer_puts(out, head);
		put_cut(out, row ? row_name(row) : map_text(item, "name", &story->tick),
			room_left(story->width, strlen(head) + strlen(how)));
		buffer_printf(out, "%s\n", how);
	}
}

static void put_by_hand(struct story *story, struct value list, struct buffer *out)
{
	if (!value_is(list, VALUE_LIST) || list.list->count == 0)
		return;
	buffer_puts(out, "  to be done by hand:\n");
	for (size_t i = 0; i < list.list->count; i++) {
		struct text text = value_text(list.list->items[i]);
		buffer_puts(out, "    ");
		put_wrapped(out, arena_text(&story->tick, text).ptr, 4, "      ", story->width);
	}
}

#define NEXT_CELLS 8
#define MENDED "   # once the document is mended"

/* Commands are to be copied: they are never cut, and what is said beside one is a comment. */
static void put_next(const struct story *story, struct value list, struct buffer *out)
{
	for (size_t i = 0; i < list.list->count; i++) {
		struct text command = value_text(list.list->items[i]);
		buffer_puts(out, i ? "        " : "  next: ");
		text_neutralise(out, command, false);
		bool mended = text_find(command, TEXT(" --accept-changes"), 0) != SIZE_MAX;
		if (mended && NEXT_CELLS + text_cells(command) + strlen(MENDED) <= story->width)
			buffer_puts(out, MENDED);
		buffer_putc(out, '\n');
	}
}

/* The sentence that the status does not say already. */
static void put_sentence(struct story *story, const struct event *event, struct buffer *out)
{
	const char *message = event_text(event, "msg", &story->tick);
	const char *condition = event_text(event, "condition", &story->tick);
	const char *status = event_text(event, "status", &story->tick);
	if (strcmp(status, "succeeded") != 0 && strcmp(status, message) != 0) {
		buffer_puts(out, "  ");
		put_wrapped(out, message, 2, "  ", story->width);
	}
	if (*condition) {
		buffer_puts(out, "  rollback condition met: ");
		text_neutralise(out, text_of(condition), false);
		buffer_putc(out, '\n');
	}
}

void put_closed(struct story *story, const struct event *event, struct buffer *out)
{
	struct value next = event_get(event, "next");
	buffer_putc(out, '\n');
	put_verdict(story, event, out);
	put_sentence(story, event, out);
	if (strcmp(event_text(event, "status", &story->tick), "parked") == 0)
		put_questions(story, out);
	put_in_effect(story, event_get(event, "in_effect"), out);
	put_by_hand(story, event_get(event, "by_hand"), out);
	if (value_is(next, VALUE_LIST) && next.list->count)
		put_next(story, next, out);
	else if (!story->options.quiet)
		buffer_printf(out, "    runbook show %s\n", story->run);
}
