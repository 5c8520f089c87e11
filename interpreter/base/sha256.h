/*
 * sha256: FIPS 180-4, own code, because one digest through OpenSSL costs 1.5 ms of start-up and
 * every run writes chained lines.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define SHA256_SIZE 32
#define SHA256_HEX (2 * SHA256_SIZE + 1)

struct sha256 {
	uint32_t state[8];
	uint64_t bits;
	uint8_t block[64];
	size_t used;
};

void sha256_init(struct sha256 *sha256);
void sha256_add(struct sha256 *sha256, const void *bytes, size_t len);
/* Ends the digest; the struct must be initialised again before another. */
void sha256_end(struct sha256 *sha256, uint8_t digest[SHA256_SIZE]);

/* 64 lower-case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[SHA256_SIZE], char hex[SHA256_HEX]);
/* The digest of one text, as hex. */
void sha256_text(struct text text, char hex[SHA256_HEX]);

#endif
