/* What the parts of the translation of patterns share: the pattern being read, and its escapes. */
#ifndef EXPR_REGEX_TRANSLATE_H
#define EXPR_REGEX_TRANSLATE_H

#include <string.h>

#include "expr/functions.h"

#define MAX_GROUPS 200  /* in one another */
#define MAX_REPEAT 1000 /* also of repetitions in one another, multiplied */

struct translator {
	struct text in;
	size_t at;
	struct buffer *out;
	const char *script; /* what PCRE2 wants before the name of a script */
	struct regex_fault *fault;
	size_t depth;
	uint32_t repeats[MAX_GROUPS + 1]; /* in each open group, the largest product */
	uint32_t product;                 /* of the item before */
	bool has_item;                    /* there is one that can be repeated */
	bool repeated;                    /* and it is already */
};

static inline bool is_digit(int byte)
{
	return byte >= '0' && byte <= '9';
}

static inline bool is_alnum(int byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Notes the fault and gives false. offset: of the pattern. */
bool translator_fail(struct translator *translator, size_t offset, const char *message);

/* The byte ahead of the place, or -1 behind the end. */
int translator_peek(const struct translator *translator, size_t ahead);

/* Steps over a word if it stands at the place. */
bool translator_accept(struct translator *translator, const char *word);

/* A code point that means itself, so written that PCRE2 takes it for nothing else. */
void translator_put_literal(struct translator *translator, int32_t code_point);

/* Something that may be repeated has been read. */
void translator_item_done(struct translator *translator);

/* ---- regex_escape.c ---- */

/* What an escape stands for. */
struct escape {
	int32_t literal;     /* a character; -1: something else */
	const char *outside; /* what to write; NULL: it cannot stand there */
	const char *inside;  /* the same in a class */
};

/* At a backslash; not for \Q, \p and \P. */
bool translator_read_escape(struct translator *translator, struct escape *escape);

/* Whether \p or \P stands at the place; and reading it. */
bool translator_at_property(const struct translator *translator);
bool translator_take_property(struct translator *translator);

/* At a backslash outside of a class: any escape. */
bool translator_take_escape(struct translator *translator);

#endif
