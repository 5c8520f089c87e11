/* gpgv: what it writes on its status descriptor (doc/DETAILS of GnuPG). */
#include <string.h>
#include <strings.h>

#include "io/io.h"

/* What may not be told, and what it means. */
static const struct {
	const char *keyword;
	const char *why;
} refusals[] = {
	{ "BADSIG", "the signature is not that of this file" },
	{ "EXPSIG", "the signature has expired" },
	{ "EXPKEYSIG", "the key of the signature has expired" },
	{ "REVKEYSIG", "the key of the signature has been revoked" },
	{ "NO_PUBKEY", "the keyring does not hold the key of the signature" },
	{ "ERRSIG", "the signature could not be checked" },
	{ "NODATA", "there is no signature in it" },
	{ "FAILURE", "gpgv could not check it" },
};

struct told {
	const char *why;
	int signatures, good, valid;
	struct text digest; /* the number of its algorithm */
	struct text fingerprint;
};

static struct text next_word(struct text *line)
{
	size_t end = text_find(*line, TEXT(" "), 0);
	struct text word = text_slice(*line, 0, end);

	*line = text_slice(*line, end == SIZE_MAX ? line->len : end + 1, line->len);
	return word;
}

enum { VALID_DIGEST = 7, VALID_PRIMARY = 9, VALID_WORDS };

/* "FPR DATE TIME EXPIRES VERSION - KEY-ALGORITHM DIGEST-ALGORITHM CLASS PRIMARY-FPR" */
static void read_valid(struct told *told, struct text rest)
{
	struct text words[VALID_WORDS];

	for (size_t i = 0; i < VALID_WORDS; i++)
		words[i] = next_word(&rest);
	told->digest = words[VALID_DIGEST];
	told->fingerprint = words[VALID_PRIMARY];
}

static void read_line(struct told *told, struct text line)
{
	struct text rest = line;

	if (!text_is(next_word(&rest), "[GNUPG:]"))
		return;
	struct text keyword = next_word(&rest);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
		if (text_is(keyword, refusals[i].keyword))
			told->why = refusals[i].why;
	told->signatures += text_is(keyword, "NEWSIG");
	told->good += text_is(keyword, "GOODSIG");
	if (text_is(keyword, "VALIDSIG")) {
		told->valid++;
		read_valid(told, rest);
	}
}

static bool is_full(struct text fingerprint)
{
	if (fingerprint.len != GPG_FINGERPRINT && fingerprint.len != 64)
		return false;
	for (size_t i = 0; i < fingerprint.len; i++)
		if (!strchr("0123456789ABCDEF", fingerprint.ptr[i]) || !fingerprint.ptr[i])
			return false;
	return true;
}

static bool is_broken(struct text digest)
{
	return text_is(digest, "1") || text_is(digest, "2") || text_is(digest, "3");
}

const char *gpgv_refusal(struct text status, const char **fingerprint, struct arena *arena)
{
	struct told told = { 0 };

	for (size_t from = 0; from < status.len;) {
		size_t end = text_find(status, TEXT("\n"), from);

		read_line(&told, text_slice(status, from, end));
		from = end == SIZE_MAX ? status.len : end + 1;
	}
	if (told.why)
		return told.why;
	if (told.signatures > 1 || told.valid > 1 || told.good > 1)
		return "there is more than one signature";
	if (told.signatures != 1 || told.valid != 1 || told.good != 1)
		return "gpgv names no valid signature";
	if (!is_full(told.fingerprint))
		return "gpgv names no full fingerprint";
	if (is_broken(told.digest))
		return "the signature is made over a digest that is broken (MD5, SHA-1, "
		       "RIPEMD-160)";
	*fingerprint = arena_text(arena, told.fingerprint).ptr;
	return NULL;
}
