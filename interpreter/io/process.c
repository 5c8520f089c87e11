/* process: a command from its start to its end. process_tree.c knows what belongs to it. */
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "io/process.h"

#define RETRY_FIRST (100 * NS_PER_MS) /* then twice that, and again */
#define RETRY_COUNT 3
#define DRAIN_QUIET (200 * NS_PER_MS)
#define DRAIN_LIMIT (2 * NS_PER_S)
#define KILL_AGAIN (20 * NS_PER_MS)
#define KILL_LIMIT (2 * NS_PER_S)
#define RELEASE_ROUNDS 50 /* without waiting: a process that was killed is gone after a few */

static int64_t now(void)
{
	return clock_boot(&clock_system);
}

static void close_outlet(struct outlet *outlet)
{
	if (outlet->watch.fd < 0)
		return;
	watch_stop(&outlet->watch);
	close(outlet->watch.fd);
	outlet->watch.fd = -1;
}

static bool has_open_outlet(const struct process *process)
{
	return process->outlets[0].watch.fd >= 0 || process->outlets[1].watch.fd >= 0;
}

/* Lets go of everything but the processes themselves. */
static void detach(struct process *process)
{
	close_outlet(&process->outlets[0]);
	close_outlet(&process->outlets[1]);
	timer_stop(&process->timer);
	child_stop(&process->child);
	if (process->group)
		cgroup_remove(&process->loop->cgroups, process->group);
	for (struct process **at = &process->loop->processes; *at; at = &(*at)->next) {
		if (*at == process) {
			*at = process->next;
			break;
		}
	}
	process->state = PROCESS_OVER;
}

static void finish(struct process *process)
{
	process->end.output_open = has_open_outlet(process);
	detach(process);
	process->args.calls->ended(process->args.data, &process->end);
}

/* Something of it may still live. Nobody walks over /proc for a command that ended as commands do.
 */
static void finish_with_left(struct process *process)
{
	process_note_left(process);
	finish(process);
}

static void fail(struct process *process, const struct io_failure *failure)
{
	process->end.failure = *failure;
	detach(process);
	process->args.calls->ended(process->args.data, &process->end);
}

/* The command's process is gone: gives its output and its children a moment to follow. */
static void begin_ending(struct process *process)
{
	process->state = PROCESS_ENDING;
	process->limit = now() + DRAIN_LIMIT;
	timer_start(&process->timer, process->loop, DRAIN_QUIET);
}

static void keep_draining(struct process *process)
{
	int64_t left = process->limit - now();

	timer_start(&process->timer, process->loop, left < DRAIN_QUIET ? left : DRAIN_QUIET);
}

/* Of one that is being stopped. /proc is no snapshot: who forks while it is read may be missed, so
 * that nobody has to be found a second time, a little later. */
static bool is_clear(struct process *process, bool has_members)
{
	int64_t time = now();

	if (has_members)
		process->clear_at = 0;
	else if (!process->clear_at)
		process->clear_at = time + KILL_AGAIN;
	if (has_members || time >= process->clear_at)
		return true;
	timer_start(&process->timer, process->loop, process->clear_at - time);
	return false;
}

/* Something changed: is it over? */
static void look(struct process *process)
{
	bool has_members;

	if (process->state != PROCESS_GONE && process->state != PROCESS_ENDING)
		return;
	has_members = process_has_members(process);
	if (process->state == PROCESS_GONE && process->end.stopped &&
	    !is_clear(process, has_members))
		return;
	/* The grace or the killing goes on until nothing of it lives. */
	if (process->state == PROCESS_GONE && process->end.stopped && has_members)
		return;
	if (!has_members && !has_open_outlet(process))
		finish(process);
	else if (process->state == PROCESS_GONE)
		begin_ending(process);
}

void processes_look(struct loop *loop)
{
	struct process *process = loop->processes;

	while (process) {
		look(process);
		/* Who was told of an end may have ended or started others. */
		process = process->state == PROCESS_OVER ? loop->processes : process->next;
	}
}

static void reaped(void *data, const siginfo_t *info)
{
	struct process *process = data;

	process->end.signaled = info->si_code != CLD_EXITED;
	process->end.dumped = info->si_code == CLD_DUMPED;
	process->end.code = info->si_status;
	process->state = PROCESS_GONE;
}

static void read_outlet(void *data, short events)
{
	struct outlet *outlet = data;
	struct process *process = outlet->process;
	char *bytes = process->loop->bytes;
	ssize_t len = read(outlet->watch.fd, bytes, LOOP_BYTES);

	(void)events;
	if (len < 0 && file_interrupted(&process->loop->interrupted))
		return;
	if (len <= 0) {
		close_outlet(outlet);
		look(process);
		return;
	}
	if (process->state == PROCESS_ENDING)
		keep_draining(process);
	if (process->args.calls->output)
		process->args.calls->output(process->args.data, outlet->stream,
					    (struct text){ bytes, (size_t)len });
}

static void open_outlet(struct process *process, enum process_stream stream, int fd)
{
	struct outlet *outlet = &process->outlets[stream];

	*outlet = (struct outlet){
		.process = process,
		.stream = stream,
		.watch = { .fd = fd, .events = POLLIN, .ready = read_outlet, .data = outlet },
	};
	watch_start(&outlet->watch, process->loop);
}

/* The kernel had no room for a process: there may be some in a moment. */
static bool try_later(struct process *process, const struct io_failure *failure)
{
	if (!failure->code || strcmp(failure->code, "EAGAIN") != 0 ||
	    process->retries == RETRY_COUNT)
		return false;
	timer_start(&process->timer, process->loop, RETRY_FIRST << process->retries++);
	return true;
}

static bool runs_beside_others(const struct process *process)
{
	for (const struct process *at = process->loop->processes; at; at = at->next)
		if (at != process && at->state != PROCESS_STARTING)
			return true;
	return false;
}

static bool spawn_in_group(struct process *process, struct spawned *spawned,
			   struct io_failure *failure)
{
	struct loop *loop = process->loop;
	int folder = 0;
	unsigned group = runs_beside_others(process)
				 ? cgroup_make(&loop->cgroups, loop->arena, &folder)
				 : 0;
	bool done = spawn_command(loop, &process->args, folder, process->arena, spawned, failure);

	if (!group)
		return done;
	close(folder);
	if (done && spawned->in_group) {
		process->group = group;
		return true;
	}
	cgroup_remove(&loop->cgroups, group);
	if (done)
		cgroup_give_up(&loop->cgroups);
	return done;
}

static void start(struct process *process)
{
	struct io_failure failure;
	struct spawned spawned;

	if (!spawn_in_group(process, &spawned, &failure)) {
		if (!try_later(process, &failure))
			fail(process, &failure);
		return;
	}
	process->state = PROCESS_RUNNING;
	process->child.pid = spawned.pid;
	child_start(&process->child, process->loop);
	open_outlet(process, PROCESS_STDOUT, spawned.output[0]);
	open_outlet(process, PROCESS_STDERR, spawned.output[1]);
	if (process->args.calls->spawned)
		process->args.calls->spawned(
			process->args.data, spawned.pid,
			proc_started(spawned.pid, spawned.earliest, spawned.latest));
}

/* Not even SIGKILL ended all of it. */
static void give_up(struct process *process)
{
	if (process->state == PROCESS_RUNNING) {
		process->end.signaled = true;
		process->end.code = SIGKILL;
	}
	finish_with_left(process);
}

/* The grace is over: SIGKILL to all that is left, until nothing is. */
static void kill_round(struct process *process)
{
	int64_t time = now();

	if (process->limit == 0)
		process->limit = time + KILL_LIMIT;
	if (process_signal_members(process, SIGKILL) > 0)
		process->end.killed = true;
	if (process->group)
		cgroup_kill(&process->loop->cgroups, process->group);
	if (time >= process->limit)
		give_up(process);
	else
		timer_start(&process->timer, process->loop, KILL_AGAIN);
}

/* The timer of one that is being stopped. */
static void stop_round(struct process *process)
{
	int64_t left = process->kill_at - now();

	if (left > 0)
		timer_start(&process->timer, process->loop, left);
	else
		kill_round(process);
	look(process);
}

/* The time for its output is over. Whoever was not found before has to end now. */
static void end_round(struct process *process)
{
	if (!process->end.stopped || !process_has_members(process)) {
		finish_with_left(process);
		return;
	}
	process->state = PROCESS_GONE;
	process->limit = 0;
	stop_round(process);
}

static void tick(void *data)
{
	struct process *process = data;
	const struct io_failure cancelled = { .class = IO_CANCELLED,
					      .message = "stopped before it was started" };

	switch (process->state) {
	case PROCESS_STARTING:
		if (process->end.stopped)
			fail(process, &cancelled);
		else
			start(process);
		return;
	case PROCESS_RUNNING:
	case PROCESS_GONE:
		stop_round(process);
		return;
	case PROCESS_ENDING:
		end_round(process);
		return;
	case PROCESS_OVER:
		return;
	}
}

void process_stop(struct process *process, int64_t grace)
{
	int64_t until = now() + grace;

	if (process->state == PROCESS_OVER)
		return;
	if (!process->end.stopped || until < process->kill_at)
		process->kill_at = until;
	if (!process->end.stopped && process->state != PROCESS_STARTING) {
		process_signal_members(process, SIGTERM);
		/* One that is suspended would not notice. */
		process_signal_members(process, SIGCONT);
	}
	process->end.stopped = true;
	if (process->state == PROCESS_ENDING) {
		process->state = PROCESS_GONE;
		process->limit = 0;
	}
	/* The timer decides what to do, from the loop. */
	timer_start(&process->timer, process->loop, 0);
}

static void release(void *data)
{
	struct process *process = data;

	size_t own = process->child.loop ? 1 : 0;

	if (process->state == PROCESS_OVER)
		return;
	/* What was forked while the others were looked up is found by the next look. */
	for (int round = 0; round < RELEASE_ROUNDS; round++)
		if (process_signal_members(process, SIGKILL) <= own)
			break;
	detach(process);
}

struct process *process_start(struct loop *loop, const struct process_args *args,
			      struct arena *arena)
{
	struct process *process = arena_new(arena, struct process);

	process->loop = loop;
	process->arena = arena;
	process->args = *args;
	if (args->input.ptr)
		process->args.input = arena_text(arena, args->input);
	process->state = PROCESS_STARTING;
	process->outlets[0].watch.fd = process->outlets[1].watch.fd = -1;
	process->child = (struct child){ .ended = reaped, .data = process };
	process->timer = (struct timer){ .fire = tick, .data = process };
	process->next = loop->processes;
	loop->processes = process;
	arena_defer(arena, release, process);
	timer_start(&process->timer, loop, 0);
	return process;
}
