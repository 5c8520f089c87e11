/* The key `preview`: the step's verb with other words, read as the verb is. */
#include "support.h"

/* What the preview of a step would do. */
static const char *words(struct desk *desk, const char *path)
{
	const struct plan_node *node = desk_node(desk, path);
	struct buffer out;
	assert_int_not_equal(node->preview, PLAN_NONE);
	const struct plan_node *preview = desk->plan->nodes[node->preview];
	assert_int_equal(preview->parent, node->slot);
	assert_int_equal(preview->effect, EFFECT_READ);
	assert_true(preview->previews);
	buffer_init(&out, &desk->arena);
	struct instances instances = { 0 };
	struct instance instance = { .scope = preview->scope };
	for (int i = 0; i < NAME_COUNT; i++)
		instance.names[i] = value_unknown("?", &desk->arena);
	struct expr_scope scope = instance_scope(&instance, &instances);
	for (const struct field *row = preview->type->fields; row->name; row++) {
		struct buffer field;
		buffer_init(&field, &desk->arena);
		if (field_node(preview->args, row->name) &&
		    field_show_one(&field, preview->args, row->name, &scope, &desk->arena))
			buffer_printf(&out, "%s%s=%s", out.len ? " " : "", row->name,
				      buffer_string(&field));
	}
	return buffer_string(&out);
}

static void it_takes_what_the_verb_takes(void **state)
{
	struct desk *desk = *state;
	assert_good(desk,
		    "steps:\n"
		    "  - {run: make, preview: make -n}\n"
		    "  - {run: make, preview: [make, -n, a b]}\n"
		    "  - {run: make, exit: 2, preview: make -n}\n"
		    "  - {run: make, exit: 2, preview: {command: make -n, exit: 0}}\n"
		    "  - {run: {command: make, exit: 2}, preview: make -n}\n"
		    "  - {http: POST http://a/, headers: {x: y}, preview: POST http://a/dry}\n"
		    "  - {sql: delete from t, connection: 'sqlite:a', "
		    "preview: select 1}\n"
		    "  - {shell: make && cat, preview: make -n && cat}\n");
	assert_string_equal(words(desk, "1"), "command=make -n");
	assert_string_equal(words(desk, "2"), "command=make -n 'a b'");
	assert_string_equal(words(desk, "3"), "command=make -n exit=2");
	assert_string_equal(words(desk, "4"), "command=make -n exit=0");
	assert_string_equal(words(desk, "5"), "command=make -n exit=2");
	assert_string_equal(words(desk, "6"), "request=POST http://a/dry headers={x: y}");
	assert_string_equal(words(desk, "7"), "connection=sqlite:a query=select 1");
	assert_string_equal(words(desk, "8"), "script=make -n && cat");
}

/* It sees what the step sees, and not the step. */
static void its_expressions_see_what_those_of_the_step_do(void **state)
{
	struct desk *desk = *state;
	assert_good(desk,
		    "inputs: {to: {}}\nsteps:\n"
		    "  - {id: before, run: a, capture: {image: text}}\n"
		    "  - {id: it, run: b, for_each: [1], preview: [b, -n, '${{ inputs.to }}', "
		    "'${{ steps.before.image }}', '${{ item }}']}\n");
	assert_told(desk, "steps: [{run: a, id: it, preview: 'a ${{ steps.it.text }}'}]\n",
		    "RB0220 3:42: step 'it' has not ended here");
	assert_told(desk, "steps: [{run: a, preview: 'a ${{ item }}'}]\n",
		    "RB0244 3:34: there is no 'item' here");
	assert_told(desk, "steps: [{shell: a, preview: \"a '${{ run.id }}'\"}]\n",
		    "RB0610 3:33: a value cannot stand in single quotes");
	assert_told(
		desk,
		"inputs: {t: {secret: true}}\nsteps: [{run: a, preview: 'a ${{ inputs.t }}'}]\n",
		"RB0605 4:30: the secret 'inputs.t' cannot stand in a command");
}

static void a_library_step_takes_its_inputs(void **state)
{
	struct desk *desk = *state;
	desk_put(
		desk, "lib.yaml",
		"library: 1\nname: lib\nsteps:\n"
		"  lib:\n    main: args\n    inputs: {args: {type: words}, loud: {default: 'no'}}\n"
		"    steps: [{run: [app, '${{ inputs.args }}', '${{ inputs.loud }}']}]\n");
	assert_good(desk, "import: [./lib.yaml]\nsteps:\n"
			  "  - {lib: migrate, loud: 'yes', preview: migrate --dry-run}\n"
			  "  - {lib: {args: migrate}, preview: {args: migrate --dry-run}}\n"
			  "  - {lib: {args: migrate, loud: 'yes'}, preview: migrate --dry-run}\n");
	for (const char *path = "1"; *path <= '3'; path = *path == '1'   ? "2"
							  : *path == '2' ? "3"
									 : "4") {
		const struct plan_node *node = desk_node(desk, path);
		const struct plan_node *preview = desk->plan->nodes[node->preview];
		assert_int_equal(preview->kind, PLAN_LIBRARY);
		assert_int_equal(preview->inner->with_count, *path == '2' ? 1 : 2);
		/* The author says that it is harmless: so are the steps in it. */
		const struct plan_node *inner = desk->plan->nodes[preview->child];
		assert_int_equal(inner->effect, EFFECT_READ);
		assert_true(inner->previews);
		assert_int_equal(node->effect, EFFECT_WRITE);
	}
	assert_told(desk, "import: [./lib.yaml]\nsteps: [{lib: a, preview: {arg: a}}]\n",
		    "RB0218 4:18: input 'args' of 'lib.yaml' is not given\n"
		    "RB0210 4:28: 'arg' is no input of 'lib.yaml'");
}

/* A run does not know it: it is no step, has no id, and raises no effect. */
static void it_stands_beside_the_plan(void **state)
{
	struct desk *desk = *state;
	assert_good(desk, "steps:\n"
			  "  - group: All\n"
			  "    steps: [{run: make, timeout: 5s, sensitive: true, cwd: /tmp, "
			  "env: {A: b}, preview: make -n}]\n"
			  "  - {name: make n, run: make -n}\n");
	assert_int_equal(desk->plan->step_count, 2);
	const struct plan_node *preview = desk->plan->nodes[desk_node(desk, "1.1")->preview];
	assert_string_equal(preview->path, "1.1.preview");
	assert_null(preview->id);
	assert_non_null(desk_node(desk, "2")->id);
	assert_true(preview->sensitive);
	/* Its environment and folder are those of the step around it; its time is its own. */
	assert_non_null(field_node(preview->keys, "timeout"));
	assert_null(field_node(preview->keys, "cwd"));
	assert_null(field_node(preview->keys, "env"));
	for (size_t i = 0; i < desk->plan->node_count; i++) {
		const struct plan_node *node = desk->plan->nodes[i];
		assert_int_not_equal(node->child, preview->slot);
		assert_int_not_equal(node->next, preview->slot);
	}
}

static void where_it_has_no_meaning(void **state)
{
	struct desk *desk = *state;
	static const char *const steps[] = { "say: a",
					     "wait: 1s",
					     "{approve: a, id: a}",
					     "{manual: a, id: a}",
					     "{write: {path: a, content: b}}",
					     "{git: ., assert: [clean]}" };
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct text step = text_of(steps[i]);
		if (steps[i][0] == '{')
			step = text_slice(step, 1, step.len - 1);
		desk_plan(desk, arena_format(&desk->arena, "steps: [{%.*s, preview: a}]\n",
					     TEXT_ARG(step)));
		assert_non_null(strstr(desk_told(desk), "RB0247"));
	}
	assert_told(desk, "steps: [{run: a, effect: none, preview: a -n}]\n",
		    "RB0247 3:32: the step has no effect that a preview could stand for: it has "
		    "effect 'none'");
	/* Which effect it has only the run may know. */
	assert_good(desk, "inputs: {e: {default: read}}\n"
			  "steps: [{run: a, effect: '${{ inputs.e }}', preview: a -n}]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(it_takes_what_the_verb_takes),
		DESK(its_expressions_see_what_those_of_the_step_do),
		DESK(a_library_step_takes_its_inputs),
		DESK(it_stands_beside_the_plan),
		DESK(where_it_has_no_meaning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
