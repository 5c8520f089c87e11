/* What was read, for people: values put in as far as they are known. */

#include <string.h>

#include "field/internal.h"

struct showing {
	struct buffer *out;
	const struct expr_scope *scope;
	struct arena *arena;
};

static void show_piece(const struct showing *showing, const struct template_piece *piece)
{
	struct text text;
	const char *why;
	if (!piece->expr) {
		buffer_add(showing->out, piece->literal);
		return;
	}
	struct value value = expr_eval(piece->expr, showing->scope, showing->arena);
	if (value_is(value, VALUE_ERROR))
		buffer_printf(showing->out, "${{ %.*s }}",
			      TEXT_ARG(text_trim(expr_text(piece->expr))));
	else if (value.flags & VALUE_SECRET)
		buffer_puts(showing->out, "(secret)");
	else if (value_is(value, VALUE_UNKNOWN))
		buffer_printf(showing->out, "<%s>", value.unknown->text);
	else if (value_to_text(value, showing->arena, &text, &why))
		buffer_add(showing->out, text);
	else
		value_show(showing->out, value, 80);
}

static void show_value(const struct showing *showing, const struct field_value *value)
{
	const struct node *node = value->node;
	if (node->kind == NODE_SCALAR) {
		if (!value->template)
			buffer_add(showing->out, node->text);
		for (size_t i = 0; value->template && i < value->template->count; i++)
			show_piece(showing, &value->template->pieces[i]);
		return;
	}
	buffer_puts(showing->out, node->kind == NODE_LIST ? "[" : "{");
	for (uint32_t i = 0; i < node->count; i++) {
		buffer_puts(showing->out, i ? ", " : "");
		if (node->kind == NODE_MAP)
			buffer_printf(showing->out, "%.*s: ", TEXT_ARG(node->entries[i].key.text));
		show_value(showing, &value->items[i]);
	}
	buffer_puts(showing->out, node->kind == NODE_LIST ? "]" : "}");
}

static void show_slot(const struct showing *showing, const struct slot *slot);

static void show_record(const struct showing *showing, const struct bound *record)
{
	const char *separator = "{";
	for (size_t i = 0; i < record->slots.count; i++) {
		buffer_printf(showing->out, "%s%s: ", separator, record->slots.at[i].row->name);
		show_slot(showing, &record->slots.at[i]);
		separator = ", ";
	}
	buffer_puts(showing->out, *separator == '{' ? "{}" : "}");
}

static void show_headers(const struct showing *showing, const struct slot *slot)
{
	for (uint32_t i = 0; i < slot->node->count; i++) {
		buffer_printf(showing->out, "%s%.*s: ", i ? ", " : "{",
			      TEXT_ARG(slot->node->entries[i].key.text));
		place_show(showing->out, slot->headers[i], showing->scope, showing->arena);
	}
	buffer_puts(showing->out, slot->node->count ? "}" : "{}");
}

static void show_slot(const struct showing *showing, const struct slot *slot)
{
	if (slot->row->flags & FIELD_SECRET)
		buffer_puts(showing->out, "(secret)");
	else if (slot->row->kind == FIELD_CONNECTION)
		place_show_connection(showing->out, slot->place, showing->scope, showing->arena);
	else if (slot->place)
		place_show(showing->out, slot->place, showing->scope, showing->arena);
	else if (slot->headers)
		show_headers(showing, slot);
	else if (slot->record)
		show_record(showing, slot->record);
	else if (slot->expr)
		buffer_add(showing->out, text_trim(expr_text(slot->expr)));
	else if (slot->value)
		show_value(showing, slot->value);
	else
		buffer_add(showing->out, span_text(slot->node->span));
}

bool field_show_one(struct buffer *out, const struct bound *bound, const char *name,
		    const struct expr_scope *scope, struct arena *arena)
{
	const struct showing showing = { out, scope, arena };
	const struct slot *slot = field_slot(bound, name);
	if (slot)
		show_slot(&showing, slot);
	return slot != NULL;
}

static bool main_tells(const struct bound *bound)
{
	if (!bound->main || !field_slot(bound, bound->main))
		return false;
	for (size_t i = 0; i < bound->slots.count; i++)
		if (bound->slots.at[i].row->flags & FIELD_TELLING)
			return false;
	return true;
}

/* The main field; where it is not all that is to be told, the fields that were written. */
void field_show(struct buffer *out, const struct bound *bound, const struct expr_scope *scope,
		struct arena *arena)
{
	const struct showing showing = { out, scope, arena };
	if (main_tells(bound))
		field_show_one(out, bound, bound->main, scope, arena);
	else
		show_record(&showing, bound);
}
