/* Addresses and networks of IP: reading, writing, comparing. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "expr/address.h"

/* An address of version 4 that is written as one of version 6. What compares addresses would let it
 * pass where the one of version 4 may not. */
static bool is_mapped(const struct address *address)
{
	static const uint8_t start[12] = { [10] = 0xff, [11] = 0xff };

	return address->family == 6 && memcmp(address->bytes, start, sizeof(start)) == 0;
}

bool address_read(struct text text, struct address *address)
{
	char string[INET6_ADDRSTRLEN];

	if (text.len >= sizeof(string) || memchr(text.ptr ? text.ptr : "", '\0', text.len))
		return false;
	snprintf(string, sizeof(string), "%.*s", TEXT_ARG(text));
	*address = (struct address){ .family = strchr(string, ':') ? 6 : 4 };
	return inet_pton(address->family == 4 ? AF_INET : AF_INET6, string, address->bytes) == 1 &&
	       !is_mapped(address);
}

int address_width(const struct address *address)
{
	return address->family == 4 ? 32 : 128;
}

bool network_read(struct text text, struct network *network)
{
	size_t slash = text_find(text, TEXT("/"), 0);
	struct text prefix = text_slice(text, slash + 1, text.len);

	if (slash == SIZE_MAX || !address_read(text_slice(text, 0, slash), &network->address) ||
	    prefix.len == 0 || prefix.len > 3 || (prefix.len > 1 && prefix.ptr[0] == '0'))
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

/* The first of the longest run of at least two groups that are zero; *count is 0 if there is none.
 */
static int longest_zeros(const uint16_t *groups, int *count)
{
	int start = 0;
	*count = 1;
	for (int at = 0; at < 8; at++) {
		int end = at;
		while (end < 8 && groups[end] == 0)
			end++;
		if (end - at > *count) {
			start = at;
			*count = end - at;
		}
	}
	*count = *count > 1 ? *count : 0;
	return start;
}

/* RFC 5952. What inet_ntop writes of ::1.2.3.4 is not. */
static void write_groups(struct buffer *out, const struct address *address)
{
	uint16_t groups[8];
	int zeros;

	for (int i = 0; i < 8; i++)
		groups[i] = (uint16_t)(address->bytes[2 * i] << 8 | address->bytes[2 * i + 1]);
	int start = longest_zeros(groups, &zeros);
	for (int i = 0; i < 8; i++) {
		if (zeros && i == start) {
			buffer_puts(out, "::");
			i += zeros - 1;
			continue;
		}
		bool first = i == 0 || (zeros && i == start + zeros);
		buffer_printf(out, "%s%x", first ? "" : ":", groups[i]);
	}
}

void address_write(struct buffer *out, const struct address *address)
{
	const uint8_t *bytes = address->bytes;

	if (address->family == 4)
		buffer_printf(out, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
	else
		write_groups(out, address);
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
