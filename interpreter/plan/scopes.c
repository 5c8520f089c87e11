/* Namespaces: the types of the names that expressions may use. */

#include "plan/internal.h"

static void add(struct planner *planner, struct type *object, const char *name,
		const struct type *type)
{
	type_object_add(object, text_of(name), type, (struct span){ 0 }, planner->arena);
}

/* The names that are the same in every scope. */
static void shared_types(struct planner *planner)
{
	struct type *run = type_object("field of the run", true, planner->arena);
	struct type *error = type_object("field of the error", true, planner->arena);
	static const char *const texts[] = {
		"id", "name", "user", "host", "dir", "status", "reason"
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		add(planner, run, texts[i], &type_string);
	add(planner, run, "started_at", &type_timestamp);
	add(planner, run, "rolling_back", &type_bool);
	static const char *const errors[] = { "step", "message", "class" };
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		add(planner, error, errors[i], &type_string);
	planner->run_type = run;
	planner->error_type = error;
}

struct namespace *namespace_new(struct planner *planner, enum scope_kind kind,
				const struct namespace *outer, const struct document *document)
{
	struct arena *arena = planner->arena;
	struct namespace *namespace = arena_new(arena, struct namespace);
	if (!planner->run_type)
		shared_types(planner);
	namespace->scope.kind = kind;
	namespace->inputs = type_object("input", true, arena);
	namespace->vars = type_object("var", true, arena);
	namespace->env = type_object("environment variable", true, arena);
	namespace->steps = type_object("step", true, arena);
	struct type *names = type_object("name", true, arena);
	add(planner, names, "inputs", namespace->inputs);
	add(planner, names, "vars", namespace->vars);
	add(planner, names, "env", namespace->env);
	add(planner, names, "steps", namespace->steps);
	add(planner, names, "run", last_run_type(planner, namespace, document));
	add(planner, names, "now", &type_timestamp);
	add(planner, names, "error", planner->error_type);
	add(planner, names, "item", &type_dyn);
	add(planner, names, "index", &type_int);
	namespace->options.names = names;
	map_init(&namespace->ids, arena);
	map_init(&namespace->twins, arena);
	map_init(&namespace->uses, arena);
	map_init(&namespace->after, arena);
	namespace->document = document;
	struct plan_scope *scope = &namespace->scope;
	scope->index = (uint32_t)planner->namespaces.count;
	scope->outer = outer ? &outer->scope : NULL;
	scope->node = PLAN_NONE;
	scope->document = document->source->name;
	scope->names = &namespace->options;
	scope->ids = &namespace->ids;
	*list_add(&planner->namespaces, arena) = namespace;
	return namespace;
}

void namespace_inputs(struct planner *planner, struct namespace *namespace,
		      const struct inputs *inputs)
{
	namespace->scope.inputs = inputs->at;
	namespace->scope.input_count = inputs->count;
	for (size_t i = 0; i < inputs->count; i++) {
		const struct input *input = &inputs->at[i];
		type_object_add(namespace->inputs, text_of(input->name), input_static_type(input),
				input->span, planner->arena);
		if (input->secret)
			type_object_secret(namespace->inputs, text_of(input->name));
	}
}

/* ---- environment --------------------------------------------------------------------------- */

static const struct field env_rows[] = {
	PAIRS(struct scope_env, env, .flags = FIELD_ENVIRONMENT,
	      .doc = "Environment variables of commands."),
	{ 0 },
};

static bool starts_with_any(struct text name, const char *const *prefixes)
{
	for (; *prefixes; prefixes++)
		if (text_starts(name, *prefixes))
			return true;
	return false;
}

static bool is_any(struct text name, const char *const *names)
{
	for (; *names; names++)
		if (text_is(name, *names))
			return true;
	return false;
}

/* Names that would change how commands are found or started (FORMAT.md section 4). */
void env_names_check(struct planner *planner, const struct node *env)
{
	static const char *const prefixes[] = { "LD_", "RUNBOOK_", "BASH_FUNC_", NULL };
	static const char *const names[] = { "BASH_ENV", "ENV", "IFS", NULL };
	if (!env || env->kind != NODE_MAP)
		return;
	for (uint32_t i = 0; i < env->count; i++) {
		const struct entry *entry = &env->entries[i];
		if (starts_with_any(entry->key.text, prefixes) || is_any(entry->key.text, names)) {
			diag_at(planner->diags, entry->key.span, RB0209,
				"'%.*s' would change how commands are started",
				TEXT_ARG(entry->key.text));
			diag_hint(planner->diags,
				  "Start the one command that needs it through env: run: env "
				  "%.*s=... COMMAND",
				  TEXT_ARG(entry->key.text));
		} else if (text_is(entry->key.text, "PATH") && entry->value.kind == NODE_SCALAR &&
			   text_find(entry->value.text, TEXT("${{"), 0) != SIZE_MAX) {
			diag_at(planner->diags, entry->value.span, RB0209,
				"'PATH' takes a written value: it decides which programs run");
			diag_hint(planner->diags, "Write the folders, or write the program's whole "
						  "path in the step.");
		}
	}
}

const struct bound *env_read(struct planner *planner, const struct namespace *namespace,
			     const struct node *env)
{
	struct field_context context = { .what = "env",
					 .main = "env",
					 .expr = &namespace->options };
	if (!env)
		return NULL;
	env_names_check(planner, env);
	return field_read(env_rows, env, NULL, &context, planner->arena, planner->diags);
}

struct env_entries {
	LIST(struct entry) list;
	struct span span;
};

static void env_collect(struct planner *planner, const struct namespace *namespace,
			const struct node *env, struct env_entries *entries)
{
	if (!env)
		return;
	if (env->kind != NODE_MAP) {
		env_read(planner, namespace, env); /* complains */
		return;
	}
	entries->span = env->span;
	for (uint32_t i = 0; i < env->count; i++) {
		const struct node *name = &env->entries[i].key;
		if (type_object_add(namespace->env, name->text, &type_string, name->span,
				    planner->arena)) {
			*list_add(&entries->list, planner->arena) = env->entries[i];
			continue;
		}
		diag_at(planner->diags, name->span, RB0208, "variable '%.*s' is declared twice",
			TEXT_ARG(name->text));
		diag_note(planner->diags, type_object_get(namespace->env, name->text)->declared,
			  "first declared here");
		diag_hint(planner->diags, "Keep one of them.");
	}
}

/* The variables of fragments and document are one mapping. */
static void namespace_env(struct planner *planner, struct namespace *namespace,
			  const struct document *const *documents, size_t count)
{
	struct env_entries entries = { 0 };
	for (size_t i = 0; i < count; i++)
		env_collect(planner, namespace, documents[i]->env, &entries);
	if (entries.list.count == 0)
		return;
	struct node *env = arena_new(planner->arena, struct node);
	*env = (struct node){ .kind = NODE_MAP,
			      .count = (uint32_t)entries.list.count,
			      .span = entries.span,
			      .entries = entries.list.at };
	namespace->scope.env = env_read(planner, namespace, env);
}

/* ---- defaults ------------------------------------------------------------------------------ */

const struct field defaults_rows[] = {
	DURATION(struct scope_defaults, timeout, .min = NS_PER_MS, .max = PLAN_MAX_TIMEOUT,
		 .doc = "Limit of one attempt for the steps that do work."),
	STRING(struct scope_defaults, cwd, .doc = "Folder in which commands run."),
	{ 0 },
};

static void namespace_defaults(struct planner *planner, struct namespace *namespace,
			       const struct node *defaults)
{
	struct field_context context = { .what = "defaults",
					 .expr = &namespace->options,
					 .elsewhere = key_elsewhere };
	if (defaults)
	namespace->scope.defaults = field_read(defaults_rows, NULL, defaults, &context,
					       planner->arena, planner->diags);
}

/* ---- outputs ------------------------------------------------------------------------------- */

const struct expr_options *namespace_after(struct planner *planner, struct namespace *namespace,
					   const struct output *outputs)
{
	struct text key = { (const char *)&outputs, sizeof(outputs) };
	struct expr_options *options = map_get(&namespace->after, key);
	if (options)
		return options;
	const struct type_object *root = namespace->options.names->object;
	struct type *names = type_object("name", true, planner->arena);
	for (uint32_t i = 0; i < root->count; i++)
		type_object_add(names, root->fields[i].name, root->fields[i].type,
				root->fields[i].declared, planner->arena);
	for (const struct output *output = outputs; output && output->name; output++)
		add(planner, names, output->name, output->type);
	options = arena_new(planner->arena, struct expr_options);
	options->names = names;
	options->outputs_from = root->count;
	map_set(&namespace->after, arena_text(planner->arena, key), options);
	return options;
}

/* ---- a runbook's namespace ----------------------------------------------------------------- */

struct merge {
	struct planner *planner;
	struct namespace *namespace;
	struct inputs inputs;
	LIST(const char *) fragments;
	LIST(const struct document *) documents; /* fragments, then the document */
	const struct chain *chain;
};

/* What a fragment brings is not known: who names it is not told for that. */
static void namespace_open(struct namespace *namespace)
{
	type_object_open(namespace->inputs);
	type_object_open(namespace->vars);
	type_object_open(namespace->env);
	namespace->lacks_verbs = true;
}

static void merge_include(struct merge *merge, const struct document *document,
			  const struct node *reference)
{
	struct planner *planner = merge->planner;
	struct document *fragment = document_near(planner, document, reference, DOCUMENT_FRAGMENT);
	if (!fragment) {
		namespace_open(merge->namespace);
		return;
	}
	*list_add(&merge->fragments, planner->arena) = fragment->source->path;
	*list_add(&merge->documents, planner->arena) = fragment;
	inputs_read(planner, fragment->inputs, fragment->source->path, false, &merge->inputs);
}

static void merge_includes(struct merge *merge, const struct document *document)
{
	const struct node *include = document->include;
	if (!include)
		return;
	if (include->kind == NODE_SCALAR && !node_is_empty(include)) {
		merge_include(merge, document, include);
		return;
	}
	if (!kind_check(merge->planner, include, NODE_LIST, "include", "[./FRAGMENT.yaml]"))
		return;
	for (uint32_t i = 0; i < include->count; i++)
		merge_include(merge, document, &include->items[i]);
}

struct namespace *namespace_of_runbook(struct planner *planner, const struct document *document,
				       enum scope_kind kind, const struct namespace *outer,
				       const struct chain *chain)
{
	struct namespace *namespace = namespace_new(planner, kind, outer, document);
	struct merge merge = { .planner = planner, .namespace = namespace, .chain = chain };
	merge_includes(&merge, document);
	inputs_read(planner, document->inputs, NULL, false, &merge.inputs);
	rollback_inputs_read(planner, document->rollback, &merge.inputs);
	*list_add(&merge.documents, planner->arena) = document;
	namespace_inputs(planner, namespace, &merge.inputs);
	for (size_t i = 0; i < merge.documents.count; i++)
		namespace_vars(planner, namespace, merge.documents.at[i]->vars);
	namespace_env(planner, namespace, merge.documents.at, merge.documents.count);
	for (size_t i = 0; i < merge.documents.count; i++)
	namespace->lacks_verbs |= !imports_read(planner, merge.documents.at[i], namespace,
						&namespace->uses, chain);
	namespace_defaults(planner, namespace, document->defaults);
	*list_add(&merge.fragments, planner->arena) = NULL;
	namespace->fragments = merge.fragments.at;
	document_requires(planner, document);
	return namespace;
}
