/* child: who waits for which child, and the one place that reaps them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/internal.h"

void child_start(struct child *child, struct loop *loop)
{
	child->loop = loop;
	child->slot = loop->children.count;
	*list_add(&loop->children, loop->arena) = child;
}

void child_stop(struct child *child)
{
	struct loop *loop = child->loop;
	struct child *last;

	if (!loop)
		return;
	child->loop = NULL;
	last = loop->children.at[--loop->children.count];
	if (last == child)
		return;
	last->slot = child->slot;
	loop->children.at[last->slot] = last;
}

static struct child *find_child(const struct loop *loop, pid_t pid)
{
	for (size_t i = 0; i < loop->children.count; i++) {
		if (loop->children.at[i]->pid == pid)
			return loop->children.at[i];
	}
	return NULL;
}

static size_t find_stray(const struct loop *loop, pid_t pid)
{
	size_t i = 0;

	while (i < loop->strays.count && loop->strays.at[i].pid != pid)
		i++;
	return i;
}

static void forget_stray(struct loop *loop, pid_t pid)
{
	size_t i = find_stray(loop, pid);

	if (i < loop->strays.count)
		loop->strays.at[i] = loop->strays.at[--loop->strays.count];
}

void loop_reap(struct loop *loop)
{
	for (;;) {
		siginfo_t info = { 0 };
		struct child *child;

		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
			break;
		child = find_child(loop, info.si_pid);
		if (child) {
			child_stop(child);
			child->ended(child->data, &info);
		} else {
			forget_stray(loop, info.si_pid);
		}
	}
	processes_look(loop);
}

/* Our children as the kernel lists them, "PID PID ...", or NULL where it does not. */
static char *list_children(char *bytes, size_t size)
{
	int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return NULL;
	len = read(fd, bytes, size - 1);
	close(fd);
	if (len < 0)
		return NULL;
	bytes[len] = '\0';
	return bytes;
}

bool loop_has_orphans(struct loop *loop)
{
	siginfo_t info = { 0 };
	char bytes[4096];
	char *at;

	if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return false;
	at = list_children(bytes, sizeof(bytes));
	/* Without the list, or with more than fit, only a walk can tell. */
	if (!at || strlen(at) + 1 == sizeof(bytes))
		return true;
	for (;;) {
		char *end;
		pid_t pid = (pid_t)strtol(at, &end, 10);

		if (end == at)
			return false;
		if (!find_child(loop, pid) && find_stray(loop, pid) == loop->strays.count)
			return true;
		at = end;
	}
}
