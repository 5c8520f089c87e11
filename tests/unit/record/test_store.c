#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "fixture.h"

#define NOBODY 65534

static int mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static const char *in_run(struct fixture *fixture, const char *name)
{
	return file_join(fixture->run.path, name, &fixture->arena);
}

static void folders_are_private_whatever_the_umask(void **state)
{
	static const char *const names[] = { "documents", "logs", "values", "files", "." };
	struct fixture *fixture = *state;
	const char *deep = file_join(fixture->folder, "a/b/c", &fixture->arena);
	mode_t before = umask(0277);
	struct store store;

	assert_true(store_create(&fixture->store, fixture_now, &fixture->run, &fixture->error));
	umask(before);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(mode_of(in_run(fixture, names[i])), 0700);
	umask(0);
	assert_true(store_open(&store, deep, &fixture->arena, &fixture->error));
	umask(before);
	assert_int_equal(mode_of(deep), 0700);
	assert_int_equal(mode_of(file_join(deep, "runs", &fixture->arena)), 0700);
	assert_string_equal(store.path, deep);
}

static void who_looks_makes_nothing(void **state)
{
	struct fixture *fixture = *state;
	const char *none = file_join(fixture->folder, "none/here", &fixture->arena);
	const char *empty = file_join(fixture->folder, "empty", &fixture->arena);
	const char *const paths[] = { none, empty };
	struct run_folder run;
	const char *const *ids;
	size_t count;
	struct store store;

	assert_int_equal(mkdir(empty, 0700), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_true(store_look(&store, paths[i], &fixture->arena, &fixture->error));
		assert_int_equal(store.fd < 0, i == 0);
		assert_true(store_list(&store, &ids, &count, &fixture->error));
		assert_int_equal(count, 0);
		assert_false(store_find(&store, "7K3Q", &run, &fixture->error));
		assert_string_equal(fixture->error.message, "there is no run '7K3Q'");
	}
	assert_int_equal(access(file_join(fixture->folder, "none", &fixture->arena), F_OK), -1);
	assert_int_equal(rmdir(empty), 0); /* it is empty still */
	assert_true(store_look(&store, fixture->store.path, &fixture->arena, &fixture->error));
	assert_true(store_find(&store, fixture->run.id, &run, &fixture->error));
}

static void ids_say_when_and_are_unique(void **state)
{
	struct fixture *fixture = *state;
	const char *const *ids;
	size_t count;

	for (int i = 0; i < 50; i++) {
		assert_true(
			store_create(&fixture->store, fixture_now, &fixture->run, &fixture->error));
		assert_int_equal(strlen(fixture->run.id), 21);
		assert_memory_equal(fixture->run.id, "20260302T130211Z-", 17);
		assert_int_equal(strspn(fixture->run.id + 17, RUN_DIGITS), 4);
		assert_string_equal(fixture->run.short_id, fixture->run.id + 17);
	}
	assert_true(store_list(&fixture->store, &ids, &count, &fixture->error));
	assert_int_equal(count, 51);
}

static void ids_sort_as_the_runs_began(void **state)
{
	struct fixture *fixture = *state;
	const char *const *ids;
	char last[32] = "";
	size_t count;

	for (int i = 1; i <= 20; i++) {
		assert_true(store_create(&fixture->store, fixture_now + i * 2 * NS_PER_MS,
					 &fixture->run, &fixture->error));
		assert_true(strcmp(last, fixture->run.id) < 0);
		strcpy(last, fixture->run.id);
	}
	assert_true(store_list(&fixture->store, &ids, &count, &fixture->error));
	assert_string_equal(ids[0], last);
}

static void make_runs(struct fixture *fixture, const char *const *ids, size_t count)
{
	assert_int_equal(
		unlinkat(fixture->store.fd,
			 arena_format(&fixture->arena, "runs/%s/documents", fixture->run.id),
			 AT_REMOVEDIR),
		0);
	assert_int_equal(renameat(fixture->store.fd,
				  arena_format(&fixture->arena, "runs/%s", fixture->run.id),
				  fixture->store.fd, "runs/not-a-run"),
			 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(mkdirat(fixture->store.fd,
					 arena_format(&fixture->arena, "runs/%s", ids[i]), 0700),
				 0);
}

static const char *const some[] = {
	"20260302T130211Z-7K3Q",
	"20260302T130212Z-9XYZ",
	"20260415T080000Z-7K3Q",
	"20251231T235959Z-AAAA",
};

static void runs_are_listed_newest_first(void **state)
{
	struct fixture *fixture = *state;
	const char *const *ids;
	size_t count;

	make_runs(fixture, some, 4);
	assert_true(store_list(&fixture->store, &ids, &count, &fixture->error));
	assert_int_equal(count, 4); /* and not what is no run */
	assert_string_equal(ids[0], some[2]);
	assert_string_equal(ids[1], some[1]);
	assert_string_equal(ids[2], some[0]);
	assert_string_equal(ids[3], some[3]);
}

static void a_run_is_found_by_either_end(void **state)
{
	static const struct {
		const char *wanted;
		const char *id; /* NULL: none, or several */
		const char *message;
	} cases[] = {
		{ "20260302T130212Z-9XYZ", "20260302T130212Z-9XYZ", NULL },
		{ "9XYZ", "20260302T130212Z-9XYZ", NULL },
		{ "9xyz", "20260302T130212Z-9XYZ", NULL },
		{ "Z-9XYZ", "20260302T130212Z-9XYZ", NULL },
		{ "202604", "20260415T080000Z-7K3Q", NULL },
		{ "20260415t08", "20260415T080000Z-7K3Q", NULL },
		{ "7K3Q", NULL,
		  "'7K3Q' fits 2 runs: 20260415T080000Z-7K3Q, 20260302T130211Z-7K3Q" },
		{ "2026030", NULL,
		  "'2026030' fits 2 runs: 20260302T130212Z-9XYZ, 20260302T130211Z-7K3Q" },
		{ "QQQQ", NULL, "there is no run 'QQQQ'" },
		{ "", NULL, "there is no run ''" },
		{ "../runs/20260302T130212Z-9XYZ", NULL,
		  "there is no run '../runs/20260302T130212Z-9XYZ'" },
	};
	struct fixture *fixture = *state;

	make_runs(fixture, some, 4);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run_folder run;
		bool found = store_find(&fixture->store, cases[i].wanted, &run, &fixture->error);

		assert_int_equal(found, cases[i].id != NULL);
		if (found) {
			assert_string_equal(run.id, cases[i].id);
			assert_true(run.fd >= 0);
		} else {
			assert_string_equal(fixture->error.message, cases[i].message);
			assert_non_null(fixture->error.hint);
		}
	}
}

static void a_short_id_is_short_while_it_is_unique(void **state)
{
	struct fixture *fixture = *state;
	struct run_folder run;

	make_runs(fixture, some, 4);
	assert_true(store_find(&fixture->store, "9XYZ", &run, &fixture->error));
	assert_string_equal(run.short_id, "9XYZ");
	assert_true(store_find(&fixture->store, "202604", &run, &fixture->error));
	assert_string_equal(run.short_id, "20260415T080000Z-7K3Q");
}

static void a_linked_run_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct run_folder run;

	make_runs(fixture, some, 0);
	assert_int_equal(symlinkat("/etc", fixture->store.fd, "runs/20260302T130211Z-7K3Q"), 0);
	assert_false(store_find(&fixture->store, "7K3Q", &run, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "cannot open"));
	assert_non_null(strstr(fixture->error.hint, "symbolic link"));
}

static bool open_again(struct fixture *fixture, const char *path)
{
	struct store store;

	return store_open(&store, path, &fixture->arena, &fixture->error);
}

static void a_store_that_others_may_write_is_refused(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(chmod(fixture->folder, 0770), 0);
	assert_false(open_again(fixture, fixture->folder));
	assert_string_equal(fixture->error.message,
			    arena_format(&fixture->arena, "others may write into '%s' (mode 0770)",
					 fixture->folder));
	assert_string_equal(fixture->error.hint,
			    arena_format(&fixture->arena, "This keeps them out: chmod 700 %s",
					 fixture->folder));
	assert_int_equal(chmod(fixture->folder, 0702), 0);
	assert_false(open_again(fixture, fixture->folder));
	assert_int_equal(chmod(fixture->folder, 0755), 0);
	assert_true(open_again(fixture, fixture->folder));
}

static void a_linked_store_is_refused(void **state)
{
	struct fixture *fixture = *state;
	const char *link = file_join(fixture->folder, "it's a link", &fixture->arena);

	assert_int_equal(symlink(fixture->folder, link), 0);
	assert_false(open_again(fixture, link));
	assert_non_null(strstr(fixture->error.hint, "it'\\''s a link'"));
}

static void a_store_of_another_is_refused(void **state)
{
	struct fixture *fixture = *state;

	if (geteuid() != 0) {
		print_message("skipped: only root can give a folder away\n");
		skip();
	}
	assert_int_equal(chown(fixture->folder, NOBODY, NOBODY), 0);
	assert_false(open_again(fixture, fixture->folder));
	assert_non_null(strstr(fixture->error.message, "belongs to"));
	assert_string_equal(fixture->error.hint,
			    arena_format(&fixture->arena, "This gives it to you: chown -R root %s",
					 fixture->folder));
	assert_int_equal(chown(fixture->folder, 0, 0), 0);
}

static void a_file_where_the_store_should_be_is_told(void **state)
{
	struct fixture *fixture = *state;
	const char *path = file_join(fixture->folder, "file", &fixture->arena);

	fixture_write(path, TEXT("x"));
	assert_false(open_again(fixture, path));
	assert_non_null(strstr(fixture->error.message, path));
	assert_false(open_again(fixture, file_join(path, "under", &fixture->arena)));
	assert_non_null(strstr(fixture->error.message, "Not a directory"));
}

static void a_read_only_disk_is_told(void **state)
{
	struct fixture *fixture = *state;
	const char *disk = file_join(fixture->folder, "disk", &fixture->arena);
	struct arena arena;
	struct store store;

	assert_int_equal(mkdir(disk, 0700), 0);
	if (mount("none", disk, "tmpfs", MS_RDONLY, "size=64k,mode=0700") < 0) {
		print_message("skipped: a tmpfs cannot be mounted here\n");
		skip();
	}
	arena_init(&arena);
	assert_false(store_open(&store, disk, &arena, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "Read-only file system"));
	assert_non_null(strstr(fixture->error.hint, "--state DIR"));
	arena_done(&arena);
	assert_int_equal(umount(disk), 0);
}

static void run_as_nobody(struct fixture *fixture, const char *path)
{
	bool refused;

	if (setgid(NOBODY) < 0 || setuid(NOBODY) < 0)
		_exit(2);
	refused = !open_again(fixture, path) && strstr(fixture->error.message, "Permission denied");
	_exit(refused ? 0 : 1);
}

static void a_folder_that_may_not_be_made_is_told(void **state)
{
	struct fixture *fixture = *state;
	const char *path = file_join(fixture->folder, "mine/state", &fixture->arena);
	int status = 1;
	pid_t child;

	if (geteuid() != 0) {
		print_message("skipped: only root can become another\n");
		skip();
	}
	child = fork();
	if (child == 0)
		run_as_nobody(fixture, path);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

static void the_default_is_the_users(void **state)
{
	struct fixture *fixture = *state;
	struct store store;

	if (geteuid() == 0) {
		print_message("skipped: root has a place of its own\n");
		skip();
	}
	setenv("XDG_STATE_HOME", fixture->folder, 1);
	assert_true(store_open(&store, NULL, &fixture->arena, &fixture->error));
	assert_string_equal(store.path, file_join(fixture->folder, "runbook", &fixture->arena));
}

static void documents_are_kept_and_checked(void **state)
{
	struct fixture *fixture = *state;
	struct text content = TEXT("runbook: 1\n");
	char digest[SHA256_HEX];
	struct text read;
	const char *path;

	sha256_text(content, digest);
	path = in_run(fixture, arena_format(&fixture->arena, "documents/%s", digest));
	assert_false(store_kept(&fixture->run, digest, &fixture->arena, &read, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "No such file"));
	assert_true(store_keep(&fixture->run, digest, content, &fixture->error));
	assert_true(store_keep(&fixture->run, digest, content, &fixture->error));
	assert_int_equal(mode_of(path), 0600);
	assert_true(store_kept(&fixture->run, digest, &fixture->arena, &read, &fixture->error));
	assert_true(text_equal(read, content));
	fixture_write(path, TEXT("runbook: 2\n"));
	assert_false(store_kept(&fixture->run, digest, &fixture->arena, &read, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "was changed"));
}

static void a_folder_is_held_by_its_maker(void **state)
{
	struct fixture *fixture = *state;
	struct run_folder seen, again;
	struct arena maker;
	struct store store;
	struct run_folder made;

	arena_init(&maker);
	assert_true(store_open(&store, fixture->folder, &maker, &fixture->error));
	assert_true(store_create(&store, fixture_now + NS_PER_S, &made, &fixture->error));
	assert_true(store_find(&fixture->store, made.id, &seen, &fixture->error));
	assert_true(store_find(&fixture->store, made.id, &again, &fixture->error));
	assert_true(store_is_held(&seen));
	assert_false(store_hold(&seen));
	arena_done(&maker); /* as at the end of the process */
	assert_false(store_is_held(&seen));
	assert_true(store_hold(&again)); /* whoever has looked holds nothing */
	assert_true(store_is_held(&seen));
}

static void words_are_quoted_where_they_have_to_be(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(store_quote("/var/lib/runbook", &fixture->arena), "/var/lib/runbook");
	assert_string_equal(store_quote("a b", &fixture->arena), "'a b'");
	assert_string_equal(store_quote("it's", &fixture->arena), "'it'\\''s'");
	assert_string_equal(store_quote("", &fixture->arena), "''");
	assert_string_equal(store_user(0, &fixture->arena), "root");
	assert_string_equal(store_user(4000000001u, &fixture->arena), "4000000001");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(folders_are_private_whatever_the_umask),
		fixture_test(who_looks_makes_nothing),
		fixture_test(ids_say_when_and_are_unique),
		fixture_test(ids_sort_as_the_runs_began),
		fixture_test(runs_are_listed_newest_first),
		fixture_test(a_run_is_found_by_either_end),
		fixture_test(a_short_id_is_short_while_it_is_unique),
		fixture_test(a_linked_run_is_refused),
		fixture_test(a_store_that_others_may_write_is_refused),
		fixture_test(a_linked_store_is_refused),
		fixture_test(a_store_of_another_is_refused),
		fixture_test(a_file_where_the_store_should_be_is_told),
		fixture_test(a_read_only_disk_is_told),
		fixture_test(a_folder_that_may_not_be_made_is_told),
		fixture_test(the_default_is_the_users),
		fixture_test(documents_are_kept_and_checked),
		fixture_test(a_folder_is_held_by_its_maker),
		fixture_test(words_are_quoted_where_they_have_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
