/*
 * module: where a driver's table comes from. With RUNBOOK_MODULES on, a driver is a shared object
 * that is opened on first need (linking libcurl, libpq and libgit2 costs ten times the start of the
 * rest); off, it is linked in and the same table is found without dlopen.
 */
#ifndef BASE_MODULE_H
#define BASE_MODULE_H

#include "base/text.h"

/*
 * The driver's table, the symbol NAME_driver (for example "http" gives http_driver). Looked for in
 * DIR/modules/ and DIR/../LIBDIR/runbook/, DIR being the folder of /proc/self/exe: never a path
 * from the environment. Never closed again. Gives NULL and *error, a sentence in the arena that
 * names the module, the places looked at and the loader's own words.
 */
const void *module_open(const char *name, struct arena *arena, const char **error);

#endif
