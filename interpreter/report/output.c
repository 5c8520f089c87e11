/* What steps write: as it comes, and the last lines of one that failed. */

#include <string.h>

#include "report/internal.h"

#define TAIL_LINES 20
#define HELD_MAX 4096 /* a line whose end does not come is shown in pieces of so many bytes */

struct held {
	struct buffer streams[2];
};

static const char *prefix_of(struct story *story, const char *path, bool err)
{
	return arena_format(&story->tick, "%s%s | ", path, err ? "err" : "out");
}

/* One line of a stream; where the screen is narrower, the prefix of what is left of it is ": ". */
static void put_line(struct story *story, const char *prefix, struct text line, struct buffer *out)
{
	size_t column = strlen(prefix);
	char *margin = arena_string(&story->tick, prefix);
	margin[column - 2] = ':';
	buffer_puts(out, prefix);
	put_wrapped(out, arena_text(&story->tick, line).ptr, column, margin, story->wrap);
}

/* Whole lines are printed; gives what is left. */
static struct text put_lines(struct story *story, const char *prefix, struct text text,
			     struct buffer *out)
{
	for (;;) {
		size_t end = text_find(text, TEXT("\n"), 0);
		if (end == SIZE_MAX)
			return text;
		put_line(story, prefix, text_slice(text, 0, end), out);
		text = text_slice(text, end + 1, text.len);
	}
}

static const char *live_prefix(struct story *story, const struct row *row, bool err)
{
	const char *path = arena_format(&story->tick, "  %-*s  ", (int)story->outline.path_width,
					row->path);
	return prefix_of(story, path, err);
}

void put_output(struct story *story, struct row *row, const struct event *event, struct buffer *out)
{
	struct value value = event_get(event, "text");
	bool err = strcmp(event_text(event, "stream", &story->tick), "stderr") == 0;
	if (!value_is(value, VALUE_STRING))
		return;
	if (!row->held) {
		row->held = arena_new(story->arena, struct held);
		buffer_init(&row->held->streams[0], story->arena);
		buffer_init(&row->held->streams[1], story->arena);
	}
	struct buffer *held = &row->held->streams[err];
	buffer_add(held, value_text(value));
	struct text whole = { arena_text(&story->tick, buffer_text(held)).ptr, held->len };
	struct text rest = put_lines(story, live_prefix(story, row, err), whole, out);
	held->len = 0;
	buffer_add(held, rest);
	if (held->len > HELD_MAX)
		put_held(story, row, out);
	row->spoke = true;
}

void put_held(struct story *story, struct row *row, struct buffer *out)
{
	for (int stream = 0; row->held && stream < 2; stream++) {
		struct buffer *held = &row->held->streams[stream];
		if (held->len)
			put_line(story, live_prefix(story, row, stream), buffer_text(held), out);
		held->len = 0;
	}
}

void put_tail(struct story *story, const struct row *row, const char *stream, struct text text,
	      struct buffer *out)
{
	size_t lines = 0, from;
	const char *prefix = prefix_of(story, "  ", *stream == 'e');
	struct buffer shown;
	bool cut = false;
	text = text_trim(text);
	if (text.len == 0)
		return;
	for (from = text.len; from > 0; from--)
		if (text.ptr[from - 1] == '\n' && ++lines == TAIL_LINES)
			break;
	buffer_init(&shown, &story->tick);
	for (size_t at = from, end; at <= text.len; at = end == SIZE_MAX ? end : end + 1) {
		end = text_find(text, TEXT("\n"), at);
		struct text line = text_slice(text, at, end);
		buffer_puts(&shown, prefix);
		cut |= put_short(&shown, arena_text(&story->tick, line).ptr,
				 room_left(story->width, strlen(prefix)));
		buffer_putc(&shown, '\n');
	}
	if (from > 0 || cut)
		buffer_printf(out, "%s... all of it: runbook show %s %s\n", prefix, story->run,
			      row->path);
	buffer_add(out, buffer_text(&shown));
}
