/* worker: our side of it. worker_serve.c is the other. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "io/worker.h"

struct worker {
	struct loop *loop;
	struct arena turn;  /* of the request being served: its bytes and its reply */
	struct watch watch; /* of our end of the socket; fd -1: closed */
	struct child child; /* waited for while the worker lives */
	siginfo_t death;
	struct timer kick; /* serves the next request, from the loop */
	bool serving;      /* the first of the queue */
	struct worker_call *first;
	struct text request; /* what is not written yet */
	struct buffer reply; /* what was read so far */
};

static bool is_running(const struct worker *worker)
{
	return worker->child.loop && worker->watch.fd >= 0;
}

static void close_socket(struct worker *worker)
{
	if (worker->watch.fd < 0)
		return;
	watch_stop(&worker->watch);
	close(worker->watch.fd);
	worker->watch.fd = -1;
}

/* Ends the worker without asking how it ended. */
static void drop(struct worker *worker)
{
	close_socket(worker);
	if (worker->child.loop)
		kill(worker->child.pid, SIGKILL);
	child_stop(&worker->child);
}

static void unlink_call(struct worker *worker, struct worker_call *call)
{
	struct worker_call **at = &worker->first;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	call->next = NULL;
	call->worker = NULL;
	timer_stop(&call->timer);
}

/* Takes the call from the queue; the worker is free for the next. */
static void release_call(struct worker_call *call)
{
	struct worker *worker = call->worker;

	if (worker->first == call)
		worker->serving = false;
	unlink_call(worker, call);
	if (worker->first && !worker->serving)
		timer_start(&worker->kick, worker->loop, 0);
}

static void answer(struct worker_call *call, const struct worker_message *reply,
		   const struct io_failure *failure)
{
	release_call(call);
	call->answered(call->data, reply, failure);
}

static void answer_resource(struct worker_call *call, const char *message)
{
	const struct io_failure failure = { .class = IO_RESOURCE, .message = message };

	answer(call, NULL, &failure);
}

/* Says how it died, once its socket is closed and it was reaped. */
static void conclude(struct worker *worker)
{
	const siginfo_t *death = &worker->death;
	const char *message;

	if (worker->watch.fd >= 0 || worker->child.loop || !worker->serving)
		return;
	if (death->si_code == CLD_EXITED)
		message = arena_format(&worker->turn, "the worker process ended with exit code %d",
				       death->si_status);
	else
		message = arena_format(&worker->turn, "the worker process was ended by SIG%s",
				       sigabbrev_np(death->si_status));
	answer_resource(worker->first, message);
}

static void died(void *data, const siginfo_t *info)
{
	struct worker *worker = data;

	worker->death = *info;
	conclude(worker);
}

static void hang_up(struct worker *worker)
{
	close_socket(worker);
	/* It may have closed its end and live on; a dead one does not notice. */
	if (worker->child.loop)
		kill(worker->child.pid, SIGKILL);
	conclude(worker);
}

static void refuse_reply(struct worker *worker)
{
	drop(worker);
	answer_resource(worker->first, "what the worker process wrote is no reply");
}

static void take_reply(struct worker *worker, struct text payload)
{
	struct worker_message reply = { .arena = &worker->turn };
	struct io_failure failure = { 0 };

	if (!worker_decode(payload, &reply) || reply.pairs.count < WORKER_REPLY_HEAD) {
		refuse_reply(worker);
		return;
	}
	failure.class = io_class_of_name(worker_get(&reply, WORKER_KEY_CLASS));
	if (failure.class) {
		struct text code = worker_get(&reply, WORKER_KEY_CODE);
		struct text message = worker_get(&reply, WORKER_KEY_MESSAGE);

		failure.code = code.len ? arena_copy(&worker->turn, code.ptr, code.len) : NULL;
		failure.message = arena_copy(&worker->turn, message.ptr, message.len);
	}
	reply.pairs.at += WORKER_REPLY_HEAD;
	reply.pairs.count -= WORKER_REPLY_HEAD;
	answer(worker->first, failure.class ? NULL : &reply, &failure);
}

static void read_reply(struct worker *worker)
{
	char *bytes = worker->loop->bytes;
	ssize_t len = recv(worker->watch.fd, bytes, LOOP_BYTES, MSG_DONTWAIT);
	enum worker_framing framing;
	struct text payload;
	size_t used;

	if (len < 0 && (errno == EAGAIN || file_interrupted(&worker->loop->interrupted)))
		return;
	if (len <= 0) {
		hang_up(worker);
		return;
	}
	if (!worker->serving) {
		drop(worker);
		return;
	}
	buffer_add(&worker->reply, (struct text){ bytes, (size_t)len });
	framing = worker_frame(buffer_text(&worker->reply), WORKER_REPLY_MAX, &payload, &used);
	if (framing == WORKER_PART)
		return;
	if (framing == WORKER_GARBAGE || used < worker->reply.len)
		refuse_reply(worker);
	else
		take_reply(worker, payload);
}

static void write_request(struct worker *worker)
{
	ssize_t len = send(worker->watch.fd, worker->request.ptr, worker->request.len,
			   MSG_DONTWAIT | MSG_NOSIGNAL);

	/* A worker that died is noticed when its socket is read. */
	if (len > 0)
		worker->request = text_slice(worker->request, (size_t)len, worker->request.len);
	worker->watch.events = worker->request.len > 0 ? POLLIN | POLLOUT : POLLIN;
}

static void ready(void *data, short events)
{
	struct worker *worker = data;

	if (events & (POLLIN | POLLHUP | POLLERR))
		read_reply(worker);
	if (worker->watch.fd >= 0 && (events & POLLOUT))
		write_request(worker);
}

/* Starts our own program anew, with one end of a socket pair; 0 or an errno value. */
static int run(struct worker *worker)
{
	static const char *const argv[] = { "runbook", "--worker", NULL };
	static const char *const env[] = { NULL };
	int pair[2];
	int descriptors[] = { worker->loop->null_fd, worker->loop->null_fd, STDERR_FILENO, -1 };
	struct spawn how = { .program = "/proc/self/exe",
			     .argv = argv,
			     .env = env,
			     .descriptors = descriptors,
			     .descriptor_count = WORKER_SOCKET + 1 };
	struct spawned spawned;
	int error;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	descriptors[WORKER_SOCKET] = pair[1];
	error = spawn(worker->loop, &how, &spawned).number;
	close(pair[1]);
	if (error) {
		close(pair[0]);
		return error;
	}
	worker->child.pid = spawned.pid;
	child_start(&worker->child, worker->loop);
	worker->watch.fd = pair[0];
	watch_start(&worker->watch, worker->loop);
	return 0;
}

static struct text encode(struct worker *worker, const struct worker_call *call)
{
	struct worker_message message = { .arena = &worker->turn };

	worker_put(&message, WORKER_KEY_SERVICE, text_of(call->service));
	for (size_t i = 0; i < call->request.pairs.count; i++)
		*list_add(&message.pairs, message.arena) = call->request.pairs.at[i];
	return worker_encode(&message);
}

static void serve_next(void *data)
{
	struct worker *worker = data;
	struct worker_call *call = worker->first;
	struct io_failure failure;
	int error = 0;

	if (!call || worker->serving)
		return;
	arena_reset(&worker->turn);
	buffer_init(&worker->reply, &worker->turn);
	worker->request = encode(worker, call);
	worker->serving = true;
	if (worker->request.len > WORKER_REQUEST_MAX) {
		answer_resource(call, "the request is too large for the worker process");
		return;
	}
	if (!is_running(worker)) {
		drop(worker);
		error = run(worker);
	}
	if (error) {
		io_fail_errno(&failure, &worker->turn, error, "cannot start the worker process");
		answer(call, NULL, &failure);
		return;
	}
	write_request(worker);
}

static void expire(void *data)
{
	struct worker_call *call = data;
	struct worker *worker = call->worker;
	const struct io_failure failure = { .class = IO_TIMEOUT,
					    .message = "no answer within the time" };

	if (worker->serving && worker->first == call)
		drop(worker);
	answer(call, NULL, &failure);
}

void worker_ask(struct worker *worker, struct worker_call *call)
{
	struct worker_call **at = &worker->first;

	while (*at)
		at = &(*at)->next;
	*at = call;
	call->next = NULL;
	call->worker = worker;
	call->timer = (struct timer){ .fire = expire, .data = call };
	if (call->timeout > 0)
		timer_start(&call->timer, worker->loop, call->timeout);
	if (!worker->serving)
		timer_start(&worker->kick, worker->loop, 0);
}

void worker_cancel(struct worker_call *call)
{
	struct worker *worker = call->worker;

	if (!worker)
		return;
	if (worker->serving && worker->first == call)
		drop(worker);
	release_call(call);
}

static void release(void *data)
{
	struct worker *worker = data;

	drop(worker);
	timer_stop(&worker->kick);
	while (worker->first)
		unlink_call(worker, worker->first);
	arena_done(&worker->turn);
}

struct worker *worker_open(struct loop *loop, struct arena *arena)
{
	struct worker *worker = arena_new(arena, struct worker);

	worker->loop = loop;
	arena_init(&worker->turn);
	worker->watch =
		(struct watch){ .fd = -1, .events = POLLIN, .ready = ready, .data = worker };
	worker->child = (struct child){ .ended = died, .data = worker };
	worker->kick = (struct timer){ .fire = serve_next, .data = worker };
	arena_defer(arena, release, worker);
	return worker;
}
