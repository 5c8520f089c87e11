/* What the tests of source/ share. */
#ifndef TEST_SOURCE_SUPPORT_H
#define TEST_SOURCE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "source/source.h"

/* A document that is read from a text, and the complaints about it. */
struct reading {
	struct arena arena;
	struct diags diags;
	const struct source *source; /* NULL if it was refused */
	struct node root;
	bool is_good;
};

/* Reads a text as a runbook is read. */
static inline void reading_init(struct reading *reading, struct text text)
{
	*reading = (struct reading){ 0 };
	arena_init(&reading->arena);
	diags_init(&reading->diags, &reading->arena);
	reading->source = source_from_text("t.yaml", text, &reading->arena, &reading->diags);
	reading->is_good = reading->source && yaml_read(reading->source, &reading->arena,
							&reading->root, &reading->diags);
}

/* As reading_init, past the scan: only what yaml_read itself refuses. */
static inline void reading_init_unscanned(struct reading *reading, struct text text)
{
	*reading = (struct reading){ 0 };
	arena_init(&reading->arena);
	diags_init(&reading->diags, &reading->arena);
	reading->source = source_wrap("t.yaml", text, &reading->arena);
	reading->is_good = yaml_read(reading->source, &reading->arena, &reading->root,
				     &reading->diags);
}

static inline void reading_done(struct reading *reading)
{
	arena_done(&reading->arena);
}

/* All complaints as a person sees them. */
static inline const char *reading_shown(struct reading *reading)
{
	struct diag_style style = { .color = false, .width = 80 };
	struct buffer out;

	buffer_init(&out, &reading->arena);
	diags_print(&out, &reading->diags, &style);
	return buffer_string(&out);
}

#endif
