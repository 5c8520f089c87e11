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

/* The end of a keyword and its value, quoted or bare. */
static size_t pair_end(struct text text, size_t at)
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

static void show_keywords(struct buffer *out, struct text text)
{
	const char *separator = "";
	for (size_t at = 0; at < text.len; at++) {
		size_t end = pair_end(text, at);
		struct text pair = text_slice(text, at, end);
		if (text_starts(pair, "host=") || text_starts(pair, "dbname=")) {
			buffer_puts(out, separator);
			buffer_add(out, pair);
			separator = " ";
		}
		at = end;
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
