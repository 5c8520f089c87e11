/* The libraries below the drivers. */

#include <string.h>

#include "base/module.h"
#include "io/http.h"
#include "io/io.h"
#include "io/sql.h"

/* Where the table of each driver says it. */
static const struct {
	const char *name;
	size_t offset;
} drivers[] = {
	{ "http", offsetof(struct http_driver, library) },
	{ "postgres", offsetof(struct sql_driver, library) },
	{ "sqlite", offsetof(struct sql_driver, library) },
	{ "git", offsetof(struct git_driver, library) },
	{ "verify", offsetof(struct verify_driver, library) },
};

const char *driver_library(const char *name, struct arena *arena)
{
	const char *(*library)(struct arena * arena);
	const char *error;
	size_t i = 0;
	while (strcmp(drivers[i].name, name) != 0)
		i++;
	const char *table = module_open(name, arena, &error);
	if (!table)
		return arena_format(arena, "not available: %s", error);
	memcpy(&library, table + drivers[i].offset, sizeof(library));
	return library(arena);
}
