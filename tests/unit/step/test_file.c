/* file and write: what is on this machine's disk. */
#include "support.h"

#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

static void file_tells_what_is_there(void **state)
{
	struct host *host = *state;
	host_put(host, "a", TEXT("hello"));
	assert_succeeds(host, "file: a");
	assert_string_equal(host_output(host, "exists"), "true");
	assert_string_equal(host_output(host, "kind"), "\"file\"");
	assert_string_equal(host_output(host, "size"), "5");
	assert_string_equal(host_output(host, "mode"), "\"0644\"");
	assert_string_equal(host_output(host, "sha256"), "\"" HELLO "\"");
	assert_string_equal(host_output(host, "content"), "\"hello\"");
	assert_string_equal(host_output(host, "lines"), "[\"hello\"]");
	assert_string_equal(host_output(host, "json"),
			    "error: 'json' is not JSON at byte 1: a value was expected");
	host_put(host, "j", TEXT("{\"a\": [1]}\n"));
	assert_succeeds(host, "file: j");
	assert_string_equal(host_output(host, "json"), "{\"a\":[1]}");
}

static void what_is_absent_is_an_answer(void **state)
{
	struct host *host = *state;
	host_put(host, "a", TEXT(""));
	static const char *const paths[] = { "file: none", "file: a/below", "file: no/folder" };
	for (size_t i = 0; i < 3; i++) {
		assert_succeeds(host, paths[i]);
		assert_string_equal(host_output(host, "exists"), "false");
		assert_string_equal(host_output(host, "kind"), "\"\"");
		assert_non_null(strstr(host_output(host, "size"), "does not exist"));
		assert_non_null(strstr(host_output(host, "content"), "does not exist"));
	}
}

static void file_tells_kinds_apart(void **state)
{
	struct host *host = *state;
	assert_int_equal(mkdir(host_path(host, "d"), 0700), 0);
	assert_int_equal(mkfifo(host_path(host, "p"), 0600), 0);
	assert_int_equal(symlink("none", host_path(host, "dangling")), 0);
	assert_int_equal(symlink("d", host_path(host, "link")), 0);
	assert_succeeds(host, "file: d");
	assert_string_equal(host_output(host, "kind"), "\"folder\"");
	assert_string_equal(host_output(host, "mode"), "\"0700\"");
	assert_non_null(strstr(host_output(host, "content"), "error: cannot read "));
	assert_succeeds(host, "file: p");
	assert_string_equal(host_output(host, "kind"), "\"other\"");
	/* A pipe is not waited for. */
	assert_non_null(strstr(host_output(host, "sha256"), "error: cannot read "));
	assert_succeeds(host, "file: dangling");
	assert_string_equal(host_output(host, "kind"), "\"link\"");
	assert_succeeds(host, "file: link");
	assert_string_equal(host_output(host, "kind"), "\"folder\"");
}

static void content_over_the_limit_is_no_answer(void **state)
{
	struct host *host = *state;
	size_t size = (1u << 20) + 1;
	char *bytes = arena_alloc(&host->arena, size);
	memset(bytes, 'x', size);
	host_put(host, "big", (struct text){ bytes, size });
	assert_succeeds(host, "file: big");
	assert_string_equal(host_output(host, "content"),
			    "error: the file has 1048577 bytes; the limit is 1048576");
	assert_string_equal(host_output(host, "lines"),
			    "error: the file has 1048577 bytes; the limit is 1048576");
	assert_int_equal(strlen(host_output(host, "sha256")), 66);
	host_put(host, "big", (struct text){ bytes, size - 1 });
	struct value content;
	assert_succeeds(host, "file: big");
	assert_true(value_field(host->outputs, "content", &host->arena, &content));
	assert_int_equal(value_text(content).len, size - 1);
}

static void what_is_not_utf8_is_no_text(void **state)
{
	struct host *host = *state;
	host_put(host, "b", TEXT("ab\xff"));
	assert_succeeds(host, "file: b");
	assert_string_equal(host_output(host, "content"),
			    "error: 'content' is not UTF-8 at byte 3");
	assert_string_equal(host_output(host, "size"), "3");
}

static void write_writes_text(void **state)
{
	struct host *host = *state;
	struct stat status;
	assert_succeeds(host, "write: a\ncontent: hello");
	assert_string_equal(host_file(host, "a"), "hello");
	assert_string_equal(host_output(host, "changed"), "true");
	assert_string_equal(host_output(host, "sha256"), "\"" HELLO "\"");
	assert_int_equal(stat(host_path(host, "a"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
	assert_succeeds(host, "write: a\ncontent: hello");
	assert_string_equal(host_output(host, "changed"), "false");
	assert_string_equal(host_output(host, "sha256"), "\"" HELLO "\"");
	assert_succeeds(host, "write: a\ncontent: hello ${{ data }}");
	assert_string_equal(host_output(host, "changed"), "true");
	assert_string_equal(host_file(host, "a"), "hello a b");
	assert_succeeds(host, "write: a\ncontent: ''");
	assert_string_equal(host_file(host, "a"), "");
}

static void write_writes_json(void **state)
{
	struct host *host = *state;
	host->values[HOST_DATA] = value_mark(value_cstring("\"quoted\"\n"), VALUE_OUTSIDE);
	assert_succeeds(host, "write: a\njson: {text: '${{ data }}', n: 1, l: [true, null]}");
	assert_string_equal(host_file(host, "a"),
			    "{\"text\":\"\\\"quoted\\\"\\n\",\"n\":1,\"l\":[true,null]}\n");
}

static void write_gives_the_mode_that_is_said(void **state)
{
	struct host *host = *state;
	struct stat status;
	assert_succeeds(host, "write: s\ncontent: x\nmode: '0600'");
	assert_int_equal(stat(host_path(host, "s"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	/* Also where the content stands there already. */
	assert_succeeds(host, "write: s\ncontent: x\nmode: '755'");
	assert_int_equal(stat(host_path(host, "s"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0755);
	assert_string_equal(host_output(host, "changed"), "false");
}

static void what_cannot_be_written_says_why(void **state)
{
	struct host *host = *state;
	host_put(host, "a", TEXT("x"));
	assert_int_equal(mkdir(host_path(host, "d"), 0700), 0);
	assert_fails(host, "write: no/folder\ncontent: x",
		     arena_format(&host->arena,
				  "not_found RB0406: cannot write %s/no/folder: No such file or "
				  "directory",
				  host->folder));
	assert_fails(host, "write: a/b\ncontent: x",
		     arena_format(&host->arena,
				  "not_found RB0406: cannot write %s/a/b: Not a directory",
				  host->folder));
	assert_fails(host, "write: d\ncontent: x",
		     arena_format(&host->arena,
				  "resource RB0406: cannot write %s/d: Is a directory",
				  host->folder));
	assert_fails(host, "write: /proc/none\ncontent: x",
		     "not_found RB0406: cannot write /proc/none: No such file or directory");
}

static void a_mode_is_three_or_four_octal_digits(void **state)
{
	struct host *host = *state;
	static const char *const modes[] = { "888", "44", "00644", "u+x", "" };
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		assert_breaks_a_rule(
			host,
			arena_format(&host->arena, "write: a\ncontent: x\nmode: '%s'", modes[i]),
			arena_format(&host->arena, "'%s'", modes[i]), "mode");
	assert_non_null(host_read(host, "write: a\ncontent: x\nmode: '4755'"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(file_tells_what_is_there),
		HOST(what_is_absent_is_an_answer),
		HOST(file_tells_kinds_apart),
		HOST(content_over_the_limit_is_no_answer),
		HOST(what_is_not_utf8_is_no_text),
		HOST(write_writes_text),
		HOST(write_writes_json),
		HOST(write_gives_the_mode_that_is_said),
		HOST(what_cannot_be_written_says_why),
		HOST(a_mode_is_three_or_four_octal_digits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
