/* worker_message: requests and replies as netstrings (D. J. Bernstein, 1997: "3:tag,"). */
#include <string.h>

#include "io/worker.h"

#define LENGTH_DIGITS 9

void worker_put(struct worker_message *message, const char *key, struct text value)
{
	*list_add(&message->pairs, message->arena) = (struct worker_pair){ .key = text_of(key),
									   .value = value };
}

struct text worker_get(const struct worker_message *message, const char *key)
{
	for (size_t i = 0; i < message->pairs.count; i++) {
		if (text_is(message->pairs.at[i].key, key))
			return message->pairs.at[i].value;
	}
	return (struct text){ 0 };
}

static void put_netstring(struct buffer *buffer, struct text text)
{
	buffer_printf(buffer, "%zu:", text.len);
	buffer_add(buffer, text);
	buffer_putc(buffer, ',');
}

struct text worker_encode(const struct worker_message *message)
{
	struct buffer pairs, whole;

	buffer_init(&pairs, message->arena);
	buffer_init(&whole, message->arena);
	for (size_t i = 0; i < message->pairs.count; i++) {
		put_netstring(&pairs, message->pairs.at[i].key);
		put_netstring(&pairs, message->pairs.at[i].value);
	}
	put_netstring(&whole, buffer_text(&pairs));
	return buffer_text(&whole);
}

/* The digits before ':'; moves *at behind it. */
static enum worker_framing read_length(struct text bytes, size_t *at, size_t *len)
{
	size_t digits = 0;

	*len = 0;
	while (*at < bytes.len && bytes.ptr[*at] >= '0' && bytes.ptr[*at] <= '9') {
		if (digits++ == LENGTH_DIGITS)
			return WORKER_GARBAGE;
		*len = 10 * *len + (size_t)(bytes.ptr[(*at)++] - '0');
	}
	if (*at == bytes.len)
		return WORKER_PART;
	return digits > 0 && bytes.ptr[(*at)++] == ':' ? WORKER_WHOLE : WORKER_GARBAGE;
}

enum worker_framing worker_frame(struct text bytes, size_t max, struct text *payload, size_t *used)
{
	size_t at = 0;
	size_t len;
	enum worker_framing framing = read_length(bytes, &at, &len);

	if (framing != WORKER_WHOLE)
		return framing;
	if (len > max)
		return WORKER_GARBAGE;
	if (bytes.len - at <= len)
		return WORKER_PART;
	if (bytes.ptr[at + len] != ',')
		return WORKER_GARBAGE;
	*payload = text_slice(bytes, at, at + len);
	*used = at + len + 1;
	return WORKER_WHOLE;
}

static bool next_text(struct text *rest, struct text *text)
{
	size_t used;

	if (worker_frame(*rest, rest->len, text, &used) != WORKER_WHOLE)
		return false;
	*rest = text_slice(*rest, used, rest->len);
	return true;
}

bool worker_decode(struct text payload, struct worker_message *message)
{
	while (payload.len > 0) {
		struct worker_pair pair;

		if (!next_text(&payload, &pair.key) || !next_text(&payload, &pair.value))
			return false;
		*list_add(&message->pairs, message->arena) = pair;
	}
	return true;
}
