/* Questions to people are events, and so are their answers. */

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "run/internal.h"

static struct value strings_value(struct strings strings, struct arena *arena)
{
	struct value *items = arena_array(arena, struct value, strings.count);
	for (size_t i = 0; i < strings.count; i++)
		items[i] = value_cstring(strings.at[i]);
	return value_list(items, strings.count, arena);
}

static bool in_group(const char *user, const char *name)
{
	const struct group *group = getgrnam(name);
	const struct passwd *passwd = getpwnam(user);
	if (!group)
		return false;
	if (passwd && passwd->pw_gid == group->gr_gid)
		return true;
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, user) == 0)
			return true;
	return false;
}

static bool is_named(const char *user, const char *name)
{
	return name[0] == '@' ? in_group(user, name + 1) : strcmp(name, user) == 0;
}

/* Whether this operator is one of those who may answer. */
static bool may_answer(const struct engine *engine, struct value by)
{
	if (!value_is(by, VALUE_LIST) || by.list->count == 0)
		return true;
	for (size_t i = 0; i < by.list->count; i++)
		if (is_named(engine->user,
			     arena_text(engine->arena, value_text(by.list->items[i])).ptr))
			return true;
	return false;
}

bool gate_is_open_to(const struct strings *by, struct arena *arena)
{
	const char *user = run_user(arena);
	for (size_t i = 0; i < by->count; i++)
		if (is_named(user, by->at[i]))
			return true;
	return by->count == 0;
}

const char *gate_word(const struct strings *words, const char *gate, const char **text)
{
	const char *found = NULL;
	size_t longest = 0;
	for (size_t i = 0; i < words->count; i++) {
		size_t len = strcspn(words->at[i], "=");
		bool about = strncmp(words->at[i], gate, len) == 0 &&
			     (!gate[len] || gate[len] == '[');
		if (!about || len <= longest)
			continue;
		found = words->at[i];
		longest = len;
	}
	*text = found && found[longest] ? found + longest + 1 : NULL;
	return found;
}

/* Why a flag does not open a gate that is known only now; NULL: it does. Who names the step that
 * destroys has typed what it wants. */
static const char *refused_flag(const struct question *question, const char *typed,
				const char *noted, struct arena *arena)
{
	bool named = !typed && strcmp(question->kind, "destructive") == 0;
	if (question->must_type && !named && (!typed || strcmp(typed, question->must_type) != 0))
		return arena_format(arena, "'%s' has to be typed", question->must_type);
	if (question->evidence && (!noted || !*noted))
		return arena_format(arena, "it wants evidence: %s", question->evidence);
	return NULL;
}

/* How a question is answered as soon as it is asked. answer NULL: not at all. */
struct at_once {
	const char *answer, *how, *note;
};

static struct at_once answer_by_flag(struct engine *engine, const char *ask, struct value by,
				     const struct question *question, struct arena *arena)
{
	struct at_once at_once = { NULL, "flag", NULL };
	const char *typed;
	if (!gate_word(&engine->setup.approve, ask, &typed))
		return at_once;
	if (!may_answer(engine, by)) {
		at_once.answer = "no";
		at_once.note = "this user is not one of those who may answer";
		return at_once;
	}
	if (strcmp(question->kind, "manual") == 0)
		gate_word(&engine->setup.evidence, ask, &at_once.note);
	const char *why = refused_flag(question, typed, at_once.note, arena);
	if (why)
		engine_notice(engine,
			      arena_format(arena, "--approve does not open '%s': %s", ask, why));
	else
		at_once.answer = "yes";
	return at_once;
}

static struct at_once answer_of_nobody(const struct engine *engine, const char *ask,
				       const struct plan_node *node, struct arena *arena)
{
	const char *flags = node ? gate_flags(engine, node, arena)
				 : arena_format(arena, "--approve %s", ask);
	struct at_once at_once = { "no", "nobody", NULL };
	at_once.note = arena_format(arena, "nobody was there to open it: %s", flags);
	return at_once;
}

void ask_put_answer(struct engine *engine, const char *ask, int32_t slot, const char *answer,
		    const char *how, const char *note)
{
	struct event_builder event;
	const struct plan_node *node = slot >= 0 ? engine->setup.plan->nodes[slot] : NULL;
	event_of(engine, &event, EVENT_ASK_ANSWERED, node, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "answer", value_cstring(answer));
	event_set(&event, "by", value_cstring(engine->user));
	event_set(&event, "how", value_cstring(how));
	if (note)
		event_set(&event, "note", value_cstring(note));
	timeout_put_waited(engine, &event);
	engine_append(engine, &event);
}

/* Hands an answer to the verb that asked. */
static void deliver(struct engine *engine, int32_t slot, const char *answer, const char *how,
		    const char *note)
{
	struct attempt *attempt = attempt_find(engine, slot);
	if (!attempt || attempt->ended || !attempt->task.answered)
		return;
	const struct answer given = {
		.answer = answer,
		.by = engine->user,
		.how = how,
		.note = note,
		.wall = clock_wall(loop_clock(engine->setup.loop)),
	};
	attempt->task.answered(&attempt->task, &given);
}

/* Opens a question. True when it has been answered at once: by flag, or because nobody can. */
bool ask_open(struct engine *engine, const char *ask, const struct plan_node *node,
	      const struct question *question, struct arena *arena)
{
	struct event_builder event;
	struct value by = strings_value(question->by, arena);
	int32_t slot = node ? node->slot : -1;
	event_of(engine, &event, EVENT_ASK_OPENED, node, 0);
	event_set(&event, "ask", value_cstring(ask));
	event_set(&event, "kind", value_cstring(question->kind));
	event_set(&event, "text", value_cstring(question->text));
	if (question->name)
		event_set(&event, "name", value_cstring(question->name));
	if (question->show)
		event_set(&event, "show", value_cstring(question->show));
	if (question->by.count)
		event_set(&event, "by", by);
	if (question->must_type)
		event_set(&event, "must_type", value_cstring(question->must_type));
	if (question->evidence)
		event_set(&event, "evidence", value_cstring(question->evidence));
	engine_append(engine, &event);
	struct at_once at_once = answer_by_flag(engine, ask, by, question, arena);
	if (!at_once.answer && !engine->setup.interactive &&
	    engine->state.phase == RUN_ROLLING_BACK)
		at_once = answer_of_nobody(engine, ask, node, arena);
	if (at_once.answer) {
		ask_put_answer(engine, ask, slot, at_once.answer, at_once.how, at_once.note);
		deliver(engine, slot, at_once.answer, at_once.how, at_once.note);
		return true;
	}
	if (!engine->setup.interactive)
		engine->parked = true;
	return false;
}

/* The gate before a destructive step: true when it is open. */
bool gate_open(struct engine *engine, const struct plan_node *node, const struct question *question)
{
	const char *ask = node->label ? node->label : node->path;
	const struct ask_state *state = state_ask(&engine->state, ask);
	if (!state)
		ask_open(engine, ask, node, question, &engine->tick);
	state = state_ask(&engine->state, ask);
	if (!state || !state->answered)
		return false;
	if (strcmp(state->answer, "yes") == 0)
		return true;
	const struct failure failure = {
		.class = "rejected",
		.message = state->how && strcmp(state->how, "nobody") == 0
				   ? state->note
				   : arena_format(&engine->tick, "refused by %s",
						  state->by ? state->by : "nobody"),
	};
	step_fail(engine, node, 0, &failure);
	return false;
}

enum answer_result run_answer(struct engine *engine, const char *ask, const char *answer,
			      const char *how, const char *note)
{
	const struct ask_state *state = state_ask(&engine->state, ask);
	if (!state || state->answered)
		return ANSWER_LATE;
	if (!may_answer(engine, state->who))
		return ANSWER_NOT_YOURS;
	int32_t slot = state->slot;
	if (strcmp(answer, "abort") == 0) /* in a rollback only a second signal stops what comes
					     next */
		engine->stops = engine->state.phase == RUN_ROLLING_BACK ? 2 : 1;
	ask_put_answer(engine, ask, slot, answer, how, note);
	deliver(engine, slot, answer, how, note);
	return ANSWER_TAKEN;
}
