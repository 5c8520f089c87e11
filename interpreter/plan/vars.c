/* The vars of a document: what their texts are, and their order. */

#include <ctype.h>
#include <string.h>

#include "plan/internal.h"

/* More of a URL: its path, query or fragment. */
static bool is_rest_of_url(const struct template *template)
{
	for (size_t i = 1; i < template->count; i++)
		for (size_t k = 0; k < template->pieces[i].literal.len; k++)
			if (isspace((unsigned char)template->pieces[i].literal.ptr[k]))
				return false;
	struct text next = template->count > 1 ? template->pieces[1].literal : TEXT("");
	return next.len && memchr("/?#", next.ptr[0], 3);
}

/* A var whose text begins with http:// or https://, or with a value that is a URL and more of one
 * behind it, is a URL: more of one may follow it. One that begins as a connection is one. */
static const struct field_value *var_value(struct planner *planner, struct namespace *namespace,
					   const struct node *node)
{
	struct text text = node->kind == NODE_SCALAR ? node->text : TEXT("");
	bool url = text_starts(text, "http://") || text_starts(text, "https://");
	if (text_starts(text, "${{")) {
		const struct template *template = template_read(node, &namespace->options,
								planner->arena, planner->diags);
		if (!template)
			return NULL;
		url = template->pieces[0].expr &&
		      expr_type(template->pieces[0].expr) == &type_url && is_rest_of_url(template);
	}
	if (url || place_is_connection(text))
		return field_place_read(url ? PLACE_URL : PLACE_CONNECTION, node,
					&namespace->options, planner->arena, planner->diags);
	return field_value_read(node, &namespace->options, planner->arena, planner->diags);
}

static bool scalar_names(const struct node *node, const char *name)
{
	return node->kind == NODE_SCALAR && text_find(node->text, text_of(name), 0) != SIZE_MAX;
}

/* To the complaint about a var: it may use one that is not computed yet. */
static void hint_order(struct planner *planner, const struct node *vars, uint32_t index)
{
	for (uint32_t i = index; i < vars->count; i++) {
		const struct node *key = &vars->entries[i].key;
		const char *name = arena_format(planner->arena, "vars.%.*s", TEXT_ARG(key->text));
		if (!planner->diags->latest || !scalar_names(&vars->entries[index].value, name))
			continue;
		planner->diags->latest->lines = NULL; /* what else there is helps nobody here */
		if (i > index)
			diag_note(planner->diags, key->span, "it is computed here, later");
		diag_hint(planner->diags, i > index
						  ? "Vars are computed in the order in which they "
						    "are written: move it up."
						  : "A var cannot use itself.");
		return;
	}
}

void namespace_vars(struct planner *planner, struct namespace *namespace, const struct node *vars)
{
	LIST(struct plan_var) list = { 0 };
	if (!vars)
		return;
	if (!kind_check(planner, vars, NODE_MAP, "vars", "{NAME: VALUE}"))
		return;
	for (size_t i = 0; i < namespace->scope.var_count; i++)
		*list_add(&list, planner->arena) = namespace->scope.vars[i];
	for (uint32_t i = 0; i < vars->count; i++) {
		const struct entry *entry = &vars->entries[i];
		struct plan_var var = { .span = entry->key.span };
		if (!name_check(planner, &entry->key, "the name of a var"))
			continue;
		var.name = arena_text(planner->arena, entry->key.text).ptr;
		var.value = var_value(planner, namespace, &entry->value);
		if (!var.value) {
			hint_order(planner, vars, i);
			/* Those that use it are not told for it. */
			type_object_add(namespace->vars, entry->key.text, &type_dyn, var.span,
					planner->arena);
			continue;
		}
		if (!type_object_add(namespace->vars, entry->key.text,
				     field_value_type(var.value, planner->arena), var.span,
				     planner->arena)) {
			diag_at(planner->diags, var.span, RB0208, "var '%s' is declared twice",
				var.name);
			diag_note(planner->diags,
				  type_object_get(namespace->vars, entry->key.text)->declared,
				  "first declared here");
			diag_hint(planner->diags, "Give one of them another name.");
			continue;
		}
		*list_add(&list, planner->arena) = var;
	}
	namespace->scope.vars = list.at;
	namespace->scope.var_count = list.count;
}
