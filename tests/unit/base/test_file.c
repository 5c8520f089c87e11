#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"

#define LIMIT 4096

static struct arena arena;
static char folder[] = "/tmp/runbook-file-XXXXXX";
static int at;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	strcpy(strrchr(folder, '-'), "-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return at < 0;
}

static int teardown(void **state)
{
	(void)state;
	close(at);
	if (system(arena_format(&arena, "rm -rf %s", folder)))
		return -1;
	arena_done(&arena);
	return 0;
}

static void put(const char *path, const char *content)
{
	assert_int_equal(file_write(at, path, text_of(content), 0644), 0);
}

static void reads_a_file_whole(void **state)
{
	struct text text;

	(void)state;
	put("a", "one\ntwo\n");
	assert_int_equal(file_read(at, "a", LIMIT, &arena, &text), 0);
	assert_true(text_is(text, "one\ntwo\n"));
	assert_int_equal(text.ptr[text.len], '\0');
	put("a", "");
	assert_int_equal(file_read(at, "a", LIMIT, &arena, &text), 0);
	assert_int_equal(text.len, 0);
}

/* They say that they are empty and are not. */
static void reads_files_of_the_kernel(void **state)
{
	struct text text;

	(void)state;
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/maps", 1 << 20, &arena, &text), 0);
	assert_true(text.len > 100);
	assert_int_equal(file_read(AT_FDCWD, "/proc/self/maps", 10, &arena, &text), EFBIG);
}

static void refuses_what_is_no_regular_file(void **state)
{
	struct text text;

	(void)state;
	assert_int_equal(mkfifoat(at, "fifo", 0600), 0);
	assert_int_equal(file_read(at, "fifo", LIMIT, &arena, &text), EINVAL);
	assert_int_equal(file_read(at, ".", LIMIT, &arena, &text), EISDIR);
	assert_int_equal(file_read(AT_FDCWD, "/dev/zero", LIMIT, &arena, &text), EINVAL);
	assert_int_equal(file_read(at, "missing", LIMIT, &arena, &text), ENOENT);
}

static void refuses_files_over_the_limit(void **state)
{
	struct text text;

	(void)state;
	put("five", "12345");
	assert_int_equal(file_read(at, "five", 5, &arena, &text), 0);
	assert_int_equal(file_read(at, "five", 4, &arena, &text), EFBIG);
	assert_int_equal(text.len, 5);
}

static void stays_beneath_a_folder(void **state)
{
	struct text text;

	(void)state;
	assert_int_equal(mkdirat(at, "inner", 0700), 0);
	assert_int_equal(mkdirat(at, "inner/deep", 0700), 0);
	put("secret", "secret");
	put("inner/deep/open", "open");
	assert_int_equal(symlinkat("../secret", at, "inner/escape"), 0);
	assert_int_equal(symlinkat("/proc/self/environ", at, "inner/absolute"), 0);
	close(at);
	at = open(arena_format(&arena, "%s/inner", folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(at >= 0);
	assert_int_equal(file_read_beneath(at, "deep/open", LIMIT, &arena, &text), 0);
	assert_true(text_is(text, "open"));
	assert_int_equal(file_read_beneath(at, "deep/../deep//./open", LIMIT, &arena, &text), 0);
	assert_int_equal(file_read_beneath(at, "../secret", LIMIT, &arena, &text), EXDEV);
	assert_int_equal(file_read_beneath(at, "deep/../../secret", LIMIT, &arena, &text), EXDEV);
	assert_int_equal(file_read_beneath(at, "/etc/passwd", LIMIT, &arena, &text), EXDEV);
	assert_int_equal(file_read_beneath(at, "deep", LIMIT, &arena, &text), EISDIR);
	assert_int_equal(file_read_beneath(at, "deep/none", LIMIT, &arena, &text), ENOENT);
	/* Without openat2 links are not followed at all: ELOOP. */
	assert_int_not_equal(file_read_beneath(at, "escape", LIMIT, &arena, &text), 0);
	assert_int_not_equal(file_read_beneath(at, "absolute", LIMIT, &arena, &text), 0);
}

static size_t count_names(void)
{
	DIR *names = opendir(folder);
	size_t count = 0;

	assert_non_null(names);
	while (readdir(names))
		count++;
	closedir(names);
	return count - 2; /* "." and ".." */
}

static void writes_with_the_exact_mode_and_leaves_nothing_else(void **state)
{
	struct stat status;
	mode_t before = umask(0077);

	(void)state;
	put("a", "1");
	assert_int_equal(file_write(at, "a", TEXT("22"), 0664), 0);
	umask(before);
	assert_int_equal(fstatat(at, "a", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0664);
	assert_int_equal(status.st_size, 2);
	assert_int_equal(count_names(), 1);
}

static void leaves_nothing_after_a_failed_write(void **state)
{
	(void)state;
	assert_int_equal(mkdirat(at, "taken", 0700), 0);
	assert_int_equal(file_write(at, "taken", TEXT("x"), 0600), EISDIR);
	assert_int_equal(file_write(at, "none/a", TEXT("x"), 0600), ENOENT);
	assert_int_equal(count_names(), 1);
}

static void keeps_the_old_file_when_the_disk_is_full(void **state)
{
	char *large = arena_alloc(&arena, 256 << 10);
	struct text text;
	int inner;

	(void)state;
	if (mount("none", folder, "tmpfs", 0, "size=64k") < 0)
		skip();
	inner = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(file_write(inner, "a", TEXT("old"), 0600), 0);
	assert_int_equal(file_write(inner, "a", (struct text){ large, 256 << 10 }, 0600), ENOSPC);
	assert_int_equal(file_read(inner, "a", LIMIT, &arena, &text), 0);
	assert_true(text_is(text, "old"));
	assert_int_equal(count_names(), 1);
	close(inner);
	assert_int_equal(umount(folder), 0);
}

static void tells_why_a_descriptor_takes_no_bytes(void **state)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	assert_int_equal(file_write_all(full, TEXT("x")), ENOSPC);
	assert_int_equal(file_write_all(full, TEXT("")), 0);
	close(full);
	assert_int_equal(file_write_all(full, TEXT("x")), EBADF);
	assert_int_equal(file_sync_folder(full), EBADF);
}

static void makes_folders(void **state)
{
	const char *deep = arena_format(&arena, "%s/a//b/c/", folder);
	struct stat status;
	mode_t before = umask(0077);

	(void)state;
	assert_int_equal(file_make_folders(deep, 02770), 0);
	umask(before);
	assert_int_equal(stat(deep, &status), 0);
	assert_int_equal(status.st_mode & 07777, 02770);
	assert_int_equal(file_make_folders(deep, 0700), 0);
	assert_int_equal(stat(deep, &status), 0);
	assert_int_equal(status.st_mode & 07777, 02770);
	put("file", "");
	assert_int_equal(file_make_folders(arena_format(&arena, "%s/file", folder), 0700), ENOTDIR);
	assert_int_equal(file_make_folders(arena_format(&arena, "%s/file/x", folder), 0700),
			 ENOTDIR);
}

static void takes_paths_apart(void **state)
{
	(void)state;
	assert_string_equal(file_join("a", "b", &arena), "a/b");
	assert_string_equal(file_join("a/", "b", &arena), "a/b");
	assert_string_equal(file_join("a", "/b", &arena), "/b");
	assert_string_equal(file_join(NULL, "b", &arena), "b");
	assert_string_equal(file_join("", "b", &arena), "b");
	assert_string_equal(file_dirname("a/b/c", &arena), "a/b");
	assert_string_equal(file_dirname("c", &arena), ".");
	assert_string_equal(file_dirname("/c", &arena), "/");
	assert_string_equal(file_basename("a/b"), "b");
	assert_string_equal(file_basename("b"), "b");
	assert_string_equal(file_real("/proc/../tmp", &arena), "/tmp");
	assert_null(file_real(arena_format(&arena, "%s/none", folder), &arena));
	assert_int_equal(errno, ENOENT);
}

static void cleans_paths_by_their_letters(void **state)
{
	static const char *const paths[][2] = {
		{ "/x/./lib.yaml", "/x/lib.yaml" },
		{ "/x/a/../lib.yaml", "/x/lib.yaml" },
		{ "./a//b/./c/", "a/b/c" },
		{ "a/b/../../c", "c" },
		{ "../a/../../b", "../../b" },
		{ "/../a", "/a" },
		{ "a/..", "." },
		{ "", "." },
		{ "/", "/" },
		{ "/a/..", "/" },
		{ "..a/...", "..a/..." },
		{ "/a/b/../../../c", "/c" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_string_equal(file_clean(paths[i][0], &arena), paths[i][1]);
}

static void finds_programs(void **state)
{
	const char *path = arena_format(&arena, "/nowhere:%s:/bin", folder);

	(void)state;
	put("tool", "not a program");
	assert_null(file_find_program("tool", path, &arena));
	assert_int_equal(fchmodat(at, "tool", 0755, 0), 0);
	assert_string_equal(file_find_program("tool", path, &arena),
			    arena_format(&arena, "%s/tool", folder));
	assert_string_equal(file_find_program("/bin/sh", NULL, &arena), "/bin/sh");
	assert_non_null(file_find_program("sh", path, &arena));
	assert_null(file_find_program(folder, path, &arena));
	assert_null(file_find_program("", path, &arena));
	assert_null(file_find_program("tool", NULL, &arena));
	assert_null(file_find_program("tool", "/nowhere", &arena));
}

static void looks_for_programs_here_where_the_path_is_empty(void **state)
{
	int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	put("tool", "");
	assert_int_equal(fchmodat(at, "tool", 0755, 0), 0);
	assert_int_equal(chdir(folder), 0);
	assert_string_equal(file_find_program("tool", "/nowhere:", &arena), "./tool");
	assert_int_equal(fchdir(before), 0);
	close(before);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_a_file_whole),
		TEST(reads_files_of_the_kernel),
		TEST(refuses_what_is_no_regular_file),
		TEST(refuses_files_over_the_limit),
		TEST(stays_beneath_a_folder),
		TEST(writes_with_the_exact_mode_and_leaves_nothing_else),
		TEST(leaves_nothing_after_a_failed_write),
		TEST(keeps_the_old_file_when_the_disk_is_full),
		TEST(tells_why_a_descriptor_takes_no_bytes),
		TEST(makes_folders),
		TEST(takes_paths_apart),
		TEST(cleans_paths_by_their_letters),
		TEST(finds_programs),
		TEST(looks_for_programs_here_where_the_path_is_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
