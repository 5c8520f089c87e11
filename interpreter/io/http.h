/*
 * http: requests over connections that are kept for the run (libcurl). A part of io/io.h, which
 * others include.
 */
#ifndef IO_HTTP_H
#define IO_HTTP_H

#include "io/io.h"

/* The connections of a run. */
struct http;

#define HTTP_CONNECT_TIMEOUT (5 * NS_PER_S) /* name, connection and TLS handshake */
#define HTTP_HEADER_MAX (64 << 10) /* bytes of all headers of an answer, 1xx and trailers too */
#define HTTP_REDIRECTS_MAX 5

struct http_header {
	struct text name;  /* of an answer: in lower case */
	struct text value; /* of an answer: repeats joined by ", " */
};

/* What the server's certificate says of itself, in the library's words. */
struct http_certificate {
	const char *subject;
	const char *issuer;
	int64_t expires; /* seconds since 1970-01-01T00:00:00Z */
};

/* How far a request came: what it was doing when it ended. */
enum http_phase {
	HTTP_RESOLVE, /* also: not begun */
	HTTP_CONNECT,
	HTTP_TLS,
	HTTP_SEND,
	HTTP_WAIT, /* for the first byte of an answer */
	HTTP_RECEIVE,
};

/* "connect": for messages. */
const char *http_phase_name(enum http_phase phase);

/*
 * What came of a request. Everything lives in the request's arena, but for the certificate, which
 * lives as long as the connections. With a failure the members below `sent` say what was known by
 * then: code 0 when there was no answer.
 */
struct http_result {
	struct io_failure failure; /* IO_NONE: an answer came, whatever its code */
	enum http_phase phase;
	bool sent;          /* the server may have seen the request and acted on it */
	int code;           /* 404 */
	const char *reason; /* "Not Found", any bytes; "" if the server gave none */
	const struct http_header *headers;
	size_t header_count;
	struct text body;    /* at most max_body bytes */
	bool body_is_longer; /* body is only its beginning */
	const char *url;     /* the one that answered, after redirects */
	int redirects;       /* how many were followed */
	int64_t elapsed;     /* ns, of all of it */
	const char *peer;    /* "192.0.2.7:443", "[2001:db8::7]:443", a socket's path, or "" */
	const struct http_certificate *certificate; /* NULL without TLS */
};

/* A request. The caller owns it, fills the first part and keeps it until `done`; what it points
 * to is borrowed as long. */
struct http_call {
	const char *method;                /* a token, sent as it is: "GET" */
	const char *url;                   /* absolute, http or https, no user or password in it */
	const struct http_header *headers; /* not content-length, transfer-encoding, connection */
	size_t header_count;
	struct text body;        /* ptr NULL: none */
	const char *ca;          /* PEM file of authorities instead of the system's, or NULL */
	const char *cert;        /* PEM file of our own certificate, or NULL */
	const char *key;         /* PEM file of its key; NULL: in cert */
	const char *proxy;       /* http://HOST:PORT, https:// or socks5h://; NULL: none */
	const char *unix_socket; /* path of a socket to use instead of the URL's host, or NULL */
	int follow_redirects;    /* up to HTTP_REDIRECTS_MAX; 0: a redirect is the answer */
	int64_t timeout;         /* ns for all of it; 0: none */
	size_t max_body; /* bytes to keep; more ends the transfer unless `received` is set */

	/* All of the body of the last answer as it comes, also beyond max_body; the bytes are gone
	 * when it returns. False ends the request as cancelled. May be NULL. */
	bool (*received)(void *data, struct text bytes);
	/* The last call, exactly once; the arena may be reset only after it has returned. */
	void (*done)(void *data, const struct http_result *result);
	void *data;

	void *own; /* the driver's */
};

/* What io/http.c exports; found with module_open("http"). */
struct http_driver {
	/* Without connections yet; they are opened on first need and closed with the arena. */
	struct http *(*open)(struct loop *loop, struct arena *arena);
	/*
	 * Sends a request. Failures: refused (a method, URL, header or redirect that must not be:
	 * see below), dns, connect (nothing was sent, or the connection broke: see `sent`), tls,
	 * http (what came is no answer), timeout, resource (headers over HTTP_HEADER_MAX),
	 * cancelled.
	 *
	 * Nothing of the surroundings is used: no proxy, netrc, cookies or key log from the
	 * environment. Answers are not decompressed. No address of a link (169.254.0.0/16,
	 * fe80::/10) or of a metadata service (fd00:ec2::254) is connected to, whatever the name;
	 * but behind a proxy only the proxy's own is looked at. A redirect is followed only to the
	 * same host, never from https to http, and never to another port but from http's to
	 * https's own. A method other than GET, HEAD and OPTIONS is never sent twice, not even
	 * when a kept connection turns out to be dead after it was sent.
	 */
	void (*send)(struct http *http, struct http_call *call, struct arena *arena);
	/* Ends a request: `done` follows with class cancelled. Nothing happens when it ended. */
	void (*cancel)(struct http_call *call);
	/* Name and version of the library below it: "libcurl 7.88.1". */
	const char *(*library)(struct arena *arena);
};

extern const struct http_driver http_driver;

#endif
