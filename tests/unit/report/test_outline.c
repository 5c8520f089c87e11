/* The outline of a run: which rows are shown, and where they stand. */
#include "support.h"

static void rows_know_their_place(void **state)
{
	static const struct {
		const char *path;
		bool hidden, undo, step;
	} rows[] = {
		{ "", true, false, false },          { "1", false, false, false },
		{ "1.1", false, false, true },       { "1.2", false, false, true },
		{ "1.2.1", true, false, true },      { "1.1.undo", true, true, false },
		{ "1.1.undo.1", false, true, true }, { "2", true, false, false },
		{ "2.1", false, false, true },
	};
	struct stage *stage = *state;
	struct event event = stage_event(stage, EVENT_RUN_OPENED, nowhere, 0, "{" OUTLINE "}");
	struct outline outline = outline_read(&event, &stage->arena);
	assert_int_equal(outline.count, sizeof(rows) / sizeof(rows[0]));
	for (size_t i = 0; i < outline.count; i++) {
		assert_string_equal(outline.rows[i].path, rows[i].path);
		if (outline.rows[i].hidden != rows[i].hidden ||
		    outline.rows[i].undo != rows[i].undo ||
		    row_is_step(&outline.rows[i]) != rows[i].step)
			fail_msg("row %zu: hidden %d, undo %d, step %d", i, outline.rows[i].hidden,
				 outline.rows[i].undo, row_is_step(&outline.rows[i]));
	}
	assert_int_equal(outline.path_width, strlen("1.1"));
	assert_string_equal(outline.rows[2].file, "t.yaml");
	assert_int_equal(outline.rows[2].line, 5);
	assert_int_equal(outline.rows[2].started, -1);
}

static void what_stands_below_a_hidden_row_is_hidden(void **state)
{
	struct stage *stage = *state;
	struct event event = stage_event(
		stage, EVENT_RUN_OPENED, nowhere, 0,
		"{\"outline\":[" ROW(0, "", "steps", "section", -1, "") "," ROW(
			1, "1", "steps", "library", 0,
			"") "," ROW(2, "1.1", "steps", "group", 1,
				    "") "," ROW(3, "1.1.1", "steps", "step", 2,
						"") "," ROW(4, "2", "steps", "step", 0,
							    "") "," ROW(5, "2.done", "steps",
									"probe", 4,
									"") "," ROW(6, "2.done.1",
										    "steps", "step",
										    5, "") "]}");
	struct outline outline = outline_read(&event, &stage->arena);
	static const bool hidden[] = { true, false, true, true, false, true, true };
	for (size_t i = 0; i < outline.count; i++)
		assert_int_equal(outline.rows[i].hidden, hidden[i]);
	assert_true(outline.rows[6].probe);
}

static void a_slot_that_is_not_there_has_no_row(void **state)
{
	struct stage *stage = *state;
	struct event event = stage_event(stage, EVENT_RUN_OPENED, nowhere, 0, "{" OUTLINE "}");
	struct outline outline = outline_read(&event, &stage->arena);
	assert_ptr_equal(outline_row(&outline, 8), &outline.rows[8]);
	assert_null(outline_row(&outline, 9));
	assert_null(outline_row(&outline, -1));
	event = stage_event(stage, EVENT_RUN_OPENED, nowhere, 0, "{}");
	assert_int_equal(outline_read(&event, &stage->arena).count, 0);
}

static void what_has_run_stays_known_when_documents_change(void **state)
{
	struct stage *stage = *state;
	struct event event = stage_event(stage, EVENT_RUN_OPENED, nowhere, 0, "{" OUTLINE "}");
	struct outline outline = outline_read(&event, &stage->arena);
	outline.rows[2].shown = "First of all";
	outline.rows[2].attempts = 3;
	outline.rows[2].ended = true;
	outline.rows[3].shown = "not where it was";
	event = stage_event(
		stage, EVENT_RUN_RESUMED, nowhere, 0,
		"{\"outline\":[{\"path\":\"\",\"kind\":\"section\"},"
		"{\"path\":\"1\",\"kind\":\"group\",\"parent\":0},"
		"{\"path\":\"1.1\",\"kind\":\"step\",\"parent\":1,\"name\":\"New\"},"
		"{\"path\":\"2.1\",\"kind\":\"step\",\"parent\":1,\"name\":\"Other\"}]}");
	outline_change(&outline, &event, &stage->arena);
	assert_int_equal(outline.count, 4);
	assert_string_equal(row_name(&outline.rows[2]), "First of all");
	assert_int_equal(outline.rows[2].attempts, 3);
	assert_true(outline.rows[2].ended);
	assert_string_equal(row_name(&outline.rows[3]), "Other");
}

static void what_has_run_is_known_where_it_stands_now(void **state)
{
	struct stage *stage = *state;
	struct event event = stage_event(stage, EVENT_RUN_OPENED, nowhere, 0,
					 "{\"outline\":[{\"path\":\"\",\"kind\":\"section\"},"
					 "{\"path\":\"1\",\"kind\":\"step\",\"parent\":0},"
					 "{\"path\":\"2\",\"kind\":\"step\",\"parent\":0}]}");
	struct outline outline = outline_read(&event, &stage->arena);
	outline.rows[1].attempts = 1;
	outline.rows[2].attempts = 2;
	outline.rows[2].ended = true;
	event = stage_event(
		stage, EVENT_RUN_RESUMED, nowhere, 0,
		"{\"outline\":[{\"path\":\"\",\"kind\":\"section\"},"
		"{\"path\":\"1\",\"kind\":\"step\",\"parent\":0},"
		"{\"path\":\"2\",\"kind\":\"step\",\"parent\":0},"
		"{\"path\":\"3\",\"kind\":\"step\",\"parent\":0}],\"slots\":[0,1,-1,2]}");
	outline_change(&outline, &event, &stage->arena);
	assert_int_equal(outline.rows[1].attempts, 1);
	assert_int_equal(outline.rows[2].attempts, 0);
	assert_false(outline.rows[2].ended);
	assert_int_equal(outline.rows[3].attempts, 2);
	assert_true(outline.rows[3].ended);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_know_their_place),
		TEST(what_stands_below_a_hidden_row_is_hidden),
		TEST(a_slot_that_is_not_there_has_no_row),
		TEST(what_has_run_stays_known_when_documents_change),
		TEST(what_has_run_is_known_where_it_stands_now),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
