#include "unit/io/http_server.h"

#include <netinet/in.h>

static struct http_server server;

/* A run: a loop, a driver and one request at a time. */
struct run {
	struct arena arena;
	struct loop *loop;
	const struct http_driver *driver;
	struct http *http;
	const struct http_result *result;
	struct timer timer;
	struct http_call *to_cancel;
	size_t received;
	size_t receive_at_most;
};

static struct run *run;

static int start_server(void **state)
{
	(void)state;
	http_server_start(&server);
	return 0;
}

static int stop_server(void **state)
{
	(void)state;
	http_server_stop(&server);
	return 0;
}

static int open_run(void **state)
{
	struct io_failure failure;
	const char *error = NULL;
	struct arena arena;

	arena_init(&arena);
	run = calloc(1, sizeof(*run));
	run->arena = arena;
	run->loop = loop_open(&clock_system, &run->arena, &failure);
	assert_non_null(run->loop);
	run->driver = module_open("http", &run->arena, &error);
	assert_non_null(run->driver);
	run->http = run->driver->open(run->loop, &run->arena);
	*state = run;
	return 0;
}

static int close_run(void **state)
{
	arena_done(&run->arena);
	free(*state);
	return 0;
}

static void done(void *data, const struct http_result *result)
{
	struct run *own = data;

	assert_null(own->result);
	own->result = result;
	loop_quit(own->loop);
}

static bool received(void *data, struct text bytes)
{
	struct run *own = data;

	own->received += bytes.len;
	return own->received <= own->receive_at_most;
}

static const char *url(const char *base, const char *path)
{
	return arena_format(&run->arena, "%s%s", base, path);
}

/* A GET that the tests change where they need to. */
static struct http_call get(const char *path)
{
	return (struct http_call){ .method = "GET",
				   .url = url(server.http, path),
				   .timeout = 10 * NS_PER_S,
				   .max_body = 1 << 20,
				   .done = done,
				   .data = run };
}

static const struct http_result *send_call(struct http_call *call)
{
	run->result = NULL;
	run->driver->send(run->http, call, &run->arena);
	assert_null(run->result);
	loop_run(run->loop);
	assert_null(call->own);
	return run->result;
}

static const struct http_result *send_get(const char *path)
{
	struct http_call call = get(path);

	return send_call(&call);
}

static void assert_text(struct text text, const char *expected)
{
	assert_string_equal(arena_copy(&run->arena, text.ptr, text.len), expected);
}

static const char *header(const struct http_result *result, const char *name)
{
	for (size_t i = 0; i < result->header_count; i++) {
		if (text_is(result->headers[i].name, name))
			return arena_copy(&run->arena, result->headers[i].value.ptr,
					  result->headers[i].value.len);
	}
	return NULL;
}

static void assert_fails(const struct http_result *result, enum io_class class, const char *words)
{
	if (result->failure.class != class || !strstr(result->failure.message, words))
		fail_msg("%s: '%s'", io_class_name(result->failure.class), result->failure.message);
}

static void counts(int *connections, int *requests)
{
	const struct http_result *result = send_get("/count");
	const char *text = arena_copy(&run->arena, result->body.ptr, result->body.len);

	assert_int_equal(sscanf(text, "%d %d", connections, requests), 2);
}

/* ---- answers ---- */

static void test_an_answer(void **state)
{
	const struct http_result *result = send_get("/ok");

	(void)state;
	assert_int_equal(result->failure.class, IO_NONE);
	assert_int_equal(result->code, 200);
	assert_string_equal(result->reason, "OK");
	assert_string_equal(header(result, "content-length"), "5");
	assert_text(result->body, "hello");
	assert_false(result->body_is_longer);
	assert_true(result->sent);
	assert_int_equal(result->phase, HTTP_RECEIVE);
	assert_string_equal(url("http://", result->peer), server.http);
	assert_string_equal(result->url, url(server.http, "/ok"));
	assert_true(result->elapsed > 0 && result->elapsed < 10 * NS_PER_S);
	assert_null(result->certificate);
}

static void test_an_error_is_an_answer(void **state)
{
	const struct http_result *result = send_get("/missing");

	(void)state;
	assert_int_equal(result->failure.class, IO_NONE);
	assert_int_equal(result->code, 404);
	assert_string_equal(result->reason, "Not Found");
	assert_text(result->body, "no such thing");
}

static void test_headers_are_lower_case_and_joined(void **state)
{
	const struct http_result *result = send_get("/repeated");

	(void)state;
	assert_string_equal(header(result, "x-one"), "a, b");
	assert_string_equal(header(result, "x-folded"), "first second");
	assert_string_equal(header(result, "x-empty"), "");
}

static void test_interim_answers_are_skipped(void **state)
{
	const struct http_result *result = send_get("/early");

	(void)state;
	assert_int_equal(result->code, 200);
	assert_null(header(result, "x-early"));
	assert_text(result->body, "late");
}

static void test_what_is_sent(void **state)
{
	const struct http_header headers[] = { { TEXT("Content-Type"), TEXT("application/json") },
					       { TEXT("X-Empty"), TEXT("") } };
	struct http_call call = get("/echo");
	const struct http_result *result;

	(void)state;
	call.method = "PATCH";
	call.headers = headers;
	call.header_count = 2;
	call.body = TEXT("{}\0{}");
	result = send_call(&call);
	assert_memory_equal(result->body.ptr, "PATCH /echo\nHost: 127.0.0.1:", 27);
	assert_memory_equal(result->body.ptr + result->body.len - 6, "\n{}\0{}", 6);
	assert_text(text_slice(result->body, text_find(result->body, TEXT("User-Agent"), 0),
			       result->body.len - 6),
		    "User-Agent: runbook\nAccept: */*\nContent-Type: application/json\n"
		    "X-Empty:\nContent-Length: 5\n");
}

static void test_nothing_is_added_to_an_empty_post(void **state)
{
	struct http_call call = get("/echo");
	const struct http_result *result;

	(void)state;
	call.method = "POST";
	result = send_call(&call);
	assert_int_not_equal(text_find(result->body, TEXT("Content-Length: 0\n"), 0), SIZE_MAX);
	assert_int_equal(text_find(result->body, TEXT("Content-Type"), 0), SIZE_MAX);
	assert_int_equal(text_find(result->body, TEXT("Expect"), 0), SIZE_MAX);
	assert_int_equal(text_find(result->body, TEXT("Accept-Encoding"), 0), SIZE_MAX);
}

static void test_head_has_no_body(void **state)
{
	struct http_call call = get("/ok");
	const struct http_result *result;

	(void)state;
	call.method = "HEAD";
	result = send_call(&call);
	assert_int_equal(result->failure.class, IO_NONE);
	assert_string_equal(header(result, "content-length"), "5");
	assert_int_equal(result->body.len, 0);
}

static void test_a_thousand_requests_over_one_connection(void **state)
{
	int connections, requests, connections_after, requests_after;

	(void)state;
	counts(&connections, &requests);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(send_get("/ok")->code, 200);
	counts(&connections_after, &requests_after);
	assert_int_equal(connections_after, connections);
	assert_int_equal(requests_after, requests + 1000);
}

static void test_a_socket(void **state)
{
	struct http_call call = get("/ok");
	const struct http_result *result;

	(void)state;
	call.url = "http://anything/ok";
	call.unix_socket = server.unix_socket;
	result = send_call(&call);
	assert_int_equal(result->code, 200);
	assert_string_equal(result->peer, server.unix_socket);
}

/* ---- bodies ---- */

static void test_a_long_body_is_cut(void **state)
{
	struct http_call call = get("/big");
	const struct http_result *result;

	(void)state;
	call.max_body = 1000;
	result = send_call(&call);
	assert_int_equal(result->failure.class, IO_NONE);
	assert_int_equal(result->code, 200);
	assert_int_equal(result->body.len, 1000);
	assert_true(result->body_is_longer);
}

static void test_an_endless_body_is_cut(void **state)
{
	const struct http_result *result = send_get("/endless");

	(void)state;
	assert_int_equal(result->failure.class, IO_NONE);
	assert_int_equal(result->body.len, 1 << 20);
	assert_true(result->body_is_longer);
}

static void test_a_body_of_the_limit_is_whole(void **state)
{
	struct http_call call = get("/ok");
	const struct http_result *result;

	(void)state;
	call.max_body = 5;
	result = send_call(&call);
	assert_text(result->body, "hello");
	assert_false(result->body_is_longer);
}

static void test_a_receiver_hears_all(void **state)
{
	struct http_call call = get("/big");
	const struct http_result *result;

	(void)state;
	call.max_body = 10;
	call.received = received;
	run->receive_at_most = SIZE_MAX;
	result = send_call(&call);
	assert_int_equal(result->failure.class, IO_NONE);
	assert_int_equal(run->received, 2000000);
	assert_int_equal(result->body.len, 10);
	assert_true(result->body_is_longer);
}

static void test_a_receiver_may_stop(void **state)
{
	struct http_call call = get("/endless");

	(void)state;
	call.received = received;
	run->receive_at_most = 5000;
	assert_fails(send_call(&call), IO_CANCELLED, "wanted no more");
}

static void test_a_bomb_is_not_unpacked(void **state)
{
	const struct http_result *result = send_get("/bomb");

	(void)state;
	assert_string_equal(header(result, "content-encoding"), "gzip");
	assert_in_range(result->body.len, 100, 10000);
	assert_memory_equal(result->body.ptr, "\x1f\x8b", 2);
}

/* ---- redirects ---- */

static void test_a_redirect_is_the_answer(void **state)
{
	const struct http_result *result = send_get("/once");

	(void)state;
	assert_int_equal(result->code, 302);
	assert_string_equal(header(result, "location"), "/ok");
	assert_text(result->body, "moved");
}

static const struct http_result *follow(const char *method, const char *path, int redirects)
{
	struct http_call call = get(path);

	call.method = method;
	call.follow_redirects = redirects;
	if (strcmp(method, "POST") == 0)
		call.body = TEXT("a body");
	return send_call(&call);
}

static void test_a_redirect_is_followed(void **state)
{
	const struct http_result *result = follow("GET", "/once", 1);

	(void)state;
	assert_int_equal(result->code, 200);
	assert_text(result->body, "hello");
	assert_int_equal(result->redirects, 1);
	assert_string_equal(result->url, url(server.http, "/ok"));
}

static void test_the_method_after_a_redirect(void **state)
{
	const struct http_result *result = follow("POST", "/other-method", 1);

	(void)state;
	assert_memory_equal(result->body.ptr, "GET /echo\n", 10);
	assert_int_equal(text_find(result->body, TEXT("a body"), 0), SIZE_MAX);
	result = follow("POST", "/same-method", 1);
	assert_memory_equal(result->body.ptr, "POST /echo\n", 11);
	assert_int_not_equal(text_find(result->body, TEXT("a body"), 0), SIZE_MAX);
}

static void test_a_redirect_loop_ends(void **state)
{
	int connections, requests, after;

	(void)state;
	counts(&connections, &requests);
	assert_fails(follow("GET", "/loop", 100), IO_HTTP, "more than 5 redirects");
	counts(&connections, &after);
	assert_int_equal(after, requests + 6);
}

static void test_redirects_that_are_refused(void **state)
{
	static const char *const cases[][2] = {
		{ "/to-file", "its scheme 'file' is not http or https" },
		{ "/to-metadata", "another host" },
		{ "/to-other-host", "another host" },
		{ "/to-other-port", "another port" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct http_result *result = follow("GET", cases[i][0], 5);

		assert_fails(result, IO_REFUSED, cases[i][1]);
		assert_int_equal(result->code, 302);
	}
}

static void test_a_redirect_out_of_https_is_refused(void **state)
{
	struct http_call call = get("");

	(void)state;
	call.url = url(server.https, "/to-http");
	call.ca = server.ca;
	call.follow_redirects = 1;
	assert_fails(send_call(&call), IO_REFUSED, "from https to http");
}

static void test_an_endless_body_of_a_redirect(void **state)
{
	const struct http_result *result = follow("GET", "/endless-redirect", 1);

	(void)state;
	assert_int_equal(result->failure.class, IO_NONE);
	assert_text(result->body, "hello");
}

/* ---- what is refused before it is sent ---- */

static void test_urls_that_are_refused(void **state)
{
	static const char *const urls[] = {
		"file:///etc/passwd",  "ftp://127.0.0.1/x",
		"gopher://127.0.0.1/", "http://u:p@127.0.0.1/",
		"http://u@127.0.0.1/", "http://h/\r\nX: 1",
		"127.0.0.1/ok",        "",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct http_call call = get("");
		const struct http_result *result;

		call.url = urls[i];
		result = send_call(&call);
		assert_int_equal(result->failure.class, IO_REFUSED);
		assert_false(result->sent);
	}
}

static void assert_header_refused(struct text name, struct text value, const char *words)
{
	const struct http_header headers[] = { { name, value } };
	struct http_call call = get("/ok");

	call.headers = headers;
	call.header_count = 1;
	assert_fails(send_call(&call), IO_REFUSED, words);
}

static void test_headers_that_are_refused(void **state)
{
	(void)state;
	assert_header_refused(TEXT("X-A"), TEXT("a\r\nX-B: b"), "'X-A' holds a control byte");
	assert_header_refused(TEXT("X-A"), TEXT("a\nb"), "control byte");
	assert_header_refused(TEXT("X-A"), TEXT("a\0b"), "control byte");
	assert_header_refused(TEXT("X-A"), TEXT("\x7f"), "control byte");
	assert_header_refused(TEXT("X:A"), TEXT("a"), "not a token");
	assert_header_refused(TEXT("X A"), TEXT("a"), "not a token");
	assert_header_refused(TEXT("X\0A"), TEXT("a"), "not a token");
	assert_header_refused(TEXT(""), TEXT("a"), "not a token");
	assert_header_refused(TEXT("Content-Length"), TEXT("1"), "belongs to the connection");
	assert_header_refused(TEXT("transfer-encoding"), TEXT("x"), "belongs to the connection");
}

static void test_methods_and_proxies_that_are_refused(void **state)
{
	struct http_call call = get("/ok");

	(void)state;
	call.method = "GET /other HTTP/1.1\r\nX: 1";
	assert_fails(send_call(&call), IO_REFUSED, "method");
	call = get("/ok");
	call.proxy = "ftp://127.0.0.1:1";
	assert_fails(send_call(&call), IO_REFUSED, "proxy");
}

static void test_addresses_of_the_link_are_refused(void **state)
{
	static const char *const urls[] = {
		"http://169.254.169.254/latest/meta-data",
		"http://[fe80::1]/",
		"http://[fd00:ec2::254]/",
		"http://[::ffff:169.254.169.254]/",
		"http://[64:ff9b::a9fe:a9fe]/",
		"http://0xa9fea9fe/",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		struct http_call call = get("");
		const struct http_result *result;

		call.url = urls[i];
		result = send_call(&call);
		assert_fails(result, IO_REFUSED, "of the link or of a metadata service");
		assert_false(result->sent);
	}
}

static void test_the_environment_is_not_used(void **state)
{
	char *const hostile[] = { (char[]){ "http_proxy=http://127.0.0.1:1" },
				  (char[]){ "ALL_PROXY=http://127.0.0.1:1" }, NULL };
	char **before = environ;
	const struct http_result *result;

	(void)state;
	environ = (char **)(uintptr_t)hostile;
	result = send_get("/ok");
	environ = before;
	assert_int_equal(result->code, 200);
}

/* ---- failures ---- */

static void test_a_refused_connection(void **state)
{
	struct http_call call = get("");
	const struct http_result *result;

	(void)state;
	call.url = "http://127.0.0.1:1/";
	result = send_call(&call);
	assert_fails(result, IO_CONNECT, "Connection refused");
	assert_string_equal(result->failure.code, "ECONNREFUSED");
	assert_int_equal(result->phase, HTTP_CONNECT);
	assert_false(result->sent);
	assert_int_equal(result->code, 0);
}

static void test_an_unknown_host(void **state)
{
	struct http_call call = get("");
	const struct http_result *result;

	(void)state;
	call.url = "http://no-such-host.invalid/";
	result = send_call(&call);
	assert_fails(result, IO_DNS, "no-such-host.invalid");
	assert_int_equal(result->phase, HTTP_RESOLVE);
	assert_false(result->sent);
}

static void test_a_proxy_that_is_not_there(void **state)
{
	struct http_call call = get("/ok");

	(void)state;
	call.proxy = "http://127.0.0.1:1";
	assert_fails(send_call(&call), IO_CONNECT, "Connection refused");
}

static void assert_times_out(const char *path, enum http_phase phase)
{
	struct http_call call = get(path);
	const struct http_result *result;

	call.timeout = 200 * NS_PER_MS;
	result = send_call(&call);
	assert_fails(result, IO_TIMEOUT, "no whole answer within 0.2s");
	assert_int_equal(result->phase, phase);
	assert_true(result->sent);
	assert_in_range(result->elapsed, 200 * NS_PER_MS, 2 * NS_PER_S);
}

static void test_timeouts(void **state)
{
	(void)state;
	assert_times_out("/hang", HTTP_WAIT);
	assert_times_out("/slow-headers", HTTP_RECEIVE);
}

static void test_a_timeout_of_an_endless_body(void **state)
{
	struct http_call call = get("/endless");
	const struct http_result *result;

	(void)state;
	call.timeout = 200 * NS_PER_MS;
	call.received = received;
	run->receive_at_most = SIZE_MAX;
	result = send_call(&call);
	assert_fails(result, IO_TIMEOUT, "no whole answer");
	assert_int_equal(result->code, 200);
}

static void test_floods_of_headers(void **state)
{
	(void)state;
	assert_fails(send_get("/header-flood"), IO_RESOURCE, "longer than 64 KiB");
	assert_fails(send_get("/interim-flood"), IO_RESOURCE, "longer than 64 KiB");
}

static void test_broken_answers(void **state)
{
	static const struct {
		const char *path;
		enum io_class class;
	} cases[] = {
		{ "/short", IO_HTTP },        { "/garbage", IO_HTTP },
		{ "/bad-chunk", IO_CONNECT }, { "/silent-close", IO_CONNECT },
		{ "/reset", IO_CONNECT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct http_result *result = send_get(cases[i].path);

		if (result->failure.class != cases[i].class)
			fail_msg("%s: %s '%s'", cases[i].path, io_class_name(result->failure.class),
				 result->failure.message);
		assert_true(result->sent);
	}
}

static void test_a_post_is_never_sent_twice(void **state)
{
	int connections, before, after;
	struct http_call call = get("/ok");
	const struct http_result *result;

	(void)state;
	assert_int_equal(send_get("/last")->code, 200);
	call.method = "POST";
	call.body = TEXT("once");
	result = send_call(&call);
	assert_fails(result, IO_CONNECT, "closed after the request was sent");
	assert_true(result->sent);
	counts(&connections, &before);
	assert_int_equal(send_get("/last")->code, 200);
	assert_int_equal(send_get("/ok")->code, 200);
	counts(&connections, &after);
	/* The GET was: it is safe. */
	assert_int_equal(after, before + 3);
}

/* ---- TLS ---- */

static void test_tls(void **state)
{
	struct http_call call = get("");

	(void)state;
	call.url = url(server.https, "/ok");
	call.ca = server.ca;
	/* The second goes over the connection of the first. */
	for (int i = 0; i < 2; i++) {
		const struct http_result *result = send_call(&call);

		assert_int_equal(result->failure.class, IO_NONE);
		assert_non_null(result->certificate);
		assert_string_equal(result->certificate->subject,
				    "O = Tests of runbook, CN = localhost");
		assert_string_equal(result->certificate->issuer,
				    "O = Tests of runbook, CN = localhost");
		assert_in_range(result->certificate->expires,
				clock_wall(&clock_system) / NS_PER_S + 29 * 86400,
				clock_wall(&clock_system) / NS_PER_S + 31 * 86400);
	}
}

static void test_an_unknown_authority(void **state)
{
	struct http_call call = get("");
	const struct http_result *result;

	(void)state;
	call.url = url(server.https, "/ok");
	result = send_call(&call);
	assert_fails(result, IO_TLS, "self-signed certificate");
	assert_int_equal(result->phase, HTTP_TLS);
	assert_false(result->sent);
}

static void test_a_certificate_of_another_name(void **state)
{
	struct http_call call = get("");

	(void)state;
	call.url = arena_format(&run->arena, "https://127.0.0.1%s/ok", strrchr(server.https, ':'));
	call.ca = server.ca;
	assert_fails(send_call(&call), IO_TLS, "127.0.0.1");
}

static void test_https_to_a_server_without(void **state)
{
	struct http_call call = get("");

	(void)state;
	call.url = arena_format(&run->arena, "https%s/ok", server.http + 4);
	assert_fails(send_call(&call), IO_TLS, "SSL");
}

static void test_an_authority_file_that_is_not_there(void **state)
{
	struct http_call call = get("");

	(void)state;
	call.url = url(server.https, "/ok");
	call.ca = "/no/such/file";
	assert_fails(send_call(&call), IO_TLS, "/no/such/file");
}

/* ---- ending early ---- */

static void cancel(void *data)
{
	struct run *own = data;

	own->driver->cancel(own->to_cancel);
	own->driver->cancel(own->to_cancel);
}

static const struct http_result *send_and_cancel(struct http_call *call, int64_t after)
{
	run->to_cancel = call;
	run->timer = (struct timer){ .fire = cancel, .data = run };
	timer_start(&run->timer, run->loop, after);
	return send_call(call);
}

static void test_cancelling(void **state)
{
	struct http_call call = get("/hang");
	const struct http_result *result = send_and_cancel(&call, 100 * NS_PER_MS);

	(void)state;
	assert_fails(result, IO_CANCELLED, "cancelled");
	assert_true(result->sent);
	assert_int_equal(result->phase, HTTP_WAIT);
	assert_int_equal(send_get("/ok")->code, 200);
	/* It has ended: nothing happens. */
	run->driver->cancel(&call);
}

static void test_cancelling_at_once(void **state)
{
	struct http_call call = get("/ok");

	(void)state;
	run->result = NULL;
	run->driver->send(run->http, &call, &run->arena);
	run->driver->cancel(&call);
	assert_null(run->result);
	loop_run(run->loop);
	assert_fails(run->result, IO_CANCELLED, "cancelled");
	assert_false(run->result->sent);
}

static void never(void *data, const struct http_result *result)
{
	(void)data;
	(void)result;
	fail_msg("called after its arena was reset");
}

static void test_resetting_the_arena(void **state)
{
	struct arena attempt;
	struct http_call call = get("/hang");

	(void)state;
	arena_init(&attempt);
	call.done = never;
	call.timeout = 200 * NS_PER_MS;
	run->driver->send(run->http, &call, &attempt);
	assert_int_equal(send_get("/ok")->code, 200);
	arena_done(&attempt);
	assert_times_out("/hang", HTTP_WAIT);
}

static void test_closing_with_a_request_on_its_way(void **state)
{
	struct http_call call = get("/hang");

	(void)state;
	call.done = never;
	run->driver->send(run->http, &call, &run->arena);
	assert_int_equal(send_get("/ok")->code, 200);
	/* close_run resets the arena of both. */
}

static void test_names_of_phases(void **state)
{
	(void)state;
	assert_string_equal(http_phase_name(HTTP_RESOLVE), "resolve");
	assert_string_equal(http_phase_name(HTTP_RECEIVE), "receive");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_an_answer),
		TEST(test_an_error_is_an_answer),
		TEST(test_headers_are_lower_case_and_joined),
		TEST(test_interim_answers_are_skipped),
		TEST(test_what_is_sent),
		TEST(test_nothing_is_added_to_an_empty_post),
		TEST(test_head_has_no_body),
		TEST(test_a_thousand_requests_over_one_connection),
		TEST(test_a_socket),
		TEST(test_a_long_body_is_cut),
		TEST(test_an_endless_body_is_cut),
		TEST(test_a_body_of_the_limit_is_whole),
		TEST(test_a_receiver_hears_all),
		TEST(test_a_receiver_may_stop),
		TEST(test_a_bomb_is_not_unpacked),
		TEST(test_a_redirect_is_the_answer),
		TEST(test_a_redirect_is_followed),
		TEST(test_the_method_after_a_redirect),
		TEST(test_a_redirect_loop_ends),
		TEST(test_redirects_that_are_refused),
		TEST(test_a_redirect_out_of_https_is_refused),
		TEST(test_an_endless_body_of_a_redirect),
		TEST(test_urls_that_are_refused),
		TEST(test_headers_that_are_refused),
		TEST(test_methods_and_proxies_that_are_refused),
		TEST(test_addresses_of_the_link_are_refused),
		TEST(test_the_environment_is_not_used),
		TEST(test_a_refused_connection),
		TEST(test_an_unknown_host),
		TEST(test_a_proxy_that_is_not_there),
		TEST(test_timeouts),
		TEST(test_a_timeout_of_an_endless_body),
		TEST(test_floods_of_headers),
		TEST(test_broken_answers),
		TEST(test_a_post_is_never_sent_twice),
		TEST(test_tls),
		TEST(test_an_unknown_authority),
		TEST(test_a_certificate_of_another_name),
		TEST(test_https_to_a_server_without),
		TEST(test_an_authority_file_that_is_not_there),
		TEST(test_cancelling),
		TEST(test_cancelling_at_once),
		TEST(test_resetting_the_arena),
		TEST(test_closing_with_a_request_on_its_way),
		TEST(test_names_of_phases),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
