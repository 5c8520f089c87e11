/* A process from inside: shared by process.c and process_tree.c. */
#ifndef IO_PROCESS_H
#define IO_PROCESS_H

#include "io/internal.h"

enum process_state {
	PROCESS_STARTING, /* not spawned yet; its timer starts it */
	PROCESS_RUNNING,
	PROCESS_GONE,   /* reaped; what it has started may still be stopping */
	PROCESS_ENDING, /* reaped; its output may still come */
	PROCESS_OVER,   /* `ended` was called, or its arena is gone */
};

/* One of its two outputs. */
struct outlet {
	struct watch watch; /* fd -1: closed */
	struct process *process;
	enum process_stream stream;
};

struct process {
	struct loop *loop;
	struct arena *arena;
	struct process_args args;
	enum process_state state;
	struct child child;
	struct outlet outlets[2]; /* by enum process_stream */
	struct timer timer; /* the next try, the grace, the next round of SIGKILL, the drain */
	unsigned group;     /* of loop->cgroups; 0: none */
	int64_t clear_at;   /* boot time: being stopped, and nobody of it was found; 0: somebody was
			     */
	int retries;
	int64_t kill_at; /* boot time: end of the grace */
	int64_t limit;   /* boot time: of draining, or of killing */
	struct process_end end;
	struct process *next;
};

/* Whether anything but the command's own process belongs to it and lives. */
bool process_has_members(struct process *process);

/* Sends a signal to all that belongs to it, its own process if not reaped; gives their number. */
size_t process_signal_members(struct process *process, int signal);

/* Writes what belongs to it and lives into its end, and makes strays of them. */
void process_note_left(struct process *process);

#endif
