/* How an attempt ended, as an event. */

#include <math.h>
#include <stdlib.h>

#include "run/internal.h"

void put_place(struct event_builder *event, struct span span, struct arena *arena)
{
	struct value_map_builder map;
	if (!span.source)
		return;
	struct position from = source_position(span.source, span.from);
	struct position to = source_position(span.source, span.to);
	value_map_init(&map, arena);
	value_map_set(&map, "file", value_cstring(span.source->name));
	value_map_set(&map, "line", value_int(from.line));
	value_map_set(&map, "col", value_int(from.column));
	value_map_set(&map, "end", value_int(to.line == from.line ? to.column : from.column + 1));
	event_set(event, "loc", value_map_end(&map));
}

/* ---- another attempt ----------------------------------------------------------------------- */

/* They could be computed before the attempt; where they no longer can, there is no other one. */
static bool step_retry_limits(struct engine *engine, const struct plan_node *node,
			      struct retry_limits *limits)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->scope->index],
						 &engine->instances);
	struct failure ignored;
	return plan_retry_limits(node->retry, &scope, &engine->tick, limits, &ignored);
}

/* Of a database its SQLSTATE, for retry.on. */
static const char *state_of(const struct checked *checked)
{
	return checked->code == RB0410 ? checked->actual : NULL;
}

static bool may_be_repeated(const struct checked *checked)
{
	return checked->status == STEP_FAILED ||
	       (checked->status == STEP_LOST && checked->repeatable);
}

/* Milliseconds until the next attempt, or -1. */
static int64_t pause_before_next(struct engine *engine, const struct plan_node *node,
				 uint32_t number, struct checked *checked)
{
	struct retry_limits limits;
	if (!node->retry || checked->good || !may_be_repeated(checked) || engine->stops ||
	    engine->expired_run || !checked->retry || !step_retry_limits(engine, node, &limits) ||
	    !plan_retries(&limits, checked->class, state_of(checked)))
		return -1;
	if (limits.attempts && number >= limits.attempts)
		return -1;
	double pause = (double)limits.every * pow(limits.backoff, number - 1);
	if (pause > (double)limits.max_every)
		pause = (double)limits.max_every;
	if (limits.jitter > 0)
		pause *= 1 - limits.jitter * ((double)random() / (double)RAND_MAX);
	int64_t used = (engine_now(engine) - engine->state.steps[node->slot].started_ms) *
		       NS_PER_MS;
	if (limits.within && used + (int64_t)pause >= limits.within) {
		line_add(&checked->lines, &engine->tick, "note",
			 arena_format(&engine->tick,
				      "no further attempt: 'retry.within' is %s, and it would "
				      "begin later",
				      clock_written(limits.within, &engine->tick)));
		return -1;
	}
	return (int64_t)pause / NS_PER_MS;
}

/* ---- one event ----------------------------------------------------------------------------- */

static void put_failure(struct event_builder *event, const struct checked *checked,
			const struct plan_node *node, struct arena *arena)
{
	if (checked->good)
		return;
	event_set(event, "class", value_cstring(checked->class));
	event_set(event, "code", value_cstring(diag_info(checked->code)->name));
	event_set(event, "msg", value_cstring(checked->message));
	if (checked->expected)
		event_set(event, "expected", value_cstring(checked->expected));
	if (checked->actual)
		event_set(event, "actual", value_cstring(checked->actual));
	if (checked->about)
		event_set(event, "about", value_cstring(checked->about));
	put_place(event, checked->span.source ? checked->span : node->what, arena);
}

static const char *status_text(const struct checked *checked)
{
	return step_status_name(checked->good ? STEP_SUCCEEDED : checked->status);
}

/* For people: what is no text is shown as bytes, not lost. */
static void put_tail(struct event_builder *event, const char *field, const struct tail *tail,
		     struct arena *arena)
{
	struct buffer safe;
	size_t from = 0;
	if (!tail || !tail->len)
		return;
	struct text text = tail_text(tail);
	while (tail->dropped && from < text.len && (text.ptr[from] & 0xc0) == 0x80)
		from++; /* the rest of a character that was cut off */
	buffer_init(&safe, arena);
	text_neutralise(&safe, text_slice(text, from, text.len), true);
	event_set_text(event, field, buffer_text(&safe));
}

void put_continued(struct event_builder *event, const struct plan_node *node,
		   struct lines *warnings, struct arena *arena)
{
	event_set(event, "continued", value_bool(true));
	warning_add(warnings, arena, node->span, "it failed, and the run goes on");
}

void put_lines(struct event_builder *event, const char *field, const struct lines *lines,
	       struct arena *arena)
{
	if (lines->count)
		event_set(event, field, value_list(lines->at, lines->count, arena));
}

static void record(struct engine *engine, const struct plan_node *node, uint32_t number,
		   struct checked *checked, const struct tail *tails)
{
	struct event_builder event;
	struct arena *arena = &engine->tick;
	engine->held += checked->held;
	int64_t again = pause_before_next(engine, node, number, checked);
	const struct step_state *step = &engine->state.steps[node->slot];
	event_of(engine, &event, EVENT_STEP_ENDED, node, number);
	event.event.may_wait = engine->effects[node->slot] < EFFECT_WRITE;
	event_set(&event, "status", value_cstring(status_text(checked)));
	if (again >= 0)
		event_set(&event, "again", value_int(again));
	put_failure(&event, checked, node, arena);
	if (!checked->good && again < 0)
		help_add(node, checked, arena);
	if (!checked->good && again < 0 && node->on_failure == ON_FAILURE_CONTINUE)
		put_continued(&event, node, &checked->warnings, arena);
	if (!checked->good && checked->untouched)
		event_set(&event, "untouched", value_bool(true));
	event_set(&event, "outputs", checked->outputs);
	event_set(&event, "held", value_int((int64_t)checked->held));
	event_set(&event, "took", value_int(engine_now(engine) - step->attempt_ms));
	put_lines(&event, "lines", &checked->lines, arena);
	put_lines(&event, "warnings", &checked->warnings, arena);
	if (tails && !node->sensitive) {
		put_tail(&event, "stdout", &tails[0], arena);
		put_tail(&event, "stderr", &tails[1], arena);
	}
	engine_append(engine, &event);
}

/* ---- of an attempt ------------------------------------------------------------------------- */

/* Its beginning, of so many bytes and one that says that there are more: one blank for a line end
 * and the blanks around it. */
static struct text on_one_line(struct text text, size_t max, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < text.len && out.len <= max;) {
		size_t end = i;
		while (end < text.len && strchr(" \t\r\n", text.ptr[end]) && text.ptr[end])
			end++;
		if (memchr(text.ptr + i, '\n', end - i)) {
			buffer_putc(&out, ' ');
			i = end;
		} else {
			buffer_putc(&out, text.ptr[i++]);
		}
	}
	return buffer_text(&out);
}

static void put_line(const struct attempt *attempt, const struct outcome_line *line,
		     struct arena *arena, struct lines *lines)
{
	struct buffer out;
	if (line->text) {
		line_add(lines, arena, line->label, line->text);
		return;
	}
	if (attempt->node->sensitive)
		return;
	struct text quoted = mask_text(attempt->engine->setup.mask, line->quoted, arena);
	quoted = on_one_line(quoted, line->shown, arena);
	buffer_init(&out, arena);
	text_neutralise(&out, text_slice(quoted, 0, line->shown), false);
	buffer_puts(&out, quoted.len > line->shown ? " ..." : "");
	line_add(lines, arena, line->label, buffer_string(&out));
}

/* Of what only reads it does not matter whether it was done: it has failed. */
static bool is_lost(const struct attempt *attempt)
{
	return attempt->outcome.status == OUTCOME_LOST &&
	       attempt->engine->effects[attempt->node->slot] >= EFFECT_WRITE;
}

const char *limit_text(const struct limit *limit, struct arena *arena)
{
	return arena_format(arena, "timed out after %s (%s)", clock_written(limit->time, arena),
			    limit->whose);
}

/* An argument that is to blame stands where it is written; one that is not written, nowhere. */
static void blame(const struct plan_node *node, const char *field, struct checked *checked)
{
	const struct node *written = field && node->args ? field_node(node->args, field) : NULL;
	if (!written || !written->span.source)
		return;
	checked->span = written->span;
	checked->about = field;
}

static void from_outcome(const struct attempt *attempt, struct arena *arena,
			 struct checked *checked)
{
	const struct outcome *outcome = &attempt->outcome;
	*checked = (struct checked){ .good = outcome->status == OUTCOME_SUCCEEDED,
				     .status = STEP_FAILED,
				     .class = outcome->class,
				     .message = outcome->message,
				     .expected = outcome->expected,
				     .actual = outcome->actual,
				     .code = outcome->code,
				     .repeatable = outcome->repeatable,
				     .span = outcome->span,
				     .untouched = outcome->untouched };
	blame(attempt->node, outcome->field, checked);
	for (const struct outcome_line *line = outcome->lines; line; line = line->next)
		put_line(attempt, line, arena, &checked->lines);
	if (is_lost(attempt)) {
		checked->status = STEP_LOST;
		if (attempt->expired || attempt->cancelled)
			checked->class = attempt->expired ? "timeout" : "cancelled";
	} else if (checked->good) {
		if (outcome->warning)
			warning_add(&checked->warnings, arena, attempt->node->span,
				    outcome->warning);
		/* The stop came too late: what is done is not tried again. */
		if (attempt->expired)
			line_add(&checked->lines, arena, "note",
				 arena_format(arena, "was done before %s of %s stopped it",
					      attempt->expired->whose,
					      clock_written(attempt->expired->time, arena)));
	} else if (attempt->expired) {
		checked->class = "timeout";
		checked->code = RB0506;
		checked->message = limit_text(attempt->expired, arena);
		checked->expected = checked->actual = NULL;
	} else if (attempt->cancelled || outcome->status == OUTCOME_CANCELLED) {
		checked->status = STEP_CANCELLED;
		checked->class = "cancelled";
		checked->code = RB0505;
		checked->message = "cancelled";
	}
}

/* Opens the question of `on_failure: ask` where somebody can answer it. */
static void ask_about_failure(struct engine *engine, const struct plan_node *node)
{
	const struct step_state *step = &engine->state.steps[node->slot];
	bool failed = step->status == STEP_FAILED || step->status == STEP_LOST;
	if (node->on_failure != ON_FAILURE_ASK || !failed || !engine->setup.interactive ||
	    engine->stops)
		return;
	const struct question question = {
		.kind = "failure",
		.text = arena_format(
			&engine->tick,
			step->status == STEP_LOST
				? "nobody can say whether %s was done: try it again, go on "
				  "as if it was, or stop?"
				: "%s failed: try it again, go on without it, or stop?",
			step_shown(engine, node, &engine->tick)),
	};
	ask_open(engine, arena_format(engine->arena, "failure %s", node->path), node, &question,
		 &engine->tick);
}

void outcome_record(struct engine *engine, struct attempt *attempt)
{
	struct checked checked;
	from_outcome(attempt, &engine->tick, &checked);
	checked_run(engine, attempt->node, attempt->outputs, &engine->tick, &checked);
	if (attempt->log && log_error(attempt->log))
		warning_add(&checked.warnings, &engine->tick, attempt->node->span,
			    arena_format(&engine->tick, "its log is not whole: %s",
					 log_error(attempt->log)));
	record(engine, attempt->node, attempt->number, &checked, attempt->tails);
	ask_about_failure(engine, attempt->node);
}

/* ---- of a structure ------------------------------------------------------------------------ */

static struct value outputs_of_last(const struct engine *engine, const struct plan_node *node)
{
	struct value outputs = value_null();
	for (int32_t at = node->child; at != PLAN_NONE; at = engine->setup.plan->nodes[at]->next)
		if (value_is(engine->state.steps[at].outputs, VALUE_MAP))
			outputs = engine->state.steps[at].outputs;
	return outputs;
}

/* Of a call that failed those that can be computed; of a library step all, or the step fails. */
static bool outputs_compute(struct engine *engine, const struct plan_node *node,
			    struct value *outputs, struct failure *failure)
{
	struct expr_scope scope = instance_scope(&engine->instances.at[node->inner->index],
						 &engine->instances);
	struct value_map_builder map;
	bool good = true;
	value_map_init(&map, &engine->tick);
	for (const struct plan_output *output = node->computed; output->name; output++) {
		struct value value = expr_eval(output->expr, &scope, &engine->tick);
		if (!value_is(value, VALUE_ERROR)) {
			value_map_set(&map, output->name, value_force(value, &engine->tick));
		} else if (good) {
			*failure = failure_of(output->expr, value);
			good = false;
		}
	}
	*outputs = value_map_end(&map);
	return good;
}

static void from_culprit(struct engine *engine, const struct plan_node *node, int32_t culprit,
			 enum step_status status, struct checked *checked)
{
	const struct plan_node *member = culprit >= 0 ? engine->setup.plan->nodes[culprit] : NULL;
	const struct step_state *step = member ? &engine->state.steps[culprit] : NULL;
	bool precondition = node->kind == PLAN_CALL && member &&
			    member->section == SECTION_PRECONDITIONS;
	checked->status = status;
	checked->code = precondition ? RB0508 : RB0507;
	checked->class = precondition          ? "precondition"
			 : step && step->class ? step->class
					       : "cancelled";
	checked->message = step && step->message ? step->message : "stopped";
	if (status == STEP_CANCELLED && step && step->status != STEP_CANCELLED)
		checked->message = arena_format(&engine->tick, "given up: %s has failed",
						member->path);
	if (precondition)
		checked->message = arena_format(
			&engine->tick, "preconditions of '%s' are not met: %s: %s",
			node->inner->document, step_shown(engine, member, &engine->tick),
			checked->message);
	if (engine->expired[node->slot] && status != STEP_LOST) {
		const char *message = limit_text(&engine->limits[node->slot], &engine->tick);
		bool told = strcmp(checked->message, message) == 0; /* of the member */
		checked->code = told ? RB0507 : RB0506;
		checked->class = "timeout";
		checked->message = message;
		checked->status = STEP_FAILED;
	}
	checked->span = member ? member->span : node->span;
}

void outcome_structure(struct engine *engine, const struct plan_node *node, enum step_status status,
		       int32_t culprit)
{
	struct checked checked = { .good = status == STEP_SUCCEEDED, .status = STEP_FAILED };
	struct value outputs = value_null();
	struct failure failure;
	if (!checked.good)
		from_culprit(engine, node, culprit, status, &checked);
	if (node->computed && !outputs_compute(engine, node, &outputs, &failure) && checked.good) {
		checked.good = false;
		checked.status = STEP_FAILED;
		checked.class = "capture";
		checked.code = RB0504;
		checked.message = failure.message;
		checked.span = failure.span;
	} else if (!node->computed && node->kind == PLAN_LIBRARY) {
		outputs = outputs_of_last(engine, node);
	}
	checked_run(engine, node, outputs, &engine->tick, &checked);
	record(engine, node, engine->state.steps[node->slot].attempts, &checked, NULL);
	ask_about_failure(engine, node);
}
