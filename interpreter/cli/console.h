/* console: questions on the terminal, answers from it. */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "record/record.h"

struct loop;
struct engine;

/*
 * Stands before another sink: a question is asked when it has told what comes before it, and what
 * it tells while one is open begins on a line of its own. Standard input is read only while a
 * question is open, and what was typed before that is thrown away: it was no answer to it.
 */
struct console;
struct console *console_new(struct sink inner, struct loop *loop, bool color, struct arena *arena);
struct sink console_sink(struct console *console);
/* Whose questions are asked; before it none is. */
void console_attach(struct console *console, struct engine *engine);

#endif
