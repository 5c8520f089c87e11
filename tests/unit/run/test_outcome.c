/* How an attempt that was to be stopped ended. */
#include "trial.h"

#include "run/internal.h"
#include "support/valgrind.h"

static void a_command_that_is_stopped_has_timed_out(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - shell: trap 'exit 0' TERM; while :; do sleep 0.05; done\n"
				   "    timeout: 300ms\n"),
			 1);
	assert_string_equal(trial_failure(trial, "1"),
			    "timeout: timed out after 300ms (the step's timeout)");
}

/* The timer that came when the command had ended already, and its end was not yet heard of. */
static void expire(struct trial *trial, const struct event *event)
{
	if (event->type == EVENT_STEP_SPAWNED)
		trial->engine->attempts.at[0]->expired = &trial->engine->attempts.at[0]->limit;
}

static void what_was_done_before_the_stop_is_not_done_again(void **state)
{
	struct trial *trial = *state;
	trial->hear = expire;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - run: echo once\n"
					  "    timeout: 1h\n"
					  "    retry: {attempts: 2, every: 1ms}\n"
					  "    assert: [text == 'once']\n"),
			 0);
	assert_int_equal(trial_count(trial, EVENT_STEP_STARTED, "1"), 1);
	assert_string_equal(trial_failure(trial, "1"), "");
	assert_string_equal(
		ended(trial, "1", "lines"),
		"[{\"label\":\"note\",\"text\":\"was done before the step's timeout of 1h "
		"stopped it\"}]");
}

/* ---- which limit it was ------------------------------------------------------------------- */

static void a_limit_says_whose_it_is(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - run: sleep 60\n"
					  "    timeout: 1h\n"
					  "    retry: {attempts: 2, within: 50ms}\n"
					  "    on_failure: continue\n"
					  "  - group: Together\n"
					  "    timeout: 50ms\n"
					  "    on_failure: continue\n"
					  "    steps:\n"
					  "      - run: sleep 60\n"
					  "        timeout: 1h\n"
					  "  - wait: 20ms\n"
					  "    timeout: 1h\n"),
			 0);
	assert_string_equal(trial_failure(trial, "1"),
			    "timeout: timed out after 50ms (the step's retry.within)");
	assert_string_equal(trial_failure(trial, "2.1"),
			    "timeout: timed out after 50ms (group 2's timeout)");
	assert_string_equal(trial_failure(trial, "2"), trial_failure(trial, "2.1"));
	assert_string_equal(ended(trial, "2", "code"), "RB0507");
}

/* Nothing has an effect, so that nobody asks whether to roll back before finally. */
static void finally_is_told_of_the_limit_of_the_run(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "timeout: 100ms\n"
					  "steps:\n"
					  "  - run: sleep 60\n"
					  "    id: slow\n"
					  "    effect: read\n"
					  "finally:\n"
					  "  - say: ${{ error.step }} ${{ error.message }}\n"),
			 1);
	assert_string_equal(started(trial, "2.1", "text"),
			    "slow timed out after 100ms (the run's timeout)");
}

static void the_limit_of_a_run_passes_while_nothing_runs(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "timeout: 300ms\n"
					  "steps:\n"
					  "  - run: 'false'\n"
					  "    effect: read\n"
					  "    retry: {attempts: 2, every: 1h, max_every: 1h}\n"
					  "finally:\n"
					  "  - say: ${{ error.class }}\n"),
			 1);
	assert_string_equal(closed(trial, "status"), "failed");
	assert_string_equal(closed(trial, "msg"), "timed out after 300ms (the run's timeout)");
	assert_string_equal(started(trial, "2.1", "text"), "timeout");
}

static void say_yes(void *data)
{
	struct trial *trial = data;
	run_answer(trial->engine, "go", "yes", "terminal", NULL);
}

/* The gate is opened when the run would be over long ago. */
static void open_late(struct trial *trial, const struct event *event)
{
	if (event->type != EVENT_ASK_OPENED)
		return;
	trial->timer = (struct timer){ .fire = say_yes, .data = trial };
	timer_start(&trial->timer, trial->loop, 1500 * NS_PER_MS);
}

static void waiting_at_a_gate_is_not_counted(void **state)
{
	struct trial *trial = *state;
	trial->hear = open_late;
	assert_int_equal(trial_run(trial, "timeout: 1s\n"
					  "steps:\n"
					  "  - {id: go, approve: 'Go on?'}\n"
					  "  - say: It goes on.\n"
					  "  - run: sleep 60\n"
					  "    effect: read\n"),
			 1);
	assert_string_equal(closed(trial, "msg"), "failed");
	assert_string_equal(trial_failure(trial, "3"),
			    "timeout: timed out after 1s (the run's timeout)");
	assert_true(run_state(trial->engine)->waited_ms >= 1400);
}

/* ---- times --------------------------------------------------------------------------------- */

/* The attempts of the first step, as the sink heard of them: each took no longer than from its
 * start to its end, and the next one did not begin before its pause had passed. */
static void attempts_and_pauses_are_measured_from_the_same_origin(void **state)
{
	struct trial *trial = *state;
	int64_t start = -1, due = 0;
	size_t ends = 0;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - run: 'false'\n"
					  "    retry: {attempts: 4, every: 25ms}\n"),
			 1);
	assert_int_equal(trial_find(trial, EVENT_RUN_OPENED, NULL)->ms, 0);
	for (size_t i = 0; i < trial->events.count; i++) {
		const struct event *event = &trial->events.at[i];
		if (event->type == EVENT_STEP_STARTED) {
			start = event->ms;
			assert_true(start >= due);
		} else if (event->type == EVENT_STEP_ENDED) {
			assert_in_range(event_int(event, "took", -1), 0, event->ms - start);
			due = event->ms + event_int(event, "again", 0);
			ends++;
		}
	}
	assert_int_equal(ends, 4);
}

/* ---- on_failure: continue ------------------------------------------------------------------ */

static void a_failure_that_the_run_goes_on_without_is_a_warning(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - id: first\n"
					  "    run: 'false'\n"
					  "    retry: {attempts: 3, every: 1ms}\n"
					  "    on_failure: continue\n"
					  "  - say: It goes on\n"
					  "    when: 1 / (steps.first.exit_code - 1) == 1\n"
					  "    on_failure: continue\n"
					  "  - group: Together\n"
					  "    on_failure: continue\n"
					  "    steps:\n"
					  "      - run: 'false'\n"),
			 0);
	assert_string_equal(ended(trial, "1", "warnings"),
			    "[{\"msg\":\"it failed, and the run goes on\",\"file\":\"main.yaml\","
			    "\"line\":7}]");
	assert_string_equal(ended(trial, "3.1", "warnings"), "none");
	assert_string_equal(closed(trial, "status"), "succeeded");
	assert_string_equal(closed(trial, "counts"),
			    "{\"steps\":2,\"assertions\":0,\"warnings\":3}");
}

/* "3, 4 half": what the end says is still there. */
static const char *left(struct trial *trial)
{
	struct buffer out;
	struct value rows, half;
	struct arena *arena = &trial->desk.arena;
	const struct event *event = trial_find(trial, EVENT_RUN_CLOSED, NULL);
	buffer_init(&out, arena);
	if (!value_field(event->data, "in_effect", arena, &rows))
		return "none is told";
	for (size_t i = 0; i < value_count(rows); i++)
		buffer_printf(&out, "%s%s%s", i ? ", " : "",
			      value_field_text(value_item(rows, i), "path", arena),
			      value_field(value_item(rows, i), "half", arena, &half) && half.boolean
				      ? " half"
				      : "");
	return buffer_string(&out);
}

static void what_could_not_begin_is_not_in_effect(void **state)
{
	struct trial *trial = *state;
	static const struct {
		const char *step, *left;
	} rows[] = {
		{ "run: no-such-program-here", "1" },
		{ "{run: 'true', cwd: /no/such/folder}", "1" },
		{ "run: 'false'", "1, 2 half" },
		{ "http: POST http://127.0.0.1:1/", "1" },
		{ "sql: {connection: 'postgresql://127.0.0.1:1/x', query: select 1}", "1" },
		{ "sql: {connection: 'sqlite:x.db', query: create table t(a)}", "1" },
		{ "sql: {connection: 'sqlite::memory:', query: create table t(a); nonsense}", "1" },
		{ "sql: {connection: 'sqlite::memory:', transaction: false, query: create table "
		  "t(a); "
		  "nonsense}",
		  "1, 2 half" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (under_valgrind() && strstr(rows[i].step, "cwd:"))
			continue; /* a child cannot say there what went wrong before its exec */
		const char *text = arena_format(&trial->desk.arena,
						"steps:\n  - run: 'true'\n  - %s\n", rows[i].step);
		assert_int_equal(trial_run(trial, text), 1);
		assert_string_equal(left(trial), rows[i].left);
	}
}

static void an_attempt_before_it_that_did_something_counts(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(mkdir(file_join(trial->folder, "step", &trial->desk.arena), 0700), 0);
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - shell: mv ../step ../gone; exit 1\n"
					  "    cwd: step\n"
					  "    retry: {attempts: 2, every: 1ms}\n"),
			 1);
	if (under_valgrind())
		return;
	assert_string_equal(ended(trial, "1", "class"), "not_found");
	assert_string_equal(left(trial), "1 half");
}

static void what_verifies_is_not_in_effect(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps: [{run: 'true'}]\n"
					  "verify: [{shell: 'true'}, {run: 'false'}]\n"),
			 1);
	assert_string_equal(left(trial), "1");
}

/* ---- the log ------------------------------------------------------------------------------- */

static void lose_logs(struct trial *trial, const struct event *event)
{
	if (event->type == EVENT_STEP_STARTED)
		unlinkat(run_folder_of(trial->engine)->fd, "logs", AT_REMOVEDIR);
}

static void a_log_that_is_not_whole_is_a_warning(void **state)
{
	struct trial *trial = *state;
	trial->hear = lose_logs;
	assert_int_equal(trial_run(trial, "steps: [{run: echo logged}]\n"), 0);
	assert_non_null(
		strstr(ended(trial, "1", "warnings"), "its log is not whole: cannot create"));
	assert_non_null(strstr(closed(trial, "counts"), "\"warnings\":1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(a_command_that_is_stopped_has_timed_out),
		TRIAL(what_was_done_before_the_stop_is_not_done_again),
		TRIAL(a_limit_says_whose_it_is),
		TRIAL(finally_is_told_of_the_limit_of_the_run),
		TRIAL(the_limit_of_a_run_passes_while_nothing_runs),
		TRIAL(waiting_at_a_gate_is_not_counted),
		TRIAL(attempts_and_pauses_are_measured_from_the_same_origin),
		TRIAL(a_failure_that_the_run_goes_on_without_is_a_warning),
		TRIAL(what_could_not_begin_is_not_in_effect),
		TRIAL(an_attempt_before_it_that_did_something_counts),
		TRIAL(what_verifies_is_not_in_effect),
		TRIAL(a_log_that_is_not_whole_is_a_warning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
