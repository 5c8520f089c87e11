/*
 * Files of the time zone database: TZif, RFC 8536. Only the 64-bit data of version 2 and later is
 * read; what follows its last transition is said by the rule of POSIX TZ at the end of the file.
 */
#include <string.h>

#include "value/internal.h"

#define BAD_FILE "the time zone's file is damaged"
#define HEADER 44

struct tzif {
	const unsigned char *times;   /* count times 8 bytes */
	const unsigned char *indices; /* count times 1 byte: types */
	const unsigned char *types;   /* type_count times 6 bytes */
	uint32_t count;
	uint32_t type_count;
	struct text rule;
};

static uint64_t big_endian(const unsigned char *bytes, int count)
{
	uint64_t number = 0;

	for (int i = 0; i < count; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* The counts of a header, in the order in which the file has them. */
enum { ISUT, ISSTD, LEAP, TIME, TYPE, CHAR, COUNTS };

/* Bytes of the header and of the data behind it, or 0 if they are not there. */
static size_t block_size(struct text block, unsigned time_size, uint32_t counts[COUNTS])
{
	uint64_t size = HEADER;

	if (block.len < HEADER || !text_starts(block, "TZif"))
		return 0;
	for (int i = 0; i < COUNTS; i++)
		counts[i] = (uint32_t)big_endian((const unsigned char *)block.ptr + 20 + 4 * i, 4);
	size += (uint64_t)counts[TIME] * (time_size + 1) + (uint64_t)counts[TYPE] * 6 +
		counts[CHAR] + (uint64_t)counts[LEAP] * (time_size + 4) + counts[ISSTD] +
		counts[ISUT];
	return size <= block.len ? (size_t)size : 0;
}

static bool open_tzif(struct text file, struct tzif *tzif)
{
	uint32_t counts[COUNTS];
	size_t first = block_size(file, 4, counts);
	struct text second = text_slice(file, first, file.len);
	size_t size = first && file.ptr[4] >= '2' ? block_size(second, 8, counts) : 0;

	if (size == 0 || counts[TYPE] == 0)
		return false;
	tzif->count = counts[TIME];
	tzif->type_count = counts[TYPE];
	tzif->times = (const unsigned char *)second.ptr + HEADER;
	tzif->indices = tzif->times + (size_t)8 * tzif->count;
	tzif->types = tzif->indices + tzif->count;
	tzif->rule = text_trim(text_slice(second, size, second.len));
	return true;
}

static int64_t transition(const struct tzif *tzif, uint32_t index)
{
	return (int64_t)big_endian(tzif->times + (size_t)8 * index, 8);
}

/* How many transitions are at or before an instant. */
static uint32_t passed(const struct tzif *tzif, int64_t seconds)
{
	uint32_t low = 0;
	uint32_t high = tzif->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (transition(tzif, middle) <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *zone_offset(struct text file, int64_t seconds, int32_t *offset)
{
	struct tzif tzif;
	uint32_t count;
	uint32_t type;

	if (!open_tzif(file, &tzif))
		return BAD_FILE;
	count = passed(&tzif, seconds);
	if (count == tzif.count && zone_rule_offset(tzif.rule, seconds, offset))
		return NULL;
	type = count ? tzif.indices[count - 1] : 0;
	if (type >= tzif.type_count)
		return BAD_FILE;
	*offset = (int32_t)big_endian(tzif.types + (size_t)6 * type, 4);
	return NULL;
}
