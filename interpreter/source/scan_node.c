/* scan_node: one value: which kind of text, list or map begins here, and what may follow it. */
#include <ctype.h>

#include "source/internal.h"

/* ---- what cannot begin a value ---- */

static void report_at(struct scan *scan, enum diag_code code, const char *message)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), code, "%s", message);
}

/* Whether the word names an anchor, as far as can be seen, and is no text that lacks quotes. */
static bool is_anchor_name(const struct scan *scan, uint32_t from, uint32_t to)
{
	for (from++; from < to; from++)
		if (!isalnum((uint8_t)scan->text[from]) && !strchr("-_", scan->text[from]))
			return false;
	return true;
}

static void hint_instead(struct scan *scan, uint32_t from, uint32_t to)
{
	if (is_anchor_name(scan, from, to))
		diag_hint(scan->diags,
			  "To say something once, use 'vars', 'defaults' or 'include'.");
	hint_quote(scan, from);
}

static void report_alias(struct scan *scan, uint32_t from, uint32_t to)
{
	diag_at(scan->diags, scan_span(scan, from, to), RB0034,
		"'*' starts a YAML alias; aliases are not supported");
	hint_instead(scan, from, to);
}

static void report_anchor(struct scan *scan, uint32_t from, uint32_t to)
{
	diag_at(scan->diags, scan_span(scan, from, to), RB0034,
		"'&' starts a YAML anchor; anchors are not supported");
	hint_instead(scan, from, to);
}

static void report_tag(struct scan *scan, uint32_t from, uint32_t to)
{
	struct text tag = scan_slice(scan, from, to);

	diag_at(scan->diags, scan_span(scan, from, to), RB0035,
		"'!' starts a YAML tag; tags are not supported");
	if (text_starts(tag, "!include"))
		diag_hint(scan->diags, "Use the key 'include' at the root of the document.");
	else if (text_starts(tag, "!!"))
		diag_hint(scan->diags, "Leave '%s' out: the key says how its value is read.",
			  text_shown(tag, scan->diags->arena));
	else
		hint_quote(scan, from);
}

static bool is_property(char byte)
{
	return byte == '&' || byte == '*' || byte == '!';
}

void scan_property(struct scan *scan)
{
	uint32_t from = scan->at;
	char kind = scan->text[from];

	while (!char_is_space(scan->text[scan->at]) &&
	       !(scan->bracket_count && strchr(",[]{}", scan->text[scan->at])))
		scan->at++;
	if (kind == '&')
		report_anchor(scan, from, scan->at);
	else if (kind == '*')
		report_alias(scan, from, scan->at);
	else
		report_tag(scan, from, scan->at);
	scan_blanks(scan);
}

/* Anchors, aliases and tags. Goes on to what follows them, so that it is looked at as well; false
 * when nothing does. */
static bool scan_properties(struct scan *scan)
{
	bool is_alias = false;

	while (!is_alias && is_property(scan->text[scan->at])) {
		is_alias = scan->text[scan->at] == '*';
		scan_property(scan);
	}
	if (!is_alias && !char_is_break(scan->text[scan->at]) && scan->text[scan->at] != '#')
		return true;
	scan->pending = !is_alias;
	scan_to_line_end(scan);
	scan_next_line(scan);
	return false;
}

static void skip_line(struct scan *scan)
{
	scan_to_line_end(scan);
	scan_next_line(scan);
	scan->pending = true;
}

static void scan_long_key(struct scan *scan)
{
	report_at(scan, RB0038, "keys that begin with '?' are not supported");
	diag_hint(scan->diags, "Write 'key: value', or quote the text if it begins with '?'.");
	scan->told_long_key = true;
	skip_line(scan);
}

static void scan_empty_key(struct scan *scan)
{
	if (!scan->told_long_key) {
		report_at(scan, RB0040, "empty key: nothing stands before ':'");
		diag_hint(scan->diags, "Write the key, or quote the text if it begins with ':'.");
	}
	skip_line(scan);
}

static void scan_item_in_value(struct scan *scan)
{
	report_at(scan, RB0036, "a list item cannot start here");
	diag_hint(scan->diags, "Put the list on the lines below, or quote the text if it begins "
			       "with '-'.");
	skip_line(scan);
}

static void scan_stray(struct scan *scan)
{
	char byte = scan->text[scan->at];
	bool closes = byte == ']' || byte == '}';

	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), closes ? RB0028 : RB0047,
		closes ? "unexpected '%c': no bracket is open" : "'%c' cannot begin a text", byte);
	hint_quote_line(scan, scan->at);
	skip_line(scan);
}

/* ---- what may follow a value ---- */

static void report_behind_quoted(struct scan *scan, uint32_t from, bool adjacent)
{
	uint32_t end = scan->at;

	while (!char_is_space(scan->text[end]))
		end++;
	diag_at(scan->diags, scan_span(scan, scan->at, end), RB0024,
		"text behind the closing quote of a quoted text");
	if (adjacent && isalnum((uint8_t)scan->text[scan->at]))
		hint_inner_quote(scan, from);
	else if (source_line(scan->source, from) == source_line(scan->source, scan->at))
		hint_quote_line(scan, from);
	else
		diag_hint(scan->diags, "Put the whole text into the other kind of quotes.");
}

static void report_behind_bracket(struct scan *scan, uint32_t from)
{
	char byte = scan->text[scan->at];

	if (byte == ']' || byte == '}') {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0028,
			"unexpected '%c': no bracket is open", byte);
		diag_hint(scan->diags, "Remove it.");
		return;
	}
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0060,
		"text behind a closing bracket");
	if (source_line(scan->source, from) == source_line(scan->source, scan->at))
		hint_quote_line(scan, from);
	else
		diag_hint(scan->diags,
			  "Remove it, or write the comma or the bracket that is missing.");
}

static void report_tight_comment(struct scan *scan)
{
	report_at(scan, RB0044, "missing space before '#'");
	diag_hint(scan->diags, "Write a blank before the comment.");
}

/* Behind a quoted text or a bracket: the rest of the line may be a comment. */
static void scan_rest(struct scan *scan, uint32_t from)
{
	bool adjacent = !scan_blanks(scan);
	char first = scan->text[from];
	char byte = scan->text[scan->at];

	if (byte == '#' && adjacent)
		report_tight_comment(scan);
	else if (!char_is_break(byte) && byte != '#' && (first == '"' || first == '\''))
		report_behind_quoted(scan, from, adjacent);
	else if (!char_is_break(byte) && byte != '#')
		report_behind_bracket(scan, from);
	scan_to_line_end(scan);
	scan_next_line(scan);
}

static void report_tight_colon(struct scan *scan)
{
	report_at(scan, RB0031, "missing space after ':'");
	diag_hint(scan->diags, "Write a blank behind the colon.");
	skip_line(scan);
}

/* A colon behind a quoted text or a bracket. */
static void scan_colon(struct scan *scan, uint32_t from, bool may_be_key)
{
	if (!may_be_key) {
		report_at(scan, RB0021, "a second ':' on one line");
		hint_quote_line(scan, from);
		skip_line(scan);
	} else if (scan->text[from] == '[' || scan->text[from] == '{') {
		diag_at(scan->diags, scan_span(scan, from, scan->at), RB0039,
			"keys must be plain names; found %s",
			scan->text[from] == '[' ? "a list" : "a map");
		diag_hint(scan->diags, "Quote the key if the brackets belong to it.");
		skip_line(scan);
	} else if (!char_is_space(scan->text[scan->at + 1])) {
		report_tight_colon(scan);
	} else {
		uint32_t end = scan->at;

		while (end > from && char_is_space(scan->text[end - 1]))
			end--;
		scan_key(scan, from, end);
	}
}

/* Behind a quoted text or a list or map in brackets. */
static void scan_behind(struct scan *scan, uint32_t from, bool may_be_key)
{
	uint32_t end = scan->at;

	scan_blanks(scan);
	if (scan->text[scan->at] == ':' && from >= scan->line) {
		scan_colon(scan, from, may_be_key);
		return;
	}
	if (scan->text[scan->at] == ':') {
		scan_report_long_key(scan, from);
		skip_line(scan);
		return;
	}
	scan->at = end;
	scan_rest(scan, from);
}

/* ---- the value ---- */

/* Whether a ' ' follows the indicator before the reader. */
static bool is_indicator(const struct scan *scan, char byte)
{
	return scan->text[scan->at] == byte && char_is_space(scan->text[scan->at + 1]);
}

void scan_node(struct scan *scan, bool may_be_key)
{
	uint32_t from;
	char byte;

	if (!scan_properties(scan))
		return;
	from = scan->at;
	byte = scan->text[from];
	if (byte == '"' || byte == '\'') {
		if (scan_quoted(scan))
			scan_behind(scan, from, may_be_key);
	} else if (byte == '[' || byte == '{') {
		if (scan_flow(scan))
			scan_behind(scan, from, may_be_key);
	} else if (byte == '|' || byte == '>') {
		scan_block(scan);
	} else if (is_indicator(scan, '?')) {
		scan_long_key(scan);
	} else if (is_indicator(scan, ':')) {
		scan_empty_key(scan);
	} else if (is_indicator(scan, '-')) {
		scan_item_in_value(scan);
	} else if (strchr("%@`,]}", byte)) {
		scan_stray(scan);
	} else {
		scan_plain(scan, may_be_key);
	}
}
