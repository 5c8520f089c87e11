/* wait and say. */

#include "step/internal.h"

/* ---- wait ---------------------------------------------------------------------------------- */

struct wait_args {
	int64_t duration;
};

static const struct field wait_fields[] = {
	DURATION(struct wait_args, duration, .flags = FIELD_REQUIRED,
		 .doc = "How long: 5s, 1m30s, 250ms."),
	{ 0 },
};

static void wait_over(void *data)
{
	struct task *task = data;
	task_succeed(task, value_null());
}

static void wait_cancel(struct task *task, void *data)
{
	const struct outcome outcome = { .status = OUTCOME_CANCELLED, .class = "cancelled" };
	struct timer *timer = data;
	timer_stop(timer);
	task_finish(task, &outcome, value_null());
}

static void wait_start(struct task *task, const void *data)
{
	const struct wait_args *args = data;
	struct timer *timer = arena_new(task->arena, struct timer);
	*timer = (struct timer){ .fire = wait_over, .data = task };
	task_cancel_with(task, wait_cancel, timer);
	timer_start(timer, task->services->loop, args->duration);
}

extern const struct step_type step_wait, step_say;

const struct step_type step_wait = {
	.name = "wait",
	.main = "duration",
	.summary = "Wait.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_NONE,
	.fields = wait_fields,
	.size = sizeof(struct wait_args),
	.start = wait_start,
	.example = "- wait: 5s",
};

/* ---- say ----------------------------------------------------------------------------------- */

struct say_args {
	const char *message;
};

static const struct field say_fields[] = {
	STRING(struct say_args, message, .flags = FIELD_REQUIRED | FIELD_NO_SECRET,
	       .doc = "Text for the operator."),
	{ 0 },
};

static void say_start(struct task *task, const void *data)
{
	(void)data; /* its text is what step.started shows */
	task_succeed(task, value_null());
}

const struct step_type step_say = {
	.name = "say",
	.main = "message",
	.summary = "Tell the operator something.",
	.kind = STEP_KIND_WORK,
	.effect = EFFECT_NONE,
	.fields = say_fields,
	.size = sizeof(struct say_args),
	.start = say_start,
	.example = "- say: The release is out.",
};
