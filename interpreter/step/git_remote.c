/* The tags of a remote, as git ls-remote lists them. */

#include <string.h>

#include "step/git.h"

/* "OID\trefs/tags/NAME" and, below an annotated one, "OID\trefs/tags/NAME^{}". */
static void read_line(struct question_git *git, struct text line)
{
	struct arena *arena = git->task->arena;
	size_t tab = text_find(line, TEXT("\trefs/tags/"), 0);
	if (tab == SIZE_MAX)
		return;
	struct text oid = text_slice(line, 0, tab);
	struct text name = text_slice(line, tab + strlen("\trefs/tags/"), line.len);
	if (text_ends(name, "^{}")) {
		if (git->known.remote.count)
			git->known.remote.at[git->known.remote.count - 1].commit =
				arena_text(arena, oid).ptr;
		return;
	}
	*list_add(&git->known.remote, arena) = (struct remote_tag){ arena_text(arena, name).ptr,
								    arena_text(arena, oid).ptr,
								    NULL };
}

static void listed(struct question_git *git)
{
	struct text text = buffer_text(&git->program.output.bytes);
	if (git->program.output.over) {
		task_fail(git->task, "resource", RB0411, value_null(),
			  "git ls-remote printed more than %zu bytes", git->program.output.max);
		return;
	}
	git->known.listed = true;
	while (text.len > 0)
		read_line(git, git_line(&text));
	git_read_repository(git);
}

/* Beside a repository only one answer is the remote's. */
static bool is_asked(const struct question_git *git)
{
	return git->args->remote && (!git->args->repo || task_asked(git->task, "tag", "on_remote"));
}

void git_list_remote(struct question_git *git)
{
	const char **argv = arena_array(git->task->arena, const char *, 6);
	if (!is_asked(git)) {
		git_read_repository(git);
		return;
	}
	argv[0] = "git";
	argv[1] = "ls-remote";
	argv[2] = "--tags";
	argv[3] = "--";
	argv[4] = git->args->remote;
	git_run(git, argv, "git ls-remote", listed);
}
