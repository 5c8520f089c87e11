/* Under valgrind /proc/self/exe is valgrind's own program: a worker is started from the file of the
 * test that wants it. Linked into the tests with --wrap=posix_spawn. */
#include <limits.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "support/valgrind.h"

int __real_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attributes, char *const *argv, char *const *env);
int __wrap_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attributes, char *const *argv, char *const *env);

int __wrap_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		       const posix_spawnattr_t *attributes, char *const *argv, char *const *env)
{
	char program[PATH_MAX];

	if (under_valgrind() && strcmp(path, "/proc/self/exe") == 0 && realpath(path, program))
		path = program; /* what realpath sees is the client's */
	return __real_posix_spawn(pid, path, actions, attributes, argv, env);
}
