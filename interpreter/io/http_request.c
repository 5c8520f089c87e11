#include "io/http_internal.h"

#include <string.h>

/* Of a redirect's body, which nobody reads: more of it costs the connection. */
#define REDIRECT_BODY_MAX (64 << 10)

void http_fail(struct request *request, enum io_class class, const char *code, const char *message)
{
	if (request->result.failure.class == IO_NONE)
		request->result.failure = (struct io_failure){ class, code, message };
}

static bool has_failed(const struct request *request)
{
	return request->result.failure.class != IO_NONE;
}

/* ---- the end ---- */

void http_request_release(void *data)
{
	struct request *request = data;

	if (!request->http)
		return;
	timer_stop(&request->soon);
	timer_stop(&request->deadline);
	http_hop_drop(request);
	if (request->previous)
		request->previous->next = request->next;
	else
		request->http->live = request->next;
	if (request->next)
		request->next->previous = request->previous;
	request->http = NULL;
}

static void finish(void *data)
{
	struct request *request = data;
	struct http_call *call = request->call;
	struct http_result *result = &request->result;
	const struct http_answer *answer = &request->answer;

	result->phase = http_hop_phase(request);
	result->certificate = http_hop_certificate(request);
	result->code = answer->code;
	result->reason = answer->reason;
	result->headers = answer->headers.at;
	result->header_count = answer->headers.count;
	result->body = buffer_text(&request->body);
	result->url = request->url;
	result->elapsed = loop_now(request->http->loop) - request->started;
	http_request_release(request);
	call->own = NULL;
	call->done(call->data, result);
}

static void deadline_passed(void *data)
{
	struct request *request = data;
	bool connected = http_hop_phase(request) >= HTTP_SEND;
	const char *span = clock_span(request->call->timeout, request->arena);

	http_fail(request, IO_TIMEOUT, NULL,
		  arena_format(request->arena, "no %s within %s",
			       connected ? "whole answer" : "connection", span));
	finish(request);
}

/* ---- on the way ---- */

bool http_may_send(struct request *request, const char *peer, int port)
{
	const char *socket = request->call->unix_socket;
	const char *text = strchr(peer, ':') ? arena_format(request->arena, "[%s]:%d", peer, port)
					     : arena_format(request->arena, "%s:%d", peer, port);

	request->result.peer = socket ? socket : text;
	request->result.sent = true;
	request->sends++;
	if (request->sends == 1 || http_method_is_safe(request->method))
		return true;
	http_fail(request, IO_CONNECT, NULL,
		  "the connection was closed after the request was sent");
	return false;
}

bool http_take_body(struct request *request, struct text bytes)
{
	const struct http_call *call = request->call;
	size_t room = call->max_body - request->body.len;

	if (http_will_follow(request)) {
		request->dropped += bytes.len;
		return request->dropped <= REDIRECT_BODY_MAX;
	}
	buffer_add(&request->body, text_slice(bytes, 0, room));
	request->result.body_is_longer |= bytes.len > room;
	if (!call->received)
		return bytes.len <= room;
	if (!call->received(call->data, bytes))
		http_fail(request, IO_CANCELLED, NULL, "the receiver wanted no more");
	return !has_failed(request);
}

const char *const *http_header_lines(const struct request *request)
{
	const struct http_call *call = request->call;
	const char **lines = arena_array(request->arena, const char *, call->header_count + 3);
	bool dropped = call->body.ptr && !request->upload.ptr;
	size_t count = 0;

	for (size_t i = 0; i < call->header_count; i++) {
		const struct http_header *header = &call->headers[i];
		struct text name = header->name;

		if (dropped && http_header_is(header, "content-type"))
			continue;
		lines[count++] = header->value.len == 0
					 ? arena_format(request->arena, "%.*s;", TEXT_ARG(name))
					 : arena_format(request->arena, "%.*s: %.*s",
							TEXT_ARG(name), TEXT_ARG(header->value));
	}
	if (dropped || !http_header_given(call, "content-type"))
		lines[count++] = "Content-Type:";
	if (!http_header_given(call, "expect"))
		lines[count++] = "Expect:";
	return lines;
}

/* ---- redirects ---- */

bool http_will_follow(const struct request *request)
{
	return request->call->follow_redirects > 0 && request->answer.location &&
	       !has_failed(request);
}

static void refuse(struct request *request, const char *why, const char *message)
{
	bool memory = why == http_no_memory;

	http_fail(request, memory ? IO_RESOURCE : IO_REFUSED, NULL, memory ? why : message);
}

/* Turns the request to where the answer leads; fails it when it must not go there. */
static void turn(struct request *request)
{
	const char *url = http_join_url(request->url, request->answer.location, request->arena);
	const char *refusal, *method;
	struct http_origin origin;
	int limit = request->call->follow_redirects;

	if (limit > HTTP_REDIRECTS_MAX)
		limit = HTTP_REDIRECTS_MAX;
	refusal = url ? http_read_url(url, &origin, request->arena) : http_no_memory;
	if (!refusal)
		refusal = http_redirect_refusal(&request->origin, &origin);
	if (refusal)
		refuse(request, refusal,
		       arena_format(request->arena, "the redirect to '%s' is not followed: %s",
				    request->answer.location, refusal));
	else if (request->result.redirects == limit)
		http_fail(request, IO_HTTP, NULL,
			  arena_format(request->arena, "more than %d redirects", limit));
	if (has_failed(request))
		return;
	method = http_method_after(request->method, request->answer.code);
	if (strcmp(method, request->method) != 0)
		request->upload = (struct text){ NULL, 0 };
	request->method = method;
	request->url = url;
	request->origin = origin;
	request->result.redirects++;
}

void http_hop_ended(struct request *request)
{
	bool follows = http_will_follow(request);

	if (follows)
		turn(request);
	if (!follows || has_failed(request) || !http_hop_start(request))
		finish(request);
}

/* ---- the beginning ---- */

static void begin(void *data)
{
	struct request *request = data;
	const char *refusal = http_refusal(request->call, request->arena);

	if (!refusal)
		refusal = http_read_url(request->url, &request->origin, request->arena);
	if (refusal)
		refuse(request, refusal, refusal);
	if (has_failed(request) || !http_hop_start(request))
		finish(request);
}

void http_send(struct http *http, struct http_call *call, struct arena *arena)
{
	struct request *request = arena_new(arena, struct request);

	*request = (struct request){
		.http = http,
		.call = call,
		.arena = arena,
		.next = http->live,
		.soon = { .fire = begin, .data = request },
		.deadline = { .fire = deadline_passed, .data = request },
		.started = loop_now(http->loop),
		.method = call->method,
		.url = call->url,
		.origin = { "", "", "" },
		.upload = call->body,
		.result = { .peer = "" },
	};
	if (http->live)
		http->live->previous = request;
	http->live = request;
	http_answer_init(&request->answer, arena);
	buffer_init(&request->body, arena);
	arena_defer(arena, http_request_release, request);
	call->own = request;
	timer_start(&request->soon, http->loop, 0);
	if (call->timeout > 0)
		timer_start(&request->deadline, http->loop, call->timeout);
}

void http_cancel(struct http_call *call)
{
	struct request *request = call->own;

	if (!request)
		return;
	http_fail(request, IO_CANCELLED, NULL, "the request was cancelled");
	request->soon.fire = finish;
	timer_start(&request->soon, request->http->loop, 0);
}
