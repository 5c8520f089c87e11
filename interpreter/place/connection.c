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

/* name: the bytes of the keyword. */
static bool read_keyword(struct cursor *cursor, struct text *name)
{
	size_t from = cursor->at;
	while (!at_end(cursor) && next_byte(cursor) != '=' && !is_blank(next_byte(cursor))) {
		if (next_byte(cursor) == '\0')
			return refuse_hole(cursor);
		cursor->at++;
	}
	size_t to = cursor->at;
	*name = text_slice(cursor->flat->text, from, to);
	while (!at_end(cursor) && is_blank(next_byte(cursor)))
		cursor->at++;
	if (next_byte(cursor) != '=')
		return complain(cursor, from, to, RB0625, "a keyword of a connection without '='",
				connection_forms);
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

/* A value without its quotes and backslashes. */
static struct text unquoted(const struct cursor *cursor, size_t from, size_t to)
{
	const char *text = cursor->flat->text.ptr;
	struct buffer out;
	buffer_init(&out, cursor->reader->arena);
	bool quoted = from < to && text[from] == '\'';
	for (size_t i = from + quoted; i + quoted < to; i++) {
		i += text[i] == '\\' && i + quoted + 1 < to;
		buffer_putc(&out, text[i]);
	}
	return buffer_text(&out);
}

static bool check_option(const struct cursor *cursor, struct text name, size_t value)
{
	size_t from = (size_t)(name.ptr - cursor->flat->text.ptr);
	const struct connection_option option = {
		.name = name,
		.value = unquoted(cursor, value, cursor->at),
		.name_span = flat_span(cursor->flat, from, from + name.len),
		.value_span = flat_span(cursor->flat, value, cursor->at),
	};
	return connection_option_check(&option, cursor->reader->diags);
}

static bool read_keywords(struct cursor *cursor)
{
	bool good = true;
	while (!at_end(cursor)) {
		struct text name = { 0 };
		if (is_blank(next_byte(cursor))) {
			cursor->at++;
			continue;
		}
		if (!read_keyword(cursor, &name))
			return false;
		size_t value = cursor->at;
		if (!(next_byte(cursor) == '\'' ? read_quoted(cursor) : read_bare(cursor)))
			return false;
		good = check_option(cursor, name, value) && good;
	}
	give_literal(cursor);
	return good;
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
	return connection_url_check(cursor->reader, cursor->flat);
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

bool connection_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	if (!flat_read(reader, node, &flat))
		return false;
	struct cursor cursor = { .reader = reader, .flat = &flat };
	bool whole = flat.text.len == 1 && flat.hole_count == 1;
	bool good = !connection_scheme_check(reader, &flat) ? false
		    : whole                                 ? read_whole(&cursor)
		    : text_starts(flat.text, "sqlite:")     ? pass_to_end(&cursor, RULE_FILE)
		    : place_is_connection(flat.text)        ? read_url(&cursor)
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
	struct text scheme = connection_scheme(string);
	if (!scheme.len)
		return true;
	if (value.flags & VALUE_SECRET)
		return placing_fail(placing, piece, "refused", connection_forms,
				    "no driver knows the scheme of the connection");
	return placing_fail(placing, piece, "refused", connection_forms,
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
