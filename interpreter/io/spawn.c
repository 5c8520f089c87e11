/* spawn: from a command's arguments to a process, with errors told apart. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "io/internal.h"

#define DEFAULT_PATH "/usr/local/bin:/usr/bin:/bin"

static int set_actions(const struct spawn *how, posix_spawn_file_actions_t *actions)
{
	int error = 0;

	for (int i = 0; i < how->descriptor_count && !error; i++)
		error = posix_spawn_file_actions_adddup2(actions, how->descriptors[i], i);
	if (!error && how->folder >= 0)
		error = posix_spawn_file_actions_addfchdir_np(actions, how->folder);
	/* Last: it closes what the others needed. */
	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(actions, how->descriptor_count);
	return error;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t all, none;
	const short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;

	sigfillset(&all);
	sigemptyset(&none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setsigmask(attributes, &none);
	return posix_spawnattr_setflags(attributes, flags);
}

/* posix_spawn takes the words as execve does: they are not changed. */
static char **unconst(const char *const *words)
{
	union {
		const char *const *given;
		char **wanted;
	} cast = { .given = words };

	return cast.wanted;
}

int spawn(const struct spawn *how, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int error;

	error = posix_spawn_file_actions_init(&actions);
	if (error)
		return error;
	error = posix_spawnattr_init(&attributes);
	if (!error) {
		error = set_actions(how, &actions);
		if (!error)
			error = set_attributes(&attributes);
		if (!error)
			error = posix_spawn(pid, how->program, &actions, &attributes,
					    unconst(how->argv), unconst(how->env));
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static const char *path_of(const char *const *env)
{
	for (; *env; env++) {
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	}
	return DEFAULT_PATH;
}

/* Why no folder of path has an executable file of that name. */
static void explain_not_found(const char *name, const char *path, struct arena *arena,
			      struct io_failure *failure)
{
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, ":");
		const char *folder = arena_copy(arena, at, len);
		const char *file = file_join(folder, name, arena);
		struct stat status;

		if (len > 0 && stat(file, &status) == 0 && S_ISREG(status.st_mode)) {
			io_fail_errno(failure, arena, EACCES, "cannot run '%s'", file);
			return;
		}
		at += len + (at[len] == ':');
	}
	io_fail(failure, arena, IO_NOT_FOUND, "program '%s' not found (PATH=%s)", name, path);
}

static const char *find_program(const struct process_args *args, struct arena *arena,
				struct io_failure *failure)
{
	const char *name = args->argv[0];
	const char *path, *found;

	if (strchr(name, '/'))
		return name;
	path = path_of(args->env);
	found = file_find_program(name, path, arena);
	if (!found)
		explain_not_found(name, path, arena, failure);
	return found;
}

/* -1 with *failure, or -1 without when no folder was asked for. */
static int open_folder(const char *cwd, struct arena *arena, struct io_failure *failure)
{
	int fd, error;

	if (!cwd)
		return -1;
	fd = open(cwd, O_PATH | O_DIRECTORY | O_CLOEXEC);
	/* O_PATH does not ask whether one may enter. */
	if (fd >= 0 && faccessat(fd, ".", X_OK, AT_EACCESS) == 0)
		return fd;
	error = errno;
	if (fd >= 0)
		close(fd);
	io_fail_errno(failure, arena, error, "cannot enter the folder '%s'", cwd);
	return -1;
}

/* A descriptor from which the whole text can be read: a file in memory never makes anybody wait,
 * nor does it end us when the command does not read. -1 with *failure. */
static int open_input(struct text input, struct arena *arena, struct io_failure *failure)
{
	int fd = memfd_create("stdin", MFD_CLOEXEC);
	int error = fd < 0 ? errno : file_write_all(fd, input);

	if (!error && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	io_fail_errno(failure, arena, error, "cannot keep the command's input");
	return -1;
}

/* What the kernel meant when it refused to run the program. */
static void explain_spawn(int error, const char *program, int folder, struct arena *arena,
			  struct io_failure *failure)
{
	bool is_there = faccessat(folder >= 0 ? folder : AT_FDCWD, program, F_OK, 0) == 0;

	switch (error) {
	case E2BIG:
		io_fail_errno(failure, arena, error,
			      "cannot run '%s': its arguments and environment are too large "
			      "(128 KiB for one of them)",
			      program);
		return;
	case ENOEXEC:
		io_fail_errno(failure, arena, error,
			      "cannot run '%s': no program, and no script that begins with '#!'",
			      program);
		return;
	case ENOENT:
		io_fail_errno(failure, arena, error,
			      is_there ? "cannot run '%s': its interpreter is missing"
				       : "program '%s' not found",
			      program);
		return;
	case EAGAIN:
	case ENOMEM:
		io_fail_errno(failure, arena, error, "cannot start a process for '%s'", program);
		return;
	default:
		io_fail_errno(failure, arena, error, "cannot run '%s'", program);
	}
}

/* Makes both pipes; on failure none is open. */
static int make_pipes(int out[2], int err[2])
{
	int error;

	if (pipe2(out, O_CLOEXEC) < 0)
		return errno;
	if (pipe2(err, O_CLOEXEC) == 0)
		return 0;
	error = errno;
	close(out[0]);
	close(out[1]);
	return error;
}

static bool spawn_with_pipes(struct spawn *how, int input, struct arena *arena, pid_t *pid,
			     int output[2], struct io_failure *failure)
{
	int out[2], err[2];
	int error = make_pipes(out, err);

	if (error) {
		io_fail_errno(failure, arena, error, "cannot make a pipe for the output");
		return false;
	}
	how->descriptors = (const int[]){ input, out[1], err[1] };
	how->descriptor_count = 3;
	error = spawn(how, pid);
	close(out[1]);
	close(err[1]);
	if (!error) {
		output[0] = out[0];
		output[1] = err[0];
		return true;
	}
	close(out[0]);
	close(err[0]);
	explain_spawn(error, how->program, how->folder, arena, failure);
	return false;
}

bool spawn_command(struct loop *loop, const struct process_args *args, struct arena *arena,
		   pid_t *pid, int output[2], struct io_failure *failure)
{
	struct spawn how = { .argv = args->argv, .env = args->env, .folder = -1 };
	int input = loop->null_fd;
	bool done = false;

	*failure = (struct io_failure){ 0 };
	how.folder = open_folder(args->cwd, arena, failure);
	if (!failure->class)
		how.program = find_program(args, arena, failure);
	if (!failure->class && args->input.ptr)
		input = open_input(args->input, arena, failure);
	if (!failure->class)
		done = spawn_with_pipes(&how, input, arena, pid, output, failure);
	if (input >= 0 && input != loop->null_fd)
		close(input);
	if (how.folder >= 0)
		close(how.folder);
	return done;
}
