#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/arena.h"

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
#define GROWN_MIN 4096
#define INTERRUPTIONS 10000 /* of one call: no signals of anybody come so often */

bool file_interrupted(unsigned *times)
{
	return errno == EINTR && (*times)++ < INTERRUPTIONS;
}

/* Reads to the end; files under /proc say that they are empty. */
static int read_to_end(int fd, size_t expected, size_t limit, struct arena *arena,
		       struct text *text)
{
	size_t cap = expected + 1;
	size_t len = 0;
	char *bytes = arena_alloc(arena, cap + 1);
	unsigned times = 0;

	for (;;) {
		ssize_t count = read(fd, bytes + len, cap - len);

		if (count < 0 && file_interrupted(&times))
			continue;
		if (count < 0)
			return errno;
		len += (size_t)count;
		*text = (struct text){ bytes, len };
		if (len > limit)
			return EFBIG;
		if (count == 0)
			break;
		if (len == cap) {
			char *grown;

			cap = 2 * cap + GROWN_MIN;
			grown = arena_alloc(arena, cap + 1);
			memcpy(grown, bytes, len);
			bytes = grown;
		}
	}
	bytes[len] = '\0';
	return 0;
}

static int read_regular(int fd, size_t limit, struct arena *arena, struct text *text)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return errno;
	if (S_ISDIR(status.st_mode))
		return EISDIR;
	if (!S_ISREG(status.st_mode))
		return EINVAL;
	if ((uint64_t)status.st_size > limit) {
		text->len = (size_t)status.st_size;
		return EFBIG;
	}
	return read_to_end(fd, (size_t)status.st_size, limit, arena, text);
}

/* Takes the descriptor over; a negative one is an errno value. */
static int read_opened(int fd, size_t limit, struct arena *arena, struct text *text)
{
	int error;

	*text = (struct text){ 0 };
	if (fd < 0)
		return fd == -ENXIO ? EINVAL : -fd; /* a socket cannot even be opened */
	error = read_regular(fd, limit, arena, text);
	close(fd);
	return error;
}

int file_read(int folder, const char *path, size_t limit, struct arena *arena, struct text *text)
{
	int fd = openat(folder, path, OPEN_FLAGS);

	return read_opened(fd < 0 ? -errno : fd, limit, arena, text);
}

/* One part of a walk; the folder before it is closed unless it is where the walk began. */
static int walk_into(int at, int start, const char *part, int flags)
{
	int fd = openat(at, part, flags | O_NOFOLLOW | O_CLOEXEC);
	int error = fd < 0 ? -errno : 0;

	if (at != start)
		close(at);
	return error ? error : fd;
}

/* Opens without following a single link. Gives a descriptor or a negative errno value. */
static int open_by_walking(int folder, const char *path, struct arena *arena)
{
	char *parts = arena_string(arena, path);
	int depth = 0;
	int at = folder;

	for (;;) {
		char *part = parts + strspn(parts, "/");
		char *end = part + strcspn(part, "/");
		bool last = end[strspn(end, "/")] == '\0';

		parts = last ? end : end + 1;
		*end = '\0';
		depth += strcmp(part, "..") == 0 ? -1 : strcmp(part, ".") != 0;
		if (depth < 0) {
			if (at != folder)
				close(at);
			return -EXDEV;
		}
		at = walk_into(at, folder, *part ? part : ".",
			       last ? OPEN_FLAGS : O_PATH | O_DIRECTORY);
		if (at < 0 || last)
			return at;
	}
}

static int open_beneath(int folder, const char *path, struct arena *arena)
{
	struct open_how how = {
		.flags = OPEN_FLAGS,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	long fd;

	if (path[0] == '/')
		return -EXDEV;
	fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
	if (fd >= 0)
		return (int)fd;
	/* Old kernels do not know the call, and old container profiles forbid it. */
	if (errno == ENOSYS || errno == EPERM)
		return open_by_walking(folder, path, arena);
	return -errno;
}

int file_read_beneath(int folder, const char *path, size_t limit, struct arena *arena,
		      struct text *text)
{
	return read_opened(open_beneath(folder, path, arena), limit, arena, text);
}

/* at: -1 for where the descriptor stands. */
static int write_all(int fd, struct text bytes, off_t at)
{
	unsigned times = 0;

	while (bytes.len) {
		ssize_t count = at < 0 ? write(fd, bytes.ptr, bytes.len)
				       : pwrite(fd, bytes.ptr, bytes.len, at);

		if (count < 0 && file_interrupted(&times))
			continue;
		if (count < 0)
			return errno;
		times = 0;
		bytes = text_slice(bytes, (size_t)count, bytes.len);
		at += at < 0 ? 0 : count;
	}
	return 0;
}

int file_write_all(int fd, struct text bytes)
{
	return write_all(fd, bytes, -1);
}

int file_write_all_at(int fd, struct text bytes, off_t at)
{
	return write_all(fd, bytes, at);
}

static int sync_whole(int fd)
{
	unsigned times = 0;
	int done;

	do
		done = fsync(fd);
	while (done < 0 && file_interrupted(&times));
	return done < 0 ? errno : 0;
}

int file_draft_open(struct file_draft *draft, int folder, const char *path)
{
	struct arena arena;
	uint64_t chance;

	*draft = (struct file_draft){ .folder = -1, .fd = -1, .name = file_basename(path) };
	if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return EIO;
	arena_init(&arena);
	draft->folder = openat(folder, file_dirname(path, &arena),
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	arena_done(&arena);
	if (draft->folder < 0)
		return errno;
	snprintf(draft->temporary, sizeof(draft->temporary), ".runbook-%016" PRIx64, chance);
	draft->fd = openat(draft->folder, draft->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			   S_IRUSR | S_IWUSR);
	if (draft->fd < 0) {
		int error = errno;

		close(draft->folder);
		draft->folder = -1;
		return error;
	}
	return 0;
}

void file_draft_drop(struct file_draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	if (draft->folder >= 0) {
		unlinkat(draft->folder, draft->temporary, 0);
		close(draft->folder);
	}
	draft->fd = draft->folder = -1;
}

int file_draft_keep(struct file_draft *draft, mode_t mode)
{
	int error = fchmod(draft->fd, mode) < 0 ? errno : sync_whole(draft->fd);

	if (close(draft->fd) < 0 && !error)
		error = errno;
	draft->fd = -1;
	if (!error && renameat(draft->folder, draft->temporary, draft->folder, draft->name) < 0)
		error = errno;
	if (error) {
		file_draft_drop(draft);
		return error;
	}
	error = file_sync_folder(draft->folder);
	close(draft->folder);
	draft->folder = -1;
	return error;
}

int file_write(int folder, const char *path, struct text content, mode_t mode)
{
	struct file_draft draft;
	int error = file_draft_open(&draft, folder, path);

	if (!error)
		error = file_write_all(draft.fd, content);
	if (!error)
		return file_draft_keep(&draft, mode);
	file_draft_drop(&draft);
	return error;
}

int file_sync_folder(int folder)
{
	int error = sync_whole(folder);

	/* Some file systems cannot sync a folder, and need not. */
	return error == EINVAL ? 0 : error;
}
