/* One attempt: the verb runs, its output goes to log, screen and tail, and its end is taken. */

#include "base/bug.h"
#include "base/file.h"
#include "run/internal.h"

/* ---- output -------------------------------------------------------------------------------- */

/* Bytes at the end that may be the beginning of a character. */
static size_t unfinished(struct text text)
{
	for (size_t len = 1; len <= 3 && len <= text.len; len++) {
		unsigned char byte = (unsigned char)text.ptr[text.len - len];
		if (byte < 0x80)
			return 0;
		if (byte >= 0xc0)
			return len < (byte >= 0xf0 ? 4u : byte >= 0xe0 ? 3u : 2u) ? len : 0;
	}
	return 0;
}

/* A character that comes in two pieces is held back until it is whole. */
static struct text whole_characters(struct attempt *attempt, int stream, struct text bytes)
{
	struct piece *piece = &attempt->pieces[stream - 1];
	struct buffer out;
	if (piece->len == 0 && unfinished(bytes) == 0)
		return bytes;
	buffer_init(&out, &attempt->engine->tick);
	buffer_add(&out, (struct text){ piece->bytes, piece->len });
	buffer_add(&out, bytes);
	piece->len = unfinished(buffer_text(&out));
	struct text whole = text_slice(buffer_text(&out), 0, out.len - piece->len);
	memcpy(piece->bytes, whole.ptr + whole.len, piece->len);
	return whole;
}

static bool is_shown(const struct attempt *attempt)
{
	const struct run_setup *setup = &attempt->engine->setup;
	if (attempt->node->sensitive)
		return false;
	for (size_t i = 0; i < setup->sink_count; i++)
		if (!setup->sinks[i].no_output)
			return true;
	return false;
}

/* Masked text of a stream: into the tail, and to the sinks as a live event. */
static void show_output(struct attempt *attempt, int stream, struct text bytes)
{
	struct engine *engine = attempt->engine;
	struct tail *tail = &attempt->tails[stream - 1];
	struct event_builder event;
	struct buffer text;
	if (bytes.len == 0)
		return;
	if (!tail->ptr)
		tail_init(tail, TAIL_SIZE, &attempt->arena);
	tail_add(tail, bytes);
	if (!is_shown(attempt))
		return;
	buffer_init(&text, &engine->tick);
	text_neutralise(&text, bytes, true);
	event_of(engine, &event, EVENT_STEP_OUTPUT, attempt->node, attempt->number);
	event_set(&event, "stream", value_cstring(stream == 1 ? "stdout" : "stderr"));
	event_set_text(&event, "text", buffer_text(&text));
	engine_append(engine, &event);
}

/* What was held back: it may be the beginning of a secret, or of a character. */
static void show_rest(struct attempt *attempt, int stream)
{
	struct piece *piece = &attempt->pieces[stream - 1];
	show_output(attempt, stream,
		    whole_characters(attempt, stream, mask_flush(attempt->streams[stream - 1])));
	show_output(attempt, stream, (struct text){ piece->bytes, piece->len });
	piece->len = 0;
}

static void on_output(struct task *task, int stream, struct text bytes)
{
	struct attempt *attempt = task->engine;
	if (attempt->ended || stream < 1 || stream > 2)
		return;
	if (!attempt->node->sensitive) {
		if (!attempt->log)
			attempt->log = log_open(
				&attempt->engine->folder,
				attempt->engine->state.steps[attempt->node->slot].log,
				attempt->node->id, attempt->number, attempt->engine->setup.mask,
				&attempt->arena);
		log_write(attempt->log, stream, bytes);
	}
	if (!attempt->streams[stream - 1])
		attempt->streams[stream - 1] = mask_stream_new(attempt->engine->setup.mask,
							       &attempt->arena);
	show_output(
		attempt, stream,
		whole_characters(attempt, stream, mask_feed(attempt->streams[stream - 1], bytes)));
}

static void on_spawned(struct task *task, int pid, uint64_t start)
{
	struct attempt *attempt = task->engine;
	struct event_builder event;
	event_of(attempt->engine, &event, EVENT_STEP_SPAWNED, attempt->node, attempt->number);
	event_set(&event, "pid", value_int(pid));
	event_set(&event, "start", value_int((int64_t)start));
	event_set(&event, "boot", value_cstring(attempt->engine->boot));
	engine_append(attempt->engine, &event);
}

/* ---- the end ------------------------------------------------------------------------------- */

static void on_finish(struct task *task, const struct outcome *outcome, struct value outputs)
{
	struct attempt *attempt = task->engine;
	if (attempt->ended)
		bug("step %s ended twice", attempt->node->path);
	attempt->ended = true;
	attempt->outcome = *outcome;
	attempt->outputs = outputs;
	timer_stop(&attempt->timer);
	for (int stream = 1; stream <= 2; stream++)
		if (attempt->streams[stream - 1])
			show_rest(attempt, stream);
	if (attempt->log)
		log_close(attempt->log);
}

void attempt_cancel(struct attempt *attempt, const struct limit *expired)
{
	bool ending = attempt->cancelled || attempt->expired;
	if (attempt->ended)
		return;
	if (expired)
		attempt->expired = expired;
	else
		attempt->cancelled = true;
	if (ending && attempt->engine->stops < 2)
		return; /* it has its grace */
	if (attempt->task.cancel) {
		attempt->task.cancel(&attempt->task, attempt->task.cancel_data);
		return;
	}
	/* A verb that waits for a person or a clock has nothing to end. */
	const struct outcome outcome = { .status = OUTCOME_CANCELLED,
					 .class = "cancelled",
					 .untouched = !attempt->started };
	on_finish(&attempt->task, &outcome, value_null());
}

static void on_timeout(void *data)
{
	struct attempt *attempt = data;
	attempt_cancel(attempt, &attempt->limit);
}

static void on_ask(struct task *task, const struct question *question)
{
	struct attempt *attempt = task->engine;
	struct engine *engine = attempt->engine;
	const struct plan_node *node = attempt->node;
	const char *ask = node->label ? node->label : node->path;
	ask_open(engine, ask, node, question, &engine->tick);
}

const struct engine_hooks engine_hooks = { on_output, on_spawned, on_ask, on_finish };

/* ---- the start ----------------------------------------------------------------------------- */

/* What is left of its timeout, ns. That of a gate counts from its question, also while the run was
 * parked. */
static int64_t time_left(const struct attempt *attempt)
{
	const struct engine *engine = attempt->engine;
	int64_t asked = engine->state.steps[attempt->node->slot].asked_wall;
	if (!asked)
		return attempt->limit.left;
	return attempt->limit.left - (clock_wall(loop_clock(engine->setup.loop)) - asked);
}

/* False: its time is over before it starts. */
static bool limit_start(struct attempt *attempt)
{
	struct loop *loop = attempt->engine->setup.loop;
	int64_t left = time_left(attempt);
	if (!attempt->limit.left)
		return true;
	attempt->task.deadline = loop_now(loop) + left;
	attempt->timer.fire = on_timeout;
	attempt->timer.data = attempt;
	timer_start(&attempt->timer, loop, left);
	return left > 0;
}

struct attempt *attempt_new(struct engine *engine, const struct plan_node *node, uint32_t number)
{
	struct attempt *attempt = engine->spare.count > 0
					  ? engine->spare.at[--engine->spare.count]
					  : arena_new(engine->arena, struct attempt);
	*attempt = (struct attempt){ .engine = engine, .node = node, .number = number };
	attempt->task.engine = attempt; /* it may be ended before it starts */
	arena_init(&attempt->arena);
	return attempt;
}

struct attempt *attempt_find(const struct engine *engine, int32_t slot)
{
	for (size_t i = 0; i < engine->attempts.count; i++)
		if (engine->attempts.at[i]->node->slot == slot)
			return engine->attempts.at[i];
	return NULL;
}

void attempt_drop(struct attempt *attempt)
{
	struct engine *engine = attempt->engine;
	size_t kept = 0;
	for (size_t i = 0; i < engine->attempts.count; i++)
		if (engine->attempts.at[i] != attempt)
			engine->attempts.at[kept++] = engine->attempts.at[i];
	engine->attempts.count = kept;
	timer_stop(&attempt->timer);
	*list_add(&engine->finished, engine->arena) = attempt;
}

void attempt_start(struct attempt *attempt)
{
	struct engine *engine = attempt->engine;
	struct task *task = &attempt->task;
	attempt->started = true;
	task->arena = &attempt->arena;
	task->services = &engine->services;
	task->run_dir = file_join(engine->folder.path, "files", &attempt->arena);
	task->hooks = &engine_hooks;
	if (attempt->node->type && attempt->node->type->selects)
		task->asked = &attempt->node->asked;
	if (!limit_start(attempt)) {
		attempt_cancel(attempt, &attempt->limit);
		return;
	}
	if (!attempt->node->type) {
		const struct outcome outcome = { .status = OUTCOME_SUCCEEDED };
		on_finish(task, &outcome, value_null());
		return;
	}
	attempt->node->type->start(task, attempt->args);
}
