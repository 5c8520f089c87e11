/*
 * Memory that ends, preloaded into the program by tests/fault/test_memory: the allocation number
 * FAIL_AT fails, with FAIL_FOREVER each one behind it too. Without FAIL_AT nothing does, and the
 * file COUNT_INTO is given their number at the end.
 *
 * Looking up a user is left out: glibc ends the process when it has no memory for the table of its
 * name services (2.36: an assertion in nss_database_reload).
 */
#include <dlfcn.h>
#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

static struct {
	bool ready, forever;
	unsigned long at, count;
	const char *into;
} memory;

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("FAIL_AT");

	memory.at = at ? strtoul(at, NULL, 10) : 0;
	memory.forever = getenv("FAIL_FOREVER") != NULL;
	memory.into = getenv("COUNT_INTO");
	unsetenv("LD_PRELOAD"); /* the steps have memory enough */
	memory.ready = true;
}

__attribute__((destructor)) static void end(void)
{
	FILE *file;

	memory.ready = false;
	file = memory.into ? fopen(memory.into, "w") : NULL;
	if (!file)
		return;
	fprintf(file, "%lu\n", memory.count);
	fclose(file);
}

static bool fails(void)
{
	if (!memory.ready)
		return false;
	memory.count++;
	if (!memory.at || memory.count < memory.at || (!memory.forever && memory.count > memory.at))
		return false;
	errno = ENOMEM;
	return true;
}

struct passwd *getpwuid(uid_t user)
{
	bool ready = memory.ready;
	struct passwd *(*next)(uid_t user);
	struct passwd *found;
	void *symbol;

	memory.ready = false;
	symbol = dlsym(RTLD_NEXT, "getpwuid");
	memcpy(&next, &symbol, sizeof(next));
	found = next(user);
	memory.ready = ready;
	return found;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return fails() ? NULL : __libc_memalign(align, size);
}

int posix_memalign(void **found, size_t align, size_t size)
{
	*found = fails() ? NULL : __libc_memalign(align, size);
	return *found ? 0 : ENOMEM;
}

void *mmap(void *at, size_t len, int protection, int flags, int fd, off_t offset)
{
	if (fails())
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, len, protection, flags, fd, offset);
}
