/* scan_hint: how a text has to be quoted. */
#include "source/internal.h"

static void put_single(struct buffer *out, struct text text)
{
	buffer_putc(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'')
			buffer_putc(out, '\'');
		buffer_putc(out, text.ptr[i]);
	}
	buffer_putc(out, '\'');
}

const char *quoted_form(struct text text, struct arena *arena)
{
	struct buffer out;
	bool needs_single = text_find(text, TEXT("\""), 0) < text.len ||
			    text_find(text, TEXT("\\"), 0) < text.len;

	buffer_init(&out, arena);
	if (needs_single) {
		put_single(&out, text);
	} else {
		buffer_putc(&out, '"');
		buffer_add(&out, text);
		buffer_putc(&out, '"');
	}
	return buffer_string(&out);
}

#define SHOWN_MAX 200 /* bytes; a hint with more helps nobody */
#define QUOTED_MAX 48 /* bytes of a text inside a message */

const char *text_shown(struct text text, struct arena *arena)
{
	size_t len = QUOTED_MAX;

	if (text.len <= QUOTED_MAX)
		return arena_format(arena, "%.*s", TEXT_ARG(text));
	while (len > 0 && ((uint8_t)text.ptr[len] & 0xc0) == 0x80)
		len--;
	return arena_format(arena, "%.*s...", (int)len, text.ptr);
}

/* prefix is what stands before the text on its line. */
static void hint_quoted(struct scan *scan, struct text prefix, struct text text)
{
	if (text.len == 0 || text.len + prefix.len > SHOWN_MAX) {
		diag_hint(scan->diags, "Quote the text.");
		return;
	}
	diag_hint(scan->diags, "Quote the text: %.*s%s", TEXT_ARG(prefix),
		  quoted_form(text, scan->diags->arena));
}

void hint_quote_line(struct scan *scan, uint32_t from)
{
	uint32_t line = scan->source->lines[source_line(scan->source, from) - 1];
	uint32_t to = from;
	struct text prefix = scan_slice(scan, line, from);
	size_t first = 0;

	if (!scan->diags->latest)
		return;
	while (!char_is_break(scan->text[to]) && to - from <= SHOWN_MAX)
		to++;
	while (first < prefix.len && prefix.ptr[first] == ' ')
		first++;
	hint_quoted(scan, text_slice(prefix, first, prefix.len),
		    text_trim(scan_slice(scan, from, to)));
}

/* Moves over a quoted part that begins at an offset; a quote that is not closed on its line is
 * none. */
static uint32_t skip_quoted(const char *text, uint32_t at)
{
	uint32_t end = at + 1;

	while (text[end] != text[at] && !char_is_break(text[end]))
		end++;
	return text[end] == text[at] ? end + 1 : at + 1;
}

uint32_t scan_item_end(const struct scan *scan, uint32_t from, uint32_t limit)
{
	unsigned depth = 0;
	uint32_t at = from;

	while (!char_is_break(scan->text[at]) && at - from <= limit) {
		char byte = scan->text[at];

		if (depth == 0 && strchr(",]}", byte))
			break;
		if (strchr("([{", byte))
			depth++;
		if (strchr(")]}", byte) && depth > 0)
			depth--;
		at = byte == '\'' || byte == '"' ? skip_quoted(scan->text, at) : at + 1;
	}
	return at;
}

void hint_quote_item(struct scan *scan, uint32_t from)
{
	if (scan->diags->latest)
		hint_quoted(
			scan, TEXT(""),
			text_trim(scan_slice(scan, from, scan_item_end(scan, from, SHOWN_MAX))));
}
