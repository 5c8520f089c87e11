/* text: which name a person meant. */
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* Names are short; a longer word is nobody's misspelling. */
#define LONGEST 64
#define SHORTEST 3 /* a shorter word is the beginning of anything */

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

static char fold(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* Damerau-Levenshtein distance (optimal string alignment: neighbours swapped count once). */
static size_t distance(struct text a, struct text b)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= b.len; j++)
		above[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t *oldest = before;

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			bool same = fold(a.ptr[i - 1]) == fold(b.ptr[j - 1]);

			row[j] = min(above[j - 1] + !same, min(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && fold(a.ptr[i - 1]) == fold(b.ptr[j - 2]) &&
			    fold(a.ptr[i - 2]) == fold(b.ptr[j - 1]))
				row[j] = min(row[j], before[j - 2] + 1);
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[b.len];
}

/* The only candidate that the word begins, or NULL: 'auto' for 'automatic'. A whole word of several
 * is more than a beginning: 'max' is not short for 'max_every'. */
static const char *only_begun(struct text word, const char *const *candidates, size_t count)
{
	const char *only = NULL;

	if (word.len < SHORTEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (strncasecmp(candidates[i], word.ptr, word.len) != 0 ||
		    candidates[i][word.len] == '_')
			continue;
		if (only && strcmp(only, candidates[i]) != 0)
			return NULL;
		only = candidates[i];
	}
	return only;
}

const char *text_nearest(struct text word, const char *const *candidates, size_t count)
{
	size_t limit = word.len / 3 ? word.len / 3 : 1;
	size_t best = limit + 1;
	const char *nearest = NULL;

	if (word.len > LONGEST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		struct text candidate = text_of(candidates[i]);
		size_t found;

		if (candidate.len > LONGEST)
			continue;
		found = distance(word, candidate);
		if (found < best) {
			best = found;
			nearest = candidates[i];
		}
	}
	return nearest ? nearest : only_begun(word, candidates, count);
}
