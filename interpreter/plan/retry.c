/* retry: how often, how long, and for which failures an attempt is made again. */

#include <strings.h>

#include "plan/internal.h"

#define MAX_ATTEMPTS 1000

/* Never tried again unless `on` names them: another attempt cannot end otherwise. */
static const char *const final_classes[] = {
	"cancelled", "rejected",   "refused",   "expression",
	"capture",   "permission", "not_found", NULL,
};

const char *const plan_classes[] = {
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
	STRINGS(struct retry_keys, on, .flags = FIELD_LITERAL,
		.doc = "Classes of failure, SQLSTATEs (sql:40001) or classes of these (sql:40) "
		       "that are "
		       "tried again."),
	NODE(struct retry_keys, when, .form = "CEL, bool",
	     .doc = "CEL over the attempt's outputs: false ends the attempts."),
	{ 0 },
};

static void hint_classes(struct planner *planner)
{
	struct buffer list;
	buffer_init(&list, planner->arena);
	for (const char *const *name = plan_classes; *name; name++)
		buffer_printf(&list, "%s%s", name == plan_classes ? "" : ", ", *name);
	diag_hint(planner->diags,
		  "The classes are %s; of a database also a SQLSTATE, or its first two characters: "
		  "sql:40001, sql:40.",
		  buffer_string(&list));
}

#define STATE_PREFIX "sql:"

/* sql:40001, all of a class as sql:40, or a name of SQLite: sql:SQLITE_BUSY. NULL: it is none. */
static const char *state_of(const char *written)
{
	static const char upper[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	const char *state = written + strlen(STATE_PREFIX);
	if (strncmp(written, STATE_PREFIX, strlen(STATE_PREFIX)) != 0 ||
	    strspn(state, upper) != strlen(state))
		return NULL;
	if (strncmp(state, "SQLITE_", 7) == 0)
		return state;
	return strlen(state) == 2 || strlen(state) == 5 ? state : NULL;
}

static void class_check(struct planner *planner, const struct node *node)
{
	if (node->kind != NODE_SCALAR || among(plan_classes, node->text.ptr) ||
	    state_of(node->text.ptr))
		return;
	diag_at(planner->diags, node->span, RB0110, "'%.*s' is no class of failure",
		TEXT_ARG(node->text));
	if (!diag_did_you_mean(planner->diags, node->text, plan_classes,
			       sizeof(plan_classes) / sizeof(plan_classes[0]) - 1))
		hint_classes(planner);
}

static void classes_check(struct planner *planner, const struct node *on)
{
	if (on && on->kind == NODE_SCALAR)
		class_check(planner, on);
	for (uint32_t i = 0; on && on->kind == NODE_LIST && i < on->count; i++)
		class_check(planner, &on->items[i]);
}

const struct plan_retry *retry_read(struct planner *planner, const struct node *node,
				    const struct expr_options *names,
				    const struct expr_options *after)
{
	struct plan_retry *retry = arena_new(planner->arena, struct plan_retry);
	struct field_context context = {
		.what = "retry", .main = "attempts", .expr = names, .elsewhere = key_elsewhere
	};
	bool map = node->kind == NODE_MAP;
	retry->bound = field_read(retry_rows, map ? NULL : node, map ? node : NULL, &context,
				  planner->arena, planner->diags);
	if (!retry->bound)
		return NULL;
	const struct node *when = field_node(retry->bound, "when");
	classes_check(planner, field_node(retry->bound, "on"));
	if (when)
		retry->when = template_read_expr(when, after, planner->arena, planner->diags);
	bool_check(planner, retry->when, "'when'");
	return retry;
}

/* What the author says of when it is sent again, or of its effect. */
static bool has_policy(const struct step_build *step)
{
	const struct bound *retry = step->node.retry->bound;
	const struct node *headers = field_node(step->node.args, "headers");
	for (uint32_t i = 0; headers && headers->kind == NODE_MAP && i < headers->count; i++)
		if (strcasecmp(headers->entries[i].key.text.ptr, "Idempotency-Key") == 0)
			return true;
	return field_node(retry, "on") || field_node(retry, "when") ||
	       node_get(step->node.node, "effect");
}

void retry_check_request(struct planner *planner, const struct step_build *step)
{
	const struct plan_node *node = &step->node;
	if (!node->retry || !node->args || !node->type || strcmp(node->type->name, "http") != 0)
		return;
	const struct place_text *request = field_place(node->args, "request");
	const char *method = request ? place_method(request) : NULL;
	if (!method)
		method = field_constant_text(node->args, "method");
	if (!method || (strcmp(method, "POST") != 0 && strcmp(method, "PATCH") != 0) ||
	    has_policy(step))
		return;
	diag_at(planner->diags, node_get(node->node, "retry")->span, RB0245,
		"a %s that was answered with a failure may have acted, and is sent again", method);
	diag_hint(
		planner->diags,
		"Say when it is sent again, as in retry: {attempts: 3, on: [connect]}; or let the "
		"server tell the attempts apart: headers: {Idempotency-Key: '${{ run.id }}'}.");
}

bool plan_retry_limits(const struct plan_retry *retry, const struct expr_scope *scope,
		       struct arena *arena, struct retry_limits *out, struct failure *failure)
{
	struct retry_keys keys;
	if (!field_bind(retry->bound, scope, arena, &keys, failure))
		return false;
	*out = (struct retry_limits){
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
	return true;
}

static bool is_state(const char *wanted, const char *state)
{
	return wanted && state &&
	       (strlen(wanted) == 2 ? strncmp(state, wanted, 2) : strcmp(state, wanted)) == 0;
}

bool plan_retries(const struct retry_limits *limits, const char *class, const char *state)
{
	if (limits->on.count == 0)
		return !among(final_classes, class);
	for (size_t i = 0; i < limits->on.count; i++)
		if (strcmp(limits->on.at[i], class) == 0 ||
		    is_state(state_of(limits->on.at[i]), state))
			return true;
	return false;
}
