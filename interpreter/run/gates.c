/* Which gates keep a run from going on, and which come later. */

#include "run/internal.h"

static const struct step_state *step_of(const struct engine *engine, const struct plan_node *node)
{
	return &engine->state.steps[node->slot];
}

static const char *gate_id(const struct plan_node *node)
{
	return node->label ? node->label : node->path;
}

bool gate_is_closed(const struct engine *engine, const struct plan_node *node)
{
	const struct ask_state *ask = state_ask(&engine->state, gate_id(node));
	if (!ask || ask->slot != node->slot)
		return false;
	return ask->answered ? ask->how && strcmp(ask->how, "nobody") == 0
			     : step_of(engine, node)->status == STEP_WAITING;
}

/* Ended in a way that lets nothing of it run any more; what a rollback does again, in it. */
static bool is_over(const struct engine *engine, const struct plan_node *node, bool again)
{
	const struct step_state *step = step_of(engine, node);
	bool over = step->status == STEP_SUCCEEDED || step->status == STEP_SKIPPED ||
		    step->status == STEP_ALREADY_DONE || step->status == STEP_UNDONE;
	return over && !(again && step->ended_seq < engine->state.rollback_seq);
}

/* The pattern of a for_each stands for its rounds until they are there. */
static bool is_pattern(const struct plan_node *node, const struct plan_node *around)
{
	return around->kind == PLAN_LOOP && around->child != PLAN_NONE &&
	       node->slot <= around->slot + around->loop->size;
}

/* Whether what stands in it, an undo, has still to run. */
static bool undo_is_ahead(const struct engine *engine, const struct plan_node *undo)
{
	const struct step_state *step = &engine->state.steps[undo->parent];
	return step->started_seq && step->undo != STEP_SUCCEEDED && step->undo != STEP_SKIPPED;
}

/* Whether it runs in what the run is about now: forwards, or back. */
static bool is_ahead(const struct engine *engine, const struct plan_node *node)
{
	const struct plan *plan = engine->setup.plan;
	const struct plan_node *gate = node;
	bool back = engine->state.rollback_seq > 0, undo = false;
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent]) {
		bool of_rollback = node->kind == PLAN_SECTION &&
				   node->section == SECTION_ROLLBACK_PRECONDITIONS;
		if (node->kind == PLAN_UNDO && !(back && undo_is_ahead(engine, node)))
			return false;
		undo = undo || node->kind == PLAN_UNDO || of_rollback;
		if ((!undo && is_over(engine, node, back)) || is_pattern(gate, node))
			return false;
	}
	switch ((enum section)node->section) {
	case SECTION_PRECONDITIONS:
	case SECTION_STEPS:
		return back == undo;
	case SECTION_VERIFY:
		return back || !undo;
	case SECTION_ROLLBACK_PRECONDITIONS:
	case SECTION_ROLLBACK:
		return back;
	case SECTION_FINALLY:
		return true;
	case SECTION_COUNT:
		break;
	}
	return false;
}

const char *gate_flags(const struct engine *engine, const struct plan_node *node,
		       struct arena *arena)
{
	const char *id = gate_id(node);
	const struct ask_state *ask = state_ask(&engine->state, id);
	const struct gate_wants wants = gate_wants(node->type, node->args);
	struct buffer out;
	buffer_init(&out, arena);
	buffer_printf(&out, "--approve %s", id);
	if (wants.text) {
		buffer_putc(&out, '=');
		place_show_word(&out, text_of(ask && ask->must_type ? ask->must_type : "TEXT"));
	}
	if (wants.evidence)
		buffer_printf(&out, " --evidence %s=TEXT", id);
	return buffer_string(&out);
}

const char *gates_approve(const struct engine *engine, bool ahead, struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = plan->nodes[i];
		bool later = ahead && !node->left_out && plan_gate(node) == PLAN_GATE &&
			     is_ahead(engine, node);
		if (gate_is_closed(engine, node) || later)
			buffer_printf(&out, " %s", gate_flags(engine, node, arena));
	}
	return buffer_string(&out);
}

const char *gates_waited_for(const struct engine *engine, struct arena *arena)
{
	const struct plan *plan = engine->setup.plan;
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < plan->node_count; i++)
		if (gate_is_closed(engine, plan->nodes[i]))
			buffer_printf(&out, "%s'%s'", out.len ? ", " : "", gate_id(plan->nodes[i]));
	return buffer_string(&out);
}
