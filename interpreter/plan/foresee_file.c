/* The files and programs that a step needs, looked for before anything runs: programs on the PATH
 * that the step will have, files from its folder. */

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "plan/foresee.h"

/* What a key names must be there: now, or once an earlier step has run. */
void path_see(struct teller *teller, const char *what, const char *path, const char *key,
	      struct span written)
{
	const char *unless = teller->foresight->changed ? ", unless an earlier step makes it" : "";
	if (!path || access(path, F_OK) == 0 || errno != ENOENT)
		return;
	const struct failure failure = {
		.class = "not_found",
		.message = arena_format(teller->foresight->arena, "'%s': there is no %s %s%s", key,
					what, path, unless),
		.span = written,
	};
	tell(teller, &failure);
}

void files_see(struct teller *teller, const void *args)
{
	const struct plan_node *node = teller->node;
	struct foresight *foresight = teller->foresight;
	for (const struct field *row = node->type->fields; row->name; row++) {
		const char *const *name = (const void *)((const char *)args + row->offset);
		const char *cwd = seen(foresight, node)->cwd;
		const struct node *written = field_node(node->args, row->name);
		if (row->flags & FIELD_READS && *name && cwd && written)
			path_see(teller, "file", file_join(cwd, *name, foresight->arena), row->name,
				 written->span);
		if (row->flags & FIELD_MAKES && written)
			foresight->changed = true;
	}
}

/* ---- PATH ---------------------------------------------------------------------------------- */

/* PATH takes a written value only. */
static const char *path_in(const struct bound *bound)
{
	const struct node *env = bound ? field_node(bound, "env") : NULL;
	const struct node *path = env ? node_get(env, "PATH") : NULL;
	return path ? path->text.ptr : NULL;
}

static const char *path_in_scope(const struct plan_scope *scope, bool back)
{
	const char *path = back ? path_in(scope->rollback_env) : NULL;
	return path ? path : path_in(scope->env);
}

/* In an undo, or in the steps of a rollback. */
static bool is_in_rollback(const struct plan *plan, const struct plan_node *node)
{
	for (; node->parent != PLAN_NONE; node = plan->nodes[node->parent])
		if (node->kind == PLAN_UNDO)
			return true;
	return node->kind == PLAN_UNDO || node->section == SECTION_ROLLBACK;
}

/* From the inside out: the first that says it. */
static const char *path_of(const struct plan *plan, const struct plan_node *node)
{
	bool back = is_in_rollback(plan, node);
	const char *path = path_in(node->keys);
	while (!path && node->parent != PLAN_NONE) {
		node = plan->nodes[node->parent];
		if (node->inner)
			path = path_in_scope(node->inner, back);
		if (!path)
			path = path_in(node->keys);
	}
	if (!path)
		path = path_in_scope(plan->scopes[0], back);
	if (!path)
		path = getenv("PATH");
	return path ? path : FILE_DEFAULT_PATH;
}

/* ---- programs ------------------------------------------------------------------------------ */

static void program_missing(struct teller *teller, const char *message, const char *hint,
			    struct span span)
{
	const struct failure failure = {
		.class = "program", .message = message, .hint = hint, .span = span
	};
	tell(teller, &failure);
}

/* One that an earlier step may make, and make executable. */
static void file_see(struct teller *teller, const char *name, const char *key, struct span span)
{
	struct foresight *foresight = teller->foresight;
	const char *cwd = seen(foresight, teller->node)->cwd;
	if (!cwd || access(cwd, F_OK) != 0)
		return;
	const char *path = file_clean(file_join(cwd, name, foresight->arena), foresight->arena);
	if (file_find_program(path, NULL, foresight->arena))
		return;
	foresight->missing = true;
	path_see(teller, "program", path, key, span);
	if (access(path, F_OK) == 0 && !foresight->changed)
		program_missing(teller,
				arena_format(foresight->arena, "'%s' is not executable", path),
				"chmod +x makes it executable; a script can also be an argument of "
				"its interpreter.",
				span);
}

static void program_see(struct teller *teller, const char *name, const char *key, struct span span)
{
	struct foresight *foresight = teller->foresight;
	if (strchr(name, '/')) {
		file_see(teller, name, key, span);
		return;
	}
	const char *path = path_of(foresight->plan, teller->node);
	if (file_find_program(name, path, foresight->arena))
		return;
	foresight->missing = true;
	program_missing(
		teller,
		arena_format(foresight->arena, "program '%s' not found (PATH=%s)", name, path),
		NULL, span);
}

/* "bash -x": the program stands before the first blank. */
static void interpreter_see(struct teller *teller, const struct node *written, const char *key)
{
	struct text text = text_trim(written->text);
	size_t end = text_find(text, TEXT(" "), 0);
	program_see(teller, arena_text(teller->foresight->arena, text_slice(text, 0, end)).ptr, key,
		    written->span);
}

void programs_see(struct teller *teller, const struct expr_scope *names)
{
	const struct bound *args = teller->node->args;
	for (const struct field *row = teller->node->type->fields; row->name; row++) {
		const struct place_text *words = field_place(args, row->name);
		const struct node *written = field_node(args, row->name);
		const char *name;
		struct span span;
		if (!(row->flags & FIELD_STARTS) || !written)
			continue;
		if (!words)
			interpreter_see(teller, written, row->name);
		else if (place_program(words, names, teller->foresight->arena, &name, &span))
			program_see(teller, name, row->name, span);
	}
}
