/* The commit that a document's repository stands at, read from git's own files
 * (gitrepository-layout, manual page of git): to load a library for one line would cost a run more
 * than its start. */

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/cli.h"

#define MAX_LINE_FILE 4096
#define MAX_PACKED (16u << 20)

/* The first line of a file without its end; false if it cannot be read. */
static bool first_line(const char *folder, const char *name, struct arena *arena, struct text *line)
{
	struct text text;
	if (file_read(AT_FDCWD, file_join(folder, name, arena), MAX_LINE_FILE, arena, &text))
		return false;
	*line = text_slice(text, 0, text_find(text, TEXT("\n"), 0));
	return true;
}

/* Behind a prefix, or NULL. */
static const char *behind(struct text line, const char *prefix, struct arena *arena)
{
	return text_starts(line, prefix)
		       ? arena_text(arena, text_trim(text_slice(line, strlen(prefix), SIZE_MAX)))
				 .ptr
		       : NULL;
}

/* The folder of a repository's files: DIR/.git, or what a file of that name says (worktrees,
 * submodules). NULL when DIR is no worktree. */
static const char *git_folder(const char *folder, struct arena *arena)
{
	const char *path = file_join(folder, ".git", arena);
	struct stat status;
	struct text line;
	if (stat(path, &status) != 0)
		return NULL;
	if (S_ISDIR(status.st_mode))
		return path;
	const char *other = first_line(folder, ".git", arena, &line)
				    ? behind(line, "gitdir:", arena)
				    : NULL;
	return other ? file_join(folder, other, arena) : NULL;
}

/* SHA-1 or SHA-256 in hexadecimal. */
static bool is_commit(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!isxdigit((unsigned char)text.ptr[i]))
			return false;
	return text.len == 40 || text.len == 64;
}

/* Lines of packed-refs: COMMIT NAME. */
static const char *find_packed(const char *folder, const char *ref, struct arena *arena)
{
	struct text text;
	const char *needle = arena_format(arena, " %s\n", ref);
	if (file_read(AT_FDCWD, file_join(folder, "packed-refs", arena), MAX_PACKED, arena, &text))
		return NULL;
	size_t end = text_find(text, text_of(needle), 0), start = end;
	if (end == SIZE_MAX)
		return NULL;
	while (start > 0 && text.ptr[start - 1] != '\n')
		start--;
	struct text commit = text_slice(text, start, end);
	return is_commit(commit) ? arena_text(arena, commit).ptr : NULL;
}

const char *cli_revision(const char *document, struct arena *arena)
{
	struct text line, common;
	const char *real = file_real(document, arena), *git = NULL;
	for (const char *folder = real; folder && !git && strcmp(folder, "/") != 0;) {
		folder = file_dirname(folder, arena);
		git = git_folder(folder, arena);
	}
	if (!git || !first_line(git, "HEAD", arena, &line))
		return NULL;
	const char *ref = behind(line, "ref:", arena);
	if (!ref)
		return is_commit(line) ? arena_text(arena, line).ptr : NULL;
	/* A worktree has a HEAD of its own; its branches are the repository's. */
	const char *shared = first_line(git, "commondir", arena, &common)
				     ? file_join(git, arena_text(arena, common).ptr, arena)
				     : git;
	if (first_line(shared, ref, arena, &line) && is_commit(line))
		return arena_text(arena, line).ptr;
	return find_packed(shared, ref, arena);
}
