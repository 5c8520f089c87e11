/* Whether two states of a run are the same in all that they keep. */
#ifndef TESTS_UNIT_RUN_SAME_H
#define TESTS_UNIT_RUN_SAME_H

#include <string.h>

#include "record/record.h"

static inline bool text_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* A secret is kept nowhere: what is replayed only knows that there was one. */
static inline bool value_same(struct value a, struct value b)
{
	if (a.flags & VALUE_SECRET && b.flags & VALUE_SECRET && !value_is(a, VALUE_MAP))
		return true;
	if (value_is(a, VALUE_ERROR) && value_is(b, VALUE_ERROR))
		return a.error->failure == b.error->failure &&
		       text_same(a.error->message, b.error->message);
	if (!value_is(a, VALUE_MAP) || !value_is(b, VALUE_MAP))
		return value_equal(a, b);
	if (a.map->count != b.map->count)
		return false;
	for (size_t i = 0; i < a.map->count; i++)
		if (!value_equal(a.map->entries[i].key, b.map->entries[i].key) ||
		    !value_same(a.map->entries[i].value, b.map->entries[i].value))
			return false;
	return true;
}

static inline bool step_same(const struct step_state *a, const struct step_state *b)
{
	return a->status == b->status && a->undo == b->undo && a->attempts == b->attempts &&
	       a->started_ms == b->started_ms && a->attempt_ms == b->attempt_ms &&
	       a->ended_ms == b->ended_ms && a->again_ms == b->again_ms &&
	       a->started_seq == b->started_seq && a->attempt_seq == b->attempt_seq &&
	       a->ended_seq == b->ended_seq && text_same(a->class, b->class) &&
	       text_same(a->message, b->message) && value_same(a->outputs, b->outputs) &&
	       a->effect == b->effect && a->effect_before == b->effect_before &&
	       a->continued == b->continued && a->parent == b->parent;
}

static inline bool ask_same(const struct ask_state *a, const struct ask_state *b)
{
	return text_same(a->ask, b->ask) && text_same(a->kind, b->kind) && a->slot == b->slot &&
	       a->before == b->before && a->answered == b->answered &&
	       text_same(a->answer, b->answer) && a->opened_seq == b->opened_seq;
}

static inline bool state_same(const struct state *a, const struct state *b)
{
	if (a->phase != b->phase || a->step_count != b->step_count ||
	    a->asks.count != b->asks.count || a->rollback_seq != b->rollback_seq ||
	    a->seq != b->seq || a->ms != b->ms || a->waited_ms != b->waited_ms ||
	    a->limited_ms != b->limited_ms || a->failed_slot != b->failed_slot ||
	    a->cancelled != b->cancelled || a->by_operator != b->by_operator)
		return false;
	for (size_t i = 0; i < a->step_count; i++)
		if (!step_same(&a->steps[i], &b->steps[i]))
			return false;
	for (size_t i = 0; i < a->asks.count; i++)
		if (!ask_same(&a->asks.at[i], &b->asks.at[i]))
			return false;
	return true;
}

#endif
