/* What an operator reads when the store cannot be used. */
#include <errno.h>
#include <pwd.h>
#include <string.h>

#include "record/internal.h"

static const struct {
	int number;
	const char *hint; /* %s: the path */
} hints[] = {
	{ ENOSPC, "Free some space there; this shows how full it is: df -h %s" },
	{ EDQUOT, "The quota of the user is used up: free some space, or have it raised (%s)." },
	{ EROFS, "The file system of %s is mounted read-only; --state DIR names another place." },
	{ EACCES, "Look at the owners and modes on the way to it: namei -l %s" },
	{ EPERM, "Look at the owners and modes on the way to it: namei -l %s" },
	{ ELOOP, "%s is a symbolic link; only a real folder is used." },
	{ ENOTDIR, "%s must be a real folder, not a file or a symbolic link." },
};

static bool is_safe(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= 'a' && byte <= 'z') || (byte && strchr("/._+,:@%=-", byte));
}

const char *store_quote(const char *word, struct arena *arena)
{
	struct buffer out;
	size_t safe = 0;

	while (is_safe(word[safe]))
		safe++;
	if (safe && !word[safe])
		return word;
	buffer_init(&out, arena);
	buffer_putc(&out, '\'');
	for (; *word; word++) {
		if (*word == '\'')
			buffer_puts(&out, "'\\'");
		buffer_putc(&out, *word);
	}
	buffer_putc(&out, '\'');
	return buffer_string(&out);
}

const char *store_user(unsigned uid, struct arena *arena)
{
	char text[4096];
	struct passwd entry;
	struct passwd *found = NULL;

	if (getpwuid_r(uid, &entry, text, sizeof(text), &found) == 0 && found)
		return arena_string(arena, found->pw_name);
	return arena_format(arena, "%u", uid);
}

/* The format is one of the rows above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static const char *hint_for(int number, const char *path, struct arena *arena)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].number == number)
			return arena_format(arena, hints[i].hint, store_quote(path, arena));
	return NULL;
}
#pragma GCC diagnostic pop

bool store_fail(struct store_error *error, struct arena *arena, const char *verb, const char *path,
		int number)
{
	error->message = arena_format(arena, "cannot %s '%s': %s", verb, path, strerror(number));
	error->hint = hint_for(number, path, arena);
	return false;
}
