/* Steps to nodes: structure, numbers, titles, ids. */
#include "support.h"

/* The tree as text: "1 step run true\n1.undo undo\n  ..." */
static void put_tree(struct buffer *out, const struct plan *plan, int32_t slot, int depth)
{
	static const char *const kinds[] = {
		"section", "step", "group", "library", "call", "undo"
	};
	const struct plan_node *node = plan->nodes[slot];
	assert_int_equal(node->slot, slot);
	buffer_printf(out, "%*s%s %s%s%s\n", 2 * depth, "", kinds[node->kind], node->path,
		      *node->path ? " " : "", node->title);
	int32_t prev = PLAN_NONE;
	for (int32_t at = node->child; at != PLAN_NONE; at = plan->nodes[at]->next) {
		assert_int_equal(plan->nodes[at]->parent, slot);
		assert_int_equal(plan->nodes[at]->prev, prev);
		put_tree(out, plan, at, depth + 1);
		prev = at;
	}
	assert_int_equal(node->last, prev);
	if (node->undo != PLAN_NONE) {
		assert_int_equal(plan->nodes[node->undo]->parent, slot);
		put_tree(out, plan, node->undo, depth + 1);
	}
}

static const char *tree(struct desk *desk)
{
	struct buffer out;
	buffer_init(&out, &desk->arena);
	for (int i = 0; i < SECTION_COUNT; i++)
		if (desk->plan->sections[i] != PLAN_NONE)
			put_tree(&out, desk->plan, desk->plan->sections[i], 0);
	return buffer_string(&out);
}

static void sections_and_steps_are_numbered_in_the_order_of_reading(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "verify: [{run: verify, effect: read}]\n"
			  "preconditions: [{run: one, effect: read}, {run: two, effect: read}]\n"
			  "finally: [{run: last}]\n"
			  "steps: [{run: a}, {group: G, steps: [{run: b}, {run: c}]}]\n"
			  "rollback: {steps: [{run: back}]}\n");
	assert_string_equal(tree(desk), "section 0 preconditions\n"
					"  step 0.1 run one\n"
					"  step 0.2 run two\n"
					"section steps\n"
					"  step 1 run a\n"
					"  group 2 G\n"
					"    step 2.1 run b\n"
					"    step 2.2 run c\n"
					"section 3 verify\n"
					"  step 3.1 run verify\n"
					"section R rollback\n"
					"  step R.1 run back\n"
					"section 4 finally\n"
					"  step 4.1 run last\n");
	assert_int_equal(desk->plan->step_count, 8);
}

static void without_verify_finally_follows_the_steps(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: a}]\nfinally: [{run: b}]\n");
	assert_non_null(desk_find(desk, "2.1"));
}

static void undo_steps_hang_below_their_step(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps:\n"
			  "  - run: a\n"
			  "    undo: [{run: b}, {group: G, steps: [{run: c}]}]\n"
			  "  - group: H\n"
			  "    steps: [{run: d}]\n"
			  "    undo: {after: any, steps: [{run: e}]}\n"
			  "rollback: {verify: false}\n");
	assert_string_equal(tree(desk), "section steps\n"
					"  step 1 run a\n"
					"    undo 1.undo undo\n"
					"      step 1.undo.1 run b\n"
					"      group 1.undo.2 G\n"
					"        step 1.undo.2.1 run c\n"
					"  group 2 H\n"
					"    step 2.1 run d\n"
					"    undo 2.undo undo\n"
					"      step 2.undo.1 run e\n");
	assert_false(desk_node(desk, "1")->undo_any);
	assert_true(desk_node(desk, "2")->undo_any);
	assert_true(desk_node(desk, "1.undo.1")->late);
	assert_false(desk_node(desk, "1")->late);
}

static void done_when_hangs_below_its_step(void **state)
{
	struct desk *desk = *state;
	const struct plan *plan = desk_plan(
		desk, "steps:\n  - {say: a, done_when: {file: x, assert: [exists]}}\n  - say: b\n");
	assert_non_null(plan);
	const struct plan_node *step =
		plan->nodes[plan->nodes[plan->sections[SECTION_STEPS]]->child];
	const struct plan_node *looks = plan->nodes[step->done_when];
	assert_int_equal(looks->parent, step->slot);
	assert_string_equal(looks->path, "1.done");
	assert_int_equal(looks->on_failure, ON_FAILURE_CONTINUE);
	assert_int_equal(step->effect, EFFECT_NONE); /* what looks changes nothing for it */
	assert_string_equal(plan->nodes[step->next]->path, "2");
	assert_int_equal(step->child, PLAN_NONE);
}

static void bad_undos_are_told(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: [{run: a, undo: [{run: b, undo: [{run: c}]}]}]\n",
		    "RB0215 3:34: a step of an undo has no undo of its own");
	assert_told(desk, "steps: [{run: a, undo: {after: any}}]\n",
		    "RB0103 3:25: missing key 'steps' in undo");
	assert_told(desk, "steps: [{run: a, undo: {after: all, steps: [{run: b}]}}]\n",
		    "RB0110 3:32: 'after': unknown choice 'all'; it can only be any");
	assert_told(desk, "steps: [{run: a, undo: {when: x, steps: [{run: b}]}}]\n",
		    "RB0101 3:25: unknown key 'when' in undo");
	assert_told(desk, "steps: [{run: a, undo: []}]\n",
		    "RB0216 3:24: 'undo' is a list with at least one step; found an empty one");
	assert_told(desk, "steps: [{run: a}]\nrollback: {steps: [{run: b, undo: [{run: c}]}]}\n",
		    "RB0215 4:29: a step of an undo has no undo of its own");
}

static void what_is_no_list_of_steps_is_told(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: {run: a}\n",
		    "RB0216 3:8: 'steps' is a list with at least one step; found map");
	assert_told(desk, "steps: []\n",
		    "RB0216 3:8: 'steps' is a list with at least one step; found an empty one");
	assert_told(desk, "description: nothing to do\n", "RB0216 1:1: the runbook has no steps");
	assert_told(desk, "steps: [text]\n", "RB0212 3:9: a step is a map with a verb; found text");
	assert_told(desk, "steps: [{group: G}]\n", "RB0216 3:10: the group has no steps");
	assert_told(desk, "steps: [{group: G, steps: []}]\n",
		    "RB0216 3:27: 'steps' is a list with at least one step; found an empty one");
	assert_told(desk, "steps: [{run: a, shell: b}]\n",
		    "RB0212 3:18: a step has one verb; this one has 'run' and 'shell'");
	assert_told(desk, "steps: [{name: nothing}]\n", "RB0212 3:9: the step has no verb");
	assert_told(desk, "steps: [{rum: a}]\n", "RB0213 3:10: unknown verb 'rum'");
	assert_true(desk_hints(desk, "'run'"));
}

static void keys_stand_where_they_belong(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{run: {command: a, exit: 1}, timeout: 5s}]\n");
	assert_good(desk, "steps: [{run: a, exit: 1, timeout: 5s}]\n");
	assert_told(desk, "steps: [{run: {command: a}, exit: 1}]\n",
		    "RB0101 3:29: 'exit' belongs inside 'run: {...}'");
	assert_told(desk, "steps: [{run: a, timout: 5s}]\n",
		    "RB0101 3:18: unknown key 'timout' in run");
	assert_true(desk_hints(desk, "'timeout'"));
	assert_told(desk, "steps: [{group: G, retry: 3, steps: [{run: a}]}]\n",
		    "RB0101 3:20: unknown key 'retry' in group");
	assert_told(desk, "steps: [{group: G, sensitive: true, steps: [{run: a}]}]\n",
		    "RB0101 3:20: unknown key 'sensitive' in group");
	assert_told(desk, "steps: [{group: G, tags: [a], steps: [{run: a}]}]\n",
		    "RB0101 3:20: unknown key 'tags' in group");
}

static void keys_of_a_later_version_are_unknown(void **state)
{
	struct desk *desk = *state;
	static const char *const later[] = { "setup" };
	for (size_t i = 0; i < sizeof(later) / sizeof(later[0]); i++)
		assert_told(desk,
			    arena_format(&desk->arena, "steps: [{run: a, %s: []}]\n", later[i]),
			    arena_format(&desk->arena, "RB0101 3:18: unknown key '%s' in run",
					 later[i]));
}

static void titles_are_names_or_the_verb_with_its_text(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps:\n"
			  "  - run: docker ps\n"
			  "  - {name: List them, run: docker ps}\n"
			  "  - shell: |\n"
			  "      first line\n"
			  "      second line\n"
			  "  - {run: {command: inside}}\n"
			  "  - {run: [a, b]}\n"
			  "  - {assert: 1 == 1}\n"
			  "  - {group: The group, steps: [{run: x}]}\n");
	assert_string_equal(desk_node(desk, "1")->title, "run docker ps");
	assert_string_equal(desk_node(desk, "2")->title, "List them");
	assert_string_equal(desk_node(desk, "3")->title, "shell first line");
	assert_string_equal(desk_node(desk, "4")->title, "run inside");
	assert_string_equal(desk_node(desk, "5")->title, "run a b");
	assert_string_equal(desk_node(desk, "6")->title, "assert");
	assert_string_equal(desk_node(desk, "7")->title, "The group");
}

static void default_ids_are_folded_from_names(void **state)
{
	struct desk *desk = *state;
	static const struct {
		const char *name, *id;
	} rows[] = {
		{ "Pull images", "pull_images" },
		{ "API: is it -- healthy?", "api_is_it_healthy" },
		{ "2 times", NULL },
		{ "caf\xc3\xa9", "caf" },
		{ "\xc3\xa9t\xc3\xa9", "t" },
		{ "Switch to ${{ 'v1' }}", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_good(desk, arena_format(&desk->arena, "steps: [{name: \"%s\", run: a}]\n",
					       rows[i].name));
		if (rows[i].id)
			assert_string_equal(desk_node(desk, "1")->id, rows[i].id);
		else
			assert_null(desk_node(desk, "1")->id);
	}
}

static void a_word_of_the_language_is_no_default_id(void **state)
{
	struct desk *desk = *state;
	static const char *const words[] = { "In", "True", "false", "null" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_good(desk, arena_format(&desk->arena, "steps: [{name: '%s', run: a}]\n",
					       words[i]));
		assert_null(desk_node(desk, "1")->id);
	}
}

static void a_default_id_that_two_steps_share_belongs_to_neither(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{name: Check it, run: a}, {name: Check-it, run: b}, "
			  "{name: check it, run: c}]\n");
	for (int i = 1; i <= 3; i++) {
		const struct plan_node *node = desk_node(desk, arena_format(&desk->arena, "%d", i));
		assert_null(node->id);
		assert_null(node->label);
	}
	assert_told(desk,
		    "steps: [{name: Check it, run: a}, {name: Check-it, run: b}, "
		    "{say: '${{ steps.check_it.text }}'}]\n",
		    "RB0219 3:72: 'check_it' is the name of two steps");
}

static void an_id_that_is_written_takes_the_place_of_a_default_one(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps: [{name: Go, run: a}, {id: go, run: b}]\n");
	assert_null(desk_node(desk, "1")->id);
	assert_null(desk_node(desk, "1")->label);
	assert_string_equal(desk_node(desk, "2")->label, "go");
	assert_good(desk, "steps: [{id: go, run: b}, {name: Go, run: a}]\n");
	assert_string_equal(desk_node(desk, "1")->label, "go");
	assert_null(desk_node(desk, "2")->label);
	assert_told(desk, "steps: [{id: go, run: a}, {id: go, run: b}]\n",
		    "RB0214 3:32: id 'go' is used twice");
}

static void ids_are_names(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: [{id: Go, run: a}]\n", "RB0201 3:14: 'Go' cannot be an id");
	assert_told(desk, "steps: [{id: 'null', run: a}]\n",
		    "RB0201 3:14: 'null' cannot be an id: it is a word of the expression language");
	assert_told(desk, "steps: [{id: [a], run: a}]\n",
		    "RB0201 3:14: an id is a text; found list");
	assert_told(desk, arena_format(&desk->arena, "steps: [{id: %0129d, run: a}]\n", 0),
		    arena_format(&desk->arena, "RB0201 3:14: '%048d...' cannot be an id", 0));
}

static void sections_share_the_names_of_their_steps(void **state)
{
	struct desk *desk = *state;
	assert_told(desk, "steps: [{id: a, run: a}]\nverify: [{id: a, run: a}]\n",
		    "RB0214 4:15: id 'a' is used twice");
	assert_told(desk, "steps: [{id: a, run: a, undo: [{id: a, run: b}]}]\n",
		    "RB0214 3:37: id 'a' is used twice");
}

static void at_most_ten_thousand_steps(void **state)
{
	struct desk *desk = *state;
	struct buffer text;
	buffer_init(&text, &desk->arena);
	buffer_puts(&text, "steps:\n");
	for (int i = 0; i < PLAN_MAX_STEPS; i++)
		buffer_puts(&text, "- say: x\n");
	assert_good(desk, buffer_string(&text));
	assert_int_equal(desk->plan->step_count, PLAN_MAX_STEPS);
	buffer_puts(&text, "- say: x\n- say: y\n");
	assert_told(desk, buffer_string(&text), "RB0217 10004:3: more than 10000 steps");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(sections_and_steps_are_numbered_in_the_order_of_reading),
		DESK(without_verify_finally_follows_the_steps),
		DESK(undo_steps_hang_below_their_step),
		DESK(done_when_hangs_below_its_step),
		DESK(bad_undos_are_told),
		DESK(what_is_no_list_of_steps_is_told),
		DESK(keys_stand_where_they_belong),
		DESK(keys_of_a_later_version_are_unknown),
		DESK(titles_are_names_or_the_verb_with_its_text),
		DESK(default_ids_are_folded_from_names),
		DESK(a_word_of_the_language_is_no_default_id),
		DESK(a_default_id_that_two_steps_share_belongs_to_neither),
		DESK(an_id_that_is_written_takes_the_place_of_a_default_one),
		DESK(ids_are_names),
		DESK(sections_share_the_names_of_their_steps),
		DESK(at_most_ten_thousand_steps),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
