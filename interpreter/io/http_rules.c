#include "io/http_internal.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

/* ---- the head of an answer ---- */

void http_answer_init(struct http_answer *answer, struct arena *arena)
{
	*answer = (struct http_answer){ .arena = arena, .reason = "" };
}

static const char *lower_case(struct text text, struct arena *arena)
{
	char *lower = arena_copy(arena, text.ptr, text.len);

	for (size_t i = 0; i < text.len; i++) {
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] |= 0x20;
	}
	return lower;
}

static struct text joined(struct arena *arena, struct text a, const char *between, struct text b)
{
	struct buffer buffer;

	buffer_init(&buffer, arena);
	buffer_add(&buffer, a);
	buffer_puts(&buffer, between);
	buffer_add(&buffer, b);
	return buffer_text(&buffer);
}

/* "HTTP/1.1 404 Not Found" */
static void read_status(struct http_answer *answer, struct text line)
{
	size_t blank = text_find(line, TEXT(" "), 0);
	size_t bytes = answer->bytes;
	struct text rest;

	http_answer_init(answer, answer->arena);
	answer->bytes = bytes;
	if (blank == SIZE_MAX)
		return;
	rest = text_trim(text_slice(line, blank, line.len));
	for (size_t i = 0; i < 3 && i < rest.len && rest.ptr[i] >= '0' && rest.ptr[i] <= '9'; i++)
		answer->code = answer->code * 10 + (rest.ptr[i] - '0');
	rest = text_trim(text_slice(rest, 3, rest.len));
	answer->reason = arena_copy(answer->arena, rest.ptr, rest.len);
}

static struct http_header *find_header(struct http_answer *answer, struct text name)
{
	for (size_t i = 0; i < answer->headers.count; i++) {
		if (text_equal(answer->headers.at[i].name, name))
			return &answer->headers.at[i];
	}
	return NULL;
}

/* Obsolete folding, RFC 9112 section 5.2: a line that begins with a blank goes on with the value
 * before it. */
static void continue_value(struct http_answer *answer, struct text more)
{
	struct http_header *last;

	if (answer->headers.count == 0)
		return;
	last = &answer->headers.at[answer->headers.count - 1];
	last->value = joined(answer->arena, last->value, " ", more);
}

static bool is_redirect(int code)
{
	return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
}

static void read_header(struct http_answer *answer, struct text line)
{
	size_t colon = text_find(line, TEXT(":"), 0);
	struct http_header *before;
	struct text name, value;

	if (colon == SIZE_MAX)
		return;
	name = text_trim(text_slice(line, 0, colon));
	name = (struct text){ lower_case(name, answer->arena), name.len };
	value = text_trim(text_slice(line, colon + 1, line.len));
	before = find_header(answer, name);
	if (before) {
		before->value = joined(answer->arena, before->value, ", ", value);
		return;
	}
	*list_add(&answer->headers,
		  answer->arena) = (struct http_header){ name, arena_text(answer->arena, value) };
	if (text_is(name, "location") && is_redirect(answer->code))
		answer->location = arena_text(answer->arena, value).ptr;
}

bool http_answer_line(struct http_answer *answer, struct text line)
{
	answer->bytes += line.len;
	if (answer->bytes > HTTP_HEADER_MAX)
		return false;
	/* Trailers behind a body are no new headers. */
	answer->whole = text_trim(line).len == 0 || (answer->whole && !text_starts(line, "HTTP/"));
	if (text_starts(line, "HTTP/"))
		read_status(answer, line);
	else if (text_starts(line, " ") || text_starts(line, "\t"))
		continue_value(answer, text_trim(line));
	else
		read_header(answer, line);
	return true;
}

/* ---- what may be sent ---- */

/* RFC 9110 section 5.6.2 */
static bool is_token(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			      (byte >= '0' && byte <= '9');

		if (!letter && (byte == 0 || !strchr("!#$%&'*+-.^_`|~", byte)))
			return false;
	}
	return text.len > 0;
}

static bool has_control_byte(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
			return true;
	}
	return false;
}

/* These say where a request ends and what becomes of its connection: the library's business. */
static const char *const framing[] = { "content-length", "transfer-encoding",
				       "connection",     "te",
				       "upgrade",        "trailer" };

bool http_header_is(const struct http_header *header, const char *name)
{
	return header->name.len == strlen(name) &&
	       strncasecmp(header->name.ptr, name, header->name.len) == 0;
}

bool http_header_given(const struct http_call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++) {
		if (http_header_is(&call->headers[i], name))
			return true;
	}
	return false;
}

static bool is_framing(const struct http_header *header)
{
	for (size_t i = 0; i < sizeof(framing) / sizeof(*framing); i++) {
		if (http_header_is(header, framing[i]))
			return true;
	}
	return false;
}

static const char *header_refusal(const struct http_header *header, struct arena *arena)
{
	struct text name = header->name;

	if (!is_token(name))
		return "the name of a header is not a token of letters, digits and hyphens";
	if (is_framing(header))
		return arena_format(arena, "the header '%.*s' belongs to the connection",
				    TEXT_ARG(name));
	if (has_control_byte(header->value))
		return arena_format(arena, "the header '%.*s' holds a control byte",
				    TEXT_ARG(name));
	return NULL;
}

static const char *proxy_refusal(const char *proxy)
{
	struct text text = text_of(proxy);

	if (!proxy || text_starts(text, "http://") || text_starts(text, "https://") ||
	    text_starts(text, "socks5h://"))
		return NULL;
	return "the proxy is not an http://, https:// or socks5h:// URL";
}

const char *http_refusal(const struct http_call *call, struct arena *arena)
{
	if (!is_token(text_of(call->method)))
		return "the method is not a token of letters";
	for (size_t i = 0; i < call->header_count; i++) {
		const char *refusal = header_refusal(&call->headers[i], arena);

		if (refusal)
			return refusal;
	}
	return proxy_refusal(call->proxy);
}

bool http_method_is_safe(const char *method)
{
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	       strcmp(method, "OPTIONS") == 0;
}

bool http_method_has_body(const char *method)
{
	return strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
	       strcmp(method, "PATCH") == 0;
}

/* ---- redirects ---- */

const char *http_method_after(const char *method, int code)
{
	bool post = strcmp(method, "POST") == 0;
	bool head = strcmp(method, "HEAD") == 0;

	if ((code == 303 && !head) || ((code == 301 || code == 302) && post))
		return "GET";
	return method;
}

static bool is_default(const struct http_origin *origin, const char *scheme, const char *port)
{
	return strcmp(origin->scheme, scheme) == 0 && strcmp(origin->port, port) == 0;
}

const char *http_redirect_refusal(const struct http_origin *from, const struct http_origin *to)
{
	bool same_port = strcmp(from->port, to->port) == 0;

	if (strcmp(from->scheme, "https") == 0 && strcmp(to->scheme, "https") != 0)
		return "it leads from https to http";
	if (strcasecmp(from->host, to->host) != 0)
		return "it leads to another host";
	if (!same_port && !(is_default(from, "http", "80") && is_default(to, "https", "443")))
		return "it leads to another port";
	return NULL;
}

/* ---- addresses ---- */

/* RFC 3927: 169.254.0.0/16, where also the metadata services of the clouds live. */
static bool denied_ipv4(const unsigned char *bytes)
{
	return bytes[0] == 169 && bytes[1] == 254;
}

static bool denied_ipv6(const unsigned char *bytes)
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };   /* ::ffff:0:0/96 */
	static const unsigned char translated[12] = { 0x00, 0x64, 0xff, 0x9b }; /* 64:ff9b::/96 */
	static const unsigned char compatible[12] = { 0 };                      /* ::/96 */
	static const unsigned char metadata[16] = {
		0xfd, 0x00, 0x0e, 0xc2, [14] = 0x02, [15] = 0x54
	};

	if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80)
		return true;
	if (memcmp(bytes, metadata, sizeof(metadata)) == 0)
		return true;
	return (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, translated, 12) == 0 ||
		memcmp(bytes, compatible, 12) == 0) &&
	       denied_ipv4(bytes + 12);
}

const char *http_denied_address(const struct sockaddr *address, struct arena *arena)
{
	char text[INET6_ADDRSTRLEN];
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	if (address->sa_family == AF_INET) {
		memcpy(&ipv4, address, sizeof(ipv4));
		if (!denied_ipv4((const unsigned char *)&ipv4.sin_addr))
			return NULL;
		inet_ntop(AF_INET, &ipv4.sin_addr, text, sizeof(text));
		return arena_string(arena, text);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&ipv6, address, sizeof(ipv6));
		if (!denied_ipv6(ipv6.sin6_addr.s6_addr))
			return NULL;
		inet_ntop(AF_INET6, &ipv6.sin6_addr, text, sizeof(text));
		return arena_string(arena, text);
	}
	return NULL;
}
