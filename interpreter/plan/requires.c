/* What a document needs around it: programs, the program's version, its lock. */

#include <stdlib.h>

#include "plan/internal.h"

struct requires
{
	struct strings programs;
	const char *runbook;
};

const struct field requires_rows[] = {
	STRINGS(struct requires, programs, .flags = FIELD_LITERAL,
		.doc = "Programs that must be on PATH."),
	STRING(struct requires, runbook, .flags = FIELD_LITERAL,
	       .doc = "Least version of this program: '>=1.2'."),
	{ 0 },
};

static int version_compare(const char *a, const char *b)
{
	for (int part = 0; part < 3; part++) {
		char *end_a, *end_b;
		long x = strtol(a, &end_a, 10), y = strtol(b, &end_b, 10);
		if (x != y)
			return x < y ? -1 : 1;
		a = *end_a == '.' ? end_a + 1 : end_a;
		b = *end_b == '.' ? end_b + 1 : end_b;
	}
	return 0;
}

static void version_required(struct planner *planner, const struct node *node, const char *wanted)
{
	if (strncmp(wanted, ">=", 2) != 0 || wanted[2] < '0' || wanted[2] > '9') {
		diag_at(planner->diags, node->span, RB0229, "'%s' is no version of this program",
			wanted);
		diag_hint(planner->diags, "Write: runbook: '>=%s'", RUNBOOK_VERSION);
		return;
	}
	if (version_compare(RUNBOOK_VERSION, wanted + 2) >= 0)
		return;
	diag_at(planner->diags, node->span, RB0229,
		"the document needs version %s of this program; this is %s", wanted,
		RUNBOOK_VERSION);
	diag_hint(planner->diags, "Install a newer runbook.");
}

void document_requires(struct planner *planner, const struct document *document)
{
	struct field_context context = { .what = "requires", .elsewhere = key_elsewhere };
	struct requires requires = { 0 };
	if (!document->requires)
		return;
	if (!field_load(requires_rows, document->requires, &context, &requires, planner->arena,
			planner->diags))
		return;
	for (size_t i = 0; i < requires.programs.count; i++)
	*list_add(&planner->programs, planner->arena) = requires.programs.at[i];
	if (requires.runbook)
		version_required(planner, node_get(document->requires, "runbook"),
				 requires.runbook);
}

const struct template *public_read(struct planner *planner, const struct node *node,
				   const struct expr_options *names, const char *key)
{
	const struct template *template = template_read(node, names, planner->arena,
							planner->diags);
	if (template && !field_public(template, key, planner->arena, planner->diags))
		return NULL;
	return template;
}

/* The document's own lock and those of all that it may call are taken together. */
void lock_read(struct planner *planner, const struct namespace *namespace,
	       const struct document *document)
{
	struct node path;
	const struct node *lock = document->lock;
	bool plain = lock && lock->kind == NODE_SCALAR && lock->style == STYLE_PLAIN;
	if (plain && text_is(lock->text, "false"))
		return;
	if (plain && text_is(lock->text, "true")) {
		diag_at(planner->diags, lock->span, RB0102,
			"'lock': expected a name, or false; found true");
		diag_hint(planner->diags, "A run holds a lock anyway: remove the key, or write: "
					  "lock: NAME");
		return;
	}
	if (!lock) {
		path = node_scalar(text_of(document->source->path ? document->source->path
								  : document->source->name),
				   document->root.span);
		struct node *copy = arena_new(planner->arena, struct node);
		*copy = path;
		lock = copy;
	}
	if (lock->kind != NODE_SCALAR || lock->text.len == 0) {
		diag_at(planner->diags, lock->span, RB0102,
			"'lock': expected a name, or false; found %s",
			lock->kind == NODE_SCALAR ? "nothing" : node_kind_name(lock));
		diag_hint(planner->diags, "Write: lock: NAME");
		return;
	}
	const struct template *name = public_read(planner, lock, namespace->scope.names, "lock");
	if (!name)
		return;
	*list_add(&planner->locks, planner->arena) = name;
	*list_add(&planner->lock_scopes, planner->arena) = &namespace->scope;
}
