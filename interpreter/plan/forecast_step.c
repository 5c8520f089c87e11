/* The dry run: what is said of one step. */

#include "plan/forecast.h"

#define DETAIL_WIDTH 10 /* "connection" */
#define DETAIL_LINES 3
#define DETAIL_MAX 120 /* bytes of a line */

/* ---- lines --------------------------------------------------------------------------------- */

void put_inline(struct forecast *forecast, struct text text)
{
	text_neutralise(forecast->out, text, false);
}

void put_first(struct forecast *forecast, const struct plan_node *node, const char *word)
{
	buffer_printf(forecast->out, "  %-*s %-*s ", PATH_WIDTH, node->path, EFFECT_WIDTH, word);
}

void put_more(struct forecast *forecast, const char *label)
{
	buffer_printf(forecast->out, "  %-*s %-*s %s", PATH_WIDTH, "", EFFECT_WIDTH, "", label);
}

struct expr_scope forecast_names(const struct forecast *forecast, const struct plan_scope *scope)
{
	const struct instances *instances = &forecast->foresight->instances;
	return instance_scope(&instances->at[scope->index], instances);
}

enum effect forecast_effect(const struct forecast *forecast, const struct plan_node *node)
{
	enum effect effect = (enum effect)node->effect;
	struct failure unknown;
	if (node->effect_owner != PLAN_NONE)
		node = forecast->plan->nodes[node->effect_owner];
	if (!node->effect_text)
		return effect;
	struct expr_scope scope = forecast_names(forecast, node->effect_scope);
	plan_effect(node, &scope, forecast->arena, &effect, &unknown);
	return effect;
}

const char *effect_word(const struct forecast *forecast, const struct plan_node *node)
{
	if (node->type && node->type->kind == STEP_KIND_GATE)
		return node->type->name;
	switch (forecast_effect(forecast, node)) {
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

/* ---- text ---------------------------------------------------------------------------------- */

/* Further lines indented below the first. */
static void put_lines(struct forecast *forecast, struct text text)
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

void put_bounds(struct forecast *forecast, const struct plan_node *node,
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

void put_text(struct forecast *forecast, const struct plan_node *node,
	      const struct expr_scope *scope)
{
	put_lines(forecast, step_text(forecast, node, scope));
}

void put_title(struct forecast *forecast, const struct plan_node *node,
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

/* ---- further lines -------------------------------------------------------------------------- */

void put_failures(struct forecast *forecast, const struct plan_node *node)
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

void put_when_unknown(struct forecast *forecast, const struct plan_node *node,
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

void put_needs(struct forecast *forecast, const struct plan_node *node)
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

void put_preview(struct forecast *forecast, const struct plan_node *node,
		 const struct expr_scope *scope)
{
	if (node->preview == PLAN_NONE)
		return;
	put_more(forecast, "preview: ");
	put_title(forecast, forecast->plan->nodes[node->preview], scope);
	buffer_putc(forecast->out, '\n');
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

void put_details(struct forecast *forecast, const struct plan_node *node,
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
