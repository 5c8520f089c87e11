#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/weak_digest.h"

/* What the two standards give as examples, and each length at which padding takes another turn. */
static const struct {
	const char *unit;
	size_t times;
	const char *sha1, *md5;
} rows[] = {
	{ "", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e" },
	{ "abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d",
	  "900150983cd24fb0d6963f7d28e17f72" },
	{ "a", 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a", "ef1772b6dff9a122358552954ad0df65" },
	{ "a", 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699", "3b0c8ac703f828b04c6c197006d17218" },
	{ "a", 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5", "b06521f39153d618550606be297466d5" },
	{ "a", 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d", "014842d480b571495a4a0363793f7367" },
	{ "a", 65, "11655326c708d70319be2610e8a57d9a5b959d3b", "c743a45e0d2e6a95cb859adae0248435" },
	{ "a", 119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56",
	  "8a7bd0732ed6a28ce75f6dabc90e1613" },
	{ "a", 120, "f34c1488385346a55709ba056ddd08280dd4c6d6",
	  "5f61c0ccad4cac44c75ff505e1f1e537" },
	{ "a", 1000, "291e9a6c66994949b57ba5e650361e98fc36b1ba",
	  "cabe45dcc9ae5b66ba86600cca6b8ba8" },
};

static void gives_what_the_standards_say(void **state)
{
	static char bytes[1000];
	char sha1[SHA1_HEX], md5[MD5_HEX];
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t unit = strlen(rows[i].unit);
		for (size_t k = 0; k < rows[i].times; k++)
			memcpy(bytes + k * unit, rows[i].unit, unit);
		struct text text = { bytes, unit * rows[i].times };
		sha1_text(text, sha1);
		md5_text(text, md5);
		assert_string_equal(sha1, rows[i].sha1);
		assert_string_equal(md5, rows[i].md5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_the_standards_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
