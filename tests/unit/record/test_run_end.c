/* How runs have ended, and the last good one of a document. */
#include <stdio.h>

#include "fixture.h"

struct history {
	const char *path;   /* of the document */
	const char *status; /* of run.closed; NULL: it has not ended */
	const char *image;  /* an output */
	bool again;         /* it goes on behind its end */
};

static void append(struct fixture *fixture, struct journal *journal, enum event_type type,
		   const char *field, struct value value)
{
	struct event event = fixture_event(fixture, type, -1, 0, field, value);

	fixture_now += NS_PER_S;
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));
}

static void close_run(struct fixture *fixture, struct journal *journal, const struct history *run)
{
	struct event_builder builder;
	struct value_map_builder outputs;

	event_begin(&builder, EVENT_RUN_CLOSED, &fixture->arena);
	event_set(&builder, "status", value_cstring(run->status));
	value_map_init(&outputs, &fixture->arena);
	value_map_set(&outputs, "image", value_cstring(run->image));
	value_map_set(&outputs, "token", value_mark(value_cstring("hunter2"), VALUE_SECRET));
	event_set(&builder, "outputs", value_map_end(&outputs));
	struct event event = event_end(&builder);
	fixture_now += NS_PER_S;
	journal_append(journal, &event, &fixture->arena);
	assert_true(journal_commit(journal, &fixture->error));
}

static struct run_folder happen(struct fixture *fixture, const struct history *history)
{
	struct run_folder run;
	struct arena arena;

	arena_init(&arena);
	fixture_now += NS_PER_S; /* ids sort as the runs began */
	assert_true(store_create(&fixture->store, fixture_now, &run, &fixture->error));
	struct journal *journal = journal_open(&run, &fixture_clock, NULL, &arena, &fixture->error);
	assert_non_null(journal);
	append(fixture, journal, EVENT_RUN_OPENED, "path", value_cstring(history->path));
	append(fixture, journal, EVENT_STEP_SKIPPED, NULL, value_null());
	if (history->status)
		close_run(fixture, journal, history);
	if (history->again)
		append(fixture, journal, EVENT_RUN_RESUMED, NULL, value_null());
	arena_done(&arena);
	return run;
}

static const char *image_of(struct fixture *fixture, const struct run_end *end)
{
	return value_field_text(end->outputs, "image", &fixture->arena);
}

static void an_end_says_what_is_handed_on(void **state)
{
	struct fixture *fixture = *state;
	struct run_end end;
	struct value token;
	struct run_folder run = happen(fixture,
				       &(struct history){ "/a.yaml", "failed", "v1", false });

	assert_true(run_end_read(&run, &fixture->arena, &end));
	assert_string_equal(end.path, "/a.yaml");
	assert_string_equal(end.status, "failed");
	assert_true(end.begun);
	assert_true(end.wall == fixture_now);
	assert_string_equal(image_of(fixture, &end), "v1");
	/* It is data, and a secret was kept nowhere. */
	assert_true(value_field(end.outputs, "image", NULL, &token));
	assert_true(token.flags & VALUE_OUTSIDE);
	assert_true(value_field(end.outputs, "token", NULL, &token));
	assert_int_equal(token.kind, VALUE_ERROR);
	assert_true(token.flags & VALUE_SECRET);
}

static void what_goes_on_has_no_end(void **state)
{
	struct fixture *fixture = *state;
	struct run_end end;
	static const struct history runs[] = {
		{ "/a.yaml", NULL, "v1", false },
		{ "/a.yaml", "failed", "v1", true },
	};

	for (size_t i = 0; i < 2; i++) {
		struct run_folder run = happen(fixture, &runs[i]);

		assert_true(run_end_read(&run, &fixture->arena, &end));
		assert_string_equal(end.status, "");
		assert_int_equal(end.outputs.kind, VALUE_NULL);
	}
	/* The fixture's own run has no record. */
	assert_false(run_end_read(&fixture->run, &fixture->arena, &end));
}

static void the_last_good_one_is_of_its_document(void **state)
{
	struct fixture *fixture = *state;
	struct run_folder run;
	struct run_end end;
	static const struct history runs[] = {
		{ "/a.yaml", "succeeded", "v1", false },
		{ "/a.yaml", "succeeded", "v2", false },
		{ "/a.yaml", "failed", "v3", false },
		{ "/a.yaml", "rolled_back", "v4", false },
		{ "/a.yaml", "succeeded", "v5", true },
		{ "/a.yaml", NULL, "v6", false },
		{ "/sub/a.yaml", "succeeded", "v7", false },
	};

	assert_false(store_last_good(&fixture->store, "/a.yaml", &run, &end, &fixture->error));
	assert_null(fixture->error.message);
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		happen(fixture, &runs[i]);
	assert_true(store_last_good(&fixture->store, "/a.yaml", &run, &end, &fixture->error));
	assert_string_equal(image_of(fixture, &end), "v2");
	assert_string_equal(run.short_id, run.id + strlen(run.id) - 4);
	assert_false(store_last_good(&fixture->store, "/b.yaml", &run, &end, &fixture->error));
	assert_null(fixture->error.message);
}

static void a_store_that_cannot_be_read_is_told(void **state)
{
	struct fixture *fixture = *state;
	struct run_folder run;
	struct run_end end;
	const char *runs = file_join(fixture->folder, "runs", &fixture->arena);

	assert_int_equal(system(arena_format(&fixture->arena, "rm -r %s && touch %s", runs, runs)),
			 0);
	assert_false(store_last_good(&fixture->store, "/a.yaml", &run, &end, &fixture->error));
	assert_non_null(fixture->error.message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		fixture_test(an_end_says_what_is_handed_on),
		fixture_test(what_goes_on_has_no_end),
		fixture_test(the_last_good_one_is_of_its_document),
		fixture_test(a_store_that_cannot_be_read_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
