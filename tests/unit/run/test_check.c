/* Assertions and captures over what an attempt gave. */
#include "trial.h"

static void an_assertion_that_is_false_shows_its_parts(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - run: echo 7\n"
					  "    effect: read\n"
					  "    assert:\n"
					  "      - exit_code == 0\n"
					  "      - int(text) == 8 && exit_code == 0\n"),
			 1);
	assert_string_equal(trial_failure(trial, "1"), "assertion: assertion is false");
	assert_string_equal(ended(trial, "1", "code"), "RB0501");
	assert_string_equal(ended(trial, "1", "actual"), "7 (int)");
	assert_string_equal(ended(trial, "1", "expected"), "8 (int)");
	assert_string_equal(ended(trial, "1", "held"), "1");
	assert_non_null(strstr(ended(trial, "1", "lines"), "int(text) = 7 (int)"));
	assert_string_equal(ended(trial, "1", "loc"),
			    "{\"file\":\"main.yaml\",\"line\":10,\"col\":9,\"end\":18}");
}

static void an_author_says_it_in_words(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial, "steps:\n"
				 "  - run: echo 7\n"
				 "    effect: read\n"
				 "    assert:\n"
				 "      - {that: text == '8', message: 'it is ${{ text }}', hint: "
				 "Count again.}\n"),
		1);
	assert_string_equal(trial_failure(trial, "1"), "assertion: it is 7");
	assert_non_null(strstr(ended(trial, "1", "lines"),
			       "{\"label\":\"hint\",\"text\":\"Count again.\"}"));
}

static void a_warning_lets_the_step_succeed(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial, "steps:\n"
				 "  - run: echo 7\n"
				 "    assert:\n"
				 "      - {that: text == '8', severity: warn}\n"
				 "      - {that: text == '9', severity: warn, message: not nine}\n"
				 "      - text == '7'\n"),
		0);
	assert_string_equal(ended(trial, "1", "warnings"),
			    "[{\"msg\":\"assertion is false: text == "
			    "'8'\",\"file\":\"main.yaml\",\"line\":8},"
			    "{\"msg\":\"not nine\",\"file\":\"main.yaml\",\"line\":9}]");
	assert_string_equal(ended(trial, "1", "held"), "1");
	assert_string_equal(closed(trial, "counts"),
			    "{\"steps\":1,\"assertions\":1,\"warnings\":2}");
}

static void an_assertion_that_cannot_be_tried_fails(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps: [{run: echo x, effect: read, assert: [int(text) == "
				   "1]}]\n"),
			 1);
	assert_string_equal(ended(trial, "1", "class"), "assertion");
	assert_string_equal(ended(trial, "1", "code"), "RB0502");
	/* A limit is the world's, not the assertion's. */
	assert_int_equal(trial_run(trial,
				   "steps: [{run: echo long, max_output: 2, effect: read, assert: "
				   "[text == 'x']}]\n"),
			 1);
	assert_string_equal(ended(trial, "1", "class"), "resource");
	assert_int_equal(trial_run(trial, "steps: [{run: echo long, max_output: 2}]\n"), 0);
}

static void assertions_are_not_tried_after_a_failure(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps: [{shell: exit 3, effect: read, assert: [exit_code == "
				   "5]}]\n"),
			 1);
	assert_string_equal(ended(trial, "1", "class"), "exit");
	assert_string_equal(ended(trial, "1", "held"), "0");
}

static void a_capture_that_fails_fails_the_step(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps: [{run: echo x, effect: read, capture: {good: text, n: "
				   "int(text)}}]\n"),
			 1);
	assert_string_equal(ended(trial, "1", "class"), "capture");
	assert_string_equal(ended(trial, "1", "code"), "RB0504");
}

static void a_step_of_assertions_needs_no_verb(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, "vars: {a: 1}\nsteps: [{assert: [vars.a == 1]}, {assert: "
					  "vars.a == 2}]\n"),
			 1);
	assert_string_equal(trial_failure(trial, "1"), "");
	assert_string_equal(ended(trial, "2", "actual"), "1 (int)");
}

static void secrets_are_neither_shown_nor_kept(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial,
			  "inputs: {pw: {secret: true}}\n"
			  "steps:\n"
			  "  - {shell: 'echo \"${{ inputs.pw }}\"', id: a, effect: read, capture: "
			  "{pw: inputs.pw, out: text}}\n"
			  "  - {assert: \"inputs.pw == 'other'\"}\n"
			  "outputs: {a: steps.a.pw, b: steps.a.out}\n"),
		1);
	assert_null(strstr(buffer_string(&trial->told), "hunter22"));
	assert_string_equal(ended(trial, "1", "stdout"), "***\n");
	assert_non_null(strstr(buffer_string(&trial->told), "\"pw\":{\"secret\":true}"));
	assert_string_equal(trial_log(trial, "1", 1), "***\n");
	assert_string_equal(ended(trial, "2", "actual"), "(secret) (string)");
}

static void a_sensitive_step_tells_nothing(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {run: echo private, sensitive: true, id: a, capture: {t: "
				   "text}, assert: [text == 'private']}\n"
				   "  - {assert: \"steps.a.t == 'private'\"}\n"),
			 0);
	assert_null(strstr(buffer_string(&trial->told), "\"text\":\"private"));
	assert_string_equal(ended(trial, "1", "stdout"), "none");
	assert_non_null(
		strstr(buffer_string(&trial->told), "\"outputs\":{\"t\":{\"secret\":true}"));
	assert_null(trial_log(trial, "1", 1));
	assert_null(trial_find(trial, EVENT_STEP_OUTPUT, "1"));
}

static void a_structure_is_looked_at_when_its_steps_are_done(void **state)
{
	struct trial *trial = *state;
	desk_put(
		&trial->desk, "two.yaml",
		"library: 1\nname: two\nsteps:\n"
		"  two: {steps: [{run: echo first}, {run: echo last}]}\n"
		"  own: {steps: [{run: echo first, id: f}], outputs: {x: 'steps.f.text + \"!\"'}}\n"
		"  bad: {steps: [{run: echo first, id: f}], outputs: {x: int(steps.f.text)}}\n");
	assert_int_equal(trial_run(trial,
				   "import: [./two.yaml]\n"
				   "steps:\n"
				   "  - {two: {}, assert: [text == 'last'], capture: {t: text}}\n"
				   "  - {two.own: {}, assert: [x == 'first!']}\n"
				   "  - {two.bad: {}}\n"),
			 1);
	assert_string_equal(trial_failure(trial, "1"), "");
	assert_string_equal(ended(trial, "1", "held"), "1");
	assert_string_equal(trial_failure(trial, "2"), "");
	assert_string_equal(ended(trial, "3", "class"), "capture");
}

static void a_call_that_fails_gives_the_outputs_that_can_be_computed(void **state)
{
	struct trial *trial = *state;
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\nsteps: [{run: echo a, id: a}, {run: 'false', "
		 "id: "
		 "b, capture: {t: text}}]\noutputs: {a: steps.a.text, b: steps.b.t}\n");
	assert_int_equal(trial_run(trial,
				   "steps: [{call: ./sub.yaml, id: c, on_failure: continue}]\n"
				   "outputs: {a: 'steps.c.?a.orValue(\"-\")', b: "
				   "'steps.c.?b.orValue(\"-\")'}\n"),
			 0);
	assert_string_equal(closed(trial, "outputs"), "{\"a\":\"a\",\"b\":\"-\"}");
	assert_string_equal(ended(trial, "1", "continued"), "true");
}

/* The step that only ran is not failed by it; the one that looks is told what it is, and so is a
 * replay (trial_replay). */
static void a_later_step_is_told_why_an_output_cannot_be_read(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial,
				   "steps:\n"
				   "  - {id: long, run: echo long, max_output: 2}\n"
				   "  - {id: bytes, run: \"printf '\\\\377'\"}\n"
				   "  - {id: word, run: echo word}\n"
				   "  - {say: '${{ steps.long.text }}', on_failure: continue}\n"
				   "  - {say: '${{ steps.bytes.lines }}', on_failure: continue}\n"
				   "  - {say: '${{ steps.word.json }}', on_failure: continue}\n"),
			 0);
	assert_string_equal(trial_failure(trial, "4"),
			    "resource: 'stdout' is longer than the limit of 2 bytes; it is in the "
			    "log only");
	assert_string_equal(trial_failure(trial, "5"), "resource: 'stdout' is not UTF-8 at byte 1");
	assert_non_null(strstr(trial_failure(trial, "6"), "expression: 'stdout' is not JSON"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(an_assertion_that_is_false_shows_its_parts),
		TRIAL(an_author_says_it_in_words),
		TRIAL(a_warning_lets_the_step_succeed),
		TRIAL(an_assertion_that_cannot_be_tried_fails),
		TRIAL(assertions_are_not_tried_after_a_failure),
		TRIAL(a_capture_that_fails_fails_the_step),
		TRIAL(a_step_of_assertions_needs_no_verb),
		TRIAL(secrets_are_neither_shown_nor_kept),
		TRIAL(a_sensitive_step_tells_nothing),
		TRIAL(a_structure_is_looked_at_when_its_steps_are_done),
		TRIAL(a_call_that_fails_gives_the_outputs_that_can_be_computed),
		TRIAL(a_later_step_is_told_why_an_output_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
