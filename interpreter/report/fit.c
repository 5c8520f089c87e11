/* Texts that fit a screen: cut, broken, set side by side. */

#include <string.h>

#include "report/internal.h"

#define CUT "..."
#define MIN_COLUMNS 10 /* a text gets as many however narrow the screen is */

void put_tint(struct buffer *out, const struct report_options *options, enum tint tint,
	      const char *text)
{
	static const char *const codes[] = { "", "\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[1m" };
	if (!options->color || tint == TINT_NONE) {
		buffer_puts(out, text);
		return;
	}
	buffer_puts(out, codes[tint]);
	buffer_puts(out, text);
	buffer_puts(out, "\x1b[0m");
}

size_t room_left(size_t width, size_t taken)
{
	return width > taken ? width - taken : 0;
}

void put_blanks(struct buffer *out, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_putc(out, ' ');
}

/* Appends the text, made harmless, if it fits; *safe is it in any case. */
static bool put_whole(struct buffer *out, const char *text, size_t cells, struct text *safe)
{
	struct buffer harmless;
	buffer_init(&harmless, out->arena);
	text_neutralise(&harmless, text_of(text), false);
	*safe = buffer_text(&harmless);
	if (text_cells(*safe) > cells)
		return false;
	buffer_add(out, *safe);
	return true;
}

/* Appends its beginning; gives the cells that it takes. */
static size_t put_beginning(struct buffer *out, struct text safe, size_t cells)
{
	struct text beginning = text_slice(safe, 0, text_fit(safe, cells));
	buffer_add(out, beginning);
	return text_cells(beginning);
}

size_t put_cut(struct buffer *out, const char *text, size_t cells)
{
	struct text safe;
	if (put_whole(out, text, cells, &safe))
		return text_cells(safe);
	if (cells < strlen(CUT))
		return 0;
	size_t taken = put_beginning(out, safe, cells - strlen(CUT));
	buffer_puts(out, CUT);
	return taken + strlen(CUT);
}

bool put_short(struct buffer *out, const char *text, size_t cells)
{
	struct text safe;
	if (put_whole(out, text, cells, &safe))
		return false;
	/* The mark is as long as its number at most. */
	size_t whole = text_cells(safe);
	size_t mark = strlen(arena_format(out->arena, " " CUT " %zu more", whole));
	size_t room = cells > mark + MIN_COLUMNS ? cells - mark : MIN_COLUMNS;
	size_t taken = put_beginning(out, safe, room);
	buffer_printf(out, " " CUT " %zu more", whole - taken);
	return true;
}

/* How many bytes of a line go onto one of so many cells: up to a blank if there is one. */
static size_t break_at(struct text line, size_t cells)
{
	size_t end = text_fit(line, cells);
	if (end == line.len)
		return end;
	for (size_t blank = end; blank > end / 2; blank--)
		if (line.ptr[blank] == ' ')
			return blank;
	return end ? end : 1;
}

static void put_broken(struct buffer *out, struct text line, size_t column, const char *margin,
		       size_t width)
{
	size_t indent = strlen(margin);
	for (;;) {
		size_t room = width > column + MIN_COLUMNS ? width - column : MIN_COLUMNS;
		size_t end = width ? break_at(line, room) : line.len;
		buffer_add(out, text_slice(line, 0, end));
		buffer_putc(out, '\n');
		while (end < line.len && line.ptr[end] == ' ')
			end++;
		if (end >= line.len)
			return;
		line = text_slice(line, end, line.len);
		buffer_puts(out, margin);
		column = indent;
	}
}

void put_wrapped(struct buffer *out, const char *text, size_t column, const char *margin,
		 size_t width)
{
	for (;;) {
		struct buffer safe;
		size_t len = strcspn(text, "\n");
		buffer_init(&safe, out->arena);
		text_neutralise(&safe, (struct text){ text, len }, false);
		put_broken(out, buffer_text(&safe), column, margin, width);
		text += len;
		if (!text[0] || !text[1])
			return;
		text++;
		buffer_puts(out, margin);
		column = strlen(margin);
	}
}

void report_text(struct buffer *out, const char *text, size_t width)
{
	put_wrapped(out, text, 0, "", width);
}

struct flow flow_begin(struct buffer *out, const char *first, size_t width)
{
	buffer_puts(out, first);
	return (struct flow){ .out = out, .width = width, .column = strlen(first), .fresh = true };
}

struct flow flow_behind(struct buffer *out, size_t column, size_t width)
{
	return (struct flow){ .out = out, .width = width, .column = column };
}

void flow_add(struct flow *flow, const char *text)
{
	struct buffer item;
	size_t gap = flow->fresh ? 0 : FLOW_GAP;
	size_t most = flow->width > FLOW_MARGIN + MIN_COLUMNS ? flow->width - FLOW_MARGIN
							      : MIN_COLUMNS;
	buffer_init(&item, flow->out->arena);
	size_t cells = put_cut(&item, text, most);
	if (!flow->fresh && flow->column + gap + cells > flow->width) {
		buffer_putc(flow->out, '\n');
		flow->column = 0;
		gap = FLOW_MARGIN;
	}
	put_blanks(flow->out, gap);
	buffer_add(flow->out, buffer_text(&item));
	flow->column += gap + cells;
	flow->fresh = false;
}
