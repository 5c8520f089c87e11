/* Addresses and networks of IP: cel-go's library. */
#include "expr/address.h"
#include "expr/functions.h"

/* ---- values -------------------------------------------------------------------------------- */

static bool equal_addresses(const void *a, const void *b)
{
	return address_equal(a, b);
}

static void write_address(struct buffer *out, const void *data)
{
	address_write(out, data);
}

static const void *copy_address(const void *data, struct arena *arena)
{
	struct address *copy = arena_new(arena, struct address);

	*copy = *(const struct address *)data;
	return copy;
}

static bool equal_networks(const void *a, const void *b)
{
	const struct network *left = a;
	const struct network *right = b;

	return left->prefix == right->prefix && address_equal(&left->address, &right->address);
}

static void write_network(struct buffer *out, const void *data)
{
	const struct network *network = data;

	address_write(out, &network->address);
	buffer_printf(out, "/%d", network->prefix);
}

static const void *copy_network(const void *data, struct arena *arena)
{
	struct network *copy = arena_new(arena, struct network);

	*copy = *(const struct network *)data;
	return copy;
}

const struct value_opaque_class opaque_ip = {
	.type = { "net.IP" },
	.equal = equal_addresses,
	.write = write_address,
	.copy = copy_address,
};

const struct value_opaque_class opaque_cidr = {
	.type = { "net.CIDR" },
	.equal = equal_networks,
	.write = write_network,
	.copy = copy_network,
};

static const struct address *address_of(struct value value)
{
	return value.opaque->data;
}

static const struct network *network_of(struct value value)
{
	return value.opaque->data;
}

static struct value address_value(const struct address *address, struct arena *arena)
{
	return value_opaque(&opaque_ip, copy_address(address, arena), arena);
}

static struct value network_value(const struct network *network, struct arena *arena)
{
	return value_opaque(&opaque_cidr, copy_network(network, arena), arena);
}

/* ---- making -------------------------------------------------------------------------------- */

FUNCTION(make_ip)
{
	struct address address;

	if (!address_read(value_text(args[0]), &address))
		return function_fail(call, "the text is no IP address");
	return address_value(&address, call->arena);
}

FUNCTION(is_ip)
{
	struct address address;

	return value_bool(address_read(value_text(args[0]), &address));
}

FUNCTION(make_cidr)
{
	struct network network;

	if (!network_read(value_text(args[0]), &network))
		return function_fail(call, "the text is no network, like 10.0.0.0/8");
	return network_value(&network, call->arena);
}

FUNCTION(is_cidr)
{
	struct network network;

	return value_bool(network_read(value_text(args[0]), &network));
}

FUNCTION(opaque_text)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	args[0].opaque->class->write(&out, args[0].opaque->data);
	return value_string(buffer_text(&out));
}

FUNCTION(is_canonical)
{
	struct address address;
	struct buffer out;

	if (!address_read(value_text(args[0]), &address))
		return function_fail(call, "the text is no IP address");
	buffer_init(&out, call->arena);
	address_write(&out, &address);
	return value_bool(text_equal(buffer_text(&out), value_text(args[0])));
}

/* ---- kinds of addresses -------------------------------------------------------------------- */

#define ASK(function) \
	FUNCTION(ask_##function) \
	{ \
		return value_bool(address_##function(address_of(args[0]))); \
	}

ASK(is_unspecified)
ASK(is_loopback)
ASK(is_link_local_multicast)
ASK(is_link_local_unicast)
ASK(is_global_unicast)

FUNCTION(family)
{
	return value_int(address_of(args[0])->family);
}

/* ---- networks ------------------------------------------------------------------------------ */

static struct value covers_address(struct value network, const struct address *address)
{
	struct network single = { .address = *address, .prefix = address_width(address) };

	return value_bool(network_covers(network_of(network), &single));
}

FUNCTION(contains_ip)
{
	return covers_address(args[0], address_of(args[1]));
}

FUNCTION(contains_ip_text)
{
	struct address address;

	if (!address_read(value_text(args[1]), &address))
		return function_fail(call, "the text is no IP address");
	return covers_address(args[0], &address);
}

FUNCTION(contains_cidr)
{
	return value_bool(network_covers(network_of(args[0]), network_of(args[1])));
}

FUNCTION(contains_cidr_text)
{
	struct network network;

	if (!network_read(value_text(args[1]), &network))
		return function_fail(call, "the text is no network, like 10.0.0.0/8");
	return value_bool(network_covers(network_of(args[0]), &network));
}

FUNCTION(network_ip)
{
	return address_value(&network_of(args[0])->address, call->arena);
}

FUNCTION(masked)
{
	struct network network = network_mask(network_of(args[0]));

	return network_value(&network, call->arena);
}

FUNCTION(prefix_length)
{
	return value_int(network_of(args[0])->prefix);
}

FUNCTION(is_mask)
{
	struct network network = network_mask(network_of(args[0]));

	return value_bool(equal_networks(&network, network_of(args[0])));
}

/* ---- the table ----------------------------------------------------------------------------- */

const struct function functions_network[] = {
	PLAIN("ip", "(string) -> net.IP", make_ip, "The IP address of version 4 or 6.",
	      "ip('2001:db8::1') == ip('2001:DB8:0::1')"),
	PLAIN("isIP", "(string) -> bool", is_ip, "Whether the text is an IP address.",
	      "isIP('2001:db8::1')"),
	PLAIN("ip.isCanonical", "(string) -> bool", is_canonical,
	      "Whether the address is written as RFC 5952 wants it.",
	      "!ip.isCanonical('2001:DB8::1')"),
	PLAIN("string", "(net.IP) -> string", opaque_text, "The address as text.",
	      "string(ip('2001:DB8::1')) == '2001:db8::1'"),
	METHOD("family", "(net.IP) -> int", family, "4 or 6.", "ip('::1').family() == 6"),
	METHOD("isUnspecified", "(net.IP) -> bool", ask_is_unspecified,
	       "Whether all bits are zero.", "ip('0.0.0.0').isUnspecified()"),
	METHOD("isLoopback", "(net.IP) -> bool", ask_is_loopback, "Whether it names this machine.",
	       "ip('127.0.0.1').isLoopback()"),
	METHOD("isGlobalUnicast", "(net.IP) -> bool", ask_is_global_unicast,
	       "Whether it names one machine beyond this link; private addresses too.",
	       "ip('8.8.8.8').isGlobalUnicast()"),
	METHOD("isLinkLocalMulticast", "(net.IP) -> bool", ask_is_link_local_multicast,
	       "Whether it names a group on this link.", "ip('ff02::1').isLinkLocalMulticast()"),
	METHOD("isLinkLocalUnicast", "(net.IP) -> bool", ask_is_link_local_unicast,
	       "Whether it names one machine on this link.", "ip('fe80::1').isLinkLocalUnicast()"),
	PLAIN("cidr", "(string) -> net.CIDR", make_cidr, "The network.",
	      "cidr('10.0.0.0/8').prefixLength() == 8"),
	PLAIN("isCIDR", "(string) -> bool", is_cidr, "Whether the text is a network.",
	      "isCIDR('10.0.0.0/8')"),
	PLAIN("string", "(net.CIDR) -> string", opaque_text, "The network as text.",
	      "string(cidr('::1/128')) == '::1/128'"),
	METHOD("containsIP", "(net.CIDR, net.IP) -> bool", contains_ip,
	       "Whether the address lies in the network.",
	       "cidr('10.0.0.0/8').containsIP(ip('10.1.2.3'))"),
	METHOD("containsIP", "(net.CIDR, string) -> bool", contains_ip_text,
	       "Whether the address lies in the network.",
	       "cidr('10.0.0.0/8').containsIP('10.1.2.3')"),
	METHOD("containsCIDR", "(net.CIDR, net.CIDR) -> bool", contains_cidr,
	       "Whether the second network lies in the first.",
	       "cidr('10.0.0.0/8').containsCIDR(cidr('10.1.0.0/16'))"),
	METHOD("containsCIDR", "(net.CIDR, string) -> bool", contains_cidr_text,
	       "Whether the second network lies in the first.",
	       "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')"),
	METHOD("ip", "(net.CIDR) -> net.IP", network_ip, "The address before the slash.",
	       "cidr('10.1.2.3/8').ip() == ip('10.1.2.3')"),
	METHOD("masked", "(net.CIDR) -> net.CIDR", masked,
	       "The network with zeros behind its prefix.",
	       "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')"),
	METHOD("prefixLength", "(net.CIDR) -> int", prefix_length, "How many bits the prefix has.",
	       "cidr('10.0.0.0/8').prefixLength() == 8"),
	METHOD("isMask", "(net.CIDR) -> bool", is_mask, "Whether only zeros follow the prefix.",
	       "cidr('10.0.0.0/8').isMask()"),
	{ 0 },
};
