/* proc: what /proc says of processes. */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/internal.h"

/* Fields 3 to 22 of proc(5)'s stat: state, ppid, pgrp, session, ... starttime. */
static const char stat_format[] = "%c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d "
				  "%*d %*d %*d %" SCNu64;

static bool parse(char *line, struct proc *proc)
{
	/* The name stands in parentheses and may hold any byte, parentheses too. */
	char *open = strchr(line, '(');
	char *close = strrchr(line, ')');
	size_t len;

	if (!open || !close || close < open)
		return false;
	*close = '\0';
	len = strnlen(open + 1, sizeof(proc->name) - 1);
	memcpy(proc->name, open + 1, len);
	proc->name[len] = '\0';
	return sscanf(close + 2, stat_format, &proc->state, &proc->parent, &proc->session,
		      &proc->started) == 4;
}

bool proc_read(pid_t pid, struct proc *proc)
{
	char path[32];
	char line[1024];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (len <= 0)
		return false;
	line[len] = '\0';
	*proc = (struct proc){ .pid = pid };
	return parse(line, proc);
}

/* The two clocks are read apart: near the end of a tick they need not agree on it. */
#define CLOCK_MARGIN NS_PER_MS

uint64_t proc_started(pid_t pid, int64_t earliest, int64_t latest)
{
	int64_t tick = NS_PER_S / sysconf(_SC_CLK_TCK);
	int64_t first = (earliest - CLOCK_MARGIN) / tick;
	struct proc proc = { 0 };

	if (first == (latest + CLOCK_MARGIN) / tick)
		return (uint64_t)first;
	proc_read(pid, &proc);
	return proc.started;
}

void proc_walk(struct procs *procs, struct arena *arena)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	procs->all.count = 0;
	while (folder && (entry = readdir(folder))) {
		struct proc proc;
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && proc_read(pid, &proc) && !strchr("ZXx", proc.state))
			*list_add(&procs->all, arena) = proc;
	}
	if (folder)
		closedir(folder);
}

static bool is_chosen(const struct procs *procs, pid_t pid)
{
	for (size_t i = 0; i < procs->all.count; i++) {
		if (procs->all.at[i].pid == pid)
			return procs->all.at[i].chosen;
	}
	return false;
}

void proc_choose_descendants(struct procs *procs)
{
	bool changed;

	/* A child mostly stands behind its parent, so that one round finds nearly all. */
	do {
		changed = false;
		for (size_t i = 0; i < procs->all.count; i++) {
			struct proc *proc = &procs->all.at[i];

			if (proc->chosen || !is_chosen(procs, proc->parent))
				continue;
			proc->chosen = true;
			changed = true;
		}
	} while (changed);
}
