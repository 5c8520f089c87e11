/* URLs: functions as Kubernetes names them; absolute ones, or an absolute path (RFC 3986). */
#include <string.h>

#include "expr/functions.h"

struct url {
	struct text text; /* all of it */
	struct text scheme;
	struct text host;     /* with its port */
	struct text hostname; /* without port and brackets */
	struct text port;
	struct text path;
	struct text query;
};

/* ---- reading ------------------------------------------------------------------------------- */

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* Whether every '%' begins an escape. */
static bool has_good_escapes(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] == '%' && (text.len - i < 3 || hex_digit(text.ptr[i + 1]) < 0 ||
					   hex_digit(text.ptr[i + 2]) < 0))
			return false;
	return true;
}

/* Whether one of these bytes, or a control byte, stands there. */
static bool has_one_of(struct text text, const char *bytes)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		if (byte < ' ' || byte == 0x7f || strchr(bytes, byte))
			return true;
	}
	return false;
}

#define NOT_IN_HOSTS " \"<>\\^`{|}"

static bool read_scheme(struct text *rest, struct text *scheme)
{
	size_t colon = text_find(*rest, TEXT(":"), 0);

	if (colon == SIZE_MAX || colon == 0)
		return false;
	*scheme = text_slice(*rest, 0, colon);
	for (size_t i = 0; i < colon; i++) {
		char byte = scheme->ptr[i] | 0x20;

		if ((byte < 'a' || byte > 'z') &&
		    (i == 0 || !strchr("0123456789+-.", scheme->ptr[i])))
			return false;
	}
	*rest = text_slice(*rest, colon + 1, rest->len);
	return true;
}

static bool is_port(struct text port)
{
	for (size_t i = 0; i < port.len; i++)
		if (port.ptr[i] < '0' || port.ptr[i] > '9')
			return false;
	return true;
}

/* "user@[::1]:80". */
static bool read_authority(struct text authority, struct url *url)
{
	size_t at = text_find(authority, TEXT("@"), 0);
	size_t end;

	if (has_one_of(authority, NOT_IN_HOSTS) || !has_good_escapes(authority))
		return false;
	url->host = at == SIZE_MAX ? authority : text_slice(authority, at + 1, authority.len);
	if (text_starts(url->host, "[")) {
		end = text_find(url->host, TEXT("]"), 0);
		url->hostname = text_slice(url->host, 1, end);
		end = end == SIZE_MAX ? end : end + 1;
	} else {
		end = text_find(url->host, TEXT(":"), 0);
		end = end == SIZE_MAX ? url->host.len : end;
		url->hostname = text_slice(url->host, 0, end);
	}
	if (end == SIZE_MAX)
		return false;
	url->port = text_slice(url->host, end + 1, url->host.len);
	return (end == url->host.len || url->host.ptr[end] == ':') && is_port(url->port);
}

static bool read_url(struct text text, struct url *url)
{
	struct text rest = text;
	size_t mark;

	*url = (struct url){ .text = text };
	if (has_one_of(text, "") || (!text_starts(text, "/") && !read_scheme(&rest, &url->scheme)))
		return false;
	mark = text_find(rest, TEXT("?"), 0);
	url->query = mark == SIZE_MAX ? TEXT("") : text_slice(rest, mark + 1, rest.len);
	rest = text_slice(rest, 0, mark);
	if (url->scheme.len > 0 && text_starts(rest, "//")) {
		size_t slash = text_find(rest, TEXT("/"), 2);

		if (!read_authority(text_slice(rest, 2, slash), url))
			return false;
		rest = slash == SIZE_MAX ? TEXT("") : text_slice(rest, slash, rest.len);
	} else if (!text_starts(rest, "/")) {
		return false;
	}
	url->path = rest;
	return has_good_escapes(rest);
}

/* ---- values -------------------------------------------------------------------------------- */

static bool equal_urls(const void *a, const void *b)
{
	return text_equal(((const struct url *)a)->text, ((const struct url *)b)->text);
}

static void write_url(struct buffer *out, const void *data)
{
	buffer_add(out, ((const struct url *)data)->text);
}

static const void *copy_url(const void *data, struct arena *arena)
{
	struct url *copy = arena_new(arena, struct url);

	read_url(arena_text(arena, ((const struct url *)data)->text), copy);
	return copy;
}

const struct value_opaque_class opaque_url = {
	.type = { "kubernetes.URL" },
	.equal = equal_urls,
	.write = write_url,
	.copy = copy_url,
};

static const struct url *url_of(struct value value)
{
	return value.opaque->data;
}

FUNCTION(make)
{
	struct url *url = arena_new(call->arena, struct url);

	if (!read_url(value_text(args[0]), url))
		return function_fail(call, "the text is no absolute URL");
	return value_opaque(&opaque_url, url, call->arena);
}

FUNCTION(is_url)
{
	struct url url;

	return value_bool(read_url(value_text(args[0]), &url));
}

FUNCTION(get_scheme)
{
	return value_string(url_of(args[0])->scheme);
}

FUNCTION(get_host)
{
	return value_string(url_of(args[0])->host);
}

FUNCTION(get_hostname)
{
	return value_string(url_of(args[0])->hostname);
}

FUNCTION(get_port)
{
	return value_string(url_of(args[0])->port);
}

/* The path with escapes for what it should not be written with. */
FUNCTION(get_path)
{
	static const char plain[] = "-_.~!$&'()*+,;=:@[]%/";
	struct text path = url_of(args[0])->path;
	struct buffer out;

	buffer_init(&out, call->arena);
	for (size_t i = 0; i < path.len; i++) {
		unsigned char byte = (unsigned char)path.ptr[i];
		bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
		if (letter || (byte >= '0' && byte <= '9') || memchr(plain, byte, strlen(plain)))
			buffer_putc(&out, (char)byte);
		else
			buffer_printf(&out, "%%%02X", byte);
	}
	return value_string(buffer_text(&out));
}

/* ---- queries ------------------------------------------------------------------------------- */

/* With its escapes decoded, '+' as a blank. False: it is not UTF-8 then. */
static bool decode(struct text text, struct arena *arena, struct value *out)
{
	struct buffer buffer;

	buffer_init(&buffer, arena);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '%') {
			buffer_putc(&buffer, (char)(hex_digit(text.ptr[i + 1]) << 4 |
						    hex_digit(text.ptr[i + 2])));
			i += 2;
		} else {
			buffer_putc(&buffer, text.ptr[i] == '+' ? ' ' : text.ptr[i]);
		}
	}
	*out = value_string(buffer_text(&buffer));
	return text_is_utf8(buffer_text(&buffer), NULL);
}

/* The next "key=value" of a query. */
static bool next_pair(struct text query, size_t *at, struct arena *arena, struct value *key,
		      struct value *value)
{
	while (*at < query.len) {
		size_t end = text_find(query, TEXT("&"), *at);
		struct text pair = text_slice(query, *at, end);
		size_t equals = text_find(pair, TEXT("="), 0);
		struct text right = equals == SIZE_MAX ? TEXT("")
						       : text_slice(pair, equals + 1, pair.len);

		*at = end == SIZE_MAX ? query.len : end + 1;
		if (pair.len > 0 && has_good_escapes(pair) &&
		    decode(text_slice(pair, 0, equals), arena, key) && decode(right, arena, value))
			return true;
	}
	return false;
}

/* The values of a key, in their order. */
static struct value values_of(struct text query, struct value wanted, struct arena *arena)
{
	struct value *items;
	struct value key;
	struct value value;
	size_t count = 0;
	size_t at = 0;

	while (next_pair(query, &at, arena, &key, &value))
		count += value_equal(key, wanted);
	items = arena_array(arena, struct value, count);
	count = 0;
	for (at = 0; next_pair(query, &at, arena, &key, &value);)
		if (value_equal(key, wanted))
			items[count++] = value;
	return value_list(items, count, arena);
}

FUNCTION(get_query)
{
	struct text query = url_of(args[0])->query;
	struct value_map_builder builder;
	struct value key;
	struct value value;
	size_t at = 0;

	value_map_init(&builder, call->arena);
	while (next_pair(query, &at, call->arena, &key, &value)) {
		size_t i = 0;

		if (!function_afford(call, 1 + query.len / 4, &value))
			return value;
		while (i < builder.count && !value_equal(builder.entries[i].key, key))
			i++;
		if (i == builder.count)
			value_map_put(&builder, key, values_of(query, key, call->arena));
	}
	return value_map_end(&builder);
}

#define GET(row_name, row_type, row_call, row_doc, row_example) \
	{ \
		.name = row_name, .receiver = true, .signature = "(kubernetes.URL) -> " row_type, \
		.call = row_call, .doc = row_doc, .example = row_example \
	}
#define U "url('https://[::1]:8443/a%20b?x=1&x=2')"

const struct function functions_url[] = {
	PLAIN("url", "(string) -> kubernetes.URL", make, "The absolute URL, or absolute path.",
	      "url('https://example.org/').getHost() == 'example.org'"),
	PLAIN("isURL", "(string) -> bool", is_url, "Whether the text is an absolute URL or path.",
	      "!isURL('example.org')"),
	GET("getScheme", "string", get_scheme, "What stands before the colon.",
	    U ".getScheme() == 'https'"),
	GET("getHost", "string", get_host, "The host, with its port.",
	    U ".getHost() == '[::1]:8443'"),
	GET("getHostname", "string", get_hostname,
	    "The host without its port and without brackets.", U ".getHostname() == '::1'"),
	GET("getPort", "string", get_port, "The port, or ''.", U ".getPort() == '8443'"),
	GET("getEscapedPath", "string", get_path, "The path, with escapes where it needs them.",
	    U ".getEscapedPath() == '/a%20b'"),
	GET("getQuery", "map(string, list(string))", get_query,
	    "The parts of the query, each key with its values.",
	    U ".getQuery() == {'x': ['1', '2']}"),
	{ 0 },
};
