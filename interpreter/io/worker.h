/* The worker's wire, shared by its two ends. */
#ifndef IO_WORKER_H
#define IO_WORKER_H

#include "io/internal.h"

/* The descriptor on which the worker is asked and answers. */
#define WORKER_SOCKET 3

/* The first pair of every request: whom it is for. */
#define WORKER_KEY_SERVICE "service"
/* The first three pairs of every reply: a failure, its class empty when there is none. */
#define WORKER_KEY_CLASS "class"
#define WORKER_KEY_CODE "code"
#define WORKER_KEY_MESSAGE "message"
#define WORKER_REPLY_HEAD 3

/* The bytes of a message on the wire; in the message's arena. */
struct text worker_encode(const struct worker_message *message);

enum worker_framing { WORKER_PART, WORKER_WHOLE, WORKER_GARBAGE };

/* Looks for a message at the beginning of bytes: *payload is what it holds and *used its size on
 * the wire. WORKER_PART: there is more to come. */
enum worker_framing worker_frame(struct text bytes, size_t max, struct text *payload, size_t *used);

/* Adds the pairs of a payload, over its bytes. False when it is none. */
bool worker_decode(struct text payload, struct worker_message *message);

/* What `git` and `resolve` do in the worker's process. */
bool git_serve(const struct worker_message *request, struct worker_message *reply,
	       struct io_failure *failure);
bool resolve_serve(const struct worker_message *request, struct worker_message *reply,
		   struct io_failure *failure);

#endif
