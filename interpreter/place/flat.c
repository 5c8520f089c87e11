/* A template as one text: what lexers of other languages read. */

#include <string.h>

#include "place/internal.h"

static size_t flat_size(const struct template *template)
{
	size_t size = 0;
	for (size_t i = 0; i < template->count; i++)
		size += template->pieces[i].expr ? 1 : template->pieces[i].literal.len;
	return size;
}

static void flat_fill(struct reader *reader, struct flat *flat)
{
	const struct template *template = flat->template;
	char *text = arena_alloc(reader->arena, flat_size(template) + 1);
	size_t *starts = arena_array(reader->arena, size_t, template->count + 1);
	size_t *holes = arena_array(reader->arena, size_t, template->count + 1);
	size_t at = 0;
	for (size_t i = 0; i < template->count; i++) {
		const struct template_piece *piece = &template->pieces[i];
		starts[i] = at;
		if (piece->expr) {
			holes[flat->hole_count++] = at++;
			*list_add(&reader->holes, reader->arena) = (struct hole){
				.expr = piece->expr,
				.span = node_span(template->node, piece->from, piece->to),
			};
		} else if (piece->literal.len) {
			memcpy(text + at, piece->literal.ptr, piece->literal.len);
			at += piece->literal.len;
		}
	}
	flat->text = (struct text){ text, at };
	flat->starts = starts;
	flat->holes = holes;
}

bool flat_read(struct reader *reader, const struct node *node, struct flat *flat)
{
	*flat = (struct flat){ .first_hole = reader->holes.count };
	flat->template = template_read(node, reader->options->expr, reader->arena, reader->diags);
	if (!flat->template)
		return false;
	size_t nul = text_find(node->text, (struct text){ "", 1 }, 0);
	if (nul != SIZE_MAX) {
		diag_at(reader->diags, node_span(node, nul, nul + 1), RB0603,
			"a NUL byte cannot stand in this text");
		diag_hint(reader->diags,
			  "Leave it out: it would end the text for whoever gets it.");
		return false;
	}
	flat_fill(reader, flat);
	return true;
}

/* Offset in the node's text of a byte of a literal piece: each "$${{" before it was one longer. */
static size_t source_offset(const struct template *template, const struct template_piece *piece,
			    size_t within)
{
	struct text text = text_slice(template->node->text, piece->from, piece->to);
	size_t offset = 0;
	if (text.len == piece->literal.len)
		return piece->from + within;
	for (size_t i = 0; i < within; i++) {
		if (text_starts(text_slice(text, offset, text.len), "$${{"))
			offset++;
		offset++;
	}
	return piece->from + offset;
}

static size_t node_offset(const struct flat *flat, size_t at, bool end)
{
	const struct template *template = flat->template;
	size_t i = template->count;
	while (i > 0 && (flat->starts[i - 1] > at || (end && flat->starts[i - 1] == at)))
		i--;
	if (i == 0)
		return 0;
	const struct template_piece *piece = &template->pieces[i - 1];
	if (piece->expr)
		return end || flat->starts[i - 1] < at ? piece->to : piece->from;
	return source_offset(template, piece, at - flat->starts[i - 1]);
}

struct span flat_span(const struct flat *flat, size_t from, size_t to)
{
	return node_span(flat->template->node, node_offset(flat, from, false),
			 node_offset(flat, to, true));
}

size_t flat_hole(const struct flat *flat, size_t at)
{
	size_t low = 0, high = flat->hole_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (flat->holes[middle] < at)
			low = middle + 1;
		else
			high = middle;
	}
	return flat->first_hole + low;
}
