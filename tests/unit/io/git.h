/* What the tests of git share: a folder with a repository that the git program makes, and a worker
 * that reads it. A program with these tests is its own worker: see GIT_MAIN. */
#ifndef TESTS_UNIT_IO_GIT_H
#define TESTS_UNIT_IO_GIT_H

#include "unit/io/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"

#define FOLDER "/tmp/runbook-git-XXXXXX"

static struct arena arena;
static struct loop *loop;
static struct worker *worker;
static char folder[sizeof(FOLDER)];

/* What was told last. */
static int answers;
static struct git_facts facts;
static struct io_failure failure;

/* Runs a script in the folder with a git that knows nobody's configuration; gives its output. */
static inline const char *sh(const char *script)
{
	static const char *const env[] = { "PATH=/usr/bin:/bin",
					   "LC_ALL=C",
					   "HOME=/nonexistent",
					   "GIT_CONFIG_NOSYSTEM=1",
					   "GIT_AUTHOR_NAME=A",
					   "GIT_AUTHOR_EMAIL=a@example.org",
					   "GIT_COMMITTER_NAME=C",
					   "GIT_COMMITTER_EMAIL=c@example.org",
					   "GIT_AUTHOR_DATE=2026-01-01T00:00:00Z",
					   "GIT_COMMITTER_DATE=2026-01-01T00:00:00Z",
					   NULL };
	struct command command;
	struct process_args args = command_script(&arena,
						  arena_format(&arena, "set -e; %s", script));
	struct text output;

	args.env = env;
	args.cwd = folder;
	command_run(&command, loop, &arena, args);
	if (command.end.code != 0)
		print_error("%s\n", buffer_string(&command.output[PROCESS_STDERR]));
	command_assert_exit(&command, 0);
	output = text_trim(buffer_text(&command.output[PROCESS_STDOUT]));
	return arena_copy(&arena, output.ptr, output.len);
}

static inline int setup(void **state)
{
	struct io_failure refusal;

	(void)state;
	arena_init(&arena);
	snprintf(folder, sizeof(folder), FOLDER);
	if (!mkdtemp(folder))
		return -1;
	loop = loop_open(&clock_system, &arena, &refusal);
	if (!loop)
		return -1;
	worker = worker_open(loop, &arena);
	/* One commit, on main. */
	sh("git init -q -b main repo; cd repo; echo one > a; git add a; git commit -qm one");
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	sh("chmod -R u+rwX . ; rm -rf \"$PWD\"");
	arena_done(&arena);
	return 0;
}

/* The facts are gone after the callback. */
static inline void keep(const struct git_facts *told)
{
	const char **tags = arena_array(&arena, const char *, told->tag_count);

	facts = *told;
	facts.head = arena_string(&arena, told->head);
	facts.branch = arena_string(&arena, told->branch);
	facts.tag.commit = arena_string(&arena, told->tag.commit);
	facts.tag.object = arena_string(&arena, told->tag.object);
	facts.tag.payload = arena_text(&arena, told->tag.payload);
	facts.tag.signature = arena_text(&arena, told->tag.signature);
	facts.latest_tag = arena_string(&arena, told->latest_tag);
	for (size_t i = 0; i < told->tag_count; i++)
		tags[i] = arena_string(&arena, told->tags[i]);
	facts.tags = tags;
}

static inline void told(void *data, const struct git_facts *what, const struct io_failure *refusal)
{
	(void)data;
	answers++;
	assert_int_equal(what == NULL, refusal->class != IO_NONE);
	failure = *refusal;
	if (what)
		keep(what);
	else
		failure.message = arena_string(&arena, refusal->message);
	loop_quit(loop);
}

static inline void query_for(const struct git_query *what)
{
	struct git_call call = { .query = *what, .timeout = 60 * NS_PER_S, .answered = told };

	call.query.repo = file_join(folder, what->repo, &arena);
	answers = 0;
	git_ask(worker, &call, &arena);
	assert_int_equal(answers, 0);
	loop_run(loop);
	assert_int_equal(answers, 1);
}

static inline void query(const char *repo, const char *compare, const char *tag)
{
	query_for(&(struct git_query){ repo, compare, tag, GIT_WANT_ALL, false });
}

static inline void read_repo(const char *compare, const char *tag)
{
	query("repo", compare, tag);
	if (failure.class)
		print_error("%s\n", failure.message);
	assert_int_equal(failure.class, IO_NONE);
}

static inline void assert_refused(enum io_class class, const char *words)
{
	if (failure.class != class)
		fail_msg("class '%s': %s", io_class_name(failure.class), failure.message);
	if (!strstr(failure.message, words))
		fail_msg("'%s' is not in '%s'", words, failure.message);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#define GIT_MAIN(...) \
	int main(int argc, char **argv) \
	{ \
		const struct CMUnitTest tests[] = { __VA_ARGS__ }; \
		if (argc > 1 && strcmp(argv[1], "--worker") == 0) \
			return worker_serve(worker_services); \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}

#endif
