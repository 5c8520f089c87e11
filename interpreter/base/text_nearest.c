/* text: which name a person meant. */
#include "base/text.h"

#include <string.h>

/* Names are short; a longer word is nobody's misspelling. */
#define LONGEST 64

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
	return nearest;
}
