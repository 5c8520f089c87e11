/* The dry run: every step with what is known of it, and <...> for what only a run can know. */

#include "plan/internal.h"

struct forecast {
	const struct foresight *foresight;
	const struct plan *plan;
	struct buffer *out;
	struct arena *arena;
	unsigned runs, reads, nones, gates, destructive;
	size_t assertions;
};

#define PATH_WIDTH 5
#define EFFECT_WIDTH 9
#define DETAIL_WIDTH 10 /* "connection" */
#define DETAIL_LINES 3
#define DETAIL_MAX 120 /* bytes of a line */

/* ---- lines --------------------------------------------------------------------------------- */

/* A text of a document on a line of ours. */
static void put_inline(struct forecast *forecast, struct text text)
{
	text_neutralise(forecast->out, text, false);
}

static void put_first(struct forecast *forecast, const struct plan_node *node, const char *word)
{
	buffer_printf(forecast->out, "  %-*s %-*s ", PATH_WIDTH, node->path, EFFECT_WIDTH, word);
}

static void put_more(struct forecast *forecast, const char *label)
{
	buffer_printf(forecast->out, "  %-*s %-*s %s", PATH_WIDTH, "", EFFECT_WIDTH, "", label);
}

static struct expr_scope names_of(const struct forecast *forecast, const struct plan_scope *scope)
{
	const struct instances *instances = &forecast->foresight->instances;
	return instance_scope(&instances->at[scope->index], instances);
}

/* An `effect` with expressions is decided here where its values are known already. */
static enum effect effect_of(const struct forecast *forecast, const struct plan_node *node)
{
	enum effect effect = (enum effect)node->effect;
	struct failure unknown;
	if (node->effect_owner != PLAN_NONE)
		node = forecast->plan->nodes[node->effect_owner];
	if (!node->effect_text)
		return effect;
	struct expr_scope scope = names_of(forecast, node->effect_scope);
	plan_effect(node, &scope, forecast->arena, &effect, &unknown);
	return effect;
}

static const char *effect_word(const struct forecast *forecast, const struct plan_node *node)
{
	if (node->type && node->type->kind == STEP_KIND_GATE)
		return node->type->name;
	switch (effect_of(forecast, node)) {
	case EFFECT_NONE:
		return "none";
	case EFFECT_READ:
		return "read";
	case EFFECT_WRITE:
		return "run";
	case EFFECT_DESTRUCTIVE:
		return "DESTROY";
	}
	return "";
}

static void count(struct forecast *forecast, const struct plan_node *node)
{
	enum effect effect = effect_of(forecast, node);
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

/* The text of a step, further lines indented below the first. */
static void put_text(struct forecast *forecast, struct text text)
{
	size_t from = 0;
	text = text_trim(text);
	while (from <= text.len) {
		size_t end = text_find(text, TEXT("\n"), from);
		struct text line = text_slice(text, from, end);
		if (from > 0)
			buffer_printf(forecast->out, "  %-*s", PATH_WIDTH + EFFECT_WIDTH + 2, "");
		put_inline(forecast, line);
		buffer_putc(forecast->out, '\n');
		if (end == SIZE_MAX)
			return;
		from = end + 1;
	}
}

static void put_duration(struct buffer *out, int64_t ns, struct arena *arena)
{
	buffer_puts(out, clock_written(ns, arena));
}

static void put_retry(struct forecast *forecast, const struct plan_retry *retry,
		      const struct expr_scope *scope)
{
	struct retry_limits limits;
	struct failure unknown;
	if (!plan_retry_limits(retry, scope, forecast->arena, &limits, &unknown)) {
		buffer_puts(forecast->out, "again, how often is known in the run");
		return;
	}
	if (limits.attempts)
		buffer_printf(forecast->out, "%lld attempts", (long long)limits.attempts);
	if (limits.within) {
		buffer_puts(forecast->out, limits.attempts ? " within " : "again for ");
		put_duration(forecast->out, limits.within, forecast->arena);
	}
}

/* put_failures has told it. */
static void foreseen_already(void *data, const struct failure *failure)
{
	(void)data;
	(void)failure;
}

static void put_bounds(struct forecast *forecast, const struct plan_node *node,
		       const struct expr_scope *scope)
{
	struct step_keys keys = { 0 };
	if (node->keys)
		field_rehearse(node->keys, scope, forecast->arena, &keys, foreseen_already, NULL);
	bool timed = keys.timeout;
	if (!timed && !node->retry)
		return;
	put_more(forecast, "");
	if (timed) {
		buffer_puts(forecast->out, "up to ");
		put_duration(forecast->out, keys.timeout, forecast->arena);
		buffer_puts(forecast->out, node->retry ? ", " : "");
	}
	if (node->retry)
		put_retry(forecast, node->retry, scope);
	buffer_putc(forecast->out, '\n');
}

/* A command, a request or a statement says what it is; a path or a time does not. */
static bool needs_verb(const struct plan_node *node)
{
	const struct field *row = node->type && node->type->main ? node->type->fields : NULL;
	while (row && row->name && strcmp(row->name, node->type->main) != 0)
		row++;
	return row && row->name && (row->kind == FIELD_PATH || row->kind == FIELD_DURATION);
}

/* What it does. */
static struct text step_text(struct forecast *forecast, const struct plan_node *node,
			     const struct expr_scope *scope)
{
	struct buffer text;
	buffer_init(&text, forecast->arena);
	if (needs_verb(node))
		buffer_printf(&text, "%s ", node->type->name);
	if (node->args)
		step_show(&text, node->type, node->args, scope, forecast->arena);
	else
		buffer_puts(&text, node->title);
	return buffer_text(&text);
}

/* What it is called, with values as far as they are known. */
static void put_title(struct forecast *forecast, const struct plan_node *node,
		      const struct expr_scope *scope)
{
	struct buffer name;
	buffer_init(&name, forecast->arena);
	struct text text = text_of(node->title);
	if (node->keys && field_show_one(&name, node->keys, "name", scope, forecast->arena))
		text = buffer_text(&name);
	else if (strstr(node->title, "${{"))
		text = text_trim(step_text(forecast, node, scope));
	put_inline(forecast, text_slice(text, 0, text_find(text, TEXT("\n"), 0)));
}

/* A condition is decided now, or shown as it was written with what it waits for. */
static bool put_when(struct forecast *forecast, const struct plan_node *node,
		     const struct expr_scope *scope)
{
	if (!node->when)
		return true;
	struct value value = expr_eval(node->when, scope, forecast->arena);
	if (value_is(value, VALUE_BOOL) && !value.boolean) {
		put_first(forecast, node, "skip");
		put_title(forecast, node, scope);
		buffer_puts(forecast->out, "   (when: ");
		put_inline(forecast, expr_text(node->when));
		buffer_puts(forecast->out, " is false)\n");
		return false;
	}
	return true;
}

/* Why it would not do what is written. */
static void put_failures(struct forecast *forecast, const struct plan_node *node)
{
	const struct foreseen *seen = &forecast->foresight->at[node->slot];
	for (size_t i = 0; i < seen->failures.count; i++) {
		const struct failure *failure = &seen->failures.at[i];
		bool refused = strcmp(failure->class, "refused") == 0;
		put_more(forecast, refused ? "would be refused: " : "would fail: ");
		put_inline(forecast, text_of(failure->message));
		buffer_putc(forecast->out, '\n');
	}
}

static void put_when_unknown(struct forecast *forecast, const struct plan_node *node,
			     const struct expr_scope *scope)
{
	struct value value = node->when ? expr_eval(node->when, scope, forecast->arena)
					: value_bool(true);
	if (value_is(value, VALUE_BOOL))
		return;
	put_more(forecast, "when ");
	put_inline(forecast, expr_text(node->when));
	if (value_is(value, VALUE_UNKNOWN)) {
		buffer_puts(forecast->out, "   <");
		put_inline(forecast, text_of(value.unknown->text));
		buffer_puts(forecast->out, ">");
	}
	buffer_putc(forecast->out, '\n');
}

/* What it waits for, where that is not all that stands before it. */
static void put_needs(struct forecast *forecast, const struct plan_node *node)
{
	bool round = node->kind != PLAN_LOOP && node_get(node->node, "for_each");
	if (round || !node_get(node->node, "needs"))
		return;
	put_more(forecast, "needs ");
	for (size_t i = 0; i < node->need_count; i++) {
		const struct plan_node *need = forecast->plan->nodes[node->needs[i]];
		buffer_printf(forecast->out, "%s%s (%s)", i ? ", " : "", need->id, need->path);
	}
	buffer_puts(forecast->out, node->need_count ? "\n" : "nothing that stands before it\n");
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

static void put_cut(struct forecast *forecast, struct text line)
{
	size_t end = line.len;
	if (end > DETAIL_MAX)
		for (end = DETAIL_MAX; end && ((unsigned char)line.ptr[end] & 0xc0) == 0x80; end--)
			;
	put_inline(forecast, text_slice(line, 0, end));
	buffer_puts(forecast->out, end < line.len ? "..." : "");
}

/* The first lines of a field, and how many more there are. */
static void put_detail(struct forecast *forecast, const char *name, struct text text)
{
	size_t lines = 0;
	for (size_t from = 0; from < text.len; lines++) {
		size_t end = text_find(text, TEXT("\n"), from);
		struct text line = text_slice(text, from, end);
		if (lines < DETAIL_LINES) {
			put_more(forecast, "");
			buffer_printf(forecast->out, "%-*s ", DETAIL_WIDTH, lines ? "" : name);
			put_cut(forecast, line);
			buffer_putc(forecast->out, '\n');
		}
		from = end == SIZE_MAX ? text.len : end + 1;
	}
	if (lines <= DETAIL_LINES)
		return;
	put_more(forecast, "");
	buffer_printf(forecast->out, "%-*s ... %zu lines in all\n", DETAIL_WIDTH, "", lines);
}

static void put_details(struct forecast *forecast, const struct plan_node *node,
			const struct expr_scope *scope)
{
	for (const struct field *row = node->type->fields; row->name; row++) {
		struct buffer text;
		buffer_init(&text, forecast->arena);
		if (row->flags & FIELD_DETAIL &&
		    field_show_one(&text, node->args, row->name, scope, forecast->arena))
			put_detail(forecast, row->name, buffer_text(&text));
	}
}

static void put_step(struct forecast *forecast, const struct plan_node *node,
		     const struct expr_scope *scope)
{
	put_first(forecast, node, effect_word(forecast, node));
	put_text(forecast, step_text(forecast, node, scope));
	if (node->args && !node->sensitive)
		put_details(forecast, node, scope);
	count(forecast, node);
}

static void walk(struct forecast *forecast, const struct plan_node *node)
{
	struct expr_scope scope = names_of(forecast, node->scope);
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
	if (node->kind == PLAN_STEP && effect_of(forecast, node) >= EFFECT_WRITE &&
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
	struct expr_scope scope = names_of(forecast, node->scope);
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
		value_show(forecast->out, forecast->foresight->values[i], 200);
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
	buffer_printf(out,
		      "Plan: %u run, %u read, %u none, %u gate%s, %u destructive; %zu assertion%s, "
		      "unknown "
		      "until run.\n",
		      forecast.runs, forecast.reads, forecast.nones, forecast.gates,
		      forecast.gates == 1 ? "" : "s", forecast.destructive, forecast.assertions,
		      forecast.assertions == 1 ? "" : "s");
}
