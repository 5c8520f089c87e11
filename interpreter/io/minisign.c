/* minisign: the two texts of its format. https://jedisct1.github.io/minisign/#signature-format */
#include <inttypes.h>
#include <string.h>

#include "io/io.h"

static int digit_of(char byte)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = memchr(digits, byte, sizeof(digits) - 1);

	return at ? (int)(at - digits) : -1;
}

/* Base64 of exactly len bytes, padded, in its one right spelling. */
static bool read_base64(struct text text, unsigned char *bytes, size_t len)
{
	size_t digits = (len * 8 + 5) / 6;
	uint32_t group = 0;
	unsigned bits = 0;

	if (text.len != (len + 2) / 3 * 4)
		return false;
	for (size_t i = digits; i < text.len; i++)
		if (text.ptr[i] != '=')
			return false;
	for (size_t i = 0; i < digits; i++) {
		int digit = digit_of(text.ptr[i]);

		if (digit < 0)
			return false;
		group = group << 6 | (uint32_t)digit;
		bits += 6;
		if (bits < 8)
			continue;
		bits -= 8;
		*bytes++ = (unsigned char)(group >> bits);
		group &= (1u << bits) - 1;
	}
	return group == 0;
}

/* The next line without its end; the rest moves behind it. */
static struct text next_line(struct text *rest)
{
	size_t end = text_find(*rest, TEXT("\n"), 0);
	struct text line = text_slice(*rest, 0, end);

	*rest = text_slice(*rest, end == SIZE_MAX ? rest->len : end + 1, rest->len);
	return text_ends(line, "\r") ? text_slice(line, 0, line.len - 1) : line;
}

#define ALGORITHM 2

bool minisign_read_key(struct text text, struct minisign_key *key)
{
	unsigned char bytes[ALGORITHM + MINISIGN_ID + ED25519_KEY];

	if (!read_base64(text, bytes, sizeof(bytes)) || memcmp(bytes, "Ed", ALGORITHM) != 0)
		return false;
	memcpy(key->id, bytes + ALGORITHM, MINISIGN_ID);
	memcpy(key->key, bytes + ALGORITHM + MINISIGN_ID, ED25519_KEY);
	return true;
}

const char *minisign_read(struct text text, struct minisign *signature)
{
	unsigned char bytes[ALGORITHM + MINISIGN_ID + ED25519_SIGNATURE];
	const struct text trusted = TEXT("trusted comment: ");
	struct text rest = text;
	struct text untrusted = next_line(&rest);
	struct text body = next_line(&rest);
	struct text comment = next_line(&rest);
	struct text global = next_line(&rest);

	if (!text_starts(untrusted, "untrusted comment: "))
		return "it does not begin with 'untrusted comment: '";
	if (!read_base64(body, bytes, sizeof(bytes)))
		return "its second line is no signature";
	if (memcmp(bytes, "Ed", ALGORITHM) != 0 && memcmp(bytes, "ED", ALGORITHM) != 0)
		return "its algorithm is not one of minisign";
	if (!text_starts(comment, trusted.ptr))
		return "it has no trusted comment";
	signature->comment = text_slice(comment, trusted.len, comment.len);
	if (signature->comment.len > MINISIGN_COMMENT_MAX)
		return "its trusted comment is too long";
	if (!read_base64(global, signature->global, ED25519_SIGNATURE))
		return "its trusted comment is not signed";
	if (text_trim(rest).len > 0)
		return "something stands behind its four lines";
	signature->hashed = bytes[1] == 'D';
	memcpy(signature->id, bytes + ALGORITHM, MINISIGN_ID);
	memcpy(signature->signature, bytes + ALGORITHM + MINISIGN_ID, ED25519_SIGNATURE);
	return NULL;
}

const char *minisign_id(const unsigned char id[MINISIGN_ID], struct arena *arena)
{
	uint64_t number = 0;

	for (size_t i = MINISIGN_ID; i-- > 0;)
		number = number << 8 | id[i];
	return arena_format(arena, "%016" PRIX64, number);
}

const char *minisign_refusal(const struct verify_driver *driver, const struct minisign *signature,
			     const struct minisign_key *key, struct text message,
			     struct arena *arena)
{
	struct buffer commented;

	if (memcmp(signature->id, key->id, MINISIGN_ID) != 0)
		return arena_format(arena, "it is signed by the key %s, not by %s",
				    minisign_id(signature->id, arena), minisign_id(key->id, arena));
	if (!driver->ed25519(key->key, signature->signature, message))
		return "the signature is not that of this file";
	buffer_init(&commented, arena);
	buffer_add(&commented,
		   (struct text){ (const char *)signature->signature, ED25519_SIGNATURE });
	buffer_add(&commented, signature->comment);
	if (!driver->ed25519(key->key, signature->global, buffer_text(&commented)))
		return "the trusted comment is not the one that was signed";
	return NULL;
}
