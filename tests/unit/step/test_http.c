/* http against a real server: the request that is sent, the answer, and what a refusal says. */
#include "support.h"

#include "unit/io/http_server.h"

static struct http_server server;

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

/* "http: METHOD URL" with the server's address for a '@', then more lines. */
static const char *request(struct host *host, const char *method, const char *path,
			   const char *more)
{
	return arena_format(&host->arena, "http: %s %s%s\n%s", method, server.http, path, more);
}

/* What /echo got: "METHOD TARGET", headers, an empty line, the body. */
static bool got(struct host *host, const char *text)
{
	struct value body;
	assert_string_equal(host_outcome(host), "");
	assert_true(value_field(host->outputs, "body", &host->arena, &body));
	assert_true(value_is(body, VALUE_STRING));
	return text_find(value_text(body), text_of(text), 0) != SIZE_MAX;
}

static void the_answer_is_in_the_outputs(void **state)
{
	struct host *host = *state;
	struct value value;
	assert_succeeds(host, request(host, "GET", "/ok", ""));
	assert_string_equal(host_output(host, "code"), "200");
	assert_string_equal(host_output(host, "body"), "\"hello\"");
	assert_string_equal(host_output(host, "url"),
			    arena_format(&host->arena, "\"%s/ok\"", server.http));
	assert_string_equal(host_output(host, "certificate"), "null");
	assert_string_equal(host_output(host, "sha256"),
			    "\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"");
	assert_string_equal(host_output(host, "headers"), "{\"content-length\":\"5\"}");
	assert_non_null(strstr(host_output(host, "json"), "error: 'body' is not JSON at byte 1"));
	assert_true(value_field(host->outputs, "elapsed", &host->arena, &value));
	assert_true(value_is(value, VALUE_DURATION) && value.integer > 0);
	assert_string_equal(buffer_string(&host->output[0]), "hello"); /* for the log */
	assert_succeeds(host, request(host, "GET", "/repeated", ""));
	assert_true(value_field(host->outputs, "headers", &host->arena, &value));
	assert_true(value_field(value, "x-one", &host->arena, &value));
	assert_string_equal(host_show(host, value), "\"a, b\"");
}

static void another_status_is_a_failure_with_its_body(void **state)
{
	struct host *host = *state;
	assert_fails(
		host, request(host, "GET", "/missing", ""),
		"http RB0409: unexpected HTTP status (expected 200-299, actual 404 Not Found)\n"
		"body: no such thing");
	assert_string_equal(host_output(host, "code"), "404");
	assert_succeeds(host, request(host, "GET", "/missing", "status: 404"));
	assert_succeeds(host, request(host, "GET", "/missing", "status: [200, 400-404]"));
	assert_fails(host, request(host, "GET", "/ok", "status: 404"),
		     "http RB0409: unexpected HTTP status (expected 404, actual 200 OK)\n"
		     "body: hello");
}

static void the_query_is_encoded(void **state)
{
	struct host *host = *state;
	host->values[HOST_DATA] = value_mark(value_cstring("a&b=c/d \xc3\xa9"), VALUE_OUTSIDE);
	assert_succeeds(host, request(host, "GET", "/echo", "query: {q: '${{ data }}', 'x y': z}"));
	assert_true(got(host, "GET /echo?q=a%26b%3Dc%2Fd%20%C3%A9&x%20y=z\n"));
	assert_succeeds(host, request(host, "GET", "/echo?a=1", "query: {b: 2}"));
	assert_true(got(host, "GET /echo?a=1&b=2\n"));
}

static void bodies_have_their_content_type(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, request(host, "POST", "/echo", "json: {a: '${{ data }}', n: 1}"));
	assert_true(got(host, "POST /echo\n"));
	assert_true(got(host, "Content-Type: application/json\n"));
	assert_true(got(host, "\n\n{\"a\":\"a b\",\"n\":1}"));
	assert_succeeds(host, request(host, "POST", "/echo", "form: {a: '${{ data }}', b: '&'}"));
	assert_true(got(host, "Content-Type: application/x-www-form-urlencoded\n"));
	assert_true(got(host, "\n\na=a%20b&b=%26"));
	assert_succeeds(host, request(host, "PUT", "/echo", "body: 'text ${{ data }}'"));
	assert_true(got(host, "PUT /echo\n"));
	assert_true(got(host, "\n\ntext a b"));
	assert_succeeds(host, request(host, "POST", "/echo", "body: ''"));
	assert_true(got(host, "Content-Length: 0\n"));
}

static void a_file_can_be_sent(void **state)
{
	struct host *host = *state;
	host_put(host, "up", TEXT("from a file"));
	assert_succeeds(host, request(host, "PUT", "/echo", "upload: up"));
	assert_true(got(host, "\n\nfrom a file"));
	assert_fails(
		host, request(host, "PUT", "/echo", "upload: none"),
		arena_format(&host->arena,
			     "not_found RB0406: cannot read %s/none: No such file or directory",
			     host->folder));
	assert_fails(host, request(host, "PUT", "/echo", "upload: ."),
		     arena_format(&host->arena, "resource RB0406: cannot read %s/.: Is a directory",
				  host->folder));
}

static void headers_of_the_author_win(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, request(host, "POST", "/echo",
				      "json: 1\nheaders: {content-type: text/x-own, X-A: '${{ data "
				      "}}'}"));
	assert_true(got(host, "content-type: text/x-own\n"));
	assert_true(got(host, "X-A: a b\n"));
	assert_false(got(host, "application/json"));
}

static void credentials_become_a_header(void **state)
{
	struct host *host = *state;
	static const char *const rows[][2] = {
		{ "auth: {bearer: abc}", "Authorization: Bearer abc\n" },
		{ "auth: {user: Aladdin, password: 'open sesame'}",
		  "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n" },
		{ "auth: {user: a, password: b}", "Authorization: Basic YTpi\n" },
		{ "auth: {user: ab, password: c}", "Authorization: Basic YWI6Yw==\n" },
		{ "auth: {user: abc}", "Authorization: Basic YWJjOg==\n" },
		{ "auth: {user: ab}", "Authorization: Basic YWI6\n" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_succeeds(host, request(host, "GET", "/echo", rows[i][0]));
		assert_true(got(host, rows[i][1]));
	}
	assert_succeeds(host, request(host, "GET", "/echo", ""));
	assert_false(got(host, "Authorization"));
}

static void a_method_can_stand_by_itself(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, arena_format(&host->arena, "http: {url: '%s/echo', method: DELETE}",
					   server.http));
	assert_true(got(host, "DELETE /echo\n"));
	assert_succeeds(host, arena_format(&host->arena, "http: %s/echo", server.http));
	assert_true(got(host, "GET /echo\n"));
}

static void redirects_are_followed_only_if_allowed(void **state)
{
	struct host *host = *state;
	host_run(host, request(host, "GET", "/once", ""));
	assert_string_equal(host->outcome.actual, "302 Found");
	assert_succeeds(host, request(host, "GET", "/once", "follow_redirects: 1"));
	assert_string_equal(host_output(host, "body"), "\"hello\"");
	assert_string_equal(host_output(host, "url"),
			    arena_format(&host->arena, "\"%s/ok\"", server.http));
}

static void a_body_can_be_saved_whole_or_not_at_all(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, request(host, "GET", "/ok", "save: saved"));
	assert_string_equal(host_file(host, "saved"), "hello");
	assert_fails(host, request(host, "GET", "/big", "save: big"),
		     arena_format(&host->arena,
				  "resource RB0406: the body is longer than max_body; nothing was "
				  "written to %s/big",
				  host->folder));
	assert_string_equal(host_file(host, "big"), "No such file or directory");
	assert_succeeds(host, request(host, "GET", "/big", "save: big\nmax_body: 2MiB"));
	assert_int_equal(strlen(host_file(host, "big")), 2000000);
	host_run(host, request(host, "GET", "/missing", "save: missing"));
	assert_string_equal(host_file(host, "missing"), "No such file or directory");
	host_run(host, request(host, "GET", "/ok", "save: no/folder"));
	assert_string_equal(host->outcome.class, "resource");
}

static void a_body_over_the_limit_is_no_answer(void **state)
{
	struct host *host = *state;
	static const char *const over =
		"error: 'body' is longer than the limit of 4 bytes; it is in the log only";
	assert_succeeds(host, request(host, "GET", "/ok", "max_body: 4"));
	assert_string_equal(host_output(host, "body"), over);
	assert_string_equal(host_output(host, "json"), over);
	assert_string_equal(host_output(host, "sha256"), over);
	assert_string_equal(host_output(host, "code"), "200");
}

static void a_socket_of_this_machine_can_be_asked(void **state)
{
	struct host *host = *state;
	assert_succeeds(host,
			arena_format(&host->arena, "http: http://localhost/ok\nunix_socket: %s",
				     server.unix_socket));
	assert_string_equal(host_output(host, "body"), "\"hello\"");
}

static void a_proxy_is_asked_instead_of_the_host(void **state)
{
	struct host *host = *state;
	assert_succeeds(host, arena_format(&host->arena,
					   "http: http://name.invalid/x\nproxy: %s\nstatus: 404",
					   server.http));
	host_run(host, "http: http://name.invalid/x\nproxy: http://127.0.0.1:1");
	assert_string_equal(host->outcome.class, "connect");
}

static void our_certificate_must_be_there(void **state)
{
	struct host *host = *state;
	host_run(host,
		 arena_format(&host->arena, "http: %s/ok\nca: %s\ncert: none.pem\nkey: none.key",
			      server.https, server.ca));
	assert_int_equal(host->outcome.status, OUTCOME_FAILED);
	assert_non_null(strstr(host->outcome.message, "none.pem"));
}

static void a_server_is_known_by_its_certificate(void **state)
{
	struct host *host = *state;
	struct value certificate, subject;
	assert_succeeds(host,
			arena_format(&host->arena, "http: %s/ok\nca: %s", server.https, server.ca));
	assert_true(value_field(host->outputs, "certificate", &host->arena, &certificate));
	assert_true(value_field(certificate, "subject", &host->arena, &subject));
	assert_true(value_is(subject, VALUE_STRING));
	host_run(host, arena_format(&host->arena, "http: %s/ok", server.https));
	assert_string_equal(host->outcome.class, "tls");
	assert_int_equal(host->outcome.code, RB0408);
	assert_string_equal(host->outcome.lines->label, "phase");
}

static void what_cannot_be_reached_says_why(void **state)
{
	struct host *host = *state;
	host_run(host, "http: http://127.0.0.1:1/");
	assert_string_equal(host->outcome.class, "connect");
	assert_int_equal(host->outcome.code, RB0408);
	assert_true(value_is(host->outputs, VALUE_NULL));
	assert_string_equal(host->outcome.lines->label, "phase");
	assert_memory_equal(host->outcome.lines->text, "connect, after ", 15);
}

static void a_request_that_may_have_acted_is_lost_without_an_answer(void **state)
{
	struct host *host = *state;
	host_run(host, request(host, "POST", "/silent-close", "body: x"));
	assert_int_equal(host->outcome.status, OUTCOME_LOST);
	assert_memory_equal(host->outcome.message, "the request was sent and not answered: ", 39);
	/* Of a GET too: whether that matters is a question of the step's effect, the engine's. */
	host_run(host, request(host, "GET", "/silent-close", ""));
	assert_int_equal(host->outcome.status, OUTCOME_LOST);
	assert_string_equal(host->outcome.class, "connect");
}

static void a_request_can_be_cancelled(void **state)
{
	struct host *host = *state;
	host_start(host, request(host, "GET", "/hang", ""));
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_succeeds(host, request(host, "GET", "/ok", ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(the_answer_is_in_the_outputs),
		HOST(another_status_is_a_failure_with_its_body),
		HOST(the_query_is_encoded),
		HOST(bodies_have_their_content_type),
		HOST(a_file_can_be_sent),
		HOST(headers_of_the_author_win),
		HOST(credentials_become_a_header),
		HOST(a_method_can_stand_by_itself),
		HOST(redirects_are_followed_only_if_allowed),
		HOST(a_body_can_be_saved_whole_or_not_at_all),
		HOST(a_body_over_the_limit_is_no_answer),
		HOST(a_socket_of_this_machine_can_be_asked),
		HOST(a_proxy_is_asked_instead_of_the_host),
		HOST(our_certificate_must_be_there),
		HOST(a_server_is_known_by_its_certificate),
		HOST(what_cannot_be_reached_says_why),
		HOST(a_request_that_may_have_acted_is_lost_without_an_answer),
		HOST(a_request_can_be_cancelled),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
