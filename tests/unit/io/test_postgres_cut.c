/* A connection that is cut behind each message of the protocol: what is said to be done is done,
 * what is said to have failed was not, and the rest is unsure. */
#include <arpa/inet.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/io/postgres.h"

/* ---- a proxy that counts messages ---- */

struct proxy;

/* One direction of a connection. */
struct pipe_end {
	struct proxied *both;
	struct watch watch;
	struct pipe_end *other;
	bool is_client; /* its first message has no type */
	struct buffer pending;
};

struct proxied {
	struct proxy *proxy;
	struct pipe_end client, server;
	bool is_first;
	bool closed;
};

struct proxy {
	struct bench *bench;
	struct watch watch;
	int port;
	int connections;
	bool armed; /* the messages of the first connection are counted */
	int left;   /* to pass before it is cut */
	bool alone; /* later connections are closed at once */
};

static void cut(struct proxied *both)
{
	both->closed = true;
	watch_stop(&both->client.watch);
	watch_stop(&both->server.watch);
	close(both->client.watch.fd);
	close(both->server.watch.fd);
}

/* The size of the first whole message, 0 if there is none. */
static size_t message_size(struct pipe_end *end)
{
	size_t head = end->is_client ? 0 : 1;
	uint32_t size;

	if (end->pending.len < head + sizeof(size))
		return 0;
	memcpy(&size, end->pending.ptr + head, sizeof(size));
	size = ntohl(size) + (uint32_t)head;
	return size <= end->pending.len ? size : 0;
}

static void pass_messages(struct pipe_end *end)
{
	struct proxied *both = end->both;
	struct proxy *proxy = both->proxy;
	size_t size;

	while (!both->closed && (size = message_size(end))) {
		if (both->is_first && proxy->armed && proxy->left-- == 0) {
			cut(both);
			return;
		}
		if (send(end->other->watch.fd, end->pending.ptr, size, MSG_NOSIGNAL) < 0) {
			cut(both); /* the other side has gone by itself */
			return;
		}
		end->pending.len -= size;
		memmove(end->pending.ptr, end->pending.ptr + size, end->pending.len);
		end->is_client = false;
	}
}

static void end_ready(void *data, short events)
{
	struct pipe_end *end = data;
	char bytes[8192];
	ssize_t len = recv(end->watch.fd, bytes, sizeof(bytes), 0);

	(void)events;
	if (len <= 0) {
		cut(end->both);
		return;
	}
	buffer_add(&end->pending, (struct text){ bytes, (size_t)len });
	pass_messages(end);
}

static void end_start(struct pipe_end *end, struct proxied *both, int fd, struct pipe_end *other)
{
	struct bench *bench = both->proxy->bench;

	end->both = both;
	end->other = other;
	buffer_init(&end->pending, &bench->arena);
	end->watch = (struct watch){ .fd = fd, .events = POLLIN, .ready = end_ready, .data = end };
	watch_start(&end->watch, bench->loop);
}

static struct sockaddr_in loopback(int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return address;
}

static void accept_one(void *data, short events)
{
	struct proxy *proxy = data;
	struct proxied *both = arena_new(&proxy->bench->arena, struct proxied);
	struct sockaddr_in address = loopback((int)strtol(getenv("PGPORT"), NULL, 10));
	int client = accept4(proxy->watch.fd, NULL, NULL, SOCK_CLOEXEC);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)events;
	assert_int_equal(connect(server, (struct sockaddr *)&address, sizeof(address)), 0);
	both->proxy = proxy;
	both->is_first = proxy->connections++ == 0;
	if (proxy->alone && !both->is_first) {
		close(client);
		close(server);
		return;
	}
	both->client.is_client = true;
	end_start(&both->client, both, client, &both->server);
	end_start(&both->server, both, server, &both->client);
}

static void proxy_start(struct proxy *proxy, struct bench *bench)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
	*proxy = (struct proxy){ .bench = bench, .port = ntohs(address.sin_port) };
	proxy->watch =
		(struct watch){ .fd = fd, .events = POLLIN, .ready = accept_one, .data = proxy };
	watch_start(&proxy->watch, bench->loop);
}

static void proxy_stop(struct proxy *proxy)
{
	watch_stop(&proxy->watch);
	close(proxy->watch.fd);
}

/* ---- cuts ---- */

#define COMMIT 12 /* messages that are over before it is sent, or fewer */

/* How a call is cut. */
struct how {
	bool transaction;
	bool warm;  /* it is not the first of its connection */
	bool alone; /* nobody can be asked afterwards */
	int from;   /* messages at first: the COMMIT comes late */
};

struct tally {
	int done, failed, unsure;
};

/* The row of a call whose connection is cut behind so many messages. Gives false when all of the
 * call was over before. */
static bool try_cut(struct bench *bench, int messages, struct how how, struct tally *tally)
{
	struct asked *asked = ask_text(bench, "insert into cut values (1)");
	struct asked *first = ask_text(bench, "select 1");
	const struct sql_result *result;
	struct proxy proxy;
	struct arena arena;
	struct sql *direct = bench->sql;
	int64_t rows;

	proxy_start(&proxy, bench);
	arena_init(&arena);
	bench->sql = bench->driver->open(bench->loop, worker_open(bench->loop, &arena), &arena);
	asked->call.connection = arena_format(
		&bench->arena,
		"host=127.0.0.1 port=%d user=runbook dbname=runbook sslmode=disable "
		"application_name=%s_holder options='-csearch_path=%s'",
		proxy.port, bench->name, bench->name);
	asked->call.transaction = how.transaction;
	first->call.connection = asked->call.connection;
	if (how.warm)
		assert_failure(ask(first), "");
	proxy.armed = true;
	proxy.alone = how.alone;
	proxy.left = messages;
	result = ask(asked);
	bool all = proxy.left >= 0;
	arena_done(&arena);
	bench->sql = direct;
	proxy_stop(&proxy);
	wait_until(bench, "select count(*) = 0 from pg_stat_activity where " HOLDERS);
	rows = good(bench, "select count(*) from cut")->cells[0].integer;
	good(bench, "delete from cut");
	if (result->failure.class == IO_NONE) {
		assert_int_equal(rows, 1);
		tally->done++;
	} else if (!result->unsure) {
		assert_int_equal(rows, 0);
		tally->failed++;
	} else {
		assert_int_equal(result->phase, how.transaction ? SQL_COMMIT : SQL_STATEMENT);
		tally->unsure++;
	}
	return !all;
}

/* Up to `most` of those that are unsure. */
static struct tally cut_everywhere(struct bench *bench, struct how how, int most)
{
	struct tally tally = { 0 };

	good(bench, "create table if not exists cut (a int)");
	for (int messages = how.from; tally.unsure < most && try_cut(bench, messages, how, &tally);
	     messages++)
		assert_true(messages < 200);
	good(bench, "drop table cut");
	return tally;
}

static void test_a_new_connection(void **state)
{
	struct tally tally = cut_everywhere(*state, (struct how){ 0 }, INT_MAX);

	assert_true(tally.failed > 5); /* before it was open */
	assert_true(tally.unsure > 1);
	assert_true(tally.done >= 1);
}

static void test_a_used_connection(void **state)
{
	struct tally tally = cut_everywhere(*state, (struct how){ .warm = true }, INT_MAX);

	assert_true(tally.done > 3); /* it was opened anew, or all was over */
	assert_true(tally.unsure > 1);
	assert_int_equal(tally.failed, 0);
}

/* The server is asked what became of it. */
static void test_a_transaction(void **state)
{
	for (int warm = 0; warm < 2; warm++) {
		struct tally tally = cut_everywhere(
			*state, (struct how){ .transaction = true, .warm = warm }, INT_MAX);

		assert_true(tally.failed > 1);
		assert_int_equal(tally.unsure, 0);
		assert_true(tally.done > 2);
	}
}

/* While the server still commits it cannot say more than that. */
static void test_a_slow_commit(void **state)
{
	struct bench *bench = *state;
	const struct how how = { .transaction = true, .warm = true, .from = COMMIT };
	struct tally tally;

	good(bench, "create table cut (a int)|"
		    "create function wait() returns trigger language plpgsql as "
		    "'begin perform pg_sleep(0.5); return null; end'|"
		    "create constraint trigger slow after insert on cut initially deferred "
		    "for each row execute function wait()");
	tally = cut_everywhere(bench, how, INT_MAX);
	good(bench, "drop function wait()");
	assert_int_equal(tally.unsure, 0);
	assert_true(tally.failed > 0); /* so that none was left out */
	assert_true(tally.done > 2);
}

static void test_nobody_to_ask(void **state)
{
	const struct how how = { .transaction = true, .warm = true, .alone = true, .from = COMMIT };
	struct tally tally = cut_everywhere(*state, how, 1);

	assert_int_equal(tally.unsure, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BENCH_TEST(test_a_new_connection), BENCH_TEST(test_a_used_connection),
		BENCH_TEST(test_a_transaction),    BENCH_TEST(test_a_slow_commit),
		BENCH_TEST(test_nobody_to_ask),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
