/*
 * What the files of io share and nobody else sees: the loop's inside, ended children, the
 * processes of this machine, and how a process is spawned.
 */
#ifndef IO_INTERNAL_H
#define IO_INTERNAL_H

#include <signal.h>
#include <stdalign.h>
#include <stddef.h>

#include "io/io.h"

/* The inverse of io_class_name; IO_RESOURCE for a name that is none. */
enum io_class io_class_of_name(struct text name);

/* ---- children: SIGCHLD and waitid in one place ---- */

/* A child that somebody waits for; owned like a watch. ended is called once, when it was reaped. */
struct child {
	pid_t pid;
	void (*ended)(void *data, const siginfo_t *info);
	void *data;
	struct loop *loop; /* NULL while nobody waits */
	size_t slot;
};

void child_start(struct child *child, struct loop *loop);
void child_stop(struct child *child);

/* Reaps all that ended, then lets the commands look whether that was the last they waited for. */
void loop_reap(struct loop *loop);

/* Whether we have a child, ended or not, that no struct child waits for and that is no stray. */
bool loop_has_orphans(struct loop *loop);

/* ---- proc: the processes of this machine ---- */

struct proc {
	pid_t pid;
	pid_t parent;
	pid_t session;
	char state;       /* 'R', 'S', 'D', 'T', 'Z', ... */
	bool chosen;      /* for whoever walks over them */
	uint64_t started; /* clock ticks since boot */
	char name[16];
};

struct procs {
	LIST(struct proc) all;
};

/* Reads /proc/PID/stat; false when there is no such process any more. */
bool proc_read(pid_t pid, struct proc *proc);

/*
 * When a process began that was started between two moments of the boot clock (nanoseconds), in
 * clock ticks since boot as proc(5) counts them: by the clock where both lie within one tick, as
 * they mostly do, else from /proc, which costs as much as all other calls of a start. Give only a
 * child that has not been reaped, so that it is there.
 */
uint64_t proc_started(pid_t pid, int64_t earliest, int64_t latest);

/* All that live; zombies are left out. */
void proc_walk(struct procs *procs, struct arena *arena);

/* Chooses every descendant of those chosen. */
void proc_choose_descendants(struct procs *procs);

/* ---- cgroup: control groups that tell whose orphan it is ---- */

/* Zeroed at first; closed with the arena of the first cgroup_make. */
struct cgroups {
	bool opened;
	int folder;     /* our own group; -1: no groups are to be had */
	unsigned count; /* that were made: their numbers begin at 1 */
};

/* Makes a group, in which a command can be born. Its number, and its folder, which the caller
 * closes; 0 where that is not to be had. */
unsigned cgroup_make(struct cgroups *cgroups, struct arena *arena, int *folder);
/* Nothing can be born in a group here: no more are made. */
void cgroup_give_up(struct cgroups *cgroups);
/* Ends all that is in the group at once. */
void cgroup_kill(const struct cgroups *cgroups, unsigned number);
/* Nothing happens while somebody is in it: then it goes when the loop is closed. */
void cgroup_remove(const struct cgroups *cgroups, unsigned number);
/* In which of our groups a process is; 0: in none. */
unsigned cgroup_of(const struct cgroups *cgroups, pid_t pid);

/* ---- the loop's inside ---- */

#define LOOP_BYTES (64 << 10)
#define LOOP_STACK (64 << 10)

struct loop {
	const struct clock *clock;
	struct arena *arena;
	int timer_fd;
	int signal_fd;
	int null_fd;      /* /dev/null, read and write */
	sigset_t masked;  /* the mask that was in force before */
	sigset_t ignored; /* signals that children get the standard action of back */
	bool quitting;
	unsigned interrupted;          /* calls, since the last turn in which none was */
	int64_t armed;                 /* boot time at which timer_fd will be ready; 0: not armed */
	uint64_t sequence;             /* of the next timer */
	LIST(struct timer *) timers;   /* a heap, the earliest first */
	LIST(struct watch *) watches;  /* NULL where one was stopped in this turn */
	LIST(struct pollfd) polled;    /* signal_fd, timer_fd, then as watches */
	LIST(struct child *) children; /* in no order */
	LIST(struct process_left) strays; /* reported as left behind; maybe gone since */
	struct cgroups cgroups;           /* of commands that started while others ran */
	struct spawn_error *told;         /* shared with children; made on first use */
	struct process *processes;        /* those that have not ended, latest first */
	void (*heard)(void *data, int signal);
	void *heard_data;
	char bytes[LOOP_BYTES];                      /* what was just read from an output */
	alignas(max_align_t) char stack[LOOP_STACK]; /* of a child, until its exec */
};

/* When the next timer is due, in real boot time; INT64_MAX when none runs. */
int64_t timers_next(const struct loop *loop);
/* Fires all that are due and were started before this call. */
void timers_fire(struct loop *loop);

/* Called after children were reaped. */
void processes_look(struct loop *loop);

/* ---- spawn ---- */

/* Where a child's descriptors come from, and how its end of it looks. */
struct spawn {
	const char *program; /* absolute, or with a '/', relative to the folder */
	const char *const *argv;
	const char *const *env;
	const char *folder;     /* to start in; NULL: ours */
	const int *descriptors; /* what become 0, 1, 2, ...; all others are closed */
	int descriptor_count;
	int group; /* folder of a control group; 0: that in which we are */
};

struct spawn_error {
	int number;     /* an errno value; 0: none */
	bool in_folder; /* the folder could not be entered */
};

/* A command that was started, and the read ends of what it writes. */
struct spawned {
	pid_t pid;
	int64_t earliest, latest; /* the boot clock before and after its birth */
	bool in_group;            /* it was born in the group that was given */
	int output[2];
};

/* Starts a program in a session of its own, with standard signal actions and an empty mask. What
 * posix_spawn does for that costs a stack and a hundred system calls a command. Leaves the outputs
 * alone. */
struct spawn_error spawn(struct loop *loop, const struct spawn *how, struct spawned *spawned);

/* Finds the program of a command, makes its pipes and starts it. False: *failure, whose code is
 * "EAGAIN" when it may work later. */
bool spawn_command(struct loop *loop, const struct process_args *args, int group,
		   struct arena *arena, struct spawned *spawned, struct io_failure *failure);

#endif
