/*
 * module_builtin: the drivers that are linked in. The build says which: none for the program when
 * they are shared objects, all of them for tests and for RUNBOOK_MODULES=OFF.
 */
#ifndef BASE_MODULE_BUILTIN_H
#define BASE_MODULE_BUILTIN_H

struct module_builtin {
	const char *name;  /* "http"; NULL ends the table */
	const void *table; /* &http_driver */
};

extern const struct module_builtin module_builtins[];

#endif
