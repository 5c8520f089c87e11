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

/* What stands before an offset on its line, without the indentation. */
static struct text line_prefix(const struct scan *scan, uint32_t from)
{
	uint32_t line = scan->source->lines[source_line(scan->source, from) - 1];

	while (line < from && scan->text[line] == ' ')
		line++;
	return scan_slice(scan, line, from);
}

/* The rest of the line. */
static struct text line_rest(const struct scan *scan, uint32_t from)
{
	uint32_t to = from;

	while (!char_is_break(scan->text[to]) && to - from <= SHOWN_MAX)
		to++;
	return text_trim(scan_slice(scan, from, to));
}

void hint_quote_line(struct scan *scan, uint32_t from)
{
	if (scan->diags->latest)
		hint_quoted(scan, line_prefix(scan, from), line_rest(scan, from));
}

void hint_inner_quote(struct scan *scan, uint32_t from)
{
	char quote = scan->text[from];
	bool is_single = quote == '\'';
	const char *rule = is_single ? "Inside single quotes, write two single quotes ('') for one"
				     : "Inside double quotes, write \\\" for a quote";
	struct text prefix = line_prefix(scan, from);
	struct text text = line_rest(scan, from);
	struct buffer out;

	if (prefix.len + text.len > SHOWN_MAX || text.ptr[text.len - 1] != quote) {
		diag_hint(scan->diags, "%s.", rule);
		return;
	}
	buffer_init(&out, scan->diags->arena);
	buffer_putc(&out, quote);
	for (size_t i = 1; i + 1 < text.len; i++) {
		if (text.ptr[i] == quote)
			buffer_putc(&out, is_single ? '\'' : '\\');
		buffer_putc(&out, text.ptr[i]);
	}
	buffer_putc(&out, quote);
	diag_hint(scan->diags, "%s: %.*s%s", rule, TEXT_ARG(prefix), buffer_string(&out));
}

void hint_quote(struct scan *scan, uint32_t from)
{
	if (scan->bracket_count)
		hint_quote_item(scan, from);
	else
		hint_quote_line(scan, from);
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

void hint_quote_key(struct scan *scan, uint32_t from)
{
	struct text item = scan_slice(scan, from, scan_item_end(scan, from, SHOWN_MAX));

	if (scan->diags->latest)
		hint_quoted(scan, TEXT(""), text_slice(item, 0, text_find(item, TEXT(": "), 0)));
}

void hint_quote_item(struct scan *scan, uint32_t from)
{
	if (scan->diags->latest)
		hint_quoted(
			scan, TEXT(""),
			text_trim(scan_slice(scan, from, scan_item_end(scan, from, SHOWN_MAX))));
}
