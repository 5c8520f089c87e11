/* One line of an operator at the terminal, before a run begins. */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "base/arena.h"
#include "io/io.h"

enum prompt_end {
	PROMPT_LINE,
	PROMPT_NOTHING,  /* an empty line, or Ctrl-D */
	PROMPT_CANCELLED /* a signal, or the terminal is gone */
};

/*
 * Asks on standard error and reads a line of standard input, which is a terminal. secret: what is
 * typed is not shown. The terminal is left as it was found, also while the program is stopped
 * (Ctrl-Z) and when a signal ends it.
 */
enum prompt_end prompt_line(struct loop *loop, const char *question, bool secret,
			    struct arena *arena, struct text *line);

#endif
