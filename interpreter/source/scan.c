/* scan: the structure of a document, line by line: which list or map does a line belong to. */
#include "source/internal.h"

struct span scan_span(const struct scan *scan, uint32_t from, uint32_t to)
{
	return (struct span){ scan->source, from, to };
}

struct text scan_slice(const struct scan *scan, uint32_t from, uint32_t to)
{
	return text_slice(scan->source->text, from, to);
}

bool char_is_break(char byte)
{
	return byte == '\n' || byte == '\0' || byte == '\r';
}

bool char_is_space(char byte)
{
	return byte == ' ' || byte == '\t' || char_is_break(byte);
}

void scan_to_line_end(struct scan *scan)
{
	while (!char_is_break(scan->text[scan->at]))
		scan->at++;
}

void scan_next_line(struct scan *scan)
{
	if (scan->text[scan->at] == '\r')
		scan->at++;
	if (scan->text[scan->at] == '\n')
		scan->at++;
	scan->line = scan->at;
}

bool scan_blanks(struct scan *scan)
{
	uint32_t from = scan->at;

	while (scan->text[scan->at] == ' ' || scan->text[scan->at] == '\t')
		scan->at++;
	return scan->at > from;
}

uint32_t scan_indent(struct scan *scan)
{
	while (scan->text[scan->at] == ' ')
		scan->at++;
	return scan->at - scan->line;
}

void scan_skip_deeper(struct scan *scan, int column)
{
	while (scan->text[scan->at]) {
		uint32_t indent = scan_indent(scan);

		if ((int)indent <= column && !char_is_break(scan->text[scan->at])) {
			scan->at = scan->line;
			return;
		}
		scan_to_line_end(scan);
		scan_next_line(scan);
	}
}

int scan_parent(const struct scan *scan)
{
	return scan->block_count ? (int)scan->blocks[scan->block_count - 1].column : -1;
}

bool scan_deeper(struct scan *scan, uint32_t at)
{
	if (scan->block_count + scan->bracket_count < DEPTH_MAX)
		return true;
	diag_at(scan->diags, scan_span(scan, at, at + 1), RB0051, "nesting deeper than %d",
		DEPTH_MAX);
	diag_hint(scan->diags, "Nothing in a runbook needs this depth. Is a bracket not closed?");
	scan->stopped = true;
	return false;
}

bool scan_at_marker(const struct scan *scan)
{
	const char *line = scan->text + scan->line;

	return (strncmp(line, "---", 3) == 0 || strncmp(line, "...", 3) == 0) &&
	       char_is_space(line[3]);
}

bool scan_is_entry(const struct scan *scan, uint32_t at)
{
	const char *line = scan->text + at;

	if (line[0] == '-' && char_is_space(line[1]))
		return true;
	while (*line && !strchr(" \t\r\n:#,'\"[]{}", *line))
		line++;
	return line > scan->text + at && line[0] == ':' && char_is_space(line[1]);
}

/* ---- entries ---- */

static bool at_dash(const struct scan *scan)
{
	return scan->text[scan->at] == '-' && char_is_space(scan->text[scan->at + 1]);
}

/* Opens a list or map at an entry unless the entry goes on with the one that is open. */
static bool open_block(struct scan *scan, uint32_t at, bool is_map)
{
	uint32_t column = at - scan->line;
	const struct block *top = &scan->blocks[scan->block_count ? scan->block_count - 1 : 0];

	if (scan->block_count && top->column == column && top->is_map == is_map)
		return true;
	if (!scan_deeper(scan, at))
		return false;
	scan->blocks[scan->block_count++] = (struct block){ at, column, is_map };
	return true;
}

/* Nothing but a comment follows on the line: the value may stand on the next. */
static bool ends_line(struct scan *scan)
{
	if (!char_is_break(scan->text[scan->at]) && scan->text[scan->at] != '#')
		return false;
	scan_to_line_end(scan);
	scan_next_line(scan);
	scan->pending = true;
	return true;
}

static void report_tab(struct scan *scan)
{
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0020,
		"tab used for indentation");
	diag_hint(scan->diags, "Use spaces; the tab is shown as an arrow.");
}

/* The blanks behind a '-' are an indentation as well. */
static void skip_dash(struct scan *scan)
{
	scan->at++;
	scan_indent(scan);
	if (scan->text[scan->at] == '\t')
		report_tab(scan);
	scan_blanks(scan);
}

static void scan_entry(struct scan *scan)
{
	while (at_dash(scan)) {
		if (!open_block(scan, scan->at, false))
			return;
		skip_dash(scan);
		if (ends_line(scan))
			return;
	}
	scan_node(scan, true);
}

/* Whether the latest merge key stands in the same map, so that this one is a duplicate. */
static bool is_merge_twice(const struct scan *scan, uint32_t from)
{
	const struct block *top = &scan->blocks[scan->block_count ? scan->block_count - 1 : 0];

	return scan->told_merge && !scan->bracket_count && scan->block_count && top->is_map &&
	       top->column == from - scan->line && scan->merge >= top->at;
}

static void report_merge(struct scan *scan, uint32_t from, uint32_t to)
{
	if (is_merge_twice(scan, from)) {
		diag_duplicate(scan->diags, TEXT("<<"),
			       scan_span(scan, scan->merge, scan->merge + 2),
			       scan_span(scan, from, to));
		return;
	}
	scan->told_merge = true;
	scan->merge = from;
	diag_at(scan->diags, scan_span(scan, from, to), RB0050,
		"merge keys ('<<') are not supported");
	diag_hint(scan->diags,
		  "Use 'include', 'vars' or 'defaults' for what several places share.");
}

void scan_check_key(struct scan *scan, uint32_t from, uint32_t to)
{
	struct text key = scan_slice(scan, from, to);
	size_t count = 0;

	if (text_is(key, "<<"))
		report_merge(scan, from, to);
	if (key.len <= KEY_MAX)
		return;
	for (size_t offset = 0; offset < key.len; count++)
		text_next(key, &offset);
	if (count > KEY_MAX) {
		diag_at(scan->diags, scan_span(scan, from, to), RB0043,
			"key longer than %d characters", KEY_MAX);
		diag_hint(scan->diags, "If this is a text that holds ': ', quote it.");
	}
}

void scan_key(struct scan *scan, uint32_t from, uint32_t to)
{
	scan_check_key(scan, from, to);
	if (!open_block(scan, from, true))
		return;
	if (text_is(scan_slice(scan, from, to), "<<")) { /* its value is of no interest */
		scan_to_line_end(scan);
		scan_next_line(scan);
		scan_skip_deeper(scan, scan_parent(scan));
		return;
	}
	scan->at++;
	scan_blanks(scan);
	if (!ends_line(scan))
		scan_node(scan, false);
}

/* ---- lines ---- */

static const char *entry_name(bool is_map)
{
	return is_map ? "key" : "list item";
}

/* A line that is less indented than the entries before it, and more than those that hold them. */
static void report_misfit(struct scan *scan, const struct block *closed)
{
	bool is_map = !at_dash(scan);
	uint32_t column = scan->at - scan->line + 1;

	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0032,
		"%s indented differently from line %u (column %u, there %u)", entry_name(is_map),
		source_line(scan->source, closed->at), column, closed->column + 1);
	diag_note(scan->diags, scan_span(scan, closed->at, closed->at + 1),
		  "the %s that it could belong to begins here", closed->is_map ? "map" : "list");
	diag_hint(scan->diags, "Begin all entries of one list or map in the same column.");
	scan->stopped = true;
}

static void report_too_deep(struct scan *scan)
{
	int parent = scan_parent(scan);

	if (parent < 0) {
		diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0060,
			"text behind the end of the document's only value");
		diag_hint(scan->diags, "A runbook is one map: write 'key: value' on each line.");
		scan->stopped = true;
		return;
	}
	diag_at(scan->diags, scan_span(scan, scan->at, scan->at + 1), RB0033,
		"unexpected indentation: the entry above has its value already");
	diag_hint(scan->diags, "Write it in column %d, or further left.", parent + 1);
	scan_to_line_end(scan);
	scan_next_line(scan);
	scan_skip_deeper(scan, parent);
}

static void report_wrong_kind(struct scan *scan, const struct block *top)
{
	struct span span = scan_span(scan, scan->at, scan->at + 1);

	if (top->is_map) {
		diag_at(scan->diags, span, RB0036, "a list item where the map needs a key");
		diag_hint(scan->diags, "Put '- ' items below a key that has no value of its own.");
	} else {
		diag_at(scan->diags, span, RB0058, "the list needs an item that begins with '- '");
		diag_hint(scan->diags, "Write '- ' before it, or indent it below an item.");
	}
	diag_note(scan->diags, scan_span(scan, top->at, top->at + 1), "the %s begins here",
		  top->is_map ? "map" : "list");
	scan->stopped = true;
}

/* Whether a list whose items stand in the column of the key above them has ended. */
static bool list_has_ended(const struct scan *scan, uint32_t column)
{
	const struct block *top = &scan->blocks[scan->block_count - 1];

	return top->column == column && !top->is_map && !at_dash(scan) && scan->block_count > 1 &&
	       top[-1].column == column;
}

/* Closes the lists and maps that a line in this column ends; the last one of them, or NULL. */
static const struct block *close_blocks(struct scan *scan, uint32_t column)
{
	const struct block *closed = NULL;

	while (scan->block_count &&
	       (scan_parent(scan) > (int)column || list_has_ended(scan, column)))
		closed = &scan->blocks[--scan->block_count];
	return closed;
}

/* Whether the line is the value of the key or item above it. */
static bool is_pending_value(const struct scan *scan, uint32_t column)
{
	if (!scan->pending)
		return false;
	if ((int)column > scan_parent(scan))
		return true;
	return (int)column == scan_parent(scan) && at_dash(scan) &&
	       scan->blocks[scan->block_count - 1].is_map;
}

/* Finds the list or map to which a line that begins in this column belongs. */
static bool find_block(struct scan *scan, uint32_t column)
{
	const struct block *closed, *top;

	if (is_pending_value(scan, column)) {
		scan->pending = false;
		return true;
	}
	scan->pending = false;
	closed = close_blocks(scan, column);
	top = scan->block_count ? &scan->blocks[scan->block_count - 1] : NULL;
	if (top && top->column == column && top->is_map != at_dash(scan))
		return true;
	if (top && top->column == column)
		report_wrong_kind(scan, top);
	else if (closed)
		report_misfit(scan, closed);
	else
		report_too_deep(scan);
	return false;
}

static void report_more(struct scan *scan, const char *what)
{
	uint32_t end = scan->at;

	while (!char_is_space(scan->text[end]))
		end++;
	diag_at(scan->diags, scan_span(scan, scan->at, end), RB0041, "%s", what);
	diag_hint(scan->diags, "Put the rest into a file of its own, or remove the marker.");
	scan->stopped = true;
}

static void scan_marker(struct scan *scan)
{
	bool is_end = scan->text[scan->at] == '.';

	if (!is_end && (scan->has_content || scan->has_marker || scan->has_ended)) {
		report_more(scan, "only one document is allowed in a file");
		return;
	}
	if (is_end)
		scan->has_ended = true;
	else
		scan->start = scan->at;
	scan->has_marker = true;
	scan->at += 3;
	scan_blanks(scan);
	if (ends_line(scan))
		return;
	if (is_end) {
		report_more(scan, "text after the end marker '...'");
		return;
	}
	scan->has_content = true;
	scan->pending = false;
	scan_node(scan, false);
}

static void scan_directive(struct scan *scan)
{
	uint32_t from = scan->at;

	scan_to_line_end(scan);
	if (!scan->told_directive) {
		diag_at(scan->diags, scan_span(scan, from, scan->at), RB0042,
			"directives ('%%...') are not supported");
		diag_hint(scan->diags, "Remove line %u.", source_line(scan->source, from));
	}
	scan->told_directive = true;
	scan_next_line(scan);
}

static void scan_content(struct scan *scan)
{
	uint32_t column = scan->at - scan->line;

	if (scan->has_ended) {
		report_more(scan, "text after the end marker '...'");
		return;
	}
	scan->has_content = true;
	if (find_block(scan, column))
		scan_entry(scan);
}

static void scan_line(struct scan *scan)
{
	uint32_t indent = scan_indent(scan);

	if (scan->text[scan->at] == '\t') {
		report_tab(scan);
		scan_blanks(scan);
	}
	if (char_is_break(scan->text[scan->at]) || scan->text[scan->at] == '#') {
		scan_to_line_end(scan);
		scan_next_line(scan);
	} else if (indent == 0 && scan_at_marker(scan)) {
		scan_marker(scan);
	} else if (indent == 0 && scan->text[scan->at] == '%') {
		scan_directive(scan);
	} else {
		scan_content(scan);
	}
}

bool scan_yaml(const struct source *source, struct diags *diags)
{
	struct scan scan = { .source = source, .diags = diags, .text = source->text.ptr };
	unsigned before = diags->errors;

	scan.at = scan.line = scan.start = source_mark_len(source);
	scan.pending = true;
	while (scan.text[scan.at] && !scan.stopped)
		scan_line(&scan);
	if (!scan.has_content && diags->errors == before) {
		diag_at(diags, scan_span(&scan, scan.start, scan.start), RB0003,
			"document is empty");
		diag_hint(diags, "A runbook has at least:\n%s", SMALLEST_RUNBOOK);
	}
	return diags->errors == before;
}
