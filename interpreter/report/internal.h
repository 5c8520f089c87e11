/* What the parts of report share. */
#ifndef REPORT_INTERNAL_H
#define REPORT_INTERNAL_H

#include "report/report.h"
#include "source/source.h"

/* One row of the outline that run.opened carries. */
struct row {
	const char *path, *section, *kind, *id, *name, *verb;
	int64_t parent;
	bool hidden;       /* within a library step, or of no step */
	bool titled;       /* its title was printed */
	const char *shown; /* its name with values, from step.started */
	uint32_t attempts;
};

struct outline {
	struct row *rows;
	size_t count;
};

/* Copies the outline of a run.opened event into the arena. */
struct outline outline_read(const struct event *event, struct arena *arena);
struct row *outline_row(struct outline *outline, int32_t slot);

/* A text of a map, or "" (in the arena). */
const char *map_text(struct value map, const char *key, struct arena *arena);
int64_t map_int(struct value map, const char *key, int64_t otherwise);

enum tint { TINT_NONE, TINT_GOOD, TINT_BAD, TINT_DIM, TINT_BOLD };
void put_tint(struct buffer *out, const struct report_options *options, enum tint tint,
	      const char *text);

/* The block that explains a failed attempt: message, excerpt, expected and actual, output. */
void put_failure(struct buffer *out, const struct report_options *options,
		 const struct event *event, struct arena *arena);

#endif
