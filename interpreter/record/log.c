/* The log of an attempt. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tail.h"
#include "record/internal.h"

#define ID_MAX 60

struct log {
	struct arena *arena;
	const char *path;
	int fd; /* -1: nothing more is written */
	size_t len;
	struct tail tail; /* of what is over LOG_MAX; without room until something is */
	const char *error;
	struct mask_stream *streams[2];
};

static void fail(struct log *log, const char *verb, int number)
{
	log->error = arena_format(log->arena, "cannot %s '%s': %s", verb, log->path,
				  strerror(number));
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

static void write_all(struct log *log, struct text bytes)
{
	int number = log->fd < 0 ? 0 : file_write_all(log->fd, bytes);

	if (number)
		fail(log, "write", number);
}

static void put(struct log *log, struct text bytes)
{
	struct text fitting = text_slice(bytes, 0, LOG_MAX - log->len);

	write_all(log, fitting);
	log->len += fitting.len;
	if (fitting.len == bytes.len || log->fd < 0)
		return;
	if (!log->tail.ptr)
		tail_init(&log->tail, LOG_TAIL, log->arena);
	tail_add(&log->tail, text_slice(bytes, fitting.len, bytes.len));
}

/* The end of what was too long, behind a line that says how much is missing before it. */
static void put_tail(struct log *log)
{
	const char *mark;

	if (log->tail.dropped) {
		mark = arena_format(log->arena,
				    "\n--- %" PRIu64 " bytes are left out here: of one attempt "
				    "the first 64 MiB are kept, and the last 64 KiB ---\n",
				    log->tail.dropped);
		write_all(log, text_of(mark));
		if (log->fd >= 0)
			log->error = arena_format(log->arena,
						  "%" PRIu64 " bytes were left out of '%s'",
						  log->tail.dropped, log->path);
	}
	write_all(log, tail_text(&log->tail));
}

void log_close(struct log *log)
{
	for (int i = 0; i < 2; i++)
		put(log, mask_flush(log->streams[i]));
	put_tail(log);
	log->tail.len = 0;
	log->tail.dropped = 0;
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

static void close_late(void *data)
{
	log_close(data);
}

/* A step that runs again after it has ended (verify, once more behind a rollback) counts its
 * attempts from one: what it writes stands below what it wrote. */
static void go_on(struct log *log, size_t len)
{
	log->len = len < LOG_MAX ? len : LOG_MAX;
	put(log, TEXT("\n--- once more ---\n"));
}

/* An id as a part of a file name. */
static const char *safe_id(const char *id, struct arena *arena)
{
	char *safe = arena_string(arena, id ? id : "step");

	for (char *ptr = safe; *ptr; ptr++)
		if (!strchr("0123456789_-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			    *ptr))
			*ptr = '_';
	if (strlen(safe) > ID_MAX)
		safe[ID_MAX] = '\0';
	return safe;
}

struct log *log_open(struct run_folder *run, int32_t number, const char *id, uint32_t attempt,
		     const struct mask *mask, struct arena *arena)
{
	struct log *log = arena_new(arena, struct log);
	const char *name = arena_format(arena, "logs/%04d-%s.%u.log", (int)number,
					safe_id(id, arena), (unsigned)attempt);

	struct stat status;

	*log = (struct log){ .arena = arena, .path = file_join(run->path, name, arena) };
	for (int i = 0; i < 2; i++)
		log->streams[i] = mask_stream_new(mask, arena);
	log->fd = openat(run->fd, name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC,
			 S_IRUSR | S_IWUSR);
	if (log->fd < 0 || fchmod(log->fd, S_IRUSR | S_IWUSR) < 0 || fstat(log->fd, &status) < 0)
		fail(log, "create", errno);
	else if (status.st_size > 0)
		go_on(log, (size_t)status.st_size);
	arena_defer(arena, close_late, log);
	return log;
}

void log_write(struct log *log, int stream, struct text bytes)
{
	if (log->fd >= 0)
		put(log, mask_feed(log->streams[stream - 1], bytes));
}

const char *log_error(const struct log *log)
{
	return log->error;
}

const char *log_path(struct run_folder *run, int32_t number, uint32_t attempt, struct arena *arena)
{
	const char *start = arena_format(arena, "%04d-", (int)number);
	const char *end = arena_format(arena, ".%u.log", (unsigned)attempt);
	int fd = openat(run->fd, "logs", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	const char *path = NULL;

	if (!folder) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	for (struct dirent *entry = readdir(folder); entry && !path; entry = readdir(folder))
		if (text_starts(text_of(entry->d_name), start) &&
		    text_ends(text_of(entry->d_name), end))
			path = arena_format(arena, "%s/logs/%s", run->path, entry->d_name);
	closedir(folder);
	return path;
}
