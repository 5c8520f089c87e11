#include "base/module_builtin.h"

#include <stddef.h>

/* The build defines RUNBOOK_BUILTIN as X(http) X(git) and so on; base knows no driver's type. */
#define X(name) extern const struct name##_driver name##_driver;
RUNBOOK_BUILTIN
#undef X

const struct module_builtin module_builtins[] = {
#define X(name) { #name, &name##_driver },
	RUNBOOK_BUILTIN
#undef X
	{ NULL, NULL },
};
