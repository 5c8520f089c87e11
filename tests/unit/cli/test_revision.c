/* The commit of a document's repository, beside what git itself says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/cli.h"

static struct arena arena;
static char folder[64];

/* Runs a script in the folder of the test; its output without the line end. */
static const char *shell(const char *script)
{
	static char output[256];
	char *command = NULL;
	assert_true(asprintf(&command,
			     "cd %s && exec 2>/dev/null && export GIT_CONFIG_GLOBAL=/dev/null "
			     "GIT_CONFIG_SYSTEM=/dev/null GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b "
			     "GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b; %s",
			     folder, script) > 0);
	FILE *pipe = popen(command, "r");
	free(command);
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	output[strcspn(output, "\n")] = '\0';
	return output;
}

static const char *revision(const char *document)
{
	const char *found = cli_revision(arena_format(&arena, "%s/%s", folder, document), &arena);
	return found ? found : "none";
}

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena);
	snprintf(folder, sizeof(folder), "/tmp/runbook-revision-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	shell("mkdir -p repo/deep/er && touch outside.yaml repo/deep/er/a.yaml && git init -q -b "
	      "main repo");
	return 0;
}

static int tear_down(void **state)
{
	char command[96];
	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	arena_done(&arena);
	return system(command);
}

static void there_is_none_without_a_repository_or_a_commit(void **state)
{
	(void)state;
	assert_string_equal(revision("outside.yaml"), "none");
	assert_string_equal(revision("absent.yaml"), "none");
	assert_string_equal(revision("repo/deep/er/a.yaml"), "none");
}

static void it_is_the_one_that_git_says(void **state)
{
	(void)state;
	shell("cd repo && git commit -q --allow-empty -m one");
	assert_string_equal(revision("repo/deep/er/a.yaml"), shell("git -C repo rev-parse HEAD"));
	shell("cd repo && git commit -q --allow-empty -m two && git pack-refs --all");
	assert_string_equal(revision("repo/deep/er/a.yaml"), shell("git -C repo rev-parse HEAD"));
	shell("cd repo && git checkout -q --detach HEAD~1");
	assert_string_equal(revision("repo/deep/er/a.yaml"), shell("git -C repo rev-parse HEAD"));
	shell("cd repo && git worktree add -q -b other ../tree main && touch ../tree/a.yaml");
	assert_string_equal(revision("tree/a.yaml"), shell("git -C tree rev-parse HEAD"));
	assert_string_not_equal(revision("tree/a.yaml"), revision("repo/deep/er/a.yaml"));
	shell("ln -s repo/deep/er/a.yaml link.yaml");
	assert_string_equal(revision("link.yaml"), revision("repo/deep/er/a.yaml"));
}

static void broken_files_of_git_give_none(void **state)
{
	static const char *const scripts[] = {
		"cd repo && echo 'ref: refs/heads/gone' >.git/HEAD",
		"cd repo && echo 'ref: ' >.git/HEAD",
		"cd repo && echo nonsense >.git/HEAD",
		"cd repo && : >.git/HEAD",
		"cd repo && rm -f .git/HEAD && mkfifo .git/HEAD",
		"cd repo && rm -rf .git && echo 'gitdir: ../absent' >.git",
		"cd repo && : >.git",
	};
	(void)state;
	shell("cd repo && git commit -q --allow-empty -m one && git pack-refs --all");
	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		shell(scripts[i]);
		assert_string_equal(revision("repo/deep/er/a.yaml"), "none");
	}
}

#define REVISION(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REVISION(there_is_none_without_a_repository_or_a_commit),
		REVISION(it_is_the_one_that_git_says),
		REVISION(broken_files_of_git_give_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
