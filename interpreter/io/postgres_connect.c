#include <arpa/inet.h>
#include <string.h>

#include "io/postgres_internal.h"

static void try_server(struct pg_connecting *connecting);

static void finish(struct pg_connecting *connecting, const struct pg_words *words)
{
	connecting->running = false;
	timer_stop(&connecting->timer);
	connecting->done(connecting->data, words);
}

/* ---- what went wrong ---- */

/* One after another, as libpq tells it; class and code are the last one's. */
static void add_words(struct pg_connecting *connecting, const struct pg_words *words)
{
	const char *before = connecting->words.message;

	connecting->words = *words;
	if (before && strcmp(before, words->message) != 0)
		connecting->words.message = arena_format(connecting->arena, "%s; %s", before,
							 words->message);
}

static const struct pg_server *server_of(const struct pg_connecting *connecting)
{
	return &connecting->target->servers.at[connecting->server];
}

static void try_next(struct pg_connecting *connecting)
{
	if (connecting->address + 1 < connecting->address_count) {
		connecting->address++;
		try_server(connecting);
		return;
	}
	connecting->address = connecting->address_count = 0;
	connecting->server++;
	if (connecting->server < connecting->target->servers.count)
		try_server(connecting);
	else
		finish(connecting, &connecting->words);
}

/* A server that answered, and refused, is the one that was meant; unless it is only starting. */
static bool is_final(const struct pg_words *words)
{
	return words->code && strcmp(words->code, "57P03") != 0;
}

static void failed(struct pg_connecting *connecting, const struct pg_words *words)
{
	timer_stop(&connecting->timer);
	pg_link_close(connecting->link);
	add_words(connecting, words);
	if (is_final(words))
		finish(connecting, &connecting->words);
	else
		try_next(connecting);
}

static void timed_out(void *data)
{
	struct pg_connecting *connecting = data;
	const struct pg_server *server = server_of(connecting);
	const char *span = clock_span(connecting->target->connect_timeout, connecting->arena);
	const struct pg_words words = {
		.class = IO_CONNECT,
		.message = arena_format(connecting->arena, "no connection to %s within %s",
					server->host      ? server->host
					: server->address ? server->address
							  : "the server",
					span),
	};

	failed(connecting, &words);
}

/* ---- opening ---- */

static void ready(void *data)
{
	struct pg_connecting *connecting = data;
	struct pg_words words;

	switch (pg_link_opening(connecting->link)) {
	case PG_OPENING:
		return;
	case PG_OPEN:
		finish(connecting, NULL);
		return;
	case PG_NOT_OPENED:
		break;
	}
	pg_link_words(connecting->link, &words, connecting->arena);
	failed(connecting, &words);
}

static void add(struct pg_options *options, const char *keyword, const char *value,
		struct arena *arena)
{
	if (value)
		*list_add(&options->list, arena) = (struct pg_option){ keyword, value };
}

static void open_link(struct pg_connecting *connecting, const char *address)
{
	const struct pg_server *server = server_of(connecting);
	const struct pg_options *kept = &connecting->target->options;
	struct pg_options options = { 0 };

	for (size_t i = 0; i < kept->list.count; i++)
		*list_add(&options.list, connecting->arena) = kept->list.at[i];
	add(&options, "host", server->host, connecting->arena);
	add(&options, "hostaddr", address, connecting->arena);
	add(&options, "port", server->port, connecting->arena);
	*connecting->link = (struct pg_link){
		.loop = connecting->loop,
		.ready = ready,
		.data = connecting,
	};
	pg_link_open(connecting->link, &options);
}

/* ---- names ---- */

static bool is_folder(const char *host)
{
	return host[0] == '/' || host[0] == '@';
}

static bool is_numeric(const char *host)
{
	char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

static void not_resolved(struct pg_connecting *connecting, const struct io_failure *failure)
{
	struct pg_words words = {
		.class = failure->class,
		.message = arena_string(connecting->arena, failure->message),
	};

	if (failure->class == IO_TIMEOUT) {
		words.class = IO_DNS;
		words.message = arena_format(connecting->arena, "cannot resolve '%s': %s",
					     server_of(connecting)->host, failure->message);
	}
	failed(connecting, &words);
}

static void resolved(void *data, const char *const *addresses, size_t count,
		     const struct io_failure *failure)
{
	struct pg_connecting *connecting = data;

	if (count == 0) {
		not_resolved(connecting, failure);
		return;
	}
	connecting->addresses = arena_array(connecting->arena, const char *, count);
	connecting->address_count = count;
	for (size_t i = 0; i < count; i++)
		connecting->addresses[i] = arena_string(connecting->arena, addresses[i]);
	try_server(connecting);
}

static void resolve(struct pg_connecting *connecting)
{
	connecting->resolve = (struct resolve_call){
		.host = server_of(connecting)->host,
		.timeout = connecting->target->connect_timeout,
		.answered = resolved,
		.data = connecting,
	};
	resolve_ask(connecting->worker, &connecting->resolve, connecting->arena);
}

/* libpq must never resolve a name: it would block. */
static void try_server(struct pg_connecting *connecting)
{
	const struct pg_server *server = server_of(connecting);
	const char *address = server->address;

	if (!address && server->host && is_numeric(server->host))
		address = server->host;
	if (!address && server->host && !is_folder(server->host)) {
		if (connecting->address_count == 0) {
			resolve(connecting);
			return;
		}
		address = connecting->addresses[connecting->address];
	}
	connecting->timer = (struct timer){ .fire = timed_out, .data = connecting };
	if (connecting->target->connect_timeout > 0)
		timer_start(&connecting->timer, connecting->loop,
			    connecting->target->connect_timeout);
	open_link(connecting, address);
}

void pg_connecting_start(struct pg_connecting *connecting)
{
	connecting->running = true;
	connecting->server = connecting->address = connecting->address_count = 0;
	connecting->words = (struct pg_words){ 0 };
	connecting->resolve = (struct resolve_call){ 0 };
	try_server(connecting);
}

void pg_connecting_stop(struct pg_connecting *connecting)
{
	if (!connecting->running)
		return;
	connecting->running = false;
	timer_stop(&connecting->timer);
	resolve_cancel(&connecting->resolve);
	pg_link_close(connecting->link);
}
