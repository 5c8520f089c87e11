/*
 * arena: a lifetime. What is allocated in it lives until the arena is reset or done; nobody
 * frees single objects. What must be closed, killed or released when the lifetime ends is
 * deferred on it.
 *
 * In sanitizer builds each allocation passes through to malloc, so that the sanitizer sees objects.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/text.h"

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *block;       /* the one being filled; older ones behind it */
	struct arena_deferred *deferred; /* latest first */
	size_t used;                     /* bytes handed out since the last reset */
};

/* Makes an empty arena; it takes no memory before the first allocation. */
void arena_init(struct arena *arena);

/* Runs what was deferred, latest first, then forgets every object; the arena stays usable and
 * keeps one block, so that a warm arena does not ask the system for memory. */
void arena_reset(struct arena *arena);

/* As reset, and gives the memory back. The arena must be initialised again before use. */
void arena_done(struct arena *arena);

/* size zeroed bytes, aligned for any type. Never NULL: when memory ends the process writes
 * "out of memory" and exits with 70 (the journal is whole; see ARCHITECTURE on lifetimes). */
void *arena_alloc(struct arena *arena, size_t size) __attribute__((malloc, returns_nonnull));

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

/* count * size zeroed bytes; an overflow counts as memory exhausted. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull));

/* The object of size bytes with room for wanted, at least size: in place if it is the latest of the
 * arena, else a copy. What is new is zeroed. object may be NULL, with size 0. */
void *arena_grow(struct arena *arena, void *object, size_t size, size_t wanted)
	__attribute__((returns_nonnull));

/* A copy of len bytes, with a NUL behind them that does not count. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len);
struct text arena_text(struct arena *arena, struct text text);
char *arena_string(struct arena *arena, const char *string);
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
char *arena_vformat(struct arena *arena, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

/* Calls release(data) when the arena is reset or done, latest first. */
void arena_defer(struct arena *arena, void (*release)(void *data), void *data);

#endif
