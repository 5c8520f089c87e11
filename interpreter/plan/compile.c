/* A step's conditions, arguments, assertions and captures, compiled once all names are known. */

#include "plan/internal.h"

static bool any_key(const struct node *key, void *data)
{
	(void)key;
	(void)data;
	return true; /* keys_check has looked at all of them */
}

static bool key_written(const struct node *map, const struct field *rows)
{
	for (; rows->name; rows++)
		if (node_get(map, rows->name))
			return true;
	return false;
}

/* ---- arguments ----------------------------------------------------------------------------- */

/* The keys of a step as written; the text of a group without a name is its name. */
static const struct node *keys_of(struct planner *planner, const struct step_build *step)
{
	static const char *const name = "name";
	const struct node *written = step->node.node;
	const struct node *text = step->node.kind == PLAN_GROUP ? step_main(step) : NULL;
	if (!text || text->kind != NODE_SCALAR || node_get(written, name))
		return written;
	struct entry *entries = arena_alloc_array(planner->arena, written->count + 1,
						  sizeof(*entries));
	memcpy(entries, written->entries, written->count * sizeof(*entries));
	entries[written->count] = (struct entry){ node_scalar(text_of(name), text->span), *text };
	struct node *keys = arena_new(planner->arena, struct node);
	*keys = *written;
	keys->entries = entries;
	keys->count++;
	return keys;
}

static void compile_keys(struct planner *planner, struct step_build *step)
{
	const struct node *keys = keys_of(planner, step);
	struct field_context context = { .what = "step",
					 .expr = step->node.names,
					 .also = any_key };
	if (!key_written(keys, step_key_rows))
		return;
	env_names_check(planner, node_get(keys, "env"));
	step->node.keys = field_read(step_key_rows, NULL, keys, &context, planner->arena,
				     planner->diags);
}

static void driver_needed(struct planner *planner, const char *driver)
{
	for (size_t i = 0; i < planner->drivers.count; i++)
		if (strcmp(planner->drivers.at[i], driver) == 0)
			return;
	*list_add(&planner->drivers, planner->arena) = driver;
}

static void compile_args(struct planner *planner, struct step_build *step)
{
	const struct step_type *type = step->node.type;
	const struct node *value = &step->verb->value;
	bool inside = value->kind == NODE_MAP;
	struct field_context context = { .what = type->name,
					 .expr = step->node.names,
					 .main = type->main,
					 .also = inside ? NULL : any_key,
					 .elsewhere = key_elsewhere };
	step->node.args = field_read(type->fields, inside ? NULL : value,
				     inside ? value : step->node.node, &context, planner->arena,
				     planner->diags);
	if (!step->node.args)
		return;
	if (type->check)
		type->check(step->node.args, step->node.span, planner->diags);
	const char *driver = type->driver ? type->driver(step->node.args) : NULL;
	if (driver)
		driver_needed(planner, driver);
}

/* ---- assertions and captures --------------------------------------------------------------- */

static void hint_compare(const struct expr *expr, struct diags *diags)
{
	struct text text = text_trim(expr_text(expr));
	switch (expr_type(expr)->kind) {
	case TYPE_OPTIONAL:
		diag_hint(diags, "Say what holds if it is absent: '... .orValue(false)'; or ask "
				 "'... .hasValue()'.");
		return;
	case TYPE_LIST:
	case TYPE_MAP:
		diag_hint(diags, "Compare it, as in: size(%.*s) > 0", TEXT_ARG(text));
		return;
	case TYPE_INT:
	case TYPE_UINT:
	case TYPE_DOUBLE:
		diag_hint(diags, "Compare it, as in: %.*s > 0", TEXT_ARG(text));
		return;
	case TYPE_STRING:
		diag_hint(diags, "Compare it, as in: %.*s != ''", TEXT_ARG(text));
		return;
	default:
		diag_hint(diags, "Compare it with a value of its type by == or !=.");
	}
}

void bool_check(struct planner *planner, const struct expr *expr, const char *what)
{
	if (!expr || type_assignable(&type_bool, expr_type(expr)))
		return;
	diag_at(planner->diags, expr_span(expr, 0, (uint32_t)expr_text(expr).len), RB0224,
		"%s is true or false; this is %s", what,
		type_name(expr_type(expr), planner->arena));
	hint_compare(expr, planner->diags);
}

/* A step that is switched off for good is more likely forgotten than meant. */
static void never_check(struct planner *planner, const struct expr *when)
{
	struct value value;
	if (!when || !expr_constant(when, &value) || !value_is(value, VALUE_BOOL) || value.boolean)
		return;
	diag_at(planner->diags, expr_span(when, 0, (uint32_t)expr_text(when).len), RB0236,
		"the step can never run: '%.*s' is always false",
		TEXT_ARG(text_trim(expr_text(when))));
	diag_hint(planner->diags, "Remove the step, or write what it depends on.");
}

struct assertion {
	const struct node *that, *message, *hint;
	int severity;
};

static const char *const severities[] = { "error", "warn", NULL };

const struct field assertion_rows[] = {
	NODE(struct assertion, that, .form = "CEL, bool", .flags = FIELD_REQUIRED,
	     .doc = "CEL, bool, over the outputs."),
	NODE(struct assertion, message, .form = "text", .doc = "What to say when it is false."),
	NODE(struct assertion, hint, .form = "text", .doc = "What to do when it is false."),
	CHOICE(struct assertion, severity, .choices = severities, .dflt = "error",
	       .doc = "error, or warn: told, without failing the step."),
	{ 0 },
};

static void compile_assert(struct planner *planner, struct step_build *step,
			   const struct node *node, struct plan_assert *out)
{
	struct field_context context = { .what = "assert", .elsewhere = key_elsewhere };
	struct assertion assertion = { .that = node };
	if (node->kind == NODE_MAP &&
	    !field_load(assertion_rows, node, &context, &assertion, planner->arena, planner->diags))
		return;
	const struct expr_options *names = step->node.after;
	out->that = template_read_expr(assertion.that, names, planner->arena, planner->diags);
	bool_check(planner, out->that, "an assertion");
	if (assertion.message)
		out->message = template_read_text(assertion.message, names, planner->arena,
						  planner->diags);
	if (assertion.hint)
		out->hint = template_read_text(assertion.hint, names, planner->arena,
					       planner->diags);
	out->warn = assertion.severity == 1;
}

static void compile_asserts(struct planner *planner, struct step_build *step)
{
	const struct node *node = node_get(step->node.node, "assert");
	if (!node)
		return;
	if (node_is_empty(node)) {
		kind_check(planner, node, NODE_LIST, "assert", "[EXPRESSION]");
		return;
	}
	const struct node *items = node->kind == NODE_LIST ? node->items : node;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	if (count == 0) {
		diag_at(planner->diags, node->span, RB0225,
			"'assert' is empty: it would always hold");
		diag_hint(planner->diags, "Write what must be true, or remove the key.");
		return;
	}
	struct plan_assert *asserts = arena_array(planner->arena, struct plan_assert, count);
	for (size_t i = 0; i < count; i++)
		compile_assert(planner, step, &items[i], &asserts[i]);
	step->node.asserts = asserts;
	step->node.assert_count = count;
}

/* A step that was done already gives what done_when captured. */
static void done_captures_check(struct planner *planner, const struct step_build *step,
				const struct node *name)
{
	if (step->node.done_when == PLAN_NONE)
		return;
	const struct node *probe = planner->nodes.at[step->node.done_when]->node.node;
	const struct node *captures = node_get(probe, "capture");
	if (captures && captures->kind == NODE_MAP && node_get(captures, name->text.ptr))
		return;
	diag_at(planner->diags, name->span, RB0241,
		"done_when captures no '%.*s': it would be missing when the step is done already",
		TEXT_ARG(name->text));
	diag_hint(planner->diags, "Capture it in 'done_when' too, under the same name.");
}

static void compile_captures(struct planner *planner, struct step_build *step)
{
	const struct node *node = node_get(step->node.node, "capture");
	if (!node)
		return;
	if (!kind_check(planner, node, NODE_MAP, "capture", "{NAME: EXPRESSION}"))
		return;
	struct plan_capture *captures = arena_array(planner->arena, struct plan_capture,
						    node->count);
	for (uint32_t i = 0; i < node->count; i++) {
		const struct entry *entry = &node->entries[i];
		const struct expr *expr = template_read_expr(&entry->value, step->node.after,
							     planner->arena, planner->diags);
		captures[i] = (struct plan_capture){ entry->key.text.ptr, expr };
		done_captures_check(planner, step, &entry->key);
		if (!expr || !step->own_type)
			continue;
		type_object_refine(step->own_type, entry->key.text, expr_type(expr));
		if (expr_secret(expr, planner->arena) || step->node.sensitive)
			type_object_secret(step->own_type, entry->key.text);
	}
	step->node.captures = captures;
	step->node.capture_count = node->count;
}

/* ---- choices ------------------------------------------------------------------------------- */

static void compile_choices(struct planner *planner, struct step_build *step)
{
	struct field_context context = { .what = "step", .also = any_key };
	struct step_nodes nodes = { 0 };
	if (!key_written(step->node.node, step_node_rows) ||
	    !field_load(step_node_rows, step->node.node, &context, &nodes, planner->arena,
			planner->diags))
		return;
	step->node.on_failure = (uint8_t)nodes.on_failure;
	if (node_get(step->node.node, "on_crash"))
		step->node.on_crash = (uint8_t)(nodes.on_crash + ON_CRASH_RERUN);
	step->node.sensitive = nodes.sensitive;
	tags_read(planner, step, &nodes.tags);
	if (step->node.on_failure != ON_FAILURE_STOP && section_only_looks(step->node.section)) {
		diag_at(planner->diags, node_entry(step->node.node, "on_failure")->key.span, RB0226,
			"'on_failure' has no meaning in preconditions: all of them are tried");
		diag_hint(planner->diags, "Remove it, or move the step to 'steps'.");
	}
}

/* ---- a step -------------------------------------------------------------------------------- */

static void gate_check(struct planner *planner, const struct step_build *step)
{
	if (step->node.type->kind != STEP_KIND_GATE || node_get(step->node.node, "id"))
		return;
	diag_at(planner->diags, step->node.span, RB0227, "'%s' needs an id", step->node.type->name);
	diag_hint(planner->diags,
		  "It is opened by its id where there is no terminal: --approve ID.");
}

static void answer_check(struct planner *planner, const struct step_build *step)
{
	static const char *const answers[] = { "file", "git" };
	for (size_t i = 0; i < 2; i++)
		if (strcmp(step->node.type->name, answers[i]) == 0 && !step->node.assert_count &&
		    !step->node.capture_count) {
			diag_at(planner->diags, step->node.span, RB0228,
				"'%s' only answers, and nothing looks at the answer", answers[i]);
			diag_hint(planner->diags, "Add 'assert' or 'capture'.");
		}
}

void compile_step(struct planner *planner, struct step_build *step)
{
	struct plan_node *node = &step->node;
	if (node->kind == PLAN_SECTION || node->kind == PLAN_UNDO || step->flawed)
		return;
	if (node->kind == PLAN_LOOP) {
		compile_loop(planner, step);
		return;
	}
	if (step->inner)
		given_compile(planner, step->inner);
	const struct node *when = node_get(node->node, "when");
	if (!step->verb && step->library) /* a library checked by itself */
		return;
	if (when) {
		node->when = template_read_expr(when, node->names, planner->arena, planner->diags);
		bool_check(planner, node->when, "'when'");
		never_check(planner, node->when);
	}
	compile_choices(planner, step);
	compile_keys(planner, step);
	effect_read_key(planner, step);
	if (node->kind == PLAN_STEP && node->type)
		compile_args(planner, step);
	node->after = namespace_after(planner, step->room.namespace, node->outputs);
	compile_asserts(planner, step);
	compile_captures(planner, step);
	const struct node *retry = node_get(node->node, "retry");
	if (retry)
		node->retry = retry_read(planner, retry, node->names, node->after);
	retry_check_request(planner, step);
	if (step->looks) /* its failure says that the step is to run */
		node->on_failure = ON_FAILURE_CONTINUE;
	if (node->kind == PLAN_STEP && node->type) {
		gate_check(planner, step);
		answer_check(planner, step);
	}
}
