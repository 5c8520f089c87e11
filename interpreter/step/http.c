/* http: one request. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/sha256.h"
#include "step/http.h"

#define BODY_SHOWN 200 /* bytes of the body of an unexpected answer */

const struct field http_auth_rows[] = {
	STRING(struct http_auth, bearer, .flags = FIELD_SECRET, .doc = "A token."),
	STRING(struct http_auth, user, .doc = "Name for basic authentication."),
	STRING(struct http_auth, password, .flags = FIELD_SECRET,
	       .doc = "Password for basic authentication."),
	{ 0 },
};

static const struct field http_fields[] = {
	REQUEST(struct http_args, request, .doc = "METHOD URL, or only a URL."),
	STRING(struct http_args, method, .flags = FIELD_LITERAL,
	       .doc = "Request method, when request does not say it; default: GET."),
	URL(struct http_args, url, .doc = "Absolute URL, when request is not written."),
	PAIRS(struct http_args, query, .doc = "Parameters added to the URL."),
	VALUE(struct http_args, json, .flags = FIELD_DETAIL,
	      .doc = "Body as a YAML value, sent as JSON."),
	PAIRS(struct http_args, form, .flags = FIELD_DETAIL, .doc = "Body as a form."),
	STRING(struct http_args, body, .flags = FIELD_DETAIL, .doc = "Body as text."),
	PATH(struct http_args, upload, .flags = FIELD_READS | FIELD_DETAIL,
	     .doc = "File that is sent as the body."),
	CODES(struct http_args, status, .dflt = "200-299", .min = 100, .max = 599,
	      .doc = "Status codes that count as success: 404, 200-299, or a list."),
	HTTP_REACH_ROWS(struct http_args),
	SIZE(struct http_args, max_body, .dflt = "1MiB", .min = 1, .max = 64 << 20,
	     .doc = "Longer bodies are kept in the log only."),
	PATH(struct http_args, save, .flags = FIELD_MAKES,
	     .doc = "File to which the body is written, whole or not at all."),
	{ 0 },
};

enum {
	OUT_CODE,
	OUT_HEADERS,
	OUT_BODY,
	OUT_JSON,
	OUT_URL,
	OUT_CERTIFICATE,
	OUT_SHA256,
	OUT_ELAPSED
};

static const struct type_field certificate_fields[] = {
	TYPE_FIELD("subject", &type_string),
	TYPE_FIELD("issuer", &type_string),
	TYPE_FIELD("expires", &type_timestamp),
};
static const struct type_object certificate_object = {
	.fields = certificate_fields, .count = 3, .closed = true, .what = "field"
};
static const struct type certificate_type = {
	.kind = TYPE_OBJECT, .key = &type_string, .item = &type_dyn, .object = &certificate_object
};

static const struct output http_outputs[] = {
	[OUT_CODE] = { "code", &type_int, "Status code." },
	[OUT_HEADERS] = { "headers", &type_string_map,
			  "Headers by lower-case name; repeats joined by ', '." },
	[OUT_BODY] = { "body", &type_string, "The body." },
	[OUT_JSON] = { "json", &type_dyn, "The body as JSON." },
	[OUT_URL] = { "url", &type_string, "The URL that answered." },
	[OUT_CERTIFICATE] = { "certificate", &certificate_type,
			      "{subject, issuer, expires} of the server; null without TLS." },
	[OUT_SHA256] = { "sha256", &type_string, "Digest of the body in hex." },
	[OUT_ELAPSED] = { "elapsed", &type_duration, "How long it took." },
	{ 0 },
};

/* ---- outputs ------------------------------------------------------------------------------- */

static struct value headers_value(const struct http_result *result, struct arena *arena)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	for (size_t i = 0; i < result->header_count; i++)
		if (text_is_utf8(result->headers[i].name, NULL) &&
		    text_is_utf8(result->headers[i].value, NULL))
			value_map_put(&map, value_string(result->headers[i].name),
				      value_string(result->headers[i].value));
	return value_map_end(&map);
}

static struct value certificate_value(const struct http_result *result, struct arena *arena)
{
	const struct http_certificate *certificate = result->certificate;
	struct value_map_builder map;
	if (!certificate)
		return value_null();
	value_map_init(&map, arena);
	value_map_set(&map, "subject", value_cstring(certificate->subject));
	value_map_set(&map, "issuer", value_cstring(certificate->issuer));
	value_map_set(&map, "expires", value_timestamp(certificate->expires, 0));
	return value_map_end(&map);
}

static struct value digest_value(const struct exchange *exchange, struct arena *arena)
{
	char hex[SHA256_HEX];
	if (exchange->body.over)
		return captured_string(&exchange->body, arena);
	sha256_text(buffer_text(&exchange->body.bytes), hex);
	return value_cstring(arena_string(arena, hex));
}

static struct value http_output(const struct outputs *outputs, size_t index, struct arena *arena)
{
	const struct exchange *exchange = outputs->data;
	switch (index) {
	case OUT_CODE:
		return value_int(exchange->result->code);
	case OUT_HEADERS:
		return headers_value(exchange->result, arena);
	case OUT_BODY:
		return captured_string(&exchange->body, arena);
	case OUT_JSON:
		return captured_json(&exchange->body, arena);
	case OUT_URL:
		return value_cstring(exchange->result->url);
	case OUT_CERTIFICATE:
		return certificate_value(exchange->result, arena);
	case OUT_SHA256:
		return digest_value(exchange, arena);
	default:
		return value_duration(exchange->result->elapsed);
	}
}

/* ---- the answer ---------------------------------------------------------------------------- */

static void body_line(struct exchange *exchange, struct outcome *outcome)
{
	struct text body = buffer_text(&exchange->body.bytes);
	if (body.len)
		outcome_quote_add(exchange->task, outcome, "body", body, BODY_SHOWN);
}

/* A request that was not answered may have acted: nobody can say what it did. */
static bool is_lost(const struct http_result *result)
{
	return result->sent && result->code == 0;
}

/* With a key a request may be sent again: the server knows it, and acts once. */
static bool has_key(const struct http_args *args)
{
	for (size_t i = 0; i < args->reach.headers.count; i++)
		if (strcasecmp(args->reach.headers.at[i].name, "Idempotency-Key") == 0)
			return true;
	return false;
}

static void exchange_failed(struct exchange *exchange, const struct http_result *result)
{
	struct task *task = exchange->task;
	struct outcome outcome = {
		.status = result->failure.class == IO_CANCELLED ? OUTCOME_CANCELLED
								: OUTCOME_FAILED,
		.class = io_class_name(result->failure.class),
		.code = RB0408,
		.message = result->failure.message,
		.untouched = !result->sent,
	};
	if (is_lost(result)) {
		outcome.status = OUTCOME_LOST;
		outcome.repeatable = has_key(exchange->args);
		outcome.message = arena_format(task->arena,
					       "the request was sent and not answered: %s",
					       result->failure.message);
	}
	http_put_phase(task, result, &outcome);
	task_finish(task, &outcome, value_null());
}

/* The request was answered; what it did stays. */
static bool save_failed(struct exchange *exchange, const char *class, const char *message)
{
	const struct outcome outcome = {
		.status = OUTCOME_FAILED, .class = class, .code = RB0406, .message = message
	};
	task_finish(exchange->task, &outcome, value_null());
	return false;
}

static bool save_body(struct exchange *exchange)
{
	struct task *task = exchange->task;
	const char *path;
	if (!exchange->args->save)
		return true;
	path = task_path(task, exchange->args->save);
	if (exchange->body.over)
		return save_failed(
			exchange, "resource",
			arena_format(task->arena,
				     "the body is longer than max_body; nothing was written to %s",
				     path));
	int error = file_write(AT_FDCWD, path, buffer_text(&exchange->body.bytes), 0644);
	if (!error)
		return true;
	return save_failed(exchange, error == EACCES ? "permission" : "resource",
			   arena_format(task->arena, "cannot write %s: %s", path, strerror(error)));
}

static void on_done(void *data, const struct http_result *result)
{
	struct exchange *exchange = data;
	struct task *task = exchange->task;
	const struct outputs outputs = { http_outputs, http_output, exchange };
	struct outcome outcome = { .status = OUTCOME_SUCCEEDED };
	exchange->result = result;
	if (result->failure.class != IO_NONE) {
		exchange_failed(exchange, result);
		return;
	}
	if (!codes_have(&exchange->args->status, result->code)) {
		outcome.status = OUTCOME_FAILED;
		outcome.class = "http";
		outcome.code = RB0409;
		outcome.message = "unexpected HTTP status";
		outcome.expected = codes_text(&exchange->args->status, task->arena);
		outcome.actual = arena_format(task->arena, "%d %s", result->code, result->reason);
		body_line(exchange, &outcome);
	} else if (!save_body(exchange)) {
		return;
	}
	task_finish(task, &outcome, outputs_object(&outputs, task->arena));
}

static bool on_received(void *data, struct text bytes)
{
	struct exchange *exchange = data;
	captured_add(&exchange->body, bytes);
	task_output(exchange->task, 1, bytes);
	return true;
}

static void on_cancel(struct task *task, void *data)
{
	struct exchange *exchange = data;
	(void)task;
	exchange->driver->cancel(&exchange->call);
}

/* ---- the start ---------------------------------------------------------------------------- */

static void http_start(struct task *task, const void *data)
{
	const struct http_args *args = data;
	struct exchange *exchange = arena_new(task->arena, struct exchange);
	struct headers headers = { 0 };
	*exchange = (struct exchange){ .task = task, .args = args };
	exchange->driver = http_open(task);
	if (!exchange->driver)
		return;
	http_put_headers(task, &args->reach, &headers);
	if (!http_body(exchange, &headers))
		return;
	captured_init(&exchange->body, "body", args->max_body, task->arena);
	struct http_call *call = &exchange->call;
	call->method = args->request.method ? args->request.method
		       : args->method       ? args->method
					    : "GET";
	call->url = http_url(task, args);
	call->headers = headers.at;
	call->header_count = headers.count;
	http_put_reach(task, &args->reach, call);
	call->max_body = (size_t)args->max_body;
	call->received = on_received;
	call->done = on_done;
	call->data = exchange;
	task_cancel_with(task, on_cancel, exchange);
	exchange->driver->send(task->services->http, call, task->arena);
}

/* ---- rules --------------------------------------------------------------------------------- */

static const char *method_written(const struct bound *bound)
{
	const struct place_text *request = field_place(bound, "request");
	const char *method = request ? place_method(request) : NULL;
	if (!method)
		method = field_constant_text(bound, "method");
	return method ? method : "GET";
}

static enum effect http_effect(const struct bound *bound)
{
	const char *method = method_written(bound);
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
			       strcmp(method, "OPTIONS") == 0
		       ? EFFECT_READ
		       : EFFECT_WRITE;
}

/* However it was written: METHOD URL. */
static void http_show(struct buffer *out, const struct bound *bound, const struct expr_scope *scope,
		      struct arena *arena)
{
	if (field_show_one(out, bound, "request", scope, arena))
		return;
	buffer_printf(out, "%s ", method_written(bound));
	field_show_one(out, bound, "url", scope, arena);
}

static const char *http_module(const struct bound *bound)
{
	(void)bound;
	return "http";
}

extern const struct step_type step_http;

const struct step_type step_http = {
	.name = "http",
	.main = "request",
	.summary = "Send one HTTP request.",
	.previews = true,
	.kind = STEP_KIND_WORK,
	.fields = http_fields,
	.size = sizeof(struct http_args),
	.outputs = http_outputs,
	.timeout = "30s",
	.effect_of = http_effect,
	.check = http_check,
	.show = http_show,
	.driver = http_module,
	.start = http_start,
	.example = "- http: GET https://example.org/health",
};
