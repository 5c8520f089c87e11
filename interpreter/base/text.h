/*
 * text: a run of bytes that somebody else owns, and a buffer that grows one in an arena.
 * A text may hold any byte, NUL too; it is not terminated unless its maker says so.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct text {
	const char *ptr; /* may be NULL only when len is 0 */
	size_t len;      /* bytes */
};

/* A text over a string literal; usable in initialisers. */
#define TEXT(literal) ((struct text){ (literal), sizeof(literal) - 1 })

/* For printf: printf("%.*s", TEXT_ARG(text)). */
#define TEXT_ARG(text) (int)(text).len, (text).ptr ? (text).ptr : ""

/* Over a C string, which must outlive the text; NULL gives the empty text. */
static inline struct text text_of(const char *string)
{
	return (struct text){ string, string ? strlen(string) : 0 };
}

/* The bytes from (included) to to (excluded); both are cut to the text's length. */
static inline struct text text_slice(struct text text, size_t from, size_t to)
{
	if (to > text.len)
		to = text.len;
	if (from > to)
		from = to;
	return (struct text){ text.ptr ? text.ptr + from : NULL, to - from };
}

static inline bool text_equal(struct text a, struct text b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* The first byte tells most words apart: tables of names are walked with it. */
static inline bool text_is(struct text text, const char *string)
{
	if (text.len == 0)
		return *string == '\0';
	return *text.ptr == *string && text_equal(text, text_of(string));
}

/* Bytewise order: below, equal to or above 0. */
int text_compare(struct text a, struct text b);

static inline bool text_starts(struct text text, const char *prefix)
{
	size_t len = strlen(prefix);

	return text.len >= len &&
	       text_equal(text_slice(text, 0, len), (struct text){ prefix, len });
}

bool text_ends(struct text text, const char *suffix);

/* Offset of the first occurrence at or after from, or SIZE_MAX. An empty needle is found at from.
 */
size_t text_find(struct text text, struct text needle, size_t from);

/* Without blanks, tabs and line ends at both ends. */
struct text text_trim(struct text text);

/* Decodes the UTF-8 character at *offset, moves *offset behind it and returns the code point;
 * on a malformed sequence returns -1 and moves by one byte. *offset must be below text.len. */
int32_t text_next(struct text text, size_t *offset);

/* Whether the text is well-formed UTF-8 (RFC 3629: no surrogates, nothing overlong). On failure
 * *bad (may be NULL) is the offset of the first byte that is not. */
bool text_is_utf8(struct text text, size_t *bad);

/* Display cells of a well-formed UTF-8 text: wide characters count 2, combining ones 0. */
size_t text_cells(struct text text);

/* Bytes of the longest beginning that takes at most so many cells; combining characters stay with
 * what they stand on. */
size_t text_fit(struct text text, size_t cells);

/*
 * The candidate that a person most likely meant by word, or NULL: the smallest
 * Damerau-Levenshtein distance, case apart, at most a third of the word's length (at least 1);
 * else the only one that the word begins, of 3 characters or more. candidates: count C strings.
 * Ties go to the first.
 */
const char *text_nearest(struct text word, const char *const *candidates, size_t count);

/* A growing text. Lives in an arena; nothing to free. */
struct buffer {
	struct arena *arena;
	char *ptr;
	size_t len;
	size_t cap;
};

/* buffer_init(&b, arena); empty, no memory yet. */
void buffer_init(struct buffer *buffer, struct arena *arena);
void buffer_add(struct buffer *buffer, struct text text);
void buffer_puts(struct buffer *buffer, const char *string);
void buffer_putc(struct buffer *buffer, char byte);
/* Appends a number in decimal digits. */
void buffer_put_int(struct buffer *buffer, int64_t number);
/* Appends a code point as UTF-8. */
void buffer_put_utf8(struct buffer *buffer, uint32_t code_point);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void buffer_vprintf(struct buffer *buffer, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* What has been collected; valid until the next addition. */
struct text buffer_text(const struct buffer *buffer);
/* The same, NUL-terminated. */
const char *buffer_string(struct buffer *buffer);

#endif
