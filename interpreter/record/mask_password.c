/* Passwords that stand inside of a secret: of a URL, and of the keywords of a connection. A
 * driver's message may quote them alone. */
#include <ctype.h>
#include <string.h>

#include "record/internal.h"

struct passwords {
	struct text secret;
	struct arena *arena;
	void (*give)(void *data, struct text password);
	void *data;
};

static size_t find_any(struct text text, const char *bytes, size_t from)
{
	while (from < text.len && !(text.ptr[from] && strchr(bytes, text.ptr[from])))
		from++;
	return from;
}

static int digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return isxdigit((unsigned char)byte) ? tolower((unsigned char)byte) - 'a' + 10 : -1;
}

/* As it stands, and without its percent-encoding. */
static void give_part(const struct passwords *passwords, size_t from, size_t to)
{
	struct text part = text_slice(passwords->secret, from, to);
	struct buffer decoded;

	if (part.len == 0)
		return;
	passwords->give(passwords->data, part);
	buffer_init(&decoded, passwords->arena);
	for (size_t i = 0; i < part.len; i++) {
		int high = part.ptr[i] == '%' && i + 2 < part.len ? digit(part.ptr[i + 1]) : -1;
		int low = high >= 0 ? digit(part.ptr[i + 2]) : -1;

		buffer_putc(&decoded, low >= 0 ? (char)(high * 16 + low) : part.ptr[i]);
		i += low >= 0 ? 2 : 0;
	}
	if (decoded.len < part.len)
		passwords->give(passwords->data, buffer_text(&decoded));
}

/* USER:PASSWORD@HOST. A '@' or '/' that is not encoded makes it unclear where the password ends:
 * then it is both, up to the first '@' and up to the last. */
static void give_user(const struct passwords *passwords, size_t from)
{
	struct text text = passwords->secret;
	size_t first = find_any(text, "@", from), last = first;
	size_t colon = find_any(text, ":", from) + 1;

	if (colon > first || first == text.len)
		return;
	for (size_t at = first; at < text.len; at = find_any(text, "@", at + 1))
		last = at;
	give_part(passwords, colon, first);
	if (last != first)
		give_part(passwords, colon, last);
}

static void give_parameters(const struct passwords *passwords, size_t from)
{
	struct text text = passwords->secret;

	for (size_t at = find_any(text, "?", from); at < text.len;) {
		size_t end = find_any(text, "&", at + 1), equals = find_any(text, "=", at + 1);

		if (equals < end && text_ends(text_slice(text, at + 1, equals), "password"))
			give_part(passwords, equals + 1, end);
		at = end;
	}
}

/* The value of a keyword, which begins there: without quotes and backslashes. */
static void give_keyword(const struct passwords *passwords, size_t at)
{
	struct text text = passwords->secret;
	bool quoted = at < text.len && text.ptr[at] == '\'';
	struct buffer value;

	buffer_init(&value, passwords->arena);
	for (at += quoted; at < text.len; at++) {
		if (quoted ? text.ptr[at] == '\'' : isspace((unsigned char)text.ptr[at]))
			break;
		at += text.ptr[at] == '\\' && at + 1 < text.len;
		buffer_putc(&value, text.ptr[at]);
	}
	passwords->give(passwords->data, buffer_text(&value));
}

static size_t skip_blanks(struct text text, size_t at)
{
	while (at < text.len && isspace((unsigned char)text.ptr[at]))
		at++;
	return at;
}

static void give_keywords(const struct passwords *passwords)
{
	static const char word[] = "password";
	struct text text = passwords->secret;
	size_t at = 0;

	while ((at = text_find(text, TEXT(word), at)) != SIZE_MAX) {
		at = skip_blanks(text, at + strlen(word));
		if (at < text.len && text.ptr[at] == '=')
			give_keyword(passwords, skip_blanks(text, at + 1));
	}
}

void mask_passwords(struct text secret, struct arena *arena,
		    void (*give)(void *data, struct text password), void *data)
{
	const struct passwords passwords = { secret, arena, give, data };
	size_t scheme = text_find(secret, TEXT("://"), 0);

	if (scheme == SIZE_MAX) {
		give_keywords(&passwords);
		return;
	}
	give_user(&passwords, scheme + strlen("://"));
	give_parameters(&passwords, scheme);
}
