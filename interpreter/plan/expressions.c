/* Every expression of a node, in the order in which it stands there, with the scope whose names it
 * sees. */

#include "plan/internal.h"

struct visitor {
	expr_visit *visit;
	void *data;
	const struct plan_scope *scope;
};

static void tell(const struct visitor *visitor, const struct expr *expr)
{
	if (expr)
		visitor->visit(visitor->data, visitor->scope, expr);
}

static void tell_bound(const struct visitor *visitor, const struct bound *bound)
{
	for (size_t i = 0; bound && field_expr(bound, i); i++)
		tell(visitor, field_expr(bound, i));
}

static void tell_value(const struct visitor *visitor, const struct field_value *value)
{
	for (size_t i = 0; value && field_value_expr(value, i); i++)
		tell(visitor, field_value_expr(value, i));
}

static void tell_template(const struct visitor *visitor, const struct template *template)
{
	for (size_t i = 0; template && i < template->count; i++)
		tell(visitor, template->pieces[i].expr);
}

/* What a use gives is the user's, or the importer's. */
static void tell_with(const struct visitor *visitor, const struct plan_with *with)
{
	struct visitor from = *visitor;
	if (with->scope)
		from.scope = with->scope;
	tell_value(&from, with->value);
	for (size_t i = 0; with->words && place_hole(with->words, i); i++)
		tell(&from, place_hole(with->words, i));
}

void node_exprs(const struct plan_node *node, expr_visit *visit, void *data)
{
	const struct visitor visitor = { visit, data, node->scope };
	const struct visitor effect = { visit, data, node->effect_scope };
	if (node->loop) {
		tell(&visitor, node->loop->items);
		tell_value(&visitor, node->loop->listed);
	}
	tell(&visitor, node->when);
	tell_bound(&visitor, node->keys);
	tell_bound(&visitor, node->args);
	for (size_t i = 0; node->inner && i < node->inner->with_count; i++)
		tell_with(&visitor, &node->inner->with[i]);
	for (size_t i = 0; i < node->assert_count; i++) {
		tell(&visitor, node->asserts[i].that);
		tell_template(&visitor, node->asserts[i].message);
		tell_template(&visitor, node->asserts[i].hint);
	}
	for (size_t i = 0; i < node->capture_count; i++)
		tell(&visitor, node->captures[i].expr);
	if (node->retry) {
		tell_bound(&visitor, node->retry->bound);
		tell(&visitor, node->retry->when);
	}
	tell_template(&effect, node->effect_text);
}

bool expr_asks_for_ok(const struct expr *expr, struct text id)
{
	size_t count = 0;
	const struct expr_reference *names = expr ? expr_references(expr, &count) : NULL;
	for (size_t i = 0; i < count; i++) {
		struct text before = text_slice(expr_text(expr), 0, names[i].from);
		if (names[i].count == 3 && text_is(names[i].path[0], "steps") &&
		    text_equal(names[i].path[1], id) && text_is(names[i].path[2], "ok") &&
		    !text_ends(text_trim(before), "!"))
			return true;
	}
	return false;
}
