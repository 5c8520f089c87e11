/* How a run begins: what it records before anything has happened, and what keeps it from it. */
#include "trial.h"

static const char *opened(struct trial *trial, const char *field)
{
	return trial_field(trial, EVENT_RUN_OPENED, NULL, field);
}

static size_t runs(struct trial *trial)
{
	const char *const *ids;
	size_t count;
	struct store_error error;
	assert_true(store_list(&trial->store, &ids, &count, &error));
	return count;
}

/* One that is not begun. Gives its exit code. */
static int refused(struct trial *trial, const char *text)
{
	trial_plan(trial, text);
	trial->engine = run_open(&trial->setup, &trial->refusal);
	assert_null(trial->engine);
	return trial->refusal.exit;
}

static void what_it_is_about_is_recorded_first(void **state)
{
	struct trial *trial = *state;
	trial_plan(trial, "inputs: {stage: {default: blue}, key: {secret: true, env: KEY}}\n"
			  "vars: {place: \"${{ inputs.stage }}-1\"}\n"
			  "steps:\n"
			  "  - {id: one, say: x}\n"
			  "  - {id: two, say: x, needs: []}\n"
			  "rollback: {inputs: {dump: {default: none}}}\n");
	trial->setup.revision = "8c0e96e";
	assert_int_equal(trial_go(trial), 0);
	assert_int_equal(trial->events.at[0].type, EVENT_RUN_OPENED);
	assert_string_equal(opened(trial, "name"), "Trial");
	assert_string_equal(opened(trial, "revision"), "8c0e96e");
	assert_string_equal(opened(trial, "vars"), "{\"place\":\"blue-1\"}");
	assert_string_equal(opened(trial, "run"), run_folder_of(trial->engine)->id);
	assert_non_null(strstr(opened(trial, "outline"), "\"path\":\"2\",\"section\":\"steps\""));
	assert_non_null(strstr(opened(trial, "outline"), "\"needs\":[]"));
}

static void inputs_are_recorded_and_secrets_are_not(void **state)
{
	struct trial *trial = *state;
	trial_run(trial, "inputs: {stage: {default: blue}, key: {secret: true, env: KEY}}\n"
			 "steps: [{say: \"${{ inputs.stage }}\"}]\n"
			 "rollback: {inputs: {dump: {default: none}}}\n");
	const char *inputs = opened(trial, "inputs");
	assert_non_null(
		strstr(inputs, "{\"name\":\"stage\",\"source\":\"default\",\"value\":\"blue\"}"));
	assert_non_null(strstr(inputs, "{\"name\":\"key\",\"source\":\"env\",\"secret\":true,"));
	assert_null(strstr(inputs, "dump")); /* a rollback records its own */
	assert_null(strstr(buffer_string(&trial->told), "hunter22"));
}

static void the_documents_are_kept(void **state)
{
	struct trial *trial = *state;
	struct run_folder folder;
	struct store_error error;
	struct text text;
	struct value documents;
	trial_run(trial, "steps: [{say: x}]\n");
	folder = *run_folder_of(trial->engine);
	assert_true(value_field(trial->events.at[0].data, "documents", NULL, &documents));
	assert_int_equal(value_count(documents), 1);
	const char *digest = value_field_text(value_item(documents, 0), "digest",
					      &trial->desk.arena);
	assert_true(store_kept(&folder, digest, &trial->desk.arena, &text, &error));
	assert_true(text_ends(text, "steps: [{say: x}]\n"));
	assert_int_equal(strlen(opened(trial, "digest")), SHA256_HEX - 1);
}

static void programs_that_are_missing(void **state)
{
	struct trial *trial = *state;
	trial_plan(trial, "requires: {programs: [sh, no-such-program]}\nsteps: [{say: x}]\n");
	const char *const *missing = run_missing_programs(trial->desk.plan, &trial->desk.arena);
	assert_string_equal(missing[0], "no-such-program");
	assert_null(missing[1]);
}

/* ---- refusals ------------------------------------------------------------------------------ */

static void names_that_cannot_be_computed_leave_no_run(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(refused(trial, "inputs: {n: {default: x}}\n"
					"vars: {number: \"${{ int(inputs.n) }}\"}\n"
					"steps: [{say: \"${{ vars.number }}\"}]\n"),
			 2);
	assert_string_equal(trial->refusal.message, "the text is no int");
	assert_int_equal(runs(trial), 0);
}

/* A document whose lock is the folder of the trial. */
static void lock_plan(struct trial *trial, const char *steps)
{
	struct arena *arena = &trial->desk.arena;
	trial_plan(trial, steps);
	desk_put(
		&trial->desk, "main.yaml",
		arena_format(arena, "runbook: 1\nname: Trial\nlock: %s\n%s", trial->folder, steps));
	assert_true(desk_make(&trial->desk, "main.yaml"));
	trial->setup.plan = trial->desk.plan;
}

static void a_lock_that_is_held_leaves_no_run(void **state)
{
	struct trial *trial = *state;
	lock_plan(trial, "steps: [{say: x}]\n");
	assert_int_equal(trial_go(trial), 0);
	assert_non_null(trial_find(trial, EVENT_LOCK_TAKEN, NULL));
	/* Its arena is not done: it holds the lock still. */
	assert_null(run_open(&trial->setup, &trial->refusal));
	assert_int_equal(trial->refusal.exit, 6);
	assert_non_null(strstr(trial->refusal.message, trial->folder));
	assert_int_equal(runs(trial), 1);
}

/* A run in an arena of its own: when that is done the lock is free. */
static int run_and_end(struct trial *trial)
{
	struct arena arena, *kept = trial->setup.arena;
	arena_init(&arena);
	trial->setup.arena = &arena;
	struct engine *engine = run_open(&trial->setup, &trial->refusal);
	int exit = engine ? run_loop(engine) : trial->refusal.exit;
	trial->refusal.message = engine || !trial->refusal.message
					 ? NULL
					 : arena_string(kept, trial->refusal.message);
	arena_done(&arena);
	trial->setup.arena = kept;
	return exit;
}

static void one_that_waits_comes_first(void **state)
{
	struct trial *trial = *state;
	lock_plan(trial, "steps: [{id: go, approve: 'Go on?'}]\n");
	assert_int_equal(run_and_end(trial), 7);
	assert_int_equal(run_and_end(trial), 7);
	assert_non_null(strstr(trial->refusal.message, "with the same lock waits for an answer"));
	assert_int_equal(runs(trial), 1);
	lock_plan(trial, "steps: [{say: x}]\n"); /* the lock counts, not the document */
	assert_int_equal(run_and_end(trial), 7);
	trial_plan(trial, "steps: [{say: x}]\n"); /* without one it goes ahead */
	assert_int_equal(run_and_end(trial), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(what_it_is_about_is_recorded_first),
		TRIAL(inputs_are_recorded_and_secrets_are_not),
		TRIAL(the_documents_are_kept),
		TRIAL(programs_that_are_missing),
		TRIAL(names_that_cannot_be_computed_leave_no_run),
		TRIAL(a_lock_that_is_held_leaves_no_run),
		TRIAL(one_that_waits_comes_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
