/*
 * process_tree: what belongs to a command. As we are the subreaper, every living descendant has a
 * line of parents that ends at us, either through the command or through an orphan that became our
 * child; only whose orphan it is can be in doubt. Its control group says it, or its session, or
 * that only one command runs that it can belong to.
 */
#include <signal.h>
#include <unistd.h>

#include "io/process.h"

static bool is_stray(const struct loop *loop, const struct proc *proc)
{
	for (size_t i = 0; i < loop->strays.count; i++) {
		if (loop->strays.at[i].pid == proc->pid &&
		    loop->strays.at[i].started == proc->started)
			return true;
	}
	return false;
}

static bool is_child(const struct loop *loop, pid_t pid)
{
	for (size_t i = 0; i < loop->children.count; i++) {
		if (loop->children.at[i]->pid == pid)
			return true;
	}
	return false;
}

/* The running command whose session this is, or NULL. */
static const struct process *find_session(const struct loop *loop, pid_t session)
{
	const struct process *process = loop->processes;

	while (process && process->child.pid != session)
		process = process->next;
	return process;
}

/* Whether no other command runs whose orphans are in no group. */
static bool is_alone(const struct process *process)
{
	for (const struct process *at = process->loop->processes; at; at = at->next)
		if (at != process && !at->group)
			return false;
	return !process->group;
}

static bool is_its_orphan(const struct process *process, const struct proc *proc, pid_t us)
{
	const struct process *owner;
	unsigned group;

	if (proc->parent != us || is_child(process->loop, proc->pid) ||
	    is_stray(process->loop, proc))
		return false;
	group = cgroup_of(&process->loop->cgroups, proc->pid);
	if (group)
		return group == process->group;
	owner = find_session(process->loop, proc->session);
	return owner ? owner == process : is_alone(process);
}

/* Chooses all that belongs to the command, its own process too while it is not reaped. */
static void choose_members(const struct process *process, struct procs *procs)
{
	pid_t us = getpid();

	for (size_t i = 0; i < procs->all.count; i++) {
		struct proc *proc = &procs->all.at[i];

		proc->chosen = (process->child.loop && proc->pid == process->child.pid) ||
			       is_its_orphan(process, proc, us);
	}
	proc_choose_descendants(procs);
}

bool process_has_members(struct process *process)
{
	struct arena arena;
	struct procs procs = { 0 };
	bool found = false;

	if (!loop_has_orphans(process->loop))
		return false;
	arena_init(&arena);
	proc_walk(&procs, &arena);
	choose_members(process, &procs);
	for (size_t i = 0; i < procs.all.count && !found; i++)
		found = procs.all.at[i].chosen && procs.all.at[i].pid != process->child.pid;
	arena_done(&arena);
	return found;
}

size_t process_signal_members(struct process *process, int signal)
{
	struct arena arena;
	struct procs procs = { 0 };
	pid_t own = process->child.loop ? process->child.pid : 0;
	size_t count = 0;

	arena_init(&arena);
	proc_walk(&procs, &arena);
	choose_members(process, &procs);
	/* Its own process also when the walk took it for a zombie: other threads may still run. */
	if (own && kill(own, signal) == 0)
		count++;
	for (size_t i = 0; i < procs.all.count; i++) {
		const struct proc *proc = &procs.all.at[i];

		if (proc->chosen && proc->pid != own && kill(proc->pid, signal) == 0)
			count++;
	}
	arena_done(&arena);
	return count;
}

/* Strays that are gone need no remembering. */
static void forget_strays(struct loop *loop, const struct procs *procs)
{
	size_t kept = 0;

	for (size_t i = 0; i < loop->strays.count; i++) {
		struct process_left stray = loop->strays.at[i];
		bool lives = false;

		for (size_t j = 0; j < procs->all.count && !lives; j++)
			lives = procs->all.at[j].pid == stray.pid;
		if (lives)
			loop->strays.at[kept++] = stray;
	}
	loop->strays.count = kept;
}

void process_note_left(struct process *process)
{
	LIST(struct process_left) left = { 0 };
	struct arena arena;
	struct procs procs = { 0 };

	arena_init(&arena);
	proc_walk(&procs, &arena);
	choose_members(process, &procs);
	forget_strays(process->loop, &procs);
	for (size_t i = 0; i < procs.all.count; i++) {
		const struct proc *proc = &procs.all.at[i];

		if (!proc->chosen)
			continue;
		*list_add(&left, process->arena) = (struct process_left){
			.pid = proc->pid,
			.started = proc->started,
			.name = arena_string(process->arena, proc->name),
		};
		*list_add(&process->loop->strays, process->loop->arena) = (struct process_left){
			.pid = proc->pid,
			.started = proc->started,
			.name = "",
		};
	}
	arena_done(&arena);
	process->end.left = left.at;
	process->end.left_count = left.count;
}
