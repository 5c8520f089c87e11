/* Locks of this machine: a file each, held by flock. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "record/internal.h"

#define LOCK_FOLDER "/run/lock/runbook"
#define FOLDER_MODE (S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO)
#define NAME_MAX_LEN 100 /* bytes of a file name that a lock's name may fill */
#define TRIES 1000

/* A name that is safe as a file name, and another for every other lock. */
static const char *encode(const char *name, struct arena *arena)
{
	struct buffer out;

	buffer_init(&out, arena);
	for (const char *ptr = name; *ptr; ptr++) {
		bool plain = (*ptr >= '0' && *ptr <= '9') || (*ptr >= 'A' && *ptr <= 'Z') ||
			     (*ptr >= 'a' && *ptr <= 'z') || *ptr == '_' || *ptr == '-' ||
			     (*ptr == '.' && ptr != name);

		if (plain)
			buffer_putc(&out, *ptr);
		else
			buffer_printf(&out, "%%%02X", (unsigned char)*ptr);
	}
	if (out.len == 0)
		buffer_putc(&out, '%');
	if (out.len > NAME_MAX_LEN) {
		char digest[SHA256_HEX];

		sha256_text(text_of(name), digest);
		out.len = NAME_MAX_LEN - SHA256_HEX;
		buffer_printf(&out, "%%-%s", digest); /* no % before - stands in a shorter name */
	}
	return buffer_string(&out);
}

/* Makes the folder if it is not there. Gives 0, or an errno value when no file can be made in it.
 */
static int open_folder(const char *path, int *fd)
{
	struct stat status;

	if (mkdir(path, S_IRWXU) == 0 && chmod(path, FOLDER_MODE) < 0)
		return errno;
	*fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return errno;
	if (fstat(*fd, &status) == 0 && faccessat(*fd, ".", W_OK | X_OK, AT_EACCESS) == 0 &&
	    ((status.st_mode & S_ISVTX) || !(status.st_mode & S_IWOTH)))
		return 0;
	close(*fd);
	*fd = -1;
	return EACCES;
}

/* The folder for locks, or where none can be made there one under the state folder. */
static bool choose_folder(struct lock *lock, const struct lock_request *request,
			  const struct store *store, struct lock_answer *answer)
{
	const char *wanted = request->folder ? request->folder : LOCK_FOLDER;
	int number = open_folder(wanted, &lock->folder);

	lock->folder_path = wanted;
	if (number == 0)
		return true;
	lock->folder_path = file_join(store->path, "locks", lock->arena);
	answer->notice = arena_format(
		lock->arena,
		"cannot use '%s': %s; locks are kept in '%s', where runs with "
		"another state folder do not see them",
		wanted, strerror(number), lock->folder_path);
	number = store_make_folder(store->fd, "locks");
	if (number && number != EEXIST)
		return store_fail(&answer->error, lock->arena, "make", lock->folder_path, number);
	lock->folder = openat(store->fd, "locks", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return lock->folder >= 0 ||
	       store_fail(&answer->error, lock->arena, "open", lock->folder_path, errno);
}

/*
 * Opens the file for reading only, which any user may: flock asks for no more. Never O_CREAT on a
 * file that is there (fs.protected_regular refuses that to others than its owner), never blocking
 * on a FIFO.
 */
static int open_file(const struct lock *lock)
{
	for (int i = 0; i < TRIES; i++) {
		int fd = openat(lock->folder, lock->file,
				O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

		if (fd >= 0 || errno != ENOENT)
			return fd;
		fd = openat(lock->folder, lock->file, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC,
			    S_IRUSR | S_IRGRP | S_IROTH);
		if (fd >= 0) {
			fchmod(fd, S_IRUSR | S_IRGRP | S_IROTH);
			return fd;
		}
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* Whether the file that was locked is still the one of that name. */
static bool is_still_there(const struct lock *lock)
{
	struct stat held;
	struct stat named;

	return fstat(lock->fd, &held) == 0 &&
	       fstatat(lock->folder, lock->file, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

/* Gives 0, EWOULDBLOCK, or another errno value. */
static int take(struct lock *lock)
{
	for (int i = 0; i < TRIES; i++) {
		struct stat status;

		lock->fd = open_file(lock);
		if (lock->fd < 0)
			return errno;
		if (fstat(lock->fd, &status) < 0 || !S_ISREG(status.st_mode))
			return EINVAL;
		if (flock(lock->fd, LOCK_EX | LOCK_NB) < 0)
			return errno;
		if (is_still_there(lock))
			return 0;
		close(lock->fd);
	}
	return EAGAIN;
}

static void release(void *data)
{
	struct lock *lock = data;

	if (lock->held)
		lock_forget(lock);
	if (lock->fd >= 0)
		close(lock->fd);
	if (lock->folder >= 0)
		close(lock->folder);
}

enum lock_result lock_take(const struct lock_request *request, const struct store *store,
			   struct arena *arena, struct lock_answer *answer)
{
	struct lock *lock = arena_new(arena, struct lock);
	int number;

	*answer = (struct lock_answer){ 0 };
	*lock = (struct lock){ .arena = arena, .fd = -1, .folder = -1 };
	lock->file = arena_format(arena, "%s.lock", encode(request->name, arena));
	arena_defer(arena, release, lock);
	if (!choose_folder(lock, request, store, answer))
		return LOCK_FAILED;
	answer->path = file_join(lock->folder_path, lock->file, arena);
	number = take(lock);
	if (number == EWOULDBLOCK) {
		lock_describe(lock, &answer->holder);
		return LOCK_HELD;
	}
	if (number) {
		store_fail(&answer->error, arena, "lock", answer->path, number);
		return LOCK_FAILED;
	}
	lock->held = true;
	lock_remember(lock, request);
	return LOCK_TAKEN;
}
