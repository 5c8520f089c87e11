/*
 * file: whole files and folders, with the errors that an operator has to read. Functions return
 * 0 or an errno value; nothing is printed. Descriptors are always close-on-exec.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/text.h"

/*
 * Reads a regular file whole into the arena, NUL-terminated. Never blocks on a FIFO or a device.
 * Gives EISDIR for a folder, EINVAL for anything else that is not a regular file, EFBIG when it
 * has more than limit bytes (then only its size was looked at and text->len is that size), or
 * open's and read's own error.
 */
int file_read(int folder, const char *path, size_t limit, struct arena *arena, struct text *text);

/* As file_read, for a path that must stay beneath folder (openat2 RESOLVE_BENEATH, no magic links;
 * where the kernel lacks it, by walking the parts with O_NOFOLLOW). EXDEV when it leaves. */
int file_read_beneath(int folder, const char *path, size_t limit, struct arena *arena,
		      struct text *text);

/*
 * Writes a file atomically: a temporary file beside it, synced, renamed over it, the folder
 * synced. mode is given exactly, whatever the umask. Nothing appears under the name unless all of
 * it is there.
 */
int file_write(int folder, const char *path, struct text content, mode_t mode);

/*
 * The same in parts, for a content that comes bit by bit and is looked at before it is kept. A
 * draft lies beside the file under a temporary name, for its owner only. After an error of open,
 * and after keep, it is gone; else drop it.
 */
struct file_draft {
	int folder;       /* where both names are; -1: there is no draft (any more) */
	int fd;           /* to read and write */
	const char *name; /* borrowed from the path */
	char temporary[32];
};
int file_draft_open(struct file_draft *draft, int folder, const char *path);
/* Syncs it, gives it its mode and its name, and syncs the folder. */
int file_draft_keep(struct file_draft *draft, mode_t mode);
/* Nothing happens when there is none. */
void file_draft_drop(struct file_draft *draft);

/*
 * Whether a call that has failed is made again: it was interrupted (EINTR). *times begins with 0
 * and counts; where nothing but interruptions comes, the call is not made for ever, and EINTR is
 * its error like any other.
 */
bool file_interrupted(unsigned *times);

/* Writes all of the bytes to a descriptor, going on after short writes and interruptions. */
int file_write_all(int fd, struct text bytes);
/* The same at a place of a file that can seek, in bytes from its beginning. */
int file_write_all_at(int fd, struct text bytes, off_t at);

/* mkdir -p; new folders get mode. An existing folder is left as it is. */
int file_make_folders(const char *path, mode_t mode);

/* fsync of a folder, so that a new name in it lasts. */
int file_sync_folder(int folder);

/* base joined with path; path alone when it is absolute or base is NULL. */
const char *file_join(const char *base, const char *path, struct arena *arena);

/* The part before the last '/', "." if there is none. */
const char *file_dirname(const char *path, struct arena *arena);
/* The part behind the last '/'. */
const char *file_basename(const char *path);

/* The path without "." and double '/', and "a/.." taken out: by its letters only, so that it may be
 * another file where a folder is a link. */
const char *file_clean(const char *path, struct arena *arena);

/* The absolute path with links resolved, or NULL (errno says why). */
const char *file_real(const char *path, struct arena *arena);

/* Where commands are searched that have no PATH. */
#define FILE_DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

/* The file that a command of this name would run, searched in the PATH text (':'-separated), or
 * NULL. A name with a '/' is looked at as it is. */
const char *file_find_program(const char *name, const char *path, struct arena *arena);

#endif
