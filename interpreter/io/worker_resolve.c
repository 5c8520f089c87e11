/* worker_resolve: names of hosts, asked of the system's resolver by the worker. */
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

#include "io/worker.h"

#define KEY_HOST "host"
#define KEY_ADDRESS "address"
#define ADDRESS_LEN 64 /* of an IPv6 address with a zone */

static void put_addresses(const struct addrinfo *found, struct worker_message *reply)
{
	for (; found; found = found->ai_next) {
		char *address = arena_alloc(reply->arena, ADDRESS_LEN);

		if (getnameinfo(found->ai_addr, found->ai_addrlen, address, ADDRESS_LEN, NULL, 0,
				NI_NUMERICHOST) == 0)
			worker_put(reply, KEY_ADDRESS, text_of(address));
	}
}

bool resolve_serve(const struct worker_message *request, struct worker_message *reply,
		   struct io_failure *failure)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct text host = worker_get(request, KEY_HOST);
	struct addrinfo *found;
	int error;

	error = getaddrinfo(arena_copy(reply->arena, host.ptr, host.len), NULL, &hints, &found);
	if (error) {
		io_fail(failure, reply->arena, IO_DNS, "cannot resolve '%.*s': %s", TEXT_ARG(host),
			gai_strerror(error));
		return false;
	}
	put_addresses(found, reply);
	freeaddrinfo(found);
	return true;
}

static void answered(void *data, const struct worker_message *reply,
		     const struct io_failure *failure)
{
	struct resolve_call *resolve = data;
	LIST(const char *) addresses = { 0 };

	for (size_t i = 0; reply && i < reply->pairs.count; i++) {
		struct text address = reply->pairs.at[i].value;

		*list_add(&addresses, reply->arena) = arena_copy(reply->arena, address.ptr,
								 address.len);
	}
	resolve->answered(resolve->data, addresses.at, addresses.count, failure);
}

void resolve_ask(struct worker *worker, struct resolve_call *resolve, struct arena *arena)
{
	resolve->call = (struct worker_call){
		.service = "resolve",
		.request = { .arena = arena },
		.timeout = resolve->timeout,
		.answered = answered,
		.data = resolve,
	};
	worker_put(&resolve->call.request, KEY_HOST, text_of(resolve->host));
	worker_ask(worker, &resolve->call);
}

void resolve_cancel(struct resolve_call *resolve)
{
	worker_cancel(&resolve->call);
}
