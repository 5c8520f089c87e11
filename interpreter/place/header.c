/* The value of an HTTP header: no control bytes, whoever wrote them. */

#include "place/internal.h"

/* Offset of the first control byte, or SIZE_MAX. */
static size_t control_at(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return i;
	return SIZE_MAX;
}

bool header_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	if (!flat_read(reader, node, &flat))
		return false;
	for (size_t i = 0, from = 0; i <= flat.hole_count; i++) {
		size_t to = i < flat.hole_count ? flat.holes[i] : flat.text.len;
		struct text literal = text_slice(flat.text, from, to);
		size_t bad = control_at(literal);
		if (bad != SIZE_MAX) {
			diag_at(reader->diags, flat_span(&flat, from + bad, from + bad + 1), RB0640,
				"a header cannot hold the control character U+%04X",
				(unsigned char)literal.ptr[bad]);
			diag_hint(reader->diags,
				  "A header is one line of text; a second one has its own key.");
			return false;
		}
		reader_literal(reader, literal);
		if (i < flat.hole_count && !reader_hole(reader, flat.first_hole + i, RULE_HEADER))
			return false;
		from = to + 1;
	}
	reader_end_unit(reader, node->span);
	return true;
}

bool header_place(struct placing *placing, struct buffer *out)
{
	const struct place_text *text = placing->text;
	for (size_t i = 0; i < text->piece_count; i++) {
		const struct piece *piece = &text->pieces[i];
		struct text string = piece->literal;
		struct value value;
		if (piece->hole != NO_HOLE && (!placing_value(placing, piece, &value) ||
					       !placing_text(placing, piece, value, &string)))
			return false;
		size_t bad = control_at(string);
		if (bad != SIZE_MAX)
			return placing_fail(placing, piece, "refused",
					    "A header is one line of text; trim() removes blanks "
					    "and line ends at both ends.",
					    "the value holds the control character U+%04X, which "
					    "cannot stand in a header",
					    (unsigned char)string.ptr[bad]);
		buffer_add(out, string);
	}
	return true;
}
