/* Gates and other questions: who opens them, and what becomes of those that nobody opens. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>

#include "trial.h"

#define GATE "steps:\n  - {id: go, approve: 'Go on?'}\n  - say: behind\n"

static const char *answered(struct trial *trial, const char *path, const char *field)
{
	return trial_field(trial, EVENT_ASK_ANSWERED, path, field);
}

static void approve(struct trial *trial, const char *id)
{
	struct strings *ids = &trial->setup.approve;
	const char **longer = arena_array(&trial->desk.arena, const char *, ids->count + 1);
	for (size_t i = 0; i < ids->count; i++)
		longer[i] = ids->at[i];
	longer[ids->count] = id;
	*ids = (struct strings){ .count = ids->count + 1, .at = longer };
}

static void the_terminal_opens_it(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "go=yes");
	assert_int_equal(trial_run(trial, GATE), 0);
	assert_int_equal(trial->taken, ANSWER_TAKEN);
	assert_string_equal(answered(trial, "1", "how"), "terminal");
	assert_string_equal(trial_failure(trial, "2"), "");
}

static void a_no_fails_the_step(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "go=no");
	assert_int_equal(trial_run(trial, GATE), 1);
	assert_int_equal(strncmp(trial_failure(trial, "1"), "rejected: refused by ", 21), 0);
	assert_null(trial_find(trial, EVENT_STEP_STARTED, "2"));
}

static void a_flag_opens_it(void **state)
{
	struct trial *trial = *state;
	trial_plan(trial, GATE);
	approve(trial, "go");
	assert_int_equal(trial_go(trial), 0);
	assert_string_equal(answered(trial, "1", "how"), "flag");
	assert_string_equal(answered(trial, "1", "answer"), "yes");
}

static void another_flag_does_not(void **state)
{
	struct trial *trial = *state;
	trial_plan(trial, GATE);
	approve(trial, "gone");
	assert_int_equal(trial_go(trial), 7);
	assert_null(trial_find(trial, EVENT_ASK_ANSWERED, "1"));
}

/* What can run without the answer does. */
static void where_nobody_is_the_run_parks(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - parallel: Both\n"
					  "    steps:\n"
					  "      - {id: go, approve: 'Go on?'}\n"
					  "      - say: beside\n"
					  "  - say: behind\n"),
			 7);
	assert_string_equal(closed(trial, "status"), "parked");
	assert_string_equal(closed(trial, "msg"), "waiting for 'go'");
	assert_string_equal(trial_failure(trial, "1.b"), "");
	assert_null(trial_find(trial, EVENT_STEP_STARTED, "2"));
}

static void what_destroys_has_a_gate(void **state)
{
	struct trial *trial = *state;
	const char *text = "steps:\n  - {id: wipe, effect: destructive, shell: echo >gone}\n";
	assert_int_equal(trial_run(trial, text), 7);
	assert_null(trial_find(trial, EVENT_STEP_STARTED, "1"));
	trial_answers(trial, "wipe=no");
	assert_int_equal(trial_run(trial, text), 1);
	assert_int_equal(strncmp(trial_failure(trial, "1"), "rejected: refused by ", 21), 0);
	assert_string_equal(trial_file(trial, "gone"), strerror(ENOENT));
	trial_answers(trial, "wipe=yes");
	assert_int_equal(trial_run(trial, text), 0);
	assert_string_equal(trial_field(trial, EVENT_ASK_OPENED, "1", "must_type"), "wipe");
	assert_string_equal(trial_file(trial, "gone"), "\n");
}

/* A flag opens a gate with the text that it wants, and with evidence; else the run parks. */
static void a_flag_gives_what_a_gate_wants(void **state)
{
	static const char text[] =
		"steps:\n"
		"  - {id: tell, run: echo prod, effect: read, capture: {word: text}}\n"
		"  - {id: go, approve: 'Go on?', must_type: '${{ steps.tell.word }}'}\n"
		"  - {id: switch, manual: Switch it., evidence: the ticket}\n";
	static const char *evidence[] = { "switch=OPS-7" };
	struct trial *trial = *state;
	const char *const wrong[] = { "go", "go=", "go=pro", "go=production", "go=other" };
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		trial_plan(trial, text);
		approve(trial, wrong[i]);
		assert_int_equal(trial_go(trial), 7);
		assert_string_equal(closed(trial, "msg"), "waiting for 'go'");
	}
	trial_plan(trial, text);
	approve(trial, "go=prod");
	assert_int_equal(trial_go(trial), 7);
	assert_string_equal(closed(trial, "msg"), "waiting for 'switch'");
	trial_plan(trial, text);
	approve(trial, "go=prod");
	approve(trial, "switch");
	assert_int_equal(trial_go(trial), 7);
	assert_string_equal(closed(trial, "msg"), "waiting for 'switch'");
	trial_plan(trial, text);
	approve(trial, "go=prod");
	approve(trial, "switch");
	trial->setup.evidence = (struct strings){ .at = evidence, .count = 1 };
	assert_int_equal(trial_go(trial), 0);
	assert_string_equal(trial_field(trial, EVENT_ASK_ANSWERED, "3", "note"), "OPS-7");
	assert_string_equal(trial_field(trial, EVENT_ASK_ANSWERED, "3", "by"),
			    getpwuid(getuid())->pw_name);
}

static void a_word_is_about_the_gate_that_it_names_best(void **state)
{
	static const char *at[] = { "go=all", "go[1]=one", "gone", "other" };
	const struct strings words = { .at = at, .count = 4 };
	const char *text;
	(void)state;
	assert_string_equal(gate_word(&words, "go[1]", &text), "go[1]=one");
	assert_string_equal(text, "one");
	assert_string_equal(gate_word(&words, "go[0]", &text), "go=all");
	assert_string_equal(text, "all");
	assert_string_equal(gate_word(&words, "other[3]", &text), "other");
	assert_null(text);
	assert_null(gate_word(&words, "g", &text));
	assert_null(gate_word(&words, "others", &text));
}

/* ---- who may answer ------------------------------------------------------------------------ */

static const char *gate_of(struct trial *trial, const char *who)
{
	return arena_format(&trial->desk.arena,
			    "steps:\n  - {id: go, approve: 'Go on?', by: ['%s']}\n", who);
}

static void only_those_who_are_named_may_answer(void **state)
{
	struct trial *trial = *state;
	const char *user = getpwuid(getuid())->pw_name;
	const struct group *group = getgrgid(getpwuid(getuid())->pw_gid);
	trial_plan(trial, gate_of(trial, "nobody-of-this-name"));
	approve(trial, "go");
	assert_int_equal(trial_go(trial), 1);
	assert_non_null(strstr(trial_failure(trial, "1"), "is not one of those who may answer"));
	trial_plan(trial, gate_of(trial, "@no-such-group"));
	approve(trial, "go");
	assert_int_equal(trial_go(trial), 1);
	trial_plan(trial, gate_of(trial, user));
	approve(trial, "go");
	assert_int_equal(trial_go(trial), 0);
	if (!group)
		return;
	trial_plan(trial, gate_of(trial, arena_format(&trial->desk.arena, "@%s", group->gr_name)));
	approve(trial, "go");
	assert_int_equal(trial_go(trial), 0);
}

static void stop(void *data)
{
	struct trial *trial = data;
	trial->taken = run_answer(trial->engine, "go", "yes", "terminal", NULL);
	run_stop(trial->engine);
}

static void refuse_and_stop(struct trial *trial, const struct event *event)
{
	if (event->type != EVENT_ASK_OPENED)
		return;
	trial->timer = (struct timer){ .fire = stop, .data = trial };
	timer_start(&trial->timer, trial->loop, 0);
}

static void an_answer_of_another_is_not_taken(void **state)
{
	struct trial *trial = *state;
	trial->taken = ANSWER_TAKEN;
	trial->hear = refuse_and_stop;
	assert_int_equal(trial_run(trial, gate_of(trial, "nobody-of-this-name")), 10);
	assert_int_equal(trial->taken, ANSWER_NOT_YOURS);
	assert_null(trial_find(trial, EVENT_ASK_ANSWERED, "1"));
}

static void what_is_not_asked_is_too_late(void **state)
{
	struct trial *trial = *state;
	trial_answers(trial, "go=yes");
	assert_int_equal(trial_run(trial, GATE), 0);
	assert_int_equal(run_answer(trial->engine, "go", "yes", "terminal", NULL), ANSWER_LATE);
	assert_int_equal(run_answer(trial->engine, "other", "yes", "terminal", NULL), ANSWER_LATE);
}

/* ---- in a rollback ------------------------------------------------------------------------- */

/* Nothing parks in the middle of it. */
static void in_a_rollback_nobody_says_no(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {run: 'true', undo: [{say: undone}]}\n"
					  "  - run: 'false'\n"
					  "rollback:\n"
					  "  mode: automatic\n"
					  "  steps:\n"
					  "    - {id: back, approve: 'Restore?'}\n"
					  "    - {id: look, manual: Look.}\n"),
			 4);
	assert_string_equal(answered(trial, "R.1", "how"), "nobody");
	assert_string_equal(trial_failure(trial, "R.1"),
			    "rejected: nobody was there to open it: --approve back");
	assert_non_null(strstr(closed(trial, "next"), " --approve back\""));
	assert_non_null(strstr(closed(trial, "next"), " --approve back --approve look\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(the_terminal_opens_it),
		TRIAL(a_no_fails_the_step),
		TRIAL(a_flag_opens_it),
		TRIAL(another_flag_does_not),
		TRIAL(where_nobody_is_the_run_parks),
		TRIAL(what_destroys_has_a_gate),
		TRIAL(a_flag_gives_what_a_gate_wants),
		TRIAL(a_word_is_about_the_gate_that_it_names_best),
		TRIAL(only_those_who_are_named_may_answer),
		TRIAL(an_answer_of_another_is_not_taken),
		TRIAL(what_is_not_asked_is_too_late),
		TRIAL(in_a_rollback_nobody_says_no),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
