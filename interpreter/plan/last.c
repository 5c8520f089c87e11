/* run.last: what the document says of it, and what it may find there. */

#include "plan/internal.h"

static void add(struct planner *planner, struct type *object, struct text name,
		const struct type *type)
{
	type_object_add(object, name, type, (struct span){ 0 }, planner->arena);
}

/* A library has no runs. Of a fragment nobody knows who includes it. */
const struct type *last_run_type(struct planner *planner, struct namespace *namespace,
				 const struct document *document)
{
	if (namespace->scope.kind == SCOPE_LIBRARY)
		return planner->run_type;
	struct type *run = type_object_over(planner->run_type, planner->arena);
	struct type *last = type_object("field of the last run", true, planner->arena);
	const struct node *outputs = document->outputs;
	namespace->handed_on = type_object("output", true, planner->arena);
	for (uint32_t i = 0; outputs && outputs->kind == NODE_MAP && i < outputs->count; i++)
		add(planner, namespace->handed_on, outputs->entries[i].key.text, &type_dyn);
	if (document->kind == DOCUMENT_FRAGMENT)
		type_object_open(namespace->handed_on);
	add(planner, last, TEXT("id"), &type_string);
	add(planner, last, TEXT("finished_at"), &type_timestamp);
	add(planner, last, TEXT("outputs"), namespace->handed_on);
	add(planner, run, TEXT("last"), last);
	return run;
}

/* They are compiled for good behind the steps, which name them: what is wrong is told then. */
void last_types(struct planner *planner, struct namespace *namespace)
{
	const struct node *outputs = namespace->document->outputs;
	if (!namespace->handed_on || !outputs || outputs->kind != NODE_MAP)
		return;
	for (uint32_t i = 0; i < outputs->count; i++) {
		const struct entry *entry = &outputs->entries[i];
		struct diags left;
		diags_init(&left, planner->arena);
		const struct expr *expr = template_read_expr(
			output_value(&entry->value), &namespace->options, planner->arena, &left);
		if (expr)
			type_object_refine(namespace->handed_on, entry->key.text, expr_type(expr));
	}
}

/* ---- looking ------------------------------------------------------------------------------- */

static bool names_last(const struct expr_reference *reference)
{
	return text_is(reference->path[0], "run") && reference->count > 1 &&
	       text_is(reference->path[1], "last");
}

/* Whether the expression asks for has(run.last), and not for its contrary. */
static bool asks_for(const struct expr *when)
{
	size_t count = 0;
	const struct expr_reference *names = when ? expr_references(when, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		struct text before = text_slice(expr_text(when), 0, names[i].from);
		if (names_last(&names[i]) && names[i].count == 2 && names[i].tested &&
		    !text_ends(text_trim(before), "!"))
			return true;
	}
	return false;
}

static bool is_asked_for(const struct planner *planner, const struct step_build *from)
{
	int32_t at = from ? from->node.slot : PLAN_NONE;
	for (; at != PLAN_NONE; at = planner->nodes.at[at]->node.parent)
		if (asks_for(planner->nodes.at[at]->node.when))
			return true;
	return false;
}

static const struct plan_output *output_find(const struct plan_scope *scope, struct text name)
{
	for (const struct plan_output *output = scope->outputs; output && output->name; output++)
		if (text_is(name, output->name))
			return output;
	return NULL;
}

/* True after a complaint: it could never be read. */
static bool look_secret(struct planner *planner, const struct plan_scope *scope,
			const struct expr_reference *reference, struct span span)
{
	const struct plan_output *output = NULL;
	if (reference->count > 3 && text_is(reference->path[2], "outputs"))
		output = output_find(scope, reference->path[3]);
	const char *secret = output ? expr_secret(output->expr, planner->arena) : NULL;
	if (!secret)
		return false;
	diag_at(planner->diags, span, RB0252, "output '%s' is a secret, which no run keeps",
		output->name);
	diag_note(planner->diags, expr_span(output->expr, 0, (uint32_t)expr_text(output->expr).len),
		  "it is computed from '%s'", secret);
	diag_hint(planner->diags, "Declare an input with 'secret: true' and read it from where the "
				  "secret is kept.");
	return true;
}

void last_look(struct planner *planner, const struct plan_scope *scope,
	       const struct step_build *from, const struct expr_reference *reference,
	       struct span span)
{
	if (reference->count == 1 || names_last(reference))
		planner->plan->names_last |= scope->kind == SCOPE_DOCUMENT;
	if (!names_last(reference) || look_secret(planner, scope, reference, span) ||
	    reference->guard == 1 || is_asked_for(planner, from))
		return;
	diag_at(planner->diags, span, RB0221,
		"'last' may be absent here: no run of this runbook may have ended well");
	struct buffer rest;
	buffer_init(&rest, planner->arena);
	for (size_t i = 2; i < reference->count; i++)
		buffer_printf(&rest, ".%.*s", TEXT_ARG(reference->path[i]));
	diag_hint(planner->diags, "Write run.?last%s%s, with what holds then.",
		  buffer_string(&rest), reference->count > 2 ? ".orValue(...)" : "");
}
