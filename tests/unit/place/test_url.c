/* URLs, requests and headers: parsed as written, values encoded for their part. */
#include "support.h"

static const char *const methods[] = { "GET", "HEAD", "POST", "DELETE", NULL };

static const char *string_of(struct bench *bench, enum place_language language,
			     const char *document)
{
	struct text string;
	if (!bench_read(bench, language, document))
		return bench_complaint(bench);
	if (!place_string(bench->text, &bench->scope, &bench->arena, &string, NULL,
			  &bench->failure))
		return arena_format(&bench->arena, "%s: %s", bench->failure.class,
				    bench->failure.message);
	return string.ptr;
}

#define assert_url(document, expected) \
	assert_string_equal(string_of(&bench, PLACE_URL, document), expected)

static void keeps_written_urls(void **state)
{
	static const struct {
		const char *document, *url;
	} rows[] = {
		{ "x: http://h", "http://h" },
		{ "x: https://a.b-c_d:65535/e/f?g=h&i=%20#j",
		  "https://a.b-c_d:65535/e/f?g=h&i=%20#j" },
		{ "x: http://[::1]:8080/a", "http://[::1]:8080/a" },
		{ "x: HTTP://127.0.0.1?a", "HTTP://127.0.0.1?a" },
		{ "x: http://h/\xc3\xa9?\xe2\x82\xac", "http://h/%C3%A9?%E2%82%AC" },
		{ "x: http://h/a:b@c;d=e,(f)", "http://h/a:b@c;d=e,(f)" },
		{ "x: http://h/a/../b", "http://h/a/../b" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_url(rows[i].document, rows[i].url);
	bench_done(&bench);
}

static void encodes_values_for_their_part(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "a/b?c=d&e#f@g \\%\xc3\xa9\r\n+~-._");
	const char *encoded = "a%2Fb%3Fc%3Dd%26e%23f%40g%20%5C%25%C3%A9%0D%0A%2B~-._";
	assert_url("x: http://h/${{ data }}/x",
		   arena_format(&bench.arena, "http://h/%s/x", encoded));
	assert_url("x: http://h/a${{ data }}b?q=${{ data }}&r=${{ number }}#${{ data }}",
		   arena_format(&bench.arena, "http://h/a%sb?q=%s&r=8080#%s", encoded, encoded,
				encoded));
	assert_url("x: http://h?${{ data }}", arena_format(&bench.arena, "http://h?%s", encoded));
	assert_url("x: http://h:${{ number }}/a", "http://h:8080/a");
	assert_url("x: http://[::1]:${{ number }}", "http://[::1]:8080");
	bench_data(&bench, DATA, "");
	assert_url("x: http://h/a${{ data }}?b=${{ data }}", "http://h/a?b=");
	bench_done(&bench);
}

static void begins_with_a_value_of_type_url(void **state)
{
	static const struct {
		const char *base, *document, *url;
	} rows[] = {
		{ "http://h:1/api", "x: ${{ url }}/health", "http://h:1/api/health" },
		{ "http://h:1/api/", "x: ${{ url }}/health", "http://h:1/api/health" },
		{ "https://h", "x: ${{ url }}?a=${{ data }}", "https://h?a=value" },
		{ "https://h", "x: ${{ url }}", "https://h" },
		{ "https://h/a?b=c", "x: ${{ url }}", "https://h/a?b=c" },
		{ "https://h/a?b=c", "x: ${{ url }}/d",
		  "refused: the value has a query already; nothing can be appended to it" },
		{ "https://h/a#b", "x: ${{ url }}?d",
		  "refused: the value has a query already; nothing can be appended to it" },
		{ "file:///etc/passwd", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: the scheme of a URL must be http "
		  "or https" },
		{ "http://u:p@h", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: a URL cannot hold a user or a "
		  "password" },
		{ "http://h\r\nX: y", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: control character U+000D in "
		  "URL" },
		{ "http://h\\@evil", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: '\\' cannot stand in a URL" },
		{ "", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: the scheme of a URL must be http "
		  "or https" },
		{ "http://h:99999", "x: ${{ url }}/a",
		  "refused: the value is not a URL to begin with: a port is a number from 1 to "
		  "65535" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bench_data(&bench, URL_NAME, rows[i].base);
		assert_url(rows[i].document, rows[i].url);
	}
	bench_done(&bench);
}

static void knows_a_url_through_the_fields_of_names(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	struct type *inputs = type_object("input", true, &bench.arena);
	type_object_add(inputs, TEXT("api"), &type_url, (struct span){ 0 }, &bench.arena);
	type_object_add(inputs, TEXT("name"), &type_string, (struct span){ 0 }, &bench.arena);
	struct type *names = type_object("name", true, &bench.arena);
	type_object_add(names, TEXT("inputs"), inputs, (struct span){ 0 }, &bench.arena);
	bench.expr.names = names;
	assert_complaint(&bench, PLACE_URL, "x: ${{ inputs.api }}/a", "");
	assert_complaint(&bench, PLACE_URL, "x: ${{ inputs.name }}/a", "RB0632 1:4");
	assert_complaint(&bench, PLACE_URL, "x: ${{ inputs.api + '/b' }}/a", "RB0632 1:4");
	assert_complaint(&bench, PLACE_URL, "x: \"${{ true ? inputs.name : inputs.api }}/a\"",
			 "RB0632 1:5");
	bench_done(&bench);
}

static void refuses_what_is_no_url(void **state)
{
	static const struct {
		const char *document, *complaint, *hint;
	} rows[] = {
		{ "x: htp://h", "RB0630 1:4", "did you mean 'http'?" },
		{ "x: file:///etc/passwd", "RB0630 1:4", NULL },
		{ "x: ftp://h", "RB0630 1:4", NULL },
		{ "x: gopher://h", "RB0630 1:4", NULL },
		{ "x: /health", "RB0630 1:4", "whole URL" },
		{ "x: localhost:8080/health", "RB0630 1:4", "whole URL" },
		{ "x: http:/h", "RB0630 1:4", "whole URL" },
		{ "x: \"http://h/\\r\\nX: 1\"", "RB0631 1:14", NULL },
		{ "x: \"http://h/\\x7f\"", "RB0631 1:14", NULL },
		{ "x: http://h/a b", "RB0631 1:14", "%20" },
		{ "x: http://h\\@e", "RB0631 1:12", "%5C" },
		{ "x: http://h/<a>", "RB0631 1:13", "%3C" },
		{ "x: http://h/%2", "RB0631 1:13", "%25" },
		{ "x: http://h/%zz", "RB0631 1:13", "%25" },
		{ "x: http:///a", "RB0631 1:10", NULL },
		{ "x: http://:80", "RB0631 1:10", NULL },
		{ "x: http://h:0", "RB0631 1:12", NULL },
		{ "x: http://h:65536", "RB0631 1:12", NULL },
		{ "x: http://h:8a", "RB0631 1:12", NULL },
		{ "x: http://h:/a", "RB0631 1:12", NULL },
		{ "x: http://h:80${{ number }}", "RB0631 1:12", NULL },
		{ "x: http://h\xc3\xa9/", "RB0631 1:12", "xn--" },
		{ "x: http://a,b/", "RB0631 1:12", "xn--" },
		{ "x: http://u:p@h/", "RB0633 1:11", "auth:" },
		{ "x: http://${{ data }}@h/", "RB0633 1:11", "auth:" },
		{ "x: http://${{ data }}/", "RB0632 1:11", "type: url" },
		{ "x: http://a.${{ data }}/", "RB0632 1:13", "type: url" },
		{ "x: http://${{ url }}/", "RB0632 1:11", "type: url" },
		{ "x: ${{ data }}://h/", "RB0634 1:15", NULL },
		{ "x: h${{ data }}://h/", "RB0632 1:4", NULL },
		{ "x: ${{ data }}/a", "RB0632 1:4", "type: url" },
		{ "x: ${{ any }}/a", "RB0632 1:4", "type: url" },
		{ "x: ${{ url }}a", "RB0634 1:14", "path" },
		{ "x: ${{ url }}:80", "RB0634 1:14", "path" },
		{ "x: ${{ url }}${{ data }}", "RB0634 1:14", NULL },
		{ "x: http://h:${{ data }}/", "RB0604 1:13", "int(x)" },
		{ "x: http://h/${{ list }}", "RB0604 1:13", NULL },
		{ "x: http://h/${{ none }}", "RB0604 1:13", NULL },
		{ "x: http://h/${{ secret }}", "RB0605 1:13", "header" },
		{ "x: http://h/#${{ secret }}", "RB0605 1:14", "header" },
		{ "x: ''", "RB0608 1:4", NULL },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_complaint(&bench, PLACE_URL, rows[i].document, rows[i].complaint);
		if (rows[i].hint)
			assert_true(bench_hints(&bench, rows[i].hint));
	}
	bench_done(&bench);
}

static void refuses_values_that_lead_elsewhere(void **state)
{
	static const struct {
		const char *value, *document, *result;
	} rows[] = {
		{ "..", "x: http://h/a/${{ data }}/b",
		  "refused: '..' in a path of a URL means another folder" },
		{ ".", "x: http://h/a/${{ data }}",
		  "refused: '.' in a path of a URL means another folder" },
		{ ".", "x: http://h/a/.${{ data }}?b",
		  "refused: '..' in a path of a URL means another folder" },
		{ ".", "x: http://h/a/%2e${{ data }}#b",
		  "refused: '%2e.' in a path of a URL means another folder" },
		{ "", "x: http://h/a/${{ data }}",
		  "refused: an empty value would make another path of the URL" },
		{ "", "x: http://h/a/${{ data }}/b",
		  "refused: an empty value would make another path of the URL" },
		{ "...", "x: http://h/a/${{ data }}", "http://h/a/..." },
		{ "..", "x: http://h/a/${{ data }}x?y=${{ data }}", "http://h/a/..x?y=.." },
		{ "", "x: http://h/a?${{ data }}", "http://h/a?" },
		{ "..", "x: ${{ url }}/${{ data }}",
		  "refused: '..' in a path of a URL means another folder" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bench_data(&bench, DATA, rows[i].value);
		assert_url(rows[i].document, rows[i].result);
	}
	bench.values[NUMBER] = value_int(0);
	assert_url("x: http://h:${{ number }}/", "refused: a port is a number from 1 to 65535");
	bench.values[ANY] = value_uint(65536);
	assert_url("x: http://h:${{ any }}/", "refused: a port is a number from 1 to 65535");
	bench_data(&bench, ANY, "80");
	assert_url("x: http://h:${{ any }}/",
		   "refused: 'any' is string, which cannot stand in the port of a URL");
	bench.values[ANY] = bench.values[SECRET];
	assert_url("x: http://h/${{ any }}",
		   "refused: 'any' holds a secret, which cannot stand in the path of a URL");
	bench.values[DATA] = value_string((struct text){ "a\0b", 3 });
	assert_url("x: http://h/${{ data }}",
		   "refused: 'data' holds a NUL byte, which cannot stand in the path of a URL");
	bench_done(&bench);
}

static void reads_requests(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench.options.methods = methods;
	assert_string_equal(string_of(&bench, PLACE_REQUEST, "x: POST  http://h/${{ data }}"),
			    "http://h/value");
	assert_string_equal(place_method(bench.text), "POST");
	assert_string_equal(string_of(&bench, PLACE_REQUEST, "x: GET ${{ url }}/a"),
			    "http://h:1/api/a");
	assert_string_equal(place_method(bench.text), "GET");
	assert_string_equal(string_of(&bench, PLACE_REQUEST, "x: ${{ url }}/a"),
			    "http://h:1/api/a");
	assert_null(place_method(bench.text));
	assert_complaint(&bench, PLACE_REQUEST, "x: GETT http://h", "RB0635 1:4");
	assert_true(bench_hints(&bench, "did you mean 'GET'?"));
	assert_true(bench_hints(&bench, "GET, HEAD, POST, DELETE"));
	assert_complaint(&bench, PLACE_REQUEST, "x: get http://h", "RB0635 1:4");
	assert_true(bench_hints(&bench, "did you mean 'GET'?"));
	assert_complaint(&bench, PLACE_REQUEST, "x: PUT http://h", "RB0635 1:4");
	assert_complaint(&bench, PLACE_REQUEST, "x: 'GET '", "RB0608 1:4");
	assert_complaint(&bench, PLACE_REQUEST, "x: GET", "RB0630 1:4");
	assert_complaint(&bench, PLACE_REQUEST, "x: GET htp://h", "RB0630 1:8");
	bench.options.methods = NULL;
	assert_complaint(&bench, PLACE_REQUEST, "x: PUT http://h", "");
	struct buffer out;
	bench_read(&bench, PLACE_REQUEST, "x: GET http://h/${{ data }}?a=${{ secret }}");
	buffer_init(&out, &bench.arena);
	place_show(&out, bench.text, &bench.scope, &bench.arena);
	assert_string_equal(buffer_string(&out), "GET http://h/value?a=(secret)");
	bench_done(&bench);
}

static void tells_secrets(void **state)
{
	struct bench bench;
	struct text string;
	bool secret = false;
	(void)state;
	bench_init(&bench);
	bench_read(&bench, PLACE_URL, "x: http://h/?a=${{ secret }}");
	assert_true(place_string(bench.text, &bench.scope, &bench.arena, &string, &secret,
				 &bench.failure));
	assert_true(secret);
	bench_read(&bench, PLACE_URL, "x: http://h/?a=${{ data }}");
	assert_true(place_string(bench.text, &bench.scope, &bench.arena, &string, &secret,
				 &bench.failure));
	assert_false(secret);
	bench_read(&bench, PLACE_HEADER, "x: Bearer ${{ secret }}");
	assert_true(place_string(bench.text, &bench.scope, &bench.arena, &string, &secret,
				 &bench.failure));
	assert_true(secret);
	bench_done(&bench);
}

static void keeps_headers_on_one_line(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_string_equal(
		string_of(&bench, PLACE_HEADER, "x: a ${{ data }}; b=\"${{ number }}\""),
		"a value; b=\"8080\"");
	assert_complaint(&bench, PLACE_HEADER, "x: \"a\\r\\nB: c\"", "RB0640 1:6");
	assert_complaint(&bench, PLACE_HEADER, "x: \"a\\tb\"", "RB0640 1:6");
	assert_complaint(&bench, PLACE_HEADER, "x: |\n  a\n", "RB0640 2:4");
	assert_complaint(&bench, PLACE_HEADER, "x: a ${{ list }}", "RB0604 1:6");
	static const char *const bad[] = { "a\r\nB: c", "a\n", "\x01", "a\x7f" };
	static const unsigned points[] = { 13, 10, 1, 127 };
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		bench_data(&bench, DATA, bad[i]);
		assert_string_equal(string_of(&bench, PLACE_HEADER, "x: a ${{ data }}"),
				    arena_format(&bench.arena,
						 "refused: the value holds the control character "
						 "U+%04X, which cannot stand in a header",
						 points[i]));
	}
	bench_done(&bench);
}

static void encodes_components(void **state)
{
	struct arena arena;
	struct buffer out;
	(void)state;
	arena_init(&arena);
	buffer_init(&out, &arena);
	place_encode_component(&out, (struct text){ "aZ09-._~ /\0\xff", 12 });
	assert_string_equal(buffer_string(&out), "aZ09-._~%20%2F%00%FF");
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_written_urls),
		cmocka_unit_test(encodes_values_for_their_part),
		cmocka_unit_test(begins_with_a_value_of_type_url),
		cmocka_unit_test(knows_a_url_through_the_fields_of_names),
		cmocka_unit_test(refuses_what_is_no_url),
		cmocka_unit_test(refuses_values_that_lead_elsewhere),
		cmocka_unit_test(reads_requests),
		cmocka_unit_test(tells_secrets),
		cmocka_unit_test(keeps_headers_on_one_line),
		cmocka_unit_test(encodes_components),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
