/* What to type when a run has ended: commands, what is expected of the operator first. */

#include "place/place.h"
#include "run/internal.h"

struct next {
	struct engine *engine;
	const struct intent *intent; /* how it ends */
	struct arena *arena;
	bool left;             /* something is still in effect */
	const char *now, *all; /* what opens the gates that are waited for, and those to come too */
	struct lines lines;
};

/* ---- secrets ------------------------------------------------------------------------------- */

const char *run_secrets_again(const struct strings *secrets, struct arena *arena)
{
	struct buffer out;
	buffer_init(&out, arena);
	for (size_t i = 0; i < secrets->count; i++) {
		buffer_puts(&out, " --secret ");
		place_show_word(&out, text_of(secrets->at[i]));
	}
	return buffer_string(&out);
}

#define FLAG "--secret"

static struct text word_of(struct value command, size_t index)
{
	struct value word = value_item(command, index);
	return value_is(word, VALUE_STRING) ? value_text(word) : (struct text){ 0 };
}

const char *run_secrets_named(struct value command, struct arena *arena)
{
	LIST(const char *) found = { 0 };
	size_t count = value_is(command, VALUE_LIST) ? value_count(command) : 0;
	for (size_t i = 0; i < count; i++) {
		struct text word = word_of(command, i);
		if (text_is(word, FLAG) && i + 1 < count)
			word = word_of(command, ++i);
		else if (text_starts(word, FLAG "="))
			word = text_slice(word, sizeof(FLAG), word.len);
		else
			continue;
		*list_add(&found, arena) = arena_text(arena, word).ptr;
	}
	const struct strings secrets = { .at = found.at, .count = found.count };
	return run_secrets_again(&secrets, arena);
}

/* ---- offers -------------------------------------------------------------------------------- */

static void add(struct next *next, const char *command)
{
	*list_add(&next->lines, next->arena) = value_cstring(command);
}

/* A command that needs the run's secrets again, from where they came. */
static void add_go_on(struct next *next, const char *command)
{
	add(next, arena_format(next->arena, "%s%s", command,
			       run_secrets_again(&next->engine->setup.secrets, next->arena)));
}

static const char *id_of(const struct next *next)
{
	return next->engine->folder.short_id;
}

/* A rollback that ran to its end and that nothing verifies would only end in the same way again. */
static bool is_at_its_end(const struct next *next)
{
	const struct plan *plan = next->engine->setup.plan;
	bool verifies = plan->rollback.verify && plan->sections[SECTION_VERIFY] != PLAN_NONE;
	bool ended = next->intent->run == RUN_ROLLBACK_FAILED && next->intent->culprit < 0 &&
		     next->engine->stops < 2;
	return ended && !verifies;
}

static bool can_resume(const struct next *next)
{
	enum run_status how = next->intent->run;
	if (is_at_its_end(next))
		return false;
	return how == RUN_FAILED || how == RUN_CANCELLED || how == RUN_ROLLBACK_FAILED;
}

static void add_resume(struct next *next)
{
	const char *resume = arena_format(next->arena, "runbook resume %s", id_of(next));
	add_go_on(next, arena_format(next->arena, "%s%s", resume, next->now));
	if (*next->now && strcmp(next->now, next->all) != 0)
		add_go_on(next, arena_format(next->arena, "%s%s", resume, next->all));
}

/* An answer to who waits. */
static void offer_answer(struct next *next)
{
	if (*next->now && can_resume(next))
		add_resume(next);
}

static bool has_undo(const struct plan *plan)
{
	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i]->undo != PLAN_NONE)
			return true;
	return false;
}

/* Of what is still in effect, where the run has not been going back. */
static void offer_rollback(struct next *next)
{
	struct engine *engine = next->engine;
	enum run_status how = next->intent->run;
	bool open = how == RUN_FAILED || how == RUN_CANCELLED || how == RUN_ROLLBACK_UNMET ||
		    (how == RUN_UNSURE && engine->state.rollback_seq == 0);
	if (!open || !next->left ||
	    (!engine->setup.plan->rollback.declared && !has_undo(engine->setup.plan)))
		return;
	const char *reason = rollback_offered(engine);
	struct buffer out;
	buffer_init(&out, next->arena);
	buffer_printf(&out, "runbook rollback %s", id_of(next));
	if (reason) {
		buffer_puts(&out, " --reason ");
		place_show_word(&out, text_of(reason));
	}
	add_go_on(next, buffer_string(&out));
}

/* What was lost is decided by an operator, who says why. */
static void offer_decisions(struct next *next)
{
	static const char *const ways[] = { "rerun", "done" };
	const struct plan *plan = next->engine->setup.plan;
	if (next->intent->run != RUN_UNSURE)
		return;
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct plan_node *node = as_written(plan, plan->nodes[i]);
		if (!lost_is_undecided(next->engine, plan->nodes[i]))
			continue;
		for (size_t k = 0; k < 2; k++)
			add_go_on(next,
				  arena_format(next->arena, "runbook resume %s --%s %s --note TEXT",
					       id_of(next), ways[k],
					       node->label ? node->label : node->path));
	}
	add_go_on(next,
		  arena_format(next->arena, "runbook resume %s --abort --note TEXT", id_of(next)));
}

/* Going on with what has stopped. */
static void offer_resume(struct next *next)
{
	if (!*next->now && can_resume(next))
		add_resume(next);
}

/* The same with a document in which what failed was mended. */
static void offer_mended(struct next *next)
{
	if (!*next->now && can_resume(next) && next->intent->run != RUN_CANCELLED)
		add_go_on(next, arena_format(next->arena, "runbook resume %s --accept-changes",
					     id_of(next)));
}

/* A look at it; of what is unsure at the step that is to be looked at. */
static void offer_show(struct next *next)
{
	const struct intent *intent = next->intent;
	const char *step = intent->run == RUN_UNSURE
				   ? next->engine->setup.plan->nodes[intent->culprit]->path
				   : "";
	add(next,
	    arena_format(next->arena, "runbook show %s%s%s", id_of(next), *step ? " " : "", step));
}

/* In this order; each adds nothing where it makes no sense. */
static void (*const offers[])(struct next *) = {
	offer_answer, offer_rollback, offer_decisions, offer_resume, offer_mended, offer_show,
};

struct value next_commands(struct engine *engine, const struct intent *intent, bool left,
			   struct arena *arena)
{
	struct next next = {
		.engine = engine,
		.intent = intent,
		.arena = arena,
		.left = left,
		.now = gates_approve(engine, false, arena),
		.all = gates_approve(engine, true, arena),
	};
	for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
		offers[i](&next);
	return value_list(next.lines.at, next.lines.count, arena);
}
