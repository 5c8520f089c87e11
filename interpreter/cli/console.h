/* console: questions on the terminal, answers from it. */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include "base/arena.h"

struct loop;
struct engine;

/* Watches standard input while the run goes on. A question that is open is shown once; a line
 * answers it. */
void console_open(struct loop *loop, struct engine *engine, struct arena *arena);

#endif
