/* Connection strings: whatever a value holds, libpq's own parser finds it as one part. */
#include "support.h"

#include <libpq-fe.h>

static const char *string_of(struct bench *bench, const char *document)
{
	struct text string;
	if (!bench_read(bench, PLACE_CONNECTION, document))
		return bench_complaint(bench);
	if (!place_string(bench->text, &bench->scope, &bench->arena, &string, NULL,
			  &bench->failure))
		return arena_format(&bench->arena, "%s: %s", bench->failure.class,
				    bench->failure.message);
	return string.ptr;
}

/* What libpq reads, as "keyword=[value] ..." in its own order; or its complaint. */
static const char *read_by_libpq(struct bench *bench, const char *connection)
{
	struct buffer out;
	char *error = NULL;
	PQconninfoOption *options = PQconninfoParse(connection, &error);
	buffer_init(&out, &bench->arena);
	if (!options) {
		buffer_puts(&out, error);
		PQfreemem(error);
		return buffer_string(&out);
	}
	for (const PQconninfoOption *option = options; option->keyword; option++)
		if (option->val)
			buffer_printf(&out, "%s%s=[%s]", out.len ? " " : "", option->keyword,
				      option->val);
	PQconninfoFree(options);
	return buffer_string(&out);
}

#define assert_read(document, expected) \
	assert_string_equal(read_by_libpq(&bench, string_of(&bench, document)), expected)

/* Each tries to become another part. */
static const char *const hostile[] = {
	"",
	" ",
	"a b",
	"x host=evil",
	"x' host='evil",
	"\\",
	"\\'",
	"x\\' host=evil",
	"x@evil/other?host=evil&user=a#b",
	"%68%6f",
	"a\n\tb",
	"\xc3\xa9",
	"'",
	"''",
	":",
	"postgresql://evil/",
	"dbname=other",
};

static void a_value_is_one_part_to_libpq(void **state)
{
	static const struct {
		const char *document, *before, *after;
	} rows[] = {
		{ "x: host=h password=${{ data }} dbname=d", "password=[",
		  "] dbname=[d] host=[h]" },
		{ "x: host=h password = ${{ data }} dbname=d", "password=[",
		  "] dbname=[d] host=[h]" },
		{ "x: host=h password='${{ data }}' dbname=d", "password=[",
		  "] dbname=[d] host=[h]" },
		{ "x: host=h dbname=a${{ data }}'b\\ c", "dbname=[a", "'b c] host=[h]" },
		{ "x: host=h dbname='a\\'${{ data }} b'", "dbname=[a'", " b] host=[h]" },
		{ "x: postgresql://u:p${{ data }}@h/d", "user=[u] password=[p",
		  "] dbname=[d] host=[h]" },
		{ "x: postgres://u@h/d${{ data }}", "user=[u] dbname=[d", "] host=[h]" },
		{ "x: postgresql://u${{ data }}@h:1/d?sslmode=require", "user=[u",
		  "] dbname=[d] host=[h] port=[1] sslmode=[require]" },
		{ "x: postgresql://h/d?application_name=a${{ data }}&sslmode=require",
		  "dbname=[d] host=[h] application_name=[a", "] sslmode=[require]" },
	};
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t k = 0; k < sizeof(hostile) / sizeof(*hostile); k++) {
			bench_data(&bench, DATA, hostile[k]);
			assert_read(rows[i].document,
				    arena_format(&bench.arena, "%s%s%s", rows[i].before, hostile[k],
						 rows[i].after));
		}
	bench_done(&bench);
}

static void what_is_written_stays(void **state)
{
	static const char *const rows[] = { "host=h dbname = 'a b' user=c\\ d",
					    "postgresql://a:b@h,i:1/d?options=y", "sqlite:a b.db",
					    "sslrootcert=system", "password='it\\'s' host=h" };
	struct bench bench;
	(void)state;
	bench_init(&bench);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(string_of(&bench, arena_format(&bench.arena, "x: %s", rows[i])),
				    rows[i]);
	bench_done(&bench);
}

static void a_path_and_a_whole_are_taken_as_they_are(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "a b'%\\c.db");
	assert_string_equal(string_of(&bench, "x: sqlite:/tmp/${{ data }}"),
			    "sqlite:/tmp/a b'%\\c.db");
	bench_data(&bench, DATA, "host=h dbname=d");
	assert_string_equal(string_of(&bench, "x: ${{ data }}"), "host=h dbname=d");
	assert_string_equal(string_of(&bench, "x: ${{ secret }}"), "hunter22");
	assert_string_equal(string_of(&bench, "x: port=${{ number }}"), "port='8080'");
	bench.values[ANY] = value_null();
	assert_string_equal(string_of(&bench, "x: host=${{ any }}"),
			    "refused: 'any' is null, which cannot stand in a connection string");
	bench_done(&bench);
}

static void refuses_what_cannot_be_one_part(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_CONNECTION, "x: ${{ data }}=a", "RB0624 1:4");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host=h ${{ data }}", "RB0624 1:11");
	assert_complaint(&bench, PLACE_CONNECTION, "x: ${{ data }}${{ data }}", "RB0624 1:4");
	assert_complaint(&bench, PLACE_CONNECTION, "x: postgresql://h/d?${{ data }}",
			 "RB0624 1:21");
	assert_complaint(&bench, PLACE_CONNECTION, "x: postgresql://h/d?a=b&a${{ data }}=c",
			 "RB0624 1:26");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host=${{ list }}", "RB0604 1:9");
	assert_complaint(&bench, PLACE_CONNECTION, "x: ${{ number }}", "RB0604 1:4");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host", "RB0625 1:4");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host=a b c=d", "RB0625 1:11");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host='a", "RB0625 1:9");
	assert_complaint(&bench, PLACE_CONNECTION, "x: host='a\\'", "RB0625 1:9");
	bench_done(&bench);
}

/* What libpq knows, check knows too. */
static void every_option_of_libpq_is_known(void **state)
{
	PQconninfoOption *options = PQconndefaults();
	struct bench bench;
	(void)state;
	assert_non_null(options);
	for (const PQconninfoOption *option = options; option->keyword; option++) {
		bench_init(&bench);
		bench_read(&bench, PLACE_CONNECTION,
			   arena_format(&bench.arena, "x: host=h %s=''", option->keyword));
		if (bench.diags.first && bench.diags.first->code == RB0626)
			fail_msg("%s", option->keyword);
		bench_done(&bench);
	}
	PQconninfoFree(options);
}

static void a_composed_text_is_no_connection(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	type_object_add(bench.names, TEXT("loose"), &type_composed, (struct span){ 0 },
			&bench.arena);
	assert_complaint(&bench, PLACE_CONNECTION, "x: ${{ loose }}", "RB0624 1:4");
	assert_true(bench_hints(&bench, "let the var begin with postgresql://"));
	bench_done(&bench);
}

/* Nothing of who connects is told, however it is written. */
static void what_is_told_is_where_it_leads(void **state)
{
	static const struct {
		const char *document, *shown;
	} rows[] = {
		{ "x: postgresql://u:hunter22@h:1/d?password=hunter22", "postgresql://h:1/d" },
		{ "x: postgresql://u:hunter22%3Fa%40b%2Fc@h/d", "postgresql://h/d" },
		{ "x: postgres://u:${{ secret }}@h/d", "postgres://h/d" },
		{ "x: postgresql://h/${{ data }}", "postgresql://h/value" },
		{ "x: host=h user=u password=hunter22 dbname=d", "host=h dbname=d" },
		{ "x: host='a b' password='hunter22 host=x' dbname = d", "host='a b' dbname=d" },
		{ "x: host=h password = host=hunter22", "host=h" },
		{ "x: host=h password='a\\' dbname=hunter22'", "host=h" },
		{ "x: user=u password=hunter22", "" },
		{ "x: sqlite:a b.db", "sqlite:a b.db" },
		{ "x: ${{ secret }}", "(secret)" },
	};
	struct bench bench;
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buffer out;
		bench_init(&bench);
		assert_true(bench_read(&bench, PLACE_CONNECTION, rows[i].document));
		buffer_init(&out, &bench.arena);
		place_show_connection(&out, bench.text, &bench.scope, &bench.arena);
		assert_string_equal(buffer_string(&out), rows[i].shown);
		bench_done(&bench);
	}
}

/* A value that is all of a connection may hold what a written one may not. */
static void an_ambiguous_password_is_not_told(void **state)
{
	struct bench bench;
	struct buffer out;
	(void)state;
	bench_init(&bench);
	bench_data(&bench, DATA, "postgresql://u:hunter22?a@b/c@h/d");
	assert_true(bench_read(&bench, PLACE_CONNECTION, "x: ${{ data }}"));
	buffer_init(&out, &bench.arena);
	place_show_connection(&out, bench.text, &bench.scope, &bench.arena);
	assert_string_equal(buffer_string(&out), "postgresql://h/d");
	bench_done(&bench);
}

/* A scheme that no driver knows is refused where it is written, and where a value brings it. */
static void a_scheme_that_no_driver_knows(void **state)
{
	struct bench bench;
	(void)state;
	bench_init(&bench);
	assert_complaint(&bench, PLACE_CONNECTION, "x: mysql://h/d?a=b", "RB0625 1:4");
	bench_done(&bench);
	bench_init(&bench);
	bench.values[DATA] = value_mark(value_cstring("mysql://h/d"), VALUE_OUTSIDE);
	assert_string_equal(string_of(&bench, "x: ${{ data }}"),
			    "refused: no driver knows the scheme 'mysql'");
	bench.values[SECRET] = value_mark(value_cstring("hunter22://h"), VALUE_SECRET);
	assert_string_equal(string_of(&bench, "x: ${{ secret }}"),
			    "refused: no driver knows the scheme of the connection");
	bench_done(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_one_part_to_libpq),
		cmocka_unit_test(what_is_written_stays),
		cmocka_unit_test(a_path_and_a_whole_are_taken_as_they_are),
		cmocka_unit_test(refuses_what_cannot_be_one_part),
		cmocka_unit_test(every_option_of_libpq_is_known),
		cmocka_unit_test(a_composed_text_is_no_connection),
		cmocka_unit_test(what_is_told_is_where_it_leads),
		cmocka_unit_test(an_ambiguous_password_is_not_told),
		cmocka_unit_test(a_scheme_that_no_driver_knows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
