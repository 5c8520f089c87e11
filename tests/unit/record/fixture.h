/* What the tests of record share: a folder of their own, a clock that they set, short ways to make
 * events. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "record/internal.h"

struct fixture {
	struct arena arena;
	char folder[64];
	struct store store;
	struct run_folder run;
	struct store_error error;
	struct mask *mask;
};

static int64_t fixture_now = INT64_C(1772456531000) * NS_PER_MS; /* 2026-03-02T13:02:11Z */

static inline int64_t fixture_time(const struct clock *clock)
{
	(void)clock;
	return fixture_now;
}

static const struct clock fixture_clock = { .wall = fixture_time, .boot = fixture_time };

static inline int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	*state = fixture;
	arena_init(&fixture->arena);
	strcpy(fixture->folder, "/tmp/runbook-record-XXXXXX");
	if (!mkdtemp(fixture->folder) ||
	    !store_open(&fixture->store, fixture->folder, &fixture->arena, &fixture->error) ||
	    !store_create(&fixture->store, fixture_now, &fixture->run, &fixture->error))
		return -1;
	fixture->mask = mask_new(&fixture->arena);
	return 0;
}

static inline int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	int failed = system(arena_format(&fixture->arena, "rm -rf %s", fixture->folder));

	arena_done(&fixture->arena);
	free(fixture);
	return failed;
}

static inline struct event fixture_event(struct fixture *fixture, enum event_type type,
					 int32_t slot, uint32_t attempt, const char *field,
					 struct value value)
{
	struct event_builder builder;

	event_begin(&builder, type, &fixture->arena);
	if (slot >= 0)
		event_step(&builder, slot, "1.1", "build", attempt);
	if (field)
		event_set(&builder, field, value);
	return event_end(&builder);
}

static inline struct text fixture_read(struct fixture *fixture, const char *path)
{
	struct text text;

	assert_int_equal(file_read(AT_FDCWD, path, (size_t)1 << 30, &fixture->arena, &text), 0);
	return text;
}

static inline void fixture_write(const char *path, struct text text)
{
	assert_int_equal(file_write(AT_FDCWD, path, text, 0600), 0);
}

static inline struct text fixture_line(struct fixture *fixture, const struct event *event)
{
	struct buffer out;

	buffer_init(&out, &fixture->arena);
	event_write(&out, event);
	buffer_string(&out);
	return buffer_text(&out);
}

#define fixture_test(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, fixture_teardown)

#endif
