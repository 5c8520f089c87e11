/* What a program that died has left running. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "io/internal.h"

#define ENVIRONMENT_MAX ((size_t)8 << 20)

static void note(struct survivor *survivor, const struct proc *proc)
{
	*survivor = (struct survivor){ .pid = proc->pid, .started = proc->started };
	memcpy(survivor->name, proc->name, sizeof(survivor->name));
}

bool survivor_read(pid_t pid, uint64_t started, struct survivor *survivor)
{
	struct proc proc;

	if (!proc_read(pid, &proc) || strchr("ZXx", proc.state) || proc.started != started)
		return false;
	note(survivor, &proc);
	return true;
}

/* Whether it is one of the environment's entries, which end with NUL. */
static bool has_entry(struct text environment, const char *entry)
{
	size_t size = strlen(entry) + 1;

	for (size_t at = 0; at + size <= environment.len;) {
		if (memcmp(environment.ptr + at, entry, size) == 0)
			return true;
		at += strnlen(environment.ptr + at, environment.len - at) + 1;
	}
	return false;
}

static bool has_all(pid_t pid, const char *const *entries)
{
	struct arena arena;
	struct text text;
	char path[32];
	bool all;

	arena_init(&arena);
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	all = file_read(AT_FDCWD, path, ENVIRONMENT_MAX, &arena, &text) == 0;
	for (; all && *entries; entries++)
		all = has_entry(text, *entries);
	arena_done(&arena);
	return all;
}

void survivors_find(const char *const *entries, struct survivor **found, size_t *count,
		    struct arena *arena)
{
	struct procs procs = { 0 };

	proc_walk(&procs, arena);
	*found = arena_array(arena, struct survivor, procs.all.count);
	*count = 0;
	for (size_t i = 0; i < procs.all.count; i++)
		if (procs.all.at[i].pid != getpid() && has_all(procs.all.at[i].pid, entries))
			note(&(*found)[(*count)++], &procs.all.at[i]);
}

const char *machine_boot(struct arena *arena)
{
	struct text text;

	if (file_read(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 256, arena, &text))
		return "";
	return arena_text(arena, text_trim(text)).ptr;
}
