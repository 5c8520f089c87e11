/* The block that explains a failed attempt. */

#include <string.h>

#include "report/internal.h"

#define OUTPUT_LINES 20

static void put_safe(struct buffer *out, const char *text)
{
	text_neutralise(out, text_of(text), false);
}

static void put_excerpt(struct buffer *out, const struct report_options *options, struct value loc,
			struct arena *arena)
{
	const char *file = map_text(loc, "file", arena);
	int64_t line = map_int(loc, "line", 0), col = map_int(loc, "col", 1),
		end = map_int(loc, "end", 0);
	struct text text = { 0 };
	if (!line)
		return;
	buffer_printf(out, "  --> %s:%lld:%lld\n", file, (long long)line, (long long)col);
	if (options->source_line)
		text = options->source_line(options->data, file, line);
	if (!text.ptr)
		return;
	buffer_printf(out, "   |\n%3lld| ", (long long)line);
	text_neutralise(out, text, false);
	buffer_printf(out, "\n   | %*s", (int)col - 1, "");
	for (int64_t i = col; i < (end > col ? end : col + 1); i++)
		buffer_putc(out, '^');
	buffer_putc(out, '\n');
}

static void put_label(struct buffer *out, const char *label, const char *text)
{
	if (!*text)
		return;
	buffer_printf(out, "   = %s: ", label);
	put_safe(out, text);
	buffer_putc(out, '\n');
}

/* The last lines of a stream, each with its prefix. */
static void put_tail(struct buffer *out, const char *prefix, struct text text)
{
	size_t lines = 0, from = text.len;
	text = text_trim(text);
	if (text.len == 0)
		return;
	for (from = text.len; from > 0 && lines < OUTPUT_LINES; from--)
		if (text.ptr[from - 1] == '\n' && ++lines == OUTPUT_LINES)
			break;
	while (from < text.len) {
		size_t end = text_find(text, TEXT("\n"), from);
		buffer_printf(out, "   %s ", prefix);
		text_neutralise(out, text_slice(text, from, end), false);
		buffer_putc(out, '\n');
		if (end == SIZE_MAX)
			break;
		from = end + 1;
	}
}

void put_failure(struct buffer *out, const struct report_options *options,
		 const struct event *event, struct arena *arena)
{
	struct value lines = event_get(event, "lines"), text;
	const char *expected = event_text(event, "expected", arena);
	const char *actual = event_text(event, "actual", arena);
	buffer_puts(out, "\n");
	put_tint(out, options, TINT_BAD,
		 arena_format(arena, "error[%s]", event_text(event, "code", arena)));
	buffer_puts(out, ": ");
	put_safe(out, event_text(event, "msg", arena));
	buffer_puts(out, "\n");
	put_excerpt(out, options, event_get(event, "loc"), arena);
	put_label(out, "expected", expected);
	put_label(out, "actual", actual);
	for (size_t i = 0; value_is(lines, VALUE_LIST) && i < lines.list->count; i++)
		put_label(out, map_text(lines.list->items[i], "label", arena),
			  map_text(lines.list->items[i], "text", arena));
	text = event_get(event, "stdout");
	if (value_is(text, VALUE_STRING))
		put_tail(out, "out|", value_text(text));
	text = event_get(event, "stderr");
	if (value_is(text, VALUE_STRING))
		put_tail(out, "err|", value_text(text));
	buffer_puts(out, "\n");
}
