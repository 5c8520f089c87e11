#include <stdio.h>
#include <sys/mount.h>

#include "fixture.h"

static struct log *open_log(struct fixture *fixture)
{
	return log_open(&fixture->run, 7, "build", 2, fixture->mask, &fixture->arena);
}

static struct text content(struct fixture *fixture)
{
	const char *path = log_path(&fixture->run, 7, 2, &fixture->arena);

	assert_non_null(path);
	return fixture_read(fixture, path);
}

static void both_streams_come_as_they_are(void **state)
{
	struct fixture *fixture = *state;
	struct log *log = open_log(fixture);
	const char *path = log_path(&fixture->run, 7, 2, &fixture->arena);
	struct stat status;

	log_write(log, 1, TEXT("out\n"));
	log_write(log, 2, TEXT("err \x1b[2J \xff\0\n"));
	log_write(log, 1, TEXT("more"));
	log_close(log);
	assert_true(text_equal(content(fixture), TEXT("out\nerr \x1b[2J \xff\0\nmore")));
	assert_null(log_error(log));
	assert_true(text_ends(text_of(path), "/logs/0007-build.2.log"));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void secrets_are_masked_within_each_stream(void **state)
{
	struct fixture *fixture = *state;
	struct log *log;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	log = open_log(fixture);
	log_write(log, 1, TEXT("a hunter2"));
	log_write(log, 2, TEXT("noise"));
	log_write(log, 1, TEXT("hunter2 b"));
	log_write(log, 2, TEXT(" hunt"));
	log_close(log);
	assert_true(text_equal(content(fixture), TEXT("a noise*** b hunt")));
}

static void the_arena_closes_it(void **state)
{
	struct fixture *fixture = *state;
	struct arena arena;
	struct log *log;

	arena_init(&arena);
	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	log = log_open(&fixture->run, 7, "build", 2, fixture->mask, &arena);
	log_write(log, 1, TEXT("hunter"));
	arena_done(&arena);
	assert_true(text_equal(content(fixture), TEXT("hunter")));
}

static void ids_are_safe_in_names(void **state)
{
	struct fixture *fixture = *state;
	struct log *log = log_open(&fixture->run, 12345, "../x y", 1, NULL, &fixture->arena);
	struct log *unnamed = log_open(&fixture->run, 3, NULL, 1, NULL, &fixture->arena);

	assert_null(log_error(log));
	assert_null(log_error(unnamed));
	assert_true(text_ends(text_of(log_path(&fixture->run, 12345, 1, &fixture->arena)),
			      "/logs/12345-___x_y.1.log"));
	assert_true(text_ends(text_of(log_path(&fixture->run, 3, 1, &fixture->arena)),
			      "/logs/0003-step.1.log"));
	assert_null(log_path(&fixture->run, 3, 2, &fixture->arena));
	assert_null(log_path(&fixture->run, 4, 1, &fixture->arena));
}

/* As printf("%07u\n") of the number, which memcheck would take a minute for. */
static void write_line(char *line, uint32_t number)
{
	line[7] = '\n';
	for (int i = 7; i-- > 0; number /= 10)
		line[i] = (char)('0' + number % 10);
}

/* One that says of each of its eight bytes which they are. */
static void write_numbers(struct log *log, uint32_t from, uint32_t to)
{
	char block[8 * 1024];
	size_t len = 0;

	for (uint32_t number = from; number < to; number++) {
		write_line(block + len, number);
		len += 8;
		if (len == sizeof(block) || number + 1 == to) {
			log_write(log, 1 + (int)(number & 1), (struct text){ block, len });
			len = 0;
		}
	}
}

static void of_a_long_output_head_and_tail_are_kept(void **state)
{
	static const char mark[] = "\n--- 800 bytes are left out here: of one attempt the first "
				   "64 MiB are kept, and the last 64 KiB ---\n";
	const uint32_t all = (LOG_MAX + LOG_TAIL) / 8 + 100;
	struct fixture *fixture = *state;
	struct log *log = open_log(fixture);
	struct text text;
	uint32_t number = 0;
	size_t at = 0;

	write_numbers(log, 0, all);
	log_close(log);
	text = content(fixture);
	assert_int_equal(text.len, LOG_MAX + LOG_TAIL + sizeof(mark) - 1);
	for (; number < all; number++, at += 8) {
		char line[8];

		if (at == LOG_MAX) {
			assert_memory_equal(text.ptr + at, mark, sizeof(mark) - 1);
			at += sizeof(mark) - 1;
			number += 100;
		}
		write_line(line, number);
		if (memcmp(text.ptr + at, line, 8) != 0)
			fail_msg("byte %zu is not of line %u", at, number);
	}
	assert_non_null(strstr(log_error(log), "800 bytes were left out"));
}

static void a_little_more_than_fits_is_whole(void **state)
{
	struct fixture *fixture = *state;
	struct log *log = open_log(fixture);

	write_numbers(log, 0, (LOG_MAX + LOG_TAIL) / 8);
	log_close(log);
	assert_int_equal(content(fixture).len, LOG_MAX + LOG_TAIL);
	assert_null(log_error(log));
}

static void a_log_that_exactly_fits_is_whole(void **state)
{
	struct fixture *fixture = *state;
	struct log *log = open_log(fixture);
	char *bytes = arena_alloc(&fixture->arena, LOG_MAX);

	log_write(log, 1, (struct text){ bytes, LOG_MAX });
	log_close(log);
	assert_int_equal(content(fixture).len, LOG_MAX);
	assert_null(log_error(log));
}

static void a_log_that_cannot_be_made_is_told_and_survived(void **state)
{
	struct fixture *fixture = *state;
	struct log *log;

	assert_int_equal(unlinkat(fixture->run.fd, "logs", AT_REMOVEDIR), 0);
	log = open_log(fixture);
	assert_non_null(strstr(log_error(log), "No such file or directory"));
	log_write(log, 1, TEXT("x"));
	log_close(log);
	assert_null(log_path(&fixture->run, 7, 2, &fixture->arena));
}

static void a_step_that_runs_again_goes_on_with_its_log(void **state)
{
	struct fixture *fixture = *state;
	struct log *first = open_log(fixture);
	struct log *second;

	log_write(first, 1, TEXT("first"));
	log_close(first);
	second = open_log(fixture);
	log_write(second, 1, TEXT("second"));
	log_close(second);
	assert_null(log_error(second));
	assert_true(text_equal(content(fixture), TEXT("first\n--- once more ---\nsecond")));
}

static void a_link_is_no_log(void **state)
{
	struct fixture *fixture = *state;
	struct log *log = open_log(fixture);
	const char *path = log_path(&fixture->run, 7, 2, &fixture->arena);

	log_close(log);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	log = open_log(fixture);
	assert_non_null(strstr(log_error(log), "Too many levels of symbolic links"));
}

static void a_full_disk_does_not_fail_the_step(void **state)
{
	struct fixture *fixture = *state;
	const char *disk = file_join(fixture->run.path, "logs", &fixture->arena);
	char *bytes = arena_alloc(&fixture->arena, 128 << 10);
	struct log *log;

	if (mount("none", disk, "tmpfs", 0, "size=64k,mode=0700") < 0) {
		print_message("skipped: a tmpfs cannot be mounted here\n");
		skip();
	}
	log = open_log(fixture);
	log_write(log, 1, (struct text){ bytes, 128 << 10 });
	assert_non_null(strstr(log_error(log), "No space left on device"));
	log_write(log, 1, TEXT("x"));
	log_close(log);
	assert_int_equal(umount(disk), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(both_streams_come_as_they_are),
		fixture_test(secrets_are_masked_within_each_stream),
		fixture_test(the_arena_closes_it),
		fixture_test(ids_are_safe_in_names),
		fixture_test(of_a_long_output_head_and_tail_are_kept),
		fixture_test(a_little_more_than_fits_is_whole),
		fixture_test(a_log_that_exactly_fits_is_whole),
		fixture_test(a_log_that_cannot_be_made_is_told_and_survived),
		fixture_test(a_step_that_runs_again_goes_on_with_its_log),
		fixture_test(a_link_is_no_log),
		fixture_test(a_full_disk_does_not_fail_the_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
