/* A duration that can be read is written so that it reads back the same. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct buffer out;
	struct value duration, again;

	arena_init(&arena);
	buffer_init(&out, &arena);
	if (value_read_duration(fuzz_text(data, size), &duration)) {
		value_write_duration(&out, duration);
		REQUIRE(value_read_duration(buffer_text(&out), &again));
		REQUIRE(value_equal(duration, again));
	}
	arena_done(&arena);
	return 0;
}
