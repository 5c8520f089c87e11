/* Where secrets stand in what was read, once it is known which names are secret. */

#include "field/internal.h"

bool field_public(const struct template *template, const char *key, struct arena *arena,
		  struct diags *diags)
{
	for (size_t i = 0; i < template->count; i++) {
		const struct template_piece *piece = &template->pieces[i];
		const char *secret = piece->expr ? expr_secret(piece->expr, arena) : NULL;
		if (!secret)
			continue;
		diag_at(diags, node_span(template->node, piece->from, piece->to), RB0116,
			"the secret '%s' may not stand in '%s': it is shown and recorded", secret,
			key);
		diag_hint(diags,
			  "Leave it out here; a command gets it by 'env' or 'stdin', a request by "
			  "'headers' or 'auth'.");
		return false;
	}
	return true;
}

static bool value_is_public(const struct slot *slot, const struct field_value *value,
			    struct arena *arena, struct diags *diags)
{
	bool good = true;
	if (value->template)
		return field_public(value->template, slot->key, arena, diags);
	for (uint32_t i = 0; value->items && i < value->node->count; i++)
		good &= value_is_public(slot, &value->items[i], arena, diags);
	return good;
}

static bool slot_check(const struct slot *slot, struct arena *arena, struct diags *diags)
{
	bool good = true;
	if (slot->place)
		return place_check_secrets(slot->place, arena, diags);
	if (slot->record)
		return field_check_secrets(slot->record, arena, diags);
	if (slot->value && slot->row->flags & FIELD_NO_SECRET)
		return value_is_public(slot, slot->value, arena, diags);
	for (uint32_t i = 0; slot->headers && i < slot->node->count; i++)
		good &= place_check_secrets(slot->headers[i], arena, diags);
	return good;
}

bool field_check_secrets(const struct bound *bound, struct arena *arena, struct diags *diags)
{
	bool good = true;
	for (size_t i = 0; i < bound->slots.count; i++)
		good &= slot_check(&bound->slots.at[i], arena, diags);
	return good;
}

bool field_value_check_secrets(const struct field_value *value, struct arena *arena,
			       struct diags *diags)
{
	return !value->place || place_check_secrets(value->place, arena, diags);
}

/* ---- values that are secret ---------------------------------------------------------------- */

/* A list or map that only holds a secret is none itself. */
static bool is_secret(const struct field_value *value, struct arena *arena)
{
	if (value->items) {
		for (uint32_t i = 0; i < value->node->count; i++)
			if (!is_secret(&value->items[i], arena))
				return false;
		return value->node->count > 0;
	}
	for (size_t i = 0; field_value_expr(value, i); i++)
		if (expr_secret(field_value_expr(value, i), arena))
			return true;
	return false;
}

static bool mark_keys(const struct field_value *value, const struct type *object,
		      struct arena *arena)
{
	bool news = false;
	for (uint32_t i = 0; i < value->node->count; i++)
		news |= field_value_mark(&value->items[i], object, value->node->entries[i].key.text,
					 arena);
	return news;
}

bool field_value_mark(const struct field_value *value, const struct type *object, struct text name,
		      struct arena *arena)
{
	const struct type_field *field = type_object_get(object, name);
	if (value->node->kind == NODE_MAP && field && field->type->kind == TYPE_OBJECT)
		return mark_keys(value, field->type, arena);
	return is_secret(value, arena) && type_object_secret(object, name);
}

bool field_mark(const struct bound *bound, const char *name, const struct type *object,
		struct arena *arena)
{
	const struct slot *slot = field_slot(bound, name);
	return slot && slot->value && slot->value->items && mark_keys(slot->value, object, arena);
}
