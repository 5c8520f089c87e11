/* The request of an http step: its URL, headers and body, and how its server is reached. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/list.h"
#include "step/http.h"

static void put_form(struct buffer *out, const struct pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		if (i)
			buffer_putc(out, '&');
		place_encode_component(out, text_of(pairs->at[i].name));
		buffer_putc(out, '=');
		place_encode_component(out, pairs->at[i].value);
	}
}

const char *http_url(struct task *task, const struct http_args *args)
{
	struct buffer url;
	buffer_init(&url, task->arena);
	if (args->request.url)
		buffer_puts(&url, args->request.url);
	else
		buffer_add(&url, args->url);
	if (args->query.count) {
		bool has = text_find(buffer_text(&url), TEXT("?"), 0) != SIZE_MAX;
		buffer_putc(&url, has ? '&' : '?');
		put_form(&url, &args->query);
	}
	return buffer_string(&url);
}

static void header_add(struct headers *headers, struct arena *arena, const char *name,
		       struct text value)
{
	for (size_t i = 0; i < headers->count; i++)
		if (headers->at[i].name.len == strlen(name) &&
		    strncasecmp(headers->at[i].name.ptr, name, strlen(name)) == 0)
			return; /* the author's own wins, in whatever case it is written */
	*list_add(headers, arena) = (struct http_header){ text_of(name), value };
}

static void put_base64(struct buffer *out, struct text bytes)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < bytes.len; i += 3) {
		uint32_t group = 0;
		for (size_t k = 0; k < 3; k++)
			group = group << 8 |
				(i + k < bytes.len ? (unsigned char)bytes.ptr[i + k] : 0);
		for (size_t k = 0; k < 4; k++)
			buffer_putc(out,
				    i + k > bytes.len ? '=' : digits[group >> (18 - 6 * k) & 63]);
	}
}

static void put_auth(struct task *task, const struct http_auth *auth, struct headers *headers)
{
	struct buffer value, pair;
	buffer_init(&value, task->arena);
	buffer_init(&pair, task->arena);
	if (auth->bearer) {
		buffer_printf(&value, "Bearer %s", auth->bearer);
	} else if (auth->user) {
		buffer_printf(&pair, "%s:%s", auth->user, auth->password ? auth->password : "");
		buffer_puts(&value, "Basic ");
		put_base64(&value, buffer_text(&pair));
	} else {
		return;
	}
	header_add(headers, task->arena, "Authorization", buffer_text(&value));
}

void http_put_headers(struct task *task, const struct http_reach *reach, struct headers *headers)
{
	for (size_t i = 0; i < reach->headers.count; i++)
		*list_add(headers,
			  task->arena) = (struct http_header){ text_of(reach->headers.at[i].name),
							       reach->headers.at[i].value };
	put_auth(task, &reach->auth, headers);
}

static const char *optional_path(struct task *task, const char *path)
{
	return path ? task_path(task, path) : NULL;
}

void http_put_reach(struct task *task, const struct http_reach *reach, struct http_call *call)
{
	call->ca = optional_path(task, reach->ca);
	call->cert = optional_path(task, reach->cert);
	call->key = optional_path(task, reach->key);
	call->proxy = reach->proxy;
	call->unix_socket = optional_path(task, reach->unix_socket);
	call->follow_redirects = (int)reach->follow_redirects;
}

void http_put_phase(struct task *task, const struct http_result *result, struct outcome *outcome)
{
	outcome_line_add(task, outcome, "phase", "%s, after %s%s%s", http_phase_name(result->phase),
			 clock_span(result->elapsed, task->arena), *result->peer ? ", peer " : "",
			 result->peer);
}

const struct http_driver *http_open(struct task *task)
{
	struct services *services = task->services;
	const struct http_driver *driver = task_driver(task, "http");
	if (driver && !services->http)
		services->http = driver->open(services->loop, services->arena);
	return driver;
}

/* False after task_fail: the file to upload cannot be read. */
bool http_body(struct exchange *exchange, struct headers *headers)
{
	const struct http_args *args = exchange->args;
	struct arena *arena = exchange->task->arena;
	struct buffer body;
	buffer_init(&body, arena);
	if (args->upload) {
		const char *path = task_path(exchange->task, args->upload);
		int error = file_read(AT_FDCWD, path, 64u << 20, arena, &exchange->call.body);
		if (error)
			task_fail(exchange->task, error == ENOENT ? "not_found" : "resource",
				  RB0406, value_null(), "cannot read %s: %s", path,
				  strerror(error));
		return error == 0;
	}
	if (!value_is(args->json, VALUE_NULL)) {
		json_write(&body, args->json);
		header_add(headers, arena, "Content-Type", TEXT("application/json"));
	} else if (args->form.count) {
		put_form(&body, &args->form);
		header_add(headers, arena, "Content-Type",
			   TEXT("application/x-www-form-urlencoded"));
	} else if (args->body) {
		buffer_puts(&body, args->body);
	} else {
		return true;
	}
	exchange->call.body = buffer_text(&body);
	if (!exchange->call.body.ptr)
		exchange->call.body = TEXT("");
	return true;
}
