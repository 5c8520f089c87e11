/* Assertions and captures over the outputs of an attempt. */

#include "run/internal.h"

void line_add(struct lines *lines, struct arena *arena, const char *label, const char *text)
{
	struct value_map_builder map;
	value_map_init(&map, arena);
	value_map_set(&map, "label", value_cstring(label));
	value_map_set(&map, "text", value_cstring(text));
	*list_add(lines, arena) = value_map_end(&map);
}

/* The names of the step's scope, then its outputs: those that its expressions name. */
struct after {
	const struct engine *engine;
	struct value *values;
	struct expr_scope scope;
};

static bool reads_output(const struct expr *expr, struct text name)
{
	size_t count = 0;
	const struct expr_reference *references = expr ? expr_references(expr, &count) : NULL;
	for (size_t i = 0; i < count; i++)
		if (text_equal(references[i].path[0], name))
			return true;
	return false;
}

static bool template_reads(const struct template *template, struct text name)
{
	for (size_t i = 0; template && i < template->count; i++)
		if (reads_output(template->pieces[i].expr, name))
			return true;
	return false;
}

static bool is_read(const struct plan_node *node, struct text name)
{
	for (size_t i = 0; i < node->assert_count; i++)
		if (reads_output(node->asserts[i].that, name) ||
		    template_reads(node->asserts[i].message, name) ||
		    template_reads(node->asserts[i].hint, name))
			return true;
	for (size_t i = 0; i < node->capture_count; i++)
		if (reads_output(node->captures[i].expr, name))
			return true;
	return node->retry && reads_output(node->retry->when, name);
}

static struct after after_make(struct engine *engine, const struct plan_node *node,
			       struct value outputs, struct arena *arena)
{
	struct instance *instance = &engine->instances.at[node->scope->index];
	size_t count = NAME_COUNT;
	for (const struct output *output = node->outputs; output && output->name; output++)
		count++;
	struct after after = { .engine = engine,
			       .values = arena_array(arena, struct value, count),
			       .scope = instance_scope(instance, &engine->instances) };
	memcpy(after.values, instance->names, sizeof(instance->names));
	for (size_t i = NAME_COUNT; i < count; i++) {
		const char *name = node->outputs[i - NAME_COUNT].name;
		struct value value = value_null();
		if (is_read(node, text_of(name)) &&
		    (value_is(outputs, VALUE_NULL) || !value_field(outputs, name, arena, &value)))
			value = value_error(arena, FAIL_EXPRESSION, "there is no '%s'", name);
		after.values[i] = value_mark(value,
					     VALUE_OUTSIDE | (node->sensitive ? VALUE_SECRET : 0));
	}
	after.scope.values = after.values;
	after.scope.count = count;
	return after;
}

/* ---- assertions ---------------------------------------------------------------------------- */

static const char *said(const struct template *template, const struct after *after,
			struct arena *arena)
{
	struct text text;
	const char *why;
	if (!template)
		return NULL;
	struct value value = template_eval(template, &after->scope, arena, NULL);
	return value_to_text(value, arena, &text, &why) ? arena_text(arena, text).ptr : NULL;
}

static void failure_from(struct checked *checked, const struct failure *failure,
			 enum diag_code code, const char *class, struct arena *arena)
{
	checked->good = false;
	checked->class = class;
	checked->code = code;
	checked->message = failure->message;
	checked->span = failure->span;
	if (failure->hint)
		line_add(&checked->lines, arena, "hint", failure->hint);
}

void warning_add(struct lines *warnings, struct arena *arena, struct span span, const char *message)
{
	struct value_map_builder map;
	struct position position = source_position(span.source, span.from);
	value_map_init(&map, arena);
	value_map_set(&map, "msg", value_cstring(message));
	value_map_set(&map, "file", value_cstring(span.source->name));
	value_map_set(&map, "line", value_int(position.line));
	*list_add(warnings, arena) = value_map_end(&map);
}

static void assertion_run(const struct plan_assert *assertion, const struct after *after,
			  struct arena *arena, struct checked *checked)
{
	struct value value = expr_eval(assertion->that, &after->scope, arena);
	if (value_is(value, VALUE_BOOL) && value.boolean) {
		checked->held++;
		return;
	}
	const char *message = said(assertion->message, after, arena);
	if (assertion->warn) {
		struct text text = expr_text(assertion->that);
		warning_add(
			&checked->warnings, arena,
			expr_span(assertion->that, 0, (uint32_t)text.len),
			message ? message
				: arena_format(arena, "assertion is false: %.*s", TEXT_ARG(text)));
		return;
	}
	if (value_is(value, VALUE_ERROR)) {
		struct failure failure = failure_of(assertion->that, value);
		failure_from(checked, &failure, RB0502,
			     value.error->failure == FAIL_RESOURCE ? "resource" : "assertion",
			     arena);
		return;
	}
	checked->good = false;
	checked->class = "assertion";
	checked->code = RB0501;
	checked->message = message ? message : "assertion is false";
	reason_tell(assertion->that, &after->scope, after->engine->setup.mask, arena, checked);
	const char *hint = said(assertion->hint, after, arena);
	if (hint)
		line_add(&checked->lines, arena, "hint", hint);
}

/* The step has failed already: this one is told too if it is false. That it cannot be tried may
 * come from the one before. */
static void assertion_also(const struct plan_assert *assertion, const struct after *after,
			   struct arena *arena, struct checked *checked)
{
	struct value value = expr_eval(assertion->that, &after->scope, arena);
	struct buffer text;
	if (assertion->warn || !value_is(value, VALUE_BOOL))
		return;
	if (value.boolean) {
		checked->held++;
		return;
	}
	const char *message = said(assertion->message, after, arena);
	const char *hint = said(assertion->hint, after, arena);
	buffer_init(&text, arena);
	if (message)
		buffer_puts(&text, message);
	else
		buffer_add(&text, expr_text(assertion->that));
	buffer_printf(
		&text, "   %s",
		reason_brief(assertion->that, &after->scope, after->engine->setup.mask, arena));
	line_add(&checked->lines, arena, "also", buffer_string(&text));
	if (hint)
		line_add(&checked->lines, arena, "hint", hint);
}

static void assertions_run(const struct plan_node *node, const struct after *after,
			   struct arena *arena, struct checked *checked)
{
	size_t i = 0;
	while (checked->good && i < node->assert_count)
		assertion_run(&node->asserts[i++], after, arena, checked);
	for (; checked->code == RB0501 && i < node->assert_count; i++)
		assertion_also(&node->asserts[i], after, arena, checked);
}

/* ---- captures and what is kept ------------------------------------------------------------- */

static bool keeps(const struct plan_node *node, const char *name)
{
	for (size_t i = 0; i < node->kept_count; i++)
		if (text_is(node->kept[i], name))
			return true;
	return false;
}

/* What cannot be read is kept as the error that it is: a later step that reads it is told why. */
static void keep_outputs(const struct plan_node *node, struct value outputs, struct arena *arena,
			 struct value_map_builder *map)
{
	for (const struct output *output = node->outputs; output && output->name; output++) {
		struct value value;
		if (!keeps(node, output->name) || value_is(outputs, VALUE_NULL) ||
		    !value_field(outputs, output->name, arena, &value))
			continue;
		value = value_mark(value_force(value, arena),
				   VALUE_OUTSIDE | (node->sensitive ? VALUE_SECRET : 0));
		value_map_set(map, output->name, value);
	}
}

static bool captures_run(const struct plan_node *node, const struct after *after,
			 struct arena *arena, struct value_map_builder *map,
			 struct checked *checked)
{
	for (size_t i = 0; i < node->capture_count; i++) {
		struct value value = expr_eval(node->captures[i].expr, &after->scope, arena);
		if (value_is(value, VALUE_ERROR)) {
			struct failure failure = failure_of(node->captures[i].expr, value);
			failure_from(checked, &failure, RB0504, "capture", arena);
			return false;
		}
		value_map_set(map, node->captures[i].name, value_force(value, arena));
	}
	return true;
}

static bool retry_wanted(const struct plan_node *node, const struct after *after,
			 struct arena *arena)
{
	if (!node->retry || !node->retry->when)
		return true;
	struct value value = expr_eval(node->retry->when, &after->scope, arena);
	return value_is(value, VALUE_BOOL) && value.boolean;
}

void checked_run(struct engine *engine, const struct plan_node *node, struct value outputs,
		 struct arena *arena, struct checked *checked)
{
	struct after after = after_make(engine, node, outputs, arena);
	struct value_map_builder map;
	struct failure failure;
	value_map_init(&map, arena);
	assertions_run(node, &after, arena, checked);
	if (checked->good) /* what has a name comes first: it is what people are shown */
		captures_run(node, &after, arena, &map, checked);
	keep_outputs(node, outputs, arena, &map);
	checked->outputs = value_map_end(&map);
	if (!secrets_mask(engine, checked->outputs, &failure) && checked->good)
		failure_from(checked, &failure, RB0504, "resource", arena);
	checked->retry = retry_wanted(node, &after, arena);
}
