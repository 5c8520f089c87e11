/* A question to a person, on lines of its own; those that a run waits for when it ends. */

#include <string.h>

#include "report/internal.h"

static void put_who(struct buffer *out, struct value who, const char *margin, size_t width)
{
	const char *heading = arena_format(out->arena, "%sto be answered by", margin);
	buffer_puts(out, heading);
	struct flow flow = flow_behind(out, strlen(heading), width);
	for (size_t i = 0; i < who.list->count; i++)
		flow_add(&flow, arena_text(out->arena, value_text(who.list->items[i])).ptr);
	buffer_putc(out, '\n');
}

/* What stands below the question, behind a margin. */
static void put_beside(struct buffer *out, const struct ask_state *ask, const char *margin,
		       size_t width)
{
	const char *deeper = arena_format(out->arena, "%s  ", margin);
	if (ask->show) {
		buffer_puts(out, deeper);
		put_wrapped(out, ask->show, strlen(deeper), deeper, width);
	}
	if (ask->evidence) {
		const char *heading = arena_format(out->arena, "%sto be noted: ", margin);
		buffer_puts(out, heading);
		put_wrapped(out, ask->evidence, strlen(heading), deeper, width);
	}
	if (value_is(ask->who, VALUE_LIST) && ask->who.list->count)
		put_who(out, ask->who, margin, width);
}

void report_question(struct buffer *out, const struct ask_state *ask, bool color, size_t width)
{
	const struct report_options options = { .color = color };
	struct buffer text;
	buffer_init(&text, out->arena);
	put_wrapped(&text, ask->text ? ask->text : ask->ask, 2, "  ", width);
	buffer_puts(out, "\n? ");
	put_tint(out, &options, TINT_BOLD, buffer_string(&text));
	put_beside(out, ask, "  ", width);
}

/* ---- those of a run ------------------------------------------------------------------------- */

/* NULL where the event has none, as state_apply keeps it. */
static const char *text_or_null(const struct event *event, const char *field, struct arena *arena)
{
	const char *text = event_text(event, field, arena);
	return *text ? text : NULL;
}

static void forget(struct story *story, size_t index)
{
	for (story->asks.count--; index < story->asks.count; index++)
		story->asks.at[index] = story->asks.at[index + 1];
}

void note_question(struct story *story, const struct event *event, struct buffer *out)
{
	struct arena *arena = story->arena;
	struct row *row = outline_row(&story->outline, event->slot);
	const char *ask = event_text(event, "ask", arena);
	const char *name = text_or_null(event, "name", arena);
	(void)out;
	if (row && name)
		row->shown = name;
	for (size_t i = story->asks.count; i > 0; i--)
		if (strcmp(story->asks.at[i - 1].ask, ask) == 0)
			forget(story, i - 1); /* it is asked again */
	*list_add(&story->asks, arena) = (struct ask_state){
		.ask = ask,
		.slot = event->slot,
		.text = event_text(event, "text", arena),
		.show = text_or_null(event, "show", arena),
		.evidence = text_or_null(event, "evidence", arena),
		.who = value_copy(event_get(event, "by"), arena),
	};
}

void forget_question(struct story *story, const struct event *event)
{
	bool answered = event->type == EVENT_ASK_ANSWERED;
	const char *ask = event_text(event, "ask", &story->tick);
	for (size_t i = story->asks.count; i > 0; i--) {
		const struct ask_state *open = &story->asks.at[i - 1];
		if (answered ? strcmp(open->ask, ask) == 0 : open->slot == event->slot)
			forget(story, i - 1);
	}
}

void put_questions(struct story *story, struct buffer *out)
{
	for (size_t i = 0; i < story->asks.count; i++) {
		const struct ask_state *ask = &story->asks.at[i];
		const char *head = arena_format(&story->tick, "  asks '%s': ", ask->ask);
		buffer_puts(out, head);
		put_wrapped(out, ask->text, text_cells(text_of(head)), "    ", story->width);
		put_beside(out, ask, "    ", story->width);
	}
}
