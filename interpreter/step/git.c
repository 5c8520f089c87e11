/* git: what a repository says of itself. It answers; what is absent is an answer. */

#include <string.h>

#include "step/git.h"

static const struct field git_fields[] = {
	PATH(struct git_args, repo, .doc = "A work tree or bare repository, relative to cwd."),
	STRING(struct git_args, fetch, .flags = FIELD_TELLING | FIELD_NO_SECRET,
	       .doc = "Remote that is fetched first: origin."),
	STRING(struct git_args, compare, .flags = FIELD_TELLING,
	       .doc = "Branch, tag or commit to compare with: origin/main."),
	STRING(struct git_args, tag, .flags = FIELD_TELLING, .doc = "Tag to ask about."),
	STRING(struct git_args, remote, .flags = FIELD_TELLING | FIELD_NO_SECRET,
	       .doc = "Remote whose tags are listed (git ls-remote); without repo a URL."),
	PATH(struct git_args, allowed_signers, .flags = FIELD_READS | FIELD_TELLING,
	     .doc = "File of those whose SSH signature of the tag counts, as ssh-keygen reads it: "
		    "lines of 'NAME namespaces=\"git\" KEY'."),
	PATH(struct git_args, keyring, .flags = FIELD_READS | FIELD_TELLING,
	     .doc = "File of the keys whose OpenPGP signature of the tag counts, for gpgv; gpg "
		    "--export makes it."),
	{ 0 },
};

/* What a value brings is held to what a written text is held to. */
static bool remote_is_good(struct task *task, const char *remote)
{
	const char *problem = remote ? git_remote_problem(text_of(remote)) : NULL;
	if (problem)
		task_fail(task, "refused", RB0503, value_null(), "'%s' cannot be a remote: %s",
			  text_shown(text_of(remote), task->arena), problem);
	return !problem;
}

/* Nothing of the repository's choice is started: no hook of it, nothing in its submodules, and no
 * tidying up that goes on when the step has ended. */
static void fetch(struct question_git *git)
{
	const char *words[] = {
		"git",   "-c",     "core.hooksPath=/dev/null", "-c", "maintenance.auto=false",
		"fetch", "--tags", "--no-recurse-submodules",  "--", git->args->fetch,
		NULL
	};
	const char **argv = arena_array(git->task->arena, const char *, 11);
	memcpy(argv, words, sizeof(words));
	git_run(git, argv, "git fetch", git_list_remote);
}

static void git_start(struct task *task, const void *data)
{
	const struct git_args *args = data;
	if (!remote_is_good(task, args->fetch) || !remote_is_good(task, args->remote) ||
	    !git_keys_are_good(task, args))
		return;
	struct question_git *git = arena_new(task->arena, struct question_git);
	*git = (struct question_git){
		.task = task, .args = args, .known = { .tag = args->tag }, .signature = -1
	};
	if (args->fetch)
		fetch(git);
	else
		git_list_remote(git);
}

/* ---- rules --------------------------------------------------------------------------------- */

static bool git_check(const struct bound *bound, struct span span, struct diags *diags)
{
	if (field_node(bound, "repo") || field_node(bound, "remote"))
		return git_check_names(bound, diags);
	diag_at(diags, span, RB0407, "'git' needs 'repo', or 'remote' with a URL");
	diag_hint(diags, "Write: git: . for the repository around the runbook's folder.");
	return false;
}

static const char *git_module(const struct bound *bound)
{
	return field_node(bound, "repo") ? "git" : NULL;
}

extern const struct step_type step_git;

const struct step_type step_git = {
	.name = "git",
	.main = "repo",
	.summary = "Ask a git repository.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_READ,
	.timeout = "10m",
	.fields = git_fields,
	.size = sizeof(struct git_args),
	.outputs = git_outputs,
	.parts = git_parts,
	.selects = true,
	.lacks = git_lacks,
	.check = git_check,
	.driver = git_module,
	.start = git_start,
	.example = "- git: .\n  assert: [clean]",
};
