/* Real repositories, made with the git program, read by the worker. */
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
static const char *sh(const char *script)
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

static int setup(void **state)
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

static int teardown(void **state)
{
	(void)state;
	sh("chmod -R u+rwX . ; rm -rf \"$PWD\"");
	arena_done(&arena);
	return 0;
}

/* The facts are gone after the callback. */
static void keep(const struct git_facts *told)
{
	const char **tags = arena_array(&arena, const char *, told->tag_count);

	facts = *told;
	facts.head = arena_string(&arena, told->head);
	facts.branch = arena_string(&arena, told->branch);
	facts.tag.commit = arena_string(&arena, told->tag.commit);
	facts.latest_tag = arena_string(&arena, told->latest_tag);
	for (size_t i = 0; i < told->tag_count; i++)
		tags[i] = arena_string(&arena, told->tags[i]);
	facts.tags = tags;
}

static void told(void *data, const struct git_facts *what, const struct io_failure *refusal)
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

static void query(const char *repo, const char *compare, const char *tag)
{
	struct git_call call = {
		.query = { .repo = file_join(folder, repo, &arena),
			   .compare = compare,
			   .tag = tag },
		.timeout = 60 * NS_PER_S,
		.answered = told,
	};

	answers = 0;
	git_ask(worker, &call, &arena);
	assert_int_equal(answers, 0);
	loop_run(loop);
	assert_int_equal(answers, 1);
}

static void read_repo(const char *compare, const char *tag)
{
	query("repo", compare, tag);
	if (failure.class)
		print_error("%s\n", failure.message);
	assert_int_equal(failure.class, IO_NONE);
}

static void assert_refused(enum io_class class, const char *words)
{
	if (failure.class != class)
		fail_msg("class '%s': %s", io_class_name(failure.class), failure.message);
	if (!strstr(failure.message, words))
		fail_msg("'%s' is not in '%s'", words, failure.message);
}

static void reads_head_and_branch(void **state)
{
	(void)state;
	read_repo(NULL, NULL);
	assert_string_equal(facts.head, sh("git -C repo rev-parse HEAD"));
	assert_string_equal(facts.branch, "main");
	assert_true(facts.clean);
	assert_int_equal(facts.tag_count, 0);
	assert_string_equal(facts.latest_tag, "");
	assert_false(facts.tag.exists);
	assert_int_equal(facts.ahead + facts.behind, 0);
	sh("cd repo; git checkout -q -b feature/x");
	read_repo(NULL, NULL);
	assert_string_equal(facts.branch, "feature/x");
	sh("cd repo; git checkout -q --detach");
	read_repo(NULL, NULL);
	assert_string_equal(facts.branch, "");
	assert_string_equal(facts.head, sh("git -C repo rev-parse HEAD"));
}

static void reads_one_without_commits(void **state)
{
	(void)state;
	sh("git init -q -b trunk empty");
	query("empty", NULL, NULL);
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.head, "");
	assert_string_equal(facts.branch, "trunk");
	assert_true(facts.clean);
	query("empty", "refs/heads/trunk", NULL);
	assert_refused(IO_NOT_FOUND, "no branch, tag or commit 'refs/heads/trunk'");
}

static void finds_the_repository_of_a_folder(void **state)
{
	(void)state;
	sh("mkdir -p repo/deep/er; git clone -q --bare repo bare.git");
	query("repo/deep/er", NULL, NULL);
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "main");
	query("bare.git", NULL, NULL);
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "main");
	assert_true(facts.clean);
}

/* Each row changes a clean work tree; git itself says whether it is clean then. */
static void says_clean_as_git_does(void **state)
{
	static const char *const rows[] = {
		"true",
		"echo more >> a",
		"echo more >> a; git add a",
		"echo more >> a; git add a; git checkout -q HEAD -- a",
		"rm a",
		"echo new > b",
		"mkdir d",
		"mkdir d; echo x > d/e",
		"echo '*.o' > .gitignore; git add .gitignore; git commit -qm i; echo x > b.o",
		"echo b > .git/info/exclude; echo x > b",
		"echo d/ > .git/info/exclude; mkdir d; echo x > d/e",
		"chmod +x a",
		"touch -d 2001-01-01 a",
		"git mv a b",
		"git config core.excludesFile \"$PWD/.git/ex\"; echo b > .git/ex; echo x > b",
		"git config status.showUntrackedFiles no; echo x > b",
		"git init -q inner",
		"git init -q inner; echo inner/ > .git/info/exclude",
		"mkdir d; echo '*.o' > .git/info/exclude; echo x > d/b.o",
		"git init -q inner; cd inner; git commit -qm x --allow-empty",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *status;

		sh(arena_format(&arena, "rm -rf w; git clone -q repo w; cd w; (%s)", rows[i]));
		status = sh("git -C w status --porcelain");
		query("w", NULL, NULL);
		assert_int_equal(failure.class, IO_NONE);
		if (facts.clean != (status[0] == '\0'))
			fail_msg("after '%s' git prints '%s'", rows[i], status);
	}
}

static void counts_ahead_and_behind(void **state)
{
	static const char script[] =
		"git clone -q repo w; cd w;"
		"git checkout -q -b other; for i in 1 2 3; do git commit -q --allow-empty -m o; "
		"done;"
		"git checkout -q main; for i in 1 2; do git commit -q --allow-empty -m m; done";

	(void)state;
	sh(script);
	query("w", "origin/main", NULL);
	assert_int_equal(failure.class, IO_NONE);
	assert_int_equal(facts.ahead, 2);
	assert_int_equal(facts.behind, 0);
	query("w", "other", NULL);
	assert_int_equal(facts.ahead, 2);
	assert_int_equal(facts.behind, 3);
	query("w", sh("git -C w rev-parse other"), NULL);
	assert_int_equal(facts.behind, 3);
	query("w", "HEAD", NULL);
	assert_int_equal(facts.ahead + facts.behind, 0);
	query("w", "refs/heads/other", NULL);
	assert_int_equal(facts.behind, 3);
}

static void looks_names_up_and_evaluates_nothing(void **state)
{
	static const char *const rows[] = { "HEAD~0", "HEAD^{commit}", ":/one",    "main@{0}",
					    "-x",     "ma*",           "..",       "nothing",
					    "",       "a b",           "\x1b[31m", "origin/main" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* An empty name is none. */
		if (rows[i][0] == '\0')
			continue;
		query("repo", rows[i], NULL);
		assert_true(failure.class == IO_NOT_FOUND || failure.class == IO_REFUSED);
		query("repo", NULL, rows[i]);
		assert_true(failure.class == IO_REFUSED ||
			    (failure.class == IO_NONE && !facts.tag.exists));
	}
	query("repo", NULL, "HEAD^{commit}");
	assert_refused(IO_REFUSED, "no tag can have the name 'HEAD^{commit}'");
	query("repo", "1234567890123456789012345678901234567890", NULL);
	assert_refused(IO_NOT_FOUND, "no branch, tag or commit '1234567890");
}

static void tells_tags_apart(void **state)
{
	static const char script[] =
		"cd repo; git tag light; git tag -m note noted; git tag -m nested nested noted;"
		"git tag tree HEAD^{tree}; git commit -q --allow-empty -m two; git tag later;"
		"git branch old HEAD~1; git symbolic-ref refs/tags/alias refs/tags/light";
	const char *first;

	(void)state;
	sh(script);
	first = sh("git -C repo rev-parse old");
	read_repo("old", "light");
	assert_true(facts.tag.exists);
	assert_false(facts.tag.annotated || facts.tag.is_signed || facts.tag.on_head);
	assert_true(facts.tag.in_compare);
	assert_string_equal(facts.tag.commit, first);
	read_repo(NULL, "noted");
	assert_true(facts.tag.exists && facts.tag.annotated);
	assert_false(facts.tag.is_signed || facts.tag.in_compare);
	assert_string_equal(facts.tag.commit, first);
	read_repo("main", "nested");
	assert_true(facts.tag.annotated && facts.tag.in_compare);
	assert_string_equal(facts.tag.commit, first);
	read_repo("old", "later");
	assert_true(facts.tag.on_head);
	assert_false(facts.tag.in_compare);
	read_repo("old", "tree");
	assert_true(facts.tag.exists);
	assert_false(facts.tag.in_compare || facts.tag.on_head);
	assert_string_equal(facts.tag.commit, "");
	read_repo(NULL, "alias");
	assert_true(facts.tag.exists);
	assert_string_equal(facts.tag.commit, first);
	read_repo(NULL, "absent");
	assert_false(facts.tag.exists);
	assert_string_equal(facts.tag.commit, "");
}

static void sees_a_signature_only_under_its_own_name(void **state)
{
	static const char script[] =
		"cd repo; object() { printf 'object %s\\ntype commit\\ntag %s\\n"
		"tagger C <c@example.org> 0 +0000\\n\\nmessage\\n%s' $(git rev-parse HEAD) \"$1\" "
		"\"$2\" |"
		"git hash-object -t tag -w --stdin; };"
		"pgp=$(printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP "
		"SIGNATURE-----');"
		"ssh=$(printf -- '-----BEGIN SSH SIGNATURE-----\\nx\\n-----END SSH "
		"SIGNATURE-----');"
		"git update-ref refs/tags/pgp $(object pgp \"$pgp\");"
		"git update-ref refs/tags/ssh $(object ssh \"$ssh\");"
		"git update-ref refs/tags/renamed $(object pgp \"$pgp\");"
		"git update-ref refs/tags/quoted $(object quoted \"> $pgp\")";
	static const struct {
		const char *tag;
		bool is_signed;
	} rows[] = { { "pgp", true }, { "ssh", true }, { "renamed", false }, { "quoted", false } };

	(void)state;
	sh(script);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_repo(NULL, rows[i].tag);
		assert_true(facts.tag.annotated);
		assert_int_equal(facts.tag.is_signed, rows[i].is_signed);
	}
}

static void lists_tags_and_finds_the_latest(void **state)
{
	static const char *const names[] = { "1.10.0", "release/9.9.9", "v1.2.3",
					     "v1.9.9", "v2.0.0-rc.1",   "zebra" };

	(void)state;
	sh("cd repo; for t in v1.2.3 v1.9.9 1.10.0 v2.0.0-rc.1 zebra release/9.9.9; do git tag $t; "
	   "done;"
	   "git pack-refs --all");
	read_repo(NULL, NULL);
	assert_int_equal(facts.tag_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(facts.tags[i], names[i]);
	assert_string_equal(facts.latest_tag, "1.10.0");
}

static void orders_versions(void **state)
{
	static const struct {
		const char *tags[4];
		const char *latest;
	} rows[] = {
		{ { "" }, "" },
		{ { "v1.0.0", "1.0.0" }, "v1.0.0" },
		{ { "v9.0.0", "v10.0.0" }, "v10.0.0" },
		{ { "v1.2.10", "v1.10.2", "v1.9.99" }, "v1.10.2" },
		{ { "v1.2.3+build", "v1.2.3-rc1", "v1.2", "v1.2.3.4" }, "" },
		{ { "v01.2.3", "vv1.2.3", "1..3", "V1.2.3" }, "" },
		{ { "v0.0.0", "x" }, "v0.0.0" },
		{ { "v99999999999999999999999.0.0", "v100000000000000000000000.0.0" },
		  "v100000000000000000000000.0.0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t count = 0;

		while (count < 4 && rows[i].tags[count])
			count++;
		assert_string_equal(git_latest_tag(rows[i].tags, count), rows[i].latest);
	}
}

static void says_that_there_is_no_repository(void **state)
{
	(void)state;
	sh("mkdir plain");
	query("plain", NULL, NULL);
	assert_refused(IO_NOT_FOUND, "could not find repository");
	query("absent", NULL, NULL);
	assert_refused(IO_NOT_FOUND, "absent");
	sh("git init -q nohead; rm nohead/.git/HEAD");
	query("nohead", NULL, NULL);
	assert_refused(IO_NOT_FOUND, "could not find repository");
}

static void fails_on_a_damaged_one(void **state)
{
	(void)state;
	sh("cp -a repo objects; rm -rf objects/.git/objects/??");
	query("objects", NULL, NULL);
	assert_int_not_equal(failure.class, IO_NONE);
	assert_in_range(strlen(failure.message), 1, 500);
	sh("cp -a repo index; printf garbage > index/.git/index");
	query("index", NULL, NULL);
	assert_int_equal(failure.class, IO_RESOURCE);
	assert_in_range(strlen(failure.message), 1, 500);
	sh("cp -a repo config; printf '[core' > config/.git/config");
	query("config", NULL, NULL);
	assert_int_equal(failure.class, IO_RESOURCE);
	assert_in_range(strlen(failure.message), 1, 500);
	/* The worker is none the worse. */
	read_repo(NULL, NULL);
}

static void refuses_a_repository_of_another_user(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	sh("chown -R 12345 repo");
	query("repo", NULL, NULL);
	assert_refused(IO_PERMISSION, "belongs to another user");
}

static void runs_nothing_of_the_repository(void **state)
{
	static const char script[] =
		"cd repo; for h in post-checkout post-index-change reference-transaction; do"
		" printf '#!/bin/sh\\ntouch %s/ran' \"$PWD\" > .git/hooks/$h; chmod +x "
		".git/hooks/$h; done;"
		"git config core.fsmonitor \"touch $PWD/ran\"; git config core.pager \"touch "
		"$PWD/ran\";"
		"git config filter.f.clean \"touch $PWD/ran; cat\"; echo 'a filter=f' > "
		".git/info/attributes;"
		"touch a";

	(void)state;
	sh(script);
	read_repo("main", NULL);
	assert_string_equal(sh("ls repo"), "a");
}

static void leaves_the_repository_as_it_was(void **state)
{
	static const char sum[] = "cd repo; touch a; find . -type f | sort | xargs md5sum | md5sum";
	const char *before = sh(sum);

	(void)state;
	read_repo("main", "v1");
	assert_string_equal(sh(sum), before);
}

static void can_be_taken_back(void **state)
{
	struct git_call call = { .query.repo = file_join(folder, "repo", &arena),
				 .answered = told };

	(void)state;
	git_ask(worker, &call, &arena);
	git_cancel(&call);
	read_repo(NULL, NULL);
	assert_int_equal(answers, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_head_and_branch),
		TEST(reads_one_without_commits),
		TEST(finds_the_repository_of_a_folder),
		TEST(says_clean_as_git_does),
		TEST(counts_ahead_and_behind),
		TEST(looks_names_up_and_evaluates_nothing),
		TEST(tells_tags_apart),
		TEST(sees_a_signature_only_under_its_own_name),
		TEST(lists_tags_and_finds_the_latest),
		TEST(orders_versions),
		TEST(says_that_there_is_no_repository),
		TEST(fails_on_a_damaged_one),
		TEST(refuses_a_repository_of_another_user),
		TEST(runs_nothing_of_the_repository),
		TEST(leaves_the_repository_as_it_was),
		TEST(can_be_taken_back),
	};

	if (argc > 1 && strcmp(argv[1], "--worker") == 0)
		return worker_serve(worker_services);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
