/* What runs of a document usually take, over journals whose clock the test sets. */
#include <stdio.h>

#include "../record/fixture.h"
#include "cli/usual.h"

static struct arena arena;
static char folder[64];
static struct store store;

static struct value outline_of(const char *first, const char *second)
{
	const char *const names[] = { first, second };
	struct value *rows = arena_array(&arena, struct value, 2);
	for (size_t i = 0; i < 2; i++) {
		struct value_map_builder map;
		value_map_init(&map, &arena);
		value_map_set(&map, "name", value_cstring(names[i]));
		rows[i] = value_map_end(&map);
	}
	return value_list(rows, 2, &arena);
}

static void append(struct journal *journal, struct event_builder *builder, int64_t seconds)
{
	struct event event = event_end(builder);
	fixture_now += seconds * 1000 * NS_PER_MS;
	journal_append(journal, &event, &arena);
}

static void step(struct journal *journal, int32_t slot, const char *status, int64_t seconds)
{
	struct event_builder event;
	event_begin(&event, EVENT_STEP_STARTED, &arena);
	event_step(&event, slot, slot == 0 ? "1" : "2", NULL, 1);
	append(journal, &event, 0);
	event_begin(&event, EVENT_STEP_ENDED, &arena);
	event_step(&event, slot, slot == 0 ? "1" : "2", NULL, 1);
	event_set(&event, "status", value_cstring(status));
	append(journal, &event, seconds);
}

struct history {
	const char *path, *second; /* of the document; name of its second step */
	const char *status;        /* of the run; NULL: it has no end */
	int64_t first, next;       /* s of its steps */
	enum event_type between;   /* an event behind its first step; EVENT_TYPE_COUNT: none */
	bool partial;
};

static void happen(const struct history *history)
{
	struct run_folder run;
	struct store_error error;
	struct event_builder event;
	fixture_now += 1000 * NS_PER_MS; /* ids sort as the runs began */
	assert_true(store_create(&store, fixture_now, &run, &error));
	struct journal *journal = journal_open(&run, &fixture_clock, NULL, &arena, &error);
	assert_non_null(journal);
	event_begin(&event, EVENT_RUN_OPENED, &arena);
	event_set(&event, "path", value_cstring(history->path));
	event_set(&event, "outline", outline_of("Build", history->second));
	if (history->partial) {
		struct value_map_builder map;
		value_map_init(&map, &arena);
		value_map_set(&map, "left_out", value_int(1));
		event_set(&event, "selection", value_map_end(&map));
	}
	append(journal, &event, 0);
	step(journal, 0, "succeeded", history->first);
	if (history->between != EVENT_TYPE_COUNT) {
		event_begin(&event, history->between, &arena);
		append(journal, &event, 0);
	}
	step(journal, 1, history->next == 99 ? "failed" : "succeeded", history->next);
	if (history->status) {
		event_begin(&event, EVENT_RUN_CLOSED, &arena);
		event_set(&event, "status", value_cstring(history->status));
		append(journal, &event, 0);
	}
	assert_true(journal_commit(journal, &error));
}

static int64_t usual_step(const struct report_usual *usual, const char *path, const char *name)
{
	const int64_t *ms = map_get(&usual->steps, report_usual_key(path, name, &arena));
	return ms ? *ms / 1000 : -1;
}

static int set_up(void **state)
{
	struct store_error error;
	(void)state;
	arena_init(&arena);
	snprintf(folder, sizeof(folder), "/tmp/runbook-usual-XXXXXX");
	return mkdtemp(folder) && store_open(&store, folder, &arena, &error) ? 0 : -1;
}

static int tear_down(void **state)
{
	int failed = system(arena_format(&arena, "rm -rf %s", folder));
	(void)state;
	arena_done(&arena);
	return failed;
}

#define GOOD(first, next) \
	{ \
		"/doc", "Test", "succeeded", first, next, EVENT_TYPE_COUNT, false \
	}

static void without_a_good_run_nothing_is_known(void **state)
{
	static const struct history runs[] = {
		{ "/other", "Test", "succeeded", 5, 6, EVENT_TYPE_COUNT, false },
		{ "/doc", "Test", "failed", 5, 99, EVENT_TYPE_COUNT, false },
		{ "/doc", "Test", NULL, 5, 6, EVENT_TYPE_COUNT, false },
		{ "/doc", "Test", "succeeded", 5, 6, EVENT_RUN_RESUMED, false },
		{ "/doc", "Test", "rolled_back", 5, 6, EVENT_ROLLBACK_OPENED, false },
		{ "/doc", "Test", "succeeded", 5, 6, EVENT_TYPE_COUNT, true },
	};
	(void)state;
	assert_null(usual_find(&store, "/doc"));
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		happen(&runs[i]);
	assert_null(usual_find(&store, "/doc"));
}

static void it_is_the_median_of_the_last_ten(void **state)
{
	static const struct history old = GOOD(1000, 2000);
	(void)state;
	for (int i = 0; i < 11; i++)
		happen(&old);
	for (int i = 0; i < 10; i++) {
		struct history run = GOOD(i == 0 ? 500 : 10 + i, 1);
		happen(&run);
	}
	const struct report_usual *usual = usual_find(&store, "/doc");
	assert_non_null(usual);
	assert_int_equal(usual->run, 17000);
	assert_int_equal(usual_step(usual, "1", "Build"), 16);
	assert_int_equal(usual_step(usual, "2", "Test"), 1);
}

static void a_step_is_known_by_its_place_and_its_name(void **state)
{
	static const struct history runs[] = {
		GOOD(3, 4),
		{ "/doc", "Other", "succeeded", 3, 7, EVENT_TYPE_COUNT, false },
		{ "/doc", "Fails", "succeeded", 3, 99, EVENT_TYPE_COUNT, false }, /* on_failure:
										   * continue
										   */
	};
	(void)state;
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		happen(&runs[i]);
	const struct report_usual *usual = usual_find(&store, "/doc");
	assert_non_null(usual);
	assert_int_equal(usual_step(usual, "2", "Test"), 4);
	assert_int_equal(usual_step(usual, "2", "Other"), 7);
	assert_int_equal(usual_step(usual, "2", "Fails"), -1);
	assert_int_equal(usual_step(usual, "1", "Test"), -1);
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(without_a_good_run_nothing_is_known),
		CASE(it_is_the_median_of_the_last_ten),
		CASE(a_step_is_known_by_its_place_and_its_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
