#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bug.h"

#define BLOCK_MIN ((size_t)4 << 10)
/* Whole pages with its header. */
#define BLOCK_MAX (((size_t)1 << 20) - sizeof(struct arena_block))
/* An object beyond it has a block of its own. */
#define LARGE (BLOCK_MAX / 4)

#if defined(__SANITIZE_ADDRESS__)
#define ONE_OBJECT_A_BLOCK true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ONE_OBJECT_A_BLOCK true
#endif
#endif
#ifndef ONE_OBJECT_A_BLOCK
#define ONE_OBJECT_A_BLOCK false
#endif

struct arena_block {
	struct arena_block *older;
	size_t size; /* bytes behind the header */
	size_t used;
	alignas(max_align_t) unsigned char bytes[];
};

struct arena_deferred {
	struct arena_deferred *earlier;
	void (*release)(void *data);
	void *data;
};

static _Noreturn void out_of_memory(void)
{
	static const char message[] = "runbook: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	_exit(EXIT_INTERNAL);
}

void arena_init(struct arena *arena)
{
	*arena = (struct arena){ 0 };
}

static void run_deferred(struct arena *arena)
{
	while (arena->deferred) {
		struct arena_deferred *latest = arena->deferred;

		arena->deferred = latest->earlier;
		latest->release(latest->data);
	}
}

/* A large block comes from the kernel, which gives it zeroed and, asked for all of it at once,
 * without a fault for each page. */
static bool is_mapped(size_t room)
{
	return !ONE_OBJECT_A_BLOCK && room >= BLOCK_MAX;
}

static struct arena_block *open_block(size_t room)
{
	size_t size = sizeof(struct arena_block) + room;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	void *mapped;

	if (!is_mapped(room))
		return calloc(1, size);
	if (room == BLOCK_MAX)
		flags |= MAP_POPULATE;
	mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	return mapped == MAP_FAILED ? NULL : mapped;
}

static void close_block(struct arena_block *block)
{
	if (is_mapped(block->size))
		munmap(block, sizeof(*block) + block->size);
	else
		free(block);
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *older = block->older;

		close_block(block);
		block = older;
	}
}

void arena_reset(struct arena *arena)
{
	struct arena_block *kept;

	run_deferred(arena);
	kept = ONE_OBJECT_A_BLOCK ? NULL : arena->block;
	if (kept) {
		free_blocks(kept->older);
		memset(kept->bytes, 0, kept->used);
		kept->older = NULL;
		kept->used = 0;
	} else {
		free_blocks(arena->block);
	}
	*arena = (struct arena){ .block = kept };
}

void arena_done(struct arena *arena)
{
	run_deferred(arena);
	free_blocks(arena->block);
	arena_init(arena);
}

static struct arena_block *new_block(size_t room)
{
	struct arena_block *block = NULL;

	if (room <= SIZE_MAX - sizeof(*block))
		block = open_block(room);
	if (!block)
		out_of_memory();
	block->size = room;
	return block;
}

/* Blocks double, so that a large lifetime asks the system seldom and a small one takes little. */
static struct arena_block *add_block(struct arena *arena, size_t size)
{
	size_t room = arena->block ? 2 * arena->block->size : BLOCK_MIN;
	struct arena_block *block;

	if (room > BLOCK_MAX)
		room = BLOCK_MAX;
	block = new_block(ONE_OBJECT_A_BLOCK || size > room ? size : room);
	block->older = arena->block;
	arena->block = block;
	return block;
}

/* A block for one large object, behind the one being filled: that goes on being filled. */
static struct arena_block *add_behind(struct arena *arena, size_t size)
{
	struct arena_block *block = new_block(size);

	block->older = arena->block->older;
	arena->block->older = block;
	return block;
}

/* align: a power of two. */
static void *take(struct arena *arena, size_t size, size_t align)
{
	struct arena_block *block = arena->block;
	size_t start = block ? (block->used + align - 1) & ~(align - 1) : 0;

	if (ONE_OBJECT_A_BLOCK || !block || start > block->size || block->size - start < size) {
		block = block && size > LARGE ? add_behind(arena, size) : add_block(arena, size);
		start = 0;
	}
	block->used = start + size;
	arena->used += size;
	return block->bytes + start;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return take(arena, size, alignof(max_align_t));
}

/* Whether the object is the latest of the block, and the block has room behind it. */
static bool can_extend(const struct arena_block *block, const void *object, size_t size,
		       size_t wanted)
{
	return !ONE_OBJECT_A_BLOCK && block && block->used >= size &&
	       object == block->bytes + block->used - size &&
	       block->size - block->used >= wanted - size;
}

void *arena_grow(struct arena *arena, void *object, size_t size, size_t wanted)
{
	void *grown;

	if (object && can_extend(arena->block, object, size, wanted)) {
		arena->block->used += wanted - size;
		arena->used += wanted - size;
		return object;
	}
	grown = arena_alloc(arena, wanted);
	if (size)
		memcpy(grown, object, size);
	return grown;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();
	return arena_alloc(arena, bytes);
}

/* Texts stand side by side: they need no alignment. */
char *arena_copy(struct arena *arena, const void *bytes, size_t len)
{
	char *copy = take(arena, len + 1, 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}

struct text arena_text(struct arena *arena, struct text text)
{
	return (struct text){ arena_copy(arena, text.ptr, text.len), text.len };
}

char *arena_string(struct arena *arena, const char *string)
{
	return arena_copy(arena, string, strlen(string));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *formatted;

	va_start(args, format);
	formatted = arena_vformat(arena, format, args);
	va_end(args);
	return formatted;
}

char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
	char few[256]; /* most texts are short: they are formatted once */
	va_list again;
	char *formatted;
	int len;

	va_copy(again, args);
	len = vsnprintf(few, sizeof(few), format, again);
	va_end(again);
	if (len < 0)
		out_of_memory();
	if ((size_t)len < sizeof(few))
		return arena_copy(arena, few, (size_t)len);
	formatted = take(arena, (size_t)len + 1, 1);
	vsnprintf(formatted, (size_t)len + 1, format, args);
	return formatted;
}

void arena_defer(struct arena *arena, void (*release)(void *data), void *data)
{
	struct arena_deferred *deferred = arena_new(arena, struct arena_deferred);

	*deferred = (struct arena_deferred){ arena->deferred, release, data };
	arena->deferred = deferred;
}
