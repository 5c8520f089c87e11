/* A pattern behind its length (one byte), then the subject. A pattern of the dialect is one of
 * PCRE2's too; every match ends within the limits and lies on whole characters of the subject. */
#include "fuzz.h"

#include "expr/functions.h"

#define GROUPS 8
#define FUEL 1000000

/* Whether a place of a well-formed text is between two characters. */
static bool is_border(struct text text, size_t at)
{
	return at == text.len || ((unsigned char)text.ptr[at] & 0xc0) != 0x80;
}

static void match_all(const struct regex *regex, struct text subject)
{
	struct text groups[GROUPS];
	size_t count = regex_groups(regex) + 1;
	const struct match_groups wanted = { groups, count < GROUPS ? count : GROUPS };
	uint64_t fuel = FUEL;
	const char *error = NULL;

	for (size_t from = 0; from <= subject.len;) {
		int found = regex_match(regex, subject, from, &wanted, &fuel, &error);
		REQUIRE(found >= -1 && found <= 1);
		REQUIRE(found != -1 || error);
		if (found != 1)
			return;
		for (size_t i = 0; i < count && i < GROUPS; i++) {
			if (!groups[i].ptr)
				continue;
			size_t start = (size_t)(groups[i].ptr - subject.ptr);
			REQUIRE(start <= subject.len && groups[i].len <= subject.len - start);
			REQUIRE(is_border(subject, start));
			REQUIRE(is_border(subject, start + groups[i].len));
		}
		size_t end = (size_t)(groups[0].ptr - subject.ptr) + groups[0].len;
		REQUIRE(end >= from);
		from = end > from ? end : end + 1;
		while (from < subject.len && !is_border(subject, from))
			from++;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	const char *error = NULL;
	size_t offset = 0;

	if (size == 0)
		return 0;
	struct text text = fuzz_text(data + 1, size - 1);
	struct text pattern = text_slice(text, 0, data[0]);
	struct text subject = text_slice(text, data[0], text.len);
	/* Strings of the language are UTF-8. */
	if (!text_is_utf8(pattern, NULL) || !text_is_utf8(subject, NULL) || !subject.ptr)
		return 0;
	arena_init(&arena);
	const struct regex *regex = regex_compile(pattern, &arena, &error, &offset);
	if (regex)
		match_all(regex, subject);
	else
		REQUIRE(error && offset <= pattern.len);
	arena_done(&arena);
	return 0;
}
