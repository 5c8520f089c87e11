/* The documents of a folder, among whatever else lies there. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/cli.h"

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
const char *document_kind(const char *path, struct arena *arena)
{
	struct text text;
	bool first = true;
	if (file_read(AT_FDCWD, path, SOURCE_MAX_SIZE, arena, &text) != 0)
		return NULL;
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

/* ---- which there are ----------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The .yaml and .yml files of a folder and those below it, in order of name. */
static void folder_documents(struct cli *cli, const char *folder, struct strings_list *files,
			     int depth)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		const char *path = strcmp(folder, ".") == 0
					   ? arena_string(cli->arena, entry->d_name)
					   : file_join(folder, entry->d_name, cli->arena);
		struct text name = text_of(entry->d_name);
		struct stat stat;
		if (entry->d_name[0] == '.' || lstat(path, &stat) != 0)
			continue;
		if (S_ISDIR(stat.st_mode) && depth < 8)
			folder_documents(cli, path, files, depth + 1);
		else if (S_ISREG(stat.st_mode) &&
			 (text_ends(name, ".yaml") || text_ends(name, ".yml")))
			*list_add(files, cli->arena) = path;
	}
	closedir(dir);
}

void cli_documents(struct cli *cli, const char *path, struct strings_list *files)
{
	struct stat stat_of;
	size_t from = files->count;
	if (stat(path, &stat_of) != 0 || !S_ISDIR(stat_of.st_mode)) {
		*list_add(files, cli->arena) = path;
		return;
	}
	struct strings_list found = { 0 };
	folder_documents(cli, path, &found, 0);
	for (size_t i = 0; i < found.count; i++)
		if (document_kind(found.at[i], cli->arena))
			*list_add(files, cli->arena) = found.at[i];
	if (files->count > from)
		qsort(files->at + from, files->count - from, sizeof(*files->at), by_name);
}
