/* Strings by code points: what an index counts. */
#include "expr/functions.h"

size_t code_point_count(struct value string)
{
	size_t count = 0;

	if (string.flags & VALUE_ASCII)
		return string.len;
	for (size_t i = 0; i < string.len; i++)
		count += ((unsigned char)string.bytes[i] & 0xc0) != 0x80;
	return count;
}

size_t code_point_offset(struct value string, size_t index)
{
	size_t offset = 0;

	if (string.flags & VALUE_ASCII)
		return index;
	while (index > 0 && offset < string.len) {
		offset++;
		while (offset < string.len && ((unsigned char)string.bytes[offset] & 0xc0) == 0x80)
			offset++;
		index--;
	}
	return offset;
}
