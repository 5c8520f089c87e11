/* The values of a scope's names: what a use gives, shared fragments, variables, defaults; vars and
 * env computed from them. */
#include "support.h"

struct room {
	struct desk *desk;
	struct instances instances;
	struct failure failure;
};

static const char *variable(void *data, const char *name)
{
	(void)data;
	if (strcmp(name, "STAGE") == 0)
		return "from-variable";
	return strcmp(name, "EMPTY") == 0 ? "" : NULL;
}

/* Opens the document with the values of its inputs, in their order. */
static struct room room(struct desk *desk, const struct value *inputs)
{
	struct room room = { .desk = desk };
	struct value_map_builder map;
	const struct plan_scope *scope = desk->plan->scopes[0];
	room.instances = (struct instances){
		.at = arena_array(&desk->arena, struct instance, desk->plan->scope_count),
		.count = desk->plan->scope_count,
		.variable = variable,
	};
	value_map_init(&map, &desk->arena);
	for (size_t i = 0; i < scope->input_count; i++)
		value_map_set(&map, scope->inputs[i].name, inputs[i]);
	room.instances.at[0].scope = scope;
	room.instances.at[0].names[NAME_INPUTS] = value_map_end(&map);
	return room;
}

static bool compute(struct room *room)
{
	return instance_compute(&room->instances, &room->instances.at[0], &room->desk->arena,
				&room->failure);
}

/* Opens the scope of the use at a path. */
static struct instance *use(struct room *room, const char *path)
{
	const struct plan_scope *scope = desk_node(room->desk, path)->inner;
	struct instance *instance = &room->instances.at[scope->index];
	instance->scope = scope;
	return instance_open(&room->instances, instance, &room->desk->arena, &room->failure)
		       ? instance
		       : NULL;
}

static const char *show(struct room *room, const struct instance *instance, enum scope_name name)
{
	return desk_show(room->desk, instance->names[name]);
}

static void vars_are_computed_in_their_order(void **state)
{
	struct desk *desk = *state;
	const struct value inputs[] = { value_cstring("blue") };
	assert_good(desk, "inputs: {stage: {}}\n"
			  "vars:\n"
			  "  host: db-${{ inputs.stage }}\n"
			  "  urls: ['http://${{ vars.host }}/', plain, 3]\n"
			  "  sum: ${{ 1 + 2 }}\n"
			  "env: {HOST: '${{ vars.host }}', FIXED: x}\n"
			  "steps: [{say: a}]\n");
	struct room opened = room(desk, inputs);
	assert_true(compute(&opened));
	assert_string_equal(show(&opened, &opened.instances.at[0], NAME_VARS),
			    "{\"host\":\"db-blue\",\"urls\":[\"http://db-blue/\",\"plain\",3],"
			    "\"sum\":3}");
	assert_string_equal(show(&opened, &opened.instances.at[0], NAME_ENV),
			    "{\"HOST\":\"db-blue\",\"FIXED\":\"x\"}");
}

static void a_var_that_cannot_be_computed_is_a_failure(void **state)
{
	struct desk *desk = *state;
	const struct value inputs[] = { value_list(NULL, 0, &desk->arena) };
	assert_good(desk, "inputs: {l: {type: list}}\nvars: {first: '${{ inputs.l[0] }}'}\n"
			  "steps: [{say: a}]\n");
	struct room opened = room(desk, inputs);
	assert_false(compute(&opened));
	assert_string_equal(opened.failure.class, "expression");
	struct position at = source_position(opened.failure.span.source, opened.failure.span.from);
	assert_int_equal(at.line, 4);
	assert_int_equal(at.column, 20);
}

static void what_is_computed_from_a_secret_is_secret(void **state)
{
	struct desk *desk = *state;
	const struct value inputs[] = { value_mark(value_cstring("hunter22"), VALUE_SECRET) };
	assert_good(desk, "inputs: {password: {secret: true}}\n"
			  "vars: {url: 'db:${{ inputs.password }}', plain: x}\n"
			  "env: {URL: '${{ vars.url }}', PLAIN: x}\nsteps: [{say: a}]\n");
	struct room opened = room(desk, inputs);
	struct value value;
	assert_true(compute(&opened));
	assert_true(
		value_field(opened.instances.at[0].names[NAME_VARS], "url", &desk->arena, &value));
	assert_true(value.flags & VALUE_SECRET);
	assert_true(
		value_field(opened.instances.at[0].names[NAME_ENV], "URL", &desk->arena, &value));
	assert_true(value.flags & VALUE_SECRET);
	assert_true(
		value_field(opened.instances.at[0].names[NAME_ENV], "PLAIN", &desk->arena, &value));
	assert_false(value.flags & VALUE_SECRET);
}

static void a_use_gives_then_the_import_then_the_default(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "c.yaml",
		 "library: 1\nname: c\ninputs: {target: {default: own}}\n"
		 "steps: {c: {main: args, inputs: {args: {type: words}}, steps: [{say: a}]}}\n");
	const struct value inputs[] = { value_mark(value_cstring("a b"), VALUE_OUTSIDE) };
	assert_good(desk,
		    "import: [./c.yaml, {library: ./c.yaml, as: d, with: {target: "
		    "'${{ inputs.x }}'}}]\n"
		    "inputs: {x: {}}\n"
		    "steps: [{c: up -d}, {d: [up, '${{ inputs.x }}']}, {d: x, target: use}]\n");
	struct room opened = room(desk, inputs);
	assert_true(compute(&opened));
	assert_string_equal(show(&opened, use(&opened, "1"), NAME_INPUTS),
			    "{\"target\":\"own\",\"args\":[\"up\",\"-d\"]}");
	assert_string_equal(show(&opened, use(&opened, "2"), NAME_INPUTS),
			    "{\"target\":\"a b\",\"args\":[\"up\",\"a b\"]}");
	assert_string_equal(show(&opened, use(&opened, "3"), NAME_INPUTS),
			    "{\"target\":\"use\",\"args\":[\"x\"]}");
}

static void a_call_reads_its_own_variables(void **state)
{
	struct desk *desk = *state;
	struct value value;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\n"
		 "inputs: {stage: {env: STAGE}, empty: {env: EMPTY, default: d}, "
		 "unset: {env: UNSET, default: e}}\n"
		 "vars: {v: 'x-${{ inputs.stage }}'}\nsteps: [{say: a}]\n");
	assert_good(desk, "steps: [{call: ./sub.yaml}]\n");
	struct room opened = room(desk, NULL);
	assert_true(compute(&opened));
	struct instance *call = use(&opened, "1");
	assert_string_equal(show(&opened, call, NAME_INPUTS),
			    "{\"stage\":\"from-variable\",\"empty\":\"d\",\"unset\":\"e\"}");
	assert_string_equal(show(&opened, call, NAME_VARS), "{\"v\":\"x-from-variable\"}");
	assert_true(value_field(call->names[NAME_INPUTS], "stage", &desk->arena, &value));
	assert_true(value.flags & VALUE_OUTSIDE); /* a variable is data */
	assert_true(value_field(call->names[NAME_INPUTS], "empty", &desk->arena, &value));
	assert_false(value.flags & VALUE_OUTSIDE);
}

static void a_shared_fragment_is_resolved_once(void **state)
{
	struct desk *desk = *state;
	const struct value inputs[] = { value_cstring("blue") };
	desk_put(desk, "part.yaml",
		 "fragment: 1\ninputs: {stage: {env: STAGE}}\nvars: {host: 'db-${{ inputs.stage "
		 "}}'}\n");
	desk_put(desk, "deep.yaml",
		 "runbook: 1\nname: Deep\ninclude: [./part.yaml]\nsteps: [{say: a}]\n");
	desk_put(desk, "sub.yaml", "runbook: 1\nname: Sub\nsteps: [{call: ./deep.yaml}]\n");
	assert_good(desk, "include: [./part.yaml]\n"
			  "steps: [{call: ./deep.yaml}, {call: ./deep.yaml, with: {stage: green}}, "
			  "{call: ./sub.yaml}]\n");
	struct room opened = room(desk, inputs);
	assert_true(compute(&opened));
	assert_string_equal(show(&opened, use(&opened, "1"), NAME_VARS), "{\"host\":\"db-blue\"}");
	assert_string_equal(show(&opened, use(&opened, "2"), NAME_VARS), "{\"host\":\"db-green\"}");
	assert_non_null(use(&opened, "3"));
	assert_string_equal(show(&opened, use(&opened, "3.1"), NAME_VARS),
			    "{\"host\":\"db-blue\"}");
}

static void a_value_that_an_input_refuses_is_a_failure_at_the_use(void **state)
{
	struct desk *desk = *state;
	const struct value inputs[] = { value_cstring("x") };
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninputs: {n: {type: int, hint: Count them.}}\n"
		 "steps: [{say: a}]\n");
	assert_good(desk, "inputs: {x: {}}\nsteps: [{call: ./sub.yaml, with: {n: '${{ inputs.x "
			  "}}'}}]\n");
	struct room opened = room(desk, inputs);
	assert_true(compute(&opened));
	assert_null(use(&opened, "1"));
	assert_string_equal(opened.failure.message, "input 'n' is not an int of 64 bits: decimal "
						    "digits, with '-' if need be");
	assert_string_equal(opened.failure.hint, "Count them.");
	assert_int_equal(source_position(opened.failure.span.source, opened.failure.span.from).line,
			 4);
}

static void a_required_input_whose_variable_is_unset_is_a_failure(void **state)
{
	struct desk *desk = *state;
	desk_put(desk, "sub.yaml",
		 "runbook: 1\nname: Sub\ninputs: {n: {env: UNSET}}\nsteps: [{say: a}]\n");
	assert_good(desk, "steps: [{call: ./sub.yaml}]\n");
	struct room opened = room(desk, NULL);
	assert_true(compute(&opened));
	assert_null(use(&opened, "1"));
	assert_string_equal(opened.failure.message, "input 'n' is not given");
	/* Before the run nobody knows the variables. */
	opened.instances.variable = NULL;
	struct instance *call = use(&opened, "1");
	struct value value;
	assert_non_null(call);
	assert_true(value_field(call->names[NAME_INPUTS], "n", &desk->arena, &value));
	assert_string_equal(desk_show(desk, value), "<inputs.n: string, known in the run>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(vars_are_computed_in_their_order),
		DESK(a_var_that_cannot_be_computed_is_a_failure),
		DESK(what_is_computed_from_a_secret_is_secret),
		DESK(a_use_gives_then_the_import_then_the_default),
		DESK(a_call_reads_its_own_variables),
		DESK(a_shared_fragment_is_resolved_once),
		DESK(a_value_that_an_input_refuses_is_a_failure_at_the_use),
		DESK(a_required_input_whose_variable_is_unset_is_a_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
