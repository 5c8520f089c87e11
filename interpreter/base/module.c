#include "base/module.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/module_builtin.h"

static const void *find_builtin(const char *name)
{
	for (const struct module_builtin *builtin = module_builtins; builtin->name; builtin++) {
		if (strcmp(builtin->name, name) == 0)
			return builtin->table;
	}
	return NULL;
}

/* The table, or NULL and the loader's words. */
static const void *load(const char *path, const char *symbol, const char **words)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	const void *table = handle ? dlsym(handle, symbol) : NULL;

	if (!table)
		*words = dlerror();
	return table;
}

const void *module_open(const char *name, struct arena *arena, const char **error)
{
	const void *table = find_builtin(name);
	const char *words = "no such file";
	const char *symbol, *program, *places[2];

	if (table)
		return table;
	program = file_real("/proc/self/exe", arena);
	if (!program) {
		*error = arena_format(
			arena, "the module '%s' cannot be looked for: /proc is missing", name);
		return NULL;
	}
	program = file_dirname(program, arena);
	symbol = arena_format(arena, "%s_driver", name);
	places[0] = arena_format(arena, "%s/modules/%s.so", program, name);
	places[1] = arena_format(arena, "%s/runbook/%s.so",
				 file_join(file_dirname(program, arena), RUNBOOK_LIBDIR, arena),
				 name);
	for (size_t i = 0; i < 2; i++) {
		if (access(places[i], F_OK) == 0)
			table = load(places[i], symbol, &words);
		if (table)
			return table;
	}
	*error = arena_format(arena, "the module '%s' cannot be loaded from %s or %s: %s", name,
			      places[0], places[1], words);
	return NULL;
}
