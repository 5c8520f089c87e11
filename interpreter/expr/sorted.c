/* Sorting by merging: stable, and never slower than n log n. */
#include "expr/functions.h"

/* Merges two sorted halves. False: two keys have no order. */
static bool merge(const struct sorted *from, struct sorted *to, size_t middle, size_t end)
{
	size_t left = 0, right = middle;
	for (size_t i = 0; i < end; i++) {
		int order = -1;
		if (left < middle && right < end &&
		    !value_compare(from[left].key, from[right].key, &order))
			return false;
		bool take_left = right >= end || (left < middle && order <= 0);
		to[i] = from[take_left ? left++ : right++];
	}
	return true;
}

bool sorted_sort(struct sorted *items, struct sorted *spare, size_t count)
{
	if (count < 2)
		return true;
	size_t middle = count / 2;
	if (!sorted_sort(items, spare, middle) ||
	    !sorted_sort(items + middle, spare, count - middle) ||
	    !merge(items, spare, middle, count))
		return false;
	memcpy(items, spare, count * sizeof(*items));
	return true;
}
