/* load: the bytes of a document, and what the operator reads when there are none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/list.h"
#include "source/internal.h"

/* Another name in the same folder, as it was named. */
static const char *beside(const struct source_file *file, const char *name, struct arena *arena)
{
	struct text named = text_of(file->written ? file->written : file->name);
	size_t len = named.len;

	while (len > 0 && named.ptr[len - 1] != '/')
		len--;
	return arena_format(arena, "%.*s%s", (int)len, named.ptr, name);
}

/* The names in a folder, for "did you mean". */
static void hint_nearest_name(const struct source_file *file, struct diags *diags)
{
	const char *folder = file_dirname(file->path, diags->arena);
	LIST(const char *) names = { 0 };
	DIR *listing = opendir(folder);
	const char *nearest;

	if (!listing) {
		diag_hint(diags, "The folder '%s' cannot be looked at: %s.", folder,
			  strerror(errno));
		return;
	}
	for (struct dirent *found; (found = readdir(listing)) && names.count < 10000;) {
		if (found->d_name[0] != '.' &&
		    strcmp(found->d_name, file_basename(file->path)) != 0)
			*list_add(&names, diags->arena) = arena_string(diags->arena, found->d_name);
	}
	closedir(listing);
	nearest = text_nearest(text_of(file_basename(file->path)), names.at, names.count);
	if (nearest)
		diag_hint(diags, "did you mean '%s'?", beside(file, nearest, diags->arena));
	else if (file->written)
		diag_hint(diags, "Paths are relative to the document in which they stand.");
	else
		diag_hint(diags, "Look at the name and at the folder to which it is relative.");
}

/* A link whose target is missing says more than its own name. */
static void hint_missing(const struct source_file *file, struct diags *diags)
{
	char target[4096];
	ssize_t len = readlink(file->path, target, sizeof(target));

	if (len < 0)
		hint_nearest_name(file, diags);
	else
		diag_hint(diags, "It is a link to '%.*s', which does not exist.", (int)len, target);
}

/* Where a relative path or a link leads, when that is not what was typed. */
static void note_resolved(const struct source_file *file, struct diags *diags)
{
	const char *folder = file_real(file_dirname(file->path, diags->arena), diags->arena);
	const char *whole = folder ? file_join(folder, file_basename(file->path), diags->arena)
				   : file->path;

	if (strcmp(whole, file->name) != 0)
		diag_note(diags, (struct span){ 0 }, "looked for at %s", whole);
}

static void report_too_large(const struct source_file *file, size_t size, struct diags *diags)
{
	bool is_huge = size >> 30 > 0;

	diag_at(diags, file->span, RB0002, "'%s' is larger than the 4 MiB limit (%.1f %s)",
		file->name, (double)size / (is_huge ? 1u << 30 : 1u << 20),
		is_huge ? "GiB" : "MiB");
	diag_hint(diags, "Put data into a file of its own and let a step read it.");
}

static void hint_unreadable(const struct source_file *file, int error, struct diags *diags)
{
	if (error == ENOENT)
		hint_missing(file, diags);
	else if (error == EISDIR)
		diag_hint(diags, "Name a file in it.");
	else if (error == EINVAL)
		diag_hint(diags, "A document is read from a file, so that it can be read again.");
	else if (error == EXDEV)
		diag_hint(diags, "Copy it into the project, whose folder is the nearest one upward "
				 "with '.git' or '.runbook'.");
	else
		diag_hint(diags,
			  "Look at the permissions of the file and of the folders above it.");
}

static void report_unreadable(const struct source_file *file, int error, struct diags *diags)
{
	if (error == EISDIR)
		diag_at(diags, file->span, RB0001, "'%s' is a directory", file->name);
	else if (error == EINVAL)
		diag_at(diags, file->span, RB0001, "'%s' is not a regular file", file->name);
	else if (error == EXDEV)
		diag_at(diags, file->span, RB0001, "'%s' leaves the project folder '%s'",
			file->name, file->beneath);
	else if (error == ENOENT && file->written)
		diag_at(diags, file->span, RB0205, "'%s' does not exist", file->written);
	else
		diag_at(diags, file->span, RB0001, "cannot read '%s': %s", file->name,
			strerror(error));
	note_resolved(file, diags);
	hint_unreadable(file, error, diags);
}

/* The path below folder of a file in it, links in the folders above the file resolved; NULL (errno
 * says why) when it is not below. */
static const char *path_below(const char *folder, const char *path, struct arena *arena)
{
	const char *parent = file_real(file_dirname(path, arena), arena);
	size_t len = strlen(folder);

	if (!parent)
		return NULL;
	errno = EXDEV;
	if (strcmp(folder, "/") == 0)
		len = 0;
	if (strncmp(parent, folder, len) != 0 || (parent[len] != '/' && parent[len] != '\0'))
		return NULL;
	parent += parent[len] == '/' ? len + 1 : len;
	return file_join(*parent ? parent : NULL, file_basename(path), arena);
}

static int read_beneath(const struct source_file *file, struct arena *arena, struct text *text)
{
	const char *folder = file_real(file->beneath, arena);
	const char *below = folder ? path_below(folder, file->path, arena) : NULL;
	int fd, error;

	if (!below)
		return errno;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = file_read_beneath(fd, below, SOURCE_MAX_SIZE, arena, text);
	close(fd);
	return error;
}

bool load_text(const struct source_file *file, struct arena *arena, struct text *text,
	       struct diags *diags)
{
	int error = file->beneath ? read_beneath(file, arena, text)
				  : file_read(AT_FDCWD, file->path, SOURCE_MAX_SIZE, arena, text);

	if (error == EFBIG)
		report_too_large(file, text->len, diags);
	else if (error)
		report_unreadable(file, error, diags);
	return error == 0;
}
