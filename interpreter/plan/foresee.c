/* What is known of a plan before it runs: the values of its scopes as far as they are known, what
 * becomes of each step, and what is wrong with those whose values are known. */

#include "plan/foresee.h"
#include "base/file.h"
#include "base/list.h"

struct foreseen *seen(struct foresight *foresight, const struct plan_node *node)
{
	return &foresight->at[node->slot];
}

static struct expr_scope names_of(const struct foresight *foresight, const struct plan_scope *scope)
{
	return instance_scope(&foresight->instances.at[scope->index], &foresight->instances);
}

/* ---- complaints ---------------------------------------------------------------------------- */

static const char *way_out(const struct failure *failure)
{
	if (failure->hint)
		return failure->hint;
	if (strcmp(failure->class, "program") == 0)
		return "Install it, or mend PATH; where an earlier step installs it, write its "
		       "whole path.";
	return strcmp(failure->class, "not_found") == 0
		       ? "Mend the path, or let an earlier step make it."
		       : "Give another value, or keep the step from running by its 'when'.";
}

/* An error where the run must come to it, else a warning. */
static void complain(struct foresight *foresight, const struct foreseen *step,
		     const struct failure *failure)
{
	struct diags *diags = foresight->diags;
	bool sure = !step || (step->fate == FATE_BEGINS && !step->tolerated);
	if (strcmp(failure->class, "not_found") == 0 && foresight->changed)
		sure = false;
	if (sure)
		diag_at(diags, failure->span, failure_code(failure), "%s", failure->message);
	else
		diag_at(diags, failure->span, RB0510, "when it runs: %s", failure->message);
	diag_hint(diags, "%s", way_out(failure));
}

void tell(void *data, const struct failure *failure)
{
	const struct teller *teller = data;
	struct foresight *foresight = teller->foresight;
	struct failure told = *failure;
	struct foreseen *step = teller->node ? seen(foresight, teller->node) : NULL;
	if (!told.span.source && teller->node)
		told.span = teller->node->span;
	complain(foresight, step, &told);
	if (step)
		*list_add(&step->failures, foresight->arena) = told;
}

/* ---- values -------------------------------------------------------------------------------- */

/* steps.ID.FIELD before the run: unknown, known after that step. */
struct unknown_step {
	const struct foresight *foresight;
	const struct plan_node *node;
	const char *id;
	const struct type *type; /* of its fields */
};

static bool always_there(struct text key)
{
	static const char *const names[] = { "status", "ok", "attempts", "started_at", "duration" };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_is(key, names[i]))
			return true;
	return false;
}

static bool unknown_field(const struct value_object *object, struct text key, struct arena *arena,
			  struct value *out)
{
	const struct unknown_step *step = object->data;
	if (step->foresight->at[step->node->slot].fate == FATE_SKIPPED && !always_there(key))
		return false;
	const struct type_field *field = type_object_get(step->type, key);
	bool typed = field && field->type->kind != TYPE_DYN;
	*out = value_unknown(arena_format(arena, "steps.%s.%.*s%s%s, known after %s", step->id,
					  TEXT_ARG(key), typed ? ": " : "",
					  typed ? type_name(field->type, arena) : "",
					  step->node->path),
			     arena);
	return true;
}

static bool no_key(const struct value_object *object, size_t index, struct text *key)
{
	(void)object;
	(void)index;
	(void)key;
	return false;
}

static const struct value_object_class unknown_step_class = { unknown_field, no_key };

struct unknown_steps {
	const struct foresight *foresight;
	const struct plan_scope *scope;
};

static bool unknown_step_get(const struct value_object *object, struct text key,
			     struct arena *arena, struct value *out)
{
	const struct unknown_steps *steps = object->data;
	const struct plan_node *node = map_get(steps->scope->ids, key);
	if (!node)
		return false;
	node = steps->foresight->plan->nodes[plan_seen(steps->scope, node->slot)];
	const struct type_field *all = type_object_get(steps->scope->names->names, TEXT("steps"));
	const struct type_field *field = type_object_get(all->type, key);
	struct unknown_step *step = arena_new(arena, struct unknown_step);
	*step = (struct unknown_step){ steps->foresight, node, arena_text(arena, key).ptr,
				       field ? field->type : NULL };
	*out = value_object(&unknown_step_class, step, arena);
	return true;
}

static const struct value_object_class unknown_steps_class = { unknown_step_get, no_key };

static struct instance *instance_fill(struct foresight *foresight, const struct plan_scope *scope)
{
	struct instance *instance = &foresight->instances.at[scope->index];
	struct arena *arena = foresight->arena;
	struct unknown_steps *steps = arena_new(arena, struct unknown_steps);
	*steps = (struct unknown_steps){ foresight, scope };
	instance->scope = scope;
	instance->names[NAME_STEPS] = value_object(&unknown_steps_class, steps, arena);
	instance->names[NAME_RUN] = foreseen_run(scope, foresight->known.last, arena);
	instance->names[NAME_NOW] = value_unknown("now: timestamp, known in the run", arena);
	instance->names[NAME_ERROR] = value_unknown("error, known in the run", arena);
	instance->names[NAME_VARS] = instance->names[NAME_ENV] = value_unknown("known in the run",
									       arena);
	instance->names[NAME_ITEM] = value_unknown("item, known in the run", arena);
	instance->names[NAME_INDEX] = value_unknown("index: int, known in the run", arena);
	return instance;
}

/* defaults of a document that does not say them are zero. */
static void defaults_see(struct teller *teller, const struct plan_scope *scope, const char **cwd)
{
	struct foresight *foresight = teller->foresight;
	struct scope_defaults defaults;
	struct expr_scope names = names_of(foresight, scope);
	if (!scope->defaults)
		return;
	field_rehearse(scope->defaults, &names, foresight->arena, &defaults, tell, teller);
	if (field_node(scope->defaults, "cwd"))
		*cwd = defaults.cwd
			       ? file_join(foresight->plan->folder, defaults.cwd, foresight->arena)
			       : NULL;
}

static void document_open_names(struct foresight *foresight)
{
	const struct plan_scope *scope = foresight->plan->scopes[0];
	struct teller teller = { foresight, NULL };
	struct value_map_builder map;
	struct failure failure;
	struct instance *instance = instance_fill(foresight, scope);
	value_map_init(&map, foresight->arena);
	for (size_t i = 0; i < scope->input_count; i++)
		value_map_set(&map, scope->inputs[i].name, foresight->known.inputs[i]);
	instance->names[NAME_INPUTS] = value_map_end(&map);
	foresight->instances.wrong_data = &teller;
	instance_compute(&foresight->instances, instance, foresight->arena, &failure);
}

static void use_open_names(struct teller *teller, const struct plan_scope *scope)
{
	struct foresight *foresight = teller->foresight;
	struct failure failure;
	struct instance *instance = instance_fill(foresight, scope);
	instance->names[NAME_INPUTS] = value_unknown("inputs, known in the run", foresight->arena);
	foresight->instances.wrong_data = teller;
	instance_open(&foresight->instances, instance, foresight->arena, &failure);
}

/* ---- a step -------------------------------------------------------------------------------- */

/* Decides the condition. One that fails is told; what it stands before is open then. */
static enum fate fate_of(struct teller *teller, const struct expr_scope *names, enum fate around)
{
	const struct plan_node *node = teller->node;
	if (node->left_out || !node->when)
		return node->left_out ? FATE_SKIPPED : around;
	struct value value = expr_eval(node->when, names, teller->foresight->arena);
	if (value_is(value, VALUE_BOOL))
		return value.boolean ? around : FATE_SKIPPED;
	if (value_is(value, VALUE_ERROR)) {
		struct failure failure = failure_of(node->when, value);
		tell(teller, &failure);
	}
	return FATE_OPEN;
}

static void keys_see(struct teller *teller, const struct expr_scope *names)
{
	struct foreseen *step = seen(teller->foresight, teller->node);
	struct arena *arena = teller->foresight->arena;
	const struct bound *bound = teller->node->keys;
	struct step_keys keys;
	if (!bound)
		return;
	field_rehearse(bound, names, arena, &keys, tell, teller);
	const struct node *cwd = field_node(bound, "cwd");
	if (!cwd)
		return;
	step->cwd = keys.cwd && step->cwd ? file_join(step->cwd, keys.cwd, arena) : NULL;
	path_see(teller, "folder", step->cwd, "cwd", cwd->span);
}

static void args_see(struct teller *teller, const struct expr_scope *names)
{
	const struct plan_node *node = teller->node;
	struct arena *arena = teller->foresight->arena;
	if (!node->args)
		return;
	void *args = arena_alloc(arena, node->type->size ? node->type->size : 1);
	field_rehearse(node->args, names, arena, args, tell, teller);
	files_see(teller, args);
	if (teller->foresight->known.here)
		programs_see(teller, names);
}

static void effect_see(struct teller *teller)
{
	const struct plan_node *node = teller->node;
	struct foresight *foresight = teller->foresight;
	enum effect effect = (enum effect)node->effect;
	struct failure failure;
	if (node->effect_text) {
		struct expr_scope names = names_of(foresight, node->effect_scope);
		if (!plan_effect(node, &names, foresight->arena, &effect, &failure) &&
		    !failure.unknown)
			tell(teller, &failure);
	}
	foresight->changed |= node->kind == PLAN_STEP && effect >= EFFECT_WRITE;
}

static void retry_see(struct teller *teller, const struct expr_scope *names)
{
	const struct plan_retry *retry = teller->node->retry;
	struct retry_limits limits;
	struct failure failure;
	if (retry &&
	    !plan_retry_limits(retry, names, teller->foresight->arena, &limits, &failure) &&
	    !failure.unknown)
		tell(teller, &failure);
}

/* ---- the walk ------------------------------------------------------------------------------ */

static void skip(struct foresight *foresight, const struct plan_node *node)
{
	seen(foresight, node)->fate = FATE_SKIPPED;
	for (int32_t at = node->child; at != PLAN_NONE; at = foresight->plan->nodes[at]->next)
		skip(foresight, foresight->plan->nodes[at]);
}

static void see_children(struct foresight *foresight, const struct plan_node *node);
static void see(struct foresight *foresight, const struct plan_node *node,
		const struct foreseen *around);

/* ---- rounds -------------------------------------------------------------------------------- */

#define ROUNDS_SEEN 20 /* of more, and of those that nobody knows, the pattern is looked at */

/* The names of the rounds; those of their library steps and calls are opened by these. */
static void rounds_bind(struct foresight *foresight, size_t from, struct value items)
{
	for (size_t i = from; i < foresight->plan->scope_count; i++) {
		const struct plan_scope *scope = foresight->plan->scopes[i];
		const struct plan_round *round = scope->round;
		struct instance *instance = &foresight->instances.at[i];
		if (!round->around)
			continue;
		struct value steps = instance_fill(foresight, scope)->names[NAME_STEPS];
		*instance = foresight->instances.at[round->of->index];
		instance->scope = scope;
		instance->names[NAME_STEPS] = steps;
		instance->names[NAME_INDEX] = value_int(round->index);
		instance->names[NAME_ITEM] = value_item(items, (size_t)round->index);
	}
}

static void unroll(struct foresight *foresight, const struct plan_node *node, struct value items)
{
	size_t nodes = foresight->own.node_count, scopes = foresight->own.scope_count;
	plan_unroll(&foresight->own, node->slot, value_count(items), foresight->arena);
	struct foreseen *at = arena_array(foresight->arena, struct foreseen,
					  foresight->own.node_count);
	struct instance *instances = arena_array(foresight->arena, struct instance,
						 foresight->own.scope_count);
	memcpy(at, foresight->at, nodes * sizeof(*at));
	memcpy(instances, foresight->instances.at, scopes * sizeof(*instances));
	foresight->at = at;
	foresight->instances.at = instances;
	foresight->instances.count = foresight->own.scope_count;
	rounds_bind(foresight, scopes, items);
}

static void see_loop(struct teller *teller, const struct expr_scope *names)
{
	struct foresight *foresight = teller->foresight;
	const struct plan_node *node = teller->node;
	const struct plan_loop *loop = node->loop;
	const struct expr *at = loop->items;
	struct value items = loop->items
				     ? expr_eval(loop->items, names, foresight->arena)
				     : field_value_eval(loop->listed, names, foresight->arena, &at);
	if (value_is(items, VALUE_ERROR) && at) {
		struct failure failure = failure_of(at, items);
		tell(teller, &failure);
	}
	if (value_is(items, VALUE_LIST) && value_count(items) <= ROUNDS_SEEN &&
	    plan_has_room(foresight->plan, node->slot, value_count(items))) {
		unroll(foresight, node, items);
		seen(foresight, node)->unrolled = true;
		see_children(foresight, foresight->plan->nodes[node->slot]);
		return;
	}
	struct foreseen around = *seen(foresight, node);
	around.fate = around.fate == FATE_SKIPPED ? FATE_SKIPPED : FATE_OPEN;
	see(foresight, foresight->plan->nodes[node->slot + 1], &around);
}

/* Whether the run goes on when it fails. A done_when that could not look fails its step. */
static bool is_tolerated(const struct plan *plan, const struct plan_node *node)
{
	bool looks = node->parent != PLAN_NONE &&
		     plan->nodes[node->parent]->done_when == node->slot;
	return node->on_failure == ON_FAILURE_CONTINUE && !looks;
}

static void see(struct foresight *foresight, const struct plan_node *node,
		const struct foreseen *around)
{
	struct teller teller = { foresight, node };
	struct foreseen *step = seen(foresight, node);
	struct expr_scope names = names_of(foresight, node->scope);
	*step = (struct foreseen){ .fate = around->fate,
				   .tolerated = around->tolerated ||
						is_tolerated(foresight->plan, node),
				   .cwd = around->cwd };
	enum fate fate = fate_of(&teller, &names, around->fate);
	if (fate == FATE_SKIPPED) {
		skip(foresight, node);
		return;
	}
	step->fate = fate;
	foresight->changed |= node->by_needs; /* what stands behind it may run before it */
	if (node->kind == PLAN_LOOP) {
		see_loop(&teller, &names);
		return;
	}
	keys_see(&teller, &names);
	if (node->inner) {
		use_open_names(&teller, node->inner);
		defaults_see(&teller, node->inner, &step->cwd);
	}
	if (node->kind == PLAN_STEP)
		args_see(&teller, &names);
	effect_see(&teller);
	retry_see(&teller, &names);
	if (node->done_when != PLAN_NONE)
		see(foresight, foresight->plan->nodes[node->done_when], step);
	if (node->undo != PLAN_NONE)
		*list_add(&foresight->undos, foresight->arena) = node;
	see_children(foresight, node);
}

static void see_children(struct foresight *foresight, const struct plan_node *node)
{
	const struct foreseen around = *seen(foresight, node);
	for (int32_t at = node->child; at != PLAN_NONE; at = foresight->plan->nodes[at]->next)
		see(foresight, foresight->plan->nodes[at], &around);
}

static void see_section(struct foresight *foresight, enum section section,
			const struct foreseen *around)
{
	int32_t slot = foresight->plan->sections[section];
	if (slot != PLAN_NONE)
		see(foresight, foresight->plan->nodes[slot], around);
}

/* An undo sees every name: it is looked at once all steps have been. It is needed only on a bad
 * day, which is no day to find a mistake in it. */
static void see_undos(struct foresight *foresight)
{
	for (size_t i = 0; i < foresight->undos.count; i++) {
		const struct plan_node *node = foresight->undos.at[i];
		struct foreseen around = *seen(foresight, node);
		around.tolerated = false;
		see(foresight, foresight->plan->nodes[node->undo], &around);
	}
}

/* Preconditions of the rollback, of the document and of the calls in it. */
static void see_checks(struct foresight *foresight, const struct foreseen *document)
{
	const struct plan *plan = foresight->plan;
	for (size_t i = 0; i < plan->rollback.check_count; i++) {
		const struct plan_node *section = plan->nodes[plan->rollback.checks[i]];
		const struct foreseen *around = section->parent == PLAN_NONE
							? document
							: &foresight->at[section->parent];
		if (around->fate != FATE_SKIPPED &&
		    foresight->instances.at[section->scope->index].scope)
			see(foresight, section, around);
	}
}

/* The environment of the rollback, and what the names of locks are made of. */
static void see_rest(struct foresight *foresight)
{
	const struct plan *plan = foresight->plan;
	struct teller teller = { foresight, NULL };
	struct scope_env env;
	for (size_t i = 0; i < plan->scope_count; i++) {
		struct expr_scope names = names_of(foresight, plan->scopes[i]);
		if (foresight->instances.at[i].scope && plan->scopes[i]->rollback_env)
			field_rehearse(plan->scopes[i]->rollback_env, &names, foresight->arena,
				       &env, tell, &teller);
	}
	for (size_t i = 0; i < plan->lock_count; i++) {
		const struct expr *at = NULL;
		struct expr_scope names = names_of(foresight, plan->lock_scopes[i]);
		if (!foresight->instances.at[plan->lock_scopes[i]->index].scope)
			continue;
		struct value value = template_eval(plan->locks[i], &names, foresight->arena, &at);
		if (value_is(value, VALUE_ERROR) && at) {
			struct failure failure = failure_of(at, value);
			tell(&teller, &failure);
		}
	}
}

struct foresight *foresee(const struct plan *plan, const struct foreknown *known,
			  struct arena *arena, struct diags *diags)
{
	struct foresight *foresight = arena_new(arena, struct foresight);
	struct foreseen document = { .fate = FATE_BEGINS, .cwd = plan->folder };
	*foresight = (struct foresight){
		.own = *plan,
		.plan = &foresight->own,
		.known = *known,
		.arena = arena,
		.diags = diags,
		.instances = { .at = arena_array(arena, struct instance, plan->scope_count),
			       .count = plan->scope_count,
			       .wrong = tell },
		.at = arena_array(arena, struct foreseen, plan->node_count),
	};
	struct teller teller = { foresight, NULL };
	document_open_names(foresight);
	defaults_see(&teller, plan->scopes[0], &document.cwd);
	see_section(foresight, SECTION_PRECONDITIONS, &document);
	see_section(foresight, SECTION_STEPS, &document);
	see_section(foresight, SECTION_VERIFY, &document);
	see_undos(foresight);
	see_checks(foresight, &document);
	see_section(foresight, SECTION_ROLLBACK, &document);
	see_section(foresight, SECTION_FINALLY, &document);
	see_rest(foresight);
	return foresight;
}
