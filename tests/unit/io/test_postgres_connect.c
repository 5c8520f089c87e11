/* What a connection string says, and what comes of it. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit/io/postgres.h"

static const struct sql_result *connect_with(struct bench *bench, const char *connection)
{
	struct asked *asked = ask_text(bench, "select current_user::text");

	asked->call.connection = connection;
	return ask(asked);
}

/* Keywords for the cluster. */
static const char *server(struct bench *bench, const char *options)
{
	return arena_format(&bench->arena, "host=127.0.0.1 port=%s %s", getenv("PGPORT"), options);
}

/* A listening socket on loopback that answers nothing. */
static int silent_server(int *port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

/* A port that nobody listens on. */
static int free_port(void)
{
	int port;

	close(silent_server(&port));
	return port;
}

/* ---- who is there ---- */

static void test_nobody_listens(void **state)
{
	struct bench *bench = *state;
	int port = free_port();
	const struct sql_result *result = connect_with(
		bench, arena_format(&bench->arena, "host=127.0.0.1 port=%d user=a", port));

	assert_failure(result, arena_format(&bench->arena,
					    "connect -: connection to server at \"127.0.0.1\", "
					    "port %d failed: Connection refused",
					    port));
	assert_int_equal(result->phase, SQL_CONNECT);
	assert_false(result->unsure);
	assert_string_equal(result->hint, "Is the server running on that host and accepting TCP/IP "
					  "connections?");
	assert_failure_has(connect_with(bench, "host=/nowhere user=a"),
			   "connect -: connection to server on socket \"/nowhere/.s.PGSQL.5432\" "
			   "failed: No such file or directory");
}

static void test_the_server_refuses(void **state)
{
	static const struct {
		const char *options, *class, *words;
	} rows[] = {
		{ "user=runbook dbname=nowhere",
		  "not_found 3D000: ", "FATAL: database \"nowhere\" does not exist" },
		{ "user=nobody dbname=runbook",
		  "permission 28000: ", "role \"nobody\" does not exist" },
		{ "user=guarded dbname=runbook password='not this'",
		  "permission 28P01: ", "password authentication failed for user \"guarded\"" },
		{ "user=guarded dbname=runbook", "permission -: ", "no password supplied" },
		{ "user=runbook sslmode=require",
		  "tls -: ", "server does not support SSL, but SSL was required" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sql_result *result = connect_with(bench,
							       server(bench, rows[i].options));

		assert_failure_has(result, rows[i].class);
		assert_failure_has(result, "connection to server at \"127.0.0.1\", port ");
		assert_failure_has(result, rows[i].words);
		assert_null(strstr(result->failure.message, "not this"));
	}
	assert_row(
		connect_with(bench,
			     server(bench, "user=guarded dbname=runbook password='open sesame'")),
		0, "text 'guarded'");
}

static void test_one_of_several_servers(void **state)
{
	struct bench *bench = *state;
	int silent, port = free_port(), fd = silent_server(&silent);
	const char *string = arena_format(
		&bench->arena,
		"host=127.0.0.1,127.0.0.1,127.0.0.1 port=%d,%d,%s user=runbook "
		"connect_timeout=1",
		port, silent, getenv("PGPORT"));

	assert_row(connect_with(bench, string), 0, "text 'runbook'");
	string = arena_format(&bench->arena,
			      "postgresql://a@127.0.0.1:%d,127.0.0.1:%d/"
			      "?connect_timeout=1",
			      port, silent);
	assert_failure(connect_with(bench, string),
		       arena_format(&bench->arena,
				    "connect -: connection to server at \"127.0.0.1\", port %d "
				    "failed: Connection refused; no connection to 127.0.0.1 within "
				    "1.0s",
				    port));
	/* Who answers and refuses is not passed over. */
	string = arena_format(&bench->arena,
			      "postgresql://nobody@127.0.0.1:%s,127.0.0.1:%d/runbook",
			      getenv("PGPORT"), port);
	assert_failure_has(connect_with(bench, string), "permission 28000");
	close(fd);
}

/* The call must end, however long the silent server is waited for. */
static void test_time_ends_while_connecting(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "select 1");
	int port, fd = silent_server(&port);

	asked->call.connection = arena_format(
		&bench->arena, "postgresql://a@127.0.0.1:%d/?connect_timeout=0", port);
	asked->call.deadline = loop_now(bench->loop) + NS_PER_S / 5;
	assert_failure(ask(asked), "timeout -: the time for the step has passed");
	assert_int_equal(asked->result->phase, SQL_CONNECT);
	assert_false(asked->result->unsure);
	asked->result = NULL;
	asked->call.deadline = 0;
	ask_start(asked);
	loop_run_once(bench->loop);
	bench->driver->cancel(&asked->call);
	assert_null(asked->result);
	assert_failure(ask_wait(asked), "cancelled -: cancelled");
	close(fd);
}

static void test_names(void **state)
{
	struct bench *bench = *state;

	assert_row(connect_with(bench, arena_format(&bench->arena,
						    "postgresql://runbook@localhost:%s/runbook",
						    getenv("PGPORT"))),
		   0, "text 'runbook'");
	assert_failure_has(connect_with(bench, "postgresql://a@nowhere.invalid/b"),
			   "dns -: cannot resolve 'nowhere.invalid'");
	assert_failure_has(connect_with(bench, "postgresql://a@nowhere.invalid:1,127.0.0.1:1/b"),
			   "cannot resolve 'nowhere.invalid'");
}

/* ---- what the string says ---- */

static void test_strings_that_are_refused(void **state)
{
	static const struct {
		const char *string, *why;
	} rows[] = {
		{ "mysql://u:hidden@h/d", "a keyword without '='" },
		{ "hidden", "a keyword without '='" },
		{ "user=a pass hidden=1", "a keyword without '='" },
		{ "hidden=1", "an unknown keyword" },
		{ "password='hidden", "a quote is never closed" },
		{ "postgresql://u@h/d?hidden=1", "an unknown query parameter" },
		{ "postgresql://u@h/d?hidden", "a query parameter without '='" },
		{ "postgresql://u@h/d?user=hidden=1", "two '=' in a query parameter" },
		{ "postgresql://u:hidden%zz@h/d", "'%' without two hexadecimal digits" },
		{ "postgresql://u:hidden%00@h/d", "%00" },
		{ "postgresql://u@[hidden/d", "'[' without ']'" },
		{ "postgresql://u@[]/d", "an empty address in []" },
		{ "postgresql://u@[::1]hidden/d", "a character that cannot stand behind the host" },
		{ "postgresql://u:hid@den@h/d", "must be written %40 and %2F" },
		{ "postgresql://u:hid/den@h/d", "must be written %40 and %2F" },
		{ "service=hidden", "service files are not read" },
		{ "postgresql://h/d?service=hidden", "service files are not read" },
		{ "host=h replication=true", "replication" },
		{ "host=h client_encoding=latin1", "client_encoding is not UTF8" },
		{ "host=h connect_timeout=soon", "not a number of seconds" },
		{ "host=h hostaddr=::1,::1", "do not name as many servers" },
		{ "host=h port=1,2", "not as many ports" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct sql_result *result = connect_with(bench, rows[i].string);

		assert_failure_has(result, "refused -: the connection string cannot be used: ");
		assert_failure_has(result, rows[i].why);
		assert_null(strstr(result->failure.message, "hid"));
	}
	assert_failure_has(connect_with(bench, "host=127.0.0.1 sslmode=often"),
			   "refused -: invalid sslmode value");
}

static void test_what_is_doctrines(void **state)
{
	struct bench *bench = *state;
	struct asked *asked = ask_text(bench, "select current_setting('application_name')");

	asked->call.connection = arena_format(
		&bench->arena, "%s?serverVersion=16&application_name=a%%26b&charset=utf8",
		getenv("POSTGRES_URI"));
	assert_row(ask(asked), 0, "text 'a&b'");
	assert_string_equal(buffer_string(&asked->notices),
			    "serverVersion and charset are Doctrine's, not libpq's: left out of "
			    "the connection\n");
	asked->call.connection = arena_format(&bench->arena, "%s?charset=utf8",
					      getenv("POSTGRES_URI"));
	asked->result = NULL;
	assert_row(ask(asked), 0, "text 'runbook'");
}

static void test_only_the_string_counts(void **state)
{
	struct bench *bench = *state;
	char home[] = "/tmp/postgres-home-XXXXXX";
	const char *file, *guarded;
	struct asked *asked;
	FILE *passwords;

	assert_non_null(mkdtemp(home));
	file = arena_format(&bench->arena, "%s/.pgpass", home);
	passwords = fopen(file, "w");
	fputs("*:*:*:guarded:open sesame\n", passwords);
	fclose(passwords);
	chmod(file, 0600);
	setenv("HOME", home, 1);
	setenv("PGAPPNAME", "not me", 1);
	setenv("PGOPTIONS", "-c search_path=nowhere", 1);
	setenv("PGDATABASE", "nowhere", 1);
	setenv("PGSSLMODE", "require", 1);
	setenv("PGSERVICE", "nothing", 1);
	setenv("PGTZ", "Asia/Kolkata", 1);
	asked = ask_text(bench, "select current_setting('application_name'),"
				" current_setting('search_path'),"
				" current_setting('timezone') <> 'Asia/Kolkata'");
	asked->call.connection = server(bench, "user=runbook dbname=runbook");
	assert_row(ask(asked), 0, "text 'runbook', text '\"$user\", public', true");
	guarded = server(bench, "user=guarded dbname=runbook");
	assert_failure_has(connect_with(bench, guarded), "no password supplied");
	assert_row(
		connect_with(bench, arena_format(&bench->arena, "%s passfile=%s", guarded, file)),
		0, "text 'guarded'");
	unlink(file);
	rmdir(home);
}

int main(int count, char **arguments)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_nobody_listens),
		BENCH_TEST(test_the_server_refuses),
		BENCH_TEST(test_one_of_several_servers),
		BENCH_TEST(test_time_ends_while_connecting),
		BENCH_TEST(test_names),
		BENCH_TEST(test_strings_that_are_refused),
		BENCH_TEST(test_what_is_doctrines),
		BENCH_TEST(test_only_the_string_counts),
	};

	if (count > 1 && strcmp(arguments[1], "--worker") == 0)
		return worker_serve(worker_services);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
