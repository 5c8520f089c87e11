/* A run that goes back, or on: rollback, resume, undo. */

#include <string.h>

#include "report/internal.h"

/* Secrets that are other ones than those of the run that is rolled back. */
static void put_changed(struct story *story, struct value names, struct buffer *out)
{
	for (size_t i = 0; value_is(names, VALUE_LIST) && i < value_count(names); i++) {
		buffer_puts(out, "  notice: ");
		put_wrapped(out,
			    arena_format(&story->tick, "secret '%.*s' has changed since the run",
					 TEXT_ARG(value_text(value_item(names, i)))),
			    10, "          ", story->width);
	}
}

/* What of the documents somebody has accepted. */
static void put_accepted(struct story *story, const struct event *event, struct buffer *out)
{
	static const char head[] = "  accepted: ";
	struct value texts = event_get(event, "accepted");
	outline_change(&story->outline, event, story->arena);
	for (size_t i = 0; value_is(texts, VALUE_LIST) && i < value_count(texts); i++) {
		buffer_puts(out, head);
		put_wrapped(out, arena_text(&story->tick, value_text(value_item(texts, i))).ptr,
			    strlen(head), "            ", story->width);
	}
}

void put_changed_documents(struct story *story, const struct event *event, struct buffer *out)
{
	static const char head[] = "going by the documents as they are now";
	buffer_putc(out, '\n');
	put_tint(out, &story->options, TINT_BOLD, head);
	struct flow flow = flow_behind(out, strlen(head), story->width);
	flow_add(&flow, arena_format(&story->tick, " by %s",
				     map_text(event_get(event, "actor"), "user", &story->tick)));
	buffer_putc(out, '\n');
	put_accepted(story, event, out);
}

void put_rollback(struct story *story, const struct event *event, struct buffer *out)
{
	const char *how = event_text(event, "how", &story->tick);
	const char *by = event_text(event, "by", &story->tick);
	bool by_operator = strcmp(how, "operator") == 0;
	story->section = NULL;
	story->reason = event_text(event, "reason", story->arena);
	buffer_putc(out, '\n');
	put_tint(out, &story->options, TINT_BOLD, "rolling back");
	struct flow flow = flow_behind(out, strlen("rolling back"), story->width);
	flow_add(&flow, arena_format(&story->tick, " reason %s", story->reason));
	flow_add(&flow, arena_format(&story->tick, " %s%s", by_operator ? "by " : how,
				     by_operator ? by : ""));
	buffer_putc(out, '\n');
	if (!story->options.quiet)
		put_given(story, event_get(event, "inputs"), out);
	put_changed(story, event_get(event, "changed"), out);
}

void put_resumed(struct story *story, const struct event *event, struct buffer *out)
{
	const char *note = event_text(event, "note", &story->tick);
	const char *by = map_text(event_get(event, "actor"), "user", &story->tick);
	const char *reason = event_text(event, "reason", story->arena);
	struct value abort = event_get(event, "abort");
	bool ends = value_is(abort, VALUE_BOOL) && abort.boolean;
	const char *head = ends ? "ending" : *reason ? "rolling back" : "resuming";
	story->section = NULL;
	story->reason = *reason ? reason : NULL;
	buffer_putc(out, '\n');
	put_tint(out, &story->options, TINT_BOLD, head);
	struct flow flow = flow_behind(out, strlen(head), story->width);
	if (*reason && !ends) {
		flow_add(&flow, " from where it stopped");
		flow_add(&flow, arena_format(&story->tick, " reason %s", reason));
	}
	flow_add(&flow, arena_format(&story->tick, " by %s", by));
	if (*note)
		flow_add(&flow, arena_format(&story->tick, " %s", note));
	buffer_putc(out, '\n');
	put_accepted(story, event, out);
}

void put_undo(struct story *story, const struct event *event, struct buffer *out)
{
	const struct row *row = outline_row(&story->outline, event->slot);
	if (!row || story->options.quiet)
		return;
	story->section = NULL;
	const char *head = arena_format(&story->tick, "undo of %s  ", row->path);
	buffer_puts(out, head);
	put_cut(out, row_name(row), room_left(story->width, strlen(head)));
	buffer_putc(out, '\n');
}
