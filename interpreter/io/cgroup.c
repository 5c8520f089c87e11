/*
 * cgroup: whose orphan is it? A command that starts while others run is born in a control group of
 * its own, where the kernel lets us make one (cgroup v2): what flees from it stays in there.
 *
 * Whoever runs alone needs none: then every orphan is its own. Groups are named runbook.PID.NUMBER.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "io/internal.h"

#define TABLE_MAX (64 << 10) /* bytes of /proc/self/mountinfo */
#define PATH_MAX_LEN 4096

static char *read_table(const char *path, char *bytes, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = 1;

	if (fd < 0)
		return NULL;
	while (got > 0 && len + 1 < size) {
		got = read(fd, bytes + len, size - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	bytes[len] = '\0';
	return bytes;
}

/* The path in the hierarchy of version 2: behind "0::" of /proc/PID/cgroup. */
static char *group_path(const char *table, char *bytes, size_t size)
{
	char *rest = read_table(table, bytes, size);
	char *line;

	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, "0::/", 4) == 0)
			return line + 3;
	return NULL;
}

/* Where that hierarchy is mounted, all of it. */
static const char *mount_point(struct arena *arena)
{
	char *rest = read_table("/proc/self/mountinfo", arena_alloc(arena, TABLE_MAX), TABLE_MAX);
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		char root[8];
		char *point = arena_alloc(arena, PATH_MAX_LEN);

		if (strstr(line, " - cgroup2 ") &&
		    sscanf(line, "%*d %*d %*s %7s %4095s", root, point) == 2 &&
		    strcmp(root, "/") == 0)
			return point;
	}
	return NULL;
}

/* Our own group, as a folder; -1 where there is none or we may not look into it. */
static int open_own(struct arena *arena)
{
	char bytes[PATH_MAX_LEN];
	const char *path = group_path("/proc/self/cgroup", bytes, sizeof(bytes));
	const char *point = path ? mount_point(arena) : NULL;

	if (!point)
		return -1;
	return open(file_join(point, path + 1, arena), O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void close_groups(void *data)
{
	struct cgroups *cgroups = data;

	for (unsigned number = 1; number <= cgroups->count; number++)
		cgroup_remove(cgroups, number);
	if (cgroups->folder >= 0)
		close(cgroups->folder);
}

static bool is_of_dead(const char *name)
{
	int pid;

	return sscanf(name, "runbook.%d.", &pid) == 1 && pid > 0 && kill(pid, 0) < 0 &&
	       errno == ESRCH;
}

/* Whoever was killed could not remove his groups. One that somebody is in stays as it is. */
static void remove_left(const struct cgroups *cgroups)
{
	int fd = openat(cgroups->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (is_of_dead(entry->d_name))
			unlinkat(cgroups->folder, entry->d_name, AT_REMOVEDIR);
	if (folder)
		closedir(folder);
	else if (fd >= 0)
		close(fd);
}

static void open_groups(struct cgroups *cgroups, struct arena *arena)
{
	struct arena scratch;

	arena_init(&scratch);
	cgroups->opened = true;
	cgroups->folder = open_own(&scratch);
	arena_done(&scratch);
	arena_defer(arena, close_groups, cgroups);
	if (cgroups->folder >= 0)
		remove_left(cgroups);
}

void loop_remove_left(struct loop *loop)
{
	if (!loop->cgroups.opened)
		open_groups(&loop->cgroups, loop->arena);
}

#define NAME_MAX_LEN 64

static const char *name_of(unsigned number, const char *file, char name[NAME_MAX_LEN])
{
	snprintf(name, NAME_MAX_LEN, "runbook.%d.%u%s", (int)getpid(), number, file);
	return name;
}

unsigned cgroup_make(struct cgroups *cgroups, struct arena *arena, int *folder)
{
	char name[NAME_MAX_LEN];
	unsigned number;

	if (!cgroups->opened)
		open_groups(cgroups, arena);
	if (cgroups->folder < 0)
		return 0;
	number = ++cgroups->count;
	if (mkdirat(cgroups->folder, name_of(number, "", name), S_IRWXU) == 0) {
		*folder = openat(cgroups->folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (*folder >= 0)
			return number;
		cgroup_remove(cgroups, number);
	}
	cgroup_give_up(cgroups); /* nor will it be allowed later */
	return 0;
}

void cgroup_give_up(struct cgroups *cgroups)
{
	close(cgroups->folder);
	cgroups->folder = -1;
}

void cgroup_kill(const struct cgroups *cgroups, unsigned number)
{
	char name[NAME_MAX_LEN];
	int fd = openat(cgroups->folder, name_of(number, "/cgroup.kill", name),
			O_WRONLY | O_CLOEXEC);

	/* Without it, on older kernels, the walks over /proc have to do. */
	if (fd < 0)
		return;
	file_write_all(fd, TEXT("1"));
	close(fd);
}

void cgroup_remove(const struct cgroups *cgroups, unsigned number)
{
	char name[NAME_MAX_LEN];

	unlinkat(cgroups->folder, name_of(number, "", name), AT_REMOVEDIR);
}

unsigned cgroup_of(const struct cgroups *cgroups, pid_t pid)
{
	char table[32], prefix[NAME_MAX_LEN], bytes[PATH_MAX_LEN];
	const char *path, *found;

	if (cgroups->count == 0)
		return 0;
	snprintf(table, sizeof(table), "/proc/%d/cgroup", (int)pid);
	snprintf(prefix, sizeof(prefix), "/runbook.%d.", (int)getpid());
	path = group_path(table, bytes, sizeof(bytes));
	found = path ? strstr(path, prefix) : NULL;
	return found ? (unsigned)strtoul(found + strlen(prefix), NULL, 10) : 0;
}
