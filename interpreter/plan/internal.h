/* What the parts of plan share while a plan is made. Complaints go to planner->diags; a plan is
 * good when none was an error, so that reading goes on to find more. */
#ifndef PLAN_INTERNAL_H
#define PLAN_INTERNAL_H

#include "base/list.h"
#include "plan/plan.h"

/* DOCUMENT_ANY: only where one is wanted, whatever its first key says. */
enum document_kind { DOCUMENT_RUNBOOK, DOCUMENT_LIBRARY, DOCUMENT_FRAGMENT, DOCUMENT_ANY };

/* A document with its root keys as written; which of them it may have is its kind's table. */
struct document {
	const struct source *source;
	const char *folder; /* to which its imports, includes and calls are relative; NULL: embedded
			     */
	enum document_kind kind;
	bool is_flawed; /* a root key was wrong, so that others may seem to be missing */
	struct node root;
	int64_t version;
	const char *name, *description, *owner;
	const struct node *links, *requires, *include, *import, *inputs, *vars, *env, *defaults;
	const struct node *lock, *preconditions, *steps, *verify, *finally, *rollback, *outputs;
	int64_t timeout; /* of the whole run; 0: none */
};

/* Growing lists of declarations. */
struct inputs {
	struct input *at;
	size_t count, cap;
};
struct withs {
	struct plan_with *at;
	size_t count, cap;
};

/* A step that a library declares. */
struct library_step {
	const char *name; /* as the library calls it */
	const char *main; /* the input that the scalar form fills, or NULL */
	const char *description;
	const char *example; /* or NULL */
	const struct node *effect, *steps, *outputs, *inputs_node;
	struct span span;
	struct inputs inputs; /* the library's, then its own */
};

struct library {
	const struct document *document;
	struct inputs inputs;
	struct map steps; /* name -> struct library_step */
	struct map uses;  /* name -> struct library_use: its own imports */
	bool lacks_verbs; /* an import of it could not be read */
};

/* A library under the name by which a document uses it. */
struct library_use {
	const char *name;
	const struct library *library;
	const struct node *with;          /* presets of the importer, or NULL */
	const struct namespace *importer; /* whose names they see; NULL: another library, constants
					     only */
	struct span span;
};

/* The documents or library steps being opened around this one, for cycles and their message. */
struct chain {
	const struct chain *outer;
	const char *name;
	const void *what;
	struct span span; /* of the use */
};

/* A scope while it is made. */
struct namespace
{
	struct plan_scope scope;
	struct expr_options options;
	struct type *inputs, *vars, *env, *steps; /* the object types behind its root names */
	struct type *handed_on;                   /* of run.last.outputs; NULL in a library */
	struct map ids;                           /* id -> struct step_build */
	struct map twins; /* default ids that two steps share -> the second */
	struct map uses;  /* name -> struct library_use */
	struct map after; /* outputs' table -> struct expr_options: names and outputs */
	const struct document *document;
	const char *const *fragments; /* real paths of what it includes, NULL behind the last */
	struct withs withs;
	struct map used_inputs, used_vars; /* named by some expression -> anything */
	bool all_inputs, all_vars;         /* an expression takes them whole */
	bool lacks_verbs; /* an import could not be read: who names its steps is not told for that
			   */
};

/* The place in which steps are being expanded. */
struct room {
	struct namespace *namespace;
	enum section section;
	int32_t parent;
	int32_t effect_owner;
	bool late;        /* `error` may be named */
	bool undo;        /* in an undo: no undo of its own */
	bool preview;     /* in a preview: only a probe runs it */
	bool conditional; /* something around may be skipped */
	const char *path; /* of the parent: "2"; "" at the top */
	const struct chain *chain;
};

/* A node while it is made, and how its mapping was understood. */
struct step_build {
	struct plan_node node;
	struct room room;
	const struct entry *verb; /* its verb's entry; NULL: only assertions */
	const struct library_step *library;
	const struct library_use *use;
	struct namespace *inner;
	struct step_build *pattern; /* of a loop */
	struct plan_loop *rounds;   /* of a loop */
	struct type *own_type;      /* of steps.ID; its captures' types are set when compiled */
	struct map kept;
	struct map *asked; /* NULL: nothing, or its verb does not select */
	bool looks;        /* it is the done_when of another */
	bool flawed;       /* its verb is not known: nothing in it is compiled */
};

/* Everything that making a plan needs. */
struct planner {
	struct plan *plan;
	const struct plan_reader *reader;
	struct arena *arena;
	struct diags *diags;
	const char *project;
	const struct type *run_type, *error_type;
	struct map documents;  /* real path or std/NAME -> struct document */
	struct map libraries;  /* the same -> struct library */
	struct map step_types; /* verb's table -> the shared type of its steps */
	LIST(const struct source *) sources;
	LIST(struct step_build *) nodes;
	LIST(struct namespace *) namespaces;
	LIST(const char *) programs;
	LIST(const struct template *) locks;
	LIST(const struct plan_scope *) lock_scopes;
	LIST(const char *) drivers;
	LIST(int32_t) rollback_checks; /* slots */
	size_t steps;
	struct instances known; /* what check knows of the values of each scope */
};

/* documents.c */
const char *plan_project(const char *folder, struct arena *arena);
/* wanted: what a document that does not say what it is was meant to be. */
struct document *document_open(struct planner *planner, const struct source_file *file,
			       enum document_kind wanted);
struct document *document_embedded(struct planner *planner, struct text name, struct span span);
struct document *document_near(struct planner *planner, const struct document *from,
			       const struct node *reference, enum document_kind kind);

/* requires.c: what a document needs around it, and the lock that it holds */
/* A template for everybody's eyes: a secret in it is an error. */
const struct template *public_read(struct planner *planner, const struct node *node,
				   const struct expr_options *names, const char *key);
void document_requires(struct planner *planner, const struct document *document);
void lock_read(struct planner *planner, const struct namespace *namespace,
	       const struct document *document);

/* input_values.c */
/* A text as the input's type has it, without its rules; an error that goes on "is not ...". */
struct value input_read_text(const struct input *input, struct text text, struct arena *arena);
/* An error when the pattern is no regular expression. */
struct value input_try_pattern(struct text pattern, struct arena *arena);

/* inputs.c */
bool name_is_reserved(struct text name); /* a word of the expression language */
bool name_check(struct planner *planner, const struct node *name, const char *what);
bool inputs_read(struct planner *planner, const struct node *node, const char *fragment,
		 bool library, struct inputs *inputs);
const struct input *input_find(const struct input *inputs, size_t count, struct text name);
/* RB0210: a use gives, or a library step names, an input that whose has not. */
void input_unknown(struct planner *planner, const struct node *name, const struct input *inputs,
		   size_t count, const char *whose);

/* libraries.c */
/* False after a complaint: then some of its steps are not in uses. */
bool imports_read(struct planner *planner, const struct document *document,
		  const struct namespace *importer, struct map *uses, const struct chain *chain);
const struct library_step *library_step_find(const struct map *uses, struct text name,
					     const struct library_use **use);
void library_check(struct planner *planner, const struct document *document);

/* vars.c */
void namespace_vars(struct planner *planner, struct namespace *namespace, const struct node *vars);

/* scopes.c */
struct namespace *namespace_new(struct planner *planner, enum scope_kind kind,
				const struct namespace *outer, const struct document *document);
void namespace_inputs(struct planner *planner, struct namespace *namespace,
		      const struct inputs *inputs);
void env_names_check(struct planner *planner, const struct node *env);
const struct bound *env_read(struct planner *planner, const struct namespace *namespace,
			     const struct node *env);
const struct expr_options *namespace_after(struct planner *planner, struct namespace *namespace,
					   const struct output *outputs);
/* Opens a runbook's namespace: fragments, inputs, imports, vars, env. */
struct namespace *namespace_of_runbook(struct planner *planner, const struct document *document,
				       enum scope_kind kind, const struct namespace *outer,
				       const struct chain *chain);

/* outputs.c */
/* The expression of an entry of `outputs`, or NULL. */
const struct node *output_value(const struct node *node);
const struct plan_output *namespace_outputs(struct planner *planner, struct namespace *namespace,
					    const struct node *outputs);
/* They as a verb's are told. */
const struct output *outputs_declared(struct planner *planner, const struct plan_output *outputs);

/* mapping.c: what a step's mapping is */
bool verb_find(struct planner *planner, struct step_build *step);
/* What a verb is told apart by: its main field, else the one that is written in its place, or NULL.
 */
const struct node *step_main(const struct step_build *step);
void keys_check(struct planner *planner, const struct step_build *step);
/* named: it has the id; the pattern of a loop leaves it to the loop. */
void step_name(struct planner *planner, struct step_build *step, bool named);
void steps_label(struct planner *planner);
/* A text so folded that it can be a name; NULL if it gives none. */
const char *name_fold(struct arena *arena, struct text title);

/* verb_hint.c */
/* Whether a word is some other tool's for a verb, or near one. */
bool verb_is_meant(struct text word, const char *const *verbs, size_t count);
/* To the latest complaint: which verb was meant by a word that is none. */
void verb_hint(struct planner *planner, struct text word, const char *const *verbs, size_t count);

/* expand.c: names and structure */
struct step_build *expand_step(struct planner *planner, const struct room *room,
			       const struct node *node);
/* Without its for_each. named: expressions know it by its id. */
struct step_build *expand_one(struct planner *planner, const struct room *room,
			      const struct node *node, bool named);
int32_t expand_list(struct planner *planner, const struct room *room, enum plan_kind kind,
		    const struct node *steps, struct span span);
void expand_runbook(struct planner *planner, const struct room *room, struct namespace *namespace,
		    int32_t sections[SECTION_COUNT]);
struct step_build *step_new(struct planner *planner, const struct room *room, enum plan_kind kind,
			    const struct node *node);
bool chain_holds(struct planner *planner, const struct chain *chain, const void *what,
		 struct span span, const char *name);

/* preview.c */
void expand_preview(struct planner *planner, struct step_build *step);
/* RB0247 of one beside a step that only reads, once effects are known. */
void preview_check(struct planner *planner, const struct step_build *step);

/* uses.c: library steps and calls */
void expand_library(struct planner *planner, struct step_build *step);
void expand_call(struct planner *planner, struct step_build *step);

/* declare.c: what a step offers to expressions */
void step_declare(struct planner *planner, struct step_build *step);
/* Of a step whose verb is not known: whoever names it is not told for that. */
void step_declare_flawed(struct planner *planner, struct step_build *step);

/* The tables of everything that is no verb's; tables.c lists them under their names. */
extern const struct field runbook_rows[], library_rows[], fragment_rows[], input_rows[],
	import_rows[], library_step_rows[], requires_rows[], defaults_rows[], step_key_rows[],
	step_node_rows[], undo_rows[], for_each_rows[], assertion_rows[], retry_rows[],
	rollback_rows[], condition_rows[], output_rows[];

/* keys.c */
/* RB0102 unless the node is of the kind; form shows how the key's value is written. */
bool kind_check(struct planner *planner, const struct node *node, enum node_kind kind,
		const char *key, const char *form);
/* Understood when the plan is made; on_failure, on_crash and sensitive already. */
struct step_nodes {
	const struct node *id, *when, *needs, *for_each, *assert, *capture, *retry, *undo,
		*done_when;
	const struct node *effect, *preview;
	int on_failure; /* enum on_failure */
	int on_crash;   /* enum on_crash, one less */
	bool sensitive;
	struct strings tags;
};

/* Of a key that is unknown where it stands: the mapping that has it, or NULL. */
const char *key_elsewhere(struct text name);
bool step_is_key(struct text name);
bool structure_is_key(struct text name);
size_t step_key_names(const char **names, bool structure);

/* last.c: run.last, the last run of the runbook that ended well */
/* The type of `run` in the namespace. */
const struct type *last_run_type(struct planner *planner, struct namespace *namespace,
				 const struct document *document);
/* The types of its outputs, as far as they are known before the steps are compiled. */
void last_types(struct planner *planner, struct namespace *namespace);
/* A reference to `run`, of a step or (NULL) of what stands outside of them. */
void last_look(struct planner *planner, const struct plan_scope *scope,
	       const struct step_build *from, const struct expr_reference *reference,
	       struct span span);

/* foreseen_run.c: `run` before it */
struct value foreseen_run(const struct plan_scope *scope, struct value last, struct arena *arena);

/* loop.c */
void compile_loop(struct planner *planner, struct step_build *step);
/* The innermost for_each around a step whose items the expressions of a scope see; PLAN_NONE. */
int32_t loop_around(const struct planner *planner, int32_t slot);

/* compile.c: expressions and arguments, once all names are known */
/* RB0224 unless the expression is a bool; NULL passes. */
void bool_check(struct planner *planner, const struct expr *expr, const char *what);
void compile_step(struct planner *planner, struct step_build *step);

/* given.c: what a use gives to its inputs */
void given_compile(struct planner *planner, struct namespace *inner);
/* instance.c: what a use gives where no expression stands in it. */
bool with_constant(const struct plan_with *with, struct arena *arena, struct value *value);

/* retry.c */
/* names: what its values may name; after: what `when` may. NULL after a complaint. */
const struct plan_retry *retry_read(struct planner *planner, const struct node *node,
				    const struct expr_options *names,
				    const struct expr_options *after);

/* RB0245 of a request that may have acted and is sent again all the same. */
void retry_check_request(struct planner *planner, const struct step_build *step);

/* rollback.c */
/* Whether and why it would go back, for the dry run; nothing where it cannot. */
void rollback_show(struct buffer *out, const struct plan *plan);
void rollback_inputs_read(struct planner *planner, const struct node *rollback,
			  struct inputs *inputs);
void rollback_read(struct planner *planner, struct namespace *namespace);
/* Warns where a document can go back and nothing verifies it. */
void rollback_check(struct planner *planner, const struct document *document);

/* effect.c */
void effect_read_key(struct planner *planner, struct step_build *step);
void effects_find(struct planner *planner);

/* graph.c: who waits for whom */
/* Reads `needs`; false after a complaint: of an id that is none, of a cycle. */
bool graph_read(struct planner *planner);
/* Whether the one has surely ended before the other begins. Of steps of one section. */
bool graph_is_before(const struct planner *planner, int32_t first, int32_t then);
/* The list of the section, undo, library step or called section in which the step stands, groups
 * passed over. */
int32_t graph_root(const struct planner *planner, int32_t slot);

/* timeouts.c: RB0242 of those that are longer than what stands around gives them */
void timeouts_check(struct planner *planner, const struct document *document);

/* secrecy.c: RB0605 and RB0116 of secrets that reached their place by other names */
void secrecy_check(struct planner *planner);

/* expressions.c */
typedef void expr_visit(void *data, const struct plan_scope *scope, const struct expr *expr);
/* What a node evaluates by itself, with what its use is given; not what stands in it. */
void node_exprs(const struct plan_node *node, expr_visit *visit, void *data);
/* Whether it asks for steps.ID.ok, and not for its contrary. */
bool expr_asks_for_ok(const struct expr *expr, struct text id);

/* tags.c */
void tags_read(struct planner *planner, struct step_build *step, const struct strings *tags);

/* references.c: the order of steps, and what must be kept */
void references_check(struct planner *planner);

/* asked.c: outputs that expressions name */
/* An output of the step that is named, or only a field of it (empty: all of it); span: where, for
 * the complaint about one that it lacks, or without a source. */
void asked_note(struct planner *planner, struct step_build *step, struct text output,
		struct text field, struct span span);
void asked_freeze(struct planner *planner, struct step_build *step);

/* unused.c: what is declared and never named */
/* A reference of an expression of that scope. */
void use_note(struct planner *planner, const struct plan_scope *scope,
	      const struct expr_reference *reference);
/* RB0243, of a document and, in a library, of what its steps declare; once all uses are noted. */
void unused_check(struct planner *planner, const struct document *document);

/* compare.c: a node as its author wrote it, without the steps that stand in it. */
struct text plan_written(const struct plan_node *node, struct arena *arena);

#endif
