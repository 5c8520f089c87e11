/* How much there is in a value. */
#include "value/internal.h"

#define TEXT_UNIT 16 /* bytes of a text that weigh as much as an item */

static const struct value_extent *extent_of(struct value value)
{
	if (value.kind == VALUE_LIST)
		return &value.list->extent;
	return value.kind == VALUE_MAP ? &value.map->extent : NULL;
}

uint32_t value_weight(struct value value)
{
	const struct value_extent *extent = extent_of(value);
	if (extent)
		return extent->weight;
	if (value.kind == VALUE_STRING || value.kind == VALUE_BYTES)
		return 1 + value.len / TEXT_UNIT;
	return value.kind == VALUE_OPTIONAL && value.optional ? value_weight(*value.optional) : 1;
}

unsigned value_depth(struct value value)
{
	const struct value_extent *extent = extent_of(value);
	if (extent)
		return extent->depth;
	return value.kind == VALUE_OPTIONAL && value.optional ? value_depth(*value.optional) : 0;
}

/* Only what is computed when it is asked for, and what holds such, has to be looked through. */
static bool may_be_unknown(struct value value)
{
	const struct value_extent *extent = extent_of(value);
	if (extent)
		return extent->unknown;
	if (value.kind == VALUE_OPTIONAL && value.optional)
		return may_be_unknown(*value.optional);
	return value.kind == VALUE_UNKNOWN || value.kind == VALUE_OBJECT;
}

void extent_add(struct value_extent *extent, struct value item)
{
	unsigned depth = value_depth(item);
	if (__builtin_add_overflow(extent->weight, value_weight(item), &extent->weight))
		extent->weight = UINT32_MAX;
	if (extent->depth <= depth)
		extent->depth = (uint16_t)(depth < UINT16_MAX ? depth + 1 : depth);
	extent->unknown |= may_be_unknown(item);
}
