/* load: the bytes of a document, and what the operator reads when there are none. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/list.h"
#include "source/internal.h"

/* The names in the folder of path, for "did you mean". */
static void hint_nearest_name(const char *path, struct diags *diags)
{
	const char *folder = file_dirname(path, diags->arena);
	LIST(const char *) names = { 0 };
	DIR *listing = opendir(folder);
	const char *nearest;

	if (!listing)
		return;
	for (struct dirent *found; (found = readdir(listing)) && names.count < 10000;)
		*list_add(&names, diags->arena) = arena_string(diags->arena, found->d_name);
	closedir(listing);
	nearest = text_nearest(text_of(file_basename(path)), names.at, names.count);
	if (nearest && nearest[0] != '.')
		diag_hint(diags, "did you mean '%s'?",
			  strchr(path, '/') ? file_join(folder, nearest, diags->arena) : nearest);
}

/* Where a relative path or a link leads, when that is not what was typed. */
static void note_resolved(const struct load *load, struct diags *diags)
{
	const char *folder = file_real(file_dirname(load->path, diags->arena), diags->arena);
	const char *whole = folder ? file_join(folder, file_basename(load->path), diags->arena)
				   : load->path;

	if (strcmp(whole, load->name) != 0)
		diag_note(diags, (struct span){ 0 }, "looked for at %s", whole);
}

static void report_too_large(const struct load *load, size_t size, struct diags *diags)
{
	double mib = (double)size / (1u << 20);

	diag_at(diags, (struct span){ 0 }, RB0002, "'%s' is larger than the 4 MiB limit (%.1f MiB)",
		load->name, mib);
	diag_hint(diags, "Put data into a file of its own and let a step read it.");
}

static void report_unreadable(const struct load *load, int error, struct diags *diags)
{
	struct span nowhere = { 0 };

	if (error == EISDIR)
		diag_at(diags, nowhere, RB0001, "'%s' is a directory", load->name);
	else if (error == EINVAL)
		diag_at(diags, nowhere, RB0001, "'%s' is not a regular file", load->name);
	else if (error == EXDEV)
		diag_at(diags, nowhere, RB0001, "'%s' leaves the project folder '%s'", load->name,
			load->beneath);
	else
		diag_at(diags, nowhere, RB0001, "cannot read '%s': %s", load->name,
			strerror(error));
	note_resolved(load, diags);
	if (error == ENOENT)
		hint_nearest_name(load->path, diags);
	if (error == EISDIR)
		diag_hint(diags, "Name a file in it.");
	if (error == EACCES)
		diag_hint(diags,
			  "Look at the permissions of the file and of the folders above it.");
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

static int read_beneath(const struct load *load, struct text *text)
{
	const char *folder = file_real(load->beneath, load->arena);
	const char *below = folder ? path_below(folder, load->path, load->arena) : NULL;
	int fd, error;

	if (!below)
		return errno;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = file_read_beneath(fd, below, SOURCE_MAX_SIZE, load->arena, text);
	close(fd);
	return error;
}

bool load_text(const struct load *load, struct text *text, struct diags *diags)
{
	int error = load->beneath
			    ? read_beneath(load, text)
			    : file_read(AT_FDCWD, load->path, SOURCE_MAX_SIZE, load->arena, text);

	if (error == EFBIG)
		report_too_large(load, text->len, diags);
	else if (error)
		report_unreadable(load, error, diags);
	return error == 0;
}
