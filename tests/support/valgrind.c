/* Under valgrind /proc/self/exe is valgrind's own program: a worker is started from the file of the
 * test that wants it. Linked into the tests with --wrap=execve. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "support/valgrind.h"

int __real_execve(const char *path, char *const *argv, char *const *env);
int __wrap_execve(const char *path, char *const *argv, char *const *env);

int __wrap_execve(const char *path, char *const *argv, char *const *env)
{
	char program[PATH_MAX];

	if (under_valgrind() && strcmp(path, "/proc/self/exe") == 0 && realpath(path, program))
		path = program; /* what realpath sees is the client's */
	return __real_execve(path, argv, env);
}
