/* A part of a runbook: what is left out, what is refused, what the rest needs. */
#include "support.h"

#define SUB \
	"runbook: 1\nname: Sub\n" \
	"preconditions: [{run: a, id: ready, effect: read}]\n" \
	"steps: [{run: a, id: one}, {run: b, id: two, tags: [smoke]}]\n" \
	"verify: [{run: c, id: fine, effect: read}]\n"

#define NOTES \
	"library: 1\nname: notes\n" \
	"steps: {notes: {main: text, inputs: {text: {}}, steps: [{say: a, id: inner}]}}\n"

/* 1 build (1.1 compile, 1.2 test), 2 sub, 3 hosts, 4 notes, 5 last */
#define STEPS \
	"import: [{library: ./notes.yaml}]\n" \
	"preconditions: [{run: a, id: met, effect: read}]\n" \
	"steps:\n" \
	"  - group: Build\n" \
	"    id: build\n" \
	"    steps:\n" \
	"      - {run: a, id: compile, undo: [{run: a, id: back}]}\n" \
	"      - {run: b, id: test, tags: [smoke, slow]}\n" \
	"  - {call: ./sub.yaml, id: sub}\n" \
	"  - for_each: [x, y]\n" \
	"    group: Hosts\n" \
	"    id: hosts\n" \
	"    steps: [{run: a, id: pull}, {run: b, id: migrate, tags: [db]}]\n" \
	"  - {notes: a, id: notes, tags: db}\n" \
	"  - {run: c, id: last, done_when: {run: d, id: looks, effect: read}}\n" \
	"verify: [{run: a, id: health, effect: read}]\n"

static const struct plan *lay(struct desk *desk)
{
	desk_put(desk, "sub.yaml", SUB);
	desk_put(desk, "notes.yaml", NOTES);
	assert_good(desk, STEPS);
	return desk->plan;
}

#define NAMES(...) \
	{ \
		.at = (const char *const[]){ __VA_ARGS__ }, \
		.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) \
	}

/* "--only compile | 1.2 2 3": the options and the outermost nodes of `steps` that they leave out.
 */
static void put_left(struct buffer *out, const struct plan *plan, const struct plan_node *node)
{
	int32_t at = node->kind == PLAN_LOOP ? node->slot + 1 : node->child;
	if (node->left_out) {
		buffer_printf(out, "%s%s %s", out->len ? ", " : "", node->path, node->left_out);
		return;
	}
	for (; at != PLAN_NONE; at = plan->nodes[at]->next)
		put_left(out, plan, plan->nodes[at]);
}

static const char *left(struct desk *desk, const struct plan_selection *selection)
{
	struct plan_faults faults = { 0 };
	struct buffer out;
	buffer_init(&out, &desk->arena);
	const struct plan *part = plan_select(desk->plan, selection, &desk->arena, &faults);
	assert_int_equal(part == NULL, faults.count > 0);
	for (size_t i = 0; i < faults.count; i++)
		buffer_printf(&out, "%s%s (%s)", out.len ? "\n" : "", faults.at[i].message,
			      faults.at[i].hint);
	if (part)
		put_left(&out, part, part->nodes[part->sections[SECTION_STEPS]]);
	return buffer_string(&out);
}

#define assert_left(desk, told, ...) \
	assert_string_equal(left((desk), &(struct plan_selection){ __VA_ARGS__ }), (told))

static void what_is_chosen_keeps_open_what_is_around_it(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "1.1 --only, 2 --only, 3 --only, 4 --only, 5 --only",
		    .only = NAMES("test"));
	assert_left(desk, "2 --only, 3 --only, 4 --only", .only = NAMES("build", "last"));
	assert_left(desk, "1 --only, 2.1 --only, 3.1 --only, 4 --only, 5 --only",
		    .only = NAMES("sub.two", "migrate"));
	assert_left(desk, "1 --only, 2 --only, 4 --only, 5 --only", .only = NAMES("hosts"));
	assert_left(desk, "1 --only, 3 --only, 4 --only, 5 --only", .only = NAMES("sub"));
}

static void tags_choose_in_calls_and_loops_too(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "1.1 --tag, 2.1 --tag, 3 --tag, 4 --tag, 5 --tag",
		    .tags = NAMES("smoke"));
	assert_left(desk, "1 --tag, 2 --tag, 3.1 --tag, 5 --tag", .tags = NAMES("db"));
	assert_left(desk, "1.1 --tag, 2 --tag, 3.1 --tag, 5 --tag", .tags = NAMES("slow", "db"));
}

static void ids_and_tags_choose_together(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "1 --only and --tag, 2 --only and --tag, 3.1 --only and --tag",
		    .tags = NAMES("db"), .only = NAMES("last"));
}

static void a_start_leaves_out_what_stands_before_it(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "", .start_at = "build");
	assert_left(desk, "1.1 --start-at", .start_at = "test");
	assert_left(desk, "1 --start-at", .start_at = "sub");
	assert_left(desk, "1 --start-at, 2.1 --start-at", .start_at = "sub.two");
	assert_left(desk, "1 --start-at, 2 --start-at", .start_at = "hosts");
}

static void to_skip_wins(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "1.1 --skip, 3 --skip", .skip = NAMES("compile", "hosts"));
	assert_left(desk, "1.1 --skip, 2 --only, 3 --only, 4 --only, 5 --only",
		    .only = NAMES("build"), .skip = NAMES("compile"));
	assert_left(desk, "1 --start-at and --skip, 2 --only, 3 --only, 4 --only",
		    .only = NAMES("build", "last"), .skip = NAMES("test"), .start_at = "hosts");
	assert_left(desk, "2 --skip", .skip = NAMES("sub.one", "sub.two"));
}

static void all_that_belongs_to_a_step_is_left_out_with_it(void **state)
{
	struct desk *desk = *state;
	struct plan_faults faults = { 0 };
	const struct plan_selection selection = { .skip = NAMES("build", "last", "sub") };
	const struct plan *plan = plan_select(lay(desk), &selection, &desk->arena, &faults);
	static const char *const ids[] = { "build",     "compile", "back",     "test", "sub",
					   "sub.ready", "sub.one", "sub.fine", "looks" };
	size_t found = 0;
	for (size_t i = 0; i < plan->node_count; i++)
		for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++) {
			const struct plan_node *node = plan->nodes[i];
			if (!node->label || strcmp(node->label, ids[k]) != 0)
				continue;
			found++;
			assert_string_equal(node->left_out, "--skip");
			assert_null(desk->plan->nodes[i]->left_out);
		}
	assert_int_equal(found, sizeof(ids) / sizeof(ids[0]));
	assert_null(plan->nodes[plan->sections[SECTION_VERIFY] + 1]->left_out);
	assert_int_equal(plan->selection->steps, 8);
	assert_int_equal(plan->selection->left_out, 5);
}

static void what_only_that_needs_is_not_asked_for(void **state)
{
	struct desk *desk = *state;
	struct plan_faults faults = { 0 };
	const struct plan_selection selection = { .skip = NAMES("look") };
	assert_good(desk, "steps: [{sql: {connection: 'sqlite:a', query: select 1}, id: look},\n"
			  "        {http: https://example.org/, id: ask}]\n");
	assert_string_equal(desk->plan->drivers[0], "sqlite");
	assert_string_equal(desk->plan->drivers[1], "http");
	const struct plan *plan = plan_select(desk->plan, &selection, &desk->arena, &faults);
	assert_string_equal(plan->drivers[0], "http");
	assert_null(plan->drivers[1]);
}

static void the_rounds_of_a_loop_leave_out_what_its_pattern_does(void **state)
{
	struct desk *desk = *state;
	struct plan_faults faults = { 0 };
	const struct plan_selection selection = { .only = NAMES("migrate") };
	struct plan plan = *plan_select(lay(desk), &selection, &desk->arena, &faults);
	int32_t loop = desk_node(desk, "3")->slot;
	struct buffer out;
	buffer_init(&out, &desk->arena);
	plan_unroll(&plan, loop, 2, &desk->arena);
	for (int32_t at = plan.nodes[loop]->child; at != PLAN_NONE; at = plan.nodes[at]->next)
		put_left(&out, &plan, plan.nodes[at]);
	assert_string_equal(buffer_string(&out), "3[0].1 --only, 3[1].1 --only");
}

static void what_cannot_be_chosen_is_refused_with_the_way_out(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk, "--only: the runbook has no step 'biuld' (did you mean 'build'?)",
		    .only = NAMES("biuld"));
	assert_left(desk, "--only: the runbook has no step 'two' (did you mean 'sub.two'?)",
		    .only = NAMES("two"));
	assert_left(desk,
		    "--skip: the runbook has no step 'smoke' (It is a tag. Write: --tag smoke)",
		    .skip = NAMES("smoke"));
	assert_left(desk, "--tag: no step has the tag 'smoky' (did you mean 'smoke'?)",
		    .tags = NAMES("smoky"));
	assert_left(desk, "--tag: no step has the tag 'last' (It is an id. Write: --only last)",
		    .tags = NAMES("last"));
	assert_left(desk, "--only: '1.2' is the place of a step, and no id (Write: --only test)",
		    .only = NAMES("1.2"));
	assert_left(desk,
		    "--only: 'pull[1]' is one round of a for_each: rounds cannot be chosen one by "
		    "one (Write, for all of them: --only pull)",
		    .only = NAMES("pull[1]"));
	assert_left(desk,
		    "--start-at: 'migrate' runs once for each item of 'hosts': a run cannot begin "
		    "in a round (Begin with all rounds: --start-at hosts; or leave steps out of "
		    "each: --skip ID.)",
		    .start_at = "migrate");
	assert_left(desk,
		    "--skip: 'back' stands in the undo of 'compile', with which it goes (Write: "
		    "--skip compile)",
		    .skip = NAMES("back"));
	assert_left(desk,
		    "--only: 'looks' stands in the done_when of 'last', with which it goes "
		    "(Write: --only last)",
		    .only = NAMES("looks"));
	assert_left(desk,
		    "--only: 'notes.inner' is a part of the library step 'notes', with which it "
		    "goes (Write: --only notes)",
		    .only = NAMES("notes.inner"));
	for (size_t i = 0; i < 3; i++) {
		static const char *const ids[] = { "met", "health", "sub.fine" };
		const char *told = left(desk, &(struct plan_selection){ .skip = NAMES(ids[i]) });
		assert_non_null(strstr(told, "and only a part of 'steps' can be chosen"));
	}
}

static void a_name_of_two_steps_chooses_neither(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: make a}, {run: make a}]\n");
	assert_left(desk,
		    "--only: 'run_make_a' is the name of two steps, 1 and 2 (Give the one that is "
		    "meant an 'id', and choose it by that.)",
		    .only = NAMES("run_make_a"));
}

static void something_must_be_left(void **state)
{
	struct desk *desk = *state;
	lay(desk);
	assert_left(desk,
		    "nothing of 'steps' is left to run (--skip and --start-at take from what "
		    "--only and --tag choose.)",
		    .only = NAMES("build"), .start_at = "hosts");
	assert_good(desk, "verify: [{run: a, effect: read}]\n");
	assert_left(desk,
		    "the runbook has no 'steps', of which a part could be chosen (Leave --only, "
		    "--tag, --start-at and --skip out.)",
		    .skip = (struct strings){ 0 });
}

/* ---- what the rest needs ------------------------------------------------------------------- */

/* Of steps 'a', which captures, and 'b', which is skipped with --only b; text follows them. */
static const char *needs(struct desk *desk, const char *text)
{
	struct plan_faults faults = { 0 };
	const struct plan_selection selection = { .skip = NAMES("a", "hosts") };
	desk_plan(desk, arena_format(&desk->arena,
				     "steps:\n"
				     "  - {run: x, id: a, capture: {v: text}}\n"
				     "  - {for_each: [x], id: hosts, run: x}\n"
				     "%s",
				     text));
	assert_non_null(desk->plan);
	const struct plan *plan = plan_select(desk->plan, &selection, &desk->arena, &faults);
	assert_non_null(plan);
	diags_init(&desk->diags, &desk->arena);
	bool good = plan_select_check(plan, &desk->arena, &desk->diags);
	assert_int_equal(good, desk->diags.errors == 0);
	return desk_told(desk);
}

static void what_is_missing_is_told_at_every_place(void **state)
{
	struct desk *desk = *state;
	static const char *const places[] = {
		"  - {run: 'x ${{ steps.a.v }}'}\n",
		"  - {run: x, id: b, undo: [{run: '${{ steps.a.v }}'}]}\n",
		"  - {run: x, done_when: {run: '${{ steps.a.v }}', effect: read}}\n",
		"  - {run: x, env: {A: '${{ steps.a.v }}'}}\n",
		"  - {run: x, assert: [steps.a.v == 'x']}\n",
		"  - {run: x, when: steps.a.v == 'x'}\n",
		"  - {run: x, for_each: '[steps.a.v]'}\n",
		"  - {run: x, capture: {w: steps.a.v}}\n",
		"  - {run: 'x ${{ size(steps.hosts.results) }}'}\n",
		"  - {run: x}\nverify: [{run: '${{ steps.a.v }}', effect: read}]\n",
		"  - {run: x}\nfinally: [{say: '${{ steps.a.text }}'}]\n",
		"  - {run: x}\noutputs: {w: steps.a.v}\n",
		"  - {run: x}\noutputs: {w: steps.a.json.?x}\n",
		"  - {run: x}\nrollback: {env: {A: '${{ steps.a.v }}'}}\n",
		"  - {run: x}\nrollback: {steps: [{run: '${{ steps.a.v }}'}]}\n",
		"  - {run: x}\nrollback: {conditions: [{reason: r, when: steps.a.v == 'x'}]}\n",
		"  - {run: x}\nrollback: {conditions: [{reason: r, ask: '${{ steps.a.v }}?'}]}\n",
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		const char *told = needs(desk, places[i]);
		if (strncmp(told, "RB0270", 6) != 0 || strchr(told, '\n'))
			fail_msg("%s: '%s'", places[i], told);
		assert_true(desk_hints(desk, "the step that is left out"));
		assert_true(desk_hints(desk, "Let that step run: leave --skip of it out."));
	}
	assert_string_equal(needs(desk, places[0]),
			    "RB0270 6:18: 'v' of step 'a' is needed here, and it is left out by "
			    "--skip");
}

static void what_may_be_absent_is_no_need(void **state)
{
	struct desk *desk = *state;
	static const char *const places[] = {
		"  - {run: 'x ${{ steps.a.?v.orValue(\"\") }}'}\n",
		"  - {run: 'x ${{ steps.a.status }} ${{ steps.a.attempts }}'}\n",
		"  - {run: 'x ${{ steps.a.v }}', when: steps.a.ok}\n",
		"  - {run: 'x ${{ steps.a.ok ? steps.a.v : \"none\" }}'}\n",
		"  - {run: 'x ${{ has(steps.a.v) ? steps.a.v : \"none\" }}'}\n",
		"  - {group: G, when: steps.a.ok, steps: [{run: 'x ${{ steps.a.v }}'}]}\n",
		"  - {run: x, id: b, capture: {w: text}}\n  - {run: '${{ steps.b.w }}'}\n",
	};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		assert_string_equal(needs(desk, places[i]), "");
	assert_non_null(strstr(needs(desk, "  - {run: '${{ steps.a.v }}', when: '!steps.a.ok'}\n"),
			       "RB0270"));
}

static void a_call_that_stays_needs_what_its_outputs_name(void **state)
{
	struct desk *desk = *state;
	struct plan_faults faults = { 0 };
	const struct plan_selection one = { .skip = NAMES("sub.a") },
				    all = { .skip = NAMES("sub") };
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: x, id: a}, {run: x, id: b}]\n"
		 "outputs: {w: steps.a.text}\n");
	assert_good(desk, "steps: [{call: ./sub.yaml, id: sub}, {run: x}]\n");
	const struct plan *plan = plan_select(desk->plan, &one, &desk->arena, &faults);
	assert_false(plan_select_check(plan, &desk->arena, &desk->diags));
	assert_string_equal(desk_told(desk), "RB0270 sub.yaml:4:14: 'text' of step 'a' is needed "
					     "here, and it is left out by --skip");
	diags_init(&desk->diags, &desk->arena);
	plan = plan_select(desk->plan, &all, &desk->arena, &faults);
	assert_true(plan_select_check(plan, &desk->arena, &desk->diags));
}

/* ---- the key ------------------------------------------------------------------------------- */

static void tags_stand_where_they_choose(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a, tags: [smoke, db-1, v1.2]}, {run: b, tags: smoke}]\n");
	assert_told(desk, "steps: [{run: a, tags: ['a,b', -x, '']}]\n",
		    "RB0271 3:25: 'a,b' cannot be a tag\n"
		    "RB0271 3:32: '-x' cannot be a tag\n"
		    "RB0271 3:36: '' cannot be a tag");
	assert_told(desk, "steps: [{run: a}]\nverify: [{run: b, effect: read, tags: [x]}]\n",
		    "RB0272 4:33: 'tags' has no meaning here: verify always runs whole");
	assert_told(desk,
		    "steps: [{run: a, undo: [{run: b, tags: [x]}]}]\nverify: [{run: a, effect: "
		    "read}]\n",
		    "RB0272 3:34: 'tags' has no meaning here: an undo goes with its step");
	assert_told(desk, "steps: [{run: a, done_when: {run: b, effect: read, tags: [x]}}]\n",
		    "RB0272 3:52: 'tags' has no meaning here: done_when runs with its step");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(what_is_chosen_keeps_open_what_is_around_it),
		DESK(tags_choose_in_calls_and_loops_too),
		DESK(ids_and_tags_choose_together),
		DESK(a_start_leaves_out_what_stands_before_it),
		DESK(to_skip_wins),
		DESK(all_that_belongs_to_a_step_is_left_out_with_it),
		DESK(what_only_that_needs_is_not_asked_for),
		DESK(the_rounds_of_a_loop_leave_out_what_its_pattern_does),
		DESK(what_cannot_be_chosen_is_refused_with_the_way_out),
		DESK(a_name_of_two_steps_chooses_neither),
		DESK(something_must_be_left),
		DESK(what_is_missing_is_told_at_every_place),
		DESK(what_may_be_absent_is_no_need),
		DESK(a_call_that_stays_needs_what_its_outputs_name),
		DESK(tags_stand_where_they_choose),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
