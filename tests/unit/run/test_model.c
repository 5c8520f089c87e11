/*
 * The real `decide` and `state_apply` under an engine that is chance: small plans, random outcomes,
 * signals, expired times, crashes. After every commit the events, written and read back, must fold
 * to the same state and lead to the same intent; what is begun must be allowed to begin; and the
 * run must close once, with the code that its end deserves.
 *
 * A failure prints its number: MODEL_RUN=NUMBER plays that run alone.
 */
#include "play.h"
#include "same.h"
#include "support/valgrind.h"

#define RUNS 6000
#define MAX_INTENTS 4000

/* ---- chance -------------------------------------------------------------------------------- */

static uint64_t chance_state;

static uint32_t chance(uint32_t below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (uint32_t)((chance_state >> 16) % below);
}

static bool happens(uint32_t percent)
{
	return chance(100) < percent;
}

/* ---- a random document --------------------------------------------------------------------- */

struct writer {
	struct buffer out;
	int ids;
	bool undo;      /* within an undo: it has none of its own */
	int known[256]; /* numbers of the ids of the section, or undo, whose steps were written */
	int known_count;
	bool looped; /* the step that was written last has a for_each */
	int before;  /* how many of them stood whole when the step began */
};

/* Ids of what stands whole before the step, so that no cycle comes. */
static void put_needs(struct writer *writer)
{
	struct buffer *out = &writer->out;
	uint32_t count = writer->before ? chance(3) : 0;
	buffer_puts(out, ", needs: [");
	for (uint32_t i = 0; i < count; i++)
		buffer_printf(out, "%ss%d", i ? ", " : "",
			      writer->known[chance((uint32_t)writer->before)]);
	buffer_puts(out, "]");
}

static void put_list(struct writer *writer, int depth, int most);
static void put_root(struct writer *writer, int depth, int most);

static void put_keys(struct writer *writer, int depth, bool structure, bool plain)
{
	struct buffer *out = &writer->out;
	if (happens(20))
		buffer_puts(out, ", when: 1 == 1");
	if (happens(25))
		put_needs(writer);
	writer->looped = happens(12);
	if (writer->looped)
		buffer_printf(out, ", for_each: {items: [a, b, c], parallel: %u}", 1 + chance(3));
	if (happens(20) && !plain)
		buffer_puts(out, happens(50) ? ", on_failure: continue" : ", on_failure: ask");
	if (happens(25) && !structure)
		buffer_puts(out, ", retry: 2");
	if (happens(30) && !writer->undo && !plain) {
		bool any = happens(50);
		writer->undo = true;
		buffer_puts(out, any ? ", undo: {after: any, steps: " : ", undo: ");
		bool looped = writer->looped;
		put_root(writer, depth + 1, 2);
		writer->looped = looped;
		buffer_puts(out, any ? "}" : "");
		writer->undo = false;
	}
}

static void put_step(struct writer *writer, int depth)
{
	struct buffer *out = &writer->out;
	uint32_t kind = chance(100);
	int id = writer->ids++, before = writer->before = writer->known_count;
	if (kind < 25 && depth < 3) {
		buffer_printf(out, "{%s: G, id: s%d, steps: ", happens(60) ? "parallel" : "group",
			      id);
		put_list(writer, depth + 1, 3);
		writer->before = before;
		put_keys(writer, depth, true, false);
	} else if (kind < 32) {
		buffer_printf(out, "{two: {}, id: s%d", id);
		put_keys(writer, depth, false, false);
	} else if (kind < 39 && !writer->undo) {
		buffer_printf(out, "{call: ./sub%u.yaml, id: s%d", chance(3), id);
		put_keys(writer, depth, false, false);
	} else if (kind < 45) {
		buffer_printf(out, "{approve: go, id: s%d", id);
		put_keys(writer, depth, false, false);
	} else {
		buffer_printf(out, "{run: x, id: s%d%s", id, happens(50) ? ", effect: read" : "");
		put_keys(writer, depth, false, false);
	}
	buffer_puts(out, "}");
	if (writer->looped) /* from outside nothing in it can be needed */
		writer->known_count = before;
	if (writer->known_count < 256)
		writer->known[writer->known_count++] = id;
}

static void put_list(struct writer *writer, int depth, int most)
{
	uint32_t count = 1 + chance((uint32_t)most);
	buffer_puts(&writer->out, "[");
	for (uint32_t i = 0; i < count; i++) {
		buffer_puts(&writer->out, i ? ", " : "");
		put_step(writer, depth);
	}
	buffer_puts(&writer->out, "]");
}

/* A list of its own: what stands elsewhere is not needed in it. */
static void put_root(struct writer *writer, int depth, int most)
{
	struct writer outer = *writer;
	writer->known_count = 0;
	put_list(writer, depth, most);
	memcpy(writer->known, outer.known, sizeof(outer.known));
	writer->known_count = outer.known_count;
}

/* Steps that only look; their errors are all told. */
static void put_looks(struct writer *writer, const char *key)
{
	uint32_t count = 1 + chance(4);
	buffer_printf(&writer->out, "%s: [", key);
	writer->known_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		int id = writer->ids++;
		writer->before = writer->known_count;
		buffer_printf(&writer->out, "%s{run: x, effect: read, id: s%d", i ? ", " : "", id);
		put_keys(writer, 0, false, true);
		buffer_puts(&writer->out, "}");
		writer->known[writer->known_count++] = id;
	}
	buffer_puts(&writer->out, "]");
}

static const char *document(struct desk *desk)
{
	static const char *const modes[] = { "ask", "automatic", "manual" };
	struct writer writer = { .ids = 0 };
	struct buffer *out = &writer.out;
	buffer_init(out, &desk->arena);
	buffer_puts(out, "import: [./two.yaml]\n");
	if (happens(40)) {
		put_looks(&writer, "preconditions");
		buffer_puts(out, "\n");
	}
	buffer_puts(out, "steps: ");
	put_root(&writer, 0, 4);
	buffer_puts(out, "\n");
	if (happens(60)) {
		buffer_puts(out, "verify: ");
		put_root(&writer, 0, 2);
		buffer_puts(out, "\n");
	}
	if (happens(60)) {
		buffer_printf(out, "rollback: {mode: %s, ", modes[chance(3)]);
		if (happens(30))
			put_looks(&writer, "preconditions");
		else
			buffer_puts(out, "env: {A: b}");
		if (happens(50)) {
			writer.undo = true;
			buffer_puts(out, ", steps: ");
			put_root(&writer, 1, 2);
			writer.undo = false;
		}
		buffer_puts(out, happens(15) ? ", verify: false}\n" : "}\n");
	}
	if (happens(60)) {
		buffer_puts(out, "finally: ");
		put_root(&writer, 0, 4);
		buffer_puts(out, "\n");
	}
	return buffer_string(out);
}

static void put_documents(struct desk *desk)
{
	desk_put(desk, "two.yaml",
		 "library: 1\nname: two\nsteps: {two: {steps: [{run: x, effect: read}, {run: "
		 "x}]}}\n");
	desk_put(desk, "sub0.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{run: x, effect: read}, {run: x, undo: [{run: "
		 "x}]}]\nrollback: {preconditions: [{run: x, effect: read}], steps: [{run: x}]}\n");
	desk_put(desk, "sub1.yaml",
		 "runbook: 1\nname: Sub\npreconditions: [{run: x, effect: read}, {run: x, effect: "
		 "read}]\nsteps: [{run: x, retry: 2}]\nverify: [{run: x, effect: read}]\nfinally: "
		 "[{run: x}, {run: x}]\n");
	desk_put(desk, "sub2.yaml",
		 "runbook: 1\nname: Sub\nsteps: [{parallel: P, steps: [{run: x, id: a}, {run: x, "
		 "undo: [{run: x}]}, {run: x, needs: [a]}]}]\nfinally: [{run: x, id: f}, {run: x, "
		 "needs: [f]}, {run: x}]\n");
}

/* ---- the engine ---------------------------------------------------------------------------- */

struct model {
	struct play play;
	struct plan plan;    /* grows by the rounds of loops */
	struct state mirror; /* the same run, from the lines that were written */
	LIST(struct text) lines;
	int run;              /* its number */
	int32_t attempts[64]; /* slots of the steps that run */
	size_t attempt_count;
	size_t jobs;      /* so many run at once */
	bool interactive; /* somebody answers */
	bool closed;
	int crash_at;   /* number of events after which it crashes; -1: never */
	bool went_back; /* the rollback is behind its preconditions */
	const char *text;
};

static void breach(const struct model *model, const char *what, int32_t slot)
{
	print_error("run %d: %s %s\n%s\n", model->run, what,
		    slot >= 0 ? model->play.plan->nodes[slot]->path : "", model->text);
	for (size_t i = 0; i < model->lines.count; i++)
		if (i > 0)
			print_error("%.*s\n", TEXT_ARG(text_slice(model->lines.at[i], 6, 200)));
	fail();
}

static const struct plan_node *node_of(const struct model *model, int32_t slot)
{
	return model->play.plan->nodes[slot];
}

static const struct step_state *state_of(const struct model *model, int32_t slot)
{
	return &model->play.state.steps[slot];
}

/* ---- what may begin ------------------------------------------------------------------------ */

static enum section root_section(const struct model *model, int32_t slot, bool *undo)
{
	*undo = false;
	while (node_of(model, slot)->parent != PLAN_NONE) {
		*undo = *undo || node_of(model, slot)->kind == PLAN_UNDO;
		slot = node_of(model, slot)->parent;
	}
	return (enum section)node_of(model, slot)->section;
}

static bool is_head(const struct plan_node *node)
{
	return node->kind == PLAN_SECTION || node->kind == PLAN_UNDO;
}

/* All are tried: one that fails does not keep the next from its turn. */
static bool tries_all(const struct plan_node *head)
{
	return head->kind == PLAN_SECTION && (head->section == SECTION_PRECONDITIONS ||
					      head->section == SECTION_ROLLBACK_PRECONDITIONS ||
					      head->section == SECTION_FINALLY);
}

static bool has_gone_wrong(const struct step_state *step)
{
	return step->status == STEP_FAILED || step->status == STEP_LOST;
}

static bool is_good(const struct step_state *step)
{
	return step->status == STEP_SUCCEEDED || step->status == STEP_SKIPPED ||
	       step->status == STEP_UNDONE || (has_gone_wrong(step) && step->continued);
}

static bool has_ended(const struct step_state *step)
{
	return step->status != STEP_NOT_RUN && step->status != STEP_RUNNING &&
	       step->status != STEP_WAITING;
}

/* Whether all steps of a list are done and let the run go on. */
static bool list_good(const struct model *model, int32_t head)
{
	for (int32_t at = node_of(model, head)->child; at != PLAN_NONE;
	     at = node_of(model, at)->next)
		if (!is_good(state_of(model, at)))
			return false;
	return true;
}

static bool section_good(const struct model *model, enum section section)
{
	int32_t head = model->play.plan->sections[section];
	return head == PLAN_NONE || list_good(model, head);
}

/* Whether it is one of the steps that must hold before the first undo. */
static bool is_check(const struct model *model, int32_t slot)
{
	while (!is_head(node_of(model, slot)))
		slot = node_of(model, slot)->parent;
	return node_of(model, slot)->kind == PLAN_SECTION &&
	       node_of(model, slot)->section == SECTION_ROLLBACK_PRECONDITIONS;
}

static uint64_t last_seq(const struct step_state *step)
{
	return step->ended_seq > step->attempt_seq ? step->ended_seq : step->attempt_seq;
}

/* A first attempt of what has run before: only anew within something that was started anew. */
static bool runs_anew(const struct model *model, int32_t slot)
{
	bool undo;
	uint64_t seq = last_seq(state_of(model, slot));
	enum section root = root_section(model, slot, &undo);
	if (!undo && (root == SECTION_VERIFY || root == SECTION_FINALLY) &&
	    model->play.state.rollback_seq > seq)
		return true;
	for (int32_t at = node_of(model, slot)->parent; at != PLAN_NONE;
	     at = node_of(model, at)->parent)
		if (state_of(model, at)->attempt_seq > seq)
			return true;
	return false;
}

/* Whether what is needed is done: it, or what stands around it and decides for it. */
static bool need_good(const struct model *model, int32_t need)
{
	for (;;) {
		if (is_good(state_of(model, need)))
			return true;
		need = node_of(model, need)->parent;
		if (need == PLAN_NONE || !plan_is_group(node_of(model, need)))
			return false;
	}
}

static void check_turn(const struct model *model, int32_t slot, const struct plan_node *head)
{
	const struct plan_node *node = node_of(model, slot);
	for (size_t i = 0; i < node->need_count; i++)
		if (!need_good(model, node->needs[i]))
			breach(model, "a step begins before what it needs:", slot);
	for (int32_t at = head->child; at != slot && !node->by_needs; at = node_of(model, at)->next)
		if (tries_all(head)
			    ? !has_ended(state_of(model, at)) && node_of(model, at)->need_count == 0
			    : !is_good(state_of(model, at)))
			breach(model, "a step begins before its turn:", slot);
}

static bool asks(const struct model *model, int32_t slot)
{
	for (size_t i = 0; i < model->play.state.asks.count; i++)
		if (model->play.state.asks.at[i].slot == slot &&
		    !model->play.state.asks.at[i].answered)
			return true;
	return false;
}

/* When the innermost of what stands around the members of a list began. */
static uint64_t begun_around(const struct model *model, int32_t slot)
{
	uint64_t since = 0;
	for (; slot != PLAN_NONE; slot = node_of(model, slot)->parent)
		if (state_of(model, slot)->attempt_seq > since)
			since = state_of(model, slot)->attempt_seq;
	return since;
}

/* A failure beside it, or beside what stands around it, lets nothing new begin; but a library step
 * and the finally of a call are not left half done. */
static void check_halt(const struct model *model, int32_t slot)
{
	uint64_t back = model->play.state.rollback_seq;
	for (int32_t at = slot; node_of(model, at)->parent != PLAN_NONE;) {
		const struct plan_node *head = node_of(model, node_of(model, at)->parent);
		uint64_t since = begun_around(model, head->slot);
		for (int32_t beside = head->child; beside != PLAN_NONE && !tries_all(head);
		     beside = node_of(model, beside)->next) {
			const struct step_state *step = state_of(model, beside);
			if (has_gone_wrong(step) && !step->continued && !asks(model, beside) &&
			    beside != at && step->ended_seq > since && step->ended_seq > back)
				breach(model, "a step begins behind a failure:", slot);
		}
		if (head->kind == PLAN_LIBRARY || tries_all(head))
			return;
		at = head->slot;
	}
}

static void check_around(const struct model *model, int32_t slot)
{
	int32_t around = node_of(model, slot)->parent;
	const struct plan_node *head = node_of(model, around);
	check_turn(model, slot, head);
	check_halt(model, slot);
	if (is_head(head)) {
		if (head->parent == PLAN_NONE || is_check(model, slot))
			return;
		bool undo = head->kind == PLAN_UNDO ||
			    node_of(model, head->parent)->kind == PLAN_UNDO;
		int32_t owner = head->parent;
		if (node_of(model, owner)->kind == PLAN_UNDO)
			owner = node_of(model, owner)->parent;
		if (undo ? state_of(model, owner)->undo != STEP_RUNNING
			 : state_of(model, owner)->status != STEP_RUNNING)
			breach(model, "a step begins outside of what holds it:", slot);
	} else if (state_of(model, around)->status != STEP_RUNNING) {
		breach(model, "a member begins outside of its group:", slot);
	}
}

static void check_phase(const struct model *model, int32_t slot)
{
	bool undo, back = model->play.state.phase == RUN_ROLLING_BACK, good;
	enum section root = root_section(model, slot, &undo);
	const struct decide *decide = &model->play.decide;
	bool met = section_good(model, SECTION_PRECONDITIONS);
	if (is_check(model, slot))
		good = back && !model->went_back;
	else if (undo || root == SECTION_ROLLBACK)
		good = back;
	else if (root == SECTION_PRECONDITIONS)
		good = !back;
	else if (root == SECTION_STEPS)
		good = met && !back;
	else if (root == SECTION_VERIFY)
		good = met && (back || section_good(model, SECTION_STEPS));
	else
		good = met;
	if (!good)
		breach(model, "a step begins in the wrong phase:", slot);
	if (decide->forced || (decide->stopping && !back && root != SECTION_FINALLY))
		breach(model, "a step begins although the run is stopping:", slot);
}

static void check_start(struct model *model, int32_t slot, uint32_t attempt)
{
	const struct step_state *step = state_of(model, slot);
	bool again = step->status == STEP_WAITING || has_gone_wrong(step);
	if (node_of(model, slot)->left_out)
		breach(model, "a step begins that is left out:", slot);
	if (attempt == 1 && step->started_seq && !runs_anew(model, slot))
		breach(model, "a step runs a second time:", slot);
	if (attempt > 1 && !again)
		breach(model, "a step is tried again without a failure:", slot);
	if (model->play.decide.full && node_of(model, slot)->kind == PLAN_STEP)
		breach(model, "one more begins than may run at once:", slot);
	check_around(model, slot);
	check_phase(model, slot);
	model->went_back = model->went_back ||
			   (model->play.state.phase == RUN_ROLLING_BACK && !is_check(model, slot));
}

/* ---- undo ---------------------------------------------------------------------------------- */

static bool changed(const struct model *model, int32_t slot)
{
	const struct plan_node *node = node_of(model, slot);
	if (node->kind == PLAN_STEP)
		return state_of(model, slot)->effect;
	for (int32_t at = node->child; at != PLAN_NONE; at = node_of(model, at)->next)
		if (changed(model, at))
			return true;
	return false;
}

static bool undo_wanted(const struct model *model, int32_t slot)
{
	const struct plan_node *node = node_of(model, slot);
	const struct step_state *step = state_of(model, slot);
	if (node->undo == PLAN_NONE || !step->started_seq ||
	    (step->undo == STEP_NOT_RUN && step->started_seq > model->play.state.rollback_seq))
		return false;
	if (node->kind == PLAN_CALL)
		return changed(model, slot);
	return step->status == STEP_SUCCEEDED || step->status == STEP_UNDONE ||
	       (node->undo_any && step->status != STEP_SKIPPED);
}

/* Those of the document, and those of each call in which something has changed. */
static bool checks_good(const struct model *model)
{
	const struct plan_rollback *rollback = &model->play.plan->rollback;
	for (size_t i = 0; i < rollback->check_count; i++) {
		int32_t around = node_of(model, rollback->checks[i])->parent;
		if ((around == PLAN_NONE ||
		     (changed(model, around) &&
		      state_of(model, around)->started_seq < model->play.state.rollback_seq)) &&
		    !list_good(model, rollback->checks[i]))
			return false;
	}
	return true;
}

/* A step's undo has the place of the step's end, that of a structure the place of its begin. */
static uint64_t undo_place(const struct model *model, int32_t slot)
{
	return node_of(model, slot)->kind == PLAN_STEP ? last_seq(state_of(model, slot))
						       : state_of(model, slot)->started_seq;
}

static void check_undo_order(const struct model *model, int32_t slot)
{
	for (size_t i = 0; i < model->play.plan->node_count; i++) {
		bool undo;
		enum section root = root_section(model, (int32_t)i, &undo);
		if (undo || (root != SECTION_STEPS && root != SECTION_VERIFY) ||
		    (int32_t)i == slot || !undo_wanted(model, (int32_t)i))
			continue;
		enum step_status other = state_of(model, (int32_t)i)->undo;
		if (other != STEP_NOT_RUN && other != STEP_SUCCEEDED)
			breach(model, "an undo beside another one:", slot);
		if (other == STEP_NOT_RUN &&
		    undo_place(model, (int32_t)i) > undo_place(model, slot))
			breach(model, "an undo before that of what ended later:", slot);
	}
}

static void check_undo(struct model *model, int32_t slot)
{
	if (model->play.state.phase != RUN_ROLLING_BACK || model->play.decide.forced)
		breach(model, "an undo outside of a rollback:", slot);
	if (!undo_wanted(model, slot) || state_of(model, slot)->undo != STEP_NOT_RUN)
		breach(model, "an undo of what needs none:", slot);
	if (node_of(model, slot)->left_out)
		breach(model, "an undo of a step that is left out:", slot);
	if (!checks_good(model))
		breach(model, "an undo before the preconditions of the rollback hold:", slot);
	model->went_back = true;
	check_undo_order(model, slot);
}

/* ---- the end ------------------------------------------------------------------------------- */

static bool steps_succeeded(const struct model *model, int32_t slot, uint64_t since)
{
	const struct plan_node *node = node_of(model, slot);
	const struct step_state *step = state_of(model, slot);
	if (node->kind == PLAN_STEP)
		return step->status == STEP_SUCCEEDED && step->ended_seq > since;
	for (int32_t at = node->child; at != PLAN_NONE; at = node_of(model, at)->next)
		if (steps_succeeded(model, at, since))
			return true;
	return false;
}

static bool verified(const struct model *model)
{
	int32_t verify = model->play.plan->sections[SECTION_VERIFY];
	uint64_t since = model->play.state.rollback_seq;
	if (verify == PLAN_NONE || !model->play.plan->rollback.verify ||
	    !section_good(model, SECTION_VERIFY) || !section_good(model, SECTION_ROLLBACK))
		return false;
	for (int32_t at = node_of(model, verify)->child; at != PLAN_NONE;
	     at = node_of(model, at)->next)
		if (last_seq(state_of(model, at)) < since)
			return false;
	return steps_succeeded(model, verify, since);
}

static bool all_undone(const struct model *model)
{
	for (size_t i = 0; i < model->play.plan->node_count; i++) {
		bool undo;
		enum section root = root_section(model, (int32_t)i, &undo);
		if (!undo && (root == SECTION_STEPS || root == SECTION_VERIFY) &&
		    undo_wanted(model, (int32_t)i) &&
		    state_of(model, (int32_t)i)->undo != STEP_SUCCEEDED)
			return false;
	}
	return true;
}

/* A step at the top, or an undo, of which nobody can say what it has done. */
static bool unsure(const struct model *model)
{
	for (size_t i = 0; i < model->play.plan->node_count; i++) {
		const struct plan_node *node = model->play.plan->nodes[i];
		const struct step_state *step = state_of(model, (int32_t)i);
		bool top = node->parent != PLAN_NONE &&
			   node_of(model, node->parent)->kind == PLAN_SECTION &&
			   node_of(model, node->parent)->parent == PLAN_NONE;
		/* A look before the rollback that was lost is one that does not hold. */
		top = top && !is_check(model, (int32_t)i);
		if ((top && step->status == STEP_LOST && !step->continued) ||
		    step->undo == STEP_LOST)
			return true;
	}
	return false;
}

/* The exit code that the end of the run deserves (CLI.md section 2). */
static int deserved(const struct model *model)
{
	const struct decide *decide = &model->play.decide;
	bool met = section_good(model, SECTION_PRECONDITIONS);
	bool good = section_good(model, SECTION_STEPS) && section_good(model, SECTION_VERIFY);
	bool finally = section_good(model, SECTION_FINALLY);
	if (unsure(model))
		return 5;
	if (model->play.state.rollback_seq)
		return model->went_back && all_undone(model) && verified(model) ? 3 : 4;
	if (!met)
		return decide->stopping ? 10 : 11;
	if (good && finally)
		return 0;
	if (good)
		return decide->forced || model->play.state.cancelled ? 10 : 1;
	return model->play.state.cancelled || (decide->stopping && !decide->expired_run) ? 10 : 1;
}

static void check_close(const struct model *model, const struct intent *intent)
{
	int32_t finally = model->play.plan->sections[SECTION_FINALLY];
	bool met = section_good(model, SECTION_PRECONDITIONS);
	if (intent->exit != deserved(model)) {
		print_error("exit %d, deserved %d\n", intent->exit, deserved(model));
		breach(model, "another exit code than it deserves", -1);
	}
	if (model->attempt_count)
		breach(model, "it closes while a step runs:", model->attempts[0]);
	for (size_t i = 0; i < model->play.plan->node_count; i++)
		if (state_of(model, (int32_t)i)->status == STEP_RUNNING)
			breach(model, "it closes around what has not ended:", (int32_t)i);
	if (intent->exit == 5)
		return;
	for (int32_t at = finally == PLAN_NONE ? PLAN_NONE : node_of(model, finally)->child;
	     at != PLAN_NONE; at = node_of(model, at)->next)
		if (met && !model->play.decide.forced
			    ? !has_ended(state_of(model, at)) && node_of(model, at)->need_count == 0
			    : !met && state_of(model, at)->started_seq)
			breach(model, "finally has not run as it should:", at);
}

/* ---- events -------------------------------------------------------------------------------- */

static void append(struct model *model, struct event_builder *builder)
{
	struct event event = event_end(builder), read;
	struct buffer line;
	const char *why;
	event.seq = ++model->play.seq;
	event.ms = model->play.decide.now;
	if (event.type == EVENT_STEP_STARTED)
		check_start(model, event.slot, event.attempt);
	if (event.type == EVENT_UNDO_STARTED)
		check_undo(model, event.slot);
	buffer_init(&line, &model->play.desk->arena);
	event_write(&line, &event);
	*list_add(&model->lines, &model->play.desk->arena) = buffer_text(&line);
	if (!state_apply(&model->play.state, &event))
		breach(model, "an event cannot follow:", event.slot);
	if (!event_read(buffer_text(&line), &model->play.desk->arena, &read, &why) ||
	    !state_apply(&model->mirror, &read))
		breach(model, "a line cannot be folded:", event.slot);
}

static void put(struct model *model, enum event_type type, int32_t slot, uint32_t attempt,
		const char *field, const char *value)
{
	struct event_builder event;
	play_begin_event(&model->play, &event, type, slot, attempt);
	if (field)
		event_set(&event, field, value_cstring(value));
	append(model, &event);
}

static void put_ask(struct model *model, int32_t slot, const char *ask, const char *kind)
{
	struct event_builder event;
	play_begin_event(&model->play, &event, EVENT_ASK_OPENED, slot, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "kind", value_cstring(kind));
	append(model, &event);
}

static void put_answer(struct model *model, const struct ask_state *ask, const char *answer)
{
	struct event_builder event;
	play_begin_event(&model->play, &event, EVENT_ASK_ANSWERED, ask->slot, 0);
	event_set(&event, "ask", value_cstring(ask->ask));
	event_set(&event, "answer", value_cstring(answer));
	append(model, &event);
}

static void put_opened(struct model *model)
{
	struct event_builder event;
	play_begin_event(&model->play, &event, EVENT_RUN_OPENED, -1, 0);
	event_set(&event, "outline", play_outline(model->play.plan, &model->play.desk->arena));
	append(model, &event);
}

/* ---- how attempts go ----------------------------------------------------------------------- */

static void put_start(struct model *model, int32_t slot, uint32_t attempt)
{
	const struct plan_node *node = node_of(model, slot);
	put(model, EVENT_STEP_STARTED, slot, attempt, "effect",
	    node->kind == PLAN_STEP ? effect_name((enum effect)node->effect) : "none");
	if (node->kind == PLAN_STEP)
		model->attempts[model->attempt_count++] = slot;
}

static void attempt_over(struct model *model, int32_t slot)
{
	size_t kept = 0;
	for (size_t i = 0; i < model->attempt_count; i++)
		if (model->attempts[i] != slot)
			model->attempts[kept++] = model->attempts[i];
	model->attempt_count = kept;
}

static void put_end(struct model *model, int32_t slot, enum step_status status)
{
	const struct plan_node *node = node_of(model, slot);
	const struct step_state *step = state_of(model, slot);
	struct event_builder event;
	bool wrong = status == STEP_FAILED || status == STEP_LOST;
	bool again = status == STEP_FAILED && node->retry && !model->play.decide.stopping &&
		     step->attempts < 2 && step->status == STEP_RUNNING && happens(80);
	play_begin_event(&model->play, &event, EVENT_STEP_ENDED, slot,
			 step->attempts ? step->attempts : 1);
	event_set(&event, "status", value_cstring(step_status_name(status)));
	if (again)
		event_set(&event, "again", value_int(chance(50)));
	else if (wrong && node->on_failure == ON_FAILURE_CONTINUE)
		event_set(&event, "continued", value_bool(true));
	if (happens(30))
		event_set(&event, "outputs", value_cstring("some output"));
	append(model, &event);
	if (!again && wrong && node->on_failure == ON_FAILURE_ASK && model->interactive &&
	    !model->play.decide.stopping)
		put_ask(model, slot,
			arena_format(&model->play.desk->arena, "failure %s", node->path),
			"failure");
}

static void open_loop(struct model *model, int32_t slot)
{
	struct arena *arena = &model->play.desk->arena;
	struct event_builder event;
	uint32_t count = chance(4);
	play_begin_event(&model->play, &event, EVENT_LOOP_OPENED, slot, 1);
	event_set(&event, "count", value_int(count));
	event_set(&event, "size", value_int(model->plan.nodes[slot]->loop->size));
	append(model, &event);
	size_t before = model->plan.node_count;
	plan_unroll(&model->plan, slot, count, arena);
	bool *expired = arena_array(arena, bool, model->plan.node_count);
	struct passed *passed = arena_array(arena, struct passed, model->plan.node_count);
	memcpy(expired, model->play.expired, before * sizeof(*expired));
	memcpy(passed, model->play.decide.passed, before * sizeof(*passed));
	model->play.expired = expired;
	model->play.decide.expired = expired;
	model->play.decide.passed = passed;
	if (model->plan.node_count != model->play.state.step_count)
		breach(model, "the plan has other slots than the state:", slot);
}

static void begin(struct model *model, int32_t slot)
{
	const struct plan_node *node = node_of(model, slot);
	if (node->left_out)
		put(model, EVENT_STEP_SKIPPED, slot, 0, "reason", "left_out");
	else if (node->when && happens(30))
		put(model, EVENT_STEP_SKIPPED, slot, 0, "reason", "when");
	else if (happens(3))
		put_end(model, slot, STEP_FAILED); /* its arguments were wrong */
	else
		put_start(model, slot, 1);
	if (node->kind == PLAN_LOOP && state_of(model, slot)->status == STEP_RUNNING)
		open_loop(model, slot);
}

static void consider_rollback(struct model *model)
{
	const struct plan *plan = model->play.plan;
	bool undo = plan->rollback.declared;
	for (size_t i = 0; i < plan->node_count; i++)
		undo = undo || plan->nodes[i]->undo != PLAN_NONE;
	const struct ask_state *ask = state_ask(&model->play.state, "rollback");
	bool yes = ask && ask->answered && strcmp(ask->answer, "yes") == 0;
	if (undo && ((plan->rollback.mode == ROLLBACK_AUTOMATIC && happens(80)) || yes)) {
		put(model, EVENT_ROLLBACK_OPENED, -1, 0, "how", "automatic");
		return;
	}
	if (!ask)
		put_ask(model, -1, "rollback", "rollback");
	if (!undo || !model->interactive || plan->rollback.mode != ROLLBACK_ASK)
		put_answer(model, state_ask(&model->play.state, "rollback"), "no");
}

static void put_given_up(struct model *model, int32_t slot)
{
	struct event_builder event;
	play_begin_event(&model->play, &event, EVENT_STEP_ENDED, slot, 1);
	event_set(&event, "status", value_cstring("cancelled"));
	event_set(&event, "class", value_cstring("exit"));
	append(model, &event);
}

/* What ends although nothing in it was cancelled: something beside it has failed. */
static bool is_given_up(const struct model *model, const struct intent *intent)
{
	return intent->status == STEP_CANCELLED && intent->culprit >= 0 &&
	       state_of(model, intent->culprit)->status != STEP_CANCELLED;
}

static void act(struct model *model, const struct intent *intent)
{
	switch (intent->kind) {
	case INTENT_WAIT:
		break;
	case INTENT_BEGIN:
		begin(model, intent->slot);
		break;
	case INTENT_PROBED:
		breach(model, "no document has a done_when", intent->slot);
		break;
	case INTENT_RETRY:
		put_start(model, intent->slot, state_of(model, intent->slot)->attempts + 1);
		break;
	case INTENT_END:
		attempt_over(model, intent->slot);
		if (is_given_up(model, intent))
			put_given_up(model, intent->slot);
		else
			put_end(model, intent->slot,
				intent->status == STEP_SUCCEEDED && happens(5) ? STEP_FAILED
									       : intent->status);
		break;
	case INTENT_UNDO_BEGIN:
		put(model, EVENT_UNDO_STARTED, intent->slot, 0, NULL, NULL);
		break;
	case INTENT_UNDO_END:
		put(model, EVENT_UNDO_ENDED, intent->slot, 0, "status",
		    step_status_name(intent->status));
		break;
	case INTENT_ROLLBACK:
		consider_rollback(model);
		break;
	case INTENT_CLOSE:
		check_close(model, intent);
		put(model, EVENT_RUN_CLOSED, -1, 0, "status", run_status_names[intent->run]);
		model->closed = true;
		break;
	}
}

/* ---- the world ----------------------------------------------------------------------------- */

static const struct ask_state *open_ask(const struct model *model)
{
	for (size_t i = 0; i < model->play.state.asks.count; i++)
		if (!model->play.state.asks.at[i].answered)
			return &model->play.state.asks.at[i];
	return NULL;
}

static void answer(struct model *model, const struct ask_state *ask)
{
	static const char *const failure[] = { "again", "go_on", "stop" };
	bool about_failure = ask->kind && strcmp(ask->kind, "failure") == 0;
	put_answer(model, ask, about_failure ? failure[chance(3)] : happens(70) ? "yes" : "no");
}

static void expire_around(struct model *model, int32_t slot)
{
	for (int32_t at = node_of(model, slot)->parent; at != PLAN_NONE;
	     at = node_of(model, at)->parent)
		if (node_of(model, at)->kind == PLAN_GROUP && happens(50))
			model->play.expired[at] = true;
}

static bool is_expired(const struct model *model, int32_t slot)
{
	for (int32_t at = node_of(model, slot)->parent; at != PLAN_NONE;
	     at = node_of(model, at)->parent)
		if (model->play.expired[at])
			return true;
	return false;
}

/* A signal, a second one, the end of the run's time. */
static void interrupt(struct model *model)
{
	struct decide *decide = &model->play.decide;
	if (decide->stopping && happens(20))
		decide->forced = true;
	else if (!decide->stopping && happens(2))
		decide->stopping = true;
	else if (!decide->stopping && happens(1))
		decide->stopping = decide->expired_run = true;
}

/* Whether the attempt that runs is ended by what was heard. */
static bool is_stopped(const struct model *model)
{
	const struct decide *decide = &model->play.decide;
	return model->play.state.phase == RUN_ROLLING_BACK ? decide->forced : decide->stopping;
}

static const struct ask_state *ask_of(const struct model *model, int32_t slot)
{
	for (size_t i = 0; i < model->play.state.asks.count; i++) {
		const struct ask_state *ask = &model->play.state.asks.at[i];
		if (!ask->answered && ask->slot == slot)
			return ask;
	}
	return NULL;
}

static void end_attempt(struct model *model, int32_t slot)
{
	const struct plan_node *node = node_of(model, slot);
	bool gate = node->type && node->type->kind == STEP_KIND_GATE;
	if (gate && !ask_of(model, slot) && state_of(model, slot)->status == STEP_RUNNING &&
	    happens(50)) {
		put_ask(model, slot, node->label ? node->label : node->path, "approve");
		return;
	}
	if (ask_of(model, slot))
		answer(model, ask_of(model, slot));
	interrupt(model);
	if (happens(5))
		expire_around(model, slot);
	attempt_over(model, slot);
	if (is_stopped(model) && happens(70))
		put_end(model, slot, model->play.decide.expired_run ? STEP_FAILED : STEP_CANCELLED);
	else if (node->effect > EFFECT_READ && happens(2)) /* what only reads has failed then */
		put_end(model, slot, STEP_LOST);
	else
		put_end(model, slot,
			is_expired(model, slot) || happens(20) ? STEP_FAILED : STEP_SUCCEEDED);
}

static void wait(struct model *model, const struct intent *intent)
{
	bool due = intent->due > model->play.decide.now;
	if (model->attempt_count && !(due && happens(30))) {
		end_attempt(model, model->attempts[chance((uint32_t)model->attempt_count)]);
	} else if (due) {
		interrupt(model);
		model->play.decide.now = intent->due;
	} else if (open_ask(model)) {
		answer(model, open_ask(model));
	} else {
		breach(model, "it waits for nothing", -1);
	}
}

/* ---- replay -------------------------------------------------------------------------------- */

/* The next intent of a state; the same of both, and with nothing passed over. */
static struct intent next(const struct model *model)
{
	struct decide live = model->play.decide, replayed = model->play.decide;
	live.state = &model->play.state;
	replayed.state = &model->mirror;
	replayed.passed = NULL;
	struct intent a = decide(&live), b = decide(&replayed);
	if (!state_same(&model->play.state, &model->mirror))
		breach(model, "the replayed state is another", -1);
	if (a.kind != b.kind || a.slot != b.slot || a.due != b.due || a.status != b.status ||
	    a.culprit != b.culprit || a.run != b.run || a.exit != b.exit)
		breach(model, "the replayed state leads elsewhere", -1);
	return a;
}

/* The program dies: what is left is its lines. What ran then is lost. */
static void crash(struct model *model)
{
	struct arena *arena = &model->play.desk->arena;
	struct state reborn;
	state_init(&reborn, arena);
	for (size_t i = 0; i < model->lines.count; i++) {
		struct event event;
		const char *why;
		if (!event_read(model->lines.at[i], arena, &event, &why) ||
		    !state_apply(&reborn, &event))
			breach(model, "a line cannot be replayed", event.slot);
	}
	if (!state_same(&reborn, &model->play.state))
		breach(model, "what is replayed is another run", -1);
	model->play.state = reborn;
	while (model->attempt_count)
		put(model, EVENT_STEP_LOST, model->attempts[--model->attempt_count], 0, "msg",
		    "the program was killed");
}

/* Steps that run; what waits for an answer is none of them. */
static size_t running(const struct model *model)
{
	size_t count = 0;
	for (size_t i = 0; i < model->attempt_count; i++)
		count += state_of(model, model->attempts[i])->status == STEP_RUNNING;
	return count;
}

static void play(struct model *model)
{
	for (int i = 0; !model->closed; i++) {
		if (i == MAX_INTENTS)
			breach(model, "it never ends", -1);
		if (model->crash_at >= 0 && model->lines.count >= (size_t)model->crash_at) {
			model->crash_at = -1;
			crash(model);
		}
		model->play.decide.full = running(model) >= model->jobs;
		struct intent intent = next(model);
		if (intent.kind == INTENT_WAIT)
			wait(model, &intent);
		else
			act(model, &intent);
	}
	if (next(model).kind != INTENT_WAIT)
		breach(model, "it goes on behind its end", -1);
}

/* One that is left out leaves a part behind that is another one each time. */
static const char *some_id(const struct plan *plan)
{
	const char *id = NULL;
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i]->label && plan->nodes[i]->section == SECTION_STEPS &&
		    (!id || happens(30)))
			id = plan->nodes[i]->label;
	return id;
}

/* Now and then only a part runs. What cannot be chosen alone runs whole. */
static const struct plan *choose(const struct plan *plan, struct arena *arena)
{
	const char *ids[] = { some_id(plan), some_id(plan) };
	const struct strings names = { .at = ids, .count = 1 + chance(2) };
	struct plan_selection selection = { 0 };
	struct plan_faults faults = { 0 };
	if (!ids[0] || !happens(30))
		return plan;
	switch (chance(3)) {
	case 0:
		selection.only = names;
		break;
	case 1:
		selection.skip = names;
		break;
	default:
		selection.start_at = ids[0];
		break;
	}
	const struct plan *part = plan_select(plan, &selection, arena, &faults);
	return part ? part : plan;
}

static void one_run(struct desk *desk, int number)
{
	struct model model = { .run = number, .crash_at = -1 };
	chance_state = UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)(number + 1);
	put_documents(desk);
	model.text = document(desk);
	model.play.desk = desk;
	model.play.plan = desk_plan(desk, model.text);
	if (!model.play.plan)
		fail_msg("%s\n%s", desk_told(desk), model.text);
	model.plan = *choose(model.play.plan, &desk->arena);
	model.play.plan = &model.plan;
	model.play.expired = arena_array(&desk->arena, bool, model.play.plan->node_count);
	model.play.decide = (struct decide){
		.plan = model.play.plan,
		.expired = model.play.expired,
		.passed = arena_array(&desk->arena, struct passed, model.play.plan->node_count),
	};
	state_init(&model.play.state, &desk->arena);
	state_init(&model.mirror, &desk->arena);
	model.interactive = happens(60);
	if (happens(40))
		model.crash_at = (int)chance(25);
	model.jobs = 1 + chance(4);
	put_opened(&model);
	play(&model);
}

static void random_runs_keep_their_promises(void **state)
{
	struct desk *desk = *state;
	const char *only = getenv("MODEL_RUN");
	int first = only ? atoi(only) : 0;
	int count = only ? 1 : under_valgrind() ? RUNS / 30 : RUNS;
	for (int i = first; i < first + count; i++) {
		one_run(desk, i);
		desk->files.count = 0;
		desk->files.cap = 0;
		desk->files.at = NULL;
		arena_reset(&desk->arena);
	}
	diags_init(&desk->diags, &desk->arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		DESK(random_runs_keep_their_promises),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
