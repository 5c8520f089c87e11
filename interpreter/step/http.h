/* What the parts of the http verb share, and download with it. */
#ifndef STEP_HTTP_H
#define STEP_HTTP_H

#include "step/internal.h"

struct http_auth {
	const char *bearer;
	const char *user;
	const char *password;
};

/* How a server is reached: what http and download have in common. */
struct http_reach {
	struct pairs headers;
	struct http_auth auth;
	int64_t follow_redirects;
	const char *ca, *cert, *key, *proxy, *unix_socket;
};

extern const struct field http_auth_rows[];

/* The rows of a struct whose member `reach` it is. */
#define HTTP_REACH_ROWS(type) \
	FIELD_AS(FIELD_HEADERS, struct pairs, type, reach.headers, "headers", \
		 .doc = "Headers of the request."), \
		{ .name = "auth", \
		  .kind = FIELD_RECORD, \
		  .offset = offsetof(type, reach.auth), \
		  .rows = http_auth_rows, \
		  .doc = "Credentials: {bearer} or {user, password}." }, \
		FIELD_AS(FIELD_INT, int64_t, type, reach.follow_redirects, "follow_redirects", \
			 .dflt = "0", .min = 0, .max = HTTP_REDIRECTS_MAX, \
			 .doc = "Redirects that are followed, to the same host only."), \
		FIELD_AS(FIELD_PATH, const char *, type, reach.ca, "ca", .flags = FIELD_READS, \
			 .doc = "PEM file of authorities instead of the system's."), \
		FIELD_AS(FIELD_PATH, const char *, type, reach.cert, "cert", .flags = FIELD_READS, \
			 .doc = "PEM file of our certificate."), \
		FIELD_AS(FIELD_PATH, const char *, type, reach.key, "key", .flags = FIELD_READS, \
			 .doc = "PEM file of its key."), \
		FIELD_AS(FIELD_STRING, const char *, type, reach.proxy, "proxy", \
			 .doc = "Proxy: http://HOST:PORT."), \
		FIELD_AS(FIELD_PATH, const char *, type, reach.unix_socket, "unix_socket", \
			 .doc = "Socket to connect to instead of the URL's host.")

struct http_args {
	struct request request;
	const char *method;
	struct text url;
	struct pairs query;
	struct value json;
	struct pairs form;
	const char *body;
	const char *upload;
	struct codes status;
	struct http_reach reach;
	int64_t max_body;
	const char *save;
};

/* One request that is under way. */
struct exchange {
	struct task *task;
	const struct http_args *args;
	const struct http_driver *driver;
	struct http_call call;
	const struct http_result *result;
	struct captured body;
};

struct headers {
	struct http_header *at;
	size_t count, cap;
};

/* The URL with its query. */
const char *http_url(struct task *task, const struct http_args *args);
/* How far a request came that failed, as a line of the outcome. */
void http_put_phase(struct task *task, const struct http_result *result, struct outcome *outcome);
/* The driver with its connections opened; NULL after task_fail. */
const struct http_driver *http_open(struct task *task);
/* The headers of the author, and that of the credentials. */
void http_put_headers(struct task *task, const struct http_reach *reach, struct headers *headers);
/* What of the call is how the server is reached, but for the headers. */
void http_put_reach(struct task *task, const struct http_reach *reach, struct http_call *call);
/* Fills the call's body. False after task_fail: the file to upload cannot be read. */
bool http_body(struct exchange *exchange, struct headers *headers);

/* http_check.c: the rules across its fields. */
bool http_check_auth(const struct bound *bound, struct diags *diags);
bool http_check(const struct bound *bound, struct span span, struct diags *diags);

#endif
