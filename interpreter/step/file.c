/* file and write: what is on this machine's disk. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/sha256.h"
#include "step/internal.h"

#define FILE_MAX (64u << 20) /* bytes of a file that is hashed or looked into */
#define CONTENT_MAX (1u << 20)

/* ---- file ---------------------------------------------------------------------------------- */

struct file_args {
	const char *path;
};

static const struct field file_fields[] = {
	PATH(struct file_args, path, .flags = FIELD_REQUIRED, .doc = "The file, relative to cwd."),
	{ 0 },
};

enum {
	FILE_EXISTS,
	FILE_KIND,
	FILE_SIZE,
	FILE_MODE,
	FILE_SHA256,
	FILE_CONTENT,
	FILE_JSON,
	FILE_LINES
};

static const struct output file_outputs[] = {
	[FILE_EXISTS] = { "exists", &type_bool, "Whether there is something of that name." },
	[FILE_KIND] = { "kind", &type_string,
			"file, folder, link or other; '' if it does not exist." },
	[FILE_SIZE] = { "size", &type_int, "Bytes." },
	[FILE_MODE] = { "mode", &type_string, "Permissions in octal: '0644'." },
	[FILE_SHA256] = { "sha256", &type_string, "Digest of its content in hex." },
	[FILE_CONTENT] = { "content", &type_string, "Its text." },
	[FILE_JSON] = { "json", &type_dyn, "Its content as JSON." },
	[FILE_LINES] = { "lines", &type_string_list, "Its text line by line." },
	{ 0 },
};

struct file_answer {
	const char *path;
	bool exists;
	struct stat stat;
};

static const char *kind_of(const struct file_answer *answer)
{
	if (!answer->exists)
		return "";
	if (S_ISREG(answer->stat.st_mode))
		return "file";
	if (S_ISDIR(answer->stat.st_mode))
		return "folder";
	return S_ISLNK(answer->stat.st_mode) ? "link" : "other";
}

static struct value content_of(const struct file_answer *answer, size_t index, struct arena *arena)
{
	struct captured captured;
	struct text text;
	size_t limit = index == FILE_SHA256 ? FILE_MAX : CONTENT_MAX;
	int error = file_read(AT_FDCWD, answer->path, limit, arena, &text);
	if (error == EFBIG)
		return value_error(arena, FAIL_RESOURCE, "the file has %zu bytes; the limit is %zu",
				   text.len, limit);
	if (error)
		return value_error(arena, FAIL_RESOURCE, "cannot read %s: %s", answer->path,
				   strerror(error));
	if (index == FILE_SHA256) {
		char hex[SHA256_HEX];
		sha256_text(text, hex);
		return value_cstring(arena_string(arena, hex));
	}
	captured_init(&captured, file_outputs[index].name, CONTENT_MAX, arena);
	captured_add(&captured, text);
	return index == FILE_JSON    ? captured_json(&captured, arena)
	       : index == FILE_LINES ? captured_lines(&captured, arena)
				     : captured_string(&captured, arena);
}

static struct value file_output(const struct outputs *outputs, size_t index, struct arena *arena)
{
	const struct file_answer *answer = outputs->data;
	if (index == FILE_EXISTS)
		return value_bool(answer->exists);
	if (index == FILE_KIND)
		return value_cstring(kind_of(answer));
	if (!answer->exists)
		return value_error(arena, FAIL_EXPRESSION, "%s does not exist", answer->path);
	if (index == FILE_SIZE)
		return value_int(answer->stat.st_size);
	if (index == FILE_MODE)
		return value_cstring(
			arena_format(arena, "%04o", (unsigned)answer->stat.st_mode & 07777));
	return content_of(answer, index, arena);
}

static void file_start(struct task *task, const void *data)
{
	const struct file_args *args = data;
	struct file_answer *answer = arena_new(task->arena, struct file_answer);
	const struct outputs outputs = { file_outputs, file_output, answer };
	answer->path = task_path(task, args->path);
	answer->exists = stat(answer->path, &answer->stat) == 0 ||
			 lstat(answer->path, &answer->stat) == 0;
	if (!answer->exists && errno != ENOENT && errno != ENOTDIR) {
		task_fail(task, errno == EACCES ? "permission" : "resource", RB0406, value_null(),
			  "cannot look at %s: %s", answer->path, strerror(errno));
		return;
	}
	task_succeed(task, outputs_object(&outputs, task->arena));
}

extern const struct step_type step_file, step_write;

const struct step_type step_file = {
	.name = "file",
	.main = "path",
	.summary = "Look at a file.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_READ,
	.fields = file_fields,
	.size = sizeof(struct file_args),
	.outputs = file_outputs,
	.start = file_start,
	.example = "- file: /etc/hostname\n  assert: [exists]",
};

/* ---- write --------------------------------------------------------------------------------- */

struct write_args {
	const char *path;
	const char *content;
	struct value json;
	const char *mode;
};

static const struct field write_fields[] = {
	PATH(struct write_args, path, .flags = FIELD_REQUIRED, .doc = "The file, relative to cwd."),
	STRING(struct write_args, content, .flags = FIELD_DETAIL, .doc = "Its text."),
	VALUE(struct write_args, json, .flags = FIELD_DETAIL,
	      .doc = "Its content as a YAML value, written as JSON."),
	STRING(struct write_args, mode, .flags = FIELD_LITERAL, .dflt = "0644",
	       .doc = "Its permissions in octal."),
	{ 0 },
};

static const struct output write_outputs[] = {
	{ "changed", &type_bool, "Whether the content was another before." },
	{ "sha256", &type_string, "Digest of the content in hex." },
	{ 0 },
};

static bool write_check(const struct bound *bound, struct span span, struct diags *diags)
{
	static const char *const contents[] = { "content", "json", NULL };
	static const struct alternatives rule = { "write", contents, true,
						  "Write: content: TEXT; '' makes an empty file.",
						  "Keep 'content' for a text as it stands, 'json' "
						  "for a value that is written as JSON." };
	return alternatives_check(&rule, bound, span, diags) && mode_check(bound, diags);
}

static bool has_mode(const char *path, mode_t mode)
{
	struct stat status;
	return stat(path, &status) == 0 && (status.st_mode & 07777) == mode;
}

static void write_start(struct task *task, const void *data)
{
	const struct write_args *args = data;
	const char *path = task_path(task, args->path);
	struct value_map_builder map;
	struct buffer content;
	struct text before;
	char hex[SHA256_HEX];
	buffer_init(&content, task->arena);
	if (args->content) {
		buffer_puts(&content, args->content);
	} else {
		json_write(&content, args->json);
		buffer_putc(&content, '\n');
	}
	bool same = file_read(AT_FDCWD, path, content.len, task->arena, &before) == 0 &&
		    text_equal(before, buffer_text(&content));
	mode_t mode = mode_read(args->mode);
	int error = same && has_mode(path, mode)
			    ? 0
			    : file_write(AT_FDCWD, path, buffer_text(&content), mode);
	if (error) {
		task_fail(task,
			  error == EACCES || error == EPERM     ? "permission"
			  : error == ENOENT || error == ENOTDIR ? "not_found"
								: "resource",
			  RB0406, value_null(), "cannot write %s: %s", path, strerror(error));
		return;
	}
	sha256_text(buffer_text(&content), hex);
	value_map_init(&map, task->arena);
	value_map_set(&map, "changed", value_bool(!same));
	value_map_set(&map, "sha256", value_cstring(arena_string(task->arena, hex)));
	task_succeed(task, value_map_end(&map));
}

const struct step_type step_write = {
	.name = "write",
	.main = "path",
	.summary = "Write a file whole, or not at all.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_WRITE,
	.fields = write_fields,
	.size = sizeof(struct write_args),
	.outputs = write_outputs,
	.check = write_check,
	.start = write_start,
	.example = "- write: /tmp/motd\n  content: |\n    hello",
};
