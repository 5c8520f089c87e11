/* The folder of all runs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

static void close_later(void *data)
{
	close(*(int *)data);
}

int store_close_later(struct arena *arena, int fd)
{
	int *kept = arena_new(arena, int);

	*kept = fd;
	arena_defer(arena, close_later, kept);
	return fd;
}

static const char *home_of(unsigned uid, struct arena *arena)
{
	char text[4096];
	struct passwd entry;
	struct passwd *found = NULL;
	const char *home = getenv("HOME");

	if (home && home[0] == '/')
		return home;
	if (getpwuid_r(uid, &entry, text, sizeof(text), &found) == 0 && found)
		return arena_string(arena, found->pw_dir);
	return "/";
}

static const char *default_path(struct arena *arena)
{
	const char *state = getenv("XDG_STATE_HOME");

	if (geteuid() == 0)
		return "/var/lib/runbook";
	if (state && state[0] == '/') /* the specification wants others ignored */
		return file_join(state, "runbook", arena);
	return file_join(home_of(geteuid(), arena), ".local/state/runbook", arena);
}

/* NULL: the folder that it is relative to is gone. */
static const char *absolute(const char *path, struct arena *arena)
{
	const char *here = path[0] == '/' ? "" : file_real(".", arena);

	return here ? file_join(here, path, arena) : NULL;
}

/* Only we may write into a folder of records: a stranger who can could forge or remove them. */
static bool is_ours(int fd, const char *path, struct arena *arena, struct store_error *error)
{
	struct stat status;
	const char *quoted = store_quote(path, arena);

	if (fstat(fd, &status) < 0)
		return store_fail(error, arena, "look at", path, errno);
	if (status.st_uid != geteuid()) {
		error->message = arena_format(arena, "'%s' belongs to '%s', not to '%s'", path,
					      store_user(status.st_uid, arena),
					      store_user(geteuid(), arena));
		error->hint = arena_format(arena, "This gives it to you: chown -R %s %s",
					   store_user(geteuid(), arena), quoted);
		return false;
	}
	if (status.st_mode & (S_IWGRP | S_IWOTH)) {
		error->message = arena_format(arena, "others may write into '%s' (mode %04o)", path,
					      (unsigned)status.st_mode & 07777);
		error->hint = arena_format(arena, "This keeps them out: chmod 700 %s", quoted);
		return false;
	}
	return true;
}

int store_folder(int parent, const char *name, const char *path, struct arena *arena,
		 struct store_error *error)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0) {
		store_fail(error, arena, "open", path, errno);
		return -1;
	}
	store_close_later(arena, fd);
	return is_ours(fd, path, arena, error) ? fd : -1;
}

int store_make_folder(int parent, const char *name)
{
	int fd;
	int error = 0;

	if (mkdirat(parent, name, S_IRWXU) < 0)
		return errno;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (fchmod(fd, S_IRWXU) < 0) /* the umask may have taken more */
		error = errno;
	close(fd);
	return error;
}

/* runs/, made if need be. */
static bool make_runs(struct store *store, struct store_error *error)
{
	const char *path = file_join(store->path, "runs", store->arena);
	int number = store_make_folder(store->fd, "runs");

	if (number == EEXIST)
		return true;
	if (number == 0)
		number = file_sync_folder(store->fd);
	return number == 0 || store_fail(error, store->arena, "make", path, number);
}

static const struct disk {
	uint64_t type; /* f_type of statfs(2) */
	const char *name;
	bool refused; /* its locks and its syncs are not what a journal needs */
} disks[] = {
	{ 0x6969, "NFS", true },        { 0xff534d42, "CIFS", true },   { 0xfe534d42, "SMB", true },
	{ 0x517b, "SMB", true },        { 0x01021997, "9p", true },     { 0x5346414f, "AFS", true },
	{ 0x01021994, "tmpfs", false }, { 0x858458f6, "ramfs", false },
};

/* Of a disk that nobody can look at nothing is said. */
static bool check_disk(struct store *store, struct store_error *error)
{
	struct statfs status;
	const struct disk *disk = NULL;

	if (fstatfs(store->fd, &status) < 0)
		return true;
	for (size_t i = 0; i < sizeof(disks) / sizeof(disks[0]) && !disk; i++)
		if (disks[i].type == (uint32_t)status.f_type)
			disk = &disks[i];
	if (!disk)
		return true;
	if (!disk->refused) {
		store->notice = arena_format(
			store->arena,
			"'%s' is in memory (%s): the records of all runs are lost "
			"when the machine stops",
			store->path, disk->name);
		return true;
	}
	error->message = arena_format(store->arena, "'%s' is on another machine (%s)", store->path,
				      disk->name);
	error->hint =
		"What is written there is not safe when we believe it is; --state DIR names a "
		"folder of this machine.";
	return false;
}

/* Its place; false: the folder that it is relative to is gone. */
static bool find_store(struct store *store, const char *path, struct arena *arena,
		       struct store_error *error)
{
	*error = (struct store_error){ 0 };
	*store = (struct store){ .arena = arena, .fd = -1 };
	path = path ? path : default_path(arena);
	store->path = absolute(path, arena);
	return store->path || store_fail(error, arena, "find", path, errno);
}

static bool open_store(struct store *store, struct store_error *error)
{
	store->fd = store_folder(AT_FDCWD, store->path, store->path, store->arena, error);
	return store->fd >= 0 && check_disk(store, error);
}

bool store_look(struct store *store, const char *path, struct arena *arena,
		struct store_error *error)
{
	struct stat status;

	if (!find_store(store, path, arena, error))
		return false;
	if (lstat(store->path, &status) < 0 && errno == ENOENT)
		return true;
	return open_store(store, error);
}

bool store_open(struct store *store, const char *path, struct arena *arena,
		struct store_error *error)
{
	if (!find_store(store, path, arena, error))
		return false;
	int number = file_make_folders(store->path, S_IRWXU);
	if (number)
		return store_fail(error, arena, "make", store->path, number);
	return open_store(store, error) && make_runs(store, error);
}

/* 20260302T130211Z-7K3Q */
static bool is_run_id(const char *name)
{
	static const char pattern[] = "########T######Z-****";
	size_t i = 0;

	for (; pattern[i]; i++) {
		if (pattern[i] == '#' && (name[i] < '0' || name[i] > '9'))
			return false;
		if (pattern[i] == '*' && (!name[i] || !strchr(RUN_DIGITS, name[i])))
			return false;
		if (pattern[i] != '#' && pattern[i] != '*' && pattern[i] != name[i])
			return false;
	}
	return name[i] == '\0';
}

static int newest_first(const void *a, const void *b)
{
	return strcmp(*(const char *const *)b, *(const char *const *)a);
}

bool store_list(struct store *store, const char *const **ids, size_t *count,
		struct store_error *error)
{
	LIST(const char *) found = { 0 };
	const char *path = file_join(store->path, "runs", store->arena);

	*error = (struct store_error){ 0 };
	*ids = NULL;
	*count = 0;
	if (store->fd < 0)
		return true;
	int fd = openat(store->fd, "runs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return true;
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		store_fail(error, store->arena, "read", path, errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		if (is_run_id(entry->d_name))
			*list_add(&found, store->arena) = arena_string(store->arena, entry->d_name);
	closedir(folder);
	if (found.count)
		qsort(found.at, found.count, sizeof(*found.at), newest_first);
	*ids = found.at;
	*count = found.count;
	return true;
}
