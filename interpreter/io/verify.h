/*
 * verify: who signed a file. minisign's keys and signatures, which io/minisign.c reads and
 * io/verify.c (OpenSSL's libcrypto) computes, and what gpgv says of a signature, which io/gpgv.c
 * reads. A part of io/io.h, which others include.
 */
#ifndef IO_VERIFY_H
#define IO_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define ED25519_KEY 32
#define ED25519_SIGNATURE 64
#define BLAKE2B_SIZE 64

/* A digest on its way. */
struct blake2b;

/* What io/verify.c exports; found with module_open("verify"). */
struct verify_driver {
	/* BLAKE2b-512 of bytes that come one after another; ended with the arena. NULL, or false,
	 * when the library has no memory. */
	struct blake2b *(*blake2b_open)(struct arena *arena);
	bool (*blake2b_add)(struct blake2b *blake2b, struct text bytes);
	bool (*blake2b_end)(struct blake2b *blake2b, unsigned char digest[BLAKE2B_SIZE]);
	/* Whether it is this key's signature of the message (RFC 8032). */
	bool (*ed25519)(const unsigned char key[ED25519_KEY],
			const unsigned char signature[ED25519_SIGNATURE], struct text message);
	/* Name and version of the library below it: "OpenSSL 3.0.11". */
	const char *(*library)(struct arena *arena);
};

extern const struct verify_driver verify_driver;

/* ---- minisign ---- */

#define MINISIGN_ID 8
#define MINISIGN_COMMENT_MAX 8192 /* bytes of the trusted comment, as minisign has it */

struct minisign_key {
	unsigned char id[MINISIGN_ID];
	unsigned char key[ED25519_KEY];
};

struct minisign {
	bool hashed; /* it signs the BLAKE2b-512 of the file, else the file itself (legacy) */
	unsigned char id[MINISIGN_ID];
	unsigned char signature[ED25519_SIGNATURE];
	struct text comment;                     /* the trusted one; borrowed from what was read */
	unsigned char global[ED25519_SIGNATURE]; /* of the signature and the comment */
};

/* Reads the public key, the second line of minisign.pub: false when it is none. */
bool minisign_read_key(struct text text, struct minisign_key *key);

/* Reads a signature file. NULL, or why it is none. */
const char *minisign_read(struct text text, struct minisign *signature);

/* As minisign prints it: "EC917D11981E0837". */
const char *minisign_id(const unsigned char id[MINISIGN_ID], struct arena *arena);

/* NULL if it is the key's signature of the message (the digest, if it is hashed) and of its own
 * trusted comment; else why not. */
const char *minisign_refusal(const struct verify_driver *driver, const struct minisign *signature,
			     const struct minisign_key *key, struct text message,
			     struct arena *arena);

/* ---- gpgv ---- */

#define GPG_FINGERPRINT 40 /* hex digits; 64 of a key of version 5 */

/*
 * Reads what `gpgv --status-fd` wrote. NULL if it tells of exactly one signature, which is good,
 * whose key and itself are neither expired nor revoked, and whose digest is not a broken one (MD5,
 * SHA-1, RIPEMD-160); then *fingerprint is that of the primary key, in full and in upper case. Else
 * why not.
 */
const char *gpgv_refusal(struct text status, const char **fingerprint, struct arena *arena);

#endif
