/* The dry run: what is known is shown, the rest as typed unknowns; secrets never. */
#include "support.h"

/* The forecast of a document with the inputs' defaults, or unknown where they have none. */
static const char *forecast(struct desk *desk, const char *text)
{
	struct buffer out;
	desk_plan(desk, text);
	if (!desk->plan)
		fail_msg("%s", desk_told(desk));
	const struct plan_scope *scope = desk->plan->scopes[0];
	struct value *values = arena_array(&desk->arena, struct value, scope->input_count + 1);
	for (size_t i = 0; i < scope->input_count; i++) {
		const struct input *input = &scope->inputs[i];
		values[i] = input->dflt ? input->value
			    : input->secret
				    ? value_mark(value_cstring("hunter22"), VALUE_SECRET)
				    : value_unknown(arena_format(&desk->arena,
								 "inputs.%s: %s, not given",
								 input->name,
								 input_type_names[input->type]),
						    &desk->arena);
	}
	buffer_init(&out, &desk->arena);
	forecast_print(&out, foresee(desk->plan, &(struct foreknown){ .inputs = values },
				     &desk->arena, &desk->diags));
	return buffer_string(&out);
}

static void assert_shows(struct desk *desk, const char *text, const char *part)
{
	const char *out = forecast(desk, text);
	if (!strstr(out, part))
		fail_msg("'%s' is not in:\n%s", part, out);
}

static void every_step_is_shown_in_order_with_its_effect(void **state)
{
	assert_string_equal(
		forecast(*state,
			 "inputs: {stage: {default: blue}, count: {type: int}}\n"
			 "vars: {host: 'db-${{ inputs.stage }}'}\n"
			 "preconditions: [{run: test -f a, effect: read}]\n"
			 "steps:\n"
			 "  - run: deploy ${{ vars.host }} ${{ inputs.count }}\n"
			 "  - group: Then\n"
			 "    steps:\n"
			 "      - shell: |\n"
			 "          one\n"
			 "          two\n"
			 "      - approve: Go on?\n"
			 "        id: go\n"
			 "  - say: done\n"
			 "  - run: wipe\n"
			 "    id: wipe\n"
			 "    effect: destructive\n"
			 "verify: [{http: http://localhost/, assert: [code == 200, body == '']}]\n"
			 "rollback: {steps: [{run: back}]}\n"
			 "finally: [{run: clean}]\n"),
		"main.yaml  Test\n"
		"\n"
		"inputs\n"
		"  stage = \"blue\"\n"
		"  count = <inputs.count: int, not given>\n"
		"\n"
		"preconditions\n"
		"  0.1   read      test -f a\n"
		"steps\n"
		"  1     run       deploy db-blue <inputs.count: int, not given>\n"
		"  2     Then\n"
		"  2.1   run       one\n"
		"                  two\n"
		"  2.2   approve   Go on?\n"
		"  3     none      done\n"
		"  4     DESTROY   wipe\n"
		"verify\n"
		"  5.1   read      http://localhost/\n"
		"rollback mode   ask: asked for on a terminal\n"
		"  whenever the run fails and has changed something\n"
		"rollback   (only if the run fails, after the undos)\n"
		"  R.1   run       back\n"
		"finally\n"
		"  6.1   run       clean\n"
		"Plan: 3 run, 2 read, 1 none, 1 gate, 1 destructive; 2 assertions, unknown until "
		"run.\n");
}

static void what_a_step_will_say_is_known_after_it(void **state)
{
	assert_shows(*state,
		     "steps: [{run: a, id: before, capture: {image: text}}, "
		     "{run: 'up ${{ steps.before.image }}'}]\n",
		     "  2     run       up <steps.before.image: string, known after 1>\n");
	assert_shows(*state, "steps: [{say: '${{ run.id }} at ${{ now }}'}]\n",
		     "<run, known in the run>");
}

static void what_depends_on_several_steps_names_them_all(void **state)
{
	const char *out = forecast(*state,
				   "inputs: {go: {type: bool, default: true}}\n"
				   "steps:\n"
				   "  - {run: a, id: a}\n"
				   "  - {run: b, id: b, capture: {n: exit_code}}\n"
				   "  - {run: c, when: steps.a.text == '' && steps.b.n == 0}\n"
				   "  - {run: d, when: steps.a.text == '' && !inputs.go}\n"
				   "  - {run: e, when: steps.b.n == 0 || inputs.go}\n"
				   "  - {say: '${{ steps.a.text }}-${{ steps.b.n }}'}\n");
	assert_non_null(strstr(out, "<steps.a.text: string, known after 1; steps.b.n: int, known "
				    "after 2>\n  4     skip      run d"));
	assert_non_null(strstr(out, "  5     run       e\n"));
}

static void conditions_are_decided_or_shown(void **state)
{
	static const char *const steps =
		"inputs: {stage: {default: blue}}\n"
		"steps:\n"
		"  - {run: a, when: inputs.stage == 'green'}\n"
		"  - {run: b, when: inputs.stage == 'blue'}\n"
		"  - {run: c, id: c, capture: {n: exit_code}}\n"
		"  - {run: d, when: steps.c.n == 0}\n"
		"  - {group: G, when: steps.c.n == 0, steps: [{run: e}]}\n"
		"  - {group: H, when: inputs.stage == 'green', steps: [{run: f}]}\n"
		"  - {run: g, when: \"[1][inputs.stage == 'blue' ? 5 : 0] == 1\"}\n";
	const char *out = forecast(*state, steps);
	assert_non_null(strstr(out, "  1     skip      run a   (when: inputs.stage == 'green' is "
				    "false)\n"
				    "  2     run       b\n"
				    "  3     run       c\n"));
	assert_non_null(strstr(out,
			       "  4     run       d\n"
			       "                  when steps.c.n == 0   <steps.c.n: int, known "
			       "after 3>\n"));
	assert_non_null(strstr(out,
			       "  5     G\n"
			       "                  when steps.c.n == 0   <steps.c.n: int, known "
			       "after 3>\n"
			       "  5.1   run       e\n"));
	assert_non_null(strstr(out,
			       "  6     skip      H   (when: inputs.stage == 'green' is "
			       "false)\n"
			       "  7     run       g\n"
			       "                  when [1][inputs.stage == 'blue' ? 5 : 0] == 1\n"
			       "                  would fail: "));
	assert_null(strstr(out, "6.1"));
}

static void undo_is_shown_and_not_counted(void **state)
{
	const char *out = forecast(*state,
				   "steps:\n"
				   "  - {run: a, undo: [{run: back}]}\n"
				   "  - {run: b, undo: {after: any, steps: [{run: forth}]}}\n");
	assert_non_null(strstr(out, "  1     run       a\n"
				    "                  undone, if it succeeded, by:\n"
				    "  1.undo.1 run       back\n"));
	assert_non_null(strstr(out, "undone, also after a failure, by:\n"));
	assert_non_null(
		strstr(out, "Plan: 2 run, 0 read, 0 none, 0 gates, 0 destructive; 0 assertions"));
}

static void bounds_are_shown(void **state)
{
	const char *out = forecast(*state,
				   "steps:\n"
				   "  - {run: a, timeout: 10m}\n"
				   "  - {run: b, retry: 3}\n"
				   "  - {run: c, timeout: 5s, retry: {attempts: 2, within: 1m}}\n"
				   "  - {run: d, retry: {within: 90s}}\n"
				   "  - {run: e, on_crash: ask}\n");
	assert_non_null(strstr(out, "a\n                  up to 10m\n"));
	assert_non_null(strstr(out, "b\n                  3 attempts\n"));
	assert_non_null(strstr(out, "c\n                  up to 5s, 2 attempts within 1m\n"));
	assert_non_null(strstr(out, "d\n                  again for 1m30s\n"));
	assert_non_null(
		strstr(out, "e\n                  after a crash: asks before running again\n"));
}

static void secrets_are_never_shown(void **state)
{
	const char *out = forecast(
		*state,
		"inputs: {password: {secret: true}}\n"
		"vars: {url: 'postgresql://u:${{ inputs.password }}@h/d'}\n"
		"steps:\n"
		"  - {run: login, stdin: '${{ inputs.password }}'}\n"
		"  - {shell: 'echo ${{ vars.url }}'}\n"
		"  - {sql: 'select ${{ inputs.password }}', connection: '${{ vars.url }}'}\n"
		"  - {http: POST http://localhost/, body: '${{ inputs.password }}'}\n"
		"  - {write: a, content: '${{ inputs.password }}'}\n"
		"  - {say: x, when: \"inputs.password == 'a'\"}\n"
		"  - {run: x, when: \"[1][size(inputs.password)] == 1\"}\n");
	assert_null(strstr(out, "hunter22"));
	assert_non_null(strstr(out, "  password = (secret)\n"));
}

static void uses_show_their_steps_with_what_they_are_given(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "c.yaml",
		 "library: 1\nname: c\nsteps: {c: {main: args, inputs: {args: {type: words}}, "
		 "steps: [{run: [docker, '${{ inputs.args }}']}]}}\n");
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninputs: {stage: {env: STAGE}, other: {default: d}}\n"
		 "vars: {v: '${{ inputs.other }}'}\n"
		 "steps: [{say: '${{ inputs.stage }} ${{ vars.v }}'}]\n");
	const char *out = forecast(desk,
				   "import: [./c.yaml]\ninputs: {x: {}}\n"
				   "steps: [{c: up -d}, {c: ['${{ inputs.x }}']}, "
				   "{call: ./sub.yaml}, {call: ./sub.yaml, with: {stage: '${{ "
				   "inputs.x }}'}}]\n");
	assert_non_null(strstr(out, "  1     c up -d\n  1.1   run       docker up -d\n"));
	assert_non_null(strstr(out, "  2.1   run       docker <inputs.x: string, not given>\n"));
	assert_non_null(
		strstr(out, "  3.1   none      <inputs.stage: string, known in the run> d\n"));
	assert_non_null(strstr(out, "  4.1   none      <inputs.x: string, not given> d\n"));
}

static void assertions_of_library_steps_and_calls_count(void **state)
{
	struct desk *desk = *state;
	desk_put(
		desk, "c.yaml",
		"library: 1\nname: c\nsteps: {c: {steps: [{run: a, assert: [exit_code == 0]}]}}\n");
	assert_shows(desk, "import: [./c.yaml]\nsteps: [{c: {}, assert: [text == '']}]\n",
		     "; 2 assertions, unknown until run.");
}

static void texts_of_a_document_cannot_act_on_the_screen(void **state)
{
	const char *out = forecast(*state,
				   "inputs: {x: {default: \"\\e[2J\"}}\n"
				   "steps:\n"
				   "  - {run: a, name: \"\\e[2J\\nPlan: 0 run\", when: 1 == 2}\n"
				   "  - {group: \"\\e[2J\\r\", steps: [{say: \"\\e]0;x\\a\"}]}\n"
				   "  - {run: b, id: b}\n"
				   "  - {run: c, when: \"steps.b.text == '\\e[2J'\"}\n");
	for (const char *at = out; *at; at++)
		if ((unsigned char)*at < ' ' && *at != '\n')
			fail_msg("byte %d in:\n%s", *at, out);
	assert_null(strstr(out, "\nPlan: 0 run"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(every_step_is_shown_in_order_with_its_effect),
		DESK(what_a_step_will_say_is_known_after_it),
		DESK(what_depends_on_several_steps_names_them_all),
		DESK(conditions_are_decided_or_shown),
		DESK(undo_is_shown_and_not_counted),
		DESK(bounds_are_shown),
		DESK(secrets_are_never_shown),
		DESK(uses_show_their_steps_with_what_they_are_given),
		DESK(assertions_of_library_steps_and_calls_count),
		DESK(texts_of_a_document_cannot_act_on_the_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
