/* Libraries: imports under their names, and the steps that each declares. */

#include "plan/internal.h"

struct import {
	const char *library;
	const char *as;
	const struct node *with;
};

const struct field import_rows[] = {
	STRING(struct import, library, .flags = FIELD_LITERAL | FIELD_REQUIRED,
	       .doc = "std/NAME, or a path beginning with './'."),
	STRING(struct import, as, .flags = FIELD_LITERAL,
	       .doc = "Another name for it in this document."),
	NODE(struct import, with, .form = "map of inputs to values",
	     .doc = "Values for the library's inputs."),
	{ 0 },
};

const struct field library_step_rows[] = {
	STRING(struct library_step, description, .flags = FIELD_LITERAL,
	       .doc = "What the step does."),
	STRING(struct library_step, main, .flags = FIELD_LITERAL,
	       .doc = "The input that the scalar form fills."),
	FIELD_AS(FIELD_NODE, const struct node *, struct library_step, inputs_node, "inputs",
		 .form = "map of names to inputs", .doc = "What a use gives it."),
	NODE(struct library_step, effect, .choices = effect_names,
	     .doc = "none, read, write or destructive; may use the inputs."),
	NODE(struct library_step, steps, .form = "list of steps", .flags = FIELD_REQUIRED,
	     .doc = "What it does."),
	NODE(struct library_step, outputs, .form = "map of names to CEL",
	     .doc = "Names and expressions, or {value, description}; default: the outputs of its "
		    "last step."),
	STRING(struct library_step, example, .flags = FIELD_LITERAL,
	       .doc = "Steps that use it, as a text, for runbook explain."),
	{ 0 },
};

/* ---- a library's own document -------------------------------------------------------------- */

/* An input named like a step key could not be told from it in a use's scalar form. */
static void input_names_check(struct planner *planner, const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (step_is_key(text_of(inputs->at[i].name))) {
			diag_at(planner->diags, inputs->at[i].span, RB0208,
				"input '%s' is named like a key of all steps", inputs->at[i].name);
			diag_hint(planner->diags, "Give it another name.");
		}
}

static void library_step_read(struct planner *planner, struct library *library,
			      const struct entry *entry)
{
	struct field_context context = { .what = "a library step", .elsewhere = key_elsewhere };
	struct library_step *step = arena_new(planner->arena, struct library_step);
	if (!name_check(planner, &entry->key, "the name of a library step"))
		return;
	if (!kind_check(planner, &entry->value, NODE_MAP,
			arena_text(planner->arena, entry->key.text).ptr,
			"{inputs: ..., steps: ...}"))
		return;
	if (!field_load(library_step_rows, &entry->value, &context, step, planner->arena,
			planner->diags))
		return;
	step->name = arena_text(planner->arena, entry->key.text).ptr;
	step->span = entry->key.span;
	for (size_t i = 0; i < library->inputs.count; i++)
		*list_add(&step->inputs, planner->arena) = library->inputs.at[i];
	inputs_read(planner, step->inputs_node, NULL, true, &step->inputs);
	input_names_check(planner, &step->inputs);
	if (step->main && !input_find(step->inputs.at, step->inputs.count, text_of(step->main))) {
		input_unknown(planner, node_get(&entry->value, "main"), step->inputs.at,
			      step->inputs.count, step->name);
		return;
	}
	map_set(&library->steps, text_of(step->name), step);
}

static struct library *library_of(struct planner *planner, const struct document *document,
				  const struct chain *chain, struct span span)
{
	struct text key = text_of(document->source->path ? document->source->path
							 : document->source->name);
	struct library *library = map_get(&planner->libraries, key);
	if (library)
		return library;
	if (chain_holds(planner, chain, document, span, document->source->name))
		return NULL;
	struct chain link = { chain, document->source->name, document, span };
	library = arena_new(planner->arena, struct library);
	library->document = document;
	map_init(&library->steps, planner->arena);
	map_init(&library->uses, planner->arena);
	inputs_read(planner, document->inputs, NULL, true, &library->inputs);
	library->lacks_verbs = !imports_read(planner, document, NULL, &library->uses, &link);
	document_requires(planner, document);
	if (!document->steps || document->steps->count == 0) {
		diag_at(planner->diags,
			document->steps ? document->steps->span
					: document->root.entries[0].key.span,
			RB0216, "the library has no steps");
		diag_hint(planner->diags, "Write: steps: {NAME: {inputs: ..., steps: ...}}");
		return NULL;
	}
	if (!kind_check(planner, document->steps, NODE_MAP, "steps",
			"{NAME: {inputs: ..., steps: ...}}"))
		return NULL;
	for (uint32_t i = 0; i < document->steps->count; i++)
		library_step_read(planner, library, &document->steps->entries[i]);
	map_set(&planner->libraries, key, library);
	return library;
}

/* ---- imports ------------------------------------------------------------------------------- */

static const struct document *import_document(struct planner *planner,
					      const struct document *document,
					      const struct node *reference)
{
	if (text_starts(reference->text, "std/"))
		return document_embedded(planner, reference->text, reference->span);
	if (reference->text.len == 0 || text_starts(reference->text, "./") ||
	    text_starts(reference->text, "../") ||
	    text_find(reference->text, TEXT("${{"), 0) != SIZE_MAX)
		return document_near(planner, document, reference, DOCUMENT_LIBRARY);
	diag_at(planner->diags, reference->span, RB0204,
		"'%.*s' is neither std/NAME nor a path that begins with './'",
		TEXT_ARG(reference->text));
	diag_hint(planner->diags, "did you mean '%s%.*s'?",
		  library_embedded(reference->text).ptr ? "std/" : "./", TEXT_ARG(reference->text));
	return NULL;
}

static void import_presets_check(struct planner *planner, const struct library *library,
				 const struct node *with)
{
	if (!with)
		return;
	if (!kind_check(planner, with, NODE_MAP, "with", "{INPUT: VALUE}"))
		return;
	for (uint32_t i = 0; i < with->count; i++) {
		const struct node *key = &with->entries[i].key;
		if (input_find(library->inputs.at, library->inputs.count, key->text))
			continue;
		input_unknown(planner, key, library->inputs.at, library->inputs.count,
			      library->document->name);
		diag_hint(planner->diags,
			  "'with' presets the inputs of the library itself; those of one of its "
			  "steps are given where it is used.");
	}
}

static bool import_one(struct planner *planner, const struct document *document,
		       const struct node *node, const struct namespace *importer, struct map *uses,
		       const struct chain *chain)
{
	struct field_context context = { .what = "import", .elsewhere = key_elsewhere };
	struct import import = { 0 };
	const struct node *reference = node->kind == NODE_MAP ? node_get(node, "library") : node;
	if (node->kind == NODE_MAP &&
	    !field_load(import_rows, node, &context, &import, planner->arena, planner->diags))
		return false;
	if (reference->kind != NODE_SCALAR) {
		diag_at(planner->diags, reference->span, RB0204,
			"an import is std/NAME, a path, or {library, as, with}; found %s",
			node_kind_name(reference));
		diag_hint(planner->diags, "Write: import: [std/compose]");
		return false;
	}
	const struct document *found = import_document(planner, document, reference);
	struct library *library = found ? library_of(planner, found, chain, reference->span) : NULL;
	if (!library)
		return false;
	struct library_use *use = arena_new(planner->arena, struct library_use);
	*use = (struct library_use){
		.name = import.as ? import.as : found->name,
		.library = library,
		.with = import.with,
		.importer = importer,
		.span = reference->span,
	};
	import_presets_check(planner, library, import.with);
	if (step_type_find(text_of(use->name)) || step_is_key(text_of(use->name))) {
		diag_at(planner->diags, reference->span, RB0208,
			"library '%s' is named like a verb or a key of all steps", use->name);
		diag_hint(planner->diags, "Import it under another name with 'as'.");
		return false;
	}
	const struct library_use *twin = map_get(uses, text_of(use->name));
	if (twin && twin->library != library) {
		diag_at(planner->diags, reference->span, RB0208, "two libraries are named '%s'",
			use->name);
		diag_note(planner->diags, twin->span, "first imported here");
		diag_hint(planner->diags, "Import one of them under another name with 'as'.");
		return false;
	}
	map_set(uses, text_of(use->name), use);
	return true;
}

bool imports_read(struct planner *planner, const struct document *document,
		  const struct namespace *importer, struct map *uses, const struct chain *chain)
{
	const struct node *import = document->import;
	bool good = true;
	if (!import)
		return true;
	if (!kind_check(planner, import, NODE_LIST, "import", "[std/compose]"))
		return false;
	for (uint32_t i = 0; i < import->count; i++)
		good &= import_one(planner, document, &import->items[i], importer, uses, chain);
	return good;
}

/* `compose` is the step of that name in the library used as compose; `compose.logs` another of its
 * steps. */
const struct library_step *library_step_find(const struct map *uses, struct text name,
					     const struct library_use **use)
{
	size_t dot = text_find(name, TEXT("."), 0);
	struct text library = dot == SIZE_MAX ? name : text_slice(name, 0, dot);
	*use = map_get(uses, library);
	if (!*use)
		return NULL;
	struct text step = dot == SIZE_MAX ? text_of((*use)->library->document->name)
					   : text_slice(name, dot + 1, name.len);
	return map_get(&(*use)->library->steps, step);
}

static struct plan_library_step step_described(const struct library *library,
					       const struct library_step *step, int32_t slot)
{
	size_t shared = library->inputs.count;
	return (struct plan_library_step){
		.name = step->name,
		.main = step->main,
		.description = step->description,
		.example = step->example,
		.inputs = step->inputs.at ? step->inputs.at + shared : NULL,
		.input_count = step->inputs.count - shared,
		.effect = step->effect,
		.slot = slot,
	};
}

/* A library given by itself to check: each step is expanded once, with its inputs unknown. */
void library_check(struct planner *planner, const struct document *document)
{
	struct library *library = library_of(planner, document, NULL, (struct span){ 0 });
	if (!library)
		return;
	struct namespace *namespace = namespace_new(planner, SCOPE_DOCUMENT, NULL, document);
	struct library_use *use = arena_new(planner->arena, struct library_use);
	*use = (struct library_use){ .name = document->name, .library = library };
	struct plan_library *described = arena_new(planner->arena, struct plan_library);
	struct plan_library_step *steps = arena_array(planner->arena, struct plan_library_step,
						      library->steps.count + 1);
	*described = (struct plan_library){ .name = document->name,
					    .description = document->description,
					    .inputs = library->inputs.at,
					    .input_count = library->inputs.count,
					    .steps = steps,
					    .step_count = library->steps.count };
	struct room room = { .namespace = namespace,
			     .section = SECTION_STEPS,
			     .parent = PLAN_NONE,
			     .effect_owner = PLAN_NONE,
			     .path = "" };
	for (size_t i = 0; i < library->steps.count; i++) {
		struct step_build *step = step_new(planner, &room, PLAN_LIBRARY, document->steps);
		step->library = library->steps.at[i].value;
		step->node.path = step->library->name;
		step->use = use;
		steps[i] = step_described(library, step->library, step->node.slot);
		expand_library(planner, step);
	}
	planner->plan->library = described;
}
