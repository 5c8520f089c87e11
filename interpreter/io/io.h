/*
 * io: the loop and everything that can be waited for. It knows nothing of steps, runs or
 * reports: whoever starts something gives callbacks with a void *, and each thing that is
 * started leads to exactly one final callback, always from the loop, never from inside the call
 * that started it.
 *
 * No threads, no locks, one place that sleeps (loop_run_once). Memory belongs to the arena that
 * the caller names; resetting that arena ends what lives in it (processes are killed,
 * descriptors closed) without a further callback.
 *
 * Each driver's part is a section of this header: process and worker here, then git; those of
 * servers and databases (http, postgres, sqlite) are in headers that this one includes.
 */
#ifndef IO_IO_H
#define IO_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/list.h"
#include "base/text.h"

/* ---- failures: the world's refusals, as an outcome of what was started ---- */

/* What kind of refusal it was; the classes of FORMAT.md section 11 that io can tell apart. */
enum io_class {
	IO_NONE, /* no failure */
	IO_CANCELLED,
	IO_CONNECT,
	IO_DNS,
	IO_HTTP,
	IO_NOT_FOUND,
	IO_PERMISSION,
	IO_REFUSED,
	IO_RESOURCE,
	IO_SQL,
	IO_TIMEOUT,
	IO_TLS,
};

struct io_failure {
	enum io_class class;
	const char *code;    /* finer than the class: an errno name, a SQLSTATE; or NULL */
	const char *message; /* what went wrong, lower case, with the library's own words */
};

/* "not_found": the name that an author writes in `retry.on` and reads in reports; "" for none. */
const char *io_class_name(enum io_class class);

/* The class of an errno value: ENOENT and ENOTDIR are not_found, EACCES and EPERM permission,
 * ETIMEDOUT timeout, the ECONN... and ENET... ones connect, everything else resource. */
enum io_class io_class_of_errno(int error);

/* Sets a failure of that class; the formatted message lives in the arena. */
void io_fail(struct io_failure *failure, struct arena *arena, enum io_class class,
	     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Sets the failure of an errno value: its class, its name as the code, and as the message the
 * formatted text, ": " and the system's words. The strings live in the arena. */
void io_fail_errno(struct io_failure *failure, struct arena *arena, int error, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));

/* ---- loop: one poll() over descriptors, one timerfd, one signalfd ---- */

struct loop;

/*
 * Makes the loop of this process; there is at most one. Puts the process in order first: closed
 * descriptors 0 to 2 are opened on /dev/null, SIGCHLD is given its default action, SIGPIPE
 * is ignored, SIGCHLD, SIGINT, SIGTERM, SIGHUP and SIGWINCH are blocked and read from a signalfd
 * (but a SIGINT or SIGHUP that was ignored when we were started stays ignored: nohup), all other
 * signals are unblocked, and orphans among our descendants become our children
 * (PR_SET_CHILD_SUBREAPER).
 *
 * The clock is read for the time of day of the loop only: waiting is real waiting. The loop lives
 * in the arena and is closed with it. NULL when the system refuses (then *failure says why).
 */
struct loop *loop_open(const struct clock *clock, struct arena *arena, struct io_failure *failure);

/* The clock that the loop was opened with, and its boot time now in nanoseconds. */
const struct clock *loop_clock(const struct loop *loop);
int64_t loop_now(const struct loop *loop);

/*
 * Waits until something happens and calls back for all of it: due timers in order of their time,
 * then ready descriptors in the order in which they were watched, then signals, then
 * ended children. Not from inside a callback.
 */
void loop_run_once(struct loop *loop);

/* For tests: loop_run_once until a callback calls loop_quit. */
void loop_run(struct loop *loop);
void loop_quit(struct loop *loop);

/* Whoever wants to hear of SIGINT, SIGTERM, SIGHUP and SIGWINCH; NULL to ignore them (default).
 * Called once for each delivery that the kernel did not merge. */
void loop_on_signal(struct loop *loop, void (*heard)(void *data, int signal), void *data);

/* Removes the control groups of programs that were killed, as far as nobody is in them. The first
 * command that starts beside others does it too. */
void loop_remove_left(struct loop *loop);

/*
 * A descriptor to watch. The caller owns the struct, fills the first four members and keeps it
 * where it is while it is watched; zeroed, it is not watched. Starting and stopping is allowed
 * everywhere, also from inside callbacks, its own too. events may be changed at any time and
 * holds from the next turn. Stop a watch before its descriptor is closed.
 */
struct watch {
	int fd;
	short events;                            /* POLLIN | POLLOUT, as for poll(2) */
	void (*ready)(void *data, short events); /* also POLLERR, POLLHUP, POLLNVAL */
	void *data;
	struct loop *loop; /* the loop's own: NULL while it is not watched */
	size_t slot;       /* the loop's own */
};

void watch_start(struct watch *watch, struct loop *loop);
void watch_stop(struct watch *watch); /* nothing happens when it is not watched */

/*
 * A timer, owned like a watch; the caller fills the first two members. It fires once. Time counts
 * on CLOCK_BOOTTIME: while the machine sleeps, too. Timers of the same moment fire in the order in
 * which they were started; one that is started in a callback fires in a later turn at the earliest.
 */
struct timer {
	void (*fire)(void *data);
	void *data;
	struct loop *loop; /* the loop's own: NULL while it does not run */
	int64_t due;       /* boot time, ns */
	uint64_t sequence; /* the loop's own */
	size_t slot;       /* the loop's own */
};

/* after: nanoseconds from now, 0 and below for the next turn. A running timer is started anew. */
void timer_start(struct timer *timer, struct loop *loop, int64_t after);
void timer_stop(struct timer *timer); /* nothing happens when it does not run */

/* ---- process: a command, its output and its end ---- */

struct process;

enum process_stream { PROCESS_STDOUT, PROCESS_STDERR };

/* A process that the command left behind when it ended. */
struct process_left {
	pid_t pid;
	uint64_t started; /* clock ticks since boot: /proc/PID/stat, field 22 */
	const char *name; /* as the kernel knows it, at most 15 bytes, any bytes but NUL */
};

/* How a command ended. Everything lives in the process's arena. */
struct process_end {
	struct io_failure failure; /* class IO_NONE unless it could not be started */
	bool signaled;             /* code is the signal that ended it, not its exit status */
	int code;
	bool dumped;      /* it left a core */
	bool stopped;     /* process_stop had been called before it ended */
	bool killed;      /* SIGKILL had to be sent after the grace */
	bool output_open; /* somebody still held its output; what comes later is not read */
	const struct process_left *left; /* what it left behind: alive when this was written */
	size_t left_count;
};

/* All are called from the loop; spawned and output may be NULL. */
struct process_calls {
	/* It runs. started: see process_left; with the pid it names the process until the next
	 * boot. */
	void (*spawned)(void *data, pid_t pid, uint64_t started);
	/* Bytes of an output as they come, at most 64 KiB; gone when the call returns. The command
	 * is not read from meanwhile, so it cannot run ahead of a slow consumer. */
	void (*output)(void *data, enum process_stream stream, struct text bytes);
	/* The last call, exactly once. The arena may be reset only after this call has returned. */
	void (*ended)(void *data, const struct process_end *end);
};

struct process_args {
	const char *const *argv; /* NULL-terminated, at least a program; borrowed until `ended` */
	const char *const *env;  /* all of it: "NAME=value", NULL-terminated; borrowed too */
	const char *cwd;         /* folder to start in; NULL: ours */
	struct text input; /* its stdin, any size; ptr NULL: /dev/null. Borrowed during the call */
	const struct process_calls *calls;
	void *data; /* handed to the calls */
};

/* The grace that an operator expects between SIGTERM and SIGKILL. */
#define PROCESS_GRACE (10 * NS_PER_S)

/*
 * Starts a command: in a session of its own (so without a terminal), default signal actions, no
 * signal blocked, stdin /dev/null or the text, two pipes for its output, no other descriptor, umask
 * and limits ours. A program without '/' is searched in the PATH of args->env (in
 * "/usr/local/bin:/usr/bin:/bin" without one); one with '/' is relative to cwd.
 *
 * It always gives a process. What keeps it from starting is told by `ended`: not_found
 * (the program, with the PATH that was searched; its interpreter; the folder), permission, resource
 * (too many arguments, no memory, descriptors or processes; EAGAIN is tried four times
 * within 0.7 s before that).
 *
 * It has ended when its process has ended, not when its pipes have: those are then read for as
 * long as bytes come within 200 ms of each other and for at most 2 s, and what it has left behind
 * has those 200 ms to end as well.
 */
struct process *process_start(struct loop *loop, const struct process_args *args,
			      struct arena *arena);

/*
 * Ends the command and everything that it has started: SIGTERM and SIGCONT to all, after grace
 * nanoseconds SIGKILL to all that is left, again and again for at most 2 s; what even then remains
 * (a process in the kernel's hands) is reported as left behind. All are: its descendants,
 * whatever their sessions, and the orphans that became our children since it was started, unless
 * they are another running command's or were reported as left behind before. A command that starts
 * while others run has a control group of its own (cgroup v2), which tells its orphans from theirs.
 * Where none may be made, nobody can say whose an orphan with a session of its own is while several
 * commands run: it is left alone, and reported by the last of these.
 *
 * A second call can only shorten the grace. `ended` follows as ever. Nothing happens once `ended`
 * was called.
 */
void process_stop(struct process *process, int64_t grace);

/* ---- survivors: what a program that died has left running ---- */

struct survivor {
	pid_t pid;
	uint64_t started; /* as process_left */
	char name[16];
};

/* Whether this very process lives; one that has ended and was not waited for does not. */
bool survivor_read(pid_t pid, uint64_t started, struct survivor *survivor);

/* All that live, but us, whose environment has every one of the entries ("NAME=value", NULL behind
 * the last). Of processes of others nothing is seen, unless we are root. */
void survivors_find(const char *const *entries, struct survivor **found, size_t *count,
		    struct arena *arena);

/* Changes with each boot: then no process of before lives. "" where the kernel does not say. */
const char *machine_boot(struct arena *arena);

/* ---- worker: a second process of ours for what may hang, crash or eat memory ---- */

/*
 * Our own program, started as `--worker` on the first request, kept for the following ones, ended
 * with its arena. It has an empty environment, the folder "/", no core files, limits on
 * memory and processor time (WORKER_MEMORY, WORKER_CPU), and dies with us. When it dies or passes a
 * request's deadline, that is this request's outcome, and the next request starts a new one.
 *
 * A request and a reply are lists of pairs, keys and values being texts of any bytes. On the wire
 * each is a netstring ("3:tag,") and a message is the netstring of its pairs, so that it is
 * bounded before it is read and needs no reader of JSON, which lives above io (value/json.c).
 */
struct worker;

#define WORKER_REQUEST_MAX (64 << 10) /* bytes on the wire */
#define WORKER_REPLY_MAX (16 << 20)
#define WORKER_MEMORY (UINT64_C(1) << 30) /* RLIMIT_AS; not in sanitizer builds */
#define WORKER_CPU 60                     /* RLIMIT_CPU: seconds for each request */

struct worker_pair {
	struct text key;
	struct text value;
};

struct worker_message {
	struct arena *arena; /* of the list; texts may live elsewhere */
	LIST(struct worker_pair) pairs;
};

/* Adds a pair; the key is a literal, the value is borrowed. Keys may repeat. */
void worker_put(struct worker_message *message, const char *key, struct text value);

/* The first value of a key, or the empty text with ptr NULL. */
struct text worker_get(const struct worker_message *message, const char *key);

/* One request. The caller owns it (in an arena that outlives `answered`) and fills the first part.
 */
struct worker_call {
	const char *service;           /* who serves it: the name in a worker_service */
	struct worker_message request; /* over WORKER_REQUEST_MAX the outcome is resource */
	int64_t timeout; /* ns from worker_ask, waiting behind others counted; 0: none */
	/* The last call. reply is NULL when it failed, and lives until the call returns. A failure
	 * is the service's own, or timeout, or resource (the worker died: how; it could not be
	 * started; what it wrote is no reply). */
	void (*answered)(void *data, const struct worker_message *reply,
			 const struct io_failure *failure);
	void *data;

	struct worker *worker;    /* the worker's own: NULL while nothing is asked */
	struct worker_call *next; /* the worker's own */
	struct timer timer;       /* the worker's own */
};

/* A worker, not yet started. Resetting its arena ends it. */
struct worker *worker_open(struct loop *loop, struct arena *arena);

/* Asks; requests are served one after another in the order of the calls. */
void worker_ask(struct worker *worker, struct worker_call *call);

/* Takes a request back: `answered` is not called any more. One that is being served ends the
 * worker. */
void worker_cancel(struct worker_call *call);

/* One thing that the worker can do, in the worker's process. */
struct worker_service {
	const char *name;
	/* Fills the reply (whose arena is dropped after it was written), or returns false with
	 * *failure set. */
	bool (*serve)(const struct worker_message *request, struct worker_message *reply,
		      struct io_failure *failure);
};

/* What `runbook --worker` serves: git and resolve; ended by an entry without a name. */
extern const struct worker_service worker_services[];

/* The whole of `runbook --worker`: serves what comes on descriptor 3 until it is closed; gives
 * the exit status. 64 when descriptor 3 is not the socket of a parent. */
int worker_serve(const struct worker_service *services);

/* ---- resolve: names of hosts to addresses, by the worker (the system's resolver blocks) ---- */

struct resolve_call {
	const char *host; /* a name, or a numeric address */
	int64_t timeout;  /* ns */
	/* The last call: numeric addresses ("192.0.2.7", "2001:db8::7") in the order of preference,
	 * at least one; or count 0 and a failure: dns with the resolver's words, or a worker's
	 * failure. addresses live until the call returns. */
	void (*answered)(void *data, const char *const *addresses, size_t count,
			 const struct io_failure *failure);
	void *data;

	struct worker_call call; /* resolve's own */
};

/* Both as for a worker_call. The request lives in the arena until it is answered. */
void resolve_ask(struct worker *worker, struct resolve_call *resolve, struct arena *arena);
void resolve_cancel(struct resolve_call *resolve);

/* ---- git: what a repository says of itself, read by the worker with libgit2 ---- */

/* What takes time and is found out only when it is wanted. */
enum git_want {
	GIT_WANT_CLEAN = 1,
	GIT_WANT_DISTANCE = 2,   /* ahead and behind */
	GIT_WANT_IN_COMPARE = 4, /* of the tag */
	GIT_WANT_TAGS = 8,       /* tags and latest_tag */
	GIT_WANT_SIGNATURE = 16, /* of the tag: payload and signature */
	GIT_WANT_ALL = 31
};

struct git_query {
	const char *repo;    /* absolute path of a repository, or of a folder in it */
	const char *compare; /* a branch, tag or commit id to compare with; NULL: none */
	const char *tag;     /* name of a tag, without "refs/tags/"; NULL: none */
	unsigned wants;      /* of enum git_want */
	bool trusted;        /* it may belong to another user */
};

/* The codes of two failures of reading that an operator can do something about. */
#define GIT_CODE_OWNER "owner"     /* permission: another user's, and not trusted */
#define GIT_CODE_SHALLOW "shallow" /* not_found: the history that is here does not reach */

struct git_tag_facts {
	bool exists;
	bool annotated;  /* a tag object, not only a name for a commit */
	bool is_signed;  /* an annotated tag with a signature block in it whose embedded name is its
			  * ref's; whose it is, and whether it is good, is not asked here */
	bool on_head;    /* commit is the head */
	bool in_compare; /* commit is compare's or one of its ancestors; false without compare */
	const char *commit; /* 40 hex digits of what it leads to; "" if that is not a commit */
	const char *object; /* 40 hex digits of what the name stands for: a tag object, a commit;
			       "" when it does not exist */
	struct text raw;    /* bytes of the tag object; from the driver itself only */
	/* What was signed, and the block that signs it; empty when it is not signed, not wanted or
	 * longer than GIT_TAG_MAX in all. */
	struct text payload, signature;
};

#define GIT_TAG_MAX (1 << 20)

struct git_facts {
	const char *head;   /* 40 hex digits; "" before the first commit */
	const char *branch; /* "main"; "" when detached */
	bool clean;         /* `git status --porcelain` prints nothing; a bare repository is clean;
			     * this and the next are false, 0 and empty unless they are wanted */
	int64_t ahead;      /* commits of head that compare lacks; 0 without compare */
	int64_t behind;     /* commits of compare that head lacks; 0 without compare */
	struct git_tag_facts tag; /* zero with commit "" when no tag was asked for */
	const char *latest_tag;   /* see git_latest_tag; "" from the driver itself */
	const char *const *tags;  /* all names, in bytewise order */
	size_t tag_count;
};

/* What io/git.c exports; found with module_open("git") in the worker's process only. */
struct git_driver {
	/*
	 * Reads a repository: no configuration outside of it, no checkout, no hook, no expression
	 * of revisions; names are looked up exactly. An absent tag is an answer. Failures:
	 * not_found (no repository there, no such compare, history that is not here), permission
	 * (it belongs to another user), refused (a name that no ref can have), resource (damaged,
	 * or too large); in libgit2's words.
	 */
	bool (*read)(const struct git_query *query, struct arena *arena, struct git_facts *facts,
		     struct io_failure *failure);
	/* Name and version of the library below it: "libgit2 1.5.1". */
	const char *(*library)(struct arena *arena);
};

extern const struct git_driver git_driver;

struct git_call {
	struct git_query query;
	int64_t timeout; /* ns */
	/* The last call; facts is NULL when it failed, and lives until the call returns. */
	void (*answered)(void *data, const struct git_facts *facts,
			 const struct io_failure *failure);
	void *data;

	struct arena *arena;     /* git's own */
	struct worker_call call; /* git's own */
};

/* Both as for a worker_call. The request lives in the arena until it is answered. */
void git_ask(struct worker *worker, struct git_call *git, struct arena *arena);
void git_cancel(struct git_call *git);

/* An annotated tag as git writes it, taken apart. */
struct tag_object {
	struct text name;      /* that it gives itself */
	struct text payload;   /* all of it but the signature */
	struct text signature; /* from its first line on, to the end; empty: there is none */
};

/* What begins a line that begins a signature, by kind. */
enum tag_signature { TAG_SIGNED_OPENPGP, TAG_SIGNED_SSH, TAG_SIGNED_X509, TAG_UNSIGNED };

/* The signature begins where git says: at the last line that can begin one. False: the bytes are no
 * tag's. The parts are of the bytes. */
bool tag_object_read(struct text bytes, struct tag_object *tag);
enum tag_signature tag_signature_kind(struct text signature);

/* The highest of the tags named vX.Y.Z or X.Y.Z by semantic version (semver.org 2.0.0, section 11),
 * pre-releases aside; "" if there is none. Of equal ones the first. */
const char *git_latest_tag(const char *const *tags, size_t count);

/* ---- http, sql: the drivers of servers and databases ---- */

#include "io/http.h"
#include "io/sql.h"

/* ---- verify: signatures of files ---- */

#include "io/verify.h"

/* Name and version of the library below a driver (http, postgres, sqlite, git, verify), or why the
 * driver is not available: it takes nothing from the others. */
const char *driver_library(const char *name, struct arena *arena);

#endif
