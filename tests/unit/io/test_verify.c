/* The digests and signatures of libcrypto, against the published vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/module.h"
#include "io/io.h"

static const struct verify_driver *driver_of(struct arena *arena)
{
	const char *error;
	const struct verify_driver *driver = module_open("verify", arena, &error);
	assert_non_null(driver);
	return driver;
}

static void from_hex(const char *hex, unsigned char *bytes)
{
	for (; *hex; hex += 2)
		assert_int_equal(sscanf(hex, "%2hhx", bytes++), 1);
}

/* RFC 7693, appendix A. */
static void blake2b_of_abc(void **state)
{
	unsigned char digest[BLAKE2B_SIZE], wanted[BLAKE2B_SIZE];
	struct arena arena;
	(void)state;
	arena_init(&arena);
	const struct verify_driver *driver = driver_of(&arena);
	struct blake2b *blake2b = driver->blake2b_open(&arena);
	from_hex("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
		 "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
		 wanted);
	assert_true(driver->blake2b_add(blake2b, TEXT("a")));
	assert_true(driver->blake2b_add(blake2b, TEXT("")));
	assert_true(driver->blake2b_add(blake2b, TEXT("bc")));
	assert_true(driver->blake2b_end(blake2b, digest));
	assert_memory_equal(digest, wanted, sizeof(digest));
	arena_done(&arena);
}

/* RFC 8032, section 7.1, test 2. */
static void ed25519_of_one_byte(void **state)
{
	unsigned char key[ED25519_KEY], signature[ED25519_SIGNATURE];
	struct arena arena;
	(void)state;
	arena_init(&arena);
	const struct verify_driver *driver = driver_of(&arena);
	from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", key);
	from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
		 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
		 signature);
	assert_true(driver->ed25519(key, signature, TEXT("r")));
	assert_false(driver->ed25519(key, signature, TEXT("s")));
	assert_false(driver->ed25519(key, signature, TEXT("")));
	signature[63] ^= 0x10; /* s + the order of the group, or beyond: another spelling */
	assert_false(driver->ed25519(key, signature, TEXT("r")));
	arena_done(&arena);
}

static void it_has_a_version(void **state)
{
	struct arena arena;
	(void)state;
	arena_init(&arena);
	assert_true(text_starts(text_of(driver_of(&arena)->library(&arena)), "OpenSSL 3."));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blake2b_of_abc),
		cmocka_unit_test(ed25519_of_one_byte),
		cmocka_unit_test(it_has_a_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
