/* table: rows of texts under headings, within the width of a screen. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/arena.h"
#include "base/list.h"
#include "base/text.h"

struct column {
	const char *heading;
	bool right;  /* numbers stand at the right */
	size_t most; /* cells; what is longer is cut; 0: no bound */
};

/* zeroed but for the first three members */
struct table {
	struct arena *arena;
	const struct column *columns;
	size_t column_count;
	LIST(const char *) cells;
};

/* column_count texts, which are copied and made harmless for a screen. */
void table_add(struct table *table, const char *const *texts);
/* Headings and rows. Where they are wider than the screen the last column is cut, and when too
 * little of it would be left, it is left out. */
void table_print(const struct table *table, size_t width, struct buffer *out);

#endif
