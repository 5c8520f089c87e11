/* verify: BLAKE2b and Ed25519 by OpenSSL's libcrypto. */
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "io/io.h"

/* The library's own type is behind it. */
static EVP_MD_CTX *context_of(struct blake2b *blake2b)
{
	return (void *)blake2b;
}

static void blake2b_free(void *context)
{
	EVP_MD_CTX_free(context);
}

static struct blake2b *blake2b_open(struct arena *arena)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	if (context)
		arena_defer(arena, blake2b_free, context);
	if (!context || EVP_DigestInit_ex(context, EVP_blake2b512(), NULL) != 1) {
		ERR_clear_error();
		return NULL;
	}
	return (void *)context;
}

static bool blake2b_add(struct blake2b *blake2b, struct text bytes)
{
	return EVP_DigestUpdate(context_of(blake2b), bytes.ptr, bytes.len) == 1;
}

static bool blake2b_end(struct blake2b *blake2b, unsigned char digest[BLAKE2B_SIZE])
{
	return EVP_DigestFinal_ex(context_of(blake2b), digest, NULL) == 1;
}

static bool ed25519(const unsigned char key[ED25519_KEY],
		    const unsigned char signature[ED25519_SIGNATURE], struct text message)
{
	EVP_PKEY *public = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key, ED25519_KEY);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = public && context &&
		    EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1 &&
		    EVP_DigestVerify(context, signature, ED25519_SIGNATURE,
				     (const unsigned char *)message.ptr, message.len) == 1;

	EVP_MD_CTX_free(context);
	EVP_PKEY_free(public);
	ERR_clear_error();
	return good;
}

static const char *library(struct arena *arena)
{
	return arena_format(arena, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
}

const struct verify_driver verify_driver = { blake2b_open, blake2b_add, blake2b_end, ed25519,
					     library };
