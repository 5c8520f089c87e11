/* The environment and the folder of an attempt's commands. */
#include "support/valgrind.h"
#include "trial.h"

/* What a step printed. */
#define said(trial, path) ended((trial), (path), "stdout")

static void inner_variables_win(void **state)
{
	struct trial *trial = *state;
	setenv("TRIAL_OUTER", "operator", 1);
	setenv("TRIAL_KEPT", "kept", 1);
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\nenv: {C: sub}\n"
		 "steps: [{shell: 'echo $TRIAL_OUTER $TRIAL_KEPT $A $B $C'}]\n");
	assert_int_equal(trial_run(trial,
				   "env: {A: document, B: document, C: document, TRIAL_OUTER: "
				   "document}\n"
				   "steps:\n"
				   "  - {shell: 'echo $TRIAL_OUTER $TRIAL_KEPT $A $B $C'}\n"
				   "  - group: G\n"
				   "    env: {A: group, B: group}\n"
				   "    steps:\n"
				   "      - {shell: 'echo $TRIAL_OUTER $A $B $C', env: {B: step}}\n"
				   "      - {call: ./sub.yaml}\n"),
			 0);
	assert_string_equal(said(trial, "1"), "document kept document document document\n");
	assert_string_equal(said(trial, "2.1"), "document group step document\n");
	assert_string_equal(said(trial, "2.2.1"), "document kept group group sub\n");
	unsetenv("TRIAL_OUTER");
	unsetenv("TRIAL_KEPT");
}

static void children_know_their_run(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial, "steps:\n"
				 "  - {shell: 'echo $RUNBOOK_RUN_ID $RUNBOOK_STEP_ID', id: first}\n"
				 "  - {shell: 'echo \"$RUNBOOK_STEP_ID\"; echo x > "
				 "\"$RUNBOOK_RUN_DIR/f\"', name: '2 of them'}\n"),
		0);
	const struct run_folder *folder = run_folder_of(trial->engine);
	assert_string_equal(said(trial, "1"),
			    arena_format(&trial->desk.arena, "%s first\n", folder->id));
	assert_string_equal(said(trial, "2"), "2\n"); /* its path, where it has no id */
	const char *file = arena_format(&trial->desk.arena, "%s/files/f", folder->path);
	assert_int_equal(access(file, F_OK), 0);
}

static void variables_of_secrets_are_not_inherited(void **state)
{
	struct trial *trial = *state;
	setenv("TRIAL_SECRET", "hunter22", 1);
	setenv("TRIAL_SUB_SECRET", "hunter22", 1);
	setenv("TRIAL_SECRET_NOT", "x", 1);
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\ninputs: {s: {secret: true, env: "
		 "TRIAL_SUB_SECRET}}\nsteps: [{run: env}]\n");
	assert_int_equal(
		trial_run(trial,
			  "inputs: {pw: {secret: true, env: TRIAL_SECRET}}\n"
			  "steps:\n"
			  "  - {run: env}\n"
			  "  - {call: ./sub.yaml}\n"
			  "  - {shell: 'echo ${#GIVEN}', env: {GIVEN: '${{ inputs.pw }}'}}\n"),
		0);
	assert_null(strstr(trial_log(trial, "1", 1), "TRIAL_SECRET="));
	assert_null(strstr(trial_log(trial, "1", 1), "TRIAL_SUB_SECRET="));
	assert_non_null(strstr(trial_log(trial, "1", 1), "TRIAL_SECRET_NOT=x"));
	assert_null(strstr(trial_log(trial, "2.1", 1), "SECRET="));
	assert_string_equal(said(trial, "3"), "8\n"); /* who needs it gets it by env */
	unsetenv("TRIAL_SECRET");
	unsetenv("TRIAL_SUB_SECRET");
	unsetenv("TRIAL_SECRET_NOT");
}

static void secrets_of_calls_are_masked(void **state)
{
	struct trial *trial = *state;
	setenv("TRIAL_SUB_SECRET", "correct horse", 1);
	desk_put(&trial->desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nlock: false\ninputs: {s: {secret: true, env: "
		 "TRIAL_SUB_SECRET}}\nsteps: [{shell: 'echo \"${{ inputs.s }}\"'}]\n");
	assert_int_equal(trial_run(trial, "steps: [{call: ./sub.yaml}]\n"), 0);
	assert_string_equal(said(trial, "1.1"), "***\n");
	assert_string_equal(trial_log(trial, "1.1", 1), "***\n");
	assert_null(strstr(buffer_string(&trial->told), "correct horse"));
	unsetenv("TRIAL_SUB_SECRET");
}

static void what_a_sensitive_step_gave_is_masked_from_then_on(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial, "inputs: {keys: {type: list, secret: true}}\n"
				 "vars: {loud: '${{ inputs.keys[0].upperAscii() }}'}\n"
				 "steps:\n"
				 "  - {run: printf a-private-%s token, id: t, sensitive: true, "
				 "capture: {token: "
				 "text}}\n"
				 "  - {shell: 'echo \"[$T]\"', env: {T: '${{ steps.t.token }}'}}\n"
				 "  - {shell: 'echo \"[$T]\"', env: {T: '${{ vars.loud }}'}}\n"),
		0);
	assert_string_equal(said(trial, "2"), "[***]\n");
	assert_string_equal(said(trial, "3"), "[***]\n");
	assert_null(strstr(buffer_string(&trial->told), "private-token"));
}

static void a_variable_cannot_hold_a_nul(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(trial,
			  "steps:\n"
			  "  - {write: nul, content: x}\n"
			  "  - {run: 'true', effect: read, env: {A: \"${{ 'a\\\\x00b' }}\"}}\n"),
		1);
	assert_string_equal(ended(trial, "2", "class"), "refused");
	assert_string_equal(ended(trial, "2", "code"), "RB0503");
}

static void folders_are_relative_to_the_one_around(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(mkdir(file_join(trial->folder, "a", &trial->desk.arena), 0755), 0);
	assert_int_equal(mkdir(file_join(trial->folder, "a/b", &trial->desk.arena), 0755), 0);
	assert_int_equal(trial_run(trial, "steps:\n"
					  "  - {run: pwd}\n"
					  "  - group: G\n"
					  "    cwd: a\n"
					  "    steps:\n"
					  "      - {run: pwd}\n"
					  "      - {run: pwd, cwd: b}\n"
					  "      - {run: pwd, cwd: /}\n"
					  "      - {write: here, content: x}\n"
					  "  - {run: pwd, cwd: none, on_failure: continue}\n"),
			 0);
	struct arena *arena = &trial->desk.arena;
	assert_string_equal(said(trial, "1"), arena_format(arena, "%s\n", trial->folder));
	assert_string_equal(said(trial, "2.1"), arena_format(arena, "%s/a\n", trial->folder));
	assert_string_equal(said(trial, "2.2"), arena_format(arena, "%s/a/b\n", trial->folder));
	assert_string_equal(said(trial, "2.3"), "/\n");
	assert_string_equal(trial_file(trial, "a/here"), "x");
	/* Under valgrind a child does not share our memory until its exec, and can only exit. */
	assert_string_equal(ended(trial, "3", "class"), under_valgrind() ? "exit" : "not_found");
}

static void a_rollback_has_an_environment_of_its_own(void **state)
{
	struct trial *trial = *state;
	assert_int_equal(
		trial_run(
			trial,
			"env: {IMAGE: new}\n"
			"steps:\n"
			"  - {run: echo old, id: before, undo: [{shell: 'echo undo $IMAGE'}]}\n"
			"  - {shell: 'echo step $IMAGE; exit 1'}\n"
			"verify: [{shell: 'echo verify $IMAGE', effect: read}]\n"
			"rollback: {mode: automatic, env: {IMAGE: '${{ steps.before.text }}'}}\n"),
		3);
	assert_string_equal(said(trial, "2"), "step new\n");
	assert_string_equal(said(trial, "1.undo.1"), "undo old\n");
	assert_string_equal(said(trial, "3.1"), "verify old\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRIAL(inner_variables_win),
		TRIAL(children_know_their_run),
		TRIAL(variables_of_secrets_are_not_inherited),
		TRIAL(secrets_of_calls_are_masked),
		TRIAL(what_a_sensitive_step_gave_is_masked_from_then_on),
		TRIAL(a_variable_cannot_hold_a_nul),
		TRIAL(folders_are_relative_to_the_one_around),
		TRIAL(a_rollback_has_an_environment_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
