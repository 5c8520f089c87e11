/* Addresses and networks of IP, of both versions. */
#ifndef EXPR_ADDRESS_H
#define EXPR_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct address {
	uint8_t bytes[16]; /* of version 4 the first four, and zeros */
	int family;        /* 4 or 6 */
};

struct network {
	struct address address; /* with the bits behind the prefix as they were written */
	int prefix;
};

/* Of inet_pton's text, which has no zone. An address of version 4 that is written as one of version
 * 6 is one of version 4. */
bool address_read(struct text text, struct address *address);
/* "10.0.0.0/8". */
bool network_read(struct text text, struct network *network);

/* As RFC 5952 wants it. */
void address_write(struct buffer *out, const struct address *address);

bool address_equal(const struct address *a, const struct address *b);
/* How many bits it has. */
int address_width(const struct address *address);

bool address_is_unspecified(const struct address *address);
bool address_is_loopback(const struct address *address);
bool address_is_link_local_multicast(const struct address *address);
bool address_is_link_local_unicast(const struct address *address);
bool address_is_global_unicast(const struct address *address);

/* With zeros behind the prefix. */
struct network network_mask(const struct network *network);
/* Whether all of inner lies in outer. */
bool network_covers(const struct network *outer, const struct network *inner);

#endif
