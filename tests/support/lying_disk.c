/*
 * A disk that lies about the journal, preloaded into the program by tests/crash/sweep: what it was
 * told is safe is not. LIE=late: the last write is kept back until the next. LIE=torn: each third
 * write has another byte in its middle.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

typedef ssize_t pwrite_fn(int fd, const void *bytes, size_t len, off_t at);
typedef int ftruncate_fn(int fd, off_t len);

static struct {
	pwrite_fn *pwrite;
	ftruncate_fn *ftruncate;
	bool late, torn;
	unsigned count;
	int fd; /* of what is kept back */
	char *kept;
	size_t len;
	off_t at;
} disk;

/* What is found by name has another type than the one that ISO C lets a pointer to void take. */
static void find(const char *name, void *function)
{
	void *found = dlsym(RTLD_NEXT, name);

	memcpy(function, &found, sizeof(found));
}

__attribute__((constructor)) static void begin(void)
{
	const char *lie = getenv("LIE");

	find("pwrite", &disk.pwrite);
	find("ftruncate", &disk.ftruncate);
	disk.late = lie && strcmp(lie, "late") == 0;
	disk.torn = lie && strcmp(lie, "torn") == 0;
	unsetenv("LD_PRELOAD"); /* the steps have an honest one */
}

static bool is_journal(int fd)
{
	static const char name[] = "/journal.jsonl";
	char link[64], path[4096];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path));
	return len >= (ssize_t)sizeof(name) - 1 &&
	       memcmp(path + len - (sizeof(name) - 1), name, sizeof(name) - 1) == 0;
}

static void let_go(void)
{
	if (disk.kept && disk.pwrite(disk.fd, disk.kept, disk.len, disk.at) < 0)
		abort();
	free(disk.kept);
	disk.kept = NULL;
}

static ssize_t keep(int fd, const void *bytes, size_t len, off_t at)
{
	let_go();
	disk.kept = malloc(len);
	if (!disk.kept)
		abort();
	memcpy(disk.kept, bytes, len);
	disk.fd = fd;
	disk.len = len;
	disk.at = at;
	return (ssize_t)len;
}

static ssize_t tear(int fd, const void *bytes, size_t len, off_t at)
{
	size_t half = len / 2;

	disk.pwrite(fd, bytes, half, at);
	disk.pwrite(fd, "?", 1, at + (off_t)half);
	disk.pwrite(fd, (const char *)bytes + half + 1, len - half - 1, at + (off_t)half + 1);
	return (ssize_t)len;
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
	bool lies = (disk.late || disk.torn) && len > 0 && *(const char *)bytes == '{' &&
		    is_journal(fd);

	if (lies && disk.late)
		return keep(fd, bytes, len, at);
	if (lies && ++disk.count % 3 == 0)
		return tear(fd, bytes, len, at);
	return disk.pwrite(fd, bytes, len, at);
}

int ftruncate(int fd, off_t len)
{
	let_go();
	return disk.ftruncate(fd, len);
}
