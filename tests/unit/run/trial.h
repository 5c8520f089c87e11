/* A run of a document in memory by the real engine: a store and a folder of its own, a sink that
 * keeps what it hears, and afterwards a replay of the journal that must give the same state. */
#ifndef TESTS_UNIT_RUN_TRIAL_H
#define TESTS_UNIT_RUN_TRIAL_H

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/run.h"
#include "same.h"
#include "unit/plan/support.h"

struct trial {
	struct desk desk; /* documents; its arena is the trial's */
	char folder[64];  /* cwd of the steps */
	struct store store;
	struct loop *loop;
	struct mask *mask;
	struct run_setup setup;
	struct engine *engine;
	struct run_refusal refusal;
	LIST(struct event) events; /* all that the sink heard, copied */
	struct buffer told;        /* the same as lines of JSON */
	int exit;
	/* Called for each event; may answer or stop. */
	void (*hear)(struct trial *trial, const struct event *event);
	/* "go=yes,rollback=no": what trial_reply answers, which is then to be heard */
	const char *answers;
	const char *asked, *answer; /* what it answers next */
	enum answer_result taken;   /* what came of the last answer */
	struct timer timer;
};

static inline void trial_heard(void *data, const struct event *event)
{
	struct trial *trial = data;
	struct event *copy = list_add(&trial->events, &trial->desk.arena);
	*copy = *event;
	copy->path = event->path ? arena_string(&trial->desk.arena, event->path) : NULL;
	copy->id = event->id ? arena_string(&trial->desk.arena, event->id) : NULL;
	copy->data = value_copy(event->data, &trial->desk.arena);
	event_write(&trial->told, event);
	buffer_putc(&trial->told, '\n');
	if (trial->hear)
		trial->hear(trial, event);
}

static inline int trial_setup(void **state)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	struct io_failure failure;
	struct store_error error;
	struct desk *desk = &trial->desk;
	*state = trial;
	arena_init(&desk->arena);
	diags_init(&desk->diags, &desk->arena);
	desk->reader = (struct plan_reader){ .read = desk_read, .data = desk };
	buffer_init(&trial->told, &desk->arena);
	snprintf(trial->folder, sizeof(trial->folder), "/tmp/runbook-trial-XXXXXX");
	if (!mkdtemp(trial->folder))
		return -1;
	trial->loop = loop_open(&clock_system, &desk->arena, &failure);
	trial->mask = mask_new(&desk->arena);
	const char *path = arena_format(&desk->arena, "%s/state", trial->folder);
	return trial->loop && store_open(&trial->store, path, &desk->arena, &error) ? 0 : -1;
}

static inline int trial_teardown(void **state)
{
	struct trial *trial = *state;
	char command[128];
	snprintf(command, sizeof(command), "rm -rf %s", trial->folder);
	arena_done(&trial->desk.arena);
	free(trial);
	return system(command);
}

#define TRIAL(function) cmocka_unit_test_setup_teardown(function, trial_setup, trial_teardown)

/* ---- running ------------------------------------------------------------------------------- */

/* The plan of "runbook: 1", a name, no lock, the folder as cwd (lines 1 to 4), and the text; inputs
 * with a default have it, secrets are "hunter22". */
static inline void trial_plan(struct trial *trial, const char *text)
{
	struct arena *arena = &trial->desk.arena;
	desk_put(&trial->desk, "main.yaml",
		 arena_format(arena,
			      "runbook: 1\nname: Trial\nlock: false\ndefaults: {cwd: %s}\n%s",
			      trial->folder, text));
	if (!desk_make(&trial->desk, "main.yaml"))
		fail_msg("%s", desk_told(&trial->desk));
	const struct plan_scope *scope = trial->desk.plan->scopes[0];
	struct value *inputs = arena_array(arena, struct value, scope->input_count + 1);
	const char **sources = arena_array(arena, const char *, scope->input_count + 1);
	for (size_t i = 0; i < scope->input_count; i++) {
		inputs[i] = scope->inputs[i].dflt
				    ? scope->inputs[i].value
				    : value_mark(
					      value_cstring("hunter22"),
					      VALUE_OUTSIDE |
						      (scope->inputs[i].secret ? VALUE_SECRET : 0));
		if (scope->inputs[i].type == INPUT_LIST && !scope->inputs[i].dflt) {
			struct value *item = arena_new(arena, struct value);
			*item = inputs[i];
			inputs[i] = value_mark(value_list(item, 1, arena), VALUE_SECRET);
		}
		sources[i] = scope->inputs[i].dflt ? "default" : "env";
	}
	mask_add(trial->mask, TEXT("hunter22"));
	struct sink *sink = arena_new(arena, struct sink);
	*sink = (struct sink){ .event = trial_heard, .data = trial };
	trial->setup = (struct run_setup){ .plan = trial->desk.plan,
					   .store = &trial->store,
					   .loop = trial->loop,
					   .arena = arena,
					   .mask = trial->mask,
					   .inputs = inputs,
					   .sources = sources,
					   .cwd = trial->folder,
					   .interactive = trial->hear != NULL,
					   .sinks = sink,
					   .sink_count = 1 };
	trial->events.count = 0;
	buffer_init(&trial->told, arena);
}

struct trial_fold {
	struct state state;
};

static inline bool trial_fold(const struct event *event, void *data)
{
	struct trial_fold *fold = data;
	return state_apply(&fold->state, event);
}

/* What the journal says is what the run was. */
static inline void trial_replay(struct trial *trial)
{
	struct trial_fold fold;
	struct store_error error;
	struct run_folder folder = *run_folder_of(trial->engine);
	state_init(&fold.state, &trial->desk.arena);
	assert_int_equal(journal_read(&folder, &trial->desk.arena, trial_fold, &fold, &error),
			 JOURNAL_WHOLE);
	assert_true(state_same(&fold.state, run_state(trial->engine)));
}

static inline int trial_go(struct trial *trial)
{
	trial->engine = run_open(&trial->setup, &trial->refusal);
	if (!trial->engine)
		fail_msg("exit %d: %s", trial->refusal.exit, trial->refusal.message);
	trial->exit = run_loop(trial->engine);
	trial_replay(trial);
	if (getenv("TRIAL_TOLD"))
		fputs(buffer_string(&trial->told), stderr);
	return trial->exit;
}

static inline void trial_answer(void *data)
{
	struct trial *trial = data;
	const struct ask_state *ask = state_ask(run_state(trial->engine), trial->asked);
	if (ask && ask->answered)
		return; /* the run itself has said it */
	if (!trial->answer)
		fail_msg("nobody was to be asked '%s'", trial->asked);
	trial->taken = run_answer(trial->engine, trial->asked, trial->answer, "terminal", NULL);
}

/* Hears of a question and answers it when the loop turns. */
static inline void trial_reply(struct trial *trial, const struct event *event)
{
	struct arena *arena = &trial->desk.arena;
	if (event->type != EVENT_ASK_OPENED)
		return;
	trial->asked = event_text(event, "ask", arena);
	const char *at = strstr(trial->answers, arena_format(arena, "%s=", trial->asked));
	if (at)
		at += strlen(trial->asked) + 1;
	trial->answer = at ? arena_copy(arena, at, strcspn(at, ",")) : NULL;
	trial->timer = (struct timer){ .fire = trial_answer, .data = trial };
	timer_start(&trial->timer, trial->loop, 0);
}

/* From now on somebody is there who gives these answers; none: nobody is. */
static inline void trial_answers(struct trial *trial, const char *answers)
{
	trial->answers = answers;
	trial->hear = answers ? trial_reply : NULL;
}

static inline int trial_run(struct trial *trial, const char *text)
{
	trial_plan(trial, text);
	return trial_go(trial);
}

/* ---- what was heard ------------------------------------------------------------------------ */

/* The last event of a type about a step (NULL: of the run), or NULL. */
static inline const struct event *trial_find(const struct trial *trial, enum event_type type,
					     const char *path)
{
	for (size_t i = trial->events.count; i > 0; i--) {
		const struct event *event = &trial->events.at[i - 1];
		if (event->type == type &&
		    (path ? event->path && strcmp(event->path, path) == 0 : !event->path))
			return event;
	}
	return NULL;
}

static inline size_t trial_count(const struct trial *trial, enum event_type type, const char *path)
{
	size_t count = 0;
	for (size_t i = 0; i < trial->events.count; i++)
		count += trial->events.at[i].type == type && trial->events.at[i].path &&
			 strcmp(trial->events.at[i].path, path) == 0;
	return count;
}

/* A field of it: a text as it is, other values as JSON; "none" if there is none. */
static inline const char *trial_field(struct trial *trial, enum event_type type, const char *path,
				      const char *field)
{
	const struct event *event = trial_find(trial, type, path);
	struct value value;
	struct buffer out;
	if (!event || !value_field(event->data, field, &trial->desk.arena, &value))
		return "none";
	if (value_is(value, VALUE_STRING))
		return arena_text(&trial->desk.arena, value_text(value)).ptr;
	buffer_init(&out, &trial->desk.arena);
	if (value_is(value, VALUE_ERROR))
		return "a secret";
	json_write(&out, value);
	return buffer_string(&out);
}

#define ended(trial, path, field) trial_field((trial), EVENT_STEP_ENDED, (path), (field))
#define started(trial, path, field) trial_field((trial), EVENT_STEP_STARTED, (path), (field))
#define closed(trial, field) trial_field((trial), EVENT_RUN_CLOSED, NULL, (field))

/* "class: msg" of the last end of a step; "" if it succeeded. */
static inline const char *trial_failure(struct trial *trial, const char *path)
{
	if (strcmp(ended(trial, path, "status"), "succeeded") == 0)
		return "";
	return arena_format(&trial->desk.arena, "%s: %s", ended(trial, path, "class"),
			    ended(trial, path, "msg"));
}

/* A file of the folder, or what keeps it from being read. */
static inline const char *trial_file(struct trial *trial, const char *name)
{
	struct text text;
	int error = file_read(AT_FDCWD, file_join(trial->folder, name, &trial->desk.arena), 1 << 20,
			      &trial->desk.arena, &text);
	return error ? strerror(error) : text.ptr;
}

/* The log of an attempt, or NULL. */
static inline const char *trial_log(struct trial *trial, const char *path, uint32_t attempt)
{
	struct run_folder folder = *run_folder_of(trial->engine);
	struct text text;
	const char *log = log_path(&folder, desk_node(&trial->desk, path)->slot, attempt,
				   &trial->desk.arena);
	if (!log || file_read(folder.fd, log, 64 << 20, &trial->desk.arena, &text))
		return NULL;
	return text.ptr;
}

#endif
