/* What the files of value share. */
#ifndef VALUE_INTERNAL_H
#define VALUE_INTERNAL_H

#include "value/value.h"

__extension__ typedef __int128 value_wide; /* for products of two 64-bit numbers */
__extension__ typedef unsigned __int128 value_uwide;

/* item, with the taint that its container gives to what is read out of it. */
struct value value_inherit(struct value item, struct value container);

/* An empty list or map, and one with an item more. */
#define EXTENT_EMPTY ((struct value_extent){ .weight = 1, .depth = 1 })
void extent_add(struct value_extent *extent, struct value item);

/* A copy of an unknown that lives in the arena. */
struct value unknown_copy(struct value value, struct arena *arena);

/* The entry under a key, or NULL. */
const struct value_entry *value_map_find(const struct value_map *map, struct value key);

/* Days from 1970-01-01 to a day of the proleptic Gregorian calendar, and back. month: 1-12. */
int64_t civil_to_days(int64_t year, int month, int day);
void civil_from_days(int64_t days, struct civil *civil);
bool civil_is_leap(int64_t year);
/* days / by, rounded down, and the rest, 0 or above. */
int64_t floor_divide(int64_t number, int64_t by, int64_t *rest);

/* Seconds east of UTC that a zone file says for an instant. NULL when done; else a message. */
const char *zone_offset(struct text tzif, int64_t seconds, int32_t *offset);
/* The same for the rule of POSIX TZ that ends such a file: "CET-1CEST,M3.5.0,M10.5.0/3". False: no
 * such rule. */
bool zone_rule_offset(struct text rule, int64_t seconds, int32_t *offset);

struct json_style {
	bool people; /* unknowns are <their text>, secrets "(secret)" */
	size_t end;  /* writing may stop when the buffer holds more bytes than this */
};

void json_write_styled(struct buffer *out, struct value value, const struct json_style *style);

#endif
