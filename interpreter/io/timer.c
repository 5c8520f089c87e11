/* timer: a binary heap of the timers that run, the earliest first. */
#include "io/internal.h"

static bool is_before(const struct timer *a, const struct timer *b)
{
	return a->due != b->due ? a->due < b->due : a->sequence < b->sequence;
}

static void put(struct loop *loop, size_t slot, struct timer *timer)
{
	loop->timers.at[slot] = timer;
	timer->slot = slot;
}

static void move_up(struct loop *loop, struct timer *timer)
{
	size_t slot = timer->slot;

	while (slot > 0 && is_before(timer, loop->timers.at[(slot - 1) / 2])) {
		put(loop, slot, loop->timers.at[(slot - 1) / 2]);
		slot = (slot - 1) / 2;
	}
	put(loop, slot, timer);
}

static void move_down(struct loop *loop, struct timer *timer)
{
	size_t slot = timer->slot;

	for (;;) {
		size_t below = 2 * slot + 1;

		if (below + 1 < loop->timers.count &&
		    is_before(loop->timers.at[below + 1], loop->timers.at[below]))
			below++;
		if (below >= loop->timers.count || is_before(timer, loop->timers.at[below]))
			break;
		put(loop, slot, loop->timers.at[below]);
		slot = below;
	}
	put(loop, slot, timer);
}

void timer_start(struct timer *timer, struct loop *loop, int64_t after)
{
	int64_t now = clock_boot(&clock_system);

	timer_stop(timer);
	if (after < 0)
		after = 0;
	timer->due = after > INT64_MAX - now ? INT64_MAX : now + after;
	timer->loop = loop;
	timer->sequence = loop->sequence++;
	timer->slot = loop->timers.count;
	*list_add(&loop->timers, loop->arena) = timer;
	move_up(loop, timer);
}

void timer_stop(struct timer *timer)
{
	struct loop *loop = timer->loop;
	struct timer *last;

	if (!loop)
		return;
	timer->loop = NULL;
	last = loop->timers.at[--loop->timers.count];
	if (last == timer)
		return;
	put(loop, timer->slot, last);
	move_up(loop, last);
	move_down(loop, last);
}

int64_t timers_next(const struct loop *loop)
{
	return loop->timers.count > 0 ? loop->timers.at[0]->due : INT64_MAX;
}

void timers_fire(struct loop *loop)
{
	uint64_t before = loop->sequence;
	int64_t now = clock_boot(&clock_system);

	/* A later one of this moment waits behind the earlier ones in the heap, so the first that
	 * was started since ends the turn. */
	while (timers_next(loop) <= now && loop->timers.at[0]->sequence < before) {
		struct timer *timer = loop->timers.at[0];

		timer_stop(timer);
		timer->fire(timer->data);
	}
}
