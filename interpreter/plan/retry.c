/* retry: how often, how long, and for which failures an attempt is made again. */

#include "plan/internal.h"

#define MAX_ATTEMPTS 1000

/* Never tried again unless `on` names them: another attempt cannot end otherwise. */
static const char *const final_classes[] = {
	"cancelled", "rejected",   "refused",   "expression",
	"capture",   "permission", "not_found", NULL,
};

static const char *const classes[] = {
	"exit",    "signal",   "timeout",      "assertion", "expression", "capture",    "connect",
	"dns",     "tls",      "http",         "sql",       "not_found",  "permission", "resource",
	"refused", "rejected", "precondition", "cancelled", NULL,
};

static bool among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool plan_retries(const struct plan_retry *retry, const char *class)
{
	if (retry->on.count == 0)
		return !among(final_classes, class);
	for (size_t i = 0; i < retry->on.count; i++)
		if (strcmp(retry->on.at[i], class) == 0)
			return true;
	return false;
}

struct retry_keys {
	int64_t attempts, every, max_every, within;
	double backoff, jitter;
	const struct node *when;
	struct strings on;
};

const struct field retry_rows[] = {
	INTEGER(struct retry_keys, attempts, .min = 1, .max = MAX_ATTEMPTS,
		.doc = "Attempts in all; default 3, without limit if within is given."),
	DURATION(struct retry_keys, every, .dflt = "1s", .doc = "Pause before the second attempt."),
	NUMBER(struct retry_keys, backoff, .dflt = "1", .min = 1, .max = 100,
	       .doc = "Factor by which the pause grows."),
	DURATION(struct retry_keys, max_every, .dflt = "1m", .doc = "The longest pause."),
	NUMBER(struct retry_keys, jitter, .dflt = "0", .min = 0, .max = 1,
	       .doc = "Part of the pause that is random, 0 to 1."),
	DURATION(struct retry_keys, within, .min = NS_PER_MS, .max = PLAN_MAX_TIMEOUT,
		 .doc = "Limit of all attempts together; it cuts the running one."),
	STRINGS(struct retry_keys, on, .doc = "Classes of failure that are tried again."),
	NODE(struct retry_keys, when,
	     .doc = "CEL over the attempt's outputs: false ends the attempts."),
	{ 0 },
};

static void classes_check(struct planner *planner, const struct node *on, struct strings names)
{
	for (size_t i = 0; i < names.count; i++) {
		if (among(classes, names.at[i]))
			continue;
		const struct node *node = on->kind == NODE_LIST ? &on->items[i] : on;
		diag_at(planner->diags, node->span, RB0110, "'%s' is no class of failure",
			names.at[i]);
		if (!diag_did_you_mean(planner->diags, text_of(names.at[i]), classes,
				       sizeof(classes) / sizeof(classes[0]) - 1))
			diag_hint(planner->diags,
				  "The classes are exit, signal, timeout, assertion, connect, dns, "
				  "tls, http, sql, resource and others; "
				  "see 'runbook explain retry'.");
	}
}

const struct plan_retry *retry_read(struct planner *planner, const struct node *node,
				    const struct expr_options *names)
{
	struct plan_retry *retry = arena_new(planner->arena, struct plan_retry);
	struct field_context context = { .what = "retry",
					 .main = "attempts",
					 .elsewhere = key_elsewhere };
	struct retry_keys keys = { 0 };
	if (!field_load(retry_rows, node, &context, &keys, planner->arena, planner->diags))
		return retry;
	*retry = (struct plan_retry){
		.attempts = keys.attempts ? keys.attempts
			    : keys.within ? 0
					  : 3,
		.every = keys.every,
		.backoff = keys.backoff,
		.max_every = keys.max_every,
		.jitter = keys.jitter,
		.within = keys.within,
		.on = keys.on,
	};
	if (keys.on.count)
		classes_check(planner, node_get(node, "on"), keys.on);
	if (keys.when)
		retry->when = template_read_expr(keys.when, names, planner->arena, planner->diags);
	return retry;
}
