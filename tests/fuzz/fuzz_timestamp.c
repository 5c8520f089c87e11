/* "INSTANT ZONE": an instant that can be read is written so that it reads back the same, and a
 * zone gives a calendar's parts within their bounds, or says why not. */
#include "fuzz.h"

static void look_at(struct value instant, struct text zone, struct arena *arena)
{
	struct civil civil;

	if (value_civil(instant, zone, arena, &civil))
		return;
	REQUIRE(civil.month >= 1 && civil.month <= 12);
	REQUIRE(civil.day >= 1 && civil.day <= 31);
	REQUIRE(civil.weekday >= 0 && civil.weekday <= 6);
	REQUIRE(civil.yearday >= 0 && civil.yearday <= 365);
	REQUIRE(civil.hour >= 0 && civil.hour <= 23);
	REQUIRE(civil.minute >= 0 && civil.minute <= 59);
	REQUIRE(civil.second >= 0 && civil.second <= 59);
	REQUIRE(civil.ns < 1000000000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;
	struct buffer out;
	struct value instant, again;
	struct text text = fuzz_text(data, size);
	size_t blank = text_find(text, TEXT(" "), 0);
	struct text written = text_slice(text, 0, blank);
	struct text zone = blank < size ? text_slice(text, blank + 1, size) : TEXT("UTC");

	arena_init(&arena);
	buffer_init(&out, &arena);
	if (value_read_timestamp(written, &instant)) {
		REQUIRE(instant.integer >= TIMESTAMP_MIN && instant.integer <= TIMESTAMP_MAX);
		value_write_timestamp(&out, instant);
		REQUIRE(value_read_timestamp(buffer_text(&out), &again));
		REQUIRE(value_equal(instant, again));
		look_at(instant, zone, &arena);
	}
	look_at(value_timestamp(0, 0), text, &arena);
	arena_done(&arena);
	return 0;
}
