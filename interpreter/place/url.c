/* A URL: the written text is parsed first, then each value is encoded for the part it stands in. */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

void place_encode_component(struct buffer *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (isalnum(byte) || (byte && strchr("-._~", byte)))
			buffer_putc(out, (char)byte);
		else
			buffer_printf(out, "%%%02X", byte);
	}
}

/* ---- reading ------------------------------------------------------------------------------- */

static enum rule rule_at(const struct url_parts *parts, size_t at)
{
	if (at < parts->host)
		return RULE_BASE;
	if (at < parts->path)
		return RULE_PORT;
	if (at < parts->query)
		return RULE_PATH;
	return at < parts->fragment ? RULE_QUERY : RULE_FRAGMENT;
}

/* Written text: bytes of UTF-8 are encoded, all else was found good. */
static void add_literal(struct reader *reader, struct text text)
{
	struct buffer out;
	buffer_init(&out, reader->arena);
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] & 0x80)
			buffer_printf(&out, "%%%02X", (unsigned char)text.ptr[i]);
		else
			buffer_putc(&out, text.ptr[i]);
	reader_literal(reader, buffer_text(&out));
}

/* Where a name that is two words long, as inputs.api, was declared; NULL: it is something else. */
static const struct type_field *name_declared(const struct reader *reader, const struct expr *expr,
					      struct text *root)
{
	size_t count;
	const struct expr_reference *name = expr_references(expr, &count);
	if (count != 1 || name->count != 2 ||
	    name->to - name->from != text_trim(expr_text(expr)).len)
		return NULL;
	*root = name->path[0];
	const struct type_field *group = type_object_get(reader->options->expr->names, *root);
	bool holds = group && group->type->kind == TYPE_OBJECT;
	return holds ? type_object_get(group->type, name->path[1]) : NULL;
}

static void hint_base(struct reader *reader, const struct hole *hole)
{
	struct text root = { 0 };
	const struct type_field *field = name_declared(reader, hole->expr, &root);
	bool input = text_is(root, "inputs"), var = text_is(root, "vars");
	if (field && (input || var) && field->declared.source)
		diag_note(reader->diags, field->declared, "it is declared here");
	if (field && input)
		diag_hint(reader->diags, "Declare it as what it is: %.*s: {type: url}",
			  TEXT_ARG(field->name));
	else if (field && var)
		diag_hint(reader->diags,
			  "Let the text of the var begin with http:// or https://, or "
			  "with an input that is declared with 'type: url'.");
	else
		diag_hint(reader->diags, "Write http:// and the host, or begin with the name of an "
					 "input that is declared with 'type: url', as in ${{ "
					 "inputs.api }}/health.");
}

/* A hole that stands first must be a URL by its type. */
static bool check_base(struct reader *reader, const struct flat *flat)
{
	const struct hole *hole = &reader->holes.at[flat->first_hole];
	if (expr_type(hole->expr) == &type_url)
		return true;
	diag_at(reader->diags, hole->span, RB0632, "'%.*s' begins a URL, but is not of type url",
		TEXT_ARG(hole_text(hole)));
	hint_base(reader, hole);
	return false;
}

/* Reads the text from a byte on. */
static bool read_from(struct reader *reader, const struct flat *flat, size_t start)
{
	struct url_parts parts;
	struct url_problem problem;
	struct text text = text_slice(flat->text, start, flat->text.len);
	if (!url_parse(text, true, reader->arena, &parts, &problem)) {
		diag_at(reader->diags, flat_span(flat, start + problem.from, start + problem.to),
			problem.code, "%s", problem.message);
		if (problem.hint)
			diag_hint(reader->diags, "%s", problem.hint);
		return false;
	}
	if (text.ptr[0] == '\0' && !check_base(reader, flat))
		return false;
	size_t from = start;
	for (size_t i = 0; i < flat->hole_count; i++) {
		add_literal(reader, text_slice(flat->text, from, flat->holes[i]));
		if (!reader_hole(reader, flat->first_hole + i,
				 rule_at(&parts, flat->holes[i] - start)))
			return false;
		from = flat->holes[i] + 1;
	}
	add_literal(reader, text_slice(flat->text, from, flat->text.len));
	reader_end_unit(reader, flat_span(flat, start, flat->text.len));
	return true;
}

static void report_empty(struct reader *reader, const struct node *node)
{
	diag_at(reader->diags, node->span, RB0608, "the URL is empty");
	diag_hint(reader->diags, "Write the whole URL, as http://localhost:8080/health.");
}

static bool is_empty(struct reader *reader, const struct flat *flat)
{
	if (text_trim(flat->text).len)
		return false;
	report_empty(reader, flat->template->node);
	return true;
}

bool url_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	return flat_read(reader, node, &flat) && !is_empty(reader, &flat) &&
	       read_from(reader, &flat, 0);
}

static size_t name_count(const char *const *names)
{
	size_t count = 0;
	while (names[count])
		count++;
	return count;
}

static bool check_method(struct reader *reader, const struct flat *flat, struct text method)
{
	static const char *const usual[] = { "GET",   "HEAD",   "POST",    "PUT",
					     "PATCH", "DELETE", "OPTIONS", NULL };
	const char *const *methods = reader->options->methods ? reader->options->methods : usual;
	struct buffer capitals;
	buffer_init(&capitals, reader->arena);
	for (size_t i = 0; i < method.len; i++)
		buffer_putc(&capitals, (char)toupper((unsigned char)method.ptr[i]));
	for (const char *const *name = methods; *name; name++)
		if (text_is(method, *name))
			return true;
	diag_at(reader->diags, flat_span(flat, 0, method.len), RB0635, "unknown method '%.*s'",
		TEXT_ARG(method));
	struct buffer list;
	buffer_init(&list, reader->arena);
	for (const char *const *name = methods; *name; name++)
		buffer_printf(&list, "%s%s", name == methods ? "" : ", ", *name);
	diag_did_you_mean(reader->diags, buffer_text(&capitals), methods, name_count(methods));
	diag_hint(reader->diags, "The methods are %s.", buffer_string(&list));
	return false;
}

bool request_read(struct reader *reader, const struct node *node)
{
	struct flat flat;
	size_t len = 0;
	if (!flat_read(reader, node, &flat) || is_empty(reader, &flat))
		return false;
	while (len < flat.text.len && isalpha((unsigned char)flat.text.ptr[len]))
		len++;
	if (len == 0 || len == flat.text.len || flat.text.ptr[len] != ' ')
		return read_from(reader, &flat, 0);
	struct text method = text_slice(flat.text, 0, len);
	if (!check_method(reader, &flat, method))
		return false;
	reader->method = arena_copy(reader->arena, method.ptr, method.len);
	while (len < flat.text.len && flat.text.ptr[len] == ' ')
		len++;
	if (len < flat.text.len)
		return read_from(reader, &flat, len);
	report_empty(reader, node);
	return false;
}

/* ---- attempts ------------------------------------------------------------------------------ */

struct assembly {
	struct placing *placing;
	struct buffer *out;
	const struct piece *value; /* the latest value in the segment of the path, or NULL */
	size_t segment;            /* where in out it began */
	bool in_path;
};

/* Whether a segment of a path means another folder: "." and "..", also encoded. */
static bool is_dots(struct text segment)
{
	size_t dots = 0, at = 0;
	while (at < segment.len) {
		bool encoded = segment.len - at >= 3 &&
			       (text_starts(text_slice(segment, at, at + 3), "%2e") ||
				text_starts(text_slice(segment, at, at + 3), "%2E"));
		if (segment.ptr[at] != '.' && !encoded)
			return false;
		at += encoded ? 3 : 1;
		dots++;
	}
	return dots == 1 || dots == 2;
}

/* A value may not take the request to another path: no empty segment, no dots. */
static bool end_segment(struct assembly *assembly)
{
	const struct piece *value = assembly->value;
	struct text segment = text_slice(buffer_text(assembly->out), assembly->segment, SIZE_MAX);
	assembly->value = NULL;
	if (!value)
		return true;
	if (segment.len == 0)
		return placing_fail(assembly->placing, value, "refused",
				    "Refuse an empty value by a pattern of the input, or by when:.",
				    "an empty value would make another path of the URL");
	if (is_dots(segment))
		return placing_fail(assembly->placing, value, "refused",
				    "Refuse '.' and '..' by a pattern of the input, or by when:.",
				    "'%.*s' in a path of a URL means another folder",
				    TEXT_ARG(segment));
	return true;
}

static bool put_literal(struct assembly *assembly, struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i];
		bool ends = byte == '/' || byte == '?' || byte == '#';
		if (assembly->in_path && ends && !end_segment(assembly))
			return false;
		if (byte == '?' || byte == '#')
			assembly->in_path = false;
		buffer_putc(assembly->out, byte);
		if (ends)
			assembly->segment = assembly->out->len;
	}
	return true;
}

/* The URL that stands first, without the slash that the rest begins with. */
static bool put_base(struct assembly *assembly, const struct piece *piece, struct text base)
{
	struct url_parts parts;
	struct url_problem problem;
	const struct place_text *text = assembly->placing->text;
	const struct piece *next = piece + 1 < text->pieces + text->piece_count ? piece + 1 : NULL;
	if (!url_parse(base, false, assembly->placing->arena, &parts, &problem))
		return placing_fail(assembly->placing, piece, "refused", problem.hint,
				    "the value is not a URL to begin with: %s", problem.message);
	bool has_query = parts.query < base.len;
	if (next && has_query)
		return placing_fail(assembly->placing, piece, "refused",
				    "Give the query by query:, or leave it out of the input.",
				    "the value has a query already; nothing can be appended to it");
	if (next && text_starts(next->literal, "/") && text_ends(base, "/"))
		base.len--;
	buffer_add(assembly->out, base);
	return true;
}

static bool put_port(struct assembly *assembly, const struct piece *piece, struct value value)
{
	bool good = value_is(value, VALUE_INT) ? value.integer >= 1 && value.integer <= 65535
					       : value.natural >= 1 && value.natural <= 65535;
	if (!good)
		return placing_fail(assembly->placing, piece, "refused", NULL,
				    "a port is a number from 1 to 65535");
	buffer_printf(assembly->out, "%d", (int)value.integer);
	return true;
}

static bool put_value(struct assembly *assembly, const struct piece *piece)
{
	struct value value;
	struct text text;
	if (!placing_value(assembly->placing, piece, &value))
		return false;
	if (piece->rule == RULE_PORT)
		return put_port(assembly, piece, value);
	if (!placing_text(assembly->placing, piece, value, &text))
		return false;
	if (piece->rule == RULE_BASE)
		return put_base(assembly, piece, text);
	if (piece->rule == RULE_PATH)
		assembly->value = piece;
	place_encode_component(assembly->out, text);
	return true;
}

bool url_place(struct placing *placing, struct buffer *out)
{
	struct assembly assembly = { .placing = placing, .out = out, .in_path = true };
	for (size_t i = 0; i < placing->text->piece_count; i++) {
		const struct piece *piece = &placing->text->pieces[i];
		bool good = piece->hole == NO_HOLE ? put_literal(&assembly, piece->literal)
						   : put_value(&assembly, piece);
		if (!good)
			return false;
	}
	return !assembly.in_path || end_segment(&assembly);
}
