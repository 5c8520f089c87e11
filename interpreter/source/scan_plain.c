/* scan_plain: texts without quotes: what ends them, and what that cuts off. */
#include <ctype.h>

#include "source/internal.h"

/* ---- half of a text ---- */

/* A quote begins a quoted part only where an expression or a command can begin one: "don't" has
 * none. */
static bool opens_quote(struct text text, size_t at)
{
	char byte = text.ptr[at];

	return (byte == '\'' || byte == '"') &&
	       (at == 0 || strchr(" \t([{,=!<>+?:|&", text.ptr[at - 1]));
}

static size_t close_quote(struct text text, size_t at)
{
	const char *end = memchr(text.ptr + at + 1, text.ptr[at], text.len - at - 1);

	return end ? (size_t)(end - text.ptr) : text.len;
}

bool text_is_half(struct text text)
{
	int depth = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (opens_quote(text, i))
			i = close_quote(text, i);
		if (i == text.len)
			return true;
		if (strchr("([{", text.ptr[i]))
			depth++;
		if (strchr(")]}", text.ptr[i]) && depth > 0)
			depth--;
	}
	return depth > 0;
}

void scan_check_comment(struct scan *scan, uint32_t from, uint32_t to, uint32_t hash)
{
	struct text text = scan_slice(scan, from, to);
	struct span span = scan_span(scan, hash, hash + 1);

	if (text_is_half(text)) {
		diag_at(scan->diags, span, RB0056, "the text after ' #' is a comment; it cut '%s'",
			text_shown(text, scan->diags->arena));
		hint_quote(scan, from);
		scan->told_cut = true;
	} else if (hash == to + 1 && !scan->bracket_count) {
		diag_at(scan->diags, span, RB0022,
			"the text after ' #' is a comment; the value is '%s'",
			text_shown(text, scan->diags->arena));
		diag_hint(scan->diags,
			  "Quote the value if '#' belongs to it; write two blanks before "
			  "a comment.");
	}
}

/* ---- one line ---- */

static const bool plain_stops[UINT8_MAX + 1] = {
	['\0'] = true, ['\n'] = true, ['\r'] = true, [':'] = true, ['#'] = true,
};

/* Moves to what ends the text on this line: a ':' with a blank behind it, a '#' with a blank before
 * it, or the end of the line. Gives the end of the text without blanks. */
static uint32_t plain_end(struct scan *scan)
{
	uint32_t at = scan->at;
	uint32_t end;

	for (;; at++) {
		while (!plain_stops[(uint8_t)scan->text[at]])
			at++;
		if (char_is_break(scan->text[at]))
			break;
		if (scan->text[at] == ':' && char_is_space(scan->text[at + 1]))
			break;
		if (scan->text[at] == '#' && at > 0 && char_is_space(scan->text[at - 1]))
			break;
	}
	for (end = at; end > scan->at && char_is_space(scan->text[end - 1]);)
		end--;
	scan->at = at;
	return end;
}

/* "name:value" */
static bool lacks_blank(struct text text)
{
	size_t at = 0;

	while (at < text.len && (isalnum((uint8_t)text.ptr[at]) || strchr("_-.", text.ptr[at])))
		at++;
	return at > 0 && at + 1 < text.len && text.ptr[at] == ':' &&
	       !isdigit((uint8_t)text.ptr[0]) && text.ptr[at + 1] != '/' &&
	       text.ptr[at + 1] != ':' && text.ptr[at + 1] != '\\';
}

/* A text where a key is needed. */
static void report_no_key(struct scan *scan, uint32_t from, uint32_t to)
{
	struct text text = scan_slice(scan, from, to);
	size_t colon = text_find(text, TEXT(":"), 0);

	if (lacks_blank(text)) {
		uint32_t at = from + (uint32_t)colon;

		diag_at(scan->diags, scan_span(scan, at, at + 1), RB0031,
			"missing space after ':'");
		diag_hint(scan->diags, "Write: %.*s: %s", (int)colon, text.ptr,
			  text_shown(text_slice(text, colon + 1, text.len), scan->diags->arena));
		return;
	}
	diag_at(scan->diags, scan_span(scan, from, to), RB0058,
		"'%s' stands where a key is needed, and has no ':'",
		text_shown(text, scan->diags->arena));
	diag_hint(scan->diags,
		  "Write 'key: value'; indent the line if it belongs to the text above.");
}

static void report_second_colon(struct scan *scan, uint32_t from)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0021,
		"': ' inside an unquoted text");
	hint_quote_line(scan, from);
}

/* ---- further lines ---- */

/* The first line of a text that may go on. */
struct plain {
	uint32_t from, to;
	int parent;  /* the column that further lines must exceed */
	bool is_key; /* it could have been a key, had it a colon */
};

/* A further line has a colon, so it was meant as a key. */
static void report_key_in_text(struct scan *scan, const struct plain *plain, uint32_t from)
{
	struct text first = scan_slice(scan, plain->from, plain->to);
	uint32_t column = from - scan->line;

	if (plain->is_key && (lacks_blank(first) || (int)column <= plain->parent + 1)) {
		report_no_key(scan, plain->from, plain->to);
		return;
	}
	diag_at(scan->diags, scan_span(scan, from, scan->at), RB0033,
		"unexpected indentation: '%s' cannot belong to the text '%s'",
		text_shown(scan_slice(scan, from, scan->at), scan->diags->arena),
		text_shown(first, scan->diags->arena));
	diag_hint(scan->diags,
		  "Write the key in column %d, or the whole text as a block below '|'.",
		  plain->parent + 1);
}

/* Moves to the next line with text; whether it goes on with the text. */
static bool goes_on(struct scan *scan, int parent)
{
	do {
		scan_next_line(scan);
		scan_indent(scan);
		scan_blanks(scan);
	} while (scan->text[scan->at] && char_is_break(scan->text[scan->at]));
	if (scan->text[scan->at] && scan->text[scan->at] != '#' &&
	    (int)strspn(scan->text + scan->line, " ") > parent &&
	    !(scan->at == scan->line && scan_at_marker(scan)))
		return true;
	scan->at = scan->line;
	return false;
}

static void scan_further_lines(struct scan *scan, const struct plain *plain)
{
	while (goes_on(scan, plain->parent)) {
		uint32_t from = scan->at;
		uint32_t end = plain_end(scan);

		if (scan->text[scan->at] == ':') {
			report_key_in_text(scan, plain, from);
			scan_to_line_end(scan);
			scan_next_line(scan);
			scan_skip_deeper(scan, plain->parent);
			return;
		}
		if (scan->text[scan->at] == '#') {
			scan_check_comment(scan, from, end, scan->at);
			scan_to_line_end(scan);
			scan_next_line(scan);
			return;
		}
	}
}

/* ---- the whole ---- */

/* Whether the line goes on with a map, so that only a key may stand here. */
static bool needs_key(const struct scan *scan, uint32_t from)
{
	const struct block *top = &scan->blocks[scan->block_count ? scan->block_count - 1 : 0];

	return scan->block_count && top->is_map && top->column == from - scan->line;
}

static void scan_value(struct scan *scan, const struct plain *plain)
{
	struct text text = scan_slice(scan, plain->from, plain->to);

	if (scan->text[scan->at] == '#') {
		scan_check_comment(scan, plain->from, plain->to, scan->at);
		scan_to_line_end(scan);
		scan_next_line(scan);
		return;
	}
	if (plain->is_key && plain->parent < 0 && lacks_blank(text))
		report_no_key(scan, plain->from, plain->to);
	scan_further_lines(scan, plain);
}

void scan_plain(struct scan *scan, bool may_be_key)
{
	struct plain plain = { scan->at, 0, scan_parent(scan), may_be_key };

	plain.to = plain_end(scan);
	if (scan->text[scan->at] == ':' && may_be_key) {
		scan_key(scan, plain.from, plain.to);
	} else if (scan->text[scan->at] == ':') {
		report_second_colon(scan, plain.from);
		scan_to_line_end(scan);
		scan_next_line(scan);
	} else if (may_be_key && needs_key(scan, plain.from)) {
		report_no_key(scan, plain.from, plain.to);
		scan_to_line_end(scan);
		scan_next_line(scan);
	} else {
		scan_value(scan, &plain);
	}
}
