/* Documents: read once each, told apart by their first key, their root keys loaded by table. */

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "plan/internal.h"

const struct field runbook_rows[] = {
	FIELD_AS(FIELD_INT, int64_t, struct document, version, "runbook", .flags = FIELD_REQUIRED,
		 .min = 1, .max = 1,
		 .doc = "Version of the format: 1. The first key of a runbook."),
	STRING(struct document, name, .flags = FIELD_REQUIRED | FIELD_LITERAL,
	       .doc = "What it does, for people."),
	STRING(struct document, description, .flags = FIELD_LITERAL,
	       .doc = "More about it, for people."),
	STRING(struct document, owner, .flags = FIELD_LITERAL, .doc = "Who looks after it."),
	NODE(struct document, links, .form = "map of names to URLs",
	     .doc = "Names and URLs of related pages."),
	NODE(struct document, requires, .form = "map",
	     .doc = "Programs on PATH and the program version that it needs."),
	NODE(struct document, include, .form = "list of paths",
	     .doc = "Fragments merged into this document."),
	NODE(struct document, import, .form = "list of libraries",
	     .doc = "Libraries: std/NAME or ./NAME.yaml."),
	NODE(struct document, inputs, .form = "map of names to inputs",
	     .doc = "What a run is given."),
	NODE(struct document, vars, .form = "map of names to values",
	     .doc = "Values computed once, before the preconditions."),
	NODE(struct document, env, .form = "map of names to texts",
	     .doc = "Environment of all commands."),
	NODE(struct document, defaults, .form = "map",
	     .doc = "timeout and cwd of the steps that do work."),
	NODE(struct document, lock, .form = "text or false",
	     .doc = "Name of the lock held for the whole run; false for none."),
	NODE(struct document, preconditions, .form = "list of steps",
	     .doc = "Steps that change nothing and must all hold before the run begins."),
	NODE(struct document, steps, .form = "list of steps", .doc = "What is done, in order."),
	NODE(struct document, verify, .form = "list of steps",
	     .doc = "Steps that show that it worked; tried again after a rollback."),
	NODE(struct document, rollback, .form = "map", .doc = "When and how to go back."),
	NODE(struct document, finally, .form = "list of steps",
	     .doc = "Steps that run whatever happened."),
	DURATION(struct document, timeout, .min = NS_PER_MS, .max = PLAN_MAX_TIMEOUT,
		 .doc = "Limit of the whole run; waiting at gates is not counted. A run that was "
			"killed goes "
			"on counting when it is resumed, one that had ended begins anew."),
	NODE(struct document, outputs, .form = "map of names to CEL",
	     .doc = "Names and expressions handed on to a caller."),
	{ 0 },
};

const struct field library_rows[] = {
	FIELD_AS(FIELD_INT, int64_t, struct document, version, "library", .flags = FIELD_REQUIRED,
		 .min = 1, .max = 1,
		 .doc = "Version of the format: 1. The first key of a library."),
	STRING(struct document, name, .flags = FIELD_REQUIRED | FIELD_LITERAL,
	       .doc = "Name of the library and of its main step."),
	STRING(struct document, description, .flags = FIELD_LITERAL, .doc = "What it is for."),
	NODE(struct document, requires, .form = "map",
	     .doc = "Programs on PATH and the program version that it needs."),
	NODE(struct document, import, .form = "list of libraries",
	     .doc = "Libraries that its steps use."),
	NODE(struct document, inputs, .form = "map of names to inputs",
	     .doc = "Inputs of all its steps; preset with import: with."),
	NODE(struct document, steps, .form = "map of names to steps", .doc = "Its steps by name."),
	{ 0 },
};

const struct field fragment_rows[] = {
	FIELD_AS(FIELD_INT, int64_t, struct document, version, "fragment", .flags = FIELD_REQUIRED,
		 .min = 1, .max = 1,
		 .doc = "Version of the format: 1. The first key of a fragment."),
	NODE(struct document, import, .form = "list of libraries",
	     .doc = "Libraries for the documents that include it."),
	NODE(struct document, inputs, .form = "map of names to inputs",
	     .doc = "Inputs merged into the documents that include it."),
	NODE(struct document, vars, .form = "map of names to values",
	     .doc = "Vars merged into the documents that include it."),
	NODE(struct document, env, .form = "map of names to texts",
	     .doc = "Environment merged into the documents that include it."),
	{ 0 },
};

static const struct document_type {
	const char *key;
	const struct field *rows;
} document_types[] = {
	[DOCUMENT_RUNBOOK] = { "runbook", runbook_rows },
	[DOCUMENT_LIBRARY] = { "library", library_rows },
	[DOCUMENT_FRAGMENT] = { "fragment", fragment_rows },
};

static const struct source *read_disk(const struct plan_reader *reader,
				      const struct source_file *file, struct arena *arena,
				      struct diags *diags)
{
	(void)reader;
	return source_load(file, arena, diags);
}

const struct plan_reader plan_reader_disk = { .read = read_disk };

/* ---- what the first key says --------------------------------------------------------------- */

static bool root_is_map(struct planner *planner, const struct node *root)
{
	if (root->kind == NODE_MAP)
		return true;
	diag_at(planner->diags, root->span, RB0231, "a runbook is a map; found %s",
		node_kind_name(root));
	diag_hint(planner->diags, "A runbook has at least:\n%s", SMALLEST_RUNBOOK);
	return false;
}

/* What a document was meant to be: what its user wants, else what its steps look like. */
static enum document_kind kind_meant(const struct node *root, enum document_kind wanted)
{
	const struct node *steps = node_get(root, "steps");
	if (wanted != DOCUMENT_ANY)
		return wanted;
	return steps && steps->kind == NODE_MAP ? DOCUMENT_LIBRARY : DOCUMENT_RUNBOOK;
}

static const struct document_type *root_type(struct planner *planner, const struct node *root,
					     enum document_kind wanted)
{
	for (size_t i = 0; i < sizeof(document_types) / sizeof(document_types[0]); i++)
		if (root->count > 0 && text_is(root->entries[0].key.text, document_types[i].key))
			return &document_types[i];
	struct span span = root->count > 0 ? root->entries[0].key.span : root->span;
	for (size_t i = 0; i < sizeof(document_types) / sizeof(document_types[0]); i++) {
		const struct entry *late = node_entry(root, document_types[i].key);
		if (!late)
			continue;
		diag_at(planner->diags, late->key.span, RB0232, "'%s: 1' must be the first key",
			document_types[i].key);
		diag_hint(planner->diags, "Move it to the first line.");
		return NULL;
	}
	diag_at(planner->diags, span, RB0232, "the first key does not say what this document is");
	if (!diag_did_you_mean(planner->diags, root->count ? root->entries[0].key.text : TEXT(""),
			       (const char *const[]){ "runbook", "library", "fragment" }, 3))
		diag_hint(planner->diags, "Add '%s: 1' as the first line.",
			  document_types[kind_meant(root, wanted)].key);
	return NULL;
}

static bool version_check(struct planner *planner, const struct document_type *type,
			  const struct node *version)
{
	if (version->kind == NODE_SCALAR && text_is(version->text, "1"))
		return true;
	if (version->kind == NODE_SCALAR)
		diag_at(planner->diags, version->span, RB0233,
			"version '%.*s' of the format is not known", TEXT_ARG(version->text));
	else
		diag_at(planner->diags, version->span, RB0233, "'%s' is a version, not a %s",
			type->key, node_kind_name(version));
	diag_hint(planner->diags,
		  "This program knows version 1: write '%s: 1'. A newer document needs a "
		  "newer program.",
		  type->key);
	return false;
}

/* ---- reading ------------------------------------------------------------------------------- */

static struct document *document_parse(struct planner *planner, const struct source *source,
				       const char *folder, enum document_kind wanted)
{
	struct document *document = arena_new(planner->arena, struct document);
	document->source = source;
	document->folder = folder;
	*list_add(&planner->sources, planner->arena) = source;
	if (!yaml_read(source, planner->arena, &document->root, planner->diags))
		return NULL;
	if (!root_is_map(planner, &document->root))
		return NULL;
	const struct document_type *type = root_type(planner, &document->root, wanted);
	if (!type || !version_check(planner, type, &document->root.entries[0].value))
		return NULL;
	document->kind = (enum document_kind)(type - document_types);
	struct field_context context = { .what = type->key, .elsewhere = key_elsewhere };
	document->is_flawed = !field_load(type->rows, &document->root, &context, document,
					  planner->arena, planner->diags);
	/* A runbook is looked at all the same, so that all of its errors are told. */
	return document->is_flawed && document->kind != DOCUMENT_RUNBOOK ? NULL : document;
}

/* A document that was read already, or NULL. */
static struct document *document_known(const struct planner *planner, const char *path)
{
	const char *real = planner->reader->read == read_disk ? file_real(path, planner->arena)
							      : file_clean(path, planner->arena);
	return map_get(&planner->documents, text_of(real ? real : path));
}

struct document *document_open(struct planner *planner, const struct source_file *file,
			       enum document_kind wanted)
{
	struct document *document = document_known(planner, file->path);
	if (document)
		return document;
	const struct source *source = planner->reader->read(planner->reader, file, planner->arena,
							    planner->diags);
	if (!source)
		return NULL;
	/* What was read already, by another path to it. */
	document = source->path ? map_get(&planner->documents, text_of(source->path)) : NULL;
	if (document)
		return document;
	const char *path = source->path ? source->path : file->path;
	document = document_parse(planner, source, file_dirname(path, planner->arena), wanted);
	if (document)
		map_set(&planner->documents, text_of(path), document);
	return document;
}

/* The nearest library, else all of them. */
static void hint_embedded(struct planner *planner, struct text name)
{
	const char *const *names = library_names(planner->arena);
	struct buffer list;
	size_t count = 0;
	buffer_init(&list, planner->arena);
	for (; names[count]; count++)
		buffer_printf(&list, "%sstd/%s", count ? ", " : "", names[count]);
	const char *nearest = text_nearest(name, names, count);
	if (nearest)
		diag_hint(planner->diags, "did you mean 'std/%s'?", nearest);
	else
		diag_hint(planner->diags, "There are %s.", buffer_string(&list));
}

/* The library of this program, or the one that a run kept: it is rolled back with what it had. */
static const struct source *embedded_read(struct planner *planner, struct text name,
					  struct span span)
{
	const char *whole = arena_text(planner->arena, name).ptr;
	const struct source_file kept = { .name = whole, .span = span };
	struct text text = library_embedded(text_slice(name, strlen("std/"), name.len));
	if (planner->reader->standard)
		return planner->reader->read(planner->reader, &kept, planner->arena,
					     planner->diags);
	if (text.ptr)
		return source_from_text(whole, text, planner->arena, planner->diags);
	diag_at(planner->diags, span, RB0203, "the standard library has no '%s'", whole);
	hint_embedded(planner, text_slice(name, strlen("std/"), name.len));
	return NULL;
}

struct document *document_embedded(struct planner *planner, struct text name, struct span span)
{
	struct document *document = map_get(&planner->documents, name);
	if (document)
		return document;
	const struct source *source = embedded_read(planner, name, span);
	document = source ? document_parse(planner, source, NULL, DOCUMENT_LIBRARY) : NULL;
	if (document)
		map_set(&planner->documents, text_of(source->name), document);
	return document;
}

/* A path in a document is shown as the operator would type it: beside the name of that document. */
static const char *name_near(struct planner *planner, const struct document *from, const char *path)
{
	const char *folder = file_dirname(from->source->name, planner->arena);
	if (strncmp(path, "./", 2) == 0)
		path += 2;
	return strcmp(folder, ".") == 0 ? path : file_join(folder, path, planner->arena);
}

struct document *document_near(struct planner *planner, const struct document *from,
			       const struct node *reference, enum document_kind kind)
{
	if (reference->kind != NODE_SCALAR || reference->text.len == 0) {
		diag_at(planner->diags, reference->span, RB0204,
			"the path of a %s is a text; found %s", document_types[kind].key,
			reference->kind == NODE_SCALAR ? "nothing" : node_kind_name(reference));
		diag_hint(planner->diags, "Write its path, as in './%s.yaml'.",
			  document_types[kind].key);
		return NULL;
	}
	if (text_find(reference->text, TEXT("${{"), 0) != SIZE_MAX) {
		diag_at(planner->diags, reference->span, RB0204,
			"the path of a %s is written, not computed", document_types[kind].key);
		diag_hint(planner->diags,
			  kind == DOCUMENT_RUNBOOK
				  ? "Write a call for each document, with 'when' beside it: all of "
				    "them are checked before anything runs."
				  : "Write the path: everything is checked before anything runs.");
		return NULL;
	}
	if (!from->folder) {
		diag_at(planner->diags, reference->span, RB0204,
			"the standard library reads no files");
		diag_hint(planner->diags, "Only std/NAME can be imported there.");
		return NULL;
	}
	const char *written = arena_string(planner->arena, reference->text.ptr);
	const char *path = file_clean(file_join(from->folder, written, planner->arena),
				      planner->arena);
	const struct source_file file = { .name = name_near(planner, from, written),
					  .written = written,
					  .path = path,
					  .beneath = planner->project,
					  .span = reference->span };
	if (planner->documents.count > PLAN_MAX_IMPORTS && !document_known(planner, path)) {
		diag_at(planner->diags, reference->span, RB0206, "more than %d documents",
			PLAN_MAX_IMPORTS);
		diag_hint(planner->diags, "Put steps that belong together into one document.");
		return NULL;
	}
	struct document *document = document_open(planner, &file, kind);
	if (!document || document->kind == kind)
		return document;
	diag_at(planner->diags, reference->span, RB0207, "'%s' is a %s, not a %s", written,
		document_types[document->kind].key, document_types[kind].key);
	diag_note(planner->diags, document->root.entries[0].key.span, "its first key says so");
	diag_hint(planner->diags, "A runbook is used by 'call', a library by 'import', a fragment "
				  "by 'include'.");
	return NULL;
}

const char *plan_project(const char *folder, struct arena *arena)
{
	for (const char *at = folder;; at = file_dirname(at, arena)) {
		if (access(file_join(at, ".git", arena), F_OK) == 0 ||
		    access(file_join(at, ".runbook", arena), F_OK) == 0)
			return at;
		if (strcmp(at, "/") == 0 || strcmp(at, ".") == 0)
			return folder;
	}
}
