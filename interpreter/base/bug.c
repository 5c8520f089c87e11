#include "base/bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void bug_at(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("internal error: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, " (%s:%d)\n", file, line);
	va_end(args);
	abort();
}
