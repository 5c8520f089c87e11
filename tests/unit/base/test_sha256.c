#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/sha256.h"

static void digests_the_vectors_of_the_standard(void **state)
{
	/* FIPS 180-2 appendix B, and the empty message of the NIST example set. */
	static const struct {
		const char *message, *digest;
	} vectors[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[SHA256_HEX];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		sha256_text(text_of(vectors[i].message), hex);
		assert_string_equal(hex, vectors[i].digest);
	}
}

static void digests_a_million_letters_in_parts(void **state)
{
	char letters[997];
	uint8_t digest[SHA256_SIZE];
	char hex[SHA256_HEX];
	struct sha256 sha256;
	size_t left = 1000000;

	(void)state;
	memset(letters, 'a', sizeof(letters));
	sha256_init(&sha256);
	while (left) {
		size_t part = left < sizeof(letters) ? left : sizeof(letters);

		sha256_add(&sha256, letters, part);
		left -= part;
	}
	sha256_end(&sha256, digest);
	sha256_hex(digest, hex);
	assert_string_equal(hex,
			    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* The files are random bytes of lengths 0 to 299; the same seed makes them again. */
static void agrees_with_sha256sum_on_every_length_around_a_block(void **state)
{
	char folder[] = "/tmp/runbook-sha256-XXXXXX";
	struct arena arena;
	char line[128], hex[SHA256_HEX];
	FILE *answers;
	size_t count = 0;

	(void)state;
	arena_init(&arena);
	assert_non_null(mkdtemp(folder));
	srandom(20261124);
	for (size_t len = 0; len < 300; len++) {
		FILE *file = fopen(arena_format(&arena, "%s/%03zu", folder, len), "w");

		assert_non_null(file);
		for (size_t i = 0; i < len; i++)
			fputc((int)(random() & 0xff), file);
		assert_int_equal(fclose(file), 0);
	}
	srandom(20261124);
	answers = popen(arena_format(&arena, "cd %s && sha256sum *", folder), "r");
	assert_non_null(answers);
	while (fgets(line, sizeof(line), answers)) {
		char *bytes = arena_alloc(&arena, count + 1);

		for (size_t i = 0; i < count; i++)
			bytes[i] = (char)(random() & 0xff);
		sha256_text((struct text){ bytes, count }, hex);
		assert_memory_equal(line, hex, SHA256_HEX - 1);
		unlink(arena_format(&arena, "%s/%03zu", folder, count++));
	}
	assert_int_equal(pclose(answers), 0);
	assert_int_equal(count, 300);
	assert_int_equal(rmdir(folder), 0);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_the_vectors_of_the_standard),
		cmocka_unit_test(digests_a_million_letters_in_parts),
		cmocka_unit_test(agrees_with_sha256sum_on_every_length_around_a_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
