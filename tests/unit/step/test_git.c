/* git: questions to a real repository and its remote. */
#include "support.h"
#include "support/valgrind.h"

/* Runs a script in the folder, with a git that knows nobody's configuration. */
static void sh(struct host *host, const char *script)
{
	const char *command = arena_format(
		&host->arena,
		"set -e; cd %s; export HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=A "
		"GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=C "
		"GIT_COMMITTER_EMAIL=c@example.org; %s",
		host->folder, script);
	int status = system(command);
	if (status)
		fail_msg("%s: %d", script, status);
}

/* A repository with two commits and two tags, and a clone of it that is one commit behind. */
static void put_repositories(struct host *host)
{
	sh(host, "git init -q -b main origin; cd origin; echo 1 > a; git add a; git commit -qm one;"
		 "git tag v1.0.0; git tag -a -m two v1.10.0; git tag v1.9.0; cd ..;"
		 "git clone -q origin clone; cd origin; echo 2 > a; git commit -qam two; "
		 "git tag later");
}

static const char *tag(struct host *host, const char *field)
{
	struct value value;
	if (!value_field(host->outputs, "tag", &host->arena, &value) ||
	    !value_field(value, field, &host->arena, &value))
		return "none";
	return host_show(host, value);
}

static void a_repository_answers(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	assert_succeeds(host, "git: {repo: clone, compare: origin/main, tag: v1.10.0}");
	assert_int_equal(strlen(host_output(host, "head")), 42);
	assert_string_equal(host_output(host, "branch"), "\"main\"");
	assert_string_equal(host_output(host, "clean"), "true");
	assert_string_equal(host_output(host, "ahead"), "0");
	assert_string_equal(host_output(host, "behind"), "0");
	assert_string_equal(host_output(host, "latest_tag"), "\"v1.10.0\"");
	assert_string_equal(host_output(host, "tags"), "[\"v1.0.0\",\"v1.10.0\",\"v1.9.0\"]");
	assert_string_equal(tag(host, "exists"), "true");
	assert_string_equal(tag(host, "annotated"), "true");
	assert_string_equal(tag(host, "signed"), "false");
	assert_string_equal(tag(host, "on_head"), "true");
	assert_string_equal(tag(host, "in_compare"), "true");
	assert_string_equal(tag(host, "commit"), host_output(host, "head"));
	assert_string_equal(tag(host, "on_remote"), "none"); /* nobody asked the remote */
}

static bool asks(const char *name, const char *output, const char *field)
{
	const struct text names[] = { TEXT("clean"), text_of(name) };
	const struct asked asked = { names, 2 };
	const struct task task = { .asked = &asked };
	return task_asked(&task, output, field);
}

static void it_is_asked_for_what_is_named(void **state)
{
	const struct task all = { 0 };
	(void)state;
	assert_true(task_asked(&all, "tag", "signer"));
	assert_true(asks("tag.signer", "tag", "signer") && asks("tag.signer", "tag", NULL));
	assert_false(asks("tag.signer", "tag", "signed") || asks("tag.signer", "tags", NULL));
	assert_true(asks("tag", "tag", "signed") && asks("tag", "tag", NULL));
	assert_false(asks("tags", "tag", NULL) || asks("tags", "tag", "signed"));
	assert_true(asks("tags", "clean", NULL));
}

static void a_fetch_comes_first(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	assert_succeeds(host,
			"git: {repo: clone, fetch: origin, compare: origin/main, tag: later}");
	assert_string_equal(host_output(host, "behind"), "1");
	assert_string_equal(tag(host, "exists"), "true");
	assert_string_equal(tag(host, "on_head"), "false");
}

static void a_tag_is_compared_with_that_of_the_remote(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	assert_succeeds(host, "git: {repo: clone, remote: origin, tag: v1.10.0}");
	assert_string_equal(tag(host, "on_remote"), "true");
	assert_succeeds(host, "git: {repo: clone, remote: origin, tag: v1.0.0}");
	assert_string_equal(tag(host, "on_remote"), "true");
	/* Of the same name, but of another commit. */
	sh(host, "cd origin; git tag -f v1.0.0 >/dev/null");
	assert_succeeds(host, "git: {repo: clone, remote: origin, tag: v1.0.0}");
	assert_string_equal(tag(host, "exists"), "true");
	assert_string_equal(tag(host, "on_remote"), "false");
	sh(host, "cd clone; git tag mine");
	assert_succeeds(host, "git: {repo: clone, remote: origin, tag: mine}");
	assert_string_equal(tag(host, "on_remote"), "false");
}

static void a_remote_alone_tells_its_tags(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	assert_succeeds(host, "git: {remote: ./origin, tag: v1.10.0}");
	assert_string_equal(host_output(host, "tags"),
			    "[\"later\",\"v1.0.0\",\"v1.10.0\",\"v1.9.0\"]");
	assert_string_equal(host_output(host, "latest_tag"), "\"v1.10.0\"");
	assert_string_equal(tag(host, "exists"), "true");
	assert_string_equal(tag(host, "annotated"), "true");
	assert_int_equal(strlen(tag(host, "commit")), 42);
	assert_string_equal(tag(host, "on_remote"), "true");
	assert_string_equal(tag(host, "signed"), "none");
	assert_string_equal(host_output(host, "branch"),
			    "error: 'branch' needs 'repo': a remote has only tags");
	const char *annotated = tag(host, "commit");
	assert_succeeds(host, "git: {remote: ./origin, tag: v1.9.0}");
	assert_string_equal(tag(host, "annotated"), "false");
	assert_string_equal(tag(host, "commit"), annotated); /* both are of one commit */
	assert_succeeds(host, "git: {remote: ./origin, tag: none}");
	assert_string_equal(tag(host, "exists"), "false");
	assert_string_equal(tag(host, "commit"), "\"\"");
	assert_string_equal(tag(host, "on_remote"), "false");
}

static void failures_are_in_gits_own_words(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	host_run(host, "git: {repo: clone, fetch: nowhere}");
	assert_string_equal(host->outcome.class, "exit");
	assert_int_equal(host->outcome.code, RB0411);
	assert_memory_equal(host->outcome.message, "git fetch failed: fatal: ", 25);
	assert_non_null(strstr(host->outcome.message, "nowhere"));
	assert_null(strchr(host->outcome.message, '\n'));
	host_run(host, "git: {remote: ./none}");
	assert_memory_equal(host->outcome.message, "git ls-remote failed: fatal: ", 29);
	host_run(host, "git: none");
	assert_string_equal(host->outcome.class, "not_found");
	host_run(host, "git: {repo: clone, compare: origin/none}");
	assert_string_equal(host->outcome.class, "not_found");
	if (under_valgrind()) /* where a child cannot say before its exec what went wrong */
		return;
	host_run(host, "git: {repo: none, fetch: origin}");
	assert_string_equal(host->outcome.class, "not_found");
}

static void a_value_is_no_option_of_git(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	host->values[HOST_DATA] = value_mark(
		value_cstring("--upload-pack=touch pwned; git-upload-pack"), VALUE_OUTSIDE);
	host_run(host, "git: {repo: clone, fetch: '${{ data }}'}");
	assert_string_equal(host->outcome.class, "refused");
	host_run(host, "git: {remote: '${{ data }}'}");
	assert_string_equal(host->outcome.class, "refused");
	host->values[HOST_DATA] = value_mark(value_cstring("ext::sh -c 'touch pwned'"),
					     VALUE_OUTSIDE);
	assert_fails(
		host, "git: {remote: '${{ data }}'}",
		"refused RB0503: 'ext::sh -c 'touch pwned'' cannot be a remote: it names a program "
		"that git would start");
	assert_string_equal(host_file(host, "pwned"), "No such file or directory");
	assert_string_equal(host_file(host, "clone/pwned"), "No such file or directory");
}

static void reading_can_be_cancelled(void **state)
{
	struct host *host = *state;
	put_repositories(host);
	host_start(host, "git: clone");
	host_cancel(host);
	assert_int_equal(host->finished, 1);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	host_start(host, "git: {repo: clone, fetch: origin}");
	host_cancel(host);
	host_finish(host);
	assert_int_equal(host->outcome.status, OUTCOME_CANCELLED);
	assert_succeeds(host, "git: clone");
}

static void a_remote_with_too_many_tags_is_no_answer(void **state)
{
	struct host *host = *state;
	/* A git that lists more than is kept. */
	host_put(host, "git",
		 TEXT("#!/bin/sh\n"
		      "exec head -c 17000000 /dev/zero\n"));
	sh(host, "chmod +x git");
	host->path = arena_format(&host->arena, "%s:/usr/bin:/bin", host->folder);
	assert_fails(host, "git: {remote: x}",
		     "resource RB0411: git ls-remote printed more than 16777216 bytes");
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		HOST(a_repository_answers),
		HOST(it_is_asked_for_what_is_named),
		HOST(a_fetch_comes_first),
		HOST(a_tag_is_compared_with_that_of_the_remote),
		HOST(a_remote_alone_tells_its_tags),
		HOST(failures_are_in_gits_own_words),
		HOST(a_value_is_no_option_of_git),
		HOST(reading_can_be_cancelled),
		HOST(a_remote_with_too_many_tags_is_no_answer),
	};
	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return worker_serve(worker_services);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
