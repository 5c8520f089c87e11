/* How a connection begins: what says which driver is wanted. */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

const char connection_forms[] = "Write postgresql://USER@HOST/DATABASE, keywords as in host=HOST "
				"dbname=DATABASE, or sqlite:PATH.";

bool place_is_connection(struct text text)
{
	return text_starts(text, "postgresql://") || text_starts(text, "postgres://") ||
	       text_starts(text, "sqlite:");
}

static size_t scheme_len(struct text text)
{
	size_t len = 0;
	while (len < text.len &&
	       (isalnum((unsigned char)text.ptr[len]) || (len && memchr("+.-", text.ptr[len], 3))))
		len++;
	return len;
}

struct text connection_scheme(struct text text)
{
	size_t len = scheme_len(text);
	bool url = len && text_starts(text_slice(text, len, text.len), "://");
	return url && !place_is_connection(text) ? text_slice(text, 0, len) : (struct text){ 0 };
}

static bool complain(struct reader *reader, const struct flat *flat, size_t to, const char *message,
		     const char *hint)
{
	diag_at(reader->diags, flat_span(flat, 0, to), RB0625, "%s", message);
	diag_hint(reader->diags, "%s", hint);
	return false;
}

static bool check_sqlite(struct reader *reader, const struct flat *flat)
{
	size_t path = strlen("sqlite:");
	if (flat->text.len == path)
		return complain(reader, flat, path, "no path behind 'sqlite:'",
				"Write sqlite:PATH, as in sqlite:data/shop.db.");
	if (text_starts(text_slice(flat->text, path, flat->text.len), "//"))
		return complain(reader, flat, path + 2,
				"'sqlite:' is followed by a path, not by '//'",
				"Write sqlite:shop.db for a file relative to cwd, "
				"sqlite:/var/lib/shop.db for one that is not.");
	return true;
}

/* Words that begin a connection, and the beginning that was meant. */
static bool check_nearly(struct reader *reader, const struct flat *flat)
{
	static const char *const schemes[] = { "postgresql", "postgres", "sqlite" };
	size_t len = scheme_len(flat->text);
	char next = len < flat->text.len ? flat->text.ptr[len] : '=';
	const char *meant = text_nearest(text_slice(flat->text, 0, len), schemes, 3);
	if (!meant || (next != ':' && next != '/'))
		return true;
	if (meant == schemes[2])
		return complain(reader, flat, len + 1,
				"a file of SQLite is given by 'sqlite:' and its path",
				"Write sqlite:PATH, in lower case.");
	return complain(reader, flat, len + 1, "a URL of PostgreSQL begins with 'postgresql://'",
			"Write postgresql://USER@HOST/DATABASE.");
}

bool connection_scheme_check(struct reader *reader, const struct flat *flat)
{
	struct text scheme = connection_scheme(flat->text);
	if (flat->text.len == 0) {
		diag_at(reader->diags, flat->template->node->span, RB0608,
			"the connection is empty");
		diag_hint(reader->diags, "%s", connection_forms);
		return false;
	}
	if (text_starts(flat->text, "jdbc:"))
		return complain(reader, flat, strlen("jdbc:"), "this is a URL of Java's drivers",
				"Leave 'jdbc:' out, and write user and password before the host: "
				"postgresql://USER@HOST/DATABASE.");
	if (text_starts(flat->text, "sqlite:"))
		return check_sqlite(reader, flat);
	if (place_is_connection(flat->text))
		return true;
	if (!scheme.len)
		return check_nearly(reader, flat);
	complain(reader, flat, scheme.len,
		 arena_format(reader->arena, "no driver knows the scheme '%.*s'", TEXT_ARG(scheme)),
		 connection_forms);
	return false;
}
