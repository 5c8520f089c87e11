/*
 * embedded: the files that are part of the program: each stdlib/NAME.yaml, under its name without
 * the ending. The table is made at build time by stdlib/embed.cmake.
 */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* "compose"; NULL ends the table */
	const char *text; /* NUL behind it */
	size_t len;       /* bytes, without the NUL */
};

extern const struct embedded_file embedded_files[];

#endif
