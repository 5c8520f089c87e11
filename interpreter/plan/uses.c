/* Library steps and calls: a runbook's or a library's steps inlined under a name of their own, in
 * a namespace of their own. One mechanism for both. */

#include "plan/internal.h"

/* ---- what a use gives ---------------------------------------------------------------------- */

static void give(struct planner *planner, struct namespace *inner, const struct namespace *user,
		 const struct node *key, const struct node *value)
{
	const struct input *input = input_find(inner->scope.inputs, inner->scope.input_count,
					       key->text);
	if (!input && !inner->inputs->object->closed)
		return; /* the fragment that could not be read may have it */
	if (!input) {
		input_unknown(planner, key, inner->scope.inputs, inner->scope.input_count,
			      inner->scope.document);
		return;
	}
	if (input->rollback) {
		diag_at(planner->diags, key->span, RB0210, "'%s' of '%s' is given to a rollback",
			input->name, inner->scope.document);
		diag_hint(planner->diags,
			  "A call does not give it; in the caller's rollback it has "
			  "its default.");
		return;
	}
	size_t index = (size_t)(input - inner->scope.inputs);
	for (size_t i = 0; i < inner->withs.count; i++)
		if (inner->withs.at[i].input == index) { /* the use again, over the import */
			inner->withs.at[i].node = value;
			inner->withs.at[i].scope = user ? &user->scope : NULL;
			return;
		}
	*list_add(&inner->withs, planner->arena) = (struct plan_with){
		.input = index, .node = value, .scope = user ? &user->scope : NULL
	};
}

static void give_all(struct planner *planner, struct namespace *inner, const struct namespace *user,
		     const struct node *with)
{
	if (!with)
		return;
	if (!kind_check(planner, with, NODE_MAP, "with", "{INPUT: VALUE}"))
		return;
	for (uint32_t i = 0; i < with->count; i++)
		give(planner, inner, user, &with->entries[i].key, &with->entries[i].value);
}

static bool fragment_shared(const struct namespace *namespace, const char *fragment)
{
	for (const char *const *at = namespace->fragments; at && *at; at++)
		if (strcmp(*at, fragment) == 0)
			return true;
	return false;
}

/* The namespace around that resolves an input's fragment; then its value is passed on. */
static bool input_passed_on(const struct planner *planner, const struct namespace *inner,
			    const struct input *input)
{
	if (!input->fragment || inner->scope.kind != SCOPE_CALL)
		return false;
	for (const struct plan_scope *scope = inner->scope.outer; scope; scope = scope->outer)
		if (fragment_shared(planner->namespaces.at[scope->index], input->fragment))
			return true;
	return false;
}

static void inputs_required(struct planner *planner, const struct namespace *inner,
			    struct span span)
{
	for (size_t i = 0; i < inner->scope.input_count; i++) {
		const struct input *input = &inner->scope.inputs[i];
		bool given = input->dflt || input->env || input_passed_on(planner, inner, input);
		for (size_t k = 0; k < inner->withs.count; k++)
			given = given || inner->withs.at[k].input == i;
		if (given)
			continue;
		diag_at(planner->diags, span, RB0218, "input '%s' of '%s' is not given",
			input->name, inner->scope.document);
		diag_note(planner->diags, input->span, "declared here");
		diag_hint(planner->diags,
			  inner->scope.kind == SCOPE_CALL
				  ? "Give it with 'with: {%s: ...}'."
				  : "Give it beside the step, or where the library is imported: "
				    "'with: {%s: ...}'.",
			  input->name);
	}
}

/* ---- library steps ------------------------------------------------------------------------- */

static const struct output *outputs_of_last(const struct planner *planner,
					    const struct step_build *step)
{
	int32_t last = PLAN_NONE;
	for (int32_t at = step->node.child; at != PLAN_NONE; at = planner->nodes.at[at]->node.next)
		last = at;
	return last == PLAN_NONE ? NULL : planner->nodes.at[last]->node.outputs;
}

/* A text where the step has no input that it could fill: the map to write, with what it requires,
 * else with its first input. */
static void map_wanted(struct planner *planner, const struct step_build *step,
		       const struct node *value)
{
	const struct inputs *inputs = &step->library->inputs;
	struct text verb = step->verb->key.text;
	struct buffer map;
	buffer_init(&map, planner->arena);
	for (size_t i = 0; i < inputs->count; i++)
		if (!inputs->at[i].dflt && !inputs->at[i].env)
			buffer_printf(&map, "%s%s: VALUE", map.len ? ", " : "", inputs->at[i].name);
	if (!map.len && inputs->count > 0)
		buffer_printf(&map, "%s: VALUE", inputs->at[0].name);
	diag_at(planner->diags, value->span, RB0102, "'%.*s': expected map; found %s",
		TEXT_ARG(verb), node_kind_name(value));
	diag_note(planner->diags, step->library->span, "it names no 'main' input for a text");
	diag_hint(planner->diags, "Write: %.*s: {%s}", TEXT_ARG(verb), buffer_string(&map));
}

/* False after a complaint. */
static bool library_with(struct planner *planner, struct step_build *step)
{
	const struct node *value = step->verb ? &step->verb->value : NULL;
	const struct library_step *library = step->library;
	const struct namespace *user = step->room.namespace;
	give_all(planner, step->inner, step->use->importer, step->use->with);
	if (!value)
		return true;
	if (value->kind == NODE_MAP) {
		give_all(planner, step->inner, user, value);
		return true;
	}
	if (!library->main && !node_is_empty(value)) {
		map_wanted(planner, step, value);
		return false;
	}
	if (library->main) {
		struct node key = node_scalar(text_of(library->main), value->span);
		give(planner, step->inner, user, &key, value);
	}
	for (uint32_t i = 0; i < step->node.node->count; i++) {
		const struct entry *entry = &step->node.node->entries[i];
		if (entry != step->verb && !step_is_key(entry->key.text) &&
		    input_find(library->inputs.at, library->inputs.count, entry->key.text))
			give(planner, step->inner, user, &entry->key, &entry->value);
	}
	return true;
}

void expand_library(struct planner *planner, struct step_build *step)
{
	const struct library_step *library = step->library;
	struct span span = step->verb ? step->verb->key.span : library->span;
	if (chain_holds(planner, step->room.chain, library, span, library->name))
		return;
	struct chain link = { step->room.chain, library->name, library, span };
	struct namespace *inner = namespace_new(planner, SCOPE_LIBRARY, step->room.namespace,
						step->use->library->document);
	step->inner = inner;
	inner->uses = step->use->library->uses;
	inner->lacks_verbs = step->use->library->lacks_verbs;
	inner->scope.node = step->node.slot;
	namespace_inputs(planner, inner, &library->inputs);
	if (library_with(planner, step) && step->verb)
		inputs_required(planner, inner, span);
	struct room room = step->room;
	room.namespace = inner;
	room.parent = step->node.slot;
	room.path = step->node.path;
	room.conditional = step->node.conditional;
	room.chain = &link;
	if (library->effect || node_get(step->node.node, "effect"))
		room.effect_owner = room.effect_owner == PLAN_NONE ? step->node.slot
								   : room.effect_owner;
	int32_t body = expand_list(planner, &room, PLAN_SECTION, library->steps, library->span);
	/* The list's own head is the library step itself. */
	step->node.child = planner->nodes.at[body]->node.child;
	for (int32_t at = step->node.child; at != PLAN_NONE; at = planner->nodes.at[at]->node.next)
		planner->nodes.at[at]->node.parent = step->node.slot;
	step->node.inner = &inner->scope;
	step->node.computed = namespace_outputs(planner, inner, library->outputs);
	step->node.outputs = step->node.computed ? outputs_declared(planner, step->node.computed)
						 : outputs_of_last(planner, step);
}

/* ---- calls --------------------------------------------------------------------------------- */

static void expand_call_undo(struct planner *planner, struct step_build *step,
			     const int32_t sections[SECTION_COUNT])
{
	if (sections[SECTION_ROLLBACK] == PLAN_NONE)
		return;
	struct room room = step->room;
	room.parent = step->node.slot;
	struct step_build *undo = step_new(planner, &room, PLAN_UNDO, step->node.node);
	undo->node.title = "undo";
	undo->node.path = arena_format(planner->arena, "%s.undo", step->node.path);
	undo->node.child = sections[SECTION_ROLLBACK];
	planner->nodes.at[sections[SECTION_ROLLBACK]]->node.parent = undo->node.slot;
	step->node.undo = undo->node.slot;
	step->node.undo_any = true;
}

static void expand_called(struct planner *planner, struct step_build *step,
			  const struct document *document, const struct node *with,
			  const struct chain *chain)
{
	struct namespace *inner = namespace_of_runbook(planner, document, SCOPE_CALL,
						       step->room.namespace, chain);
	step->inner = inner;
	inner->scope.node = step->node.slot;
	step->node.inner = &inner->scope;
	give_all(planner, inner, step->room.namespace, with);
	inputs_required(planner, inner, step->verb->value.span);
	lock_read(planner, inner, document);
	struct room room = step->room;
	room.parent = step->node.slot;
	room.path = step->node.path;
	room.conditional = step->node.conditional;
	room.chain = chain;
	int32_t sections[SECTION_COUNT];
	expand_runbook(planner, &room, inner, sections);
	int32_t *link = &step->node.child;
	for (int i = 0; i < SECTION_COUNT; i++) {
		if (sections[i] == PLAN_NONE || i == SECTION_ROLLBACK ||
		    i == SECTION_ROLLBACK_PRECONDITIONS)
			continue;
		*link = sections[i];
		link = &planner->nodes.at[sections[i]]->node.next;
	}
	expand_call_undo(planner, step, sections);
	inner->scope.outputs = namespace_outputs(planner, inner, document->outputs);
	step->node.computed = inner->scope.outputs;
	if (step->node.computed)
		step->node.outputs = outputs_declared(planner, step->node.computed);
}

void expand_call(struct planner *planner, struct step_build *step)
{
	const struct node *value = &step->verb->value;
	const struct node *runbook = value->kind == NODE_MAP ? node_get(value, "runbook") : value;
	const struct node *with = node_get(value->kind == NODE_MAP ? value : step->node.node,
					   "with");
	if (!runbook) {
		diag_at(planner->diags, value->span, RB0204, "the call names no runbook");
		diag_hint(planner->diags, "Write: call: ./deploy.yaml");
		return;
	}
	const struct document *document = document_near(planner, step->room.namespace->document,
							runbook, DOCUMENT_RUNBOOK);
	if (!document ||
	    chain_holds(planner, step->room.chain, document, runbook->span, document->source->name))
		return;
	struct chain link = { step->room.chain, document->source->name, document, runbook->span };
	expand_called(planner, step, document, with, &link);
}
