/* What each step does to the world, as far as it is known before the run. */
#include "support.h"

static const char *effect(const struct desk *desk, const char *path)
{
	return effect_name((enum effect)desk_node(desk, path)->effect);
}

static void verbs_have_their_own_effect(void **state)
{
	struct desk *desk = *state;
	static const char *const rows[][2] = {
		{ "run: a", "write" },
		{ "shell: a", "write" },
		{ "{sql: select 1, connection: 'sqlite:a'}", "write" },
		{ "{sql: select 1, connection: 'sqlite:a', read_only: true}", "read" },
		{ "http: http://localhost/", "read" },
		{ "http: HEAD http://localhost/", "read" },
		{ "http: POST http://localhost/", "write" },
		{ "{http: {url: http://localhost/, method: DELETE}}", "write" },
		{ "{git: ., assert: [clean]}", "read" },
		{ "{file: a, assert: [exists]}", "read" },
		{ "{write: a, content: b}", "write" },
		{ "wait: 1s", "none" },
		{ "say: a", "none" },
		{ "{approve: a, id: a}", "none" },
		{ "{manual: a, id: a}", "write" },
		{ "assert: 1 == 1", "none" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *step = rows[i][0];
		assert_good(desk, arena_format(&desk->arena,
					       step[0] == '{' ? "steps: [%s]\n" : "steps: [{%s}]\n",
					       step));
		assert_string_equal(effect(desk, "1"), rows[i][1]);
	}
}

static void the_key_says_otherwise(void **state)
{
	struct desk *desk = *state;
	static const char *const names[] = { "none", "read", "write", "destructive" };
	for (size_t i = 0; i < 4; i++) {
		assert_good(desk, arena_format(&desk->arena,
					       "steps: [{run: a, id: a, effect: %s}]\n", names[i]));
		assert_string_equal(effect(desk, "1"), names[i]);
	}
	assert_told(desk, "steps: [{run: a, effect: wrte}]\n", "RB0202 3:26: 'wrte' is no effect");
	/* What only the run can know counts as a change. */
	assert_good(desk, "inputs: {e: {default: read}}\nsteps: [{run: a, effect: '${{ inputs.e "
			  "}}'}]\n");
	assert_string_equal(effect(desk, "1"), "write");
}

static void a_structure_has_the_greatest_effect_of_its_steps(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: a, effect: read}]\n"
		 "verify: [{run: b}]\n");
	assert_good(desk, "steps:\n"
			  "  - {group: A, steps: [{say: a}, {group: B, steps: [{file: b, assert: "
			  "[exists]}]}]}\n"
			  "  - {group: C, steps: [{say: a}]}\n"
			  "  - {call: ./sub.yaml}\n"
			  "  - {group: D, steps: [{say: a, undo: [{run: back}]}]}\n"
			  "rollback: {verify: false}\n");
	assert_string_equal(effect(desk, "1"), "read");
	assert_string_equal(effect(desk, "1.2"), "read");
	assert_string_equal(effect(desk, "2"), "none");
	assert_string_equal(effect(desk, "3"), "write");
	assert_string_equal(effect(desk, "4"), "none"); /* its undo is another matter */
	assert_string_equal(effect(desk, "4.1.undo.1"), "write");
}

static void a_library_step_declares_the_effect_of_all_its_steps(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "c.yaml",
		 "library: 1\nname: c\nsteps:\n  c:\n    main: args\n"
		 "    inputs: {args: {type: words}}\n"
		 "    effect: \"${{ inputs.args[0] in ['ps', 'logs'] ? 'read' : 'write' }}\"\n"
		 "    steps: [{run: [docker, '${{ inputs.args }}']}]\n"
		 "  plain: {steps: [{say: a}, {file: b, assert: [exists]}]}\n");
	assert_good(desk,
		    "import: [./c.yaml]\ninputs: {what: {default: ps}}\n"
		    "steps: [{c: ps --all}, {c: up -d}, {c: '${{ inputs.what }}'}, {c.plain: {}},\n"
		    "        {c: up -d, effect: none}, {c: rm, effect: destructive, id: rm}]\n");
	assert_string_equal(effect(desk, "1"), "read");
	assert_string_equal(effect(desk, "1.1"), "read");
	assert_string_equal(effect(desk, "2"), "write");
	assert_string_equal(effect(desk, "2.1"), "write");
	assert_string_equal(effect(desk, "3"), "write");
	assert_string_equal(effect(desk, "4"), "read");
	assert_string_equal(effect(desk, "4.1"), "none");
	assert_string_equal(effect(desk, "5"), "none");
	assert_string_equal(effect(desk, "5.1"), "none");
	assert_string_equal(effect(desk, "6.1"), "destructive");
	assert_int_equal(desk_node(desk, "6.1")->effect_owner, desk_node(desk, "6")->slot);
	assert_int_equal(desk_node(desk, "6")->effect_owner, PLAN_NONE);
}

static void the_outermost_library_step_that_declares_owns_the_effect(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "low.yaml",
		 "library: 1\nname: low\nsteps:\n  low: {effect: write, steps: [{run: a}]}\n");
	desk_put(desk, "out.yaml",
		 "library: 1\nname: out\nimport: [{library: ./low.yaml, as: inner}]\n"
		 "steps:\n  out: {effect: read, steps: [{inner: {}}]}\n");
	assert_good(desk, "import: [./out.yaml]\nsteps: [{out: {}}]\n");
	assert_string_equal(effect(desk, "1"), "read");
	assert_string_equal(effect(desk, "1.1.1"), "read");
	assert_int_equal(desk_node(desk, "1.1.1")->effect_owner, desk_node(desk, "1")->slot);
}

static void what_destroys_is_a_gate_and_needs_an_id(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "wipe.yaml",
		 "library: 1\nname: wipe\nsteps:\n  wipe: {effect: destructive, steps: [{run: "
		 "a}]}\n");
	assert_told(desk, "steps: [{run: a, effect: destructive}]\n",
		    "RB0227 3:10: a destructive step needs an id");
	assert_told(desk, "import: [./wipe.yaml]\nsteps: [{wipe: {}}]\n",
		    "RB0227 4:10: a destructive step needs an id");
	assert_good(desk, "import: [./wipe.yaml]\nsteps: [{wipe: {}, id: w}]\n");
	assert_told(desk, "steps: [{group: G, steps: [{run: a, effect: destructive}]}]\n",
		    "RB0227 3:29: a destructive step needs an id");
	assert_told(desk, "steps: [{approve: a}]\n", "RB0227 3:10: 'approve' needs an id");
	assert_told(desk, "steps: [{manual: a}]\n", "RB0227 3:10: 'manual' needs an id");
}

static void preconditions_change_nothing(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\npreconditions: [{run: a, effect: read}]\nsteps: [{run: "
		 "a}]\n");
	assert_told(desk, "preconditions: [{run: a}]\nsteps: [{say: a}]\n",
		    "RB0223 3:18: a precondition changes nothing; this step has effect 'write'");
	assert_told(desk, "preconditions: [{group: G, steps: [{run: a}]}]\nsteps: [{say: a}]\n",
		    "RB0223 3:18: a precondition changes nothing; this step has effect 'write'");
	assert_good(desk, "preconditions: [{run: a, effect: read}, {say: b}]\nsteps: [{say: a}]\n");
	assert_good(desk, "steps: [{call: ./sub.yaml}]\n");
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\npreconditions: [{run: a}]\nsteps: [{run: a}]\n");
	assert_told(desk, "steps: [{call: ./sub.yaml}]\n",
		    "RB0223 sub.yaml:3:18: a precondition changes nothing; this step has effect "
		    "'write'");
}

static void what_only_answers_must_be_looked_at(void **state)
{
	struct desk *desk = *state;
	assert_non_null(desk_plan(desk, "steps: [{file: a}, {git: .}]\n"));
	assert_string_equal(desk_told(desk),
			    "RB0228 3:10: 'file' only answers, and nothing looks at the answer\n"
			    "RB0228 3:21: 'git' only answers, and nothing looks at the answer");
	assert_good(desk,
		    "steps: [{file: a, capture: {there: exists}}, {git: ., assert: [clean]}]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(verbs_have_their_own_effect),
		DESK(the_key_says_otherwise),
		DESK(a_structure_has_the_greatest_effect_of_its_steps),
		DESK(a_library_step_declares_the_effect_of_all_its_steps),
		DESK(the_outermost_library_step_that_declares_owns_the_effect),
		DESK(what_destroys_is_a_gate_and_needs_an_id),
		DESK(preconditions_change_nothing),
		DESK(what_only_answers_must_be_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
