/* scan_flow_space: what stands between the tokens of brackets, and whether a further line still
 * belongs to them. */
#include "source/internal.h"

struct bracket *scan_innermost(struct scan *scan)
{
	return &scan->brackets[scan->bracket_count - 1];
}

bool bracket_is_map(const struct scan *scan, const struct bracket *bracket)
{
	return scan->text[bracket->at] == '{';
}

bool bracket_has_text(const struct bracket *bracket)
{
	return bracket->state == HAVE_ITEM || bracket->state == HAVE_VALUE;
}

bool char_is_quote(char byte)
{
	return byte == '"' || byte == '\'';
}

bool char_is_bracket(char byte)
{
	return byte && strchr("[]{}", byte);
}

bool bracket_is_plain(const struct bracket *bracket)
{
	return bracket->first && !char_is_quote(bracket->first) && !char_is_bracket(bracket->first);
}

static bool report_unclosed(struct scan *scan)
{
	const struct bracket *bracket = scan_innermost(scan);

	scan->stopped = true;
	if (scan->told_cut) /* the bracket stands in what the comment cut off */
		return false;
	diag_at(scan->diags, scan_span(scan, bracket->at, bracket->at + 1), RB0027,
		"'%c' never closed", scan->text[bracket->at]);
	diag_hint(scan->diags,
		  "Close it with '%c', or quote the text if the bracket belongs to it.",
		  bracket_is_map(scan, bracket) ? '}' : ']');
	return false;
}

/* Whether an entry of the surrounding map or list seems to begin here, so that a bracket was
 * forgotten. */
static bool is_next_entry(const struct scan *scan)
{
	uint32_t end = scan->at;

	while (!char_is_break(scan->text[end]))
		end++;
	while (end > scan->at && char_is_space(scan->text[end - 1]))
		end--;
	return scan_is_entry(scan, scan->at) && !strchr(",]}", scan->text[end - 1]);
}

/* At the first character of a further line: whether it belongs to the brackets. */
static bool check_line(struct scan *scan, int indent)
{
	int parent = scan_parent(scan);
	char byte = scan->text[scan->at];

	if (indent == 0 && scan_at_marker(scan))
		return report_unclosed(scan);
	if (indent > parent || ((byte == ']' || byte == '}') && indent == parent))
		return true;
	if (is_next_entry(scan))
		return report_unclosed(scan);
	if (!scan->told_indentation) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0046,
			"the lines of a list or map in brackets must be indented more than what it "
			"belongs to");
		diag_hint(scan->diags, "Indent the line with %d or more blanks.", parent + 1);
		scan->told_indentation = true;
	}
	return true;
}

/* A '#': a comment, if a blank stands before it. */
static void skip_comment(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);
	bool apart = scan->at == scan->line || char_is_space(scan->text[scan->at - 1]);

	if (!apart) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0044,
			"missing space before '#'");
		diag_hint(scan->diags, "Write a blank before the comment, or quote the text.");
	} else if (bracket_has_text(bracket) && bracket_is_plain(bracket)) {
		scan_check_comment(scan, bracket->text, bracket->text_end, scan->at);
	}
	if (bracket_is_plain(bracket))
		bracket->first = 0; /* a text does not go on behind a comment */
	scan_to_line_end(scan);
}

bool scan_flow_space(struct scan *scan)
{
	for (;;) {
		scan_blanks(scan);
		if (!scan->text[scan->at])
			return report_unclosed(scan);
		if (scan->text[scan->at] == '#') {
			skip_comment(scan);
		} else if (char_is_break(scan->text[scan->at])) {
			int indent;

			scan_next_line(scan);
			indent = (int)scan_indent(scan);
			scan_blanks(scan);
			if (!char_is_break(scan->text[scan->at]) && scan->text[scan->at] != '#' &&
			    !check_line(scan, indent))
				return false;
		} else {
			return true;
		}
	}
}
