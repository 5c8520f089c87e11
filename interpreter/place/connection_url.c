/* What is written in a postgresql:// URL, split as libpq splits it: user and password, hosts with
 * ports, the database, parameters. */

#include <ctype.h>
#include <string.h>

#include "place/internal.h"

struct url {
	struct reader *reader;
	const struct flat *flat;
	struct text text;
};

static bool complain(const struct url *url, size_t from, size_t to, const char *message,
		     const char *hint)
{
	diag_at(url->reader->diags, flat_span(url->flat, from, to), RB0625, "%s", message);
	diag_hint(url->reader->diags, "%s", hint);
	return false;
}

/* The first byte at or behind from that is one of these, or to. */
static size_t find_any(const struct url *url, const char *bytes, size_t from, size_t to)
{
	while (from < to && !(url->text.ptr[from] && strchr(bytes, url->text.ptr[from])))
		from++;
	return from;
}

static bool check_option(const struct url *url, const char *name, size_t from, size_t to)
{
	struct span span = flat_span(url->flat, from, to);
	const struct connection_option option = {
		.name = text_of(name),
		.value = text_slice(url->text, from, to),
		.name_span = span,
		.value_span = span,
		.in_url = true,
	};
	return connection_option_check(&option, url->reader->diags);
}

/* A '@' or '/' of a password that is not encoded makes another host of its end, which messages
 * would then show. */
static bool check_user(const struct url *url, size_t from, size_t query, size_t *host)
{
	size_t end = find_any(url, "/", from, query), first = find_any(url, "@", from, query);
	size_t last = first;
	*host = from;
	if (first == query)
		return true;
	for (size_t at = first; at < query; at = find_any(url, "@", at + 1, query))
		last = at;
	if (first != last || first > end)
		return complain(url, last, last + 1,
				"'@' and '/' in a user or password must be written %40 and %2F",
				"Write %40 for '@' and %2F for '/' before the last '@'.");
	size_t colon = find_any(url, ":", from, first);
	*host = first + 1;
	return colon >= first || check_option(url, "password", colon + 1, first);
}

/* One of the hosts between commas. */
static bool check_host(const struct url *url, size_t from, size_t to)
{
	size_t end = from;
	if (from < to && url->text.ptr[from] == '[') {
		end = find_any(url, "]", from, to);
		if (end == to)
			return complain(url, from, from + 1, "'[' without ']'",
					"An address in brackets is written [::1].");
		end++;
	}
	size_t colon = find_any(url, ":", end, to);
	if (end > from && colon != end && end != to)
		return complain(url, end, end + 1, "a character that cannot stand behind ']'",
				"A port follows behind ':', as in [::1]:5432.");
	return colon == to || check_option(url, "port", colon + 1, to);
}

static bool check_hosts(const struct url *url, size_t from, size_t to)
{
	bool good = true;
	for (size_t comma; from <= to; from = comma + 1) {
		comma = find_any(url, ",", from, to);
		good = check_host(url, from, comma) && good;
	}
	return good;
}

static bool check_parameter(const struct url *url, size_t from, size_t to)
{
	size_t equals = find_any(url, "=", from, to);
	if (from == to)
		return true;
	if (equals == to)
		return complain(url, from, to, "a parameter of a connection without '='",
				"Write NAME=VALUE, as in ?sslmode=require.");
	if (find_any(url, "=", equals + 1, to) < to)
		return complain(url, from, to, "two '=' in one parameter of a connection",
				"Write & between two parameters, and %3D for a '=' in a value.");
	const struct connection_option option = {
		.name = text_slice(url->text, from, equals),
		.value = text_slice(url->text, equals + 1, to),
		.name_span = flat_span(url->flat, from, equals),
		.value_span = flat_span(url->flat, equals + 1, to),
		.in_url = true,
	};
	return connection_option_check(&option, url->reader->diags);
}

static bool check_encoding(const struct url *url)
{
	struct text text = url->text;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '%' &&
		    !(i + 2 < text.len && isxdigit((unsigned char)text.ptr[i + 1]) &&
		      isxdigit((unsigned char)text.ptr[i + 2])))
			return complain(url, i, i + 1, "'%' without two hexadecimal digits",
					"Write %25 for the character '%'.");
	return true;
}

bool connection_url_check(struct reader *reader, const struct flat *flat)
{
	const struct url url = { reader, flat, flat->text };
	size_t from = text_find(url.text, TEXT("://"), 0) + 3, host;
	size_t query = find_any(&url, "?", from, url.text.len);
	if (!check_encoding(&url) || !check_user(&url, from, query, &host))
		return false;
	bool good = check_hosts(&url, host, find_any(&url, "/", host, query));
	for (size_t at = query + 1; at < url.text.len;) {
		size_t end = find_any(&url, "&", at, url.text.len);
		good = check_parameter(&url, at, end) && good;
		at = end + 1;
	}
	return good;
}
