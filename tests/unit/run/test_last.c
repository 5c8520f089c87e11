/* run.last: the last run of this runbook that ended well, as a run sees and records it. */
#include "trial.h"

static const char *recorded(struct trial *trial)
{
	return trial_field(trial, EVENT_RUN_OPENED, NULL, "last");
}

/* A runbook that hands on an image, and sees the one before it. */
static const char *deploy(struct trial *trial, const char *image, const char *more)
{
	return arena_format(
		&trial->desk.arena,
		"vars: {before: \"${{ run.?last.outputs.image.orValue('none') }}\"}\n"
		"steps:\n  - say: ${{ vars.before }} ${{ run.?last.outputs.image.orValue("
		"'none') }}\n%soutputs: {image: \"'%s'\", key: inputs.key}\n"
		"inputs: {key: {secret: true}}\n",
		more, image);
}

static void it_is_the_last_one_that_ended_well(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(trial_run(trial, deploy(trial, "v1", "")), 0);
	assert_string_equal(recorded(trial), "{}");
	assert_string_equal(started(trial, "1", "text"), "none none");
	const char *id = run_folder_of(trial->engine)->id;

	assert_int_equal(trial_run(trial, deploy(trial, "v2", "  - run: 'false'\n")), 1);
	assert_string_equal(started(trial, "1", "text"), "v1 v1");
	assert_non_null(strstr(recorded(trial), id));
	assert_non_null(strstr(recorded(trial), "\"image\":\"v1\""));

	assert_int_equal(trial_run(trial, deploy(trial, "v3", "")), 0);
	assert_string_equal(started(trial, "1", "text"), "v1 v1"); /* v2 has failed */
	assert_int_equal(trial_run(trial, deploy(trial, "v4", "")), 0);
	assert_string_equal(started(trial, "1", "text"), "v3 v3");
	assert_null(strstr(recorded(trial), "key")); /* a secret was kept nowhere */
}

static void its_fields_have_their_types(void **state)
{
	struct trial *trial = *state;
	const char *document =
		"steps:\n"
		"  - when: has(run.last)\n"
		"    assert:\n"
		"      - run.last.id < run.id && run.last.finished_at < now\n"
		"      - run.last.outputs.list == [1, 2] && size(run.last.outputs) == "
		"1\n"
		"      - \"'last' in run\"\n"
		"outputs: {list: '[1, 2]'}\n";
	assert_int_equal(trial_run(trial, document), 0);
	assert_int_equal(trial_count(trial, EVENT_STEP_SKIPPED, "1"), 1);
	assert_int_equal(trial_run(trial, document), 0);
	assert_string_equal(ended(trial, "1", "held"), "3");
}

static void what_it_handed_on_is_data(void **state)
{
	struct trial *trial = *state;
	const char *document = "steps:\n"
			       "  - run: test ${{ run.?last.outputs.flag.orValue('x') }} = x\n"
			       "outputs: {flag: \"'-x'\"}\n";
	assert_int_equal(trial_run(trial, document), 0);
	assert_int_equal(trial_run(trial, document), 1); /* it would be an option */
	assert_non_null(strstr(trial_failure(trial, "1"), "refused: "));
}

static void who_does_not_name_it_does_not_look(void **state)
{
	struct trial *trial = *state;
	const char *runs = file_join(trial->folder, "state/runs", &trial->desk.arena);
	struct value last;
	struct store_error error;
	assert_int_equal(trial_run(trial, "steps: [{say: x}]\n"), 0);
	assert_string_equal(recorded(trial), "none");
	/* Even where nothing can be read. */
	assert_int_equal(rename(runs, file_join(trial->folder, "aside", &trial->desk.arena)), 0);
	assert_int_equal(close(creat(runs, 0600)), 0);
	assert_true(run_last(&trial->store, trial->setup.plan, &trial->desk.arena, &last, &error));
	assert_int_equal(last.kind, VALUE_NULL);
	trial_plan(trial, "steps: [{say: \"${{ run.?last.id.orValue('') }}\"}]\n");
	assert_false(run_last(&trial->store, trial->setup.plan, &trial->desk.arena, &last, &error));
	assert_non_null(error.message);
	trial->engine = run_open(&trial->setup, &trial->refusal);
	assert_null(trial->engine);
	assert_int_equal(trial->refusal.exit, 8);
}

static void a_called_runbook_sees_none(void **state)
{
	struct trial *trial = *state;
	const char *document = "steps:\n"
			       "  - call: ./sub.yaml\n"
			       "  - say: ${{ run.?last.outputs.own.orValue('none') }}\n"
			       "outputs: {own: \"'of the caller'\"}\n";
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\nsteps:\n"
		 "  - say: ${{ run.?last.outputs.own.orValue('none') }} ${{ 'last' in run }}\n"
		 "outputs: {own: \"'of the called'\"}\n");
	assert_int_equal(trial_run(trial, document), 0);
	assert_int_equal(trial_run(trial, document), 0);
	assert_string_equal(started(trial, "1.1", "text"), "none false");
	assert_string_equal(started(trial, "2", "text"), "of the caller");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(it_is_the_last_one_that_ended_well),
		TRIAL(its_fields_have_their_types),
		TRIAL(what_it_handed_on_is_data),
		TRIAL(who_does_not_name_it_does_not_look),
		TRIAL(a_called_runbook_sees_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
