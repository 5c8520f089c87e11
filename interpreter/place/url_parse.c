/* The parts of an absolute http or https URL (RFC 3986), and what is wrong with one. */

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "place/internal.h"

struct parser {
	struct text text;
	struct arena *arena;
	struct url_parts *parts;
	struct url_problem *problem;
};

static bool problem(struct parser *parser, enum diag_code code, size_t from, size_t to,
		    const char *message, const char *hint)
{
	*parser->problem = (struct url_problem){ code, from, to, message, hint };
	return false;
}

static char byte_at(const struct parser *parser, size_t at)
{
	return at < parser->text.len ? parser->text.ptr[at] : '/';
}

static size_t find_any(struct text text, size_t from, const char *bytes)
{
	while (from < text.len && !(text.ptr[from] && strchr(bytes, text.ptr[from])))
		from++;
	return from;
}

/* ---- scheme -------------------------------------------------------------------------------- */

static bool wrong_scheme(struct parser *parser, size_t len, const char *hint)
{
	return problem(parser, RB0630, 0, len, "the scheme of a URL must be http or https", hint);
}

static const char *scheme_hint(struct parser *parser, struct text scheme)
{
	static const char *const schemes[] = { "http", "https" };
	const char *near = text_nearest(scheme, schemes, 2);
	return near ? arena_format(parser->arena, "did you mean '%s'?", near)
		    : "Other protocols are spoken by programs: run: curl ... for one.";
}

static bool parse_scheme(struct parser *parser)
{
	size_t end = text_find(parser->text, TEXT("://"), 0);
	size_t slash = find_any(parser->text, 0, "/?#");
	if (end == SIZE_MAX || end >= slash)
		return wrong_scheme(parser, slash ? slash : 1,
				    "Write the whole URL, as http://localhost:8080/health, or "
				    "begin with an input that is declared with 'type: url'.");
	struct text scheme = text_slice(parser->text, 0, end);
	if (memchr(scheme.ptr, '\0', scheme.len))
		return problem(parser, RB0632, 0, end, "a value cannot be in the scheme of a URL",
			       "Write http:// or https://; or declare an input for all of it, "
			       "inputs: {api: "
			       "{type: url}}, and write ${{ inputs.api }}/PATH.");
	bool http = (scheme.len == 4 && !strncasecmp(scheme.ptr, "http", 4)) ||
		    (scheme.len == 5 && !strncasecmp(scheme.ptr, "https", 5));
	if (!http)
		return wrong_scheme(parser, end ? end : 1, scheme_hint(parser, scheme));
	parser->parts->host = end + 3;
	return true;
}

/* ---- host and port ------------------------------------------------------------------------- */

static bool parse_port(struct parser *parser)
{
	size_t from = parser->parts->port, to = parser->parts->path;
	struct text port = text_slice(parser->text, from, to);
	unsigned number = 0;
	if (port.len == 1 && port.ptr[0] == '\0')
		return true;
	for (size_t i = 0; i < port.len && port.len <= 5; i++)
		number = isdigit((unsigned char)port.ptr[i])
				 ? number * 10 + (unsigned)(port.ptr[i] - '0')
				 : 65536 * 10;
	if (number == 0 || number > 65535)
		return problem(parser, RB0631, from - 1, to, "a port is a number from 1 to 65535",
			       "Leave ':' and the port out for the usual one, 80 or 443.");
	return true;
}

static bool host_byte(char byte, bool bracket)
{
	return isalnum((unsigned char)byte) || byte == '-' || byte == '.' ||
	       (bracket ? byte == ':' : byte == '_');
}

/* A name is labels between dots, none of them empty, none with a '-' at an end; the last dot may
 * stand. */
static bool check_labels(struct parser *parser, size_t from, size_t to)
{
	const char *text = parser->text.ptr;
	for (size_t label = from, dot; label < to; label = dot + 1) {
		for (dot = label; dot < to && text[dot] != '.';)
			dot++;
		if (dot == label || text[label] == '-' || text[dot - 1] == '-')
			return problem(
				parser, RB0631, from, to, "this cannot be the host of a URL",
				"Between its dots a host has letters, digits and '-', and no "
				"'-' at the ends.");
	}
	return true;
}

static bool parse_host(struct parser *parser, size_t end)
{
	size_t from = parser->parts->host;
	bool bracket = byte_at(parser, from) == '[';
	size_t at = from + bracket;
	while (at < end && host_byte(parser->text.ptr[at], bracket))
		at++;
	size_t len = at - from - bracket;
	if (bracket && at < end && parser->text.ptr[at] == ']')
		at++;
	if (at < end && parser->text.ptr[at] == '\0')
		return problem(parser, RB0632, at, at + 1, "a value cannot be in the host of a URL",
			       "Write the host; or declare an input for all of it, inputs: {api: "
			       "{type: url}}, and write ${{ inputs.api }}/PATH.");
	if (len == 0)
		return problem(parser, RB0631, from ? from - 1 : 0, from + 1, "the URL has no host",
			       "Write the host behind '//', as in http://localhost/.");
	if (!bracket && !check_labels(parser, from, at))
		return false;
	parser->parts->port = end;
	if (at < end && parser->text.ptr[at] == ':') {
		parser->parts->port = at + 1;
		return parse_port(parser);
	}
	if (at < end)
		return problem(parser, RB0631, at, at + 1,
			       "this character cannot stand in the host of a URL",
			       "A host is letters, digits, '-' and '.'; others are written in "
			       "their ASCII form (xn--).");
	return true;
}

static bool parse_authority(struct parser *parser)
{
	size_t from = parser->parts->host;
	size_t end = find_any(parser->text, from, "/?#");
	const char *at = end > from ? memchr(parser->text.ptr + from, '@', end - from) : NULL;
	parser->parts->path = end;
	if (at)
		return problem(parser, RB0633, from, (size_t)(at - parser->text.ptr) + 1,
			       "a URL cannot hold a user or a password",
			       "Give them by auth:, with the password from a secret input.");
	return parse_host(parser, end);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static bool check_byte(struct parser *parser, size_t at)
{
	char byte = parser->text.ptr[at];
	if ((byte > 0 && byte < 0x20) || byte == 0x7f)
		return problem(
			parser, RB0631, at, at + 1,
			arena_format(parser->arena, "control character U+%04X in URL", byte),
			arena_format(parser->arena, "Remove it, or write %%%02X for it.", byte));
	if (byte == ' ')
		return problem(parser, RB0631, at, at + 1, "a blank cannot stand in a URL",
			       "Write %20 for a blank; a value is encoded by itself.");
	if (byte && strchr("\\\"<>^`{|}", byte))
		return problem(parser, RB0631, at, at + 1,
			       arena_format(parser->arena, "'%c' cannot stand in a URL", byte),
			       arena_format(parser->arena, "Write %%%02X for it.", byte));
	if (byte == '%' && (!isxdigit((unsigned char)byte_at(parser, at + 1)) ||
			    !isxdigit((unsigned char)byte_at(parser, at + 2))))
		return problem(parser, RB0631, at, at + 1,
			       "a '%' in a URL is followed by two hexadecimal digits",
			       "Write %25 for a percent sign.");
	return true;
}

static bool check_bytes(struct parser *parser)
{
	for (size_t i = 0; i < parser->text.len; i++)
		if (!check_byte(parser, i))
			return false;
	return true;
}

static bool parse_rest(struct parser *parser, size_t from)
{
	parser->parts->fragment = find_any(parser->text, from, "#");
	parser->parts->query = find_any(parser->text, from, "?#");
	return true;
}

static bool parse_base(struct parser *parser)
{
	parser->parts->host = parser->parts->port = parser->parts->path = 1;
	if (parser->text.len > 1 && !strchr("/?#", byte_at(parser, 1)))
		return problem(parser, RB0634, 1, 2,
			       "behind a value that begins a URL stands '/', '?' or '#'",
			       "Only a path, a query or a fragment can be appended to a URL.");
	if (parser->text.len > 1 && parser->text.ptr[1] == '\0')
		return problem(parser, RB0634, 1, 2,
			       "behind a value that begins a URL stands '/', '?' or '#'",
			       "Write '/' between the two values.");
	return parse_rest(parser, 1);
}

bool url_parse(struct text text, bool base, struct arena *arena, struct url_parts *parts,
	       struct url_problem *out)
{
	struct parser parser = { text, arena, parts, out };
	if (!check_bytes(&parser))
		return false;
	if (base && text.len && text.ptr[0] == '\0')
		return parse_base(&parser);
	return parse_scheme(&parser) && parse_authority(&parser) &&
	       parse_rest(&parser, parts->path);
}
