#include <curl/curl.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "io/environment.h"
#include "io/http_internal.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* A descriptor of the library, while it wants it watched. */
struct http_socket {
	struct watch watch;
	struct http *http;
	struct http_socket *next; /* in http->unused */
};

/* ---- the end of a transfer ---- */

static const struct {
	CURLcode code;
	enum io_class class;
} classes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, IO_DNS },
	{ CURLE_COULDNT_RESOLVE_PROXY, IO_DNS },
	{ CURLE_COULDNT_CONNECT, IO_CONNECT },
	{ CURLE_OPERATION_TIMEDOUT, IO_CONNECT }, /* it knows no limit but that of connecting */
	{ CURLE_SEND_ERROR, IO_CONNECT },
	{ CURLE_RECV_ERROR, IO_CONNECT },
	{ CURLE_GOT_NOTHING, IO_CONNECT },
	{ CURLE_SSL_CONNECT_ERROR, IO_TLS },
	{ CURLE_SSL_CERTPROBLEM, IO_TLS },
	{ CURLE_SSL_CIPHER, IO_TLS },
	{ CURLE_SSL_CACERT_BADFILE, IO_TLS },
	{ CURLE_SSL_ISSUER_ERROR, IO_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, IO_TLS },
	{ CURLE_OUT_OF_MEMORY, IO_RESOURCE },
};

static enum io_class class_of(CURLcode code, enum http_phase phase)
{
	for (size_t i = 0; i < COUNT(classes); i++) {
		if (classes[i].code != code)
			continue;
		return classes[i].class == IO_CONNECT && phase == HTTP_TLS ? IO_TLS
									   : classes[i].class;
	}
	return IO_HTTP;
}

static void fail_as(struct request *request, CURLcode code)
{
	const char *words = request->words[0] ? request->words : curl_easy_strerror(code);
	enum io_class class = class_of(code, http_hop_phase(request));
	const char *name = NULL;
	long error = 0;

	curl_easy_getinfo(request->easy, CURLINFO_OS_ERRNO, &error);
	words = arena_string(request->arena, words);
	if (class == IO_CONNECT && error != 0 && error != EINPROGRESS) {
		name = strerrorname_np((int)error);
		words = arena_format(request->arena, "%s (%s)", words, strerror((int)error));
	}
	http_fail(request, class, name, words);
}

static void hop_ended(struct request *request, CURLcode code)
{
	/* We ended it ourselves, having read enough. */
	bool enough = code == CURLE_WRITE_ERROR;

	curl_multi_remove_handle(request->http->multi, request->easy);
	if (code == CURLE_COULDNT_CONNECT && request->denied)
		http_fail(request, IO_REFUSED, NULL,
			  arena_format(request->arena,
				       "the address %s is one of the link or of a metadata service",
				       request->denied));
	if (code != CURLE_OK && !enough)
		fail_as(request, code);
	else if (!request->answer.whole)
		http_fail(request, IO_HTTP, NULL, "the answer ended within its headers");
	http_hop_ended(request);
}

static void collect_ended(struct http *http)
{
	struct CURLMsg *message;
	struct request *request;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &request);
		hop_ended(request, message->data.result);
	}
}

/* ---- descriptors and time ---- */

/* Lets the library work. Without memory it stops in the middle, and nothing would wake it. */
static void act(struct http *http, curl_socket_t fd, int mask)
{
	int running;
	CURLMcode code = curl_multi_socket_action(http->multi, fd, mask, &running);

	collect_ended(http);
	if (code != CURLM_OUT_OF_MEMORY)
		return;
	for (struct request *next, *request = http->live; request; request = next) {
		next = request->next;
		http_fail(request, IO_RESOURCE, NULL, http_no_memory);
		http_hop_ended(request);
	}
}

static void socket_ready(void *data, short events)
{
	struct http_socket *socket = data;
	struct http *http = socket->http;
	int mask = 0;

	if (events & (POLLIN | POLLHUP))
		mask |= CURL_CSELECT_IN;
	if (events & POLLOUT)
		mask |= CURL_CSELECT_OUT;
	if (events & (POLLERR | POLLNVAL))
		mask |= CURL_CSELECT_ERR;
	act(http, socket->watch.fd, mask);
}

static struct http_socket *socket_new(struct http *http, curl_socket_t fd)
{
	struct http_socket *socket = http->unused;

	if (socket)
		http->unused = socket->next;
	else
		socket = arena_new(http->arena, struct http_socket);
	*socket = (struct http_socket){ .http = http };
	socket->watch = (struct watch){ .fd = fd, .ready = socket_ready, .data = socket };
	curl_multi_assign(http->multi, fd, socket);
	watch_start(&socket->watch, http->loop);
	return socket;
}

static void socket_drop(struct http *http, struct http_socket *socket)
{
	watch_stop(&socket->watch);
	curl_multi_assign(http->multi, socket->watch.fd, NULL);
	socket->next = http->unused;
	http->unused = socket;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *data, void *known)
{
	struct http_socket *socket = known;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (socket)
			socket_drop(data, socket);
		return 0;
	}
	if (!socket)
		socket = socket_new(data, fd);
	socket->watch.events = (short)((what & CURL_POLL_IN ? POLLIN : 0) |
				       (what & CURL_POLL_OUT ? POLLOUT : 0));
	return 0;
}

static void timer_fired(void *data)
{
	act(data, CURL_SOCKET_TIMEOUT, 0);
}

static int on_timer(CURLM *multi, long ms, void *data)
{
	struct http *http = data;

	(void)multi;
	if (ms < 0)
		timer_stop(&http->timer);
	else
		timer_start(&http->timer, http->loop, ms * NS_PER_MS);
	return 0;
}

/* ---- the driver's table ---- */

static void http_close(void *data)
{
	struct http *http = data;

	while (http->live)
		http_request_release(http->live);
	if (http->multi)
		curl_multi_cleanup(http->multi);
	timer_stop(&http->timer);
	curl_global_cleanup();
}

static struct http *http_open(struct loop *loop, struct arena *arena)
{
	struct http *http = arena_new(arena, struct http);
	char **environment = environment_hide();

	http->loop = loop;
	http->arena = arena;
	http->timer = (struct timer){ .fire = timer_fired, .data = http };
	map_init(&http->certificates, arena);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		http->multi = curl_multi_init();
	environment_restore(environment);
	arena_defer(arena, http_close, http);
	if (!http->multi)
		return http;
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return http;
}

static const char *library(struct arena *arena)
{
	return arena_format(arena, "libcurl %s", curl_version_info(CURLVERSION_NOW)->version);
}

const struct http_driver http_driver = { http_open, http_send, http_cancel, library };
