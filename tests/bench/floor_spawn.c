/* The floor of `run` steps: floor_spawn COUNT COMMAND... runs a command again and again, keeps what
 * it writes to both streams, and waits for it. */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Reads what is there; closes the pipe at its end. */
static void take(struct pollfd *pipe)
{
	static char kept[64 << 10];

	if (!pipe->revents || read(pipe->fd, kept, sizeof(kept)) > 0)
		return;
	close(pipe->fd);
	pipe->fd = -1;
}

static bool run(char *const *command)
{
	posix_spawn_file_actions_t actions;
	int out[2], err[2], status;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0)
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);
	if (posix_spawnp(&pid, *command, &actions, NULL, command, environ) != 0)
		return false;
	posix_spawn_file_actions_destroy(&actions);
	close(out[1]);
	close(err[1]);
	struct pollfd pipes[2] = { { out[0], POLLIN, 0 }, { err[0], POLLIN, 0 } };
	while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
		if (poll(pipes, 2, -1) < 0)
			return false;
		take(&pipes[0]);
		take(&pipes[1]);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int argc, char **argv)
{
	for (int i = 0, count = argc > 2 ? atoi(argv[1]) : 1; i < count; i++)
		if (!argv[1] || !run(argv + 2))
			return 1;
	return 0;
}
