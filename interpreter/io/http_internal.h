/*
 * The inside of the http driver. io/http.c turns libcurl in our loop, io/http_transfer.c tells it
 * what to send, io/http_request.c leads a request through its hops, io/http_rules.c knows what may
 * be sent, followed and connected to.
 */
#ifndef IO_HTTP_INTERNAL_H
#define IO_HTTP_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/list.h"
#include "base/map.h"
#include "base/text.h"
#include "io/io.h"

struct curl_slist;

/* The head of an answer, as it is read line by line. */
struct http_answer {
	struct arena *arena;
	size_t bytes; /* of all lines so far, those of 1xx answers too */
	bool whole;   /* the empty line behind the headers has come */
	int code;
	const char *reason;
	const char *location; /* where a code that asks for another URL leads, or NULL */
	LIST(struct http_header) headers;
};

/* Where a request goes. */
struct http_origin {
	const char *scheme; /* in lower case */
	const char *host;
	const char *port;
};

struct http {
	struct loop *loop;
	struct arena *arena;
	void *multi; /* libcurl's; NULL when it could not be set up */
	struct timer timer;
	struct http_socket *unused;
	struct request *live;
	struct map certificates; /* of connections that are or were open, by their two ends */
};

/* A request on its way. Each hop of it, the first and one for each redirect, is one transfer. */
struct request {
	struct http *http; /* NULL when it has ended */
	struct http_call *call;
	struct arena *arena;
	struct request *previous, *next; /* in http->live */
	struct timer soon;               /* begins or ends it from the loop */
	struct timer deadline;
	int64_t started;

	/* Of this hop. */
	void *easy;                 /* libcurl's, for all hops; NULL before the first */
	struct curl_slist *headers; /* libcurl's */
	const char *method;
	const char *url;
	struct http_origin origin;
	struct text upload; /* the body that is sent */
	struct http_answer answer;
	size_t dropped;     /* bytes of a body that is not kept */
	int sends;          /* how often libcurl began to send */
	const char *denied; /* an address that was not connected to */

	const char *ends; /* the two ends of the connection, or NULL */
	char words[256];  /* libcurl's */
	struct buffer body;
	struct http_result result;
};

/* The first failure counts. */
void http_fail(struct request *request, enum io_class class, const char *code, const char *message);

/* ---- http_transfer.c ---- */

/* Starts a transfer. False with the request failed when the library refuses. */
bool http_hop_start(struct request *request);

/* Takes the request out of the library. */
void http_hop_drop(struct request *request);

/* How far the transfer came. */
enum http_phase http_hop_phase(const struct request *request);

/* What the server's certificate says, or NULL. */
const struct http_certificate *http_hop_certificate(const struct request *request);

/* What is said when the library lacks memory. */
extern const char http_no_memory[];

/* A location, absolute or relative, seen from the URL base; NULL: there is no memory. */
const char *http_join_url(const char *base, const char *location, struct arena *arena);

/* Why a URL is refused, or NULL; http_no_memory: it could not be read. */
const char *http_read_url(const char *url, struct http_origin *origin, struct arena *arena);

/* ---- http_request.c ---- */

void http_send(struct http *http, struct http_call *call, struct arena *arena);
void http_cancel(struct http_call *call);

/* Ends a request without a call. */
void http_request_release(void *request);

/* Called just before a hop is sent to peer, an address. False when it must not be: the library
 * sends again by itself when a kept connection was dead, and not every method may be repeated. */
bool http_may_send(struct request *request, const char *peer, int port);

/* Takes bytes of a body. False when no more are wanted; the request has failed, or has enough. */
bool http_take_body(struct request *request, struct text bytes);

/* The headers of a hop as libcurl takes them, NULL behind the last. What libcurl would add by
 * itself is taken away unless the caller gave it. */
const char *const *http_header_lines(const struct request *request);

/* Whether the answer to this hop leads to another. */
bool http_will_follow(const struct request *request);

/* A transfer has ended; if it failed, the request has its failure. */
void http_hop_ended(struct request *request);

/* ---- http_rules.c ---- */

void http_answer_init(struct http_answer *answer, struct arena *arena);

/* Reads one line with its end: a status line begins a new answer, others add to it. False when
 * the lines are longer than HTTP_HEADER_MAX. */
bool http_answer_line(struct http_answer *answer, struct text line);

/* Why a request may not be sent, a message in the arena, or NULL. Looks at everything but the URL.
 */
const char *http_refusal(const struct http_call *call, struct arena *arena);

/* Whether a method may be sent a second time without asking: GET, HEAD, OPTIONS. */
bool http_method_is_safe(const char *method);

/* Whether a request of this method has a body even when it is empty: POST, PUT, PATCH. */
bool http_method_has_body(const char *method);

/* The method after a redirect (RFC 9110 section 15.4): POST becomes GET after 301 and 302,
 * everything but HEAD after 303; then the body is dropped. */
const char *http_method_after(const char *method, int code);

/* Why a redirect may not be followed, or NULL. */
const char *http_redirect_refusal(const struct http_origin *from, const struct http_origin *to);

/* The address as text when it may not be connected to: an address of a link, or of a metadata
 * service, also when IPv4 is mapped or translated into IPv6; else NULL. */
const char *http_denied_address(const struct sockaddr *address, struct arena *arena);

/* Whether it has this name, in whatever case; whether the request has one that has. */
bool http_header_is(const struct http_header *header, const char *name);
bool http_header_given(const struct http_call *call, const char *name);

#endif
