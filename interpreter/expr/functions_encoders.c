/* Bytes as text and back: base64 (RFC 4648 section 4) and hexadecimal; digests. */
#include "base/sha256.h"
#include "base/weak_digest.h"
#include "expr/functions.h"

FUNCTION(base64_encode)
{
	struct buffer out;
	struct value error;

	if (!function_afford(call, args[0].len / 8, &error))
		return error;
	buffer_init(&out, call->arena);
	value_write_base64(&out, value_text(args[0]));
	return value_string(buffer_text(&out));
}

static int base64_digit(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	if (byte == '+')
		return 62;
	return byte == '/' ? 63 : -1;
}

/* Without the padding; SIZE_MAX: there is some, but not what the length wants. */
static size_t unpadded(struct text text)
{
	size_t len = text.len;

	while (len > 0 && text.len - len < 2 && text.ptr[len - 1] == '=')
		len--;
	if (len % 4 == 1 || (len < text.len && text.len % 4 != 0))
		return SIZE_MAX;
	return len;
}

FUNCTION(base64_decode)
{
	size_t len = unpadded(value_text(args[0]));
	uint32_t bits = 0;
	struct buffer out;
	struct value error;

	if (len == SIZE_MAX)
		return function_fail(call, "the text is no base64");
	if (!function_afford(call, len / 16, &error))
		return error;
	buffer_init(&out, call->arena);
	for (size_t i = 0; i < len; i++) {
		int digit = base64_digit(args[0].bytes[i]);

		if (digit < 0)
			return function_fail(call, "the text is no base64");
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4 > 0)
			buffer_putc(&out, (char)(bits >> (6 - 2 * (i % 4)) & 0xff));
	}
	return value_bytes(buffer_text(&out));
}

FUNCTION(hex_encode)
{
	static const char digits[] = "0123456789abcdef";
	struct buffer out;
	struct value error;

	if (!function_afford(call, args[0].len / 8, &error))
		return error;
	buffer_init(&out, call->arena);
	for (size_t i = 0; i < args[0].len; i++) {
		buffer_putc(&out, digits[(unsigned char)args[0].bytes[i] >> 4]);
		buffer_putc(&out, digits[args[0].bytes[i] & 15]);
	}
	return value_string(buffer_text(&out));
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

FUNCTION(hex_decode)
{
	struct buffer out;

	buffer_init(&out, call->arena);
	for (size_t i = 0; i + 1 < args[0].len; i += 2) {
		int high = hex_digit(args[0].bytes[i]);
		int low = hex_digit(args[0].bytes[i + 1]);

		if (high < 0 || low < 0)
			return function_fail(call, "the text is not hexadecimal");
		buffer_putc(&out, (char)(high << 4 | low));
	}
	if (args[0].len % 2)
		return function_fail(call, "the text is not hexadecimal");
	return value_bytes(buffer_text(&out));
}

/* The longest of the digests is that of SHA-256. */
static struct value digest(struct function_call *call, struct value value,
			   void (*write)(struct text text, char *hex))
{
	char hex[SHA256_HEX];
	struct value error;

	if (!function_afford(call, value.len / 16, &error))
		return error;
	write(value_text(value), hex);
	return value_string(text_of(arena_string(call->arena, hex)));
}

FUNCTION(sha256)
{
	return digest(call, args[0], sha256_text);
}

FUNCTION(sha1)
{
	return digest(call, args[0], sha1_text);
}

FUNCTION(md5)
{
	return digest(call, args[0], md5_text);
}

#define SHA256_DOC "The SHA-256 digest, in hexadecimal."
#define WEAK_DOC " digest, to compare with a sum that others publish; it can be forged."

const struct function functions_encoders[] = {
	PLAIN("base64.encode", "(bytes) -> string", base64_encode, "As base64, padded.",
	      "base64.encode(b'hello') == 'aGVsbG8='"),
	PLAIN("base64.decode", "(string) -> bytes", base64_decode,
	      "What the base64 means; padding may be missing.",
	      "base64.decode('aGVsbG8') == b'hello'"),
	PLAIN("hex.encode", "(bytes) -> string", hex_encode,
	      "In hexadecimal, two small digits a byte.", "hex.encode(b'hi') == '6869'"),
	PLAIN("hex.decode", "(string) -> bytes", hex_decode, "What the hexadecimal digits mean.",
	      "hex.decode('6869') == b'hi'"),
	PLAIN("hash.sha256", "(string) -> string", sha256, SHA256_DOC,
	      "hash.sha256('abc').startsWith('ba7816bf')"),
	PLAIN("hash.sha256", "(bytes) -> string", sha256, SHA256_DOC,
	      "hash.sha256(b'abc').endsWith('f20015ad')"),
	PLAIN("hash.sha1", "(string) -> string", sha1, "The SHA-1" WEAK_DOC,
	      "hash.sha1('abc') == 'a9993e364706816aba3e25717850c26c9cd0d89d'"),
	PLAIN("hash.sha1", "(bytes) -> string", sha1, "The SHA-1" WEAK_DOC,
	      "hash.sha1(b'') == 'da39a3ee5e6b4b0d3255bfef95601890afd80709'"),
	PLAIN("hash.md5", "(string) -> string", md5, "The MD5" WEAK_DOC,
	      "hash.md5('abc') == '900150983cd24fb0d6963f7d28e17f72'"),
	PLAIN("hash.md5", "(bytes) -> string", md5, "The MD5" WEAK_DOC,
	      "hash.md5(b'') == 'd41d8cd98f00b204e9800998ecf8427e'"),
	{ 0 },
};
