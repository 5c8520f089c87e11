#include "fixture.h"

#define EVENTS 7

/* A journal of four ticks: run.opened; start; spawn, which is not synced, and what came after;
 * run.closed. */
static void write_journal(struct fixture *fixture)
{
	static const struct {
		enum event_type type;
		const char *field;
		bool commit;
	} rows[EVENTS] = {
		{ EVENT_RUN_OPENED, "name", true },   { EVENT_STEP_STARTED, "text", true },
		{ EVENT_STEP_SPAWNED, "boot", true }, { EVENT_STEP_ENDED, "msg", false },
		{ EVENT_ASK_OPENED, "text", false },  { EVENT_ASK_ANSWERED, "note", true },
		{ EVENT_RUN_CLOSED, "status", true },
	};
	struct arena arena;
	struct journal *journal;

	arena_init(&arena);
	journal = journal_open(&fixture->run, &fixture_clock, NULL, &arena, &fixture->error);
	assert_non_null(journal);
	for (size_t i = 0; i < EVENTS; i++) {
		struct event event = fixture_event(fixture, rows[i].type, i ? 2 : -1, 1,
						   rows[i].field, value_cstring("some text"));

		journal_append(journal, &event, &arena);
		if (rows[i].commit)
			assert_true(journal_commit(journal, &fixture->error));
	}
	arena_done(&arena);
}

struct original {
	size_t count;
	struct text lines[EVENTS];
	size_t ends[EVENTS]; /* of the lines, in the file */
	bool commits[EVENTS];
	struct text text;
};

static void look_at_journal(struct fixture *fixture, struct original *original)
{
	const char *path = file_join(fixture->run.path, "journal.jsonl", &fixture->arena);
	size_t from = 0;

	original->text = fixture_read(fixture, path);
	for (original->count = 0; original->count < EVENTS; original->count++) {
		size_t end = text_find(original->text, TEXT("\n"), from);
		struct text line = text_slice(original->text, from, end);

		original->lines[original->count] = line;
		original->ends[original->count] = end + 1;
		original->commits[original->count] = text_find(line, TEXT("\"commit\":"), 0) !=
						     SIZE_MAX;
		from = end + 1;
	}
	assert_int_equal(from, original->text.len);
}

struct comparing {
	const struct original *original;
	size_t count;
	struct arena *arena;
};

/* Every event that is given must be one that was written, in its place. */
static bool compare(const struct event *event, void *data)
{
	struct comparing *comparing = data;
	struct event expected;
	const char *why;
	struct buffer a, b;

	assert_true(comparing->count < EVENTS);
	assert_true(event_read(comparing->original->lines[comparing->count++], comparing->arena,
			       &expected, &why));
	buffer_init(&a, comparing->arena);
	buffer_init(&b, comparing->arena);
	event_write(&a, event);
	event_write(&b, &expected);
	assert_true(text_equal(buffer_text(&a), buffer_text(&b)));
	return true;
}

static enum journal_end read_bytes(struct fixture *fixture, const struct original *original,
				   struct text bytes, size_t *count)
{
	const char *path = file_join(fixture->run.path, "journal.jsonl", &fixture->arena);
	struct arena arena;
	struct comparing comparing = { .original = original, .arena = &arena };
	struct store_error error;
	enum journal_end end;
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, bytes), 0);
	close(fd);
	arena_init(&arena);
	end = journal_read(&fixture->run, &arena, compare, &comparing, &error);
	assert_int_equal(end == JOURNAL_WHOLE, error.message == NULL);
	arena_done(&arena);
	*count = comparing.count;
	return end;
}

/* Lines that are in ticks that end at or before the offset. */
static size_t committed_before(const struct original *original, size_t offset)
{
	size_t count = 0;

	for (size_t i = 0; i < EVENTS; i++)
		if (original->commits[i] && original->ends[i] <= offset)
			count = i + 1;
	return count;
}

static void a_journal_that_was_cut_is_torn_at_its_last_commit(void **state)
{
	struct fixture *fixture = *state;
	struct original original;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	for (size_t len = 0; len <= original.text.len; len++) {
		size_t committed = committed_before(&original, len);
		bool whole = len > 0 && committed && original.ends[committed - 1] == len;
		size_t count;
		enum journal_end end = read_bytes(fixture, &original,
						  text_slice(original.text, 0, len), &count);

		assert_int_equal(end, whole ? JOURNAL_WHOLE : JOURNAL_TORN);
		assert_int_equal(count, committed);
	}
}

static void every_changed_byte_is_damage(void **state)
{
	static const unsigned char masks[] = { 0x01, 0x20, 0x80, 0xff };
	struct fixture *fixture = *state;
	struct original original;
	char *bytes;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	bytes = arena_copy(&fixture->arena, original.text.ptr, original.text.len);
	for (size_t i = 0; i < original.text.len; i++) {
		for (size_t k = 0; k < sizeof(masks); k++) {
			char before = bytes[i];
			size_t count;

			bytes[i] = (char)(before ^ masks[k]);
			if (bytes[i]) { /* a zero byte is what a crash leaves */
				assert_int_equal(
					read_bytes(fixture, &original,
						   (struct text){ bytes, original.text.len },
						   &count),
					JOURNAL_DAMAGED);
				assert_int_equal(count, committed_before(&original, i));
			}
			bytes[i] = before;
		}
	}
}

/* Zeros where blocks did not reach the disk: torn in the last tick, damage before it. The line end
 * before the last tick may be its first missing block. */
static void zeros_are_torn_only_in_the_last_tick(void **state)
{
	struct fixture *fixture = *state;
	struct original original;
	char *bytes;
	size_t last;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	bytes = arena_copy(&fixture->arena, original.text.ptr, original.text.len);
	last = original.ends[EVENTS - 2] - 1;
	for (size_t i = 0; i < original.text.len; i++) {
		char before = bytes[i];
		size_t count;
		enum journal_end end;

		bytes[i] = '\0';
		end = read_bytes(fixture, &original, (struct text){ bytes, original.text.len },
				 &count);
		assert_int_equal(end, i < last ? JOURNAL_DAMAGED : JOURNAL_TORN);
		assert_int_equal(count, committed_before(&original, i));
		bytes[i] = before;
	}
}

static void a_torn_tick_of_many_lines_is_torn(void **state)
{
	struct fixture *fixture = *state;
	struct original original;
	char *bytes;
	size_t len;
	size_t count;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	/* The third tick is the last; the first block of its first line is missing. */
	len = original.ends[5];
	bytes = arena_copy(&fixture->arena, original.text.ptr, len);
	memset(bytes + original.ends[2], 0, 40);
	assert_int_equal(read_bytes(fixture, &original, (struct text){ bytes, len }, &count),
			 JOURNAL_TORN);
	assert_int_equal(count, 3);
}

/* The next lines are written over blanks: sectors that did not reach the disk still have them. */
static void sectors_that_were_not_written_are_torn_only_in_the_last_tick(void **state)
{
	struct fixture *fixture = *state;
	struct original original;
	size_t last;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	last = original.ends[EVENTS - 2];
	for (size_t from = 0; from < original.text.len; from += 512 - from % 512) {
		struct buffer bytes;
		size_t to = from + 512 - from % 512;
		size_t count;
		enum journal_end end;

		if (from < last && to > last)
			from = last; /* the write began here */
		buffer_init(&bytes, &fixture->arena);
		buffer_add(&bytes, text_slice(original.text, 0, from));
		buffer_printf(&bytes, "%*s", (int)(to - from), "");
		buffer_add(&bytes, text_slice(original.text, to, SIZE_MAX));
		end = read_bytes(fixture, &original, buffer_text(&bytes), &count);
		assert_int_equal(end, from < last ? JOURNAL_DAMAGED : JOURNAL_TORN);
		assert_int_equal(count, committed_before(&original, from));
	}
}

/* Also where only the end of the line is missing, as the first byte of a sector. */
static void blanks_behind_the_last_line_are_no_record(void **state)
{
	struct fixture *fixture = *state;
	struct original original;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	for (size_t len = 0; len <= original.text.len; len++) {
		size_t committed = committed_before(&original, len);
		bool whole = len > 0 && committed && original.ends[committed - 1] == len;
		struct buffer bytes;
		size_t count;

		buffer_init(&bytes, &fixture->arena);
		buffer_add(&bytes, text_slice(original.text, 0, len));
		buffer_printf(&bytes, "%*s", JOURNAL_FILL, "");
		assert_int_equal(read_bytes(fixture, &original, buffer_text(&bytes), &count),
				 whole ? JOURNAL_WHOLE : JOURNAL_TORN);
		assert_int_equal(count, committed);
	}
}

static void lines_that_were_removed_doubled_or_swapped_are_damage(void **state)
{
	struct fixture *fixture = *state;
	struct original original;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	for (size_t i = 0; i + 1 < EVENTS; i++) {
		size_t from = i ? original.ends[i - 1] : 0;
		struct text before = text_slice(original.text, 0, from);
		struct text line = text_slice(original.text, from, original.ends[i]);
		struct text next = text_slice(original.text, original.ends[i],
					      original.ends[i + 1]);
		struct text after = text_slice(original.text, original.ends[i + 1], SIZE_MAX);
		struct text orders[3][5] = {
			{ before, next, after },
			{ before, line, line, next, after },
			{ before, next, line, after },
		};

		for (size_t k = 0; k < 3; k++) {
			struct buffer bytes;
			size_t count;

			buffer_init(&bytes, &fixture->arena);
			for (size_t m = 0; m < 5; m++)
				buffer_add(&bytes, orders[k][m]);
			assert_int_equal(
				read_bytes(fixture, &original, buffer_text(&bytes), &count),
				JOURNAL_DAMAGED);
		}
	}
}

static void a_journal_of_another_run_does_not_go_on_this_one(void **state)
{
	struct fixture *fixture = *state;
	struct original original;
	struct buffer bytes;
	size_t count;

	write_journal(fixture);
	look_at_journal(fixture, &original);
	buffer_init(&bytes, &fixture->arena);
	buffer_add(&bytes, text_slice(original.text, original.ends[0], SIZE_MAX));
	assert_int_equal(read_bytes(fixture, &original, buffer_text(&bytes), &count),
			 JOURNAL_DAMAGED);
	assert_int_equal(count, 0);
}

static bool refuse_second(const struct event *event, void *data)
{
	(void)data;
	return event->seq != 2;
}

static void an_event_that_cannot_follow_is_damage(void **state)
{
	struct fixture *fixture = *state;

	write_journal(fixture);
	assert_int_equal(
		journal_read(&fixture->run, &fixture->arena, refuse_second, NULL, &fixture->error),
		JOURNAL_DAMAGED);
	assert_non_null(strstr(fixture->error.message, "cannot follow"));
	assert_non_null(fixture->error.hint);
}

static void a_run_without_a_record_is_torn(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(
		journal_read(&fixture->run, &fixture->arena, refuse_second, NULL, &fixture->error),
		JOURNAL_TORN);
	assert_non_null(strstr(fixture->error.message, "has no record"));
}

static void what_cannot_be_read_is_damage(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(mkdirat(fixture->run.fd, "journal.jsonl", 0700), 0);
	assert_int_equal(
		journal_read(&fixture->run, &fixture->arena, refuse_second, NULL, &fixture->error),
		JOURNAL_DAMAGED);
	assert_non_null(strstr(fixture->error.message, "Is a directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(a_journal_that_was_cut_is_torn_at_its_last_commit),
		fixture_test(every_changed_byte_is_damage),
		fixture_test(zeros_are_torn_only_in_the_last_tick),
		fixture_test(a_torn_tick_of_many_lines_is_torn),
		fixture_test(sectors_that_were_not_written_are_torn_only_in_the_last_tick),
		fixture_test(blanks_behind_the_last_line_are_no_record),
		fixture_test(lines_that_were_removed_doubled_or_swapped_are_damage),
		fixture_test(a_journal_of_another_run_does_not_go_on_this_one),
		fixture_test(an_event_that_cannot_follow_is_damage),
		fixture_test(a_run_without_a_record_is_torn),
		fixture_test(what_cannot_be_read_is_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
