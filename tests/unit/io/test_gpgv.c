/* What gpgv says on its status descriptor: one good signature, or why not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/io.h"

#define PRINT "64BB706571F69B41FB1C54C41D90063FDB095818"
#define SUB "1111111111111111111111111111111111111111"
#define NEW "[GNUPG:] NEWSIG\n"
#define GOOD "[GNUPG:] GOODSIG 1D90063FDB095818 T <t@example.org>\n"
#define VALID_OF(digest, primary) \
	"[GNUPG:] VALIDSIG " SUB " 2026-11-26 1795658716 0 4 0 22 " digest " 00 " primary "\n"
#define VALID VALID_OF("8", PRINT)

static const char *why(struct arena *arena, const char *status, const char **print)
{
	*print = NULL;
	return gpgv_refusal(text_of(status), print, arena);
}

static void one_good_signature(void **state)
{
	static const char *const rows[] = {
		NEW GOOD VALID,
		"[GNUPG:] NEWSIG t@example.org\n[GNUPG:] KEY_CONSIDERED " PRINT " 0\n" GOOD VALID,
		"gpgv: BADSIG is only a word here\n" NEW GOOD VALID,
		/* of another key of the keyring, which made nothing here */
		NEW "[GNUPG:] KEYEXPIRED 1580515200\n" GOOD VALID,
	};
	struct arena arena;
	const char *print;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(why(&arena, rows[i], &print));
		assert_string_equal(print, PRINT);
	}
	arena_done(&arena);
}

static void anything_else(void **state)
{
	static const struct {
		const char *status;
		const char *why;
	} rows[] = {
		{ "", "names no valid signature" },
		{ NEW, "names no valid signature" },
		{ NEW GOOD, "names no valid signature" },
		{ NEW VALID, "names no valid signature" },
		{ GOOD VALID, "names no valid signature" },
		{ NEW GOOD VALID VALID, "more than one" },
		{ NEW GOOD GOOD VALID, "more than one" },
		{ NEW NEW GOOD VALID, "more than one" },
		{ NEW GOOD VALID NEW GOOD VALID, "more than one" },
		{ NEW GOOD VALID "[GNUPG:] BADSIG 1 T\n", "not that of this file" },
		{ NEW "[GNUPG:] BADSIG 1D90063FDB095818 T\n" GOOD VALID, "not that of this file" },
		{ NEW "[GNUPG:] EXPSIG 1 T\n" VALID, "the signature has expired" },
		{ NEW "[GNUPG:] EXPKEYSIG 1 T\n" VALID, "the key of the signature has expired" },
		{ NEW "[GNUPG:] REVKEYSIG 1 T\n" VALID, "has been revoked" },
		{ NEW "[GNUPG:] ERRSIG 1 22 8 00 1 9\n[GNUPG:] NO_PUBKEY 1\n", "does not hold" },
		{ NEW "[GNUPG:] ERRSIG 1 22 8 00 1 4\n", "could not be checked" },
		{ "[GNUPG:] NODATA 4\n", "there is no signature in it" },
		{ NEW GOOD VALID "[GNUPG:] FAILURE gpg-exit 1\n", "could not check" },
		{ NEW GOOD VALID_OF("2", PRINT), "broken" },
		{ NEW GOOD VALID_OF("1", PRINT), "broken" },
		{ NEW GOOD VALID_OF("3", PRINT), "broken" },
		{ NEW GOOD VALID_OF("8", "DB095818"), "no full fingerprint" },
		{ NEW GOOD VALID_OF("8", "64bb706571f69b41fb1c54c41d90063fdb095818"), "no full" },
		{ NEW GOOD "[GNUPG:] VALIDSIG " PRINT "\n", "no full fingerprint" },
		/* words of the signer are no status */
		{ NEW "[GNUPG:] GOODSIG 1 VALIDSIG " PRINT "\n", "names no valid signature" },
		{ " [GNUPG:] NEWSIG\n" GOOD VALID, "names no valid signature" },
	};
	struct arena arena;
	const char *print;
	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *told = why(&arena, rows[i].status, &print);
		if (!told || !strstr(told, rows[i].why) || print)
			fail_msg("%s: %s", rows[i].status, told ? told : "accepted");
	}
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_good_signature),
		cmocka_unit_test(anything_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
