/* minisign's format: what is read of a key and of a signature, and what is none. The signatures are
 * made here by the real program. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/module.h"
#include "io/io.h"

#define FILE_TEXT "what is signed\n"

struct desk {
	struct arena arena;
	char folder[64];
	const struct verify_driver *driver;
	struct minisign_key key;
	struct text hashed, legacy; /* signature files of FILE_TEXT */
};

static struct text read_file(struct desk *desk, const char *name)
{
	struct text text;
	const char *path = file_join(desk->folder, name, &desk->arena);
	assert_int_equal(file_read(AT_FDCWD, path, 1 << 20, &desk->arena, &text), 0);
	return text;
}

static int set_up(void **state)
{
	struct desk *desk = calloc(1, sizeof(*desk));
	const char *error;
	struct text public;
	*state = desk;
	arena_init(&desk->arena);
	snprintf(desk->folder, sizeof(desk->folder), "/tmp/runbook-minisign-XXXXXX");
	assert_non_null(mkdtemp(desk->folder));
	desk->driver = module_open("verify", &desk->arena, &error);
	assert_non_null(desk->driver);
	assert_int_equal(
		system(arena_format(&desk->arena,
				    "cd %s && printf '%%s' '" FILE_TEXT
				    "' >a && { minisign -GW -p p -s s && minisign -SHm a -s s -x h "
				    "-t 'a comment' && minisign -Slm a -s s -x l; } >out",
				    desk->folder)),
		0);
	desk->hashed = read_file(desk, "h");
	desk->legacy = read_file(desk, "l");
	public = text_trim(read_file(desk, "p"));
	public = text_slice(public, text_find(public, TEXT("\n"), 0) + 1, public.len);
	assert_true(minisign_read_key(public, &desk->key));
	return 0;
}

static int tear_down(void **state)
{
	struct desk *desk = *state;
	int failed = system(arena_format(&desk->arena, "rm -rf %s", desk->folder));
	arena_done(&desk->arena);
	free(desk);
	return failed;
}

#define DESK(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* The bytes with one of them changed. */
static struct text changed(struct desk *desk, struct text text, size_t at, char byte)
{
	char *copy = arena_copy(&desk->arena, text.ptr, text.len);
	copy[at] = byte;
	return (struct text){ copy, text.len };
}

static struct text digest_of(struct desk *desk, struct text text)
{
	unsigned char *digest = arena_alloc(&desk->arena, BLAKE2B_SIZE);
	struct blake2b *blake2b = desk->driver->blake2b_open(&desk->arena);
	assert_true(desk->driver->blake2b_add(blake2b, text_slice(text, 0, 3)));
	assert_true(desk->driver->blake2b_add(blake2b, text_slice(text, 3, text.len)));
	assert_true(desk->driver->blake2b_end(blake2b, digest));
	return (struct text){ (const char *)digest, BLAKE2B_SIZE };
}

static const char *refusal(struct desk *desk, const struct minisign *signature, struct text message)
{
	return minisign_refusal(desk->driver, signature, &desk->key, message, &desk->arena);
}

static void both_kinds_are_good(void **state)
{
	struct desk *desk = *state;
	struct minisign signature;
	assert_null(minisign_read(desk->hashed, &signature));
	assert_true(signature.hashed);
	assert_true(text_is(signature.comment, "a comment"));
	assert_null(refusal(desk, &signature, digest_of(desk, TEXT(FILE_TEXT))));
	assert_null(minisign_read(desk->legacy, &signature));
	assert_false(signature.hashed);
	assert_true(text_starts(signature.comment, "timestamp:"));
	assert_null(refusal(desk, &signature, TEXT(FILE_TEXT)));
}

static void anything_else_is_refused(void **state)
{
	static const char file[] = "the signature is not that of this file";
	struct desk *desk = *state;
	struct minisign good, signature;
	struct text digest = digest_of(desk, TEXT(FILE_TEXT));
	assert_null(minisign_read(desk->hashed, &good));
	for (size_t i = 0; i < digest.len; i++)
		assert_string_equal(
			refusal(desk, &good, changed(desk, digest, i, (char)(digest.ptr[i] ^ 1))),
			file);
	for (size_t i = 0; i < ED25519_SIGNATURE; i++) {
		signature = good;
		signature.signature[i] ^= 0x10;
		assert_string_equal(refusal(desk, &signature, digest), file);
		signature = good;
		signature.global[i] ^= 0x10;
		assert_non_null(strstr(refusal(desk, &signature, digest), "trusted comment"));
	}
	signature = good;
	signature.comment = TEXT("A comment");
	assert_non_null(strstr(refusal(desk, &signature, digest), "trusted comment"));
	signature = good;
	signature.id[0] ^= 1;
	assert_non_null(strstr(refusal(desk, &signature, digest), "it is signed by the key "));
	desk->key.key[0] ^= 1;
	assert_string_equal(refusal(desk, &good, digest), file);
}

/* As minisign prints it beside the key, which leaves out zeros at the beginning. */
static void a_key_has_an_id(void **state)
{
	struct desk *desk = *state;
	const char *id = minisign_id(desk->key.id, &desk->arena);
	assert_int_equal(strlen(id), 16);
	assert_non_null(
		strstr(read_file(desk, "p").ptr,
		       arena_format(&desk->arena, "public key %s\n", id + strspn(id, "0"))));
}

static void what_is_no_signature(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "", "it does not begin with" },
		{ "untrusted comment: x\n", "its second line" },
		{ "untrusted comment: x\nRW\n", "its second line" },
		{ "comment: x\n", "it does not begin with" },
	};
	struct desk *desk = *state;
	struct minisign signature;
	struct text good = desk->hashed;
	size_t body = text_find(good, TEXT("\n"), 0) + 1;
	size_t comment = text_find(good, TEXT("\n"), body) + 1;
	size_t global = text_find(good, TEXT("\n"), comment) + 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_non_null(
			strstr(minisign_read(text_of(rows[i].text), &signature), rows[i].why));
	for (size_t len = 0; len < good.len - 1; len++)
		assert_non_null(minisign_read(text_slice(good, 0, len), &signature));
	assert_null(minisign_read(text_slice(good, 0, good.len - 1), &signature));
	assert_non_null(
		strstr(minisign_read(changed(desk, good, body, 'S'), &signature), "its algorithm"));
	assert_non_null(strstr(minisign_read(changed(desk, good, body + 9, '-'), &signature),
			       "its second line"));
	/* The last digit holds two bits that belong to no byte: it has one right spelling. */
	assert_non_null(strstr(
		minisign_read(changed(desk, good, body + 98, (char)(good.ptr[body + 98] + 1)),
			      &signature),
		"its second line"));
	assert_non_null(strstr(minisign_read(changed(desk, good, comment, 'T'), &signature),
			       "no trusted comment"));
	assert_non_null(strstr(minisign_read(changed(desk, good, global, '.'), &signature),
			       "is not signed"));
	assert_non_null(strstr(
		minisign_read(text_of(arena_format(&desk->arena, "%.*smore\n", TEXT_ARG(good))),
			      &signature),
		"something stands behind"));
}

/* Line ends of another system change nothing: they belong to no part. */
static void line_ends_may_be_two_bytes(void **state)
{
	struct desk *desk = *state;
	struct minisign signature;
	struct buffer text;
	buffer_init(&text, &desk->arena);
	for (size_t i = 0; i < desk->hashed.len; i++)
		buffer_printf(&text, "%s%c", desk->hashed.ptr[i] == '\n' ? "\r" : "",
			      desk->hashed.ptr[i]);
	assert_null(minisign_read(buffer_text(&text), &signature));
	assert_null(refusal(desk, &signature, digest_of(desk, TEXT(FILE_TEXT))));
}

static void what_is_no_key(void **state)
{
	static const char *const rows[] = {
		"",
		"RWQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdD",
		"RWQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdDN=",
		"RWQ3CB6YEX2R7CaRr_s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdDN",
		"RUQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdDN",
		"RWQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPd==",
	};
	struct minisign_key key;
	(void)state;
	assert_true(minisign_read_key(
		TEXT("RWQ3CB6YEX2R7CaRr+s5Vn6BG8CNf91UwGW1qIhw23KCg5lS90moPdDN"), &key));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_false(minisign_read_key(text_of(rows[i]), &key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(both_kinds_are_good),
		DESK(anything_else_is_refused),
		DESK(a_key_has_an_id),
		DESK(what_is_no_signature),
		DESK(line_ends_may_be_two_bytes),
		cmocka_unit_test(what_is_no_key),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
