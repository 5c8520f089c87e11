/* The block that explains a failed attempt. */

#include <string.h>

#include "report/internal.h"

#define GUTTER "      |   "
#define EXCERPT_GUTTER 8 /* cells before the text of an excerpt */
#define BELOW "      = "
#define LABEL_WIDTH 10 /* of "expected: " */

static const struct source *source_of(const struct story *story, const char *file)
{
	return story->options.source ? story->options.source(story->options.data, file) : NULL;
}

/* The place of an event in a document that is at hand. */
static struct span span_of(const struct story *story, struct value loc, struct arena *arena)
{
	struct span span = { .source = source_of(story, map_text(loc, "file", arena)) };
	struct position from = { (uint32_t)map_int(loc, "line", 0),
				 (uint32_t)map_int(loc, "col", 1) };
	if (!span.source || from.line == 0)
		return (struct span){ 0 };
	struct position to = { from.line, (uint32_t)map_int(loc, "end", from.column + 1) };
	span.from = source_at(span.source, from);
	span.to = source_at(span.source, to);
	return span;
}

/* Whether what ran is not what is written; of a map or a list only the verb is at hand. */
static bool has_values(const struct row *row, struct span span)
{
	struct text written = { span.source->text.ptr + span.from, span.to - span.from };
	bool bare = text_is(written, row->verb);
	return row->text && *row->text && (bare || text_find(written, TEXT("${{"), 0) != SIZE_MAX);
}

/* The final text of what ran, where the document does not say it already; or NULL. */
static const char *what_ran(struct story *story, const struct row *row, const struct event *event,
			    struct span span)
{
	bool argument = *event_text(event, "about", &story->tick); /* that is not what ran */
	return !argument && has_values(row, span) ? row->text : NULL;
}

static bool is_assertion(struct story *story, const struct event *event)
{
	return strcmp(event_text(event, "code", &story->tick), "RB0501") == 0;
}

/* The value of an assertion's part, else the final text of what ran; or NULL. */
static const char *known(struct story *story, const struct row *row, const struct event *event,
			 struct span span)
{
	struct arena *tick = &story->tick;
	const char *actual = event_text(event, "actual", tick);
	const char *expected = event_text(event, "expected", tick);
	if (is_assertion(story, event))
		return *expected ? arena_format(tick, "%s, expected %s", actual, expected) : actual;
	return what_ran(story, row, event, span);
}

/* What stands beside the carets; NULL: nothing, or it has no room there. */
static const char *beside(struct story *story, const struct row *row, const struct event *event,
			  struct span span)
{
	const char *text = known(story, row, event, span);
	if (!text || strchr(text, '\n'))
		return NULL;
	size_t column = source_position(span.source, span.to).column + EXCERPT_GUTTER;
	return column + text_cells(text_of(text)) <= story->width ? text : NULL;
}

/* One line; what else is told is prose. */
static bool is_value(const char *label)
{
	return strcmp(label, "value") == 0 || strcmp(label, "expected") == 0 ||
	       strcmp(label, "actual") == 0;
}

static void put_label(struct story *story, const char *gutter, const char *label, const char *text,
		      struct buffer *out)
{
	const char *head = arena_format(&story->tick, "%s%-*s", gutter, LABEL_WIDTH,
					*label ? arena_format(&story->tick, "%s: ", label) : "");
	struct buffer margin;
	if (!*text)
		return;
	buffer_init(&margin, &story->tick);
	buffer_puts(&margin, gutter[6] == '|' ? GUTTER : "");
	put_blanks(&margin, strlen(head) - margin.len);
	buffer_puts(out, head);
	if (is_value(label)) { /* the whole is for `show` */
		put_short(out, text, room_left(story->width, strlen(head)));
		buffer_putc(out, '\n');
		return;
	}
	put_wrapped(out, text, strlen(head), buffer_string(&margin), story->width);
}

/* Where the lines of a label stand: facts beside the excerpt, then how they led to the end, and at
 * last what a person does with it. */
enum line_kind { LINE_FACT, LINE_TRACE, LINE_ADVICE };

static enum line_kind line_kind(const char *label)
{
	static const char *const advice[] = { "hint", "help", "note" };
	for (size_t i = 0; i < sizeof(advice) / sizeof(advice[0]); i++)
		if (strcmp(label, advice[i]) == 0)
			return LINE_ADVICE;
	return strcmp(label, "trace") == 0 ? LINE_TRACE : LINE_FACT;
}

static void put_lines(struct story *story, const struct event *event, enum line_kind kind,
		      struct buffer *out)
{
	struct value lines = event_get(event, "lines");
	bool first = true; /* the first value is the actual one */
	for (size_t i = 0; value_is(lines, VALUE_LIST) && i < lines.list->count; i++) {
		const char *label = map_text(lines.list->items[i], "label", &story->tick);
		const char *text = map_text(lines.list->items[i], "text", &story->tick);
		bool told = first && strcmp(label, "value") == 0;
		first = first && !told;
		if (line_kind(label) == kind && !told)
			put_label(story, kind == LINE_FACT ? GUTTER : BELOW, label, text, out);
	}
}

/* The calls and library steps around a step, innermost first. */
static const char *called(struct story *story, const struct row *row)
{
	struct buffer out;
	buffer_init(&out, &story->tick);
	while (row->parent >= 0) {
		row = &story->outline.rows[row->parent];
		if ((row_is(row, "call") || row_is(row, "library")) && row->line)
			buffer_printf(&out, "%s%s:%lld", out.len ? ", " : "", row->file,
				      (long long)row->line);
	}
	return buffer_string(&out);
}

/* What an assertion is about, where its document does not say it: "git {repo: ., tag: v1.2.0}". */
static void put_subject(struct story *story, const struct row *row, struct span span,
			struct buffer *out)
{
	if (row->text && *row->text && !strchr(row->text, '\n') &&
	    text_find(span.source->text, text_of(row->text), 0) == SIZE_MAX)
		put_label(story, GUTTER, row->verb, row->text, out);
}

/* Gives whether an assertion's values stand beside the carets. */
static bool put_place(struct story *story, const struct row *row, const struct event *event,
		      struct buffer *out)
{
	const struct diag_style style = { .color = story->options.color,
					  .width = (unsigned)story->width };
	struct value loc = event_get(event, "loc");
	struct span span = span_of(story, loc, &story->tick);
	if (map_int(loc, "line", 0) == 0)
		return false;
	buffer_printf(out, "  --> %s:%lld:%lld\n", map_text(loc, "file", &story->tick),
		      (long long)map_int(loc, "line", 0), (long long)map_int(loc, "col", 1));
	if (!span.source)
		return false;
	const char *text = beside(story, row, event, span);
	buffer_puts(out, "      |\n");
	span_print(out, span, text, &style);
	if (is_assertion(story, event)) {
		put_subject(story, row, span, out);
		return text;
	}
	if (!text && what_ran(story, row, event, span))
		put_label(story, GUTTER, row->verb, row->text, out);
	return false;
}

static void put_facts(struct story *story, const struct event *event, bool told, struct buffer *out)
{
	if (!told) {
		put_label(story, GUTTER, "expected", event_text(event, "expected", &story->tick),
			  out);
		put_label(story, GUTTER, "actual", event_text(event, "actual", &story->tick), out);
	}
	put_lines(story, event, LINE_FACT, out);
	put_lines(story, event, LINE_TRACE, out);
}

/* An answer that is told as a fact is not told again as output. */
static bool tells_body(const struct event *event, struct arena *arena)
{
	struct value lines = event_get(event, "lines");
	for (size_t i = 0; value_is(lines, VALUE_LIST) && i < lines.list->count; i++)
		if (strcmp(map_text(lines.list->items[i], "label", arena), "body") == 0)
			return true;
	return false;
}

static void put_output_of(struct story *story, const struct row *row, const struct event *event,
			  struct buffer *out)
{
	static const char *const streams[] = { "stdout", "stderr" };
	if (row->spoke || tells_body(event, &story->tick))
		return;
	for (size_t i = 0; i < 2; i++) {
		struct value text = event_get(event, streams[i]);
		if (value_is(text, VALUE_STRING))
			put_tail(story, row, streams[i] + 3, value_text(text), out);
	}
}

void put_failure(struct story *story, const struct row *row, const struct event *event,
		 struct buffer *out)
{
	struct buffer attempts;
	if (strcmp(event_text(event, "status", &story->tick), "cancelled") == 0) {
		put_output_of(story, row, event, out);
		return; /* nothing is wrong with it */
	}
	buffer_init(&attempts, &story->tick);
	buffer_puts(out, "\n");
	put_tint(out, &story->options, TINT_BAD,
		 arena_format(&story->tick, "error[%s]", event_text(event, "code", &story->tick)));
	buffer_puts(out, ": ");
	put_wrapped(out, event_text(event, "msg", &story->tick), strlen("error[RB0000]: "), "  ",
		    story->width);
	bool told = put_place(story, row, event, out);
	put_facts(story, event, told, out);
	put_output_of(story, row, event, out);
	put_streaks(&attempts, row);
	if (row->attempts > 1)
		put_label(story, BELOW, "attempts", buffer_string(&attempts), out);
	put_label(story, BELOW, "called", called(story, row), out);
	put_lines(story, event, LINE_ADVICE, out);
	story->gap = true;
}
