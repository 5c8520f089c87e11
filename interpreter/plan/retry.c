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
	const struct node *backoff, *jitter, *when;
	struct strings on;
};

const struct field retry_rows[] = {
	INTEGER(struct retry_keys, attempts, .min = 1, .max = MAX_ATTEMPTS,
		.doc = "Attempts in all; default 3, without limit if within is given."),
	DURATION(struct retry_keys, every, .dflt = "1s", .doc = "Pause before the second attempt."),
	NODE(struct retry_keys, backoff, .doc = "Factor by which the pause grows; default 1."),
	DURATION(struct retry_keys, max_every, .dflt = "1m", .doc = "The longest pause."),
	NODE(struct retry_keys, jitter,
	     .doc = "Part of the pause that is random, 0 to 1; default 0."),
	DURATION(struct retry_keys, within,
		 .doc = "Limit of all attempts together; it cuts the running one."),
	STRINGS(struct retry_keys, on, .doc = "Classes of failure that are tried again."),
	NODE(struct retry_keys, when,
	     .doc = "CEL over the attempt's outputs: false ends the attempts."),
	{ 0 },
};

static double number(struct planner *planner, const struct node *node, const char *key,
		     double least, double most, double otherwise)
{
	struct value value = value_null();
	struct json_error error;
	if (!node)
		return otherwise;
	if (node->kind == NODE_SCALAR)
		json_read(node->text, planner->arena, &value, &error);
	double real = value_is(value, VALUE_INT)      ? (double)value.integer
		      : value_is(value, VALUE_DOUBLE) ? value.real
						      : least - 1;
	if (real >= least && real <= most)
		return real;
	diag_at(planner->diags, node->span, RB0202, "'%s' is a number from %g to %g", key, least,
		most);
	return otherwise;
}

static void classes_check(struct planner *planner, const struct node *on, struct strings names)
{
	for (size_t i = 0; i < names.count; i++) {
		if (among(classes, names.at[i]))
			continue;
		const struct node *node = on->kind == NODE_LIST ? &on->items[i] : on;
		diag_at(planner->diags, node->span, RB0202, "'%s' is no class of failure",
			names.at[i]);
		if (!diag_did_you_mean(planner->diags, text_of(names.at[i]), classes,
				       sizeof(classes) / sizeof(classes[0]) - 1))
			diag_hint(planner->diags,
				  "The classes are exit, signal, timeout, assertion, connect, dns, "
				  "tls, http, sql, resource and others; "
				  "see 'runbook explain retry'.");
	}
}

/* Decimal digits; 0 for anything else. */
static int64_t attempts_read(struct text text)
{
	int64_t attempts = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || attempts > MAX_ATTEMPTS)
			return 0;
		attempts = attempts * 10 + (text.ptr[i] - '0');
	}
	return attempts;
}

const struct plan_retry *retry_read(struct planner *planner, const struct node *node,
				    const struct expr_options *names)
{
	struct plan_retry *retry = arena_new(planner->arena, struct plan_retry);
	struct field_context context = { .what = "retry" };
	struct retry_keys keys = { 0 };
	*retry = (struct plan_retry){
		.attempts = 3, .every = NS_PER_S, .backoff = 1, .max_every = 60 * NS_PER_S
	};
	if (node->kind == NODE_SCALAR) {
		retry->attempts = attempts_read(node->text);
		if (retry->attempts < 1 || retry->attempts > MAX_ATTEMPTS) {
			diag_at(planner->diags, node->span, RB0202,
				"'retry' is a number of attempts from 1 to %d, or a map",
				MAX_ATTEMPTS);
			diag_hint(planner->diags, "Write: retry: {attempts: 5, every: 2s}");
		}
		return retry;
	}
	if (!field_load(retry_rows, node, &context, &keys, planner->arena, planner->diags))
		return retry;
	retry->attempts = keys.attempts ? keys.attempts : keys.within ? 0 : 3;
	retry->every = keys.every;
	retry->max_every = keys.max_every;
	retry->within = keys.within;
	retry->on = keys.on;
	retry->backoff = number(planner, keys.backoff, "backoff", 1, 100, 1);
	retry->jitter = number(planner, keys.jitter, "jitter", 0, 1, 0);
	if (keys.on.count)
		classes_check(planner, node_get(node, "on"), keys.on);
	if (keys.when)
		retry->when = template_read_expr(keys.when, names, planner->arena, planner->diags);
	return retry;
}
