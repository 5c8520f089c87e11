/* Real repositories, made with the git program, read by the worker. */
#include "unit/io/git.h"

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

/* The names of two objects on one commit differ. */
static void names_the_object_of_a_tag(void **state)
{
	(void)state;
	sh("cd repo; git tag light; git tag -m one noted");
	read_repo(NULL, "light");
	assert_string_equal(facts.tag.object, sh("git -C repo rev-parse HEAD"));
	read_repo(NULL, "noted");
	assert_string_equal(facts.tag.object, sh("git -C repo rev-parse noted"));
	assert_string_not_equal(facts.tag.object, facts.tag.commit);
	read_repo(NULL, "absent");
	assert_string_equal(facts.tag.object, "");
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

GIT_MAIN(TEST(reads_head_and_branch), TEST(reads_one_without_commits),
	 TEST(finds_the_repository_of_a_folder), TEST(says_clean_as_git_does),
	 TEST(counts_ahead_and_behind), TEST(looks_names_up_and_evaluates_nothing),
	 TEST(tells_tags_apart), TEST(names_the_object_of_a_tag),
	 TEST(sees_a_signature_only_under_its_own_name), TEST(lists_tags_and_finds_the_latest),
	 TEST(orders_versions), TEST(says_that_there_is_no_repository),
	 TEST(fails_on_a_damaged_one), TEST(refuses_a_repository_of_another_user),
	 TEST(runs_nothing_of_the_repository), TEST(leaves_the_repository_as_it_was),
	 TEST(can_be_taken_back))
