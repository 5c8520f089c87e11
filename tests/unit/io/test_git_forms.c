/* Clones of every form, what is found out only when it is wanted, and the bytes that are signed. */
#include "unit/io/git.h"

/* ---- forms --------------------------------------------------------------------------------- */

static void reads_linked_work_trees(void **state)
{
	(void)state;
	sh("cd repo; git tag v1; git worktree add -q -b side ../side; cd ../side; git commit -q "
	   "--allow-empty -m side; echo x > new");
	query("side", "main", "v1");
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "side");
	assert_string_equal(facts.head, sh("git -C side rev-parse HEAD"));
	assert_false(facts.clean);
	assert_int_equal(facts.ahead, 1);
	assert_true(facts.tag.exists && facts.tag.in_compare);
	assert_false(facts.tag.on_head);
	read_repo(NULL, NULL);
	assert_true(facts.clean);
	/* A worktree of a bare repository. */
	sh("git clone -q --bare repo bare.git; git -C bare.git worktree add -q ../tree main");
	query("tree", NULL, "v1");
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "main");
	assert_true(facts.clean && facts.tag.on_head);
}

static void reads_a_bare_one(void **state)
{
	(void)state;
	sh("cd repo; git tag v1.0.0; git commit -q --allow-empty -m two; cd ..; git clone -q "
	   "--bare repo "
	   "b.git; git -C b.git branch old v1.0.0");
	query("b.git", "old", "v1.0.0");
	assert_int_equal(failure.class, IO_NONE);
	assert_true(facts.clean && facts.tag.in_compare);
	assert_int_equal(facts.ahead, 1);
	assert_string_equal(facts.latest_tag, "v1.0.0");
}

/* What is here is answered, and for what is not the refusal has a code. */
static void says_where_a_shallow_clone_ends(void **state)
{
	(void)state;
	sh("cd repo; git branch old; for i in 1 2 3 4; do git commit -q --allow-empty -m $i; done; "
	   "git "
	   "tag v1; cd ..; git clone -q --no-single-branch --depth 1 file://$PWD/repo s; git -C s "
	   "tag "
	   "w");
	query("s", "origin/main", "w");
	assert_int_equal(failure.class, IO_NONE);
	assert_int_equal(facts.ahead + facts.behind, 0);
	assert_true(facts.clean && facts.tag.on_head && facts.tag.in_compare);
	query("s", "origin/old", NULL);
	assert_refused(IO_NOT_FOUND, "is cut off before it can be compared with 'origin/old'");
	assert_string_equal(failure.code, GIT_CODE_SHALLOW);
	query("s", NULL, "v1");
	assert_int_equal(failure.class, IO_NONE);
	assert_true(facts.tag.on_head);
	sh("git -C s fetch -q --unshallow");
	query("s", "origin/old", NULL);
	assert_int_equal(failure.class, IO_NONE);
	assert_int_equal(facts.ahead, 4);
	/* A damaged one is not called shallow. */
	sh("cp -a repo broken; cd broken; rm -f .git/objects/*/$(git rev-parse HEAD~2 | cut -c3-)");
	query("broken", "old", NULL);
	assert_int_not_equal(failure.class, IO_NONE);
	assert_null(failure.code);
}

static void reads_partial_and_sparse_clones(void **state)
{
	(void)state;
	sh("cd repo; mkdir in out; echo a > in/a; echo b > out/b; git add .; git commit -qm two; "
	   "git "
	   "config uploadpack.allowFilter true; cd ..; git clone -q --filter=blob:none "
	   "file://$PWD/repo "
	   "p; git -C p sparse-checkout set in");
	assert_string_equal(sh("ls p"), "a\nin");
	assert_string_equal(sh("git -C p config extensions.worktreeConfig"), "true");
	sh("cd p; git config extensions.partialClone origin; git config extensions.preciousObjects "
	   "true");
	query("p", "origin/main", NULL);
	if (failure.class)
		fail_msg("%s", failure.message);
	assert_true(facts.clean);
	sh("echo more >> p/in/a");
	query("p", NULL, NULL);
	assert_false(facts.clean);
}

static void follows_no_submodule(void **state)
{
	(void)state;
	sh("git init -q -b main inner; git -C inner commit -q --allow-empty -m i; cd repo; git -c "
	   "protocol.file.allow=always submodule add -q ../inner sub; git commit -qm sub");
	read_repo(NULL, NULL);
	assert_true(facts.clean);
	assert_string_equal(sh("git -C repo status --porcelain"), "");
	sh("git -C repo/sub commit -q --allow-empty -m more");
	read_repo(NULL, NULL);
	assert_int_equal(facts.clean, sh("git -C repo status --porcelain")[0] == '\0');
}

static void reads_that_of_another_user_when_trusted(void **state)
{
	struct git_query what = { .repo = "repo", .wants = GIT_WANT_ALL };

	(void)state;
	if (geteuid() != 0)
		skip();
	sh("chown -R 12345 repo");
	query_for(&what);
	assert_refused(IO_PERMISSION, "belongs to another user");
	assert_string_equal(failure.code, GIT_CODE_OWNER);
	what.trusted = true;
	query_for(&what);
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "main");
	what.trusted = false; /* the worker remembers nothing */
	query_for(&what);
	assert_refused(IO_PERMISSION, "belongs to another user");
}

/* ---- wants --------------------------------------------------------------------------------- */

static void finds_out_what_is_wanted_only(void **state)
{
	struct git_query what = { .repo = "repo", .compare = "old", .tag = "v1" };

	(void)state;
	sh("cd repo; git branch old; git tag v1; git commit -q --allow-empty -m two");
	query_for(&what);
	assert_int_equal(failure.class, IO_NONE);
	assert_string_equal(facts.branch, "main");
	assert_true(facts.tag.exists);
	assert_false(facts.clean || facts.tag.in_compare);
	assert_int_equal(facts.ahead + (int64_t)facts.tag_count, 0);
	what.wants = GIT_WANT_DISTANCE;
	query_for(&what);
	assert_int_equal(facts.ahead, 1);
	what.wants = GIT_WANT_CLEAN | GIT_WANT_IN_COMPARE;
	query_for(&what);
	assert_true(facts.clean && facts.tag.in_compare);
	assert_int_equal(facts.ahead + (int64_t)facts.tag_count, 0);
	what.wants = GIT_WANT_TAGS;
	query_for(&what);
	assert_int_equal(facts.tag_count, 1);
	/* What nobody wants cannot fail. */
	sh("rm -f repo/.git/objects/*/$(git -C repo rev-parse old | cut -c3-); printf x > "
	   "repo/.git/index");
	what = (struct git_query){ .repo = "repo" };
	query_for(&what);
	assert_int_equal(failure.class, IO_NONE);
	what.wants = GIT_WANT_CLEAN;
	query_for(&what);
	assert_int_not_equal(failure.class, IO_NONE);
}

/* ---- what is signed ------------------------------------------------------------------------ */

#define HEAD_OF_TAG "object 1\ntype commit\ntag v1\ntagger A <a> 0 +0000\n\n"
#define SSH "-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----\n"
#define PGP "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n"

static void takes_a_tag_apart_as_git_does(void **state)
{
	static const struct {
		const char *bytes, *name, *payload, *signature;
	} rows[] = {
		{ HEAD_OF_TAG "m\n", "v1", HEAD_OF_TAG "m\n", "" },
		{ HEAD_OF_TAG "m\n" SSH, "v1", HEAD_OF_TAG "m\n", SSH },
		{ HEAD_OF_TAG PGP, "v1", HEAD_OF_TAG, PGP },
		/* The last one is the signature, and all that follows belongs to it. */
		{ HEAD_OF_TAG PGP "m\n" SSH "more\n", "v1", HEAD_OF_TAG PGP "m\n", SSH "more\n" },
		{ HEAD_OF_TAG "> " SSH, "v1", HEAD_OF_TAG "> " SSH, "" },
		{ "object 1\ntype commit\ntag a b\n", "a b", "object 1\ntype commit\ntag a b\n",
		  "" },
		{ "tag v1\nobject 1\ntype commit\n", NULL, NULL, NULL },
		{ "object 1\ntype commit\n", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tag_object tag;

		assert_int_equal(tag_object_read(text_of(rows[i].bytes), &tag),
				 rows[i].name != NULL);
		if (!rows[i].name)
			continue;
		assert_true(text_is(tag.name, rows[i].name));
		assert_true(text_equal(tag.payload, text_of(rows[i].payload)));
		assert_true(text_equal(tag.signature, text_of(rows[i].signature)));
	}
	assert_int_equal(tag_signature_kind(text_of(PGP)), TAG_SIGNED_OPENPGP);
	assert_int_equal(tag_signature_kind(text_of(SSH)), TAG_SIGNED_SSH);
	assert_int_equal(tag_signature_kind(TEXT("-----BEGIN SIGNED MESSAGE-----")),
			 TAG_SIGNED_X509);
	assert_int_equal(tag_signature_kind(TEXT("")), TAG_UNSIGNED);
}

/* A name with a NUL byte in it ends there for a library. */
static void is_not_signed_under_a_part_of_its_name(void **state)
{
	(void)state;
	sh("cd repo; printf 'object %s\\ntype commit\\ntag v1\\0x\\ntagger C <c@example.org> 0 "
	   "+0000\\n\\n"
	   "-----BEGIN SSH SIGNATURE-----\\n' $(git rev-parse HEAD) > ../raw; git update-ref "
	   "refs/tags/v1 $(git hash-object -t tag -w --literally ../raw)");
	read_repo(NULL, "v1");
	assert_true(facts.tag.annotated);
	assert_false(facts.tag.is_signed);
	assert_int_equal(facts.tag.signature.len, 0);
}

static void gives_what_is_signed_when_it_is_wanted(void **state)
{
	struct git_query what = { .repo = "repo", .tag = "v1", .wants = GIT_WANT_SIGNATURE };

	(void)state;
	sh("ssh-keygen -q -t ed25519 -N '' -f key; cd repo; git config gpg.format ssh; git config "
	   "user.signingKey $PWD/../key; git tag -s -m one v1; git tag -s -m one other; git "
	   "update-ref "
	   "refs/tags/renamed other; { echo long; head -c 1100000 /dev/zero | tr '\\0' 'x'; } > m; "
	   "git "
	   "tag -s -F m long");
	query_for(&what);
	assert_int_equal(failure.class, IO_NONE);
	assert_true(facts.tag.is_signed);
	assert_int_equal(tag_signature_kind(facts.tag.signature), TAG_SIGNED_SSH);
	assert_string_equal(arena_format(&arena, "%.*s%.*s", TEXT_ARG(facts.tag.payload),
					 TEXT_ARG(text_trim(facts.tag.signature))),
			    sh("git -C repo cat-file tag v1"));
	what.tag = "renamed";
	query_for(&what);
	assert_true(facts.tag.annotated);
	assert_false(facts.tag.is_signed);
	assert_int_equal(facts.tag.payload.len + facts.tag.signature.len, 0);
	what.tag = "long";
	query_for(&what);
	assert_true(facts.tag.is_signed);
	assert_int_equal(facts.tag.payload.len + facts.tag.signature.len, 0);
	what = (struct git_query){ .repo = "repo", .tag = "v1" };
	query_for(&what);
	assert_true(facts.tag.is_signed);
	assert_int_equal(facts.tag.payload.len + facts.tag.signature.len, 0);
}

GIT_MAIN(TEST(reads_linked_work_trees), TEST(reads_a_bare_one),
	 TEST(says_where_a_shallow_clone_ends), TEST(reads_partial_and_sparse_clones),
	 TEST(follows_no_submodule), TEST(reads_that_of_another_user_when_trusted),
	 TEST(finds_out_what_is_wanted_only), TEST(takes_a_tag_apart_as_git_does),
	 TEST(is_not_signed_under_a_part_of_its_name), TEST(gives_what_is_signed_when_it_is_wanted))
