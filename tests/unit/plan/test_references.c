/* What expressions may refer to: the order of steps, what may be absent, `error`, what is kept. */
#include "support.h"

static const char *kept(struct desk *desk, const char *path)
{
	struct buffer out;
	const struct plan_node *node = desk_node(desk, path);
	buffer_init(&out, &desk->arena);
	for (size_t i = 0; i < node->kept_count; i++)
		buffer_printf(&out, "%s%.*s", i ? " " : "", TEXT_ARG(node->kept[i]));
	return buffer_string(&out);
}

static const char *asked(struct desk *desk, const char *path)
{
	const struct plan_node *node = desk_node(desk, path);
	struct buffer out;
	buffer_init(&out, &desk->arena);
	for (size_t i = 0; i < node->asked.count; i++)
		buffer_printf(&out, "%s%.*s", i ? " " : "", TEXT_ARG(node->asked.names[i]));
	return buffer_string(&out);
}

static void an_expression_sees_what_ran_before_it(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a, id: a}, {say: '${{ steps.a.text }}'}]\n");
	assert_told(desk, "steps: [{say: '${{ steps.a.text }}'}, {run: a, id: a}]\n",
		    "RB0220 3:20: step 'a' runs later");
	assert_told(desk, "steps: [{run: a, id: a, when: steps.a.ok}]\n",
		    "RB0220 3:31: step 'a' cannot refer to itself by its id");
	assert_told(desk, "steps: [{group: G, id: g, steps: [{run: a, when: steps.g.ok}]}]\n",
		    "RB0220 3:50: step 'g' has not ended here");
	assert_good(desk,
		    "steps: [{group: G, id: g, steps: [{run: a}]}, {run: b, when: steps.g.ok}]\n");
	assert_good(desk, "preconditions: [{run: a, id: a, effect: read}]\n"
			  "steps: [{run: b, id: b}]\n"
			  "verify: [{say: '${{ steps.a.text + steps.b.text }}'}]\n");
	assert_told(desk,
		    "preconditions: [{run: a, effect: read, when: steps.b.ok}]\n"
		    "steps: [{run: b, id: b}]\n",
		    "RB0220 3:46: step 'b' runs later");
}

static void every_place_of_an_expression_is_looked_at(void **state)
{
	struct desk *desk = *state;
	static const char *const places[] = {
		"{run: 'x ${{ steps.z.text }}'}",
		"{run: x, cwd: '${{ steps.z.text }}'}",
		"{run: x, env: {A: '${{ steps.z.text }}'}}",
		"{run: x, when: steps.z.ok}",
		"{run: x, assert: [steps.z.ok]}",
		"{run: x, assert: [{that: 1 == 1, message: '${{ steps.z.text }}'}]}",
		"{run: x, assert: [{that: 1 == 1, hint: '${{ steps.z.text }}'}]}",
		"{run: x, capture: {a: steps.z.text}}",
		"{run: x, retry: {when: steps.z.ok}}",
		"{run: x, effect: '${{ steps.z.text }}'}",
		"{notes: '${{ steps.z.text }}'}",
		"{notes: {text: a, more: '${{ steps.z.text }}'}}",
		"{call: ./sub.yaml, with: {stage: '${{ steps.z.text }}'}}",
	};
	desk_put(desk, "notes.yaml",
		 "library: 1\nname: notes\nsteps: {notes: {main: text, inputs: {text: {type: "
		 "words}, "
		 "more: {default: a}}, steps: [{say: a}]}}\n");
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninputs: {stage: {}}\nsteps: [{say: a}]\n");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		desk_plan(desk, arena_format(&desk->arena,
					     "import: [./notes.yaml]\nsteps:\n  - %s\n"
					     "  - {run: z, id: z}\n",
					     places[i]));
		if (desk->diags.errors != 1 || desk->diags.first->code != RB0220)
			fail_msg("%s: %s", places[i], desk_told(desk));
	}
}

static void a_step_that_may_not_have_run_is_a_warning(void **state)
{
	struct desk *desk = *state;
	static const char *const absent = "'text' may be absent here: step 'a' may ";
	static const struct {
		const char *steps;
		bool warned;
	} rows[] = {
		{ "[{run: a, id: a, when: 1 == 1}, {say: '${{ steps.a.text }}'}]", true },
		{ "[{run: a, id: a, on_failure: continue}, {say: '${{ steps.a.text }}'}]", true },
		{ "[{group: G, when: 1 == 1, steps: [{run: a, id: a}]}, "
		  "{say: '${{ steps.a.text }}'}]",
		  true },
		/* Within the group both ran or neither. */
		{ "[{group: G, when: 1 == 1, steps: [{run: a, id: a}, "
		  "{say: '${{ steps.a.text }}'}]}]",
		  false },
		{ "[{run: a, id: a, when: 1 == 1}, {say: '${{ steps.a.status }}'}]", false },
		{ "[{run: a, id: a, when: 1 == 1}, {say: \"${{ steps.a.?text.orValue('') }}\"}]",
		  false },
		{ "[{run: a, id: a, when: 1 == 1}, "
		  "{say: \"${{ has(steps.a.text) ? steps.a.text : '' }}\"}]",
		  false },
		{ "[{run: a, id: a}, {say: '${{ steps.a.text }}'}]", false },
		/* It runs only when the other one did. */
		{ "[{run: a, id: a, when: 1 == 1}, "
		  "{say: '${{ steps.a.text }}', when: steps.a.ok && 1 == 1}]",
		  false },
		{ "[{run: a, id: a, when: 1 == 1}, "
		  "{say: '${{ steps.a.text }}', when: '! steps.a.ok'}]",
		  true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_non_null(
			desk_plan(desk, arena_format(&desk->arena, "steps: %s\n", rows[i].steps)));
		if ((strstr(desk_told(desk), absent) != NULL) != rows[i].warned)
			fail_msg("%s: %s", rows[i].steps, desk_told(desk));
	}
}

static void an_undo_and_finally_see_every_name(void **state)
{
	struct desk *desk = *state;
	assert_non_null(desk_plan(desk, "steps:\n"
					"  - run: a\n"
					"    undo: [{say: \"${{ steps.z.?text.orValue('') }}\"}]\n"
					"  - {run: z, id: z}\n"
					"finally: [{say: \"${{ steps.z.?text.orValue('') }}\"}]\n"
					"rollback: {verify: false, steps: [{say: \"${{ "
					"steps.z.?text.orValue('') }}\"}]}\n"));
	assert_string_equal(desk_told(desk), "");
	/* What a failed run did not reach is absent in finally. */
	assert_non_null(desk_plan(desk, "steps: [{run: z, id: z}]\n"
					"finally: [{say: '${{ steps.z.text }}'}]\n"));
	assert_string_equal(desk_told(desk), "RB0221 4:22: 'text' may be absent here: step 'z' may "
					     "not have run");
}

static void error_is_known_where_something_may_have_failed(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a, undo: [{say: '${{ error.message }}'}]}]\n"
			  "finally: [{say: '${{ error.step }}'}]\n"
			  "rollback:\n"
			  "  verify: false\n"
			  "  conditions: [{reason: down, when: error.class == 'http'}]\n"
			  "  steps: [{say: '${{ error.class }}'}]\n");
	assert_told(desk, "steps: [{say: '${{ error.message }}'}]\n",
		    "RB0222 3:20: there is no 'error' here");
	assert_told(desk, "steps: [{say: a}]\nverify: [{say: b, when: error.step == ''}]\n",
		    "RB0222 4:25: there is no 'error' here");
	assert_told(desk,
		    "steps: [{say: a}]\nrollback: {conditions: [{reason: r, when: error.stop == "
		    "''}]}\n",
		    "RB0311 4:49: 'error' has no field of the error 'stop'");
}

static void outputs_that_expressions_name_are_kept(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps:\n"
			  "  - {run: a, id: a, capture: {image: text}}\n"
			  "  - {run: b, id: b}\n"
			  "  - {run: c, id: c}\n"
			  "  - {run: d, id: d}\n"
			  "  - {say: '${{ steps.a.image + steps.b.text + steps.b.status }}'}\n"
			  "  - {say: '${{ steps.c }}'}\n");
	assert_string_equal(kept(desk, "1"), "image");
	assert_string_equal(kept(desk, "2"), "text");
	assert_string_equal(kept(desk, "3"), "exit_code stdout stderr text lines json");
	assert_string_equal(kept(desk, "4"), "");
}

static void a_verb_is_asked_for_what_expressions_name(void **state)
{
	struct desk *desk = *state;
	assert_good(
		desk,
		"steps:\n"
		"  - {git: ., id: a, tag: v1, assert: [{that: clean, message: '${{ branch }}'}, "
		"tag.?exists.orValue(false)]}\n"
		"  - {git: ., id: b, tag: v1, capture: {at: 'tag[\"commit\"]'}, retry: {attempts: "
		"2, when: head == ''}}\n"
		"  - {git: ., id: c, assert: [clean]}\n"
		"  - {git: ., id: d, tag: v1, assert: ['size(tag) > 0']}\n"
		"  - for_each: [1]\n    id: e\n    git: .\n    assert: [clean]\n"
		"  - {say: '${{ steps.a.tag.signed }} ${{ steps.b.at }}'}\n"
		"  - {say: '${{ steps.c }}'}\n"
		"  - {say: '${{ steps.e.results[0].branch }}'}\n");
	assert_string_equal(asked(desk, "1"), "clean branch tag.exists tag.signed");
	assert_string_equal(asked(desk, "2"), "tag.commit head");
	assert_string_equal(asked(desk, "3"), "clean head branch ahead behind tag latest_tag tags");
	assert_string_equal(asked(desk, "4"), "tag");
	assert_string_equal(asked(desk, "6"), "");
	const struct plan_node *loop = desk_node(desk, "5");
	assert_int_equal(desk->plan->nodes[loop->slot + 1]->asked.count, 8);
}

static void a_library_step_keeps_what_its_last_step_gives(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "two.yaml",
		 "library: 1\nname: two\nsteps:\n"
		 "  two: {steps: [{run: first}, {run: last}]}\n"
		 "  own: {steps: [{run: first, id: f}, {run: last}], outputs: {size: "
		 "size(steps.f.text)}}\n");
	assert_good(desk, "import: [./two.yaml]\n"
			  "steps:\n"
			  "  - {two: {}, id: a}\n"
			  "  - {two.own: {}, id: b}\n"
			  "  - {say: '${{ steps.a.text }} ${{ steps.b.size }}'}\n"
			  "  - {two: {}, assert: [exit_code == 0]}\n");
	assert_string_equal(kept(desk, "1"), "text");
	assert_string_equal(kept(desk, "1.1"), "");
	assert_string_equal(kept(desk, "1.2"), "text");
	assert_string_equal(kept(desk, "2.1"), "text");
	assert_string_equal(kept(desk, "2.2"), "");
	assert_string_equal(kept(desk, "4.2"), "exit_code");
}

static void outputs_and_conditions_of_the_document_keep_too(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a, id: a}, {run: b, id: b}, {run: c, id: c}]\n"
			  "outputs: {answer: steps.a.text}\n"
			  "rollback:\n"
			  "  verify: false\n"
			  "  conditions: [{reason: r, when: steps.b.text == ''}, {reason: q, ask: "
			  "'${{ steps.b.stderr }}?'}]\n"
			  "  env: {IMAGE: '${{ steps.c.text }}'}\n");
	assert_string_equal(kept(desk, "1"), "text");
	assert_string_equal(kept(desk, "2"), "text stderr");
	assert_string_equal(kept(desk, "3"), "text");
}

static void bad_names_are_told_with_the_nearest(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: [{run: a, id: before}, {say: '${{ steps.befor.text }}'}]\n",
		    "RB0311 3:48: 'steps' has no step 'befor'");
	assert_true(desk_hints(desk, "'before'"));
	assert_told(desk, "steps: [{run: a, id: a}, {say: '${{ steps.a.txt }}'}]\n",
		    "RB0311 3:45: 'steps.a' has no output 'txt'");
	assert_told(desk, "steps: [{say: '${{ imputs.a }}'}]\n",
		    "RB0310 3:20: unknown name 'imputs'");
}

static void captures_have_names_of_their_own(void **state)
{
	struct desk *desk = *state;
	assert_told(
		desk, "steps: [{run: a, capture: {text: text}}]\n",
		"RB0208 3:28: capture 'text' is named like something that the step already has");
	assert_told(desk, "steps: [{run: a, capture: {status: text}}]\n",
		    "RB0208 3:28: capture 'status' is named like something that the step already "
		    "has");
	assert_told(desk, "steps: [{run: a, capture: {A: text}}]\n",
		    "RB0201 3:28: 'A' cannot be the name of a capture");
	assert_told(desk, "steps: [{run: a, capture: [text]}]\n",
		    "RB0102 3:27: 'capture': expected map; found list");
}

static void assertions_are_true_or_false(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: [{run: a, assert: [text]}]\n",
		    "RB0224 3:27: an assertion is true or false; this is string");
	assert_told(desk, "steps: [{run: a, assert: []}]\n",
		    "RB0225 3:26: 'assert' is empty: it would always hold");
	assert_told(desk, "steps: [{run: a, when: 1}]\n",
		    "RB0224 3:24: 'when' is true or false; this is int");
	assert_good(desk, "steps: [{run: a, assert: \"text == 'a'\"}]\n");
	assert_int_equal(desk_node(desk, "1")->assert_count, 1);
	assert_good(desk, "steps: [{run: a, assert: [text == '', {that: exit_code == 0, severity: "
			  "warn, message: m, hint: h}]}]\n");
	assert_int_equal(desk_node(desk, "1")->assert_count, 2);
	assert_false(desk_node(desk, "1")->asserts[0].warn);
	assert_true(desk_node(desk, "1")->asserts[1].warn);
	assert_non_null(desk_node(desk, "1")->asserts[1].message);
	assert_non_null(desk_node(desk, "1")->asserts[1].hint);
	assert_null(desk_node(desk, "1")->asserts[0].message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(an_expression_sees_what_ran_before_it),
		DESK(every_place_of_an_expression_is_looked_at),
		DESK(a_step_that_may_not_have_run_is_a_warning),
		DESK(an_undo_and_finally_see_every_name),
		DESK(error_is_known_where_something_may_have_failed),
		DESK(outputs_that_expressions_name_are_kept),
		DESK(a_verb_is_asked_for_what_expressions_name),
		DESK(a_library_step_keeps_what_its_last_step_gives),
		DESK(outputs_and_conditions_of_the_document_keep_too),
		DESK(bad_names_are_told_with_the_nearest),
		DESK(captures_have_names_of_their_own),
		DESK(assertions_are_true_or_false),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
