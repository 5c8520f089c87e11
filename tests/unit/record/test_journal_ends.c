#include <stdio.h>

#include "fixture.h"

/* A run of so many steps, closed; few ticks. text: of run.opened. */
static void write_journal(struct fixture *fixture, size_t steps, const char *text)
{
	struct arena arena;
	struct journal *journal;

	arena_init(&arena);
	journal = journal_open(&fixture->run, &fixture_clock, NULL, &arena, &fixture->error);
	assert_non_null(journal);
	for (size_t i = 0; i < steps + 3; i++) {
		enum event_type type = i == 0           ? EVENT_RUN_OPENED
				       : i == 1         ? EVENT_LOCK_TAKEN
				       : i == steps + 2 ? EVENT_RUN_CLOSED
							: EVENT_STEP_STARTED;
		const char *field = i == 1 || i == 0 ? "name" : i == steps + 2 ? "msg" : "text";
		struct event event = fixture_event(fixture, type, i > 1 && i < steps + 2 ? 2 : -1,
						   1, field,
						   value_cstring(i == 0 ? text : "some text"));

		journal_append(journal, &event, &arena);
		if (i == 1 || i > steps || (i > 0 && i % 500 == 0))
			assert_true(journal_commit(journal, &fixture->error));
	}
	arena_done(&arena);
}

static struct text journal_text(struct fixture *fixture)
{
	return fixture_read(fixture,
			    file_join(fixture->run.path, "journal.jsonl", &fixture->arena));
}

/* Not synced: nobody cuts the power of a test. */
static void journal_put(struct fixture *fixture, struct text text)
{
	FILE *file = fopen(file_join(fixture->run.path, "journal.jsonl", &fixture->arena), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
}

struct seen {
	size_t count;
	enum event_type last;
	uint64_t seq;
};

static bool see(const struct event *event, void *data)
{
	struct seen *seen = data;

	seen->count++;
	seen->last = event->type;
	seen->seq = event->seq;
	return true;
}

/* What is read of it by whoever reads all. */
static bool see_all(struct fixture *fixture, struct seen *seen)
{
	*seen = (struct seen){ 0 };
	return journal_read(&fixture->run, &fixture->arena, see, seen, &fixture->error) !=
		       JOURNAL_DAMAGED &&
	       seen->count > 0;
}

static void the_last_event_is_that_of_a_whole_reading(void **state)
{
	struct fixture *fixture = *state;
	static const size_t blanks[] = { 0, 1, 700, JOURNAL_FILL };
	struct text text;

	write_journal(fixture, 4, "name");
	text = journal_text(fixture);
	for (size_t len = 0; len <= text.len; len++) {
		for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
			struct buffer bytes;
			struct event event;
			struct seen seen;

			buffer_init(&bytes, &fixture->arena);
			buffer_add(&bytes, text_slice(text, 0, len));
			buffer_printf(&bytes, "%*s", (int)blanks[i], "");
			journal_put(fixture, buffer_text(&bytes));
			bool any = see_all(fixture, &seen);
			assert_int_equal(journal_last(&fixture->run, &fixture->arena, &event), any);
			if (any)
				assert_int_equal(event.seq, seen.seq);
			if (any && seen.seq == 7)
				assert_int_equal(event.type, EVENT_RUN_CLOSED);
		}
	}
}

/* Wherever a byte is another one: what is told is never another event than the last. */
static void an_end_that_was_changed_is_damage(void **state)
{
	struct fixture *fixture = *state;
	struct text text;
	size_t last;

	write_journal(fixture, 4, "name");
	text = journal_text(fixture);
	for (last = text.len - 1; text.ptr[last - 1] != '\n'; last--)
		;
	for (size_t i = 0; i < text.len; i++) {
		char *bytes = arena_copy(&fixture->arena, text.ptr, text.len);
		struct event event = { 0 };

		bytes[i] ^= 1;
		journal_put(fixture, (struct text){ bytes, text.len });
		bool found = journal_last(&fixture->run, &fixture->arena, &event);
		if (i >= last)
			assert_false(found);
		else if (found)
			assert_int_equal(event.seq, 7);
	}
}

static void only_the_first_commit_is_given(void **state)
{
	struct fixture *fixture = *state;
	struct text text;
	struct seen seen = { 0 };
	char *bytes;

	write_journal(fixture, 4, "name");
	assert_true(journal_first(&fixture->run, &fixture->arena, see, &seen));
	assert_int_equal(seen.count, 2);
	assert_int_equal(seen.last, EVENT_LOCK_TAKEN);
	text = journal_text(fixture);
	bytes = arena_copy(&fixture->arena, text.ptr, text.len);
	bytes[text_find(text, TEXT("lock.taken"), 0)] = 'L';
	journal_put(fixture, (struct text){ bytes, text.len });
	seen.count = 0;
	assert_false(journal_first(&fixture->run, &fixture->arena, see, &seen));
	assert_int_equal(seen.count, 0);
	/* One line of the two is no commit. */
	journal_put(fixture, text_slice(text, 0, text_find(text, TEXT("\n"), 0) + 1));
	assert_false(journal_first(&fixture->run, &fixture->arena, see, &seen));
	assert_int_equal(seen.count, 0);
}

/* Bytes that this process has read since it began. */
static size_t bytes_read(void)
{
	FILE *file = fopen("/proc/self/io", "r");
	size_t count = 0;

	if (!file || fscanf(file, "rchar: %zu", &count) != 1)
		count = 0;
	if (file)
		fclose(file);
	return count;
}

static size_t cost(struct fixture *fixture, bool first)
{
	struct event event;
	struct seen seen = { 0 };
	size_t before = bytes_read();

	assert_true(first ? journal_first(&fixture->run, &fixture->arena, see, &seen)
			  : journal_last(&fixture->run, &fixture->arena, &event));
	return bytes_read() - before;
}

static void what_lies_between_is_not_read(void **state)
{
	struct fixture *fixture = *state;

	if (!bytes_read())
		skip(); /* this kernel does not count them */
	write_journal(fixture, 3000, "name");
	assert_true(journal_text(fixture).len > 500000);
	assert_true(cost(fixture, false) < 10000);
	assert_true(cost(fixture, true) < 10000);
}

static void what_is_longer_than_usual_is_read_too(void **state)
{
	struct fixture *fixture = *state;
	char *name = arena_alloc(&fixture->arena, 100001);
	struct event event;
	struct seen seen = { 0 };

	memset(name, 'x', 100000);
	name[100000] = '\0';
	write_journal(fixture, 1, name);
	assert_true(journal_first(&fixture->run, &fixture->arena, see, &seen));
	assert_int_equal(seen.count, 2);
	/* A journal of one commit. */
	struct text text = journal_text(fixture);
	size_t end = text_find(text, TEXT("\n"), 0);
	end = text_find(text, TEXT("\n"), end + 1) + 1;
	journal_put(fixture, text_slice(text, 0, end));
	assert_true(journal_last(&fixture->run, &fixture->arena, &event));
	assert_int_equal(event.type, EVENT_LOCK_TAKEN);
}

static void there_may_be_none(void **state)
{
	struct fixture *fixture = *state;
	struct event event;
	struct seen seen = { 0 };

	assert_false(journal_last(&fixture->run, &fixture->arena, &event));
	assert_false(journal_first(&fixture->run, &fixture->arena, see, &seen));
	journal_put(fixture, TEXT(""));
	assert_false(journal_last(&fixture->run, &fixture->arena, &event));
	assert_false(journal_first(&fixture->run, &fixture->arena, see, &seen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(the_last_event_is_that_of_a_whole_reading),
		fixture_test(an_end_that_was_changed_is_damage),
		fixture_test(only_the_first_commit_is_given),
		fixture_test(what_lies_between_is_not_read),
		fixture_test(what_is_longer_than_usual_is_read_too),
		fixture_test(there_may_be_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
