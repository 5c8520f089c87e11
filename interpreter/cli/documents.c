/* The documents of a folder, among whatever else lies there. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/cli.h"

#define FOLDERS_MAX 32 /* below the one that was given */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* ---- what a file is ------------------------------------------------------------------------ */

static const char *const kinds[] = { "runbook", "library", "fragment" };

static size_t skip_blanks(struct text line, size_t at)
{
	while (at < line.len && (line.ptr[at] == ' ' || line.ptr[at] == '\t'))
		at++;
	return at;
}

/* Which kind's key begins the line; whatever its quotes, its letters' case and its distance from
 * the colon: whether it is right is the parser's matter. */
static const char *kind_of_line(struct text line)
{
	size_t from = line.len && line.ptr[0] == '{' ? skip_blanks(line, 1) : 0;
	bool quoted = from < line.len && (line.ptr[from] == '"' || line.ptr[from] == '\'');
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t at = from + quoted, len = strlen(kinds[i]);
		if (line.len < at + len || strncasecmp(line.ptr + at, kinds[i], len) != 0)
			continue;
		at = skip_blanks(line, at + len + quoted);
		if (at < line.len && line.ptr[at] == ':')
			return kinds[i];
	}
	return NULL;
}

/* Empty lines, comments, directives and the mark of a document come before the first key. */
static bool precedes_keys(struct text line)
{
	line = text_trim(line);
	return !line.len || line.ptr[0] == '#' || line.ptr[0] == '%' || text_is(line, "---");
}

/* Other YAML files may lie beside: the first key says what a document is. One whose key 'runbook'
 * stands elsewhere was meant as one, and is not to be passed over. */
static const char *kind_of_text(struct text text)
{
	bool first = true;
	if (text_starts(text, BYTE_ORDER_MARK))
		text = text_slice(text, strlen(BYTE_ORDER_MARK), text.len);
	for (size_t from = 0; from < text.len;) {
		size_t end = text_find(text, TEXT("\n"), from);
		struct text line = text_slice(text, from, end);
		const char *kind = kind_of_line(line);
		if (kind && (first || kind == kinds[0]))
			return kind;
		if (end == SIZE_MAX)
			return NULL;
		first = first && precedes_keys(line);
		from = end + 1;
	}
	return NULL;
}

const char *document_kind(const char *path, struct arena *arena)
{
	struct text text;
	return file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, arena, &text) == 0 ? kind_of_text(text)
									     : NULL;
}

/* ---- which there are ----------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A search below a folder. */
struct search {
	struct cli *cli;
	struct strings_list *files;
	struct diags *diags;
};

static void pass_over(const struct search *search, const char *path, const char *why)
{
	diag_at(search->diags, (struct span){ 0 }, RB0063, "'%s' is passed over: %s", path, why);
	diag_hint(search->diags, "Give it by itself if it is meant: runbook check %s", path);
}

static void not_seen(const struct search *search, const char *path, const char *why)
{
	diag_at(search->diags, (struct span){ 0 }, RB0062, "'%s' was not looked into: %s", path,
		why);
	diag_hint(search->diags, "Its documents were not checked; give it by itself when it can "
				 "be read.");
}

/* What cannot be read counts as a document: reading it as one says why. */
static void add_file(const struct search *search, const char *path)
{
	struct text text;
	int error = file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, search->cli->arena, &text);
	if (error == EFBIG)
		pass_over(search, path, "it has more than 4 MiB");
	else if (error || kind_of_text(text))
		*list_add(search->files, search->cli->arena) = path;
}

static void search_folder(const struct search *search, const char *folder, int depth);

static void search_entry(const struct search *search, const char *path, int depth)
{
	struct text name = text_of(path);
	struct stat link, file;
	bool linked = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
	bool folder = stat(path, &file) == 0 && S_ISDIR(file.st_mode);
	if (folder && linked)
		pass_over(search, path, "it is a link to a folder");
	else if (folder)
		search_folder(search, path, depth + 1);
	else if (text_ends(name, ".yaml") || text_ends(name, ".yml"))
		add_file(search, path);
}

/* The .yaml and .yml files of a folder and those below it. */
/* In order of name, so that what is told of them is the same everywhere. */
static struct strings_list entries_of(DIR *dir, struct arena *arena)
{
	struct strings_list names = { 0 };
	struct dirent *entry;
	while ((entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			*list_add(&names, arena) = arena_string(arena, entry->d_name);
	if (names.count)
		qsort(names.at, names.count, sizeof(*names.at), by_name);
	return names;
}

static void search_folder(const struct search *search, const char *folder, int depth)
{
	struct arena *arena = search->cli->arena;
	DIR *dir = depth <= FOLDERS_MAX ? opendir(folder) : NULL;
	if (!dir) {
		not_seen(search, folder,
			 depth > FOLDERS_MAX ? "it lies more than 32 folders deep"
					     : strerror(errno));
		return;
	}
	struct strings_list names = entries_of(dir, arena);
	closedir(dir);
	for (size_t i = 0; i < names.count; i++)
		search_entry(search,
			     strcmp(folder, ".") == 0 ? names.at[i]
						      : file_join(folder, names.at[i], arena),
			     depth);
}

void cli_documents(struct cli *cli, const char *path, struct strings_list *files,
		   struct diags *diags)
{
	const struct search search = { cli, files, diags };
	struct stat stat_of;
	size_t from = files->count;
	if (stat(path, &stat_of) != 0 || !S_ISDIR(stat_of.st_mode)) {
		*list_add(files, cli->arena) = path;
		return;
	}
	search_folder(&search, path, 0);
	if (files->count > from)
		qsort(files->at + from, files->count - from, sizeof(*files->at), by_name);
}
