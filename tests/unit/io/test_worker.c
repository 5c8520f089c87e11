/* The worker's two ends: the test serves its own requests when it is started as `--worker`. */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "io/worker.h"

/* ---- what the worker serves here ---- */

static bool echo(const struct worker_message *request, struct worker_message *reply,
		 struct io_failure *failure)
{
	(void)failure;
	worker_put(reply, "pid", text_of(arena_format(reply->arena, "%d", (int)getpid())));
	for (size_t i = 0; i < request->pairs.count; i++)
		*list_add(&reply->pairs, reply->arena) = request->pairs.at[i];
	return true;
}

static bool refuse(const struct worker_message *request, struct worker_message *reply,
		   struct io_failure *failure)
{
	(void)reply;
	io_fail(failure, request->arena, IO_PERMISSION, "not for you");
	failure->code = "E1";
	return false;
}

static bool die(const struct worker_message *request, struct worker_message *reply,
		struct io_failure *failure)
{
	(void)reply;
	(void)failure;
	if (text_is(worker_get(request, "how"), "signal"))
		raise(SIGKILL);
	exit(71);
}

static bool hang(const struct worker_message *request, struct worker_message *reply,
		 struct io_failure *failure)
{
	(void)request;
	(void)reply;
	(void)failure;
	while (pause() < 0)
		continue;
	return false;
}

/* Writes what is told, instead of a reply, and waits for its end. */
static bool babble(const struct worker_message *request, struct worker_message *reply,
		   struct io_failure *failure)
{
	struct text bytes = worker_get(request, "bytes");

	if (send(WORKER_SOCKET, bytes.ptr, bytes.len, 0) < 0)
		_exit(72);
	if (text_is(worker_get(request, "then"), "close"))
		shutdown(WORKER_SOCKET, SHUT_WR);
	return hang(request, reply, failure);
}

static bool repeat(const struct worker_message *request, struct worker_message *reply,
		   struct io_failure *failure)
{
	size_t len = strtoul(arena_string(reply->arena, worker_get(request, "len").ptr), NULL, 10);
	char *bytes = arena_alloc(reply->arena, len);

	(void)failure;
	memset(bytes, 'x', len);
	worker_put(reply, "bytes", (struct text){ bytes, len });
	return true;
}

static bool tell_limits(const struct worker_message *request, struct worker_message *reply,
			struct io_failure *failure)
{
	extern char **environ;
	struct rlimit core, memory, processor;
	char folder[256];
	size_t variables = 0;
	size_t descriptors = 0;

	(void)request;
	(void)failure;
	while (environ[variables])
		variables++;
	for (int fd = 0; fd < 256; fd++)
		descriptors += fcntl(fd, F_GETFD) >= 0;
	getrlimit(RLIMIT_CORE, &core);
	getrlimit(RLIMIT_AS, &memory);
	getrlimit(RLIMIT_CPU, &processor);
	worker_put(reply, "limits",
		   text_of(arena_format(reply->arena, "%zu %zu %s %d %d %d", variables, descriptors,
					getcwd(folder, sizeof(folder)), (int)core.rlim_cur,
					memory.rlim_cur == WORKER_MEMORY,
					processor.rlim_cur <= WORKER_CPU + 5)));
	return true;
}

static const struct worker_service services[] = {
	{ "echo", echo },          { "refuse", refuse }, { "die", die },
	{ "hang", hang },          { "babble", babble }, { "repeat", repeat },
	{ "limits", tell_limits }, { NULL, NULL },
};

/* ---- the tests ---- */

static struct arena arena;
static struct loop *loop;
static struct worker *worker;

/* One request and what became of it. */
struct asked {
	struct worker_call call;
	int answers;
	struct io_failure failure;
	struct worker_message reply; /* copied */
};

static int setup(void **state)
{
	struct io_failure failure;

	(void)state;
	arena_init(&arena);
	loop = loop_open(&clock_system, &arena, &failure);
	if (!loop)
		return -1;
	worker = worker_open(loop, &arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_done(&arena);
	return 0;
}

static void answered(void *data, const struct worker_message *reply,
		     const struct io_failure *failure)
{
	struct asked *asked = data;

	asked->answers++;
	assert_int_equal(reply == NULL, failure->class != IO_NONE);
	if (failure->class) {
		asked->failure.class = failure->class;
		asked->failure.code = failure->code ? arena_string(&arena, failure->code) : NULL;
		asked->failure.message = arena_string(&arena, failure->message);
	}
	for (size_t i = 0; reply && i < reply->pairs.count; i++)
		*list_add(&asked->reply.pairs, &arena) = (struct worker_pair){
			.key = arena_text(&arena, reply->pairs.at[i].key),
			.value = arena_text(&arena, reply->pairs.at[i].value),
		};
	loop_quit(loop);
}

static struct asked *ask(const char *service, const char *key, struct text value, int64_t timeout)
{
	struct asked *asked = arena_new(&arena, struct asked);

	asked->call = (struct worker_call){
		.service = service,
		.request = { .arena = &arena },
		.timeout = timeout,
		.answered = answered,
		.data = asked,
	};
	worker_put(&asked->call.request, key, value);
	worker_ask(worker, &asked->call);
	assert_int_equal(asked->answers, 0);
	return asked;
}

static struct asked *wait_for(struct asked *asked)
{
	while (asked->answers == 0)
		loop_run(loop);
	assert_int_equal(asked->answers, 1);
	return asked;
}

static const char *pid_of(const struct asked *asked)
{
	struct text pid = worker_get(&asked->reply, "pid");

	assert_in_range(pid.len, 1, 10);
	return arena_copy(&arena, pid.ptr, pid.len);
}

static void assert_failed(const struct asked *asked, enum io_class class, const char *message)
{
	assert_int_equal(asked->failure.class, class);
	assert_string_equal(asked->failure.message, message);
	assert_int_equal(asked->reply.pairs.count, 0);
}

static void answers_with_any_bytes(void **state)
{
	struct asked *asked = wait_for(ask("echo", "key", TEXT("a\0b,12:\n\xff"), 0));

	(void)state;
	assert_int_equal(asked->failure.class, IO_NONE);
	assert_true(text_equal(worker_get(&asked->reply, "key"), TEXT("a\0b,12:\n\xff")));
	assert_null(worker_get(&asked->reply, "other").ptr);
	assert_true(text_equal(worker_get(&wait_for(ask("echo", "k", TEXT(""), 0))->reply, "k"),
			       TEXT("")));
}

static void stays_for_the_next_request(void **state)
{
	const char *first = pid_of(wait_for(ask("echo", "a", TEXT("1"), 0)));

	(void)state;
	assert_int_not_equal(atoll(first), getpid());
	assert_string_equal(pid_of(wait_for(ask("echo", "a", TEXT("2"), 0))), first);
}

static void serves_in_the_order_of_the_calls(void **state)
{
	struct asked *asked[10];

	(void)state;
	for (int i = 0; i < 10; i++)
		asked[i] = ask("echo", "a", TEXT("x"), 0);
	for (int i = 0; i < 10; i++) {
		while (asked[i]->answers == 0)
			loop_run(loop);
		for (int later = i + 1; later < 10; later++)
			assert_int_equal(asked[later]->answers, 0);
	}
}

static void hands_on_the_failure_of_a_service(void **state)
{
	struct asked *asked = wait_for(ask("refuse", "a", TEXT("x"), 0));

	(void)state;
	assert_failed(asked, IO_PERMISSION, "not for you");
	assert_string_equal(asked->failure.code, "E1");
	asked = wait_for(ask("nothing", "a", TEXT("x"), 0));
	assert_failed(asked, IO_REFUSED, "the worker has no service 'nothing'");
}

static void survives_the_workers_death(void **state)
{
	const char *first = pid_of(wait_for(ask("echo", "a", TEXT("1"), 0)));
	struct asked *signaled = ask("die", "how", TEXT("signal"), 0);
	struct asked *exited = ask("die", "how", TEXT("exit"), 0);
	struct asked *next = ask("echo", "a", TEXT("2"), 0);

	(void)state;
	assert_failed(wait_for(signaled), IO_RESOURCE, "the worker process was ended by SIGKILL");
	assert_failed(wait_for(exited), IO_RESOURCE, "the worker process ended with exit code 71");
	assert_string_not_equal(pid_of(wait_for(next)), first);
}

static void survives_a_death_between_requests(void **state)
{
	const char *first = pid_of(wait_for(ask("echo", "a", TEXT("1"), 0)));

	(void)state;
	assert_int_equal(kill((pid_t)strtol(first, NULL, 10), SIGKILL), 0);
	usleep(20000);
	loop_run_once(loop);
	assert_string_not_equal(pid_of(wait_for(ask("echo", "a", TEXT("2"), 0))), first);
}

static void ends_a_worker_that_passes_its_time(void **state)
{
	int64_t begin = clock_boot(&clock_system);
	struct asked *hanging = ask("hang", "a", TEXT("1"), 200 * NS_PER_MS);
	struct asked *queued = ask("echo", "a", TEXT("2"), 50 * NS_PER_MS);
	struct asked *patient = ask("echo", "a", TEXT("3"), 10 * NS_PER_S);

	(void)state;
	assert_failed(wait_for(queued), IO_TIMEOUT, "no answer within the time");
	assert_int_equal(hanging->answers, 0);
	assert_failed(wait_for(hanging), IO_TIMEOUT, "no answer within the time");
	assert_int_equal(wait_for(patient)->failure.class, IO_NONE);
	assert_in_range(clock_boot(&clock_system) - begin, 200 * NS_PER_MS, 2 * NS_PER_S);
}

static void refuses_what_is_no_reply(void **state)
{
	static const struct text rows[] = {
		{ "hello", 5 },                          /* no length */
		{ "3:abc;", 6 },                         /* no end */
		{ "99999999:", 9 },                      /* over the bound */
		{ "1234567890123:", 14 },                /* too many digits */
		{ ":,", 2 },                             /* no digit */
		{ "0:,", 3 },                            /* no head */
		{ "3:abc,", 6 },                         /* no pairs inside */
		{ "6:0:,0:,,", 9 },                      /* one pair only */
		{ "3:0:,,", 6 },                         /* half a pair */
		{ "24:0:,0:,0:,0:,0:,0:,0:,0:,,x", 29 }, /* more than one reply */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct asked *asked = wait_for(ask("babble", "bytes", rows[i], 5 * NS_PER_S));

		assert_failed(asked, IO_RESOURCE, "what the worker process wrote is no reply");
	}
	assert_int_equal(wait_for(ask("echo", "a", TEXT("1"), 0))->failure.class, IO_NONE);
}

static void ends_a_worker_that_hangs_up(void **state)
{
	struct asked *asked = ask("babble", "bytes", TEXT("5:"), 5 * NS_PER_S);

	(void)state;
	worker_put(&asked->call.request, "then", TEXT("close"));
	assert_failed(wait_for(asked), IO_RESOURCE, "the worker process was ended by SIGKILL");
}

static void bounds_requests_and_replies(void **state)
{
	char *large = arena_alloc(&arena, WORKER_REQUEST_MAX);
	struct asked *asked;

	(void)state;
	memset(large, 'x', WORKER_REQUEST_MAX);
	asked = wait_for(ask("echo", "a", (struct text){ large, WORKER_REQUEST_MAX - 100 }, 0));
	assert_int_equal(worker_get(&asked->reply, "a").len, WORKER_REQUEST_MAX - 100);
	asked = wait_for(ask("echo", "a", (struct text){ large, WORKER_REQUEST_MAX }, 0));
	assert_failed(asked, IO_RESOURCE, "the request is too large for the worker process");
	asked = wait_for(ask("repeat", "len", TEXT("16000000"), 0));
	assert_int_equal(worker_get(&asked->reply, "bytes").len, 16000000);
	asked = wait_for(ask("repeat", "len", TEXT("16777216"), 0));
	assert_failed(asked, IO_RESOURCE, "the answer is larger than 16 MiB");
}

static void takes_requests_back(void **state)
{
	struct asked *hanging = ask("hang", "a", TEXT("1"), 0);
	struct asked *queued = ask("echo", "a", TEXT("2"), 0);
	struct asked *last = ask("echo", "a", TEXT("3"), 0);

	(void)state;
	loop_run_once(loop);
	worker_cancel(&queued->call);
	worker_cancel(&hanging->call);
	worker_cancel(&hanging->call);
	wait_for(last);
	assert_int_equal(hanging->answers, 0);
	assert_int_equal(queued->answers, 0);
	assert_int_equal(last->failure.class, IO_NONE);
}

static void has_a_clean_and_limited_process(void **state)
{
	struct asked *asked = wait_for(ask("limits", "a", TEXT("1"), 0));
	struct text limits = worker_get(&asked->reply, "limits");

	(void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
	assert_string_equal(arena_copy(&arena, limits.ptr, limits.len), "0 4 / 0 0 1");
#else
	assert_string_equal(arena_copy(&arena, limits.ptr, limits.len), "0 4 / 0 1 1");
#endif
}

static void refuses_to_serve_without_a_socket(void **state)
{
	int status;
	char line[256];
	char self[PATH_MAX];

	(void)state;
	assert_non_null(realpath("/proc/self/exe", self));
	FILE *program = popen(arena_format(&arena, "exec '%s' --worker 3<&- 2>/dev/null", self),
			      "r");
	assert_non_null(program);
	assert_null(fgets(line, sizeof(line), program));
	status = pclose(program);
	assert_int_equal(WEXITSTATUS(status), 64);
}

static struct io_failure resolve_failure;
static char resolved[256];

static void addresses_found(void *data, const char *const *addresses, size_t count,
			    const struct io_failure *failure)
{
	(void)data;
	resolve_failure = *failure;
	if (failure->message)
		resolve_failure.message = arena_string(&arena, failure->message);
	assert_int_equal(count == 0, failure->class != IO_NONE);
	snprintf(resolved, sizeof(resolved), "%s", count ? addresses[0] : "");
	loop_quit(loop);
}

static void resolve(const char *host)
{
	struct resolve_call call = { .host = host,
				     .timeout = 20 * NS_PER_S,
				     .answered = addresses_found };

	resolve_ask(worker, &call, &arena);
	loop_run(loop);
}

static void resolves_addresses_and_local_names(void **state)
{
	(void)state;
	resolve("192.0.2.7");
	assert_string_equal(resolved, "192.0.2.7");
	resolve("2001:DB8::7");
	assert_string_equal(resolved, "2001:db8::7");
	resolve("localhost");
	assert_true(!strcmp(resolved, "127.0.0.1") || !strcmp(resolved, "::1"));
}

static void says_that_a_name_is_unknown(void **state)
{
	static const char message[] = "cannot resolve 'bad name': ";

	(void)state;
	resolve("bad name");
	assert_int_equal(resolve_failure.class, IO_DNS);
	assert_memory_equal(resolve_failure.message, message, sizeof(message) - 1);
}

static void takes_back_a_name(void **state)
{
	struct resolve_call call = { .host = "localhost", .answered = addresses_found };

	(void)state;
	snprintf(resolved, sizeof(resolved), "untouched");
	resolve_ask(worker, &call, &arena);
	resolve_cancel(&call);
	wait_for(ask("echo", "a", TEXT("1"), 0));
	assert_string_equal(resolved, "untouched");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

/* The worker's process serves the program's own services too. */
static int serve(void)
{
	struct worker_service all[16] = { 0 };
	size_t count = 0;

	for (const struct worker_service *service = services; service->name; service++)
		all[count++] = *service;
	for (const struct worker_service *service = worker_services; service->name; service++)
		all[count++] = *service;
	return worker_serve(all);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_with_any_bytes),
		TEST(stays_for_the_next_request),
		TEST(serves_in_the_order_of_the_calls),
		TEST(hands_on_the_failure_of_a_service),
		TEST(survives_the_workers_death),
		TEST(survives_a_death_between_requests),
		TEST(ends_a_worker_that_passes_its_time),
		TEST(refuses_what_is_no_reply),
		TEST(ends_a_worker_that_hangs_up),
		TEST(bounds_requests_and_replies),
		TEST(takes_requests_back),
		TEST(has_a_clean_and_limited_process),
		TEST(refuses_to_serve_without_a_socket),
		TEST(resolves_addresses_and_local_names),
		TEST(says_that_a_name_is_unknown),
		TEST(takes_back_a_name),
	};

	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return serve();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
