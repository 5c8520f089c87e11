#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "io/postgres_internal.h"

#define SQLSTATE_LEN 5

/* ---- one text of several lines ---- */

/* "FATAL:  28P01: password authentication failed": where its code begins, or NULL. */
static const char *find_code(const char *line)
{
	const char *at = line;

	while ((at = strstr(at, ":  "))) {
		size_t len = 0;

		at += 3;
		while (isupper((unsigned char)at[len]) || isdigit((unsigned char)at[len]))
			len++;
		if (len == SQLSTATE_LEN && strncmp(at + len, ": ", 2) == 0)
			return at;
	}
	return NULL;
}

/* Takes the code out of a line. */
static const char *take_code(struct pg_words *words, const char *line, struct arena *arena)
{
	const char *code = find_code(line);

	if (!code)
		return line;
	words->code = arena_copy(arena, code, SQLSTATE_LEN);
	return arena_format(arena, "%.*s%s", (int)(code - 1 - line), line, code + SQLSTATE_LEN + 2);
}

static const char *join(const char *before, const char *separator, const char *line,
			struct arena *arena)
{
	return before ? arena_format(arena, "%s%s%s", before, separator, line) : line;
}

static void read_line(struct pg_words *words, const char *line, struct arena *arena)
{
	static const char detail[] = "DETAIL:  ", hint[] = "HINT:  ", location[] = "LOCATION:  ";

	if (strncmp(line, location, strlen(location)) == 0)
		return;
	if (strncmp(line, detail, strlen(detail)) == 0)
		words->detail = line + strlen(detail);
	else if (strncmp(line, hint, strlen(hint)) == 0)
		words->hint = line + strlen(hint);
	else if (line[0] == '\t')
		words->hint = join(words->hint, " ", line + 1, arena);
	else if (line[0])
		words->message = join(words->message, "; ", take_code(words, line, arena), arena);
}

void pg_words_read(struct pg_words *words, const char *text, struct arena *arena)
{
	*words = (struct pg_words){ 0 };
	while (*text) {
		size_t len = strcspn(text, "\n");

		read_line(words, arena_copy(arena, text, len), arena);
		text += len + (text[len] == '\n');
	}
	if (!words->message)
		words->message = "the connection to the server was lost";
}

/* ---- classes ---- */

static enum io_class class_of_code(const char *code)
{
	static const struct {
		const char *code; /* or how it begins */
		enum io_class class;
	} classes[] = {
		{ "08", IO_CONNECT },    { "28", IO_PERMISSION }, { "3D000", IO_NOT_FOUND },
		{ "53", IO_RESOURCE },   { "57P01", IO_CONNECT }, { "57P02", IO_CONNECT },
		{ "57P03", IO_CONNECT },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strncmp(code, classes[i].code, strlen(classes[i].code)) == 0)
			return classes[i].class;
	}
	return IO_SQL;
}

/* Of what libpq says of a connection. */
static enum io_class class_of_message(const char *message)
{
	static const struct {
		const char *words;
		enum io_class class;
	} classes[] = {
		{ "out of memory", IO_RESOURCE },
		{ "no password supplied", IO_PERMISSION },
		{ "SSL", IO_TLS },
		{ "certificate", IO_TLS },
	};

	if (strncmp(message, "invalid ", strlen("invalid ")) == 0)
		return IO_REFUSED; /* a value in the connection string */
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (strstr(message, classes[i].words))
			return classes[i].class;
	}
	return IO_CONNECT;
}

struct io_failure pg_words_failure(const struct pg_words *words, bool lost)
{
	struct io_failure failure = { words->class, words->code, words->message };

	if (failure.class != IO_NONE)
		return failure;
	if (words->code)
		failure.class = class_of_code(words->code);
	else
		failure.class = lost ? class_of_message(words->message) : IO_RESOURCE;
	return failure;
}

/* ---- what a statement is ---- */

static const char *skip_comment(const char *at)
{
	size_t depth = 0;

	do {
		bool opens = strncmp(at, "/*", 2) == 0, closes = strncmp(at, "*/", 2) == 0;

		depth += opens;
		depth -= closes;
		at += opens || closes ? 2 : 1;
	} while (depth && *at);
	return at;
}

static const char *skip_blank(const char *at)
{
	for (;;) {
		if (*at == ';' || isspace((unsigned char)*at))
			at++;
		else if (strncmp(at, "--", 2) == 0)
			at += strcspn(at, "\r\n");
		else if (strncmp(at, "/*", 2) == 0)
			at = skip_comment(at);
		else
			return at;
	}
}

/* Whether the next word is this one; then *at moves behind it. */
static bool next_is(const char **at, const char *word)
{
	const char *from = skip_blank(*at);
	size_t len = 0;

	while (isalpha((unsigned char)from[len]) || from[len] == '_')
		len++;
	if (len != strlen(word) || strncasecmp(from, word, len) != 0)
		return false;
	*at = from + len;
	return true;
}

bool pg_ends_transaction(const char *statement)
{
	const char *at = statement;

	if (next_is(&at, "prepare"))
		return next_is(&at, "transaction");
	if (next_is(&at, "commit") || next_is(&at, "end") || next_is(&at, "abort"))
		return true;
	if (!next_is(&at, "rollback"))
		return false;
	if (!next_is(&at, "work"))
		next_is(&at, "transaction");
	return !next_is(&at, "to");
}
