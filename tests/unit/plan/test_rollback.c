/* rollback: mode, conditions, environment, and whether verify follows. */
#include "support.h"

static const struct plan_rollback *rollback(struct desk *desk, const char *text)
{
	assert_good(desk, arena_format(&desk->arena, "steps: [{run: a, id: a}]\n%s", text));
	return &desk->plan->rollback;
}

static void without_the_key_it_is_asked_and_verified(void **state)
{
	const struct plan_rollback *none = rollback(*state, "");
	assert_false(none->declared);
	assert_int_equal(none->mode, ROLLBACK_ASK);
	assert_true(none->verify);
	assert_int_equal(none->condition_count, 0);
	assert_int_equal(none->check_count, 0);
	assert_null(((struct desk *)*state)->plan->scopes[0]->rollback_env);
}

static void the_keys_are_read(void **state)
{
	struct desk *desk = *state;
	const struct plan_rollback *all = rollback(
		desk, "rollback:\n"
		      "  mode: automatic\n"
		      "  verify: false\n"
		      "  conditions:\n"
		      "    - {reason: down, when: \"steps.a.status == 'failed'\"}\n"
		      "    - {reason: seen, ask: Was it seen?}\n");
	assert_true(all->declared);
	assert_int_equal(all->mode, ROLLBACK_AUTOMATIC);
	assert_false(all->verify);
	assert_int_equal(all->condition_count, 2);
	assert_string_equal(all->conditions[0].reason, "down");
	assert_non_null(all->conditions[0].when);
	assert_null(all->conditions[0].ask);
	assert_string_equal(all->conditions[1].reason, "seen");
	assert_null(all->conditions[1].when);
	assert_non_null(all->conditions[1].ask);
	assert_int_equal(rollback(desk, "rollback: {mode: manual, verify: false}\n")->mode,
			 ROLLBACK_MANUAL);
	assert_int_equal(rollback(desk, "rollback: {mode: ask, verify: false}\n")->mode,
			 ROLLBACK_ASK);
}

static void inputs_and_preconditions_stand_with_the_others(void **state)
{
	struct desk *desk = *state;
	const struct plan_rollback *all = rollback(desk, "inputs: {own: {default: a}}\n"
							 "rollback:\n"
							 "  verify: false\n"
							 "  inputs: {dump: {default: b}}\n"
							 "  env: {A: '${{ inputs.dump }}'}\n"
							 "  preconditions:\n"
							 "    - {assert: \"inputs.dump != ''\"}\n");
	const struct plan_scope *scope = desk->plan->scopes[0];
	assert_int_equal(scope->input_count, 2);
	assert_false(scope->inputs[0].rollback);
	assert_true(scope->inputs[1].rollback);
	assert_non_null(scope->rollback_env);
	assert_int_equal(all->check_count, 1);
	assert_int_equal(all->checks[0], desk->plan->sections[SECTION_ROLLBACK_PRECONDITIONS]);
}

static void mistakes_are_told(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *rollback, *told;
	} rows[] = {
		{ "{mode: auto}", "RB0110 4:18: 'mode': unknown choice 'auto'" },
		{ "{verify: no}", "RB0109 4:20: " },
		{ "{conditions: []}",
		  "RB0230 4:24: 'conditions' is a list with at least one condition" },
		{ "{conditions: down}",
		  "RB0230 4:24: 'conditions' is a list with at least one condition" },
		{ "{conditions: [{reason: a}]}",
		  "RB0230 4:25: a condition has either 'when' or 'ask'" },
		{ "{conditions: [{reason: a, when: 1 == 1, ask: b}]}",
		  "RB0230 4:25: a condition has either 'when' or 'ask'" },
		{ "{conditions: [{when: 1 == 1}]}",
		  "RB0103 4:26: missing key 'reason' in a condition" },
		{ "{conditions: [{reason: a, when: nope}]}", "unknown name 'nope'" },
		{ "{conditions: [{reason: a, ask: '${{ inputs.s }}'}]}",
		  "RB0116 4:43: the secret 'inputs.s' may not stand in 'ask'" },
		{ "{env: {LD_PRELOAD: x}}",
		  "RB0209 4:18: 'LD_PRELOAD' would change how commands are started" },
		{ "{inputs: {s: {default: a}}}", "RB0208 4:21: input 's' is declared twice" },
		{ "{inputs: {a: {}}}", "RB0234 4:21: 'a' of a rollback has no default" },
		{ "{inputs: {a: {secret: true}}}", "RB0234 4:21: 'a' of a rollback cannot be" },
		{ "{preconditions: [{run: a}]}", "RB0223 4:29: a precondition changes nothing" },
		{ "{undo: []}", "RB0101 4:12: unknown key 'undo' in rollback" },
		{ "[a]", "4:11: " },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		desk_plan(desk, arena_format(&desk->arena,
					     "steps: [{run: a}]\nrollback: %s\n"
					     "inputs: {s: {secret: true}}\n",
					     rows[i].rollback));
		if (desk->diags.errors != 1 || !strstr(desk_told(desk), rows[i].told))
			fail_msg("%s: %s", rows[i].rollback, desk_told(desk));
	}
}

static void variables_that_change_how_commands_start_are_refused(void **state)
{
	struct desk *desk = *state;
	static const char *const names[] = { "LD_LIBRARY_PATH", "RUNBOOK_STATE", "BASH_FUNC_x",
					     "BASH_ENV",        "ENV",           "IFS" };
	static const char *const places[] = { "env: {%s: x}\nsteps: [{run: a}]\n",
					      "steps: [{run: a, env: {%s: x}}]\n" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (size_t k = 0; k < 2; k++) {
			struct buffer text;
			buffer_init(&text, &desk->arena);
			const char *hole = strstr(places[k], "%s");
			buffer_add(&text, (struct text){ places[k], (size_t)(hole - places[k]) });
			buffer_printf(&text, "%s%s", names[i], hole + 2);
			desk_plan(desk, buffer_string(&text));
			assert_non_null(
				strstr(desk_told(desk), "would change how commands are started"));
		}
	assert_good(desk, "env: {PATH: /usr/bin, ENVIRONMENT: x}\nsteps: [{run: a}]\n");
	assert_told(desk, "inputs: {p: {}}\nenv: {PATH: '${{ inputs.p }}'}\nsteps: [{run: a}]\n",
		    "RB0209 4:13: 'PATH' takes a written value: it decides which programs run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(without_the_key_it_is_asked_and_verified),
		DESK(the_keys_are_read),
		DESK(inputs_and_preconditions_stand_with_the_others),
		DESK(mistakes_are_told),
		DESK(variables_that_change_how_commands_start_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
