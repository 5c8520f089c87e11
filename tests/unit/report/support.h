/* What the tests of report share: events written as JSON, and a story that is told to a buffer. */
#ifndef TESTS_UNIT_REPORT_SUPPORT_H
#define TESTS_UNIT_REPORT_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/internal.h"

struct stage {
	struct arena arena;
	struct report_options options;
	struct story *story;
	struct buffer out;
};

/* A step of the test: slot, path and attempt; {-1} where none is meant. */
struct place {
	int32_t slot;
	const char *path;
	uint32_t attempt;
};

static inline struct event stage_event(struct stage *stage, enum event_type type,
				       struct place place, int64_t ms, const char *json)
{
	struct event_builder builder;
	struct json_error error;
	struct value data;
	if (!json_read(text_of(json), &stage->arena, &data, &error))
		fail_msg("%s: at %zu, %s", json, error.offset, error.message);
	event_begin(&builder, type, &stage->arena);
	if (place.slot >= 0)
		event_step(&builder, place.slot, place.path, NULL, place.attempt);
	for (size_t i = 0; i < value_count(data); i++)
		event_set(&builder,
			  arena_text(&stage->arena, value_text(data.map->entries[i].key)).ptr,
			  data.map->entries[i].value);
	struct event event = event_end(&builder);
	event.ms = ms;
	return event;
}

static inline void stage_tell(struct stage *stage, enum event_type type, struct place place,
			      int64_t ms, const char *json)
{
	struct event event = stage_event(stage, type, place, ms, json);
	story_event(stage->story, &event, &stage->out);
}

/* What has been told since the last look. */
static inline const char *stage_told(struct stage *stage)
{
	const char *told = arena_text(&stage->arena, buffer_text(&stage->out)).ptr;
	stage->out.len = 0;
	return told;
}

/* A new story with these options; what was told is forgotten. */
static inline void stage_begin(struct stage *stage, const struct report_options *options)
{
	stage->options = *options;
	stage->story = arena_new(&stage->arena, struct story);
	story_init(stage->story, options, &stage->arena);
	stage->out.len = 0;
}

static inline int stage_setup(void **state)
{
	static const struct report_options plain;
	struct stage *stage = calloc(1, sizeof(*stage));
	*state = stage;
	arena_init(&stage->arena);
	buffer_init(&stage->out, &stage->arena);
	stage_begin(stage, &plain);
	return 0;
}

static inline int stage_teardown(void **state)
{
	struct stage *stage = *state;
	arena_done(&stage->arena);
	free(stage);
	return 0;
}

/* A section with a group of two steps, the second of a library with one in it; an undo of the
 * first; and a section that verifies. */
#define ROW(slot, path, section, kind, parent, rest) \
	"{\"slot\":" #slot ",\"path\":\"" path "\",\"section\":\"" section "\",\"kind\":\"" kind \
	"\",\"parent\":" #parent rest "}"
#define NAMED(verb, name) ",\"verb\":\"" verb "\",\"name\":\"" name "\""
#define AT(file, line) ",\"loc\":{\"file\":\"" file "\",\"line\":" #line "}"
#define OUTLINE \
	"\"name\":\"Test\",\"run\":\"20260302T130211Z-7K3Q\",\"outline\":[" ROW(0, "", "steps", "section", -1, "") "," ROW(1, "1", "steps", "group", 0, NAMED("group", "Group")) "," ROW( \
		2, "1.1", "steps", "step", 1, \
		NAMED("run", "First") AT( \
			"t.yaml", \
			5)) "," ROW(3, "1.2", "steps", "library", 1, \
				    NAMED("look", "look x") AT( \
					    "t.yaml", \
					    6)) "," ROW(4, "1.2.1", "steps", "step", 3, \
							NAMED("run", "run x") AT( \
								"l.yaml", \
								2)) "," ROW(5, "1.1.undo", \
									    "steps", \
									    "undo", 2, \
									    "") "," ROW(6, \
											"1.1." \
											"undo.1", \
											"steps", \
											"step", 5, \
											NAMED("ru" \
											      "n", \
											      "Ba" \
											      "c" \
											      "k")) "," ROW(7, \
													    "2", \
													    "verify", \
													    "section", \
													    -1, \
													    "") "," ROW(8, \
															"2.1", \
															"verify", \
															"step", \
															7, \
															NAMED("http", \
															      "Check")) "]"

static const struct place nowhere = { -1, NULL, 0 };
static const struct place group = { 1, "1", 1 }, first = { 2, "1.1", 1 }, library = { 3, "1.2", 1 },
			  inner = { 4, "1.2.1", 1 }, back = { 6, "1.1.undo.1", 1 },
			  check = { 8, "2.1", 1 };

#define TEST(function) cmocka_unit_test_setup_teardown(function, stage_setup, stage_teardown)

#endif
