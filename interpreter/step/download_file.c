/* The file that is there, and the draft of the one that comes. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "step/download.h"

#define PIECE (1 << 20) /* bytes that are read in one turn of the loop */

/* ---- specimens ----------------------------------------------------------------------------- */

static bool no_memory(struct download *download)
{
	download_fail(download, "resource", RB0412, "no memory for the digest of a signature");
	return false;
}

bool specimen_begin(struct download *download, struct specimen *specimen, int fd)
{
	*specimen = (struct specimen){ .fd = fd };
	sha256_init(&specimen->sha256);
	if (!download->verify || !download->minisign.hashed)
		return true;
	specimen->blake2b = download->verify->blake2b_open(download->task->arena);
	return specimen->blake2b || no_memory(download);
}

bool specimen_add(struct download *download, struct specimen *specimen, struct text bytes)
{
	specimen->size += (int64_t)bytes.len;
	sha256_add(&specimen->sha256, bytes.ptr, bytes.len);
	return !specimen->blake2b || download->verify->blake2b_add(specimen->blake2b, bytes);
}

bool specimen_end(struct download *download, struct specimen *specimen)
{
	uint8_t digest[SHA256_SIZE];
	sha256_end(&specimen->sha256, digest);
	sha256_hex(digest, specimen->hex);
	return !specimen->blake2b ||
	       download->verify->blake2b_end(specimen->blake2b, specimen->digest) ||
	       no_memory(download);
}

void specimen_close(struct specimen *specimen)
{
	if (specimen->fd >= 0)
		close(specimen->fd);
	specimen->fd = -1;
}

/* ---- what is there ------------------------------------------------------------------------- */

static void refuse_target(struct download *download, const char *why, const char *hint)
{
	struct outcome outcome = {
		.status = OUTCOME_FAILED,
		.class = "resource",
		.code = RB0406,
		.message = arena_format(download->task->arena, "cannot write %s: %s",
					download->path, why),
		.untouched = true,
	};
	outcome_line_add(download->task, &outcome, "hint", "%s", hint);
	download_finish(download, &outcome, value_null());
}

bool download_look(struct download *download)
{
	struct stat status;
	const char *path = download->path;
	download->present.fd = -1;
	if (lstat(path, &status) != 0) {
		if (errno == ENOENT)
			return true; /* a missing folder is told by the draft */
		download_fail_errno(download, errno, "look at", path);
		return false;
	}
	if (S_ISREG(status.st_mode)) {
		download->present.fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (download->present.fd < 0)
			download_fail_errno(download, errno, "read", path);
		return download->present.fd >= 0;
	}
	if (S_ISDIR(status.st_mode))
		refuse_target(download, "it is a folder", "Write the name of the file in it.");
	else if (S_ISLNK(status.st_mode))
		refuse_target(download, "it is a link", "Write the name of the file itself.");
	else
		refuse_target(download, "it is no regular file", "Write another name.");
	return false;
}

/* In pieces, so that the other steps go on meanwhile. */
static void examine_piece(void *data)
{
	struct download *download = data;
	struct specimen *present = &download->present;
	ssize_t count = read(present->fd, download->piece, PIECE);
	if (count < 0 && errno != EINTR) {
		download_fail_errno(download, errno, "read", download->path);
		return;
	}
	if (count > 0 &&
	    !specimen_add(download, present, (struct text){ download->piece, (size_t)count })) {
		no_memory(download);
		return;
	}
	if (count != 0 && present->size <= download->args->max_size)
		timer_start(&download->timer, download->task->services->loop, 0);
	else if (specimen_end(download, present))
		download->next(download);
}

void download_examine(struct download *download, void (*next)(struct download *download))
{
	download->next = next;
	download->piece = arena_alloc(download->task->arena, PIECE);
	download->timer = (struct timer){ .fire = examine_piece, .data = download };
	if (specimen_begin(download, &download->present, download->present.fd))
		timer_start(&download->timer, download->task->services->loop, 0);
}

/* ---- what comes ---------------------------------------------------------------------------- */

bool download_draft(struct download *download)
{
	int error = file_draft_open(&download->draft, AT_FDCWD, download->path);
	if (error) {
		download_fail_errno(download, error, "write", download->path);
		return false;
	}
	return specimen_begin(download, &download->made, download->draft.fd);
}
