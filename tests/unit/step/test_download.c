/* download against a real server: what becomes of the file, and that it can be ended at any time.
 * Signatures are in tests/e2e/test_download. */
#include "support.h"

#include <dirent.h>
#include <sys/xattr.h>

#include "unit/io/http_server.h"

#define HELLO "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
#define NONE "0000000000000000000000000000000000000000000000000000000000000000"

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

static const char *step(struct host *host, const char *path, const char *to, const char *more)
{
	return arena_format(&host->arena, "download: %s%s\nto: %s\n%s", server.http, path, to,
			    more);
}

static int files_in(struct host *host)
{
	int count = 0;
	DIR *folder = opendir(host->folder);
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.' || strlen(entry->d_name) > 2;
	closedir(folder);
	return count;
}

static void the_file_is_there_when_it_is_verified(void **state)
{
	struct host *host = *state;
	struct stat status;
	assert_succeeds(host, step(host, "/ok", "a", "sha256: " HELLO "\nmode: '0600'"));
	assert_string_equal(host_file(host, "a"), "hello");
	assert_int_equal(stat(host_path(host, "a"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_string_equal(host_output(host, "path"),
			    arena_format(&host->arena, "\"%s/a\"", host->folder));
	assert_string_equal(host_output(host, "sha256"), "\"" HELLO "\"");
	assert_string_equal(host_output(host, "size"), "5");
	assert_string_equal(host_output(host, "changed"), "true");
	assert_string_equal(host_output(host, "version"), "\"\"");
	assert_string_equal(host_output(host, "signer"), "\"\"");
	assert_string_equal(host_output(host, "comment"), "\"\"");
	assert_int_equal(files_in(host), 1);
}

/* /missing would be no file: it is not asked for. */
static void what_is_there_is_not_asked_for(void **state)
{
	struct host *host = *state;
	host_put(host, "a", TEXT("hello"));
	assert_succeeds(host, step(host, "/missing", "a", "sha256: " HELLO "\nversion: 1.2.3"));
	assert_string_equal(host_output(host, "changed"), "false");
	assert_string_equal(host_output(host, "version"), "\"1.2.3\"");
	assert_int_equal(getxattr(host_path(host, "a"), "user.runbook.version", NULL, 0), 5);
	/* Longer than what may be there. */
	assert_fails(host, step(host, "/missing", "a", "sha256: " HELLO "\nmax_size: 4"),
		     "http RB0409: unexpected HTTP status (expected 200, actual 404 Not Found)\n"
		     "body: no such thing");
}

static void what_is_refused_leaves_nothing(void **state)
{
	struct host *host = *state;
	host_put(host, "a", TEXT("old"));
	assert_fails(host, step(host, "/ok", "a", "sha256: " NONE),
		     "refused RB0412: the file has another digest (expected " NONE ", actual " HELLO
		     ")");
	assert_true(host->outcome.untouched);
	assert_fails(host, step(host, "/ok", "a", "sha256: " HELLO "\nmax_size: 4"),
		     "resource RB0412: the file is longer than max_size, 4 bytes");
	assert_succeeds(host, step(host, "/ok", "b", "sha256: " HELLO "\nmax_size: 5"));
	assert_fails(host, step(host, "/endless", "a", "sha256: " HELLO "\nmax_size: 1MiB"),
		     "resource RB0412: the file is longer than max_size, 1048576 bytes");
	host_run(host, step(host, "/short", "a", "sha256: " HELLO));
	assert_non_null(strstr(host_outcome(host), "http RB0408: "));
	assert_string_equal(host_file(host, "a"), "old");
	assert_int_equal(files_in(host), 2);
}

static void a_folder_that_is_not_there(void **state)
{
	struct host *host = *state;
	assert_fails(host, step(host, "/ok", "none/a", "sha256: " HELLO),
		     arena_format(&host->arena,
				  "not_found RB0406: cannot write %s/none/a: "
				  "No such file or directory",
				  host->folder));
	assert_int_equal(mkdir(host_path(host, "folder"), 0700), 0);
	assert_fails(host, step(host, "/ok", "folder", "sha256: " HELLO),
		     arena_format(&host->arena,
				  "resource RB0406: cannot write %s/folder: it is a folder\n"
				  "hint: Write the name of the file in it.",
				  host->folder));
}

/* A value is held to what a written text is held to. */
static void values_have_their_form(void **state)
{
	struct host *host = *state;
	assert_fails(host, step(host, "/ok", "a", "sha256: '${{ data }}'"),
		     "refused RB0503: 'a b' is no SHA-256 digest");
	assert_fails(host,
		     step(host, "/ok", "a", "signature: {file: s, minisign_key: '${{ data }}'}"),
		     "refused RB0503: 'a b' is no public key of minisign");
	assert_fails(host, step(host, "/ok", "a", "sha256: " HELLO "\nversion: '${{ data }}'"),
		     "refused RB0503: 'a b' is no semantic version");
	assert_fails(host,
		     step(host, "/ok", "a",
			  "signature: {file: s, keyring: k, fingerprint: '${{ data }}'}"),
		     "refused RB0503: 'a b' is no full fingerprint");
	assert_int_equal(files_in(host), 0);
}

/* Ended in the middle of a body, before the request, and while the file that is there is read. */
static void it_can_be_ended(void **state)
{
	struct host *host = *state;
	host_start(host, step(host, "/hang", "a", "sha256: " HELLO));
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	host_put(host, "a", TEXT("old"));
	host_start(host, step(host, "/hang", "a", "sha256: " HELLO));
	host_cancel(host);
	assert_int_equal(host->finished, 1);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	host_start(host, step(host, "/endless", "a", "sha256: " HELLO));
	while (!host->finished && files_in(host) < 2)
		loop_run_once(host->loop);
	assert_int_equal(files_in(host), 2);
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_string_equal(host_file(host, "a"), "old");
	assert_int_equal(files_in(host), 1);
}

/* The arena of the attempt takes with it what was left, as where the run ends at once. */
static void nothing_outlives_the_attempt(void **state)
{
	struct host *host = *state;
	host_start(host, step(host, "/hang", "a", "sha256: " HELLO));
	while (!host->finished && files_in(host) == 0)
		loop_run_once(host->loop);
	assert_int_equal(files_in(host), 1);
	arena_reset(&host->attempt);
	assert_int_equal(files_in(host), 0);
}

static void rules_across_its_fields(void **state)
{
	static const char key[] = "RWQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdDN";
	struct host *host = *state;
	assert_breaks_a_rule(host, "download: http://localhost/a\nto: a", "'sha256'",
			     "'signature'");
	assert_breaks_a_rule(host,
			     "download: http://localhost/a\nto: a\nsha256: " NONE
			     "\nauth: {bearer: a, user: b}",
			     "'bearer'", "'user'");
	assert_non_null(host_read(host, "download: http://localhost/a\nto: a\nsha256: " NONE));
	assert_non_null(host_read(
		host, arena_format(&host->arena,
				   "download: http://localhost/a\nto: a\n"
				   "signature: {url: 'http://localhost/b', minisign_key: %s}",
				   key)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HOST(the_file_is_there_when_it_is_verified),
		HOST(what_is_there_is_not_asked_for),
		HOST(what_is_refused_leaves_nothing),
		HOST(a_folder_that_is_not_there),
		HOST(values_have_their_form),
		HOST(it_can_be_ended),
		HOST(nothing_outlives_the_attempt),
		HOST(rules_across_its_fields),
	};
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
