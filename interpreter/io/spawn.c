/* spawn: from a command's arguments to a process, with errors told apart. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "io/internal.h"

/* execve does not change them. */
static char **unconst(const char *const *words)
{
	union {
		const char *const *given;
		char **wanted;
	} cast = { .given = words };

	return cast.wanted;
}

static int place_descriptors(const struct spawn *how)
{
	for (int i = 0; i < how->descriptor_count; i++) {
		int from = how->descriptors[i];

		/* Onto itself dup2 does nothing, and it would be closed. */
		if (from == i ? fcntl(i, F_SETFD, 0) < 0 : dup2(from, i) < 0)
			return errno;
	}
	closefrom(how->descriptor_count);
	return 0;
}

static int set_signals(const sigset_t *ignored)
{
	const struct sigaction standard = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int signal = 1; signal < NSIG; signal++) {
		if (sigismember(ignored, signal) == 1 && sigaction(signal, &standard, NULL) < 0)
			return errno;
	}
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) < 0 ? errno : 0;
}

/* What the child is told, and tells. */
struct start {
	const struct spawn *how;
	const sigset_t *ignored;
	struct spawn_error *error;
};

/*
 * The child up to its exec. Until then we stand still, and it has our memory and a stack of its
 * own, or a copy of both: it makes system calls and nothing else. No handler can run in it, because
 * we have none.
 */
static int become(void *data)
{
	struct start *start = data;
	const struct spawn *how = start->how;
	int number = setsid() < 0 ? errno : place_descriptors(how);

	if (!number && how->folder && chdir(how->folder) < 0) {
		*start->error = (struct spawn_error){ .number = errno, .in_folder = true };
		return 1;
	}
	if (!number)
		number = set_signals(start->ignored);
	if (!number) {
		execve(how->program, unconst(how->argv), unconst(how->env));
		number = errno;
	}
	start->error->number = number;
	return 1;
}

static void forget_told(void *data)
{
	munmap(data, sizeof(struct spawn_error));
}

/* Where a child that has a copy of our memory tells an error. */
static struct spawn_error *told(struct loop *loop)
{
	void *page = loop->told;

	if (!page) {
		page = mmap(NULL, sizeof(*loop->told), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			return NULL;
		arena_defer(loop->arena, forget_told, page);
		loop->told = page;
	}
	*loop->told = (struct spawn_error){ 0 };
	return loop->told;
}

/* To step into the group and back would make the whole machine wait, and us for milliseconds. The
 * call that gives birth in a group cannot be given a stack from C, so that the memory is copied.
 * -1: it is not to be had here. */
static pid_t clone_into_group(struct start *start)
{
	struct clone_args args = { .flags = CLONE_VFORK | CLONE_INTO_CGROUP,
				   .exit_signal = SIGCHLD,
				   .cgroup = (uint64_t)start->how->group };
	pid_t child = start->error ? (pid_t)syscall(SYS_clone3, &args, sizeof(args)) : -1;

	if (child == 0)
		_exit(become(start));
	return child;
}

struct spawn_error spawn(struct loop *loop, const struct spawn *how, struct spawned *spawned)
{
	struct spawn_error error = { 0 };
	struct start start = { .how = how, .ignored = &loop->ignored };
	void *top = loop->stack + sizeof(loop->stack);

	spawned->earliest = clock_boot(&clock_system);
	if (how->group) {
		start.error = told(loop);
		spawned->pid = clone_into_group(&start);
	}
	spawned->in_group = how->group && spawned->pid >= 0;
	if (!spawned->in_group) {
		start.error = &error;
		spawned->pid = clone(become, top, CLONE_VM | CLONE_VFORK | SIGCHLD, &start);
	}
	spawned->latest = clock_boot(&clock_system);
	if (spawned->pid < 0)
		return (struct spawn_error){ .number = errno };
	if (start.error->number)
		waitpid(spawned->pid, NULL, 0);
	return *start.error;
}

static const char *path_of(const char *const *env)
{
	for (; *env; env++) {
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	}
	return FILE_DEFAULT_PATH;
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
static void explain_spawn(struct spawn_error error, const struct spawn *how, struct arena *arena,
			  struct io_failure *failure)
{
	const char *program = how->program;
	bool is_there = access(file_join(how->folder, program, arena), F_OK) == 0;

	if (error.in_folder) {
		io_fail_errno(failure, arena, error.number, "cannot enter the folder '%s'",
			      how->folder);
		return;
	}
	switch (error.number) {
	case E2BIG:
		io_fail_errno(failure, arena, error.number,
			      "cannot run '%s': its arguments and environment are too large "
			      "(128 KiB for one of them)",
			      program);
		return;
	case ENOEXEC:
		io_fail_errno(failure, arena, error.number,
			      "cannot run '%s': no program, and no script that begins with '#!'",
			      program);
		return;
	case ENOENT:
		io_fail_errno(failure, arena, error.number,
			      is_there ? "cannot run '%s': its interpreter is missing"
				       : "program '%s' not found",
			      program);
		return;
	case EAGAIN:
	case ENOMEM:
		io_fail_errno(failure, arena, error.number, "cannot start a process for '%s'",
			      program);
		return;
	default:
		io_fail_errno(failure, arena, error.number, "cannot run '%s'", program);
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

static bool spawn_with_pipes(struct loop *loop, struct spawn *how, int input, struct arena *arena,
			     struct spawned *spawned, struct io_failure *failure)
{
	struct spawn_error error;
	int out[2], err[2];
	int number = make_pipes(out, err);

	if (number) {
		io_fail_errno(failure, arena, number, "cannot make a pipe for the output");
		return false;
	}
	how->descriptors = (const int[]){ input, out[1], err[1] };
	how->descriptor_count = 3;
	error = spawn(loop, how, spawned);
	close(out[1]);
	close(err[1]);
	if (!error.number) {
		spawned->output[0] = out[0];
		spawned->output[1] = err[0];
		return true;
	}
	close(out[0]);
	close(err[0]);
	explain_spawn(error, how, arena, failure);
	return false;
}

bool spawn_command(struct loop *loop, const struct process_args *args, int group,
		   struct arena *arena, struct spawned *spawned, struct io_failure *failure)
{
	struct spawn how = {
		.argv = args->argv, .env = args->env, .folder = args->cwd, .group = group
	};
	int input = loop->null_fd;
	bool done = false;

	*failure = (struct io_failure){ 0 };
	how.program = find_program(args, arena, failure);
	if (!failure->class && args->input.ptr)
		input = open_input(args->input, arena, failure);
	if (!failure->class)
		done = spawn_with_pipes(loop, &how, input, arena, spawned, failure);
	if (input >= 0 && input != loop->null_fd)
		close(input);
	return done;
}
