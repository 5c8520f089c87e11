/* What is known before a run is bound before it: errors where the run must come to the step,
 * warnings where it may not. */
#include "support.h"

/* What is told of a document whose inputs have their defaults. */
static const char *foreseen(struct desk *desk, const char *text)
{
	desk_plan(desk, text);
	if (!desk->plan)
		fail_msg("%s", desk_told(desk));
	const struct plan_scope *scope = desk->plan->scopes[0];
	struct value *values = arena_array(&desk->arena, struct value, scope->input_count + 1);
	for (size_t i = 0; i < scope->input_count; i++)
		values[i] = scope->inputs[i].dflt ? scope->inputs[i].value
			    : scope->inputs[i].secret
				    ? value_mark(value_cstring("hunter22"), VALUE_SECRET)
				    : value_unknown("not given", &desk->arena);
	diags_init(&desk->diags, &desk->arena);
	foresee(desk->plan, &(struct foreknown){ .inputs = values }, &desk->arena, &desk->diags);
	return desk_told(desk);
}

#define assert_foreseen(desk, text, told) assert_string_equal(foreseen((desk), (text)), (told))

static const char wrong[] = "'wait': not a duration: 'x'";

/* In a document whose input `a` is no duration, and `open` is not known. */
static const char *with(struct desk *desk, const char *rest)
{
	return arena_format(&desk->arena, "inputs: {a: {default: x}, open: {type: bool}}\n%s",
			    rest);
}

static const char *told(struct desk *desk, const char *form)
{
	return arena_format(&desk->arena, "%s%s", form, wrong);
}

static void a_step_that_must_fail_is_an_error(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk, with(desk, "steps: [{wait: '${{ inputs.a }}'}]\n"),
			told(desk, "RB0503 4:16: "));
	assert_foreseen(desk, with(desk, "verify: [{wait: '${{ inputs.a }}'}]\n"),
			told(desk, "RB0503 4:17: "));
	assert_foreseen(desk,
			with(desk, "steps: [{say: a, when: \"inputs.a == 'x'\", timeout: 1s}, "
				   "{group: G, steps: [{wait: '${{ inputs.a }}'}]}]\n"),
			told(desk, "RB0503 4:83: "));
}

static void a_step_that_may_not_run_is_a_warning(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk, with(desk, "steps: [{wait: '${{ inputs.a }}', when: inputs.open}]\n"),
			told(desk, "RB0510 4:16: when it runs: "));
	assert_foreseen(desk,
			with(desk, "steps: [{group: G, when: inputs.open, steps: "
				   "[{wait: '${{ inputs.a }}'}]}]\n"),
			told(desk, "RB0510 4:54: when it runs: "));
	assert_foreseen(desk,
			with(desk, "steps: [{wait: '${{ inputs.a }}', on_failure: continue}]\n"),
			told(desk, "RB0510 4:16: when it runs: "));
}

static void a_step_that_does_not_run_is_left_alone(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk,
			with(desk, "steps: [{wait: '${{ inputs.a }}', when: \"inputs.a == 'y'\"}, "
				   "{group: G, when: \"inputs.a == 'y'\", steps: "
				   "[{run: b, undo: [{wait: '${{ inputs.a }}'}]}]}, {say: a}]\n"),
			"");
}

static void undo_rollback_and_finally_count(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk, with(desk, "steps: [{run: a, undo: [{wait: '${{ inputs.a }}'}]}]\n"),
			told(desk, "RB0503 4:32: "));
	assert_foreseen(desk,
			with(desk, "steps: [{run: a}]\n"
				   "rollback: {steps: [{wait: '${{ inputs.a }}'}]}\n"),
			told(desk, "RB0503 5:27: "));
	assert_foreseen(desk,
			with(desk, "steps: [{run: a}]\n"
				   "rollback: {preconditions: [{say: '', timeout: '${{ inputs.a "
				   "}}'}], steps: [{run: b}]}\n"),
			"RB0503 5:47: 'timeout': not a duration: 'x'");
	assert_foreseen(desk,
			with(desk, "steps: [{run: a}]\nfinally: [{wait: '${{ inputs.a }}'}]\n"),
			told(desk, "RB0503 5:18: "));
	assert_foreseen(desk,
			with(desk,
			     "steps: [{run: a}]\n"
			     "rollback: {env: {N: '${{ int(inputs.a) }}'}, steps: [{run: b}]}\n"),
			"RB0502 5:26: the text is no int");
}

/* An undo sees the steps behind its own: they are not taken for steps that were left out. */
static void an_undo_sees_every_name(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk,
			"steps:\n"
			"  - {run: a, undo: [{say: '${{ steps.last.said }}'}]}\n"
			"  - {run: b, id: last, capture: {said: text}}\n",
			"");
}

static void what_a_step_that_was_left_out_says_is_not_there(void **state)
{
	struct desk *desk = *state;
	static const char form[] = "inputs: {on: {type: bool, default: false}}\n"
				   "steps:\n"
				   "  - {run: a, id: a, when: inputs.on, capture: {said: text}}\n"
				   "  - {say: \"%s\"}\n";
	static const char *const absent = "${{ steps.a.said }}";
	static const char *const guarded = "${{ steps.a.?said.orValue(steps.a.status) }}";
	struct buffer text;
	buffer_init(&text, &desk->arena);
	buffer_printf(&text, form, absent);
	assert_foreseen(desk, buffer_string(&text), "RB0502 6:16: there is no key \"said\"");
	buffer_init(&text, &desk->arena);
	buffer_printf(&text, form, guarded);
	assert_foreseen(desk, buffer_string(&text), "");
}

static void values_of_the_run_are_no_mistake(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(
		desk,
		"inputs: {pause: {type: duration}, words: {type: list}}\n"
		"vars: {path: '${{ inputs.pause }}/x'}\n"
		"env: {PAUSE: '${{ inputs.pause }}'}\n"
		"steps:\n"
		"  - {run: a, id: a}\n"
		"  - {wait: '${{ inputs.pause }}'}\n"
		"  - {run: [b, '${{ inputs.words }}', '${{ steps.a.json.x }}']}\n"
		"  - {http: 'GET http://h/${{ steps.a.text }}/${{ vars.path }}'}\n"
		"  - {shell: 'echo ${{ run.id }} ${{ env.PAUSE }}', "
		"retry: {attempts: '${{ steps.a.exit_code }}'}}\n"
		"  - {write: a, json: {now: '${{ now }}', n: ['${{ inputs.words }}']}, "
		"effect: '${{ steps.a.text }}'}\n"
		"  - {run: c, exit: '${{ inputs.words }}', env: {A: '${{ steps.a.text }}'}}\n",
		"");
}

static void the_scopes_are_looked_at_once(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk,
			with(desk, "vars: {n: '${{ int(inputs.a) }}', m: '${{ vars.n }}'}\n"
				   "steps: [{say: '${{ vars.m }}'}, {say: '${{ vars.n }}'}]\n"),
			"RB0502 4:16: the text is no int");
	assert_foreseen(desk,
			with(desk, "env: {N: '${{ int(inputs.a) }}'}\n"
				   "steps: [{say: '${{ env.N }}'}]\n"),
			"RB0502 4:15: the text is no int");
	assert_foreseen(desk,
			with(desk, "defaults: {timeout: '${{ inputs.a }}'}\n"
				   "steps: [{run: a}, {run: b}]\n"),
			"RB0503 4:21: 'timeout': not a duration: 'x'");
	assert_foreseen(desk, with(desk, "lock: 'a-${{ int(inputs.a) }}'\nsteps: [{run: a}]\n"),
			"RB0502 4:14: the text is no int");
}

static void what_a_use_is_given_is_tried(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "called.yaml",
		 "runbook: 1\nname: C\ninputs: {n: {type: int, max: 3}}\n"
		 "steps: [{say: '${{ 3 / inputs.n }}'}]\n");
	assert_foreseen(desk,
			"inputs: {n: {type: int, default: 4}}\n"
			"steps: [{call: ./called.yaml, with: {n: '${{ inputs.n }}'}}]\n",
			"RB0502 4:41: input 'n' is above the greatest value 3");
	assert_foreseen(desk,
			"inputs: {n: {type: int, default: 0}}\n"
			"steps: [{call: ./called.yaml, with: {n: '${{ inputs.n }}'}}]\n",
			"RB0502 called.yaml:4:20: division by zero");
}

static void nothing_of_a_secret_is_shown(void **state)
{
	struct desk *desk = *state;
	assert_foreseen(desk,
			"inputs: {s: {secret: true, env: S}}\n"
			"steps: [{run: a, timeout: '${{ inputs.s }}'}]\n",
			"RB0503 4:27: 'timeout': a secret is not what is wanted here: duration");
}

/* A file may be what an earlier step makes. */
static void files_that_are_not_there(void **state)
{
	struct desk *desk = *state;
	const char *missing = foreseen(
		desk, "steps: [{sql: {connection: 'sqlite:a', script: /nowhere/a.sql}}]\n");
	assert_string_equal(missing, "RB0406 3:48: 'script': there is no file /nowhere/a.sql");
	missing = foreseen(desk, "steps:\n  - {run: make a.sql}\n"
				 "  - {sql: {connection: 'sqlite:a', script: /nowhere/a.sql}}\n");
	assert_string_equal(missing, "RB0510 5:44: when it runs: 'script': there is no file "
				     "/nowhere/a.sql, unless an earlier step makes it");
	assert_foreseen(desk, "steps: [{sql: {connection: 'sqlite:a', script: /dev/null}}]\n", "");
	missing = foreseen(desk, "steps:\n  - {http: 'GET http://h/', save: a.sql}\n"
				 "  - {sql: {connection: 'sqlite:a', script: /nowhere/a.sql}}\n");
	assert_string_equal(missing, "RB0510 5:44: when it runs: 'script': there is no file "
				     "/nowhere/a.sql, unless an earlier step makes it");
	missing = foreseen(desk,
			   "steps:\n  - {sql: {connection: 'sqlite:a', script: /nowhere/a.sql}, "
			   "needs: [make]}\n  - {run: make a.sql, id: make, needs: []}\n");
	assert_string_equal(missing, "RB0510 4:44: when it runs: 'script': there is no file "
				     "/nowhere/a.sql, unless an earlier step makes it");
	assert_foreseen(desk,
			"inputs: {cwd: {type: path}}\n"
			"steps: [{sql: {connection: 'sqlite:a', script: a.sql}, "
			"cwd: '${{ inputs.cwd }}'}]\n",
			"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(a_step_that_must_fail_is_an_error),
		DESK(a_step_that_may_not_run_is_a_warning),
		DESK(a_step_that_does_not_run_is_left_alone),
		DESK(undo_rollback_and_finally_count),
		DESK(an_undo_sees_every_name),
		DESK(what_a_step_that_was_left_out_says_is_not_there),
		DESK(values_of_the_run_are_no_mistake),
		DESK(the_scopes_are_looked_at_once),
		DESK(what_a_use_is_given_is_tried),
		DESK(nothing_of_a_secret_is_shown),
		DESK(files_that_are_not_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
