/* Which step of a later document is which of the earlier one, and what of it has changed. */
#include "support.h"

struct two {
	const struct plan *was, *now;
	struct plan_match match;
	struct plan_changes changes;
};

static const struct plan *make(struct desk *desk, const char *body)
{
	const struct plan *plan = desk_plan(desk, body);
	assert_int_equal(desk->diags.errors, 0);
	return plan;
}

static struct two compare(struct desk *desk, const char *was, const char *now)
{
	struct two two = { .was = make(desk, was) };
	two.now = make(desk, now);
	two.match = plan_match(two.was, two.now, &desk->arena);
	two.changes = plan_changes(two.was, two.now, &two.match, &desk->arena);
	return two;
}

static int32_t slot_of(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i]->kind != PLAN_SECTION && strcmp(plan->nodes[i]->path, path) == 0)
			return (int32_t)i;
	fail_msg("no step %s", path);
	return PLAN_NONE;
}

/* The path that a step of the later document had. */
static const char *path_before(const struct two *two, const char *path)
{
	int32_t was = two->match.was[slot_of(two->now, path)];
	if (was != PLAN_NONE)
		assert_string_equal(two->now->nodes[two->match.now[was]]->path, path);
	return was == PLAN_NONE ? "new" : two->was->nodes[was]->path;
}

/* "=run 2; +3; -3; >4": key and path, what is new, gone, moved. */
static const char *told(struct desk *desk, const struct two *two)
{
	static const char marks[] = { '=', '+', '-', '>' };
	struct buffer out;
	buffer_init(&out, &desk->arena);
	for (size_t i = 0; i < two->changes.count; i++) {
		const struct plan_change *change = &two->changes.at[i];
		const struct plan_node *node = change->now ? change->now : change->was;
		buffer_printf(&out, "%s%c%s%s%s%s", i ? "; " : "", marks[change->kind],
			      change->key ? change->key : "", change->key && node ? " " : "",
			      node ? node->path : "", change->all ? "!" : "");
	}
	return buffer_string(&out);
}

static void keys_that_differ(void **state)
{
	struct desk *desk = *state;
	struct two two = compare(desk,
				 "steps:\n  - {id: a, run: x, timeout: 5s}\n  - run: y\n"
				 "  - http: {method: GET, url: 'http://a'}\n",
				 "steps:\n  - {id: a, run: z, exit: 1}\n  - run: y\n"
				 "  - http: {method: PUT, url: 'http://a'}\n");
	assert_string_equal(told(desk, &two), "=run 1; =timeout 1; =exit 1; =http.method 3");
	assert_string_equal(path_before(&two, "3"), "3");
	assert_null(two.changes.at[1].after);
	assert_null(two.changes.at[2].before);
	two = compare(desk, "steps: [{run: x}]\n", "# a remark\nsteps:\n- run: x\n");
	assert_int_equal(two.changes.count, 0);
	two = compare(desk, "steps: [{run: x}]\n", "steps: [{run: 'x'}]\n");
	assert_string_equal(told(desk, &two), "=run 1");
}

static void steps_that_come_go_and_move(void **state)
{
	struct desk *desk = *state;
	struct two two = compare(desk, "steps: [{run: a}, {run: b}, {run: c}, {run: d}]\n",
				 "steps: [{run: a}, {run: new}, {run: c}, {run: b}]\n");
	assert_string_equal(told(desk, &two), "+2; >4; -4");
	assert_string_equal(path_before(&two, "2"), "new");
	assert_string_equal(path_before(&two, "3"), "3");
	assert_string_equal(path_before(&two, "4"), "2");
	/* By name, whatever it does; and between the same neighbours, whatever its name. */
	two = compare(desk, "steps: [{run: a}, {name: N, run: b}, {run: c}]\n",
		      "steps: [{run: a}, {say: x}, {name: N, run: z}, {run: c}]\n");
	assert_string_equal(told(desk, &two), "+2; =run 3");
	two = compare(desk, "steps: [{run: a}, {name: N, run: b}, {run: c}]\n",
		      "steps: [{run: a}, {name: M, shell: z}, {run: c}]\n");
	assert_string_equal(path_before(&two, "2"), "2");
	/* Into another list it goes as something new. */
	two = compare(desk, "steps: [{run: a}, {group: G, steps: [{run: b}]}]\n",
		      "steps: [{group: G, steps: [{run: a}, {run: b}]}]\n");
	assert_string_equal(told(desk, &two), ">1.1");
	assert_string_equal(path_before(&two, "1.1"), "new");
	assert_string_equal(path_before(&two, "1.2"), "2.1");
}

static void undos_and_what_stands_in_steps(void **state)
{
	struct desk *desk = *state;
	struct two two = compare(
		desk,
		"steps:\n  - {run: a, undo: [{run: b}]}\n  - run: c\n    done_when: {run: d, "
		"effect: read}\n"
		"  - {for_each: [1], run: e}\n",
		"steps:\n  - {run: a, undo: {after: any, steps: [{say: x}, {run: b}]}}\n"
		"  - run: c\n    done_when: {run: z, effect: read}\n  - {for_each: [2], run: e}\n");
	assert_string_equal(told(desk, &two), "=undo.after 1; +1.undo.1; =run 2.done; =for_each 3");
	assert_string_equal(path_before(&two, "1.undo.2"), "1.undo.1");
	assert_string_equal(path_before(&two, "2"), "2");
}

static void keys_of_the_root(void **state)
{
	struct desk *desk = *state;
	struct two two = compare(desk, "vars: {a: 1}\nrollback: {mode: ask}\nsteps: [{run: x}]\n",
				 "vars: {a: 2}\nrollback: {mode: manual}\nowner: me\n"
				 "steps: [{run: x}]\n");
	assert_string_equal(told(desk, &two), "=vars!; =rollback.mode; =owner");
}

static void a_library_is_told_once(void **state)
{
	static const char text[] = "library: 1\nname: lib\nsteps:\n  both:\n    main: word\n"
				   "    inputs: {word: {}}\n    steps: [{run: %s}]\n";
	struct desk *desk = *state;
	const char *body = "import: [./lib.yaml]\nsteps: [{lib.both: a}, {lib.both: b}]\n";
	struct two two = { 0 };
	desk_put(desk, "lib.yaml", arena_format(&desk->arena, text, "x"));
	two.was = make(desk, body);
	desk_put(desk, "lib.yaml", arena_format(&desk->arena, text, "y"));
	two.now = make(desk, body);
	two.match = plan_match(two.was, two.now, &desk->arena);
	two.changes = plan_changes(two.was, two.now, &two.match, &desk->arena);
	assert_string_equal(told(desk, &two), "=run 1.1");
	desk_put(desk, "lib.yaml",
		 "library: 1\nname: lib\nsteps:\n  both:\n    main: word\n"
		 "    inputs: {word: {default: z}}\n    steps: [{run: y}]\n");
	two.was = two.now;
	two.now = make(desk, body);
	two.match = plan_match(two.was, two.now, &desk->arena);
	two.changes = plan_changes(two.was, two.now, &two.match, &desk->arena);
	assert_string_equal(told(desk, &two), "=steps.both.inputs!");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(keys_that_differ),
		DESK(steps_that_come_go_and_move),
		DESK(undos_and_what_stands_in_steps),
		DESK(keys_of_the_root),
		DESK(a_library_is_told_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
