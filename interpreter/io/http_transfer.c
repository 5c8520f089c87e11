/* A transfer: what libcurl is told of it and calls back, and what is known of it. */
#include <curl/curl.h>

#include <string.h>

#include "io/http_internal.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- what a transfer calls back ---- */

static curl_socket_t on_open_socket(void *data, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct request *request = data;
	const char *denied = http_denied_address(&address->addr, request->arena);

	(void)purpose;
	if (denied) {
		request->denied = denied;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int on_send(void *data, char *peer, char *own, int peer_port, int own_port)
{
	struct request *request = data;

	request->ends = arena_format(request->arena, "%s %d %s %d", peer, peer_port, own, own_port);
	return http_may_send(request, peer, peer_port) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static size_t on_header(char *line, size_t size, size_t count, void *data)
{
	struct request *request = data;
	size_t len = size * count;

	if (http_answer_line(&request->answer, (struct text){ line, len }))
		return len;
	http_fail(request, IO_RESOURCE, NULL,
		  arena_format(request->arena, "the headers of the answer are longer than %d KiB",
			       HTTP_HEADER_MAX >> 10));
	return 0;
}

/* Giving less than len ends the transfer. */
static size_t on_body(char *bytes, size_t size, size_t count, void *data)
{
	size_t len = size * count;

	return http_take_body(data, (struct text){ bytes, len }) ? len : 0;
}

/* ---- a transfer ---- */

const char http_no_memory[] = "the HTTP library has no memory";

/* The library keeps a copy of its own. */
static void set_text(struct request *request, CURLoption option, const char *value)
{
	CURLcode code = curl_easy_setopt(request->easy, option, value);

	if (code != CURLE_OK)
		http_fail(request, IO_RESOURCE, NULL,
			  code == CURLE_OUT_OF_MEMORY ? http_no_memory
						      : "the HTTP library refuses an option");
}

static const struct {
	CURLoption option;
	long value;
} fixed_options[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },
	{ CURLOPT_FOLLOWLOCATION, 0 }, /* we follow ourselves, under our rules */
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_SSL_VERIFYPEER, 1 },
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_CERTINFO, 1 },
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
	{ CURLOPT_PATH_AS_IS, 1 },
	{ CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
	{ CURLOPT_QUICK_EXIT, 1 }, /* a resolver that hangs is left behind, not waited for */
	{ CURLOPT_CONNECTTIMEOUT_MS, HTTP_CONNECT_TIMEOUT / NS_PER_MS },
};

/* The empty texts close what would otherwise come from the environment. */
static void set_texts(struct request *request)
{
	const struct http_call *call = request->call;
	const struct {
		CURLoption option;
		const char *value;
	} texts[] = {
		{ CURLOPT_URL, request->url },
		{ CURLOPT_USERAGENT, "runbook" },
		{ CURLOPT_PROTOCOLS_STR, "http,https" },
		{ CURLOPT_REDIR_PROTOCOLS_STR, "http,https" },
		{ CURLOPT_PROXY, call->proxy ? call->proxy : "" },
		{ CURLOPT_NOPROXY, "" },
		{ CURLOPT_CAINFO, call->ca },
		{ CURLOPT_SSLCERT, call->cert },
		{ CURLOPT_SSLKEY, call->key },
		{ CURLOPT_UNIX_SOCKET_PATH, call->unix_socket },
	};

	for (size_t i = 0; i < COUNT(texts); i++) {
		if (texts[i].value)
			set_text(request, texts[i].option, texts[i].value);
	}
	/* Else the system's folder of authorities would count as well. */
	if (call->ca)
		curl_easy_setopt(request->easy, CURLOPT_CAPATH, NULL);
}

static void set_callbacks(struct request *request)
{
	CURL *easy = request->easy;

	curl_easy_setopt(easy, CURLOPT_PRIVATE, request);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, request->words);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, request);
	curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send);
	curl_easy_setopt(easy, CURLOPT_PREREQDATA, request);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, request);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, request);
}

static void set_method(struct request *request)
{
	const struct text *upload = &request->upload;

	if (upload->ptr || http_method_has_body(request->method)) {
		curl_easy_setopt(request->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(request->easy, CURLOPT_POSTFIELDSIZE_LARGE,
				 (curl_off_t)upload->len);
		curl_easy_setopt(request->easy, CURLOPT_POSTFIELDS, upload->ptr ? upload->ptr : "");
	} else if (strcmp(request->method, "HEAD") == 0) {
		curl_easy_setopt(request->easy, CURLOPT_NOBODY, 1L);
	}
	set_text(request, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_headers(struct request *request)
{
	const char *const *lines = http_header_lines(request);

	curl_slist_free_all(request->headers);
	request->headers = NULL;
	for (; *lines; lines++) {
		struct curl_slist *longer = curl_slist_append(request->headers, *lines);

		if (longer)
			request->headers = longer;
		else
			http_fail(request, IO_RESOURCE, "ENOMEM", "no memory for the headers");
	}
	curl_easy_setopt(request->easy, CURLOPT_HTTPHEADER, request->headers);
}

bool http_hop_start(struct request *request)
{
	if (!request->easy && request->http->multi)
		request->easy = curl_easy_init();
	if (!request->easy) {
		http_fail(request, IO_RESOURCE, NULL, "the HTTP library cannot be set up");
		return false;
	}
	curl_easy_reset(request->easy);
	request->sends = 0;
	request->words[0] = '\0';
	http_answer_init(&request->answer, request->arena);
	for (size_t i = 0; i < COUNT(fixed_options); i++)
		curl_easy_setopt(request->easy, fixed_options[i].option, fixed_options[i].value);
	set_texts(request);
	set_callbacks(request);
	set_method(request);
	set_headers(request);
	if (request->result.failure.class == IO_NONE &&
	    curl_multi_add_handle(request->http->multi, request->easy) != CURLM_OK)
		http_fail(request, IO_RESOURCE, NULL, http_no_memory);
	return request->result.failure.class == IO_NONE;
}

void http_hop_drop(struct request *request)
{
	if (request->easy) {
		curl_multi_remove_handle(request->http->multi, request->easy);
		curl_easy_cleanup(request->easy);
	}
	curl_slist_free_all(request->headers);
	request->easy = NULL;
	request->headers = NULL;
}

/* ---- what is known of a transfer ---- */

enum http_phase http_hop_phase(const struct request *request)
{
	bool tls = strcmp(request->origin.scheme, "https") == 0;
	curl_off_t resolved = 0, connected = 0, uploaded = 0;

	if (!request->easy)
		return HTTP_RESOLVE;
	if (request->answer.bytes > 0)
		return HTTP_RECEIVE;
	curl_easy_getinfo(request->easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved);
	curl_easy_getinfo(request->easy, CURLINFO_CONNECT_TIME_T, &connected);
	curl_easy_getinfo(request->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
	if (request->sends > 0)
		return (size_t)uploaded < request->upload.len ? HTTP_SEND : HTTP_WAIT;
	if (request->result.failure.class == IO_TLS || (connected > 0 && tls))
		return HTTP_TLS;
	return resolved > 0 ? HTTP_CONNECT : HTTP_RESOLVE;
}

static void read_certificate(struct http_certificate *certificate, const struct curl_slist *line,
			     struct arena *arena)
{
	certificate->subject = certificate->issuer = "";
	for (; line; line = line->next) {
		struct text text = text_of(line->data);

		if (text_starts(text, "Subject:"))
			certificate->subject = arena_string(arena, line->data + 8);
		else if (text_starts(text, "Issuer:"))
			certificate->issuer = arena_string(arena, line->data + 7);
		else if (text_starts(text, "Expire date:"))
			certificate->expires = curl_getdate(line->data + 12, NULL);
	}
}

const struct http_certificate *http_hop_certificate(const struct request *request)
{
	struct http *http = request->http;
	struct curl_certinfo *chain = NULL;
	struct http_certificate *certificate;

	if (!request->easy || !request->ends || strcmp(request->origin.scheme, "https") != 0)
		return NULL;
	/* The library tells it only to the request that made the connection. */
	curl_easy_getinfo(request->easy, CURLINFO_CERTINFO, &chain);
	if (!chain || chain->num_of_certs == 0)
		return map_get(&http->certificates, text_of(request->ends));
	certificate = arena_new(http->arena, struct http_certificate);
	read_certificate(certificate, chain->certinfo[0], http->arena);
	map_set(&http->certificates, text_of(arena_string(http->arena, request->ends)),
		certificate);
	return certificate;
}

static bool lacks_memory(CURLUcode code)
{
	return code == CURLUE_OUT_OF_MEMORY || code == CURLUE_BAD_HANDLE; /* it could not be made */
}

/* "" where it has none; NULL: there is no memory. */
static const char *url_part(CURLU *url, CURLUPart part, unsigned flags, struct arena *arena)
{
	char *value = NULL;
	CURLUcode code = curl_url_get(url, part, &value, flags);
	const char *copy = lacks_memory(code) ? NULL : "";

	if (code == CURLUE_OK)
		copy = arena_string(arena, value);
	curl_free(value);
	return copy;
}

const char *http_read_url(const char *text, struct http_origin *origin, struct arena *arena)
{
	CURLU *url = curl_url();
	CURLUcode code = curl_url_set(url, CURLUPART_URL, text,
				      CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME);

	*origin = (struct http_origin){ url_part(url, CURLUPART_SCHEME, 0, arena),
					url_part(url, CURLUPART_HOST, 0, arena),
					url_part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT, arena) };
	curl_url_cleanup(url);
	if (lacks_memory(code) || !origin->scheme || !origin->host || !origin->port) {
		*origin = (struct http_origin){ "", "", "" };
		return http_no_memory;
	}
	if (code == CURLUE_USER_NOT_ALLOWED)
		return "the URL holds a user or a password";
	if (code != CURLUE_OK)
		return arena_format(arena, "the URL cannot be read (%s)", curl_url_strerror(code));
	if (strcmp(origin->scheme, "http") != 0 && strcmp(origin->scheme, "https") != 0)
		return arena_format(arena, "its scheme '%s' is not http or https", origin->scheme);
	return NULL;
}

const char *http_join_url(const char *base, const char *location, struct arena *arena)
{
	CURLU *url = curl_url();
	CURLUcode code = curl_url_set(url, CURLUPART_URL, base, 0);
	const char *joined = location;

	if (code == CURLUE_OK)
		code = curl_url_set(url, CURLUPART_URL, location, CURLU_NON_SUPPORT_SCHEME);
	if (code == CURLUE_OK)
		joined = url_part(url, CURLUPART_URL, 0, arena);
	else if (lacks_memory(code))
		joined = NULL;
	curl_url_cleanup(url);
	return joined;
}
