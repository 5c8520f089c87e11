/*
 * A disk that lies about the journal, preloaded into the program by tests/crash/sweep: what it was
 * told is safe is not. LIE=late: the last write is kept back until the next. LIE=torn: each third
 * write loses a byte on its way.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

typedef ssize_t write_fn(int fd, const void *bytes, size_t len);
typedef int ftruncate_fn(int fd, off_t len);

static struct {
	write_fn *write;
	ftruncate_fn *ftruncate;
	bool late, torn;
	unsigned count;
	int fd; /* of what is kept back */
	char *kept;
	size_t len;
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

	find("write", &disk.write);
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
	if (disk.kept && disk.write(disk.fd, disk.kept, disk.len) < 0)
		abort();
	free(disk.kept);
	disk.kept = NULL;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (!(disk.late || disk.torn) || !is_journal(fd))
		return disk.write ? disk.write(fd, bytes, len) : -1;
	if (disk.torn && ++disk.count % 3 == 0) {
		disk.write(fd, bytes, len / 2);
		disk.write(fd, (const char *)bytes + len / 2 + 1, len - len / 2 - 1);
		return (ssize_t)len;
	}
	if (disk.torn)
		return disk.write(fd, bytes, len);
	let_go();
	disk.kept = malloc(len);
	if (!disk.kept)
		abort();
	memcpy(disk.kept, bytes, len);
	disk.fd = fd;
	disk.len = len;
	return (ssize_t)len;
}

int ftruncate(int fd, off_t len)
{
	let_go();
	return disk.ftruncate(fd, len);
}
