/* diag_print: complaints for people: a line to click on, the place with a caret, and ways out. */
#include "source/internal.h"

#define DEFAULT_WIDTH 100
#define GUTTER 8 /* cells of "   14 | " */
#define MIN_EXCERPT 20
#define ARROW "\xe2\x86\x92"    /* shows a tab */
#define ELLIPSIS "\xe2\x80\xa6" /* shows that a line goes on */

static const struct severity_look {
	const char *name;
	const char *color;
} looks[] = {
	[SEVERITY_ERROR] = { "error", "\x1b[1;31m" },
	[SEVERITY_WARNING] = { "warning", "\x1b[1;33m" },
	[SEVERITY_NOTICE] = { "notice", "\x1b[1;36m" },
};

static void put_colored(struct buffer *out, const struct diag_style *style, const char *color,
			const char *string)
{
	if (style->color)
		buffer_puts(out, color);
	buffer_puts(out, string);
	if (style->color)
		buffer_puts(out, "\x1b[0m");
}

/* ---- the excerpt ---- */

/* The part of a line that is shown. */
struct window {
	struct text text; /* of the whole source */
	uint32_t from, to;
	bool cut_left, cut_right;
};

/* Appends one character as the excerpt shows it and moves *offset behind it. */
static void put_char(struct buffer *out, struct text text, size_t *offset)
{
	size_t start = *offset;
	int32_t code_point = text_next(text, offset);

	if (code_point == '\t')
		buffer_puts(out, ARROW);
	else
		neutralise_char(out, text_slice(text, start, *offset), code_point);
}

/* The cells that the character at *offset takes in the excerpt. */
static size_t char_cells(struct text text, size_t *offset, struct arena *arena)
{
	unsigned char byte = (unsigned char)text.ptr[*offset];
	struct buffer shown;

	if (byte == '\t' || (byte >= 0x20 && byte < 0x7f)) {
		++*offset;
		return 1;
	}
	buffer_init(&shown, arena);
	put_char(&shown, text, offset);
	return text_cells(buffer_text(&shown));
}

/* Cells between two offsets; counting stops above limit. */
static size_t cells_between(struct text text, size_t from, size_t to, size_t limit)
{
	struct arena scratch;
	size_t cells = 0;

	arena_init(&scratch);
	while (from < to && cells <= limit)
		cells += char_cells(text, &from, &scratch);
	arena_done(&scratch);
	return cells;
}

static uint32_t step_back(struct text text, uint32_t offset, uint32_t first)
{
	do {
		offset--;
	} while (offset > first && ((unsigned char)text.ptr[offset] & 0xc0) == 0x80);
	return offset;
}

/* Where to begin so that the caret has room on both sides. */
static uint32_t window_from(struct text text, struct span line, struct span caret, size_t room)
{
	uint32_t from = caret.from;

	if (cells_between(text, line.from, caret.to, room) < room)
		return line.from;
	while (from > line.from) {
		uint32_t before = step_back(text, from, line.from);

		if (cells_between(text, before, caret.from, room) > room / 2)
			break;
		from = before;
	}
	return from;
}

static struct window window_find(struct span line, struct span caret, size_t room)
{
	struct window window = { line.source->text, line.from, line.to, false, false };
	struct arena scratch;
	size_t cells = 0, offset;

	if (cells_between(window.text, line.from, line.to, room) <= room)
		return window;
	window.from = window_from(window.text, line, caret, room - 2);
	window.cut_left = window.from > line.from;
	arena_init(&scratch);
	for (offset = window.from; offset < line.to;) {
		size_t next = offset;

		cells += char_cells(window.text, &next, &scratch);
		if (cells > room - 2)
			break;
		offset = next;
	}
	arena_done(&scratch);
	window.to = (uint32_t)offset;
	window.cut_right = window.to < line.to;
	return window;
}

static void put_window(struct buffer *out, const struct window *window)
{
	if (window->cut_left)
		buffer_puts(out, ELLIPSIS);
	for (size_t offset = window->from; offset < window->to;)
		put_char(out, text_slice(window->text, 0, window->to), &offset);
	if (window->cut_right)
		buffer_puts(out, ELLIPSIS);
}

static uint32_t at_most(uint32_t value, uint32_t limit)
{
	return value < limit ? value : limit;
}

/* The carets below a window; a complaint about the end of a line points behind it. */
static void put_carets(struct buffer *out, const struct window *window, struct span caret)
{
	uint32_t from = at_most(caret.from, window->to);
	uint32_t to = at_most(caret.to, window->to);
	size_t before = cells_between(window->text, window->from, from, SIZE_MAX - 1);
	size_t count = from < to ? cells_between(window->text, from, to, SIZE_MAX - 1) : 1;

	before += window->cut_left ? 1 : 0;
	for (size_t i = 0; i < before; i++)
		buffer_putc(out, ' ');
	for (size_t i = 0; i < count || i == 0; i++)
		buffer_putc(out, '^');
}

static void put_excerpt(struct buffer *out, struct span span, const char *beside,
			const struct diag_style *style, const char *color)
{
	uint32_t number = source_line(span.source, span.from);
	uint32_t last = source_line(span.source, span.to > span.from ? span.to - 1 : span.from);
	struct span line = source_line_span(span.source, number);
	struct span caret = { span.source, span.from, at_most(span.to, line.to) };
	size_t width = style->width ? style->width : DEFAULT_WIDTH;
	size_t room = width > GUTTER + MIN_EXCERPT ? width - GUTTER : MIN_EXCERPT;
	struct window window;

	if (caret.to < caret.from)
		caret.to = caret.from;
	window = window_find(line, caret, room);
	buffer_printf(out, "%5u | ", number);
	put_window(out, &window);
	buffer_puts(out, "\n      | ");
	if (style->color)
		buffer_puts(out, color);
	put_carets(out, &window, caret);
	if (last != number)
		buffer_printf(out, "... to line %u", last);
	if (beside) {
		buffer_putc(out, ' ');
		text_neutralise(out, text_of(beside), false);
	}
	if (style->color)
		buffer_puts(out, "\x1b[0m");
	buffer_putc(out, '\n');
}

void span_print(struct buffer *out, struct span span, const char *beside,
		const struct diag_style *style)
{
	put_excerpt(out, span, beside, style, looks[SEVERITY_ERROR].color);
}

/* ---- the whole ---- */

static void put_place(struct buffer *out, struct span span)
{
	struct position position;

	if (!span.source)
		return;
	position = source_position(span.source, span.from);
	text_neutralise(out, text_of(span.source->name), false);
	buffer_printf(out, ":%u:%u: ", position.line, position.column);
}

/* Further lines of a text stand below its first. */
static void put_indented(struct buffer *out, const char *string)
{
	for (; *string; string++) {
		const char *end = strchrnul(string, '\n');

		text_neutralise(out, (struct text){ string, (size_t)(end - string) }, false);
		if (!*end)
			break;
		buffer_puts(out, "\n        ");
		string = end;
	}
	buffer_putc(out, '\n');
}

static void put_line(struct buffer *out, const struct diag_line *line,
		     const struct diag_style *style)
{
	buffer_puts(out, "      = ");
	put_colored(out, style, "\x1b[1m", line->label);
	buffer_puts(out, ": ");
	put_place(out, line->span);
	put_indented(out, line->text);
	if (line->span.source)
		put_excerpt(out, line->span, NULL, style, "\x1b[1;36m");
}

void diag_print(struct buffer *out, const struct diag *diag, const struct diag_style *style)
{
	const struct severity_look *look = &looks[diag->severity];

	put_place(out, diag->span);
	put_colored(out, style, look->color, look->name);
	buffer_printf(out, "[%s]: ", diag_info(diag->code)->name);
	put_indented(out, diag->message);
	if (diag->span.source)
		put_excerpt(out, diag->span, NULL, style, look->color);
	for (const struct diag_line *line = diag->lines; line; line = line->next)
		put_line(out, line, style);
}

static void put_count(struct buffer *out, unsigned count, const char *noun)
{
	buffer_printf(out, "%u %s%s", count, noun, count == 1 ? "" : "s");
}

void diags_print(struct buffer *out, const struct diags *diags, const struct diag_style *style)
{
	unsigned shown[] = { [SEVERITY_ERROR] = 0, [SEVERITY_WARNING] = 0, [SEVERITY_NOTICE] = 0 };
	unsigned left_out = diags->errors + diags->warnings;

	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		if (!style->most || shown[diag->severity]++ < style->most) {
			diag_print(out, diag, style);
			left_out -= diag->severity != SEVERITY_NOTICE;
		}
	if (diags->errors + diags->warnings == 0)
		return;
	if (diags->errors > 0)
		put_count(out, diags->errors, "error");
	if (diags->errors > 0 && diags->warnings > 0)
		buffer_puts(out, ", ");
	if (diags->warnings > 0)
		put_count(out, diags->warnings, "warning");
	if (left_out > 0)
		buffer_printf(out, " (%u not shown%s)", left_out,
			      style->most ? "; -v shows more" : "");
	buffer_putc(out, '\n');
}
