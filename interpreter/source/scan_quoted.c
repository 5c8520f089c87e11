/* scan_quoted: texts in quotes: where they end, and what their escapes are. */
#include <ctype.h>

#include "source/internal.h"

#define ESCAPES "0abt\tnvfre \"/\\N_LPxuU"

static void report_escape(struct scan *scan, uint32_t to)
{
	struct text escape = scan_slice(scan, scan->at, to);

	diag_at(scan->diags, scan_span(scan, scan->at, to), RB0025, "unknown escape '%.*s'",
		TEXT_ARG(escape));
	diag_hint(scan->diags, "Use single quotes or a block below '|' for regular expressions and "
			       "paths.");
	diag_hint(scan->diags,
		  "Known are \\0 \\a \\b \\t \\n \\v \\f \\r \\e \\\" \\/ \\\\ \\N \\_ "
		  "\\L \\P \\xHH \\uHHHH \\UHHHHHHHH.");
}

static uint32_t escape_digits(char byte)
{
	if (byte == 'x')
		return 2;
	if (byte == 'u')
		return 4;
	return byte == 'U' ? 8 : 0;
}

/* The number behind \x, \u, \U; -1 when digits are missing. */
static int64_t escape_number(const struct scan *scan, uint32_t at, uint32_t digits)
{
	int64_t number = 0;

	for (uint32_t i = 0; i < digits; i++) {
		char byte = scan->text[at + i];

		if (!isxdigit((uint8_t)byte))
			return -1;
		number = number * 16 +
			 (isdigit((uint8_t)byte) ? byte - '0' : tolower((uint8_t)byte) - 'a' + 10);
	}
	return number;
}

/* At a backslash; ends behind the escape. */
static void scan_escape(struct scan *scan)
{
	char byte = scan->text[scan->at + 1];
	uint32_t digits = escape_digits(byte);
	uint32_t end = scan->at + 2 + digits;
	int64_t number = escape_number(scan, scan->at + 2, digits);

	if (char_is_break(byte)) {
		scan->at++;
		return;
	}
	if (!strchr(ESCAPES, byte) || number < 0) {
		end = scan->at + 2;
		while (((uint8_t)scan->text[end] & 0xc0) == 0x80)
			end++; /* a character has several bytes */
		report_escape(scan, end);
	} else if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) {
		diag_at(scan->diags, scan_span(scan, scan->at, end), RB0026,
			number > 0x10ffff ? "the number of the escape is no character"
					  : "a surrogate code point is not a character");
		diag_hint(scan->diags, "Write the character itself, or \\U and its eight digits.");
	}
	scan->at = end;
}

static bool report_unclosed(struct scan *scan, uint32_t from)
{
	diag_at(scan->diags, scan_span(scan, from, from + 1), RB0023, "quote never closed");
	diag_hint(scan->diags,
		  "Close it with %c, or put the whole text in the other kind of quotes.",
		  scan->text[from]);
	scan->stopped = true;
	return false;
}

/* Over the end of a line to the next one with text. False when the quote is not closed before. */
static bool scan_fold(struct scan *scan, uint32_t from)
{
	uint32_t indent;

	do {
		scan_next_line(scan);
		indent = scan_indent(scan);
		scan_blanks(scan);
	} while (scan->text[scan->at] && char_is_break(scan->text[scan->at]));
	if (!scan->text[scan->at] || (indent == 0 && scan_at_marker(scan)))
		return false;
	if ((int)indent > scan_parent(scan))
		return true;
	if (scan_is_entry(scan, scan->line + indent))
		return false;
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0046,
		"the lines of a quoted text must be indented more than what it belongs to");
	diag_note(scan->diags, scan_span(scan, from, from + 1), "the text begins here");
	diag_hint(scan->diags, "Indent the line with %d or more blanks.", scan_parent(scan) + 1);
	return true;
}

bool scan_quoted(struct scan *scan)
{
	uint32_t from = scan->at++;
	char quote = scan->text[from];
	const char *stops = quote == '"' ? "\"\\\n\r" : "'\n\r";

	for (;;) {
		scan->at += (uint32_t)strcspn(scan->text + scan->at, stops);
		if (scan->text[scan->at] == '\\') {
			scan_escape(scan);
		} else if (scan->text[scan->at] != quote) {
			if (!scan_fold(scan, from))
				return report_unclosed(scan, from);
		} else if (quote == '\'' && scan->text[scan->at + 1] == '\'') {
			scan->at += 2;
		} else {
			scan->at++;
			return true;
		}
	}
}
