/* scan_flow: lists and maps in brackets, where every ',' and bracket ends a text. */
#include "source/internal.h"

/* ---- items ---- */

/* Moves to where the text at an offset was meant to end. */
static void skip_item(struct scan *scan, uint32_t from)
{
	uint32_t end = scan_item_end(scan, from, UINT32_MAX);

	if (end > scan->at)
		scan->at = end;
}

static void report_no_comma(struct scan *scan, uint32_t at)
{
	uint32_t end = at;

	while (!char_is_space(scan->text[end]) && !strchr(",:[]{}", scan->text[end]))
		end++;
	diag_at(scan->diags, scan_span(scan, at, end > at ? end : at + 1), RB0030,
		"missing comma before '%s'",
		text_shown(scan_slice(scan, at, end > at ? end : at + 1), scan->diags->arena));
	diag_hint(scan->diags, "Write a comma between two items, or quote what is one text.");
}

/* Two texts side by side. */
static void report_neighbour(struct scan *scan, const struct bracket *bracket)
{
	char byte = scan->text[scan->at];

	if (bracket_is_plain(bracket) && char_is_bracket(byte)) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0055,
			"'%c' ended the text '%s'", byte,
			text_shown(scan_slice(scan, bracket->text, bracket->text_end),
				   scan->diags->arena));
		hint_quote_item(scan, bracket->text);
		skip_item(scan, bracket->text);
	} else if (char_is_quote(bracket->first) && !char_is_quote(byte) &&
		   !char_is_bracket(byte)) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0024,
			"text behind the closing quote of a quoted text");
		hint_quote_item(scan, bracket->text);
		skip_item(scan, bracket->text);
	} else {
		report_no_comma(scan, scan->at);
	}
}

/* A text, list or map begins: false when none may stand here. */
static bool begin_item(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);
	uint32_t at = scan->at;

	if (bracket_has_text(bracket)) {
		report_neighbour(scan, bracket);
		if (scan->at > at)
			return false;
	} else {
		bracket->state = bracket->state == WANT_ITEM ? HAVE_ITEM : HAVE_VALUE;
	}
	if (bracket->state == HAVE_ITEM)
		bracket->item = at;
	bracket->text = bracket->text_end = at;
	bracket->first = scan->text[at];
	return true;
}

static void open_bracket(struct scan *scan)
{
	if (scan->bracket_count && !begin_item(scan))
		return;
	if (!scan_deeper(scan, scan->at))
		return;
	scan->brackets[scan->bracket_count++] = (struct bracket){ .at = scan->at,
								  .text = scan->at };
	scan->at++;
}

/* A comma or bracket behind a key without a value, if a comma stands before that key which ended an
 * unquoted value: that comma was meant as a part of the text. */
static void check_cut(struct scan *scan, const struct bracket *bracket)
{
	struct text text = scan_slice(scan, bracket->text, bracket->text_end);

	if (bracket_is_map(scan, bracket) && bracket->state == HAVE_ITEM && bracket->value &&
	    bracket_is_plain(bracket)) {
		struct text whole = scan_slice(scan, bracket->value, bracket->text_end);

		diag_at(scan->diags, scan_span(scan, bracket->comma, bracket->comma + 1), RB0055,
			"the comma ended the text; '%s' is left as a key without a value",
			text_shown(text, scan->diags->arena));
		diag_hint(scan->diags, "Quote the text: %s",
			  quoted_form(whole, scan->diags->arena));
	} else if (scan->text[scan->at] == ',' && bracket_is_plain(bracket) && text_is_half(text)) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0055,
			"the comma ended the text '%s'", text_shown(text, scan->diags->arena));
		hint_quote_item(scan, bracket->text);
		skip_item(scan, bracket->text);
	}
}

static void scan_comma(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);

	if (bracket->state == WANT_ITEM) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0029,
			"empty %s item", bracket_is_map(scan, bracket) ? "map" : "list");
		diag_hint(scan->diags, "Remove the comma, or write '' for an empty text.");
	} else {
		check_cut(scan, bracket);
	}
	if (scan->text[scan->at] != ',')
		return;
	bracket->value = bracket->state == HAVE_VALUE && bracket_is_plain(bracket) ? bracket->text
										   : 0;
	bracket->comma = scan->at++;
	bracket->state = WANT_ITEM;
	bracket->first = 0;
}

static void close_bracket(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);
	char closing = bracket_is_map(scan, bracket) ? '}' : ']';

	check_cut(scan, bracket);
	if (scan->text[scan->at] != closing) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0028,
			"unexpected '%c', expected '%c'", scan->text[scan->at], closing);
		diag_note(scan->diags, scan_span(scan, bracket->at, bracket->at + 1),
			  "this bracket is open");
		diag_hint(scan->diags, "Close the brackets in the order in which they are open.");
		scan->stopped = true;
		return;
	}
	scan->at++;
	scan->bracket_count--;
	if (scan->bracket_count)
		scan_innermost(scan)->text_end = scan->at;
}

/* ---- keys ---- */

/* A text with a second colon: a comma is missing if it has two words, else quotes are. */
static void report_colon(struct scan *scan, const struct bracket *bracket)
{
	uint32_t word = bracket->text_end;

	while (word > bracket->text && !char_is_space(scan->text[word - 1]))
		word--;
	if (bracket_is_plain(bracket) && word > bracket->text && bracket_is_map(scan, bracket) &&
	    text_find(scan_slice(scan, bracket->text, word), TEXT("?"), 0) == SIZE_MAX) {
		report_no_comma(scan, word);
		return;
	}
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0021,
		"': ' inside an unquoted text");
	hint_quote_item(scan, bracket->text);
}

void scan_report_long_key(struct scan *scan, uint32_t from)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0061,
		"the colon must stand on the line of its key");
	diag_note(scan->diags, scan_span(scan, from, from + 1), "the key begins here");
	diag_hint(scan->diags, "Write the key and the colon on one line.");
}

static void check_flow_key(struct scan *scan, const struct bracket *bracket)
{
	struct text key = scan_slice(scan, bracket->text, bracket->text_end);

	if (bracket->text < scan->line) {
		scan_report_long_key(scan, bracket->text);
	} else if (char_is_bracket(bracket->first)) {
		diag_at(scan->diags, scan_span(scan, bracket->text, bracket->text_end), RB0039,
			"keys must be plain names; found %s",
			bracket->first == '[' ? "a list" : "a map");
		diag_hint(scan->diags, "Quote the key if the brackets belong to it.");
	} else if (bracket_is_plain(bracket) && text_find(key, TEXT(" ?"), 0) < key.len) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0055,
			"': ' ended the text '%s'", text_shown(key, scan->diags->arena));
		hint_quote_item(scan, bracket->text);
	} else {
		scan_check_key(scan, bracket->text, bracket->text_end);
	}
}

static void scan_flow_colon(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);

	if (bracket->state == HAVE_ITEM) {
		check_flow_key(scan, bracket);
	} else if (bracket->state == WANT_ITEM) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0040,
			"empty key: nothing stands before ':'");
		diag_hint(scan->diags, "Write the key, or quote the text if it begins with ':'.");
	} else {
		report_colon(scan, bracket);
	}
	bracket->state = WANT_VALUE;
	bracket->first = 0;
	scan->at++;
}

/* ---- texts ---- */

static bool ends_flow_colon(char byte)
{
	return char_is_space(byte) || strchr(",[]{}", byte);
}

static void report_first(struct scan *scan, enum diag_code code, const char *message)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), code, "%s", message);
	if (bracket_is_map(scan, scan_innermost(scan)) && scan_innermost(scan)->state == HAVE_ITEM)
		hint_quote_key(scan, scan->at);
	else
		hint_quote_item(scan, scan->at);
}

/* What libyaml drops, takes otherwise, or refuses at the beginning of a text in brackets. */
static void check_first(struct scan *scan)
{
	char byte = scan->text[scan->at];
	char next = scan->text[scan->at + 1];

	if (byte == '-' && ends_flow_colon(next))
		report_first(scan, RB0045, "'-' alone is not a value in brackets");
	else if (byte == '?' && char_is_space(next))
		report_first(scan, RB0038, "keys that begin with '?' are not supported");
	else if (strchr("?:|>%@`", byte))
		report_first(scan, RB0047,
			     arena_format(scan->diags->arena,
					  "'%c' cannot begin a text in brackets", byte));
}

static const bool flow_stops[UINT8_MAX + 1] = {
	['\0'] = true, ['\n'] = true, ['\r'] = true, [':'] = true, ['#'] = true,
	[','] = true,  ['['] = true,  [']'] = true,  ['{'] = true, ['}'] = true,
};

/* One line of a text without quotes. */
static void skip_plain(struct scan *scan)
{
	uint32_t at = scan->at;

	for (;; at++) {
		while (!flow_stops[(uint8_t)scan->text[at]])
			at++;
		if (scan->text[at] == ':' && !ends_flow_colon(scan->text[at + 1]))
			continue;
		if (scan->text[at] == '#' && at > 0 && !char_is_space(scan->text[at - 1]))
			continue;
		break;
	}
	scan->at = at;
	while (at > scan_innermost(scan)->text && char_is_space(scan->text[at - 1]))
		at--;
	scan_innermost(scan)->text_end = at;
}

static void scan_flow_plain(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);

	if (bracket_has_text(bracket) && bracket_is_plain(bracket) &&
	    bracket->text_end < scan->line) {
		skip_plain(scan); /* the text goes on in this line */
		return;
	}
	if (!begin_item(scan))
		return;
	check_first(scan);
	if (scan->text[scan->at] == ':' || scan->text[scan->at] == '#')
		scan->at++;
	skip_plain(scan);
}

static void scan_flow_quoted(struct scan *scan)
{
	if (begin_item(scan) && scan_quoted(scan))
		scan_innermost(scan)->text_end = scan->at;
}

/* An alias is an item; an anchor or tag too when nothing follows it. */
static void scan_flow_property(struct scan *scan)
{
	struct bracket *bracket = scan_innermost(scan);
	uint32_t from = scan->at;
	bool is_alias = scan->text[from] == '*';

	scan_property(scan);
	if (!is_alias && !strchr(",]}", scan->text[scan->at]))
		return;
	if (!bracket_has_text(bracket))
		bracket->state = bracket->state == WANT_ITEM ? HAVE_ITEM : HAVE_VALUE;
	bracket->text = bracket->text_end = from;
	bracket->first = 0;
}

/* Whether a colon before the reader ends a key. Behind a quote or a bracket it needs no blank. */
static bool at_colon(struct scan *scan)
{
	if (scan->text[scan->at] != ':')
		return false;
	if (char_is_space(scan->text[scan->at + 1]))
		return true;
	if (!bracket_is_plain(scan_innermost(scan)))
		return scan_innermost(scan)->state == HAVE_ITEM;
	if (ends_flow_colon(scan->text[scan->at + 1])) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0031,
			"missing space after ':'");
		diag_hint(scan->diags, "Write a blank behind the colon.");
	}
	return ends_flow_colon(scan->text[scan->at + 1]);
}

static void scan_token(struct scan *scan)
{
	char byte = scan->text[scan->at];

	if (byte == ',')
		scan_comma(scan);
	else if (byte == ']' || byte == '}')
		close_bracket(scan);
	else if (byte == '[' || byte == '{')
		open_bracket(scan);
	else if (at_colon(scan))
		scan_flow_colon(scan);
	else if ((byte == '&' || byte == '*' || byte == '!') &&
		 !bracket_has_text(scan_innermost(scan)))
		scan_flow_property(scan);
	else if (char_is_quote(byte))
		scan_flow_quoted(scan);
	else
		scan_flow_plain(scan);
}

bool scan_flow(struct scan *scan)
{
	scan->told_indentation = scan->told_cut = false;
	open_bracket(scan);
	while (scan->bracket_count && !scan->stopped) {
		if (scan_flow_space(scan))
			scan_token(scan);
	}
	return !scan->stopped;
}
