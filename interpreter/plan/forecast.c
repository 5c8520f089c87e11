/* The dry run: every step with what is known of it, and <...> for what only a run can know. */

#include "plan/forecast.h"

static void count(struct forecast *forecast, const struct plan_node *node)
{
	enum effect effect = forecast_effect(forecast, node);
	if (node->type && node->type->kind == STEP_KIND_GATE)
		forecast->gates++;
	else if (effect == EFFECT_DESTRUCTIVE)
		forecast->destructive++;
	else if (effect == EFFECT_WRITE)
		forecast->runs++;
	else if (effect == EFFECT_READ)
		forecast->reads++;
	else
		forecast->nones++;
}

static void put_skipped(struct forecast *forecast, const struct plan_node *node, const char *word)
{
	struct expr_scope scope = forecast_names(forecast, node->scope);
	put_first(forecast, node, word);
	put_title(forecast, node, &scope);
}

/* A condition is decided now, or shown as it was written with what it waits for. */
static bool put_when(struct forecast *forecast, const struct plan_node *node,
		     const struct expr_scope *scope)
{
	if (!node->when)
		return true;
	struct value value = expr_eval(node->when, scope, forecast->arena);
	if (value_is(value, VALUE_BOOL) && !value.boolean) {
		put_skipped(forecast, node, "skip");
		buffer_puts(forecast->out, "   (when: ");
		put_inline(forecast, expr_text(node->when));
		buffer_puts(forecast->out, " is false)\n");
		return false;
	}
	return true;
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void walk(struct forecast *forecast, const struct plan_node *node);
static void walk_children(struct forecast *forecast, const struct plan_node *node);
static void walk_loop(struct forecast *forecast, const struct plan_node *node);

static const char *undone_when(const struct plan_node *node)
{
	if (node->kind == PLAN_CALL)
		return "undone, once something of it has run, by:\n";
	return node->undo_any ? "undone, also after a failure, by:\n"
			      : "undone, if it succeeded, by:\n";
}

static void put_undo(struct forecast *forecast, const struct plan_node *node)
{
	if (node->undo == PLAN_NONE)
		return;
	put_more(forecast, undone_when(node));
	struct forecast counts = *forecast;
	walk_children(forecast, forecast->plan->nodes[node->undo]);
	*forecast = counts; /* what a rollback would do is not what will run */
}

static void put_done_when(struct forecast *forecast, const struct plan_node *node)
{
	if (node->done_when == PLAN_NONE)
		return;
	put_more(forecast, "does not run when it is done already, by:\n");
	walk(forecast, forecast->plan->nodes[node->done_when]);
}

static void put_step(struct forecast *forecast, const struct plan_node *node,
		     const struct expr_scope *scope)
{
	put_first(forecast, node, effect_word(forecast, node));
	put_text(forecast, node, scope);
	if (node->args && !node->sensitive)
		put_details(forecast, node, scope);
	count(forecast, node);
}

static void walk(struct forecast *forecast, const struct plan_node *node)
{
	struct expr_scope scope = forecast_names(forecast, node->scope);
	if (node->left_out) {
		put_skipped(forecast, node, "left out");
		buffer_printf(forecast->out, "   (by %s)\n", node->left_out);
		return;
	}
	if (node->kind == PLAN_LOOP) {
		walk_loop(forecast, node);
		return;
	}
	if (!put_when(forecast, node, &scope))
		return;
	if (node->kind == PLAN_STEP) {
		put_step(forecast, node, &scope);
	} else if (node->kind != PLAN_SECTION) {
		buffer_printf(forecast->out, "  %-*s ", PATH_WIDTH, node->path);
		put_title(forecast, node, &scope);
		bool parallel = node->type && node->type->kind == STEP_KIND_PARALLEL;
		buffer_puts(forecast->out, parallel ? "   (at the same time)\n" : "\n");
	}
	if (node->kind != PLAN_SECTION)
		put_needs(forecast, node);
	forecast->assertions += node->assert_count;
	put_when_unknown(forecast, node, &scope);
	put_failures(forecast, node);
	put_bounds(forecast, node, &scope);
	put_preview(forecast, node, &scope);
	if (node->kind == PLAN_STEP && forecast_effect(forecast, node) >= EFFECT_WRITE &&
	    node->on_crash == ON_CRASH_ASK) {
		put_more(forecast, "after a crash: asks before running again\n");
	}
	walk_children(forecast, node);
	put_done_when(forecast, node);
	put_undo(forecast, node);
}

static void walk_children(struct forecast *forecast, const struct plan_node *node)
{
	for (int32_t at = node->child; at != PLAN_NONE; at = forecast->plan->nodes[at]->next)
		walk(forecast, forecast->plan->nodes[at]);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static struct value items_of(const struct forecast *forecast, const struct plan_node *node)
{
	struct expr_scope scope = forecast_names(forecast, node->scope);
	return node->loop->items
		       ? expr_eval(node->loop->items, &scope, forecast->arena)
		       : field_value_eval(node->loop->listed, &scope, forecast->arena, NULL);
}

static void put_loop(struct forecast *forecast, const struct plan_node *node, struct value items)
{
	const char *separator = "   (";
	put_first(forecast, node, "for each");
	if (node->loop->items)
		put_inline(forecast, text_trim(expr_text(node->loop->items)));
	else
		value_show(forecast->out, items, 200);
	if (value_is(items, VALUE_LIST)) {
		buffer_printf(forecast->out, "%s%zu item%s", separator, value_count(items),
			      value_count(items) == 1 ? "" : "s");
		separator = ", ";
	}
	if (node->loop->parallel > 1) {
		buffer_printf(forecast->out, "%s%lld at a time", separator,
			      (long long)node->loop->parallel);
		separator = ", ";
	}
	buffer_puts(forecast->out, separator[0] == ',' ? ")\n" : "\n");
	put_needs(forecast, node);
	put_failures(forecast, node);
}

/* Each round where the items are known, else what they are made of. */
static void walk_loop(struct forecast *forecast, const struct plan_node *node)
{
	put_loop(forecast, node, items_of(forecast, node));
	if (forecast->foresight->at[node->slot].unrolled)
		walk_children(forecast, node);
	else
		walk(forecast, forecast->plan->nodes[node->slot + 1]);
}

static void put_inputs(struct forecast *forecast)
{
	const struct plan_scope *scope = forecast->plan->scopes[0];
	if (scope->input_count == 0)
		return;
	buffer_puts(forecast->out, "inputs\n");
	for (size_t i = 0; i < scope->input_count; i++) {
		buffer_printf(forecast->out, "  %s = ", scope->inputs[i].name);
		value_show(forecast->out, forecast->foresight->known.inputs[i], 200);
		buffer_puts(forecast->out,
			    scope->inputs[i].rollback ? "   (of a rollback)\n" : "\n");
	}
	buffer_putc(forecast->out, '\n');
}

/* Those of the document and of the calls in it. */
static void put_rollback_checks(struct forecast *forecast)
{
	const struct plan *plan = forecast->plan;
	for (size_t i = 0; i < plan->rollback.check_count; i++) {
		const struct plan_node *section = plan->nodes[plan->rollback.checks[i]];
		if (forecast->foresight->instances.at[section->scope->index].scope)
			walk_children(forecast, section);
	}
}

static void put_section(struct forecast *forecast, enum section section)
{
	static const char *const remarks[SECTION_COUNT] = {
		[SECTION_ROLLBACK_PRECONDITIONS] = "   (only if the run fails, before the undos)",
		[SECTION_ROLLBACK] = "   (only if the run fails, after the undos)",
	};
	bool checks = section == SECTION_ROLLBACK_PRECONDITIONS;
	int32_t slot = forecast->plan->sections[section];
	struct forecast counts = *forecast;
	if (checks ? forecast->plan->rollback.check_count == 0 : slot == PLAN_NONE)
		return;
	buffer_printf(forecast->out, "%s%s\n", section_names[section],
		      remarks[section] ? remarks[section] : "");
	if (checks)
		put_rollback_checks(forecast);
	else
		walk_children(forecast, forecast->plan->nodes[slot]);
	if (remarks[section]) /* what a rollback would do is not what will run */
		*forecast = counts;
}

void forecast_print(struct buffer *out, const struct foresight *foresight)
{
	struct forecast forecast = { .foresight = foresight,
				     .plan = foresight->plan,
				     .out = out,
				     .arena = foresight->arena };
	put_inline(&forecast, text_of(forecast.plan->name));
	buffer_puts(out, "  ");
	put_inline(&forecast, text_of(forecast.plan->title));
	buffer_puts(out, "\n\n");
	put_inputs(&forecast);
	for (int i = 0; i < SECTION_COUNT; i++) {
		if (i == SECTION_ROLLBACK_PRECONDITIONS)
			rollback_show(out, forecast.plan);
		put_section(&forecast, (enum section)i);
	}
	if (forecast.plan->selection)
		buffer_printf(out, "Left out: %zu of %zu steps.\n",
			      forecast.plan->selection->left_out, forecast.plan->selection->steps);
	buffer_printf(out,
		      "Plan: %u run, %u read, %u none, %u gate%s, %u destructive; %zu assertion%s, "
		      "unknown "
		      "until run.\n",
		      forecast.runs, forecast.reads, forecast.nones, forecast.gates,
		      forecast.gates == 1 ? "" : "s", forecast.destructive, forecast.assertions,
		      forecast.assertions == 1 ? "" : "s");
}
