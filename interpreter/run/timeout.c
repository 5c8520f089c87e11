/* The timeout of the whole run. */

#include "run/internal.h"

/* How long the run has gone on, also before it was killed or parked; waiting at gates, and the time
 * in which nobody ran it, are not counted. ns. */
static int64_t time_used(const struct engine *engine)
{
	const struct state *state = &engine->state;
	int64_t counted = engine_now(engine) - state->limited_ms - state->waited_ms;
	return counted * NS_PER_MS - engine->waited;
}

static void on_expiry(void *data)
{
	struct engine *engine = data;
	engine->expired_run = true;
	if (engine->state.phase != RUN_ROLLING_BACK)
		cancel_all(engine, &engine->limit);
}

void timeout_start(struct engine *engine)
{
	int64_t time = engine->setup.plan->timeout;
	if (!time || engine->expired_run)
		return;
	engine->limit = (struct limit){ time, time, "the run's timeout" };
	engine->whole.fire = on_expiry;
	engine->whole.data = engine;
	timer_start(&engine->whole, engine->setup.loop, time - time_used(engine));
}

void timeout_wait(struct engine *engine)
{
	struct loop *loop = engine->setup.loop;
	int64_t since = loop_now(loop);
	timer_stop(&engine->whole);
	loop_run_once(loop);
	engine->waited += loop_now(loop) - since;
	timeout_start(engine);
}

void timeout_put_waited(struct engine *engine, struct event_builder *event)
{
	if (engine->waited >= NS_PER_MS)
		event_set(event, "waited", value_int(engine->waited / NS_PER_MS));
	engine->waited %= NS_PER_MS;
}
