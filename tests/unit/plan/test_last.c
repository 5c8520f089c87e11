/* run.last: which documents name it, and what is shown of it before a run. */
#include "support.h"

static bool names_last(struct desk *desk, const char *text)
{
	assert_good(desk, text);
	return desk->plan->names_last;
}

static void a_document_names_it_or_not(void **state)
{
	struct desk *desk = *state;
	static const char *const places[] = {
		"steps: [{say: \"${{ run.?last.id.orValue('') }}\"}]\n",
		"steps: [{run: x, when: has(run.last)}]\n",
		"steps: [{say: \"${{ string(size(run)) }}\"}]\n", /* all of it */
		"vars: {a: \"${{ run.?last.id.orValue('') }}\"}\nsteps: [{say: '${{ vars.a }}'}]\n",
		"env: {A: \"${{ run.?last.id.orValue('') }}\"}\nsteps: [{say: x}]\n",
		"steps: [{run: x, undo: [{say: \"${{ run.?last.id.orValue('') }}\"}]}]\n"
		"verify: [{run: x, effect: read}]\n",
		"steps: [{run: x}]\nverify: [{run: x, effect: read}]\n"
		"rollback: {env: {A: \"${{ run.?last.id.orValue('') }}\"}}\n",
		"steps: [{say: x}]\noutputs: {a: 'run.?last.outputs.a'}\n",
		"steps: [{group: G, steps: [{say: \"${{ run[?'last'].hasValue() ? '' : 'x' "
		"}}\"}]}]\n",
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!names_last(desk, places[i]))
			fail_msg("it is not seen in: %s", places[i]);
	assert_false(names_last(desk, "steps: [{say: '${{ run.id }}'}]\n"));
	assert_false(names_last(desk, "steps: [{say: x}]\noutputs: {last: \"'run.last'\"}\n"));
}

static void a_called_runbook_has_no_last_run_and_a_library_none_at_all(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{say: \"${{ run.?last.outputs.own.orValue('') "
		 "}}\"}]\n"
		 "outputs: {own: \"'x'\"}\n");
	assert_false(names_last(desk, "steps: [{call: ./sub.yaml}]\n"));
	desk_put(desk, "lib.yaml",
		 "library: 1\nname: lib\nsteps: {lib: {steps: [{say: '${{ run.last.id }}'}]}}\n");
	desk_plan(desk, "import: [./lib.yaml]\nsteps: [{lib: {}}]\n");
	assert_non_null(strstr(desk_told(desk), "'run' has no field of the run 'last'"));
}

static void a_fragment_names_it_for_who_includes_it(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "part.yaml",
		 "fragment: 1\nvars: {before: \"${{ run.?last.outputs.image.orValue('') }}\"}\n");
	assert_true(names_last(desk,
			       "include: [./part.yaml]\nsteps: [{say: '${{ vars.before }}'}]\n"
			       "outputs: {image: \"'x'\"}\n"));
	desk_plan(desk, "include: [./part.yaml]\nsteps: [{say: '${{ vars.before }}'}]\n");
	assert_non_null(strstr(desk_told(desk), "has no output 'image'"));
	/* By itself it may be meant for anybody. */
	diags_init(&desk->diags, &desk->arena);
	assert_true(desk_make(desk, "part.yaml"));
}

static void types_are_those_of_the_outputs(void **state)
{
	struct desk *desk = *state;
	assert_told(desk,
		    "steps: [{run: x, id: x, capture: {c: text}},\n"
		    "  {assert: [\"run.?last.outputs.n.orValue('') == ''\"]},\n"
		    "  {assert: [\"run.?last.outputs.c.orValue('') == ''\"]}]\n"
		    "outputs: {n: steps.x.exit_code, c: steps.x.c}\n",
		    "RB0314 4:42: 'orValue' takes int here, not string");
}

/* The dry run of the document with what is known of the last run. */
static const char *forecast(struct desk *desk, const char *text, struct value last)
{
	struct buffer out;
	assert_good(desk, text);
	const struct foreknown known = { .last = last };
	buffer_init(&out, &desk->arena);
	forecast_print(&out, foresee(desk->plan, &known, &desk->arena, &desk->diags));
	return buffer_string(&out);
}

static void a_plan_shows_what_is_known_of_it(void **state)
{
	struct desk *desk = *state;
	static const char text[] =
		"steps:\n  - say: at ${{ run.?last.outputs.at.orValue('nowhere') }}\n"
		"  - say: by ${{ run.user }}\n"
		"  - call: ./sub.yaml\noutputs: {at: \"'x'\"}\n";
	struct value_map_builder outputs, last;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{say: \"in ${{ run.?last.id.orValue('none') "
		 "}}\"}]\n");
	value_map_init(&outputs, &desk->arena);
	value_map_set(&outputs, "at", value_cstring("there"));
	value_map_init(&last, &desk->arena);
	value_map_set(&last, "id", value_cstring("20261126T081731Z-CQ7D"));
	value_map_set(&last, "outputs", value_map_end(&outputs));
	const char *shown = forecast(desk, text, value_map_end(&last));
	assert_non_null(strstr(shown, "at there\n"));
	assert_non_null(strstr(shown, "by <run, known in the run>\n"));
	assert_non_null(strstr(shown, "in none\n"));
	assert_non_null(strstr(forecast(desk, text, value_null()), "at nowhere\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(a_document_names_it_or_not),
		DESK(a_called_runbook_has_no_last_run_and_a_library_none_at_all),
		DESK(a_fragment_names_it_for_who_includes_it),
		DESK(types_are_those_of_the_outputs),
		DESK(a_plan_shows_what_is_known_of_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
