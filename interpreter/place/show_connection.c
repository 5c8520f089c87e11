/* What may be told of a connection: where it leads to, and nothing of who goes there. */

#include <ctype.h>

#include "place/internal.h"

/* The scheme, the host and the database of a URL; all up to the last '@' may be a password. */
static void show_url(struct buffer *out, struct text text)
{
	size_t from = text_find(text, TEXT("://"), 0) + 3;
	buffer_add(out, text_slice(text, 0, from));
	for (size_t i = from; i < text.len; i++)
		if (text.ptr[i] == '@')
			from = i + 1;
	buffer_add(out, text_slice(text, from, text_find(text, TEXT("?"), from)));
}

static size_t pass_blanks(struct text text, size_t at)
{
	while (at < text.len && isspace((unsigned char)text.ptr[at]))
		at++;
	return at;
}

/* The end of a value, quoted or bare. */
static size_t pass_value(struct text text, size_t at)
{
	bool quoted = false;
	for (; at < text.len && (quoted || !isspace((unsigned char)text.ptr[at])); at++) {
		if (text.ptr[at] == '\\')
			at++;
		else if (text.ptr[at] == '\'')
			quoted = !quoted;
	}
	return at < text.len ? at : text.len;
}

/* Blanks may stand around the '=', so that a value is looked for behind each keyword. */
static void show_keywords(struct buffer *out, struct text text)
{
	const char *separator = "";
	for (size_t at = pass_blanks(text, 0); at < text.len; at = pass_blanks(text, at)) {
		size_t from = at;
		while (at < text.len && text.ptr[at] != '=' &&
		       !isspace((unsigned char)text.ptr[at]))
			at++;
		struct text name = text_slice(text, from, at);
		at = pass_blanks(text, at);
		from = at < text.len ? pass_blanks(text, at + 1) : at;
		at = pass_value(text, from);
		if (!text_is(name, "host") && !text_is(name, "dbname"))
			continue;
		buffer_printf(out, "%s%.*s=%.*s", separator, TEXT_ARG(name),
			      TEXT_ARG(text_slice(text, from, at)));
		separator = " ";
	}
}

void place_show_connection(struct buffer *out, const struct place_text *text,
			   const struct expr_scope *scope, struct arena *arena)
{
	struct buffer whole;
	buffer_init(&whole, arena);
	place_show(&whole, text, scope, arena);
	struct text shown = buffer_text(&whole);
	if (text_starts(shown, "sqlite:") || text_starts(shown, "(secret)") ||
	    text_starts(shown, "<") || text_starts(shown, "${{"))
		buffer_add(out, shown);
	else if (place_is_connection(shown))
		show_url(out, shown);
	else
		show_keywords(out, shown);
}
