#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "fixture.h"

static int sync_error; /* what fdatasync gives */
static int syncs;

/* In place of libc's. */
int fdatasync(int fd)
{
	syncs++;
	errno = sync_error;
	return sync_error ? -1 : fsync(fd);
}

struct seen {
	size_t count;
	struct event events[64];
};

static bool see(const struct event *event, void *data)
{
	struct seen *seen = data;

	seen->events[seen->count++ % 64] = *event;
	return true;
}

static struct journal *open_journal(struct fixture *fixture, struct arena *arena)
{
	struct journal *journal = journal_open(&fixture->run, &fixture_clock, fixture->mask, arena,
					       &fixture->error);

	if (!journal)
		fail_msg("%s", fixture->error.message);
	return journal;
}

static void append(struct fixture *fixture, struct journal *journal, enum event_type type,
		   const char *field, struct value value)
{
	struct event event = fixture_event(fixture, type, type == EVENT_STEP_ENDED ? 1 : -1, 1,
					   field, value);

	journal_append(journal, &event, &fixture->arena);
}

static enum journal_end read_all(struct fixture *fixture, struct seen *seen)
{
	*seen = (struct seen){ 0 };
	return journal_read(&fixture->run, &fixture->arena, see, seen, &fixture->error);
}

static const char *path_of(struct fixture *fixture)
{
	return file_join(fixture->run.path, "journal.jsonl", &fixture->arena);
}

/* Three ticks: one line, two lines, one line. */
static void write_three_ticks(struct fixture *fixture)
{
	struct arena arena;
	struct journal *journal;

	arena_init(&arena);
	journal = open_journal(fixture, &arena);
	append(fixture, journal, EVENT_RUN_OPENED, "name", value_cstring("one"));
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("two"));
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("three"));
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_RUN_CLOSED, "msg", value_cstring("four"));
	assert_true(journal_commit(journal, &fixture->error));
	arena_done(&arena);
}

static void what_is_committed_is_read_back(void **state)
{
	struct fixture *fixture = *state;
	struct seen seen;

	write_three_ticks(fixture);
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(seen.events[i].seq, i + 1);
	assert_int_equal(seen.events[1].tick, 2);
	assert_int_equal(seen.events[2].tick, 2);
	assert_int_equal(seen.events[3].tick, 3);
	assert_int_equal(event_int(&seen.events[3], "lines", 0), 4);
	assert_string_equal(event_text(&seen.events[2], "msg", &fixture->arena), "three");
}

/* However long the opening takes, run.opened is the origin; journal_now is the same clock. */
static void times_are_counted_from_the_first_event(void **state)
{
	struct fixture *fixture = *state;
	struct arena arena;
	struct journal *journal;
	struct seen seen;
	int64_t now = fixture_now;

	arena_init(&arena);
	journal = open_journal(fixture, &arena);
	fixture_now += 7 * NS_PER_MS;
	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_int_equal(journal_now(journal), 0);
	fixture_now += 25 * NS_PER_MS;
	assert_int_equal(journal_now(journal), 25);
	append(fixture, journal, EVENT_STEP_ENDED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	arena_done(&arena);
	fixture_now = now;
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.events[0].ms, 0);
	assert_int_equal(seen.events[1].ms, 25);
}

static void the_file_is_ours_and_gives_its_reserve_back(void **state)
{
	struct fixture *fixture = *state;
	struct arena arena;
	struct journal *journal;
	struct stat status;

	arena_init(&arena);
	journal = open_journal(fixture, &arena);
	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(stat(path_of(fixture), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_true(status.st_size < 4096 + JOURNAL_FILL);
	if (!journal_notice(journal))
		assert_true(status.st_blocks * 512 >= JOURNAL_RESERVE);
	arena_done(&arena);
	assert_int_equal(stat(path_of(fixture), &status), 0);
	assert_true(status.st_size < 4096); /* no blanks behind the end */
	assert_true(status.st_blocks * 512 <= 8192);
}

static void a_commit_is_one_sync_and_nothing_is_written_before(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct stat status;

	syncs = 0;
	for (int i = 0; i < 5; i++)
		append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_int_equal(stat(path_of(fixture), &status), 0);
	assert_int_equal(status.st_size, 0);
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(syncs, 1);
	assert_true(journal_commit(journal, &fixture->error)); /* nothing to do */
	assert_int_equal(syncs, 1);
}

/* The process of an attempt is noted while it runs, and synced with the attempt's end. */
static void what_may_wait_is_synced_with_the_next(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct seen seen;

	syncs = 0;
	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_STEP_SPAWNED, "pid", value_int(7));
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(syncs, 1);
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 2);
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("done"));
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_RUN_CLOSED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(syncs, 3);
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(seen.events[i].tick, i < 1 ? 1 : i < 3 ? 2 : 3);
}

static void commit_waiting(struct fixture *fixture, struct journal *journal)
{
	struct event event = fixture_event(fixture, EVENT_STEP_ENDED, 1, 1, NULL, value_null());

	event.may_wait = true;
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));
}

/* The record of a step that changes nothing is in the file at once, and safe a second later. */
static void what_changes_nothing_waits_a_second_for_its_sync(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct seen seen;

	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(journal_due(journal), 0);
	syncs = 0;
	fixture_now += 300 * NS_PER_MS;
	commit_waiting(fixture, journal);
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 2);
	assert_in_range(journal_due(journal), 1300, 1301);
	fixture_now += 999 * NS_PER_MS;
	commit_waiting(fixture, journal); /* it does not put the sync off */
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(syncs, 0);
	assert_in_range(journal_due(journal), 1300, 1301);
	fixture_now += 2 * NS_PER_MS;
	assert_true(journal_commit(journal, &fixture->error)); /* nothing new, and it is time */
	assert_int_equal(syncs, 1);
	assert_int_equal(journal_due(journal), 0);
	commit_waiting(fixture, journal);
	append(fixture, journal, EVENT_RUN_CLOSED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error)); /* with what may not wait */
	assert_int_equal(syncs, 2);
	assert_int_equal(journal_due(journal), 0);
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 5);
}

static void a_late_sync_that_fails_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);

	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	commit_waiting(fixture, journal);
	fixture_now += 1001 * NS_PER_MS;
	sync_error = EIO;
	assert_false(journal_commit(journal, &fixture->error));
	sync_error = 0;
	assert_non_null(strstr(fixture->error.message, "Input/output error"));
	assert_int_equal(journal_due(journal), 0);
	assert_false(journal_commit(journal, &fixture->error));
}

/* Whoever goes on behind a record that was not synced goes on with its tick. */
static void an_unsynced_tick_goes_on_in_another_process(void **state)
{
	struct fixture *fixture = *state;
	struct arena arena;
	struct journal *journal;
	struct seen seen;

	arena_init(&arena);
	journal = open_journal(fixture, &arena);
	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_STEP_SPAWNED, "pid", value_int(7));
	assert_true(journal_commit(journal, &fixture->error));
	arena_done(&arena);
	journal = open_journal(fixture, &fixture->arena);
	append(fixture, journal, EVENT_RUN_CLOSED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.events[1].tick, 2);
	assert_int_equal(seen.events[2].tick, 2);
}

static void sums_are_what_the_header_says(void **state)
{
	struct fixture *fixture = *state;
	struct text text;
	char sum[SHA256_HEX] = "";
	size_t from = 0;

	write_three_ticks(fixture);
	text = fixture_read(fixture, path_of(fixture));
	for (int i = 0; i < 4; i++) {
		size_t end = text_find(text, TEXT("\n"), from);
		size_t comma = text_find(text, TEXT(",\"sum\":\""), from);
		const char *summed = arena_format(&fixture->arena, "%s%.*s", sum,
						  (int)(comma - from), text.ptr + from);

		assert_int_equal(text.ptr[from + strlen("{\"v\":1,\"seq\":")], '1' + i);
		assert_int_equal(end - comma, strlen(",\"sum\":\"") + 64 + strlen("\"}"));
		sha256_text(text_of(summed), sum);
		assert_memory_equal(text.ptr + comma + strlen(",\"sum\":\""), sum, 64);
		/* the second line is the first of its tick */
		assert_int_equal(text_ends(text_of(summed), ",\"commit\":true"), i != 1);
		from = end + 1;
	}
	assert_int_equal(from, text.len);
}

static void live_events_are_masked_and_not_written(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct event event = fixture_event(fixture, EVENT_STEP_OUTPUT, 1, 1, "text",
					   value_cstring("it is hunter2hunter2!"));
	struct stat status;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	journal_append(journal, &event, &fixture->arena);
	assert_int_equal(event.seq, 0);
	assert_string_equal(event_text(&event, "text", &fixture->arena), "it is ***!");
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(stat(path_of(fixture), &status), 0);
	assert_int_equal(status.st_size, 0);
}

static void secrets_do_not_reach_the_file(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct event_builder builder;
	struct event event;
	struct value outputs;
	struct value_map_builder map;
	struct value held;

	assert_true(mask_add(fixture->mask, TEXT("hunter2hunter2")));
	value_map_init(&map, &fixture->arena);
	value_map_set(&map, "found", value_cstring("x hunter2hunter2 y"));
	value_map_set(&map, "marked", value_mark(value_int(99887766), VALUE_SECRET));
	value_map_set(&map, "plain", value_cstring("z"));
	outputs = value_map_end(&map);
	event_begin(&builder, EVENT_STEP_ENDED, &fixture->arena);
	event_step(&builder, 1, "1", NULL, 1);
	event_set(&builder, "outputs", outputs);
	event_set(&builder, "msg", value_cstring("no hunter2hunter2 here"));
	event_set(&builder, "actual", value_mark(value_cstring("short"), VALUE_SECRET));
	event = event_end(&builder);
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));

	/* what goes on to be computed with is whole, and secret now */
	assert_true(value_field(event_get(&event, "outputs"), "found", NULL, &held));
	assert_string_equal(arena_text(&fixture->arena, value_text(held)).ptr,
			    "x hunter2hunter2 y");
	assert_true(held.flags & VALUE_SECRET);
	assert_true(value_field(event_get(&event, "outputs"), "plain", NULL, &held));
	assert_false(held.flags & VALUE_SECRET);
	assert_string_equal(event_text(&event, "msg", &fixture->arena), "no *** here");
	assert_string_equal(event_text(&event, "actual", &fixture->arena), "***");
	assert_non_null(strstr(fixture_read(fixture, path_of(fixture)).ptr,
			       "\"outputs\":{\"found\":{\"secret\":true},\"marked\":"
			       "{\"secret\":true},\"plain\":\"z\"},\"msg\":\"no *** here\","
			       "\"actual\":\"***\""));
}

static void large_values_are_moved_and_read_back(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	size_t len = 300 << 10;
	char *large = arena_alloc(&fixture->arena, len);
	struct event_builder builder;
	struct event event;
	struct seen seen;
	struct text text;

	memset(large, 'x', len);
	event_begin(&builder, EVENT_STEP_ENDED, &fixture->arena);
	event_step(&builder, 1, "1", NULL, 1);
	event_set_text(&builder, "msg", TEXT("small"));
	event_set_text(&builder, "stdout", (struct text){ large, len });
	event = event_end(&builder);
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));
	text = fixture_read(fixture, path_of(fixture));
	assert_true(text_find(text, TEXT("\n"), 0) < 1024);
	assert_non_null(strstr(text.ptr, "\"stdout\":{\"value\":\""));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	text = value_text(event_get(&seen.events[0], "stdout"));
	assert_int_equal(text.len, len);
	assert_memory_equal(text.ptr, large, len);
}

static void a_line_never_exceeds_its_limit(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	static const char *const fields[] = { "msg", "expected", "actual", "stdout", "stderr" };
	char *half = arena_alloc(&fixture->arena, JOURNAL_MAX_LINE / 2);
	struct event_builder builder;
	struct event event;

	memset(half, 'y', JOURNAL_MAX_LINE / 2);
	event_begin(&builder, EVENT_STEP_ENDED, &fixture->arena);
	event_step(&builder, 1, "1", NULL, 1);
	for (size_t i = 0; i < 5; i++)
		event_set_text(&builder, fields[i],
			       (struct text){ half, JOURNAL_MAX_LINE / 2 - i });
	event = event_end(&builder);
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));
	assert_true(fixture_read(fixture, path_of(fixture)).len <= JOURNAL_MAX_LINE);
}

static void going_on_keeps_the_chain(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal;
	struct seen seen;

	fixture_now += 5 * NS_PER_S;
	write_three_ticks(fixture);
	journal = open_journal(fixture, &fixture->arena);
	fixture_now += 2 * NS_PER_S;
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("five"));
	assert_true(journal_commit(journal, &fixture->error));
	assert_null(journal_notice(journal));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 5);
	assert_int_equal(seen.events[4].seq, 5);
	assert_int_equal(seen.events[4].tick, 4);
	assert_int_equal(seen.events[4].ms, seen.events[3].ms + 2000);
}

static void going_on_cuts_a_torn_tail_off(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal;
	struct seen seen;
	struct text text;

	write_three_ticks(fixture);
	text = fixture_read(fixture, path_of(fixture));
	fixture_write(path_of(fixture), text_slice(text, 0, text.len - 10));
	journal = open_journal(fixture, &fixture->arena);
	assert_non_null(strstr(journal_notice(journal), "in the middle of a record"));
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("again"));
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 4);
	assert_string_equal(event_text(&seen.events[3], "msg", &fixture->arena), "again");
}

static void going_on_refuses_damage(void **state)
{
	struct fixture *fixture = *state;
	struct text text;
	char *bytes;

	write_three_ticks(fixture);
	text = fixture_read(fixture, path_of(fixture));
	bytes = arena_copy(&fixture->arena, text.ptr, text.len);
	bytes[20] ^= 1;
	fixture_write(path_of(fixture), (struct text){ bytes, text.len });
	assert_null(journal_open(&fixture->run, &fixture_clock, NULL, &fixture->arena,
				 &fixture->error));
	assert_non_null(strstr(fixture->error.message, "is damaged at line 1"));
}

/* What is written, without the blanks behind it. */
static struct text read_lines(struct fixture *fixture)
{
	struct text text = fixture_read(fixture, path_of(fixture));

	while (text.len && text.ptr[text.len - 1] == ' ')
		text.len--;
	return text;
}

static void a_failed_sync_ends_the_journal(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct text before;
	struct seen seen;

	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	before = read_lines(fixture);
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("lost"));
	sync_error = EIO;
	assert_false(journal_commit(journal, &fixture->error));
	sync_error = 0;
	assert_non_null(strstr(fixture->error.message, "Input/output error"));
	assert_true(text_equal(read_lines(fixture), before));
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("later"));
	assert_false(journal_commit(journal, &fixture->error)); /* never again */
	assert_non_null(strstr(fixture->error.message, "Input/output error"));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, 1);
}

static void a_short_write_is_cut_back(void **state)
{
	struct fixture *fixture = *state;
	struct journal *journal = open_journal(fixture, &fixture->arena);
	struct rlimit limit;
	struct rlimit small;
	struct text before;
	bool committed;

	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	before = read_lines(fixture);
	append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("cut in two"));
	getrlimit(RLIMIT_FSIZE, &limit);
	small = (struct rlimit){ before.len + 50, limit.rlim_max };
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	committed = journal_commit(journal, &fixture->error);
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_false(committed);
	assert_non_null(strstr(fixture->error.message, "File too large"));
	assert_true(text_equal(read_lines(fixture), before));
}

static void fill(const char *folder)
{
	int fd = open(folder, O_WRONLY | O_CREAT, 0600);
	static const char block[4096] = "x";

	assert_true(fd >= 0);
	while (write(fd, block, sizeof(block)) > 0)
		;
	while (write(fd, block, 1) > 0)
		;
	close(fd);
}

static void the_last_results_fit_on_a_full_disk(void **state)
{
	struct fixture *fixture = *state;
	const char *disk = file_join(fixture->folder, "disk", &fixture->arena);
	struct arena arena;
	struct store store;
	struct journal *journal;
	struct seen seen;
	size_t results = 0;
	char *large;

	assert_int_equal(mkdir(disk, 0700), 0);
	if (mount("none", disk, "tmpfs", 0, "size=1m,mode=0700") < 0) {
		print_message("skipped: a tmpfs cannot be mounted here\n");
		skip();
	}
	arena_init(&arena);
	assert_true(store_open(&store, disk, &arena, &fixture->error));
	assert_true(store_create(&store, fixture_now, &fixture->run, &fixture->error));
	journal = open_journal(fixture, &arena);
	append(fixture, journal, EVENT_RUN_OPENED, NULL, value_null());
	assert_true(journal_commit(journal, &fixture->error));
	assert_false(journal_is_full(journal, &fixture->error));
	fill(file_join(disk, "filler", &arena));

	/* a large result is recorded, without what does not fit */
	large = arena_alloc(&arena, 200 << 10);
	memset(large, 'z', 200 << 10);
	append(fixture, journal, EVENT_STEP_ENDED, "stdout",
	       value_string((struct text){ large, 300 << 9 }));
	assert_true(journal_commit(journal, &fixture->error));
	while (results < 10000 && !journal_is_full(journal, &fixture->error)) {
		append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("done"));
		assert_true(journal_commit(journal, &fixture->error));
		results++;
	}
	assert_true(journal_is_full(journal, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "No space left on device"));
	append(fixture, journal, EVENT_STEP_ENDED, "stdout",
	       value_string((struct text){ large, 100 << 10 }));
	for (int i = 0; i < 50; i++)
		append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("the last ones"));
	assert_true(journal_commit(journal, &fixture->error));
	append(fixture, journal, EVENT_RUN_CLOSED, "status", value_cstring("failed"));
	assert_true(journal_commit(journal, &fixture->error));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	assert_int_equal(seen.count, results + 54);
	/* and beyond the reserve it ends in order */
	do
		append(fixture, journal, EVENT_STEP_ENDED, "msg", value_cstring("too much"));
	while (journal_commit(journal, &fixture->error));
	assert_non_null(strstr(fixture->error.message, "No space left on device"));
	assert_non_null(strstr(fixture->error.hint, "df -h"));
	assert_int_equal(read_all(fixture, &seen), JOURNAL_WHOLE);
	arena_done(&arena);
	assert_int_equal(umount(disk), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(what_is_committed_is_read_back),
		fixture_test(times_are_counted_from_the_first_event),
		fixture_test(the_file_is_ours_and_gives_its_reserve_back),
		fixture_test(a_commit_is_one_sync_and_nothing_is_written_before),
		fixture_test(what_may_wait_is_synced_with_the_next),
		fixture_test(what_changes_nothing_waits_a_second_for_its_sync),
		fixture_test(a_late_sync_that_fails_is_told),
		fixture_test(an_unsynced_tick_goes_on_in_another_process),
		fixture_test(sums_are_what_the_header_says),
		fixture_test(live_events_are_masked_and_not_written),
		fixture_test(secrets_do_not_reach_the_file),
		fixture_test(large_values_are_moved_and_read_back),
		fixture_test(a_line_never_exceeds_its_limit),
		fixture_test(going_on_keeps_the_chain),
		fixture_test(going_on_cuts_a_torn_tail_off),
		fixture_test(going_on_refuses_damage),
		fixture_test(a_failed_sync_ends_the_journal),
		fixture_test(a_short_write_is_cut_back),
		fixture_test(the_last_results_fit_on_a_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
