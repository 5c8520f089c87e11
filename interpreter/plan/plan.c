/* Making a plan: the order in which everything is read, compiled and checked. */

#include "base/file.h"
#include "plan/internal.h"

static void planner_init(struct planner *planner, struct plan *plan,
			 const struct plan_reader *reader, struct arena *arena, struct diags *diags)
{
	*planner =
		(struct planner){ .plan = plan, .reader = reader, .arena = arena, .diags = diags };
	map_init(&planner->documents, arena);
	map_init(&planner->libraries, arena);
	map_init(&planner->step_types, arena);
}

/* ---- the document's own keys --------------------------------------------------------------- */

static void nodes_compile(struct planner *planner)
{
	for (size_t i = 0; i < planner->nodes.count; i++)
		compile_step(planner, planner->nodes.at[i]);
}

static void runbook_expand(struct planner *planner, const struct document *document)
{
	struct plan *plan = planner->plan;
	struct chain link = { NULL, document->source->name, document, { 0 } };
	struct namespace *namespace = namespace_of_runbook(planner, document, SCOPE_DOCUMENT, NULL,
							   &link);
	struct room room = { .namespace = namespace,
			     .parent = PLAN_NONE,
			     .effect_owner = PLAN_NONE,
			     .path = "",
			     .chain = &link };
	lock_read(planner, namespace, document);
	plan->timeout = document->timeout;
	expand_runbook(planner, &room, namespace, plan->sections);
	for (size_t i = 0; i < planner->namespaces.count; i++)
		last_types(planner, planner->namespaces.at[i]);
	nodes_compile(planner);
	namespace->scope.outputs = namespace_outputs(planner, namespace, document->outputs);
	for (size_t i = 0; i < planner->namespaces.count; i++)
		if (planner->namespaces.at[i]->scope.kind != SCOPE_LIBRARY)
			rollback_read(planner, planner->namespaces.at[i]);
}

/* ---- freezing ------------------------------------------------------------------------------ */

/* The order of the documents is that in which they are read, which their texts decide. */
struct plan_digest plan_digest(const struct plan *plan, struct arena *arena)
{
	struct plan_digest digest = {
		.documents = arena_alloc_array(arena, plan->document_count, SHA256_HEX),
	};
	struct sha256 sha256;
	uint8_t bytes[SHA256_SIZE];
	sha256_init(&sha256);
	sha256_add(&sha256, RUNBOOK_VERSION, sizeof(RUNBOOK_VERSION));
	for (size_t i = 0; i < plan->document_count; i++) {
		sha256_text(plan->documents[i]->text, digest.documents[i]);
		sha256_add(&sha256, digest.documents[i], SHA256_HEX);
	}
	sha256_end(&sha256, bytes);
	sha256_hex(bytes, digest.plan);
	return digest;
}

static void siblings_link(struct planner *planner, struct plan_node *node)
{
	for (int32_t at = node->child; at != PLAN_NONE; at = planner->nodes.at[at]->node.next) {
		planner->nodes.at[at]->node.prev = node->last;
		node->last = at;
	}
}

static void nodes_link(struct planner *planner)
{
	for (size_t i = 0; i < planner->nodes.count; i++)
		siblings_link(planner, &planner->nodes.at[i]->node);
}

static void plan_freeze(struct planner *planner)
{
	struct plan *plan = planner->plan;
	const struct plan_node **nodes = arena_array(planner->arena, const struct plan_node *,
						     planner->nodes.count);
	steps_label(planner);
	for (size_t i = 0; i < planner->nodes.count; i++) {
		nodes[i] = &planner->nodes.at[i]->node;
		plan->step_count += nodes[i]->kind == PLAN_STEP && !nodes[i]->previews;
	}
	plan->nodes = nodes;
	plan->node_count = planner->nodes.count;
	plan->documents = planner->sources.at;
	plan->document_count = planner->sources.count;
	plan->programs = (struct strings){ planner->programs.count, planner->programs.at };
	plan->locks = planner->locks.at;
	plan->lock_scopes = planner->lock_scopes.at;
	plan->lock_count = planner->locks.count;
	plan->rollback.checks = planner->rollback_checks.at;
	plan->rollback.check_count = planner->rollback_checks.count;
	*list_add(&planner->drivers, planner->arena) = NULL;
	plan->drivers = planner->drivers.at;
}

/* The scopes are final before references are looked at: they are found by index. */
static void scopes_freeze(struct planner *planner)
{
	const struct plan_scope **scopes = arena_array(planner->arena, const struct plan_scope *,
						       planner->namespaces.count);
	for (size_t i = 0; i < planner->namespaces.count; i++)
		scopes[i] = &planner->namespaces.at[i]->scope;
	planner->plan->scopes = scopes;
	planner->plan->scope_count = planner->namespaces.count;
}

static void document_describe(struct plan *plan, const struct document *document,
			      struct planner *planner)
{
	plan->path = document->source->path ? document->source->path : document->source->name;
	plan->folder = document->folder;
	plan->title = document->name;
	plan->description = document->description;
	plan->owner = document->owner;
	(void)planner;
}

const struct plan *plan_make(const char *name, const struct plan_reader *reader,
			     struct arena *arena, struct diags *diags)
{
	struct plan *plan = arena_new(arena, struct plan);
	struct planner planner;
	unsigned errors = diags->errors;
	planner_init(&planner, plan, reader, arena, diags);
	plan->name = name;
	for (int i = 0; i < SECTION_COUNT; i++)
		plan->sections[i] = PLAN_NONE;
	const char *real = file_real(name, arena);
	planner.project = plan_project(file_dirname(real ? real : name, arena), arena);
	struct document *document = document_open(
		&planner,
		&(struct source_file){ .name = reader->typed ? reader->typed : name, .path = name },
		DOCUMENT_ANY);
	if (!document)
		return NULL;
	document_describe(plan, document, &planner);
	if (document->kind == DOCUMENT_RUNBOOK)
		runbook_expand(&planner, document);
	else if (document->kind == DOCUMENT_LIBRARY)
		library_check(&planner, document);
	else
		namespace_of_runbook(&planner, document, SCOPE_DOCUMENT, NULL, NULL);
	if (document->kind != DOCUMENT_RUNBOOK)
		nodes_compile(&planner);
	scopes_freeze(&planner);
	nodes_link(&planner);
	if (diags->errors == errors) {
		secrecy_check(&planner);
		effects_find(&planner);
		timeouts_check(&planner, document);
		if (graph_read(&planner)) {
			references_check(&planner);
			unused_check(&planner, document);
			rollback_check(&planner, document);
		}
	} else {
		graph_read(&planner); /* needs go by ids, which are known whatever else is wrong */
	}
	if (diags->errors != errors)
		return NULL;
	plan_freeze(&planner);
	return plan;
}
