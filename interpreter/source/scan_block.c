/* scan_block: texts below '|' and '>'. */
#include "source/internal.h"

static void report_header(struct scan *scan, uint32_t from)
{
	uint32_t end = from;

	while (!char_is_break(scan->text[end]))
		end++;
	diag_at(scan->diags, scan_span(scan, from, end), RB0037, "bad block indicator '%s'",
		text_shown(scan_slice(scan, from, end), scan->diags->arena));
	diag_hint(scan->diags,
		  "Behind '|' (line ends are kept) or '>' (lines are joined) may stand "
		  "'-' (no newline at the end), '+' (all of them) and a digit from 1 "
		  "to 9 (indentation).");
	diag_hint(scan->diags,
		  "The text begins on the next line; quote a text that begins with '|' or '>'.");
}

/* Reads what stands behind '|' or '>'; gives the digit, 0 if there is none, or -1 after an error.
 */
static int scan_header(struct scan *scan)
{
	uint32_t from = scan->at++;
	int digit = 0;
	bool sign = false;

	for (;; scan->at++) {
		char byte = scan->text[scan->at];

		if ((byte == '-' || byte == '+') && !sign)
			sign = true;
		else if (byte >= '1' && byte <= '9' && !digit)
			digit = byte - '0';
		else
			break;
	}
	if (scan->text[scan->at] == '#') {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0044,
			"missing space before '#'");
		diag_hint(scan->diags, "Write a blank before the comment.");
		return -1;
	}
	if (!scan_blanks(scan) && !char_is_break(scan->text[scan->at])) {
		report_header(scan, from);
		return -1;
	}
	if (!char_is_break(scan->text[scan->at]) && scan->text[scan->at] != '#') {
		report_header(scan, from);
		return -1;
	}
	return digit;
}

/* What is known about the lines of a block text. */
struct lines {
	uint32_t header;  /* the '|' or '>' */
	int parent;       /* lines of text are indented more */
	uint32_t indent;  /* of the text; 0 until its first line was seen */
	bool is_known;    /* indent is */
	bool has_digit;   /* by a digit behind the indicator */
	bool has_text;    /* a line that is not empty was seen */
	uint32_t deepest; /* most blanks on an empty line before the first */
	uint32_t deepest_at;
};

static void check_first(struct scan *scan, const struct lines *lines)
{
	if (lines->deepest <= lines->indent)
		return;
	diag_at(scan->diags, scan_span(scan, lines->deepest_at, lines->deepest_at + lines->deepest),
		RB0057, "a blank line is deeper than the first line of the block text");
	diag_hint(scan->diags,
		  "Remove the blanks of this line, or write the indentation as a digit "
		  "behind '|' or '>'.");
}

/* An empty line; the last line of a file may lack its end, and then its blanks are a riddle. */
static void scan_empty_line(struct scan *scan, struct lines *lines, uint32_t indent)
{
	if (!lines->is_known && indent > lines->deepest) {
		lines->deepest = indent;
		lines->deepest_at = scan->line;
	}
	if (!scan->text[scan->at] && indent > 0) {
		diag_at(scan->diags, scan_span(scan, scan->line, scan->at), RB0048,
			"file ends inside a block text with spaces only");
		diag_hint(scan->diags, "Remove the spaces, or end the line.");
	}
}

/* A digit that promises more blanks than the first line has. */
static void report_digit(struct scan *scan, const struct lines *lines, uint32_t indent)
{
	struct text header = scan_slice(scan, lines->header, lines->header + 3);

	header = text_trim(header);
	diag_at(scan->diags, scan_span(scan, lines->header, lines->header + (uint32_t)header.len),
		RB0037, "bad block indicator '%.*s': its text is indented %u, not %u",
		TEXT_ARG(header), indent, lines->indent);
	diag_hint(scan->diags, "Leave the digit out: the first line tells the indentation.");
}

static void report_tab(struct scan *scan)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0020,
		"tab used for the indentation of a block text");
	diag_hint(scan->diags, "Use spaces; the tab is shown as an arrow.");
}

/* A line with text on it: whether it belongs to the block. */
static bool belongs(struct scan *scan, struct lines *lines, uint32_t indent)
{
	if ((int)indent <= lines->parent && scan->text[scan->at] != '\t')
		return false;
	if (lines->has_digit && !lines->has_text && indent < lines->indent) {
		report_digit(scan, lines, indent);
		lines->indent = indent;
	}
	lines->has_text = true;
	if (scan->text[scan->at] == '\t' && (!lines->is_known || indent < lines->indent)) {
		report_tab(scan);
		return true;
	}
	if (!lines->is_known) {
		lines->indent = indent;
		lines->is_known = true;
		check_first(scan, lines);
	}
	return indent >= lines->indent;
}

void scan_block(struct scan *scan)
{
	struct lines lines = { .header = scan->at, .parent = scan_parent(scan) };
	int digit = scan_header(scan);

	if (digit > 0) {
		lines.is_known = lines.has_digit = true;
		lines.indent = (uint32_t)((lines.parent > 0 ? lines.parent : 0) + digit);
	}
	scan_to_line_end(scan);
	scan_next_line(scan);
	while (scan->text[scan->at]) {
		uint32_t indent = scan_indent(scan);

		if (char_is_break(scan->text[scan->at])) {
			scan_empty_line(scan, &lines, indent);
		} else if ((indent == 0 && scan_at_marker(scan)) ||
			   !belongs(scan, &lines, indent)) {
			scan->at = scan->line;
			return;
		}
		scan_to_line_end(scan);
		scan_next_line(scan);
	}
}
