/* FIPS 180-4 section 6.1 and RFC 1321, over a text that is there as a whole. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/weak_digest.h"

#define BLOCK 64
#define WORDS 16

typedef void mix_fn(uint32_t state[], const uint32_t block[WORDS]);

/* What tells the two apart outside of their mixing. */
struct digest {
	bool big_endian;
	size_t words; /* of the state */
	mix_fn *mix;
};

static const uint32_t start[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word << bits | word >> (32 - bits);
}

/* ---- SHA-1 --------------------------------------------------------------------------------- */

static uint32_t sha1_round(size_t i, const uint32_t s[5])
{
	if (i < 20)
		return ((s[1] & s[2]) | (~s[1] & s[3])) + 0x5a827999;
	if (i < 40)
		return (s[1] ^ s[2] ^ s[3]) + 0x6ed9eba1;
	if (i < 60)
		return ((s[1] & s[2]) | (s[1] & s[3]) | (s[2] & s[3])) + 0x8f1bbcdc;
	return (s[1] ^ s[2] ^ s[3]) + 0xca62c1d6;
}

static void sha1_mix(uint32_t state[], const uint32_t block[WORDS])
{
	uint32_t words[80], s[5];
	memcpy(words, block, WORDS * sizeof(*words));
	memcpy(s, state, sizeof(s));
	for (size_t i = WORDS; i < 80; i++)
		words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
	for (size_t i = 0; i < 80; i++) {
		uint32_t next = rotate(s[0], 5) + sha1_round(i, s) + s[4] + words[i];
		s[4] = s[3];
		s[3] = s[2];
		s[2] = rotate(s[1], 30);
		s[1] = s[0];
		s[0] = next;
	}
	for (size_t i = 0; i < 5; i++)
		state[i] += s[i];
}

/* ---- MD5 ----------------------------------------------------------------------------------- */

/* By the quarter of the 64 rounds: the shifts in turn, and which word of the block is next. */
static const struct {
	uint8_t shifts[4];
	uint8_t factor, offset;
} md5_quarters[] = {
	{ { 7, 12, 17, 22 }, 1, 0 },
	{ { 5, 9, 14, 20 }, 5, 1 },
	{ { 4, 11, 16, 23 }, 3, 5 },
	{ { 6, 10, 15, 21 }, 7, 0 },
};

static uint32_t md5_round(size_t quarter, uint32_t b, uint32_t c, uint32_t d)
{
	switch (quarter) {
	case 0:
		return (b & c) | (~b & d);
	case 1:
		return (b & d) | (c & ~d);
	case 2:
		return b ^ c ^ d;
	default:
		return c ^ (b | ~d);
	}
}

static void md5_mix(uint32_t state[], const uint32_t block[WORDS])
{
	uint32_t s[4];
	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < 64; i++) {
		size_t quarter = i / 16;
		size_t word = (md5_quarters[quarter].factor * i + md5_quarters[quarter].offset) %
			      16;
		uint32_t sine = (uint32_t)(fabs(sin((double)(i + 1))) * 0x1p32);
		uint32_t sum = s[0] + md5_round(quarter, s[1], s[2], s[3]) + sine + block[word];
		s[0] = s[3];
		s[3] = s[2];
		s[2] = s[1];
		s[1] += rotate(sum, md5_quarters[quarter].shifts[i % 4]);
	}
	for (size_t i = 0; i < 4; i++)
		state[i] += s[i];
}

/* ---- both ---------------------------------------------------------------------------------- */

static void mix_block(const struct digest *digest, const unsigned char bytes[BLOCK],
		      uint32_t state[])
{
	uint32_t block[WORDS] = { 0 };
	for (size_t i = 0; i < BLOCK; i++) {
		unsigned place = digest->big_endian ? 3 - i % 4 : i % 4;
		block[i / 4] |= (uint32_t)bytes[i] << (8 * place);
	}
	digest->mix(state, block);
}

/* The last bytes, a one, zeros, and the length in bits. */
static void mix_end(const struct digest *digest, struct text text, uint32_t state[])
{
	unsigned char last[2 * BLOCK] = { 0 };
	size_t rest = text.len % BLOCK;
	size_t size = rest + 9 > BLOCK ? 2 * BLOCK : BLOCK;
	uint64_t bits = 8 * (uint64_t)text.len;

	if (rest > 0)
		memcpy(last, text.ptr + text.len - rest, rest);
	last[rest] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[size - 8 + i] = (unsigned char)(bits >> 8 * (digest->big_endian ? 7 - i : i));
	for (size_t at = 0; at < size; at += BLOCK)
		mix_block(digest, last + at, state);
}

static void digest_text(const struct digest *digest, struct text text, char *hex)
{
	uint32_t state[sizeof(start) / sizeof(*start)];
	memcpy(state, start, sizeof(start));
	for (size_t at = 0; text.len - at >= BLOCK; at += BLOCK)
		mix_block(digest, (const unsigned char *)text.ptr + at, state);
	mix_end(digest, text, state);
	for (size_t i = 0; i < 4 * digest->words; i++) {
		unsigned place = digest->big_endian ? 3 - i % 4 : i % 4;
		snprintf(hex + 2 * i, 3, "%02x", state[i / 4] >> (8 * place) & 0xff);
	}
}

void sha1_text(struct text text, char hex[SHA1_HEX])
{
	static const struct digest sha1 = { true, 5, sha1_mix };
	digest_text(&sha1, text, hex);
}

void md5_text(struct text text, char hex[MD5_HEX])
{
	static const struct digest md5 = { false, 4, md5_mix };
	digest_text(&md5, text, hex);
}
