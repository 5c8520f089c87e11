/*
 * list: a growing array in an arena, of any type. Elements move when it grows: keep indices,
 * not pointers, while it grows.
 *
 *	LIST(struct word) words = { 0 };
 *	*list_add(&words, arena) = word;
 *	for (size_t i = 0; i < words.count; i++) use(words.at[i]);
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stddef.h>

#include "base/arena.h"

#define LIST(type) \
	struct { \
		type *at; \
		size_t count; \
		size_t cap; \
	}

/* Makes room for one more, zeroed, and gives its address. */
#define list_add(list, arena) \
	((list)->at = list_grow((arena), (list)->at, &(list)->cap, (list)->count, \
				sizeof(*(list)->at)), \
	 &(list)->at[(list)->count++])

/* Used by list_add. */
void *list_grow(struct arena *arena, void *at, size_t *cap, size_t count, size_t size)
	__attribute__((returns_nonnull));

#endif
