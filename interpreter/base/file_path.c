/* file: names of files and folders. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"

static int make_folder(const char *path, mode_t mode)
{
	struct stat status;

	if (mkdir(path, mode) == 0)
		return chmod(path, mode) < 0 ? errno : 0;
	if (errno != EEXIST)
		return errno;
	if (stat(path, &status) < 0)
		return errno;
	return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
}

int file_make_folders(const char *path, mode_t mode)
{
	struct arena arena;
	char *prefix;
	int error = 0;

	arena_init(&arena);
	prefix = arena_string(&arena, path);
	for (char *end = prefix; *end && !error;) {
		char kept;

		end += strspn(end, "/");
		end += strcspn(end, "/");
		kept = *end;
		*end = '\0';
		error = make_folder(prefix, mode);
		*end = kept;
	}
	arena_done(&arena);
	return error;
}

const char *file_join(const char *base, const char *path, struct arena *arena)
{
	size_t base_len = base ? strlen(base) : 0;
	size_t path_len = strlen(path);
	char *joined;

	if (base_len == 0 || path[0] == '/')
		return arena_copy(arena, path, path_len);
	base_len -= base[base_len - 1] == '/';
	joined = arena_grow(arena, arena_copy(arena, base, base_len), base_len + 1,
			    base_len + path_len + 2);
	joined[base_len] = '/';
	memcpy(joined + base_len + 1, path, path_len);
	return joined;
}

const char *file_dirname(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return ".";
	return slash == path ? "/" : arena_copy(arena, path, (size_t)(slash - path));
}

const char *file_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *file_clean(const char *path, struct arena *arena)
{
	struct buffer out;
	bool rooted = path[0] == '/';

	buffer_init(&out, arena);
	buffer_puts(&out, rooted ? "/" : "");
	for (const char *part = path; *part;) {
		size_t len = strcspn(part, "/"), base = rooted ? 1 : 0;
		size_t last = out.len;

		while (last > base && out.ptr[last - 1] != '/')
			last--;
		bool up = len == 2 && memcmp(part, "..", 2) == 0;
		bool climbs = text_is(text_slice(buffer_text(&out), last, out.len), "..");
		if (up && out.len > base && !climbs) {
			out.len = last > base ? last - 1 : base;
		} else if (!(up && rooted) && len > 0 && !(len == 1 && part[0] == '.')) {
			buffer_puts(&out, out.len > base ? "/" : "");
			buffer_add(&out, (struct text){ part, len });
		}
		part += len;
		part += strspn(part, "/");
	}
	return out.len ? buffer_string(&out) : ".";
}

const char *file_real(const char *path, struct arena *arena)
{
	char resolved[PATH_MAX];

	return realpath(path, resolved) ? arena_string(arena, resolved) : NULL;
}

static bool is_program(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode) &&
	       faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) == 0;
}

const char *file_find_program(const char *name, const char *path, struct arena *arena)
{
	if (strchr(name, '/'))
		return is_program(name) ? name : NULL;
	while (path && *name) {
		const char *end = strchrnul(path, ':');
		/* POSIX: an empty part is the working folder. */
		const char *folder = end == path ? "."
						 : arena_copy(arena, path, (size_t)(end - path));
		const char *candidate = file_join(folder, name, arena);

		if (is_program(candidate))
			return candidate;
		path = *end ? end + 1 : NULL;
	}
	return NULL;
}
