/*
 * node_span: from a scalar's text back to its source. The source is read again in the way of the
 * scalar's style, unit by unit; a unit is what gives some bytes of the text: a byte, an escape, the
 * end of a line.
 */
#include "source/internal.h"

/* What gives len bytes of the text. */
struct unit {
	uint32_t from, to; /* in the source */
	size_t len;
	bool is_verbatim; /* the source has the same byte as the text */
};

struct decoder {
	const struct node *node;
	const char *bytes; /* of the source, NUL behind them */
	uint32_t at;       /* the next unit */
	uint32_t indent;   /* of a block text */
	bool has_started;  /* a line of a block text was seen that is not empty */
};

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

static uint32_t skip_blanks(const struct decoder *decoder, uint32_t at)
{
	while (is_blank(decoder->bytes[at]))
		at++;
	return at;
}

/* Behind the end of a line; the end of the text stays where it is. */
static uint32_t skip_break(const struct decoder *decoder, uint32_t at)
{
	if (decoder->bytes[at] == '\r')
		at++;
	return decoder->bytes[at] == '\n' ? at + 1 : at;
}

static bool is_line_end(const struct decoder *decoder, uint32_t at)
{
	return decoder->bytes[at] == '\n' || decoder->bytes[at] == '\r';
}

static struct unit byte_unit(const struct decoder *decoder)
{
	return (struct unit){ decoder->at, decoder->at + 1, 1, true };
}

/* ---- plain and quoted ---- */

/* Ends of lines and the blanks around them: one gives a blank, more give one line end less. */
static struct unit fold_unit(const struct decoder *decoder, uint32_t at, bool is_escaped)
{
	struct unit unit = { decoder->at, at, 0, false };
	size_t breaks = 0;

	while (is_line_end(decoder, unit.to)) {
		unit.to = skip_blanks(decoder, skip_break(decoder, unit.to));
		breaks++;
	}
	unit.len = breaks > 1 || is_escaped ? breaks - 1 : breaks;
	return unit;
}

static size_t utf8_len(uint32_t code_point)
{
	if (code_point < 0x80)
		return 1;
	if (code_point < 0x800)
		return 2;
	return code_point < 0x10000 ? 3 : 4;
}

/* \xHH, \uHHHH, \UHHHHHHHH */
static struct unit number_unit(const struct decoder *decoder, uint32_t digits)
{
	struct unit unit = { decoder->at, decoder->at + 2 + digits, 0, false };
	char hex[9] = "";

	memcpy(hex, decoder->bytes + decoder->at + 2, digits);
	unit.len = utf8_len((uint32_t)strtoul(hex, NULL, 16));
	return unit;
}

static struct unit escape_unit(const struct decoder *decoder)
{
	struct unit unit = { decoder->at, decoder->at + 2, 1, false };

	switch (decoder->bytes[decoder->at + 1]) {
	case 'x':
		return number_unit(decoder, 2);
	case 'u':
		return number_unit(decoder, 4);
	case 'U':
		return number_unit(decoder, 8);
	case '\n':
	case '\r':
		return fold_unit(decoder, decoder->at + 1, true);
	case 'N':
	case '_':
		unit.len = 2;
		return unit;
	case 'L':
	case 'P':
		unit.len = 3;
		return unit;
	default:
		return unit;
	}
}

static struct unit flow_unit(const struct decoder *decoder)
{
	char byte = decoder->bytes[decoder->at];
	uint32_t after = skip_blanks(decoder, decoder->at);

	if (is_line_end(decoder, after))
		return fold_unit(decoder, after, false);
	if (decoder->node->style == STYLE_SINGLE && byte == '\'')
		return (struct unit){ decoder->at, decoder->at + 2, 1, false };
	if (decoder->node->style == STYLE_DOUBLE && byte == '\\')
		return escape_unit(decoder);
	return byte_unit(decoder);
}

/* ---- block texts ---- */

/* Behind the blanks of the indentation. */
static uint32_t skip_indent(const struct decoder *decoder, uint32_t line)
{
	uint32_t at = line;

	while (at - line < decoder->indent && decoder->bytes[at] == ' ')
		at++;
	return at;
}

/* Blanks at the beginning of the first line of the text that has anything else. */
static uint32_t text_indent(struct text text)
{
	uint32_t blanks = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			blanks = 0;
		else if (text.ptr[i] == ' ')
			blanks++;
		else
			break;
	}
	return blanks;
}

/* What the lines of a block text have before the text: its first line that is not empty tells. */
static uint32_t find_indent(const struct decoder *decoder)
{
	uint32_t line = decoder->at;
	uint32_t blanks = text_indent(decoder->node->text);

	for (;;) {
		uint32_t at = line;

		while (decoder->bytes[at] == ' ')
			at++;
		if (!is_line_end(decoder, at))
			return at - line > blanks ? at - line - blanks : 0;
		line = skip_break(decoder, at);
	}
}

static uint32_t line_start(const struct decoder *decoder, uint32_t at)
{
	while (at > decoder->node->span.from && decoder->bytes[at - 1] != '\n')
		at--;
	return at;
}

/* The end of a line, and of the empty lines behind it where they fold. */
static struct unit block_break(const struct decoder *decoder)
{
	struct unit unit = { decoder->at, 0, 1, false };
	uint32_t before = skip_indent(decoder, line_start(decoder, decoder->at));
	size_t breaks = 0;

	unit.to = decoder->at;
	do {
		unit.to = skip_indent(decoder, skip_break(decoder, unit.to));
		breaks++;
	} while (decoder->node->style == STYLE_FOLDED && decoder->has_started &&
		 is_line_end(decoder, unit.to));
	if (breaks > 1 && !is_blank(decoder->bytes[before]) && !is_blank(decoder->bytes[unit.to]))
		breaks--;
	unit.len = breaks;
	return unit;
}

static struct unit block_unit(struct decoder *decoder)
{
	if (is_line_end(decoder, decoder->at))
		return block_break(decoder);
	decoder->has_started = true;
	return byte_unit(decoder);
}

/* ---- the whole ---- */

static void decoder_init(struct decoder *decoder, const struct node *node)
{
	*decoder = (struct decoder){ .node = node,
				     .bytes = node->span.source->text.ptr,
				     .at = node->span.from };
	if (node->style == STYLE_SINGLE || node->style == STYLE_DOUBLE)
		decoder->at++;
	if (node->style < STYLE_LITERAL)
		return;
	while (!char_is_break(decoder->bytes[decoder->at]))
		decoder->at++;
	decoder->at = skip_break(decoder, decoder->at);
	decoder->indent = find_indent(decoder);
	decoder->at = skip_indent(decoder, decoder->at);
}

/* The next unit. False when the source does not go on like the text, which the program made then.
 */
static bool next_unit(struct decoder *decoder, size_t done, struct unit *unit)
{
	const struct node *node = decoder->node;

	if (decoder->at >= node->span.source->text.len)
		return false;
	*unit = node->style >= STYLE_LITERAL ? block_unit(decoder) : flow_unit(decoder);
	if (unit->is_verbatim && decoder->bytes[unit->from] != node->text.ptr[done])
		return false;
	decoder->at = unit->to;
	return true;
}

/* What gave a byte of the text. A byte inside of a unit that is several is all of it. */
static bool find_unit(const struct node *node, size_t wanted, struct unit *unit)
{
	struct decoder decoder;
	size_t done = 0;

	decoder_init(&decoder, node);
	do {
		if (!next_unit(&decoder, done, unit))
			return false;
		done += unit->len;
	} while (done <= wanted);
	return true;
}

/* Most scalars stand in the source as they are, *before bytes behind their beginning. Of an empty
 * one only the quotes can be shown. */
static bool is_direct(const struct node *node, uint32_t *before)
{
	struct text written = span_text(node->span);

	*before = node->style == STYLE_SINGLE || node->style == STYLE_DOUBLE;
	return node->style < STYLE_LITERAL && (node->text.len > 0 || *before == 0) &&
	       written.len == node->text.len + 2 * *before &&
	       text_equal(text_slice(written, *before, written.len - *before), node->text);
}

/* An empty range stands before the byte at from, or behind the last one. */
static struct span empty_span(const struct node *node, size_t from)
{
	struct unit unit;

	if (node->text.len == 0 || !find_unit(node, from < node->text.len ? from : from - 1, &unit))
		return node->span;
	return from < node->text.len ? (struct span){ node->span.source, unit.from, unit.from }
				     : (struct span){ node->span.source, unit.to, unit.to };
}

struct span node_span(const struct node *node, size_t from, size_t to)
{
	struct span span = node->span;
	struct unit first, last;
	uint32_t before;

	if (node->kind != NODE_SCALAR || !span.source)
		return span;
	to = to < node->text.len ? to : node->text.len;
	from = from < to ? from : to;
	if (is_direct(node, &before))
		return (struct span){ span.source, span.from + before + (uint32_t)from,
				      span.from + before + (uint32_t)to };
	if (from == to)
		return empty_span(node, from);
	if (!find_unit(node, from, &first) || !find_unit(node, to - 1, &last))
		return span;
	return (struct span){ span.source, first.from, last.to };
}
