#include <stdio.h>

#include "fixture.h"

static const char secret[] = "p@ss w/rd'\"\\$x\xc3\xa9=+1\n2";

static const char *masked(struct fixture *fixture, const char *text)
{
	struct text out = mask_text(fixture->mask, text_of(text), &fixture->arena);

	return arena_text(&fixture->arena, out).ptr;
}

static void a_secret_is_replaced_wherever_it_stands(void **state)
{
	struct fixture *fixture = *state;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	assert_string_equal(masked(fixture, "hunter2hunter2"), "***");
	assert_string_equal(masked(fixture, "a hunter2hunter2 b"), "a *** b");
	assert_string_equal(masked(fixture, "hunter2hunter2hunter2"), "***"); /* overlapping */
	assert_string_equal(masked(fixture, "hunter2hunter3"), "hunter2hunter3");
	assert_string_equal(masked(fixture, "hunter2hunter2x hunter2hunter2"), "***x ***");
	assert_string_equal(masked(fixture, ""), "");
}

static void a_text_without_secrets_stays_the_same_text(void **state)
{
	struct fixture *fixture = *state;
	struct text text = TEXT("nothing to see");

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	assert_ptr_equal(mask_text(fixture->mask, text, &fixture->arena).ptr, text.ptr);
	assert_ptr_equal(mask_text(NULL, text, &fixture->arena).ptr, text.ptr);
}

static void short_secrets_are_refused(void **state)
{
	struct fixture *fixture = *state;

	assert_false(mask_add(fixture->mask, TEXT("1234567")));
	assert_string_equal(masked(fixture, "1234567"), "1234567");
	assert_false(mask_add(fixture->mask, TEXT("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"))); /* four */
	assert_true(mask_add(fixture->mask, TEXT("12345678")));
	assert_string_equal(masked(fixture, "12345678"), "***");
}

static void several_secrets_are_found_together(void **state)
{
	struct fixture *fixture = *state;

	assert_true(mask_add(fixture->mask, TEXT("abcdefghij")));
	assert_true(mask_add(fixture->mask, TEXT("bcdefghi")));   /* within the first */
	assert_true(mask_add(fixture->mask, TEXT("ghijklmnop"))); /* overlaps its end */
	assert_string_equal(masked(fixture, "xabcdefghijx"), "x***x");
	assert_string_equal(masked(fixture, "abcdefghi"), "a***");
	assert_string_equal(masked(fixture, "abcdefghijklmnop!"), "***!");
}

/* A message may quote a password alone, as it was written or decoded. */
static void the_password_of_a_connection_is_a_secret(void **state)
{
	static const struct {
		const char *secret, *password;
	} rows[] = {
		{ "postgresql://me:hunter2hunter2@db/shop", "hunter2hunter2" },
		{ "postgresql://me:hunter%402%2Fhunter@db/shop", "hunter@2/hunter" },
		{ "postgresql://me:hunter%402%2Fhunter@db/shop", "hunter%402%2Fhunter" },
		{ "postgresql://me:hunter@2hunter@db/shop", "hunter@2hunter" },
		{ "postgresql://db/shop?user=me&password=hunter%2Bhunter&sslmode=require",
		  "hunter+hunter" },
		{ "https://me:hunter2hunter2@example.org/shop.git", "hunter2hunter2" },
		{ "host=db password=hunter2hunter2 dbname=shop", "hunter2hunter2" },
		{ "host=db password = 'hunter\\' 2hunter' dbname=shop", "hunter' 2hunter" },
		{ "sslpassword=hunter\\ 2hunter host=db", "hunter 2hunter" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		fixture->mask = mask_new(&fixture->arena);
		assert_true(mask_add(fixture->mask, text_of(rows[i].secret)));
		assert_string_equal(masked(fixture, arena_format(&fixture->arena, "bad '%s'",
								 rows[i].password)),
				    "bad '***'");
		assert_string_equal(masked(fixture, rows[i].secret), "***");
		/* Who connects, and where to, is no secret by itself. */
		assert_string_equal(masked(fixture, "me db shop example.org require"),
				    "me db shop example.org require");
	}
}

static void a_text_that_is_no_secret_may_hold_a_password(void **state)
{
	struct fixture *fixture = *state;

	mask_add_passwords(fixture->mask, TEXT("postgresql://me:hunter2hunter2@nowhere/shop"));
	mask_add_passwords(fixture->mask, TEXT("hello you, there"));
	assert_string_equal(masked(fixture, "postgresql://me:hunter2hunter2@nowhere/shop"),
			    "postgresql://me:***@nowhere/shop");
	assert_string_equal(masked(fixture, "hello you, there"), "hello you, there");
}

static void what_is_no_password_is_no_secret_by_itself(void **state)
{
	static const char *const secrets[] = {
		"postgresql://somebody@database/shop?application_name=releases",
		"host=database user=somebody",
		"password",
		"passwordpassword=",
		"https://:@",
		"://",
		"postgresql://database:5432/shop@somebody",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
		mask_add(fixture->mask, text_of(secrets[i]));
	assert_string_equal(masked(fixture, "somebody database releases"),
			    "somebody database releases");
}

/* What real encoders made of the secret (Python's base64, json, urllib.parse, shlex; bash's printf
 * %q). */
static void every_form_is_found(void **state)
{
	static const struct {
		const char *text;
		const char *shown;
	} forms[] = {
		{ "p@ss w/rd'\"\\$x\xc3\xa9=+1\n2", "***" },
		{ "7040737320772f7264"
		  "27225c2478c3a93d2b310a32",
		  "***" },
		{ "7040737320772F7264"
		  "27225C2478C3A93D2B310A32",
		  "***" },
		{ "p%40ss%20w%2Frd%27%22%5C%24x%C3%A9%3D%2B1%0A2", "***" },
		{ "p%40ss%20w%2frd%27%22%5c%24x%c3%a9%3d%2b1%0a2", "***" },
		{ "p%40ss%20w/rd%27%22%5C%24x%C3%A9%3D%2B1%0A2", "***" },
		{ "p%40ss+w%2Frd%27%22%5C%24x%C3%A9%3D%2B1%0A2", "***" },
		{ "p%40ss%20w%2Frd'%22%5C%24x%C3%A9%3D%2B1%0A2", "***" },
		{ "\"p@ss w/rd'\\\"\\\\$x\xc3\xa9=+1\\n2\"", "\"***\"" },
		{ "\"p@ss w/rd'\\\"\\\\$x\\u00e9=+1\\n2\"", "\"***\"" },
		{ "\"p@ss w\\/rd'\\\"\\\\$x\\u00e9=+1\\n2\"", "\"***\"" },
		{ "\"p@ss w\\/rd'\\\"\\\\$x\\u00E9=+1\\n2\"", "\"***\"" },
		{ "'p@ss w/rd'\\''\"\\$x\xc3\xa9=+1\n2'", "'***'" },
		{ "'p@ss w/rd'\"'\"'\"\\$x\xc3\xa9=+1\n2'", "'***'" },
		{ "\"p@ss w/rd'\\\"\\\\\\$x\xc3\xa9=+1\n2\"", "\"***\"" },
		{ "p@ss\\ w/rd\\'\\\"\\\\\\$x\xc3\xa9=+1\n2", "***" },
	};
	struct fixture *fixture = *state;

	assert_true(mask_add(fixture->mask, text_of(secret)));
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		assert_string_equal(masked(fixture, forms[i].text), forms[i].shown);
}

static void base64(struct buffer *out, struct text bytes, bool url)
{
	const char *digits =
		url ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		    : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		unsigned char group[3] = { 0 };

		memcpy(group, bytes.ptr + i, bytes.len - i < 3 ? bytes.len - i : 3);
		buffer_putc(out, digits[group[0] >> 2]);
		buffer_putc(out, digits[(group[0] & 3) << 4 | group[1] >> 4]);
		buffer_putc(out,
			    i + 1 < bytes.len ? digits[(group[1] & 15) << 2 | group[2] >> 6] : '=');
		buffer_putc(out, i + 2 < bytes.len ? digits[group[2] & 63] : '=');
	}
}

/* In base64, a secret among other bytes leaves at most one digit at each side that it shares with
 * them. */
static void base64_is_found_at_every_offset(void **state)
{
	struct fixture *fixture = *state;

	assert_true(mask_add(fixture->mask, text_of(secret)));
	for (int url = 0; url < 2; url++) {
		for (size_t before = 0; before < 7; before++) {
			for (size_t after = 0; after < 4; after++) {
				struct buffer plain, coded;
				const char *shown;
				const char *stars;

				buffer_init(&plain, &fixture->arena);
				buffer_init(&coded, &fixture->arena);
				for (size_t i = 0; i < before; i++)
					buffer_putc(&plain, '\xfb');
				buffer_puts(&plain, secret);
				for (size_t i = 0; i < after; i++)
					buffer_putc(&plain, '\xff');
				base64(&coded, buffer_text(&plain), url);
				shown = masked(fixture, buffer_string(&coded));
				stars = strstr(shown, "***");
				assert_non_null(stars);
				assert_true((size_t)(stars - shown) <= (8 * before + 5) / 6);
				assert_true(strlen(stars + 3) <= (8 * after + 5) / 6 + 3);
			}
		}
	}
}

static void lines_of_a_secret_are_masked_alone(void **state)
{
	struct fixture *fixture = *state;

	assert_true(
		mask_add(fixture->mask, TEXT("-----BEGIN KEY-----\nMIIEvQIBADANBg\n  kqhkiG9w0BAQ"
					     "EFAASC\nshort\n")));
	assert_string_equal(masked(fixture, "key: MIIEvQIBADANBg, kqhkiG9w0BAQEFAASC."),
			    "key: ***, ***.");
	assert_string_equal(masked(fixture, "short"), "short");
}

/* ---- streams ------------------------------------------------------------------------------- */

static unsigned chance(unsigned below)
{
	static uint64_t seed = 42;

	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(seed >> 33) % below;
}

/* Pieces of secrets and their forms, so that false beginnings are frequent. */
static void add_something(struct buffer *text)
{
	static const char *const pieces[] = {
		"abracadabra", "abracad",  "abraabracadabra", "cadabrac",    "YWJyYWNhZGFicm",
		"6162726163",  "p%40ss",   "p@ss%20word",     "p@ss word 1", "x",
		"\n",          "p%40ss%2", "0word%201",       "bracadabr",   "cGFzcw",
	};

	buffer_puts(text, pieces[chance(sizeof(pieces) / sizeof(pieces[0]))]);
}

static void a_stream_gives_what_the_whole_gives(void **state)
{
	struct fixture *fixture = *state;
	size_t hidden = 0;

	assert_true(mask_add(fixture->mask, TEXT("abracadabra")));
	assert_true(mask_add(fixture->mask, TEXT("cadabraca")));
	assert_true(mask_add(fixture->mask, TEXT("p@ss word 1")));
	for (int round = 0; round < 2000; round++) {
		struct arena arena;
		struct buffer text, streamed;
		struct mask_stream *stream;
		struct text whole;

		arena_init(&arena);
		buffer_init(&text, &arena);
		buffer_init(&streamed, &arena);
		for (unsigned i = chance(20); i > 0; i--)
			add_something(&text);
		whole = mask_text(fixture->mask, buffer_text(&text), &arena);
		stream = mask_stream_new(fixture->mask, &arena);
		for (size_t from = 0; from < text.len;) {
			size_t to = from + 1 + chance(9);

			/* exactly as long as its chunk: a sanitizer sees what is read behind it */
			struct text chunk = arena_text(&arena,
						       text_slice(buffer_text(&text), from, to));

			buffer_add(&streamed, mask_feed(stream, chunk));
			from += chunk.len;
		}
		buffer_add(&streamed, mask_flush(stream));
		assert_true(text_equal(whole, buffer_text(&streamed)));
		hidden += !text_equal(whole, buffer_text(&text));
		arena_done(&arena);
	}
	assert_true(hidden > 500);
}

static void assert_fed(struct mask_stream *stream, const char *bytes, const char *given)
{
	struct text out = mask_feed(stream, text_of(bytes));

	assert_int_equal(out.len, strlen(given));
	assert_memory_equal(out.ptr ? out.ptr : "", given, out.len);
}

static void only_what_may_begin_a_secret_is_held_back(void **state)
{
	struct fixture *fixture = *state;
	struct mask_stream *stream;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	stream = mask_stream_new(fixture->mask, &fixture->arena);
	assert_fed(stream, "progress: 10%\n", "progress: 10%\n");
	assert_fed(stream, "hunt", "");
	assert_fed(stream, "ing\n", "hunting\n");
	assert_fed(stream, "hunter2", "");
	assert_fed(stream, "hunter2", "***");
	assert_fed(stream, "!hun", "!");
	assert_int_equal(mask_flush(stream).len, 3);
	assert_fed(stream, "ter2hunter2!", "ter2hunter2!"); /* flushed: a new stream */
}

static void a_stream_without_a_mask_gives_the_bytes(void **state)
{
	struct fixture *fixture = *state;
	struct mask_stream *stream = mask_stream_new(NULL, &fixture->arena);

	assert_fed(stream, "hunter2hunter2", "hunter2hunter2");
	assert_int_equal(mask_flush(stream).len, 0);
}

static void a_secret_that_is_learnt_later_is_masked_from_then_on(void **state)
{
	struct fixture *fixture = *state;
	struct mask_stream *stream = mask_stream_new(fixture->mask, &fixture->arena);

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	assert_fed(stream, "cor", "cor");
	assert_true(mask_add(fixture->mask, TEXT("correct horse")));
	assert_fed(stream, "correct horse", "***");
}

/* ---- values -------------------------------------------------------------------------------- */

static struct value list_of(struct fixture *fixture, struct value item)
{
	struct value *items = arena_new(&fixture->arena, struct value);

	*items = item;
	return value_list(items, 1, &fixture->arena);
}

static const char *json(struct fixture *fixture, struct value value)
{
	struct buffer out;

	buffer_init(&out, &fixture->arena);
	json_write(&out, value);
	return buffer_string(&out);
}

static void values_are_masked_deep(void **state)
{
	struct fixture *fixture = *state;
	struct value_map_builder builder;
	struct value text = value_cstring("x hunter2hunter2");
	struct value map;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	value_map_init(&builder, &fixture->arena);
	value_map_set(&builder, "hunter2hunter2", value_int(1));
	value_map_set(&builder, "list", list_of(fixture, list_of(fixture, text)));
	value_map_set(&builder, "held", value_optional(&text, &fixture->arena));
	value_map_set(&builder, "secret", value_mark(value_int(12), VALUE_SECRET));
	map = value_map_end(&builder);
	assert_string_equal(json(fixture, mask_value(fixture->mask, map, &fixture->arena)),
			    "{\"***\":1,\"list\":[[\"x ***\"]],\"held\":\"x ***\","
			    "\"secret\":\"***\"}");
	/* and nothing secret is left in it */
	assert_false(mask_value(fixture->mask, map, &fixture->arena).flags & VALUE_SECRET);
}

static void values_that_go_on_are_marked(void **state)
{
	struct fixture *fixture = *state;
	struct value marked;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	marked = mask_mark(fixture->mask, list_of(fixture, value_cstring("hunter2hunter2")),
			   &fixture->arena);
	assert_false(mask_has_taint(marked, VALUE_SECRET));
	assert_true(mask_has_taint(value_item(marked, 0), VALUE_SECRET));
	assert_string_equal(json(fixture, marked), "[\"hunter2hunter2\"]");
	marked = mask_mark(fixture->mask, value_bytes(TEXT("\xffhunter2hunter2")), &fixture->arena);
	assert_true(mask_has_taint(marked, VALUE_SECRET));
}

static void all_that_is_secret_in_a_value_is_registered(void **state)
{
	struct fixture *fixture = *state;
	struct value_map_builder builder;
	struct value secrets = value_mark(value_cstring("hunter2hunter2"), VALUE_SECRET);

	value_map_init(&builder, &fixture->arena);
	value_map_set(&builder, "password", list_of(fixture, secrets));
	value_map_set(&builder, "public", value_cstring("nothing to see"));
	value_map_set(&builder, "short", value_mark(value_cstring("short"), VALUE_SECRET));
	assert_true(mask_add_value(fixture->mask, value_map_end(&builder)));
	assert_string_equal(masked(fixture, "hunter2hunter2, nothing to see, password, short"),
			    "***, nothing to see, password, short");
	/* of what is secret as a whole the values, not their names */
	value_map_init(&builder, &fixture->arena);
	value_map_set(&builder, "username", value_cstring("correct horse"));
	assert_true(
		mask_add_value(fixture->mask, value_mark(value_map_end(&builder), VALUE_SECRET)));
	assert_string_equal(masked(fixture, "username correct horse"), "username ***");
}

static void there_is_a_limit_of_all_secrets_together(void **state)
{
	struct fixture *fixture = *state;
	size_t len = MASK_MAX / 2;
	char *bytes = arena_alloc(&fixture->arena, len);

	memset(bytes, 'a', len);
	assert_true(mask_add(fixture->mask, (struct text){ bytes, len }));
	assert_true(mask_add(fixture->mask, (struct text){ bytes, len })); /* the same one */
	bytes[0] = 'b';
	assert_true(mask_add(fixture->mask, (struct text){ bytes, len }));
	assert_false(mask_is_full(fixture->mask));
	assert_false(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	assert_true(mask_is_full(fixture->mask));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(a_secret_is_replaced_wherever_it_stands),
		fixture_test(a_text_without_secrets_stays_the_same_text),
		fixture_test(short_secrets_are_refused),
		fixture_test(the_password_of_a_connection_is_a_secret),
		fixture_test(a_text_that_is_no_secret_may_hold_a_password),
		fixture_test(what_is_no_password_is_no_secret_by_itself),
		fixture_test(several_secrets_are_found_together),
		fixture_test(every_form_is_found),
		fixture_test(base64_is_found_at_every_offset),
		fixture_test(lines_of_a_secret_are_masked_alone),
		fixture_test(a_stream_gives_what_the_whole_gives),
		fixture_test(only_what_may_begin_a_secret_is_held_back),
		fixture_test(a_stream_without_a_mask_gives_the_bytes),
		fixture_test(a_secret_that_is_learnt_later_is_masked_from_then_on),
		fixture_test(values_are_masked_deep),
		fixture_test(values_that_go_on_are_marked),
		fixture_test(all_that_is_secret_in_a_value_is_registered),
		fixture_test(there_is_a_limit_of_all_secrets_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
