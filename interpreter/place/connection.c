/* A connection string: a postgresql:// URL, keywords of libpq, or sqlite: and a path. Each is a
 * language of its own, in which a value becomes one part and no more (PostgreSQL 15 documentation,
 * section 34.1.1). */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

const struct type type_composed = { .kind = TYPE_STRING, .name = "string" };

/* Reads a text from the left and gives its pieces to the reader. */
struct cursor {
	struct reader *reader;
	const struct flat *flat;
	size_t at;
	size_t given; /* all before it are pieces already */
};

static bool complain(const struct cursor *cursor, size_t from, size_t to, enum diag_code code,
		     const char *message, const char *hint)
{
	diag_at(cursor->reader->diags, flat_span(cursor->flat, from, to), code, "%s", message);
	diag_hint(cursor->reader->diags, "%s", hint);
	return false;
}

static bool at_end(const struct cursor *cursor)
{
	return cursor->at >= cursor->flat->text.len;
}

static char next_byte(const struct cursor *cursor)
{
	return at_end(cursor) ? ' ' : cursor->flat->text.ptr[cursor->at];
}

static bool is_blank(char byte)
{
	return isspace((unsigned char)byte);
}

static void give_literal(struct cursor *cursor)
{
	reader_literal(cursor->reader, text_slice(cursor->flat->text, cursor->given, cursor->at));
	cursor->given = cursor->at;
}

/* Goes past one byte; where it is a hole, its value will be written by the rule. */
static bool pass(struct cursor *cursor, enum rule rule)
{
	bool hole = next_byte(cursor) == '\0';
	if (hole) {
		give_literal(cursor);
		if (!reader_hole(cursor->reader, flat_hole(cursor->flat, cursor->at), rule))
			return false;
	}
	cursor->at++;
	if (hole)
		cursor->given = cursor->at;
	return true;
}

static bool pass_to_end(struct cursor *cursor, enum rule rule)
{
	while (!at_end(cursor))
		if (!pass(cursor, rule))
			return false;
	give_literal(cursor);
	return true;
}

/* ---- keywords ------------------------------------------------------------------------------ */

static bool refuse_hole(const struct cursor *cursor)
{
	return complain(
		cursor, cursor->at, cursor->at + 1, RB0624,
		"a value stands where a connection string has a keyword",
		"Write the keyword, as in host=${{ inputs.host }}, or give all of the string by "
		"one value.");
}

static bool read_keyword(struct cursor *cursor)
{
	size_t from = cursor->at;
	while (!at_end(cursor) && next_byte(cursor) != '=' && !is_blank(next_byte(cursor))) {
		if (next_byte(cursor) == '\0')
			return refuse_hole(cursor);
		cursor->at++;
	}
	size_t to = cursor->at;
	while (!at_end(cursor) && is_blank(next_byte(cursor)))
		cursor->at++;
	if (next_byte(cursor) != '=')
		return complain(
			cursor, from, to, RB0625, "a keyword of a connection without '='",
			"Write postgresql://USER@HOST/DATABASE, or keywords as in host=HOST "
			"dbname=DATABASE, or sqlite:PATH.");
	do
		cursor->at++;
	while (!at_end(cursor) && is_blank(next_byte(cursor)));
	return true;
}

/* A backslash takes the byte behind it with it. */
static bool pass_escaped(struct cursor *cursor)
{
	if (next_byte(cursor) == '\\' && cursor->at + 1 < cursor->flat->text.len)
		cursor->at++;
	return pass(cursor, RULE_KEYWORD);
}

static bool read_quoted(struct cursor *cursor)
{
	size_t from = cursor->at++;
	while (!at_end(cursor) && next_byte(cursor) != '\'')
		if (!pass_escaped(cursor))
			return false;
	if (at_end(cursor))
		return complain(cursor, from, from + 1, RB0625, "this quote is never closed",
				"End the text with another '.");
	cursor->at++;
	return true;
}

/* Quotes stand around a bare value with a hole: it may be empty then, and hold blanks. */
static bool read_bare(struct cursor *cursor)
{
	size_t from = cursor->at, to = from;
	while (to < cursor->flat->text.len && !is_blank(cursor->flat->text.ptr[to]))
		to += cursor->flat->text.ptr[to] == '\\' ? 2 : 1;
	to = to < cursor->flat->text.len ? to : cursor->flat->text.len;
	bool hole = to > from && memchr(cursor->flat->text.ptr + from, '\0', to - from);
	if (!hole) {
		cursor->at = to;
		return true;
	}
	give_literal(cursor);
	reader_literal(cursor->reader, TEXT("'"));
	while (cursor->at < to) {
		if (next_byte(cursor) == '\'') {
			give_literal(cursor);
			reader_literal(cursor->reader, TEXT("\\"));
		}
		if (!pass_escaped(cursor))
			return false;
	}
	give_literal(cursor);
	reader_literal(cursor->reader, TEXT("'"));
	return true;
}

static bool read_keywords(struct cursor *cursor)
{
	while (!at_end(cursor)) {
		if (is_blank(next_byte(cursor))) {
			cursor->at++;
			continue;
		}
		if (!read_keyword(cursor))
			return false;
		if (!(next_byte(cursor) == '\'' ? read_quoted(cursor) : read_bare(cursor)))
			return false;
	}
	give_literal(cursor);
	return true;
}

/* ---- URLs ---------------------------------------------------------------------------------- */

static bool read_url(struct cursor *cursor)
{
	bool in_name = false; /* of a parameter behind the '?' */
	for (; !at_end(cursor);) {
		char byte = next_byte(cursor);
		if (byte == '?' || byte == '&')
			in_name = true;
		else if (byte == '=')
			in_name = false;
		else if (byte == '\0' && in_name)
			return refuse_hole(cursor);
		if (!pass(cursor, RULE_CONNECTION_PART))
			return false;
	}
	give_literal(cursor);
	return true;
}

/* ---- all ----------------------------------------------------------------------------------- */

static bool read_whole(struct cursor *cursor)
{
	const struct hole *hole = &cursor->reader->holes.at[cursor->flat->first_hole];
	if (expr_type(hole->expr) != &type_composed)
		return pass_to_end(cursor, RULE_CONNECTION);
	return complain(
		cursor, 0, 1, RB0624, "a text with values in it is taken as a connection",
		"Write the text here, or let the var begin with postgresql:// or sqlite:; each "
		"value is then written for the part it stands in.");
}

bool place_is_connection(struct text text)
{
	return text_starts(text, "postgresql://") || text_starts(text, "postgres://") ||
	       text_starts(text, "sqlite:");
}

/* The scheme of a URL that is none of ours; empty: there is none. */
static struct text foreign_scheme(struct text text)
{
	size_t len = 0;
	while (len < text.len &&
	       (isalnum((unsigned char)text.ptr[len]) || (len && memchr("+.-", text.ptr[len], 3))))
		len++;
	bool url = len && text_starts(text_slice(text, len, text.len), "://");
	return url && !place_is_connection(text) ? text_slice(text, 0, len) : (struct text){ 0 };
}

static const char hint_scheme[] = "Write postgresql://USER@HOST/DATABASE, keywords as in "
				  "host=HOST dbname=DATABASE, or sqlite:PATH.";

static bool check_scheme(const struct cursor *cursor)
{
	struct text scheme = foreign_scheme(cursor->flat->text);
	if (!scheme.len)
		return true;
	return complain(cursor, 0, scheme.len, RB0625,
			arena_format(cursor->reader->arena, "no driver knows the scheme '%.*s'",
				     TEXT_ARG(scheme)),
			hint_scheme);
}

bool connection_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	if (!flat_read(reader, node, &flat))
		return false;
	struct cursor cursor = { .reader = reader, .flat = &flat };
	bool whole = flat.text.len == 1 && flat.hole_count == 1;
	bool good = !check_scheme(&cursor)              ? false
		    : whole                             ? read_whole(&cursor)
		    : text_starts(flat.text, "sqlite:") ? pass_to_end(&cursor, RULE_FILE)
		    : place_is_connection(flat.text)    ? read_url(&cursor)
							: read_keywords(&cursor);
	reader_end_unit(reader, node->span);
	return good;
}

void place_escape_keyword(struct buffer *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
			buffer_putc(out, '\\');
		buffer_putc(out, text.ptr[i]);
	}
}

/* A value that is all of a connection says which driver is wanted. */
static bool place_whole(struct placing *placing, const struct piece *piece, struct value value,
			struct text string)
{
	struct text scheme = foreign_scheme(string);
	if (!scheme.len)
		return true;
	if (value.flags & VALUE_SECRET)
		return placing_fail(placing, piece, "refused", hint_scheme,
				    "no driver knows the scheme of the connection");
	return placing_fail(placing, piece, "refused", hint_scheme,
			    "no driver knows the scheme '%.*s'", TEXT_ARG(scheme));
}

static bool place_value(struct placing *placing, const struct piece *piece, struct buffer *out)
{
	struct value value;
	struct text string;
	if (!placing_value(placing, piece, &value) ||
	    !placing_text(placing, piece, value, &string) ||
	    (piece->rule == RULE_CONNECTION && !place_whole(placing, piece, value, string)))
		return false;
	if (piece->rule == RULE_KEYWORD)
		place_escape_keyword(out, string);
	else if (piece->rule == RULE_CONNECTION_PART)
		place_encode_component(out, string);
	else
		buffer_add(out, string);
	return true;
}

bool connection_place(struct placing *placing, struct buffer *out)
{
	const struct place_text *text = placing->text;
	for (size_t i = 0; i < text->piece_count; i++) {
		const struct piece *piece = &text->pieces[i];
		if (piece->hole == NO_HOLE)
			buffer_add(out, piece->literal);
		else if (!place_value(placing, piece, out))
			return false;
	}
	return true;
}
