/* worker_serve: what runs in the worker's process. */
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "io/worker.h"

#define EXIT_USAGE 64
#define EXIT_BROKEN 65

/* A sanitizer's shadow takes terabytes of addresses. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMITS_MEMORY false
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITS_MEMORY false
#endif
#endif
#ifndef LIMITS_MEMORY
#define LIMITS_MEMORY true
#endif

const struct worker_service worker_services[] = {
	{ "git", git_serve },
	{ "resolve", resolve_serve },
	{ NULL, NULL },
};

static void set_limit(int resource, rlim_t most)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) < 0)
		return;
	limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
	setrlimit(resource, &limit);
}

/* Processor time counts from the start of the process, so each request moves its limit. */
static void limit_processor(void)
{
	struct rusage used;

	if (getrusage(RUSAGE_SELF, &used) == 0)
		set_limit(RLIMIT_CPU,
			  (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + WORKER_CPU);
}

static void prepare_process(void)
{
	/* Our parent's death closes the socket; one that computes would not notice. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	set_limit(RLIMIT_CORE, 0);
	if (LIMITS_MEMORY)
		set_limit(RLIMIT_AS, WORKER_MEMORY);
	if (chdir("/") < 0)
		_exit(EXIT_BROKEN);
}

/* The next request's payload; false at the end of the socket. Anything else is our own mistake. */
static bool receive(struct arena *arena, struct text *payload)
{
	struct buffer bytes;
	unsigned times = 0;
	size_t used;

	buffer_init(&bytes, arena);
	for (;;) {
		char part[4096];
		ssize_t len = recv(WORKER_SOCKET, part, sizeof(part), 0);

		if (len < 0 && file_interrupted(&times))
			continue;
		if (len <= 0)
			return false;
		buffer_add(&bytes, (struct text){ part, (size_t)len });
		switch (worker_frame(buffer_text(&bytes), WORKER_REQUEST_MAX, payload, &used)) {
		case WORKER_PART:
			break;
		case WORKER_WHOLE:
			return true;
		case WORKER_GARBAGE:
			return false;
		}
	}
}

static void serve(const struct worker_service *services, const struct worker_message *request,
		  struct worker_message *reply, struct io_failure *failure)
{
	struct text name = worker_get(request, WORKER_KEY_SERVICE);

	for (; services->name; services++) {
		if (!text_is(name, services->name))
			continue;
		limit_processor();
		services->serve(request, reply, failure);
		return;
	}
	*failure = (struct io_failure){
		.class = IO_REFUSED,
		.message = arena_format(request->arena, "the worker has no service '%.*s'",
					TEXT_ARG(name)),
	};
}

static bool send_reply(const struct worker_message *body, const struct io_failure *failure)
{
	struct worker_message reply = { .arena = body->arena };
	struct text wire;

	worker_put(&reply, WORKER_KEY_CLASS, text_of(io_class_name(failure->class)));
	worker_put(&reply, WORKER_KEY_CODE, text_of(failure->code));
	worker_put(&reply, WORKER_KEY_MESSAGE, text_of(failure->message));
	for (size_t i = 0; !failure->class && i < body->pairs.count; i++)
		*list_add(&reply.pairs, reply.arena) = body->pairs.at[i];
	wire = worker_encode(&reply);
	if (wire.len > WORKER_REPLY_MAX) {
		const struct io_failure large = { .class = IO_RESOURCE,
						  .message = "the answer is larger than 16 MiB" };

		return send_reply(&(struct worker_message){ .arena = body->arena }, &large);
	}
	return file_write_all(WORKER_SOCKET, wire) == 0;
}

static bool serve_one(const struct worker_service *services, struct arena *arena)
{
	struct worker_message request = { .arena = arena };
	struct worker_message reply = { .arena = arena };
	struct io_failure failure = { 0 };
	struct text payload;

	if (!receive(arena, &payload) || !worker_decode(payload, &request))
		return false;
	serve(services, &request, &reply, &failure);
	return send_reply(&reply, &failure);
}

int worker_serve(const struct worker_service *services)
{
	struct arena arena;
	int type;
	socklen_t size = sizeof(type);

	if (getsockopt(WORKER_SOCKET, SOL_SOCKET, SO_TYPE, &type, &size) < 0)
		return EXIT_USAGE;
	prepare_process();
	arena_init(&arena);
	while (serve_one(services, &arena))
		arena_reset(&arena);
	arena_done(&arena);
	return 0;
}
