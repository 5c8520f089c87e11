/* A run that is removed: first it has no name of a run any more, then it is emptied. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

#define PREFIX ".removed-"
#define DEPTH_MAX 64 /* of folders that a step has made in `files` */

static int remove_tree(int parent, const char *name, int depth);

/* Gives an errno value; goes on behind what cannot be removed. */
static int remove_entries(int fd, int depth)
{
	DIR *folder = fdopendir(fd);
	int error = 0;

	if (!folder) {
		close(fd);
		return errno;
	}
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
		int number;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		number = remove_tree(fd, entry->d_name, depth + 1);
		error = error ? error : number;
	}
	closedir(folder);
	return error;
}

/* Follows no link. */
static int remove_tree(int parent, const char *name, int depth)
{
	int fd, error;

	if (unlinkat(parent, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return errno;
	if (depth > DEPTH_MAX)
		return ELOOP;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = remove_entries(fd, depth);
	return unlinkat(parent, name, AT_REMOVEDIR) < 0 && !error ? errno : error;
}

/* What an earlier removal did not end. */
static void remove_rests(int runs)
{
	int fd = openat(runs, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (!folder && fd >= 0)
		close(fd);
	if (!folder)
		return;
	for (struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) == 0)
			remove_tree(runs, entry->d_name, 0);
	closedir(folder);
}

bool store_remove(struct store *store, struct run_folder *run, struct store_error *error)
{
	const char *name = arena_format(store->arena, PREFIX "%s", run->id);
	int runs = openat(store->fd, "runs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int number = runs < 0 || renameat(runs, run->id, runs, name) < 0 ? errno : 0;

	*error = (struct store_error){ 0 };
	if (!number)
		number = file_sync_folder(runs);
	if (!number)
		number = remove_tree(runs, name, 0);
	if (!number)
		remove_rests(runs);
	if (runs >= 0)
		close(runs);
	return number == 0 || store_fail(error, store->arena, "remove", run->path, number);
}
