/* The block of a terminal: how far a run is, and the line that a step is writing. */
#include "support.h"

static void tell(struct stage *stage, struct live *live, enum event_type type, struct place place,
		 int64_t ms, const char *json)
{
	struct event event = stage_event(stage, type, place, ms, json);
	story_event(stage->story, &event, &stage->out);
	live_event(live, stage->story, &event, 1000000 + ms);
}

/* The lines of the block so many ms after the run began. */
static const char *drawn(struct stage *stage, const struct live *live, int64_t ms, size_t width)
{
	const struct live_view view = {
		.story = stage->story, .now = 1000000 + ms, .width = width, .most = LIVE_LINES
	};
	stage->out.len = 0;
	live_draw(live, &view, &stage->out);
	return stage_told(stage);
}

static void begin(struct stage *stage, struct live *live)
{
	live_init(live, &stage->arena);
	tell(stage, live, EVENT_RUN_OPENED, nowhere, 0,
	     "{\"program\":\"1.0\",\"document\":\"t.yaml\"," OUTLINE "}");
	tell(stage, live, EVENT_STEP_STARTED, group, 0, "{\"text\":\"Group\"}");
}

static void ended_steps_are_counted_once(void **state)
{
	struct stage *stage = *state;
	struct live live;
	begin(stage, &live);
	assert_string_equal(drawn(stage, &live, 500, 80), "0 of 3 steps   0.5s");
	tell(stage, &live, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	tell(stage, &live, EVENT_STEP_ENDED, first, 1, "{\"status\":\"succeeded\"}");
	assert_string_equal(drawn(stage, &live, 1500, 80), "1 of 3 steps   1.5s");
	tell(stage, &live, EVENT_STEP_ENDED, group, 2, "{\"status\":\"succeeded\"}");
	assert_string_equal(drawn(stage, &live, 1500, 80), "2 of 3 steps   1.5s");
	tell(stage, &live, EVENT_STEP_SKIPPED, check, 2, "{\"reason\":\"when\"}");
	assert_string_equal(drawn(stage, &live, 1500, 80), "3 of 3 steps   1.5s");
}

static void the_last_line_that_holds_something_is_shown(void **state)
{
	static const struct {
		const char *output, *line;
	} rows[] = {
		{ "one\\ntwo", "two" },         { " and more", "two and more" },
		{ "\\n  \\n", "two and more" }, { "10%\\\\x0d20%\\\\x0d", "20%\\x0d" },
		{ "\\na\\tb", "a b" },
	};
	struct stage *stage = *state;
	struct live live;
	begin(stage, &live);
	tell(stage, &live, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		tell(stage, &live, EVENT_STEP_OUTPUT, first, 1,
		     arena_format(&stage->arena, "{\"stream\":\"stdout\",\"text\":\"%s\"}",
				  rows[i].output));
		const char *block = drawn(stage, &live, 1000, 80);
		const char *want = arena_format(&stage->arena, "\n       | %s\n", rows[i].line);
		if (!strstr(block, want))
			fail_msg("row %zu: %s", i, block);
	}
}

static void a_pause_is_counted_down(void **state)
{
	struct stage *stage = *state;
	struct live live;
	begin(stage, &live);
	tell(stage, &live, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	tell(stage, &live, EVENT_STEP_ENDED, first, 1000,
	     "{\"status\":\"failed\",\"class\":\"exit\",\"actual\":\"3\",\"again\":4000,\"msg\":"
	     "\"m\"}");
	assert_non_null(strstr(drawn(stage, &live, 3000, 100),
			       "waiting    3.0s  First                            attempt 1: exit "
			       "3; the next in 2.0s\n0 of 3 steps"));
}

static void no_line_is_wider_than_the_screen(void **state)
{
	struct stage *stage = *state;
	struct live live;
	begin(stage, &live);
	tell(stage, &live, EVENT_STEP_STARTED, first, 0, "{\"text\":\"x\"}");
	tell(stage, &live, EVENT_STEP_OUTPUT, first, 1,
	     "{\"stream\":\"stdout\",\"text\":\"日本語日本語日本語日本語日本語日本語\"}");
	for (size_t width = 12; width < 60; width++) {
		const char *block = drawn(stage, &live, 1000, width);
		while (*block) {
			size_t len = strcspn(block, "\n");
			if (text_cells((struct text){ block, len }) > width)
				fail_msg("%zu: %s", width, block);
			block += len + (block[len] == '\n');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ended_steps_are_counted_once),
		TEST(the_last_line_that_holds_something_is_shown),
		TEST(a_pause_is_counted_down),
		TEST(no_line_is_wider_than_the_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
