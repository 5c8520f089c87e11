/* The floor of `run` steps: floor_spawn COUNT COMMAND... runs a command again and again, keeps what
 * it writes to both streams, and waits for it. With RECORD=FILE it writes as much as a step's
 * record to that file before each command, and has the disk confirm it. */
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECORD_SIZE 768 /* bytes, of the events of a step */

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

/* A file of blanks that are on the disk: what is written over them needs no new length. -1: none.
 */
static int open_record(const char *path, int count)
{
	static char blanks[RECORD_SIZE];
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	memset(blanks, ' ', sizeof(blanks));
	for (int i = 0; fd >= 0 && i < count; i++)
		if (write(fd, blanks, sizeof(blanks)) < 0)
			return -1;
	return fd < 0 || fsync(fd) < 0 ? -1 : fd;
}

static bool record(int fd, int number)
{
	char text[RECORD_SIZE];

	memset(text, 'x', sizeof(text));
	return pwrite(fd, text, sizeof(text), (off_t)number * RECORD_SIZE) == RECORD_SIZE &&
	       fdatasync(fd) == 0;
}

int main(int argc, char **argv)
{
	const char *path = getenv("RECORD");
	int count = argc > 2 ? atoi(argv[1]) : 0;
	int fd = path ? open_record(path, count) : -1;

	for (int i = 0; i < count; i++)
		if ((path && !record(fd, i)) || !run(argv + 2))
			return 1;
	return count > 0 ? 0 : 1;
}
