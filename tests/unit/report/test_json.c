/* Events as lines of JSON, and what becomes of a line that cannot be written. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "support.h"

static void tell(struct stage *stage, struct sink *sink, bool past)
{
	struct event event = stage_event(stage, EVENT_STEP_SKIPPED, first, 7,
					 "{\"reason\":\"when\"}");
	event.past = past;
	sink->event(sink->data, &event);
}

static void an_event_is_a_line(void **state)
{
	struct stage *stage = *state;
	char got[512] = "";
	int ends[2], error = 0;
	assert_int_equal(pipe(ends), 0);
	const struct report_options options = { .fd = ends[1], .error = &error };
	struct sink sink = report_json(&options, &stage->arena);
	tell(stage, &sink, true); /* of a run that is gone on with: it was told then */
	tell(stage, &sink, false);
	ssize_t len = read(ends[0], got, sizeof(got) - 1);
	assert_true(len > 0);
	struct json_error wrong;
	struct value line;
	assert_int_equal(got[len - 1], '\n');
	assert_ptr_equal(strchr(got, '\n'), got + len - 1);
	assert_true(json_read((struct text){ got, (size_t)len - 1 }, &stage->arena, &line, &wrong));
	assert_string_equal(map_text(line, "type", &stage->arena), "step.skipped");
	assert_string_equal(map_text(line, "path", &stage->arena), "1.1");
	assert_string_equal(map_text(line, "reason", &stage->arena), "when");
	assert_int_equal(map_int(line, "ms", 0), 7);
	assert_int_equal(error, 0);
	close(ends[0]);
	close(ends[1]);
}

static void a_line_that_is_lost_is_an_error(void **state)
{
	struct stage *stage = *state;
	int ends[2], error = 0, full = open("/dev/full", O_WRONLY);
	assert_true(full >= 0);
	struct report_options options = { .fd = full, .error = &error };
	struct sink sink = report_json(&options, &stage->arena);
	tell(stage, &sink, false);
	assert_int_equal(error, ENOSPC);
	close(full);
	/* Whoever closed a pipe has seen enough. */
	error = 0;
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	signal(SIGPIPE, SIG_IGN);
	options.fd = ends[1];
	sink = report_json(&options, &stage->arena);
	tell(stage, &sink, false);
	assert_int_equal(error, 0);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_event_is_a_line),
		TEST(a_line_that_is_lost_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
