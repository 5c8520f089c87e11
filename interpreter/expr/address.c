/* Addresses and networks of IP: reading, writing, comparing. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "expr/address.h"

static bool is_mapped(const struct address *address)
{
	static const uint8_t start[12] = { [10] = 0xff, [11] = 0xff };

	return address->family == 6 && memcmp(address->bytes, start, sizeof(start)) == 0;
}

/* Of inet_pton's text, which has no zone. */
static bool read_plain(struct text text, struct address *address)
{
	char string[INET6_ADDRSTRLEN];

	if (text.len >= sizeof(string) || memchr(text.ptr ? text.ptr : "", '\0', text.len))
		return false;
	snprintf(string, sizeof(string), "%.*s", TEXT_ARG(text));
	*address = (struct address){ .family = strchr(string, ':') ? 6 : 4 };
	return inet_pton(address->family == 4 ? AF_INET : AF_INET6, string, address->bytes) == 1;
}

bool address_read(struct text text, struct address *address)
{
	if (!read_plain(text, address))
		return false;
	if (is_mapped(address)) {
		memmove(address->bytes, address->bytes + 12, 4);
		memset(address->bytes + 4, 0, 12);
		address->family = 4;
	}
	return true;
}

int address_width(const struct address *address)
{
	return address->family == 4 ? 32 : 128;
}

bool network_read(struct text text, struct network *network)
{
	size_t slash = text_find(text, TEXT("/"), 0);
	struct text prefix = text_slice(text, slash + 1, text.len);

	if (slash == SIZE_MAX || !read_plain(text_slice(text, 0, slash), &network->address) ||
	    is_mapped(&network->address) || prefix.len == 0 || prefix.len > 3 ||
	    (prefix.len > 1 && prefix.ptr[0] == '0'))
		return false;
	network->prefix = 0;
	for (size_t i = 0; i < prefix.len; i++) {
		if (prefix.ptr[i] < '0' || prefix.ptr[i] > '9')
			return false;
		network->prefix = 10 * network->prefix + (prefix.ptr[i] - '0');
	}
	return network->prefix <= address_width(&network->address);
}

bool address_equal(const struct address *a, const struct address *b)
{
	return a->family == b->family && memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

void address_write(struct buffer *out, const struct address *address)
{
	char string[INET6_ADDRSTRLEN] = "";

	inet_ntop(address->family == 4 ? AF_INET : AF_INET6, address->bytes, string,
		  sizeof(string));
	buffer_puts(out, string);
}

/* ---- kinds of addresses -------------------------------------------------------------------- */

bool address_is_unspecified(const struct address *address)
{
	static const uint8_t zeros[16];

	return memcmp(address->bytes, zeros, sizeof(zeros)) == 0;
}

bool address_is_loopback(const struct address *address)
{
	static const uint8_t six[16] = { [15] = 1 };

	if (address->family == 4)
		return address->bytes[0] == 127;
	return memcmp(address->bytes, six, sizeof(six)) == 0;
}

static bool is_multicast(const struct address *address)
{
	return address->family == 4 ? address->bytes[0] >> 4 == 14 : address->bytes[0] == 0xff;
}

bool address_is_link_local_multicast(const struct address *address)
{
	static const uint8_t four[3] = { 224, 0, 0 };

	if (address->family == 4)
		return memcmp(address->bytes, four, sizeof(four)) == 0;
	return address->bytes[0] == 0xff && (address->bytes[1] & 15) == 2;
}

bool address_is_link_local_unicast(const struct address *address)
{
	if (address->family == 4)
		return address->bytes[0] == 169 && address->bytes[1] == 254;
	return address->bytes[0] == 0xfe && address->bytes[1] >> 6 == 2;
}

bool address_is_global_unicast(const struct address *address)
{
	static const uint8_t broadcast[4] = { 255, 255, 255, 255 };

	if (address->family == 4 && memcmp(address->bytes, broadcast, sizeof(broadcast)) == 0)
		return false;
	return !address_is_unspecified(address) && !address_is_loopback(address) &&
	       !is_multicast(address) && !address_is_link_local_unicast(address);
}

/* ---- networks ------------------------------------------------------------------------------ */

struct network network_mask(const struct network *network)
{
	struct network masked = *network;

	for (int bit = network->prefix; bit < address_width(&network->address); bit++)
		masked.address.bytes[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	return masked;
}

bool network_covers(const struct network *outer, const struct network *inner)
{
	struct network start = network_mask(outer);
	struct network other = { .address = inner->address, .prefix = outer->prefix };

	other = network_mask(&other);
	return inner->prefix >= outer->prefix && address_equal(&start.address, &other.address);
}
