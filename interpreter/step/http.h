/* What the parts of the http verb share. */
#ifndef STEP_HTTP_H
#define STEP_HTTP_H

#include "step/internal.h"

struct http_auth {
	const char *bearer;
	const char *user;
	const char *password;
};

struct http_args {
	struct request request;
	const char *method;
	struct text url;
	struct pairs query;
	struct pairs headers;
	struct value json;
	struct pairs form;
	const char *body;
	const char *upload;
	struct http_auth auth;
	struct codes status;
	int64_t follow_redirects;
	const char *ca, *cert, *key, *proxy, *unix_socket;
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
void http_put_auth(struct task *task, const struct http_auth *auth, struct headers *headers);
/* Fills the call's body. False after task_fail: the file to upload cannot be read. */
bool http_body(struct exchange *exchange, struct headers *headers);

/* http_check.c: the rules across its fields. */
bool http_check(const struct bound *bound, struct span span, struct diags *diags);

#endif
