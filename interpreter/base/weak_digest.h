/*
 * weak_digest: SHA-1 and MD5, for comparing with sums that others publish. Both can be forged: what
 * protects anything is sha256.
 */
#ifndef BASE_WEAK_DIGEST_H
#define BASE_WEAK_DIGEST_H

#include "base/text.h"

#define SHA1_HEX (2 * 20 + 1)
#define MD5_HEX (2 * 16 + 1)

/* The digest of a text: lower-case hex digits and a NUL. */
void sha1_text(struct text text, char hex[SHA1_HEX]);
void md5_text(struct text text, char hex[MD5_HEX]);

#endif
