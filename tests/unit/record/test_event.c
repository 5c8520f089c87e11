#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/wait.h>

#include "fixture.h"

static void every_event_has_a_name_that_is_read_back(void **state)
{
	(void)state;
	for (int type = 0; type < EVENT_TYPE_COUNT; type++)
		assert_int_equal(event_type_named(text_of(event_name((enum event_type)type))),
				 type);
	assert_int_equal(event_type_named(TEXT("run.exploded")), EVENT_TYPE_COUNT);
	assert_string_equal(event_name(EVENT_TYPE_COUNT), "unknown");
	assert_true(event_recorded(EVENT_STEP_ENDED));
	assert_false(event_recorded(EVENT_STEP_OUTPUT));
	assert_false(event_recorded(EVENT_TYPE_COUNT));
}

static void fields_belong_to_their_event(void **state)
{
	(void)state;
	assert_non_null(event_field(EVENT_STEP_ENDED, TEXT("status")));
	assert_true(event_field(EVENT_STEP_ENDED, TEXT("outputs"))->values);
	assert_false(event_field(EVENT_STEP_ENDED, TEXT("msg"))->values);
	assert_null(event_field(EVENT_STEP_ENDED, TEXT("reason")));
	assert_null(event_field(EVENT_UNDO_STARTED, TEXT("status"))); /* of the event below it */
}

static int signal_of(void (*function)(struct arena *arena), struct arena *arena)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		signal(SIGABRT, SIG_DFL);
		dup2(null, STDERR_FILENO);
		function(arena);
		_exit(0);
	}
	waitpid(child, &status, 0);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void set_unlisted(struct arena *arena)
{
	struct event_builder builder;

	event_begin(&builder, EVENT_STEP_ENDED, arena);
	event_set(&builder, "satus", value_int(1));
}

static void set_twice(struct arena *arena)
{
	struct event_builder builder;

	event_begin(&builder, EVENT_STEP_ENDED, arena);
	event_set(&builder, "status", value_int(1));
	event_set(&builder, "status", value_int(2));
	event_end(&builder);
}

static void a_wrong_field_is_a_bug(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(signal_of(set_unlisted, &fixture->arena), SIGABRT);
	assert_int_equal(signal_of(set_twice, &fixture->arena), SIGABRT);
}

static void a_line_has_the_form_that_is_documented(void **state)
{
	struct fixture *fixture = *state;
	struct event event = fixture_event(fixture, EVENT_STEP_ENDED, 9, 150, "status",
					   value_cstring("failed"));

	event.seq = 41;
	event.tick = 17;
	event.wall = fixture_now + 311 * NS_PER_MS;
	event.ms = 300012;
	assert_string_equal(fixture_line(fixture, &event).ptr,
			    "{\"v\":1,\"seq\":41,\"tick\":17,\"at\":\"2026-03-02T13:02:11.311Z\","
			    "\"ms\":300012,\"type\":\"step.ended\",\"slot\":9,\"path\":\"1.1\","
			    "\"id\":\"build\",\"attempt\":150,\"status\":\"failed\"}");
	event = fixture_event(fixture, EVENT_STEP_OUTPUT, -1, 0, NULL, value_null());
	assert_true(text_find(fixture_line(fixture, &event), TEXT("\"live\":true"), 0) != SIZE_MAX);
	assert_true(text_find(fixture_line(fixture, &event), TEXT("slot"), 0) == SIZE_MAX);
}

static struct event read_back(struct fixture *fixture, const struct event *event)
{
	struct event read;
	const char *why = NULL;

	if (!event_read(fixture_line(fixture, event), &fixture->arena, &read, &why))
		fail_msg("%s", why);
	return read;
}

static void the_head_is_read_back(void **state)
{
	struct fixture *fixture = *state;
	struct event event = fixture_event(fixture, EVENT_STEP_STARTED, 3, 2, "effect",
					   value_cstring("read"));
	struct event read;

	event.seq = 7;
	event.tick = 4;
	event.wall = fixture_now;
	event.ms = 12;
	read = read_back(fixture, &event);
	assert_int_equal(read.type, EVENT_STEP_STARTED);
	assert_int_equal(read.seq, 7);
	assert_int_equal(read.tick, 4);
	assert_int_equal(read.wall, fixture_now);
	assert_int_equal(read.ms, 12);
	assert_int_equal(read.slot, 3);
	assert_int_equal(read.attempt, 2);
	assert_string_equal(read.path, "1.1");
	assert_string_equal(read.id, "build");
	assert_string_equal(event_text(&read, "effect", &fixture->arena), "read");
	assert_string_equal(event_text(&read, "text", &fixture->arena), "");
	assert_int_equal(event_int(&read, "effect", 5), 5);
}

static struct value kept(struct fixture *fixture, struct value value)
{
	struct event event = fixture_event(fixture, EVENT_STEP_ENDED, 1, 1, "outputs", value);
	struct event read = read_back(fixture, &event);

	return event_get(&read, "outputs");
}

static struct value map_of(struct fixture *fixture, struct value key, struct value value)
{
	struct value_map_builder builder;

	value_map_init(&builder, &fixture->arena);
	value_map_put(&builder, key, value);
	return value_map_end(&builder);
}

static struct value list_of(struct fixture *fixture, struct value item)
{
	struct value *items = arena_new(&fixture->arena, struct value);

	*items = item;
	return value_list(items, 1, &fixture->arena);
}

static void values_keep_their_kind(void **state)
{
	struct fixture *fixture = *state;
	struct value item = value_int(5);
	struct value values[] = {
		value_null(),
		value_bool(true),
		value_int(INT64_MIN),
		value_uint(3),
		value_uint(UINT64_MAX),
		value_double(3),
		value_double(-1.5e300),
		value_double(INFINITY),
		value_double(-INFINITY),
		value_cstring("Größe\n\"\x01\xe2\x80\xa8"),
		value_bytes((struct text){ "\0\xff\x80", 3 }),
		value_bytes(TEXT("")),
		value_timestamp(1772456531, 123456789),
		value_duration(INT64_C(-5400123456789)),
		value_type_value(value_type_of(value_int(1))),
		value_optional(&item, &fixture->arena),
		value_optional(NULL, &fixture->arena),
		value_list(&item, 1, &fixture->arena),
		map_of(fixture, value_cstring("a"), value_double(2)),
		map_of(fixture, value_cstring("secret"), value_bool(true)),
		map_of(fixture, value_cstring("timestamp"), value_cstring("soon")),
		map_of(fixture, value_int(7), value_cstring("x")),
		map_of(fixture, value_bool(false), value_null()),
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct value read = kept(fixture, values[i]);

		assert_int_equal(read.kind, values[i].kind);
		assert_true(value_equal(read, values[i]));
	}
	assert_true(isnan(kept(fixture, value_double(NAN)).real));
}

static void a_secret_is_not_written(void **state)
{
	struct fixture *fixture = *state;
	struct value secret = value_mark(value_cstring("hunter2hunter2"), VALUE_SECRET);
	struct value list = value_list(&secret, 1, &fixture->arena);
	struct event event = fixture_event(fixture, EVENT_STEP_ENDED, 1, 1, "outputs",
					   map_of(fixture, value_cstring("a"), list));
	struct value read;

	assert_non_null(strstr(fixture_line(fixture, &event).ptr,
			       "\"outputs\":{\"a\":[{\"secret\":true}]}"));
	read = kept(fixture, secret);
	assert_int_equal(read.kind, VALUE_ERROR);
	assert_true(read.flags & VALUE_SECRET);
	assert_string_equal(read.error->message, "a secret is not kept");
	assert_true(kept(fixture, value_mark(value_int(5), VALUE_SECRET)).flags & VALUE_SECRET);
	assert_true(kept(fixture, value_mark(list, VALUE_SECRET)).flags & VALUE_SECRET);
	/* and what was read can be written again */
	assert_true(kept(fixture, read).flags & VALUE_SECRET);
}

/* What could not be read fails whoever reads it, in the same class as before. */
static void an_output_that_cannot_be_read_is_kept(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;
	struct value read = kept(fixture, value_error(arena, FAIL_RESOURCE, "it is too long"));

	assert_int_equal(read.kind, VALUE_ERROR);
	assert_int_equal(read.error->failure, FAIL_RESOURCE);
	assert_string_equal(read.error->message, "it is too long");
	read = kept(fixture, value_error(arena, FAIL_EXPRESSION, "it is not JSON"));
	assert_int_equal(read.kind, VALUE_ERROR);
	assert_int_equal(read.error->failure, FAIL_EXPRESSION);
	assert_string_equal(read.error->message, "it is not JSON");
}

/* A call's inputs keep what a written option is told by; in outputs all is data, and is not marked.
 */
static void data_stays_known_as_data(void **state)
{
	struct fixture *fixture = *state;
	struct value data = value_mark(value_cstring("-x"), VALUE_OUTSIDE);
	struct value items[2] = { value_cstring("-d"), data };
	struct value list = value_list(items, 2, &fixture->arena);
	struct event event = fixture_event(fixture, EVENT_STEP_STARTED, 1, 1, "inputs", list);
	struct event read = read_back(fixture, &event);

	assert_non_null(strstr(fixture_line(fixture, &event).ptr,
			       "\"inputs\":[\"-d\",{\"outside\":\"-x\"}]"));
	assert_false(value_item(event_get(&read, "inputs"), 0).flags & VALUE_OUTSIDE);
	assert_true(value_item(event_get(&read, "inputs"), 1).flags & VALUE_OUTSIDE);
	event = fixture_event(fixture, EVENT_STEP_STARTED, 1, 1, "vars",
			      value_mark(list, VALUE_OUTSIDE));
	read = read_back(fixture, &event);
	assert_non_null(strstr(fixture_line(fixture, &event).ptr,
			       "\"vars\":{\"outside\":[\"-d\",\"-x\"]}"));
	assert_true(value_item(event_get(&read, "vars"), 0).flags & VALUE_OUTSIDE);
	event = fixture_event(fixture, EVENT_STEP_ENDED, 1, 1, "outputs", list);
	assert_non_null(strstr(fixture_line(fixture, &event).ptr, "\"outputs\":[\"-d\",\"-x\"]"));
}

static void deep_values_are_read_back(void **state)
{
	struct fixture *fixture = *state;
	struct value value = value_int(1);
	struct value read;

	for (int i = 0; i < 200; i++)
		value = i % 2 ? list_of(fixture, value) : map_of(fixture, value_int(i), value);
	read = kept(fixture, value);
	assert_true(value_equal(read, value));
}

static void malformed_text_is_mended(void **state)
{
	struct fixture *fixture = *state;
	struct event_builder builder;
	struct event event;

	event_begin(&builder, EVENT_STEP_ENDED, &fixture->arena);
	event_set_text(&builder, "stdout",
		       TEXT("a\xff"
			    "b"));
	event_set(&builder, "msg", value_cstring("c\xc3"));
	event = event_end(&builder);
	event = read_back(fixture, &event);
	assert_string_equal(event_text(&event, "stdout", &fixture->arena), "a\xef\xbf\xbd"
									   "b");
	assert_string_equal(event_text(&event, "msg", &fixture->arena), "c\xef\xbf\xbd");
}

static void other_versions_are_read_with_care(void **state)
{
	static const struct {
		const char *line;
		const char *why; /* NULL: it is read */
	} cases[] = {
		{ "{\"v\":1,\"seq\":1,\"tick\":1,\"at\":\"2026-03-02T13:02:11.311Z\",\"ms\":0,"
		  "\"type\":\"step.skipped\",\"slot\":1,\"path\":\"1\",\"mood\":\"new\","
		  "\"reason\":\"when\"}",
		  NULL },
		{ "{\"v\":2,\"at\":\"2026-03-02T13:02:11Z\",\"type\":\"run.opened\"}",
		  "it was written by a later version of this program" },
		{ "{\"at\":\"2026-03-02T13:02:11Z\",\"type\":\"run.opened\"}",
		  "a field that every line has is missing or is of a wrong type" },
		{ "{\"v\":1,\"at\":\"today\",\"type\":\"run.opened\"}",
		  "a field that every line has is missing or is of a wrong type" },
		{ "{\"v\":1,\"at\":\"2026-03-02T13:02:11Z\",\"type\":\"run.opened\",\"slot\":-1}",
		  "a field that every line has is missing or is of a wrong type" },
		{ "{\"v\":1,\"at\":\"2026-03-02T13:02:11Z\",\"type\":\"step.ended\",\"slot\":1,"
		  "\"outputs\":{\"bytes\":\"?\"}}",
		  "bytes that are not base64" },
		{ "[]", "it is no JSON object" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct event event;
		const char *why = NULL;
		bool read = event_read(text_of(cases[i].line), &fixture->arena, &event, &why);

		assert_int_equal(read, cases[i].why == NULL);
		if (!read)
			assert_string_equal(why, cases[i].why);
		else
			assert_int_equal(value_count(event.data), 1);
	}
}

static void broken_json_says_where(void **state)
{
	struct fixture *fixture = *state;
	struct event event;
	const char *why = NULL;

	assert_false(event_read(TEXT("{\"v\":1,"), &fixture->arena, &event, &why));
	assert_non_null(strstr(why, "at byte "));
}

static void an_unknown_type_keeps_its_message(void **state)
{
	struct fixture *fixture = *state;
	struct event event;
	const char *why;

	assert_true(
		event_read(TEXT("{\"v\":1,\"at\":\"2026-03-02T13:02:11Z\",\"type\":\"moon.rose\","
				"\"msg\":\"look up\"}"),
			   &fixture->arena, &event, &why));
	assert_int_equal(event.type, EVENT_TYPE_COUNT);
	assert_string_equal(event_text(&event, "msg", &fixture->arena), "look up");
}

static void a_moved_value_needs_its_run(void **state)
{
	struct fixture *fixture = *state;
	struct buffer out;
	struct keep keep = { .arena = &fixture->arena, .folder = fixture->run.fd };
	struct json_error error;
	struct value json;
	struct value value;
	const char *path;

	buffer_init(&out, &fixture->arena);
	assert_int_equal(keep_move(fixture->run.fd, TEXT("[1,{\"uint\":2}]"), &out), 0);
	assert_true(json_read(buffer_text(&out), &fixture->arena, &json, &error));
	assert_true(keep_read(&keep, json, &value));
	assert_int_equal(value_item(value, 1).kind, VALUE_UINT);

	keep.folder = -1;
	assert_true(keep_read(&keep, json, &value));
	assert_int_equal(value.kind, VALUE_ERROR);

	keep.folder = fixture->run.fd;
	path = arena_format(&fixture->arena, "%s/values/%.64s", fixture->run.path,
			    out.ptr + strlen("{\"value\":\""));
	fixture_write(path, TEXT("[1,{\"uint\":3}]"));
	assert_false(keep_read(&keep, json, &value));
	assert_non_null(strstr(keep.why, "was changed"));
	assert_int_equal(unlink(path), 0);
	assert_false(keep_read(&keep, json, &value));
	assert_non_null(strstr(keep.why, "No such file"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_event_has_a_name_that_is_read_back),
		cmocka_unit_test(fields_belong_to_their_event),
		fixture_test(a_wrong_field_is_a_bug),
		fixture_test(a_line_has_the_form_that_is_documented),
		fixture_test(the_head_is_read_back),
		fixture_test(values_keep_their_kind),
		fixture_test(a_secret_is_not_written),
		fixture_test(an_output_that_cannot_be_read_is_kept),
		fixture_test(data_stays_known_as_data),
		fixture_test(deep_values_are_read_back),
		fixture_test(malformed_text_is_mended),
		fixture_test(other_versions_are_read_with_care),
		fixture_test(broken_json_says_where),
		fixture_test(an_unknown_type_keeps_its_message),
		fixture_test(a_moved_value_needs_its_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
